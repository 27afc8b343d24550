"""The years of the plan side by side, target by target."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sync.charts import words
from sync.charts.panels import Panel, head, panels
from sync.charts.sheet import DONE, INK, LIGHT, Chart, Key, Sheet, drawn, legend
from sync.prose import figure
from sync.report import ChartTargetYears


@lru_cache(maxsize=8)
def years(targets: tuple[ChartTargetYears, ...], width: float, fonts: Path) -> Chart:
    """Return the chart of these targets, ``width`` in millimetres; a year that is not over is light."""
    height, places = panels(len(targets), width, 56)

    shown = [year for one in targets for year in one.years]
    keys = [Key("done", "Năm đã kết thúc")] if any(year.over for year in shown) else []
    keys += [Key("light", "Năm chưa kết thúc")] if any(not year.over for year in shown) else []
    keys += [Key("level", "Chỉ tiêu năm")] if any(year.goal for year in shown) else []

    def draw(sheet: Sheet) -> None:
        legend(sheet, keys, 0)
        for panel, one in zip(places, targets, strict=True):
            head(sheet, panel, one)
            _draw(sheet, panel, one)

    return drawn("qua-cac-nam", (words.years_caption(targets), words.years_alt(targets)), (width, height), fonts, draw)


def _draw(sheet: Sheet, panel: Panel, one: ChartTargetYears) -> None:
    most = max(1, *(max(year.done, year.goal or 0) for year in one.years))
    step = (panel.right - panel.left) / len(one.years)
    for number, year in enumerate(one.years):
        x, wide = panel.left + step * (number + 0.2), step * 0.6
        above = top = panel.up(year.done / most)
        sheet.box((x, top), (wide, panel.bottom - top), DONE if year.over else LIGHT, None if year.over else INK)
        if year.goal:
            goal = panel.up(year.goal / most)
            sheet.line([(x - step * 0.1, goal), (x + wide + step * 0.1, goal)], INK, 1.8)
            above = goal if 0 <= top - goal < 4 else top
        sheet.text(x + wide / 2, above - 2.2, figure(year.done), size=8.5, align="center")
        sheet.text(x + wide / 2, panel.bottom + 2.8, str(year.year), size=8, align="center")
