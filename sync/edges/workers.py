"""Workers in other processes, of this machine or of others, behind the one interface of `concurrent.futures`.

A task is handed over once: to processes as a file, to Dask as data that every worker gets. Where a worker is lost its clusters are done
again, by another one or, where none is left, here: a task is pure, so nothing comes out differently.
"""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from sync.edges.interface import Workers
from sync.errors import UsageError
from sync.settings_values import WorkSettings
from sync.side_by_side import Here

T = TypeVar("T")
R = TypeVar("R")
_PATIENCE = 30
"""Seconds for a scheduler to answer, and for its first worker to be there."""
_AHEAD = 2
"""Portions that are handed out for each worker: one at work, one that waits for it."""
_PORTION = 8
_LOST = (BrokenExecutor, CancelledError, OSError)
"""What says that workers were lost, and not that the task failed."""


class OnExecutor:
    """Has an executor's workers carry tasks out."""

    def __init__(
        self,
        executor: Executor,
        workers: int,
        *,
        share: Callable[[object], object],
        say: Callable[[str], None],
        lost: tuple[type[BaseException], ...] = _LOST,
    ) -> None:
        self._executor, self._many, self._share, self._say, self._lost = executor, workers * _AHEAD, share, say, lost

    @property
    def many(self) -> int:
        """How many portions to hand out at a time."""
        return self._many

    @property
    def portion(self) -> int:
        """Some: each way to a worker and back takes half a millisecond, as long as reading a small spreadsheet."""
        return _PORTION

    def at_work(self, task: Callable[[T], R]) -> Callable[[T], R]:
        """Return a function that has a worker carry out the task, and does so itself where no worker is left."""
        shared = self._share(task)

        def done(item: T) -> R:
            try:
                found: R = self._executor.submit(_carry_out, shared, item).result()
            except self._lost as error:
                self._say(f"workers were lost ({type(error).__name__}); going on in this process")
                return task(item)
            return found

        return done


def _carry_out(task: Any, item: Any) -> Any:
    """Run at the worker: the task itself, or the file that it lies in."""
    return (_loaded(task.path) if isinstance(task, Kept) else task)(item)


@dataclass(frozen=True, slots=True)
class Kept:
    """A task that lies in a file."""

    path: str


@lru_cache(maxsize=1)
def _loaded(path: str) -> Callable[[Any], Any]:
    task: Callable[[Any], Any] = pickle.loads(Path(path).read_bytes())
    return task


@contextmanager
def hired(work: WorkSettings, say: Callable[[str], None] = lambda line: None) -> Iterator[Workers]:
    """Give the workers that the configuration asks for, and let them go afterwards; raise UsageError where there are none."""
    if work.executor == "dask":
        with _dask(work.scheduler or "", say) as workers:
            yield workers
    elif work.executor == "processes":
        with _processes(work.workers or os.cpu_count() or 1, say) as workers:
            yield workers
    else:
        yield Here(work.workers or 1)


@contextmanager
def _processes(workers: int, say: Callable[[str], None]) -> Iterator[Workers]:
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    if hasattr(context, "set_forkserver_preload"):
        context.set_forkserver_preload(["sync.cluster_task"])
    numbers = count()
    with (
        TemporaryDirectory() as folder,
        ProcessPoolExecutor(workers, mp_context=context, initializer=gc.disable) as pool,
    ):  # as the program does itself: values have no cycles

        def share(task: object) -> Kept:
            path = Path(folder) / f"task-{next(numbers)}"
            path.write_bytes(pickle.dumps(task))
            return Kept(str(path))

        yield OnExecutor(pool, workers, share=share, say=say)


@contextmanager
def _dask(scheduler: str, say: Callable[[str], None]) -> Iterator[Workers]:
    try:
        from distributed import Client, KilledWorker  # noqa: PLC0415  (an extra: the program is whole without it)
    except ImportError as error:
        raise UsageError("executor: dask needs more than is installed; install donghanh[dask].") from error
    try:
        client = Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"No Dask scheduler answers at {scheduler} ({error}); check `scheduler` in settings.yaml.") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise UsageError(f"The Dask scheduler at {scheduler} has no worker; start one with `dask worker {scheduler}`.") from error
        workers = len(client.scheduler_info()["workers"])
        yield OnExecutor(
            client.get_executor(retries=_AHEAD),
            workers,
            share=lambda task: client.scatter(task, broadcast=True, hash=False),
            say=say,
            lost=(*_LOST, KilledWorker),
        )
