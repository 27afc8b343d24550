"""Several things at a time, in the order in which they were given."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Here:
    """Workers that are none: what is to be done is done by the thread that asks for it."""

    def __init__(self, many: int = 1) -> None:
        self._many = many

    @property
    def many(self) -> int:
        """How many threads may ask at a time."""
        return self._many

    @property
    def portion(self) -> int:
        """One: there is no way to go."""
        return 1

    def at_work(self, task: Callable[[T], R]) -> Callable[[T], R]:
        """Return the task itself."""
        return task


HERE = Here()


def side_by_side(function: Callable[[T], R], items: Sequence[T], many: int) -> list[R]:
    """Return function(item) of each item, in their order, so many of them at a time; what the function raises is raised here.

    Each thread takes the next item when it is done with one. (A future an item would be three kilobytes each, until the last is done.)
    """
    if many <= 1 or len(items) <= 1:
        return [function(item) for item in items]
    order, lock, found = iter(range(len(items))), Lock(), dict[int, R]()

    def following() -> int | None:
        with lock:
            return next(order, None)

    @contextmanager
    def the_last_if_it_fails() -> Iterator[None]:
        try:
            yield
        except BaseException:  # an interruption by the keyboard, too
            with lock:
                deque(order, 0)
            raise

    def work(_: int) -> None:
        with the_last_if_it_fails():
            for at in iter(following, None):
                found[at] = function(items[at])

    with ThreadPoolExecutor(many) as pool, the_last_if_it_fails():
        deque(pool.map(work, range(min(many, len(items)))), 0)
    return [found[at] for at in range(len(items))]
