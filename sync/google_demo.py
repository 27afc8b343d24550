"""The demo over Google's interface. The stand-in is a test tool of the checkout: it is found by its entry point, and not known by name."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from sync.edges.files import write_atomically
from sync.errors import UsageError
from sync.resources import default_config_dir
from sync.settings_values import GoogleSettings

GROUP = "donghanh.stand-in"


class LaidOut(Protocol):
    """A district that lies in a stand-in for Google, as long as its context lasts."""

    @property
    def places(self) -> GoogleSettings:
        """The spreadsheets there."""

    @property
    def environment(self) -> Mapping[str, str]:
        """What the program needs to find the stand-in."""

    @property
    def address(self) -> str:
        """Where people can look at the sheets and type into them."""

    def pages(self, folder: Path) -> list[Path]:
        """Write each spreadsheet as an HTML page and return the files."""

    def stay(self) -> None:
        """Go on serving until Ctrl+C."""


def stand_in(workbooks: Path, keys: Path) -> AbstractContextManager[LaidOut]:
    """Lay the workbooks of a folder out in the stand-in, its key file in ``keys``; raise UsageError where there is no stand-in."""
    for found in entry_points(group=GROUP):
        try:
            lay_out: Any = found.load()
        except ImportError:
            continue
        laid: AbstractContextManager[LaidOut] = lay_out(workbooks, keys)
        return laid
    raise UsageError("The stand-in for Google is a test tool: it is there in a checkout of the source only, after `make demo`.")


def configuration(folder: Path, laid: LaidOut) -> None:
    """Write the default configuration with the stand-in's spreadsheets into a folder."""
    shutil.copytree(default_config_dir(), folder, dirs_exist_ok=True)
    path = folder / "settings.yaml"
    lines = [f"    {cluster}: {spreadsheet}" for cluster, spreadsheet in sorted(laid.places.clusters.items())]
    named = "\n".join(["", "google:", f"  master: {laid.places.master}", "  spreadsheets:", *lines, ""])
    write_atomically(path, (default_config_dir() / "settings.yaml").read_bytes() + named.encode())
