"""What was read and added up, with the settings that it was read by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.decisions import judge
from sync.journal import dump
from sync.layout import Workbook
from sync.model import ClusterData, Finding, Memory, Progress, Ruling
from sync.publish import master_workbook
from sync.rollup import roll_up
from sync.settings_values import Settings


@dataclass(frozen=True, slots=True)
class District:
    """What was read and added up, with the settings that it was read by."""

    settings: Settings
    clusters: tuple[ClusterData, ...]
    memory: Memory
    progress: Progress
    """Of the year of the run's own day."""
    rulings: tuple[Ruling, ...] = ()
    """What people decided, and what has become of it."""
    late: tuple[Finding, ...] = ()
    """What was handed in late and nobody has decided on."""
    standing: Sequence[Sequence[str]] = ()
    """The rows of the memory as they stood in the master when this run read it."""

    def in_year(self, year: int) -> District:
        """Return the district with the figures of another year, as of the same day."""
        if year == self.progress.year:
            return self
        other = district_of(self.settings, self.clusters, self.memory, as_of=self.progress.as_of, year=year)
        return replace(self, progress=other.progress)


def judged_district(settings: Settings, clusters: Sequence[ClusterData], memory: Memory, *, as_of: date, year: int) -> District:
    """Carry out what people decided, then add up one year's figures; ``clusters`` as they were read."""
    judged = judge(clusters, plan=settings.plan, organization=settings.organization, memory=memory, as_of=as_of)
    district = district_of(settings, judged.clusters, judged.memory, as_of=as_of, year=year)
    return replace(district, rulings=judged.rulings, late=judged.late)


def district_of(settings: Settings, clusters: Sequence[ClusterData], memory: Memory, *, as_of: date, year: int) -> District:
    """Add up one year's figures."""
    progress = roll_up(clusters, plan=settings.plan, organization=settings.organization, memory=memory, year=year, as_of=as_of)
    return District(settings, tuple(clusters), memory, progress)


def master_of(district: District) -> Workbook:
    """Return the master spreadsheet as data, with the district's memory in it."""
    return master_workbook(
        progress=[district.progress],
        year=district.progress.year,
        clusters=district.clusters,
        plan=district.settings.plan.in_year(district.progress.year),
        organization=district.settings.organization,
        memory=district.memory,
        memory_rows=dump(district.memory, like=district.standing),
        rulings=district.rulings,
        late=district.late,
        as_of=district.progress.as_of,
    )
