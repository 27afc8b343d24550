"""The tabs that list rows: `Dữ liệu`, `Cần sửa`, `Nhật ký`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sync.layout import Format, Shown, TabView
from sync.model import Activity, ClusterData, Finding, Memory
from sync.organization import Organization
from sync.plan import Plan
from sync.publish.cells import Row, day, header, heading, table_tab, text, whole
from sync.vietnamese import SEVERITY, STATUS


def data_tab(clusters: Sequence[ClusterData], plan: Plan, organization: Organization, as_of: date) -> TabView:
    """Return every activity with where it came from and whether it counts."""
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    units = {unit.id: unit.name for unit in organization.units}
    titles = header("Mã HĐ", "Cụm", "Trang tính", "Dòng", "Đơn vị", "Chỉ tiêu", "Tên hoạt động", "Dự kiến từ", "Dự kiến đến", "Địa điểm", "SL đăng ký",
                    "Thực hiện từ", "Thực hiện đến", "SL thực hiện", "Số thiếu nhi", "Kinh phí (đồng)", "Minh chứng", "Trạng thái", "Ghi chú", "Tính đăng ký",
                    "Tính kết quả", "Đọc ngày")  # fmt: skip
    body = [_activity(one, data, names, units) for data in clusters for one in data.activities]
    widths = (11, 26, 12, 7, 32, 9, 44, 12, 12, 30, 10, 12, 12, 10, 11, 15, 34, 14, 30, 10, 10, 12)
    return table_tab(
        "Dữ liệu", heading("DỮ LIỆU TỪ CÁC CỤM", clusters, names, as_of), titles, body, widths=widths, colour="#7F7F7F", frozen_columns=1
    )


def _activity(one: Activity, data: ClusterData, names: dict[str, str], units: dict[str, str]) -> Row:
    return (
        text(one.code),
        text(names[one.cluster]),
        text(one.tab),
        whole(one.row),
        text(units.get(one.unit or ""), Format.WRAPPED),
        whole(one.target),
        text(one.name, Format.WRAPPED),
        day(one.planned.start if one.planned else None),
        day(one.planned.end if one.planned else None),
        text(one.place, Format.WRAPPED),
        whole(one.registered_quantity),
        day(one.done.start if one.done else None),
        day(one.done.end if one.done else None),
        whole(one.done_quantity),
        whole(one.children),
        Shown(one.budget_vnd, Format.MONEY),
        _links(one.evidence),
        text(STATUS[one.status] if one.status else None),
        text(one.note, Format.WRAPPED),
        text("có" if one.counts_as_registered else "không"),
        text("có" if one.counts_as_done else "không"),
        day(data.data_as_of),
    )


def _links(evidence: tuple[str, ...]) -> Shown:
    if len(evidence) == 1:
        return Shown(evidence[0], Format.LINK, evidence[0])
    return text("\n".join(evidence), Format.WRAPPED)


def findings_tab(clusters: Sequence[ClusterData], names: dict[str, str], as_of: date) -> TabView:
    """Return every finding, with a link to its cell in the cluster's feedback."""
    titles = header("Cụm", "Trang tính", "Ô", "Mức độ", "Nội dung cần sửa", "Đang ghi", "Nên ghi", "Mã")
    body = [_finding(found, names) for data in clusters for found in data.findings]
    head = heading("CẦN SỬA", clusters, names, as_of)
    return table_tab("Cần sửa", head, titles, body, widths=(30, 14, 8, 13, 80, 28, 24, 24), colour="#C00000", state_columns=(3,))


def _finding(found: Finding, names: dict[str, str]) -> Row:
    tab = found.tab.replace("'", "''")
    return (
        text(names[found.cluster]),
        text(found.tab),
        Shown(found.cell, Format.LINK, f"external:phan-hoi/{found.cluster}.xlsx#'{tab}'!{found.cell}"),
        text(SEVERITY[found.severity]),
        text(found.message, Format.WRAPPED),
        text(found.value, Format.WRAPPED),
        text(found.suggestion, Format.WRAPPED),
        text(found.code, Format.NOTE),
    )


def runs_tab(memory: Memory, as_of: date) -> TabView:
    """Return one line a run, the newest first."""
    titles = header(
        "Ngày", "Số cụm đọc được", "Dòng đã đọc", "Đã tính", "Chưa tính", "Bỏ qua", "Lỗi", "Cần xem lại", "Phiên bản", "Dấu vết"
    )
    body: list[Row] = [
        (
            day(run.as_of),
            whole(len(run.clusters_read)),
            whole(run.rows.read),
            whole(run.rows.counted),
            whole(run.rows.excluded),
            whole(run.rows.ignored),
            whole(run.errors),
            whole(run.warnings),
            text(run.version),
            text(run.fingerprint, Format.NOTE),
        )
        for run in reversed(memory.runs)
    ]
    head: list[Row] = [(text("NHẬT KÝ", Format.TITLE),)]
    return table_tab("Nhật ký", head, titles, body, widths=(12, 16, 13, 11, 11, 11, 9, 13, 11, 20), colour="#7F7F7F")
