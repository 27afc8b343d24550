"""One described tab → a worksheet of openpyxl: the tab `Tiến độ` of the annotated copy."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sync.edges.workbook_style import CONDITIONAL, FONT, fitting, row_heights, style_of
from sync.layout import Rule, Shown, TabView

_SIDE = Side("thin", color="FFBFBFBF")
_GRID = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)


def write_tab(sheet: Worksheet, view: TabView) -> None:
    """Write the tab into an empty worksheet, in the look of the master."""
    for row, cells in enumerate(view.rows, 1):
        for column, shown in enumerate(cells, 1):
            _write(sheet.cell(row, column), shown)
    for column, width in enumerate(view.widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, height in row_heights(view).items():
        sheet.row_dimensions[number + 1].height = height
    for rule in view.rules:
        _colour(sheet, rule)
    for top, left, bottom, right in view.merges:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    _frame(sheet, view)


def _write(cell: Any, shown: Shown) -> None:
    style = style_of(shown)
    cell.value = fitting(shown.value) if isinstance(shown.value, str) else shown.value
    if isinstance(shown.value, str):
        cell.data_type = "s"
    cell.number_format = style.get("num_format", "General")
    flags = {"bold": style.get("bold", False), "italic": style.get("italic", False)}
    cell.font = Font(name=style["font_name"], size=style["font_size"], color=_argb(style.get("font_color")), **flags)
    cell.alignment = Alignment(
        wrap_text=style.get("text_wrap", False), horizontal=style.get("align"), vertical="center", indent=style.get("indent", 0)
    )
    if "bg_color" in style:
        cell.fill = _solid(style["bg_color"])
    if "border" in style:
        cell.border = _GRID


def _colour(sheet: Worksheet, rule: Rule) -> None:
    """Colour what is there now: the tab is written anew with each run, so it needs no conditional format."""
    style = CONDITIONAL[rule.format]
    for row in sheet.iter_rows(rule.top + 1, rule.bottom + 1, rule.left + 1, rule.right + 1):
        for cell in row:
            if cell.value in rule.texts:
                if "bg_color" in style:
                    cell.fill = _solid(style["bg_color"])
                cell.font = Font(name=FONT, size=12, color=_argb(style["font_color"]))


def _frame(sheet: Worksheet, view: TabView) -> None:
    sheet.sheet_view.showGridLines = False
    if view.tab_colour:
        sheet.sheet_properties.tabColor = view.tab_colour.removeprefix("#")
    sheet.page_setup.orientation = "landscape" if view.landscape else "portrait"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left, sheet.page_margins.right = 0.5, 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6


def _solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=_argb(colour), end_color=_argb(colour))


def _argb(colour: str | None) -> str:
    return f"FF{(colour or '#000000')[1:]}"
