"""Where the farthest value of a worksheet stands, before anything makes a table of it.

One value in XFD1048576 would make calamine reserve 17 milliard cells, which ends the process and not just the reading. So the
verdict "near" must be proof against any XML that calamine accepts; it must also be quick, since nearly every sheet deserves it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from sync.edges.xlsx_package import damaged

MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_CELLS = 10_000_000
"""As many as a Google spreadsheet may hold."""

_CELLS = b"sheetData"
_USUAL = rb' r="[A-Z][0-9]{1,5}+"(?:>| [st]="%(but)s[0-9a-zA-Z]++"(?:>| t="%(but)s[a-zA-Z]++" ?/?>| ?/>)| ?/>)'
"""How a cell's tag goes on that is written as usual and stands in A1:Z99999, which holds fewer cells than the most. A second reference, forbidden
in XML, would be believed by calamine, so all of the tag is looked at."""
_UNUSUAL = re.compile(rb"<c(?!%s)" % (_USUAL % {b"but": b""}))
_UNUSUAL_OR_ERROR = re.compile(rb"<c(?!%s)" % (_USUAL % {b"but": b'(?!e")'}))
_UNPLAIN = re.compile(rb'<c(?! r="[A-Za-z]+[0-9]+"(?: (?!r=)[\w:]+="[^"<>]*")*+/?>)')
"""A cell whose place cannot be told at a glance."""
_VALUE_CELL = re.compile(rb'<c r="([A-Za-z]+)([0-9]+)"(?: [\w:]+="[^"<>]*")*+>(?!</c>)')
_REFERENCE = re.compile(r"([A-Za-z]*)(\d+)")


def far_cell(xml: bytes, *, source: str, most_rows: int) -> str | None:
    """Return the A1 name of a value that stands too far away, `None` for a sheet of ordinary extent.

    Raises SourceError where the XML is too unusual to be judged quickly and turns out to be broken.
    """
    start, end, prefixed = _cells(xml)
    if not prefixed and not _UNUSUAL.search(xml, start, end):
        return None
    if prefixed or _UNPLAIN.search(xml, start, end):
        return _Walk(source).extent(xml).far(most_rows)
    return _plain_extent(xml, start, end).far(most_rows)


def is_usual(xml: bytes) -> bool:
    """Return whether all cells surely stand near, and none shows an error; most sheets are such, and need no closer look."""
    start, end, prefixed = _cells(xml)
    return not prefixed and _UNUSUAL_OR_ERROR.search(xml, start, end) is None


def _cells(xml: bytes) -> tuple[int, int, bool]:
    """Return where the cells begin and end, and whether their names may have a prefix."""
    start, end = max(xml.find(_CELLS), 0), _end(xml)
    # A single sign is found, or not, in no time; then from behind, for a colon is rarer than a c.
    prefixed = xml[start - 1] != ord("<") or (xml.find(b":", start, end) >= 0 and xml.rfind(b":c", start, end) >= 0)
    return start, end, prefixed


def _end(xml: bytes) -> int:
    """Return where the cells end: what seems to be their end, in a comment perhaps, is it if nothing of the kind follows."""
    last = xml.rfind(_CELLS)
    return last if last > 0 and xml[last - 2 : last + len(_CELLS) + 1] == b"</" + _CELLS + b">" else len(xml)


def _plain_extent(xml: bytes, start: int, end: int) -> _Extent:
    extent = _Extent()
    for found in _VALUE_CELL.finditer(xml, start, end):
        extent.add(int(found[2]), column_number(found[1].decode()))
    return extent


def column_number(letters: str) -> int:
    """Return a column's number from 1: `A` is 1, `AA` is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return a column's letters: 1 is `A`, 27 is `AA`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(slots=True)
class _Extent:
    """The lowest and the rightmost value, as (row, column) from 1."""

    lowest: tuple[int, int] = (0, 0)
    rightmost: tuple[int, int] = (0, 0)

    def add(self, row: int, column: int) -> None:
        if row > self.lowest[0]:
            self.lowest = (row, column)
        if column > self.rightmost[1]:
            self.rightmost = (row, column)

    def far(self, most_rows: int) -> str | None:
        height, width = self.lowest[0], self.rightmost[1]
        if height > most_rows or (height * width > MOST_CELLS and width <= MOST_COLUMNS):
            row, column = self.lowest
        elif width > MOST_COLUMNS:
            row, column = self.rightmost
        else:
            return None
        return f"{column_letters(column)}{row}"


class _Walk:
    """Reads unusual XML cell by cell, counting positions as calamine does where they are not written."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._row = self._column = 0
        self._found = _Extent()

    def extent(self, xml: bytes) -> _Extent:
        """Return the extent of the cells that hold something; raise SourceError where the XML is broken."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, ValueError) as error:
            raise damaged(self._source) from error
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif local == "c":
            self._move(attributes.get("r"))
        elif local in ("v", "is"):
            self._found.add(self._row, self._column)

    def _move(self, reference: str | None) -> None:
        self._column += 1
        if reference is None:
            return
        found = _REFERENCE.fullmatch(reference)
        if not found:
            raise ValueError(reference)
        self._row, self._column = int(found[2]), column_number(found[1])
