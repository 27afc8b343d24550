"""The little district: three clusters of two units, three targets, one recipient; and its letters, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

TAB = "Hoạt động"
CODE, VERDICT, NOTE = "Mã HĐ", "Kết quả kiểm tra", "Ghi chú"
TITLES = (
    "STT", CODE, "Đơn vị", "Chỉ tiêu", "Tên hoạt động", "Thời gian dự kiến", "Địa điểm", "Số lượng đăng ký", "Ngày thực hiện",
    "Số lượng thực hiện", "Số thiếu nhi tham gia", "Kinh phí (đồng)", "Minh chứng", "Trạng thái", NOTE, VERDICT,
)  # fmt: skip
OWN = (CODE, VERDICT)
COMMITTEE = "ban-thuong-vu@example.org"


@dataclass(frozen=True)
class Cluster:
    """One cluster: its name, its units' names, the target that the plan gives it."""

    id: str
    name: str
    prefix: str
    units: tuple[str, str]
    target: int

    @property
    def head(self) -> str:
        """The address of its head, in every year."""
        return f"head-{self.id}@example.org"


CLUSTERS = (
    Cluster("dia-ban", "Khu vực Địa bàn", "DB", ("Đoàn phường An Lạc", "Đoàn phường Tân Tạo"), 1),
    Cluster("khoi", "Khối Sự nghiệp", "KH", ("Chi đoàn Kho bạc", "Chi đoàn Bảo hiểm"), 2),
    Cluster("y-te", "Khối Y tế", "YT", ("Đoàn Bệnh viện", "Chi đoàn Phòng khám"), 3),
)
TARGETS = {1: "Hoạt động tại các Liên đội", 2: "Trao học bổng", 3: "Chăm sóc sức khỏe"}
_PLAN = """\
name: đồng hành
number: ""
first_day: 2024-01-01
last_day: 2028-04-30
in_force: 2024-03-01
measured_years: [2024, 2025, 2026, 2027]
year_closing: 10/01
rounds:
  - {id: dot-1, name: Đợt 1, months: [1, 5], registration_due: 30/01, results_due: 30/05}
  - {id: he, name: Hè, months: [6, 8], registration_with: dot-1, results_with: dot-2}
  - {id: dot-2, name: Đợt 2, months: [9, 12], registration_due: 30/08, results_due: 30/11}
targets:
"""
_REPORT = """\
report:
  {organisation_line: ĐOÀN, superior_body: THÀNH ĐOÀN, issuing_body: QUẬN ĐOÀN, number_sign: -BC, place: Quận, district: Quận Đoàn,
   signing_title: TM. BTV, recipients: [Thành Đoàn]}
"""


def write_config(folder: Path, port: int, *, google: bool) -> None:
    """Write the three files of the configuration; the spreadsheets are the stand-in's, or workbooks in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = [
        f"  - {{id: {one.target}, name: {TARGETS[one.target]}, short_name: {TARGETS[one.target]}, goal: 40, measure: lượt, allocations: {{{one.id}: 40}}}}"
        for one in CLUSTERS
    ]
    (folder / "plan.yaml").write_text(_PLAN + "\n".join(targets) + "\n", encoding="utf-8")
    (folder / "organization.yaml").write_text(
        "\n".join(["name: Quận Đoàn", "place: Quận", "clusters:", *_clusters()]) + "\n", encoding="utf-8"
    )
    sheets = ", ".join(f"{one.id}: id-{one.id}" for one in CLUSTERS)
    settings = [
        "mail:", "  sender: {name: Đồng hành, email: donghanh@example.org}", f"  recipients: [{{name: Ban Thường vụ, email: {COMMITTEE}}}]",
        f"  smtp: {{host: localhost, port: {port}, user: donghanh@example.org, timeout_seconds: 2, tries: 2}}", _REPORT,
    ]  # fmt: skip
    settings += [f"google: {{master: master, spreadsheets: {{{sheets}}}}}"] if google else []
    (folder / "settings.yaml").write_text("\n".join(settings) + "\n", encoding="utf-8")


def _clusters() -> Iterator[str]:
    for one in CLUSTERS:
        heads = ", ".join(f"{{year: {year}, name: Người phụ trách, email: {one.head}}}" for year in range(2024, 2028))
        yield f"  - id: {one.id}\n    name: {one.name}\n    code_prefix: {one.prefix}\n    heads: [{heads}]\n    units:"
        yield from (f"      - {{id: {one.id}-{number}, name: {unit}}}" for number, unit in enumerate(one.units, 1))


_LETTERS = (("05-31", 0, "ket-qua/{}/dot-1"), ("08-31", 0, "dang-ky/{}/dot-2"), ("12-01", 0, "ket-qua/{}/dot-2"), ("01-11", 1, "nam/{}/bo-sung"),
            ("01-31", 0, "dang-ky/{}/dot-1"))  # fmt: skip
"""The day from which each letter is owed (of its year, or of the next), and its key."""


def letters_due(since: date, until: date) -> dict[str, date]:
    """Return key → first day of each letter to the committee that fell due after one day and up to another."""
    found = {}
    for year in range(2024, until.year + 1):
        for day, later, key in _LETTERS:
            owed = date.fromisoformat(f"{year + later}-{day}")
            if since < owed <= until and owed > date(2024, 3, 1):
                found[f"{key.format(year)}/v1/{COMMITTEE}"] = owed
    return found


def due_days(near: date) -> Iterator[tuple[date, str]]:
    """Yield the days by which units owe something around a day, and the key that its reminders begin with."""
    for year in (near.year, near.year + 1):
        for day, key in (
            ("01-30", "dot-1/registration"),
            ("05-30", "dot-1/results"),
            ("08-30", "dot-2/registration"),
            ("11-30", "dot-2/results"),
        ):
            due = date.fromisoformat(f"{year}-{day}")
            if due > date(2024, 3, 1) and abs(due - near) <= timedelta(40):
                yield due, f"nhac/{year}/{key}/"
