"""What is remembered between runs survives the way through a tab of text."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from difflib import SequenceMatcher

import pytest
from pydantic import TypeAdapter

from sync.codes import give_codes
from sync.errors import SourceError
from sync.journal import dump, interrupted, load, with_mail, with_run
from sync.model import (
    Activity,
    ClusterData,
    CodeEntry,
    Column,
    Decision,
    DigestRecord,
    FirstSeen,
    Kind,
    MailRecord,
    MailState,
    Memory,
    Period,
    RowCount,
    RunRecord,
)
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


def decision(key: str) -> Decision:
    """Return a decision about a finding."""
    return Decision(key, "đúng, bỏ qua", "", DAY, judge_rows(good_row(unit="")).findings[0])


def test_what_is_written_is_read_back() -> None:
    """Memory in, same memory out, blank rows around it or not."""
    rows = dump(MEMORY)
    assert load(rows) == MEMORY
    assert load([*rows, ["", ""]]) == MEMORY
    assert all(isinstance(cell, str) for row in rows for cell in row)


def coded(*names: str, cluster: str = "phuong") -> Memory:
    """Return the memory of a cluster whose activities have these names, with their codes and the days on which they were seen."""
    data, codes = give_codes(judge_rows(*(good_row(name=name) for name in names)), "DBDC", ())
    rounds = tuple(f"dot-{number}" for number in range(1, len(names) + 1))
    seen = tuple(FirstSeen("dp-0", 2024, one, Kind.RESULTS, DAY) for one in rounds)
    return Memory(first_seen=seen, codes=codes, last_good={cluster: data})


def test_a_code_whose_activity_is_there_has_no_row_of_its_own() -> None:
    """It follows from the activity; one whose activity is gone, or says something else now, has."""
    memory = coded("Hội thi", "Hội trại")
    assert [row[0] for row in dump(memory)] == ["donghanh", "unit-seen", "header", "sheet", "coded-activity", "coded-activity"]
    assert load(dump(memory)) == memory
    gone = replace(memory.codes[0], code="DBDC-0009")
    moved = replace(memory, codes=(replace(memory.codes[0], row=99), memory.codes[1], gone))
    assert [row[0] for row in dump(moved)] == ["donghanh", "unit-seen", "code", "code", "header", "sheet", "activity", "coded-activity"]
    assert load(dump(moved)) == moved


def test_rows_that_a_district_gave_codes_have_no_entries() -> None:
    """The codes in a district's master are the district's: a level above remembers none of them."""
    memory = replace(coded("Hội thi"), codes=())
    assert load(dump(memory)) == memory


def test_a_new_activity_is_one_more_row_in_one_place() -> None:
    """Each place is an insertion of its own in Google, and there may be thousands of clusters with a new activity."""
    before, after = (dump(coded(*names)) for names in (("Hội thi", "Hội trại"), ("Hội thi", "Hội trại", "Hội thao")))
    changes = [
        one for one in SequenceMatcher(None, [repr(row) for row in before], [repr(row) for row in after]).get_opcodes() if one[0] != "equal"
    ]
    assert [(kind, high - low, new_high - new_low) for kind, low, high, new_low, new_high in changes] == [
        ("replace", 2, 2),
        ("replace", 1, 1),
        ("insert", 0, 1),
    ]  # the first row counts the others; what comes of the sheet is told in one


def test_the_clusters_of_a_run_are_named_once() -> None:
    """Each set of them: ten thousand names a day would soon be most of the master."""
    runs = tuple(replace(RUN, as_of=DAY + timedelta(number), clusters_read=("a", "b") if number != 2 else ("a",)) for number in range(5))
    rows = dump(Memory(runs=runs))
    assert [row[0] for row in rows[1:]] == ["run", "run-again", "run", "run-again", "run-again"]
    assert load(rows).runs == runs


def test_a_memory_of_the_first_format_is_read() -> None:
    """It had a row for each code and for each day on which something was seen first."""
    memory = coded("Hội thi", "Hội trại")
    first = TypeAdapter(FirstSeen), TypeAdapter(CodeEntry)
    rows = [["donghanh", "1"]]
    for kind, adapter, things in (("first-seen", first[0], memory.first_seen), ("code", first[1], memory.codes)):
        rows += [[kind, adapter.dump_json(thing).decode()] for thing in things]
    rows += [["activity" if row[0] == "coded-activity" else row[0], row[1]] for row in before_headers(memory)[2:]]
    assert load(rows) == memory
    assert load(dump(load(rows))) == memory


def before_headers(memory: Memory) -> list[list[str]]:
    """Return the rows of the second format: each cluster says its columns itself."""
    clusters = TypeAdapter(ClusterData)
    rows = [["donghanh", "2"]]
    for kind, said in dump(memory)[1:]:
        if kind == "sheet":
            head = replace(memory.last_good[json.loads(said)["cluster"]], activities=(), findings=())
            rows.append(["cluster", clusters.dump_json(head).decode()])
        elif kind != "header":
            rows.append([kind, said])
    return rows


def test_a_memory_of_the_second_format_is_read():
    """Each of its clusters said its columns, and none had a header of its own."""
    memory = replace(
        MEMORY, last_good={**MEMORY.last_good, "khac": replace(MEMORY.last_good["phuong"], cluster="khac", activities=(), findings=())}
    )
    rows = before_headers(memory)
    assert [row[0] for row in rows].count("cluster") == 2
    assert load(rows) == memory
    assert load(dump(load(rows))) == memory
    with pytest.raises(SourceError, match="'cluster' stands there twice"):
        load([*rows, next(row for row in rows if row[0] == "cluster")])
    told_both_ways = [*rows, *(row for row in dump(memory) if row[0] in ("header", "sheet"))]
    with pytest.raises(SourceError, match="'cluster' stands there twice"):
        load(told_both_ways)


def test_a_header_stands_once_for_all_sheets_that_have_it():
    """Ten thousand sheets of one form would say the same columns ten thousand times."""
    one = MEMORY.last_good["phuong"]
    other = replace(one, columns={**one.columns, Column.NOTE: 20})
    heads = {name: replace(data, cluster=name, activities=(), findings=()) for name, data in zip("abc", (one, one, other), strict=True)}
    rows = dump(Memory(last_good=heads))
    assert [row[0] for row in rows] == ["donghanh", "header", "header", "sheet", "sheet", "sheet"]
    back = load(rows).last_good
    assert back == heads
    assert back["a"].columns is back["b"].columns
    assert not any("columns" in row[1] or "lost" in row[1] for row in rows[3:])
    for at in (1, 2):
        with pytest.raises(SourceError, match=r"the header that the row of . names stands nowhere; restore the master from a copy"):
            load([["donghanh", "3"], *rows[1:at], *rows[at + 1 :]])


def test_headers_are_one_where_all_that_they_say_is_the_same():
    """The tab, the row or the columns, or only their order: whatever is another makes another header."""
    one = replace(MEMORY.last_good["phuong"], activities=(), findings=())
    backwards = dict(reversed(one.columns.items()))
    others = (replace(one, tab="Khác"), replace(one, tab=None), replace(one, header_row=7), replace(one, header_row=None))
    heads = {
        name: replace(data, cluster=name)
        for name, data in zip("abcdefgh", (one, *others, replace(one, columns={}), replace(one, columns=backwards), one), strict=True)
    }
    rows = dump(Memory(last_good=heads))
    assert [row[0] for row in rows].count("header") == 7
    back = load(rows).last_good
    assert back == heads
    assert [list(back[name].columns) for name in heads] == [list(data.columns) for data in heads.values()]


@pytest.mark.parametrize(
    ("there", "typed"), [('"row":1', '"row":5'), ('"unit":3', '"unit":4'), ("Hoạt động", "Việc"), ('"mark":"', '"mark":"0')]
)
def test_a_header_that_a_person_edited_is_damage(there: str, typed: str):
    """Every sheet with that header would have its columns."""
    rows = dump(MEMORY)
    edited = [[kind, said.replace(there, typed) if kind == "header" else said] for kind, said in rows]
    assert edited != rows
    with pytest.raises(SourceError, match=r"the row of the header .* is not as it was written; restore the master from a copy"):
        load(edited)


def test_what_a_sheet_seldom_has_is_remembered():
    """Rows that went, decisions, an error: said where there are any."""
    one = MEMORY.last_good["phuong"]
    data = replace(
        one, error="không đọc được", lost=one.activities[:1], dropped=one.findings[:1], rows=RowCount(), data_as_of=None, tab=None
    )
    rows = dump(Memory(last_good={"phuong": data}))
    assert load(rows).last_good["phuong"] == data
    activities = [json.loads(said) for kind, said in rows if kind == "activity"]
    assert [one.keys() for one in activities] == [{field.name for field in fields(Activity)}] * len(data.activities)


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
        [["donghanh", "2"], ["run-again", dump(Memory(runs=(RUN,)))[1][1]]],
        [["donghanh", "2 x"]],
        [["donghanh", "2 1"]],
        [["donghanh", "2 ²"]],
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


def runs_of(*read: tuple[str, ...]) -> tuple[RunRecord, ...]:
    """Return a run a day that read these clusters."""
    return tuple(replace(RUN, as_of=DAY + timedelta(number), clusters_read=one) for number, one in enumerate(read))


def what_is_read(rows: list[list[str]]) -> dict[date, tuple[str, ...]]:
    """Return day → clusters of each run; nothing where the rows are refused, which is as good."""
    try:
        return {one.as_of: one.clusters_read for one in load(rows).runs}
    except SourceError:
        return {}


def test_no_run_reads_what_another_one_read():
    """Not even where a person deleted the row of a run, or sorted the hidden tab: who was late follows from the days of reading."""
    runs = runs_of(("a", "b"), ("a",), ("a",), ("a", "b"), ("a", "b"))
    rows, told = dump(Memory(runs=runs)), {one.as_of: one.clusters_read for one in runs}
    for left_out in range(1, len(rows)):
        assert what_is_read(rows[:left_out] + rows[left_out + 1 :]).items() <= told.items(), left_out
    for backwards in (False, True):
        ordered = [rows[0], *sorted(rows[1:], key=lambda row: row[0], reverse=backwards)]
        assert what_is_read(ordered).items() <= told.items(), backwards


def test_what_was_told_last_is_last_in_whatever_order_the_rows_stand():
    """A letter says what changed since the one before it, by the days and not by the names of the letters."""
    told = tuple(DigestRecord(f"{name}/2024", DAY + timedelta(days), 2024, ((3, days, 1),), 2) for days, name in enumerate("zbya"))
    rows = dump(Memory(digests=told))
    assert load([rows[0], *sorted(rows[1:])]).digests == told
    assert load([rows[0], *sorted(rows[1:], reverse=True)]).digests == told


def test_a_cluster_that_stands_there_twice_is_damage():
    """A person copied the row of its head: the memory is refused, also one whose rows nobody counted."""
    rows = dump(coded("Hội thi", "Hội trại"))
    twice = [["donghanh", "2"], *rows[1:], next(row for row in rows if row[0] == "sheet")]
    with pytest.raises(SourceError, match="'sheet' stands there twice"):
        load(twice)


def left_out(rows: list[list[str]]) -> list[list[list[str]]]:
    """Return the rows without each one in turn, but for the first."""
    return [rows[:at] + rows[at + 1 :] for at in range(1, len(rows))]


def test_a_row_that_a_person_deleted_is_missed():
    """Whichever it was: without it a message would go twice, a number be given twice, or a unit be late that was not."""
    rows = dump(replace(MEMORY, decisions=(decision("k"),), digests=(DigestRecord("ket-qua", DAY, 2024, ((3, 1, 1),), 2),)))
    assert {row[0] for row in rows} == {
        "donghanh", "run", "unit-seen", "code", "mail", "digest", "decision", "header", "sheet", "activity", "finding"
    }  # fmt: skip
    for damaged in (*left_out(rows), [*rows, rows[-1]], [*rows[:3], *rows[5:]]):
        with pytest.raises(SourceError, match=rf"{len(damaged) - 1} rows stand there.* {len(rows) - 1} were written"):
            load(damaged)


def test_rows_that_were_pasted_over_others_are_damage():
    """There are as many as before, and one of them twice."""
    memory = replace(MEMORY, decisions=(decision("k"), decision("l")), digests=(DigestRecord("ket-qua", DAY, 2024, ((3, 1, 1),), 2),))
    rows = dump(replace(memory, codes=(*memory.codes, *coded("Hội thi").codes), runs=runs_of(("a", "b"), ("a", "b"), ("a",))))
    for source in range(1, len(rows)):
        for target in {1, len(rows) - 1, source - 1, source + 1} - {0, source, len(rows)}:
            if "finding" not in (rows[source][0], rows[target][0]):
                with pytest.raises(SourceError, match=r"stands? (there twice|nowhere)|no row of"):
                    load([*rows[:target], rows[source], *rows[target + 1 :]])


def test_rows_of_a_cluster_that_has_none_itself_are_damage():
    """Also where nobody counted the rows, as before this format counted them: they would be dropped without a word."""
    rows = dump(coded("Hội thi", "Hội trại"))
    for head in ("1", "2"):
        kinds = {"coded-activity": "activity", "unit-seen": "unit-seen"} if head == "1" else {}
        uncounted = [["donghanh", head], *([kinds.get(row[0], row[0]), row[1]] for row in rows[1:] if row[0] != "sheet")]
        with pytest.raises(SourceError, match=r"no row of phuong itself.*restore the master from a copy"):
            load(uncounted)
    alone = dump(Memory(last_good={"phuong": judge_rows(good_row(unit=""))}))
    without = [["donghanh", "2"], *(row for row in alone[1:] if row[0] == "finding")]
    assert len(without) > 1
    with pytest.raises(SourceError, match="no row of phuong itself"):
        load(without)


def test_a_memory_whose_rows_nobody_counted_is_read():
    """As earlier programs left it."""
    rows = dump(MEMORY)
    assert load([["donghanh", "2"], *rows[1:]]) == MEMORY
