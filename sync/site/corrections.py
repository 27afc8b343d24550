"""Cells to put right, cluster by cluster, errors first. The list has an end: the master has them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sync.model import Activity, ClusterData, Finding, Severity
from sync.personal import mask
from sync.prose import DASH
from sync.report.annexes import counted, more_of
from sync.site.values import Correction, Corrections, State
from sync.vietnamese import SEVERITY

EACH, MOST = 500, 3000
"""So many cells of one cluster, and of all together, the page lists; the rest is counted."""
FLAGS = {Severity.ERROR: "loi", Severity.WARNING: "xem"}
_TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn"}


def corrections(clusters: Sequence[ClusterData], names: Mapping[str, str], units: Mapping[str, str]) -> Iterator[Corrections]:
    """Yield the clusters that have something to put right; ``names`` and ``units`` are names by id."""
    left = MOST
    for data in clusters:
        found = sorted(data.findings, key=lambda one: one.severity is not Severity.ERROR)
        rows = {one.row: one for one in data.activities}
        shown = found[: min(EACH, left)]
        left -= len(shown)
        if found:
            yield Corrections(
                id=data.cluster,
                cluster=names[data.cluster],
                counted=counted(data.findings),
                rows=tuple(_correction(one, rows.get(one.row), units) for one in shown),
                more=more_of(len(found) - len(shown), "chỗ", "Cần sửa"),
                flags=" ".join(flags(found)),
            )


def flags(found: Sequence[Finding]) -> list[str]:
    """Return what the page can be filtered by."""
    return [flag for severity, flag in FLAGS.items() if any(one.severity is severity for one in found)]


def _correction(found: Finding, row: Activity | None, units: Mapping[str, str]) -> Correction:
    return Correction(
        cell=found.cell,
        tab=mask(found.tab) or DASH,
        state=State(SEVERITY[found.severity], _TONES[found.severity]),
        what=found.message,
        unit=units.get((row.unit if row else None) or "", ""),
        target=str((row.target if row else None) or ""),
        flags=FLAGS[found.severity],
    )
