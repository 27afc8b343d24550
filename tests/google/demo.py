"""The sample district in the stand-in, for `donghanh demo --google-stand-in`: the program finds this module by its entry point."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sync.settings_values import GoogleSettings
from tests.google import page
from tests.google.server import StandIn
from tests.google.workbooks import spreadsheet_of

MASTER = "tong-hop"


@dataclass(frozen=True)
class LaidOut:
    """A district that lies in the stand-in."""

    google: StandIn
    places: GoogleSettings
    environment: Mapping[str, str]
    """What the program needs to find the stand-in: address and key file."""

    @property
    def address(self) -> str:
        """Where the sheets can be looked at and typed into, as long as it serves."""
        return self.google.url

    def pages(self, folder: Path) -> list[Path]:
        """Write each spreadsheet as a page into the folder and return the files."""
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for spreadsheet in (self.places.master, *self.places.clusters.values()):
            path = folder / f"{spreadsheet}.html"
            path.write_bytes(page.spreadsheet(self.google, spreadsheet))
            written.append(path)
        return written

    def stay(self) -> None:
        """Go on serving until Ctrl+C."""
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


@contextmanager
def laid_out(workbooks: Path, keys: Path, port: int = 0) -> Iterator[LaidOut]:
    """Lay every workbook of a folder out as a spreadsheet of its name, with an empty master; the account's key goes into ``keys``."""
    with StandIn(port=port) as google:
        clusters = {path.stem: google.add(spreadsheet_of(path, path.stem)) for path in sorted(workbooks.glob("*.xlsx"))}
        google.add(title="Tổng hợp", file_id=MASTER)
        keys.mkdir(parents=True, exist_ok=True)
        environment = {"DONGHANH_GOOGLE_ENDPOINT": google.url, "GOOGLE_APPLICATION_CREDENTIALS": str(google.key_file(keys))}
        yield LaidOut(google, GoogleSettings(MASTER, clusters), environment)
