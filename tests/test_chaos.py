"""The fault campaign in its short form; and that each of its invariants can fail."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

import pytest

from tests.chaos.campaign import campaign, leaner_stand_in
from tests.chaos.district import CLUSTERS
from tests.chaos.faults import Plan, State
from tests.chaos.invariants import Ledger, Run, breaches
from tests.chaos.people import People
from tests.chaos.plain import grid_of
from tests.chaos.world import World, laid_out
from tests.google import sheets
from tests.google.state import Tab
from tests.post_office import post_office

DAY = date(2025, 5, 31)


@pytest.mark.parametrize(("runs", "seed"), [(12, 2027)])
def test_a_short_campaign_holds(runs: int, seed: int):
    """Some daily runs with whatever the seed draws; `make chaos` runs a thousand."""
    table = campaign(runs, seed)
    assert table.violations == []
    assert table.runs == runs
    assert len(table.kinds) > 5


def test_a_folder_of_workbooks_bears_two_runs_at_once_and_runs_that_are_killed():
    """The fourth episode is one of a folder."""
    table = campaign(8, 2027, only=3, kinds=["two runs at once", "killed while a mail goes out", "full disk"])
    assert table.violations == []
    assert table.kinds["two runs at once"]


@dataclass
class After:
    """A world after its first run, in which all holds."""

    world: World
    ledger: Ledger
    run: Run

    def breaches(self) -> list[str]:
        """Return what does not hold now."""
        return breaches(self.world, State(), Ledger(good=dict(self.ledger.good), master=self.ledger.master), self.run)

    def tab(self, file: str, title: str) -> Tab:
        """Return a tab of a spreadsheet."""
        assert self.world.google
        return next(tab for tab in self.world.google.books[file].tabs if tab.title == title)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[After]:
    folder = tmp_path_factory.mktemp("chaos")
    trust = folder / "localhost.pem"
    with post_office(folder) as (office, _), leaner_stand_in(), laid_out(folder / "e", office, trust, 7, DAY, in_google=True) as world:
        lines = {one: world.lines(one) for one in ("dia-ban", "khoi", "y-te")}
        run = Run(DAY, Plan(), world.tick, None, {}, 0, lines, quiet=False)
        run.outcomes = [world.run()]
        run.last_tick = world.tick
        ledger = Ledger()
        assert breaches(world, State(), ledger, run) == []
        yield After(world, ledger, run)


@pytest.fixture
def after(first: After) -> Iterator[After]:
    """Return the world, and put it back as it was."""
    world = first.world
    assert world.google
    books, letters, outcomes = (
        {file: book.copy() for file, book in world.google.books.items()},
        list(world.office.accepted),
        first.run.outcomes,
    )
    assert first.breaches() == []
    yield first
    world.google.books.update(books)
    world.office.accepted[:] = letters
    first.run.outcomes = outcomes


def _a_figure(after: After) -> None:
    tab = after.tab("master", "Theo cụm")
    row = next(number for number, cells in enumerate(grid_of(tab)) if cells and cells[0] == "Khu vực Địa bàn")
    tab.put(row, 5, {"userEnteredValue": {"numberValue": 99}})


def _a_day(after: After) -> None:
    tab = after.tab("master", "Theo đơn vị")
    tab.put(1, 0, {"userEnteredValue": {"stringValue": "Số liệu tính đến ngày 01/01/2025."}})


def _a_row(after: After) -> None:
    tab = after.tab("master", "Dữ liệu")
    del tab.cells[max(tab.cells)]


def _a_code(after: After) -> None:
    tab = after.tab("id-khoi", "Hoạt động")
    titled = {str(value): column for row in grid_of(tab) for column, value in enumerate(row) if value}
    rows = [row for row, line in tab.cells.items() if titled["Ghi chú"] in line][1:]
    one, other = (tab.cell(row, titled["Mã HĐ"]) for row in rows[:2])
    tab.put(rows[0], titled["Mã HĐ"], other)
    tab.put(rows[1], titled["Mã HĐ"], one)


def _a_mail_twice(after: After) -> None:
    after.world.office.accepted.append(after.world.letters()[0])


def _a_mail_lost(after: After) -> None:
    after.world.office.accepted.pop()


def _a_mail_from_nowhere(after: After) -> None:
    stray = EmailMessage()
    stray["X-Donghanh-Key"] = "nam/2020/v1/x@example.org"
    after.world.office.accepted.append(stray)


def _a_status(after: After) -> None:
    after.run.outcomes = [type(one)(1, one.out, one.err) for one in after.run.outcomes]


def _a_traceback(after: After) -> None:
    after.run.outcomes = [type(one)(1, one.out, "Traceback (most recent call last):\nKeyError: 1") for one in after.run.outcomes]


def _no_master(after: After) -> None:
    assert after.world.google
    after.world.google.books["master"].tabs.remove(after.tab("master", "_bo_nho"))


TAMPERED: dict[Callable[[After], None], str] = {
    _a_figure: "its figures are", _a_day: "of different days", _a_row: "its rows are not those", _a_code: "bears", _a_mail_twice: "mailed 2 times",
    _a_mail_lost: "never arrived", _a_mail_from_nowhere: "does not know of it", _a_status: "nothing says why", _a_traceback: "KeyError",
    _no_master: "the master is gone",
}  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda one: one.__name__.strip("_"))
def test_each_breach_is_seen(after: After, tamper: Callable[[After], None]):
    """What the campaign found to hold, made wrong by hand."""
    tamper(after)
    assert any(TAMPERED[tamper] in one for one in after.breaches())


def test_a_write_to_a_unit_s_cell_is_seen(after: After):
    """The program's own way in, with a cell that is not its own."""
    google = after.world.google
    assert google
    tab = after.tab("id-y-te", "Hoạt động")
    start = {"sheetId": tab.id, "rowIndex": max(tab.cells), "columnIndex": 2}
    cell = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "?"}}]}], "start": start, "fields": "userEnteredValue"}
    sheets.applied(google.books["id-y-te"], [{"updateCells": cell}], google.account.email)
    assert any("differs" in one for one in after.breaches())


def test_people_are_the_same_for_the_same_seed():
    """A violation can be looked at again."""
    books = [People(random.Random(3), DAY).new_book(CLUSTERS[0]) for _ in range(2)]
    assert grid_of(books[0].tabs[0]) == grid_of(books[1].tabs[0])
