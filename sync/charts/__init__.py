"""Charts for reports and mails: plain numbers of a view → pictures, the same bytes each time.

`sheet` puts marks and letters on a picture, the only module that knows matplotlib · `targets` goal, registered and done of each target ·
`panels` small charts side by side, with `course` the year against the calendar and `years` the years of the plan · `words` what they say.

One quiet style that survives a black-and-white printer and an eye that sees no colours: what was done is dark and full, what was
registered (or is not over) is light with an outline, a goal is a black mark. Every picture carries its figures in words as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sync.charts.course import course
from sync.charts.sheet import Chart
from sync.charts.targets import targets
from sync.charts.years import years
from sync.report import ReportView

__all__ = ["MAIL_MM", "PAGE_MM", "Chart", "for_mail", "for_paper"]

PAGE_MM = 257
"""Width of a chart for paper: the text of an annex across."""
MAIL_MM = 120
"""Width of the chart for a mail: fewer millimetres, so that its letters are large enough on a telephone."""


def for_paper(view: ReportView, fonts: Path) -> Iterator[Chart]:
    """Yield the charts of a report in their order; ``fonts`` is the folder of our letters. Nothing where there is nothing to draw."""
    yield from _targets(view, PAGE_MM, fonts)
    year = view.year_chart
    if year and not year.registration and any(one.goal or one.done for one in year.targets):
        yield course(year, PAGE_MM, fonts)
    if view.history_chart and view.history_chart[0].years:
        yield years(view.history_chart, PAGE_MM, fonts)


def for_mail(view: ReportView, fonts: Path) -> Iterator[Chart]:
    """Yield the chart that the mail of a report shows: its targets; nothing in a year without goals."""
    yield from _targets(view, MAIL_MM, fonts)


def _targets(view: ReportView, width: float, fonts: Path) -> Iterator[Chart]:
    if view.year_chart and any(one.goal for one in view.year_chart.targets):
        yield targets(view.year_chart, width, fonts)
