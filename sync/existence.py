"""What is said of a row whose unit did not exist on its day: since when or until when it did, and who existed then.

History is never moved: a row is its unit's of the day, and nothing turns it over to a successor but the people who wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sync.model import Period, Stops
from sync.organization import Organization, Unit
from sync.prose import day, names


@dataclass(frozen=True, slots=True)
class Absence:
    """That a unit did not exist on the day of a row, or of half of it."""

    stops: Stops
    """`REGISTRATION`, `RESULT`, or `ROW` where neither half has a unit that existed."""
    told: str
    """Since when or until when it existed, and which units did on that day."""
    suggestion: str | None
    """The name to write instead, where there is just one and nothing of the row stays with the unit that is named."""


class Lives:
    """Which units existed when, and what became of them."""

    def __init__(self, organization: Organization) -> None:
        self._units: Mapping[str, Unit] = {unit.id: unit for unit in organization.units}
        self.unchanging = all(unit.valid_from is None and unit.valid_to is None for unit in organization.units)
        """Whether every unit exists on every day."""
        self._before: dict[str, list[Unit]] = {}
        for unit in organization.units:
            for successor in unit.successors:
                self._before.setdefault(successor, []).append(unit)

    def absence(self, registering: str | None, planned: Period | None, doing: str | None, done: Period | None) -> Absence | None:
        """Return what is wrong with a row's units, of its registration and of its result; `None` where both existed then."""
        halves = ((Stops.REGISTRATION, registering, planned), (Stops.RESULT, doing, done))
        filled = [(stops, self._units[unit], period.end) for stops, unit, period in halves if unit and period]
        wrong = [(stops, unit, end) for stops, unit, end in filled if not unit.exists_on(end)]
        if not wrong:
            return None
        stops, unit, end = wrong[-1]
        whole = len(wrong) == len(filled)
        return self._told(Stops.ROW if whole else stops, unit, end, is_result=stops is Stops.RESULT)

    def _told(self, stops: Stops, unit: Unit, end: date, *, is_result: bool) -> Absence:
        then = self.then(unit, end)
        what = "kết quả" if is_result else "thời gian dự kiến"
        since = f"chỉ có từ ngày {day(unit.valid_from)}" if unit.valid_from and end < unit.valid_from else ""
        lived = since or f"chỉ có đến hết ngày {day(unit.valid_to or end)}"
        there = f"; vào ngày ấy là {names([one.name for one in then])}" if then else ""
        suggestion = then[0].name if len(then) == 1 and stops is Stops.ROW else None
        return Absence(stops, f"{lived}, mà {what} là ngày {day(end)}{there}", suggestion)

    def then(self, unit: Unit, day: date) -> list[Unit]:
        """Return the units that had the unit's ground on that day, near or far in the line of mergers."""
        later = unit.valid_to is not None and day > unit.valid_to
        found: dict[str, Unit] = {}
        waiting = [unit]
        while waiting:
            one = waiting.pop(0)
            for other in [self._units[name] for name in one.successors] if later else self._before.get(one.id, []):
                if other.exists_on(day):
                    found[other.id] = other
                else:
                    waiting.append(other)
        return list(found.values())
