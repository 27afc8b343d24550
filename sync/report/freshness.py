"""Which clusters have no fresh data, and how that is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sync.model import ClusterData, ClusterStatus
from sync.plan import Target
from sync.prose import day
from sync.report.values import MARK, Unread

_COMMAND = re.compile(r" \(--accept-loss [^)]*\)")
"""A word to whoever runs the program; the committee need not read it."""


def unread(clusters: Sequence[ClusterData], known: Mapping[str, str]) -> Iterator[Unread]:
    """Yield every cluster without fresh data, with the day of the rows that stand in and the reason."""
    for data in clusters:
        if data.status is not ClusterStatus.OK:
            yield Unread(known[data.cluster], freshness(data), spoken(data.error or "", known))


def freshness(data: ClusterData) -> str:
    """Return of which day the rows of a cluster are that could not be read now."""
    if data.status is ClusterStatus.FAILED:
        return "chưa có số liệu"
    return f"số liệu của ngày {day(data.data_as_of)}" if data.data_as_of else "số liệu của lần đọc trước"


def note(doubts: Sequence[str]) -> str:
    """Return what the mark means here; nothing where there is nothing to say."""
    return f"{MARK} {'; '.join(doubts)}." if doubts else ""


def doubts_of(target: Target, clusters: Sequence[ClusterData], known: Mapping[str, str]) -> list[str]:
    """Return the clusters without fresh data that touch this target's figures, each with the day of its rows."""
    return [
        f"{known[data.cluster]}: {freshness(data)}"
        for data in clusters
        if data.status is not ClusterStatus.OK
        and (target.is_expected_of(data.cluster) or any(row.target == target.id for row in data.activities))
    ]


def marked(name: str, data: ClusterData) -> str:
    """Return the cluster's name, with the mark where its data are not fresh."""
    return name if data.status is ClusterStatus.OK else f"{name} {MARK}"


def spoken(text: str, known: Mapping[str, str]) -> str:
    """Return a reason as people say it: clusters by their names, without the program's commands; names of files stay."""
    text = _COMMAND.sub("", text)
    for cluster, name in known.items() if text else ():
        if cluster not in text:
            continue  # a pattern for each of a thousand clusters would take longer than all the rest
        text = re.sub(rf"(?<![\w./-]){re.escape(cluster)}(?![\w-]|\.\w)", name, text)
    return text
