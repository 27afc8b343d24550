"""The sample district holds the mistakes that it says, and no others (issue of the demo)."""

from __future__ import annotations

from pathlib import Path

from sync.check import check
from sync.edges.workbooks import Workbooks
from sync.normalise import Reader
from sync.personal import mask
from sync.pull import pull
from sync.resources import default_config_dir
from sync.sample import DEMO_AS_OF, lay_out, planted
from sync.settings import load_settings


def test_every_planted_mistake_is_found_and_no_other(tmp_path: Path) -> None:
    """The program's findings on the sample are exactly the planted ones, cell by cell."""
    lay_out(tmp_path / "so-lieu")
    settings = load_settings(default_config_dir())
    home = Workbooks(tmp_path / "so-lieu", tmp_path / "out", max_uncompressed_bytes=10**8, mask=mask)
    reader = Reader(settings.plan, settings.organization)
    readings = [reader.read(sheet, as_of=DEMO_AS_OF) for sheet in pull([one.id for one in settings.organization.clusters], home)]
    data = check(readings, plan=settings.plan, organization=settings.organization, as_of=DEMO_AS_OF)
    found = {(one.cluster, one.cell, one.code) for cluster in data for one in cluster.findings}
    assert found == {(one.cluster, one.cell, one.code) for one in planted()}
    assert len(found) >= 25
    assert sum(len(cluster.activities) for cluster in data) >= 130


def test_laying_out_twice_changes_nothing(tmp_path: Path) -> None:
    """The same bytes each time, and a file that a person has corrected stays as it is."""
    first = lay_out(tmp_path)
    before = {path: path.read_bytes() for path in first}
    assert len(first) == 8
    first[0].write_bytes(b"corrected")
    assert lay_out(tmp_path) == []
    assert first[0].read_bytes() == b"corrected"
    lay_out(tmp_path, overwrite=True)
    assert {path: path.read_bytes() for path in first} == before
