"""What the files under config/ say of time, held together: who exists and leads when, what changes from which day on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from sync.organization import Life
from sync.settings_schema import ClusterFile, HeadFile, OrganizationFile, PlanFile, SettingsFile, UnitFile
from sync.settings_yaml import nearest

Place = tuple[str | int, ...]
Problem = tuple[Place, str]


class _Dated(Protocol):
    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


class _FromADay(Protocol):
    @property
    def valid_from(self) -> date: ...


def life_of(one: _Dated, within: _Dated | None = None) -> Life:
    """Return from which to which day something is; no longer than what it is within."""
    outer = Life(within.valid_from, within.valid_to) if within else Life()
    return Life(
        max(filter(None, (one.valid_from, outer.valid_from)), default=None),
        min(filter(None, (one.valid_to, outer.valid_to)), default=None),
    )


def units_of(organization: OrganizationFile) -> Iterator[tuple[Place, UnitFile]]:
    """Yield every unit with its place in the file."""
    for number, cluster in enumerate(organization.clusters):
        for index, unit in enumerate(cluster.units):
            yield ("clusters", number, "units", index), unit


def twice(values: Iterable[object], *listed: str, key: str | None = None) -> Iterator[Problem]:
    """Yield the values of a list that stand in it already."""
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield (*listed, index, *([key] if key else [])), f"{value!r} stands there twice"
        seen.add(value)


def plan_dates(plan: PlanFile) -> Iterator[Problem]:
    """Yield what is wrong with goals by year and with an early end."""
    for index, target in enumerate(plan.targets):
        if min(target.goal) > plan.first_day.year:
            yield ("targets", index, "goal"), f"found nothing for {plan.first_day.year}, expected a goal from the plan's first year on"
        parts: list[tuple[Place, dict[int, int]]] = [(("allocations", cluster), part) for cluster, part in target.allocations.items()]
        for key, numbers in [(("goal",), target.goal), *parts]:
            for year in numbers:
                if year > plan.last_day.year:
                    yield ("targets", index, *key, year), f"found {year}, expected a year of the plan (to {plan.last_day.year})"
    if plan.early_end and not plan.first_day <= plan.early_end.last_day < plan.last_day:
        yield ("early_end", "last_day"), f"found {plan.early_end.last_day}, expected a day from first_day to the day before last_day"


def organization_dates(organization: OrganizationFile) -> Iterator[Problem]:
    """Yield what is wrong with days of existence, mergers, heads, and names that change."""
    yield from _in_order(organization.changes, "changes")
    for number, cluster in enumerate(organization.clusters):
        yield from _ends(cluster, ("clusters", number))
        yield from _heads_of(cluster, number)
        for index, unit in enumerate(cluster.units):
            yield from _unit_dates(unit, cluster, ("clusters", number, "units", index))
    yield from _successors(organization)


def settings_dates(settings: SettingsFile) -> Iterator[Problem]:
    """Yield what is wrong with the days of recipients and of the letterhead."""
    yield from _in_order(settings.report.changes, "report", "changes")
    place: Place = ("mail", "recipients")
    for index, one in enumerate(settings.mail.recipients):
        yield from _ends(one, (*place, index))
        # A message is known by its recipient's address: the same one twice on a day would get one of them unsent.
        for other in settings.mail.recipients[:index]:
            same = one.email.lower() == other.email.lower()
            if same and Life(one.valid_from, one.valid_to).overlaps(other.valid_from, other.valid_to):
                yield (*place, index, "email"), f"{one.email.lower()!r} stands there twice"
    yield from _without_anybody(settings.mail.recipients, place)


def _ends(one: _Dated, path: Place) -> Iterator[Problem]:
    if one.valid_from and one.valid_to and one.valid_from > one.valid_to:
        yield (*path, "valid_to"), f"found {one.valid_to}, expected a day not before valid_from ({one.valid_from})"


def _in_order(changes: Sequence[_FromADay], *path: str) -> Iterator[Problem]:
    for index, (before, after) in enumerate(pairwise(changes), 1):
        if after.valid_from <= before.valid_from:
            yield (*path, index, "valid_from"), f"found {after.valid_from}, expected a day after the change above it ({before.valid_from})"


def _without_anybody(recipients: Sequence[_Dated], path: Place) -> Iterator[Problem]:
    """Yield the first day on which nobody would get the reports."""
    day = date.min
    while True:
        ends = [one.valid_to for one in recipients if Life(one.valid_from, one.valid_to).has(day)]
        if not ends:
            since = f"on {day}" if day > date.min else "at the beginning"
            yield path, f"nobody gets the reports {since}; give one recipient a valid_from or valid_to that covers it"
            return
        if None in ends:
            return
        day = max(end for end in ends if end) + timedelta(days=1)


def _unit_dates(unit: UnitFile, cluster: ClusterFile, path: Place) -> Iterator[Problem]:
    yield from _ends(unit, path)
    if unit.successor and not (unit.valid_to or cluster.valid_to):
        yield (*path, "successor"), "a unit that merged needs valid_to: its last day"
    if sum(unit.successor.values()) > 100:
        yield (*path, "successor"), f"found {sum(unit.successor.values())} per cent in all, expected at most 100"
    outer = life_of(cluster)
    if not outer.overlaps(unit.valid_from, unit.valid_to):
        yield path, f"{unit.id} has no day in common with its cluster {cluster.id} ({outer.valid_from or ''}–{outer.valid_to or ''})"


def _successors(organization: OrganizationFile) -> Iterator[Problem]:
    lives = {unit.id: life_of(unit, cluster) for cluster in organization.clusters for unit in cluster.units}
    after = {unit.id: tuple(unit.successor) for _, unit in units_of(organization)}
    for path, unit in units_of(organization):
        ended = lives[unit.id].valid_to
        for one in unit.successor:
            if one not in after:
                yield (*path, "successor"), f"there is no unit {one!r}{nearest(one, after)}"
            elif one != unit.id and ended and not lives[one].has(ended + timedelta(days=1)):
                wanted = ended + timedelta(days=1)
                yield (*path, "successor"), f"{one} does not exist on {wanted}, the day after {unit.id} ends; give it valid_from {wanted}"
        if circle := _circle(unit.id, after):
            yield (*path, "successor"), f"merged units go round in a circle: {' → '.join(circle)}"


def _circle(start: str, after: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the way from a unit over its successors back to itself; nothing where there is none."""
    ways, seen = [[start]], set[str]()
    while ways:
        way = ways.pop()
        for one in after.get(way[-1], ()):
            if one == start:
                return [*way, start]
            if one not in seen:
                seen.add(one)
                ways.append([*way, one])
    return []


def _heads_of(cluster: ClusterFile, number: int) -> Iterator[Problem]:
    units = {unit.id for unit in cluster.units}
    for index, head in enumerate(cluster.heads):
        path: Place = ("clusters", number, "heads", index)
        yield from _head_days(cluster, head, index, path)
        if head.unit is not None and head.unit not in units:
            yield (*path, "unit"), f"{head.unit!r} is no unit of {cluster.id}: a head must come from the cluster"


def _head_days(cluster: ClusterFile, head: HeadFile, index: int, path: Place) -> Iterator[Problem]:
    dated = head.valid_from or head.valid_to
    if head.year is not None and dated:
        yield (*path, "year"), "a head has a year, or valid_from and valid_to; remove one of them"
        return
    if head.year is None and not dated:
        yield path, "is missing year, or valid_from and valid_to; add one of them"
        return
    yield from _ends(head, path)
    life = _term(head)
    for other in cluster.heads[:index]:
        if head.year is not None and head.year == other.year:
            yield (*path, "year"), f"{cluster.id} has a head for {head.year} already"
        elif (other.year or other.valid_from or other.valid_to) and life.overlaps(*_span(other)):
            first, last = _span(other)
            words = f"{cluster.id} is led by {other.name!r} {f'from {first} ' if first else ''}{f'to {last}' if last else 'without end'}"
            yield (*path, "year" if head.year else "valid_from"), f"{words}; expected terms that do not overlap"


def _term(head: HeadFile) -> Life:
    return Life(*_span(head))


def _span(head: HeadFile) -> tuple[date | None, date | None]:
    if head.year is not None:
        return date(head.year, 1, 1), date(head.year, 12, 31)
    return head.valid_from, head.valid_to
