"""The tab `Tổng hợp`: the targets with their figures, a chart, and which clusters the figures are from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sync.layout import Chart, Format, Rule, Shown, TabView
from sync.model import ClusterData, ClusterStatus, Figures, Progress, Severity
from sync.plan import Plan, Target
from sync.publish.cells import Merged, Row, data_day, day_text, header, heading, share, state_rules, text, whole, wide_lines
from sync.vietnamese import CLUSTER, PROGRESS

_CHART_ROWS = 19
"""Rows left free for the chart, each of a spreadsheet's ordinary height."""
_NOTE = (
    "Các chỉ tiêu khác đơn vị tính nên không cộng với nhau. Tỷ lệ là số đã thực hiện so với chỉ tiêu năm; số đăng ký không tính vào tỷ lệ. "
    "Dự kiến cả năm là số đã thực hiện cộng số đã đăng ký mà chưa đến ngày."
)
_STATE = (
    "STT",
    "Cụm",
    "Tình trạng số liệu",
    "Số liệu ngày",
    "Dòng đã đọc",
    "Đã tính",
    "Chưa tính",
    "Bỏ qua",
    "Lỗi",
    "Cần xem lại",
    "Lý do",
)


def summary_tab(progress: Progress, clusters: Sequence[ClusterData], plan: Plan, names: Mapping[str, str], as_of: date) -> TabView:
    """Return the tab that the committee opens first; ``names`` are the clusters' by id."""
    head = heading(f"TỔNG HỢP THỰC HIỆN CHỈ TIÊU NĂM {progress.year}", clusters, names, as_of)
    rounds = {(one.target, one.round): one.done for one in progress.by_round}
    figures = [_target_row(one, plan, rounds, _remark(one, plan, clusters, names)) for one in progress.targets]
    first, count = len(head) + 2, len(plan.rounds)
    last = first + len(figures) - 1
    gap: list[Row] = [() for _ in range(_CHART_ROWS)]
    rows = [*head, (), _titles(plan), *figures, (text(_NOTE, Format.NOTE),), *gap, (text("TÌNH TRẠNG SỐ LIỆU CỦA CÁC CỤM", Format.STRONG),)]
    state = len(rows)
    rows += _cluster_rows(clusters, names, 12 + count)
    widths = (6, 50, 18, 11, 11, *(9.0 for _ in plan.rounds), 11, 9, 17, 9, 10, 18, 34)
    return TabView(
        title="Tổng hợp",
        rows=tuple(rows),
        widths=widths,
        frozen_rows=first,
        frozen_columns=2,
        merges=(*wide_lines(rows, widths), *_reasons(state, len(rows), 11 + count)),
        rules=(
            Rule(first, 7 + count, last, 7 + count, "bar"),
            *state_rules(first, last, 10 + count),
            *state_rules(state, len(rows) - 1, 2),
        ),
        charts=(_chart(progress.year, first, last, count),),
        repeat_rows=1,  # the title alone: two tables stand here, and a second page would show the first one's header over the other
        tab_colour="#1F4E79",
    )


def _titles(plan: Plan) -> Row:
    rounds = (f"Thực hiện {one.name}" for one in plan.rounds)
    before = ("STT", "Chỉ tiêu", "Đơn vị tính", "Chỉ tiêu năm", "Đăng ký cả năm")
    return header(*before, *rounds, "Đã thực hiện", "Tỷ lệ", "Tiến độ", "Còn thiếu", "Dự kiến cả năm", "Đánh giá", "Ghi chú")


def _target_row(one: Figures, plan: Plan, rounds: Mapping[tuple[int, str | None], int], remark: str) -> Row:
    target = plan.target(one.target)
    ratio = share(one.percent)
    return (
        Shown(target.id, Format.CENTRED),
        text(target.name, Format.WRAPPED),
        text(target.measure, Format.CENTRED),
        whole(one.goal),
        whole(one.registered),
        *(whole(rounds.get((one.target, round_.id), 0)) for round_ in plan.rounds),
        whole(one.done, Format.STRONG_WHOLE),
        ratio,
        Shown(min(float(ratio.value), 1.0) if isinstance(ratio.value, float) else None, Format.PERCENT),
        whole(one.missing),
        whole(one.projected),
        text(PROGRESS[one.status] if one.status else None, Format.CENTRED),
        text(remark, Format.WRAPPED),
    )


def _remark(one: Figures, plan: Plan, clusters: Sequence[ClusterData], names: Mapping[str, str]) -> str:
    """Return what a reader of the figure must know: a part without owner, and figures that are old or not there."""
    target = plan.target(one.target)
    parts = [f"chưa phân bổ: {target.unallocated}"] if one.goal is not None and target.unallocated > 0 else []
    for data in clusters:
        if data.status is not ClusterStatus.OK and _touches(data, target):
            old = data.data_as_of if data.status is ClusterStatus.STALE else None
            parts.append(f"{names[data.cluster]}: " + (f"số liệu cũ, ngày {day_text(old)}" if old else "chưa có số liệu"))
    return "; ".join(parts)


def _touches(data: ClusterData, target: Target) -> bool:
    return data.cluster in target.allocations or any(one.target == target.id for one in data.activities)


def _chart(year: int, first: int, last: int, rounds: int) -> Chart:
    return Chart(
        title=f"Chỉ tiêu, đăng ký và thực hiện năm {year} (số lượng, theo đơn vị tính của từng chỉ tiêu)",
        row=last + 3,
        column=1,
        categories_column=1,
        first_row=first,
        last_row=last,
        series=(("Chỉ tiêu năm", 3), ("Đăng ký", 4), ("Đã thực hiện", 5 + rounds)),
        alt_text="Biểu đồ cột: với mỗi chỉ tiêu là số chỉ tiêu năm, số đăng ký và số đã thực hiện",
    )


def _cluster_rows(clusters: Sequence[ClusterData], names: Mapping[str, str], columns: int) -> list[Row]:
    """Return a line a cluster: whether it was read, of which day its figures are, what its rows came to, and why not."""
    rows: list[Row] = [header(*_STATE, *("" for _ in range(columns - len(_STATE))))]
    for number, data in enumerate(clusters, 1):
        errors = sum(found.severity is Severity.ERROR for found in data.findings)
        counts = (data.rows.read, data.rows.counted, data.rows.excluded, data.rows.ignored, errors, len(data.findings) - errors)
        rows.append(
            (
                Shown(number, Format.CENTRED),
                text(names[data.cluster], Format.WRAPPED),
                text(CLUSTER[data.status], Format.CENTRED),
                data_day(data),
                *(whole(count) for count in counts),
                text(data.error, Format.WRAPPED),
            )
        )
    return rows


def _reasons(first: int, end: int, last_column: int) -> list[Merged]:
    """Return the merges that give each cluster's reason the room of several columns."""
    return [(row, 10, row, last_column) for row in range(first, end)]
