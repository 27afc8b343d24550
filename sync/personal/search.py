"""All kinds of personal data in one text: found, told by kind, masked."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from functools import lru_cache

from sync.personal import homes, names, numbers
from sync.personal.harmless import is_harmless
from sync.personal.shadow import Shadow, shadows

_HINT = re.compile(r"\d|@|l[oớ]p\b|\bat\b|còng", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_MASKED = re.compile(rf"\[đã che: (?:{'|'.join((numbers.PHONE, numbers.CARD, numbers.ACCOUNT, numbers.MAIL, names.NAME, homes.HOME))})\]")
"""A mask of ours; anything else in such brackets is a person's own words."""
_SAYS_SOMETHING = re.compile(r"[^\W_]")

Span = tuple[int, int]
Found = tuple[int, int, str]


def find_personal(text: str) -> tuple[Found, ...]:
    """Return (start, end, kind) of each piece of personal data; addresses of the web are left out of the search."""
    return () if is_harmless(text) or not _HINT.search(text) else _found(text)


@lru_cache(maxsize=65_536)
def _found(text: str) -> tuple[Found, ...]:
    left_out = [found.span() for pattern in (_ADDRESS, _MASKED) for found in pattern.finditer(text)]
    taken: list[Found] = []
    for shadow in shadows(text):
        _search(shadow, left_out, taken)
    return tuple(sorted(taken))


def _search(shadow: Shadow, left_out: list[Span], taken: list[Found]) -> None:
    """Add what is found in one shadow, numbers first: they may stand between a name and its class."""
    known = sorted([*left_out, *((start, end) for start, end, _ in taken)])
    for seek in (numbers.find, names.find, lambda one: homes.find(one, beside_others=bool(taken))):
        hidden = shadow.without(known)
        for start, end, kind in list(seek(hidden)):
            for piece in _left(*shadow.typed(start, end), known):
                if _SAYS_SOMETHING.search(shadow.plain_at(*piece)):
                    taken.append((*piece, kind))
                    insort(known, piece)


def _left(start: int, end: int, known: list[Span]) -> list[Span]:
    """Return what is left of a piece where others, in their order, were found in it before."""
    pieces: list[Span] = []
    for at in range(max(bisect_left(known, (start,)) - 1, 0), len(known)):
        first, last = known[at]
        if first >= end:
            break
        if last > start:
            pieces += [(start, first)] if first > start else []
            start = last
    return [*pieces, (start, end)] if start < end else pieces


def mask(text: str) -> str:
    """Return the text with each piece of personal data replaced by its kind in brackets."""
    for start, end, kind in reversed(find_personal(text)):
        text = f"{text[:start]}[đã che: {kind}]{text[end:]}"
    return text


def kinds_in(text: str) -> tuple[str, ...]:
    """Return the kinds of personal data in the text, each once, in the order of the text."""
    return tuple(dict.fromkeys(kind for _, _, kind in find_personal(text)))
