"""A year on the sample district, day by day: rows appear as units would type them, the job runs, and every mail is noted.

`python -m tests.simulated_year` writes `docs/mot-nam-thu.md` anew (a minute or two); a test holds the page to what happens.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage
from itertools import groupby
from pathlib import Path

from sync.edges.dry import DryDocuments
from sync.edges.workbooks import Workbooks
from sync.errors import SourceError
from sync.layout import MEMORY_TAB, Feedback, Workbook
from sync.model import Activity, Cell, Column, MailRecord, Sheet
from sync.normalise import Reader
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, run
from sync.sample import lay_out
from sync.settings import load_settings
from sync.settings_values import Settings

PAGE = Path(__file__).resolve().parent.parent / "docs" / "mot-nam-thu.md"
FIRST, LAST = date(2025, 1, 1), date(2026, 1, 15)
ASLEEP = (date(2025, 5, 30), date(2025, 6, 2))
"""Days, both included, on which the job did not run."""
BROKEN, UNREADABLE = "y-te", (date(2025, 11, 29), date(2025, 12, 2))
"""A cluster whose table could not be read on these days."""
_RESULT = (Column.DONE, Column.DONE_QUANTITY, Column.CHILDREN, Column.EVIDENCE, Column.STATUS)


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail and its day."""

    day: date
    mail: MailRecord


class Year:
    """A home whose sheets hold on each day what had been typed by then, and whose master lies in memory."""

    side_by_side = 1

    def __init__(self, folder: Path, settings: Settings) -> None:
        lay_out(folder)
        self._whole = Workbooks(folder, folder / "ra", max_uncompressed_bytes=10**8, mask=mask)
        self._reader = Reader(settings.plan, settings.organization, settings.column_aliases)
        self._sheets: dict[str, tuple[Sheet, dict[Column, int], dict[int, Activity]]] = {}
        self._memory: Sequence[Sequence[str]] = ()
        self.today = FIRST

    def place(self, cluster: str) -> str:
        """Return an address as Google has them."""
        return f"https://docs.google.com/spreadsheets/d/{cluster}/edit"

    def master_place(self) -> str:
        """Return the master's address."""
        return self.place("tong-hop")

    def fetch(self, cluster: str) -> Sheet:
        """Return the sheet as it was on the day."""
        return self.read(cluster)

    def read(self, cluster: str) -> Sheet:
        """Return the sheet as it was on the day."""
        if cluster == BROKEN and UNREADABLE[0] <= self.today <= UNREADABLE[1]:
            raise SourceError("Không mở được bảng: tài khoản không còn quyền xem.")
        if cluster not in self._sheets:
            sheet = self._whole.read(cluster)
            reading = self._reader.read(sheet, as_of=LAST)
            self._sheets[cluster] = (
                sheet,
                dict(reading.columns),
                {one.row: one for one in reading.rows.activities()} if reading.rows else {},
            )
        sheet, columns, activities = self._sheets[cluster]
        tab = sheet.tabs[0]
        rows = [_typed(number, row, columns, activities.get(number), self.today) for number, row in enumerate(tab.rows, 1)]
        return replace(sheet, tabs=(replace(tab, rows=rows), *sheet.tabs[1:]), fingerprint=f"{sheet.fingerprint} {hash(str(rows))}")

    def results(self, mark: str) -> None:
        """Keep nothing."""
        del mark

    def read_memory(self) -> Sequence[Sequence[str]]:
        """Return what the last run left."""
        return self._memory

    def read_decisions(self) -> Sequence[Sequence[str]]:
        """Nobody decides anything in this year."""
        return []

    def write_master(self, workbook: Workbook, *, hold: bool = False) -> str | None:
        """Keep the memory."""
        del hold
        tab = next(one for one in workbook.tabs if one.title == MEMORY_TAB)
        self._memory = [[str(cell.value) for cell in row] for row in tab.rows]
        return None

    def write_feedback(self, feedback: Feedback) -> str | None:
        """Nobody looks at it here."""
        del feedback
        return None

    def seen(self) -> None:
        """Tell nothing."""
        return

    def troubles(self) -> list[str]:
        """Return nothing."""
        return []


def _typed(number: int, row: Sequence[Cell], columns: dict[Column, int], activity: Activity | None, today: date) -> Sequence[Cell]:
    """Return the row as it stood on that day: empty before it was registered, without its result before that was typed."""
    if activity is None:
        return row
    if today < _registered_on(number, activity):
        return [""] * len(row)
    if activity.done and today < activity.done.end + timedelta(days=2):
        gone = {columns[column] - 1 for column in _RESULT if column in columns}
        return [cell if index not in gone else "" for index, cell in enumerate(row)]
    return row


def _registered_on(number: int, activity: Activity) -> date:
    """Return when a unit typed the row: some weeks before, now and then only days before."""
    if activity.planned:
        return activity.planned.start - timedelta(days=(60, 45, 30, 75, 4)[number % 5])
    return activity.done.end + timedelta(days=2) if activity.done else date(2025, 3, 3)


class _Post:
    """Takes every message."""

    def send(self, message: EmailMessage) -> str:
        """Accept it."""
        return str(message["Message-ID"])


def mails(folder: Path, days: Iterable[date]) -> Iterator[Sent]:
    """Yield every mail that runs on these days send, in order."""
    settings = load_settings(default_config_dir())
    home, renderer = Year(folder, settings), Renderer(default_templates_dir(), forms=())
    for day in days:
        home.today = day
        result = run(Edges(home, _Post(), DryDocuments()), settings, renderer, as_of=day)
        yield from (Sent(day, mail) for mail in result.mails)


def every_day() -> list[date]:
    """Return the days of the year on which the job ran."""
    days = [FIRST + timedelta(days=ahead) for ahead in range((LAST - FIRST).days + 1)]
    return [day for day in days if not ASLEEP[0] <= day <= ASLEEP[1]]


def table(sent: Iterable[Sent]) -> list[str]:
    """Return the rows of the page: one for each letter to the committee, one for each due day's reminders of a day."""
    heads = {head.email: cluster.name for cluster in load_settings(default_config_dir()).organization.clusters for head in cluster.heads}
    lines = []
    for (day, subject), found in groupby(sent, key=lambda one: (one.day, one.mail.subject)):
        to = [one.mail.recipient for one in found]
        names = ", ".join(heads.get(one, "Ban Thường vụ Quận Đoàn") for one in to)
        lines.append(f"| {day:%d/%m/%Y} | {subject.removeprefix('[Đồng hành] ')} | {len(to)}: {names} |")
    return lines


def page(lines: Sequence[str]) -> str:
    """Return the page."""
    return f"""# Thư của một năm

Mọi bức thư mà chương trình gửi đi trên địa bàn mẫu, chạy mỗi ngày từ {FIRST:%d/%m/%Y} đến {LAST:%d/%m/%Y}. Trang này do máy làm (`python -m tests.simulated_year`), một bài kiểm thử giữ cho nó đúng.

Ba điều được sắp sẵn để thấy chương trình xử lý ra sao:

- Ngày {FIRST:%d/%m/%Y} là lần chạy đầu tiên: chỉ báo cáo đến hạn gần nhất được gửi, không gửi dồn cả năm.
- Từ {ASLEEP[0]:%d/%m} đến {ASLEEP[1]:%d/%m/%Y} máy nghỉ: việc đến hạn được làm ở lần chạy sau, một lần.
- Từ {UNREADABLE[0]:%d/%m} đến {UNREADABLE[1]:%d/%m/%Y} bảng của Khối Y tế không đọc được: báo cáo đợt 2 đợi (nhiều nhất ba ngày), đọc được thì gửi.

Trong thư nhắc chỉ có khu vực, khối còn việc phải làm; nơi đã nộp đủ thì không nhận thư. Gần Tết, mốc bảy ngày trùng với ngày làm việc cuối nên chỉ nhắc một lần.

| ngày | thư | gửi cho |
|---|---|---|
{chr(10).join(lines)}
"""


def main() -> None:
    """Write the page anew."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(page(table(mails(Path(folder), every_day()))), encoding="utf-8")


if __name__ == "__main__":
    main()
