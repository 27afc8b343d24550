"""Personal data in a cell, whatever its type: spreadsheets make numbers of phones and cards, and take their zero away."""

from __future__ import annotations

from sync.model import Cell
from sync.personal.search import kinds_in, mask
from sync.shown import show


def kinds_in_cell(cell: Cell, *, counts: bool = False) -> tuple[str, ...]:
    """Return the kinds of personal data in the cell; ``counts``: of a column of numbers, in which nine digits may be a sum of money."""
    return kinds_in(_with_zero(cell, counts=counts))


def masked_cell(cell: Cell, *, counts: bool = False) -> str:
    """Return what a person sees in the cell, personal data masked."""
    shown = _with_zero(cell, counts=counts)
    masked = mask(shown)
    return show(cell) if masked is shown else masked


def _with_zero(cell: Cell, *, counts: bool) -> str:
    text = show(cell)
    if counts or isinstance(cell, bool) or not isinstance(cell, int | float):
        return text
    lost_zero = (len(text) == 9 and text[0] in "35789") or len(text) == 11
    return f"0{text}" if lost_zero and text.isdecimal() else text
