"""Several things at a time, in the order in which they were given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
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
    """Return function(item) of each item, in their order, so many of them at a time; what the function raises is raised here."""
    if many <= 1 or len(items) <= 1:
        return [function(item) for item in items]
    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(function, items))
