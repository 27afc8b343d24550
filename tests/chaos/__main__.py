"""The long campaign: `python -m tests.chaos --runs 1000 --seed 2027`."""

from __future__ import annotations

import argparse
import sys
import time

from tests.chaos.campaign import campaign


def main() -> int:
    """Run it and print its table; exit status 1 where anything did not hold."""
    asked = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    asked.add_argument("--runs", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=2027)
    asked.add_argument("--episode", type=int, default=None, help="this episode alone")
    asked.add_argument("--kind", action="append", help="draw from these faults alone")
    asked.add_argument("--minutes", type=float, default=float("inf"), help="no more episodes after so long")
    given = asked.parse_args()
    started = time.perf_counter()
    table = campaign(
        given.runs,
        given.seed,
        say=lambda line: print(line, file=sys.stderr, flush=True),
        stop=lambda: time.perf_counter() - started > given.minutes * 60,
        only=given.episode,
        kinds=given.kind,
    )
    print("\n".join(table.lines()))
    if table.runs < 200:
        print({kind: round(seconds / table.kinds[kind], 1) for kind, seconds in table.seconds.most_common()}, file=sys.stderr)
    print(f"\nSeed {given.seed}, {time.perf_counter() - started:.0f} s.")
    return 1 if table.violations else 0


if __name__ == "__main__":
    sys.exit(main())
