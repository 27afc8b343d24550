"""The tabs that list rows: `Dữ liệu`, `Nhật ký`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sync.layout import DATA_TAB, Format, Shown, TabView
from sync.model import Activity, ClusterData, Memory
from sync.organization import Organization
from sync.plan import Plan
from sync.publish.cells import Row, data_day, day, header, heading, shown, table_tab, text, whole
from sync.vietnamese import STATUS

_GREY = "#7F7F7F"
_DATA: tuple[tuple[str, float], ...] = (
    ("Mã HĐ", 12), ("Cụm", 20), ("Trang tính", 12), ("Dòng", 7), ("Đơn vị", 26), ("Chỉ tiêu số", 8), ("Chỉ tiêu", 20), ("Tên hoạt động", 36),
    ("Dự kiến từ ngày", 12), ("Dự kiến đến ngày", 12), ("Địa điểm", 26), ("Số lượng đăng ký", 9), ("Thực hiện từ ngày", 12), ("Thực hiện đến ngày", 12),
    ("Số lượng thực hiện", 10), ("Số thiếu nhi", 9), ("Kinh phí (đồng)", 15), ("Minh chứng", 40), ("Trạng thái", 14), ("Ghi chú", 24),
    ("Tính đăng ký", 9), ("Tính kết quả", 9), ("Số liệu ngày", 12),
)  # fmt: skip
_RUNS: tuple[tuple[str, float], ...] = (
    ("Ngày", 13), ("Số cụm đọc được", 12), ("Dòng đã đọc", 11), ("Đã tính", 11), ("Chưa tính", 11), ("Bỏ qua", 11), ("Lỗi", 9), ("Cần xem lại", 11),
    ("Phiên bản", 11), ("Dấu vết", 22),
)  # fmt: skip
"""Titles and widths, column by column."""


def titles(columns: Sequence[tuple[str, float]]) -> Row:
    """Return the header row."""
    return header(*(title for title, _ in columns))


def widths(columns: Sequence[tuple[str, float]]) -> tuple[float, ...]:
    """Return the widths."""
    return tuple(width for _, width in columns)


def data_tab(clusters: Sequence[ClusterData], plan: Plan, organization: Organization, as_of: date) -> TabView:
    """Return every activity with where it came from and whether it counts."""
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    units = organization.shown_names()
    targets = {target.id: target.short_name for target in plan.targets}
    return table_tab(
        DATA_TAB,
        heading("DỮ LIỆU TỪ CÁC CỤM", clusters, names, as_of),
        titles(_DATA),
        [_activity(one, data, names, units, targets) for data in clusters for one in data.activities],
        widths=widths(_DATA),
        colour=_GREY,
        state_columns=(20, 21),
        frozen_columns=1,
    )


def _activity(one: Activity, data: ClusterData, names: Mapping[str, str], units: Mapping[str, str], targets: Mapping[int, str]) -> Row:
    return (
        text(one.code),
        text(names[one.cluster], Format.WRAPPED),
        text(one.tab, Format.WRAPPED),
        whole(one.row),
        text(units.get(one.unit or ""), Format.WRAPPED),
        shown(one.target, Format.CENTRED),
        text(targets.get(one.target or 0), Format.WRAPPED),
        text(one.name, Format.WRAPPED),
        day(one.planned.start if one.planned else None),
        day(one.planned.end if one.planned else None),
        text(one.place, Format.WRAPPED),
        whole(one.registered_quantity),
        day(one.done.start if one.done else None),
        day(one.done.end if one.done else None),
        whole(one.done_quantity),
        whole(one.children),
        shown(one.budget_vnd, Format.MONEY),
        _links(one.evidence),
        text(STATUS[one.status] if one.status else None, Format.CENTRED),
        text(one.note, Format.WRAPPED),
        text("có" if one.counts_as_registered else "không", Format.CENTRED),
        text("có" if one.counts_as_done else "không", Format.CENTRED),
        data_day(data),
    )


def _links(evidence: tuple[str, ...]) -> Shown:
    """Return the accepted links: one can be followed; a cell has room for one, so several are text, one a line."""
    if len(evidence) == 1:
        return Shown(evidence[0], Format.LINK, evidence[0])
    return text("\n".join(evidence), Format.WRAPPED)


def runs_tab(memory: Memory) -> TabView:
    """Return one line a run, the newest first."""
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
            text(run.version, Format.CENTRED),
            text(run.fingerprint),
        )
        for run in reversed(memory.runs)
    ]
    head: list[Row] = [(text("NHẬT KÝ CÁC LẦN CHẠY", Format.TITLE),), (text("Lần mới nhất ở trên.", Format.SUBTITLE),)]
    return table_tab("Nhật ký", head, titles(_RUNS), body, widths=widths(_RUNS), colour=_GREY)
