"""Shared settings of the tests: hypothesis takes its time on a slow machine, and a caller of whichever stand-in a module runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.google import StandIn
from tests.google.caller import Caller

settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture
def caller(google: StandIn) -> Iterator[Caller]:
    """Return a plain caller of the module's own stand-in."""
    with Caller(google) as one:
        yield one
