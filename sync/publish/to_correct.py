"""The tab `Cần sửa`: what is to be corrected, what people decided about it, and what has become of each decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.catalogue import reading_order
from sync.decisions import CHOICES
from sync.layout import COLUMN_OF_CHOICES, COLUMN_OF_REASONS, DECISIONS_TAB, KEY_COLUMN, Dropdown, Format, Shown, TabView
from sync.model import ClusterData, Finding, Ruling, Standing
from sync.publish.cells import Row, heading, table_tab, text
from sync.publish.rows_tabs import titles, widths
from sync.vietnamese import SEVERITY

_COLUMNS: tuple[tuple[str, float], ...] = (
    ("Cụm", 22), ("Trang tính", 13), ("Ô", 8), ("Mức độ", 14), ("Mã", 22), ("Nội dung cần sửa", 62), ("Đang ghi", 24), ("Nên ghi", 18),
    (COLUMN_OF_CHOICES, 22), (COLUMN_OF_REASONS, 30), ("Tình trạng quyết định", 38), (KEY_COLUMN, 16),
)  # fmt: skip
_CHOICE = next(at for at, (title, _) in enumerate(_COLUMNS) if title == COLUMN_OF_CHOICES)
_LEVEL = 3
_RED = "#C00000"
_HELP = (
    "Hai cột «Quyết định» và «Lý do» là của văn phòng: chọn trong danh sách và ghi lý do, lần chạy sau số liệu và báo cáo theo đó. "
    "Quyết định gắn với nội dung của dòng: dòng được sửa thì quyết định hết hiệu lực và hiện ở đầu bảng. Được sắp xếp, lọc; đừng sửa các cột khác."
)
_DECIDED, _LATE, _FALLEN = "Đã quyết định", "Trễ hạn", "Hết hiệu lực"
_TONE = {
    Standing.IN_FORCE: Format.GOOD, Standing.MISFIT: Format.BAD, Standing.CONTRADICTED: Format.BAD, Standing.FALLEN: Format.WARN,
    Standing.WAITING: Format.WARN, Standing.REMARK: Format.WARN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the table."""

    found: Finding
    ruling: Ruling | None = None


def to_correct_tab(
    clusters: Sequence[ClusterData], names: Mapping[str, str], as_of: date, *, rulings: Sequence[Ruling] = (), late: Sequence[Finding] = ()
) -> TabView:
    """Return every finding with a link to its cell, every decision, and what was handed in late and may be excused.

    First the decisions that have lost their ground, then cluster by cluster as the sheets are read, then lateness. A decided line stays
    where it is, so that it can be found and changed.
    """
    lines = list(_lines(clusters, rulings, late))
    help_line: Row = (text(_HELP, Format.NOTE),)
    tab = table_tab(
        DECISIONS_TAB,
        [*heading("DỮ LIỆU CẦN SỬA", clusters, names, as_of), help_line],
        titles(_COLUMNS),
        [_row(one, names) for one in lines],
        widths=widths(_COLUMNS),
        colour=_RED,
        state_columns=(_LEVEL,),
    )
    if not lines:
        return tab
    top = tab.frozen_rows
    choices = Dropdown(top, top + len(lines) - 1, _CHOICE, tuple(CHOICES.values()))
    return replace(tab, dropdowns=(choices,), people_columns=(_CHOICE, _CHOICE + 1))


def _lines(clusters: Sequence[ClusterData], rulings: Sequence[Ruling], late: Sequence[Finding]) -> Iterator[_Line]:
    ruled = {one.decision.key: one for one in rulings}
    left = [_Line(found, ruled.get(found.key)) for data in clusters for found in data.findings]
    shown = {one.found.key for one in left}
    others = [_Line(one.decision.about, one) for one in rulings if one.decision.key not in shown]
    yield from (one for one in others if _is_gone(one))
    by_cluster: dict[str, list[_Line]] = defaultdict(list)
    for one in (*left, *(one for one in others if not _is_gone(one) and one.found.cell)):
        by_cluster[one.found.cluster].append(one)
    for data in clusters:
        yield from sorted(by_cluster[data.cluster], key=lambda one: reading_order(one.found))
    excused = [one for one in others if not _is_gone(one) and not one.found.cell]
    order = {data.cluster: number for number, data in enumerate(clusters)}
    yield from sorted((*map(_Line, late), *excused), key=lambda one: (order.get(one.found.cluster, 0), one.found.message))


def _is_gone(one: _Line) -> bool:
    return one.ruling is not None and one.ruling.standing in (Standing.FALLEN, Standing.WAITING)


def _row(one: _Line, names: Mapping[str, str]) -> Row:
    found, ruling = one.found, one.ruling
    return (
        text(names.get(found.cluster, found.cluster), Format.WRAPPED),
        text(found.tab, Format.WRAPPED),
        _cell(one),
        text(_level(one), Format.CENTRED),
        text(found.code, Format.WRAPPED),
        text(found.message, Format.WRAPPED),
        text(found.value, Format.WRAPPED),
        text(found.suggestion, Format.WRAPPED),
        text(ruling.decision.choice if ruling else None, Format.ANSWER),
        text(ruling.decision.reason if ruling else None, Format.ANSWER),
        text(ruling.sentence if ruling else None, _TONE[ruling.standing] if ruling else Format.WRAPPED),
        text(found.key, Format.MUTED),
    )


def _level(one: _Line) -> str:
    if one.ruling and one.ruling.standing is Standing.IN_FORCE:
        return _DECIDED
    if one.ruling and one.ruling.standing is Standing.FALLEN:
        return _FALLEN
    return SEVERITY[one.found.severity] if one.found.cell else _LATE


def _cell(one: _Line) -> Shown:
    """Return the link to the cell in the cluster's spreadsheet, or in its feedback; of what is not so any more only where it stood."""
    if not one.found.cell or _is_gone(one):
        return text(one.found.cell, Format.CENTRED)
    tab = one.found.tab.replace("'", "''")
    return Shown(one.found.cell, Format.LINK, f"cluster:{one.found.cluster}" + (f"#'{tab}'!{one.found.cell}" if tab else ""))
