"""The text as it is searched: one letter for each that was typed, without accents, odd spaces, dashes or invisible signs.

What is found in a shadow is masked in the text itself, so every letter of a shadow knows where it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sync.legacy import UNICODE_ONLY, from_tcvn3, from_vni, looks_old

HIDDEN = "\x00"
"""Stands where something was found already, or must not be searched."""
_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
) | {chr(code) for code in (*range(0x202A, 0x202F), *range(0xFE00, 0xFE10))}
_LOOSE = re.compile(f"[\u0300-\u036f{''.join(sorted(_INVISIBLE))}]")
LIKE_OLD = re.compile(r"[aeiouy][øùûõïâàáåãäêèéúüë]|\blíp\b", re.IGNORECASE)
"""Letters and a word that are good Vietnamese, and may all the same be VNI, or TCVN3's `lớp`."""
_SPACES = "\t\n\r\v\f\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_DASHES, _DOTS = "\u00ac\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u02d7", "\u00b7\u2022\u2024\u2027\u22c5\uff0e\u30fb"


def _bare(letter: str) -> str:
    """Return the letter without accents, as one character."""
    if letter in "đĐðÐ":
        return "d" if letter in "đð" else "D"
    found = unicodedata.normalize("NFKD", letter)[:1]
    return found if found.isalnum() else letter


_PLAIN = str.maketrans(
    {chr(code): _bare(chr(code)) for code in (*range(0xC0, 0x250), *range(0x1EA0, 0x1EFA), *range(0x2070, 0x208A), *range(0xFF01, 0xFF5F))}
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_DOTS, ".")
    | {"\uff20": "@", "\uff0b": "+", "\uff08": "(", "\uff09": ")", "\uff0f": "/", "\uff1a": ":", "\uff0c": ",", "\ufe6b": "@"}
    | {chr(start + digit): str(digit) for start in (0x660, 0x6F0, 0x966, 0xE50) for digit in range(10)}
)


@dataclass(frozen=True, slots=True)
class Shadow:
    """A text as it is searched."""

    plain: str
    """Letters without accents, case kept; as long as `shown`."""
    shown: str
    """The same letters with their accents, to tell `Đồng` from `Dong`."""
    places: Sequence[int] | None
    """Where each letter was typed; `None` where all of them stand at their own place."""
    length: int
    """Of what was typed."""

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the typed text these letters stand, invisible ones between them included."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end] if end < len(self.places) else self.length

    def without(self, typed: Sequence[tuple[int, int]]) -> Shadow:
        """Return the shadow with these pieces of the typed text hidden."""
        if not typed:
            return self
        plain = list(self.plain)
        for start, end in map(self._own, typed):
            plain[start:end] = HIDDEN * (end - start)
        return replace(self, plain="".join(plain))

    def plain_at(self, *typed: int) -> str:
        """Return the letters of a piece of the typed text."""
        start, end = self._own(typed)
        return self.plain[start:end]

    def _own(self, typed: Sequence[int]) -> tuple[int, int]:
        start, end = typed
        return (start, end) if self.places is None else (bisect_left(self.places, start), bisect_left(self.places, end))


def shadows(text: str) -> Iterator[Shadow]:
    """Yield the text as it stands, and as it would read in TCVN3 and in VNI where it looks as if it were typed so."""
    if _LOOSE.search(text) is None:
        yield _shadow(text, None, len(text))
    else:
        yield _shadow(*_composed(text), len(text))
    if looks_old(text) or (LIKE_OLD.search(text) and not UNICODE_ONLY.search(text)):
        letters, places = _composed(text, kept="\u00ad")
        yield _shadow(from_tcvn3(letters), places, len(text))
        read, own = from_vni(letters)
        yield _shadow("".join(letter[0] for letter in read), [places[at] for at in own], len(text))


def _shadow(shown: str, places: Sequence[int] | None, length: int) -> Shadow:
    return Shadow(plain(shown), shown, places, length)


def plain(shown: str) -> str:
    """Return the letters without accents, case kept, as they are searched."""
    return shown if shown.isascii() and shown.isprintable() else shown.translate(_PLAIN)


def _composed(text: str, kept: str = "") -> tuple[str, list[int]]:
    """Return the letters with the accents that follow them joined on, invisible ones gone but for ``kept``, which TCVN3 writes."""
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        if letter in _INVISIBLE and letter not in kept:
            continue
        if letters and "\u0300" <= letter <= "\u036f":
            joined = unicodedata.normalize("NFC", letters[-1] + letter)
            letters[-1] = joined if len(joined) == 1 else letters[-1]
            continue
        letters.append(letter)
        places.append(at)
    return "".join(letters), places
