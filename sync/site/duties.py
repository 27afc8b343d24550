"""Who handed in what: each unit's state with each duty of the year, in the order of the due days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sync.model import Compliance, Kind, Progress, UnitCompliance
from sync.organization import Organization
from sync.plan import Plan
from sync.prose import due_day
from sync.report import ReportView
from sync.site.figures import unit_anchor
from sync.site.values import Duty, HandedIn, HandedInGroup, HandedInRow, State
from sync.vietnamese import COMPLIANCE, KIND

TONES = {Compliance.ON_TIME: "good", Compliance.LATE: "warn", Compliance.MISSING: "bad"}
FLAGS = {Compliance.LATE: "tre", Compliance.MISSING: "chua-nop"}


@dataclass(frozen=True, slots=True)
class Duties:
    """What the plan asks of units in a year, and how each unit stands."""

    asked: tuple[tuple[date, str, Kind, str], ...]
    """Due day, round id, kind, name."""
    by_unit: Mapping[str, Mapping[str, UnitCompliance]]
    """Unit id → round id → how it stands."""

    @property
    def names(self) -> tuple[Duty, ...]:
        """The duties as the page names them."""
        return tuple(Duty(name, due_day(due)) for due, _, _, name in self.asked)

    def of(self, unit: str) -> tuple[Compliance, ...]:
        """Return how the unit stands with each duty."""
        found = self.by_unit.get(unit, {})
        return tuple(_of_kind(found.get(round_id), kind) for _, round_id, kind, _ in self.asked)


def _of_kind(found: UnitCompliance | None, kind: Kind) -> Compliance:
    if found is None:
        return Compliance.NOT_REQUIRED
    return found.registration if kind is Kind.REGISTRATION else found.results


def duties_of(progress: Progress, plan: Plan) -> Duties:
    """Return the year's duties with every unit's state."""
    asked = [
        (due, one.id, kind, f"{KIND[kind]} {one.name.lower()}")
        for one in plan.reporting_rounds()
        for kind in Kind
        if (due := plan.due_day(one.id, kind, progress.year))
    ]
    by_unit: dict[str, dict[str, UnitCompliance]] = {}
    for item in progress.compliance:
        by_unit.setdefault(item.unit, {})[item.round] = item
    return Duties(tuple(sorted(asked, key=lambda entry: entry[0])), by_unit)


def state(value: Compliance) -> State:
    """Return the word and the tone of a unit's state."""
    return State(COMPLIANCE[value], TONES.get(value, "plain"))


def flags(values: tuple[Compliance, ...]) -> list[str]:
    """Return what the page can be filtered by."""
    return [flag for value, flag in FLAGS.items() if value in values]


def handed_in(told: ReportView) -> Iterator[HandedIn]:
    """Yield what a report says of each duty that is past, with who is late and who still owes it."""
    owing = {one.what: one for one in told.arrears}
    for sentence in told.handed_in:
        found = next((one for what, one in owing.items() if sentence.startswith(what)), None)
        yield HandedIn(sentence, found.late if found else "", found.missing if found else "")


def groups(duties: Duties, organization: Organization, plan: Plan) -> Iterator[HandedInGroup]:
    """Yield the clusters whose units are asked for anything in the year."""
    for cluster in organization.clusters:
        rows, shown = [], cluster.shown_names()
        for unit in cluster.units:
            values = duties.of(unit.id)
            if any(value is not Compliance.NOT_REQUIRED for value in values):
                rows.append(HandedInRow(shown[unit.id], unit_anchor(unit.id), tuple(map(state, values)), " ".join(flags(values))))
        if rows:
            targets = " ".join(str(target.id) for target in plan.targets if cluster.id in target.allocations)
            yield HandedInGroup(cluster.id, cluster.name, targets, tuple(rows))
