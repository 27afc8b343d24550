"""The same district read and checked by one thread, by processes, and by a Dask cluster of processes: seconds, memory, and whether all is equal.

    .venv/bin/python -m benchmarks.workers                                       # 1,000 workbooks of 100 rows
    .venv/bin/python -m benchmarks.workers --workbooks 10000 --rows 100          # a million rows; needs some 8 GB
    .venv/bin/python -m benchmarks.workers --own-names                           # without double counts in nearly every row

Each way runs in a process of its own; seconds are of the clock on the wall, from the first file to the last figure, workers hired already.
What comes out is compared to the last digit: a fingerprint over every activity, every finding and every figure.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import repeat
from pathlib import Path

from benchmarks.pipeline import AS_OF, district, make_one
from sync.district import District, district_of
from sync.edges.workbooks import Workbooks
from sync.edges.workers import hired
from sync.model import Memory
from sync.personal import mask
from sync.resources import default_config_dir
from sync.run import read_district
from sync.settings import load_settings
from sync.settings_values import WorkSettings

WAYS = ("threads", "processes", "dask")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way takes, and what comes out of it."""

    seconds: float
    rows: int
    done: int
    findings: int
    fingerprint: str
    """A mark of every activity, every finding and every figure."""
    memory: int
    """KB at the most, of the process that adds up."""


def lay_out(folder: Path, workbooks: int, rows: int, *, own_names: bool = False) -> None:
    """Make the workbooks, on all cores."""
    with ProcessPoolExecutor() as pool:
        list(pool.map(make_one, repeat(folder), range(workbooks), repeat(rows), repeat(own_names), chunksize=50))


@contextmanager
def asked_for(way: str, workers: int) -> Iterator[WorkSettings]:
    """Give the settings of a way; a Dask cluster of processes is started for it, and reached by its address as one elsewhere would be."""
    if way != "dask":
        yield WorkSettings(way, 1 if way == "threads" else workers)
        return
    from distributed import LocalCluster

    with LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as local:
        yield WorkSettings("dask", None, local.scheduler_address)


def measured(way: str, folder: Path, workbooks: int, workers: int) -> Outcome:
    """Return what one way takes and what comes out of it, measured in this process."""
    gc.disable()  # As the program does.
    plan, organization = district(workbooks)
    settings = replace(load_settings(default_config_dir()), plan=plan, organization=organization)
    home = Workbooks(folder, folder / "out", max_uncompressed_bytes=100_000_000, mask=mask)
    with asked_for(way, workers) as work, hired(work) as hands:
        hands.at_work(_warm)(None)
        begin = time.perf_counter()
        clusters = read_district(home, settings, as_of=AS_OF, memory=Memory(), workers=hands)
        whole = district_of(settings, clusters, Memory(), as_of=AS_OF, year=2025)
        seconds = time.perf_counter() - begin
    return Outcome(
        seconds=seconds,
        rows=sum(len(data.activities) for data in clusters),
        done=sum(one.done for one in whole.progress.targets),
        findings=sum(len(data.findings) for data in clusters),
        fingerprint=fingerprint(whole),
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    )


def measured_apart(way: str, folder: Path, workbooks: int, workers: int) -> Outcome:
    """Return what one way takes and what comes out of it, measured in a process of its own."""
    size = ["--folder", str(folder), "--workbooks", str(workbooks), "--workers", str(workers)]
    command = [sys.executable, "-m", "benchmarks.workers", "--way", way, *size]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def fingerprint(whole: District) -> str:
    """Return a mark of every activity, every finding and every figure."""
    digest = hashlib.blake2b(digest_size=8)
    for data in whole.clusters:
        digest.update(repr(data).encode())
    digest.update(repr(whole.progress).encode())
    return digest.hexdigest()


def _warm(item: object) -> None:
    """Do nothing, at a worker that has started then."""
    del item


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workbooks", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--own-names", action="store_true", help="names that few clusters share")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        print(json.dumps(asdict(measured(given.way, given.folder, given.workbooks, given.workers))))
        return
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name), given.workbooks, given.rows, own_names=given.own_names)
        compare(Path(name), given.workbooks, given.workers)


def compare(folder: Path, workbooks: int, workers: int) -> None:
    """Print the table; end with an error where anything differs."""
    print(f"| {workbooks:,} workbooks | seconds | times one thread | MB here | rows | done | findings | fingerprint |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    seen: list[Outcome] = []
    for way in WAYS:
        found = measured_apart(way, folder, workbooks, workers)
        seen.append(found)
        label = "one thread" if way == "threads" else f"{workers} {'processes' if way == 'processes' else 'Dask workers'}"
        print(
            f"| {label} | {found.seconds:.1f} | {seen[0].seconds / found.seconds:.2f} | {found.memory / 1024:,.0f} "
            f"| {found.rows:,} | {found.done:,} | {found.findings:,} | {found.fingerprint} |",
            flush=True,
        )
    if len({found.fingerprint for found in seen}) != 1:
        raise SystemExit("what came out differs")


if __name__ == "__main__":
    main()
