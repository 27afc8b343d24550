"""The JSON of an answer, read so that a large one, a master's, does not take ten times its size for a moment."""

from __future__ import annotations

import json
from typing import Any

LARGE = 1_000_000
"""Bytes from which looking for equal cells, a third more time, is worth the memory: some three hundred rows of a master."""


def decoded(data: bytes, *, large: int = LARGE) -> Any:
    """Return the value of a JSON document; raise ValueError. In a large one equal cells are one object, which nobody may change."""
    size, text = len(data), data.decode()
    del data  # whoever gives it away keeps nothing of it either
    return json.loads(text, object_hook=_Shared().one if size > large else None)


class _Shared:
    """Objects of one name and value, each of which is kept once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, type, object], dict[str, Any]] = {}

    def one(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return the object, or the equal one that was there before: `{"userEnteredValue": {"stringValue": …}}` from within."""
        if len(found) != 1:
            return found
        ((name, value),) = found.items()
        if isinstance(value, str | float | int):
            return self._known.setdefault((name, type(value), value), found)
        # What is known by its place in memory is kept here, so that no other object can come to lie there.
        return self._known.setdefault((name, dict, id(value)), found) if type(value) is dict else found
