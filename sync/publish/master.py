"""What the master shows: eight tabs, one of them hidden, which is the program's memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sync.layout import Chart, Format, Rule, Shown, TabView, Workbook
from sync.model import ClusterData, Figures, Memory, Progress
from sync.organization import Organization
from sync.plan import Plan
from sync.publish.cells import STATE_RULES, Row, header, heading, share, table_tab, text, whole
from sync.publish.rows_tabs import data_tab, findings_tab, runs_tab
from sync.publish.submission import submission_tab
from sync.vietnamese import PROGRESS

MEMORY_TAB = "_bo_nho"


def master_workbook(
    *,
    progress: Sequence[Progress],
    year: int,
    clusters: Sequence[ClusterData],
    plan: Plan,
    organization: Organization,
    memory: Memory,
    memory_rows: Sequence[Sequence[str]],
    as_of: date,
) -> Workbook:
    """Return the whole master for the figures of ``year``; ``memory_rows`` lie in a hidden tab, as they are."""
    shown = next(one for one in progress if one.year == year)
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    tabs = (
        _summary(shown, clusters, plan, names, as_of),
        _by_cluster(shown, clusters, plan, names, as_of),
        _by_unit(shown, clusters, plan, organization, names, as_of),
        submission_tab(shown, clusters, plan, organization, as_of),
        data_tab(clusters, plan, organization, as_of),
        findings_tab(clusters, names, as_of),
        runs_tab(memory, as_of),
        TabView(MEMORY_TAB, tuple(tuple(text(cell) for cell in row) for row in memory_rows), hidden=True),
    )
    return Workbook(title=f"Tổng hợp {organization.name} năm {year}", tabs=tabs)


def _summary(progress: Progress, clusters: Sequence[ClusterData], plan: Plan, names: dict[str, str], as_of: date) -> TabView:
    head = heading(f"TỔNG HỢP THỰC HIỆN CHỈ TIÊU NĂM {progress.year}", clusters, names, as_of)
    rounds = {(one.target, one.round): one.done for one in progress.by_round}
    titles = header("STT", "Chỉ tiêu", "Đơn vị tính", "Chỉ tiêu năm", "Đăng ký", *(one.name for one in plan.rounds), "Đã thực hiện", "Tỷ lệ", "Tiến độ",
                    "Còn thiếu", "Dự kiến cả năm", "Đánh giá", "Phân bổ")  # fmt: skip
    body = [_summary_row(one, plan, rounds) for one in progress.targets]
    top, count = len(head) + 1, len(plan.rounds)
    first, last, bar, state = top + 1, top + len(body), 7 + count, 10 + count
    rules = [Rule(first, bar, last, bar, "bar"), *(Rule(first, state, last, state, "text", words, form) for words, form in STATE_RULES)]
    notes: list[Row] = [
        (),
        (
            text(
                "Các chỉ tiêu khác đơn vị tính nên không cộng với nhau. Tỷ lệ = đã thực hiện so với chỉ tiêu năm; số đăng ký không tính vào tỷ lệ.",
                Format.NOTE,
            ),
        ),
    ]
    chart = Chart(
        title=f"Chỉ tiêu, đăng ký và thực hiện năm {progress.year}",
        row=last + 4,
        column=1,
        categories_column=1,
        first_row=first,
        last_row=last,
        series=(("Chỉ tiêu năm", 3), ("Đăng ký", 4), ("Đã thực hiện", 5 + count)),
        alt_text="Biểu đồ cột: với mỗi chỉ tiêu là số chỉ tiêu năm, số đăng ký và số đã thực hiện",
    )
    return TabView(
        title="Tổng hợp",
        rows=(*head, (), titles, *body, *notes),
        widths=(6, 52, 14, 11, 11, *(8.0 for _ in plan.rounds), 11, 9, 16, 9, 11, 19, 19),
        frozen_rows=top + 1,
        frozen_columns=2,
        rules=tuple(rules),
        charts=(chart,),
        repeat_rows=top + 1,
        tab_colour="#1F4E79",
        row_height=24,
    )


def _summary_row(one: Figures, plan: Plan, rounds: dict[tuple[int, str | None], int]) -> Row:
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
        text(f"chưa phân bổ: {target.unallocated}" if target.unallocated else None, Format.NOTE),
    )


def _by_cluster(progress: Progress, clusters: Sequence[ClusterData], plan: Plan, names: dict[str, str], as_of: date) -> TabView:
    head = heading(f"THEO CỤM, NĂM {progress.year}", clusters, names, as_of)
    titles = header(
        "Cụm", "Chỉ tiêu", "Đơn vị tính", "Được giao", "Đăng ký", "Đã thực hiện", "Tỷ lệ", "Còn thiếu", "Dự kiến cả năm", "Đánh giá"
    )
    body = [(text(names[one.cluster or ""], Format.WRAPPED), *_figures(one, plan)) for one in progress.by_cluster]
    return table_tab(
        "Theo cụm",
        head,
        titles,
        body,
        widths=(34, 46, 14, 11, 11, 13, 10, 11, 15, 19),
        colour="#2E75B6",
        state_columns=(9,),
        frozen_columns=1,
    )


def _by_unit(
    progress: Progress, clusters: Sequence[ClusterData], plan: Plan, organization: Organization, names: dict[str, str], as_of: date
) -> TabView:
    head = heading(f"THEO ĐƠN VỊ, NĂM {progress.year}", clusters, names, as_of)
    titles = header(
        "Cụm",
        "Đơn vị",
        "Chỉ tiêu",
        "Đơn vị tính",
        "Được giao",
        "Đăng ký",
        "Đã thực hiện",
        "Tỷ lệ",
        "Còn thiếu",
        "Dự kiến cả năm",
        "Đánh giá",
    )
    units = {unit.id: unit.name for unit in organization.units}
    body = [
        (text(names[one.cluster or ""], Format.WRAPPED), text(units[one.unit or ""], Format.WRAPPED), *_figures(one, plan))
        for one in progress.by_unit
    ]
    return table_tab(
        "Theo đơn vị",
        head,
        titles,
        body,
        widths=(30, 38, 46, 14, 11, 11, 13, 10, 11, 15, 19),
        colour="#2E75B6",
        state_columns=(10,),
        frozen_columns=2,
    )


def _figures(one: Figures, plan: Plan) -> Row:
    target = plan.target(one.target)
    return (
        text(f"{target.id}. {target.name}", Format.WRAPPED),
        text(target.measure),
        whole(one.goal),
        whole(one.registered),
        whole(one.done, Format.STRONG_WHOLE),
        share(one.percent),
        whole(one.missing),
        whole(one.projected),
        text(PROGRESS[one.status] if one.status else None),
    )
