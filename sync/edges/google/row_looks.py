"""How each row of a tab looks: what is laid over its values, known by a short name, so that a tab can remember it row by row."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sync.edges.google.style import cell_format
from sync.layout import Format, Shown, TabView

Json = dict[str, Any]
Link = tuple[int, str, bool]
"""Column, address, and whether the text of the cell has to be added to it."""
Choices = tuple[int, tuple[str, ...]]
"""Column, and the list to choose from."""
_format, _value = attrgetter("format"), attrgetter("value")
NO_FORMAT = "{}"
_LONGEST = 20_000
"""Characters of the looks of all rows in a tab's mark. Google keeps 30,000 of a tab's metadata."""
_MOST_KINDS, _MOST_BYTES = 1 << 16, 10_000_000


@dataclass(frozen=True, slots=True)
class RowLook:
    """All that is laid over the values of one row."""

    formats: tuple[str, ...] = ()
    """CellFormats as JSON, column by column."""
    links: tuple[Link, ...] = ()
    choices: tuple[Choices, ...] = ()
    merges: tuple[tuple[int, int, int], ...] = ()
    """Blocks that begin in it: left, right, rows below."""

    def format(self, column: int) -> str:
        """Return the format of a cell, also beyond the row's own."""
        return self.formats[column] if column < len(self.formats) else NO_FORMAT

    def name(self) -> str:
        """Return the short name."""
        return hashlib.blake2b(repr(self).encode("utf-8", "replace"), digest_size=5).hexdigest()


PLAIN = RowLook()
PLAIN_NAME = PLAIN.name()
"""Of a row over which nothing is laid."""


def row_looks(
    view: TabView, links: Mapping[tuple[int, int], str], merges: Iterable[tuple[int, int, int, int]]
) -> tuple[list[str], dict[str, RowLook]]:
    """Return the name of each row's look, and what the names mean; ``merges`` are those of the view that the tab bears."""
    cut = set(merges)
    joined, flowing, followed = defaultdict[int, Any](tuple), defaultdict[int, Any](tuple), defaultdict[int, Any](tuple)
    for top, left, bottom, right in view.merges:
        if (top, left, bottom, right) in cut:
            joined[top] += ((left, right, bottom - top),)
        else:
            flowing[top] += (left,)
    for (row, column), address in links.items():
        followed[row] += (_link(column, address, view.rows[row][column]),)
    choices = _choices(view)
    names, known, meanings = list[str](), dict[Any, str](), {PLAIN_NAME: PLAIN}
    formats: dict[Any, str] = {}
    for number, cells in enumerate(view.rows):
        forms = tuple(map(_format, cells))
        whole = tuple(map(_is_whole, cells)) if Format.PERCENT in forms else ()
        over = (followed.get(number, ()), choices.get(number, ()), joined.get(number, ()))
        key = (forms, tuple(map(type, map(_value, cells))), whole, flowing.get(number, ()), over)
        name = known.get(key)
        if name is None:
            look = RowLook(tuple(_cell_format(cell, at in key[3], formats) for at, cell in enumerate(cells)), *over)
            name = known[key] = look.name()
            meanings[name] = look
        names.append(name)
    return names, meanings


def _is_whole(cell: Shown) -> bool:
    """Return whether the number format of a percentage has no decimals, as `style_of` has it."""
    return isinstance(cell.value, int | float) and round(cell.value * 1000) % 10 == 0


def _cell_format(cell: Shown, flows: bool, known: dict[Any, str]) -> str:
    key = cell.format, type(cell.value), cell.format is Format.PERCENT and _is_whole(cell), flows
    if key not in known:
        found = cell_format(cell)
        known[key] = json.dumps({**found, "wrapStrategy": "OVERFLOW_CELL"} if flows else found, sort_keys=True)
    return known[key]


def _link(column: int, address: str, cell: Shown) -> Link:
    text = cell.value if isinstance(cell.value, str) else ""
    ends = bool(text) and address.endswith(text)
    return column, address[: -len(text)] if ends else address, ends


def _choices(view: TabView) -> Mapping[int, tuple[Choices, ...]]:
    found = defaultdict[int, tuple[Choices, ...]](tuple)
    for one in view.dropdowns:
        for row in range(one.top, min(one.bottom + 1, len(view.rows))):
            found[row] += ((one.column, one.choices),)
    return found


def packed(names: Sequence[str]) -> str:
    """Return the names of all rows' looks as short text; nothing where it would be too long for a mark."""
    kinds = {name: number for number, name in enumerate(dict.fromkeys(names))}
    if len(kinds) > _MOST_KINDS:
        return ""
    size = _size(len(kinds))
    rows = b"".join([kinds[name].to_bytes(size, "big") for name in names])
    text = base64.b64encode(zlib.compress(",".join(kinds).encode() + b"\n" + rows, 9)).decode()
    return text if len(text) <= _LONGEST else ""


def unpacked(text: str) -> list[str] | None:
    """Return the names again, `None` where the text is not one of `packed`."""
    try:
        engine = zlib.decompressobj()
        head, _, rows = engine.decompress(base64.b64decode(text, validate=True), _MOST_BYTES).partition(b"\n")
        if not engine.eof:
            return None
        kinds = head.decode("ascii").split(",")
        size = _size(len(kinds))
        return [kinds[int.from_bytes(rows[at : at + size], "big")] for at in range(0, len(rows), size)]
    except (ValueError, IndexError, zlib.error, binascii.Error):
        return None


def _size(kinds: int) -> int:
    """Return the bytes of one row."""
    return 1 if kinds <= 256 else 2
