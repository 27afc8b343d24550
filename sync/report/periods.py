"""Which year and round a report is about, seen from a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sync.model import Kind
from sync.plan import Plan, Round

FOLLOWS = {"dang-ky": Kind.REGISTRATION, "ket-qua": Kind.RESULTS}
"""The reports that follow a round's due day; the others are about a year or the whole plan."""
REVIEW = "tong-ket"


def period_of(kind: str, plan: Plan, as_of: date, year: int | None = None) -> tuple[int, Round | None]:
    """Return the year, and the round where the report follows one: of the due day that passed last, or passed last in ``year``.

    A yearly report is about the year whose last due day for results has passed (so in January about the year before).
    """
    if year is not None:
        return year, round_in(kind, plan, year, as_of)
    last = min(as_of, plan.last_day).year
    if kind == "nam":
        passed = _last_due(plan, Kind.RESULTS, as_of, plan.reporting_rounds()[-1:])
        return (passed[0] if passed else last), None
    if kind in FOLLOWS:
        return _last_due(plan, FOLLOWS[kind], as_of, plan.reporting_rounds()) or (last, round_in(kind, plan, last, as_of))
    return last, None


def round_in(kind: str, plan: Plan, year: int, as_of: date) -> Round | None:
    """Return the round that a report of this kind follows within the year; the first one before any due day has passed."""
    follows = FOLLOWS.get(kind)
    if follows is None:
        return None
    rounds = plan.reporting_rounds()
    passed = [one for one in rounds if (due := plan.due_day(one.id, follows, year)) and due < as_of]
    return passed[-1] if passed else next(iter(rounds), None)


def _last_due(plan: Plan, follows: Kind, as_of: date, rounds: Sequence[Round]) -> tuple[int, Round] | None:
    found = [
        (due, year, one)
        for year in range(plan.first_day.year, as_of.year + 1)
        for one in rounds
        if (due := plan.due_day(one.id, follows, year)) and plan.in_force <= due <= plan.last_day and due < as_of
    ]
    return max(found, key=lambda entry: entry[0])[1:] if found else None
