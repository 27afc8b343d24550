"""What a reader of one cell returns: a value, and what has to be said about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding without its place yet."""

    code: str
    suggestion: str | None = None
    extra: str = ""
    """What the sentence adds, such as the nearest names."""


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value (`None` where there is none, or none that could be read) and its problems."""

    value: T | None = None
    problems: tuple[Problem, ...] = ()
    filled: bool = True
    """False where the cell says nothing: empty, or a dash or zero in a quantity."""


def unreadable(code: str, suggestion: str | None = None, extra: str = "") -> Read[Any]:
    """Return a reading that has no value and says why."""
    return Read(None, (Problem(code, suggestion, extra),))
