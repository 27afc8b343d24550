"""What one cluster is told: a verdict a row, a note at each wrong cell, its own figures and what it still owes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sync.layout import Feedback, Format, Note, TabView, Verdict
from sync.model import Activity, ClusterData, Compliance, Finding, Kind, Progress, Severity, Status, Stops
from sync.organization import Cluster, Organization
from sync.plan import Plan
from sync.publish.cells import Row, day_text, header, share, table_tab, text, whole
from sync.vietnamese import COMPLIANCE, KIND, PROGRESS


def feedback(
    data: ClusterData, *, progress: Progress, plan: Plan, organization: Organization, codes: Mapping[int, str], as_of: date
) -> Feedback:
    """Return what the cluster is told; ``codes`` are the `Mã HĐ` by row."""
    by_row: dict[int, list[Finding]] = defaultdict(list)
    for found in data.findings:
        by_row[found.row].append(found)
    return Feedback(
        cluster=data.cluster,
        tab=data.tab,
        header_row=data.header_row,
        columns=data.columns,
        notes=tuple(Note(found.cell, found.message, found.severity.value) for found in data.findings),
        verdicts=tuple(_verdict(one, by_row[one.row], codes.get(one.row)) for one in data.activities),
        progress=_progress_tab(data, progress, plan, organization, as_of),
    )


def _verdict(one: Activity, findings: Sequence[Finding], code: str | None) -> Verdict:
    errors = [found for found in findings if found.severity is Severity.ERROR]
    warnings = len(findings) - len(errors)
    parts = [_counted(one)]
    if errors:
        parts.append("Cần sửa ô " + ", ".join(dict.fromkeys(found.cell for found in errors)) + ".")
    if warnings:
        cells = dict.fromkeys(found.cell for found in findings if found.severity is Severity.WARNING)
        parts.append("Nên xem lại ô " + ", ".join(cells) + ".")
    level = "error" if errors else "warning" if warnings else "ok"
    return Verdict(one.row, code, " ".join(parts), level)


def _counted(one: Activity) -> str:
    if one.counts_as_registered and one.counts_as_done:
        return "Đã tính đăng ký và kết quả."
    if one.counts_as_registered:
        return (
            "Đã tính đăng ký; chưa có kết quả." if one.done is None and one.done_quantity is None else "Đã tính đăng ký; chưa tính kết quả."
        )
    if one.counts_as_done:
        return "Đã tính kết quả; chưa tính đăng ký." if one.planned or one.registered_quantity else "Đã tính kết quả (không có đăng ký)."
    return "Không tính: hoạt động đã hủy." if one.status is Status.CANCELLED else "Chưa tính."


def _progress_tab(data: ClusterData, progress: Progress, plan: Plan, organization: Organization, as_of: date) -> TabView:
    cluster = organization.cluster(data.cluster)
    head: list[Row] = [
        (text(f"TIẾN ĐỘ CỦA {cluster.name.upper()} NĂM {progress.year}", Format.TITLE),),
        (text(f"Số liệu tính đến ngày {day_text(as_of)}. Trang này do hệ thống ghi; sửa ở đây không có tác dụng.", Format.SUBTITLE),),
        *((text(line, Format.STRONG),) for line in owed_lines(cluster, progress, plan, as_of)),
        (text(_to_correct(data), Format.STRONG),),
        (),
        header("Chỉ tiêu", "Đơn vị tính", "Được giao", "Đăng ký", "Đã thực hiện", "Tỷ lệ", "Còn thiếu", "Đánh giá"),
        *_own_figures(data.cluster, progress, plan),
    ]
    owed = [(one, kind) for one in plan.reporting_rounds() for kind in Kind]
    titles = header("Đơn vị", *(f"{KIND[kind]} {one.name}" for one, kind in owed))
    state = {(one.unit, one.round): {Kind.REGISTRATION: one.registration, Kind.RESULTS: one.results} for one in progress.compliance}
    body = [
        (text(unit.name, Format.WRAPPED), *(text(COMPLIANCE[state[unit.id, one.id][kind]]) for one, kind in owed)) for unit in cluster.units
    ]
    return table_tab(
        "Tiến độ",
        head,
        titles,
        body,
        widths=(50, 20, 20, 22, 22, 11, 11, 20),
        colour="#548235",
        state_columns=tuple(range(1, 1 + len(owed))),
    )


def _own_figures(cluster: str, progress: Progress, plan: Plan) -> list[Row]:
    return [
        (
            text(f"{one.target}. {plan.target(one.target).name}", Format.WRAPPED),
            text(plan.target(one.target).measure),
            whole(one.goal),
            whole(one.registered),
            whole(one.done, Format.STRONG_WHOLE),
            share(one.percent),
            whole(one.missing),
            text(PROGRESS[one.status] if one.status else None),
        )
        for one in progress.by_cluster
        if one.cluster == cluster
    ]


def _to_correct(data: ClusterData) -> str:
    errors = sum(found.severity is Severity.ERROR for found in data.findings)
    stopped = sum(found.stops in (Stops.ROW, Stops.REGISTRATION, Stops.RESULT) for found in data.findings)
    if not data.findings:
        return "Bảng không có lỗi nào."
    return f"Có {errors} lỗi cần sửa ({stopped} lỗi làm dòng chưa được tính) và {len(data.findings) - errors} chỗ nên xem lại; xem ghi chú ở từng ô."


def owed_lines(cluster: Cluster, progress: Progress, plan: Plan, as_of: date) -> list[str]:
    """Return a sentence for each thing that the cluster still owes, and for the next due day."""
    lines = []
    names = {unit.id: unit.name for unit in cluster.units}
    for one in plan.reporting_rounds():
        for kind in Kind:
            due = plan.due_day(one.id, kind, progress.year)
            states = {
                item.unit: item.registration if kind is Kind.REGISTRATION else item.results
                for item in progress.compliance
                if item.cluster == cluster.id and item.round == one.id
            }
            missing = [names[unit] for unit, state in states.items() if state is Compliance.MISSING]
            waiting = [unit for unit, state in states.items() if state is Compliance.NOT_DUE]
            if missing and due:
                lines.append(f"Còn nợ {KIND[kind].lower()} {one.name} (hạn {day_text(due)}): {', '.join(missing)}.")
            elif waiting and due and due >= as_of:
                lines.append(f"Sắp tới: {KIND[kind].lower()} {one.name}, hạn {day_text(due)}; còn {len(waiting)} đơn vị chưa có.")
    return lines or ["Không còn nợ đăng ký hay báo cáo nào."]
