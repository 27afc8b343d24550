"""What the benchmarks over Google lay out in the stand-in, and the lines of their tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from benchmarks.pipeline import UNITS, row_of
from sync.columns import TITLES
from tests.google import StandIn
from tests.google.cells import serial
from tests.google.state import Json, Spreadsheet, new_properties, new_tab

TAB = "Hoạt động"
GUIDE = "Hướng dẫn"


def add_spreadsheets(google: StandIn, ids: Mapping[str, str], rows: int, units: int = UNITS) -> None:
    """Lay out a spreadsheet of so many rows for each cluster; ``ids``: cluster → id."""
    cells: dict[object, Json] = {}
    for number, (cluster, file) in enumerate(ids.items()):
        google.add(_spreadsheet(file, cluster, [row_of(number, index, units) for index in range(rows)], cells))


def _spreadsheet(file: str, title: str, lines: Iterable[list[object]], known: dict[object, Json]) -> Spreadsheet:
    guide, tab = new_tab(0, GUIDE, 0), new_tab(1, TAB, 1)
    for row, line in enumerate(("Cách ghi bảng", "Mỗi hoạt động một dòng", "Ngày ghi theo ngày/tháng/năm")):
        guide.put(row, 0, cell_of(line, known))
    for row, values in enumerate([list(TITLES.values()), *lines]):
        for column, value in enumerate(values):
            if value != "":
                tab.cells.setdefault(row, {})[column] = cell_of(value, known)
    grid = tab.properties["gridProperties"]
    grid["rowCount"] = max(grid["rowCount"], tab.extent()[0] + 100)  # room for what changes
    return Spreadsheet(file, {"title": title, **new_properties("vi_VN", "Asia/Ho_Chi_Minh")}, [guide, tab])


def cell_of(value: object, known: dict[object, Json]) -> Json:
    """Return the cell of a value; alike cells are one object, for the stand-in never changes a cell in place."""
    if isinstance(value, datetime):
        number = {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}}
        made: Json = {"userEnteredValue": {"numberValue": int(serial(value))}, "userEnteredFormat": number}
    else:
        made = {"userEnteredValue": {"stringValue": value} if isinstance(value, str) else {"numberValue": value}}
    return known.setdefault(value, made)


def line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def head(*titles: str) -> list[str]:
    return [line(*titles), line("---", *["---:"] * (len(titles) - 1))]
