"""What a look at the set-up finds in the folder of workbooks. Nothing is written, not even to try."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from sync.doctor.facts import Place
from sync.edges.workbooks import MASTER


class WorkbooksSetup:
    """The clusters' folder, and the one that the master is written into."""

    def __init__(self, folder: Path, out: Path) -> None:
        self._folder, self._out = folder, out

    def files(self, clusters: tuple[str, ...]) -> int:
        """Return how many of these clusters have a file."""
        return sum((self._folder / f"{cluster}.xlsx").is_file() for cluster in clusters)

    def place(self, cluster: str) -> Place:
        """Return how a cluster's workbook was found; it is only ever read."""
        path = self._folder / f"{cluster}.xlsx"
        if not path.is_file():
            return Place(str(path), found=False, cause="no-file")
        if not os.access(path, os.R_OK):
            return Place(str(path), found=True, cause="no-permission")
        return Place(path.name, found=True, changed=datetime.fromtimestamp(path.stat().st_mtime, UTC))

    def master(self) -> Place:
        """Return whether the master can be put into its folder."""
        path = self._out / MASTER
        if (self._out / f"~${MASTER}").exists():
            return Place(str(path), found=True, cause="open")
        there = next((one for one in (self._out, *self._out.absolute().parents) if one.exists()), Path())
        writable = there.is_dir() and os.access(there, os.W_OK)
        return Place(str(path), found=path.exists(), may_write=writable, cause="" if writable else "no-permission")
