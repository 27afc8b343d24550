"""A picture that is being drawn, and its letters. The only module that knows matplotlib, which is imported by who draws.

Measures are millimetres from the upper left corner of the picture, letters and strokes are points.
"""

from __future__ import annotations

import io
import logging
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sync.errors import ConfigError
from sync.model import Picture

PIXELS_PER_MM = 8
INK, GREY, LIGHT, DONE = "#000000", "#767676", "#dcdcdc", "#1f4e79"
Point = tuple[float, float]

_WHITE = "#ffffff"
_SHADES = ((_WHITE, INK, 24), (_WHITE, DONE, 16), (INK, DONE, 6), (LIGHT, DONE, 6), (_WHITE, LIGHT, 1))
"""The colours of a finished picture: so many steps from one to another, enough for soft edges, and a third of the bytes."""
_FACES = ("Regular", "Bold")
_FIXED = ("text.hinting", "text.antialiased", "text.usetex", "path.simplify", "path.snap", "path.sketch", "path.effects")
"""What a person's own matplotlibrc must not change in a report."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and what a page needs to place it."""

    caption: str
    picture: Picture
    width_mm: float
    height_mm: float


def letters_in(width: float, size: float = 9) -> int:
    """Return how many letters of this size surely have room in the width."""
    return int(width / (0.165 * size))


class Sheet:
    """A picture that is being drawn."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - takes half a second
        from matplotlib.transforms import Affine2D  # noqa: PLC0415

        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / 25.4, height / 25.4), dpi=PIXELS_PER_MM * 25.4, facecolor="white", edgecolor="none")
        self._place = Affine2D().scale(1, -1).translate(0, height).scale(1 / 25.4) + self._figure.dpi_scale_trans
        self._letters: list[tuple[Any, bool]] = []

    def area(self, points: Sequence[Point], fill: str, edge: str | None = None) -> None:
        """Fill what lies between the points."""
        from matplotlib.patches import Polygon  # noqa: PLC0415

        look = {"facecolor": fill, "edgecolor": edge or "none", "linewidth": 0.6 if edge else 0, "joinstyle": "miter"}
        self._add(Polygon(points, closed=True, transform=self._place, **look))

    def box(self, corner: Point, size: Point, fill: str, edge: str | None = None) -> None:
        """Fill a rectangle from its upper left corner; one without width or height is not drawn."""
        (x, y), (width, height) = corner, size
        if width > 0 and height > 0:
            self.area([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill, edge)

    def line(self, points: Sequence[Point], colour: str = INK, width: float = 0.6, dashes: Point | None = None) -> None:
        """Draw a line through the points."""
        from matplotlib.lines import Line2D  # noqa: PLC0415

        across, down = zip(*points, strict=True)
        style: Any = (0, dashes) if dashes else "solid"
        ends: dict[str, Any] = {"solid_capstyle": "butt", "dash_capstyle": "butt", "solid_joinstyle": "miter"}
        self._add(Line2D(across, down, transform=self._place, color=colour, linewidth=width, linestyle=style, **ends))

    def text(self, x: float, y: float, text: str, *, size: float = 9, bold: bool = False, align: str = "left", halo: bool = False) -> None:
        """Write a line of text, the middle of its capitals at ``y``; a halo keeps it readable on a line."""
        from matplotlib.text import Text  # noqa: PLC0415

        written = Text(x, y + 0.117 * size, text, transform=self._place, fontsize=size, color=INK, parse_math=False)
        written.set(horizontalalignment=align, verticalalignment="baseline")
        if halo:
            from matplotlib.patheffects import withStroke  # noqa: PLC0415

            written.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
        self._add(written)
        self._letters.append((written, bold))

    def _add(self, artist: Any) -> None:
        """Lay it over everything that was drawn before."""
        artist.set_zorder(len(self._figure.get_children()))
        self._figure.add_artist(artist)

    def png(self, fonts: Path) -> bytes:
        """Return the finished picture, without a word of when and by what it was made."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.font_manager import FontProperties  # noqa: PLC0415
        from PIL import Image  # noqa: PLC0415

        canvas: Any = FigureCanvasAgg(self._figure)
        # matplotlib opens letters by their path only, and not in the form in which they come with us.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            faces = [Path(folder) / f"{face}.ttf" for face in _FACES]
            for path, data in zip(faces, _unpacked(fonts), strict=True):
                path.write_bytes(data)
            for text, bold in self._letters:
                text.set_fontproperties(FontProperties(fname=str(faces[bold]), size=text.get_fontsize()))
            canvas.draw()
        image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
        made = io.BytesIO()
        image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(made, "png", dpi=(PIXELS_PER_MM * 25.4, PIXELS_PER_MM * 25.4))
        return made.getvalue()


@cache
def _palette() -> Any:
    """Return a picture that has the colours of `_SHADES`."""
    from PIL import Image  # noqa: PLC0415

    colours = dict.fromkeys(colour for ramp in _SHADES for colour in _ramp(*ramp))
    carrier = Image.new("P", (1, 1))
    carrier.putpalette([part for colour in colours for part in colour])
    return carrier


def _ramp(start: str, end: str, steps: int) -> list[tuple[int, ...]]:
    first, last = (bytes.fromhex(colour[1:]) for colour in (start, end))
    return [tuple(round(a + (b - a) * step / steps) for a, b in zip(first, last, strict=True)) for step in range(steps + 1)]


@cache
def _unpacked(fonts: Path) -> tuple[bytes, ...]:
    """Return our letters as TrueType, regular and bold."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    unpacked = []
    for face in _FACES:
        file = fonts / f"Tinos-{face}.woff2"
        if not file.is_file():
            raise ConfigError(f"{file} is missing; put the fonts back that came with donghanh.")
        made = io.BytesIO()
        with TTFont(file, recalcTimestamp=False) as font:
            font.flavor = None
            font.save(made)
        unpacked.append(made.getvalue())
    return tuple(unpacked)


def drawn(name: str, words: tuple[str, str], size: tuple[float, float], fonts: Path, draw: Callable[[Sheet], None]) -> Chart:
    """Return what ``draw`` leaves on a sheet of this size; ``words`` are its caption and what it shows."""
    for library in ("matplotlib", "fontTools"):
        logging.getLogger(library).setLevel(logging.ERROR)  # they tell of their caches
    import matplotlib  # noqa: PLC0415

    defaults: Any = matplotlib.rcParamsDefault
    fixed: Any = {key: defaults[key] for key in _FIXED}
    with matplotlib.rc_context(fixed):
        sheet = Sheet(*size)
        draw(sheet)
        return Chart(words[0], Picture(name, words[1], sheet.png(fonts)), *size)


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a mark as the chart uses it, and what it means."""

    mark: str
    """`done`, `light`, `goal` (upright), `level` (lying), `course`, `straight` or `due`."""
    text: str


def legend(sheet: Sheet, keys: Sequence[Key], x: float) -> None:
    """Explain the marks in one line at the top of the sheet, beginning at ``x``."""
    for key in keys:
        if key.mark in {"done", "light"}:
            sheet.box((x, 1.6), (5, 2.6), DONE if key.mark == "done" else LIGHT, None if key.mark == "done" else INK)
        elif key.mark == "goal":
            sheet.line([(x + 4, 0.9), (x + 4, 4.9)], INK, 1.8)
        else:
            colour, width = {"level": (INK, 1.8), "course": (DONE, 2.0), "straight": (INK, 0.8), "due": (GREY, 0.8)}[key.mark]
            sheet.line([(x, 2.9), (x + 5, 2.9)], colour, width, (1.5, 2) if key.mark == "due" else None)
        sheet.text(x + 6.5, 2.9, key.text)
        x += 11 + 1.38 * len(key.text)
