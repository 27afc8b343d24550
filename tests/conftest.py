"""Shared settings of the tests: hypothesis takes its time on a slow machine, and a caller of whichever stand-in a module runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.google import StandIn, guard, sheets
from tests.google.caller import Caller

settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture
def caller(google: StandIn) -> Iterator[Caller]:
    """Return a plain caller of the module's own stand-in."""
    with Caller(google) as one:
        yield one


@pytest.fixture
def units_untouched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold every write that reaches the stand-in, but the master's, against what belongs to the units."""
    found: list[str] = []
    carried_out = sheets.applied

    def watched(book, requests, editor=None):
        changed, replies = carried_out(book, requests, editor)
        found.extend(guard.trespasses(book, changed) if book.id != "master" else [])
        return changed, replies

    monkeypatch.setattr(sheets, "applied", watched)
    yield
    assert found == []
