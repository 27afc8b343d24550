"""Texts that surely hold nothing personal, told by their words: most texts are such, and words are few where texts are many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from sync.legacy import UNICODE_ONLY, is_strange
from sync.personal import homes, names
from sync.personal.shadow import LIKE_OLD, plain
from sync.text import clean

_LETTERS = re.compile("[A-Za-zÀ-ɏẠ-ỹ]+")
_AROUND = ".,;:!?()\"'"
_TOLD_WITH_OTHERS = frozenset(("o", "at", "cong"))
"""Words that say something only beside another one: `noi o`, `at`, `a cong`."""
_BREAK = "\n"
"""Stands between texts that are looked at together."""
_MOST_WORDS = 65_536
"""So many words are remembered; then it begins anew."""
_NO, _NUMBER, _LIKE_OLD, _UNICODE = "-1ou"
"""Signs of a word: it may be personal, is a short number, may be read in an old encoding, has a letter of Unicode alone. Most have none."""


def is_harmless(text: str) -> bool:
    """Return whether every word is one that no kind of personal data needs, and at most one a short number.

    Numbers and classes need more figures or another word, names need a class, homes need a word of their own; what may be read in an old
    encoding is harmless only where another letter shows that the text is Unicode.
    """
    return _are_harmless("".join(map(_sign, text.split())))


def plain_and_harmless(texts: Sequence[str]) -> list[bool]:
    """Return of many texts, told at one go, which are surely harmless and as `clean` would have them; an empty one is not said to be."""
    if not texts:
        return []
    signs = "".join(_SIGNS.of(texts)).split(_BREAK)
    if len(signs) != len(texts):
        return plain_and_harmless([text.replace(_BREAK, "  ") for text in texts])
    return list(map(_are_harmless, signs))


@lru_cache(maxsize=4_096)
def _are_harmless(signs: str) -> bool:
    return _NO not in signs and signs.count(_NUMBER) <= 1 and (_LIKE_OLD not in signs or _UNICODE in signs)


@lru_cache(maxsize=65_536)
def _sign(word: str) -> str:
    """Return the signs that tell what the word means for its text."""
    bare = word.strip(_AROUND)
    if bare.isascii() and bare.isdecimal() and len(bare) <= 3:
        return _NUMBER
    if not _LETTERS.fullmatch(bare) or is_strange(bare) or clean(bare) != bare:
        return _NO
    searched = plain(bare)
    if names.HINT.search(searched) or homes.HINT.search(searched) or searched.lower() in _TOLD_WITH_OTHERS:
        return _NO
    return (_LIKE_OLD if LIKE_OLD.search(bare) else "") + (_UNICODE if UNICODE_ONLY.search(bare) else "")


class _Signs(dict[str, str]):
    """What is known of words, by which many texts are told at once: those are many, the words that they are made of are few."""

    def __missing__(self, word: str) -> str:
        told = self[word] = _sign(word) if word != _BREAK else _BREAK
        return told

    def of(self, texts: Sequence[str]) -> list[str]:
        """Return what is known of each word of the texts, with a `_BREAK` between two texts; words are what stands between blanks."""
        if len(self) > _MOST_WORDS:
            self.clear()
        return list(map(self.__getitem__, f" {_BREAK} ".join(texts).split(" ")))


_SIGNS: Final = _Signs()
