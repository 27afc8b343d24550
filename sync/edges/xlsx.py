"""The bytes of an .xlsx → Sheet. python-calamine reads the values; what it does not tell (error cells, far cells, bombs) is looked up in the XML."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineSheet, CalamineWorkbook

from sync.errors import SourceError
from sync.model import Cell, CellError, Merge, Sheet, Tab

MOST_CELLS = 10_000_000
"""As many as a Google spreadsheet may hold."""
_PLAIN_ROWS = 20_000
"""Up to here, and up to column Z, no look for cells that stand far away is needed."""

_LAST_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_WIDE = re.compile(rb'\br="[A-Z]{2,3}\d')
_VALUE_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*?(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b')
_ERROR_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*\bt=\"e\"[^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_OLE, _PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_xlsx(data: bytes, *, cluster: str, source: str, max_uncompressed_bytes: int) -> Sheet:
    """Return the workbook's tabs, cells exactly as people left them.

    Raises SourceError, one Vietnamese sentence, where it is no workbook, is encrypted, damaged, or unpacks to more than allowed.
    """
    parts = _Parts(data, source, max_uncompressed_bytes)
    workbook = parts.read("xl/workbook.xml")
    sheets = {name: parts.read(name) for name in parts.names if name.startswith("xl/worksheets/") and name.endswith(".xml")}
    parts.read("xl/sharedStrings.xml")
    for xml in sheets.values():
        _refuse_far_cells(xml, source)
    errors = _error_cells(sheets, workbook, parts)
    return Sheet(
        cluster=cluster,
        source=source,
        tabs=_tabs(data, errors, source),
        fingerprint=hashlib.blake2b(data, digest_size=16).hexdigest(),
        date_1904=re.search(rb'\bdate1904="(?:1|true)"', workbook) is not None,
    )


class _Parts:
    """The parts of the package, unpacked under one limit; sizes that the file declares are not believed."""

    def __init__(self, data: bytes, source: str, limit: int) -> None:
        self._data = data
        self._source = source
        self._left = self._limit = limit
        self._entries = self._open()
        self.names = tuple(self._entries)

    def _open(self) -> dict[str, zipfile.ZipInfo]:
        if problem := _not_a_workbook(self._data):
            raise SourceError(f"Tệp {self._source} {problem}.")
        try:
            with zipfile.ZipFile(io.BytesIO(self._data)) as package:
                entries = {info.filename: info for info in package.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise self._damaged() from error
        if "xl/workbook.xml" not in entries:
            raise SourceError(f"Tệp {self._source} không phải là bảng tính Excel (.xlsx); hãy lưu lại ở dạng Excel Workbook (.xlsx).")
        return entries

    def _damaged(self) -> SourceError:
        return SourceError(f"Tệp {self._source} bị hỏng, không mở được; hãy lấy lại bản gốc hoặc mở bằng Excel rồi lưu lại.")

    def read(self, name: str) -> bytes:
        """Return one part, empty if there is none."""
        info = self._entries.get(name)
        if info is None:
            return b""
        if info.flag_bits & 1:
            raise SourceError(f"Tệp {self._source} có mật khẩu; hãy bỏ mật khẩu rồi lưu lại.")
        try:
            unpacked = self._unpack(info)
        except (zlib.error, struct.error, ValueError) as error:
            raise self._damaged() from error
        self._left -= len(unpacked)
        if self._left < 0:
            raise SourceError(
                f"Tệp {self._source} quá lớn khi mở ra (hơn {self._limit // 1_000_000} MB); hãy xóa các dòng, trang tính và hình ảnh thừa rồi lưu lại."
            )
        return unpacked

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        header = _LOCAL_HEADER.unpack_from(self._data, info.header_offset)
        start = info.header_offset + _LOCAL_HEADER.size + header[-2] + header[-1]
        packed = self._data[start : start + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            return packed
        if info.compress_type != zipfile.ZIP_DEFLATED:
            raise ValueError(f"compression {info.compress_type}")
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, self._left + 1)


def _not_a_workbook(data: bytes) -> str | None:
    """Return what the file is instead, and what to do; `None` if it may be an .xlsx."""
    if data.startswith(b"PK"):
        return None
    if not data:
        return "rỗng (0 byte); hãy chép lại tệp"
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "có mật khẩu; hãy bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc) rồi lưu lại"
        return "là Excel kiểu cũ (.xls); hãy mở ra và lưu lại ở dạng Excel Workbook (.xlsx)"
    if data.startswith(_PDF):
        return "là tệp PDF đổi đuôi, không phải bảng tính; hãy gửi bảng tính gốc ở dạng .xlsx"
    if data.lstrip()[:1] == b"<":
        return "là trang web (HTML) đổi đuôi, không phải bảng tính; hãy lưu lại ở dạng Excel Workbook (.xlsx)"
    return "không phải là bảng tính Excel (.xlsx); hãy lưu lại ở dạng Excel Workbook (.xlsx)"


def _refuse_far_cells(xml: bytes, source: str) -> None:
    """A value in the last row of the sheet would make a table of milliards of cells: refuse it, and say where it stands."""
    last = xml.rfind(b"<row ")
    found = _LAST_ROW.match(xml, last) if last >= 0 else None
    rows = max(int(found[1]) if found else 0, 0)
    if rows <= _PLAIN_ROWS and not _WIDE.search(xml):
        return
    cells = [(int(row), column_number(letters), letters + row) for letters, row in _VALUE_CELL.findall(xml)]
    if not cells:
        return
    height, width = max(cells)[0], max(cell[1] for cell in cells)
    if height * width > MOST_CELLS:
        far = max(cells, key=lambda cell: cell[0] * cell[1])[2].decode()
        raise SourceError(f"Tệp {source} có ô {far} nằm quá xa bảng; hãy xóa nội dung ô đó rồi lưu lại.")


def column_number(letters: bytes) -> int:
    """Return a column's number from 1: `A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _error_cells(sheets: Mapping[str, bytes], workbook: bytes, parts: _Parts) -> dict[str, list[tuple[int, int, CellError]]]:
    """Return tab title → (row, column, error), both from 1, for the cells that calamine shows empty."""
    found = {name: _errors_in(xml) for name, xml in sheets.items() if b't="e"' in xml}
    if not any(found.values()):
        return {}
    return {title: found[name] for title, name in _titles(workbook, parts.read("xl/_rels/workbook.xml.rels")) if name in found}


def _errors_in(xml: bytes) -> list[tuple[int, int, CellError]]:
    cells = []
    for attributes, inner in _ERROR_CELL.findall(xml):
        place, value = _REFERENCE.search(attributes), _VALUE.search(inner)
        if place:
            shown = value[1].decode("utf-8", "replace") if value else "#ERROR!"
            cells.append((int(place[2]), column_number(place[1]), CellError(shown)))
    return cells


def _titles(workbook: bytes, relations: bytes) -> Iterable[tuple[str, str]]:
    """Yield (tab title, part name)."""
    targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(relations)}
    for one in ElementTree.fromstring(workbook).iter(f"{_MAIN}sheet"):
        target = targets.get(one.get(_ID), "")
        yield one.get("name", ""), target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _tabs(data: bytes, errors: Mapping[str, list[tuple[int, int, CellError]]], source: str) -> tuple[Tab, ...]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return tuple(
            _tab(workbook.get_sheet_by_index(index), title, errors.get(title, ())) for index, title in enumerate(workbook.sheet_names)
        )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # A panic inside calamine derives from BaseException alone.
        raise SourceError(f"Tệp {source} bị hỏng, không đọc được bảng tính; hãy mở bằng Excel rồi lưu lại.") from error


def _tab(sheet: CalamineSheet, title: str, errors: Iterable[tuple[int, int, CellError]]) -> Tab:
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for row, column, error in errors:
        _put(rows, row, column, error)
    merges = tuple(Merge(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    return Tab(title, rows, merges)


def _put(rows: list[list[Cell]], row: int, column: int, value: CellError) -> None:
    rows.extend([] for _ in range(row - len(rows)))
    rows[row - 1].extend("" for _ in range(column - len(rows[row - 1])))
    rows[row - 1][column - 1] = value
