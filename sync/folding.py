"""Many texts folded at one go, as `text.fold` does each: a letter is looked up by its number, not a word by its letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from sync.text import fold, is_invisible

_BETWEEN = "\n"
_UNSURE = "\0"
"""Stands for a letter that is not looked up: one that joins with others or becomes more than one, or that is rare."""
_LOOKED_UP = (range(0x250), range(0x1EA0, 0x1F00), range(0x2010, 0x2028))
"""Latin letters, those that Vietnamese alone has, dashes and quotation marks."""


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return the keys of many texts."""
    together = _BETWEEN.join(("", *texts, ""))
    codes = np.frombuffer(together.encode("utf-16-le", "surrogatepass"), np.dtype("<u2"))
    folded = _FOLDED[codes].tobytes().decode("ascii")
    keys = folded.split(_BETWEEN)[1:-1]
    if len(keys) != len(texts):  # a line break in a text
        return list(map(fold, texts))
    if _UNSURE in folded or any(spare in folded for spare in ("  ", f" {_BETWEEN}", f"{_BETWEEN} ")):
        return [fold(text) if _UNSURE in key else " ".join(key.split()) for text, key in zip(texts, keys, strict=True)]
    return keys


def _table() -> npt.NDArray[np.uint8]:
    """Return for each number of a letter the one letter, the figure or the blank that it is folded to, else `_UNSURE`."""
    table = np.full(0x10000, ord(_UNSURE), np.uint8)
    for code in (code for codes in _LOOKED_UP for code in codes):
        key = fold(chr(code)) or " "
        if len(key) == 1 and key.isascii() and not is_invisible(chr(code)):
            table[code] = ord(key)
    table[ord(_BETWEEN)] = ord(_BETWEEN)
    return table


_FOLDED: Final = _table()
