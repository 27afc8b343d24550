"""Several at a time, in their order, and no more than that."""

from __future__ import annotations

import os
import signal
import threading
import time
import tracemalloc

import pytest

from sync.side_by_side import side_by_side


@pytest.mark.parametrize("many", [1, 2, 3, 50])
@pytest.mark.parametrize("count", [0, 1, 2, 7, 100])
def test_each_is_done_once_and_comes_in_its_place(many: int, count: int) -> None:
    asked = list[int]()

    def square(number: int) -> int:
        asked.append(number)
        return number * number

    assert side_by_side(square, range(count), many) == [number * number for number in range(count)]
    assert sorted(asked) == list(range(count))


def test_so_many_are_at_work_at_a_time() -> None:
    """Each waits until three are there; a fourth would not be missed by the barrier, but is by the count."""
    barrier, at_work, most = threading.Barrier(3, timeout=20), set[int](), list[int]()

    def wait(number: int) -> None:
        at_work.add(number)
        most.append(len(at_work))
        barrier.wait()
        at_work.discard(number)

    side_by_side(wait, range(9), 3)
    assert max(most) <= 3


def test_what_is_raised_is_raised_and_no_more_is_begun() -> None:
    """The others finish what they have begun."""
    begun, failed = list[int](), threading.Event()

    def fail(number: int) -> None:
        begun.append(number)
        if number == 1:
            failed.set()
            raise KeyError(number)
        assert failed.wait(20)

    with pytest.raises(KeyError):
        side_by_side(fail, range(1_000), 2)
    assert len(begun) < 1_000


def test_who_interrupts_does_not_wait_for_all() -> None:
    """What was begun is finished, for it may be half a request; nothing more is begun."""
    begun, before = list[int](), signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt(number: int) -> None:
        begun.append(number)
        if number == 3:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)

    try:
        with pytest.raises(KeyboardInterrupt):
            side_by_side(interrupt, range(2_000), 2)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(begun) < 2_000


def test_what_waits_its_turn_takes_next_to_nothing() -> None:
    """A future for each took 3 KB: thirty megabytes for ten thousand spreadsheets."""
    numbers, taken = range(4_000), list[int]()

    def look(number: int) -> None:
        if number == 100:
            taken.append(tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    side_by_side(look, numbers, 4)
    tracemalloc.stop()
    assert taken[0] - before < len(numbers) * 200
