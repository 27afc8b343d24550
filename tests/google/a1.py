"""A1 notation: `'Hoạt động'!B2:D`, a whole tab by its title, a named range (guide "Cells", section A1 notation)."""

from __future__ import annotations

import re

from tests.google.errors import invalid
from tests.google.state import Json, Spreadsheet, Tab

_CELL = r"\$?([A-Za-z]{1,3})?\$?(\d{1,7})?"
_BLOCK = re.compile(rf"{_CELL}(?::{_CELL})?")
_R1C1 = re.compile(r"R(\d+)C(\d+)(?::R(\d+)C(\d+))?", re.IGNORECASE)


def letters(column: int) -> str:
    """Return the letters of a column counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(text: str) -> int:
    """Return the column, from 0, of its letters."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def quoted(title: str) -> str:
    """Return a tab's title as it stands in a range that Google answers with: in apostrophes unless it is a plain word."""
    return (
        title
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", title) and not re.fullmatch(r"[A-Za-z]{1,3}\d+", title)
        else "'" + title.replace("'", "''") + "'"
    )


def grid_range(book: Spreadsheet, text: str) -> Json:
    """Return the GridRange that the text means; raise Google's 400 where it means none."""
    tab, block = _split(book, text)
    if tab is None:
        for named in book.named_ranges:
            if named["name"].casefold() == text.casefold():
                return dict(named["range"])
        tab = book.titled(text)
        if tab is not None:
            return {"sheetId": tab.id}
        tab, block = next((one for one in book.tabs if not one.properties.get("hidden")), book.tabs[0]), text
    if block is None:
        return {"sheetId": tab.id}
    for named in book.named_ranges:
        if named["name"].casefold() == block.casefold() and named["range"].get("sheetId", 0) == tab.id:
            return dict(named["range"])  # recorded: `'Sheet1'!NamedRange` is read as the named range
    return _block(tab, block, text)


def _split(book: Spreadsheet, text: str) -> tuple[Tab | None, str | None]:
    """Return (tab, block) of `Tab!block` and `'Tab'`; no tab where none is named."""
    found = re.fullmatch(r"'((?:[^']|'')+)'(?:!(.*))?", text) or re.fullmatch(r"(.+?)!(.*)", text)
    if not found:
        return None, text
    tab = book.titled(found[1].replace("''", "'"))
    if tab is None:
        raise invalid(f"Unable to parse range: {text}")
    return tab, found[2]


def _block(tab: Tab, block: str, whole: str) -> Json:
    if found := _R1C1.fullmatch(block):
        top, left, bottom, right = (int(part) if part else None for part in found.groups())
        return _range(tab, (top or 1) - 1, (left or 1) - 1, bottom or top, right or left, whole)
    found = _BLOCK.fullmatch(block)
    if not found or not block:
        raise invalid(f"Unable to parse range: {whole}")
    first_column, first_row, last_column, last_row = found.groups()
    alone = ":" not in block
    if alone and not (first_column and first_row):
        raise invalid(f"Unable to parse range: {whole}")
    left = column_of(first_column) if first_column else 0
    top = int(first_row) - 1 if first_row else 0
    if alone:
        return _range(tab, top, left, top + 1, left + 1, whole)
    right = column_of(last_column) + 1 if last_column else None
    bottom = int(last_row) if last_row else None
    if right is not None and first_column is None and not last_row:
        raise invalid(f"Unable to parse range: {whole}")
    if bottom is not None and bottom <= top:
        top, bottom = bottom - 1, top + 1
    if right is not None and right <= left:
        left, right = right - 1, left + 1
    return _range(tab, top, left, bottom, right, whole)


def _range(tab: Tab, top: int, left: int, bottom: int | None, right: int | None, whole: str) -> Json:
    if top < 0 or top >= tab.height or left >= tab.width:
        raise invalid(
            f"Range ({quoted(tab.title)}!{whole.rsplit('!', maxsplit=1)[-1]}) exceeds grid limits. Max rows: {tab.height}, max columns: {tab.width}"
        )
    place: Json = {"sheetId": tab.id, "startRowIndex": top, "startColumnIndex": left}
    if bottom is not None:
        place["endRowIndex"] = min(bottom, tab.height)
    if right is not None:
        place["endColumnIndex"] = min(right, tab.width)
    return place


def text_of(tab: Tab, top: int, left: int, bottom: int, right: int) -> str:
    """Return a block as Google writes it in answers."""
    first, last = f"{letters(left)}{top + 1}", f"{letters(right - 1)}{bottom}"
    return f"{quoted(tab.title)}!{first}" + (f":{last}" if last != first else "")
