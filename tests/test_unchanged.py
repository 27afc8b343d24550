"""A run that has seen all of it before makes nothing again, says the same, and is not taken in by anything that did change."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from sync.edges.google import GoogleSheets
from sync.edges.outbox import Documents, Outbox
from sync.layout import DATA_TAB
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, RunResult, run
from sync.sample import DEMO_AS_OF
from sync.settings import load_settings
from sync.site.values import PAGE
from tests.test_google_home import CLUSTER, District, another_district, district, plain  # noqa: F401 - a fixture

NOTHING = "nothing is new since an earlier run of this day: all that it made still stands"


class Runs:
    """Runs of the sample district over Google, each a fresh one, with what they said."""

    def __init__(self, office: District) -> None:
        self.district, self.out, self.own = office, office.folder / "out", office.folder / "mau-rieng"
        self.own.mkdir()
        self.said: list[str] = []

    def once(self, day: date = DEMO_AS_OF, home: GoogleSheets | None = None, config: Path | None = None) -> RunResult:
        """Run the main job."""
        self.said = []
        edges = Edges(home or self.district.home(day), Outbox(self.out), Documents(self.out))
        settings = load_settings(config or default_config_dir())
        return run(edges, settings, Renderer(default_templates_dir(), own=self.own), as_of=day, say=self.said.append)

    @property
    def was_short(self) -> bool:
        """Whether the last run made nothing again."""
        return NOTHING in self.said


@pytest.fixture
def runs(district: District) -> Runs:  # noqa: F811
    """Runs of which the next one has nothing to do, and knows it: told, read again, found as told."""
    found = Runs(district)
    for _ in range(4):
        found.once()
    assert found.was_short
    return found


def test_it_comes_to_the_same(runs):
    """A run that makes nothing again tells what the run before it told, every activity, finding and figure, and writes nothing."""
    seal = next(runs.out.glob(".*.json"))
    short = runs.once()
    assert runs.was_short
    seal.unlink()
    whole = runs.once()
    assert not runs.was_short
    assert short == whole
    assert short.written == ()


def verdict(runs: Runs) -> tuple[int, int, int]:
    """Return (tab, row, column) of a verdict in a cluster's spreadsheet."""
    book = runs.district.google.books[runs.district.clusters[CLUSTER]]
    for tab in book.tabs:
        for row, line in tab.cells.items():
            for column, cell in line.items():
                if str(cell.get("userEnteredValue", {}).get("stringValue", "")).startswith("Cần sửa"):
                    return tab.id, row, column
    raise AssertionError("no verdict")


def overwrite(runs: Runs) -> None:
    """A person writes over a verdict."""
    tab, row, column = verdict(runs)
    start = {"sheetId": tab, "rowIndex": row, "columnIndex": column}
    values = [{"values": [{"userEnteredValue": {"stringValue": "đã sửa"}}]}]
    runs.district.google.edit(
        runs.district.clusters[CLUSTER], [{"updateCells": {"start": start, "rows": values, "fields": "userEnteredValue"}}]
    )


def overwrite_master(runs: Runs) -> None:
    """A person writes over a figure of the master."""
    tab = runs.district.google.books["master"].titled(DATA_TAB)
    start = {"sheetId": tab.id, "rowIndex": 2, "columnIndex": 1}
    values = [{"values": [{"userEnteredValue": {"stringValue": "sửa tay"}}]}]
    runs.district.google.edit("master", [{"updateCells": {"start": start, "rows": values, "fields": "userEnteredValue"}}])


CHANGES: dict[str, Callable[[Runs], object]] = {
    "a verdict is written over": overwrite,
    "a cell of the master is written over": overwrite_master,
    "the page is gone": lambda runs: (runs.out / PAGE).unlink(),
    "the page was edited": lambda runs: (runs.out / PAGE).write_bytes(b"?"),
    "a report is gone": lambda runs: next(runs.out.glob("tien-do-*.html")).unlink(),
}


def cells_of(runs: Runs) -> dict[str, list[object]]:
    """Return the cells of every spreadsheet as they are now."""
    return {file: [tab.cells for tab in book.copy().tabs] for file, book in runs.district.google.books.items()}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_put_right(runs, change):
    """Whatever no longer stands as the program left it is made again, and then all is as it was."""
    before = {path.name: path.read_bytes() for path in runs.out.glob("*.html")}
    books = cells_of(runs)
    CHANGES[change](runs)
    result = runs.once()
    assert not runs.was_short
    assert len(result.written) == 1
    assert {path.name: path.read_bytes() for path in runs.out.glob("*.html")} == before
    assert cells_of(runs) == books


def test_another_day_template_or_setting_is_another_run(runs, tmp_path):
    """What is made follows from the day, the templates and the settings too."""
    runs.once(DEMO_AS_OF + timedelta(days=1))
    assert not runs.was_short
    template = (default_templates_dir() / "theo-doi.html.j2").read_text(encoding="utf-8")
    (runs.own / "theo-doi.html.j2").write_text(template.replace("<body", "<body data-thu", 1), encoding="utf-8")
    result = runs.once()
    assert not runs.was_short
    assert any(place.endswith(PAGE) for place in result.written)
    config = tmp_path / "config"
    config.mkdir()
    for path in default_config_dir().glob("*.yaml"):
        (config / path.name).write_bytes(path.read_bytes())
    (runs.own / "theo-doi.html.j2").unlink()
    for _ in range(3):
        runs.once()
    assert runs.was_short
    organization = config / "organization.yaml"
    text = organization.read_text(encoding="utf-8")
    name = load_settings(default_config_dir()).organization.cluster(CLUSTER).name
    assert text.count(name)
    organization.write_text(text.replace(name, f"{name} (mới)"), encoding="utf-8")
    result = runs.once(config=config)
    assert not runs.was_short
    assert result.written


def test_a_seal_that_is_damaged_is_none(runs):
    """Half a file, or something else in its place, is no reason to leave anything undone, nor to stop."""
    seal = next(runs.out.glob(".*.json"))
    for damage in (b"", b"{", b"[]", b'{"mark": 1}', b'{"mark": "x", "documents": []}', b"\xff"):
        seal.write_bytes(damage)
        runs.once()
        assert not runs.was_short
        runs.once()
        assert runs.was_short


def test_one_that_cannot_be_read_is_never_passed_over(runs):
    """As long as a spreadsheet cannot be read every run is a whole one, which says so."""
    runs.district.google.drive.files[runs.district.clusters[CLUSTER]].trashed = True
    for _ in range(3):
        result = runs.once()
        assert not runs.was_short
        assert result.needs_a_person


def test_before_anything_is_read_nothing_is_known(district):  # noqa: F811
    """Nothing is asked of Google to say so: where Drive refuses, whoever needs the listing is told, not whoever asks for the mark."""
    home = district.home()
    assert district.asked_in(home.seen) == []
    assert home.seen() is None


def test_full_reads_and_makes_all_of_it(runs):
    """`--full` takes nothing for granted."""
    home = runs.district.home()
    home._full = True
    runs.once(home=home)
    assert not runs.was_short


@pytest.mark.parametrize("lot", range(2))
def test_whatever_happens_it_comes_to_what_whole_runs_come_to(district, tmp_path_factory, lot):  # noqa: F811
    """Of two districts to which the same happens one forgets what it sealed before each run: both stand alike after each."""
    lots, day = random.Random(lot), DEMO_AS_OF
    with another_district(tmp_path_factory.mktemp("another")) as other:
        ours, forgetful = Runs(district), Runs(other)
        for happening in lots.sample(HAPPENINGS, 3):
            seed = lots.random()
            day += timedelta(days=happening is another_day)
            for each in (ours, forgetful):
                happening(each, random.Random(seed))
            for _ in range(4):
                for seal in forgetful.out.glob(".*.json"):
                    seal.unlink()
                assert plain(ours.once(day)) == plain(forgetful.once(day))
                assert not forgetful.was_short
                assert cells_of(ours) == cells_of(forgetful)
                assert pages_of(ours) == pages_of(forgetful)
            assert ours.was_short


def pages_of(runs: Runs) -> dict[str, bytes]:
    """Return every report and the page."""
    return {path.name: path.read_bytes() for path in runs.out.glob("*.html")}


def another_day(runs: Runs, lots: random.Random) -> None:
    """The day goes by."""


def a_unit_types(runs: Runs, lots: random.Random) -> None:
    """A unit writes over a cell of its table, whichever."""
    file = lots.choice(sorted(runs.district.clusters.values()))
    tab = lots.choice([tab for tab in runs.district.google.books[file].tabs if tab.cells])
    row = lots.choice(sorted(tab.cells))
    start = {"sheetId": tab.id, "rowIndex": row, "columnIndex": lots.choice(sorted(tab.cells[row]))}
    values = [{"values": [{"userEnteredValue": {"stringValue": lots.choice(["15/3", "02 chương trình", "x", ""])}}]}]
    runs.district.google.edit(file, [{"updateCells": {"start": start, "rows": values, "fields": "userEnteredValue"}}])


def a_report_goes(runs: Runs, lots: random.Random) -> None:
    """Somebody tidies up."""
    for path in sorted(runs.out.glob("*.html"))[:1]:
        path.unlink()


HAPPENINGS = (another_day, a_unit_types, a_unit_types, a_report_goes)
