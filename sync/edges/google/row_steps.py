"""Which rows of a tab are inserted and deleted so that those which stay need not be written again, and how the rows look after that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sync.edges.google.alignment import Line, View, aligned, cost, everything, words
from sync.edges.google.row_looks import RowLook
from sync.edges.google.tabs import Standing
from sync.layout import KEY_COLUMN, TabView

Json = dict[str, Any]
_MOST_STEPS = 2_000
"""Insertions and deletions in one tab. How long Google takes for one is not documented, and a request may take 180 seconds."""


@dataclass(frozen=True, slots=True)
class Step:
    """Old rows from `first` to `last`, exclusive, go; `added` rows come in their place, looking like the row before or after."""

    first: int
    last: int
    added: int = 0
    like_before: bool = True


@dataclass(frozen=True)
class Plan:
    """How the rows become the ones that are wanted."""

    sources: list[int | None]
    """For each wanted row the old row that it is."""
    steps: tuple[Step, ...] = ()
    """In rising order."""

    @cached_property
    def places(self) -> dict[int, int]:
        """Old row → new row, of the rows that stay."""
        return {old: new for new, old in enumerate(self.sources) if old is not None}

    def added(self) -> Iterator[int]:
        """Yield the rows that are inserted."""
        for step in self.steps:
            place = self.places[step.first - 1] + 1
            yield from range(place, place + step.added)

    def requests(self, sheet_id: int) -> Iterator[Json]:
        """Yield what inserts and deletes, from the last to the first, so that the places of those before stay true."""
        for step in reversed(self.steps):
            if step.last > step.first:
                yield {"deleteDimension": {"range": _rows(sheet_id, step.first, step.last)}}
            if step.added:
                place = _rows(sheet_id, step.first, step.first + step.added)
                yield {"insertDimension": {"range": place, "inheritFromBefore": step.like_before}}


def _rows(sheet_id: int, first: int, last: int) -> Json:
    return {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": first, "endIndex": last}


def in_place(old: Sequence[Line], new: Sequence[Line]) -> Plan:
    """Return the plan in which every row stays where it is and is written over."""
    return Plan([at if at < len(old) else None for at in range(len(new))])


@dataclass(frozen=True, slots=True)
class Rows:
    """The program's own rows as they stand, and as they are wanted."""

    view: TabView
    old: Sequence[Line]
    new: Sequence[Line]
    names: Sequence[str]
    """Looks of the rows as they stand."""
    wanted: Sequence[str]
    """Looks of the rows that are wanted."""
    meanings: Mapping[str, RowLook]
    kept: frozenset[int]
    """Old rows beside which people wrote, or to which they put a note: never deleted."""


def planned(rows: Rows) -> Plan:
    """Return the plan that sends the least; where rows with people's own words would be deleted, all stay where they are."""
    plain = in_place(rows.old, rows.new)
    if not rows.old or not rows.new or _is_as_it_was(rows):
        return plain
    sources = _sources(rows)
    plan = Plan(sources, tuple(_steps(sources, rows)))
    gone = (number for step in plan.steps for number in range(step.first, step.last))
    if not plan.steps or len(plan.steps) > _MOST_STEPS or any(number in rows.kept for number in gone):
        return plain
    steps = len(plan.steps) + sum(bool(step.added) for step in plan.steps)
    cheaper = cost(sources, rows.old, rows.new, steps=steps) < cost(plain.sources, rows.old, rows.new, steps=0)
    return plan if cheaper else plain


def _is_as_it_was(rows: Rows) -> bool:
    """Return whether no row has come, gone or moved, as on a day on which only the figures' day is another."""
    return len(rows.old) == len(rows.new) and all(words(one) == words(other) for one, other in zip(rows.old[1:], rows.new[1:], strict=True))


def _sources(rows: Rows) -> list[int | None]:
    people = rows.view.people_columns
    old, new = ([_without(line, people) for line in lines] if people else lines for lines in (rows.old, rows.new))
    identity = _identity(rows.view)
    views: tuple[View, ...] = (everything, words)
    if identity is not None:
        column = identity
        views = (everything, lambda line: line[column])
    found = aligned(old, new, views, identity=identity)
    return found if people else _with_first(found, rows)


def _without(line: Line, columns: Sequence[int]) -> Line:
    return tuple([None if at in columns else value for at, value in enumerate(line)])


def _identity(view: TabView) -> int | None:
    """Return the column that tells rows apart, `None` where there is none."""
    head = view.rows[view.filter_row] if view.filter_row is not None and view.people_columns else ()
    return next((at for at, shown in enumerate(head) if shown.value == KEY_COLUMN), None)


def _with_first(sources: list[int | None], rows: Rows) -> list[int | None]:
    """Let the first row of a table stay its first row: people's formulas reach from it to the last, and would miss one put before it."""
    head = rows.view.filter_row
    if head is None or head + 1 >= len(sources) or sources[head + 1] is not None or (at := sources[head]) is None:
        return sources
    if at + 1 >= len(rows.old) or at + 1 in rows.kept:
        return sources
    return [at + 1 if new == head + 1 else None if old == at + 1 else old for new, old in enumerate(sources)]


def _steps(sources: Sequence[int | None], rows: Rows) -> Iterator[Step]:
    before, new_before = -1, -1
    ends = [(old, new) for new, old in enumerate(sources) if old is not None]
    for old, new in (*ends, (len(rows.old), len(rows.new))):
        first, added = before + 1, new - new_before - 1
        if first < old or added:
            like = _is_like_before(rows, before, old, range(new_before + 1, new))
            yield Step(first, old, added, like)
        before, new_before = old, new


def _is_like_before(rows: Rows, before: int, after: int, added: range) -> bool:
    """Return whether rows between these two look more like the one before than like the one after."""
    if after >= len(rows.old):
        return True
    wanted = [rows.meanings[rows.wanted[at]] for at in added]

    def unlike(name: str) -> int:
        look = rows.meanings.get(name)
        return sum(len(one.formats) if look is None else differing(look, one, len(one.formats)) for one in wanted)

    return unlike(rows.names[before]) <= unlike(rows.names[after])


def differing(one: RowLook, other: RowLook, width: int) -> int:
    """Return in how many cells two looks differ."""
    return 0 if one.formats is other.formats else sum(one.format(at) != other.format(at) for at in range(width))


def looks_after(plan: Plan, rows: Rows) -> list[str]:
    """Return the name of each row's look once the steps are taken; of rows below the old ones nothing is known."""
    found = [rows.names[at] if at is not None else "" for at in plan.sources]
    places = plan.places
    for step in plan.steps:
        like = step.first - 1 if step.like_before else step.last
        new = places[like] + (1 if step.like_before else -step.added)
        found[new : new + step.added] = [rows.names[like]] * step.added
    return found


def kept_rows(before: Standing, width: int, height: int) -> frozenset[int]:
    """Return the rows, of so many, with words of people's beside so many columns, or with a note of theirs."""
    beside = {number for number, line in enumerate(before.lines[:height]) if any(value is not None for value in line[width:])}
    return frozenset(beside | {number for number in before.noted if number < height})
