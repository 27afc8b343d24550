"""The plan's rules for one row (contract section 5): each says what it looks at and yields what it has to say.

Rows alike in what a rule looks at get the same answer, so a rule is asked once for each combination that occurs. None raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import product
from math import prod
from typing import Any

from sync.columns import PAIRS
from sync.existence import Lives
from sync.model import Column, Period, Rows, Status, Stops
from sync.organization import Organization
from sync.plan import Plan, Target

_REGISTRATION, _RESULT = PAIRS
_PERIODS = frozenset({Column.PLANNED, Column.DONE})
_FEW = 4
"""Values are few where they can be combined in so many times fewer ways than there are rows."""
_MOST = 65_536
"""So many answers are remembered of a group; then it begins anew."""


@dataclass(frozen=True, slots=True)
class Said:
    """A finding without its place: the place is the row's cell of that column."""

    code: str
    column: Column
    extra: str = ""
    suggestion: str | None = None
    stops: Stops | None = None
    """The half that it keeps out of the figures, where the code leaves that to the rule."""
    other: tuple[str, int] | None = None
    """Cluster and row of the other row that it speaks of."""


Answer = Callable[..., Iterator[Said]]
"""Takes the values that a rule looks at."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What the rules ask of the plan and of one sheet, looked up once."""

    plan: Plan
    lives: Lives
    as_of: date
    targets: Mapping[int, Target]
    in_season: frozenset[tuple[int, int]]
    """(target, month) pairs in which the target may be run."""
    cluster: str
    columns: frozenset[Column]
    """What the sheet has: what it has not is not checked."""

    def has(self, columns: Sequence[Column]) -> bool:
        """Return whether the sheet has all of these columns."""
        return self.columns.issuperset(columns)

    def target(self, number: int, *periods: Period | None) -> Target:
        """Return the target as it is in the year of the last period that is there, else in any."""
        year = next((period.end.year for period in reversed(periods) if period), None)
        return self.targets[number].in_year(year) if year else self.targets[number]

    def inside_plan(self, day: date) -> bool:
        """Return whether the day is one of the plan's."""
        return self.plan.first_day <= day <= self.plan.last_day


def in_season(plan: Plan) -> frozenset[tuple[int, int]]:
    """Return the (target, month) pairs in which the target may be run."""
    reporting = {one.id for one in plan.reporting_rounds()}
    return frozenset(
        (target.id, month)
        for target in plan.targets
        for one in plan.rounds
        if one.id in reporting or one.id == target.season
        for month in range(one.first_month, one.last_month + 1)
    )


def required(book: Rulebook, filled: frozenset[Column], status: Status | None) -> Iterator[Said]:
    """`missing-unit`, `missing-target`, `missing-name`."""
    for column, code in ((Column.UNIT, "missing-unit"), (Column.TARGET, "missing-target"), (Column.NAME, "missing-name")):
        if column in book.columns and column not in filled:
            yield Said(code, column)


def registration_is_whole(book: Rulebook, filled: frozenset[Column], status: Status | None) -> Iterator[Said]:
    """`missing-planned-date`, `missing-registered-quantity`: one of the two is filled, or the row has nothing done."""
    something_done = book.has(_RESULT) and not filled.isdisjoint(_RESULT)
    if not book.has(_REGISTRATION) or (something_done and filled.isdisjoint(_REGISTRATION)):
        return
    for column, code in zip(_REGISTRATION, ("missing-planned-date", "missing-registered-quantity"), strict=True):
        if column not in filled:
            yield Said(code, column)


def result_is_whole(book: Rulebook, filled: frozenset[Column], status: Status | None) -> Iterator[Said]:
    """`missing-done-date`, `missing-done-quantity`: the other is filled, the status says done, or the sheet holds only results."""
    only_results = not book.has(_REGISTRATION)
    if not book.has(_RESULT) or not (not filled.isdisjoint(_RESULT) or status is Status.DONE or only_results):
        return
    for column, code in zip(_RESULT, ("missing-done-date", "missing-done-quantity"), strict=True):
        if column not in filled:
            yield Said(code, column)


def within_plan(column: Column, book: Rulebook, target: int | None, period: Period | None) -> Iterator[Said]:
    """`outside-plan`: a period belongs to the day on which it ends (contract section 6)."""
    if period and not book.inside_plan(period.end):
        yield Said("outside-plan", column, f" ({book.plan.first_day:%d/%m/%Y}–{book.plan.last_day:%d/%m/%Y}{_ended_early(book.plan)})")


def _ended_early(plan: Plan) -> str:
    if plan.early_end is None:
        return ""
    return "; kế hoạch kết thúc sớm" + (f", bàn giao cho {plan.early_end.handed_to}" if plan.early_end.handed_to else "")


def unit_existed(
    book: Rulebook, unit: str | None, registered_by: str | None, planned: Period | None, done: Period | None
) -> Iterator[Said]:
    """`unit-not-existing`: a row belongs to the unit that existed on its day; what it does before or after that is not its own."""
    if absence := book.lives.absence(registered_by or unit, planned, unit, done):
        yield Said("unit-not-existing", Column.UNIT, absence.told, absence.suggestion, absence.stops)


def not_in_future(book: Rulebook, target: int | None, done: Period | None) -> Iterator[Said]:
    """`result-in-future`: begins after the day of the run."""
    if done and done.start > book.as_of:
        yield Said("result-in-future", Column.DONE)


def status_agrees(book: Rulebook, filled: frozenset[Column], status: Status | None) -> Iterator[Said]:
    """`conflicting-status`: called off or put off, and yet a result."""
    if status in (Status.CANCELLED, Status.POSTPONED) and not filled.isdisjoint(_RESULT):
        yield Said("conflicting-status", Column.STATUS)


def expected_target(book: Rulebook, number: int | None, planned: Period | None = None, done: Period | None = None) -> Iterator[Said]:
    """`unexpected-target`: the plan gives the whole of this target to other clusters."""
    if number is not None and not (target := book.target(number, planned, done)).is_expected_of(book.cluster):
        yield Said("unexpected-target", Column.TARGET, f"{target.id} ({target.name}) cho khu vực khác")


def within_rounds(column: Column, book: Rulebook, target: int | None, period: Period | None) -> Iterator[Said]:
    """`outside-rounds`: the month belongs to no round, and the target has no season of its own there."""
    if target is not None and period and book.inside_plan(period.end) and (target, period.end.month) not in book.in_season:
        yield Said("outside-rounds", column)


def plausible(column: Column, book: Rulebook, number: int | None, quantity: int | None, period: Period | None = None) -> Iterator[Said]:
    """`implausible-quantity`: above the district's goal for the whole year; nothing is, in a year without a goal."""
    if number is not None and quantity is not None and quantity > (target := book.target(number, period)).goal > 0:
        yield Said("implausible-quantity", column, f"{target.goal} {target.measure}")


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that look at the same values of a row: fields of the activity, or `filled`."""

    looks_at: tuple[str, ...]
    rules: tuple[Answer, ...]
    of_the_sheet: bool = False
    """Whether the answer depends on which cluster's sheet it is."""


def _of_period(column: Column, *more: Answer) -> Group:
    return Group((Column.TARGET, column), (partial(within_plan, column), *more, partial(within_rounds, column)))


_QUANTITIES = ((Column.REGISTERED_QUANTITY, Column.PLANNED), (Column.DONE_QUANTITY, Column.DONE))
ROW_RULES: tuple[Group, ...] = (
    Group(("filled", Column.STATUS), (required, registration_is_whole, result_is_whole, status_agrees)),
    _of_period(Column.PLANNED),
    _of_period(Column.DONE, not_in_future),
)
"""What is asked of every row under every plan."""
_OF_GOALS: tuple[Group, ...] = (
    Group((Column.TARGET,), (expected_target,), of_the_sheet=True),
    *(Group((Column.TARGET, column), (partial(plausible, column),)) for column, _ in _QUANTITIES),
)
_OF_YEARLY_GOALS: tuple[Group, ...] = (
    Group((Column.TARGET, Column.PLANNED, Column.DONE), (expected_target,), of_the_sheet=True),
    *(Group((Column.TARGET, column, period), (partial(plausible, column),)) for column, period in _QUANTITIES),
)
_OF_LIVES = Group((Column.UNIT, "registered_by", Column.PLANNED, Column.DONE), (unit_existed,))


def rules_of(plan: Plan, lives: Lives) -> tuple[Group, ...]:
    """Return what is asked of a row: its days are looked at together with goals and units only where these change over time."""
    of_goals = _OF_YEARLY_GOALS if any(target.goals for target in plan.targets) else _OF_GOALS
    return (*ROW_RULES, *(() if lives.unchanging else (_OF_LIVES,)), *of_goals)


class _Answers:
    """All that the rules of a group say of the values that it looks at, once they were asked.

    Periods are known by their ids, for their hash is slow: equal ones may be asked about twice, but none is taken for another.
    """

    def __init__(self, group: Group, book: Rulebook) -> None:
        self._group, self._book = group, book
        self._said: dict[tuple[Any, ...], tuple[Said, ...]] = {}
        self._silent: set[tuple[Any, ...]] = set()
        """What nothing is said of, as of most rows."""
        self._asked: list[tuple[Any, ...]] = []
        """The values themselves: an id remains a period's own as long as there is the period."""

    def of(self, rows: Rows) -> list[tuple[int, Said]]:
        """Return (index of the row, what is said of it)."""
        if len(self._said) > _MOST:
            self._said.clear()
            self._silent.clear()
            self._asked.clear()
        names = self._group.looks_at
        columns = [rows.filled if name == "filled" else rows.values[name] for name in names]
        if self._silent_of_any(columns):
            return []
        known = [list(map(id, column)) if name in _PERIODS else column for name, column in zip(names, columns, strict=True)]
        if self._silent.issuperset(zip(*known, strict=True)):
            return []
        keys = list(zip(*known, strict=True))
        for key, index in dict(zip(keys, range(len(keys)), strict=True)).items():
            if key not in self._said:
                self._ask(key, tuple(column[index] for column in columns))
        return [(index, said) for index, key in enumerate(keys) if key not in self._silent for said in self._said[key]]

    def _silent_of_any(self, columns: Sequence[Sequence[Any]]) -> bool:
        """Return whether nothing is said of any values that these columns hold, in whatever row each stands.

        Asked only where that is less than a look at each row: where the values are few, as quantities and targets are.
        """
        if not _PERIODS.isdisjoint(self._group.looks_at):
            return False
        values = list(map(set, columns))
        if _FEW * prod(map(len, values)) > len(columns[0]):
            return False
        for key in product(*values):
            if key not in self._said:
                self._ask(key, key)
        return self._silent.issuperset(product(*values))

    def _ask(self, key: tuple[Any, ...], values: tuple[Any, ...]) -> None:
        answer = self._said[key] = tuple(said for rule in self._group.rules for said in rule(self._book, *values))
        self._asked.append(values)
        if not answer:
            self._silent.add(key)


class Judge:
    """Asks the rules about the rows of any cluster, and remembers their answers."""

    def __init__(self, plan: Plan, organization: Organization, as_of: date) -> None:
        self._plan, self._lives, self._as_of = plan, Lives(organization), as_of
        self._groups = rules_of(plan, self._lives)
        self._targets = {target.id: target for target in plan.targets}
        self._in_season = in_season(plan)
        self._known: dict[frozenset[Column], list[_Answers]] = {}

    def said(self, cluster: str, columns: Mapping[Column, int], rows: Rows) -> Iterator[tuple[int, Said]]:
        """Yield (index of the row, what a rule says of it)."""
        for answers in self._answers(cluster, frozenset(columns)):
            yield from answers.of(rows)

    def _answers(self, cluster: str, columns: frozenset[Column]) -> list[_Answers]:
        book = Rulebook(self._plan, self._lives, self._as_of, self._targets, self._in_season, cluster, columns)
        if columns not in self._known:
            self._known[columns] = [_Answers(group, book) for group in self._groups if not group.of_the_sheet]
        return [*self._known[columns], *(_Answers(group, book) for group in self._groups if group.of_the_sheet)]
