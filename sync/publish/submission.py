"""The tab `Tiến độ nộp`: who has registered and reported, on time, late, missing; and the rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sync.layout import Format, TabView
from sync.model import ClusterData, Kind, Progress
from sync.organization import Organization
from sync.plan import Plan
from sync.publish.cells import Row, day_text, header, heading, share, table_tab, text, whole
from sync.vietnamese import COMPLIANCE, KIND


def submission_tab(progress: Progress, clusters: Sequence[ClusterData], plan: Plan, organization: Organization, as_of: date) -> TabView:
    """Return one line a unit and a column a round and kind, the clusters' rates below."""
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    head = heading(f"TIẾN ĐỘ ĐĂNG KÝ VÀ BÁO CÁO NĂM {progress.year}", clusters, names, as_of)
    owed = [(one, kind) for one in plan.reporting_rounds() for kind in Kind]
    titles = header("Cụm", "Đơn vị", *(_title(plan, one.id, kind, progress.year) for one, kind in owed))
    state = {(one.unit, one.round): {Kind.REGISTRATION: one.registration, Kind.RESULTS: one.results} for one in progress.compliance}
    body = [
        (
            text(names[unit.cluster], Format.WRAPPED),
            text(unit.name, Format.WRAPPED),
            *(text(COMPLIANCE[state[unit.id, one.id][kind]]) for one, kind in owed),
        )
        for unit in organization.units
    ]
    columns = range(2, 2 + len(owed))
    return table_tab(
        "Tiến độ nộp",
        head,
        titles,
        body,
        widths=(34, 42, *(19.0 for _ in owed), 12, 12),
        foot=[(), *_rates(progress, plan, names)],
        colour="#548235",
        state_columns=tuple(columns),
        frozen_columns=2,
    )


def _title(plan: Plan, round_id: str, kind: Kind, year: int) -> str:
    due = plan.due_day(round_id, kind, year)
    return f"{KIND[kind]} {plan.round(round_id).name}\n(hạn {day_text(due) if due else ''})"


def _rates(progress: Progress, plan: Plan, names: dict[str, str]) -> list[Row]:
    titles = header("Cụm", "Đợt và nội dung", "Phải nộp", "Đúng hạn", "Trễ hạn", "Chưa nộp", "Tỷ lệ nộp")
    rows = [
        (
            text(names[rate.cluster], Format.WRAPPED),
            text(f"{KIND[rate.kind]} {plan.round(rate.round).name}"),
            whole(rate.expected),
            whole(rate.on_time),
            whole(rate.late),
            whole(rate.missing),
            share(f"{100 * (rate.on_time + rate.late) / rate.expected:.1f}"),
        )
        for rate in progress.reporting_rates
    ]
    return [titles, *rows]
