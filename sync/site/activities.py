"""What a unit did: its rows of the year, counted or not, each by its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sync.model import Activity, ClusterData, Status
from sync.personal import mask
from sync.prose import DASH, figure, period
from sync.report.annexes import links
from sync.site.values import SiteActivity, State
from sync.vietnamese import STATUS

EACH, MOST = 200, 3000
"""So many activities of a unit, and of all together, the page lists; the rest is counted."""


def by_unit(data: ClusterData, year: int) -> dict[str, list[Activity]]:
    """Return the year's rows of each unit, in the order of their days; a row without any readable day belongs to every year."""
    found: dict[str, list[Activity]] = {}
    for one in sorted(data.activities, key=_when):
        if one.unit and _is_of(one, year):
            found.setdefault(one.unit, []).append(one)
    return found


def listed(clusters: Sequence[ClusterData], units: int) -> int:
    """Return how many activities each of so many units may list: all get the same, so that none is left out."""
    every = sum(len(data.activities) for data in clusters)
    return EACH if every <= MOST else min(EACH, max(1, MOST // max(units, 1)))


def _when(one: Activity) -> tuple[date, int]:
    when = one.done or one.planned
    return (when.start if when else date.max), one.row


def _is_of(one: Activity, year: int) -> bool:
    days = [when.end for when in (one.planned, one.done) if when]
    return not days or any(day.year == year for day in days)


def shown(activities: Sequence[Activity]) -> Iterator[SiteActivity]:
    """Yield a unit's rows as the page has them."""
    for one in activities:
        evidence = tuple(link for link in links(one.evidence) if _is_impersonal(link.address))
        yield SiteActivity(
            code=one.code or "",
            target=str(one.target or ""),
            name=one.name or DASH,
            planned=period(one.planned) if one.planned else DASH,
            registered=figure(one.registered_quantity),
            done=period(one.done) if one.done else DASH,
            done_quantity=figure(one.done_quantity),
            evidence=evidence,
            no_evidence=DASH if not one.done else "có, không hiện" if one.evidence else "chưa có",
            state=_state(one),
        )


def _is_impersonal(address: str) -> bool:
    """Return whether no phone number or mail address stands in the link itself."""
    bare = address.partition("://")[2]
    return mask(bare) == bare


def _state(one: Activity) -> State:
    if one.counts_as_done:
        return State("Đã tính kết quả", "good")
    if one.status in (Status.CANCELLED, Status.POSTPONED):
        return State(STATUS[one.status], "plain")
    if one.done or one.done_quantity:
        return State("Kết quả chưa tính", "warn")
    return State("Đã tính đăng ký", "plain") if one.counts_as_registered else State("Chưa tính", "bad")
