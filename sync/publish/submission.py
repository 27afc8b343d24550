"""The tab `Tiến độ nộp`: who has registered and reported, on time, late, missing; below it the clusters' rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sync.layout import Format, Shown, TabView
from sync.model import ClusterData, Progress, ReportingRate
from sync.organization import Organization
from sync.plan import Plan
from sync.publish.cells import Row, due_title, header, heading, owed, share_of, state_cells, states, table_tab, text, whole

_MEASURES: tuple[tuple[str, Callable[[ReportingRate], Shown]], ...] = (
    ("Số đơn vị phải nộp", lambda rate: whole(rate.expected)),
    ("Đúng hạn", lambda rate: whole(rate.on_time)),
    ("Trễ hạn", lambda rate: whole(rate.late)),
    ("Chưa nộp", lambda rate: whole(rate.missing)),
    ("Tỷ lệ đã nộp", lambda rate: share_of(rate.on_time + rate.late, rate.expected)),
)


def submission_tab(progress: Progress, clusters: Sequence[ClusterData], plan: Plan, organization: Organization, as_of: date) -> TabView:
    """Return one line a unit and a column for each thing owed, the clusters' rates below."""
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    found, shown = states(progress), organization.shown_names()
    things = owed(plan)
    body = [
        (text(names[unit.cluster], Format.WRAPPED), text(shown[unit.id], Format.WRAPPED), *state_cells(unit.id, found, plan))
        for unit in organization.units
        if unit.life.has_day_in(progress.year)
    ]
    return table_tab(
        "Tiến độ nộp",
        heading(f"TIẾN ĐỘ ĐĂNG KÝ VÀ BÁO CÁO NĂM {progress.year}", clusters, names, as_of),
        header("Cụm", "Đơn vị", *(due_title(plan, round_id, kind, progress.year) for round_id, kind in things)),
        body,
        widths=(32, 44, *(22.0 for _ in things)),
        colour="#548235",
        state_columns=tuple(range(2, 2 + len(things))),
        frozen_columns=2,
        below=_rates(progress, plan, names),
    )


def _rates(progress: Progress, plan: Plan, names: Mapping[str, str]) -> list[Row]:
    """Return five lines a cluster that owes anything, in the same columns as the units': the printed header fits both."""
    if not progress.reporting_rates:
        return []
    found = {(rate.cluster, rate.round, rate.kind): rate for rate in progress.reporting_rates}
    rows: list[Row] = [(), (text("SỐ ĐƠN VỊ ĐÃ NỘP VÀ TỶ LỆ NỘP THEO CỤM", Format.STRONG),)]
    for cluster in dict.fromkeys(rate.cluster for rate in progress.reporting_rates):
        rates = [found.get((cluster, round_id, kind)) for round_id, kind in owed(plan)]
        rows += [
            (text(names[cluster], Format.WRAPPED), text(title, Format.WRAPPED), *(measure(rate) if rate else text(None) for rate in rates))
            for title, measure in _MEASURES
        ]
    return rows
