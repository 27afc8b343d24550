"""What people type → values. What cannot be read raises UsageError with a sentence in Vietnamese: it is the next thing that they see."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar

from sync.errors import UsageError
from sync.init.answers import ClusterAnswer, Person, RoundAnswer, Span, TargetAnswer
from sync.init.names import WORDS_BEFORE_NAME, cluster_ids
from sync.text import clean, fold

T = TypeVar("T")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_MOST_YEARS = 20


def text(typed: str) -> str:
    """Return the text without spare spaces; raise where nothing is left."""
    if not (found := clean(typed)):
        raise UsageError("Chưa ghi gì.")
    return found


def optional(read: Callable[[str], T], otherwise: T) -> Callable[[str], T]:
    """Return a reader for which nothing typed is an answer too."""
    return lambda typed: read(typed) if clean(typed) else otherwise


def several(read: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """Return a reader of values with semicolons between them."""
    return lambda typed: tuple(read(part) for part in typed.split(";") if clean(part))


def years(typed: str) -> tuple[int, int]:
    """Read `2026-2030`, or one year."""
    found = re.fullmatch(r"\s*(20\d\d)\s*(?:[-–—]\s*(20\d\d))?\s*", typed)
    if not found or not 0 <= int(found[2] or found[1]) - int(found[1]) < _MOST_YEARS:
        raise UsageError(f"«{typed}» không phải là các năm của kế hoạch; ghi như 2026-2030.")
    return int(found[1]), int(found[2] or found[1])


def day(typed: str) -> date:
    """Read `15/03/2026` or `2026-03-15`."""
    found = re.fullmatch(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\s*", typed)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(typed.strip())
    except ValueError:
        raise UsageError(f"«{typed}» không phải là một ngày; ghi như 15/03/2026.") from None


def in_force(span: tuple[int, int]) -> Callable[[str], Span]:
    """Return a reader of the day from which the plan holds, which lies in its years."""

    def read(typed: str) -> Span:
        found = day(typed)
        if not span[0] <= found.year <= span[1]:
            raise UsageError(f"Ngày {typed} không nằm trong các năm {span[0]}-{span[1]} của kế hoạch.")
        return Span(*span, found)

    return read


def email(typed: str) -> str:
    """Read a mail address."""
    if not _EMAIL.fullmatch(found := clean(typed)):
        raise UsageError(f"«{typed}» không phải là địa chỉ thư; ghi như ten@example.org.")
    return found


def person(named: str) -> Callable[[str], Person]:
    """Return a reader of `Tên <ten@example.org>`; an address alone gets the name given here."""

    def read(typed: str) -> Person:
        found = re.fullmatch(r"\s*([^<>]*?)\s*<([^<>]*)>\s*", typed)
        return Person(clean(found[1]) or named, email(found[2])) if found else Person(named, email(typed))

    return read


def server(typed: str) -> tuple[str, int]:
    """Read `smtp.example.org` or `smtp.example.org:465`."""
    found = re.fullmatch(r"\s*([A-Za-z0-9.-]+)(?::(\d{1,5}))?\s*", typed)
    if not found or not 0 < int(found[2] or 587) < 65_536:
        raise UsageError(f"«{typed}» không phải là máy chủ thư; ghi như smtp.gmail.com hoặc smtp.gmail.com:587.")
    return found[1], int(found[2] or 587)


def spreadsheet(typed: str) -> str:
    """Read a spreadsheet's address as the browser shows it, or the id in it."""
    found = re.search(r"/spreadsheets/d/([A-Za-z0-9_-]+)", typed)
    bare = found[1] if found else typed.strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]{20,}", bare):
        raise UsageError(f"«{typed}» không phải là đường dẫn của một Google Trang tính; chép nguyên dòng địa chỉ trong trình duyệt.")
    return f"https://docs.google.com/spreadsheets/d/{bare}/edit"


def whole(typed: str) -> int:
    """Read a whole number above zero."""
    if not re.fullmatch(r"\d{1,6}", typed.strip()) or int(typed) < 1:
        raise UsageError(f"«{typed}» không phải là số nguyên lớn hơn 0.")
    return int(typed)


def fields(typed: str, most: int, shape: str) -> list[str]:
    """Return the parts between `|`, empty ones for those that were left out at the end."""
    parts = [clean(part) for part in typed.split("|")]
    if len(parts) > most or not parts[0]:
        raise UsageError(f"«{typed}» chưa đúng; ghi như {shape}.")
    return [*parts, *[""] * (most - len(parts))]


def one_round(typed: str) -> RoundAnswer:
    """Read `Đợt 1 | 1-5 | 30/01 | 30/05`: name, first and last month, day of registration, day of results."""
    shape = "Đợt 1 | 1-5 | 30/01 | 30/05"
    name, months, first, last = fields(typed, 4, shape)
    found = re.fullmatch(r"(\d{1,2})\s*-\s*(\d{1,2})", months)
    if not found or not 1 <= int(found[1]) <= int(found[2]) <= 12:
        raise UsageError(f"«{months}» không phải là tháng đầu và tháng cuối của một đợt; ghi như {shape}.")
    registration, results = _day_of_year(first, shape), _day_of_year(last, shape)
    if registration > results:
        raise UsageError(f"Hạn nộp kết quả {last} đứng trước hạn đăng ký {first}.")
    return RoundAnswer(name, int(found[1]), int(found[2]), *(f"{one.day:02d}/{one.month:02d}" for one in (registration, results)))


def rounds(typed: str) -> tuple[RoundAnswer, ...]:
    """Read rounds with semicolons between them, in the order of the year."""
    found = several(one_round)(typed)
    for earlier, later in pairwise(found):
        if later.first_month <= earlier.last_month:
            raise UsageError(f"{later.name} không nằm sau {earlier.name}; ghi các đợt theo thứ tự trong năm, tháng không chồng nhau.")
    if not found:
        raise UsageError("Cần ít nhất một đợt.")
    return found


def _day_of_year(typed: str, shape: str) -> date:
    try:
        date_, month = map(int, typed.split("/"))
        return date(2023, month, date_)  # no leap year: a due day must exist every year
    except ValueError:
        raise UsageError(f"«{typed}» không phải là một ngày có trong mọi năm; ghi như {shape}.") from None


def cluster(before: Sequence[ClusterAnswer]) -> Callable[[str], ClusterAnswer]:
    """Return a reader of `tên | người phụ trách | thư | đơn vị; đơn vị`. Without units the cluster is a unit of its own."""

    def read(typed: str) -> ClusterAnswer:
        name, head, address, units = fields(typed, 4, "Khối Y tế | Nguyễn Văn A | y-te@example.org | Bệnh viện; Trung tâm Y tế")
        named = cluster_name(before)(name)
        if bool(head) != bool(address):
            raise UsageError(f"{name}: ghi cả người phụ trách và địa chỉ thư, hoặc bỏ trống cả hai.")
        return ClusterAnswer(named, head, email(address) if address else "", units_of(before, name)(units))

    return read


def cluster_name(before: Sequence[ClusterAnswer]) -> Callable[[str], str]:
    """Return a reader of a cluster's name, which no earlier one may have."""

    def read(typed: str) -> str:
        named = text(typed)
        if fold(named) in {fold(one.name) for one in before}:
            raise UsageError(f"Đã có khu vực, khối «{named}».")
        return named

    return read


def units_of(before: Sequence[ClusterAnswer], cluster_named: str) -> Callable[[str], tuple[str, ...]]:
    """Return a reader of a cluster's units; no two of the district may look the same in a sheet."""
    taken = {_unit_key(unit): unit for one in before for unit in one.units}

    def read(typed: str) -> tuple[str, ...]:
        named, seen = several(text)(typed) or (cluster_named,), dict(taken)
        for unit in named:
            if other := seen.get(_unit_key(unit)):
                raise UsageError(f"«{unit}» trùng với «{other}»: khi đọc bảng không phân biệt được; đặt tên khác nhau.")
            seen[_unit_key(unit)] = unit
        return named

    return read


def _unit_key(name: str) -> str:
    key = fold(name)
    for word in sorted(map(fold, WORDS_BEFORE_NAME), key=len, reverse=True):
        key = key.removeprefix(f"{word} ")
    return key.replace(" ", "")


def target(before: Sequence[TargetAnswer], clusters: Sequence[ClusterAnswer]) -> Callable[[str], TargetAnswer]:
    """Return a reader of `tên | số lượng | đơn vị tính | khu vực, khối thực hiện`."""

    def read(typed: str) -> TargetAnswer:
        name, goal, measure, by = fields(typed, 4, "Thư viện sách | 5 | thư viện | Khối Y tế=3; Khối Trường học=2")
        number = whole(goal)
        return TargetAnswer(target_name(before)(name), number, text(measure), carriers(clusters, number)(by))

    return read


def target_name(before: Sequence[TargetAnswer]) -> Callable[[str], str]:
    """Return a reader of a target's name, which no earlier one may have."""

    def read(typed: str) -> str:
        named = text(typed)
        if fold(named) in {fold(one.name) for one in before}:
            raise UsageError(f"Đã có chỉ tiêu «{named}».")
        return named

    return read


def carriers(clusters: Sequence[ClusterAnswer], goal: int) -> Callable[[str], dict[int, int]]:
    """Return a reader of who carries a target: `1=5; Khối Y tế=3`, `1; 3` (in equal parts), or nothing (everyone).

    Everyone gets the same whole part, and what is left over has no owner; of a goal too small for that the first gets one.
    """

    def read(typed: str) -> dict[int, int]:
        named = [_carrier(part, clusters) for part in re.split(r"[;,]", typed) if clean(part)]
        if not named:
            return _everyones(len(clusters), goal)
        given = {place: part for place, part in named if part}
        if given and len(given) < len(named):
            raise UsageError("Ghi phần của mọi khu vực, khối đã nêu, hoặc không ghi phần nào.")
        shared = given or _in_equal_parts([place for place, _ in named], goal)
        if sum(shared.values()) > goal:
            raise UsageError(f"Các phần cộng lại là {sum(shared.values())}, nhiều hơn chỉ tiêu {goal}.")
        return shared

    return read


def _everyones(clusters: int, goal: int) -> dict[int, int]:
    if goal == 1 < clusters:
        raise UsageError("Chỉ tiêu 1 không chia được cho mọi nơi; ghi khu vực, khối thực hiện.")
    return dict.fromkeys(range(clusters), goal // clusters) if goal >= clusters else {0: 1}


def _in_equal_parts(places: Sequence[int], goal: int) -> dict[int, int]:
    if goal < len(places):
        raise UsageError(f"Chỉ tiêu {goal} không chia được cho {len(places)} khu vực, khối.")
    return {place: goal // len(places) + (index < goal % len(places)) for index, place in enumerate(places)}


def _carrier(typed: str, clusters: Sequence[ClusterAnswer]) -> tuple[int, int]:
    name, sign, part = typed.partition("=")
    return cluster_place(name, clusters), whole(part) if sign else 0


def cluster_place(typed: str, clusters: Sequence[ClusterAnswer]) -> int:
    """Return the position (from 0) of the cluster that was named by its number, name or id."""
    names = [one.name for one in clusters]
    known = [{str(at + 1), fold(name), fold(one)} for at, (name, one) in enumerate(zip(names, cluster_ids(names), strict=True))]
    found = next((at for at, keys in enumerate(known) if fold(typed) in keys), None)
    if found is None:
        listed = "; ".join(f"{at} {name}" for at, name in enumerate(names, 1))
        raise UsageError(f"Không có khu vực, khối «{clean(typed)}»; có: {listed}.")
    return found
