"""Small makers of shown cells, and the head that every tab begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sync.layout import Format, Rule, Shown, TabView
from sync.model import ClusterData, ClusterStatus

Row = tuple[Shown, ...]
STATE_RULES: tuple[tuple[tuple[str, ...], Format], ...] = (
    (("Vượt chỉ tiêu", "Đạt chỉ tiêu", "Đúng hạn", "Đã đọc"), Format.GOOD),
    (("Có nguy cơ thiếu", "Trễ hạn", "Cần xem lại", "Dùng số liệu cũ"), Format.WARN),
    (("Chưa đạt", "Chưa nộp", "Lỗi", "Không đọc được"), Format.BAD),
    (("Chưa đến hạn", "Không yêu cầu"), Format.MUTED),
)


def text(value: str | None, form: Format = Format.TEXT) -> Shown:
    """Return a cell of text; nothing for `None`."""
    return Shown(value or None, form)


def whole(value: int | None, form: Format = Format.WHOLE) -> Shown:
    """Return a cell with a whole number."""
    return Shown(value, form)


def share(percent: str | None) -> Shown:
    """Return `57.5` as the number 0.575 in per cent."""
    return Shown(float(Decimal(percent) / 100) if percent is not None else None, Format.PERCENT)


def day(value: date | None) -> Shown:
    """Return a cell with a date."""
    return Shown(value, Format.DAY)


def header(*titles: str) -> Row:
    """Return a header row."""
    return tuple(Shown(title, Format.HEADER) for title in titles)


def day_text(value: date) -> str:
    """Return `05/12/2025`."""
    return f"{value:%d/%m/%Y}"


def heading(title: str, clusters: Sequence[ClusterData], names: dict[str, str], as_of: date) -> list[Row]:
    """Return title, as-of line, and a line for each cluster whose figures are not of this day."""
    rows: list[Row] = [(text(title, Format.TITLE),), (text(f"Số liệu tính đến ngày {day_text(as_of)}", Format.SUBTITLE),)]
    return rows + [(text(line, Format.WARN),) for line in unread_lines(clusters, names)]


def unread_lines(clusters: Sequence[ClusterData], names: dict[str, str]) -> list[str]:
    """Return a sentence for each cluster that was not read in this run."""
    lines = []
    for data in clusters:
        if data.status is ClusterStatus.STALE and data.data_as_of:
            lines.append(
                f"{names[data.cluster]}: dùng số liệu đọc ngày {day_text(data.data_as_of)} vì lần này không đọc được. {data.error or ''}"
            )
        elif data.status is ClusterStatus.FAILED:
            lines.append(f"{names[data.cluster]}: chưa có số liệu. {data.error or ''}")
    return lines


def table_tab(
    title: str, head: Sequence[Row], titles: Row, body: Sequence[Row], *, widths: tuple[float, ...], colour: str, state_columns: Sequence[int] = (),
    frozen_columns: int = 0, bars: Sequence[int] = (), foot: Sequence[Row] = (),
) -> TabView:  # fmt: skip
    """Return a tab of head, header, body, with filter, frozen header and the colours of states."""
    top = len(head) + 1
    last = max(top + len(body), top + 1)
    rules = [Rule(top + 1, column, last, column, "text", texts, form) for column in state_columns for texts, form in STATE_RULES]
    rules += [Rule(top + 1, column, last, column, "bar") for column in bars]
    return TabView(
        title=title,
        rows=(*head, (), titles, *body, *foot),
        widths=widths,
        frozen_rows=top + 1,
        frozen_columns=frozen_columns,
        filter_row=top,
        filter_last=last,
        rules=tuple(rules),
        repeat_rows=top + 1,
        tab_colour=colour,
    )
