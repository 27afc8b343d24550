"""The plain numbers that charts are drawn from: they lie in the view, so that a snapshot gives the same pictures again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sync.model import ClusterData, Figures, Kind, Progress
from sync.plan import Plan
from sync.report.freshness import doubts_of
from sync.report.values import MARK, ChartTarget, ChartTargetYears, ChartYear, YearChart


def year_chart(
    progress: Progress, clusters: Sequence[ClusterData], plan: Plan, known: Mapping[str, str], *, registration: bool
) -> YearChart:
    """Return one year in numbers, in plan order, to the day of the figures or the year's last."""
    first, last = max(date(progress.year, 1, 1), plan.first_day), plan.year_end(progress.year)
    until = max(first, min(progress.as_of, last))
    due = (plan.due_day(one.id, Kind.RESULTS, progress.year) for one in plan.reporting_rounds())
    return YearChart(
        year=progress.year,
        first=first,
        last=last,
        until=until,
        due=tuple(day for day in due if day and first <= day <= last),
        registration=registration,
        targets=tuple(_target(one, clusters, plan, known, (first, until)) for one in progress.targets),
    )


def _target(one: Figures, clusters: Sequence[ClusterData], plan: Plan, known: Mapping[str, str], span: tuple[date, date]) -> ChartTarget:
    target = plan.target(one.target)
    return ChartTarget(
        number=str(target.id),
        name=target.short_name,
        measure=target.measure,
        mark=MARK if doubts_of(target, clusters, known) else "",
        goal=one.goal,
        registered=one.registered,
        done=one.done,
        percent=one.percent,
        steps=tuple(_steps(target.id, clusters, *span)),
    )


def _steps(target: int, clusters: Sequence[ClusterData], first: date, until: date) -> Iterator[tuple[date, int]]:
    """Yield each day with all that was done by then; what ends after the day of the figures is done by that day or not at all."""
    by_day = Counter[date]()
    for data in clusters:
        for one in data.activities:
            if one.target == target and one.counts_as_done and one.done and one.done.end.year == until.year:
                by_day[min(max(one.done.end, first), until)] += one.done_quantity or 0
    total = 0
    for day, quantity in sorted(by_day.items()):
        total += quantity
        yield day, total


def target_years(
    years: Sequence[Progress], clusters: Sequence[ClusterData], plan: Plan, known: Mapping[str, str], as_of: date
) -> Iterator[ChartTargetYears]:
    """Yield each target, in plan order, with its numbers of every year."""
    for target in plan.targets:
        found = [(progress.year, one) for progress in years for one in progress.targets if one.target == target.id]
        yield ChartTargetYears(
            number=str(target.id),
            name=target.short_name,
            measure=target.measure,
            mark=MARK if doubts_of(target, clusters, known) else "",
            years=tuple(ChartYear(year, one.goal, one.done, as_of > plan.year_end(year)) for year, one in found),
        )
