"""The benchmark over Google counts what is promised, in simulated time."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from benchmarks.google_sheets import Measured, World, bound, measure, ours, theirs
from benchmarks.simulated import Simulated
from tests.google.server import Request

SPREADSHEETS = 8


@pytest.fixture(scope="module")
def measured() -> Measured:
    """Eight spreadsheets of three rows, of which none and all changed."""
    return measure(SPREADSHEETS, rows=3, latency=0.5, parts=(0, 0.01, 1))


def test_an_unchanged_cycle_asks_drive_once_and_reads_no_cluster(measured):
    """One listing, the master's one reading, no write."""
    cost = measured.cycles[0]
    assert (cost.drive, cost.cluster_reads, cost.reads, cost.writes) == (1, 0, 1, 0)


def test_a_changed_spreadsheet_is_one_read_and_at_most_one_write(measured):
    """And the master one of each; nothing is refused, in no cycle."""
    for part, changed in ((0.01, 1), (1, SPREADSHEETS)):
        cost = measured.cycles[part]
        assert (cost.cluster_reads, cost.reads, cost.writes - cost.cluster_writes) == (changed, changed + 1, 1)
        assert 0 < cost.cluster_writes <= changed
        after = measured.after[part]
        assert (after.drive, after.cluster_reads, after.writes) == (1, changed, 0)
    costs = [measured.first, measured.settled, *measured.cycles.values(), *measured.usual.values(), *measured.readings.values()]
    assert {cost.refused for cost in costs} == {0}


def test_the_other_ways_ask_for_every_spreadsheet_every_time(measured):
    """The usual calls of gspread and of dlt are three reads each; what donghanh saves is what the table prints."""
    gspread, dlt, paged = measured.readings.values()
    assert (gspread.reads, dlt.reads, paged.reads) == (3 * SPREADSHEETS, 3 * SPREADSHEETS, 5 * SPREADSHEETS)
    assert measured.usual[0].reads > 3 * SPREADSHEETS
    assert measured.usual[1].requests > 2 * measured.cycles[1].requests
    assert len(ours(measured)) == 2 + 2 + 1 + 2 * 2
    assert len(theirs(measured)) == 2 + 3 + 3 * 2


def test_no_cycle_is_quicker_than_its_bound(measured):
    """The bound is one."""
    for cost in [measured.first, measured.settled, *measured.cycles.values(), *measured.after.values()]:
        assert cost.bound <= cost.seconds < 60


def asked(kind: str, file: str | None, times: int = 1) -> list[Request]:
    """Return requests as the stand-in logs them."""
    return [Request(1, kind, "GET", "", "", file, None, {}, 0.0)] * times


def test_the_bound_is_what_quota_and_latency_set():
    """What waits for an answer waits, and the sixty-first request of a kind goes a minute after the first."""
    start = asked("drive", None) + asked("read", "master")
    assert bound(start, 0.5) == 0.5
    assert bound(start + asked("read", "a", 59), 0.5) == 1.0
    assert bound(start + asked("read", "a", 60), 0.5) == 60.5
    written = start + asked("read", "a", 60) + asked("write", "master") + asked("write", "a", 60)
    assert bound(written, 0.5) == 60.5 + 60 + 0.5
    assert bound(start + asked("write", "master", 4), 0.5) == 0.5 + 4 * 0.5


def test_simulated_time_passes_only_while_all_are_waiting():
    """Four pieces of work on two threads take two rounds; who waits for a lock holds nobody up."""
    clock = Simulated(0)
    lock, seen = clock.lock(), []

    def work(number: int) -> int:
        with lock:
            clock.sleep(1)
        clock.sleep(9)
        seen.append((number, clock(), threading.current_thread() is threading.main_thread()))
        return number * 2

    assert list(clock.pool(2).map(work, range(4))) == [0, 2, 4, 6]
    assert clock() == 21
    assert [(number, at) for number, at, _ in seen] == [(0, 10), (1, 11), (2, 20), (3, 21)]
    assert not any(main for _, _, main in seen)
    clock.sleep(5)
    assert clock() == 26


def test_a_failure_on_a_thread_reaches_whoever_asked():
    """As with a ThreadPoolExecutor."""
    clock = Simulated(0)
    with pytest.raises(ZeroDivisionError):
        list(clock.pool(3).map(lambda number: 1 // number, range(3)))
    clock.sleep(1)
    assert clock() == 1


def test_two_hundred_changed_spreadsheets_stay_within_a_tenth_of_what_the_quota_sets(tmp_path: Path):
    """Sixty reads and sixty writes a minute are enforced: none is refused; the same district unchanged is one listing and the master's reading."""
    with World(200, 2, 0.5, tmp_path) as world:
        cost = world.measured(world.donghanh)
        world.donghanh()
        unchanged = world.measured(world.donghanh)
    assert cost.refused == 0
    assert (cost.cluster_reads, cost.cluster_writes <= 200) == (200, True)
    assert cost.bound > 300
    assert cost.seconds <= 1.1 * cost.bound
    assert (unchanged.drive, unchanged.reads, unchanged.cluster_reads, unchanged.writes) == (1, 1, 0, 0)


def test_a_thousand_spreadsheets_cost_what_changed(tmp_path: Path):
    """Unchanged: one listing of Drive (a thousand files a page) and the master's one reading; seven changed: seven readings, at most seven writes."""
    with World(1000, 1, 0.5, tmp_path) as world:
        world.donghanh()
        world.donghanh()
        unchanged = world.measured(world.donghanh)
        world.change(0.007)
        changed = world.measured(world.donghanh)
    assert (unchanged.reads, unchanged.cluster_reads, unchanged.writes, unchanged.refused) == (1, 0, 0, 0)
    assert unchanged.drive == 2  # a thousand spreadsheets and the master: the second page holds one
    assert (changed.cluster_reads, changed.reads, changed.refused) == (7, 8, 0)
    assert changed.cluster_writes <= 7
    assert changed.drive <= 2 * unchanged.drive
