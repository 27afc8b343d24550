"""What the plan asks for on which day, and what is therefore to be done. Nothing here depends on "is it today"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sync.model import Kind
from sync.plan import Plan, Round


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report that the committee is owed since the day after ``due``."""

    kind: str
    year: int
    round: Round
    due: date

    @property
    def key(self) -> str:
        """Return what tells this report from every other, without its recipient."""
        return f"{self.kind}/{self.year}/{self.round.id}"


def due_reports(plan: Plan, as_of: date) -> list[DueReport]:
    """Return the results report of the due day that passed last, however long ago; none before the plan was in force.

    A due day is a whole day: the report is due from the day after it on.
    """
    past = [
        DueReport("ket-qua", year, one, due)
        for year in range(plan.first_day.year, as_of.year + 1)
        for one in plan.reporting_rounds()
        if (due := plan.due_day(one.id, Kind.RESULTS, year)) and plan.in_force <= due < as_of and due <= plan.last_day
    ]
    return [max(past, key=lambda report: report.due)] if past else []
