"""How each `Format` looks in Google: the colours and alignments of the workbooks' home, in the API's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from sync.edges.workbook_style import STYLES, style_of
from sync.layout import Format, Shown

Json = dict[str, Any]
_ALIGNMENT = {"left": "LEFT", "center": "CENTER", "right": "RIGHT"}
_PIXELS_A_CHARACTER, _PIXELS_A_POINT = 7.4, 4 / 3


def colour(hexadecimal: str) -> Json:
    """Return `#1F4E79` as the API writes it."""
    red, green, blue = _parts(hexadecimal)
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}


@cache
def _parts(hexadecimal: str) -> tuple[float, ...]:
    return tuple(round(int(hexadecimal[at : at + 2], 16) / 255, 4) for at in (1, 3, 5))


def cell_format(shown: Shown) -> Json:
    """Return the CellFormat of a cell."""
    return _format(style_of(shown), with_day=isinstance(shown.value, date))


def _format(style: Mapping[str, Any], *, with_day: bool) -> Json:
    text: Json = {"fontFamily": style["font_name"], "fontSize": round(style["font_size"])}
    for name in ("bold", "italic"):
        if style.get(name):
            text[name] = True
    if style.get("underline"):
        text["underline"] = True
    if "font_color" in style:
        text["foregroundColorStyle"] = colour(style["font_color"])
    found: Json = {"textFormat": text, "verticalAlignment": "MIDDLE", "wrapStrategy": "WRAP" if style.get("text_wrap") else "OVERFLOW_CELL"}
    if "align" in style:
        found["horizontalAlignment"] = _ALIGNMENT[style["align"]]
    if "bg_color" in style:
        found["backgroundColorStyle"] = colour(style["bg_color"])
    if "border" in style:
        side = {"style": "SOLID", "colorStyle": colour(style.get("border_color", "#000000"))}
        found["borders"] = dict.fromkeys(("top", "bottom", "left", "right"), side)
    if "num_format" in style or with_day:
        found["numberFormat"] = _number_format(str(style.get("num_format", "dd/mm/yyyy")))
    return found


def _number_format(pattern: str) -> Json:
    if pattern == "@":
        return {"type": "TEXT"}
    bare = re.sub(r"_.", "", pattern)  # the blank behind a figure is Excel's
    kind = "DATE" if "yy" in bare else "PERCENT" if "%" in bare else "NUMBER"
    return {"type": kind, "pattern": bare}


def rule_format(form: Format) -> Json:
    """Return what a rule changes in a cell that keeps its own format."""
    style = STYLES[form]
    found: Json = {"textFormat": {"foregroundColorStyle": colour(style["font_color"])}} if "font_color" in style else {}
    if "bg_color" in style:
        found["backgroundColorStyle"] = colour(style["bg_color"])
    return found


def column_pixels(characters: float) -> int:
    """Return the width of a column of so many characters."""
    return max(21, round(characters * _PIXELS_A_CHARACTER + 5))


def row_pixels(points: float) -> int:
    """Return the height of a row of so many points."""
    return max(21, round(points * _PIXELS_A_POINT))
