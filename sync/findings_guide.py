"""The catalogue of findings → docs/loi-va-cach-sua.md: `python -m sync.findings_guide > docs/loi-va-cach-sua.md`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

from sync.catalogue import CATALOGUE, Entry, Reach
from sync.publish.verdicts import REASONS

_HEAD = """# Nhận xét của hệ thống và cách sửa

Trang này do chương trình làm ra từ danh mục nhận xét của nó (`python -m sync.findings_guide`), nên luôn đúng với những gì hệ thống nói. Đừng sửa tay.

Mỗi chỗ cần xem có một ghi chú ngay tại ô, bắt đầu bằng `[Đồng hành]`; cột «Kết quả kiểm tra» nói dòng đó đã tính hay chưa. Sửa ô theo ghi chú; lần
kiểm tra sau ghi chú tự mất và dòng được tính. Không phải báo lại, không phải xóa ghi chú.

**Lỗi** làm cho dòng, hoặc nửa dòng (phần đăng ký hay phần kết quả), chưa được tính. **Nên xem lại** thì vẫn được tính. Chỗ có dấu … là chữ trong ô.
"""
_GROUPS: tuple[tuple[str, Reach], ...] = (
    ("Lỗi: cả bảng chưa đọc được", Reach.CLUSTER),
    ("Lỗi: cả dòng chưa được tính", Reach.ROW),
    ("Lỗi: phần đăng ký chưa được tính", Reach.REGISTRATION),
    ("Lỗi: phần kết quả chưa được tính", Reach.RESULT),
    ("Lỗi: phần đăng ký hoặc phần kết quả ngoài thời gian tồn tại của đơn vị chưa được tính", Reach.HALF),
    ("Lỗi: phần có ô đó chưa được tính (cột không tính vào chỉ tiêu thì chỉ nên xem lại)", Reach.COLUMN),
    ("Nên xem lại: vẫn được tính", Reach.NOTHING),
)
_ADDED = re.compile(r"(?<=\w)\{extra\}")
"""What a rule may add right behind a word, such as the nearest names: it depends on the cell."""


def findings_guide(catalogue: Mapping[str, Entry] = CATALOGUE, reasons: Mapping[str, str] = REASONS) -> str:
    """Return the page: every code of the catalogue once, grouped by what it stops, with what to do about it."""
    parts = [_HEAD]
    for title, reach in _GROUPS:
        parts.append(f"## {title}\n")
        parts.append("| ở cột «Kết quả kiểm tra» | nghĩa là | cách sửa | mã |\n|---|---|---|---|")
        parts += [_row(code, entry, reasons[code]) for code, entry in catalogue.items() if entry.reach is reach]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _row(code: str, entry: Entry, reason: str) -> str:
    """Return one line: the sentence of the catalogue, cut where it begins to say what to do."""
    sentence = _ADDED.sub("", entry.sentence).format(value="…", column="…", extra="…")
    said, _, mend = sentence.partition("hãy ")
    if not mend:
        said, _, mend = sentence.partition("; ")
    return f"| {reason} | {said.rstrip('; ,')} | {mend[0].upper()}{mend[1:]} | `{code}` |"


if __name__ == "__main__":
    sys.stdout.buffer.write(findings_guide().encode())
