"""Texts that surely hold nothing personal, told by their words: most texts are such, and words are few where texts are many."""

from __future__ import annotations

import re
from functools import lru_cache

from sync.legacy import UNICODE_ONLY, is_strange
from sync.personal import homes, names
from sync.personal.shadow import LIKE_OLD, plain

_LETTERS = re.compile("[A-Za-zÀ-ɏẠ-ỹ]+")
_AROUND = ".,;:!?()\"'"
_TOLD_WITH_OTHERS = frozenset(("o", "at", "cong"))
"""Words that say something only beside another one: `noi o`, `at`, `a cong`."""
_NO, _YES, _IN_UNICODE, _NUMBER = range(4)


def is_harmless(text: str) -> bool:
    """Return whether every word is one that no kind of personal data needs, and at most one a short number.

    Numbers and classes need more figures or another word, names need a class, homes need a word of their own; what may be read in an old
    encoding is harmless only where another letter shows that the text is Unicode.
    """
    kinds = list(map(_kind, text.split()))
    return _NO not in kinds and kinds.count(_NUMBER) <= 1 and (_IN_UNICODE not in kinds or UNICODE_ONLY.search(text) is not None)


@lru_cache(maxsize=65_536)
def _kind(word: str) -> int:
    bare = word.strip(_AROUND)
    if bare.isascii() and bare.isdecimal() and len(bare) <= 3:
        return _NUMBER
    if not _LETTERS.fullmatch(bare) or is_strange(bare):
        return _NO
    searched = plain(bare)
    if names.HINT.search(searched) or homes.HINT.search(searched) or searched.lower() in _TOLD_WITH_OTHERS:
        return _NO
    return _IN_UNICODE if LIKE_OLD.search(bare) else _YES
