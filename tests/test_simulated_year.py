"""The page that lists a year's mails is what happens."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from tests.simulated_year import PAGE, every_day, mails, page, table


def test_the_page_lists_every_mail_of_the_year(tmp_path: Path):
    """The job is run on the page's days, the days before them, and the first of each month: the same mails, on the same days."""
    written = PAGE.read_text(encoding="utf-8")
    listed = {
        date(int(year), int(month), int(day)) for day, month, year in re.findall(r"^\| (\d\d)/(\d\d)/(\d{4}) \|", written, re.MULTILINE)
    }
    wanted = {day for one in listed for day in (one, one - timedelta(days=1))}
    days = [day for day in every_day() if day in wanted or day.day == 1]
    assert page(table(mails(tmp_path, days))) == written
    assert len(listed) >= 15
