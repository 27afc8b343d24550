"""The annex of what people decided: each decision in force, about what, what for, since when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sync.decisions import CHOICES, choice_of, is_about_lateness
from sync.model import Choice, Finding, Ruling, Standing
from sync.personal import mask
from sync.prose import DASH, count, day
from sync.report.annexes import is_of_registration
from sync.report.values import SettledLine

MOST_SETTLED = 150
"""So many decisions a report lists; the rest is counted."""
_LATE_REGISTRATION = "late-registration"


def settled_lines(
    rulings: Sequence[Ruling], known: Mapping[str, str], years: Collection[int], *, registration: bool
) -> tuple[tuple[SettledLine, ...], str]:
    """Return the decisions in force that touch these years, and a sentence on those that are not listed or have fallen."""
    held = [one for one in rulings if one.standing is Standing.IN_FORCE and _concerns(one, years, registration=registration)]
    held.sort(key=lambda one: (one.decision.day, list(known).index(one.decision.about.cluster), one.decision.about.row))
    fallen = sum(one.standing is Standing.FALLEN for one in rulings)
    notes = []
    if len(held) > MOST_SETTLED:
        notes.append(f"Còn {count(len(held) - MOST_SETTLED)} quyết định khác: xem trang «Cần sửa» của bảng tổng hợp.")
    if fallen:
        notes.append(f"Có {count(fallen)} quyết định trước đây đã hết hiệu lực vì dòng được sửa hoặc không còn.")
    lines = tuple(_line(number, one, known) for number, one in enumerate(held[:MOST_SETTLED], 1))
    return lines, " ".join(notes)


def _concerns(one: Ruling, years: Collection[int], *, registration: bool) -> bool:
    about = one.decision.about
    if registration and not (about.code == _LATE_REGISTRATION if is_about_lateness(about) else is_of_registration(about)):
        return False
    return not one.years or not one.years.isdisjoint(years)


def _line(number: int, one: Ruling, known: Mapping[str, str]) -> SettledLine:
    decision, about = one.decision, one.decision.about
    choice = choice_of(decision.choice)
    return SettledLine(
        number=str(number),
        cluster=known[about.cluster],
        place=f"{about.tab}, ô {about.cell}" if about.cell else DASH,
        what=_what(about),
        choice=CHOICES[choice] if isinstance(choice, Choice) else decision.choice,
        reason=mask(decision.reason) or DASH,
        day=day(decision.day),
    )


def _what(about: Finding) -> str:
    """Return what was decided about: the sentence without its advice, and the row's own words."""
    said = about.message.partition("; hãy ")[0].partition("; nếu ")[0].rstrip(".")
    return f"«{about.value}»: {said[0].lower()}{said[1:]}." if about.cell and about.value and about.value not in said else f"{said}."
