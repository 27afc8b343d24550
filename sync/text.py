"""Text as it is shown, and text as it is compared (contract section 4)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u180e]")
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


def is_invisible(letter: str) -> bool:
    """Return whether nothing is seen of the letter, so that `clean` takes it away and joins what stands around it."""
    return _INVISIBLE.match(letter) is not None


def fold(text: str) -> str:
    """Return the key by which two texts compare: no case, accents, tone placement, i/y, punctuation or spare spaces.

    >>> fold("Đoàn phường Bình Hưng Hoà  B") == fold("doan phuong binh hung hòa-b")
    True
    """
    # Word by word: texts are many, the words that they are made of are few.
    return " ".join(filter(None, map(_fold_word, text.split())))


@lru_cache(maxsize=65_536)
def _fold_word(word: str) -> str:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", clean(word).lower()))
    return _NO_WORD.sub(" ", bare.translate(_SAME_LETTER)).strip()
