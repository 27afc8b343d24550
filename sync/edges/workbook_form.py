"""A described spreadsheet → an .xlsx file by openpyxl, and the repair of one that was made here.

Only a workbook that bears the mark of having been made here is ever written again, and only if every cell of its people reads the same
before and after: what openpyxl cannot keep (a formula's last result, a drawing) therefore keeps the file from being touched at all.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sync.edges.files import write_atomically
from sync.edges.workbook_copy import package
from sync.edges.workbook_guard import ensure_openable
from sync.edges.workbook_progress import write_tab
from sync.edges.workbook_style import CONDITIONAL, FONT
from sync.edges.workbooks import Workbooks
from sync.edges.xlsx import read_xlsx
from sync.errors import PublishError, SourceError
from sync.layout import Format
from sync.model import Column, Sheet
from sync.provision.values import Entry, Fitted, InputColumn, SheetForm, TablePlace

MADE = "donghanh-bang"
"""The category of a workbook that was made here."""
_NAMES = {Column.UNIT: "ds_don_vi", Column.TARGET: "ds_chi_tieu", Column.STATUS: "ds_trang_thai"}
"""The lists' names: a rule that names another tab directly is moved by Excel to where openpyxl does not see it."""
_PATTERNS = {"day": "dd/mm/yyyy", "number": "#,##0"}
_ALIGNED = {"text": "left", "number": "right"}
_RULED_ROWS = 2_000
"""The last row that rules and colours reach."""
_GREY, _PALE = "FFD9D9D9", "FFF5F5F5"
_SIDE = Side("thin", color="FFBFBFBF")


class WorkbookFitter:
    """Fits out the folder of the clusters' workbooks."""

    def __init__(self, home: Workbooks, folder: Path, *, limit: int, keep: Callable[[Path, bytes], bool] = write_atomically) -> None:
        """``keep`` puts a file in its place; for a dry run it is one that does not."""
        self._home, self._folder, self._limit, self._keep = home, folder, limit, keep

    def place(self, cluster: str) -> str:
        """Return the file's path."""
        return str(self._path(cluster))

    def look(self, cluster: str) -> Sheet | None:
        """Return the workbook as it stands, `None` where there is none; raise SourceError."""
        return self._home.read(cluster) if self._path(cluster).exists() else None

    def fit(self, form: SheetForm, place: TablePlace | None) -> Fitted:
        """Make the workbook, or repair what is the system's in it; raise PublishError."""
        path = self._path(form.cluster)
        if not path.exists():
            self._keep(path, new_workbook(form))
            return Fitted(made=True)
        data = path.read_bytes()
        try:
            ensure_openable(data, source=path.name, limit=2 * self._limit)
            made, fitted = fitted_workbook(data, form, place)
        except PublishError:
            raise
        except Exception as error:  # openpyxl stumbles, in many ways, over workbooks that Excel reads
            raise PublishError(f"Không mở được {path.name} để kẻ bảng ({error}); hãy mở bằng Excel, lưu lại rồi chạy lại.") from error
        if made is None:
            return fitted
        if place and not self._reads_alike(data, made, form):
            return Fitted(left=(f"{', '.join(fitted.repaired)} cần đặt lại, nhưng tệp có công thức hoặc hình nên được giữ nguyên",))
        self._keep(path, made)
        return fitted

    def share(self, cluster: str, email: str) -> bool:
        """Raise PublishError: files are handed over, not shared."""
        raise PublishError(f"chưa chia sẻ: bảng là tệp trên máy này, hãy gửi {self._path(cluster).name} cho {email}")

    def _path(self, cluster: str) -> Path:
        return self._folder / f"{cluster}.xlsx"

    def _reads_alike(self, before: bytes, after: bytes, form: SheetForm) -> bool:
        """Return whether all tabs but the guide hold the same, and nothing but cells was in the file."""
        if drawings(before):
            return False
        try:
            old, new = (
                read_xlsx(data, cluster=form.cluster, source=form.cluster, max_uncompressed_bytes=self._limit) for data in (before, after)
            )
        except SourceError:
            return False
        people = [
            [(tab.title, tab.rows, tab.merges) for tab in one.tabs if tab.title != form.guide.title and tab.rows] for one in (old, new)
        ]
        return people[0] == people[1]


def drawings(data: bytes) -> bool:
    """Return whether the package has parts that openpyxl would leave out."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return any(name.startswith(("xl/drawings/drawing", "xl/media/", "xl/charts/", "xl/threadedComments/")) for name in parts.namelist())


def new_workbook(form: SheetForm) -> bytes:
    """Return the workbook as it is handed out; the same form is the same bytes."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    write_tab(book.create_sheet(form.guide.title), form.guide)
    _new_table(book.create_sheet(form.tab), form)
    _rules(book, form, TablePlace(form.tab, 1, {one.column: at for at, one in enumerate(form.columns, 1)}))
    book.active = 1
    book.properties.category, book.properties.title = MADE, form.title
    return package(book)


def fitted_workbook(data: bytes, form: SheetForm, place: TablePlace | None) -> tuple[bytes | None, Fitted]:
    """Return the workbook with what is the system's put right, `None` where nothing has to be, and what was put right."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names each part of a workbook that it leaves out
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    if place is None:
        if all(cell.value is None for sheet in book.worksheets for row in sheet.iter_rows() for cell in row):
            return new_workbook(form), Fitted(made=True)
        return None, Fitted(left=("tệp có nội dung khác mà không có bảng hoạt động; hãy cất tệp đi nơi khác rồi chạy lại để có tệp mới",))
    if book.properties.category != MADE:
        return None, Fitted(left=("bảng do khu vực, khối tự lập nên được giữ nguyên",))
    said = _repaired(book, form, place)
    return (package(book), Fitted(repaired=tuple(said))) if said else (None, Fitted())


def _repaired(book: openpyxl.Workbook, form: SheetForm, place: TablePlace) -> list[str]:
    """Put right what is the system's; return what was."""
    said = []
    if not _is_guide(book, form):
        if form.guide.title in book.sheetnames:
            book.remove(book[form.guide.title])
        write_tab(book.create_sheet(form.guide.title, 0), form.guide)
        said.append("trang «Hướng dẫn»")
    said += _rules(book, form, place)
    return said


def _is_guide(book: openpyxl.Workbook, form: SheetForm) -> bool:
    if form.guide.title not in book.sheetnames:
        return False
    sheet = book[form.guide.title]
    there = [[cell.value for cell in row] for row in sheet.iter_rows()]
    wanted = [[shown.value for shown in row] for row in form.guide.rows]
    return _trimmed(there) == _trimmed(wanted)


def _trimmed(rows: list[list[Any]]) -> list[list[str]]:
    found = [[str(value) if value is not None else "" for value in row] for row in rows]
    for row in found:
        while row and row[-1] == "":
            row.pop()
    while found and not found[-1]:
        found.pop()
    return found


# A new table


def _new_table(sheet: Worksheet, form: SheetForm) -> None:
    for at, one in enumerate(form.columns, 1):
        cell = sheet.cell(1, at, one.title)
        own = one.own
        cell.font = Font(name=FONT, size=12, bold=True, color="FF595959" if own else "FFFFFFFF")
        cell.fill = PatternFill("solid", start_color=_GREY if own else "FF1F4E79", end_color=_GREY if own else "FF1F4E79")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.border = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
        _column(sheet.column_dimensions[get_column_letter(at)], one)
    sheet.row_dimensions[1].height = 40
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _column(own: Any, one: InputColumn) -> None:
    """Lay the look over the whole column: no cell has to be made for it."""
    own.width = one.width + 1
    own.font = Font(name=FONT, size=12)
    own.alignment = Alignment(wrap_text=True, vertical="top", horizontal=_ALIGNED.get(one.look, "center"))
    own.number_format = _PATTERNS.get(one.look, "General")
    if one.own:
        own.fill = PatternFill("solid", start_color=_PALE, end_color=_PALE)


# What is the system's


def _rules(book: openpyxl.Workbook, form: SheetForm, place: TablePlace) -> list[str]:
    """Put lists, rules of entry and colours right; return what had to be."""
    said, sheet = [], book[place.tab]
    for one in form.columns:
        at = place.columns.get(one.column)
        if one.entry is None or at is None:
            continue
        named = _name_list(book, form, one)
        if _set_rule(sheet, _validation(one, one.entry), at, place.header_row) or named:
            said.append(f"{'bảo vệ' if one.own else 'quy tắc nhập'} của cột «{one.title}»")
    if (at := place.columns.get(Column.VERDICT)) and _set_colours(sheet, form, at, place.header_row):
        said.append("màu của cột «Kết quả kiểm tra»")
    return said


def _name_list(book: openpyxl.Workbook, form: SheetForm, one: InputColumn) -> bool:
    """Give the list of choices in the guide its name; return whether it had another place."""
    if one.entry is None or one.entry.choices_at is None:
        return False
    first, last = one.entry.choices_at
    text = f"'{form.guide.title}'!$A${first + 1}:$A${last + 1}"
    name = _NAMES[one.column]
    if name in book.defined_names and book.defined_names[name].attr_text == text:
        return False
    book.defined_names[name] = DefinedName(name, attr_text=text)
    return True


def _validation(one: InputColumn, entry: Entry) -> DataValidation:
    """Return the rule: it warns, and lets people go on."""
    kinds: dict[str, dict[str, Any]] = {
        "list": {"type": "list", "formula1": _NAMES.get(one.column)},
        "whole": {"type": "whole", "operator": "greaterThan", "formula1": "0"},
        "amount": {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": "0"},
        "own": {"type": "custom", "formula1": "FALSE"},
        "day": {"type": "date", "operator": "between", "formula1": _serial(entry.first), "formula2": _serial(entry.last)},
    }
    rule = DataValidation(**kinds[entry.kind], allow_blank=True, showErrorMessage=True, errorStyle="warning")
    rule.errorTitle, rule.error = one.title, entry.help
    if not one.own:
        rule.showInputMessage, rule.promptTitle, rule.prompt = True, one.title, entry.help
    return rule


def _serial(day: date | None) -> str | None:
    return str((day - date(1899, 12, 30)).days) if day else None


def _set_rule(sheet: Worksheet, wanted: DataValidation, at: int, header_row: int) -> bool:
    """Give the column exactly this rule; return whether it had another, or none."""
    letter = get_column_letter(at)
    block = f"{letter}{header_row + 1}:{letter}{_RULED_ROWS}"
    known = [one for one in sheet.data_validations.dataValidation if any(r.min_col <= at <= r.max_col for r in one.sqref.ranges)]
    if len(known) == 1 and _alike(known[0], wanted):
        return False
    kept = [one for one in sheet.data_validations.dataValidation if one not in known]
    for one in known:  # a rule that spans other columns too stays there
        others = [r for r in one.sqref.ranges if not r.min_col <= at <= r.max_col]
        if others:
            one.sqref.ranges = set(others)
            kept.append(one)
    wanted.add(block)
    sheet.data_validations.dataValidation = [*kept, wanted]
    return True


def _alike(one: DataValidation, other: DataValidation) -> bool:
    return (one.type, one.formula1, one.formula2, one.errorStyle) == (other.type, other.formula1, other.formula2, other.errorStyle)


def _set_colours(sheet: Worksheet, form: SheetForm, at: int, header_row: int) -> bool:
    """Add the rules of colour that are not there; return whether any was not."""
    there = {rule.text for block in sheet.conditional_formatting for rule in block.rules if rule.type == "containsText"}
    letter = get_column_letter(at)
    block = f"{letter}{header_row + 1}:{letter}{_RULED_ROWS}"
    missing = [(words, looked) for words, looked in form.colours if words not in there]
    for words, looked in missing:
        rule = Rule(type="containsText", operator="containsText", text=words, dxf=_dxf(looked), stopIfTrue=True)
        rule.formula = [f'NOT(ISERROR(SEARCH("{words}",{letter}{header_row + 1})))']
        sheet.conditional_formatting.add(block, rule)
    return bool(missing)


def _dxf(looked: Format) -> DifferentialStyle:
    style = CONDITIONAL[looked]
    fill = PatternFill(bgColor=f"FF{style['bg_color'][1:]}") if "bg_color" in style else None
    return DifferentialStyle(font=Font(color=f"FF{style['font_color'][1:]}"), fill=fill)
