"""A district for tests, built in code: the plan's eight targets, three clusters, sheets made from rows of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sync.check import check
from sync.columns import TITLES
from sync.model import Cell, ClusterData, Column, Kind, Merge, Sheet, Tab
from sync.normalise import Reader
from sync.organization import Cluster, Organization, Unit
from sync.plan import MonthDay, Plan, Round, Target

AS_OF = date(2024, 12, 15)
HEADER: tuple[str, ...] = tuple(TITLES.values())
BOTH = ("dot-1", "dot-2")


def plan() -> Plan:
    """Return a plan of four targets: one partly unowned, one with the summer as its season, two ordinary."""
    rounds = (
        Round("dot-1", "Đợt 1", 1, 5, MonthDay(1, 30), MonthDay(5, 30), "dot-1", "dot-1"),
        Round("he", "Hè", 6, 8, None, None, "dot-1", "dot-2"),
        Round("dot-2", "Đợt 2", 9, 12, MonthDay(8, 30), MonthDay(11, 30), "dot-2", "dot-2"),
    )
    targets = (
        Target(1, "Lắp đặt thư viện sách cho thiếu nhi", "Thư viện", (), 5, "thư viện", {"trung-tam": 1}),
        Target(2, "Bồi dưỡng năng khiếu", "Năng khiếu", (), 10, "chương trình", {"trung-tam": 10}, "he"),
        Target(3, "Hoạt động tại các Liên đội", "Liên đội", ("Tổ chức hoạt động tại Liên đội",), 40, "hoạt động", {"phuong": 40}),
        Target(5, "Trao học bổng cho thiếu nhi khó khăn", "Học bổng", (), 20, "suất", {"khoi": 20}),
    )
    return Plan("Kế hoạch", "", date(2024, 1, 1), date(2028, 4, 30), date(2024, 3, 1), (2024, 2025, 2026, 2027), targets, rounds)


def organization() -> Organization:
    """Return wards that differ by one letter, a block of two units, and a centre that owes only its summer."""
    wards = ("An Lạc", "An Lạc A", "Bình Trị Đông", "Bình Trị Đông A", "Bình Trị Đông B", "Tân Tạo", "Tân Tạo A", "Bình Hưng Hòa B")
    phuong = tuple(Unit(f"dp-{index}", f"Đoàn phường {name}", "phuong") for index, name in enumerate(wards))
    khoi = (Unit("cong-an", "Đoàn Công an quận", "khoi"), Unit("thpt", "Đoàn trường THPT An Lạc", "khoi", ("THPT AL",)))
    everything = {Kind.REGISTRATION: BOTH, Kind.RESULTS: BOTH}
    clusters = (
        Cluster("phuong", "Khu vực phường", "DBDC", phuong, everything),
        Cluster("khoi", "Khối sự nghiệp", "HCSN", khoi, everything),
        Cluster(
            "trung-tam",
            "Trung tâm",
            "TT",
            (Unit("trung-tam", "Trung tâm thiếu nhi", "trung-tam"),),
            {Kind.REGISTRATION: ("dot-1",), Kind.RESULTS: ("dot-2",)},
        ),
    )
    return Organization("Quận Đoàn", "Bình Tân", clusters, ("Đoàn phường", "Phường", "P.", "Chi đoàn", "Đoàn trường", "Đoàn"), ("quận",))


def good_row(**changed: Cell) -> list[Cell]:
    """Return a whole row that counts as registered and done; keywords (column ids) change single cells."""
    values: dict[Column, Cell] = {
        Column.NUMBER: 1.0,
        Column.UNIT: "Đoàn phường An Lạc",
        Column.TARGET: "3",
        Column.NAME: "Ngày hội thiếu nhi khỏe",
        Column.PLANNED: "15/03/2024",
        Column.PLACE: "Trường tiểu học",
        Column.REGISTERED_QUANTITY: 1.0,
        Column.DONE: "20/03/2024",
        Column.DONE_QUANTITY: 1.0,
        Column.CHILDREN: 120.0,
        Column.BUDGET: 2_000_000.0,
        Column.EVIDENCE: "https://example.org/1",
        Column.STATUS: "Đã thực hiện",
    }
    values.update({Column(name): value for name, value in changed.items()})
    return [values.get(column, "") for column in Column]


def sheet(
    *rows: Sequence[Cell], cluster: str = "phuong", title: str = "Hoạt động", merges: tuple[Merge, ...] = (), header: bool = True
) -> Sheet:
    """Return a spreadsheet of one tab; the header in the first row unless ``header`` is off."""
    lines = [list(HEADER), *rows] if header else list(rows)
    return Sheet(cluster, f"{cluster}.xlsx", (Tab(title, lines, merges),), fingerprint=str(hash(str(lines))))


def judged(*sheets: Sheet, as_of: date = AS_OF) -> list[ClusterData]:
    """Return what the sheets come to after reading and checking."""
    reader = Reader(plan(), organization())
    return check([reader.read(one, as_of=as_of) for one in sheets], plan=plan(), organization=organization(), as_of=as_of)


def judge_rows(*rows: Sequence[Cell], as_of: date = AS_OF) -> ClusterData:
    """Return what one sheet of ward rows comes to."""
    return judged(sheet(*rows), as_of=as_of)[0]


def codes_at(data: ClusterData) -> set[tuple[str, str]]:
    """Return (cell, code) of every finding."""
    return {(found.cell, found.code) for found in data.findings}
