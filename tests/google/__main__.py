"""Run the stand-in by hand: `python -m tests.google [FOLDER]` lays the workbooks of a folder out and serves until Ctrl+C."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.google.server import StandIn
from tests.google.workbooks import spreadsheet_of


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.google", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="folder of .xlsx files; each becomes a spreadsheet whose id is the file's name"
    )
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--reads", type=int, default=60, help="reads a minute; 0 for no limit")
    parser.add_argument("--writes", type=int, default=60, help="writes a minute; 0 for no limit")
    parser.add_argument("--latency", type=float, default=0, help="seconds before each answer")
    parser.add_argument("--storage", action="store_true", help="service accounts may own files (as people may)")
    parser.add_argument("--any-token", action="store_true", help="take every bearer token for the account's")
    parser.add_argument("--key", type=Path, default=Path("demo"), help="folder that receives the account's key file")
    given = parser.parse_args()
    google = StandIn(reads=given.reads or None, writes=given.writes or None, latency=given.latency, port=given.port)
    google.drive.storage = given.storage
    if given.any_token:
        google.access.anyone = google.account
    for path in sorted(given.folder.glob("*.xlsx")) if given.folder else ():
        google.add(spreadsheet_of(path, path.stem))
    given.key.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{google.url}\nDONGHANH_GOOGLE_ENDPOINT={google.url} GOOGLE_APPLICATION_CREDENTIALS={google.key_file(given.key)}\n")
    sys.stdout.flush()
    try:
        google.serve_forever()
    except KeyboardInterrupt:
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
