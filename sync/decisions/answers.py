"""The tab `Cần sửa` as people left it → what they decided, by key. Rows, also the header, may be sorted or filtered, columns moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.errors import SourceError
from sync.layout import COLUMN_OF_CHOICES, COLUMN_OF_REASONS, DECISIONS_TAB, KEY_COLUMN
from sync.model import Decision, Finding, Severity, Stops
from sync.text import fold
from sync.vietnamese import SEVERITY

_TITLES = (COLUMN_OF_CHOICES, COLUMN_OF_REASONS, KEY_COLUMN)
_WANTED = tuple(map(fold, _TITLES))
_KEY = re.compile(r"[0-9a-f]{12}(?:-\d+)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What people wrote beside one row of the tab, and the row as it was shown to them."""

    choice: str
    reason: str
    shown: Mapping[str, str]
    """Folded title → text."""


def read_answers(rows: Sequence[Sequence[str]]) -> dict[str, Answer]:
    """Return the answers by key, empty ones too; nothing where there is no such table.

    Raises SourceError where there is one and its header is not whole: what was typed into it would be written over.
    """
    answers: dict[str, Answer] = {}
    for key, answer in _lines(rows):
        known = answers.get(key)
        answers[key] = _joined(known, answer) if known else answer
    return answers


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, Answer]]:
    titles: list[str] = []
    above: list[Sequence[str]] = []
    for row in rows:
        folded = [fold(cell) for cell in row]
        if all(title in folded for title in _WANTED):
            titles = folded
            yield from (line for one in above if (line := _line(one, titles)))
            above = []
        elif not titles:
            above.append(row)
        elif line := _line(row, titles):
            yield line
    if any(fold(cell) in _WANTED or _KEY.fullmatch(cell) for row in above for cell in row):
        wanted = ", ".join(f"«{title}»" for title in _TITLES)
        raise SourceError(
            f"The master's tab “{DECISIONS_TAB}” has no header with {wanted}, so what was decided there cannot be read; "
            "put the titles back, or restore the tab from a copy (in Google: File > Version history)."
        )


def _line(row: Sequence[str], titles: Sequence[str]) -> tuple[str, Answer] | None:
    """Return key and answer of a row under these titles, `None` where it has no key."""
    shown = {title: row[at].strip() if at < len(row) else "" for at, title in reversed(list(enumerate(titles)))}
    choice, reason, key = (shown[title] for title in _WANTED)
    return (key, Answer(choice, reason, shown)) if key else None


def _joined(one: Answer, other: Answer) -> Answer:
    """Return one answer of two beside the same key, such as a row that was copied: where they differ, neither is lost."""
    return replace(one, choice=_both(one.choice, other.choice), reason=_both(one.reason, other.reason))


def _both(one: str, other: str) -> str:
    return " / ".join(dict.fromkeys(text for text in (one, other) if text))


def merged(known: Sequence[Decision], answers: Mapping[str, Answer], clusters: Mapping[str, str], as_of: date) -> tuple[Decision, ...]:
    """Return what was known, brought up to date with the answers: whoever empties both cells takes a decision back.

    A row that is not in the tab any more takes nothing back: it comes again. ``clusters`` are the ids by folded name.
    """
    before = {one.key: one for one in known}
    found = [_decision(key, answer, before.get(key), clusters, as_of) for key, answer in answers.items() if answer.choice or answer.reason]
    return tuple(sorted((*found, *(one for one in known if one.key not in answers)), key=lambda one: (one.day, one.key)))


def _decision(key: str, answer: Answer, known: Decision | None, clusters: Mapping[str, str], as_of: date) -> Decision:
    if known is None:
        return Decision(key, answer.choice, answer.reason, as_of, _about(key, answer.shown, clusters))
    if (known.choice, known.reason) == (answer.choice, answer.reason):
        return known
    return replace(known, choice=answer.choice, reason=answer.reason, day=as_of)


def _about(key: str, shown: Mapping[str, str], clusters: Mapping[str, str]) -> Finding:
    """Return the finding as the tab showed it: all that is left where its row was edited before the decision was read."""
    cell = shown.get("o", "")
    severity = Severity.ERROR if shown.get("muc do") == SEVERITY[Severity.ERROR] else Severity.WARNING
    return Finding(
        cluster=clusters.get(fold(shown.get("cum", "")), ""),
        tab=shown.get("trang tinh", ""),
        cell=cell,
        row=int("".join(letter for letter in cell if letter.isdigit()) or 0),
        code=shown.get("ma", ""),
        severity=severity,
        stops=Stops.NOTHING,
        message=shown.get("noi dung can sua", ""),
        value=shown.get("dang ghi", ""),
        suggestion=shown.get("nen ghi") or None,
        key=key,
    )
