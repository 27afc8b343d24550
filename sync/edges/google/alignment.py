"""Which row of a table as it stands is which row of the table as it is wanted.

Rows keep their order, so what is left over on one side was taken away, on the other added. Nothing is quadratic in the rows: what is
alike is found by looking it up, and rows are held against each other one by one only in small gaps between those.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

Line = tuple[Hashable, ...]
"""The values of one row."""
View = Callable[[Line], Hashable]
"""What of a row has to be alike for two rows to be the same; a false value is like nothing."""
_SMALL_GAP = 400
"""Pairs of rows that are compared cell by cell in one gap."""
_MOST_PAIRS = 40_000
"""The same in all gaps together."""
_CELL, _STEP = 40, 200
"""Bytes of a request that a cell takes besides its text, and a request besides its cells."""


def everything(line: Line) -> Hashable:
    """See all of a row."""
    return line if any(value is not None for value in line) else None


def words(line: Line) -> Hashable:
    """See the words of a row, not its figures and days: those change all over a table while its rows are the same."""
    return tuple([value if isinstance(value, str) else None for value in line]) if any(isinstance(value, str) for value in line) else None


def aligned(old: Sequence[Line], new: Sequence[Line], views: Sequence[View], *, identity: int | None = None) -> list[int | None]:
    """Return, for each new row, the old row that it is, `None` where it is added; the rows found are in rising order.

    ``views`` are tried one after another on what is left. ``identity`` is the column of which the value tells rows apart: rows that
    differ in it are never the same. The first row of both, the tab's title, is always the same.
    """
    found: list[int | None] = [None] * len(new)
    if old and new:
        found[0] = 0
    gaps = [_Gap(1, len(old), 1, len(new))] if old and new else []
    for view in views:
        gaps = [left for gap in gaps for left in _matched(gap, old, new, view, found)]
    budget = _MOST_PAIRS
    for gap in gaps:
        size = gap.height * gap.new_height
        if size <= min(_SMALL_GAP, budget):
            budget -= size
            _pair_closely(gap, old, new, identity, found)
        elif identity is None:
            _pair_in_order(gap, found)
    return found


@dataclass(frozen=True, slots=True)
class _Gap:
    """Rows of which nothing is known yet: `first` up to `last`, the last exclusive."""

    first: int
    last: int
    new_first: int
    new_last: int

    @property
    def height(self) -> int:
        return self.last - self.first

    @property
    def new_height(self) -> int:
        return self.new_last - self.new_first


def _matched(gap: _Gap, old: Sequence[Line], new: Sequence[Line], view: View, found: list[int | None]) -> Iterator[_Gap]:
    """Note the rows that are alike in this view; yield the gaps between them."""
    then = [view(line) for line in old[gap.first : gap.last]]
    now = [view(line) for line in new[gap.new_first : gap.new_last]]
    pairs = _common(then, now)
    for one, other in pairs:
        found[gap.new_first + other] = gap.first + one
    at, new_at = gap.first, gap.new_first
    for one, other in (*pairs, (gap.height, gap.new_height)):
        left = _Gap(at, gap.first + one, new_at, gap.new_first + other)
        if left.height and left.new_height:
            yield left
        at, new_at = gap.first + one + 1, gap.new_first + other + 1


def _common(then: Sequence[Hashable], now: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return rising pairs of places that say the same: at the beginning, at the end, and what can be looked up between."""
    head = 0
    while head < min(len(then), len(now)) and then[head] and then[head] == now[head]:
        head += 1
    tail = 0
    while tail < min(len(then), len(now)) - head and then[-1 - tail] and then[-1 - tail] == now[-1 - tail]:
        tail += 1
    pairs = [(at, at) for at in range(head)]
    pairs += _grown(then, now, _looked_up(then, now, head, tail), head, tail)
    pairs += [(len(then) - at, len(now) - at) for at in range(tail, 0, -1)]
    return pairs


def _looked_up(then: Sequence[Hashable], now: Sequence[Hashable], head: int, tail: int) -> list[tuple[int, int]]:
    """Return the longest rising run of pairs, the first of a kind with the first of it, the second with the second."""
    seen: dict[Hashable, int] = {}
    places: dict[tuple[Hashable, int], int] = {}
    for at in range(head, len(then) - tail):
        if key := then[at]:
            number = seen[key] = seen.get(key, 0) + 1
            places[key, number] = at
    seen.clear()
    pairs = []
    for at in range(head, len(now) - tail):
        if key := now[at]:
            number = seen[key] = seen.get(key, 0) + 1
            if (there := places.get((key, number))) is not None:
                pairs.append((there, at))
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest selection of which the old places rise too (the new ones do)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (there, _) in enumerate(pairs):
        at = bisect_left(ends, there)
        before.append(last[at - 1] if at else -1)
        ends[at:at + 1], last[at:at + 1] = [there], [number]  # fmt: skip
    chosen, number = [], last[-1] if last else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]


def _grown(
    then: Sequence[Hashable], now: Sequence[Hashable], pairs: Sequence[tuple[int, int]], head: int, tail: int
) -> Iterator[tuple[int, int]]:
    """Yield the pairs, and between two of them what goes on alike behind the first and before the second."""
    one, other = head, head
    for last, new_last in (*pairs, (len(then) - tail, len(now) - tail)):
        while one < last and other < new_last and then[one] and then[one] == now[other]:
            yield one, other
            one, other = one + 1, other + 1
        room = min(last - one, new_last - other)
        back = next(at for at in count() if at >= room or not then[last - 1 - at] or then[last - 1 - at] != now[new_last - 1 - at])
        yield from ((last - at, new_last - at) for at in range(back, 0, -1))
        if last < len(then) - tail or new_last < len(now) - tail:
            yield last, new_last
        one, other = last + 1, new_last + 1


def _pair_in_order(gap: _Gap, found: list[int | None]) -> None:
    for at in range(min(gap.height, gap.new_height)):
        found[gap.new_first + at] = gap.first + at


def _pair_closely(gap: _Gap, old: Sequence[Line], new: Sequence[Line], identity: int | None, found: list[int | None]) -> None:
    """Pair the rows of a small gap so that the least has to be sent."""
    taken, added = _STEP, [_weight(line) + _STEP for line in new[gap.new_first : gap.new_last]]
    costs = [[sum(added[:at]) for at in range(gap.new_height + 1)]]
    for row in range(gap.first, gap.last):
        line = [costs[-1][0] + taken]
        for at in range(gap.new_height):
            ways = [costs[-1][at + 1] + taken, line[-1] + added[at]]
            if _may_be(old[row], new[gap.new_first + at], identity):
                ways.append(costs[-1][at] + _difference(old[row], new[gap.new_first + at]))
            line.append(min(ways))
        costs.append(line)
    one, other = gap.height, gap.new_height
    while one and other:
        here = costs[one][other]
        if here == costs[one][other - 1] + added[other - 1]:
            other -= 1
        elif here == costs[one - 1][other] + taken:
            one -= 1
        else:
            one, other = one - 1, other - 1
            found[gap.new_first + other] = gap.first + one


def _may_be(one: Line, other: Line, identity: int | None) -> bool:
    return identity is None or one[identity] == other[identity]


def _weight(line: Line) -> int:
    return sum(_CELL + len(str(value)) for value in line if value is not None)


def _difference(one: Line, other: Line) -> int:
    differing = sum(_CELL + len(str(value)) for there, value in zip(one, other, strict=True) if there != value)
    return differing + _STEP if differing else 0


def cost(found: Sequence[int | None], old: Sequence[Line], new: Sequence[Line], *, steps: int) -> int:
    """Return about how many bytes it takes to make the old rows the new ones when so much of them is found, in so many row steps."""
    written = (_weight(line) + _STEP if at is None else _difference(old[at], line) for at, line in zip(found, new, strict=True))
    return sum(written) + steps * _STEP
