"""How figures are written in Vietnamese prose (guide to the form of documents; exact half-up arithmetic)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sync.model import Figures, Progress
from sync.plan import Plan, Target


def count(number: int) -> str:
    """Return a count as people write it: a zero before one digit, thousands with a point.

    >>> count(5), count(1234)
    ('05', '1.234')
    """
    return f"{number:02d}" if 0 <= number < 10 else f"{number:,}".replace(",", ".")


def figure(number: int | None) -> str:
    """Return a whole number for a table: thousands with a point, an en dash where there is none."""
    return "–" if number is None else f"{number:,}".replace(",", ".")


def rate(percent: str | None) -> str:
    """Return `57.5` as `57,5%`, `60.0` as `60%`, an en dash where there is none."""
    return "–" if percent is None else percent.removesuffix(".0").replace(".", ",") + "%"


def money(dong: int) -> str:
    """Return `442.100.000 đồng`."""
    return f"{dong:,}".replace(",", ".") + " đồng"


def day(value: date) -> str:
    """Return a day for running text: a leading zero before days under 10 and before months 1 and 2, as documents do."""
    return f"{value.day:02d}/{month(value.month)}/{value.year}"


def month(number: int) -> str:
    """Return the month with a zero only before 1 and 2."""
    return f"{number:02d}" if number <= 2 else str(number)


def place_and_day(place: str, value: date | None) -> str:
    """Return `Bình Tân, ngày 09 tháng 02 năm 2025`, the day left open where nobody has set it."""
    if value is None:
        return f"{place}, ngày      tháng      năm        "
    return f"{place}, ngày {value.day:02d} tháng {month(value.month)} năm {value.year}"


def names(listed: Sequence[str]) -> str:
    """Return `A`, `A và B`, `A, B và C`."""
    return " và ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)


def achieved(one: Figures, target: Target, *, closed: bool) -> str:
    """Return what was reached of the year's goal, in words; no verdict before the year has closed."""
    if one.goal is None:
        return f"đã thực hiện {count(one.done)} {target.measure}"
    done = f"đã thực hiện {count(one.done)}/{count(one.goal)} {target.measure}"
    if one.done > one.goal:
        over = (Decimal(one.percent or "0") - 100).normalize()
        return f"{done}, đạt {rate(one.percent)} chỉ tiêu, vượt {rate(f'{over:f}')}"
    if one.done == one.goal:
        return f"{done}, đạt 100% chỉ tiêu"
    short = f"còn thiếu {count(one.missing or 0)} {target.measure}"
    return f"{done}, đạt {rate(one.percent)} chỉ tiêu năm, {'chưa đạt chỉ tiêu, ' if closed else ''}{short}"


def by_season(progress: Progress, plan: Plan, target_id: int) -> str:
    """Return how the results fell into the rounds: `đợt 1: 03, hè: 10`; nothing where there are none."""
    parts = [
        f"{plan.round(one.round).name.lower()}: {count(one.done)}"
        for one in progress.by_round
        if one.target == target_id and one.round is not None and one.done
    ]
    return ", ".join(parts)


def target_sentence(one: Figures, progress: Progress, plan: Plan, *, closed: bool) -> str:
    """Return the sentence of one target in a results report."""
    target = plan.target(one.target)
    parts = [achieved(one, target, closed=closed)]
    seasons = by_season(progress, plan, one.target)
    if seasons:
        parts[0] += f" ({seasons})"
    registered = f"số đăng ký trong năm là {count(one.registered)} {target.measure}" if one.registered else "chưa có đăng ký nào trong năm"
    parts.append(registered)
    if not closed and one.projected > one.done:
        parts.append(f"nếu thực hiện đủ các hoạt động còn trong kế hoạch thì cả năm là {count(one.projected)} {target.measure}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."
