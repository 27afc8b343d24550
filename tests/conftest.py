"""Shared settings of the tests: hypothesis takes its time on a slow machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("project", deadline=None)
settings.load_profile("project")
