"""What is remembered between runs survives the way through a tab of text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sync.errors import SourceError
from sync.journal import dump, interrupted, load, with_mail, with_run
from sync.model import CodeEntry, FirstSeen, Kind, MailRecord, MailState, Memory, Period, RowCount, RunRecord
from tests.district import good_row, judge_rows

DAY = date(2024, 12, 15)
RUN = RunRecord(DAY, ("phuong",), RowCount(3, 1, 1, 1), 2, 1, "abc", "0.1.0")
MAIL = MailRecord("ket-qua/2024/dot-2/v1/a@example.org", "a@example.org", "Kết quả", DAY, MailState.CLAIMED)
MEMORY = Memory(
    runs=(RUN,),
    first_seen=(FirstSeen("dp-0", 2024, "dot-1", Kind.RESULTS, DAY),),
    codes=(CodeEntry("DBDC-0001", "phuong", None, 3, "hoi thi", Period(DAY, DAY), None, 2),),
    mails=(MAIL,),
    last_good={"phuong": judge_rows(good_row(), good_row(unit="", evidence="x"))},
)


def test_what_is_written_is_read_back() -> None:
    """Memory in, same memory out, blank rows around it or not."""
    rows = dump(MEMORY)
    assert load(rows) == MEMORY
    assert load([*rows, ["", ""]]) == MEMORY
    assert all(isinstance(cell, str) for row in rows for cell in row)


def test_a_text_that_went_on_in_the_next_cells_is_one_again() -> None:
    """A cell holds 32,767 characters, a thing of the memory may be longer: its parts stand side by side."""
    rows = [[row[0], row[1][:7], row[1][7:20], row[1][20:]] if len(row[1]) > 30 else row for row in dump(MEMORY)]
    assert max(map(len, rows)) == 4
    assert load(rows) == MEMORY


def test_no_rows_are_an_empty_memory() -> None:
    """A first run knows nothing."""
    assert load([]) == Memory()
    assert load([["", ""]]) == Memory()


@pytest.mark.parametrize(
    "rows",
    [
        [["something", "else"]],
        [["donghanh", "999"]],
        [["donghanh", "1"], ["run", "{"]],
        [["donghanh", "1"], ["new-kind", "{}"]],
        [["donghanh", "1"], ["run"]],
    ],
)
def test_a_damaged_memory_is_said_never_dropped(rows: list[list[str]]) -> None:
    """One sentence that says what to do."""
    with pytest.raises(SourceError, match="restore the master from a copy"):
        load(rows)


def test_a_claim_without_outcome_is_unknown() -> None:
    """A run died there: the state says so, other states stay."""
    sent = replace(MAIL, key="b", state=MailState.SENT)
    assert [mail.state for mail in interrupted(Memory(mails=(MAIL, sent))).mails] == [MailState.UNKNOWN, MailState.SENT]


def test_the_same_run_twice_is_remembered_once() -> None:
    """And a message has one state, the last."""
    assert with_run(with_run(Memory(), RUN), RUN).runs == (RUN,)
    assert len(with_run(with_run(Memory(), RUN), replace(RUN, errors=3)).runs) == 2
    assert with_mail(with_mail(Memory(), MAIL), replace(MAIL, state=MailState.SENT)).mails == (replace(MAIL, state=MailState.SENT),)
