"""The package around a workbook: what the bytes are, its parts under one limit, and a new package of checked parts."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping
from functools import lru_cache, reduce
from typing import NamedTuple
from xml.etree import ElementTree

from sync.errors import SourceError

_SAVE = "hãy mở bằng Excel và lưu lại ở dạng Excel Workbook (.xlsx)"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF", "là tệp PDF đổi đuôi, không phải bảng tính; hãy gửi bảng tính gốc ở dạng .xlsx"),
    (b"\x89PNG", "là ảnh đổi đuôi, không phải bảng tính; hãy gửi bảng tính gốc ở dạng .xlsx"),
    (b"\xff\xd8\xff", "là ảnh đổi đuôi, không phải bảng tính; hãy gửi bảng tính gốc ở dạng .xlsx"),
    (b"{\\rtf", "là văn bản RTF đổi đuôi, không phải bảng tính; hãy gửi bảng tính gốc ở dạng .xlsx"),
    (b"Rar!", "là tệp nén RAR đổi đuôi; hãy giải nén và chép bảng tính bên trong vào"),
    (b"7z\xbc\xaf", "là tệp nén 7z đổi đuôi; hãy giải nén và chép bảng tính bên trong vào"),
)
_OTHER_PACKAGES = (
    ("xl/workbook.bin", f"là Excel nhị phân (.xlsb) đổi đuôi; {_SAVE}"),
    ("word/document.xml", "là văn bản Word đổi đuôi, không phải bảng tính; hãy gửi bảng tính gốc ở dạng .xlsx"),
    ("ppt/presentation.xml", "là tệp PowerPoint đổi đuôi, không phải bảng tính; hãy gửi bảng tính gốc ở dạng .xlsx"),
    ("content.xml", f"là tệp OpenDocument (.ods) đổi đuôi; {_SAVE}"),
    ("index/document.iwa", "là tệp Numbers của Apple đổi đuôi; hãy xuất ra Excel (.xlsx)"),
)
_UNUSED = (
    "docprops/", "customxml/", "xl/theme/", "xl/media/", "xl/drawings/", "xl/charts/", "xl/comments", "xl/threadedcomments/", "xl/persons/",
    "xl/pivotcache/", "xl/pivottables/", "xl/externallinks/", "xl/richdata/", "xl/printersettings/", "xl/worksheets/_rels/", "xl/ctrlprops/",
)  # fmt: skip
"""What holds no cell: never unpacked, so pictures may be as large as they like."""
_SMALL = 4_096
"""Bytes up to which a part is remembered: what lies around the cells is the same in most workbooks that one program wrote."""
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL_TAIL = struct.Struct("<3H2L")
_END = struct.Struct("<4s4H2LH")
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Part(NamedTuple):
    """One file of the package."""

    content: bytes
    crc: int
    """As declared; whoever reads the package made by `packed` compares, so it is not computed twice here."""

    pieces: tuple[bytes | memoryview, ...] = ()
    """What is packed in place of the content, where that is changed: put together once, in the package."""

    def replaced(self, pieces: tuple[bytes | memoryview, ...], source: str) -> Part:
        """Return the part with other content; raise SourceError where the own one is not what was declared, for nobody compares it later."""
        if zlib.crc32(self.content) != self.crc:
            raise damaged(source)
        return Part(self.content, reduce(lambda crc, piece: zlib.crc32(piece, crc), pieces, 0), pieces)


def damaged(source: str) -> SourceError:
    """Return the error for a workbook that cannot be made sense of."""
    return SourceError(f"Tệp {source} bị hỏng, không đọc được bảng tính; hãy mở bằng Excel rồi lưu lại, hoặc lấy lại bản gốc.")


def unpacked(data: bytes, *, source: str, limit: int) -> dict[str, Part]:
    """Return part name → part, for every part that may hold or describe cells, together no more than `limit` bytes.

    The sizes that the file declares bound what is unpacked and are checked against it, never believed. Raises SourceError.
    """
    parts: dict[str, Part] = {}
    for info in _entries(data, source):
        if info.file_size > limit:
            raise SourceError(
                f"Tệp {source} quá lớn khi mở ra; hãy xóa các dòng, cột và trang tính thừa rồi lưu lại, hoặc chép riêng bảng sang tệp mới."
            )
        limit -= info.file_size
        parts[_name(info)] = _unpack(data, info, source)
    return parts


def _entries(data: bytes, source: str) -> list[zipfile.ZipInfo]:
    if problem := _not_a_package(data):
        raise SourceError(f"Tệp {source} {problem}.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = {_name(info).lower(): info for info in package.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        # NotImplementedError is zipfile's own word for a package of a newer version than it reads.
        raise damaged(source) from error
    if problem := _not_a_workbook(entries):
        raise SourceError(f"Tệp {source} {problem}.")
    return [info for name, info in entries.items() if name.endswith((".xml", ".rels")) and not name.startswith(_UNUSED)]


def _name(info: zipfile.ZipInfo) -> str:
    """Return the part's name; some programs write it with backslashes."""
    return info.filename.replace("\\", "/").lstrip("/")


def _not_a_package(data: bytes) -> str | None:
    """Return what the file is instead, and what to do; `None` for a zip."""
    if data.startswith(b"PK"):
        return None
    if not data:
        return "rỗng (0 byte); hãy chép lại tệp"
    if data.startswith(_OLE):
        return _old_office(data)
    return next((problem for magic, problem in _MAGIC if data.startswith(magic)), None) or _text(data)


def _old_office(data: bytes) -> str:
    """Excel puts an encrypted workbook into the old container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "có mật khẩu mở tệp; hãy bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc) rồi lưu lại"
    if "WordDocument".encode("utf-16-le") in data:
        return "là văn bản Word đổi đuôi, không phải bảng tính; hãy gửi bảng tính gốc ở dạng .xlsx"
    return f"là Excel kiểu cũ (.xls) đổi đuôi; {_SAVE}"


def _text(data: bytes) -> str:
    head = data[:4096]
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return f"là {'XML' if _SPREADSHEET_XML in head else 'trang web (HTML)'} đổi đuôi; {_SAVE}"
    lines = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace")
    if "\0" not in lines and any(mark in lines for mark in ",;\t"):
        return f"là văn bản phân cách (CSV) đổi đuôi; {_SAVE}"
    return f"không phải là bảng tính Excel (.xlsx); {_SAVE}"


def _not_a_workbook(names: Collection[str]) -> str | None:
    if any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names):
        return None
    if any(name.endswith((".xlsx", ".xls")) for name in names):
        return "là tệp nén (.zip) đổi đuôi; hãy giải nén và chép bảng tính bên trong vào"
    known = next((problem for name, problem in _OTHER_PACKAGES if name in names), None)
    return known or f"không phải là bảng tính Excel (.xlsx); {_SAVE}"


def _unpack(data: bytes, info: zipfile.ZipInfo, source: str) -> Part:
    if info.flag_bits & 1:
        raise SourceError(f"Tệp {source} có mật khẩu; hãy bỏ mật khẩu rồi lưu lại.")
    try:
        content = _content(_raw(data, info), info.compress_type, info.file_size)
    except (zlib.error, struct.error, ValueError) as error:
        raise damaged(source) from error
    # calamine reads UTF-8 alone and would take anything else for an empty sheet.
    if len(content) != info.file_size or content.startswith((b"\xff\xfe", b"\xfe\xff")) or has_document_type(content):
        raise damaged(source)
    return Part(content, info.CRC)


def has_document_type(xml: bytes) -> bool:
    """Return whether the part declares a document type, and with it perhaps entities: no spreadsheet program writes one."""
    return b"!" in xml and (b"<!DOCTYPE" in xml or b"<!ENTITY" in xml)  # one sign alone is found, or not, in no time


def _raw(data: bytes, info: zipfile.ZipInfo) -> memoryview:
    header = _LOCAL.unpack_from(data, info.header_offset)
    start = info.header_offset + _LOCAL.size + header[-2] + header[-1]
    return memoryview(data)[start : start + info.compress_size]


def _content(raw: memoryview, compression: int, size: int) -> bytes:
    """Return the content, at most one byte more than declared."""
    if max(len(raw), size) > _SMALL:
        return _inflated(raw, compression, size)
    return _small_inflated(bytes(raw), compression, size)


def _inflated(raw: bytes | memoryview, compression: int, size: int) -> bytes:
    if compression == zipfile.ZIP_STORED:
        return bytes(raw[: size + 1])
    if compression != zipfile.ZIP_DEFLATED:
        raise ValueError(f"compression {compression}")
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, size + 1)


_small_inflated = lru_cache(maxsize=256)(_inflated)


def packed(parts: Mapping[str, Part]) -> bytes:
    """Return an uncompressed package of the parts. By hand: `zipfile` takes twice as long, and this is done for every workbook."""
    pieces: list[bytes | memoryview] = []
    directory: list[bytes] = []
    offset = 0
    for name, (whole, crc, changed) in parts.items():
        content = changed or (whole,)
        key, size = name.encode(), sum(map(len, content))
        header = _LOCAL.pack(b"PK\3\4", 20, 0x800, 0, 0, 33, crc, size, size, len(key), 0)
        pieces += (header, key, *content)
        directory += (b"PK\1\2\x14\0", header[4:], _CENTRAL_TAIL.pack(0, 0, 0, 0, offset), key)
        offset += len(header) + len(key) + size
    length = sum(map(len, directory))
    return b"".join((*pieces, *directory, _END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), length, offset, 0)))


def tab_of_part(parts: Mapping[str, Part], name: str) -> str | None:
    """Return the title of the tab whose cells lie in the part, `None` where the package does not tell."""
    try:
        relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"].content)
        sheets = ElementTree.fromstring(parts["xl/workbook.xml"].content).iter(f"{_MAIN}sheet")
    except (KeyError, ElementTree.ParseError):
        return None
    targets = {one.get("Id"): posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))) for one in relations}
    return next((sheet.get("name") for sheet in sheets if targets.get(sheet.get(_ID)) == f"/{name}"), None)
