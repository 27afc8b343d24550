"""What the master shows: eight tabs, one of them hidden, which is the program's memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from sync.layout import MEMORY_TAB, Format, Shown, TabView, Workbook
from sync.model import ClusterData, Figures, Finding, Memory, Progress, Ruling
from sync.organization import Organization
from sync.plan import Plan
from sync.publish.cells import Row, data_day, header, heading, share, table_tab, text, whole
from sync.publish.rows_tabs import data_tab, runs_tab
from sync.publish.submission import submission_tab
from sync.publish.summary import summary_tab
from sync.publish.to_correct import to_correct_tab
from sync.vietnamese import PROGRESS

_LONGEST_MEMORY = 30_000
"""Characters of a cell of the memory: a spreadsheet's cell holds 32,767, and a cut memory would be a lost one."""
_FIGURES = ("Chỉ tiêu", "Đơn vị tính", "Được giao", "Đăng ký", "Đã thực hiện", "Tỷ lệ", "Còn thiếu", "Dự kiến cả năm", "Đánh giá")
_FIGURES_WIDTHS = (50.0, 15.0, 9.0, 9.0, 10.0, 9.0, 9.0, 10.0, 18.0)
_BLUE = "#2E75B6"


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
    rulings: Sequence[Ruling] = (),
    late: Sequence[Finding] = (),
) -> Workbook:
    """Return the whole master for the figures of ``year``, which is one of ``progress``.

    ``memory_rows`` lie in a hidden tab, word for word; a text longer than a cell goes on in the cells to its right.
    """
    shown = next(one for one in progress if one.year == year)
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    tabs = (
        summary_tab(shown, clusters, plan, names, as_of),
        _by_cluster(shown, clusters, plan, names, as_of),
        _by_unit(shown, clusters, plan, organization, as_of),
        *_by_successor(shown, clusters, plan, organization, as_of),
        submission_tab(shown, clusters, plan, organization, as_of),
        data_tab(clusters, plan, organization, as_of),
        to_correct_tab(clusters, names, as_of, rulings=rulings, late=late),
        runs_tab(memory),
    )
    return with_memory(Workbook(title=f"Tổng hợp {organization.name} năm {year}", tabs=tabs), memory_rows)


def with_memory(master: Workbook, memory_rows: Sequence[Sequence[str]]) -> Workbook:
    """Return the master with these rows as its memory; nothing else of it is made anew."""
    memory = TabView(MEMORY_TAB, tuple(_memory_row(row) for row in memory_rows), hidden=True)
    return replace(master, tabs=(*(tab for tab in master.tabs if tab.title != MEMORY_TAB), memory))


def _memory_row(row: Sequence[str]) -> Row:
    kind, *things = row
    return text(kind), *(Shown(part or None) for cell in things for part in _parts(cell))


def _parts(cell: str) -> Iterator[str]:
    for start in range(0, max(len(cell), 1), _LONGEST_MEMORY):
        yield cell[start : start + _LONGEST_MEMORY]


def _by_cluster(progress: Progress, clusters: Sequence[ClusterData], plan: Plan, names: dict[str, str], as_of: date) -> TabView:
    data = {one.cluster: one for one in clusters}
    body = [
        (text(names[one.cluster or ""], Format.WRAPPED), *_figures(one, plan), data_day(data.get(one.cluster or "")))
        for one in progress.by_cluster
    ]
    return table_tab(
        "Theo cụm",
        heading(f"KẾT QUẢ THEO CỤM NĂM {progress.year}", clusters, names, as_of),
        header("Cụm", *_FIGURES, "Số liệu ngày"),
        body,
        widths=(32, *_FIGURES_WIDTHS, 13),
        colour=_BLUE,
        state_columns=(9,),
        frozen_columns=1,
    )


def _by_unit(progress: Progress, clusters: Sequence[ClusterData], plan: Plan, organization: Organization, as_of: date) -> TabView:
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    units = organization.shown_names()
    data = {one.cluster: one for one in clusters}
    body = [
        (
            text(names[one.cluster or ""], Format.WRAPPED),
            text(units[one.unit or ""], Format.WRAPPED),
            *_figures(one, plan),
            data_day(data.get(one.cluster or "")),
        )
        for one in progress.by_unit
    ]
    return table_tab(
        "Theo đơn vị",
        heading(f"KẾT QUẢ THEO ĐƠN VỊ NĂM {progress.year}", clusters, names, as_of),
        header("Cụm", "Đơn vị", *_FIGURES, "Số liệu ngày"),
        body,
        widths=(28, 42, *_FIGURES_WIDTHS, 13),
        colour=_BLUE,
        state_columns=(10,),
        frozen_columns=2,
    )


def _by_successor(
    progress: Progress, clusters: Sequence[ClusterData], plan: Plan, organization: Organization, as_of: date
) -> Iterator[TabView]:
    """Yield the tab of the units that others were merged into, in a year in which those had figures of their own."""
    if not any(one.is_inherited for one in progress.by_successor):
        return
    names, units = {cluster.id: cluster.name for cluster in organization.clusters}, organization.shown_names()
    body = [
        (
            text(names[one.cluster] if one.cluster else None, Format.WRAPPED),
            text(units[one.unit] if one.unit else "Phần đã chuyển ra ngoài địa bàn", Format.WRAPPED),
            text(f"{one.target}. {plan.target(one.target).name}", Format.WRAPPED),
            text(plan.target(one.target).measure, Format.CENTRED),
            text(units[source.unit], Format.WRAPPED),
            share(str(source.part)),
            whole(source.registered),
            whole(source.done, Format.STRONG_WHOLE),
        )
        for one in progress.by_successor
        for source in one.sources
        if source.registered or source.done
    ]
    yield table_tab(
        "Theo đơn vị kế thừa",
        heading(f"KẾT QUẢ NĂM {progress.year} THEO ĐƠN VỊ KẾ THỪA", clusters, names, as_of),
        header("Cụm", "Đơn vị hiện nay", "Chỉ tiêu", "Đơn vị tính", "Của đơn vị", "Phần", "Đăng ký", "Đã thực hiện"),
        body,
        widths=(28, 40, 50, 15, 40, 9, 10, 11),
        colour=_BLUE,
        frozen_columns=2,
    )


def _figures(one: Figures, plan: Plan) -> Row:
    target = plan.target(one.target)
    return (
        text(f"{target.id}. {target.name}", Format.WRAPPED),
        text(target.measure, Format.CENTRED),
        whole(one.goal),
        whole(one.registered),
        whole(one.done, Format.STRONG_WHOLE),
        share(one.percent),
        whole(one.missing),
        whole(one.projected),
        text(PROGRESS[one.status] if one.status else None, Format.CENTRED),
    )
