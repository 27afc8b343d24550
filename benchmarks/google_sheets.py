"""What a cycle over Google Sheets costs: requests, bytes and simulated minutes, beside the bound and beside the ways people use today.

    .venv/bin/python -m benchmarks.google_sheets                    # 10,000 rows in 10,000, 1,000, 100 and 8 spreadsheets: an hour and more
    .venv/bin/python -m benchmarks.google_sheets --sizes 8x200

Everything runs against the stand-in of tests/google over real HTTP; it allows 60 reads and 60 writes a minute and answers each request
after the same latency. The clock is simulated (simulated.py), so that an hour of quota costs seconds. README.md beside this file says
what is compared with what. (As a file called google.py it would hide Google's own packages from the other benchmarks.)
"""

from __future__ import annotations

import argparse
import gc
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock
from urllib.parse import quote

import gspread
from google.oauth2.credentials import Credentials
from gspread.utils import rowcol_to_a1

from benchmarks.laid_out import GUIDE, TAB, add_spreadsheets, cell_of, head, line
from benchmarks.memory import in_its_own_process
from benchmarks.pipeline import AS_OF, UNITS, cluster_id, district, row_of
from benchmarks.simulated import Simulated
from benchmarks.workers import WAYS, asked_for, fingerprint
from sync.columns import TITLES
from sync.edges.google import GoogleSheets, Pace
from sync.edges.google.client import Client
from sync.edges.google.limits import Allowance, Turns
from sync.edges.outbox import Documents, Outbox
from sync.edges.workers import hired
from sync.errors import DonghanhError
from sync.model import Column
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, RunResult, district_now, run
from sync.settings import load_settings
from sync.settings_values import GoogleSettings
from tests.google import StandIn
from tests.google.server import Request
from tests.google.state import Spreadsheet, new_properties, new_tab

START = 1_764_900_000.0
"""The simulated clock's first moment (seconds since 1970); the start of a minute, as the stand-in counts its quotas."""
LIMIT = 60
"""Reads, and writes, that Google allows an account in a minute."""
COLUMNS = list(TITLES)
PAGE = 200


@dataclass(frozen=True, slots=True)
class Cost:
    """What one cycle took."""

    drive: int
    reads: int
    writes: int
    refused: int
    """Requests that were answered with 429 or worse."""
    seconds: float
    """Simulated."""
    bound: float
    """No way of doing it takes less (simulated seconds)."""
    received: int
    """Bytes of answers, compressed as sent."""
    sent: int
    """Bytes of requests' bodies."""
    cpu: float = 0.0
    """Processor seconds of the program itself, the stand-in's left out."""
    cluster_reads: int = 0
    cluster_writes: int = 0
    largest: int = 0
    """Bytes of the largest request's body."""

    @property
    def requests(self) -> int:
        """All of them."""
        return self.drive + self.reads + self.writes


def bound(requests: Iterable[Request], latency: float) -> float:
    """Return the least seconds for these requests: what depends on an answer waits for it, and no 60 seconds hold more than the limit.

    The listing and the master's reading may go at once, then the clusters' readings, then the master's writing, then the feedback. A page
    of the listing is asked for with what the page before it said. The master's writes follow each other: a mail is claimed before it goes,
    and noted after it.
    """
    asked = list(requests)
    reads, writes = (sum(one.kind == kind for one in asked) for kind in ("read", "write"))
    of_clusters = [one.kind for one in asked if one.kind in ("read", "write") and one.file != "master"]
    listings = [number for number, one in enumerate(asked) if one.kind == "drive" and "pageToken" not in one.parameters]
    first = asked[: listings[1]] if len(listings) > 1 else asked
    end = latency * max(sum(one.kind == "drive" for one in first), 1)
    if "read" in of_clusters:
        end = max(end, 60.0 * ((reads - 1) // LIMIT)) + latency
    began = end
    end += latency * (writes - of_clusters.count("write"))
    if "write" in of_clusters:
        end = max(end, began + 60.0 * ((writes - 1) // LIMIT)) + latency
    return end


class World:
    """A district in the stand-in: so many spreadsheets, shared with the account, and an empty master."""

    def __init__(self, spreadsheets: int, rows: int, latency: float, folder: Path, units: int = UNITS) -> None:
        """``units`` of each cluster."""
        self.clock = Simulated(START)
        self.latency, self.rows, self.units, self._folder, self._edits = latency, rows, units, folder, 0
        self._corrections = 0
        self.google = StandIn(reads=LIMIT, writes=LIMIT, clock=self.clock, latency=latency, sleep=self.clock.sleep)
        self.google.access.anyone = self.google.account
        plan, organization = district(spreadsheets, units)
        self.ids = {cluster.id: f"id-{cluster.id}" for cluster in organization.clusters}
        self.settings = replace(load_settings(default_config_dir()), plan=plan, organization=organization)
        add_spreadsheets(self.google, self.ids, rows, units)
        for title in ("master", "master-2"):
            self.google.add(
                Spreadsheet(title, {"title": title, **new_properties("vi_VN", "Asia/Ho_Chi_Minh")}, [new_tab(0, "Trang tính1", 0)])
            )
        self.clock.now += 3600
        gc.collect()
        gc.freeze()  # what stands in the stand-in is not looked through again and again

    def __enter__(self) -> World:
        self.google.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self.google.__exit__(*exc)
        if self.google.broken:
            raise RuntimeError(f"the stand-in broke: {self.google.broken[:3]}")

    def change(self, part: float) -> list[str]:
        """Let this part of the clusters add an activity at the end of their table; return their spreadsheets' ids."""
        numbers = self._some(part)
        for number in numbers:
            self._type(number, 1 + self.rows + self._edits, 0, row_of(number, self.rows + self._edits * 150, self.units))
        self._edits += bool(numbers)
        return [self.ids[cluster_id(number)] for number in numbers]

    def correct(self, part: float) -> None:
        """Let this part of the clusters correct the last activity of their table: how much was done, what it cost, and the note."""
        self._corrections += 1
        again = self._corrections
        new = {Column.DONE_QUANTITY: 1 + again, Column.BUDGET: 10**6 + again, Column.NOTE: f"Đã sửa lần {again}"}
        for number in self._some(part):
            for column, value in new.items():
                self._type(number, self.rows, COLUMNS.index(column), [value])

    def _some(self, part: float) -> list[int]:
        """Return this part of the clusters' numbers, evenly over the district."""
        count = max(1, round(len(self.ids) * part)) if part else 0
        return [(2 * one + 1) * len(self.ids) // (2 * count) for one in range(count)]

    def _type(self, number: int, row: int, column: int, values: Iterable[object]) -> None:
        cells = [{} if value == "" else cell_of(value, {}) for value in values]
        start = {"sheetId": 1, "rowIndex": row, "columnIndex": column}
        asked = {"start": start, "rows": [{"values": cells}], "fields": "userEnteredValue,userEnteredFormat.numberFormat"}
        self.google.edit(self.ids[cluster_id(number)], [{"updateCells": asked}])

    def home(self) -> GoogleSheets:
        """Return a fresh home, as each command has one."""
        client = Client(
            Credentials("any"), endpoint=self.google.url, pace=Pace(), clock=self.clock, sleep=self.clock.sleep, masters=("master",)
        )
        home = GoogleSheets(client, GoogleSettings("master", self.ids), self._folder, as_of=AS_OF, cache_key=bytes(32))
        home._listing_lock = self.clock.lock()  # type: ignore[assignment]
        return home

    def donghanh(self) -> RunResult:
        """Run the main job as the command does."""
        edges = Edges(self.home(), Outbox(self._folder), Documents(self._folder))
        with mock.patch("sync.side_by_side.ThreadPoolExecutor", self.clock.pool):
            return run(edges, self.settings, Renderer(default_templates_dir()), as_of=AS_OF)

    def peak(self, change: Callable[[float], object], part: float) -> float:
        """Return the MB at the peak of a process of its own that runs the main job after a change, without quota and in real time."""
        change(part)
        quota = self.google.quota
        quota.reads = quota.writes = None
        self.clock.work(-1)  # whoever waits for a process is not at work
        found = in_its_own_process(self.google.url, len(self.ids), self._folder, self.units).peak
        self.clock.work(1)
        quota.reads = quota.writes = LIMIT
        self.measured(self.donghanh)  # reads what that run has written
        return found

    def figures(self, way: str) -> str:
        """Return a fingerprint of every activity, finding and figure, read and checked by `threads`, `processes` or `dask`."""
        with asked_for(way, 2) as work, hired(work) as hands, mock.patch("sync.side_by_side.ThreadPoolExecutor", self.clock.pool):
            return fingerprint(district_now(self.home(), self.settings, as_of=AS_OF, workers=hands))

    def measured(self, action: Callable[[], object]) -> Cost:
        """Return what an action costs; it begins at the start of a minute, with the quota untouched."""
        self.clock.now = (self.clock.now // 60 + 3) * 60
        gc.disable()  # As the program does.
        begin, since, cpu, self.clock.cpu = self.clock.now, self.google.last(), time.thread_time(), 0.0
        action()
        gc.enable()
        cpu = time.thread_time() - cpu + self.clock.cpu
        asked = self.google.asked(since=since)
        for one in asked:
            one.body = None  # a master's is large
        gc.collect()
        kinds = [one.kind for one in asked]
        files = set(self.ids.values())
        of_clusters = [one.kind for one in asked if one.file in files]
        return Cost(
            drive=kinds.count("drive"), reads=kinds.count("read"), writes=kinds.count("write"), refused=sum(one.status != 200 for one in asked),
            seconds=self.clock.now - begin, bound=bound(asked, self.latency), received=sum(one.sent for one in asked), sent=sum(one.received for one in asked),
            cpu=cpu, cluster_reads=of_clusters.count("read"), cluster_writes=of_clusters.count("write"),
            largest=max((one.received for one in asked), default=0),
        )  # fmt: skip


# The ways people do it today: own small imitations of which requests go out, no code of theirs


class Usual:
    """gspread as it comes, with the token bucket that keeps donghanh below the quota, one request after another."""

    def __init__(self, world: World) -> None:
        self.world, pace = world, Pace()
        address, turns = world.google.url, Turns(world.clock, world.clock.sleep)
        taken = {"read": [Allowance(pace.reads_per_minute)], "write": [Allowance(pace.writes_per_minute)]}

        class Paced(gspread.HTTPClient):
            def request(self, method: str, endpoint: str, *given: Any, **named: Any) -> Any:
                turns.wait(turns.take(taken["read" if method == "get" else "write"]))
                return super().request(method, endpoint.replace("https://sheets.googleapis.com", address), *given, **named)

        self.client = gspread.Client(auth=Credentials("any"), http_client=Paced)

    def get(self, path: str, **parameters: Any) -> Any:
        """Return the JSON of one read of Sheets."""
        return self.client.http_client.request("get", f"https://sheets.googleapis.com/v4/spreadsheets/{path}", params=parameters).json()


def gspread_reading(world: World) -> None:
    """open_by_key, worksheet, get_all_records of each spreadsheet: who does not ask Drive must read all."""
    usual = Usual(world)
    for file in world.ids.values():
        usual.client.open_by_key(file).worksheet(TAB).get_all_records()


def gspread_cycle(world: World, changed: list[str]) -> None:
    """Read all, tell each changed spreadsheet of its new row (code and verdict, a cell a call), clear and write the master tab by tab."""
    usual = Usual(world)
    sheets = {}
    for file in world.ids.values():
        sheets[file] = usual.client.open_by_key(file).worksheet(TAB)
        sheets[file].get_all_records()
    for file in changed:
        for column in (Column.CODE, Column.VERDICT):
            sheets[file].update_cell(1 + world.rows + world._edits, COLUMNS.index(column) + 1, "…")
    book = usual.client.open_by_key("master-2")
    for title, lines in _master(world).items():
        tab = book.worksheet(title)
        tab.clear()
        tab.update(lines, "A1")


def lay_out_second_master(world: World) -> None:
    """Make tabs as large as the master's, for the usual way to write into."""
    sizes = {title: (len(lines) + 50, max(map(len, lines)) + 5) for title, lines in _master(world).items()}
    for at, (title, (rows, columns)) in enumerate(sizes.items()):
        adding = {"sheetId": 100 + at, "title": title, "gridProperties": {"rowCount": rows, "columnCount": columns}}
        world.google.edit("master-2", [{"addSheet": {"properties": adding}}])


def _master(world: World) -> dict[str, list[list[Any]]]:
    """Return what stands in the master's tabs, the memory left out: that is nothing the usual way has."""
    found = {}
    for tab in world.google.books["master"].tabs:
        height, width = tab.extent()
        if height and not tab.properties.get("hidden"):
            values = [
                [next(iter(tab.cell(row, column).get("userEnteredValue", {}).values()), "") for column in range(width)]
                for row in range(height)
            ]
            found[tab.title] = values
    return found


def dlt_reading(world: World) -> None:
    """Do as dlt's verified source google_sheets does: metadata, the values of the named ranges, the first two rows with their formats."""
    usual = Usual(world)
    for file in world.ids.values():
        usual.get(file)
        values = usual.get(
            f"{file}/values:batchGet", ranges=[TAB], valueRenderOption="UNFORMATTED_VALUE", dateTimeRenderOption="SERIAL_NUMBER"
        )
        width = max(len(line) for line in values["valueRanges"][0]["values"])
        usual.get(file, ranges=[f"'{TAB}'!A1:{rowcol_to_a1(2, width)}"], includeGridData="true")


def paged_reading(world: World) -> None:
    """Do as connectors that read in batches do: metadata, then of each tab the header and 200 rows a call, until a batch is not full."""
    usual = Usual(world)
    for file in world.ids.values():
        for sheet in usual.get(file, fields="sheets.properties")["sheets"]:
            title = sheet["properties"]["title"]
            if title not in (GUIDE, TAB):
                continue  # what donghanh itself set up would not be there
            usual.get(file, ranges=[f"'{title}'!1:1"], includeGridData="true")
            first = 2
            while first <= sheet["properties"]["gridProperties"]["rowCount"]:
                place = quote(f"'{title}'!{first}:{first + PAGE - 1}", safe="")
                if len(usual.get(f"{file}/values/{place}").get("values", ())) < PAGE:
                    break
                first += PAGE


READINGS = {
    "gspread: open_by_key, worksheet, get_all_records": gspread_reading,
    "dlt google_sheets: three calls": dlt_reading,
    "one call for each 200 rows and tab": paged_reading,
}
PARTS = (0, 0.01, 0.1, 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything of one size."""

    spreadsheets: int
    rows: int
    """Of each spreadsheet, before anything changed."""
    first: Cost
    """The first run of all: everything is read, everything is told."""
    settled: Cost
    """The run after it: what the first wrote is read again."""
    cycles: dict[float, Cost]
    after: dict[float, Cost]
    """The runs after those, nothing changed but what they wrote."""
    usual: dict[float, Cost]
    """The whole cycle by gspread's usual calls."""
    readings: dict[str, Cost]
    corrected: dict[float, float]
    """Part that corrected a row → MB at the peak of a run in a process of its own; the district has as many rows as at first."""
    peaks: dict[float, float]
    """The same where each has a row more, and another one since it was measured."""
    figures: dict[str, str]
    """Way of working (threads, processes, Dask) → fingerprint of what comes out."""


def measure(
    spreadsheets: int,
    *,
    rows: int,
    latency: float,
    others: Iterable[float] = PARTS,
    parts: Iterable[float] = PARTS,
    ways: Iterable[str] = (),
) -> Measured:
    """Return what each way costs for so many spreadsheets of so many rows, each of another unit.

    The ways of today are measured where one of the parts ``others`` has changed, the figures by each of the ``ways`` of working.
    """
    gc.disable()  # As the program does.
    beside, units = set(others), rows
    with TemporaryDirectory() as folder, World(spreadsheets, rows, latency, Path(folder), units) as world:
        first, settled = world.measured(world.donghanh), world.measured(world.donghanh)
        world.measured(world.donghanh)
        corrected = {part: world.peak(world.correct, part) for part in parts}
        lay_out_second_master(world)
        cycles, after, usual, peaks = {}, {}, {}, {}
        for part in parts:
            changed = world.change(part)
            cycles[part], after[part] = world.measured(world.donghanh), world.measured(world.donghanh)
            if not part:
                more = [world.measured(world.donghanh).cpu for _ in range(2)]
                cycles[part] = replace(cycles[part], cpu=median([cycles[part].cpu, after[part].cpu, *more]))
            if part in beside:
                usual[part] = world.measured(lambda changed=changed: gspread_cycle(world, changed))
                world.measured(world.donghanh)  # reads what the usual way has written
                world.measured(world.donghanh)
            peaks[part] = world.peak(world.change, part)
        readings = {name: world.measured(lambda way=way: way(world)) for name, way in READINGS.items()} if beside else {}
        figures = {way: world.figures(way) for way in ways}
    gc.enable()
    return Measured(spreadsheets, rows, first, settled, cycles, after, usual, readings, corrected, peaks, figures)


def ours(measured: Measured) -> list[str]:
    """Return the table of donghanh's own cycles."""
    rows = [("first run", measured.first), ("– the run after it", measured.settled)]
    for part, cost in measured.cycles.items():
        rows.append((f"{part:.0%} changed", cost))
        if part:
            rows.append(("– the run after it", measured.after[part]))
    lines = head("cycle", "Drive", "reads", "writes", "minutes", "bound", "ratio", "MB in", "MB out", "largest write", "own seconds")
    for name, cost in rows:
        sizes = (f"{size / 1e6:.2f}" for size in (cost.received, cost.sent, cost.largest))
        times = f"{cost.seconds / 60:.2f}", f"{cost.bound / 60:.2f}", f"{cost.seconds / cost.bound:.2f}"
        lines.append(line(name, f"{cost.drive:,}", f"{cost.reads:,}", f"{cost.writes:,}", *times, *sizes, f"{cost.cpu:.2f}"))
    return lines


def theirs(measured: Measured) -> list[str]:
    """Return the table of the other ways, beside donghanh's cycle with the same part changed; a reading costs the same whatever changed."""
    lines = head("way", "changed", "reads", "writes", "minutes", "MB in", "requests ÷ donghanh's", "minutes ÷ donghanh's")
    whole = [("gspread's usual calls, the whole cycle", part, cost) for part, cost in measured.usual.items()]
    compared = [part for part in (0.01, 1) if part in measured.cycles]
    for name, part, cost in [*whole, *((name, part, cost) for name, cost in measured.readings.items() for part in compared)]:
        own = measured.cycles[part]
        times = f"{cost.requests / own.requests:.1f}", f"{cost.seconds / own.seconds:.1f}"
        lines.append(
            line(
                name, f"{part:.0%}", f"{cost.reads:,}", f"{cost.writes:,}", f"{cost.seconds / 60:.2f}", f"{cost.received / 1e6:.2f}", *times
            )
        )
    return lines


WHOLE = "gspread, whole cycle"
SHORT = {WHOLE: WHOLE, **dict(zip(READINGS, ("gspread, reading", "dlt", "200 rows a call"), strict=True))}


def summary(sizes: Iterable[Measured]) -> list[str]:
    """Return one table of everything that is promised: a line for each size and each part that changed.

    Of the other ways their requests stand there, divided by ours in the same cycle.
    """
    ways = [f"{name} ÷" for name in SHORT.values()]
    lines = head(
        "spreadsheets x rows",
        "changed",
        "Drive",
        "master",
        "reads of each changed",
        "writes of each",
        "wall ÷ bound",
        "own s",
        "MB, corrected",
        "MB, added",
        *ways,
    )
    for one in sizes:
        for part, cost in one.cycles.items():
            count = max(1, round(one.spreadsheets * part)) if part else 0
            each = [f"{number / count:.2f}" if count else f"{number} in all" for number in (cost.cluster_reads, cost.cluster_writes)]
            master = f"{cost.reads - cost.cluster_reads} + {cost.writes - cost.cluster_writes}"
            others = {**({WHOLE: one.usual[part]} if part in one.usual else {}), **one.readings}
            factors = [f"{others[name].requests / cost.requests:,.1f}" if name in others else "" for name in SHORT]
            ratio = f"{cost.seconds / cost.bound:.2f}"
            own = f"{cost.cpu:.2f}", *(f"{peaks[part]:.0f}" if part in peaks else "" for peaks in (one.corrected, one.peaks))
            lines.append(line(f"{one.spreadsheets:,} x {one.rows}", f"{part:.0%}", cost.drive, master, *each, ratio, *own, *factors))
    return lines


def equal(measured: Measured) -> str:
    """Return a sentence about the ways of working; raise SystemExit where what comes out differs."""
    if len(set(measured.figures.values())) > 1:
        raise SystemExit(f"what comes out of {measured.spreadsheets:,} spreadsheets differs: {measured.figures}")
    return f"Every activity, finding and figure is equal by {', '.join(measured.figures)} ({next(iter(measured.figures.values()))})."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000x1,1000x10,100x100,8x1250", help="spreadsheets x rows of each, separated by commas")
    parser.add_argument("--latency", type=float, default=0.5, help="seconds until each answer")
    parser.add_argument("--parts", default=",".join(map(str, PARTS)), help="which parts change, one after another, separated by commas")
    parser.add_argument("--only-ours", action="store_true", help="leave the other ways out")
    parser.add_argument("--side-by-side", type=int, default=2, help="sizes measured at a time, each in a process of its own")
    parser.add_argument(
        "--others-once", type=int, default=5000, help="from so many spreadsheets on, the other ways beside 1 %% changed alone"
    )
    given = parser.parse_args()
    sizes = [tuple(map(int, size.split("x"))) for size in given.sizes.split(",")]
    parts = tuple(map(float, given.parts.split(",")))
    done: list[Measured] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # what is measured is told all the same
    workers = ProcessPoolExecutor(given.side_by_side, mp_context=get_context("spawn"), max_tasks_per_child=1)
    asked = []
    for spreadsheets, rows in sizes:
        others = () if given.only_ours else (0.01,) if spreadsheets >= given.others_once else PARTS
        asked.append(workers.submit(told, spreadsheets, rows, given.latency, others, parts))
    try:
        for one in as_completed(asked):
            try:
                text, measured = one.result()
                print(text, flush=True)
                done.append(measured)
            except DonghanhError as error:
                print(f"not done: {error}", flush=True)
    except BaseException:
        workers.shutdown(wait=False, cancel_futures=True)
        raise
    else:
        workers.shutdown()
    finally:
        print("\n### In one table\n\n" + "\n".join(summary(sorted(done, key=lambda one: one.spreadsheets))), flush=True)


def told(spreadsheets: int, rows: int, latency: float, others: Iterable[float], parts: Iterable[float]) -> tuple[str, Measured]:
    """Measure one size; return its tables and what they are made of."""
    began = time.perf_counter()
    measured = measure(spreadsheets, rows=rows, latency=latency, others=others, parts=parts, ways=WAYS)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [f"\n### {spreadsheets:,} spreadsheets of {rows} rows, {latency} s latency\n", *ours(measured)]
    lines += ["", *theirs(measured)] if measured.readings else []
    lines += ["", equal(measured), f"\n({time.perf_counter() - began:,.0f} s to measure; {memory:,.0f} MB, most of them the stand-in's)"]
    return "\n".join(lines), measured


if __name__ == "__main__":
    main()
