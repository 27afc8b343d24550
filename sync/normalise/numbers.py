"""Quantities and money as people type them (contract section 4). What is not surely a number is never made one."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from sync.model import Cell
from sync.normalise.reading import Problem, Read, unreadable
from sync.text import clean, fold

_MOST = 10**12
"""From here on it is no count of anything, nor money of a district: sums of it would not fit where they are added."""
_LONGEST = 15
"""Characters of a number below it, grouped."""
_UNSEEN = 1e-9
_WHOLE = re.compile(r"\d+(?:[.,]0{1,2})?")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:,\d{3})+")
_WORDS = r"[^\W\d_][^\d/+\-–,;:%~<>=*()]*"
_LEADING = re.compile(rf"(\d[\d.,]*)\s*(?:\(([^()\d]*)\))?\s*({_WORDS})?(?:\(([^()\d]*)\))?\.?")
_SPACED = re.compile(r"[1-9]\d{0,2}(?: \d{3})+")
_APPROXIMATE = re.compile(
    r"(?:(?:~|≈|>=?|<=?|≥|≤|±)|(?:khoảng|khoang|hơn|hon|gần|gan|trên dưới|trên|tren|dưới|duoi|tầm|tam|cỡ|co|ước|uoc|chừng|chung|ít nhất|it nhat))\s*"
    r"(\d[\d.,]*)(?:\s+[^\d]*)?"
    r"|(\d[\d.,]*)\s*(?:\+|(?:[^\W\d_][^\d()]*\s)?\(?(?:trở lên|tro len|hơn|ước(?: tính| lượng| chừng)?|uoc tinh|khoảng|khoang|chừng)\)?)",
    re.IGNORECASE,
)
_MAGNITUDE = re.compile(
    r"(?:chục|trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ|tá|rưỡi|nửa|hoặc|mươi|mấy|chuc|nghin|ngan|trieu|hoac|tr|k)\b", re.IGNORECASE
)
"""Words that make another number of the one before them."""
_OR_ANOTHER = re.compile(r"(?:đến|tới|hay|và|den|toi|va)\s+(.+)", re.IGNORECASE)
"""A second number in words may follow (`2 đến ba`); so may anything else (`2 chuyến`)."""
_LOOK_ALIKE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
"""Letters that are typed for the figures that they look like."""
_MISTYPED = re.compile(r"(\d[\dOolI.,]*[OolI]|[OlI][\dOolI.,]*\d)[\dOolI]*\b")
_NOTHING = frozenset({"-", "–", "—", "_"})
_DIGIT_WORDS = {
    **{word: number for number, word in enumerate(["khong", "mot", "hai", "ba", "bon", "nam", "sau", "bai", "tam", "chin"])},
    "lam": 5,
    "tu": 4,
    "nhat": 1,
    "muoi": 10,
    "chuc": 10,
    "tram": 100,
}

_NUMBER_WORDS = re.compile(r"(?:(?:một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mười|mươi|trăm|linh|lẻ)\s*\b)+", re.IGNORECASE)
"""With their accents: `3 bài` and `5 tấm` are no sevens and eights."""

_MONEY = re.compile(r"(\d[\d.,]*)\s*(tr|trieu|k|ngan|nghin|ti|ty)?\s*(d|dong|vnd|vn dong)?\.?")
_MONEY_UNITS = {"tr": 10**6, "trieu": 10**6, "k": 10**3, "ngan": 10**3, "nghin": 10**3, "ti": 10**9, "ty": 10**9}


def read_quantity(cell: Cell, *, approximate_allowed: bool = False) -> Read[int]:
    """Return the whole number above zero that a quantity cell means.

    Zero, a dash and an empty cell say nothing. About-figures are read only where ``approximate_allowed`` (children taking part).
    """
    if isinstance(cell, str):
        return _read_text(clean(cell), approximate_allowed)
    if isinstance(cell, bool | datetime | date | time | timedelta):
        return unreadable("bad-number")
    if not _is_whole(cell):
        return unreadable("bad-number")
    return _quantity(round(cell))


def _is_whole(number: float) -> bool:
    """Return whether the number shows as a whole one: a formula may come to 3.0000000000000004, which no spreadsheet program shows."""
    return 0 <= number < _MOST and abs(number - round(number)) < _UNSEEN


def _quantity(number: int) -> Read[int]:
    return Read(number) if number else Read(filled=False)


@lru_cache(maxsize=65_536)
def _read_text(text: str, approximate_allowed: bool) -> Read[int]:
    if not text or text in _NOTHING:
        return Read(filled=False)
    about = _about(text)
    if about and approximate_allowed:
        return Read(about, (Problem("approximate-number", str(about)),))
    number = None if about else _certain(text)
    if number is not None:
        return _quantity(number)
    meant = about or number_in_words(text) or _mistyped(text)
    spaced = text.replace(" ", "") if _SPACED.fullmatch(text) else None
    return unreadable("bad-number", suggestion=str(meant) if meant else spaced)


def _certain(text: str) -> int | None:
    found = _LEADING.fullmatch(text)
    number = _digits(found[1]) if found else None
    if not found or number is None:
        return None
    behind = found[3]
    if _MISTYPED.match(text) or (behind and _makes_another_number(behind)):
        return None
    said = {
        number_in_words(words) for words in (found[2], found[4], behind if behind and _NUMBER_WORDS.fullmatch(behind) else None) if words
    }
    return number if said <= {None, number} else None


def _makes_another_number(behind: str) -> bool:
    """Return whether what stands behind a number makes another one of it."""
    other = _OR_ANOTHER.fullmatch(behind)
    return (
        _MAGNITUDE.match(behind) is not None
        or any(sign.isnumeric() for sign in behind)  # `5½`, `5²`
        or (other is not None and _NUMBER_WORDS.fullmatch(other[1].split()[0]) is not None)
    )


def _mistyped(text: str) -> int | None:
    """Return the number where letters were typed for its figures (`1O` for 10)."""
    found = _MISTYPED.match(text)
    return _digits(found[0].translate(_LOOK_ALIKE)) if found else None


def _digits(text: str) -> int | None:
    text = text.rstrip(".")
    if len(text) > _LONGEST:
        return None
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"[.,]", "", text))
    return int(re.split(r"[.,]", text)[0]) if _WHOLE.fullmatch(text) else None


def _about(text: str) -> int | None:
    found = _APPROXIMATE.fullmatch(text)
    return _digits(found[1] or found[2]) if found else None


def number_in_words(text: str) -> int | None:
    """Return the number below 1,000 that Vietnamese words name (`hai mươi lăm` → 25), `None` if they name none."""
    words = fold(text).split()
    if not words or any(word not in _DIGIT_WORDS for word in words if word not in {"linh", "le"}):
        return None
    total, last = 0, 0
    for word in (word for word in words if word not in {"linh", "le"}):
        number = _DIGIT_WORDS[word]
        if number >= 10:
            total, last = total + (last or 1) * number, 0
        else:
            last = number
    return total + last


def read_money(cell: Cell) -> Read[int]:
    """Return an amount in đồng; what is not empty and no amount gives the warning `bad-money`."""
    if isinstance(cell, str):
        text = clean(cell)
        return _read_money_text(text) if text else Read(filled=False)
    if isinstance(cell, bool | datetime | date | time | timedelta) or not _is_whole(cell):
        return unreadable("bad-money")
    return Read(round(cell))


@lru_cache(maxsize=16_384)
def _read_money_text(text: str) -> Read[int]:
    found = _MONEY.fullmatch(_plain(text))
    amount = _amount(found[1], _MONEY_UNITS.get(found[2] or "", 1)) if found else None
    return Read(amount) if amount is not None and amount < _MOST else unreadable("bad-money")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\W\d_]+", lambda word: fold(word[0]), text).split())


def _amount(digits: str, unit: int) -> int | None:
    whole = _digits(digits)
    if whole is not None and (unit < 10**6 or not re.search("[.,]", digits)):
        return whole * unit
    if unit == 1 or not re.fullmatch(r"\d+[.,]\d{1,2}", digits):
        return None
    amount = Decimal(digits.replace(",", ".")) * unit
    return int(amount) if amount == int(amount) else None
