"""One run of the real command in a process of its own: killed between two lines or at a moment of the outside world, or short of disk."""

from __future__ import annotations

import errno
import gc
import os
import resource
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import jinja2

# What the command imports when it runs is imported here, once for all runs.
from sync import charts, cli, render, resources, run, settings, settle, text_view, working_days
from sync.edges.google import staging
from sync.edges.google.client import Client
from sync.edges.smtp import Smtp

IMPORTED = (render, run, settings, settle, text_view)
WATCHED = ("run.py", "deliver.py", "posting.py", "journal.py", "files.py", "outbox.py", "smtp.py", "workbooks.py", "home.py", "client.py", "feedback.py",
           "cache.py", "master.py")  # fmt: skip
"""The modules between whose lines a run is killed: all that touches the world."""
LONGEST = 120
"""Seconds after which a run hangs."""


@dataclass
class Ending:
    """What is done to the run itself."""

    kill_at_line: int | None = None
    """Of the lines of `WATCHED`, in the order in which they are reached."""
    largest_file: int | None = None
    """Bytes beyond which the kernel refuses to let a file grow."""
    full_from: int | None = None
    """From this flush of a file on, the disk is full."""
    small_requests: bool = False
    """Almost nothing fits into one request to the master: it is laid down in pieces first."""


@dataclass
class Outcome:
    """What a run left behind."""

    status: int | None
    """`None` where it was killed, -1 where it hung."""
    out: str = ""
    err: str = ""
    lines: int = 0


@dataclass
class Started:
    """A run on its way."""

    pid: int
    said: tuple[int, int]
    """Where what it prints can be read: a disk that is full is no matter there."""
    folder: Path
    since: float = field(default_factory=time.monotonic)

    def ended(self) -> Outcome:
        """Wait for its end; one that takes longer than it may is ended."""
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - self.since > LONGEST:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                return Outcome(-1, *self._said())
            time.sleep(0.005)
        lines = self.folder / "lines"
        counted = int(lines.read_text() or 0) if lines.exists() else 0
        return Outcome(None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status), *self._said(), counted)

    def _said(self) -> tuple[str, str]:
        return _all_of(self.said[0]), _all_of(self.said[1])


def _all_of(pipe: int) -> str:
    with os.fdopen(pipe, "rb") as file:
        return file.read().decode(errors="replace")


@contextmanager
def warm() -> Iterator[None]:
    """Do once, for all runs, what each would do anew: the holidays of the years, the templates compiled."""
    for year in range(2024, 2029):
        working_days.is_working_day(date(year, 1, 1))
    changed: Any = jinja2.Environment
    compile_once = changed.compile
    compiled: dict[Any, Any] = {}

    def compiled_before(self: Any, source: Any, name: Any = None, filename: Any = None, *others: Any) -> Any:
        if (name, filename) not in compiled:
            compiled[name, filename] = compile_once(self, source, name, filename, *others)
        return compiled[name, filename]

    changed.compile = compiled_before
    environment = render.Renderer(resources.default_templates_dir())._environment
    for template in environment.list_templates(extensions=["j2"]):
        environment.get_template(template)
    try:
        yield
    finally:
        changed.compile = compile_once


def start(arguments: Iterable[str], environment: dict[str, str], folder: Path, ending: Ending, *, count: bool = False) -> Started:
    """Begin a run; the folder takes the count of its lines."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lines").write_text("")
    out, err = os.pipe(), os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the servers' threads stay with the parent, where they belong
        pid = os.fork()
    if pid:
        os.close(out[1])
        os.close(err[1])
        return Started(pid, (out[0], err[0]), folder)
    try:
        os.dup2(out[1], 1)
        os.dup2(err[1], 2)
        _run(list(arguments), environment, folder, ending, count=count)
    finally:
        os._exit(70)


def _run(arguments: list[str], environment: dict[str, str], folder: Path, ending: Ending, *, count: bool) -> None:
    os.closerange(3, 512)  # the parent's connections are the parent's
    os.environ.update(environment)
    sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8")
    _hurry()
    if ending.small_requests:
        staging.AT_ONCE, staging.PIECE, staging._WORTH_IT = 3_000, 3_000, 500
    if ending.full_from is not None:
        _fill_disk(ending.full_from)
    if ending.largest_file is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (ending.largest_file, resource.RLIM_INFINITY))
    lines = _Lines(ending.kill_at_line)
    if count or ending.kill_at_line is not None:
        threading.settrace(lines.trace)
        sys.settrace(lines.trace)
    status = _main(arguments)
    sys.settrace(None)
    sys.stdout.flush()
    sys.stderr.flush()
    if count:
        (folder / "lines").write_text(str(lines.reached))
    os._exit(status)


def _main(arguments: list[str]) -> int:
    sys.argv = ["donghanh", *arguments]
    try:
        cli.main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
        return 99
    return 99


def _hurry() -> None:
    """Leave out what takes time and is not what is tried here: waiting, and drawing."""
    gc.disable()
    time.sleep = lambda seconds: None
    kept: Any = Client.__init__
    kept.__kwdefaults__["sleep"] = time.sleep
    posted: Any = Smtp.__init__
    posted.__kwdefaults__["wait"] = time.sleep
    cli.FORMS = ("html",)
    changed: Any = charts
    changed.for_paper = changed.for_mail = lambda *given: iter(())


def _fill_disk(first: int) -> None:
    flushed, reached = os.fsync, [0]

    def refuse(handle: int) -> None:
        reached[0] += 1
        if reached[0] >= first:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flushed(handle)

    os.fsync = refuse


class _Lines:
    """Counts the lines of the watched modules, and ends the process before one of them."""

    def __init__(self, last: int | None) -> None:
        self.reached, self._last = 0, last

    def trace(self, frame: Any, event: str, argument: Any) -> Callable[..., Any] | None:
        """Follow the frames of the watched modules alone."""
        path = frame.f_code.co_filename
        return self._line if "/sync/" in path and path.rpartition("/")[2] in WATCHED else None

    def _line(self, frame: Any, event: str, argument: Any) -> Callable[..., Any]:
        if event == "line":
            self.reached += 1
            if self.reached == self._last:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._line
