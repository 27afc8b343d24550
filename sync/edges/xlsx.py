"""The bytes of an .xlsx → Sheet: python-calamine reads the values, and what it does not tell or cannot bear is seen to here.

calamine is handed a package made of the parts that were checked, never the file itself. So it unpacks nothing unchecked, an error
cell (which it shows empty, or stumbles over: Google writes `#ERROR!`) reaches us as marked text, and a value in the sheet's last
corner never makes it reserve a table of milliards of cells, which ends the whole process.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from python_calamine import CalamineSheet, CalamineWorkbook, WorksheetNotFound

from sync.edges.xlsx_extent import MOST_ROWS, far_cell, is_usual
from sync.edges.xlsx_merges import merges_first
from sync.edges.xlsx_package import Part, damaged, packed, tab_of_part, unpacked
from sync.edges.xlsx_percent import percent_styles, with_percentages
from sync.errors import SourceError
from sync.model import Cell, CellError, Merge, Sheet, Tab

MOST_MERGES = 50_000
"""Merged blocks of a tab that are looked at."""
_LAST_ROW = 1_048_576
_MARK = "\ue000\ue001"
"""Stands before an error's text on its way through calamine; private characters, which no keyboard types."""
_ERROR = re.compile(rb"""(\s)t=(["'])e\2([^<>]*(?<!/)>\s*(?:<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>)""")
_AS_TEXT = rb'\1t="str"\3' + _MARK.encode()
_DATE_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")


def fingerprint(data: bytes) -> str:
    """Return what changes whenever the file does."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def read_xlsx(data: bytes, *, cluster: str, source: str, max_uncompressed_bytes: int, mark: str = "") -> Sheet:
    """Return all tabs of the workbook, hidden ones too, cells exactly as people left them.

    `source` is the file's name as people know it, `mark` its fingerprint where that is known. Raises SourceError, one Vietnamese sentence, where the bytes are no workbook, are
    encrypted or damaged, unpack to more than allowed, or hold a value far away from everything else.
    """
    parts, has_errors = _checked_parts(data, source, max_uncompressed_bytes, MOST_ROWS, as_shown=True)
    return Sheet(
        cluster=cluster,
        source=source,
        tabs=tuple(_tabs(packed(parts), source, has_errors)),
        fingerprint=mark or fingerprint(data),
        date_1904=any(_DATE_1904.search(part.content) for name, part in parts.items() if name.lower().startswith("xl/workbook")),
    )


def read_tab(data: bytes, title: str, *, source: str, max_uncompressed_bytes: int) -> Sequence[Sequence[Cell]] | None:
    """Return the rows of one tab, however many, from A1; `None` if there is no tab of this title. Raises as `read_xlsx` does."""
    return Tabs(data, source=source, max_uncompressed_bytes=max_uncompressed_bytes).rows(title)


class Tabs:
    """The tabs of a workbook, unpacked once and read one by one. Raises as `read_xlsx` does."""

    def __init__(self, data: bytes, *, source: str, max_uncompressed_bytes: int) -> None:
        parts, _ = _checked_parts(data, source, max_uncompressed_bytes, _LAST_ROW)
        self._source = source
        try:
            self._workbook = CalamineWorkbook.from_filelike(io.BytesIO(packed(parts)))
            self.titles: tuple[str, ...] = tuple(self._workbook.sheet_names)
        except BaseException as error:
            raise _translated(error, source) from error

    def rows(self, title: str) -> Sequence[Sequence[Cell]] | None:
        """Return the rows of one tab, however many, from A1; `None` if there is no tab of this title."""
        try:
            return _rows(self._workbook.get_sheet_by_name(title))
        except WorksheetNotFound:
            return None
        except BaseException as error:
            raise _translated(error, self._source) from error


def _checked_parts(data: bytes, source: str, limit: int, most_rows: int, *, as_shown: bool = False) -> tuple[dict[str, Part], bool]:
    """Return the parts that calamine may see, error cells made marked text, and whether there are any; ``as_shown``: percentages too."""
    parts = unpacked(data, source=source, limit=limit)
    has_errors = False
    styles = next((part.content for name, part in parts.items() if name.lower().endswith("/styles.xml")), b"") if as_shown else b""
    percent = percent_styles(styles)
    for name, part in parts.items():
        if part.content.rfind(b"sheetData") < 0:
            continue
        content = part.content
        if not is_usual(content):
            if far := far_cell(content, source=source, most_rows=most_rows):
                raise SourceError(
                    f"Tệp {source} có dữ liệu ở ô {far}{_of_tab(parts, name)}, quá xa bảng; hãy xóa nội dung ô đó rồi lưu lại."
                )
            if _may_have_errors(content):
                content, has_errors = _ERROR.sub(_AS_TEXT, content), True
        if percent:
            content = with_percentages(content, percent)
        pieces = merges_first(content)
        if pieces or content is not part.content:
            parts[name] = part.replaced(pieces or (content,), source)
    return parts, has_errors


def _may_have_errors(xml: bytes) -> bool:
    """Return whether to look closer. From behind, for that takes half as long; a search for one sign is almost free."""
    return xml.rfind(b't="e"') >= 0 or (b"'" in xml and xml.rfind(b"t='e'") >= 0)


def _of_tab(parts: Mapping[str, Part], name: str) -> str:
    title = tab_of_part(parts, name)
    return f" của trang tính “{title}”" if title else ""


def _tabs(package: bytes, source: str, has_errors: bool) -> Iterator[Tab]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(package))
        for index, title in enumerate(workbook.sheet_names):
            yield _tab(workbook.get_sheet_by_index(index), title, has_errors)
    except BaseException as error:
        raise _translated(error, source) from error


def _translated(error: BaseException, source: str) -> BaseException:
    """Return what to raise instead; a panic inside calamine derives from BaseException alone, as do the wish to stop and its like."""
    return error if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError) else damaged(source)


def _tab(sheet: CalamineSheet, title: str, has_errors: bool) -> Tab:
    rows = _rows(sheet)
    if has_errors:
        rows = [[_unmarked(cell) for cell in row] for row in rows]
    return Tab(title, rows, tuple(_merges(sheet, len(rows), len(rows[0]) if rows else 0)))


def _rows(sheet: CalamineSheet) -> list[list[Cell]]:
    """Return the rows from A1, without empty ones at the end."""
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
    while rows and all(cell == "" for cell in rows[-1]):
        rows.pop()
    return rows


def _unmarked(cell: Cell) -> Cell:
    return CellError(cell.removeprefix(_MARK)) if isinstance(cell, str) and cell.startswith(_MARK) else cell


def _merges(sheet: CalamineSheet, height: int, width: int) -> Iterator[Merge]:
    """Yield the merged blocks as far as there are cells: somebody's block down to the last row of Excel is no work for others."""
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges or ())[:MOST_MERGES]:
        if top <= bottom and left <= right and top < height and left < width:
            yield Merge(top + 1, left + 1, min(bottom + 1, height), min(right + 1, width))
