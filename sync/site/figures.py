"""Goals, registered and done: rows of figures, and the bars beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from sync.model import Figures, Progress
from sync.organization import Organization
from sync.plan import Plan
from sync.prose import figure
from sync.report import TargetLine
from sync.report.targets import TONES
from sync.site.values import Bar, FigureRow, SiteTarget, State
from sync.vietnamese import PROGRESS


def cluster_anchor(cluster: str) -> str:
    """Return the id of a cluster's place on the page."""
    return f"kv-{cluster}"


def unit_anchor(unit: str) -> str:
    """Return the id of a unit's place on the page."""
    return f"dv-{unit}"


def targets(lines: Sequence[TargetLine], progress: Progress, plan: Plan, organization: Organization) -> Iterator[SiteTarget]:
    """Yield each target, in plan order; ``lines`` are the reports' of the same figures."""
    for line, one in zip(lines, progress.targets, strict=True):
        parts = [item for item in progress.by_cluster if item.target == one.target and item.cluster]
        expected = [cluster.id for cluster in organization.clusters if plan.target(one.target).is_expected_of(cluster.id)]
        yield SiteTarget(
            line=line,
            state=State(line.assessment, line.tone) if one.status else None,
            bar=bar(one),
            parts=tuple(_row(item, organization.cluster(item.cluster or "").name, cluster_anchor(item.cluster or "")) for item in parts),
            clusters=" ".join(dict.fromkeys([*expected, *(item.cluster or "" for item in parts)])),
            flags=one.status.value if one.status else "",
        )


def rows_of(figures: Sequence[Figures], plan: Plan) -> tuple[FigureRow, ...]:
    """Return a row a target, of one cluster or unit."""
    return tuple(_row(one, f"{one.target}. {plan.target(one.target).name}", f"ct-{one.target}") for one in figures)


def _row(one: Figures, label: str, anchor: str) -> FigureRow:
    state = State(PROGRESS[one.status], TONES.get(one.status.value, "plain")) if one.status else None
    return FigureRow(label, anchor, figure(one.goal), figure(one.registered), figure(one.done), figure(one.missing), state)


def bar(one: Figures) -> Bar:
    """Return the bar of a target: as long as its goal, or as what is done and planned where that is more."""
    planned = one.projected - one.done
    length = max(one.goal or 0, one.projected, 1)
    goal = _share(one.goal, length) if one.goal is not None else ""
    return Bar(_share(one.done, length), _share(planned, length), goal)


def _share(part: int, length: int) -> str:
    return str((Decimal(part * 100) / Decimal(length)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
