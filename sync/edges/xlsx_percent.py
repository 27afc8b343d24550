"""Numbers that a worksheet shows as percentages, made the text that people see.

Of a cell calamine tells the number alone: a `100%` that somebody typed for "all of it" would be one activity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^<]*?)/?>\s*(?=<)")
_CODE = re.compile(rb"""\bformatCode\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ID = re.compile(rb"""\bnumFmtId\s*=\s*["'](\d+)["']""")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\b([^<>]*)>")
_WORDS = re.compile(rb"&quot;.*?&quot;|\"[^\"]*\"|[\\_*].")
"""What a format writes as it stands."""
_BUILT_IN = frozenset((b"9", b"10"))
_CELL = rb"""<c(\s(?:[^<>]*\s)?s=["'](?:%s)["'][^<>]*)(?<!/)>((?:<f\b[^<>]*(?:/>|>[^<]*</f>))?<v>)([^<>]*)</v>"""
_TYPE = re.compile(rb"""\st=["']([^"']*)["']""")


def percent_styles(styles: bytes) -> list[bytes]:
    """Return the numbers of the cell styles that show percentages."""
    formats = {found[1] for one in _FORMAT.findall(styles) if _is_percent(one) and (found := _ID.search(one))} | _BUILT_IN
    cells = _STYLES.search(styles)
    if cells is None:
        return []
    kinds = [found[1] if (found := _ID.search(one)) else b"" for one in _STYLE.findall(cells[0])]
    return [b"%d" % number for number, kind in enumerate(kinds) if kind in formats]


def _is_percent(attributes: bytes) -> bool:
    found = _CODE.search(attributes)
    return found is not None and b"%" in _WORDS.sub(b"", found[1] or found[2] or b"")


def with_percentages(xml: bytes, styles: Iterable[bytes]) -> bytes:
    """Return a worksheet in which the numbers in cells of these styles are texts such as `100%`."""
    return re.sub(_CELL % b"|".join(styles), _as_text, xml)


def _as_text(found: re.Match[bytes]) -> bytes:
    kind = _TYPE.search(found[1])
    if kind and kind[1] != b"n":
        return found[0]
    try:
        shown = f"{float(found[3]) * 100:.10g}%".encode()
    except ValueError:
        return found[0]
    return b'<c%s t="str">%s%s</v>' % (_TYPE.sub(b"", found[1]), found[2], shown)
