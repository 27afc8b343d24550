"""Descriptions of tabs → .xlsx bytes: XlsxWriter makes the master here; what a unit sent is annotated by `workbook_copy`."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format as XlsxFormat
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from sync.edges.kept import FEEDBACK
from sync.edges.workbook_copy import AUTHOR, FIXED, annotated_copy
from sync.edges.workbook_style import CONDITIONAL, FONT, excel_length, fitting, row_heights, style_of, tab_titles
from sync.layout import Chart, Dropdown, Rule, Shown, TabView, Workbook

__all__ = ["FEEDBACK", "annotated_copy", "master_bytes"]

_MOST_LINKS, _LONGEST_LINK = 65_530, 2_079
"""Of a tab, and in characters: Excel's limits, beyond which it calls a file damaged."""
_FOLLOWED = re.compile(r"(?:https?://[^\s/]|internal:'|external:\w)", re.IGNORECASE)
_NEEDS_ESCAPE = re.compile(r'["\s<>\[\]^`{}%\\]')
_CHART_COLOURS = ("#BFBFBF", "#9DC3E6", "#1F4E79")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def master_bytes(workbook: Workbook) -> bytes:
    """Return the workbook as .xlsx; the same workbook is the same bytes. Text is never taken for a formula or a link."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    book.set_properties({"title": fitting(workbook.title)[:255], "author": AUTHOR, "created": FIXED})
    writer = _MasterWriter(book)
    for tab, title in zip(workbook.tabs, tab_titles(tab.title for tab in workbook.tabs), strict=True):
        writer.write(tab, title)
    book.close()
    return buffer.getvalue()


class _MasterWriter:
    """Writes tabs into one XlsxWriter workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._styles: dict[tuple[object, ...], XlsxFormat] = {}

    def write(self, tab: TabView, title: str) -> None:
        """Write one tab after those that are there."""
        sheet = self._book.add_worksheet(title)
        cells = _Cells(sheet, self._style)
        if tab.hidden:
            cells.write_plain(tab)
            sheet.very_hidden()
            return
        cells.write(tab)
        _frame(sheet, tab)
        _print_setup(sheet, tab)
        for rule in tab.rules:
            self._rule(sheet, rule)
        for chart in tab.charts:
            self._chart(sheet, title, chart)
        for number, dropdown in enumerate(tab.dropdowns):
            _dropdown(sheet, dropdown, max(map(len, tab.rows)) + 1 + number)

    def _style(self, properties: Mapping[str, Any]) -> XlsxFormat:
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format(dict(properties))
        return self._styles[key]

    def _rule(self, sheet: Worksheet, rule: Rule) -> None:
        place = (rule.top, rule.left, rule.bottom, rule.right)
        if rule.kind == "bar":
            limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
            sheet.conditional_format(*place, {"type": "data_bar", "bar_solid": True, "bar_color": "#9DC3E6", "bar_only": True, **limits})
            return
        style = self._style(CONDITIONAL[rule.format])
        for words in rule.texts:
            quoted = words.replace('"', '""')
            sheet.conditional_format(*place, {"type": "cell", "criteria": "==", "value": f'"{quoted}"', "format": style})

    def _chart(self, sheet: Worksheet, title: str, chart: Chart) -> None:
        drawn = self._book.add_chart({"type": "column"})
        for index, (name, column) in enumerate(chart.series):
            drawn.add_series(
                {
                    "name": name,
                    "categories": [title, chart.first_row, chart.categories_column, chart.last_row, chart.categories_column],
                    "values": [title, chart.first_row, column, chart.last_row, column],
                    "fill": {"color": _CHART_COLOURS[index % len(_CHART_COLOURS)]},
                    "data_labels": {"value": True, "num_format": "#,##0;;", "font": {"name": FONT, "size": 9}},
                    "gap": 60,
                }
            )
        drawn.set_title({"name": chart.title, "name_font": {"name": FONT, "size": 13, "color": "#1F4E79"}})
        drawn.set_legend({"position": "bottom", "font": {"name": FONT, "size": 11}})
        drawn.set_x_axis({"num_font": {"name": FONT, "size": 10}})
        drawn.set_y_axis({"num_font": {"name": FONT, "size": 10}, "major_gridlines": {"visible": True, "line": {"color": "#E7E6E6"}}})
        drawn.set_size({"width": 1250, "height": 350})
        sheet.insert_chart(chart.row, chart.column, drawn, {"description": chart.alt_text})


def _dropdown(sheet: Worksheet, one: Dropdown, aside: int) -> None:
    """Lay a list to choose from; it stands in a hidden column ``aside``, above the rows that people sort, for a list in the rule ends at a comma."""
    for row, choice in enumerate(one.choices):
        sheet.write_string(row, aside, choice)
    sheet.set_column(aside, aside, None, None, {"hidden": True})
    column = xl_col_to_name(aside, col_abs=True)
    source = f"={column}$1:{column}${len(one.choices)}"
    warning = {"error_type": "warning", "error_title": "Không có trong danh sách", "error_message": "Hãy chọn trong danh sách của ô."}
    sheet.data_validation(one.top, one.column, one.bottom, one.column, {"validate": "list", "source": source, **warning})


class _Cells:
    """Writes the cells of one tab, each by its own type."""

    def __init__(self, sheet: Worksheet, style: Any) -> None:
        self._sheet = sheet
        self._style = style
        self._links = 0

    def write_plain(self, tab: TabView) -> None:
        """Write every value as text without format: a hidden tab is for the program."""
        for row, cells in enumerate(tab.rows):
            for column, shown in enumerate(cells):
                if shown.value is not None:
                    self._sheet.write_string(row, column, fitting(str(shown.value)))

    def write(self, tab: TabView) -> None:
        """Write all cells, merged ones too."""
        for row, cells in enumerate(tab.rows):
            for column, shown in enumerate(cells):
                self._one(row, column, shown)
        for top, left, bottom, right in tab.merges:
            shown = tab.rows[top][left] if left < len(tab.rows[top]) else Shown(None)
            self._sheet.merge_range(top, left, bottom, right, "", self._style(style_of(shown)))
            self._one(top, left, shown)

    def _one(self, row: int, column: int, shown: Shown) -> None:
        style, value = self._style(style_of(shown)), shown.value
        if value is None:
            self._sheet.write_blank(row, column, None, style)
        elif (link := _link(shown)) and self._links < _MOST_LINKS and _can_be_followed(link):
            self._links += 1
            self._sheet.write_url(row, column, link, style, fitting(str(value)))
        elif isinstance(value, date):
            self._sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), style)
        elif isinstance(value, str):
            self._sheet.write_string(row, column, fitting(value), style)
        else:
            self._sheet.write_number(row, column, value, style)


def _link(shown: Shown) -> str | None:
    """Return the cell's link; one into a cluster's spreadsheet leads to its feedback, which lies in a folder beside the master."""
    if not shown.link or not shown.link.startswith("cluster:"):
        return shown.link
    cluster, mark, cell = shown.link.removeprefix("cluster:").partition("#")
    return f"external:{FEEDBACK}/{cluster}.xlsx{mark}{cell}"


def _can_be_followed(link: str) -> bool:
    """Return whether a link may be one: of the web, within the workbook or to another; not longer than Excel bears once escaped."""
    escaped = excel_length(link) + 2 * len(_NEEDS_ESCAPE.findall(link))
    return _FOLLOWED.match(link) is not None and fitting(link) == link and escaped <= _LONGEST_LINK


def _frame(sheet: Worksheet, tab: TabView) -> None:
    for column, width in enumerate(tab.widths):
        sheet.set_column(column, column, width)
    for row, height in row_heights(tab).items():
        sheet.set_row(row, height)
    if tab.frozen_rows or tab.frozen_columns:
        sheet.freeze_panes(tab.frozen_rows, tab.frozen_columns)
    if tab.filter_row is not None:
        last = tab.filter_last if tab.filter_last is not None else len(tab.rows) - 1
        sheet.autofilter(tab.filter_row, 0, max(last, tab.filter_row + 1), max(len(tab.rows[tab.filter_row]) - 1, 0))
    if tab.tab_colour:
        sheet.set_tab_color(tab.tab_colour)
    sheet.hide_gridlines(2)


def _print_setup(sheet: Worksheet, tab: TabView) -> None:
    sheet.set_paper(9)
    if tab.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
    if tab.repeat_rows:
        sheet.repeat_rows(tab.repeat_rows - 1, tab.repeat_rows - 1)
    font = f'&"{FONT},Regular"&10'
    sheet.set_footer(f"&L{font}&A&R{font}Trang &P/&N")
