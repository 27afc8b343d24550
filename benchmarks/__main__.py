"""Every benchmark, one after the other, in one run, as one Markdown document; an hour and a half on two cores, which should be idle.

    .venv/bin/python -m benchmarks > measured.md

It says on which machine and at which commit; a benchmark that fails ends the run with its exit status.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import sync

PARTS = (
    ("Start-up", ["-m", "benchmarks.startup"]),
    ("The pipeline", [str(Path(__file__).parent / "pipeline.py"), "--times", "3"]),
    ("The pipeline, by rows", [str(Path(__file__).parent / "pipeline.py"), "--scale", "10000,100000,400000"]),
    ("By threads, processes and Dask", ["-m", "benchmarks.workers"]),
    ("Memory", ["-m", "benchmarks.memory"]),
    ("Over Google Sheets", ["-m", "benchmarks.google_sheets"]),
)


def main() -> int:
    """Run all; return the first exit status that is not 0."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    print(
        f"donghanh {sync.__version__} ({commit or 'no repository'}), Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}"
    )
    for title, arguments in PARTS:
        print(f"\n## {title}\n", flush=True)
        status = subprocess.run([sys.executable, *arguments], check=False).returncode
        if status:
            print(f"\nended with {status}", flush=True)
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
