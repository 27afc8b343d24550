"""An independent reader of what the campaign's people and the program have written: plain values, rows, figures.

It shares nothing with the program: it knows the campaign's own titles, and looks at the stand-in's state or a file as it lies there.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from tests.chaos.district import CLUSTERS, CODE, NOTE, OWN, TITLES, VERDICT
from tests.google.state import Spreadsheet, Tab

Value = str | int | float | None
Grid = list[list[Value]]
Figures = dict[int, tuple[int, int]]
"""Target → registered, done."""


def grid_of(tab: Tab) -> Grid:
    """Return the values of a tab as they were entered."""
    height, width = tab.extent()
    return [[_value(tab.cell(row, column)) for column in range(width)] for row in range(height)]


def _value(cell: Mapping[str, Any]) -> Value:
    entered = cell.get("userEnteredValue") or {}
    return next(iter(entered.values()), None)


def grids_of_file(path: Path) -> dict[str, Grid]:
    """Return the values of every tab of a workbook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of looks that openpyxl does not know
        book = openpyxl.load_workbook(path)
    return {tab.title: [[_plain(value) for value in row] for row in tab.iter_rows(values_only=True)] for tab in book.worksheets}


def _plain(value: Any) -> Value:
    return (value.date() - date(1899, 12, 30)).days if isinstance(value, datetime) else value


@dataclass(frozen=True)
class Line:
    """One row of a unit's table: where it stands, what people wrote, what the program wrote beside it."""

    row: int
    id: str
    people: tuple[Value, ...]
    code: Value
    verdict: Value

    def __getitem__(self, title: str) -> Value:
        return self.people[TITLES.index(title)]


def lines_of(grid: Grid) -> list[Line]:
    """Return the rows below the header that bear an id, or anything of the program's; none where the header is gone."""
    head = next((number for number, row in enumerate(grid) if "Đơn vị" in row and "Chỉ tiêu" in row), None)
    if head is None:
        return []
    at = {str(title): column for column, title in enumerate(grid[head]) if title}
    found = []
    for number, row in enumerate(grid[head + 1 :], head + 2):
        cells = {title: row[column] if column < len(row) else None for title, column in at.items()}
        people = tuple(None if title in OWN else cells.get(title) or None for title in TITLES)
        if cells.get(NOTE) or cells.get(CODE) or cells.get(VERDICT):
            found.append(Line(number, str(cells.get(NOTE) or ""), people, cells.get(CODE), cells.get(VERDICT)))
    return found


@dataclass(frozen=True)
class Counted:
    """What one row comes to."""

    target: int
    registered: tuple[int, int] | None
    """Quantity and year."""
    done: tuple[int, int] | None


def counted(line: Line, cluster: str, as_of: date) -> Counted | None:
    """Return what the row comes to on a day; `None` where nothing of it counts."""
    units = next(one.units for one in CLUSTERS if one.id == cluster)
    target = {"1": 1, "2": 2, "3": 3}.get(str(line["Chỉ tiêu"]))
    if line["Đơn vị"] not in units or target is None or not line["Tên hoạt động"]:
        return None
    planned, wanted = _day(line["Thời gian dự kiến"]), _quantity(line["Số lượng đăng ký"])
    held, reached = _day(line["Ngày thực hiện"]), _quantity(line["Số lượng thực hiện"])
    if line["Trạng thái"] == "Hủy":  # a result beside it contradicts it, and does not count either
        return None
    registered = (wanted, planned.year) if planned and wanted else None
    done = (reached, held.year) if held and reached and held <= as_of else None
    return Counted(target, registered, done) if registered or done else None


def figures(lines: Iterable[Line], cluster: str, as_of: date, year: int) -> Figures:
    """Add up one cluster's rows as they were read on a day, for a year."""
    found: Figures = {}
    for line in lines:
        one = counted(line, cluster, as_of)
        if one:
            registered, done = found.get(one.target, (0, 0))
            registered += one.registered[0] if one.registered and one.registered[1] == year else 0
            done += one.done[0] if one.done and one.done[1] == year else 0
            found[one.target] = registered, done
    return {target: both for target, both in found.items() if both != (0, 0)}


def _day(value: Value) -> date | None:
    try:
        return _written(str(value))
    except ValueError:
        return None


def _written(day: str) -> date:
    """Return `05/12/2025` as a day; raise ValueError."""
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", day)
    if not found:
        raise ValueError(day)
    return date(int(found[3]), int(found[2]), int(found[1]))


def _quantity(value: Value) -> int | None:
    return int(value) if isinstance(value, int | float) and value > 0 and value == int(value) else None


# The master


@dataclass(frozen=True)
class Shown:
    """One cluster as the master's first tab shows it."""

    state: str
    day: date | None
    counts: tuple[int, ...]
    """Rows read, counted, excluded, ignored."""
    reason: str


@dataclass(frozen=True)
class Master:
    """What the master says, tab by tab."""

    days: dict[str, str]
    """Tab → the day that its heading names."""
    clusters: dict[str, Shown]
    targets: Figures
    by_cluster: dict[tuple[str, int], tuple[int, int]]
    by_unit: dict[tuple[str, str, int], tuple[int, int]]
    rows: dict[str, list[dict[str, Value]]]
    """Cluster → its rows in the tab of data, by column title."""
    runs: list[date]
    """The newest first."""
    mails: dict[str, dict[str, Any]]
    """By key, as the memory has them."""

    @property
    def day(self) -> date:
        """The day of its figures."""
        return _written(next(iter(self.days.values())))


def master_of(grids: Mapping[str, Grid]) -> Master:
    """Return what the master's tabs say; raise ValueError, KeyError or IndexError where they are no whole master."""
    ids = {one.name: one.id for one in CLUSTERS}
    headed = [title for title in ("Tổng hợp", "Theo cụm", "Theo đơn vị", "Dữ liệu", "Cần sửa") if title in grids]
    if len(headed) != 5:
        raise KeyError(f"tabs {list(grids)}")
    first = grids["Tổng hợp"]
    by_cluster = {
        (ids[str(one["Cụm"])], _number_of(one["Chỉ tiêu"])): (_whole(one["Đăng ký"]), _whole(one["Đã thực hiện"]))
        for one in _table(grids["Theo cụm"], "Cụm")
    }
    by_unit = {
        (ids[str(one["Cụm"])], str(one["Đơn vị"]), _number_of(one["Chỉ tiêu"])): (_whole(one["Đăng ký"]), _whole(one["Đã thực hiện"]))
        for one in _table(grids["Theo đơn vị"], "Cụm")
    }
    rows: dict[str, list[dict[str, Value]]] = {one.id: [] for one in CLUSTERS}
    for one in _table(grids["Dữ liệu"], CODE):
        rows[ids[str(one["Cụm"])]].append(one)
    targets = {_whole(one["STT"]): (_whole(one["Đăng ký cả năm"]), _whole(one["Đã thực hiện"])) for one in _table(first, "STT")}
    return Master(
        days={title: _day_named(grids[title]) for title in headed},
        clusters={ids[str(one["Cụm"])]: _shown(one) for one in _table(first, "STT", "Tình trạng số liệu")},
        targets=targets,
        by_cluster=by_cluster,
        by_unit=by_unit,
        rows=rows,
        runs=[_serial(one["Ngày"]) for one in _table(grids["Nhật ký"], "Ngày")],
        mails={one["key"]: one for one in memory_of(grids) if "subject" in one},
    )


def memory_of(grids: Mapping[str, Grid]) -> list[dict[str, Any]]:
    """Return every JSON object of the hidden tab."""
    found = []
    for row in grids["_bo_nho"][1:]:
        words = [str(cell) for cell in row if cell is not None]
        if len(words) > 1:
            found.append(json.loads("".join(words[1:])))
    return found


def _table(grid: Grid, first: str, also: str | None = None) -> list[dict[str, Value]]:
    """Return the rows of the table whose header begins with a title, up to the next row whose first cell is empty or no more of it."""
    head = next(number for number, row in enumerate(grid) if row and row[0] == first and (also is None or also in row))
    titles = [str(cell) for cell in grid[head] if cell is not None]
    found = []
    for row in grid[head + 1 :]:
        if not row or row[0] is None or (len(row) < 2 or all(cell is None for cell in row[1:])):
            break
        found.append({title: row[at] if at < len(row) else None for at, title in enumerate(titles)})
    return found


def _day_named(grid: Grid) -> str:
    line = next(str(row[0]) for row in grid[:3] if row and str(row[0]).startswith("Số liệu tính đến ngày "))
    return line.removeprefix("Số liệu tính đến ngày ")[:10]


def _shown(one: Mapping[str, Value]) -> Shown:
    day = one["Số liệu ngày"]
    counts = tuple(_whole(one[title]) for title in ("Dòng đã đọc", "Đã tính", "Chưa tính", "Bỏ qua"))
    return Shown(str(one["Tình trạng số liệu"]), _serial(day) if isinstance(day, int | float) else None, counts, str(one["Lý do"] or ""))


def _serial(value: Value) -> date:
    return date(1899, 12, 30) + timedelta(days=int(value or 0))


def _whole(value: Value) -> int:
    return int(value or 0)


def _number_of(target: Value) -> int:
    return int(str(target).partition(".")[0])


def trespasses(before: Spreadsheet, after: Spreadsheet) -> list[str]:
    """Return what of the units' own differs between two states of their spreadsheet: values, looks, rules of entry, notes, rows, tabs."""
    old, new = [tab for tab in before.tabs if tab.title == TAB_OF_UNITS], [tab for tab in after.tabs if tab.title == TAB_OF_UNITS]
    titles = [[tab.title for tab in book.tabs if tab.title != "Tiến độ"] for book in (before, after)]
    if len(old) != 1 or len(new) != 1 or titles[0] != titles[1]:
        return ["tabs differ"]
    found = [f"{what} differ" for what in ("rows", "merges") if getattr(old[0], what) != getattr(new[0], what)]
    places = {(row, column) for tab in (*old, *new) for row, line in tab.cells.items() for column in line}
    own = own_columns(new[0])
    for row, column in sorted(places):
        if column not in own and _peoples(old[0].cell(row, column)) != _peoples(new[0].cell(row, column)):
            found.append(f"the cell in row {row + 1}, column {column + 1} differs")
    return found


TAB_OF_UNITS = "Hoạt động"


def own_columns(tab: Tab) -> set[int]:
    """Return the columns whose title is the program's."""
    return {column for line in tab.cells.values() for column, cell in line.items() if _value(cell) in OWN}


def _peoples(cell: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in cell.items() if name != "note"}
    note = str(cell.get("note", "")).partition("[Đồng hành]")[0].rstrip("\n—")
    return {**kept, "note": note} if note else kept


def peoples_of(line: Line) -> tuple[Value, ...]:
    """Return what people wrote in the row, without its running number."""
    return line.people[1:]


def ids(lines: Sequence[Line]) -> set[str]:
    """Return the ids of the rows."""
    return {line.id for line in lines if line.id}
