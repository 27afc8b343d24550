"""What the plan asks for on which day, and what is therefore to be done. Nothing here depends on "is it today"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sync.model import Kind
from sync.plan import Plan, Round

REPORTS: tuple[tuple[str, Kind], ...] = (("ket-qua", Kind.RESULTS),)
"""Which report follows on which due day of a round; another kind of report is another line here."""


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
    """Return of each kind the report of the due day that passed last, however long ago; none from before the plan was in force.

    A due day is a whole day: the report is due from the day after it on. Earlier ones that never went are not caught up: the
    last one carries the year's figures, and whoever was away for a year wants one report, not four.
    """
    latest = (max(_past(plan, kind, follows, as_of), key=lambda report: report.due, default=None) for kind, follows in REPORTS)
    return [report for report in latest if report]


def _past(plan: Plan, kind: str, follows: Kind, as_of: date) -> Iterator[DueReport]:
    """Yield the reports of every due day of the plan that has passed."""
    for year in range(plan.first_day.year, min(as_of.year, plan.last_day.year) + 1):
        for one in plan.reporting_rounds():
            due = plan.due_day(one.id, follows, year)
            if due and plan.in_force <= due <= plan.last_day and due < as_of:
                yield DueReport(kind, year, one, due)
