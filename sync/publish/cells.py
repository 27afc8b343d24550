"""Small makers of shown cells, and the head that every tab begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from sync.layout import Format, Rule, Shown, TabView
from sync.model import ClusterData, ClusterStatus, Compliance, Kind, Progress
from sync.plan import Plan
from sync.vietnamese import COMPLIANCE, KIND

Row = tuple[Shown, ...]
Merged = tuple[int, int, int, int]
STATE_RULES: tuple[tuple[tuple[str, ...], Format], ...] = (
    (("Vượt chỉ tiêu", "Đạt chỉ tiêu", "Đúng tiến độ", "Đúng hạn", "Đã đọc", "Đã quyết định"), Format.GOOD),
    (("Có nguy cơ thiếu", "Trễ hạn", "Cần xem lại", "Dùng số liệu cũ", "Hết hiệu lực"), Format.WARN),
    (("Chưa đạt", "Chưa nộp", "Lỗi", "Không đọc được"), Format.BAD),
    (("Chưa đến hạn", "Không yêu cầu", "không"), Format.MUTED),
)
"""The words of `sync.vietnamese` and the colour that each is shown in."""
_REMEMBERED = 1 << 12
"""Cells that are known again: as many as stand in a few hundred rows of a tab."""
_READABLE_WIDTH = 150
"""Characters that a sentence above a table may take, so that it is read without scrolling sideways."""


def text(value: str | None, form: Format = Format.TEXT) -> Shown:
    """Return a cell of text; nothing for `None`."""
    return shown(value or None, form)


def whole(value: int | None, form: Format = Format.WHOLE) -> Shown:
    """Return a cell with a whole number."""
    return shown(value, form)


@lru_cache(_REMEMBERED)
def share(percent: str | None) -> Shown:
    """Return `57.5` as the number 0.575 in per cent."""
    return shown(float(Decimal(percent) / 100) if percent is not None else None, Format.PERCENT)


@lru_cache(_REMEMBERED, typed=True)
def shown(value: str | int | float | date | None, form: Format) -> Shown:
    """Return a cell; equal ones that follow each other soon are one object, for a master repeats itself in most of them."""
    return Shown(value, form)


def share_of(part: int, total: int) -> Shown:
    """Return a part of a total in per cent, one decimal, half up in exact arithmetic; nothing of nothing."""
    if not total:
        return share(None)
    return share(str((Decimal(part * 100) / Decimal(total)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)))


def day(value: date | None) -> Shown:
    """Return a cell with a date."""
    return shown(value, Format.DAY)


def header(*titles: str) -> Row:
    """Return a header row."""
    return tuple(Shown(title, Format.HEADER) for title in titles)


def day_text(value: date) -> str:
    """Return `05/12/2025`."""
    return f"{value:%d/%m/%Y}"


def heading(title: str, clusters: Sequence[ClusterData], names: Mapping[str, str], as_of: date) -> list[Row]:
    """Return title and as-of line; where not every cluster was read, a line that names those and the day of their figures."""
    stale = [data for data in clusters if data.status is not ClusterStatus.OK]
    complete = f", đủ {len(clusters)}/{len(clusters)} cụm" if clusters and not stale else ""
    rows: list[Row] = [(text(title, Format.TITLE),), (text(f"Số liệu tính đến ngày {day_text(as_of)}{complete}.", Format.SUBTITLE),)]
    if stale:
        rows.append((text(f"Chưa đủ số liệu: {'; '.join(_age(data, names) for data in stale)}.", Format.WARN),))
    return rows


def _age(data: ClusterData, names: Mapping[str, str]) -> str:
    if data.status is ClusterStatus.STALE and data.data_as_of:
        return f"{names[data.cluster]} (số liệu cũ, đọc ngày {day_text(data.data_as_of)})"
    return f"{names[data.cluster]} (chưa có số liệu)"


def data_day(data: ClusterData | None) -> Shown:
    """Return the day of a cluster's figures, or the words that there are none."""
    if data is None or data.status is ClusterStatus.FAILED:
        return text("chưa có", Format.BAD)
    if data.status is ClusterStatus.STALE:
        return shown(data.data_as_of, Format.WARN)
    return day(data.data_as_of)


def due_title(plan: Plan, round_id: str, kind: Kind, year: int) -> str:
    """Return the title of the column of one thing that is owed, with its due day."""
    due = plan.due_day(round_id, kind, year)
    return f"{KIND[kind]} {plan.round(round_id).name}" + (f"\n(hạn {day_text(due)})" if due else "")


def owed(plan: Plan) -> list[tuple[str, Kind]]:
    """Return what the plan asks of units in a year: round id and kind, in order."""
    return [(one.id, kind) for one in plan.reporting_rounds() for kind in Kind]


def states(progress: Progress) -> dict[tuple[str, str, Kind], Compliance]:
    """Return how each unit stands with each thing that is owed."""
    found = {(one.unit, one.round, Kind.REGISTRATION): one.registration for one in progress.compliance}
    return found | {(one.unit, one.round, Kind.RESULTS): one.results for one in progress.compliance}


def state_cells(unit: str, found: Mapping[tuple[str, str, Kind], Compliance], plan: Plan) -> Row:
    """Return one unit's state with each thing that is owed."""
    return tuple(
        text(COMPLIANCE[found.get((unit, round_id, kind), Compliance.NOT_REQUIRED)], Format.CENTRED) for round_id, kind in owed(plan)
    )


def state_rules(first: int, last: int, column: int) -> list[Rule]:
    """Return the colours of states over one column of a table."""
    return [Rule(first, column, max(first, last), column, "text", words, form) for words, form in STATE_RULES]


def wide_lines(rows: Sequence[Row], widths: Sequence[float]) -> list[Merged]:
    """Return the merges that let each row which is one long sentence run over as many columns as can be read at once."""
    total, right = 0.0, 0
    for column, width in enumerate(widths):
        total += width
        if total <= _READABLE_WIDTH:
            right = column
    long = (Format.WARN, Format.STRONG, Format.NOTE)
    return [(number, 0, number, right) for number, row in enumerate(rows) if right and len(row) == 1 and row[0].format in long]


def table_tab(
    title: str,
    head: Sequence[Row],
    titles: Row,
    body: Sequence[Row],
    *,
    widths: tuple[float, ...],
    colour: str,
    state_columns: Sequence[int] = (),
    frozen_columns: int = 0,
    below: Sequence[Row] = (),
) -> TabView:
    """Return a tab of head, header and body, with filter, frozen header and the colours of states; ``below`` is outside the filter."""
    top = len(head) + 1
    last = top + max(len(body), 1)
    rows = (*head, (), titles, *(body or [(text("Chưa có dòng nào.", Format.SUBTITLE),)]), *below)
    return TabView(
        title=title,
        rows=rows,
        widths=widths,
        frozen_rows=top + 1,
        frozen_columns=frozen_columns,
        filter_row=top,
        filter_last=last,
        merges=tuple(wide_lines(rows, widths)),
        rules=tuple(rule for column in state_columns for rule in state_rules(top + 1, last, column)),
        repeat_rows=top + 1,
        tab_colour=colour,
    )
