"""What no single key can tell: the files under config/ held against each other, each problem at its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync.columns import TITLES, aliases
from sync.organization import Life
from sync.settings_dates import Problem, life_of, organization_dates, plan_dates, settings_dates, twice, units_of
from sync.settings_schema import ClusterFile, OrganizationFile, PlanFile, RoundFile, SettingsFile, TargetFile
from sync.settings_yaml import Document, nearest
from sync.text import fold
from sync.yearly import in_year


def cross_check(
    plan: PlanFile | None, organization: OrganizationFile | None, settings: SettingsFile | None, documents: Mapping[str, Document]
) -> list[str]:
    """Return every contradiction between and within the files that could be read, as `file:line: place: sentence`."""
    found: list[tuple[str, Iterator[Problem]]] = []
    if plan:
        found += [("plan.yaml", check(plan)) for check in (_days, _rounds, _due_days, _targets, plan_dates)]
    if plan and organization:
        found += [("plan.yaml", _carriers(plan, organization)), ("organization.yaml", _clusters(plan, organization))]
    if organization:
        found += [("organization.yaml", check(organization)) for check in (_ids, organization_dates, _names)]
    if settings and organization:
        found.append(("settings.yaml", _spreadsheets(settings, organization)))
    if settings:
        found += [("settings.yaml", check(settings)) for check in (_run, settings_dates)]
        found.append(("settings.yaml", _key_files(settings, documents["settings.yaml"].file.parent)))
    return [documents[file].problem(path, sentence) for file, problems in found for path, sentence in problems]


def _spreadsheets(settings: SettingsFile, organization: OrganizationFile) -> Iterator[Problem]:
    if settings.google is None:
        return
    known, given = [one.id for one in organization.clusters], settings.google.spreadsheets
    taken = {settings.google.master: "the master"}
    for cluster, spreadsheet in given.items():
        if cluster not in known:
            yield ("google", "spreadsheets", cluster), f"there is no cluster {cluster!r}{nearest(cluster, known)}"
        if spreadsheet in taken:
            yield ("google", "spreadsheets", cluster), f"is the spreadsheet of {taken[spreadsheet]} already; each needs one of its own"
        taken.setdefault(spreadsheet, cluster)
    if lacking := [cluster for cluster in known if cluster not in given]:
        yield ("google", "spreadsheets"), f"no spreadsheet is named for {', '.join(lacking)}"


def _key_files(settings: SettingsFile, folder: Path) -> Iterator[Problem]:
    if settings.google is None:
        return
    yield from twice(settings.google.credentials, "google", "credentials")
    for index, one in enumerate(settings.google.credentials):
        if not one.startswith("$") and Path(one).resolve().is_relative_to(folder.resolve()):
            yield ("google", "credentials", index), "a key is a secret: keep it outside the configuration's folder"


def _days(plan: PlanFile) -> Iterator[Problem]:
    if plan.first_day > plan.last_day:
        yield ("last_day",), f"found {plan.last_day}, expected a day not before first_day ({plan.first_day})"
    if not plan.first_day <= plan.in_force <= plan.last_day:
        yield ("in_force",), f"found {plan.in_force}, expected a day between first_day and last_day"
    if plan.final_review and not plan.first_day <= plan.final_review < plan.last_day:
        yield ("final_review",), f"found {plan.final_review}, expected a day between first_day and last_day"
    yield from twice(plan.measured_years, "measured_years")
    for index, year in enumerate(plan.measured_years):
        if not plan.first_day.year <= year <= plan.last_day.year:
            yield ("measured_years", index), f"found {year}, expected a year of the plan"


def _rounds(plan: PlanFile) -> Iterator[Problem]:
    yield from twice((one.id for one in plan.rounds), "rounds", key="id")
    taken: dict[int, str] = {}
    for index, one in enumerate(plan.rounds):
        if one.months[0] > one.months[1]:
            yield ("rounds", index, "months"), f"found {one.months}, expected the first month before the last"
        for month in range(one.months[0], one.months[1] + 1):
            if taken.setdefault(month, one.id) != one.id:
                yield ("rounds", index, "months"), f"month {month} belongs to {taken[month]!r} already"
                break
        if index and one.months[0] < plan.rounds[index - 1].months[0]:
            yield ("rounds", index), f"{one.id!r} begins before the round above it; write the rounds in the order of the year"


def _with_due_days(plan: PlanFile) -> set[str]:
    return {one.id for one in plan.rounds if one.registration_due and one.results_due}


def _due_days(plan: PlanFile) -> Iterator[Problem]:
    ids = _with_due_days(plan)
    for index, one in enumerate(plan.rounds):
        for key, named, due in (
            ("registration_with", one.registration_with, one.registration_due),
            ("results_with", one.results_with, one.results_due),
        ):
            if named is not None and named not in ids:
                yield ("rounds", index, key), f"there is no round {named!r} with both due days{nearest(named, ids)}"
            if named is None and not (one.registration_due or one.results_due):
                yield ("rounds", index), f"has no due day of its own, so it must say {key}: the round it is owed with"
            if named not in (None, one.id) and due is not None:
                yield ("rounds", index, key), "the round has a due day of its own; remove this key, or the due day"
        yield from _own_days(one, index)


def _own_days(one: RoundFile, index: int) -> Iterator[Problem]:
    first, last = one.registration_due, one.results_due
    if bool(first) != bool(last):
        yield ("rounds", index), "has one due day; give both registration_due and results_due, or neither"
    if first and last and (first.month, first.day) > (last.month, last.day):
        yield ("rounds", index, "results_due"), "expected a day not before registration_due"


def _targets(plan: PlanFile) -> Iterator[Problem]:
    rounds = {one.id for one in plan.rounds}
    yield from twice((one.id for one in plan.targets), "targets", key="id")
    names: dict[str, int] = {}
    for index, one in enumerate(plan.targets):
        if one.season is not None and one.season not in rounds:
            yield ("targets", index, "season"), f"there is no round {one.season!r}{nearest(one.season, rounds)}"
        for name in (one.name, one.short_name, *one.aliases):
            if names.setdefault(fold(name), one.id) != one.id:
                yield ("targets", index), f"{name!r} compares equal to a name of target {names[fold(name)]}"


def _carriers(plan: PlanFile, organization: OrganizationFile) -> Iterator[Problem]:
    clusters = {one.id for one in organization.clusters}
    for index, one in enumerate(plan.targets):
        yield from _allocations(one, index, clusters)
        yield from _parts(one, index, plan, organization)


def _allocations(one: TargetFile, index: int, clusters: set[str]) -> Iterator[Problem]:
    if not one.allocations:
        yield ("targets", index), f"no cluster carries target {one.id}; give at least one its part under allocations"
    for cluster in one.allocations:
        if cluster not in clusters:
            yield ("targets", index, "allocations", cluster), f"there is no cluster {cluster!r}{nearest(cluster, clusters)}"


def _parts(one: TargetFile, index: int, plan: PlanFile, organization: OrganizationFile) -> Iterator[Problem]:
    """Yield the years in which the parts are more than the goal, and the parts of clusters that do not exist then."""
    path = ("targets", index, "allocations")
    changes = {first for numbers in (one.goal, *one.allocations.values()) for first in numbers}
    for year in sorted({max(first, plan.first_day.year) for first in changes}):
        goal, given = in_year(one.goal, year), sum(in_year(numbers, year) for numbers in one.allocations.values())
        from_then = f" from {year} on" if len(changes) > 1 else ""
        if given > goal:
            yield path, f"found {given} in all{from_then}, expected at most the goal ({goal})"
    lives = {cluster.id: life_of(cluster) for cluster in organization.clusters}
    for cluster, numbers in one.allocations.items():
        for year in range(plan.first_day.year, plan.last_day.year + 1):
            if cluster in lives and in_year(numbers, year) and not lives[cluster].has_day_in(year):
                has = f"{cluster} exists {_shown(lives[cluster])}; write 0 for the years without it, such as {{{year}: 0}}"
                yield (*path, cluster), f"found {in_year(numbers, year)} in {year}, but {has}"
                break


def _shown(life: Life) -> str:
    return " ".join(f"{word} {value}" for word, value in (("from", life.valid_from), ("to", life.valid_to)) if value)


def _ids(organization: OrganizationFile) -> Iterator[Problem]:
    yield from twice((one.id for one in organization.clusters), "clusters", key="id")
    yield from twice((one.code_prefix for one in organization.clusters), "clusters", key="code_prefix")
    seen: set[str] = set()
    for path, unit in units_of(organization):
        if unit.id in seen:
            yield (*path, "id"), f"{unit.id!r} is another unit's id already"
        seen.add(unit.id)


def _clusters(plan: PlanFile, organization: OrganizationFile) -> Iterator[Problem]:
    rounds, targets = _with_due_days(plan), {one.id for one in plan.targets}
    for number, cluster in enumerate(organization.clusters):
        yield from _owed(cluster, number, rounds)
    for path, unit in units_of(organization):
        for target in unit.quotas:
            if target not in targets:
                yield (*path, "quotas", target), f"there is no target {target}"


def _owed(cluster: ClusterFile, number: int, rounds: set[str]) -> Iterator[Problem]:
    kinds = {"registration": cluster.owes.registration, "results": cluster.owes.results} if cluster.owes else {}
    for kind, owed in kinds.items():
        for index, named in enumerate(owed):
            if named not in rounds:
                yield ("clusters", number, "owes", kind, index), f"there is no round {named!r} with both due days{nearest(named, rounds)}"


def _names(organization: OrganizationFile) -> Iterator[Problem]:
    """A name may be used again, by a unit that does not exist on the same day: then a row's day tells them apart.

    And by a unit of another district: each district's master is read by itself.
    """
    districts = {unit.id: cluster.id for cluster in organization.clusters if cluster.reads == "master" for unit in cluster.units}
    lives = {unit.id: life_of(unit, cluster) for cluster in organization.clusters for unit in cluster.units}
    seen: dict[str, list[tuple[str, str]]] = {}
    for path, unit in units_of(organization):
        for place, name in ((("name",), unit.name), *((("aliases", index), alias) for index, alias in enumerate(unit.aliases))):
            bare = dict.fromkeys((_bare(fold(name), organization), fold(name).replace(" ", "")))
            keys = [f"{districts.get(unit.id, '')} {key}" for key in bare]
            others = [other for key in keys for other in seen.setdefault(key, []) if other[0] != unit.id]
            together = [other for other in others if lives[unit.id].overlaps(lives[other[0]].valid_from, lives[other[0]].valid_to)]
            for other, other_name in together[:1]:
                yield (*path, *place), f"{name!r} compares equal to {other_name!r} of {other!r}; a sheet could not tell them apart"
            for key in keys:
                seen[key].append((unit.id, name))


def _bare(key: str, organization: OrganizationFile) -> str:
    for word in sorted(map(fold, organization.words_before_name), key=len, reverse=True):
        key = key.removeprefix(f"{word} ")
    for word in sorted(map(fold, organization.words_after_name), key=len, reverse=True):
        if key.endswith(f" {word}"):
            return key.removesuffix(f" {word}").replace(" ", "")
    return key.replace(" ", "")


def _run(settings: SettingsFile) -> Iterator[Problem]:
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield ("time_zone",), f"found {settings.time_zone!r}, expected a time zone such as Asia/Ho_Chi_Minh"
    known = aliases()
    for column, names in settings.columns.items():
        for index, name in enumerate(names):
            if known.setdefault(fold(name), column) is not column:
                yield ("columns", column.value, index), f"{name!r} already names the column {TITLES[known[fold(name)]]!r}"
