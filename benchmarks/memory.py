"""How much memory a run over Google Sheets takes, and what it follows: the rows of the district, or the number of its spreadsheets.

    .venv/bin/python -m benchmarks.memory                           # the same rows in 100, 1,000 and 10,000 spreadsheets; five rows in each
    .venv/bin/python -m benchmarks.memory --sizes 100x20,1000x20

The stand-in of tests/google runs in a process of its own, without latency or quota, and answers over real HTTP. Each run is a process of its own
as well, so that its peak is its own: the first run, the one after it, and two in which nothing changed: the first makes
all of it again to see that it stands, the second knows.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.laid_out import add_spreadsheets, head, line
from benchmarks.pipeline import AS_OF, district

SIZES = "100x200,1000x20,10000x2,100x5,1000x5,10000x5"
UNITS = 1
"""Of a cluster: with more of them it would be the units that grow with the spreadsheets."""
RUNS = ("first run", "the run after it", "nothing changed", "nothing changed again")
MASTER = "master"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took."""

    start: float
    """MB at its peak before the run begins: the interpreter, the libraries, the organization."""
    peak: float
    """MB at its peak in the end."""
    cpu: float
    """Processor seconds of the whole process."""
    written: int


def serve(spreadsheets: int, rows: int) -> None:
    """Be Google until standard input ends; print the address. Each line that comes in lets go of what was asked so far."""
    from tests.google import StandIn
    from tests.google.state import Spreadsheet, new_properties, new_tab

    ids = ids_of(spreadsheets)
    with StandIn(reads=None, writes=None) as google:
        google.access.anyone = google.account
        add_spreadsheets(google, ids, rows, UNITS)
        master = {"title": MASTER, **new_properties("vi_VN", "Asia/Ho_Chi_Minh")}
        google.add(Spreadsheet(MASTER, master, [new_tab(0, "Trang tính1", 0)]))
        gc.collect()
        gc.freeze()  # what stands there is not looked through again and again
        print(google.url, flush=True)
        for _ in sys.stdin:
            refused = sum(one.status != 200 for one in google.requests)
            google.requests.clear()
            print(json.dumps({"refused": refused, "broken": google.broken[:3]}), flush=True)


def ids_of(spreadsheets: int) -> dict[str, str]:
    """Return cluster → id."""
    _, organization = district(spreadsheets, UNITS)
    return {cluster.id: f"id-{cluster.id}" for cluster in organization.clusters}


def once(address: str, spreadsheets: int, folder: Path, units: int = UNITS) -> None:
    """Run the main job as the command does, over ``units`` of each cluster, and print what it took."""
    from google.oauth2.credentials import Credentials

    from sync.edges.google import GoogleSheets, Pace
    from sync.edges.google.client import Client
    from sync.edges.outbox import Documents, Outbox
    from sync.render import Renderer
    from sync.resources import default_config_dir, default_templates_dir
    from sync.run import Edges, run
    from sync.settings import load_settings
    from sync.settings_values import GoogleSettings

    plan, organization = district(spreadsheets, units)
    settings = replace(load_settings(default_config_dir()), plan=plan, organization=organization)
    client = Client(Credentials("any"), endpoint=address, pace=Pace(*[10**7] * 4), most_bytes=10**10)
    places = GoogleSettings(MASTER, {cluster.id: f"id-{cluster.id}" for cluster in organization.clusters})
    home = GoogleSheets(client, places, folder, as_of=AS_OF, cache_key=bytes(32))
    gc.disable()  # As the program does.
    start, cpu = _peak(), time.process_time()
    result = run(Edges(home, Outbox(folder), Documents(folder)), settings, Renderer(default_templates_dir()), as_of=AS_OF)
    taken = Taken(start, _peak(), time.process_time() - cpu, len(result.written))
    print(json.dumps(asdict(taken)))


def _peak() -> float:
    """Return the MB of this process's peak: `ru_maxrss` would be that of a larger process that began it, so Linux is asked otherwise."""
    status = Path("/proc/self/status")
    found = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE) if status.exists() else None
    return (int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024


_THIS = (sys.executable, "-m", "benchmarks.memory")


def in_its_own_process(address: str, spreadsheets: int, folder: Path, units: int = UNITS) -> Taken:
    """Run the main job in a process of its own, and return what it took."""
    asked = [*_THIS, "--once", address, str(spreadsheets), str(folder), str(units)]
    made = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True)
    return Taken(**json.loads(made.stdout.splitlines()[-1]))


def measure(spreadsheets: int, rows: int) -> list[Taken]:
    """Return what each of the runs took."""
    google = subprocess.Popen([*_THIS, "--serve", f"{spreadsheets}x{rows}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert google.stdin
    assert google.stdout
    found = []
    with TemporaryDirectory() as folder, google:
        address = google.stdout.readline().strip()
        for _ in RUNS:
            found.append(in_its_own_process(address, spreadsheets, Path(folder)))
            print("clear", file=google.stdin, flush=True)
            said = json.loads(google.stdout.readline())
            if said["broken"] or said["refused"]:
                raise RuntimeError(f"the stand-in: {said}")
        google.stdin.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES, help="spreadsheets x rows of each, separated by commas")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--once", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(*map(int, given.serve.split("x")))
    elif given.once:
        once(given.once[0], int(given.once[1]), Path(given.once[2]), int(given.once[3]))
    else:
        titles = [f"{name}, {what}" for name in RUNS for what in ("MB", "own seconds")]
        print("\n".join(head("spreadsheets", "rows of each", "rows", "MB at the start", *titles)), flush=True)
        for size in given.sizes.split(","):
            spreadsheets, rows = map(int, size.split("x"))
            taken = measure(spreadsheets, rows)
            cells = [f"{value:,.{digits}f}" for one in taken for value, digits in ((one.peak, 0), (one.cpu, 1))]
            print(line(f"{spreadsheets:,}", rows, f"{spreadsheets * rows:,}", f"{taken[0].start:,.0f}", *cells), flush=True)


if __name__ == "__main__":
    main()
