"""Fuzz the readers, the table finder, Google's answers, the configuration and the templates: `python -m tests.fuzz [--seconds N] [--seed N]`.

With atheris the code that is run guides the choices; without it they are made by lot. A find is printed with what makes it again, and ends
the run with status 1; so does an input that takes more than two seconds, or more memory than is allowed.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

try:
    import atheris
except ImportError:
    atheris = None

with atheris.instrument_imports(include=["sync"]) if atheris else nullcontext():
    from sync.edges.google.reading import FIELDS
    from tests.fuzz import oracle
    from tests.fuzz.mutate import Lot, Seeded
    from tests.google import StandIn
    from tests.google.caller import Caller
    from tests.google.workbooks import spreadsheet_of
    from tests.paper import view

MOST_SECONDS, MOST_BYTES = 2, 2_000_000_000


class _Hang(BaseException):
    """An input took longer than it may."""


class _Guided:
    """Choices out of the fuzzer's bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = atheris.FuzzedDataProvider(data)

    def number(self, below: int) -> int:
        return self._data.ConsumeIntInRange(0, max(below, 1) - 1)

    def data(self, most: int) -> bytes:
        return self._data.ConsumeBytes(self.number(most))


def _google_answer() -> dict[str, Any]:
    """Return what `spreadsheets.get` says of a sheet of the sample district."""
    with StandIn(reads=None, writes=None) as google, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "y-te.xlsx"
        path.write_bytes(oracle.whole_workbook(oracle.CLUSTER))
        file = google.add(spreadsheet_of(path, "id-y-te"))
        with Caller(google) as caller:
            return dict(caller.get(f"/v4/spreadsheets/{file}", fields=FIELDS))


def targets(folder: Path) -> list[Callable[[Lot], None]]:
    """Return what is fuzzed, each with the whole input that it breaks."""
    whole, shown = _google_answer(), view()

    def workbook(lot: Lot) -> None:
        oracle.workbook(lot, folder)

    def answer(lot: Lot) -> None:
        oracle.answer(lot, whole, folder)

    def configuration(lot: Lot) -> None:
        (folder / "config").mkdir(exist_ok=True)
        oracle.configuration(lot, folder / "config")

    def template(lot: Lot) -> None:
        (folder / "templates").mkdir(exist_ok=True)
        oracle.template(lot, shown, folder / "templates")

    return [workbook, oracle.raw_bytes, oracle.cells, answer, configuration, template]


class Campaign:
    """Runs inputs, each within its time and memory, and tells what it found."""

    def __init__(self, folder: Path, seconds: float, only: str) -> None:
        self._targets = [one for one in targets(folder) if only in one.__name__]
        self._until = time.monotonic() + seconds
        self.runs: Counter[str] = Counter()
        self.slowest: tuple[float, str] = (0.0, "")
        self.finds: dict[str, str] = {}

    def one(self, lot: Lot, again: str) -> None:
        """Run one input; ``again`` says how to make it again."""
        target = self._targets[lot.number(len(self._targets))]
        self.runs[target.__name__] += 1
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
        try:
            target(lot)
        except (Exception, _Hang) as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{target.__name__}: {type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
            if key not in self.finds:
                self.finds[key] = again
                print(
                    f"FOUND {key}: {str(error)[:200]!r}\n  again: {again}\n{''.join(traceback.format_tb(error.__traceback__)[-4:])}",
                    flush=True,
                )
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        self.slowest = max(self.slowest, (time.process_time() - began, f"{target.__name__} {again}"))
        if sum(self.runs.values()) % 200 == 0:
            gc.collect()

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self._until

    def told(self) -> str:
        """Return what the campaign came to."""
        ran = ", ".join(f"{name} {count}" for name, count in sorted(self.runs.items()))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        slowest = f"slowest {self.slowest[0]:.2f} s of processor time ({self.slowest[1][:80]})"
        return f"{sum(self.runs.values())} inputs ({ran}); {slowest}; {memory:.0f} MB at most; {len(self.finds)} finds"


def _stop(number: int, frame: Any) -> None:
    raise _Hang(f"more than {MOST_SECONDS} s")


def main() -> int:
    """Run for so long, and return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of a target's name")
    parser.add_argument("--lot", action="store_true", help="choices by lot, though there is atheris")
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    signal.signal(signal.SIGPROF, _stop)
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), given.seconds, given.only)
        if atheris and not given.lot:
            _guided(campaign, given.seed, given.seconds)
        number = 0
        while not campaign.is_over:
            campaign.one(Seeded(given.seed * 1_000_000 + number), f"Seeded({given.seed * 1_000_000 + number})")
            number += 1
        print(campaign.told())
    return 1 if campaign.finds else 0


def _guided(campaign: Campaign, seed: int, seconds: float) -> None:
    """Let the fuzzer choose, in a child, for it ends the process that it runs in."""

    def test(data: bytes) -> None:
        campaign.one(_Guided(data), hashlib.sha256(data).hexdigest()[:12] + " " + data[:60].hex())
        if campaign.is_over:
            print(f"guided: {campaign.told()}", flush=True)
            os._exit(1 if campaign.finds else 0)

    atheris.Setup(
        [sys.argv[0], f"-seed={seed}", "-max_len=4096", "-len_control=0", f"-max_total_time={int(seconds) + 30}", "-verbosity=0"], test
    )
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
