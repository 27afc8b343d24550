"""How the work was directed: who registered and reported on time, late or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from sync import prose
from sync.model import Compliance, Kind, Progress, ReportingRate
from sync.organization import Organization
from sync.plan import Plan, Round
from sync.prose import counted, due_day, figure, sentence
from sync.prose_years import duty_total
from sync.report.values import MARK, Arrears, DueRow, DueTable
from sync.vietnamese import KIND

NAMES_IN_MAIL = 12
"""From here on a mail counts the units that it does not name; the attached report names them all."""
Four = tuple[int, int, int, int]
"""Expected, on time, late, missing."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that was due before the report's day."""

    round: Round
    kind: Kind
    due: date
    rates: Mapping[str, ReportingRate]
    """By cluster id."""

    @property
    def name(self) -> str:
        """Return `Đăng ký đợt 1 (hạn 30/01)`."""
        return f"{KIND[self.kind]} {self.round.name.lower()} (hạn\u00a0{due_day(self.due)})"

    def totals(self) -> Four:
        """Return expected, on time, late and missing of all clusters."""
        return added(_four(one) for one in self.rates.values())


def duties_of(progress: Progress, plan: Plan, as_of: date) -> list[Duty]:
    """Return what was due before this day and asked of anyone, in the order of the due days."""
    duties = []
    for one in plan.reporting_rounds():
        for kind in Kind:
            rates = {
                item.cluster: item for item in progress.reporting_rates if item.round == one.id and item.kind is kind and item.expected
            }
            due = plan.due_day(one.id, kind, progress.year)
            if due and due < as_of and rates:
                duties.append(Duty(one, kind, due, rates))
    return sorted(duties, key=lambda duty: duty.due)


def added(fours: Iterator[Four] | Sequence[Four]) -> Four:
    """Return the column sums."""
    sums = [sum(column) for column in zip((0, 0, 0, 0), *fours, strict=True)]
    return sums[0], sums[1], sums[2], sums[3]


def _four(one: ReportingRate) -> Four:
    return one.expected, one.on_time, one.late, one.missing


def handed_in(duties: Sequence[Duty]) -> tuple[str, ...]:
    """Return a sentence a duty."""
    return tuple(sentence(f"{duty.name}: {prose.handed_in(*duty.totals())}") for duty in duties)


def due_tables(duties: Sequence[Duty], plan: Plan, known: Mapping[str, str], stale: AbstractSet[str]) -> Iterator[DueTable]:
    """Yield a table a round: its clusters' four cells for each duty, and the total."""
    for one in plan.reporting_rounds():
        asked = [duty for duty in duties if duty.round == one]
        rows = []
        for cluster, name in known.items():
            rates = [duty.rates.get(cluster) for duty in asked]
            if any(rates):
                cells = (figure(number) for item in rates for number in (_four(item) if item else (None,) * 4))
                rows.append(DueRow(f"{name} {MARK}" if cluster in stale else name, tuple(cells)))
        if rows:
            yield DueTable(one.name, tuple(duty.name for duty in asked), tuple(rows), _total(duty.totals() for duty in asked))


def _total(fours: Iterator[Four]) -> DueRow:
    return DueRow("Tổng số đơn vị", tuple(figure(number) for four in fours for number in four))


def arrears(duties: Sequence[Duty], progress: Progress, organization: Organization, stale: AbstractSet[str]) -> Iterator[Arrears]:
    """Yield a line for each duty that someone is late with or still owes."""
    shown = organization.shown_names()
    unit_names = {unit.id: f"{shown[unit.id]} {MARK}" if unit.cluster in stale else shown[unit.id] for unit in organization.units}
    for duty in duties:
        states = [
            (unit_names[one.unit], one.registration if duty.kind is Kind.REGISTRATION else one.results)
            for one in progress.compliance
            if one.round == duty.round.id
        ]
        late = [unit for unit, state in states if state is Compliance.LATE]
        missing = [unit for unit, state in states if state is Compliance.MISSING]
        if late or missing:
            yield Arrears(duty.name, counted(late), counted(missing), counted(late, NAMES_IN_MAIL), counted(missing, NAMES_IN_MAIL))


Years = Sequence[tuple[int, Sequence[Duty]]]
_KINDS = (Kind.REGISTRATION, Kind.RESULTS)


def years_table(years: Years) -> Iterator[DueTable]:
    """Yield one table of all years, a unit counted once for each round; nothing where nothing was asked."""
    rows = [DueRow(str(year), tuple(_cells(duties))) for year, duties in years if duties]
    if rows:
        every = [duty for _, duties in years for duty in duties]
        titles = tuple(f"{KIND[kind]} (lượt đơn vị)" for kind in _KINDS)
        yield DueTable("Các năm", titles, tuple(rows), DueRow("Cộng", tuple(_cells(every))), "Năm")


def years_handed_in(years: Years) -> tuple[str, ...]:
    """Return a sentence for each kind of duty over all years."""
    every = [duty for _, duties in years for duty in duties]
    told = (duty_total(KIND[kind], *_of_kind(every, kind)) for kind in _KINDS)
    return tuple(line for line in told if line)


def _cells(duties: Sequence[Duty]) -> Iterator[str]:
    for kind in _KINDS:
        asked = any(duty.kind is kind for duty in duties)
        yield from (figure(number if asked else None) for number in _of_kind(duties, kind))


def _of_kind(duties: Sequence[Duty], kind: Kind) -> Four:
    return added([duty.totals() for duty in duties if duty.kind is kind])
