"""The master as one atomic batch, which only one of two runs can carry out.

A named range bears the number of the last write. Each batch deletes it by its id and adds the next number under an id of its own:
Google refuses a deletion of what is not there and a second range of one name, and with it the whole batch. So of two runs that read
the same state one writes, the other is told; a batch of which nobody knows whether it was carried out is looked up by its id; and a
run that died holds nothing. While mail goes out a second named range holds the master until a time of Google's own clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from sync.edges.google.alignment import Line
from sync.edges.google.staging import left_over
from sync.edges.google.tab_writer import tab_changes
from sync.edges.google.tabs import FIELDS as TAB_FIELDS
from sync.edges.google.tabs import Json, Standing, entered_text, free_title, new_sheet_id, own_tab, standing_of
from sync.layout import COLUMN_OF_CHOICES, DECISIONS_TAB, KEY_COLUMN, MEMORY_TAB, Shown, TabView, Workbook

FIELDS = f"spreadsheetId,properties(title,locale,timeZone),namedRanges,sheets({TAB_FIELDS})"
HOLD_SECONDS = 900
_MEMORY = TabView(MEMORY_TAB, ((Shown("donghanh"),),), hidden=True)
"""What the memory is known by in a copy of the master: its title, and the word that its first row begins with."""
_DECISIONS = TabView(DECISIONS_TAB, ((Shown("DỮ LIỆU CẦN SỬA"),),))
_WRITE = re.compile(r"donghanh_lan_ghi_(\d+)")
_HOLD = re.compile(r"donghanh_dang_gui_den_(\d+)")


@dataclass(frozen=True, slots=True)
class MasterState:
    """The master as it stands."""

    tabs: Mapping[int, Standing]
    """By id."""
    write: int = 0
    """The number of the last write, 0 before the first."""
    write_id: str = ""
    hold_until: int = 0
    """Seconds since 1970 until which a run that sends mail holds the master; 0 where none does."""
    hold_id: str = ""


def state_of(answer: Mapping[str, Any]) -> MasterState:
    """Return the state in the API's JSON."""
    known: dict[Hashable, Hashable] = {}
    tabs = {one.id: one for one in (standing_of(sheet, known) for sheet in answer.get("sheets", ()))}
    named = [(str(one.get("name", "")), str(one.get("namedRangeId", ""))) for one in answer.get("namedRanges", ())]
    writes = [(int(found[1]), number) for name, number in named if (found := _WRITE.fullmatch(name))]
    holds = [(int(found[1]), number) for name, number in named if (found := _HOLD.fullmatch(name))]
    write, write_id = max(writes, default=(0, ""))
    hold, hold_id = max(holds, default=(0, ""))
    return MasterState(tabs, write, write_id, hold, hold_id)


def memory_rows(state: MasterState) -> list[tuple[str, ...]]:
    """Return the rows of the memory tab, none where there is no such tab."""
    tab = own_tab(_MEMORY, state.tabs.values())
    return list(map(_texts, tab.lines)) if tab else []


def _texts(line: Line) -> tuple[str, ...]:
    """Return the texts of a row, which is itself where it has nothing else: there are as many as the district has rows."""
    found = tuple(value if isinstance(value, str) else "" for value in line)
    return cast("tuple[str, ...]", line) if found == line else found


def is_without_memory(state: MasterState) -> bool:
    """Return whether the program has written here before, and its memory is gone: a spreadsheet that it never wrote has none to lose."""
    written = state.write or any(tab.mark for tab in state.tabs.values())
    return bool(written) and not any(any(row) for row in memory_rows(state))


def decision_rows(state: MasterState) -> list[list[str]]:
    """Return the rows of the tab in which people decide, as text, none where there is no such tab.

    Where people work in a copy of it and have deleted the tab itself, the copy is known by its header.
    """
    tab = own_tab(_DECISIONS, state.tabs.values()) or next((one for one in state.tabs.values() if any(map(_is_header, one.lines))), None)
    return [[entered_text(value) for value in line] for line in tab.lines] if tab else []


def _is_header(line: Line) -> bool:
    return KEY_COLUMN in line and COLUMN_OF_CHOICES in line


def master_changes(
    workbook: Workbook,
    state: MasterState,
    *,
    write_id: str,
    hold_until: int,
    follow: Callable[[str], str | None],
    anew: bool = False,
    move_rows: bool = True,
    take: Callable[[Iterable[Json]], None] = lambda requests: None,
) -> tuple[list[Json], MasterState]:
    """Return one batch that makes the master look as described, and the state that it leads to; no request where nothing differs.

    ``write_id`` names this attempt; ``hold_until`` is 0 where no mail follows; ``anew`` lays each tab that differs out as if it were new;
    without ``move_rows`` rows are written over, not inserted and deleted. ``take`` is given each tab's requests as they come; what it
    raises is raised here, so that no more of a batch is made than there is room for.
    """
    gone = left_over({number: tab.title for number, tab in state.tabs.items()})
    requests: list[Json] = [{"deleteSheet": {"sheetId": number}} for number in gone]
    tabs, memory = {number: tab for number, tab in state.tabs.items() if number not in gone}, 0
    for index, view in enumerate(workbook.tabs):
        standing = own_tab(view, tabs.values())
        shown = replace(view, title=standing.title if standing else free_title(view.title, tabs.values()))
        sheet_id = standing.id if standing else new_sheet_id(view.title, tabs)
        made = tab_changes(shown, standing, sheet_id=sheet_id, index=index, follow=follow, anew=anew, by_row=True, move_rows=move_rows)
        requests += made.requests
        tabs[sheet_id] = made.after
        memory = sheet_id if view.title == MEMORY_TAB else memory
        take(made.requests)
    if not requests and bool(hold_until) == bool(state.hold_until):
        return [], state
    marks, after = _marks(state, memory, write_id, hold_until)
    return [*requests, *marks], MasterState(tabs, **after)


def _marks(state: MasterState, sheet_id: int, write_id: str, hold_until: int) -> tuple[list[Json], dict[str, Any]]:
    """Return the requests that only one of two runs can carry out, and what they lead to."""
    place = {"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    requests: list[Json] = [{"deleteNamedRange": {"namedRangeId": one}} for one in (state.write_id, state.hold_id) if one]
    requests.append(_named(f"donghanh_lan_ghi_{state.write + 1}", write_id, place))
    if hold_until:
        requests.append(_named(f"donghanh_dang_gui_den_{hold_until}", f"{write_id}g", place))
    hold_id = f"{write_id}g" if hold_until else ""
    return requests, {"write": state.write + 1, "write_id": write_id, "hold_until": hold_until, "hold_id": hold_id}


def _named(name: str, number: str, place: Json) -> Json:
    return {"addNamedRange": {"namedRange": {"name": name, "namedRangeId": number, "range": place}}}
