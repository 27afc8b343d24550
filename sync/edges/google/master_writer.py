"""Reads and writes the master: one atomic batch, or where that would be too large for a request, pieces laid aside and a small batch."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from sync.edges.google import master as publishing
from sync.edges.google.client import Client
from sync.edges.google.staging import Room, Staged, TooLargeError, staged, title_of
from sync.edges.google.tabs import Json, new_sheet_id
from sync.edges.google.trouble import Cause, Refusal
from sync.errors import PublishError, SourceError
from sync.layout import MEMORY_TAB, Workbook
from sync.side_by_side import side_by_side

_ATTEMPTS = 4
"""Times that the master is looked at again where a write was interrupted."""

_FORGOTTEN = (
    f"The master's hidden tab {MEMORY_TAB} is gone or empty, and with it what was mailed, seen and given codes; restore it "
    "(File > Version history), or let google.master in settings.yaml name an empty spreadsheet to begin anew."
)


class Master:
    """The master in Google, as one run sees it; raises Refusal, PublishError where another run was quicker, SourceError in `memory`."""

    def __init__(self, client: Client, spreadsheet_id: str, follow: Callable[[str], str | None], sleep: Callable[[float], None]) -> None:
        """``follow`` turns a link of a description into an address."""
        self._client, self._id, self._follow, self._sleep = client, spreadsheet_id, follow, sleep
        self._state: publishing.MasterState | None = None
        self._own_hold = ""
        self._may_move_rows = True
        """Until Google refuses it: rows are then written over where they stand."""
        self._moves_rows = False

    def memory(self) -> Sequence[Sequence[str]]:
        """Read the master; return the rows of its memory tab, none where it was never written; raise SourceError where they are gone."""
        self._state = self._read()
        if publishing.is_without_memory(self._state):
            raise SourceError(_FORGOTTEN)
        return publishing.memory_rows(self._state)

    def seen(self) -> Iterator[Sequence[str]]:
        """Yield the rows of the memory and those of the decisions, as `memory` found them or as this run left them; none before that."""
        if self._state:
            yield from publishing.memory_rows(self._state)
            yield ()
            yield from publishing.decision_rows(self._state)

    def decisions(self) -> Sequence[Sequence[str]]:
        """Return the rows of the tab in which people decide, as `memory` found them; none before that."""
        return publishing.decision_rows(self._state) if self._state else []

    def _read(self) -> publishing.MasterState:
        try:
            return publishing.state_of(self._client.spreadsheet_by_row(self._id, publishing.FIELDS))
        except ValueError:  # a row that is garbled is found out only here; whole answers are asked for again as they are decoded
            return publishing.state_of(self._client.spreadsheet_by_row(self._id, publishing.FIELDS))

    def write(self, workbook: Workbook, *, hold: bool, beside: Callable[[], None] = lambda: None) -> bool:
        """Write what differs, all or nothing; return whether anything did. ``beside`` is done while Google writes."""
        state = self._state or self._read()
        write_id = f"g{secrets.token_hex(8)}"
        for attempt in range(_ATTEMPTS):
            changes, after, aside = self._changes(workbook, state, write_id, hold=hold)
            if not changes:
                return False
            self._ensure_not_held(state)
            try:
                self._carry_out(changes, aside, beside)
            except Refusal as refused:
                found = self._after_failure(refused, state, write_id, attempt, aside)
                if found is None:
                    continue
                after = found
            self._state, self._own_hold = after, after.hold_id
            return True
        raise Refusal(Cause.BUSY, "it could not be written")

    def _changes(
        self, workbook: Workbook, state: publishing.MasterState, write_id: str, *, hold: bool
    ) -> tuple[list[Json], publishing.MasterState, Staged | None]:
        """Return the batch, the state that it leads to, and what has to be laid aside before."""
        until = int((self._client.now or 0) + publishing.HOLD_SECONDS) if hold else 0

        made = partial(publishing.master_changes, workbook, state, write_id=write_id, hold_until=until, follow=self._follow)
        with suppress(TooLargeError):
            changes, after = made(move_rows=self._may_move_rows, take=Room().take)
            self._moves_rows = any(map(_is_of_rows, changes))
            return changes, after, None
        self._moves_rows = False
        changes, after = made(anew=True)
        aside = staged(changes, write_id=write_id, sheet_id=new_sheet_id(title_of(write_id), {*state.tabs, *after.tabs}))
        return aside.batch, after, aside

    def _carry_out(self, changes: list[Json], aside: Staged | None, beside: Callable[[], None]) -> None:
        if aside:
            self._add_tab(aside)
            for piece in aside.pieces:
                self._client.change(self._id, piece, repeatable=True)

        def write() -> None:
            self._client.change(self._id, changes)

        side_by_side(lambda step: step(), (write, beside), 2)

    def _add_tab(self, aside: Staged) -> None:
        """Make the hidden tab, unless an attempt before this one has."""
        try:
            self._client.change(self._id, [aside.tab])
        except Refusal as refused:
            if not (refused.maybe_done or refused.cause is Cause.INVALID):
                raise
            there = self._client.spreadsheet(self._id, "sheets(properties(sheetId))").get("sheets", ())
            if aside.sheet_id not in {one["properties"].get("sheetId", 0) for one in there}:
                raise

    def _ensure_not_held(self, state: publishing.MasterState) -> None:
        seconds = state.hold_until - (self._client.now or 0)
        if seconds > 0 and state.hold_id != self._own_hold:
            minutes = max(round(seconds / 60), 1)
            raise PublishError(
                f"Another run is sending mail and holds the master for {minutes} more minutes at most; this one wrote nothing."
            )

    def _after_failure(
        self, refused: Refusal, state: publishing.MasterState, write_id: str, attempt: int, aside: Staged | None
    ) -> publishing.MasterState | None:
        """Return the state where the write was carried out after all, `None` to try again; raise where another run was quicker."""
        too_much = self._moves_rows and refused.cause in (Cause.INVALID, Cause.PROTECTED)
        if not (refused.maybe_done or refused.cause is Cause.INVALID or too_much):
            self._clear_away(aside)
            raise refused
        if refused.maybe_done:
            self._sleep(2.0**attempt)
            self._may_move_rows &= attempt == 0  # it may be that which takes Google too long
        found = self._read()
        if found.write_id == write_id:
            return found
        if found.write != state.write:
            self._clear_away(aside)
            raise PublishError("Another run wrote the master while this one was at work; this one gave up and wrote nothing. Run again.")
        if too_much:
            self._may_move_rows = False  # people may have protected cells beside the program's own
            return None
        if refused.cause is Cause.INVALID or attempt == _ATTEMPTS - 1:
            self._clear_away(aside)
            raise refused
        return None

    def _clear_away(self, aside: Staged | None) -> None:
        """Remove what was laid aside; where that fails the next write does it."""
        if aside:
            with suppress(Refusal):
                self._client.change(self._id, [{"deleteSheet": {"sheetId": aside.sheet_id}}])


def _is_of_rows(request: Json) -> bool:
    asked = request.get("insertDimension") or request.get("deleteDimension") or {}
    return bool(asked.get("range", {}).get("dimension") == "ROWS")
