"""Names of children with their class or their day of birth, in a shadow (`sync.personal.shadow`).

A name is one by its surname, or by the word before it (`em`, `học sinh`); it is personal if a class or a birth stands beside it, or beside a name
of the same list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.personal.shadow import HIDDEN, Shadow
from sync.personal.words import CHILD, NO_NAME, NO_NAME_AS_WRITTEN, PLACES, PLAIN_CHILD, PLAIN_SURNAMES, SMALL_SURNAMES, SURNAMES

NAME = "tên và lớp hoặc ngày sinh của trẻ em"

_WORD = re.compile(r"[^\W\d_]+")
HINT = re.compile(rf"lop|lp|sinh|\bs\.?n\b|\bns\b|\d[a-z]|\d/\d|(?:19|20)\d\d|\d[.\-]\d|{HIDDEN}", re.IGNORECASE)
_APART = r"(?: {1,3}|[._\-'])"
_CAPITAL = r"(?-i:[A-Z])(?:[A-Za-z]+|\.(?= ?[A-Z])|)"
_SURNAMED = re.compile(rf"(?<![A-Za-z\d@])([A-Z][A-Za-z]{{0,6}})((?:{_APART}{_CAPITAL}){{1,4}})(?![A-Za-z@])")
_SMALL = re.compile(r"(?<![A-Za-z\d@])([a-z]{2,6})((?: {1,3}[a-z]{1,6}){1,3})")
_AFTER_WORD = re.compile(
    rf"(?<![A-Za-z\d])(?:em|chau|be|hs|hoc +sinh|doi +vien|thieu +nhi|nhi +dong|ban|con|hoc +tro)[ :.\-]{{1,3}}({_CAPITAL}(?:{_APART}{_CAPITAL}){{0,4}})",
    re.IGNORECASE,
)

_G = rf"(?:{HIDDEN}+|[\s,;:.|/\\()\[\]\-_*\"'=>+])"
_NUMBER_WORD = r"(?:mot|hai|ba|bon|tu|nam|sau|bay|tam|chin|muoi(?: mot| hai)?|la|choi|mam)\b"
_SECTION = r"(?:[A-Za-z]\d{0,2}|[/.\-]\d{1,2}[A-Za-z]?)?(?![A-Za-z\d])"
_CLASS = rf"(?:lop|lp|l\.|class){_G}{{0,3}}(?:(?:1[0-2]|0?[1-9]){_SECTION}|{_NUMBER_WORD}(?:{_G}{{1,2}}[A-Z\d]{{1,2}}\b)?)"
_BARE_CLASS = r"(?:1[0-2]|[1-9])(?-i:[A-Z]|[a-c])\d{0,2}(?![A-Za-z\d/])"
_SLASHED_CLASS = r"(?:1[0-2]|[1-9])[/.]\d{1,2}(?![\d/.])"
_DAY = r"\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?(?:(?:19|20)\d\d|\d\d)(?!\d)"
_BORN_DAY = r"\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?(?:20)?(?:0[3-9]|1\d|2[0-2])(?!\d)"
_NO_EVENT = rf"(?!{_G}{{0,3}}(?:20(?:2[3-9]|[3-9]\d)(?!\d)|2[3-9](?![\d/.\-])))"
"""Behind `năm` alone, a year in which nobody was born who goes to school is the year of an event, as in the name of a contest."""
_BIRTH = (
    rf"(?:(?:ngay|nam|ngay thang nam)?\s*sinh(?:\s*(?:ngay|nam))?|s\.?n|n\.?s|s\.|dob|nam{_NO_EVENT}){_G}{{0,3}}(?:ngay\s*)?"
    rf"(?:{_DAY}|\d{{1,2}}\s*thang\s*\d{{1,2}}(?:\s*nam\s*\d{{4}})?|(?:19|20)\d\d|'?\d\d(?!\d))"
)
_BORN = r"\(?20(?:0[3-9]|1\d|2[0-2])(?![\d\-/])"
_FILLER = rf"(?:(?:la|hien|dang|nay|hoc|sinh|em|hs|doi|vien|cua|o|tai|thuoc|nu|co|chau|be|ten|me|bo|ba|ph|phu huynh|sdt|dt|cccd){_G}{{1,8}}){{0,5}}"
_AFTER = re.compile(
    rf"{_G}{{0,12}}{_FILLER}(?:({_CLASS}|{_BARE_CLASS})|(\({_SLASHED_CLASS}\)|(?<=[,:\-]){_SLASHED_CLASS}|(?<=[,:\-] ){_SLASHED_CLASS})|({_BIRTH}|{_BORN_DAY})|({_BORN}))",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?:({_CLASS}|(?<![\d/.]){_BARE_CLASS}|\({_SLASHED_CLASS}\))|({_BIRTH}|(?<!\d){_BORN_DAY})){_G}{{1,8}}{_FILLER}$", re.IGNORECASE
)
_PLACE_BEFORE = re.compile(
    r"(?:\b(?:truong|th|thcs|thpt|tih|mn|mam non|tieu hoc|trung hoc|lien doi|chi doi|doi|duong|pho|hem|kp|khu pho|giai thuong|giai|cong vien|quy|hoc bong"
    r"|hoi thi|cup|phong trao|guong|mang ten|thu vien|anh hung|liet si|ahls|bac|nha thieu nhi|nvh|san|cau|cho|khoi|chien dich|co|thay|gv|gvcn|giao vien|anh|chi|ong|ba|d/c"
    r"|dong chi)[\s:]{1,3})$",
    re.IGNORECASE,
)
_IN_LIST = re.compile(rf"(?:{_G}|\b(?:va|em|chau|be|ban|hs|hoc sinh|\d{{1,2}}[.)])\b){{0,10}}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    """Of the word before it, where there is one."""
    end: int
    until: int
    """End of the class or birth, where one follows."""
    sure: bool


def find(shadow: Shadow) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, kind) of each name that is personal, its class or birth included, in the shadow's own letters."""
    if not HINT.search(shadow.plain):
        return
    for group in _lists(sorted(_names(shadow), key=lambda one: (one.start, -one.until)), shadow.plain):
        if any(one.sure for one in group):
            yield from ((one.start, one.until, NAME) for one in group)


def _names(shadow: Shadow) -> Iterator[_Name]:
    plain = shadow.plain
    for pattern, is_surname in ((_SURNAMED, _is_surname), (_SMALL, _is_small_surname)):
        at = 0
        while found := pattern.search(plain, at):
            start, end = found.start(), found.end()
            at = found.end(1)
            if is_surname(shadow, found):
                at = max(_end_of_name(shadow, start, end), at)
                if name := _judged(shadow, start, at, child=False):
                    yield name
    for found in _AFTER_WORD.finditer(plain):
        if _is_child_word(shadow, found) and (
            name := _judged(shadow, found.start(1), _end_of_name(shadow, found.start(1), found.end(1)), child=True)
        ):
            yield _Name(min(found.start(), name.start), name.end, name.until, name.sure)


def _end_of_name(shadow: Shadow, start: int, end: int) -> int:
    """Return where the name ends before a word that is none (`Lê An Lớp 4` ends before `Lớp`)."""
    for word in _WORD.finditer(shadow.plain[start:end]):
        if _is_no_name(shadow, start + word.start(), start + word.end()):
            return start + len(shadow.plain[start : start + word.start()].rstrip(" ._-'"))
    return end


def _is_no_name(shadow: Shadow, start: int, end: int) -> bool:
    shown = shadow.shown[start:end].lower()
    return shown in NO_NAME_AS_WRITTEN or shadow.plain[start:end].lower() in NO_NAME


def _judged(shadow: Shadow, start: int, end: int, *, child: bool) -> _Name | None:
    """Return the name with what stands beside it; `None` where it is a place's or too short to be one."""
    plain = shadow.plain
    name = " ".join(re.split(r"[ ._\-']+", plain[start:end].lower())).strip()
    if not name or (not child and " " not in name):
        return None
    after, before = _AFTER.match(plain, end), _BEFORE.search(plain, max(0, start - 48), start)
    if after and after[4] and not child and name.count(" ") < 2:
        after = None  # `Hà Nội 2015`: two words and a year are a place or an event as easily
    birth = bool(after and after[3]) or bool(before and before[2])
    if not child and not birth and (name in PLACES or _PLACE_BEFORE.search(plain, max(0, start - 16), start)):
        return None
    if not child and name == "ho chi minh":
        return None
    until = _closed(plain, start, after.end()) if after else end
    first = before.start() if before and not after else start
    return _Name(first, end, until, bool(after or before))


def _closed(plain: str, start: int, end: int) -> int:
    """Return where the bracket is closed that was opened between name and class."""
    is_open = plain.count("(", start, end) > plain.count(")", start, end)
    return end + 1 if is_open and plain[end : end + 1] == ")" else end


def _is_surname(shadow: Shadow, found: re.Match[str]) -> bool:
    shown, plain = shadow.shown[found.start(1) : found.end(1)].lower(), found[1].lower()
    return shown in SURNAMES.get(plain, ()) if not shown.isascii() else plain in PLAIN_SURNAMES or shown in SURNAMES.get(plain, ())


def _is_small_surname(shadow: Shadow, found: re.Match[str]) -> bool:
    shown, plain = shadow.shown[found.start(1) : found.end(1)], found[1]
    middle = found[2].split()[0]
    return shown in SMALL_SURNAMES or (middle in ("van", "thi") and (shown in SURNAMES.get(plain, ()) or plain in PLAIN_SURNAMES))


def _is_child_word(shadow: Shadow, found: re.Match[str]) -> bool:
    """Return whether the word says that a child's name follows; in a text of capitals only a surname does."""
    word = _WORD.findall(shadow.shown[found.start() : found.start(1)].lower())[-1]
    known = PLAIN_CHILD if word.isascii() else CHILD.get(_WORD.findall(shadow.plain[found.start() : found.start(1)].lower())[-1], ())
    if not found[1][0].isupper() or word not in known:
        return False
    first = _WORD.search(found[1])
    return not found[0].isupper() or (first is not None and first[0].lower() in SURNAMES)


def _lists(names: Sequence[_Name], plain: str) -> Iterator[list[_Name]]:
    """Yield the names that stand one after another; of two that overlap the one that begins first."""
    group: list[_Name] = []
    for one in names:
        if group and one.start < group[-1].until:
            if one.until > group[-1].until or (one.sure and not group[-1].sure):
                group[-1] = _Name(group[-1].start, one.end, max(one.until, group[-1].until), one.sure or group[-1].sure)
            continue
        if group and not _IN_LIST.fullmatch(plain, group[-1].until, one.start):
            yield group
            group = []
        group.append(one)
    if group:
        yield group
