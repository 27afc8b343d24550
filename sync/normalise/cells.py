"""The small readers: status, evidence, free text, codes (contract section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sync.legacy import from_legacy
from sync.model import Cell, Column, Status
from sync.normalise.reading import Problem, Read
from sync.personal import kinds_in, kinds_in_cell, mask, masked_cell
from sync.shown import show
from sync.text import clean, fold, is_invisible

_STATUSES = {fold(name): status for name, status in {
    "Đăng ký": Status.REGISTERED, "Đã thực hiện": Status.DONE, "Hoãn": Status.POSTPONED, "Hủy": Status.CANCELLED,
}.items()}  # fmt: skip
_ADDRESS = re.compile(r"https?://(?:[\w\-]+\.)+[a-z][\w\-]+(?::\d+)?(?:[/?#][^\s<>\"']*)?", re.IGNORECASE)
_UNREADABLE = {
    **dict.fromkeys((Column.REGISTERED_QUANTITY, Column.DONE_QUANTITY, Column.CHILDREN), "bad-number"),
    Column.BUDGET: "bad-money",
}  # fmt: skip
_LEAST_PHONE = 100_000_000
_BETWEEN = re.compile(r"\s+|[,;]+(?=[\s,;]|https?:|$)", re.IGNORECASE)
"""A comma within an address is its own, as in those of maps."""


@lru_cache(maxsize=8_192)
def read_status(text: str) -> Read[Status]:
    """Return what the unit says of the activity; anything but the four words gives `unknown-status`."""
    legacy = from_legacy(text)
    shown = clean(legacy or text)
    if not shown:
        return Read(filled=False)
    problems = (Problem("legacy-encoding", shown),) if legacy else ()
    status = _STATUSES.get(fold(shown))
    return Read(status, problems if status else (*problems, Problem("unknown-status")))


def is_link(text: str) -> bool:
    """Return whether the text is one http(s) address."""
    return "," not in text and ";" not in text and _ADDRESS.fullmatch(text) is not None


def read_evidence(text: str) -> Read[tuple[str, ...]]:
    """Return the http(s) addresses in the cell; anything else in it gives `bad-link`."""
    if is_link(text):
        return Read((text,))
    parts = [part for part in map(_without_invisible_edges, _BETWEEN.split(text)) if part]
    if not parts:
        return Read((), filled=False)
    links = tuple(part for part in parts if _ADDRESS.fullmatch(part))
    return Read(links, () if len(links) == len(parts) else (Problem("bad-link"),))


def _without_invisible_edges(part: str) -> str:
    """Return what was typed or copied between blanks, without the signs around it of which nothing is seen."""
    start, end = 0, len(part)
    while start < end and is_invisible(part[start]):
        start += 1
    while start < end and is_invisible(part[end - 1]):
        end -= 1
    return part[start:end]


def read_free_text(text: str) -> Read[str]:
    """Return free text as typed, white space collapsed, personal data masked; old encodings and personal data are said."""
    shown = clean(text)
    problems = []
    if converted := from_legacy(text):
        problems.append(Problem("legacy-encoding", clean(converted)))
    if kinds := kinds_in(shown):
        problems.append(Problem("personal-data", extra=", ".join(kinds)))
    return Read(mask(shown) if kinds else shown, tuple(problems), filled=bool(shown))


def read_free_cell(cell: Cell) -> Read[str]:
    """Return a cell of free text; a number or a day is one as it is shown."""
    if isinstance(cell, str):
        return read_free_text(cell)
    kinds = kinds_in_cell(cell)
    return Read(masked_cell(cell), (Problem("personal-data", extra=", ".join(kinds)),) if kinds else ())


def read_code(cell: Cell) -> Read[str]:
    """Return a `Mã HĐ` as it is shown; an error of a formula is none, and nothing need be said: the column is the system's own."""
    return Read(mask(show(cell)))


def without_personal(column: Column, read: Callable[[Cell], Read[Any]]) -> Callable[[Cell], Read[Any]]:
    """Return the reader of a typed column that says what is personal too: what cannot be read may be, and no phone is a quantity."""
    unreadable = _UNREADABLE.get(column)

    def checked(cell: Cell) -> Read[Any]:
        found = read(cell)
        if not found.problems and (unreadable is None or (isinstance(cell, int | float) and cell < _LEAST_PHONE)):
            return found
        kinds = kinds_in_cell(cell, counts=column is Column.BUDGET)
        return _with_personal(found, kinds, unreadable) if kinds else found

    return checked


def _with_personal(found: Read[Any], kinds: tuple[str, ...], unreadable: str | None) -> Read[Any]:
    """Return the reading without its suggestions, which may hold what is personal, and without the number that is none."""
    problems = [Problem(one.code, extra=one.extra) for one in found.problems] or ([Problem(unreadable)] if unreadable else [])
    said = Problem("personal-data", extra=", ".join(kinds))
    return Read(None if unreadable else found.value, (*problems, said), found.filled)
