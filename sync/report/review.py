"""The final review: the years of the plan side by side, target by target and cluster by cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sync import prose, prose_years
from sync.model import ClusterData, Figures, Progress
from sync.plan import Plan, Target
from sync.prose import count, figure, rate
from sync.report.freshness import doubts_of, note
from sync.report.values import MARK, ClusterYears, TargetYears, YearFigures

Years = Sequence[tuple[int, Figures]]


def target_years(
    years: Sequence[Progress], clusters: Sequence[ClusterData], plan: Plan, known: Mapping[str, str], as_of: date
) -> Iterator[TargetYears]:
    """Yield each target, in plan order, through all years."""
    for target in plan.targets:
        figures = [(progress.year, one) for progress in years for one in progress.targets if one.target == target.id]
        doubts = doubts_of(target, clusters, known)
        owners = "" if target.goals else prose.allocation(target, known)
        remarks = [part for part in (owners, note(doubts)) if part]
        yield _target(target, figures, plan, as_of, remarks=remarks, marked=bool(doubts))


def _target(target: Target, years: Years, plan: Plan, as_of: date, *, remarks: Sequence[str], marked: bool) -> TargetYears:
    closed = prose_years.closed_years(years, plan, as_of)
    met = sum(one.goal is not None and one.done >= one.goal for _, one in closed)
    judged = (prose_years.reached(closed, target), prose_years.trend(closed, target))
    return TargetYears(
        number=str(target.id),
        name=target.name,
        measure=target.measure,
        goal=_goals(target, plan),
        years=tuple(YearFigures(figure(one.done), rate(one.percent)) for _, one in years),
        total=figure(sum(one.done for _, one in years)),
        met=f"{count(met)}/{count(len(closed))}" if closed else prose.DASH,
        mark=MARK if marked else "",
        sentence=prose_years.years_sentence(years, target, plan, as_of),
        trend=" ".join(part for part in judged if part),
        remarks=tuple(remarks),
    )


def _goals(target: Target, plan: Plan) -> str:
    """Return the goal of each measured year; where it changes, each number with the year from which it holds."""
    goals = [(year, target.in_year(year).goal) for year in plan.measured_years]
    changes = [(year, goal) for (year, goal), (_, before) in zip(goals[1:], goals, strict=False) if goal != before]
    first = goals[0][1] if goals else target.goal
    return "; ".join([figure(first), *(f"từ năm {year}: {figure(goal)}" for year, goal in changes)])


def cluster_years(years: Sequence[Progress], plan: Plan, known: Mapping[str, str], stale: frozenset[str]) -> Iterator[ClusterYears]:
    """Yield what each cluster did for each target that it carries or contributed to."""
    done = {(one.cluster, one.target, progress.year): one.done for progress in years for one in progress.by_cluster}
    for cluster, name in known.items():
        for target in plan.targets:
            numbers = [done.get((cluster, target.id, progress.year), 0) for progress in years]
            carried = any(cluster in target.in_year(progress.year).allocations for progress in years)
            if carried or any(numbers):
                shown = f"{name} {MARK}" if cluster in stale else name
                yield ClusterYears(shown, target.short_name, target.measure, tuple(figure(number) for number in numbers))


def review_facts(years: Sequence[Progress], plan: Plan, as_of: date) -> Iterator[str]:
    """Yield which targets were reached in every closed year, in some, in none."""
    always: list[str] = []
    sometimes: list[str] = []
    never: list[str] = []
    closed: list[tuple[int, Figures]] = []
    for target in plan.targets:
        figures = [(progress.year, one) for progress in years for one in progress.targets if one.target == target.id]
        closed = prose_years.closed_years(figures, plan, as_of)
        met = sum(one.goal is not None and one.done >= one.goal for _, one in closed)
        (always if met == len(closed) else sometimes if met else never).append(target.name)
    if not closed:
        yield "Chưa có năm nào kết thúc để đánh giá theo chỉ tiêu."
        return
    for what, listed in (("đạt ở tất cả các năm", always), ("có năm đạt, có năm chưa đạt", sometimes), ("chưa đạt ở năm nào", never)):
        if listed:
            yield f"Chỉ tiêu {what}: {'; '.join(listed)}."
