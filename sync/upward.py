"""A level above: a district's master, as it was pulled, read as one more cluster's sheet: its tab of every row, and the day of its figures.

Nothing is typed again and nothing is guessed: the rows are the district's own, each at its own row and column of that tab, so a finding
points at the cell of the district's master. Only the two days of a period, which stand in two columns there, become one cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sync.columns import TITLES
from sync.layout import DATA_TAB
from sync.model import Cell, ClusterData, ClusterStatus, Column, Sheet, Skipped, Tab
from sync.shown import show
from sync.text import fold

_KEPT = (Column.CODE, Column.UNIT, Column.NAME, Column.PLACE, Column.BUDGET, Column.EVIDENCE, Column.STATUS, Column.NOTE)
_SAME = {fold(TITLES[one]): TITLES[one] for one in _KEPT}
_RENAMED = {
    "chi tieu so": TITLES[Column.TARGET],
    "du kien tu ngai": TITLES[Column.PLANNED],
    "so luong dang ki": TITLES[Column.REGISTERED_QUANTITY],
    "thuc hien tu ngai": TITLES[Column.DONE],
    "so luong thuc hien": TITLES[Column.DONE_QUANTITY],
    "so thieu nhi": TITLES[Column.CHILDREN],
}
"""Title in the tab of every row, folded → title in a cluster's sheet."""
_PERIODS = {"du kien tu ngai": "du kien den ngai", "thuc hien tu ngai": "thuc hien den ngai"}
"""Title of the first day → title of the last day."""
_AS_OF = re.compile(r"Số liệu tính đến ngày (\d{2})/(\d{2})/(\d{4})")
_HEADER_ROWS = 30


def as_cluster_sheet(master: Sheet) -> tuple[Sheet | Skipped, date | None]:
    """Return the sheet that the district's master amounts to, and the day as of which its figures are.

    Skipped, with a Vietnamese sentence, where it is no master of this program.
    """
    tab = next((one for one in master.tabs if fold(one.title) == fold(DATA_TAB)), None)
    at = _header_row(tab) if tab else None
    told = _told_day(tab) if tab else None
    if tab is None or at is None or told is None:
        reason = (
            f"Bảng này không phải bảng tổng hợp do Đồng hành lập (không có trang “{DATA_TAB}”); "
            "hãy kiểm tra đường dẫn, hoặc nhắc quận chạy tổng hợp."
        )
        return Skipped(master.cluster, master.source, reason), None
    rows = [*tab.rows[:at], _header(tab.rows[at]), *_with_periods(tab.rows[at], tab.rows[at + 1 :])]
    return replace(master, tabs=(Tab(tab.title, rows),), table=tab.title), told


def marked_if_old(data: ClusterData, as_of: date, most_days: int) -> ClusterData:
    """Return the district's rows, marked stale where its master was not made anew for more than so many days."""
    if data.status is not ClusterStatus.OK or data.data_as_of is None or (as_of - data.data_as_of).days <= most_days:
        return data
    error = f"Bảng tổng hợp có số liệu đến ngày {data.data_as_of:%d/%m/%Y}, từ đó chưa được lập lại; hãy nhắc quận chạy tổng hợp."
    return replace(data, status=ClusterStatus.STALE, error=error)


def _header_row(tab: Tab) -> int | None:
    wanted = {*_RENAMED, *_PERIODS.values(), fold(TITLES[Column.UNIT]), fold(TITLES[Column.NAME])}
    return next((at for at, row in enumerate(tab.rows[:_HEADER_ROWS]) if wanted <= {_key(cell) for cell in row}), None)


def _told_day(tab: Tab) -> date | None:
    for row in tab.rows[:_HEADER_ROWS]:
        if found := _AS_OF.search(" ".join(cell for cell in row if isinstance(cell, str))):
            return date(int(found[3]), int(found[2]), int(found[1]))
    return None


def _header(row: Sequence[Cell]) -> list[Cell]:
    return [{**_SAME, **_RENAMED}.get(_key(cell), "") for cell in row]


def _with_periods(header: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    at = {_key(cell): place for place, cell in enumerate(header)}
    pairs = [(at[first], at[last]) for first, last in _PERIODS.items()]
    found = []
    for row in rows:
        cells = list(row)
        for first, last in pairs:
            if last < len(cells) and cells[first] != "" and cells[last] not in ("", cells[first]):
                cells[first] = f"{show(cells[first])} - {show(cells[last])}"
        found.append(cells)
    return found


def _key(cell: Cell) -> str:
    return fold(cell) if isinstance(cell, str) else ""
