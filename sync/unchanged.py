"""Whether a run would only make again what stands there already: all that its outcome follows from, as one mark."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain

from sync.edges.interface import Spreadsheets
from sync.render import Renderer
from sync.resources import digest_of, program_digest
from sync.settings_values import Settings


def mark_of(home: Spreadsheets, settings: Settings, renderer: Renderer, *, as_of: date, accept_loss: Collection[str]) -> str | None:
    """Return the mark of a run that has read all it reads; `None` where the home does not vouch for having seen the same before.

    Two runs of one mark make the same, to the last byte: the program, its templates, the settings, the day and everything that was read
    are the same.
    """
    seen = home.seen()
    if seen is None:
        return None
    said = (program_digest(), renderer.digest(), as_of.isoformat(), *sorted(accept_loss), seen)
    return digest_of(chain(said, _of(settings)))  # of one cluster at a time


def _of(settings: Settings) -> Iterator[str]:
    """Yield what the settings say, cluster by cluster; which spreadsheets there are is part of what was seen."""
    organization = settings.organization
    yield repr(replace(settings, google=None, organization=replace(organization, clusters=())))
    yield from map(repr, organization.clusters)
