"""What says the same is one object: a cluster that did not change is not in memory twice, as an earlier run left it and as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from sync.check import Judged
from sync.model import ClusterData, Column

T = TypeVar("T")
_FIELDS = tuple(one.name for one in fields(ClusterData))
_ONE_BY_ONE = ("activities", "findings")


class Whole:
    """Makes whole what comes of a cluster, out of what is remembered of it and what other clusters have alike."""

    def __init__(self, remembered: Mapping[str, ClusterData]) -> None:
        """``remembered``: by cluster id, as earlier runs left them."""
        self._remembered = remembered
        self._columns: dict[tuple[tuple[Column, int], ...], Mapping[Column, int]] = {}

    def __call__(self, judged: Judged) -> Judged:
        """Return it with its activities."""
        whole = judged.whole()
        head = replace(whole.head, columns=self._columns.setdefault(tuple(whole.head.columns.items()), whole.head.columns))
        return replace(whole, head=as_remembered(head, self._remembered.get(head.cluster)))


def as_remembered(now: ClusterData, before: ClusterData | None) -> ClusterData:
    """Return the cluster as it is now, its parts those of ``before`` where they say the same; where all do it is ``before`` itself."""
    if before is None:
        return now
    same: dict[str, Any] = {name: old for name in _FIELDS if (old := getattr(before, name)) == getattr(now, name)}
    if len(same) == len(_FIELDS):
        return before
    single: dict[str, Any] = {name: _same(getattr(now, name), getattr(before, name)) for name in _ONE_BY_ONE if name not in same}
    return replace(now, **same, **single)


def _same(now: tuple[T, ...], before: tuple[T, ...]) -> tuple[T, ...]:
    """Return the values as they are now, those of ``before`` where the same stands at the same place."""
    return tuple(old if old == new else new for old, new in zip(before, now, strict=False)) + now[len(before) :]
