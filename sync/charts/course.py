"""What was done by each day of the year, against the goal spread evenly over the calendar; it ends at the day of the figures."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from sync.charts import words
from sync.charts.panels import Panel, head, panels
from sync.charts.sheet import DONE, GREY, INK, Chart, Key, Point, Sheet, drawn, legend
from sync.prose import due_day, figure
from sync.report import ChartTarget, YearChart


@lru_cache(maxsize=8)
def course(chart: YearChart, width: float, fonts: Path) -> Chart:
    """Return the chart of a year, ``width`` in millimetres."""
    height, places = panels(len(chart.targets), width)
    keys = [Key("course", "Đã thực hiện, cộng dồn")]
    keys += [Key("straight", "Chỉ tiêu năm chia đều theo thời gian")] if any(one.goal for one in chart.targets) else []
    keys += [Key("due", "Hạn báo cáo kết quả")] if chart.due else []

    def draw(sheet: Sheet) -> None:
        legend(sheet, keys, 0)
        for panel, one in zip(places, chart.targets, strict=True):
            head(sheet, panel, one)
            _draw(sheet, panel, one, chart)

    return drawn("cong-don", (words.course_caption(chart), words.course_alt(chart)), (width, height), fonts, draw)


def _draw(sheet: Sheet, panel: Panel, one: ChartTarget, chart: YearChart) -> None:
    most = max(one.goal or 0, one.done, 1)
    for when in chart.due:
        x = _across(when, panel, chart)
        sheet.line([(x, panel.top), (x, panel.bottom)], GREY, 0.8, (1.5, 2))
        sheet.text(x, panel.bottom + 2.8, due_day(when), size=8, align="center")
    if one.goal:
        sheet.line([(panel.left, panel.bottom), (panel.right, panel.up(one.goal / most))], INK, 0.8)
        sheet.text(panel.right + 1, panel.up(one.goal / most), figure(one.goal), size=8.5)
    stairs = _stairs(panel, one, chart, most)
    sheet.line(stairs, DONE, 2)
    _end(sheet, stairs[-1], one, behind=_share(chart) * (one.goal or 0) > one.done, low=panel.bottom - 4)


def _across(when: date, panel: Panel, chart: YearChart) -> float:
    return panel.left + _part(when, chart) * (panel.right - panel.left)


def _part(when: date, chart: YearChart) -> float:
    return (when - chart.first).days / max((chart.last - chart.first).days, 1)


def _share(chart: YearChart) -> float:
    return _part(chart.until, chart)


def _stairs(panel: Panel, one: ChartTarget, chart: YearChart, most: int) -> list[Point]:
    points = [(panel.left, panel.up(0))]
    for (_, before), (when, total) in pairwise([(chart.first, 0), *one.steps]):
        x = _across(when, panel, chart)
        points += [(x, panel.up(before / most)), (x, panel.up(total / most))]
    return [*points, (_across(chart.until, panel, chart), points[-1][1])]


def _end(sheet: Sheet, end: Point, one: ChartTarget, *, behind: bool, low: float) -> None:
    """Mark the day of the figures with its number, on the side where the straight line does not run."""
    x, y = end
    sheet.box((x - 0.8, y - 0.8), (1.6, 1.6), DONE)
    below = behind and y < low
    sheet.text(x, y + (2.9 if below else -2.9), figure(one.done), bold=True, align="center", halo=True)
