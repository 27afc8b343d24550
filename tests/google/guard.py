"""Holds every write of the program against what belongs to the units: nothing of theirs may differ before and after."""

from __future__ import annotations

from typing import Any

from sync.columns import aliases
from sync.edges.feedback_words import OWN_COLUMNS, joined_note
from sync.edges.google.reading import KEY
from sync.text import fold
from tests.google.state import Json, Spreadsheet, Tab


def trespasses(before: Spreadsheet, after: Spreadsheet) -> list[str]:
    """Return what differs of the units' own: cells, notes, formats, validation, merges, rows, filters, protection, tabs and their order."""
    now = {tab.id: tab for tab in after.tabs}
    known = [tab.id for tab in before.tabs]
    found = [f"the tab {tab.title!r} is gone" for tab in before.tabs if tab.id not in now]
    if [one for one in now if one in known] != [one for one in known if one in now]:
        found.append("tabs stand in another order")
    for tab in before.tabs:
        if tab.id in now and not any(one.get("metadataKey") == KEY for one in tab.metadata):
            found += [f"{tab.title}: {one}" for one in _differing(tab, now[tab.id])]
    return found


def _differing(before: Tab, after: Tab) -> list[str]:
    own = own_columns(after)
    old, new = units_cells(before, own), units_cells(after, own)
    found = [
        f"cell {place} was {old.get(place)}, is {new.get(place)}" for place in sorted({*old, *new}) if old.get(place) != new.get(place)
    ]
    for name in ("rows", "merges", "protected", "charts", "banded", "filter_views", "basic_filter"):
        if getattr(before, name) != getattr(after, name):
            found.append(f"{name} differ")
    if before.title != after.title:
        found.append(f"is called {after.title!r} now")
    others = [rule for rule in after.rules if rule in before.rules]
    if others != [rule for rule in before.rules if rule in after.rules] or len(after.rules) > len(before.rules) + 1:
        found.append("rules of people's differ")
    return found


def own_columns(tab: Tab) -> set[int]:
    """Return the places of the system's columns in any header row of the tab."""
    names = aliases()
    return {
        column
        for line in tab.cells.values()
        for column, cell in line.items()
        if names.get(fold(str(cell.get("userEnteredValue", {}).get("stringValue", "")))) in OWN_COLUMNS
    }


def units_cells(tab: Tab, own: set[int]) -> dict[tuple[int, int], Json]:
    """Return every cell outside the system's columns; of notes only what people wrote."""
    found: dict[tuple[int, int], Json] = {}
    for row, line in tab.cells.items():
        for column, cell in line.items():
            kept: dict[str, Any] = {name: value for name, value in cell.items() if name != "note"}
            if people := joined_note(str(cell.get("note", "")), ()):
                kept["note"] = people
            if column not in own and kept:
                found[row, column] = kept
    return found
