"""Answers to feedback are lost while people move, write and delete rows: a code stands in its own row or nowhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from google.oauth2.service_account import Credentials

from sync.edges.google import GoogleSheets, Pace
from sync.edges.google.client import SCOPES, Client
from sync.layout import Feedback, Verdict
from sync.model import Column
from sync.settings_values import GoogleSettings
from tests.google import Fault, StandIn
from tests.google.state import Json, Tab, new_spreadsheet

pytestmark = pytest.mark.usefixtures("units_untouched")
CLUSTER, FILE, TAB = "khoi", "id-khoi", "Hoạt động"
TITLES = ("STT", "Mã HĐ", "Đơn vị", "Tên hoạt động", "Địa điểm", "Kết quả kiểm tra")
CODE, NAME, PLACE, VERDICT = 1, 3, 4, 5
NAMES, NEW = ("một", "hai", "ba", "bốn", "năm", "sáu"), ("ba", "sáu")
"""The activities in order; the new ones are not told yet, the others bear code and verdict."""
REGISTER = {name: f"K-{number:04d}" for number, name in enumerate(NAMES, 1)}
COUNTED = "Đã tính"
Deed = Callable[["Table"], None]


@dataclass
class Table:
    """A cluster's table in the stand-in, as people see and change it; an activity is known by its name."""

    google: StandIn
    folder: Path
    typed: int = 0
    moments: Mapping[tuple[str, int], list[Deed]] = field(default_factory=dict)
    """(`before` or `after`, number of the write) → what people do then; after a write whose answer is lost nobody has looked again yet."""
    writes: int = 0

    @property
    def tab(self) -> Tab:
        """Return the tab as it is now."""
        return self.google.books[FILE].tabs[0]

    def names(self) -> dict[str, int]:
        """Return name → row, from 0."""
        return {name: row for row in sorted(self.tab.cells) if row and (name := self.text(row, NAME))}

    def text(self, row: int, column: int) -> str:
        """Return what stands in a cell."""
        return str(self.tab.cell(row, column).get("userEnteredValue", {}).get("stringValue", ""))

    def codes(self) -> dict[str, str]:
        """Return name → code, of the rows that bear one; an empty row's name is empty."""
        return {self.text(row, NAME): code for row in sorted(self.tab.cells) if row and (code := self.text(row, CODE))}

    def edit(self, *changes: Json) -> None:
        """Change it as a person does."""
        self.google.edit(FILE, changes)

    def put(self, row: int, column: int, text: str) -> None:
        """Type something into a cell."""
        start = {"sheetId": self.tab.id, "rowIndex": row, "columnIndex": column}
        cell = {"userEnteredValue": {"stringValue": text}}
        self.edit({"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}})

    def type_at(self, row: int) -> None:
        """Insert a row here and type a new activity into it."""
        self.typed += 1
        self.edit({"insertDimension": {"range": self._rows(row), "inheritFromBefore": False}})
        self.fill(row, f"gõ thêm {self.typed}")

    def fill(self, row: int, name: str) -> None:
        """Type an activity into an empty row."""
        for column, text in ((2, "Đoàn trường"), (NAME, name), (PLACE, "Sân trường")):
            self.put(row, column, text)

    def delete(self, row: int) -> None:
        """Delete a row."""
        self.edit({"deleteDimension": {"range": self._rows(row)}})

    def move(self, row: int, to: int) -> None:
        """Move a row before another."""
        self.edit({"moveDimension": {"source": self._rows(row), "destinationIndex": to}})

    def sort(self, column: int, order: str) -> None:
        """Sort the whole table."""
        place = {"sheetId": self.tab.id, "startRowIndex": 1, "endRowIndex": max(self.names().values()) + 1}
        place |= {"startColumnIndex": 0, "endColumnIndex": len(TITLES)}
        self.edit({"sortRange": {"range": place, "sortSpecs": [{"dimensionIndex": column, "sortOrder": order}]}})

    def _rows(self, row: int) -> Json:
        return {"sheetId": self.tab.id, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}

    def home(self) -> GoogleSheets:
        """Return a fresh home, at whose writes people do what `moments` says."""
        credentials = Credentials.from_service_account_file(str(self.google.key_file(self.folder)), scopes=list(SCOPES))
        client = Client(credentials, endpoint=self.google.url, pace=Pace(10**5, 10**5, attempts=3), sleep=lambda seconds: None)
        carried_out = client.change

        def change(*given: object, **more: object) -> dict[str, object]:
            self.writes += 1
            number = self.writes
            self._happen("before", number)
            try:
                return carried_out(*given, **more)
            finally:
                self._happen("after", number)

        client.change = change
        return GoogleSheets(client, GoogleSettings("master", {CLUSTER: FILE}), self.folder / "out", as_of=date(2025, 12, 5))

    def _happen(self, when: str, number: int) -> None:
        for deed in self.moments.get((when, number), ()):
            deed(self)

    def lose(self, answers: int, **fault: object) -> None:
        """Let the answers to so many writes be lost, though the writes are carried out."""
        self.google.faults.script.append(Fault(**{"cut": "half", "method": "batchUpdate", "path": FILE, "times": answers, **fault}))

    def tell(self) -> None:
        """Read the table, and tell it of every row that stood there."""
        home = self.home()
        home.read(CLUSTER)
        verdicts = tuple(Verdict(row + 1, REGISTER[name], COUNTED, "ok") for name, row in self.names().items() if name in REGISTER)
        columns = {
            Column.NUMBER: 1, Column.CODE: 2, Column.UNIT: 3, Column.NAME: 4, Column.PLACE: 5, Column.VERDICT: 6,
        }  # fmt: skip
        home.write_feedback(Feedback(CLUSTER, TAB, 1, columns, verdicts=verdicts))

    def misplaced(self) -> dict[str, str]:
        """Return name → code of each row that bears a code that is not its own."""
        return {name: code for name, code in self.codes().items() if REGISTER.get(name) != code}


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    """Six activities, of which two bear no code yet."""
    with StandIn(reads=None, writes=None) as google:
        yield laid_out(google, tmp_path)
        assert google.broken == []


def laid_out(google: StandIn, folder: Path) -> Table:
    """Lay the table out anew."""
    book = new_spreadsheet(FILE, "Khối", tab=TAB)
    for column, title in enumerate(TITLES):
        book.tabs[0].put(0, column, {"userEnteredValue": {"stringValue": title}})
    google.add(book)
    table = Table(google, folder)
    for row, name in enumerate(REGISTER, 1):
        table.fill(row, name)
        if name not in NEW:
            table.put(row, CODE, REGISTER[name])
            table.put(row, VERDICT, COUNTED)
    return table


def above(name: str) -> Deed:
    """Insert a row above this activity and type another into it."""
    return lambda table: table.type_at(table.names()[name])


def gone(name: str) -> Deed:
    """Delete an activity."""
    return lambda table: table.delete(table.names()[name])


def edited(name: str) -> Deed:
    """Write something else into one of its cells."""
    return lambda table: table.put(table.names()[name], PLACE, "Nhà thiếu nhi")


def to_the_top(name: str) -> Deed:
    """Move an activity to the top of the table."""
    return lambda table: table.move(table.names()[name], 1)


def sorted_by_name(table: Table) -> None:
    """Sort the table by its activities' names."""
    table.sort(NAME, "DESCENDING")


BEFORE, AFTER, NEXT = ("before", 1), ("after", 1), ("before", 2)
WAYS: dict[str, dict[tuple[str, int], list[Deed]]] = {
    # A row was typed where a code is written; then it moves on, and the activity that the code belongs to is gone or was edited.
    "moved on, and gone": {BEFORE: [above("ba")], AFTER: [above("một"), gone("ba")]},
    "moved on, and edited": {BEFORE: [above("ba")], AFTER: [above("một"), edited("ba")]},
    "moved on, and there": {BEFORE: [above("ba")], AFTER: [above("một")]},
    "moved to the top": {BEFORE: [above("ba")], AFTER: [to_the_top("gõ thêm 1"), gone("ba")]},
    "sorted": {BEFORE: [above("ba")], AFTER: [sorted_by_name, gone("sáu")]},
    "edited before the write": {BEFORE: [above("ba"), edited("ba")], AFTER: [above("hai")]},
    # It moves on only when everybody has looked, before the code is taken away from it.
    "moved on before it is mended": {BEFORE: [above("ba")], AFTER: [gone("ba")], NEXT: [above("một")]},
    "edited before it is mended": {BEFORE: [above("ba")], NEXT: [above("một"), edited("ba")]},
    "at every moment": {BEFORE: [above("ba")], AFTER: [above("một"), gone("ba")], NEXT: [above("hai"), gone("sáu")]},
    "the moved rows are back where they were": {BEFORE: [above("ba")], AFTER: [to_the_top("gõ thêm 1"), gone("một")]},
}


@pytest.mark.parametrize("lost", [0, 1, 2])
@pytest.mark.parametrize("way", list(WAYS))
def test_no_row_keeps_a_code_that_is_not_its_own(table: Table, way: str, lost: int) -> None:
    """Whether the answer came, was lost, or was lost twice: rows typed meanwhile bear none, and the others' own codes stay."""
    table.moments = WAYS[way]
    table.lose(lost)
    table.tell()
    assert table.misplaced() == {}
    assert {name: code for name, code in table.codes().items() if name not in NEW} == {
        name: REGISTER[name] for name in table.names() if name in REGISTER and name not in NEW
    }


def titled(table: Table) -> None:
    """Put a row with a title above the header."""
    table.edit({"insertDimension": {"range": table._rows(0), "inheritFromBefore": False}})
    table.put(0, 0, "BẢNG HOẠT ĐỘNG")


def widened(table: Table) -> None:
    """Put a column of their own at the left."""
    place = {"sheetId": table.tab.id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    table.edit({"insertDimension": {"range": place, "inheritFromBefore": False}})
    table.put(0, 0, "Đợt")


def renamed(table: Table) -> None:
    """Give the tab another name."""
    properties = {"sheetId": table.tab.id, "title": "Hoạt động 2025"}
    table.edit({"updateSheetProperties": {"properties": properties, "fields": "title"}})


@pytest.mark.parametrize("change", [titled, widened, renamed])
def test_what_was_written_is_taken_back_where_no_row_can_be_recognised(table: Table, change: Deed) -> None:
    """The answer is lost, and the header, the columns or the tab are others by then: nobody knows whose row bears what was written."""
    table.moments = {BEFORE: [above("ba")], AFTER: [change]}
    table.lose(1)
    table.tell()
    words = {cell.get("userEnteredValue", {}).get("stringValue") for line in table.tab.cells.values() for cell in line.values()}
    assert words & set(REGISTER.values()) == {REGISTER[name] for name in ("một", "hai", "bốn")}  # that of "năm" was written over


def test_a_code_is_not_left_where_the_look_fails_for_a_while(table: Table) -> None:
    """The answer to the write is lost, then two of those to the look: the third one tells."""
    table.moments = {BEFORE: [above("ba")], AFTER: [above("một"), gone("ba")]}
    table.lose(1)
    table.moments[AFTER].append(lambda table: table.lose(2, method="spreadsheets.get"))
    table.tell()
    assert table.misplaced() == {}


def test_a_row_that_was_edited_meanwhile_keeps_its_code(table: Table) -> None:
    """The program knows nothing more of it, and takes away only what it wrote itself in this run."""
    table.moments = {BEFORE: [above("ba"), edited("bốn")], AFTER: [edited("hai"), gone("ba")]}
    table.lose(1)
    table.tell()
    assert table.misplaced() == {}
    assert {"một", "hai", "bốn"} <= table.codes().keys()


def drawn(lot: random.Random) -> dict[tuple[str, int], list[Deed]]:
    """Return what people do around the first writes, by lot."""

    def some(table: Table) -> int:
        return lot.choice(sorted(table.names().values()))

    deeds: list[Deed] = [
        lambda table: table.type_at(some(table)), lambda table: table.delete(some(table)), lambda table: table.move(some(table), lot.randint(1, 6)),
        lambda table: table.sort(lot.choice([NAME, PLACE]), lot.choice(["ASCENDING", "DESCENDING"])),
        lambda table: table.put(some(table), PLACE, f"Nơi {lot.randint(1, 10**6)}"),
    ]  # fmt: skip
    moments = {
        (when, number): [lot.choice(deeds) for _ in range(lot.choice([0, 1, 1, 2]))] for number in (1, 2, 3) for when in ("before", "after")
    }
    return moments | {BEFORE: [above("ba"), *moments[BEFORE]]}


def test_whatever_people_do_and_however_many_answers_are_lost(tmp_path: Path) -> None:
    """No row bears another's code, and an activity that stands there as it was read bears its own, or none where it is new."""
    for seed in range(60):
        lot = random.Random(seed)
        with StandIn(reads=None, writes=None) as google:
            table = laid_out(google, tmp_path)
            table.moments = drawn(lot)
            table.lose(lot.choice([0, 1, 1, 2, 3]))
            table.tell()
            assert table.misplaced() == {}, seed
            as_read = {name for name, row in table.names().items() if name in REGISTER and table.text(row, PLACE) == "Sân trường"}
            assert as_read - set(NEW) <= table.codes().keys(), seed
            assert google.broken == []
