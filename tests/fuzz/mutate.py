"""Broken inputs from whole ones. Every choice comes from a `Lot`, so a fuzzer, hypothesis or a seed can make it."""

from __future__ import annotations

import copy
import io
import random
import zipfile
from typing import Any, Protocol

ODD_TEXTS = (
    "", " ", "\u00ad", "\u200b", "\x00", "\ud800", "=1+1", "Cộng", "I. ĐỢT 1", "STT", "Đơn vị", "Chỉ tiêu", "Tên hoạt động", "Thời gian dự kiến", "Số lượng đăng ký", "0903123456",
    "12-15/3/2024", "30/02/2024", "Quý V/2024", "T13/2024", "tuần 9 tháng 3/2024", "99999999999999999999", "١٢", "²", "1e308", "-0", "khoảng ", "2 tỷ tỷ", "CT3", "CT99", "§oµn ph\u00ad\u00eang",
    "Ñoaøn", "http://", "https://a.b/" + "x" * 3000, "a" * 40_000, "\u0301" * 500, "năm 2024", "năm 20242024", "Đoàn phường An Lạc", "(", "[", "{0}", "%s", "\\", "'", '"', "<script>", "&amp;",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**63, -(2**70), 1e308, -1e308, float("inf"), float("nan"), 0.5, 45366, 45366.5, 2958466, -700_000, [], {}, [[]], "", "x", [None], {"x": {}},
)  # fmt: skip
XML_SNIPPETS = (
    b'<c r="XFD1048576"><v>1</v></c>', b'<c r="A0"><v>1</v></c>', b'<c r="ZZZZ9"><v>1</v></c>', b'<c r="A1" t="e"><v>#REF!</v></c>', b'<c t="s"><v>99999999</v></c>', b'<c t="s"><v>-1</v></c>',
    b'<c t="d"><v>2024-13-45</v></c>', b'<c t="b"><v>7</v></c>', b'<c t="inlineStr"><is><t>x</t></is></c>', b"<v>1e999</v>", b"<v>NaN</v>", b"&x;", b"&#0;", b"&#xD800;", b"<!DOCTYPE x [<!ENTITY x 'y'>]>",
    b'<mergeCell ref="A1:XFD1048576"/>', b'<mergeCell ref="B5:A1"/>', b'<hyperlink ref="A1:XFD1048576" location="A1"/>', b'<row r="1048577"/>', b'<row r="-1"/>', b'<row r="x"/>', b"</sheetData>", b"<sheetData/>",
    b'<f t="shared" si="0" ref="A1:A9">A1</f>', b'<f t="array" ref="A1:XFD1048576">1</f>', b"]]>", b"<![CDATA[", b"-->", b"\xff\xfe", b"\x00", b'date1904="1"', b's="99999"', b'xml:space="preserve"', b"\xc2", b"'",
)  # fmt: skip


class Lot(Protocol):
    """Where choices come from."""

    def number(self, below: int) -> int:
        """Return a number from 0, below ``below``."""

    def data(self, most: int) -> bytes:
        """Return some bytes."""


class Seeded:
    """Choices of a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def number(self, below: int) -> int:
        """Return a number from 0, below ``below``."""
        return self._random.randrange(max(below, 1))

    def data(self, most: int) -> bytes:
        """Return some bytes."""
        return self._random.randbytes(self._random.randrange(most))


def text(lot: Lot) -> str:
    """Return an odd text."""
    picked = ODD_TEXTS[lot.number(len(ODD_TEXTS))]
    if lot.number(3) == 0:
        picked += lot.data(12).decode("utf-8", "replace")
    return picked.encode("utf-8", "ignore").decode() if lot.number(8) else picked


def value(lot: Lot) -> Any:
    """Return an odd value of JSON."""
    return text(lot) if lot.number(2) else copy.deepcopy(ODD_VALUES[lot.number(len(ODD_VALUES))])


def mutated_bytes(lot: Lot, data: bytes, snippets: tuple[bytes, ...] = XML_SNIPPETS) -> bytes:
    """Return the bytes with pieces changed, put in, taken out or doubled."""
    for _ in range(1 + lot.number(4)):
        at = lot.number(len(data) + 1)
        until = min(at + lot.number(60), len(data))
        kind = lot.number(6)
        if kind == 0:
            piece = lot.data(8)
        elif kind == 1:
            piece = b""
        elif kind == 2:
            piece = data[at:until] * (2 + lot.number(20))
        elif kind == 3:
            tag = data.find(b">", at) + 1
            at = until = tag or at
            piece = snippets[lot.number(len(snippets))]
        elif kind == 4:
            piece = bytes(byte ^ (1 << lot.number(8)) for byte in data[at:until])
        else:
            piece = snippets[lot.number(len(snippets))]
        data = data[:at] + piece + data[until:]
    return data


def mutated_package(lot: Lot, parts: dict[str, bytes]) -> bytes:
    """Return an .xlsx with some parts broken, gone, doubled or renamed; sometimes the zip itself is broken too."""
    names = list(parts)
    changed = dict(parts)
    for _ in range(1 + lot.number(3)):
        name = names[lot.number(len(names))]
        kind = lot.number(8)
        if kind == 0:
            changed.pop(name, None)
        elif kind == 1:
            changed[text(lot).replace("\x00", "")[:80].encode("utf-8", "ignore").decode() or "x"] = changed.pop(name, b"")
        else:
            changed[name] = mutated_bytes(lot, changed.get(name, parts[name]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if lot.number(4) else zipfile.ZIP_STORED, compresslevel=1) as package:
        for name, content in changed.items():
            package.writestr(zipfile.ZipInfo(name), content)
    data = out.getvalue()
    return (
        mutated_bytes(lot, data, (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xff\xff\xff", b"\x00" * 8))
        if lot.number(4) == 0
        else data
    )


def mutated_json(lot: Lot, answer: Any) -> Any:
    """Return the answer with some of its parts gone, replaced, doubled or of another type."""
    answer = copy.deepcopy(answer)
    for _ in range(1 + lot.number(5)):
        _change(lot, answer)
    return answer


def _change(lot: Lot, node: Any) -> None:
    """Walk down by lot and change one child of where it ends."""
    for _ in range(12):
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = keys[lot.number(min(len(keys), 40))]
        child = node[key]
        if isinstance(child, dict | list) and child and lot.number(5):
            node = child
            continue
        if lot.number(4) == 0 and isinstance(node, dict):
            del node[key]
        elif lot.number(4) == 0 and isinstance(node, list):
            node.extend([copy.deepcopy(child)] * lot.number(5))
        else:
            node[key] = value(lot)
        return
