"""The small readers: status, evidence, free text, codes (contract section 4)."""

from __future__ import annotations

import re
from functools import lru_cache

from sync.model import Cell, Status
from sync.normalise.legacy import from_legacy
from sync.normalise.reading import Problem, Read
from sync.personal import kinds_in, mask
from sync.shown import show
from sync.text import clean, fold

_STATUSES = {fold(name): status for name, status in {
    "Đăng ký": Status.REGISTERED, "Đã thực hiện": Status.DONE, "Hoãn": Status.POSTPONED, "Hủy": Status.CANCELLED,
}.items()}  # fmt: skip
_ADDRESS = re.compile(r"https?://(?:[\w\-]+\.)+[a-z][\w\-]+(?::\d+)?(?:[/?#][^\s<>\"']*)?", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;]+")


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


def read_evidence(text: str) -> Read[tuple[str, ...]]:
    """Return the http(s) addresses in the cell; anything else in it gives `bad-link`."""
    if "," not in text and ";" not in text and _ADDRESS.fullmatch(text):
        return Read((text,))
    parts = [part for part in _BETWEEN.split(text.strip()) if clean(part)]
    if not parts:
        return Read((), filled=False)
    links = tuple(part for part in parts if _ADDRESS.fullmatch(part))
    return Read(links, () if len(links) == len(parts) else (Problem("bad-link"),))


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
    kinds = kinds_in(shown_number(cell))
    return Read(masked(cell), (Problem("personal-data", extra=", ".join(kinds)),) if kinds else ())


def read_code(cell: Cell) -> Read[str]:
    """Return a `Mã HĐ` as it is shown; an error of a formula is none, and nothing need be said: the column is the system's own."""
    return Read(mask(show(cell)))


def shown_number(cell: Cell) -> str:
    """Return the cell as shown; a number that lost the zero of a phone or identity card gets it back, so that it is known as one."""
    text = show(cell)
    lost_zero = (
        isinstance(cell, int | float) and not isinstance(cell, bool) and ((len(text) == 9 and text[0] in "35789") or len(text) == 11)
    )
    return f"0{text}" if lost_zero and text.isdecimal() else text


def masked(cell: Cell) -> str:
    """Return the cell as shown, personal data masked."""
    shown = shown_number(cell)
    return mask(shown) if kinds_in(shown) else show(cell)
