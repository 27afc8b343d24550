"""Time that passes only while everybody who works is waiting: an hour of quota costs seconds, and the same hour each time.

Threads sleep by `Simulated.sleep`. When as many sleep as there are at work, the clock jumps to the earliest waking, and that one thread
goes on: with computation taking no time at all, what is left is the time that latency and quota make.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_STUCK = 300
"""Real seconds without a step after which the simulation is wrong: somebody waits for what the clock does not know."""


class Simulated:
    """A clock, and the sleep that belongs to it."""

    def __init__(self, start: float) -> None:
        self.now = start
        self.cpu = 0.0
        """Processor seconds of the threads of `pool`."""
        self._awaiting: list[tuple[float, int]] = []
        self._number = 0
        self._working = 1
        self._changed = threading.Condition()

    def __call__(self) -> float:
        """Return the moment."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Return when so many simulated seconds have passed."""
        with self._changed:
            self._number += 1
            own = (self.now + seconds, self._number)
            heapq.heappush(self._awaiting, own)
            self._step()
            if not self._changed.wait_for(lambda: own not in self._awaiting, _STUCK):
                raise RuntimeError(f"the simulated clock stands: {len(self._awaiting)} of {self._working} sleep")

    def _step(self) -> None:
        """Wake the earliest sleeper where all who work sleep."""
        if self._awaiting and len(self._awaiting) >= self._working:
            self.now = heapq.heappop(self._awaiting)[0]
            self._changed.notify_all()

    def work(self, change: int) -> None:
        """So many more (or fewer) are at work."""
        with self._changed:
            self._working += change
            self._step()

    def lock(self) -> SimulatedLock:
        """Return a lock; who waits for it is not at work."""
        return SimulatedLock(self._changed, self)

    def pool(self, threads: int) -> SimulatedPool:
        """Return what stands in for a ThreadPoolExecutor of so many threads."""
        return SimulatedPool(self, threads)


class SimulatedLock:
    """A lock that the clock knows of."""

    def __init__(self, changed: threading.Condition, clock: Simulated) -> None:
        self._changed, self._clock, self._held, self._waiting = changed, clock, False, 0
        self._released = 0

    def __enter__(self) -> None:
        with self._changed:
            while self._held:
                self._waiting += 1
                seen = self._released
                self._clock.work(-1)
                self._changed.wait_for(lambda seen=seen: self._released != seen)
            self._held = True

    def __exit__(self, *exc: object) -> None:
        with self._changed:
            self._held = False
            self._released += 1
            self._clock.work(self._waiting)  # all who waited are at work again, before the clock can move
            self._waiting = 0
            self._changed.notify_all()


class SimulatedPool:
    """Threads that the clock knows of; as much of ThreadPoolExecutor as is used."""

    def __init__(self, clock: Simulated, threads: int) -> None:
        self._clock, self._threads, self._lock = clock, threads, threading.Lock()

    def __enter__(self) -> SimulatedPool:
        return self

    def __exit__(self, *exc: object) -> None:
        """Nothing is left over: `map` waits for its threads."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """Yield function(item) of each item, in their order."""
        found: dict[int, Any] = {}
        failed: list[BaseException] = []
        given = list(items)
        todo = iter(enumerate(given))

        def work() -> None:
            begin = time.thread_time()
            try:
                while not failed:
                    with self._lock:
                        at, item = next(todo, (-1, None))
                    if at < 0:
                        break
                    found[at] = function(item)
            except BaseException as error:  # handed on to whoever asks for the results
                failed.append(error)
            finally:
                self._clock.cpu += time.thread_time() - begin
                self._clock.work(-1)

        threads = [threading.Thread(target=work) for _ in range(min(self._threads, len(given)))]
        self._clock.work(len(threads))
        for thread in threads:
            thread.start()
        self._clock.work(-1)  # whoever waits for the threads is not at work
        for thread in threads:
            thread.join()
        self._clock.work(1)
        if failed:
            raise failed[0]
        return iter([found[at] for at in range(len(given))])
