"""Text as it is shown, and text as it is compared (contract section 4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u180e]")
BREAK: Final = "\n"
"""Stands between texts that are looked at together."""
_MOST_WORDS = 65_536
"""So many words are remembered; then it begins anew."""
_SPACE = re.compile(r"\s+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NO_WORD = re.compile(r"[\W_]+")
_SAME_LETTER = str.maketrans({"đ": "d", "ð": "d", "y": "i"})
_LOOK_ALIKE = str.maketrans({"Ð": "Đ", "ð": "đ"})


def clean(text: str) -> str:
    """Return the text in NFC, invisible characters gone, white space collapsed and trimmed, look-alike Ð made Đ."""
    if _is_clean(text):
        return text
    shown = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKE)
    return _SPACE.sub(" ", _INVISIBLE.sub(lambda found: " " if found[0] in "\u2028\u2029" else "", shown)).strip()


def _is_clean(text: str) -> bool:
    """Return whether the text surely is as it should be: invisible characters, and white space but the blank, are not printable."""
    return (
        text.isprintable()
        and "  " not in text
        and text[:1] != " "
        and text[-1:] != " "
        and (text.isascii() or ("Ð" not in text and "ð" not in text and unicodedata.is_normalized("NFC", text)))
    )


def fold(text: str) -> str:
    """Return the key by which two texts compare: no case, accents, tone placement, i/y, punctuation or spare spaces.

    >>> fold("Đoàn phường Bình Hưng Hoà  B") == fold("doan phuong binh hung hòa-b")
    True
    """
    # Word by word: texts are many, the words that they are made of are few.
    return " ".join(filter(None, map(_fold_word, text.split())))


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return the keys of many texts, at one go."""
    told = " ".join(filter(None, _FOLDED.of(texts)))
    keys = told.split(f" {BREAK} ")
    sure = told.count(BREAK) + 1 == len(keys) == len(texts)  # no line break in a text, and none without a word
    return keys if sure else list(map(fold, texts))


@lru_cache(maxsize=65_536)
def _fold_word(word: str) -> str:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", clean(word).lower()))
    return _NO_WORD.sub(" ", bare.translate(_SAME_LETTER)).strip()


class Words(dict[str, str]):
    """What is known of words, by which many texts are told at once: those are many, the words that they are made of are few."""

    def __init__(self, tell: Callable[[str], str]) -> None:
        super().__init__()
        self._tell = tell

    def __missing__(self, word: str) -> str:
        told = self[word] = self._tell(word) if word != BREAK else BREAK
        return told

    def of(self, texts: Sequence[str]) -> list[str]:
        """Return what is known of each word of the texts, with a `BREAK` between two texts; words are what stands between blanks."""
        if len(self) > _MOST_WORDS:
            self.clear()
        return list(map(self.__getitem__, _words(f" {BREAK} ".join(texts))))


@lru_cache(maxsize=8)
def _words(together: str) -> list[str]:
    """Return the words of texts that more than one thing is asked about, one after the other."""
    return together.split(" ")


_FOLDED: Final = Words(_fold_word)
