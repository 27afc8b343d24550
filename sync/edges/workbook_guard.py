"""May openpyxl open this workbook? It unpacks every part, and makes a cell of each one that a merged block or a link is said to cover.

A block over a whole sheet would keep it busy for hours and fill the memory; so would a part that unpacks to gigabytes.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator

from sync.edges.xlsx_extent import column_number
from sync.edges.xlsx_package import has_document_type
from sync.errors import PublishError

MOST_COVERED = 300_000
"""Cells under merged blocks and links together: eighteen whole rows."""
_COVERS = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\b[^<>]*?\sref\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_END = re.compile(r"([A-Z]*)(\d*)", re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def ensure_openable(data: bytes, *, source: str, limit: int) -> None:
    """Raise PublishError where opening the workbook would take more than it is worth; ``limit``: bytes that all parts unpack to."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(info.file_size for info in package.infolist()) > limit:
            raise PublishError(
                f"{source} unpacks to more than {limit // 1_000_000} MB and was not annotated; take pictures out and run again."
            )
        covered = 0
        for info in package.infolist():
            if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                part = package.read(info)
                if has_document_type(part):
                    raise PublishError(
                        f"{source} holds XML that no spreadsheet program writes and was not annotated; save it in Excel and run again."
                    )
                covered += sum(_areas(part))
    if covered > MOST_COVERED:
        raise PublishError(f"{source} has merged cells or links over {covered} cells and was not annotated; unmerge them and run again.")


def _areas(part: bytes) -> Iterator[int]:
    for found in _COVERS.finditer(part):
        reference = html.unescape((found[1] or found[2] or b"").decode("utf-8", "replace")).replace("$", "")
        first, _, last = reference.partition(":")
        if last:
            (left, top), (right, bottom) = _place(first, 1, 1), _place(last, _LAST_COLUMN, _LAST_ROW)
            yield max(right - left + 1, 0) * max(bottom - top + 1, 0)


def _place(reference: str, column: int, row: int) -> tuple[int, int]:
    """Return column and row; a reference without one of them (`A:C`) means the sheet's edge."""
    found = _END.match(reference)
    letters, number = (found[1], found[2]) if found else ("", "")
    return (column_number(letters) if letters else column), (int(number) if number else row)
