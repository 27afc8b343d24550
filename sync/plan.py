"""The plan: its targets, rounds and due days. Values and what follows from them; no dates are read from a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sync.model import Kind
from sync.yearly import Yearly, in_year

SUMMER = "he"
"""The id of the months between the rounds (contract section 6)."""


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every year, such as 30/01."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        """Return that day of ``year``."""
        return date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Round:
    """One of the rounds of a year."""

    id: str
    name: str
    first_month: int
    last_month: int
    registration_due: MonthDay | None
    """`None` for the summer, which is owed with another round."""
    results_due: MonthDay | None
    registration_with: str
    """Id of the round whose registration day covers what is planned here; itself for an ordinary round."""
    results_with: str
    """Likewise for results."""

    def has_month(self, month: int) -> bool:
        """Return whether the month (1–12) belongs to this round."""
        return self.first_month <= month <= self.last_month


@dataclass(frozen=True, slots=True)
class Target:
    """One yearly target."""

    id: int
    name: str
    short_name: str
    aliases: tuple[str, ...]
    goal: int
    """For a whole year, in `measure`; 0 where the year asks nothing of it."""
    measure: str
    allocations: dict[str, int] = field(hash=False)
    """Cluster id → its part of the goal. What is left over has no owner, and every cluster may contribute to it."""
    season: str | None = None
    """Id of a round outside the ordinary ones in which this target may be run (the summer)."""
    goals: Yearly = field(default_factory=dict, hash=False)
    """The goal where it changes by year; empty where it does not."""
    parts: Mapping[str, Yearly] = field(default_factory=dict, hash=False)
    """Cluster id → its part of the goal where goal or parts change by year."""

    def in_year(self, year: int) -> Target:
        """Return the target with the goal and the allocations of that year."""
        if not self.goals:
            return self
        given = {cluster: in_year(numbers, year) for cluster, numbers in self.parts.items()}
        return replace(self, goal=in_year(self.goals, year), allocations={cluster: part for cluster, part in given.items() if part})

    @property
    def unallocated(self) -> int:
        """The part of the goal that no cluster was given."""
        return self.goal - sum(self.allocations.values())

    def is_expected_of(self, cluster: str) -> bool:
        """Return whether the plan lets this cluster contribute: it carries a part, some part has no owner, or nothing is asked at all."""
        return cluster in self.allocations or self.unallocated > 0 or not self.goal


@dataclass(frozen=True, slots=True)
class EarlyEnd:
    """That a plan ended before its time."""

    planned_last_day: date
    """The last day that the plan was made for."""
    reason: str = ""
    handed_to: str = ""
    """Who carries the work on; empty for nobody."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan."""

    name: str
    number: str
    """Number and sign of the plan's paper; empty where not known."""
    first_day: date
    last_day: date
    in_force: date
    """Nothing due before this day is held against anyone."""
    measured_years: tuple[int, ...]
    """Years held against a full year's goal."""
    targets: tuple[Target, ...]
    rounds: tuple[Round, ...]
    """In the order of the year: round 1, summer, round 2."""
    year_closing: MonthDay = MonthDay(1, 10)
    """Day of the next year up to which a year's results may still come in."""
    final_review: date | None = None
    """Day as of which the whole plan is reviewed; `None` where it is not."""
    early_end: EarlyEnd | None = None
    """Where the plan ended early: ``last_day`` is the day on which it did."""

    def in_year(self, year: int) -> Plan:
        """Return the plan with the goals and allocations of that year."""
        if not any(target.goals for target in self.targets):
            return self
        return replace(self, targets=tuple(target.in_year(year) for target in self.targets))

    def target(self, target_id: int) -> Target:
        """Return the target of this id; KeyError if there is none."""
        for target in self.targets:
            if target.id == target_id:
                return target
        raise KeyError(target_id)

    def round(self, round_id: str) -> Round:
        """Return the round of this id; KeyError if there is none."""
        for one in self.rounds:
            if one.id == round_id:
                return one
        raise KeyError(round_id)

    def round_of(self, day: date) -> Round | None:
        """Return the round (or the summer) that the day's month belongs to."""
        return next((one for one in self.rounds if one.has_month(day.month)), None)

    def due_day(self, round_id: str, kind: Kind, year: int) -> date | None:
        """Return the day by which a round's registration or results are due; `None` where the round has no day of its own."""
        one = self.round(round_id)
        due = one.registration_due if kind is Kind.REGISTRATION else one.results_due
        return due.in_year(year) if due else None

    def reporting_rounds(self) -> tuple[Round, ...]:
        """Return the rounds that have due days of their own, in order."""
        return tuple(one for one in self.rounds if one.registration_due and one.results_due)

    def covered(self, round_id: str, kind: Kind) -> tuple[str, ...]:
        """Return the ids of the rounds whose activities are owed with this round's day (round 1's registration covers the summer)."""
        attribute = "registration_with" if kind is Kind.REGISTRATION else "results_with"
        return tuple(one.id for one in self.rounds if getattr(one, attribute) == round_id)

    def year_end(self, year: int) -> date:
        """Return the last day that counts for the year."""
        return min(date(year, 12, 31), self.last_day)


def day_after(day: date) -> date:
    """Return the next day."""
    return day + timedelta(days=1)
