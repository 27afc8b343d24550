"""Clusters and units, who existed when, what became of them, and who led a cluster on which day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sync.model import Kind
from sync.prose import day
from sync.yearly import Yearly, in_year


@dataclass(frozen=True, slots=True)
class Life:
    """From which to which day something is, both included; `None` is always."""

    valid_from: date | None = None
    valid_to: date | None = None

    def has(self, one: date) -> bool:
        """Return whether the day lies in it."""
        return (self.valid_from is None or self.valid_from <= one) and (self.valid_to is None or one <= self.valid_to)

    def days_from(self, one: date) -> int:
        """Return how many days the day lies before or after it; 0 within it."""
        before = (self.valid_from - one).days if self.valid_from else 0
        after = (one - self.valid_to).days if self.valid_to else 0
        return max(before, after, 0)

    def overlaps(self, first: date | None, last: date | None) -> bool:
        """Return whether it has a day from ``first`` to ``last``."""
        begins_after = self.valid_from and last and self.valid_from > last
        ends_before = self.valid_to and first and self.valid_to < first
        return not (begins_after or ends_before)

    def has_day_in(self, year: int) -> bool:
        """Return whether it has a day of the year."""
        return self.overlaps(date(year, 1, 1), date(year, 12, 31))


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the union."""

    id: str
    name: str
    cluster: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    """Last day of existence; where the cluster ends earlier, the cluster's."""
    successors: Mapping[str, int] = field(default_factory=dict, hash=False)
    """Id of each unit that it was merged into → the part that went there, in per cent; its history stays its own.

    What is missing to 100 left the district.
    """
    quotas: Mapping[int, Yearly] = field(default_factory=dict, hash=False)
    """Target id → this unit's part of the yearly goal, where the configuration gives one."""

    @property
    def life(self) -> Life:
        """From which to which day the unit exists."""
        return Life(self.valid_from, self.valid_to)

    def exists_on(self, day: date) -> bool:
        """Return whether the unit exists on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def quota_in(self, target: int, year: int) -> int | None:
        """Return the unit's part of the target's goal of the year; `None` where it has none, or does not exist in it."""
        return (in_year(self.quotas[target], year) or None) if target in self.quotas and self.life.has_day_in(year) else None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a cluster: of a year, or from one day to another."""

    year: int | None
    """`None` for a head with days."""
    name: str
    email: str
    unit: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def leads_on(self, day: date) -> bool:
        """Return whether the head is named by days, and leads on this one."""
        return self.year is None and Life(self.valid_from, self.valid_to).has(day)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group of units that shares one spreadsheet."""

    id: str
    name: str
    code_prefix: str
    """Stands before the number in every `Mã HĐ` of the cluster."""
    units: tuple[Unit, ...]
    owes: dict[Kind, tuple[str, ...]] = field(hash=False)
    """What the cluster's units hand in, by round id."""
    heads: tuple[Head, ...] = ()
    reads_master: bool = False
    """Whether its spreadsheet is a district's master, which is read and never written."""
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def life(self) -> Life:
        """From which to which day the cluster exists."""
        return Life(self.valid_from, self.valid_to)

    def has_begun(self, day: date) -> bool:
        """Return whether there is anything of the cluster to read on that day; an ended one's spreadsheet is its history."""
        return self.valid_from is None or self.valid_from <= day

    def shown_names(self) -> dict[str, str]:
        """Return unit id → the name as people are shown it: with its days where another unit of the cluster has the same name."""
        return _told_apart(self.units)

    def head_on(self, day: date, year: int | None = None) -> Head | None:
        """Return who leads the cluster on that day; where heads are named by years, the one of ``year``, else of the day's."""
        by_days = next((head for head in self.heads if head.leads_on(day)), None)
        return by_days or next((head for head in self.heads if head.year == (year or day.year)), None)


@dataclass(frozen=True, slots=True)
class Organization:
    """The district: its clusters and the words that stand around a unit's name."""

    name: str
    place: str
    clusters: tuple[Cluster, ...]
    words_before_name: tuple[str, ...]
    """Words that people put before a unit's name or leave out, such as `Đoàn phường`."""
    words_after_name: tuple[str, ...]
    units: tuple[Unit, ...] = field(init=False, repr=False, compare=False)
    """All units, cluster by cluster."""
    _clusters: dict[str, Cluster] = field(init=False, repr=False, compare=False)
    _units: dict[str, Unit] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index what is asked for by its id, once for each cluster or row: a country has ten thousand clusters."""
        units = tuple(unit for cluster in self.clusters for unit in cluster.units)
        object.__setattr__(self, "units", units)
        object.__setattr__(self, "_clusters", {cluster.id: cluster for cluster in reversed(self.clusters)})
        object.__setattr__(self, "_units", {unit.id: unit for unit in reversed(units)})

    def cluster(self, cluster_id: str) -> Cluster:
        """Return the cluster of this id; KeyError if there is none."""
        return self._clusters[cluster_id]

    def unit(self, unit_id: str) -> Unit:
        """Return the unit of this id; KeyError if there is none."""
        return self._units[unit_id]

    def shown_names(self) -> dict[str, str]:
        """Return unit id → the name as people are shown it: with its days where another unit has the same name."""
        return _told_apart(self.units)


def _told_apart(units: Sequence[Unit]) -> dict[str, str]:
    often = Counter(unit.name for unit in units)
    return {unit.id: f"{unit.name} ({_days(unit.life)})" if often[unit.name] > 1 else unit.name for unit in units}


def _days(life: Life) -> str:
    """Return `từ 01/7/2025`, `đến 30/6/2025`, or both."""
    parts = (("từ", life.valid_from), ("đến", life.valid_to))
    return " ".join(f"{word} {day(value)}" for word, value in parts if value)
