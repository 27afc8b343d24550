"""What the plan asks for on which day, and what is therefore to be done. Nothing here depends on "is it today".

A due day is a whole day: what follows it is owed from the next day on, and goes out with the next run, however late (design, decision 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sync.model import Kind
from sync.plan import Plan, Round, day_after

REGISTRATIONS, RESULTS, YEAR, REVIEW = "dang-ky", "ket-qua", "nam", "tong-ket"
"""The kinds of reports that the calendar knows; `tien-do` is of any day."""
SUPPLEMENT = "bo-sung"
"""The yearly report once more, when the year has closed."""


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day by which the units hand something in."""

    year: int
    round: Round
    kind: Kind
    day: date

    @property
    def key(self) -> str:
        """Return what tells this duty from every other: `2025/dot-2/results`."""
        return f"{self.year}/{self.round.id}/{self.kind.value}"


@dataclass(frozen=True, slots=True)
class Occasion:
    """A letter that the committee is owed from a day on, and the reports that it carries."""

    series: str
    """Of one series the latest takes the place of those before it."""
    key: str
    """What tells this letter from every other, without its recipient."""
    kinds: tuple[str, ...]
    """Its reports; the letter speaks of the first."""
    year: int
    round: Round | None
    owed: date
    """The first day on which it goes out."""


def due_days(plan: Plan) -> list[DueDay]:
    """Return every day on which units owe something under the plan, in order; none from before it was in force."""
    return sorted(
        (
            DueDay(year, one, kind, day)
            for year in range(plan.first_day.year, plan.last_day.year + 1)
            for one in plan.reporting_rounds()
            for kind in Kind
            if (day := plan.due_day(one.id, kind, year)) and plan.in_force <= day <= plan.last_day
        ),
        key=lambda due: due.day,
    )


def occasions(plan: Plan) -> list[Occasion]:
    """Return every letter that the committee gets under the plan, in the order in which they fall due."""
    return sorted([*_after_due_days(plan), *_closings(plan), *_review(plan)], key=lambda one: (one.owed, one.key))


def _after_due_days(plan: Plan) -> Iterator[Occasion]:
    last = plan.reporting_rounds()[-1:]
    for due in due_days(plan):
        kind = REGISTRATIONS if due.kind is Kind.REGISTRATION else RESULTS
        with_year = due.kind is Kind.RESULTS and (due.round,) == last and due.year in plan.measured_years
        kinds = (kind, YEAR) if with_year else (kind,)
        yield Occasion(kind, f"{kind}/{due.year}/{due.round.id}", kinds, due.year, due.round, day_after(due.day))


def _closings(plan: Plan) -> Iterator[Occasion]:
    """Yield the supplement of each measured year: results that came after the last due day still count for it."""
    for year in plan.measured_years:
        owed = day_after(plan.year_closing.in_year(year + 1))
        if plan.in_force <= owed <= plan.last_day:
            yield Occasion(SUPPLEMENT, f"{YEAR}/{year}/{SUPPLEMENT}", (YEAR,), year, None, owed)


def _review(plan: Plan) -> Iterator[Occasion]:
    if plan.final_review:
        year = plan.final_review.year
        yield Occasion(REVIEW, f"{REVIEW}/{year}", (REVIEW,), year, None, day_after(plan.final_review))


def owed(plan: Plan, as_of: date, since: date) -> list[Occasion]:
    """Return what the committee is owed on this day, in order.

    ``since`` is the day of the first run: of what fell due up to it only the last goes out, because whoever begins wants one report
    and not a year's. What fell due later is owed however late; within a series the latest takes the place of those before it.
    """
    fallen_due = [one for one in occasions(plan) if one.owed <= as_of]
    earlier = [one for one in fallen_due if one.owed <= since]
    return _latest_of_each_series([*earlier[-1:], *(one for one in fallen_due if one.owed > since)])


def _latest_of_each_series(found: Sequence[Occasion]) -> list[Occasion]:
    latest = {one.series: one for one in found}
    return [one for one in found if latest[one.series] is one]
