"""Text in the old Vietnamese encodings TCVN3 and VNI, met wherever sheets are older than Unicode (contract section 4).

Their letters are ordinary Latin-1 characters, so a text is only taken for one of them if every word that holds such a
character becomes a possible Vietnamese syllable, and none did as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TCVN3_CODES = "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ"
TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = str.maketrans(TCVN3_CODES, TCVN3_LETTERS)

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
VNI_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_TONES = {"ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_SHAPES = {
    **{mark: _CIRCUMFLEX + tone for mark, tone in zip("âàáåãä", ("", _GRAVE, _ACUTE, _HOOK, _TILDE, _DOT), strict=True)},
    **{mark: _BREVE + tone for mark, tone in zip("êèéúüë", ("", _GRAVE, _ACUTE, _HOOK, _TILDE, _DOT), strict=True)},
}
VNI_MARKS = _VNI_TONES | _VNI_SHAPES

_NEVER_VIETNAMESE = frozenset(TCVN3_CODES + "ñöæøûïåäëüîÑÖÆØÛÏÅÄËÜÎ") - frozenset("àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝÐ")
UNICODE_ONLY = re.compile("[ăđĩũơưạ-ỹ]", re.IGNORECASE)
"""Letters that neither old encoding has at these places: where one stands, the text is Unicode."""
_LATIN_1 = re.compile("[à-ý]", re.IGNORECASE)
_WORD = re.compile(r"[^\s\d.,;:/()\[\]{}\"'!?<>=+*_–—\-]+")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    r"(?:uyê|iêu|yêu|oai|oay|uây|ươi|ươu|uôi|uya|uyu|oeo|oao|oa|oă|oe|oo|uâ|uê|uơ|uô|uy|ua|ui|ưa|ươ|ưi|ưu|iê|yê|ia|iu|ai|ao|au|ay|âu|ây|eo|êu|oi|ôi|ơi"
    r"|[aăâeêioôơuưy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)


def from_legacy(text: str) -> str | None:
    """Return the text in Unicode if it is in TCVN3 or VNI, else `None`. Ask before invisible characters are stripped: TCVN3's ư is one."""
    return None if text.isascii() or UNICODE_ONLY.search(text) else _converted(text)


@lru_cache(maxsize=65_536)
def _converted(text: str) -> str | None:
    if _ADDRESS.search(text) or not any(is_strange(word) for word in _WORD.findall(text)):
        return None
    for convert in (from_tcvn3, _from_vni):
        converted = convert(text)
        if _is_plausible(text, converted, convert):
            return unicodedata.normalize("NFC", converted)
    return None


def looks_old(text: str) -> bool:
    """Return whether some word cannot be Vietnamese as it stands, so that the text may be in an old encoding."""
    return not text.isascii() and any(is_strange(word) for word in _WORD.findall(text))


def from_tcvn3(text: str) -> str:
    """Return the text read as TCVN3, letter for letter."""
    return text.translate(_TCVN3)


def from_vni(text: str) -> tuple[list[str], list[int]]:
    """Return the letters of the text read as VNI, and where each of them begins in what was typed."""
    shown: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        mark = VNI_MARKS.get(letter.lower())
        if mark and shown and shown[-1].lower() in "aeiouyươ":
            shown[-1] += mark
            continue
        alone = VNI_ALONE.get(letter.lower(), letter.lower())
        shown.append(alone if letter.islower() or letter == alone else alone.upper())
        places.append(at)
    return [unicodedata.normalize("NFC", one) for one in shown], places


def _from_vni(text: str) -> str:
    return "".join(from_vni(text)[0])


def _is_plausible(text: str, converted: str, convert: object) -> bool:
    # All words with accents were typed in one encoding: if a good word would become none, a strange one beside it is a slip.
    touched = [word for word in _WORD.findall(text) if any(not c.isascii() and (c.isalpha() or c in _NEVER_VIETNAMESE) for c in word)]
    words = [from_tcvn3(word) if convert is from_tcvn3 else _from_vni(word) for word in touched]
    return bool(words) and any(len(word) > 1 for word in words) and all(_is_syllable(word) for word in words) and converted != text


@lru_cache(maxsize=65_536)
def is_strange(word: str) -> bool:
    """Return whether a word cannot be Vietnamese as it stands: a character that never is, or accents on no possible syllable."""
    if word.isascii() or not re.search(r"[^\W\d_]", word):
        return False
    return bool(_NEVER_VIETNAMESE.intersection(word)) or (_LATIN_1.search(word) is not None and not _is_syllable(word))


def _is_syllable(word: str) -> bool:
    bare = unicodedata.normalize("NFD", word.lower())
    toneless = "".join(c for c in bare if c not in (_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT))
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)) is not None
