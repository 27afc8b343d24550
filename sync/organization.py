"""Clusters and units, who existed when, and who led a cluster in which year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sync.model import Kind


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the union."""

    id: str
    name: str
    cluster: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    """Last day of existence."""
    successor: str | None = None
    """Id of the unit it merged into; its history stays its own."""
    quotas: dict[int, int] = field(default_factory=dict, hash=False)
    """Target id → this unit's part of the yearly goal, where the configuration gives one."""

    def exists_on(self, day: date) -> bool:
        """Return whether the unit exists on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a cluster for one year."""

    year: int
    name: str
    email: str
    unit: str | None = None


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

    def head_in(self, year: int) -> Head | None:
        """Return the head named for that year."""
        return next((head for head in self.heads if head.year == year), None)


@dataclass(frozen=True, slots=True)
class Organization:
    """The district: its clusters and the words that stand around a unit's name."""

    name: str
    place: str
    clusters: tuple[Cluster, ...]
    words_before_name: tuple[str, ...]
    """Words that people put before a unit's name or leave out, such as `Đoàn phường`."""
    words_after_name: tuple[str, ...]

    @property
    def units(self) -> tuple[Unit, ...]:
        """All units, cluster by cluster."""
        return tuple(unit for cluster in self.clusters for unit in cluster.units)

    def cluster(self, cluster_id: str) -> Cluster:
        """Return the cluster of this id; KeyError if there is none."""
        for cluster in self.clusters:
            if cluster.id == cluster_id:
                return cluster
        raise KeyError(cluster_id)

    def unit(self, unit_id: str) -> Unit:
        """Return the unit of this id; KeyError if there is none."""
        for unit in self.units:
            if unit.id == unit_id:
                return unit
        raise KeyError(unit_id)
