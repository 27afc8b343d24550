"""Sentences about one target through several years: year by year, how often the goal was reached, which way it went.

Only years that have closed are judged or compared; the last, cut-off one is told and left out of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from sync.model import Figures
from sync.plan import Plan, Target
from sync.prose import count, day, excess, names, rate, sentence

Year = tuple[int, Figures]


def year_name(year: int, plan: Plan, as_of: date) -> str:
    """Return `2027`, or `2028 (đến ngày 15/4/2028)` where the figures do not reach the end of the calendar year."""
    end = min(as_of, plan.year_end(year))
    return f"{year}" if end == date(year, 12, 31) else f"{year} (đến ngày {day(end)})"


def years_sentence(years: Sequence[Year], target: Target, plan: Plan, as_of: date) -> str:
    """Return `Năm 2024: 35/40 hoạt động, đạt 87,5%; năm 2025: …`, in the order of the years."""
    told = "; ".join(f"năm {year_name(year, plan, as_of)}: {_of_year(one, target)}" for year, one in years)
    return sentence(told)


def _of_year(one: Figures, target: Target) -> str:
    if one.goal is None:
        return f"{count(one.done)} {target.measure}" if one.done else "chưa có kết quả"
    told = f"{count(one.done)}/{count(one.goal)} {target.measure}"
    over = excess(one)
    return told + (f", đạt {rate(one.percent)}" if one.done else "") + (f", vượt {over}" if over else "")


def closed_years(years: Sequence[Year], plan: Plan, as_of: date) -> list[Year]:
    """Return the years that have a goal and are over."""
    return [(year, one) for year, one in years if one.goal is not None and as_of > plan.year_end(year)]


def reached(years: Sequence[Year], target: Target) -> str:
    """Return in which of these closed years the goal was reached, and by how much it was missed in the others."""
    met = [year for year, one in years if one.goal is not None and one.done >= one.goal]
    missed = [f"năm {year} (thiếu {count((one.goal or 0) - one.done)} {target.measure})" for year, one in years if year not in met]
    if not years:
        return ""
    if not missed:
        return sentence(f"đạt hoặc vượt chỉ tiêu {_all(len(met))}")
    if not met:
        return sentence(f"chưa đạt chỉ tiêu {_all(len(missed))}: {names(missed)}")
    good = f"đạt hoặc vượt chỉ tiêu {count(len(met))}/{count(len(years))} năm ({', '.join(map(str, met))})"
    return sentence(f"{good}; chưa đạt chỉ tiêu {names(missed)}")


def _all(number: int) -> str:
    return f"cả {count(number)} năm" if number > 1 else "trong năm duy nhất đã kết thúc"


def trend(years: Sequence[Year], target: Target) -> str:
    """Return which way the closed years went, in words; nothing for fewer than two."""
    if len(years) < 2:
        return ""
    done = [one.done for _, one in years]
    if not any(done):
        return sentence(f"cả {count(len(done))} năm chưa có kết quả")
    (first, before), (last, after) = (years[0][0], done[0]), (years[-1][0], done[-1])
    return sentence(_way(years, target), _change(before, after, f"năm {last} so với năm {first}", target))


def _way(years: Sequence[Year], target: Target) -> str:
    done = [one.done for _, one in years]
    steps = [later - earlier for earlier, later in pairwise(done)]
    if not any(steps):
        return f"kết quả giữ nguyên {count(done[0])} {target.measure} mỗi năm"
    if all(step > 0 for step in steps):
        return "kết quả năm sau cao hơn năm trước"
    if all(step < 0 for step in steps):
        return "kết quả năm sau thấp hơn năm trước"
    ends = f"cao nhất {_where(years, max(done))}, thấp nhất {_where(years, min(done))}"
    if all(step >= 0 for step in steps):
        return f"không năm nào kết quả giảm so với năm trước, {ends}"
    if all(step <= 0 for step in steps):
        return f"không năm nào kết quả tăng so với năm trước, {ends}"
    return f"kết quả tăng, giảm không đều, {ends}"


def _where(years: Sequence[Year], number: int) -> str:
    found = names([f"năm {year}" for year, one in years if one.done == number])
    return f"{found} ({count(number)})"


def _change(before: int, after: int, when: str, target: Target) -> str:
    if before == after:
        return ""
    return f"{when} {'tăng' if after > before else 'giảm'} {count(abs(after - before))} {target.measure}"


def duty_total(what: str, expected: int, on_time: int, late: int, missing: int) -> str:
    """Return how all the years' duties of one kind were handed in: a unit counts once for each round."""
    if not expected:
        return ""
    if on_time == expected:
        return f"{what}: đủ {count(expected)} lượt đúng hạn."
    states = (("đúng hạn", on_time), ("trễ hạn", late), ("chưa nộp", missing))
    return f"{what}: {count(expected)} lượt phải nộp, {', '.join(f'{state} {count(number)}' for state, number in states if number)}."
