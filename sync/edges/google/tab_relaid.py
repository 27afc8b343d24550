"""What lies over the rows of a tab when they have moved: no more of it is laid anew than does not move along by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sync.edges.google.alignment import Line
from sync.edges.google.over_cells import rule_name
from sync.edges.google.row_looks import RowLook
from sync.edges.google.row_steps import Plan
from sync.edges.google.tab_look import TabLook
from sync.edges.google.tabs import Mark, Standing
from sync.layout import Shown

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Laid:
    """The rows once they have moved, before anything of them is written."""

    lines: list[Line]
    looks: list[str]
    """Names of looks; of rows below the old ones, which are `unknown`, there is none."""
    unknown: set[int]
    """Rows that were not the program's before, or are inserted."""
    added: set[int]
    """Rows that are inserted."""


class Relaid:
    """The requests around the writing of the values."""

    def __init__(self, look: TabLook, before: Standing, plan: Plan, laid: Laid, wanted: Sequence[Line], *, same_places: bool) -> None:
        """``wanted`` are the rows' values; ``same_places`` says that all lies where it lay."""
        self._look, self._before, self._old, self._plan, self._laid = look, before, before.mark or Mark(0), plan, laid
        self._wanted, self._width = wanted, max(look.width, self._old.width)
        frozen = (look.view.frozen_rows, look.view.frozen_columns)
        self._thaws = before.frozen != frozen or any(step.first <= before.frozen[0] for step in plan.steps)
        self._rules_stay, self._charts_stay = self._are_rules_right(), same_places and not plan.steps
        self._loose, self._kept = self._merges()

    def first(self) -> Iterator[Json]:
        """Yield what takes away what would be in the way, and what moves the rows."""
        if self._thaws:
            yield self._look.thawed()
        yield from (self._look.unmerged(one) for one in self._loose)
        if not self._rules_stay:
            yield from self._look.rules_forgotten(self._before, self._old)
        if not self._charts_stay:
            yield from self._look.charts_forgotten(self._before, self._old)
        yield from self._plan.requests(self._look.sheet_id)

    def then(self) -> Iterator[Json]:
        """Yield what lays over the written values all that is not there yet."""
        look, laid = self._look, self._laid
        yield from look.formats(self._unlike())
        yield from ({"mergeCells": {"range": one, "mergeType": "MERGE_ALL"}} for one in look.merged() if one not in self._kept)
        yield from self._heights()
        if self._thaws:
            yield look.frozen()
        yield from look.filtered(self._moved(self._before.filter["range"]) if self._before.filter else None)
        there = (self._there(row) for row in range(len(laid.lines)))
        yield from look.choices(row for row, one in enumerate(there) if one is None or one.choices != look.look(row).choices)
        if not self._rules_stay:
            yield from look.rules_laid()
        if not self._charts_stay:
            yield from look.charts_laid()

    def _there(self, row: int) -> RowLook | None:
        """Return how a row is known to look."""
        return None if row in self._laid.unknown else self._look.meanings.get(self._laid.looks[row])

    def _unlike(self) -> Iterator[tuple[int, int]]:
        """Yield the cells whose format is not what it should be."""
        for row, name in enumerate(self._laid.looks):
            there, look = self._look.meanings.get(name), self._look.look(row)
            if there is not look:
                yield from ((row, at) for at in range(self._width) if there is None or there.format(at) != look.format(at))

    def _heights(self) -> Iterator[Json]:
        """Set the heights that may differ: of rows that are new or look otherwise, and of those whose words need another one."""
        look, laid = self._look, self._laid
        other = [
            row for row, name in enumerate(laid.looks)
            if row not in laid.added and (row in laid.unknown or row >= look.height or name != look.names[row])
        ]  # fmt: skip
        left = {*other, *laid.added}
        edited = [row for row, line in enumerate(laid.lines) if row not in left and _texts(line) != _texts(self._wanted[row])]
        cells = {row: _shown(laid.lines[row], look.view.rows[row]) for row in edited}
        then = replace(look.view, rows=tuple(cells.get(row, line) for row, line in enumerate(look.view.rows)))
        was, now = look.pixels(edited, then), look.pixels(edited)
        yield from look.heights([*other, *(row for row in edited if was[row] != now[row])])
        yield from look.heights(sorted(laid.added), seen=True)

    def _merges(self) -> tuple[list[Mapping[str, Any]], list[Json]]:
        """Return the merged blocks of the program's rows that have to go, and those that are where they should be once rows have moved."""
        loose, kept, wanted = list[Mapping[str, Any]](), list[Json](), self._look.merged()
        for one in self._before.merges:
            if one.get("startRowIndex", 0) >= self._old.height or one.get("startColumnIndex", 0) >= self._width:
                continue
            place = self._moved(one)
            if place in wanted:
                kept.append(place)
            else:
                loose.append(one)
        return loose, kept

    def _are_rules_right(self) -> bool:
        """Return whether the program's own rules lie where they should once rows have moved."""
        names = {*self._old.rules, *self._look.rule_names()}
        there = [(rule_name(one), [self._moved(place) for place in one.get("ranges", ())]) for one in self._before.rules]
        own = [one for one in there if one[0] in names]
        return own == there[: len(own)] and own == [(rule_name(one), one["ranges"]) for one in self._look.rules]

    def _moved(self, place: Mapping[str, Any]) -> Json | None:
        """Return where a range lies once rows have moved, `None` where that is not certain: its first and its last row have to stay."""
        first, last, right = place.get("startRowIndex", 0), place.get("endRowIndex"), place.get("endColumnIndex")
        if last is None or right is None:
            return None
        if self._plan.steps:
            places = self._plan.places
            if first not in places or last - 1 not in places:
                return None
            first, last = places[first], places[last - 1] + 1
        return self._look.block(first, place.get("startColumnIndex", 0), last, right)


def _shown(line: Line, like: Sequence[Shown]) -> tuple[Shown, ...]:
    """Return a row as it stands, shown as the row that is wanted."""
    return tuple(Shown(value if isinstance(value, str) else None, shown.format) for value, shown in zip(line, like, strict=False))


def _texts(line: Line) -> list[object]:
    """Return what may take more than one line."""
    return [value for value in line if isinstance(value, str)]
