"""A cluster that suddenly lost rows (half a table sorted, a tab deleted, pasted over): its earlier ones stay until a person confirms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from sync.model import Activity, ClusterData
from sync.settings_values import Limits
from sync.text import fold

NAMED = 5
"""So many rows are named; the others are counted."""
_Key = Callable[[Activity], object]
# A row is the same one if its name stayed, or its times did: correcting one of them is no loss.
_KEYS: tuple[_Key, ...] = (
    lambda row: (row.unit, row.target, fold(row.name or "")),
    lambda row: (row.unit, row.target, row.planned, row.done),
)


def lost_rows(last: ClusterData, now: ClusterData) -> list[Activity]:
    """Return the earlier counted rows that no counted row of now can be, in their order."""
    gone, here = _counted(last), _counted(now)
    for key in _KEYS:
        gone, here = _unmatched(gone, here, key), _unmatched(here, gone, key)
    return gone


def sudden_loss(last: ClusterData, now: ClusterData, limits: Limits) -> str | None:
    """Return the sentence that says which rows went, or `None` where fewer went than `limits` takes for ordinary work."""
    before, gone = len(_counted(last)), lost_rows(last, now)
    if before < limits.min_rows_for_loss or len(gone) < before * limits.loss_threshold:
        return None
    shown = "; ".join(f"dòng {row.row} «{row.name or 'không tên'}»" for row in gone[:NAMED])
    others = f" và {len(gone) - NAMED} dòng khác" if len(gone) > NAMED else ""
    kept = f"số liệu cũ được giữ đến khi có người xác nhận (--accept-loss {now.cluster})"
    return f"Bảng mất {len(gone)} trong {before} hoạt động đã tính lần trước: {shown}{others}; {kept}."


def _counted(data: ClusterData) -> list[Activity]:
    return [row for row in data.activities if row.counts_as_registered or row.counts_as_done]


def _unmatched(rows: Iterable[Activity], others: Iterable[Activity], key: _Key) -> list[Activity]:
    """Return the rows that are left when each of the others has taken one of its own key."""
    free, left = Counter(key(row) for row in others), []
    for row in rows:
        if free[key(row)]:
            free[key(row)] -= 1
        else:
            left.append(row)
    return left
