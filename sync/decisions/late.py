"""What was handed in late, as something to decide: lateness is no finding of a cell, so it gets a line of its own in the master."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sync.compliance import Evidence, evidence_of, late_hand_ins
from sync.decisions.keys import late_key
from sync.decisions.words import CHOICES, LATE, choice_of
from sync.model import Choice, ClusterData, Finding, Late, Memory, Severity, Stops
from sync.organization import Organization
from sync.plan import Plan
from sync.vietnamese import KIND

TAB = "Tiến độ nộp"


def late_findings(
    clusters: Sequence[ClusterData], *, plan: Plan, organization: Organization, memory: Memory, as_of: date
) -> list[tuple[Finding, int]]:
    """Return what was handed in late this year and the last, each with its year, in the order of the clusters.

    Where something was decided about lateness, of every year of the plan: a decision stands by what it was made about.
    """
    units = {unit.id: unit.name for unit in organization.units}
    first = plan.first_day.year
    if all(one.about.code not in LATE.values() for one in memory.decisions):
        first = max(first, as_of.year - 1)
    evidence = evidence_of(clusters, plan, memory, as_of)
    return [
        (_finding(one, units[one.unit], plan), year)
        for year in range(first, as_of.year + 1)
        for one in late_hand_ins(evidence, plan=plan, organization=organization, year=year, as_of=as_of)
    ]


def _finding(one: Late, unit: str, plan: Plan) -> Finding:
    what = f"{KIND[one.kind].lower()} {plan.round(one.round).name.lower()} năm {one.year}"
    days = f"hạn {one.due:%d/%m/%Y}, thấy lần đầu ngày {one.first_seen:%d/%m/%Y}"
    message = f"{unit} {what} trễ hạn: {days}; nếu có lý do chính đáng, chọn «{CHOICES[Choice.EXCUSE]}»."
    found = Finding(
        cluster=one.cluster,
        tab=TAB,
        cell="",
        row=0,
        code=LATE[one.kind],
        severity=Severity.WARNING,
        stops=Stops.NOTHING,
        message=message,
        value=f"{one.first_seen:%d/%m/%Y}",
    )
    return replace(found, key=late_key(one))


def late_of_year(evidence: Evidence, *, plan: Plan, organization: Organization, memory: Memory, year: int, as_of: date) -> tuple[Late, ...]:
    """Return what was handed in late for one year, each marked where a person has excused it."""
    found = late_hand_ins(evidence, plan=plan, organization=organization, year=year, as_of=as_of)
    excused = {one.key for one in memory.decisions if choice_of(one.choice) is Choice.EXCUSE}
    return tuple(replace(one, excused=late_key(one) in excused) for one in found)
