"""How many requests a minute go out: kept below Google's limit, so that in ordinary conditions nothing is refused."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW = 61.0
"""Seconds. Google counts by the minute; the one more is for requests that take different times on their way."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast, how often and how long requests are tried."""

    reads_per_minute: int = 55
    """Google allows a service account 60 a minute."""
    writes_per_minute: int = 55
    attempts: int = 7
    deadline: float = 300
    """Seconds after which a request is not tried again."""
    connect_timeout: float = 10
    read_timeout: float = 185
    """Seconds. Google itself gives up after 180."""
    longest_wait: float = 64
    """Seconds: the ceiling of the growing waits between attempts."""


class Allowance:
    """A bucket of so many tokens a minute, one for each credential and kind of request; used from many threads."""

    def __init__(
        self, per_minute: int, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._taken: deque[float] = deque(maxlen=per_minute)
        self._lock = threading.Lock()

    def take(self) -> float:
        """Wait until one more request may go out; return how long that took (seconds).

        A token comes back a minute after it was taken: no minute, wherever it begins, sees more than the limit.
        """
        with self._lock:
            now = self._clock()
            full = len(self._taken) == self._taken.maxlen
            due = max(now, self._taken[0] + _WINDOW) if full else now
            self._taken.append(due)
        if due > now:
            self._sleep(due - now)
        return due - now
