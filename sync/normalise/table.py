"""Finds the table in a spreadsheet that people have changed: the tab, the header, the columns (contract section 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from sync.columns import OWN_TITLES, PAIRS, REQUIRED, TAB_TITLE, TITLES
from sync.model import Cell, CellError, Column, Merge, Sheet, Tab
from sync.text import fold

HEADER_ROWS = 30
"""The header stands in the first thirty rows."""
FEWEST_COLUMNS = 4
"""Fewer known titles in a row are no header: a list of units beside the table has two or three."""

_MOST_GROUPS = 500
"""Merged blocks over one row of a header that are looked at: more than a sheet has columns."""

_BARE_DATE = frozenset({"thoi gian", "ngai", "ngai thang", "ngai to chuc"})
_BARE_QUANTITY = frozenset({"so luong", "sl"})
_HALVES = ("dang ki", "ket qua")
_HALF_WORDS = (("dang ki", "ke hoach", "du kien"), ("ket qua", "thuc te"), ("thuc hien", "da to chuc"))
"""What is said of plans, of results, and of the doing of either."""
_OWN_TABS = frozenset({"tien do"})
_YEAR = re.compile(r"\bnăm\s+(20\d\d)\b", re.IGNORECASE)
_YEAR_BARE = re.compile(r"\bnam (20\d\d)\b")


@dataclass(frozen=True, slots=True)
class Table:
    """Where the table stands."""

    tab: Tab
    first_cell: tuple[int, int]
    """Row and column of the header's first filled cell, from 1."""
    header_row: int
    """The last row of the header, from 1."""
    columns: Mapping[Column, int]
    """From 1."""
    header_keys: Mapping[int, frozenset[str]]
    """Index of a column → what the header's rows say there, as it is compared, to know it again further down."""
    title_texts: tuple[str, ...]
    """What stands above the header."""
    names: Mapping[str, Column]
    """What a column may be called, as it is compared; those of the configuration too."""
    renamed: bool = False

    def missing(self) -> list[str]:
        """Return the titles of required columns that are not there."""
        missing = [TITLES[column] for column in REQUIRED if column not in self.columns]
        if not any(set(pair) <= set(self.columns) for pair in PAIRS):
            missing.append(
                " và ".join(TITLES[column] for column in PAIRS[0]) + " (hoặc " + " và ".join(TITLES[column] for column in PAIRS[1]) + ")"
            )
        return missing


def find_table(sheet: Sheet, aliases: Mapping[str, Column]) -> Table | None:
    """Return the table of the tab `Hoạt động`, or of the only other tab with a recognisable header; `None` if there is none."""
    title = sheet.table or TAB_TITLE
    named = sorted((tab for tab in sheet.tabs if fold(tab.title) == fold(title)), key=lambda tab: tab.title != title)
    if named:
        return _table_in(named[0], aliases, renamed=False)
    tables = [table for tab in sheet.tabs if fold(tab.title) not in _OWN_TABS and (table := _table_in(tab, aliases, renamed=True))]
    return tables[0] if len(tables) == 1 else None


def sheet_year(table: Table, otherwise: int) -> int:
    """Return the one year that the tab's name or the title says (`năm 2024`), else ``otherwise``."""
    for texts in ((table.tab.title,), table.title_texts):
        years = {int(found) for text in texts for found in _YEAR.findall(text) + _YEAR_BARE.findall(fold(text))}
        if len(years) == 1:
            return years.pop()
    return otherwise


def _table_in(tab: Tab, aliases: Mapping[str, Column], *, renamed: bool) -> Table | None:
    best: tuple[int, int, int, dict[Column, int]] | None = None
    for top, bottom, columns in _candidates(tab, aliases):
        if best is None or len(columns) > best[0]:
            best = (len(columns), top, bottom, columns)
    if best is None:
        return None
    _, top, bottom, columns = best
    header = zip_longest(*map(keys_of, tab.rows[top - 1 : bottom]), fillvalue="")
    header_keys = {index: frozenset(filter(None, one)) for index, one in enumerate(header)}
    first = next((index for index, cell in enumerate(tab.rows[top - 1], 1) if cell != ""), 1)
    titles = tuple(cell for row in tab.rows[: top - 1] for cell in row if isinstance(cell, str) and cell)
    return Table(tab, (top, first), bottom, columns, header_keys, titles, aliases, renamed)


def _candidates(tab: Tab, aliases: Mapping[str, Column]) -> Iterator[tuple[int, int, dict[Column, int]]]:
    for top in range(1, min(HEADER_ROWS, len(tab.rows)) + 1):
        one = _one_row(tab, top, aliases)
        if len(one) == len(Column):  # no second row can add to that
            yield top, top, one
            return
        two = _two_rows(tab, top, aliases)
        if top < len(tab.rows) and len(two) <= len(_one_row(tab, top + 1, aliases)):
            two = {}  # The upper row adds nothing: a title or a blank row, not a row of groups.
        found = [(bottom, columns) for bottom, columns in ((top, one), (top + 1, two)) if _is_header(columns)]
        for bottom, columns in found:
            yield top, bottom, columns
        if any(_is_complete(columns) for _, columns in found):
            return


def _is_header(columns: Mapping[Column, int]) -> bool:
    return len(columns) >= FEWEST_COLUMNS and len(set(REQUIRED) & set(columns)) >= 2


def _is_complete(columns: Mapping[Column, int]) -> bool:
    return set(REQUIRED) <= set(columns) and any(set(pair) <= set(columns) for pair in PAIRS)


def _one_row(tab: Tab, row: int, aliases: Mapping[str, Column]) -> dict[Column, int]:
    return _assign([[key] for key in keys_of(tab.rows[row - 1])], aliases)


def _two_rows(tab: Tab, top: int, aliases: Mapping[str, Column]) -> dict[Column, int]:
    if top >= len(tab.rows):
        return {}
    above, below = _with_groups(tab, top), keys_of(tab.rows[top])
    width = max(len(above), len(below))
    above, below = above + [""] * (width - len(above)), below + [""] * (width - len(below))
    titles = {group for group, own in zip(above, below, strict=True) if aliases.get(own) in REQUIRED}
    return _assign([_names_under(group, own, titles) for group, own in zip(above, below, strict=True)], aliases)


def _names_under(group: str, own: str, titles: AbstractSet[str]) -> list[str]:
    """Return what a column under a group may be called; what stands over the whole table is a title, and tells no halves apart."""
    if not own or not group:
        return [own or group]
    half = None if group in titles else _half_meant(group)
    return [f"{group} {own}", f"{own} {group}", *([f"{half} {own}"] if half else ()), own]


def _half_meant(group: str) -> str | None:
    """Return the plain word for the half that a group's title means, in whatever words; `None` where it means none, or both."""
    plans, results, does = (any(f" {word} " in f" {group} " for word in words) for words in _HALF_WORDS)
    if plans and results:
        return None
    return _HALVES[0] if plans else _HALVES[1] if results or does else None


def _with_groups(tab: Tab, top: int) -> list[str]:
    """Return the upper row's titles, a group's title carried over the columns below it."""
    own, below = keys_of(tab.rows[top - 1]), keys_of(tab.rows[top])
    own += [""] * (len(below) - len(own))
    over = [merge for merge in tab.merges if merge.top <= top <= merge.bottom and merge.right > merge.left][:_MOST_GROUPS]
    for index in range(1, len(own)):
        carried = not own[index] and index < len(below) and below[index] and _same_group(over, index)
        if carried:
            own[index] = own[index - 1]
    return own


def _same_group(over: Sequence[Merge], index: int) -> bool:
    return not over or any(merge.left <= index and index + 1 <= merge.right for merge in over)


def keys_of(cells: Sequence[Cell]) -> list[str]:
    """Return the texts of a row as they are compared; nothing for a cell that is no title."""
    return [_key(cell) if isinstance(cell, str) and not isinstance(cell, CellError) and len(cell) <= 80 else "" for cell in cells]


@lru_cache(maxsize=8_192)
def _key(title: str) -> str:
    """Return the text of a title as it is compared; most spreadsheets have the same ones."""
    return fold(title)


def _assign(names: Sequence[Sequence[str]], aliases: Mapping[str, Column]) -> dict[Column, int]:
    columns: dict[Column, int] = {}
    bare: list[tuple[int, str]] = []
    for index, candidates in enumerate(names, 1):
        if (own := next((OWN_TITLES[name] for name in candidates if name in OWN_TITLES), None)) is not None:
            columns.setdefault(own, index)
    taken = frozenset(columns.values())
    for index, candidates in enumerate(names, 1):
        column = next((aliases[name] for name in candidates if name in aliases), None)
        if column is None:
            bare.append((index, candidates[-1]))
        elif index not in taken:
            columns.setdefault(column, index)
    for index, name in bare:
        if (column := _half_that_lacks(name, columns)) is not None:
            columns[column] = index
    return columns


def _half_that_lacks(name: str, columns: Mapping[Column, int]) -> Column | None:
    """Return the column that a bare `Số lượng` or `Thời gian` must be: the one that the only half begun still lacks."""
    if name in _BARE_QUANTITY:
        lacking = [quantity for day, quantity in PAIRS if day in columns and quantity not in columns]
    elif name in _BARE_DATE:
        lacking = [day for day, quantity in PAIRS if quantity in columns and day not in columns]
    else:
        lacking = []
    return lacking[0] if len(lacking) == 1 else None
