"""A tab of Google as it stands, as far as it has to be known to write it, and which tab is the program's own.

Beyond the rows and columns that the program wrote itself a tab is people's. What the program wrote is told by its mark, which it keeps in
the tab's developer metadata.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sync.edges.google.alignment import Line
from sync.edges.google.reading import KEY
from sync.layout import TabView

Json = dict[str, Any]
FIELDS = (
    "properties(sheetId,title,index,hidden,gridProperties(rowCount,columnCount,frozenRowCount,frozenColumnCount)),merges,"
    "conditionalFormats,charts(chartId),basicFilter(range),protectedRanges(protectedRangeId,warningOnly,requestingUserCanEdit),"
    "developerMetadata(metadataId,metadataKey,metadataValue),data(startRow,startColumn,rowData(values(userEnteredValue,note)))"
)
"""What has to be known of a tab that is to be written, seen from `sheets`."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the program noted in a tab of its own: how it looks, how far it reaches, which rules and charts are its own."""

    number: int
    digest: str = ""
    height: int = 0
    width: int = 0
    rules: tuple[str, ...] = ()
    charts: tuple[int, ...] = ()
    places: str = ""
    """Digest of how it looks row by row, and of where its rules, merges and filter lie."""
    looks: str = ""
    """The looks of its rows, as `row_looks.packed` has them; empty where there are too many."""
    content: str = ""
    """Digest of the values; another one where people edited or sorted what the program wrote."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A tab as it stands in the spreadsheet."""

    id: int
    title: str
    height: int
    width: int
    lines: tuple[Line, ...] = ()
    """The values as entered (`value_of`), row by row from A1."""
    merges: tuple[Mapping[str, Any], ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    charts: tuple[int, ...] = ()
    filter: Mapping[str, Any] | None = None
    mark: Mark | None = None
    frozen: tuple[int, int] = (0, 0)
    """Rows and columns."""
    noted: frozenset[int] = frozenset()
    """Rows with a note of people's."""
    locked: bool = False
    """Whether part of it is protected from the account."""


def standing_of(sheet: Mapping[str, Any], known: dict[Hashable, Hashable] | None = None) -> Standing:
    """Return a tab of the API's JSON. Equal values are one object, also those of earlier tabs with the same ``known``."""
    properties, grid = sheet["properties"], sheet["properties"].get("gridProperties", {})
    lines, noted = _lines_of(sheet.get("data", ()), {} if known is None else known)
    return Standing(
        id=int(properties.get("sheetId", 0)),
        title=str(properties["title"]),
        height=int(grid.get("rowCount", 0)),
        width=int(grid.get("columnCount", 0)),
        lines=lines,
        merges=tuple(sheet.get("merges", ())),
        rules=tuple(sheet.get("conditionalFormats", ())),
        charts=tuple(one["chartId"] for one in sheet.get("charts", ())),
        filter=sheet.get("basicFilter"),
        mark=_mark_of(sheet.get("developerMetadata", ())),
        frozen=(int(grid.get("frozenRowCount", 0)), int(grid.get("frozenColumnCount", 0))),
        noted=noted,
        locked=any(not one.get("warningOnly") and not one.get("requestingUserCanEdit") for one in sheet.get("protectedRanges", ())),
    )


def _lines_of(blocks: Sequence[Mapping[str, Any]], known: dict[Hashable, Hashable]) -> tuple[tuple[Line, ...], frozenset[int]]:
    """Return the values row by row, and the rows with a note; a master repeats itself in most cells."""
    lines, noted = list[Line](), list[int]()
    for number, row in enumerate(blocks[0].get("rowData", ()) if blocks else ()):
        cells = row.get("values", ())
        values = [value_of(cell) for cell in cells]
        lines.append(tuple([known.setdefault(value, value) for value in values]))
        if any("note" in cell for cell in cells):
            noted.append(number)
    return tuple(lines), frozenset(noted)


def value_of(cell: Mapping[str, Any]) -> Hashable:
    """Return what was entered in a cell as one value: text, a number, nothing, or anything else as its kind and what it says."""
    entered = cell.get("userEnteredValue")
    if not entered:
        return None
    if "stringValue" in entered:
        return str(entered["stringValue"]) or None
    if "numberValue" in entered:
        return float(entered["numberValue"]) + 0.0  # there are two zeros, and one of them is nobody's
    kind, value = next(iter(entered.items()))
    return kind, value if isinstance(value, str | bool) else repr(value)


def _mark_of(metadata: Iterable[Mapping[str, Any]]) -> Mark | None:
    for one in metadata:
        if one.get("metadataKey") == KEY:
            try:
                noted = json.loads(one.get("metadataValue", "{}"))
                rules, charts = tuple(noted["r"]), tuple(noted["c"])
                more = (str(noted.get(name, "")) for name in ("p", "l", "v"))
                return Mark(int(one["metadataId"]), noted["d"], noted["h"], noted["w"], rules, charts, *more)
            except (ValueError, KeyError, TypeError):
                return Mark(int(one["metadataId"]))
    return None


def own_tab(view: TabView, tabs: Iterable[Standing]) -> Standing | None:
    """Return the program's own tab for a description, `None` where there is none: a person's tab of the same title is not taken for it.

    It is known by its id and mark, whatever people call it now; in a copy, which may have neither, by title and first words.
    """
    known = list(tabs)
    own = next((one for one in known if one.mark and one.id == new_sheet_id(view.title, ())), None)
    return own or next((one for one in known if one.title.casefold() == view.title.casefold() and _is_like(view, one)), None)


def _is_like(view: TabView, tab: Standing) -> bool:
    if tab.mark or not tab.lines:
        return True
    first = tab.lines[0][0] if tab.lines[0] else None
    there = first if isinstance(first, str) else ""
    shown = str(view.rows[0][0].value or "") if view.rows and view.rows[0] else ""
    return re.sub(r"\d", "", there) == re.sub(r"\d", "", shown)  # the year in a title changes


def free_title(title: str, tabs: Iterable[Standing]) -> str:
    """Return the title, or one like it, that no tab has."""
    taken = {one.title.casefold() for one in tabs}
    number, found = 1, title
    while found.casefold() in taken:
        number += 1
        found = f"{title} ({number})"
    return found


def new_sheet_id(title: str, taken: Iterable[int]) -> int:
    """Return the id for a tab of this title: the same each time, so that a repeated attempt cannot make a second tab."""
    number, others = zlib.crc32(f"{KEY} {title}".encode()) & 0x7FFFFFFF, set(taken)
    while number in others or number == 0:
        number += 1
    return number


def entered_text(value: Hashable) -> str:
    """Return a value of `value_of` as text: a formula as it was typed, a whole number without decimals."""
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return str(value[1] if isinstance(value, tuple) else value or "")


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of each run of numbers without a gap."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        yield run[0], run[-1]
