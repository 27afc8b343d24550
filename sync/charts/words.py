"""What charts say in words: their captions, the numbers at their bars, and the text for who cannot see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sync.prose import count, day, due_day, figure, rate
from sync.report import ChartTarget, ChartTargetYears, ChartYear, YearChart


def targets_caption(chart: YearChart) -> str:
    """Return what the chart of a year's targets shows."""
    if chart.registration:
        return f"Số lượng đăng ký và chỉ tiêu năm {chart.year} của từng chỉ tiêu, tính đến ngày {day(chart.until)}"
    return f"Kết quả thực hiện và số lượng đăng ký của từng chỉ tiêu so với chỉ tiêu năm {chart.year}, tính đến ngày {day(chart.until)}"


def course_caption(chart: YearChart) -> str:
    """Return what the cumulative chart of a year shows."""
    against = " so với mức chia đều theo thời gian" if any(one.goal for one in chart.targets) else ""
    return f"Kết quả cộng dồn của từng chỉ tiêu trong năm {chart.year}{against}, tính đến ngày {day(chart.until)}"


def years_caption(targets: Sequence[ChartTargetYears]) -> str:
    """Return what the chart of several years shows."""
    years = [one.year for one in targets[0].years]
    span = f"từ năm {years[0]} đến năm {years[-1]}" if len(years) > 1 else f"năm {years[0]}"
    return f"Kết quả thực hiện từng chỉ tiêu {span}"


def at_done(one: ChartTarget, *, measure: bool) -> str:
    """Return what stands at the bar of what was done: `34/40 hoạt động (85%)`."""
    goal = "" if one.goal is None else f"/{figure(one.goal)}"
    unit = f" {one.measure}" if measure else ""
    share = "" if one.percent is None else f" ({rate(one.percent)})"
    return f"{figure(one.done)}{goal}{unit}{share}" + (f" {one.mark}" if one.mark else "")


def at_registered(one: ChartTarget, *, alone: bool, measure: bool) -> str:
    """Return what stands at the bar of what was registered: counted beside the goal, never a rate of it."""
    if not alone:
        return f"đăng ký {figure(one.registered)}"
    goal = "" if one.goal is None else f"/{figure(one.goal)}"
    return f"{figure(one.registered)}{goal}" + (f" {one.measure}" if measure else "") + (f" {one.mark}" if one.mark else "")


def targets_alt(chart: YearChart) -> str:
    """Return the chart of a year's targets in words and figures."""
    return _alt(targets_caption(chart), (_registered(one) if chart.registration else _done(one) for one in chart.targets))


def _done(one: ChartTarget) -> str:
    goal = "" if one.goal is None else f"/{count(one.goal)}"
    share = "" if one.percent is None else f" ({rate(one.percent)})"
    return f"{_name(one)}: đã thực hiện {count(one.done)}{goal} {one.measure}{share}, đăng ký {count(one.registered)}"


def _registered(one: ChartTarget) -> str:
    goal = "" if one.goal is None else f", chỉ tiêu năm {count(one.goal)}"
    return f"{_name(one)}: đăng ký {count(one.registered)} {one.measure}{goal}"


def course_alt(chart: YearChart) -> str:
    """Return the cumulative chart in words: what was done by each due day that has passed, and by the day of the figures."""
    passed = [when for when in chart.due if when < chart.until]
    return _alt(course_caption(chart), (_course(one, passed, chart.until) for one in chart.targets))


def _course(one: ChartTarget, passed: Sequence[date], until: date) -> str:
    goal = "" if one.goal is None else f"/{count(one.goal)}"
    parts = [f"đến {due_day(when)} được {count(done_by(one, when))}" for when in passed]
    return f"{_name(one)}: {', '.join([*parts, f'đến {day(until)} được {count(one.done)}{goal} {one.measure}'])}"


def done_by(one: ChartTarget, when: date) -> int:
    """Return how much was done by the end of the day."""
    return max((total for reached, total in one.steps if reached <= when), default=0)


def years_alt(targets: Sequence[ChartTargetYears]) -> str:
    """Return the chart of several years in words and figures."""
    return _alt(years_caption(targets), (f"{_name(one)} ({one.measure}): {', '.join(map(_year, one.years))}" for one in targets))


def _year(one: ChartYear) -> str:
    return f"năm {one.year} {count(one.done)}" + ("" if one.goal is None else f"/{count(one.goal)}")


def _name(one: ChartTarget | ChartTargetYears) -> str:
    return f"{one.number}. {one.name}" + (f" {one.mark}" if one.mark else "")


def _alt(caption: str, parts: Iterator[str]) -> str:
    return f"Biểu đồ. {caption}. " + "; ".join(parts) + "."
