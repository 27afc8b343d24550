"""Personal data in people's cells: found, named by kind, and masked in everything that the system writes (contract section 5, `personal-data`).

The plan needs counts only. Phones, identity-card and bank numbers, e-mail addresses and a child's name with class or birth date
never leave the sheet in which they were typed.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NAME = (
    r"(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Lâm|Mai|Đào|Cao|Tô|Tạ|Châu|Trương|Hà|Thái|Lưu|Quách|Đoàn)"
    r"(?:\s+[A-ZÀ-ỸĐ][a-zà-ỹđ]*){1,4}"
)
_ANY_NAME = r"[A-ZÀ-ỸĐ][a-zà-ỹđ]*(?:\s+[A-ZÀ-ỸĐ][a-zà-ỹđ]*){0,4}"
_CHILD = r"(?:(?<!\w)(?:[Ee]m|EM|[Cc]háu|[Bb]é|[Hh]ọc sinh|HS|[Đđ]ội viên)\s+(?:" + _ANY_NAME + r"))"
_BELONGS = r"[\s,;:–(\-]*(?:(?:học\s+)?(?:[Ll]ớp|LỚP)\s*\d{1,2}|(?:sinh\s+(?:ngày|năm)|ngày\s+sinh|năm\s+sinh|[Ss]inh:?|SN|NS)[\s:]*\d|\d{1,2}/\d{1,2}/(?:19|20)\d\d)"
_NOT_A_SCHOOL = r"(?<![Tt]rường )(?<!TH )(?<!THCS )(?<!THPT )(?<!TiH )(?<![Đđ]ường )(?<!tiểu học )(?<!Tiểu học )(?<![Ll]iên đội )"

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_THREE_DIGITS = re.compile(r"\d\d\d")
_HINTS = ("@", "ớp", "LỚP", "inh", "SN", "NS")
"""Without one of these, or three digits in a row, none of the kinds below can be there."""
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("địa chỉ thư điện tử", re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")),
    (
        "số tài khoản",
        re.compile(r"(?:STK|stk|[Ss]ố\s+tài\s+khoản|[Tt]ài\s+khoản|TK)[^\d\n]{0,25}(\d[\d .\-]{4,22}\d)"),
    ),
    (
        "số căn cước",
        re.compile(
            r"(?:CCCD|CMND|CMT|cccd|cmnd|[Cc]ăn\s+cước|[Cc]hứng\s+minh)[^\d\n]{0,25}(\d(?:[ .\-]?\d){8,11})(?!\d)|(?<![\d.,])(0\d{2}(?:[ .\-]?\d{3}){3})(?![\d.,]*\d)"
        ),
    ),
    (
        "số điện thoại",
        re.compile(r"(?<![\d.,])(?:\+?84[ .\-]?|\(?0)(?:[35789]\d(?:[ .\-]?\d){7}|2\d{1,2}\)?(?:[ .\-]?\d){7,8})(?!\d)"),
    ),
    ("tên và lớp hoặc ngày sinh của trẻ em", re.compile(rf"(?:{_CHILD}|{_NOT_A_SCHOOL}(?<!\w){_NAME}){_BELONGS}[^\s,;)]*")),
)


def find_personal(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, kind) of each piece of personal data; addresses of the web are left out of the search."""
    if not _THREE_DIGITS.search(text) and not any(hint in text for hint in _HINTS):
        return ()
    return _found(text)


@lru_cache(maxsize=65_536)
def _found(text: str) -> tuple[tuple[int, int, str], ...]:
    plain = _ADDRESS.sub(lambda found: "\x00" * len(found[0]), text)
    taken: list[tuple[int, int, str]] = []
    for kind, pattern in _KINDS:
        for found in pattern.finditer(plain):
            group = next((number for number in range(1, (found.lastindex or 0) + 1) if found[number]), 0)
            start, end = found.span(group)
            if all(end <= other[0] or start >= other[1] for other in taken):
                taken.append((start, end, kind))
    return tuple(sorted(taken))


def mask(text: str) -> str:
    """Return the text with each piece of personal data replaced by its kind in brackets."""
    for start, end, kind in reversed(find_personal(text)):
        text = f"{text[:start]}[đã che: {kind}]{text[end:]}"
    return text


def kinds_in(text: str) -> tuple[str, ...]:
    """Return the kinds of personal data in the text, each once, in the order of the text."""
    return tuple(dict.fromkeys(kind for _, _, kind in find_personal(text)))
