"""Cells as a person sees them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sync.model import Cell, CellError
from sync.text import clean


def is_empty(cell: Cell | None) -> bool:
    """Return whether nothing but white space stands in the cell."""
    if cell is None or cell == "":
        return True
    return isinstance(cell, str) and not cell[0].isalnum() and not isinstance(cell, CellError) and not clean(cell)


def show(cell: Cell) -> str:
    """Return what a person sees in the cell, dates days first."""
    if isinstance(cell, str):
        return str(cell) if isinstance(cell, CellError) else clean(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        return str(cell)
    return str(int(cell)) if float(cell).is_integer() else str(cell)
