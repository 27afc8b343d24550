"""Names that follow from other names: ids, code prefixes, the lines of a letterhead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

WORDS_BEFORE_NAME = (
    "BCH Đoàn", "BCH Đoàn TNCS Hồ Chí Minh", "ĐP", "Đoàn phường", "Đoàn xã", "Đoàn thị trấn", "Phường", "P.", "Xã", "Thị trấn", "Chi đoàn",
    "Đoàn trường", "Đoàn cơ sở", "Đoàn TNCS Hồ Chí Minh", "Đoàn TN", "Đoàn",
)  # fmt: skip
"""What people put before a unit's name or leave out."""
_GROUP = re.compile(r"^(khu-vuc|khoi|cum|nhom)-(?=.)")
_COMMITTEES = (
    ("quận đoàn", "quận"), ("huyện đoàn", "huyện"), ("thị đoàn", "thị xã"), ("thành đoàn", "thành phố"), ("tỉnh đoàn", "tỉnh"),
    ("đoàn phường", "phường"), ("đoàn xã", "xã"), ("đoàn đặc khu", "đặc khu"),
)  # fmt: skip
"""How a committee is called, and the territory in its name."""
_LONGEST_PREFIX = 8


def slug(text: str) -> str:
    """Return the text as an id: small letters without accents, digits, hyphens.

    >>> slug("Đoàn phường Bình Hưng Hòa A")
    'doan-phuong-binh-hung-hoa-a'
    """
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\u0300-\u036f]", "", bare)).strip("-") or "don-vi"


def cluster_ids(names: Sequence[str]) -> list[str]:
    """Return an id for each cluster, which also names its file; the word before the name (`Khối`) is left out."""
    return list(_apart(_GROUP.sub("", slug(name)) for name in names))


def unit_ids(names: Sequence[str]) -> list[str]:
    """Return an id for each unit of the whole district."""
    return list(_apart(slug(name) for name in names))


def _apart(ids: Iterator[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for one in ids:
        seen[one] = seen.get(one, 0) + 1
        name = one if seen[one] == 1 else f"{one}-{seen[one]}"
        seen.setdefault(name, 1)
        yield name


def prefixes(ids: Sequence[str]) -> list[str]:
    """Return one to eight capitals for each cluster, no two the same: the initials, more letters where they clash."""
    return list(_in_order(ids))


def _in_order(ids: Sequence[str]) -> Iterator[str]:
    taken: set[str] = set()
    for one in ids:
        chosen = next(word for word in _candidates(one) if word not in taken)
        taken.add(chosen)
        yield chosen


def _candidates(one: str) -> Iterator[str]:
    words = [re.sub(r"[^a-z]", "", part).upper() for part in one.split("-")]
    letters, initials = "".join(words) or "K", "".join(word[:1] for word in words) or "K"
    yield initials[:_LONGEST_PREFIX]
    yield from (letters[:length] for length in range(2, _LONGEST_PREFIX + 1) if len(letters) >= length)
    for number in range(26 * 26):
        yield f"{initials[: _LONGEST_PREFIX - 2]}{chr(65 + number // 26)}{chr(65 + number % 26)}"


def place_of(committee: str) -> str:
    """Return the place in a committee's name.

    >>> place_of("Quận Đoàn Gò Vấp"), place_of("Đoàn phường An Lạc")
    ('Gò Vấp', 'An Lạc')
    """
    return _split(committee)[1]


def district_of(committee: str) -> str:
    """Return how running text names the committee's union.

    >>> district_of("Quận Đoàn Gò Vấp")
    'Đoàn TNCS Hồ Chí Minh quận Gò Vấp'
    """
    return f"Đoàn TNCS Hồ Chí Minh {' '.join(part for part in _split(committee) if part)}"


def issuing_body_of(committee: str) -> str:
    """Return the second line of the letterhead's left side.

    >>> issuing_body_of("Đoàn phường An Lạc")
    'BCH ĐOÀN PHƯỜNG AN LẠC'
    """
    return f"BCH Đoàn {' '.join(part for part in _split(committee) if part)}".upper()


def signing_title_of(committee: str) -> str:
    """Return what stands above the signature."""
    named = next((words for words, _ in _COMMITTEES if committee.lower().startswith(words) and words.endswith("đoàn")), "")
    return f"TM. BAN THƯỜNG VỤ {named.upper()}".strip()


def _split(committee: str) -> tuple[str, str]:
    for words, territory in _COMMITTEES:
        if committee.lower().startswith(f"{words} "):
            return territory, committee[len(words) :].strip()
    return "", committee
