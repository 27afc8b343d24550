"""Several credentials: who asks next, who may see what, and who was set aside.

Each request goes to the account that can send it soonest of those that may; the first account of the configuration comes first where
several can. An account that Google lets nowhere in is set aside for the run and named; one that may not see a single spreadsheet is not
asked for that one again, and the next account is: at most once each.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sync.edges.google.credential import Asked, Credential
from sync.edges.google.limits import Allowance, Pace, Turns
from sync.edges.google.trouble import SET_UP, Cause, Named, Refusal, for_operator

_NOT_FOR_THIS_ACCOUNT = (Cause.NOT_SHARED, Cause.NOT_FOUND, Cause.PROTECTED)
"""Refusals of one file that another account may not meet."""
Lock = Callable[[], AbstractContextManager[Any]]


class _NobodyLeft(Exception):
    """Every account was asked."""


class Pool:
    """Shares requests out among accounts, from as many threads as one likes."""

    def __init__(
        self, members: Sequence[Credential], turns: Turns, pace: Pace, *, see: Callable[[Credential], None], lock: Lock = threading.Lock
    ) -> None:
        """``see`` asks Drive what an account may see, before it first takes a share of the work."""
        self.members, self._turns, self._see = tuple(members), turns, see
        self._lock = threading.Lock()
        self._seeing = {member: lock() for member in self.members}
        self._aside: dict[Credential, Refusal] = {}
        self._refused: set[tuple[Credential, str, str]] = set()
        _under_their_projects(self.members, pace)

    def active(self) -> list[Credential]:
        """Return the accounts that were not set aside, in the configuration's order."""
        return [member for member in self.members if member not in self._aside]

    def troubles(self) -> list[str]:
        """Return a sentence for each account that was set aside."""
        return [
            f"{for_operator(refused, Named('', member.account))} It was set aside; the other accounts did its share."
            for member, refused in self._aside.items()
        ]

    def set_aside(self, member: Credential, refused: Refusal) -> None:
        """Let the others work for an account that Google lets nowhere in; raise the refusal where it is no such, or nobody is left."""
        with self._lock:
            left = [one for one in self.active() if one is not member]
            if refused.cause not in SET_UP or not left:
                raise refused
            self._aside[member] = refused

    def ask(self, asked: Asked) -> dict[str, Any]:
        """Return the answer that the first account gets which is let in; raise Refusal."""
        tried: set[Credential] = set()
        member, moment = self._next(asked, tried)
        while True:
            try:
                return member.ask(asked, moment)
            except Refusal as refused:
                self._note(member, asked, refused)
                tried.add(member)
                try:
                    member, moment = self._next(asked, tried)
                except _NobodyLeft:
                    raise refused from None

    def _note(self, member: Credential, asked: Asked, refused: Refusal) -> None:
        """Remember what the refusal says of the account; raise it where any account would be told the same."""
        if asked.file and refused.cause in _NOT_FOR_THIS_ACCOUNT:
            with self._lock:
                self._refused.add((member, asked.file, asked.kind))
        else:
            self.set_aside(member, refused)

    def _next(self, asked: Asked, tried: set[Credential]) -> tuple[Credential, float]:
        """Return who asks, and when; raise _NobodyLeft. Whoever has no token yet gets one first: that takes no turn."""
        prepared: set[Credential] = set()
        while True:
            with self._lock:
                member = self._soonest(asked, tried)
                if member is None:
                    raise _NobodyLeft
                if member in prepared or (member.has_token and (member.listed is not None or member is self.members[0])):
                    return member, self._turns.take(member.allowances[asked.kind])
            self._prepare(member)
            prepared.add(member)

    def _soonest(self, asked: Asked, tried: set[Credential]) -> Credential | None:
        able = [one for one in self.active() if one not in tried]
        if tried or any((one, asked.file, asked.kind) not in self._refused for one in able):
            able = [one for one in able if (one, asked.file, asked.kind) not in self._refused]
        if any(_may(one, asked) for one in able):
            able = [one for one in able if _may(one, asked) or one.listed is None]
        return min(able, key=lambda one: self._turns.first(one.allowances[asked.kind]), default=None)

    def _prepare(self, member: Credential) -> None:
        """Get the account its token, and what it may see; what fails for the moment is tried again by the request itself."""
        try:
            member.ensure_token()
            if member is not self.members[0]:
                with self._seeing[member]:
                    if member.listed is None:
                        self._see(member)
        except Refusal as refused:
            if not refused.may_pass:
                self.set_aside(member, refused)


def _may(member: Credential, asked: Asked) -> bool:
    """Return whether Drive said that the account may do this."""
    right = (member.listed or {}).get(asked.file)
    return right is not None and (right or asked.kind != "write")


def _under_their_projects(members: Sequence[Credential], pace: Pace) -> None:
    """Let accounts of one project share its allowance, beside each one's own."""
    limits = {"read": pace.project_reads_per_minute, "write": pace.project_writes_per_minute}
    projects = {(member.project, kind): Allowance(limit) for member in members for kind, limit in limits.items()}
    for member in members:
        member.allowances = {kind: (own, projects[member.project, kind]) for kind, own in member.own.items()} | {"listing": ()}
