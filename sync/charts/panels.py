"""Small charts side by side, one a target."""

from __future__ import annotations

from dataclasses import dataclass

from sync.charts.sheet import Sheet, letters_in
from sync.report import ChartTarget, ChartTargetYears

_LEGEND = 7.0
_MOST = 143.0
"""All rows together are this high, but for so many targets that they could not be read."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Where one small chart lies: the corners of its plot."""

    left: float
    top: float
    right: float
    bottom: float

    def up(self, share: float) -> float:
        """Return the height of a part of the plot, from 0 at its foot to 1."""
        return self.bottom - share * (self.bottom - self.top)


def panels(number: int, width: float, most: float = 32) -> tuple[float, list[Panel]]:
    """Return the height of the sheet and where each of so many small charts lies: four in a row, five where there are many.

    ``most`` is how high a row may be where there is room.
    """
    columns = min(number, 4 if number <= 8 else 5)
    rows = -(-number // columns)
    high = max(24.0, min(most, _MOST / rows))
    wide = width / columns
    places = [(wide * (index % columns), _LEGEND + high * (index // columns)) for index in range(number)]
    return _LEGEND + high * rows, [Panel(x, y + 9, x + wide - 9, y + high - 6) for x, y in places]


def head(sheet: Sheet, panel: Panel, one: ChartTarget | ChartTargetYears) -> None:
    """Write the small chart's title, its measure where there is room, and draw its foot line."""
    name, room = f"{one.number}. {one.name}", letters_in(panel.right - panel.left + 8) - len(one.mark)
    whole = f"{name} ({one.measure})"
    shown = whole if len(whole) <= room else name if len(name) <= room else f"{name[: room - 1]}…"
    sheet.text(panel.left, panel.top - 6.5, f"{shown} {one.mark}".rstrip(), bold=True)
    sheet.line([(panel.left, panel.bottom), (panel.right, panel.bottom)])
