"""Stage 4: activities → progress against the targets, and who has registered and reported (contract section 6).

Quantities are summed, rows are not; targets are never added to each other. A registration belongs to the year and round of
its planned end, a result to those of its done end. The only module that knows pandas.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pandas as pd

from sync.compliance import compliance, evidence_of, reporting_rates
from sync.decisions.late import late_of_year
from sync.model import Activity, ClusterData, Figures, Memory, Progress, ProgressStatus, Status, made
from sync.organization import Organization
from sync.plan import Plan
from sync.succession import by_successor

_SLICES = ("target", "round", "cluster", "unit")
_MEASURES = ("registered", "done", "still_planned")
_CALLED_OFF = (Status.POSTPONED, Status.CANCELLED)


def roll_up(clusters: Sequence[ClusterData], *, plan: Plan, organization: Organization, memory: Memory, year: int, as_of: date) -> Progress:
    """Return one year's figures as of one day; ``memory`` says what earlier runs saw (who was late) and what people excused."""
    evidence = evidence_of(clusters, plan, memory, as_of)
    late = late_of_year(evidence, plan=plan, organization=organization, memory=memory, year=year, as_of=as_of)
    excused = frozenset((one.unit, one.year, one.round, one.kind) for one in late if one.excused)
    plan = plan.in_year(year)
    entries = _entries(clusters, plan, year, as_of)
    totals = _Totals(entries)
    by_unit = tuple(_by_unit(totals, plan, organization, year, as_of))
    reported = compliance(evidence, plan=plan, organization=organization, year=year, as_of=as_of, excused=excused)
    return Progress(
        year=year,
        as_of=as_of,
        targets=tuple(_of_target(totals, plan, target.id, year, as_of) for target in plan.targets),
        by_round=tuple(
            _figures(totals.of(target=target.id, round=one.id), target=target.id, round=one.id)
            for target in plan.targets
            for one in plan.rounds
        ),
        by_cluster=tuple(_by_cluster(totals, plan, organization, year, as_of)),
        by_unit=by_unit,
        compliance=reported,
        reporting_rates=reporting_rates(reported, organization),
        by_successor=tuple(by_successor(by_unit, organization, as_of)),
        late=late,
    )


def percent(done: int, goal: int) -> str:
    """Return ``done`` of ``goal`` in per cent, one decimal, half up in exact arithmetic.

    >>> percent(23, 40), percent(1, 3)
    ('57.5', '33.3')
    """
    return str((Decimal(done * 100) / Decimal(goal)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


class _Sum(NamedTuple):
    """The three sums of one slice."""

    registered: int = 0
    done: int = 0
    still_planned: int = 0


_NOTHING = _Sum()


class _Totals:
    """Sums by target and any of round, cluster and unit."""

    def __init__(self, entries: pd.DataFrame) -> None:
        self._entries = entries
        self._grouped: dict[tuple[str, ...], dict[tuple[object, ...], _Sum]] = {}

    def of(self, **where: object) -> _Sum:
        """Return the sums where all the named slices have these values."""
        names = tuple(name for name in _SLICES if name in where)
        return self.by(*names).get(tuple(where[name] for name in names), _NOTHING)

    def by(self, *names: str) -> Mapping[tuple[object, ...], _Sum]:
        """Return values of the named slices → sums, for all for which anything was registered or done."""
        if names not in self._grouped:
            self._grouped[names] = self._group(names)
        return self._grouped[names]

    def _group(self, names: tuple[str, ...]) -> dict[tuple[object, ...], _Sum]:
        sums = self._entries.groupby(list(names), sort=False)[list(_MEASURES)].sum()
        keys = [key if isinstance(key, tuple) else (key,) for key in sums.index]
        return dict(zip(keys, map(_Sum._make, sums.to_numpy().tolist()), strict=True))


def _entries(clusters: Iterable[ClusterData], plan: Plan, year: int, as_of: date) -> pd.DataFrame:
    rounds = _Rounds(plan, year)
    entries = [entry for data in clusters for entry in _sums(data.activities, rounds, as_of)]
    return pd.DataFrame(entries, columns=[*_SLICES, *_MEASURES])


class _Rounds(dict[date, "str | None"]):
    """Last day of a row → its round, empty outside all of them; `None` for a day of another year. Days are few where rows are many."""

    def __init__(self, plan: Plan, year: int) -> None:
        super().__init__()
        self._rounds, self._year = plan.rounds, year

    def __missing__(self, day: date) -> str | None:
        found = next((one.id for one in self._rounds if one.has_month(day.month)), "")
        inner = self[day] = found if day.year == self._year else None
        return inner


def _sums(activities: Iterable[Activity], rounds: Mapping[date, str | None], as_of: date) -> list[tuple[object, ...]]:
    """Return the slices that the rows belong to, with what they register in the year of ``rounds``, have done, and still plan."""
    sums: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in activities:
        done = one.counts_as_done
        if one.counts_as_registered and (planned := one.planned) and (quantity := one.registered_quantity):
            end = planned.end
            if (inner := rounds[end]) is not None:
                measures = sums[one.target, inner, one.cluster, one.registered_by or one.unit]
                measures[0] += quantity
                if not done and end >= as_of and one.status not in _CALLED_OFF:
                    measures[2] += quantity
        if done and one.done and (quantity := one.done_quantity) and (inner := rounds[one.done.end]) is not None:
            sums[one.target, inner, one.cluster, one.unit][1] += quantity
    return [(*where, *measures) for where, measures in sums.items()]


def _of_target(totals: _Totals, plan: Plan, target_id: int, year: int, as_of: date) -> Figures:
    goal = (plan.target(target_id).goal or None) if year in plan.measured_years else None
    return _figures(totals.of(target=target_id), target=target_id, goal=goal, closed=as_of > plan.year_end(year))


def _by_cluster(totals: _Totals, plan: Plan, organization: Organization, year: int, as_of: date) -> Iterable[Figures]:
    sums, closed, measured = totals.by("target", "cluster"), as_of > plan.year_end(year), year in plan.measured_years
    for cluster in organization.clusters:
        for target in plan.targets:
            found = sums.get((target.id, cluster.id))
            if found or cluster.id in target.allocations:
                goal = target.allocations.get(cluster.id) if measured else None
                yield _figures(found or _NOTHING, target=target.id, goal=goal, closed=closed, cluster=cluster.id)


def _by_unit(totals: _Totals, plan: Plan, organization: Organization, year: int, as_of: date) -> Iterable[Figures]:
    sums, closed, measured = totals.by("target", "unit"), as_of > plan.year_end(year), year in plan.measured_years
    for unit in organization.units:
        for target in plan.targets:
            found = sums.get((target.id, unit.id))
            if found or (unit.cluster in target.allocations and unit.life.has_day_in(year)):
                goal = unit.quota_in(target.id, year) if measured else None
                yield _figures(found or _NOTHING, target=target.id, goal=goal, closed=closed, cluster=unit.cluster, unit=unit.id)


def _figures(
    sums: _Sum,
    *,
    target: int,
    goal: int | None = None,
    closed: bool = False,
    round: str | None = None,
    cluster: str | None = None,
    unit: str | None = None,
) -> Figures:
    projected = sums.done + sums.still_planned
    done_of_goal = percent(sums.done, goal) if goal else None
    missing = max(goal - sums.done, 0) if goal is not None else None
    status = _status(sums.done, projected, goal, closed=closed) if goal is not None else None
    return made(Figures, target, goal, sums.registered, sums.done, done_of_goal, missing, projected, status, round, cluster, unit)


def _status(done: int, projected: int, goal: int, *, closed: bool) -> ProgressStatus:
    if done > goal:
        return ProgressStatus.EXCEEDED
    if done == goal:
        return ProgressStatus.MET
    if closed:
        return ProgressStatus.MISSED
    return ProgressStatus.ON_COURSE if projected >= goal else ProgressStatus.AT_RISK
