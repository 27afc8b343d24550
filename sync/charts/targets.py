"""Goal, registered and done of every target. Targets have different measures: each is drawn as a part of its own goal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sync.charts import words
from sync.charts.sheet import DONE, INK, LIGHT, Chart, Key, Sheet, drawn, legend, letters_in
from sync.report import ChartTarget, YearChart

CAP = 1.5
"""So many times its goal a bar is long at most; a longer one is cut through and points on."""
_TOP, _FOOT = 8.0, 6.0
_MOST = 136.0
"""All rows together are this high, but for so many targets that they could not be read."""


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar: how long it is as a part of the goal, and what stands at it."""

    share: float
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a row of bars lies, and how long a whole goal is."""

    left: float
    top: float
    high: float
    scale: float


@lru_cache(maxsize=8)
def targets(chart: YearChart, width: float, fonts: Path) -> Chart:
    """Return the chart of a year that has goals, ``width`` in millimetres."""
    high = max(6.0, min(7.2, _MOST / len(chart.targets)))
    size = width, _TOP + high * len(chart.targets) + _FOOT
    said = words.targets_caption(chart), words.targets_alt(chart)
    return drawn("chi-tieu", said, size, fonts, lambda sheet: _draw(sheet, chart, high))


def _draw(sheet: Sheet, chart: YearChart, high: float) -> None:
    wide = sheet.width > 200
    bars = [_bars(one, chart, measure=wide) for one in chart.targets]
    left, bottom = (48.0 if wide else 41.0), _TOP + high * len(bars)
    scale = _scale([bar for row in bars for bar in row], sheet.width - left)
    legend(sheet, _keys(chart), left)
    for share in (0.0, 0.5):
        sheet.line([(left + share * scale, _TOP), (left + share * scale, bottom)], LIGHT if share else INK)
    for number, (one, row) in enumerate(zip(chart.targets, bars, strict=True)):
        _draw_row(sheet, one, row, _Row(left, _TOP + number * high, high, scale))
    # Registrations are never a rate of the goal: there the scale says no percentages.
    marks = ((0.0, "0"), (1.0, "Chỉ tiêu năm")) if chart.registration else ((0.0, "0%"), (0.5, "50%"), (1.0, "100%"))
    for share, text in marks:
        sheet.text(left + share * scale, bottom + 3, text, size=8.5, align="center")


def _scale(bars: Sequence[_Bar], room: float) -> float:
    """Return how long a whole goal is, so that every bar and the words at it have room."""
    most = max(1.0, min(CAP, max(bar.share for bar in bars)))
    return max(room - 4 - 1.42 * max(len(bar.text) for bar in bars), 20.0) / most


def _bars(one: ChartTarget, chart: YearChart, *, measure: bool) -> list[_Bar]:
    goal = one.goal or 0
    registered = words.at_registered(one, alone=chart.registration, measure=measure)
    below = _Bar(one.registered / goal if goal else 0.0, registered, done=False)
    if chart.registration:
        return [below]
    return [_Bar(one.done / goal if goal else 0.0, words.at_done(one, measure=measure), done=True), below]


def _keys(chart: YearChart) -> list[Key]:
    shown = [Key("light", "Đăng ký"), Key("goal", "Chỉ tiêu năm")]
    return shown if chart.registration else [Key("done", "Đã thực hiện"), *shown]


def _draw_row(sheet: Sheet, one: ChartTarget, bars: Sequence[_Bar], row: _Row) -> None:
    label = textwrap.wrap(f"{one.number}. {one.name}", letters_in(row.left - 2), max_lines=2, placeholder="…")
    for number, line in enumerate(label):
        sheet.text(0, row.top + row.high / 2 + (number - (len(label) - 1) / 2) * 3.5, line)
    thick = (row.high - 1.2) / 2
    longest = max(bar.share for bar in bars)
    text_at = row.left + max(min(longest, CAP), 1.0 if one.goal else 0.0) * row.scale + 1.6
    for number, bar in enumerate(bars):
        y = row.top + row.high / 2 + (number - len(bars) / 2) * thick
        end = row.left + min(bar.share, CAP) * row.scale
        _draw_bar(sheet, bar, (row.left, y + 0.3), (end, y + thick - 0.3))
        sheet.text(text_at, y + thick / 2, bar.text, size=8, bold=number == 0)
    if one.goal:
        sheet.line([(row.left + row.scale, row.top + 0.5), (row.left + row.scale, row.top + row.high - 0.5)], INK, 1.8)


def _draw_bar(sheet: Sheet, bar: _Bar, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a bar between two corners; one that is longer than there is room is cut through near its end, which points on."""
    (x, y), (tip, foot) = start, end
    fill, edge = (DONE, None) if bar.done else (LIGHT, INK)
    if bar.share <= CAP:
        sheet.box((x, y), (tip - x, foot - y), fill, edge)
        return
    sheet.area([(x, y), (tip - 1.6, y), (tip, (y + foot) / 2), (tip - 1.6, foot), (x, foot)], fill, edge)
    for cut in (tip - 7, tip - 5):
        sheet.area([(cut, foot + 0.2), (cut + 0.8, foot + 0.2), (cut + 1.8, y - 0.2), (cut + 1, y - 0.2)], "white")
