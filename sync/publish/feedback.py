"""What one cluster is told: a verdict a row, a note at each wrong cell, its own figures and what it still owes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sync.layout import Feedback, Format, Note, TabView
from sync.model import ClusterData, ClusterStatus, Compliance, Finding, Kind, Progress, Severity
from sync.organization import Cluster, Organization
from sync.plan import Plan
from sync.publish.cells import Row, day_text, due_title, header, owed, share, state_cells, state_rules, states, text, whole, wide_lines
from sync.publish.verdicts import DROPPED, verdict
from sync.vietnamese import KIND, PROGRESS

_WIDTHS = (50.0, 22.0, 22.0, 22.0, 22.0, 10.0, 10.0, 19.0)
_FIGURES = ("Chỉ tiêu", "Đơn vị tính", "Được giao", "Đăng ký", "Đã thực hiện", "Tỷ lệ", "Còn thiếu", "Đánh giá")


def feedback(
    data: ClusterData, *, progress: Progress, plan: Plan, organization: Organization, codes: Mapping[int, str], as_of: date
) -> Feedback:
    """Return what the cluster is told; of ``progress`` its own share (`sync.shares`) is enough; ``codes`` are the `Mã HĐ` by row."""
    tab = data.tab or next((found.tab for found in data.findings if found.tab), None)
    here = [found for found in (*data.findings, *data.dropped) if found.tab == tab]
    by_row: dict[int, list[Finding]] = defaultdict(list)
    for found in here:
        by_row[found.row].append(found)
    return Feedback(
        cluster=data.cluster,
        tab=tab,
        header_row=data.header_row,
        columns=data.columns,
        notes=tuple(Note(found.cell, found.message, _tone(found)) for found in here),
        verdicts=tuple(verdict(one, by_row[one.row], codes.get(one.row)) for one in data.activities if one.tab == tab),
        progress=_progress_tab(data, progress, plan, organization, as_of),
    )


def _tone(found: Finding) -> str:
    """Return how a note is coloured: what a decision drops is for people to know, and nothing to mend."""
    return Severity.WARNING.value if found.code == DROPPED else found.severity.value


def _progress_tab(data: ClusterData, progress: Progress, plan: Plan, organization: Organization, as_of: date) -> TabView:
    cluster = organization.cluster(data.cluster)
    found = states(progress)
    sentences = [_state(data), *owed_lines(cluster, found, plan, progress.year, as_of), _next_line(cluster, plan, as_of), _to_correct(data)]
    rows: list[Row] = [
        (text(f"TIẾN ĐỘ CỦA {cluster.name.upper()} NĂM {progress.year}", Format.TITLE),),
        (
            text(
                f"Số liệu ghi ngày {day_text(as_of)}, ghi lại mỗi khi có thay đổi. Trang này do hệ thống ghi; sửa ở đây không có tác dụng.",
                Format.SUBTITLE,
            ),
        ),
        *((text(line, Format.STRONG),) for line in sentences if line),
        (),
        header(*_FIGURES),
    ]
    figures = _own_figures(data.cluster, progress, plan)
    first, things = len(rows), owed(plan)
    rows += [*figures, (), header("Đơn vị", *(due_title(plan, round_id, kind, progress.year) for round_id, kind in things))]
    units = len(rows)
    shown = cluster.shown_names()
    alive = [unit for unit in cluster.units if unit.life.has_day_in(progress.year)]
    rows += [(text(shown[unit.id], Format.WRAPPED), *state_cells(unit.id, found, plan)) for unit in alive]
    colours = [rule for column in range(1, 1 + len(things)) for rule in state_rules(units, len(rows) - 1, column)]
    return TabView(
        title="Tiến độ",
        rows=tuple(rows),
        widths=_WIDTHS,
        merges=tuple(wide_lines(rows, _WIDTHS)),
        rules=(*state_rules(first, first + len(figures) - 1, 7), *colours),
        volatile_rows=(1,),
        tab_colour="#548235",
    )


def _own_figures(cluster: str, progress: Progress, plan: Plan) -> list[Row]:
    rows: list[Row] = [
        (
            text(f"{one.target}. {plan.target(one.target).name}", Format.WRAPPED),
            text(plan.target(one.target).measure, Format.CENTRED),
            whole(one.goal),
            whole(one.registered),
            whole(one.done, Format.STRONG_WHOLE),
            share(one.percent),
            whole(one.missing),
            text(PROGRESS[one.status] if one.status else None, Format.CENTRED),
        )
        for one in progress.by_cluster
        if one.cluster == cluster
    ]
    return rows or [(text("Chưa có chỉ tiêu nào được giao hay thực hiện.", Format.SUBTITLE),)]


def _state(data: ClusterData) -> str | None:
    if data.status is ClusterStatus.OK:
        return None
    if data.status is ClusterStatus.STALE and data.data_as_of:
        return f"Lần này không đọc được bảng, số liệu dưới đây đọc ngày {day_text(data.data_as_of)}. {data.error or ''}".strip()
    return f"Không đọc được bảng nên chưa có số liệu. {data.error or ''}".strip()


def _to_correct(data: ClusterData) -> str | None:
    if not data.findings:
        return "Bảng không có lỗi nào." if data.status is ClusterStatus.OK else None
    errors = sum(found.severity is Severity.ERROR for found in data.findings)
    warnings = len(data.findings) - errors
    said = [f"{errors} lỗi làm dòng chưa được tính đủ"] * bool(errors) + [f"{warnings} chỗ nên xem lại"] * bool(warnings)
    return f"Cần sửa: {' và '.join(said)}; xem cột “Kết quả kiểm tra” và ghi chú ở từng ô được nêu."


def owed_lines(cluster: Cluster, found: Mapping[tuple[str, str, Kind], Compliance], plan: Plan, year: int, as_of: date) -> Sequence[str]:
    """Return a sentence for each thing that units of the cluster have not handed in for the year: overdue, or still in time."""
    lines = []
    for round_id, kind in owed(plan):
        due = plan.due_day(round_id, kind, year)
        what = f"{KIND[kind].lower()} {plan.round(round_id).name}"
        missing = [unit.name for unit in cluster.units if found.get((unit.id, round_id, kind)) is Compliance.MISSING]
        waiting = [unit.name for unit in cluster.units if found.get((unit.id, round_id, kind)) is Compliance.NOT_DUE]
        if missing and due:
            lines.append(f"Còn nợ {what} (đã quá hạn {day_text(due)}): {', '.join(missing)}.")
        elif waiting and due and due >= as_of:
            lines.append(f"Chưa có {what} (hạn {day_text(due)}): {', '.join(waiting)}.")
    return lines or ["Không còn nợ đăng ký hay báo cáo nào đã đến hạn."]


def _next_line(cluster: Cluster, plan: Plan, as_of: date) -> str | None:
    """Return the next due day of what the cluster owes, this year or the next; `None` where the plan asks nothing more of it."""
    coming = [
        (due, KIND[kind].lower(), round_id, year)
        for year in (as_of.year, as_of.year + 1)
        for round_id, kind in owed(plan)
        if round_id in cluster.owes.get(kind, ())
        and (due := plan.due_day(round_id, kind, year))
        and cluster.life.has(due)
        and max(as_of, plan.in_force) <= due <= plan.last_day
    ]
    if not coming:
        return None
    due, what, round_id, year = min(coming)
    return f"Hạn kế tiếp: {what} {plan.round(round_id).name} năm {year}, chậm nhất ngày {day_text(due)}."
