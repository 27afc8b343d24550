"""The annex by successors: whose figures a unit that exists now has, its own and those of the units merged into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sync.model import Inherited, Progress
from sync.organization import Organization
from sync.plan import Plan
from sync.prose import count, figure
from sync.report.values import HeirLine

OUTSIDE = "Phần đã chuyển ra ngoài địa bàn"


def heir_lines(progress: Progress, plan: Plan, organization: Organization) -> Iterator[HeirLine]:
    """Yield a line for each successor and target that anything was registered or done for; none in a year without a merger's history."""
    shown = organization.shown_names()
    if not any(one.is_inherited for one in progress.by_successor):
        return
    for one in progress.by_successor:
        if one.registered or one.done:
            target = plan.target(one.target)
            sources = "; ".join(source(part, shown) for part in one.sources if part.done)
            name = shown[one.unit] if one.unit else OUTSIDE
            yield HeirLine(name, target.short_name, target.measure, figure(one.registered), figure(one.done), sources)


def source(one: Inherited, shown: Mapping[str, str]) -> str:
    """Return whose and how much: a part of a unit with its per cent."""
    part = f" ({one.part}%)" if one.part < 100 else ""
    return f"{shown[one.unit]}{part} {count(one.done)}"
