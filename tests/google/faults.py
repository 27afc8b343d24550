"""A script of faults: what goes wrong, and at which request."""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass


@dataclass
class Fault:
    """One thing that goes wrong, at the requests that match every condition given."""

    status: int | None = None
    """Answer with this status: 403, 429 (both as Google words them), 500, 503 …"""
    reason: str | None = None
    """For 403: `rateLimitExceeded`, `userRateLimitExceeded`, `storageQuotaExceeded`, `SERVICE_DISABLED`; else permission denied."""
    html: bool = False
    """The body is a page in HTML, as Google's front servers answer."""
    retry_after: int | None = None
    """Seconds in the header Retry-After."""
    delay: float = 0
    """Seconds before the answer."""
    cut: str | None = None
    """`before`: the connection is closed before anything is done; `after`: when it was done, before the answer; `half`: within the body."""
    wrong_json: bool = False
    """The answer is not JSON, with status 200."""
    carried_out: bool = False
    """With `status`: the request is carried out all the same, as 503 is known to have been."""
    numbers: tuple[int, ...] = ()
    """Only at these requests, counted from 1 over the server's life."""
    verb: str | None = None
    method: str | None = None
    """A pattern of the method's id, such as `sheets.spreadsheets.batchUpdate`, or `token`."""
    path: str | None = None
    """A pattern that the path holds."""
    probability: float = 1.0
    times: int | None = None
    """At most so often."""


class Faults:
    """The faults of one server, and the chance that decides."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self.script: list[Fault] = []
        self.struck: list[tuple[int, Fault]] = []
        """(request's number, fault) of everything that went wrong."""

    def at(self, number: int, verb: str, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this request."""
        with self._lock:
            for fault in self.script:
                if self._matches(fault, number, verb, method, path):
                    if fault.times is not None:
                        fault.times -= 1
                    self.struck.append((number, fault))
                    return fault
        return None

    def _matches(self, fault: Fault, number: int, verb: str, method: str, path: str) -> bool:
        return (
            (fault.times is None or fault.times > 0)
            and (not fault.numbers or number in fault.numbers)
            and (fault.verb is None or fault.verb == verb)
            and (fault.method is None or re.search(fault.method, method) is not None)
            and (fault.path is None or re.search(fault.path, path) is not None)
            and (fault.probability >= 1 or self._chance.random() < fault.probability)
        )
