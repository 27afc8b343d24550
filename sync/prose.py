"""Figures and sentences in Vietnamese, as official documents write them (the union's guide 29-HD/TWĐTN-VP; exact half-up arithmetic).

Everything here takes values and returns finished text. Nothing judges: before the year has closed no sentence calls a target missed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sync.model import Figures, Period, Progress
from sync.plan import Plan, Round, Target, day_after

DASH = "–"
"""Stands where there is no figure; a zero is a figure."""


def count(number: int) -> str:
    """Return a count as people write it in running text: a zero before one digit, thousands with a point.

    >>> count(0), count(5), count(1234)
    ('0', '05', '1.234')
    """
    return f"{number:02d}" if 0 < number < 10 else figure(number)


def figure(number: int | None) -> str:
    """Return a whole number for a table: thousands with a point, an en dash where there is none."""
    return DASH if number is None else f"{number:,}".replace(",", ".")


def rate(percent: str | None) -> str:
    """Return ``57.5`` as `57,5%`, ``60.0`` as `60%`, ``1240.0`` as `1.240%`, an en dash where there is none."""
    if percent is None:
        return DASH
    whole, _, decimals = percent.partition(".")
    decimals = decimals.rstrip("0")
    return figure(int(whole)) + (f",{decimals}" if decimals else "") + "%"


def day(value: date) -> str:
    """Return a day for running text: a leading zero before days under 10 and before months 1 and 2, as documents do.

    >>> day(date(2025, 2, 9)), day(date(2025, 5, 30))
    ('09/02/2025', '30/5/2025')
    """
    return f"{due_day(value)}/{value.year}"


def due_day(value: date) -> str:
    """Return the day without its year: `30/01`, `30/8`."""
    return f"{value.day:02d}/{month(value.month)}"


def month(number: int) -> str:
    """Return the month with a zero only before 1 and 2."""
    return f"{number:02d}" if number <= 2 else str(number)


def period(value: Period) -> str:
    """Return `15/3/2024`, `12–15/3/2024`, `28/02–02/3/2024`, or `tháng 3/2024` where it is the whole month."""
    start, end = value.start, value.end
    if start == end:
        return day(start)
    if start.year != end.year:
        return f"{day(start)}–{day(end)}"
    if start.month != end.month:
        return f"{due_day(start)}–{day(end)}"
    whole = start.day == 1 and day_after(end).month != end.month
    return f"tháng {month(start.month)}/{start.year}" if whole else f"{start.day:02d}–{day(end)}"


def place_and_day(place: str, value: date | None) -> str:
    """Return `Bình Tân, ngày 09 tháng 02 năm 2025`, the day left open where nobody has set it."""
    if value is None:
        return f"{place}, ngày      tháng      năm        "
    return f"{place}, ngày {value.day:02d} tháng {month(value.month)} năm {value.year}"


def names(listed: Sequence[str]) -> str:
    """Return `A`, `A và B`, `A, B và C`."""
    return " và ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)


def counted(listed: Sequence[str], limit: int | None = None) -> str:
    """Return `03 đơn vị: A; B; C`, from ``limit`` names on `… và 07 đơn vị khác`; nothing for nobody."""
    if not listed:
        return ""
    shown = listed if limit is None or len(listed) <= limit else listed[:limit]
    rest = f" và {count(len(listed) - len(shown))} đơn vị khác" if len(shown) < len(listed) else ""
    return f"{count(len(listed))} đơn vị: {'; '.join(shown)}{rest}"


def sentence(*parts: str) -> str:
    """Return the parts that say something as one sentence: first letter large, commas between, a full stop."""
    text = ", ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}."


def handed_in(expected: int, on_time: int, late: int, missing: int) -> str:
    """Return how units handed in what was due, in words."""
    if on_time == expected:
        return f"đủ {count(expected)} đơn vị nộp đúng hạn"
    if missing == expected:
        return f"{count(expected)} đơn vị phải nộp, chưa đơn vị nào nộp"
    states = (("đúng hạn", on_time), ("trễ hạn", late), ("chưa nộp", missing))
    return ", ".join([f"{count(expected)} đơn vị phải nộp", *(f"{state} {count(number)}" for state, number in states if number)])


def completeness(clusters: int, unread: Sequence[str]) -> str:
    """Return from how many clusters' spreadsheets the figures come, and the names of those that could not be read."""
    fresh = clusters - len(unread)
    if not unread:
        return f"Số liệu lấy từ bảng của đủ {count(fresh)} khu vực, khối."
    if not fresh:
        return "Lần này chưa đọc được bảng của khu vực, khối nào."
    return f"Số liệu mới có của {count(fresh)}/{count(clusters)} khu vực, khối; chưa đọc được bảng của {names(unread)}."


def errors_left(by_cluster: Sequence[tuple[str, int]], excluded: int) -> str:
    """Return how many errors still stand in whose spreadsheets, and how many rows they keep out of the figures."""
    if not by_cluster:
        return "Bảng của các đơn vị không có lỗi."
    listed = "; ".join(f"{name} {count(number)}" for name, number in by_cluster)
    kept_out = f", vì vậy {count(excluded)} dòng chưa được tính" if excluded else ""
    return f"Bảng của các đơn vị còn {count(sum(number for _, number in by_cluster))} lỗi cần sửa ({listed}){kept_out}."


def target_sentence(one: Figures, progress: Progress, plan: Plan, *, closed: bool) -> str:
    """Return what is said of one target in a report: done of the goal, registered, and what is still planned while the year is open."""
    target = plan.target(one.target)
    done = sentence(_done(one, target, _by_round(progress, plan, one.target)), *_achieved(one, target, closed=closed))
    registered = f"số đăng ký trong năm: {count(one.registered)} {target.measure}" if one.registered else "trong năm chưa có đăng ký"
    return f"{done} {sentence(registered, '' if closed else _planned(one, target))}"


def _done(one: Figures, target: Target, rounds: str) -> str:
    if not one.done:
        return f"chưa thực hiện {target.measure} nào" + (f" (0/{count(one.goal)} {target.measure})" if one.goal is not None else "")
    of_goal = f"/{count(one.goal)}" if one.goal is not None else ""
    return f"đã thực hiện {count(one.done)}{of_goal} {target.measure}" + (f" ({rounds})" if rounds else "")


def _by_round(progress: Progress, plan: Plan, target_id: int) -> str:
    """Return `đợt 1: 03; hè: 10`, only what is not nothing."""
    parts = [one for one in progress.by_round if one.target == target_id and one.round is not None and one.done]
    return "; ".join(f"{plan.round(one.round or '').name.lower()}: {count(one.done)}" for one in parts)


def _achieved(one: Figures, target: Target, *, closed: bool) -> tuple[str, ...]:
    """Return what that is of the year's goal: no verdict before the year has closed, never more than the excess as excess."""
    if one.goal is None:
        return ()
    if one.done >= one.goal:
        over = excess(one)
        return (f"đạt {rate(one.percent)} chỉ tiêu", f"vượt {over}" if over else "")
    nearly = "gần " if one.percent == "100.0" else ""
    verdict = "chưa đạt chỉ tiêu" if closed else ""
    return f"đạt {nearly}{rate(one.percent)} chỉ tiêu năm", verdict, f"còn thiếu {count(one.goal - one.done)} {target.measure}"


def excess(one: Figures) -> str:
    """Return by how many per cent the goal was passed (`25%` at 125%), nothing where it was not, or not by a tenth."""
    over = Decimal(one.percent or "0") - 100
    return rate(str(over)) if over > 0 else ""


def _planned(one: Figures, target: Target) -> str:
    planned = one.projected - one.done
    if planned <= 0:
        return ""
    of_goal = f"/{count(one.goal)}" if one.goal is not None else ""
    return f"còn {count(planned)} {target.measure} theo kế hoạch (nếu thực hiện đủ thì cả năm được {count(one.projected)}{of_goal})"


def registration_sentence(one: Figures, progress: Progress, plan: Plan) -> str:
    """Return what is said of one target's registrations: how many for which round, and what of the goal nobody has registered.

    Registrations are counted beside the goal, never as a rate of it, and never called done.
    """
    target = plan.target(one.target)
    goal = f"chỉ tiêu năm {count(one.goal)} {target.measure}; " if one.goal is not None else ""
    if not one.registered:
        return sentence(f"{goal}chưa đơn vị nào đăng ký")
    rounds = "; ".join(
        f"{plan.round(item.round or '').name.lower()}: {count(item.registered)}"
        for item in progress.by_round
        if item.target == one.target and item.registered
    )
    told = f"{goal}đã đăng ký {count(one.registered)} {target.measure}" + (f" ({rounds})" if rounds else "")
    return sentence(told, _beside_goal(one, target))


def _beside_goal(one: Figures, target: Target) -> str:
    if one.goal is None:
        return ""
    if one.registered == one.goal:
        return "đủ số lượng của chỉ tiêu năm"
    if one.registered > one.goal:
        return f"nhiều hơn chỉ tiêu năm {count(one.registered - one.goal)} {target.measure}"
    return f"còn {count(one.goal - one.registered)} {target.measure} chưa có đơn vị đăng ký"


def to_register(one: Figures, target: Target) -> str:
    """Return what the committee has to know of a target that too little is registered for; nothing for any other."""
    if one.goal is None or one.registered >= one.goal:
        return ""
    gap = f"{count(one.goal - one.registered)} {target.measure}"
    if not one.registered:
        return f"{target.name}: chưa đơn vị nào đăng ký; cần đăng ký {gap}."
    return f"{target.name}: chỉ tiêu năm {count(one.goal)} {target.measure}, đã đăng ký {count(one.registered)}; cần đăng ký thêm {gap}."


def shares(parts: Sequence[tuple[str, int]]) -> str:
    """Return `Khu vực phường 03; Khối sự nghiệp 01`, only what is not nothing."""
    return "; ".join(f"{name} {count(number)}" for name, number in parts if number)


def round_sentence(one: Round, done: Sequence[tuple[Target, int]], *, begun: bool) -> str:
    """Return what was done in one round: each target's own quantity by the target's number, never a sum."""
    months = f"{one.name} (tháng {month(one.first_month)} đến tháng {month(one.last_month)})"
    if not begun:
        return f"{months}: chưa đến đợt."
    parts = "; ".join(f"{count(number)} {target.measure} (chỉ tiêu {target.id})" for target, number in done if number)
    return f"{months}: {parts or 'chưa có kết quả'}."


def allocation(target: Target, cluster_names: Mapping[str, str]) -> str:
    """Return who carries the goal where a part of it has no owner; nothing where all of it has."""
    if target.unallocated <= 0:
        return ""
    if not target.allocations:
        return f"Kế hoạch chưa phân bổ chỉ tiêu này: {count(target.goal)} {target.measure} chưa có đơn vị phụ trách."
    given = names([f"{cluster_names[cluster]} {count(part)}" for cluster, part in target.allocations.items()])
    return f"Kế hoạch giao {given} {target.measure}; chưa phân bổ {count(target.unallocated)} {target.measure}."


def needed(one: Figures, target: Target, *, closed: bool) -> str:
    """Return what the committee has to know of a target that will fall short or has; nothing for any other."""
    if one.goal is None or one.projected >= one.goal or one.done >= one.goal:
        return ""
    gap = f"{count(one.goal - one.projected)} {target.measure}"
    if closed:
        return f"{target.name}: hết năm được {count(one.done)}/{count(one.goal)}, thiếu {gap}."
    if one.projected == one.done:
        return f"{target.name}: đã thực hiện {count(one.done)}/{count(one.goal)}, trong kế hoạch không còn hoạt động nào; cần thêm {gap}."
    return f"{target.name}: thực hiện hết kế hoạch đã đăng ký mới được {count(one.projected)}/{count(one.goal)}; cần thêm {gap}."
