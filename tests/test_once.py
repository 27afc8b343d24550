"""Once: a simulated time of daily runs that are killed at random moments, over real SMTP, and what a person settles afterwards."""

from __future__ import annotations

import os
import random
import signal
import ssl
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from sync.calendar import owed
from sync.edges.outbox import Documents
from sync.edges.smtp import Smtp
from sync.edges.workbooks import Workbooks
from sync.errors import UsageError
from sync.model import MailRecord, MailState
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_templates_dir
from sync.run import Edges, RunResult, run
from sync.settings_values import MailSettings, Recipient, Settings
from sync.settle import mails, settle
from tests.district import HEADER, good_row, organization, plan
from tests.paper import FORM
from tests.post_office import PASSWORD, PostOffice, post_office

KILLS = int(os.environ.get("DONGHANH_KILLS", "200"))
SEED = int(os.environ.get("DONGHANH_SEED", "2027"))
DUE = ((1, 10), (1, 30), (5, 30), (8, 30), (11, 30))
"""Month and day of what is followed by a report."""
TO = (Recipient("Bí thư", "bi-thu@example.org"), Recipient("Phó Bí thư", "pho@example.org"))


class World:
    """A small district, its folder, and its mail server."""

    def __init__(self, folder: Path, office: PostOffice, trust: ssl.SSLContext) -> None:
        self.folder, self.office, self.trust = folder, office, trust
        mail = MailSettings(Recipient("Đồng hành", "donghanh@example.org"), TO, office.settings())
        self.settings = Settings(plan(), organization(), FORM, mail)
        for cluster in ("phuong", "khoi", "trung-tam"):
            _workbook(folder / "so-lieu" / f"{cluster}.xlsx", cluster)

    @property
    def home(self) -> Workbooks:
        """The folder, opened anew as each run does."""
        return Workbooks(self.folder / "so-lieu", self.folder / "out", max_uncompressed_bytes=10**8, mask=mask)

    def run(self, day: date) -> RunResult:
        """One run, as the command does it."""
        assert self.settings.mail.smtp
        smtp = Smtp(self.settings.mail.smtp, PASSWORD, wait=lambda seconds: None, trust=self.trust)
        edges = Edges(self.home, smtp, Documents(self.folder / "out" / "bao-cao"))
        try:
            return run(edges, self.settings, Renderer(default_templates_dir()), as_of=day)
        finally:
            smtp.close()

    def killed_run(self, day: date, *, after: float | None, moment: str | None) -> bool:
        """Run in a process of its own that dies after so many seconds, or when the server sees this moment; tell whether it died."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the server's thread stays with the parent, where it belongs
            child = os.fork()
        if child == 0:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            if after is not None:
                signal.setitimer(signal.ITIMER_REAL, after)
            try:
                self.run(day)
            finally:
                os._exit(0)
        self.office.seen = lambda seen: os.kill(child, signal.SIGKILL) if seen == moment else None
        _, status = os.waitpid(child, 0)
        self.office.seen = lambda seen: None
        return os.WIFSIGNALED(status)

    def memory(self) -> dict[str, MailRecord]:
        """Return what the master remembers of each key."""
        return {mail.key: mail for mail in mails(self.home)}


def _workbook(path: Path, cluster: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    units = {"phuong": "Đoàn phường An Lạc", "khoi": "Đoàn Công an quận", "trung-tam": "Trung tâm thiếu nhi"}
    with xlsxwriter.Workbook(path) as book:
        tab = book.add_worksheet("Hoạt động")
        tab.write_row(0, 0, HEADER)
        tab.write_row(1, 0, good_row(unit=units[cluster]))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with post_office(tmp_path) as (office, trust):
        yield World(tmp_path, office, trust)


def reports_due(until: date) -> set[str]:
    """Return the keys of every report that fell due by this day, worked out by hand from the plan's dates."""
    days = [("31/05", 0, "ket-qua/{}/dot-1"), ("31/08", 0, "dang-ky/{}/dot-2"), ("01/12", 0, "ket-qua/{}/dot-2")]
    days += [("11/01", 1, "nam/{}/bo-sung"), ("31/01", 0, "dang-ky/{}/dot-1")]
    found = set()
    for year in range(2024, until.year + 1):
        for day, later, key in days:
            owed = date(year + later, int(day[3:]), int(day[:2]))
            if date(2024, 3, 31) < owed <= until:
                found |= {f"{key.format(year)}/v1/{one.email}" for one in TO}
    return found


def test_no_mail_goes_twice_and_none_is_lost_though_runs_are_killed_at_random_moments(world: World):
    """Years of runs with skipped days, each killed somewhere: at most one of each key arrives; what did not is listed; settled, all arrived once."""
    lot = random.Random(SEED)
    world.run(date(2024, 3, 31))  # the first one imports what the others have
    started = time.perf_counter()
    world.run(date(2024, 4, 1))
    length = time.perf_counter() - started
    day, killed = date(2024, 5, 25), 0
    while killed < KILLS:
        # Every run where something is due; between those a run now and then that lives.
        near = any(timedelta(0) <= day - date(day.year, month, first) <= timedelta(12) for month, first in DUE)
        if near:
            late = lot.random() < 0.5
            killed += world.killed_run(
                day, after=None if late else lot.uniform(0, length * 1.5), moment=lot.choice(["rcpt", "data", "kept"]) if late else None
            )
        else:
            world.run(day)
        day += timedelta(lot.choice([1, 1, 1, 2]) if near else lot.randint(5, 12))
        if day.year > 2027:
            world = _next_world(world, lot)
            day = date(2024, 5, 25)
    _check(world, day)


def _next_world(world: World, lot: random.Random) -> World:
    """Check this one and begin again in a new folder, with the same server."""
    _check(world, date(2027, 12, 31))
    folder = world.folder / f"{lot.randrange(10**9)}"
    world.office.accepted.clear()
    return World(folder, world.office, world.trust)


def _check(world: World, day: date) -> None:
    """Hold what the server has against what the memory says, before and after a person settles it."""
    world.run(day)
    arrived, known = Counter(world.office.keys()), world.memory()
    assert max(arrived.values(), default=0) <= 1
    assert set(arrived) <= set(known)
    assert reports_due(day) <= set(known)
    for key, mail in known.items():
        assert mail.state in {MailState.SENT, MailState.UNKNOWN}
        assert arrived[key] == 1 or mail.state is MailState.UNKNOWN
    unknown = [key for key, mail in known.items() if mail.state is MailState.UNKNOWN]
    for key in unknown:
        settle(world.home, world.settings, key, "sent" if arrived[key] else "resend")
    world.run(day)
    after = Counter(world.office.keys())
    assert max(after.values(), default=0) <= 1
    still_owed = {f"{one.key}/v1/{to.email}" for one in owed(plan(), day, date(2024, 3, 31)) for to in TO}
    assert all(after[key] == 1 for key in still_owed)


def test_a_person_settles_what_nobody_knows(world: World):
    """`sent` closes it; `resend` lets the next run send it once, under the same Message-ID; a wrong key is a sentence with the nearest."""
    day = date(2024, 6, 3)
    world.office.drop = ["lost", "kept"]
    result = world.run(day)
    assert [mail.state for mail in result.mails] == [MailState.UNKNOWN] * 2
    assert result.needs_a_person
    first, second = (mail.key for mail in result.mails)
    with pytest.raises(UsageError, match=f"did you mean {first}"):
        settle(world.home, world.settings, first[:-1], "sent")
    settle(world.home, world.settings, first, "resend")
    settle(world.home, world.settings, second, "sent")
    later = world.run(day + timedelta(1))
    assert [(mail.key, mail.state) for mail in later.mails] == [(first, MailState.SENT)]
    assert not later.unsettled_mails
    assert sorted(world.office.keys()) == sorted([first, second])
    with pytest.raises(UsageError, match="sent already"):
        settle(world.home, world.settings, first, "sent")


def test_settling_keeps_all_that_the_master_knew(world: World):
    """Only the message's state is another one afterwards."""
    world.office.drop = ["lost"]
    world.run(date(2024, 6, 3))
    before = [list(row) for row in world.home.read_memory()]
    key = next(mail.key for mail in mails(world.home) if mail.state is MailState.UNKNOWN)
    settle(world.home, world.settings, key, "sent")
    changed = [row for row in map(list, world.home.read_memory()) if row not in before]
    assert len(changed) == 1
    assert "settled by a person: sent" in changed[0][1]


def test_a_rejected_address_is_shown_and_not_tried_every_day(world: World):
    """5xx once: the others go, the next day nothing is sent, and the run says that a person is needed until it is settled."""
    world.office.recipients["pho@example.org"] = "550 no such user"
    day = date(2024, 6, 3)
    assert sorted(mail.state for mail in world.run(day).mails) == [MailState.REJECTED, MailState.SENT]
    result = world.run(day + timedelta(1))
    assert result.mails == ()
    assert result.needs_a_person
    world.office.recipients.clear()
    settle(world.home, world.settings, result.unsettled_mails[0].key, "resend")
    assert [mail.recipient for mail in world.run(day + timedelta(2)).mails] == ["pho@example.org"]


def test_one_that_was_refused_for_now_goes_with_the_next_run_though_the_other_went(world: World):
    """The report is owed as long as somebody on the list has not had it."""
    world.office.recipients["pho@example.org"] = "450 busy"
    day = date(2024, 6, 3)
    assert sorted(mail.state for mail in world.run(day).mails) == [MailState.REFUSED, MailState.SENT]
    world.office.recipients.clear()
    assert [(mail.recipient, mail.state) for mail in world.run(day + timedelta(1)).mails] == [("pho@example.org", MailState.SENT)]
    assert len(world.office.accepted) == 2
