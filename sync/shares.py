"""A year's figures divided among the clusters, so that whoever tells one cluster does not look through the whole district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sync.model import Progress

_OWN = ("by_cluster", "by_unit", "compliance", "reporting_rates", "late")
"""What of the progress is some cluster's; targets, rounds and successors are the district's."""


def shares(progress: Progress) -> Callable[[str], Progress]:
    """Return what gives, for a cluster's id, the progress with only what is its own; the district's stays whole.

    Divided once, and put together for one cluster at a time: a district may have thousands.
    """
    divided = {name: _divided(getattr(progress, name)) for name in _OWN}

    def share(cluster: str) -> Progress:
        own: dict[str, Any] = {name: tuple(parts.get(cluster, ())) for name, parts in divided.items()}
        return replace(progress, **own)

    return share


def _divided(items: Iterable[Any]) -> dict[str | None, list[Any]]:
    found: dict[str | None, list[Any]] = defaultdict(list)
    for one in items:
        found[one.cluster].append(one)
    return found
