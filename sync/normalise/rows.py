"""Which rows below the header are activities, and which are what people put around them (contract section 2).

Totals, section titles, repeated headers, notes, place-and-date lines and signatures are ignored, and counted as ignored.
Nothing that may be an activity is passed over: where in doubt, a row is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sync.columns import REQUIRED
from sync.model import Cell, CellError, Column, Merge
from sync.normalise.table import Table, keys_of
from sync.shown import is_empty, show
from sync.text import clean, fold

_TOTAL = re.compile(
    r"(?:t |tong )?cong(?: (?:dot|qui|thang|nam|hoc|muc|phan|toan|ca|chung|nhom|khoi|khu|cum|phuong|don|trang|lai|so|tat|chi|theo|cac|he|[ivx]+|\d+)\b.*)?"
    r"|tong(?: (?:so|cong|dot|ca nam|nam (?:hoc )?\d+|qui (?:[ivx]+|\d)|cac dot|hai dot|toan (?:cum|khoi|quan|phuong|dia ban|nam))\b.*)?|lui ke\b.*"
)
_SUM_OF_UNIT = re.compile(r"cộng\s+(?:bch\s+)?(?:chi\s+|liên\s+)?đoàn\b.*", re.IGNORECASE)
"""`Cộng Đoàn phường An Lạc`; without accents it is the same as `Công đoàn`, the trade union."""
_BARE_TOTALS = frozenset(("cong", "tong", "tong cong", "tong so", "lui ke"))
"""Words that are no name of anything, even beside a unit and a target."""
_COUNTED = re.compile(r"c[ôo]ng\b", re.IGNORECASE)
_SECTION_MARK = re.compile(r"(?:[IVX]{1,4}|[A-H])\s*[.)\-:/]\s*\S.*")
_SECTION = re.compile(
    r"(?:[ivx]{1,4} |[a-h] |\d )?(?:chi tieu(?: so)?|dot|giai doan|hoc ki|qui|thang|phan|nhom|muc) (?:[ivx]+|\d+|he|mot|hai|ba|bon)\b.*"
)
_SECTION_NUMBER = re.compile(r"(?:[IVX]{1,4}|[A-H])[.)]?")
_NOTE = re.compile(r"(?:ghi chu|luu i|chu thich|chu i|nguon|so lieu)\b.*")
_MARKED = re.compile(r"\s*(?:[-+*•–—·]|\(?(?:\d{1,2}|[a-z*])[.)])\s*\S")
"""A line of a list."""
_PLACE_AND_DAY = re.compile(
    r"(?:.*,\s*)?ngày(?:[\s.…_\d]*tháng[\s.…_\d]*năm[\s.…_\d]*|\s*\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*(?:20)?\d\d)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:nguoi (?:lap|tong hop|bao cao|ki|thuc hien|duiet|kiem tra)|lap (?:bang|bieu)|t ?m|k ?t|t ?l|t ?u ?q|(?:pho )?bi thu|(?:pho )?chu tich|xac nhan"
    r"|thu truong|ki ten|ki ghi|ki va|da ki|noi nhan|cum truong|truong (?:cum|ban|khoi|phong)|ban chap hanh|b ?c ?h|ban thuong vu|ke toan|(?:pho )?hieu truong"
    r"|giam doc|lanh dao|dai dien|can bo|thu ki|phe duiet|duiet cua|chu nhiem|tong phu trach|phu trach(?: (?:cum|khoi|chung|bang|bieu|don vi))?$)\b.*"
)
_HEADER_AGAIN = 3
"""So many of the header's words in their columns are the header again, as on a printed page."""
_OTHER_HEADER, _OF_REQUIRED = 4, 2
"""So many titles, so many of them of those that each table has (or all of those alone), are another table's header where their columns differ."""
_IDENTITY = (Column.UNIT, Column.TARGET, Column.NAME)
_NOT_SAYING = (Column.NUMBER, Column.CODE, Column.VERDICT)


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What is known of a row before it is called an activity or not."""

    row: int
    cells: Sequence[Cell]
    unit: Cell
    target: Cell
    name: Cell
    """The identity, with the value of a merged block in each of its rows."""
    knows_unit: bool
    knows_target: bool
    has_date: bool
    has_quantity: bool

    @property
    def has_figure(self) -> bool:
        """Return whether one of its dates or quantities reads as such."""
        return self.has_date or self.has_quantity

    @property
    def is_sure(self) -> bool:
        """Return whether the row can be nothing but an activity (or a total)."""
        return self.has_figure or self.knows_unit + self.knows_target + (not is_empty(self.name)) >= 2


class RowSorter:
    """Tells activities from what stands around them, for one table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._columns = table.columns
        self._identity = {self._columns[column] - 1 for column in _IDENTITY}
        self._silent = {self._columns[column] - 1 for column in _NOT_SAYING if column in self._columns}
        self._headers = {table.header_row}
        self._header_words = frozenset().union(*table.header_keys.values())
        self._across = {merge.top: merge for merge in table.tab.merges if self._crosses_identity(merge)}
        self.other_tables: list[range] = []
        """Of each other table that `activities` found below this one the indexes of its rows, its header's first."""

    def _crosses_identity(self, merge: Merge) -> bool:
        return merge.top == merge.bottom and sum(merge.left <= index + 1 <= merge.right for index in self._identity) >= 2

    def activities(self, count: int, doubtful: Mapping[int, RowFacts]) -> Sequence[int]:
        """Return the indexes of those of so many rows that are activities; all are that are not doubtful."""
        again = [index for index, row in doubtful.items() if self._is_header_again(row)]
        self._headers |= {doubtful[index].row for index in again}
        self.other_tables = list(self._below_others(count, doubtful, again))
        around = {index for index, row in doubtful.items() if self._is_around(row)}
        around |= {index for rows in self.other_tables for index in rows}
        around |= self._notes_continued(count, doubtful, around)
        footer = self._footer_start(count, doubtful, around)
        return [index for index in range(footer) if index not in around] if around or footer < count else range(count)

    def _is_around(self, row: RowFacts) -> bool:
        if row.knows_unit and row.knows_target and row.has_date and row.name != "":
            return False  # Most rows: nothing that stands around a table has all of these.
        if row.row in self._headers or self._is_numbering(row):
            return True
        saying = self._saying(row)
        if self._is_total(row):
            return True
        if not row.has_figure and (not saying or self._is_section(row, saying) or self._is_remark(saying)):
            return True
        return not row.has_figure and all(is_empty(cell) for cell in (row.unit, row.target, row.name))

    def _saying(self, row: RowFacts) -> list[tuple[int, Cell]]:
        return [(index, cell) for index, cell in enumerate(row.cells) if index not in self._silent and not is_empty(cell)]

    def _is_header_again(self, row: RowFacts) -> bool:
        """Return whether the row says what the header says: as much of it, and nothing of it in another column (that is another table)."""
        said = self._titles(row)
        return len(said) >= _HEADER_AGAIN and self._stand_as_in_header(said)

    def _is_other_header(self, row: RowFacts) -> bool:
        """Return whether the row is a header too, of columns that stand in another order."""
        said = self._titles(row)
        required = {self._table.names.get(key) for key in said.values()} & set(REQUIRED)
        enough = len(required) == len(REQUIRED) or (len(said) >= _OTHER_HEADER and len(required) >= _OF_REQUIRED)
        return enough and not self._stand_as_in_header(said)

    def _titles(self, row: RowFacts) -> dict[int, str]:
        """Return index → text of the cells that say what a column may be called, as it is compared."""
        return {index: key for index, key in enumerate(keys_of(row.cells)) if key in self._header_words or key in self._table.names}

    def _stand_as_in_header(self, said: Mapping[int, str]) -> bool:
        return all(key in self._table.header_keys.get(index, ()) for index, key in said.items())

    def _below_others(self, count: int, doubtful: Mapping[int, RowFacts], again: Sequence[int]) -> Iterator[range]:
        """Yield the rows of each other table: they reach to where its own header, or this table's, stands again, or to the end."""
        others = [index for index, row in doubtful.items() if self._is_other_header(row)]
        for first in others:
            yield range(first, min((index for index in (*again, *others) if index > first), default=count))

    def _is_numbering(self, row: RowFacts) -> bool:
        """Return whether the row right below a header only numbers the columns: (1) (2) (3) …"""
        if row.row - 1 not in self._headers:
            return False
        shown = [fold(show(cell)) for cell in row.cells if not is_empty(cell)]
        if max(map(len, shown), default=0) > 2:
            return False
        numbers = [int(text) for text in shown if text.isdecimal()]
        letters = len(shown) - len(numbers)
        return len(numbers) >= 3 and letters <= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))

    def _is_total(self, row: RowFacts) -> bool:
        if self._names_all(row) and fold(show(row.name)) not in _BARE_TOTALS:
            return False
        without_identity = all(is_empty(cell) for cell in (row.unit, row.target, row.name))
        texts = [cell for cell in row.cells if isinstance(cell, str) and cell] if without_identity else self._leading_texts(row)
        return any(_is_total_word(text) for text in texts)

    def _names_all(self, row: RowFacts) -> bool:
        """Return whether unit, target and name stand in the row itself, and not in a block that reaches down to it."""
        own = [row.cells[index] if index < len(row.cells) else "" for index in self._identity]
        return row.knows_unit and row.knows_target and not any(map(is_empty, own))

    def _leading_texts(self, row: RowFacts) -> list[str]:
        first = next((cell for cell in row.cells if not is_empty(cell)), "")
        own = [row.cells[index] for index in self._identity if index < len(row.cells)]
        return [cell for cell in (first, *own) if isinstance(cell, str) and cell]

    def _is_section(self, row: RowFacts, saying: Sequence[tuple[int, Cell]]) -> bool:
        if len(saying) != 1 or not isinstance(saying[0][1], str):
            return False
        text = clean(saying[0][1])
        number = next((clean(cell) for cell in row.cells if isinstance(cell, str) and not is_empty(cell)), "")
        marked = number != text and _SECTION_NUMBER.fullmatch(number) is not None
        return marked or row.row in self._across or _SECTION_MARK.fullmatch(text) is not None or _SECTION.fullmatch(fold(text)) is not None

    def _is_remark(self, saying: Sequence[tuple[int, Cell]]) -> bool:
        return len(saying) == 1 and isinstance(saying[0][1], str) and _is_remark(saying[0][1])

    def _notes_continued(self, count: int, doubtful: Mapping[int, RowFacts], around: AbstractSet[int]) -> AbstractSet[int]:
        """Return the indexes of the rows in which a note goes on, line by line, each with a mark before it."""
        found: set[int] = set()
        for index in range(1, count):
            if (index in doubtful and index not in around) and (
                index - 1 in found or (index - 1 in around and self._is_note(doubtful[index - 1]))
            ):
                saying = self._saying(doubtful[index])
                if not doubtful[index].is_sure and len(saying) == 1 and isinstance(saying[0][1], str) and _MARKED.match(saying[0][1]):
                    found.add(index)
        return found

    def _is_note(self, row: RowFacts) -> bool:
        return any(isinstance(cell, str) and _NOTE.fullmatch(fold(cell)) for cell in row.cells)

    def _footer_start(self, count: int, doubtful: Mapping[int, RowFacts], around: AbstractSet[int]) -> int:
        """Return the index at which signatures begin: the first such line below the last sure activity; behind the last row if none does."""
        start = count
        for index in reversed(range(count)):
            if index in around:
                continue
            row = doubtful.get(index)
            if row is None or row.is_sure:
                break
            if any(isinstance(cell, str) and (_is_remark(cell) or _SIGNATURE.fullmatch(fold(cell))) for cell in row.cells):
                start = index
        return start


def _is_total_word(text: str) -> bool:
    key = fold(text) if len(text) <= 80 and not isinstance(text, CellError) else ""
    # `Công …` (public, works) folds to the same letters as `Cộng` (sum): the accent decides where it was typed.
    if key[:4] not in ("cong", "tong", "lui ", "t co"):
        return False
    return _SUM_OF_UNIT.fullmatch(clean(text)) is not None or (_TOTAL.fullmatch(key) is not None and not _is_public(text))


def _is_public(text: str) -> bool:
    return _COUNTED.match(clean(text)) is not None and not clean(text).isascii()


def _is_remark(text: str) -> bool:
    shown = clean(text)
    return _NOTE.fullmatch(fold(shown)) is not None or _PLACE_AND_DAY.fullmatch(shown) is not None
