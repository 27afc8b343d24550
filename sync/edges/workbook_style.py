"""How each `Format` looks in a workbook, and what Excel allows: shared by the master's writer and the annotated copy."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sync.layout import Format, Shown, TabView

FONT = "Times New Roman"
LONGEST_TEXT = 32_767
"""Characters of one cell or note, counted as Excel does (UTF-16)."""
LONGEST_TITLE = 31
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
_GRID: dict[str, Any] = {**_BASE, "border": 1, "border_color": "#BFBFBF"}
_WORDS: dict[str, Any] = {**_GRID, "align": "left", "indent": 1}
_FIGURE: dict[str, Any] = {**_GRID, "align": "right"}
"""The blank behind a figure is part of its number format (`_)`): not every program heeds an indent on the right."""
STYLES: Mapping[Format, dict[str, Any]] = {
    Format.TEXT: _WORDS,
    Format.WRAPPED: {**_WORDS, "text_wrap": True},
    Format.CENTRED: {**_GRID, "align": "center", "text_wrap": True},
    Format.WHOLE: {**_FIGURE, "num_format": "#,##0_)"},
    Format.MONEY: {**_FIGURE, "num_format": "#,##0_)"},
    Format.PERCENT: {**_FIGURE, "num_format": "0.0%_)"},
    Format.DAY: {**_GRID, "num_format": "dd/mm/yyyy", "align": "center"},
    Format.HEADER: {**_GRID, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "text_wrap": True, "align": "center"},
    Format.TITLE: {**_BASE, "bold": True, "font_size": 16, "font_color": "#1F4E79"},
    Format.SUBTITLE: {**_BASE, "italic": True, "font_color": "#595959"},
    Format.NOTE: {**_BASE, "italic": True, "font_size": 11, "font_color": "#595959", "text_wrap": True},
    Format.STRONG: {**_BASE, "bold": True, "text_wrap": True},
    Format.STRONG_WHOLE: {**_FIGURE, "bold": True, "num_format": "#,##0_)"},
    Format.LINK: {**_WORDS, "font_color": "#0563C1", "underline": 1, "text_wrap": True},
    Format.ANSWER: {**_WORDS, "text_wrap": True, "num_format": "@", "bg_color": "#FFFBE6"},
    Format.GOOD: {**_GRID, "bg_color": "#E2EFDA", "font_color": "#375623", "text_wrap": True},
    Format.WARN: {**_GRID, "bg_color": "#FFF2CC", "font_color": "#7F6000", "text_wrap": True},
    Format.BAD: {**_GRID, "bg_color": "#F8CBAD", "font_color": "#9C0006", "text_wrap": True},
    Format.MUTED: {**_GRID, "font_color": "#7F7F7F"},
}
_COLOURS = ("bg_color", "font_color")
CONDITIONAL: Mapping[Format, dict[str, Any]] = {
    form: {key: style[key] for key in _COLOURS if key in style} for form, style in STYLES.items()
}
"""What a rule changes in a cell that keeps its own format."""


def style_of(shown: Shown) -> dict[str, Any]:
    """Return the properties of a cell: its format's, a day days first, a whole percentage without decimals."""
    style = STYLES[shown.format]
    if isinstance(shown.value, date):
        return {"num_format": "dd/mm/yyyy", **style}
    if shown.format is Format.PERCENT and isinstance(shown.value, int | float) and round(shown.value * 1000) % 10 == 0:
        return {**style, "num_format": "0%_)"}
    return style


def excel_length(text: str) -> int:
    """Return the length as Excel counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: str) -> str:
    """Return the text without what a workbook cannot hold, cut with `…` where it is longer than a cell."""
    if len(text) * 2 <= LONGEST_TEXT and text.isprintable():
        return text  # most: printable text has no control characters
    bare = _CONTROLS.sub("", text)
    if excel_length(bare) <= LONGEST_TEXT:
        return bare
    kept = bare[: LONGEST_TEXT - 1]
    while (over := excel_length(kept) - LONGEST_TEXT + 1) > 0:
        kept = kept[: -max(over // 2, 1)]
    return f"{kept}…"


def tab_titles(titles: Iterable[str]) -> list[str]:
    """Return titles that Excel allows, in order: no forbidden letter, at most 31 long, none twice in any case."""
    allowed: list[str] = []
    taken = {"history"}  # Excel keeps this one for itself
    for title in titles:
        base = _FORBIDDEN_IN_TITLE.sub(" ", title).strip("' ")[:LONGEST_TITLE].strip("' ") or "Trang"
        number, unique = 1, base
        while unique.casefold() in taken:
            number += 1
            unique = f"{base[: LONGEST_TITLE - len(str(number)) - 3]} ({number})"
        taken.add(unique.casefold())
        allowed.append(unique)
    return allowed


def row_heights(tab: TabView, only: Collection[int] | None = None) -> dict[int, float]:
    """Return row → height in points, counted from 0, for every row with a cell, or for those of ``only`` these rows.

    Excel fits rows when it opens a file, other programs and merged cells do not: so the room is reckoned here.
    """
    ends: dict[int, dict[int, int]] = defaultdict(dict)
    for top, left, _, right in tab.merges:
        ends[top][left] = right
    widths = [_width(tab, column, column) for column in range(max(map(len, tab.rows), default=0))]
    heights = {}
    for number in range(len(tab.rows)) if only is None else only:
        row = tab.rows[number]
        own = {left: _width(tab, left, right) for left, right in ends[number].items()} if number in ends else {}
        needed = max((_height(shown, own.get(column, widths[column])) for column, shown in enumerate(row)), default=0.0)
        if needed:
            heights[number] = min(max(needed, tab.row_height or 0.0), 409.0)
    return heights


def _width(tab: TabView, first: int, last: int) -> float:
    return sum(tab.widths[at] if at < len(tab.widths) else 8.43 for at in range(first, last + 1))


def _height(shown: Shown, width: float) -> float:
    value, look = shown.value, shown.format
    if look in _WRAPS and isinstance(value, str):
        return _wrapped_height(look, value, width)
    return _ONE_LINE[look]


@lru_cache(maxsize=65_536)
def _wrapped_height(look: Format, value: str, width: float) -> float:
    style = STYLES[look]
    return text_height(value, width, size=float(style["font_size"]), bold=bool(style.get("bold")))


def text_height(text: str, width: float, *, size: float = 12, bold: bool = False) -> float:
    """Return the height in points that a text needs, wrapped in a column of so many characters."""
    room = max((width - 1.5) * (1.05 if bold else 1.16) * 12 / size, 1.0)
    lines = sum(_lines(paragraph, room) for paragraph in text.split("\n"))
    return round(lines * size * 1.32 + 4, 2)


def _lines(paragraph: str, room: float) -> int:
    """Return how many lines a paragraph takes, words kept whole where they fit."""
    if len(paragraph) <= room:
        return 1
    lines, used = 1, 0.0
    for word in paragraph.split(" "):
        length = len(word)
        if used and used + 1 + length > room:
            lines, used = lines + 1, 0.0
        if length > room:
            lines += math.ceil(length / room) - 1
            length = int(length % room) or int(room)
        used += length + (1 if used else 0)
    return lines


_WRAPS = frozenset(look for look, style in STYLES.items() if style.get("text_wrap"))
_ONE_LINE = {look: text_height("", 1.0, size=float(style["font_size"]), bold=bool(style.get("bold"))) for look, style in STYLES.items()}
"""The height of what is not wrapped, whatever it says."""
