"""The outside world of the campaign: the stand-in for Google or a folder of workbooks, the mail server, the clock; what they saw and when."""

from __future__ import annotations

import functools
import hashlib
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.chaos.child import Ending, Outcome, Started, start
from tests.chaos.district import CLUSTERS, TAB, write_config
from tests.chaos.people import People
from tests.chaos.plain import Grid, Line, grid_of, grids_of_file, lines_of, trespasses
from tests.google import Fault, StandIn, sheets
from tests.google.changes import applied
from tests.google.faults import Faults
from tests.google.state import Spreadsheet
from tests.post_office import PASSWORD, PostOffice

MASTER_FILE = "tong-hop.xlsx"


class Script(Faults):
    """The faults of a run, and things that happen at its requests: people work, tokens end, a run is killed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.begun = 0
        self.moments: dict[int, Callable[[], None]] = {}
        """Number of the request since the run began → what happens just before it is carried out."""
        self.after: dict[int, Callable[[], None]] = {}
        """The same, when it was carried out and before it is answered."""

    def at(self, number: int, verb: str, method: str, path: str) -> Fault | None:
        """Let happen what is to happen, then tell the fault that strikes."""
        if happens := self.moments.pop(number - self.begun, None):
            happens()
        return super().at(number, verb, method, path)


@dataclass
class Seen:
    """A cluster's rows at a moment."""

    tick: int
    lines: list[Line]


@dataclass
class Written:
    """A write of the program's to a cluster's spreadsheet."""

    tick: int


@dataclass
class Clock:
    """The simulated day and hour, going on as fast as ours; and how wrong the machine's clock is, seen from Google."""

    day: date
    hour: int = 0
    skew: float = 0
    begun: float = field(default_factory=time.time)

    def now(self) -> float:
        """Return Google's time, in seconds since 1970."""
        day = datetime(self.day.year, self.day.month, self.day.day, 6, tzinfo=UTC)
        return day.timestamp() + self.hour * 3600 + time.time() - self.begun

    def of_tokens(self) -> float:
        """Return the time that signed requests are held against: ours, for google-auth reads no simulated clock."""
        return time.time() + self.skew


@dataclass
class World:
    """One district for one episode."""

    clock: Clock
    folder: Path
    google: StandIn | None
    office: PostOffice
    trust: Path
    lot: random.Random
    script: Script
    tick: int = 0
    seen: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    written: dict[str, list[Written]] = field(default_factory=lambda: defaultdict(list))
    theirs: dict[str, int] = field(default_factory=dict)
    """Cluster → the last moment at which people sorted their columns alone, past the program's."""
    breaches: list[str] = field(default_factory=list)
    """What the program did to units' cells."""
    books: dict[str, Spreadsheet] = field(default_factory=dict)
    """Without Google: what people have on their own machines, saved into the folder."""

    @property
    def today(self) -> date:
        """The simulated day."""
        return self.clock.day

    @property
    def people(self) -> People:
        """The units' people on this day."""
        self._people.today = self.today
        return self._people

    def __post_init__(self) -> None:
        self._people = People(self.lot, self.today)
        write_config(self.folder / "config", self.office.port, google=self.google is not None)
        for cluster in CLUSTERS:
            book = self._people.new_book(cluster)
            if self.google:
                self.google.add(book)
                self.google.drive.files[book.id].name = book.properties["title"]
            else:
                self.books[book.id] = book
                self.save(book)
            self.note(cluster.id)
        if self.google:
            self.google.add(title="Tổng hợp", file_id="master")

    # People

    def book(self, cluster: str) -> Spreadsheet:
        """Return the cluster's spreadsheet as it is now."""
        return self.google.books[f"id-{cluster}"] if self.google else self.books[f"id-{cluster}"]

    def edit(self, file: str, changes: list[dict[str, Any]]) -> None:
        """Change a spreadsheet as a person does."""
        cluster = file.removeprefix("id-")
        if self.google:
            with self.google.lock:
                self.google.edit(file, changes)
                self.note(cluster)
        else:
            self.books[file], _ = applied(self.books[file], changes)
            self.save(self.books[file])
            self.note(cluster)
        if any("sortRange" in one and one["sortRange"]["range"]["startColumnIndex"] > 0 for one in changes):
            self.theirs[cluster] = self.tick

    def put_back(self, cluster: str, earlier: Spreadsheet) -> None:
        """Take an earlier version of a spreadsheet back, as the history of versions lets people do."""
        if self.google:
            with self.google.lock:
                self.google.books[earlier.id] = earlier.copy()
                self.google.drive.touch(earlier.id)
        else:
            self.books[earlier.id] = earlier.copy()
            self.save(self.books[earlier.id])
        self.note(cluster)

    def work(self, *, often: float = 1.0, only: str | None = None) -> list[str]:
        """Let people work in every spreadsheet, or in one."""
        done = []
        for one in CLUSTERS:
            if only in (None, one.id):
                done += self.people.work(functools.partial(self.book, one.id), self.edit, often=often)
        return done

    def note(self, cluster: str) -> None:
        """Remember how a cluster's rows are now."""
        self.tick += 1
        tab = next(tab for tab in self.book(cluster).tabs if tab.title == TAB)
        self.seen[cluster].append(Seen(self.tick, lines_of(grid_of(tab))))

    def lines(self, cluster: str) -> list[Line]:
        """Return a cluster's rows as they are now."""
        return lines_of(grid_of(next(tab for tab in self.book(cluster).tabs if tab.title == TAB)))

    def save(self, book: Spreadsheet) -> None:
        """Save a book of people's as a workbook of the folder."""
        path = self.folder / "so-lieu" / f"{book.id.removeprefix('id-')}.xlsx"
        path.parent.mkdir(exist_ok=True)
        with xlsxwriter.Workbook(path) as made:
            for tab in book.tabs:
                sheet = made.add_worksheet(tab.title)
                for row, cells in enumerate(grid_of(tab)):
                    for column, value in enumerate(cells):
                        if value is not None:
                            sheet.write(row, column, value)

    # Runs

    def start(self, ending: Ending | None = None, *extra: str, name: str = "a", count: bool = False) -> Started:
        """Begin a run of the command on this day."""
        if self.google and name == "a":
            self.script.begun = self.google.last()
        return self._start(["run", *extra], name, ending or Ending(), count=count)

    def _start(self, command: list[str], name: str, ending: Ending, *, count: bool) -> Started:
        given = ["--config", str(self.folder / "config"), "--out", str(self.folder / "out"), "--as-of", self.today.isoformat(), "--quiet"]
        environment = {"DONGHANH_SMTP_PASSWORD": PASSWORD, "SSL_CERT_FILE": str(self.trust), "HOME": str(self.folder)}
        environment |= {"XDG_STATE_HOME": str(self.folder / "state"), "DONGHANH_CACHE_PASSPHRASE": ""}
        if self.google:
            environment |= {
                "DONGHANH_GOOGLE_ENDPOINT": self.google.url,
                "GOOGLE_APPLICATION_CREDENTIALS": str(self.google.key_file(self.folder)),
            }
        else:
            given += ["--workbooks", str(self.folder / "so-lieu")]
        return start([*command, *given], environment, self.folder / f"run-{name}", ending, count=count)

    def run(self, *extra: str) -> Outcome:
        """Run the command to its end, with nothing done to it."""
        return self.start(None, *extra).ended()

    def settle(self, key: str, verdict: str) -> Outcome:
        """Say, as a person does, what became of a message."""
        return self._start(["mail", "settle", key, verdict], "settle", Ending(), count=False).ended()

    # What lies there now

    def master(self) -> dict[str, Grid] | None:
        """Return the master's tabs, `None` where there is no master yet."""
        if self.google:
            with self.google.lock:
                tabs = self.google.books["master"].tabs
                return {tab.title: grid_of(tab) for tab in tabs} if any(tab.title == "_bo_nho" for tab in tabs) else None
        path = self.folder / "out" / MASTER_FILE
        return grids_of_file(path) if path.exists() else None

    def letters(self) -> list[EmailMessage]:
        """Return every message that the mail server has taken."""
        return list(self.office.accepted)

    def own_files(self) -> dict[str, str]:
        """Return a mark of each workbook of people's: the program never writes there."""
        folder = self.folder / "so-lieu"
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*"))} if folder.exists() else {}


class _Watched:
    """The methods of Sheets, with something that happens when one was carried out."""

    def __init__(self, methods: Any, world: World) -> None:
        self._methods, self._world = methods, world

    def call(self, *given: Any) -> Any:
        """Carry a method out, then let happen what is to happen."""
        answer = self._methods.call(*given)
        google, script = self._world.google, self._world.script
        if google and (happens := script.after.pop(google.last() - script.begun, None)):
            happens()
        return answer


@contextmanager
def laid_out(folder: Path, office: PostOffice, trust: Path, seed: int, first: date, *, in_google: bool) -> Iterator[World]:
    """Lay a district out and yield it; every write of the program's is held against what belongs to the units."""
    lot, script, clock = random.Random(seed), Script(seed), Clock(first)
    office.accepted.clear()
    office.answers, office.drop, office.recipients, office.seen = [], [], {}, lambda moment: None
    if not in_google:
        yield World(clock, folder, None, office, trust, lot, script)
        return
    with StandIn(reads=None, writes=None, clock=clock.now, sleep=lambda seconds: time.sleep(min(seconds, 0.05)), seed=seed) as google:
        google.faults, google.access._clock = script, clock.of_tokens
        world = World(clock, folder, google, office, trust, lot, script)
        google.sheets = _Watched(google.sheets, world)  # type: ignore[assignment]
        carried_out = sheets.applied
        sheets.applied = _guarded(carried_out, world)
        try:
            yield world
        finally:
            sheets.applied = carried_out
        world.breaches += [f"the stand-in: {one}" for one in google.broken]


def _guarded(carried_out: Callable[..., Any], world: World) -> Callable[..., Any]:
    def held(book: Spreadsheet, requests: list[Any], editor: str | None = None) -> Any:
        changed, replies = carried_out(book, requests, editor)
        if book.id != "master":
            cluster = book.id.removeprefix("id-")
            world.breaches += [f"{cluster}: {one}" for one in trespasses(book, changed)]
            world.tick += 1
            world.written[cluster].append(Written(world.tick))
        return changed, replies

    return held
