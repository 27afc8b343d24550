"""Each distinct cell is read once, and still every cell is read as if it were alone (contract section 4)."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from sync.model import Cell, CellError, Column
from sync.normalise import Reader
from sync.text import fold
from tests.district import AS_OF, good_row, organization, plan, sheet

CELLS: list[Cell] = [
    "", " ", "-", 0.0, 1.0, 3.0, True, False, 2.5, 45366.0, date(2024, 3, 15), datetime(2024, 3, 15, 8), CellError("3"), CellError("1"), "#REF!", "3", "1",
    CellError("#REF!"), "15/3/2024", "15/3", "tháng 3/2024", "An Lạc A", "Công an", "Cộng", "Hủy", "2 triệu", "~50", "0903 123 456", "https://a.example.org", "Héi thi",
]  # fmt: skip
ROW = st.dictionaries(st.sampled_from([str(column) for column in Column]), st.sampled_from(CELLS), max_size=4)


@given(st.lists(ROW, max_size=8))
def test_rows_read_together_are_read_as_if_each_stood_alone(changes: list[dict[str, Cell]]) -> None:
    """True is not 1 and an error is not its text, though Python calls them equal; a row says the same whoever stands above it."""
    lines = [good_row(**changed) for changed in changes] + [good_row()]
    together = Reader(plan(), organization())
    alone = [Reader(plan(), organization()).read(sheet(line, good_row()), as_of=AS_OF).rows for line in lines]
    for _ in range(2):  # the second time everything is remembered
        rows = together.read(sheet(*lines), as_of=AS_OF).rows
        assert rows is not None
        found = {one.row: one for one in rows.activities()}
        for number, single in enumerate(alone, 2):
            assert single is not None
            wanted = next((one for one in single.activities() if one.row == 2), None)
            assert (number in found) == (wanted is not None)
            if wanted is not None:
                assert {name: getattr(found[number], name) for name in ("unit", "target", "name", "planned", "done", "done_quantity", "status", "evidence", "note")} == {
                    name: getattr(wanted, name) for name in ("unit", "target", "name", "planned", "done", "done_quantity", "status", "evidence", "note")
                }  # fmt: skip


@given(st.text(), st.text())
def test_a_text_is_folded_word_by_word(one: str, other: str) -> None:
    """What stands in one word changes nothing about the next."""
    assert fold(f"{one} {other}") == " ".join(filter(None, (fold(one), fold(other))))
