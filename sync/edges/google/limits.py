"""How many requests a minute go out: kept below Google's limits, so that in ordinary conditions nothing is refused."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_WINDOW = 61.0
"""Seconds. Google counts by the minute; the one more is for requests that take different times on their way."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast, how often and how long requests are tried."""

    reads_per_minute: int = 55
    """Google allows a service account 60 a minute."""
    writes_per_minute: int = 55
    project_reads_per_minute: int = 275
    """Google allows all accounts of a project together 300 a minute."""
    project_writes_per_minute: int = 275
    attempts: int = 7
    deadline: float = 300
    """Seconds after which a request is not tried again."""
    connect_timeout: float = 10
    read_timeout: float = 185
    """Seconds. Google itself gives up after 180."""
    longest_wait: float = 64
    """Seconds: the ceiling of the growing waits between attempts."""


class Allowance:
    """So many requests in any minute, wherever it begins: one for each account, and one for each project, and kind of request."""

    def __init__(self, per_minute: int) -> None:
        self._limit = per_minute
        self._taken: list[float] = []
        """Moments at which requests go out, in order; some are still to come."""

    def earliest(self, moment: float) -> float:
        """Return the first moment from ``moment`` on at which one more request keeps every minute within the limit."""
        while (later := self._after_a_full_minute(moment)) is not None:
            moment = later
        return moment

    def _after_a_full_minute(self, moment: float) -> float | None:
        """Return when a minute ends that is full and would hold the moment, `None` where there is no such minute."""
        taken, limit = self._taken, self._limit
        at = bisect_left(taken, moment)
        for first in range(min(at, len(taken) - limit), max(at - limit, 0) - 1, -1):
            if max(taken[first + limit - 1], moment) < min(taken[first], moment) + _WINDOW:
                return taken[first] + _WINDOW
        return None

    def note(self, moment: float, now: float) -> None:
        """Count a request that goes out at the moment; what is older than a minute is forgotten."""
        insort(self._taken, moment)
        del self._taken[: bisect_left(self._taken, now - _WINDOW)]


class Turns:
    """Gives each request the first moment at which every allowance that it falls under has room; used from many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()

    def first(self, allowances: Sequence[Allowance]) -> float:
        """Return the moment that `take` would give now."""
        with self._lock:
            return self._first(allowances)

    def take(self, allowances: Sequence[Allowance]) -> float:
        """Return the moment at which one more request goes out, and count it."""
        with self._lock:
            moment = self._first(allowances)
            for one in allowances:
                one.note(moment, self._clock())
            return moment

    def wait(self, moment: float) -> float:
        """Return at the moment; say how long that took (seconds)."""
        seconds = max(moment - self._clock(), 0.0)
        if seconds:
            self._sleep(seconds)
        return seconds

    def _first(self, allowances: Sequence[Allowance]) -> float:
        moment, before = self._clock(), -1.0
        while moment != before:
            before = moment
            for one in allowances:
                moment = one.earliest(moment)
        return moment
