"""Cells to put right, cluster by cluster, errors first. The list has an end: the master has them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sync.district import District
from sync.model import Activity, ClusterData, Finding, Severity
from sync.personal import mask
from sync.prose import DASH
from sync.report.annexes import counted, more_of
from sync.report.freshness import spoken
from sync.site.values import Correction, Corrections, State
from sync.vietnamese import SEVERITY

EACH, MOST, OF_UNIT = 500, 3000, 30
"""So many cells of one cluster, of all together, and of one unit the page lists; the rest is counted."""
FLAGS = {Severity.ERROR: "loi", Severity.WARNING: "xem"}
_TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn"}


def corrections(district: District, addresses: Mapping[str, str]) -> Iterator[Corrections]:
    """Yield the clusters that have something to put right; ``addresses`` are of the spreadsheets that can be opened by a link."""
    organization, left = district.settings.organization, MOST
    names = {one.id: one.name for one in organization.clusters}
    units = organization.shown_names()
    for data in district.clusters:
        found, why = errors_first(data.findings), reason(data, names)
        rows = {one.row: one for one in data.activities}
        shown = found[: min(EACH, left)]
        left -= len(shown)
        if found or data.error:
            yield Corrections(
                id=data.cluster,
                cluster=names[data.cluster],
                address=addresses.get(data.cluster, ""),
                counted=counted(data.findings),
                why="" if any(one.message == data.error for one in found) else why,
                rows=tuple(correction(one, rows.get(one.row), units) for one in shown),
                more=more_of(len(found) - len(shown), "chỗ", "Cần sửa"),
                flags=" ".join(flags(found)),
            )


def flags(found: Sequence[Finding]) -> list[str]:
    """Return what the page can be filtered by."""
    return [flag for severity, flag in FLAGS.items() if any(one.severity is severity for one in found)]


def errors_first(found: Sequence[Finding]) -> list[Finding]:
    """Return the findings, errors before warnings, else in their order."""
    return sorted(found, key=lambda one: one.severity is not Severity.ERROR)


def reason(data: ClusterData, names: Mapping[str, str]) -> str:
    """Return why a cluster was not read, as people say it; nothing where it was."""
    return mask(spoken(data.error or "", names))


def correction(found: Finding, row: Activity | None, units: Mapping[str, str]) -> Correction:
    """Return a finding as the page shows it; ``row`` is the activity that it stands in."""
    return Correction(
        cell=found.cell,
        tab=mask(found.tab) or DASH,
        state=State(SEVERITY[found.severity], _TONES[found.severity]),
        what=found.message,
        unit=units.get((row.unit if row else None) or "", ""),
        target=str((row.target if row else None) or ""),
        flags=FLAGS[found.severity],
    )
