"""How long a command takes before it does anything, and how long the whole command takes where there is nothing to do.

    .venv/bin/python -m benchmarks.startup

Each command is a process of its own, seven times; medians, of the clock on the wall and of the processor (children included).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sync.sample import DEMO_AS_OF

TIMES = 7


def measured(command: list[str], times: int, folder: Path) -> tuple[float, float]:
    """Return the medians of seconds on the wall and of processor seconds; raise CalledProcessError where the command fails."""
    walls, used = [], []
    for _ in range(times):
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, cwd=folder, capture_output=True, check=True)
        walls.append(time.perf_counter() - begin)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(walls), median(used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=TIMES)
    times = parser.parse_args().times
    donghanh = str(Path(sys.executable).parent / "donghanh")
    with TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([donghanh, "demo"], cwd=folder, capture_output=True, check=True)
        job = ["--workbooks", "demo/so-lieu", "--out", "demo/ket-qua", "--as-of", f"{DEMO_AS_OF}"]
        commands = (
            ("python, nothing else", [sys.executable, "-c", "pass"]),
            ("donghanh --help", [donghanh, "--help"]),
            ("donghanh due, eight workbooks", [donghanh, "due", *job]),
            ("donghanh run, eight workbooks, nothing changed", [donghanh, "run", *job]),
        )
        print("| command | seconds | processor seconds |\n|---|---:|---:|")
        for label, command in commands:
            wall, used = measured(command, times, folder)
            print(f"| {label} | {wall:.2f} | {used:.2f} |", flush=True)


if __name__ == "__main__":
    main()
