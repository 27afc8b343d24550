"""Tables of a report's HTML → tables of Word: spans, heads that repeat, rows that stay whole, widths from what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

_LONGEST = 90
"""Letters after which more text makes a column no wider."""
_LETTER = Mm(2.35)
"""Room for one letter of 12 pt, capitals and bold ones among them."""
_PADDING = Mm(4.2)
_SIDE, _ABOVE = 68, 40
"""Room beside, above and below a bordered cell's text, in twentieths of a point."""
_PARTS = {"dau": (0.5, 0.5), "ky": (0.42, 0.58)}
"""How the tables that only lay out divide the width."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a cell of the HTML stands, rows and columns from 0."""

    element: Any
    row: int
    column: int
    rows: int
    columns: int


def add_table(home: Any, element: Any, width: Emu, write: Callable[[Any, Any], None]) -> None:
    """Add the HTML's table to the document or cell; ``write`` fills one Word cell from one HTML cell."""
    lines = element.findall(".//tr")
    places = _places(lines)
    count = max(place.column + place.columns for place in places)
    kind = str(element.get("class") or "").split()
    bordered = "bang" in kind
    table = home.add_table(len(lines), count)
    if bordered:
        table.style = "Table Grid"
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    parts = next((_PARTS[name] for name in kind if name in _PARTS), None)
    widths = [Emu(int(width * part)) for part in parts] if parts else _widths(places, count, width)
    _margins(table, *((_SIDE, _ABOVE) if bordered else (0, 0)))
    for column, one in zip(table.columns, widths, strict=True):
        column.width = one
    for line, row in zip(lines, table.rows, strict=True):
        _keep_whole(row, head=line.getparent().tag == "thead")
    for place in places:
        cell = table.cell(place.row, place.column)
        if place.rows > 1 or place.columns > 1:
            cell = cell.merge(table.cell(place.row + place.rows - 1, place.column + place.columns - 1))
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER if bordered else WD_CELL_VERTICAL_ALIGNMENT.TOP
        cell.width = Emu(sum(widths[place.column : place.column + place.columns]))
        write(cell, place.element)
    # Word joins tables that touch.
    apart = home.add_paragraph().paragraph_format
    apart.space_after, apart.line_spacing = Pt(0), Pt(6)


def _margins(table: Any, side: int, above: int) -> None:
    """Set the room around every cell's text."""
    margins = OxmlElement("w:tblCellMar")
    for name, room in (("w:top", above), ("w:left", side), ("w:bottom", above), ("w:right", side)):
        one = OxmlElement(name)
        one.set(qn("w:w"), str(room))
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    table._tbl.tblPr.append(margins)


def _places(lines: list[Any]) -> list[_Place]:
    """Return every cell with its place: a cell that spans rows pushes those below it to the right."""
    taken: set[tuple[int, int]] = set()
    places = []
    for row, line in enumerate(lines):
        column = 0
        for cell in line:
            while (row, column) in taken:
                column += 1
            place = _Place(cell, row, column, int(cell.get("rowspan", 1)), int(cell.get("colspan", 1)))
            taken |= {(row + down, column + right) for down in range(place.rows) for right in range(place.columns)}
            places.append(place)
    return places


def _widths(places: list[_Place], count: int, width: Emu) -> list[Emu]:
    """Return column widths: room for the longest word of each column, the rest shared out where the long texts stand."""
    least, most = [0] * count, [0] * count
    for place in places:
        if place.columns == 1:
            text = " ".join(str(place.element.text_content()).split(" "))
            whole = {"lien", "con-so"} & set(str(place.element.get("class") or "").split())
            longest = len(text.strip()) if whole else max((len(word) for word in text.split()), default=1)
            least[place.column] = max(least[place.column], longest)
            most[place.column] = max(most[place.column], min(len(text), _LONGEST))
    base = [_LETTER * one + _PADDING for one in least]
    if sum(base) >= width:
        return [Emu(int(width * one / sum(base))) for one in base]
    extra = [max(long - short, 0) for long, short in zip(most, least, strict=True)]
    rest, shares = width - sum(base), sum(extra) or 1
    return [Emu(int(one + rest * more / shares)) for one, more in zip(base, extra, strict=True)]


def _keep_whole(row: Any, *, head: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader") if head else ("w:cantSplit",):
        mark = OxmlElement(name)
        mark.set(qn("w:val"), "true")
        properties.append(mark)
