"""Phones, identity cards, bank accounts and mail addresses in a shadow (`sync.personal.shadow`).

The separators that people type stand between any two digits; what makes a date, a sum of money or a list of days of them is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sync.personal.shadow import Shadow

PHONE, CARD, ACCOUNT, MAIL = "số điện thoại", "số căn cước", "số tài khoản", "địa chỉ thư điện tử"

_S = r"[ .\-_/,()]{0,3}"
_TO_NUMBER = r"[^\d\n@]{0,28}?"
_ALONE = r"(?<!\d)(?:(?<!\d[.,])|(?=0\d{9}))"
_LAST = r"(?!\d)"
_BANKS = (
    r"(?:vietcombank|vcb|bidv|agribank|techcombank|tcb|acb|sacombank|stb|vietinbank|ctg|tpbank|vpbank|mb ?bank|mbb?|hdbank|shb|ocb|scb|vib|msb|eximbank"
    r"|dong a bank|nam a bank|bac a bank|lpbank|lienvietpostbank|seabank|abbank|pvcombank|kienlongbank|cake|timo|momo|zalopay|viettel ?money)"
)


def _loose(count: int | str) -> str:
    """Return the pattern of so many more digits, whatever separates them."""
    return rf"(?:{_S}\d){{{count}}}"


_IGNORE = re.IGNORECASE
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (MAIL, re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+")),
    (
        MAIL,
        re.compile(
            r"(?<![\w.+\-])[\w.+\-]{1,64} ?(?:@|[(\[{<] ?(?:at|a cong|@) ?[)\]}>]| at | a cong ) ?[\w\-]+(?: ?(?:[.,]|[(\[{] ?dot ?[)\]}]| dot | cham ) ?[\w\-]+){0,3}"
            r" ?(?:[.,]|[(\[{] ?dot ?[)\]}]| dot | cham ) ?(?:com|vn|net|org|edu|gov|info|me|io)\b",
            _IGNORE,
        ),
    ),
    (
        CARD,
        re.compile(
            r"\b(?:c\.?c\.?c\.?d|c\.?m\.?n\.?d|c\.?m\.?t|cmtnd|can cuoc|chung minh|dinh danh|ddcn|mdd|ho chieu|passport|bhyt|bao hiem|the hoc sinh|ma hoc sinh)"
            rf"\b{_TO_NUMBER}([A-Z]{{0,2}}\d{_loose('6,14')}){_LAST}",
            _IGNORE,
        ),
    ),
    (
        ACCOUNT,
        re.compile(
            rf"\b(?:s?tk|so tk|tai khoan|account|acc|so the|the atm|{_BANKS}|ngan hang)\b{_TO_NUMBER}(\d{_loose('5,18')}){_LAST}", _IGNORE
        ),
    ),
    (
        ACCOUNT,
        re.compile(
            rf"(?<!\d)(?<!\d[.,])(\d{_loose('7,18')})(?!\d)[\s,;:()\-/]{{0,4}}(?:(?:tai|nh|ngan hang)\s+){{0,2}}{_BANKS}\b", _IGNORE
        ),
    ),
    (PHONE, re.compile(rf"{_ALONE}\(?0{_S}[35789]{_loose(8)}{_LAST}")),
    (CARD, re.compile(rf"{_ALONE}0{_loose(11)}{_LAST}")),
    (PHONE, re.compile(rf"(?<!\d)(?:\(?(?:\+ ?|00)84\)?{_S}(?:\(?0\)?)?|(?<!\d[.,])84{_S}){_S}(?:[35789]{_loose(8)}|2{_loose(9)}){_LAST}")),
    (PHONE, re.compile(rf"{_ALONE}\(?0{_S}2{_loose(9)}{_LAST}")),
    (PHONE, re.compile(rf"{_ALONE}\(?01[2689]\d{_loose(7)}{_LAST}")),
    (
        PHONE,
        re.compile(
            rf"\b(?:s?dt|s?\.?d\.?t|dtdd|dien thoai|tel|phone|mobile|hotline|zalo|viber|lien he|lh|lien lac|so may)\b{_TO_NUMBER}((?!1[89]00)[1-9]{_loose('6,10')}){_LAST}",
            _IGNORE,
        ),
    ),
    (ACCOUNT, re.compile(r"(?<!\d)(?<!\d[.,])(?:9704|[45]\d{3})(?:[ .\-]?\d{4}){3}(?:[ .\-]?\d{1,3})?(?!\d)")),
    (ACCOUNT, re.compile(r"(?<![\d.,])\d{12,19}(?![\d.,]*\d)")),
)
_ENOUGH = re.compile(r"(?:\d[^\d]{0,3}){6}|@|\bat\b|a cong", _IGNORE)
_DATE = re.compile(r"(?<!\d)\d{1,2} ?([/.\-]) ?\d{1,2} ?\1 ?(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d([/.\-])\d{1,2}\2\d{1,2}(?!\d)")
_GROUP = re.compile(r"\d+")
_BETWEEN = re.compile(r"(?<=\d)\D+(?=\d)")
_MOMENT = re.compile(r"20[0-3]\d(?:0[1-9]|1[0-2])[0-3]\d(?:[0-2]\d[0-5]\d){1,2}\d*")
_COUNTRY = re.compile(r"^\(?(?:\+ ?|00)84[^\d]*")
_PARENTHESES = re.compile(r"[()]")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ .\-]?)+")
_MONEY_AFTER = re.compile(r"[.,]?\d*\s*(?:d|dong|vnd|tr|trieu|k|ngan|nghin|ty)\b", _IGNORE)
_ROUND = re.compile(r"[1-9]\d{0,2}(?:[., ]\d{3})*[., ]?000$")


def find(shadow: Shadow) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, kind) of each number or address, in the shadow's own letters; one piece may be told twice."""
    if not _ENOUGH.search(shadow.plain):
        return
    for kind, pattern in _PATTERNS:
        yield from ((start, end, kind) for start, end in _of(pattern, shadow.plain, _is_mail if kind is MAIL else _is_number))


def _of(pattern: re.Pattern[str], plain: str, holds: Callable[[str, int, int], bool]) -> Iterator[tuple[int, int]]:
    """Yield what the pattern finds and the judge accepts; what he refuses may begin again one letter further on."""
    at = 0
    while found := pattern.search(plain, at):
        start, end = found.span(1 if pattern.groups and found[1] is not None else 0)
        if holds(plain, start, end):
            yield start, end
            at = end
        else:
            at = found.start() + 1


def _is_mail(plain: str, start: int, end: int) -> bool:
    return True


def _is_number(plain: str, start: int, end: int) -> bool:
    """Return whether the digits are one number, and no dates, sums of money or lists."""
    piece = plain[start:end]
    if _DATE.search(piece) or _YEARS.fullmatch(piece) or _MOMENT.fullmatch(piece):
        return False
    if piece[0] in "123456789" and (_ROUND.match(piece) or _MONEY_AFTER.match(plain, end)):
        return False
    piece = _COUNTRY.sub("", piece)
    groups = _GROUP.findall(piece)
    if len(groups) == 1 or min(map(len, groups)) >= 3:
        return True
    # Short groups are days and months as easily as a phone: only one sign throughout makes them one number.
    signs = {_PARENTHESES.sub("", sign).strip() for sign in _BETWEEN.findall(piece)}
    ends_in_date = plain[end : end + 1] in ("/", "-", ".") and plain[end + 1 : end + 2].isdigit()
    single = sum(len(group) == 1 for group in groups)
    if single > 3 and (single < len(groups) or plain[end : end + 2].strip()[:1].isdigit()):
        return False  # counted up, not dialled
    return len(signs) == 1 and "," not in signs and not ends_in_date and ("/" not in signs or len(groups) == 5)
