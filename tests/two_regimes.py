"""What happened from 2024 to 2028 in the district of `config/examples/sap-nhap-2025`: facts, the workbooks they stand in, the days of runs.

The facts know by themselves which ward did what: nothing here asks the program who existed when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from sync.columns import TITLES
from sync.model import Column

MERGER = date(2025, 7, 1)
TYPED_AFTER = timedelta(days=2)
"""So long after an activity its result is typed."""
OLD = {
    "An Lạc": "dp-an-lac", "An Lạc A": "dp-an-lac-a", "Bình Hưng Hòa": "dp-binh-hung-hoa", "Bình Hưng Hòa A": "dp-binh-hung-hoa-a", "Bình Hưng Hòa B": "dp-binh-hung-hoa-b",
    "Bình Trị Đông": "dp-binh-tri-dong", "Bình Trị Đông A": "dp-binh-tri-dong-a", "Bình Trị Đông B": "dp-binh-tri-dong-b", "Tân Tạo": "dp-tan-tao", "Tân Tạo A": "dp-tan-tao-a",
}  # fmt: skip
NEW = {
    "An Lạc": "dp-an-lac-2025", "Bình Tân": "dp-binh-tan-2025", "Tân Tạo": "dp-tan-tao-2025", "Bình Trị Đông": "dp-binh-tri-dong-2025", "Bình Hưng Hòa": "dp-binh-hung-hoa-2025",
}  # fmt: skip
GOALS = {2024: (5, 10, 40, 10, 20, 10, 20, 10), 2025: (5, 10, 40, 10, 20, 10, 20, 10), 2026: (5, 10, 25, 5, 10, 10, 20, 10), 2027: (5, 10, 25, 5, 10, 10, 20, 10)}  # fmt: skip
"""By year: the goals of targets 1 to 8."""
WHERE_TO = {
    "dp-an-lac": {"dp-an-lac-2025"}, "dp-an-lac-a": {"dp-an-lac-2025"}, "dp-binh-tri-dong-b": {"dp-an-lac-2025"}, "dp-binh-hung-hoa-b": {"dp-binh-tan-2025"},
    "dp-binh-tri-dong-a": {"dp-binh-tan-2025", "dp-binh-tri-dong-2025"}, "dp-tan-tao": {"dp-binh-tan-2025", "dp-tan-tao-2025"}, "dp-tan-tao-a": {"dp-tan-tao-2025"},
    "dp-binh-tri-dong": {"dp-binh-tri-dong-2025"}, "dp-binh-hung-hoa-a": {"dp-binh-tri-dong-2025", "dp-binh-hung-hoa-2025"}, "dp-binh-hung-hoa": {"dp-binh-hung-hoa-2025"},
}  # fmt: skip
"""What became of each old ward, as the resolution says."""
CLUSTERS = ("ban-thuong-vu", "dau-moi", "nha-thieu-nhi", "dia-ban-dan-cu", "noi-chinh", "hanh-chinh-su-nghiep", "y-te", "truong-hoc", "cong-nhan-lao-dong")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One activity: who registered it, who did it, when, how much."""

    cluster: str
    typed: str
    """The unit as people typed it."""
    registered_by: str
    done_by: str
    target: int
    planned: date
    registered: int
    done: date | None
    quantity: int
    counts: bool = True

    @property
    def known_from(self) -> date:
        """The day on which its registration was typed: in time for its round."""
        return date(self.planned.year, 8, 20) if self.planned.month >= 9 else max(date(self.planned.year, 1, 20), date(2024, 3, 1))


def facts() -> list[Fact]:
    """Return all that happened, in the order in which it was planned."""
    return sorted([*_wards(), *_others(), *_across()], key=lambda one: (one.planned, one.typed))


def _wards() -> Iterator[Fact]:
    """Yield what the wards did: one activity a round each, from 2026 on also what the abolished blocks had carried."""
    for year in range(2024, 2029):
        for month in (3, 10):
            wards = OLD if date(year, month, 1) < MERGER else NEW
            for number, (name, ward) in enumerate(wards.items()):
                day = date(year, month, 2 + number)
                if (year, month) == (2028, 10) or (name, year, month) == ("Bình Trị Đông", 2024, 3):
                    continue
                size = 1 + (number + year) % 3
                late = (year, month, name) == (2025, 3, "An Lạc A")
                done = date(2025, 5, 26) if late else day + timedelta(days=number % 4)
                typed = (f"Đoàn phường {name}", f"P. {name}", name.upper())[number % 3]
                yield Fact("dia-ban-dan-cu", typed, ward, ward, 3, day, size, None if (number + year) % 7 == 5 else done, size)
                if year >= 2026:
                    yield Fact("dia-ban-dan-cu", typed, ward, ward, 4 + month % 2, day + timedelta(days=7), 1, day + timedelta(days=7), 1)


def _others() -> Iterator[Fact]:
    """Yield what the blocks did; those of the district end with it."""
    units = {
        1: ("ban-thuong-vu", "Ban Thường vụ Quận Đoàn", "btv-quan-doan"), 2: ("nha-thieu-nhi", "Nhà thiếu nhi Quận", "nha-thieu-nhi"),
        4: ("noi-chinh", "Công an quận Bình Tân", "cong-an"), 6: ("y-te", "Bệnh viện quận Bình Tân", "benh-vien"),
        7: ("truong-hoc", "Trường THPT Bình Tân", "thpt-binh-tan"), 8: ("cong-nhan-lao-dong", "KCN Tân Tạo", "kcn-tan-tao"),
    }  # fmt: skip
    for year in range(2024, 2029):
        for target, (cluster, typed, unit) in units.items():
            for month in (7,) if target == 2 else (4, 11):
                day = date(year, month, 10 + target)
                if year == 2028 and month > 4:
                    continue
                if target == 1 and day >= MERGER:
                    yield Fact("dau-moi", "BTV Đoàn phường Bình Tân", "btv-doan-phuong", "btv-doan-phuong", 1, day, 1, day, 1)
                elif target != 4 or day < MERGER:
                    yield Fact(cluster, typed, unit, unit, target, day, 3 + target % 2, day + timedelta(days=1), 3 + year % 2)


def _across() -> Iterator[Fact]:
    """Yield what crosses the merger: put off into July under a name that stays, and under a name that went."""
    planned = date(2025, 5, 20)
    yield Fact("dia-ban-dan-cu", "Đoàn phường Tân Tạo", "dp-tan-tao", "dp-tan-tao-2025", 3, planned, 2, date(2025, 7, 8), 2)
    yield Fact("dia-ban-dan-cu", "Đoàn phường Tân Tạo A", "dp-tan-tao-a", "", 3, planned, 2, date(2025, 7, 9), 2, counts=False)


def lay_out(folder: Path, day: date, known: Sequence[Fact]) -> None:
    """Write every cluster's workbook as it stood on that day; a cluster has one from its first day on."""
    for cluster in CLUSTERS:
        if cluster != "dau-moi" or day >= MERGER:
            book = Workbook()
            tab = book.active
            assert tab is not None
            tab.title = "Hoạt động"
            tab.append(list(TITLES.values()))
            for number, one in enumerate((one for one in known if one.cluster == cluster and one.known_from <= day), 1):
                tab.append(_row(number, one, day))
            book.save(folder / f"{cluster}.xlsx")


def _row(number: int, one: Fact, day: date) -> list[object]:
    done = one.done if one.done and one.done + TYPED_AFTER <= day else None
    values: dict[Column, object] = {
        Column.NUMBER: number,
        Column.UNIT: one.typed,
        Column.TARGET: one.target,
        Column.NAME: f"Hoạt động của {one.typed} ngày {one.planned:%d.%m.%Y}",
        Column.PLANNED: one.planned,
        Column.REGISTERED_QUANTITY: one.registered,
        Column.DONE: done,
        Column.DONE_QUANTITY: one.quantity if done else None,
        Column.EVIDENCE: "https://example.org/anh" if done else None,
    }
    return [values.get(column) for column in Column]


def run_days() -> list[date]:
    """Return the day after every due day, the closings, the final review, and the week before the due days around the merger."""
    due = [date(year, month, day) for year in range(2024, 2029) for month, day in ((1, 30), (5, 30), (8, 30), (11, 30))]
    after = [one + timedelta(days=1) for one in due if date(2024, 3, 1) <= one <= date(2028, 4, 30)]
    closings = [date(year, 1, 11) for year in range(2025, 2029)]
    return sorted([date(2024, 3, 1), *after, *closings, date(2025, 5, 23), MERGER, date(2025, 8, 19), date(2028, 4, 16)])
