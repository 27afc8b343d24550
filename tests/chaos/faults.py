"""What goes wrong: each kind arranges it, for one run or for some days."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from tests.chaos.child import Ending
from tests.chaos.district import CLUSTERS
from tests.chaos.world import World
from tests.google import Fault
from tests.google.drive import SHEET_TYPE, XLSX_TYPE
from tests.google.state import Spreadsheet

PEOPLE = "people move and write rows meanwhile"
_ROUGH_REQUESTS, _ROUGH_LINES = 14, 900
"""About so many requests and lines a run has, until one has been counted."""


@dataclass
class Plan:
    """One run, and what is to go wrong with it."""

    kinds: list[str] = field(default_factory=list)
    ending: Ending = field(default_factory=Ending)
    extra: list[str] = field(default_factory=list)
    twin_at: Callable[[Callable[[bool], None]], None] | None = None
    """Where set: arranges that a second run begins at some moment of this one; told True, the moment lasts until that run has ended."""
    running: list[int] = field(default_factory=list)
    """The process of the run, once it has begun."""
    undo: list[Callable[[], None]] = field(default_factory=list)
    set_up_is_wrong: bool = False
    """No run can read anything: it has to say so, and to change nothing."""


@dataclass
class Trouble:
    """Something that lasts."""

    kind: str
    until: date
    end: Callable[[], None]
    cluster: str = ""


@dataclass
class State:
    """What lasts from run to run, and what has been counted."""

    troubles: list[Trouble] = field(default_factory=list)
    lost: dict[str, Spreadsheet] = field(default_factory=dict)
    """Cluster → its spreadsheet before half of it went."""
    requests: int = _ROUGH_REQUESTS
    lines: int = _ROUGH_LINES

    def has(self, kind: str) -> bool:
        """Return whether a kind of trouble lasts."""
        return any(one.kind == kind for one in self.troubles)


Arrange = Callable[[World, State, Plan], None]
KINDS: dict[str, Arrange] = {}
IN_FOLDER: set[str] = set()
"""Kinds that a folder of workbooks can meet too."""


def _kind(name: str, *, folder: bool = False) -> Callable[[Arrange], Arrange]:
    def keep(arrange: Arrange) -> Arrange:
        KINDS[name] = arrange
        if folder:
            IN_FOLDER.add(name)
        return arrange

    return keep


@_kind("a master too large for one request")
def _large(world: World, state: State, plan: Plan) -> None:
    plan.ending.small_requests = True


# Answers of Google's


def _answers(name: str, fault: Fault) -> None:
    def arrange(world: World, state: State, plan: Plan) -> None:
        one = replace(fault)
        if world.lot.random() < 0.5:
            one.times = world.lot.randint(1, 9)
            one.probability = 0.5
        else:
            one.numbers = (world.script.begun + world.lot.randint(1, state.requests),)
        world.script.script.append(one)

    KINDS[name] = arrange


for _name, _fault in {
    "429": Fault(status=429, retry_after=1), "500": Fault(status=500), "503": Fault(status=503), "503, carried out": Fault(status=503, carried_out=True),
    "a page in HTML": Fault(status=502, html=True), "slow": Fault(delay=1), "cut before": Fault(cut="before"), "cut after": Fault(cut="after"),
    "cut in half": Fault(cut="half"), "half a JSON": Fault(wrong_json=True), "403, rate": Fault(status=403, reason="rateLimitExceeded"),
    "token endpoint down": Fault(status=503, method="token"), "Drive down": Fault(status=500, method="drive"),
}.items():  # fmt: skip
    _answers(_name, _fault)


@_kind("expired token")
def _expired(world: World, state: State, plan: Plan) -> None:
    assert world.google
    world.script.moments[world.lot.randint(2, state.requests)] = world.google.access.expire_tokens


@_kind("clock skew")
def _skew(world: World, state: State, plan: Plan) -> None:
    world.clock.skew = world.lot.choice([7200.0, -7200.0])
    plan.set_up_is_wrong = True
    plan.undo.append(lambda: setattr(world.clock, "skew", 0.0))


@_kind("Drive lags")
def _lag(world: World, state: State, plan: Plan) -> None:
    assert world.google
    drive = world.google.drive
    drive.lag = 600
    plan.undo.append(lambda: setattr(drive, "lag", 0.0))


# What lasts


@_kind("quota gone for a day")
def _quota(world: World, state: State, plan: Plan) -> None:
    verb = world.lot.choice([None, "POST"])
    fault = Fault(status=429, path="/v4/", verb=verb)
    _last(world, state, "quota gone for a day", 0, lambda: None, lambda: None)
    state.troubles[-1].end = lambda: world.script.script.remove(fault) if fault in world.script.script else None
    world.script.script.append(fault)


@_kind("lost permission")
def _unshared(world: World, state: State, plan: Plan) -> None:
    assert world.google
    file, google = _some_file(world), world.google
    role = world.lot.choice([None, "reader"])
    _last(world, state, "lost permission", 4, lambda: google.share(file, role), lambda: google.share(file, "writer"), file)


@_kind("trashed file")
def _trashed(world: World, state: State, plan: Plan) -> None:
    assert world.google
    file = world.google.drive.files[f"id-{world.lot.choice(CLUSTERS).id}"]
    _last(world, state, "trashed file", 4, lambda: setattr(file, "trashed", True), lambda: setattr(file, "trashed", False), file.id)


@_kind("replaced by an .xlsx")
def _xlsx(world: World, state: State, plan: Plan) -> None:
    assert world.google
    file = world.google.drive.files[f"id-{world.lot.choice(CLUSTERS).id}"]
    _last(
        world,
        state,
        "replaced by an .xlsx",
        4,
        lambda: setattr(file, "mime", XLSX_TYPE),
        lambda: setattr(file, "mime", SHEET_TYPE),
        file.id,
    )


@_kind("a workbook is missing or half written", folder=True)
def _missing(world: World, state: State, plan: Plan) -> None:
    if world.google:
        return
    cluster = world.lot.choice(CLUSTERS).id
    path = world.folder / "so-lieu" / f"{cluster}.xlsx"
    whole = path.read_bytes()
    half = whole[: len(whole) // 2] if world.lot.random() < 0.5 else None
    spoil = path.unlink if half is None else (lambda: path.write_bytes(half) and None)
    _last(world, state, "a workbook is missing or half written", 2, spoil, lambda: world.save(world.book(cluster)), f"id-{cluster}")


@_kind("half a table is lost", folder=True)
def _lost(world: World, state: State, plan: Plan) -> None:
    cluster = world.lot.choice(CLUSTERS).id
    if cluster not in state.lost and len(world.lines(cluster)) >= 3:
        state.lost[cluster] = world.book(cluster).copy()
        world.people.lose(world.book(cluster), world.edit)


def _some_file(world: World) -> str:
    return world.lot.choice([*(f"id-{one.id}" for one in CLUSTERS), "master"])


def _last(world: World, state: State, kind: str, days: int, begin: Callable[[], Any], end: Callable[[], Any], file: str = "") -> None:
    if file and any(one.cluster == file for one in state.troubles):
        return
    begin()
    until = world.today + timedelta(world.lot.randint(1, days) if days else 0)
    state.troubles.append(Trouble(kind, until, end, file))


# The disk and the process


@_kind("full disk", folder=True)
def _full(world: World, state: State, plan: Plan) -> None:
    if world.lot.random() < 0.5:
        plan.ending.largest_file = world.lot.choice([0, 2_000, 20_000, 40_000])
    else:
        plan.ending.full_from = world.lot.randint(1, 8)


@_kind("killed between two lines", folder=True)
def _killed_at_line(world: World, state: State, plan: Plan) -> None:
    plan.ending.kill_at_line = world.lot.randint(1, state.lines)


@_kind("killed before a request is carried out")
def _killed_before(world: World, state: State, plan: Plan) -> None:
    world.script.moments[world.lot.randint(1, state.requests)] = lambda: _kill(plan)


@_kind("killed after a request was carried out")
def _killed_after(world: World, state: State, plan: Plan) -> None:
    world.script.after[world.lot.randint(1, state.requests)] = lambda: _kill(plan)


@_kind("killed while a mail goes out", folder=True)
def _killed_in_mail(world: World, state: State, plan: Plan) -> None:
    wanted = world.lot.choice(["rcpt", "data", "kept"])
    world.office.seen = lambda moment: _kill(plan) if moment == wanted else None


def _kill(plan: Plan) -> None:
    for pid in plan.running:
        with contextlib.suppress(ProcessLookupError):  # its twin was quicker: the mail server must not stumble over it
            os.kill(pid, signal.SIGKILL)


@_kind("two runs at once", folder=True)
def _two(world: World, state: State, plan: Plan) -> None:
    at, moment, waits = world.lot.randint(1, state.requests), world.lot.choice(["rcpt", "data", "kept"]), world.lot.random() < 0.5
    if world.google and world.lot.random() < 0.6:
        plan.twin_at = lambda begin: world.script.moments.__setitem__(at, lambda: begin(waits))
    elif world.lot.random() < 0.5:
        plan.twin_at = lambda begin: setattr(world.office, "seen", lambda seen: begin(False) if seen == moment else None)
    else:
        plan.twin_at = lambda begin: begin(False)


# Mail


def _post(name: str, arrange: Callable[[World], None]) -> None:
    def keep(world: World, state: State, plan: Plan) -> None:
        arrange(world)

    KINDS[name] = keep
    IN_FOLDER.add(name)


_POST: Mapping[str, Callable[[World], None]] = {
    "SMTP breaks off before the text": lambda world: world.office.drop.extend(["rcpt", "data"]),
    "SMTP breaks off after the text, mail lost": lambda world: world.office.drop.append("lost"),
    "SMTP breaks off after the text, mail kept": lambda world: world.office.drop.append("kept"),
    "SMTP never answers": lambda world: world.office.drop.extend(["hang", "hang"]),
    "SMTP says later": lambda world: world.office.answers.extend(["451 later"] * world.lot.choice([1, 4])),
    "SMTP says never": lambda world: world.office.answers.append("554 no"),
}
for _name, _arrange in _POST.items():
    _post(_name, _arrange)


# People


@_kind(PEOPLE)
def _people(world: World, state: State, plan: Plan) -> None:
    if not world.google:
        return
    for _ in range(world.lot.choice([1, 2, 3])):
        only = world.lot.choice(CLUSTERS).id
        at = world.lot.randint(3, state.requests + 2)
        where = world.script.moments if world.lot.random() < 0.6 else world.script.after
        where[at] = lambda only=only: world.work(often=0.5, only=only) and None  # type: ignore[misc]
