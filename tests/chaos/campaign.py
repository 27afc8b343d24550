"""Episodes of a month of daily runs, drawn from a seed; and the table of what went wrong, and what did not hold."""

from __future__ import annotations

import shutil
import ssl
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.chaos.child import warm
from tests.chaos.district import due_days, letters_due
from tests.chaos.faults import IN_FOLDER, KINDS, PEOPLE, Plan, State
from tests.chaos.invariants import Ledger, Run, breaches, key_of
from tests.chaos.world import World, laid_out
from tests.google import server
from tests.post_office import PostOffice, post_office

STARTS = ((1, 24), (5, 24), (8, 24), (11, 24), (12, 28), (4, 26))
"""Month and day on which an episode may begin: some days before something is due."""
RUNS_OF_EPISODE = 30


@dataclass
class Table:
    """What the campaign came to."""

    runs: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """Kind of fault → runs that it struck, or lasted through."""
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)  # type: ignore[type-arg]
    mails: int = 0
    settled: int = 0
    violations: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the table in Markdown."""
        rows = [f"| {kind} | {times} |" for kind, times in sorted(self.kinds.items(), key=lambda pair: (-pair[1], pair[0]))]
        ended = ", ".join(f"{status}: {times}" for status, times in sorted(self.statuses.items()))
        return [
            f"Runs: {self.runs}. How they ended: {ended}. Mails that arrived: {self.mails}; settled by a person: {self.settled}. "
            f"Violations: {len(self.violations)}.", "", "| what went wrong | runs |", "|---|---|", *rows,
        ]  # fmt: skip


def campaign(
    runs: int,
    seed: int,
    *,
    say: Callable[[str], None] = lambda line: None,
    stop: Callable[[], bool] = lambda: False,
    only: int | None = None,
    kinds: list[str] | None = None,
) -> Table:
    """Run episodes until so many runs are done; every fourth one with a folder of workbooks instead of Google.

    ``stop`` is asked before each episode whether it is enough; ``only`` runs one episode alone, by its number; ``kinds`` draws from these faults alone.
    """
    table, number = Table(), only or 0
    with warm(), leaner_stand_in(), tempfile.TemporaryDirectory() as folder, _mail_server(Path(folder)) as (office, trust):
        while table.runs < runs and not stop():
            Episode(number, seed, Path(folder) / f"e{number}", office, trust, table, say, kinds).play(
                min(RUNS_OF_EPISODE, runs - table.runs)
            )
            shutil.rmtree(Path(folder) / f"e{number}", ignore_errors=True)
            say(f"{table.runs} runs, {len(table.violations)} violations")
            number += 1
            if only is not None:
                break
    return table


@contextmanager
def leaner_stand_in() -> Iterator[None]:
    """Let the stand-in answer without line breaks, and not hold its own answers against Google's documents: other tests do."""
    kept = server._json, server.checked_answer
    server._json = lambda status, body, *, pretty=True: kept[0](status, body, pretty=False)
    server.checked_answer = lambda api, method, answer: answer
    try:
        yield
    finally:
        server._json, server.checked_answer = kept


@contextmanager
def _mail_server(folder: Path) -> Iterator[tuple[PostOffice, Path]]:
    with post_office(folder) as (office, context):
        assert isinstance(context, ssl.SSLContext)
        yield office, folder / "localhost.pem"


class Episode:
    """One district through a month."""

    def __init__(
        self,
        number: int,
        seed: int,
        folder: Path,
        office: PostOffice,
        trust: Path,
        table: Table,
        say: Callable[[str], None],
        kinds: list[str] | None,
    ) -> None:
        self._number, self._seed, self._folder, self._table, self._say = number, seed * 1000 + number, folder, table, say
        self._office, self._trust, self._kinds = office, trust, kinds
        self._state, self._ledger = State(), Ledger()

    def play(self, runs: int) -> None:
        """Run so many days, then let all troubles end, and see that everything comes right."""
        month, day = STARTS[self._number % len(STARTS)]
        first = date(2025 + self._number // len(STARTS) % 2, month, day)
        with laid_out(self._folder, self._office, self._trust, self._seed, first, in_google=self._number % 4 != 3) as world:
            for number in range(runs):
                self._one(world, self._drawn(world, number))
                self._next_day(world)
            self._come_right(world)
            self._table.mails += len(world.letters())
            self._breach(world, world.breaches, "at the end")

    # One run

    def _drawn(self, world: World, number: int) -> list[str]:
        """Return what goes wrong with this run: often one thing, sometimes two or three, now and then nothing."""
        possible = self._kinds or [kind for kind in KINDS if world.google or kind in IN_FOLDER]
        many = world.lot.choice([0, 1, 1, 1, 1, 2, 2, 3])
        if number == 0 and world.lot.random() < 0.7:
            return []
        drawn = set(world.lot.sample(possible, k=min(many, len(possible))))
        of_mail = [kind for kind in possible if "SMTP" in kind or "mail" in kind]
        if of_mail and world.lot.random() < 0.5 and any(0 <= (world.today - due).days + 7 <= 10 for due, _ in due_days(world.today)):
            drawn.add(world.lot.choice(of_mail))  # now something may go out
        if PEOPLE in possible and world.lot.random() < 0.2:
            drawn.add(PEOPLE)
        return sorted(drawn)

    def _one(self, world: World, kinds: list[str]) -> None:
        plan, office = Plan(), self._office
        if world.google:
            world.script.begun = world.google.last()
        self._accept(world, plan)
        for kind in kinds:
            KINDS[kind](world, self._state, plan)
        plan.kinds = sorted({*kinds, *(one.kind for one in self._state.troubles)})
        run = self._begun(world, plan)
        started = time.perf_counter()
        self._carry_out(world, plan, run)
        run.seconds = time.perf_counter() - started
        run.last_tick = world.tick
        lasting = [one.kind for one in self._state.troubles]
        world.script.moments.clear()
        world.script.after.clear()
        if "quota gone for a day" not in lasting:
            world.script.script.clear()
        office.answers, office.drop, office.recipients, office.seen = [], [], {}, lambda moment: None
        for undo in plan.undo:
            undo()
        self._count(plan, run)
        self._breach(world, breaches(world, self._state, self._ledger, run), f"{world.today} {plan.kinds} {plan.extra} {plan.ending}")
        self._forget_losses(world)

    def _begun(self, world: World, plan: Plan) -> Run:
        held = self._ledger.master
        unsettled = held is not None and any(mail["state"] != "sent" for mail in held.mails.values())
        unread = held is not None and any(one.state != "Đã đọc" for one in held.clusters.values())
        quiet = not plan.kinds and not unsettled and not unread and not self._state.lost and held is not None
        lines = {one: world.lines(one) for one in ("dia-ban", "khoi", "y-te")}
        return Run(world.today, plan, world.tick, world.master(), world.own_files(), len(world.letters()), lines, quiet)

    def _carry_out(self, world: World, plan: Plan, run: Run) -> None:
        asked, ended = threading.Event(), threading.Event()

        def begin(waits: bool) -> None:
            asked.set()
            if waits:
                ended.wait(20)

        if plan.twin_at:
            plan.twin_at(begin)
        before = world.google.last() if world.google else 0
        first = world.start(plan.ending, *plan.extra, name="a", count=not plan.kinds)
        plan.running.append(first.pid)
        watcher = threading.Thread(target=lambda: run.outcomes.append(first.ended()))
        watcher.start()
        second = None
        while watcher.is_alive():
            if asked.wait(0.01) and second is None:
                second = world.start(None, name="b")
                break
        if second:
            outcome = second.ended()
            ended.set()
            watcher.join()
            run.outcomes.append(outcome)
        watcher.join()
        if not plan.kinds and world.google:
            self._state.requests = max(world.google.last() - before, 3)
        if not plan.kinds and run.outcomes[0].lines:
            self._state.lines = run.outcomes[0].lines

    def _count(self, plan: Plan, run: Run) -> None:
        self._table.runs += 1
        self._table.kinds.update(plan.kinds or ["nothing"])
        self._table.seconds.update(dict.fromkeys(plan.kinds or ["nothing"], run.seconds))
        self._table.statuses.update("killed" if one.status is None else f"exit {one.status}" for one in run.outcomes)

    def _breach(self, world: World, found: list[str], when: str) -> None:
        for one in found:
            self._table.violations.append(f"episode {self._number}, {when}: {one}")
            self._say(self._table.violations[-1])

    # Between the runs

    def _next_day(self, world: World) -> None:
        """Go on to the next day, or the one after, or the next hour; troubles end; people work."""
        world.clock.hour += 2
        if world.clock.hour > 8 or world.lot.random() < 0.8:
            world.clock.hour, world.clock.day = 0, world.today + timedelta(world.lot.choice([1, 1, 1, 1, 1, 2]))
        for one in [one for one in self._state.troubles if one.until < world.today]:
            one.end()
            self._state.troubles.remove(one)
        if world.lot.random() < 0.6:
            world.work()
        if world.lot.random() < 0.25:
            self._settle(world)

    def _accept(self, world: World, plan: Plan) -> None:
        """A person says that a loss is none, or takes the earlier version back."""
        for cluster in list(self._state.lost):
            chance = world.lot.random()
            if chance < 0.15 and self._is_held(cluster):
                plan.extra = ["--accept-loss", cluster]
            elif chance < 0.35:
                world.put_back(cluster, self._state.lost.pop(cluster))

    def _is_held(self, cluster: str) -> bool:
        return self._ledger.master is not None and self._ledger.master.clusters[cluster].reason.startswith("Bảng mất")

    def _forget_losses(self, world: World) -> None:
        """What was believed by a run is no loss any more."""
        master = self._ledger.master
        for cluster in list(self._state.lost):
            if master and master.day == world.today and master.clusters[cluster].state == "Đã đọc":
                del self._state.lost[cluster]

    # The end

    def _come_right(self, world: World) -> None:
        """Without any fault, and when a person has settled what nobody knew, everything that is owed has arrived once, and all is well."""
        for one in self._state.troubles:
            one.end()
        self._state.troubles.clear()
        world.script.script.clear()
        for cluster in list(self._state.lost):
            world.put_back(cluster, self._state.lost.pop(cluster))
        accepted = [word for one in ("dia-ban", "khoi", "y-te") for word in ("--accept-loss", one)]
        for extra in (accepted, [], []):
            world.clock.hour, world.clock.day = 0, world.today + timedelta(1)
            plan = Plan(extra=list(extra))
            run = self._begun(world, plan)
            self._carry_out(world, plan, run)
            run.last_tick = world.tick
            self._breach(world, breaches(world, self._state, self._ledger, run), f"{world.today} after all faults {extra}")
            self._settle(world)
        self._breach(world, list(self._unwell(world, run)), f"{world.today} at rest")

    def _settle(self, world: World) -> None:
        master = self._ledger.master
        arrived = {key_of(one) for one in world.letters()}
        for key, mail in (master.mails if master else {}).items():
            if mail["state"] in ("unknown", "rejected", "claimed"):
                self._table.settled += 1
                world.settle(key, "sent" if key in arrived else "resend")

    def _unwell(self, world: World, run: Run) -> Iterator[str]:
        master = self._ledger.master
        if run.outcomes[0].status != 0:
            yield f"exit status {run.outcomes[0].status}: {run.outcomes[0].err} {run.outcomes[0].out}"
        if master is None or not master.runs:
            yield "there is no master"
            return
        arrived = Counter(key_of(one) for one in world.letters())
        yield from (
            f"owed since {owed}, and it has not arrived: {key}"
            for key, owed in letters_due(master.runs[-1], world.today).items()
            if arrived[key] != 1
        )
