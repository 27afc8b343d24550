"""What both homes write beside people's cells, and how they know it again: the system's part of a note, and its verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from sync.edges.workbook_style import fitting
from sync.layout import Verdict
from sync.model import Column

MARK = "[Đồng hành]"
"""Begins the system's part of a note; what stands before it is a person's."""
_BULLET = "• "
BEGIN = f"{MARK}\n{_BULLET}"
"""The mark alone may stand in a person's own sentence."""
_SEPARATOR = "\n———\n"
OWN_COLUMNS = (Column.CODE, Column.VERDICT)
OUR_WORDS = ("Đã tính", "Chưa tính", "Không tính", "Dòng ")
"""What every verdict begins with: anything else in that column is a person's and is left there."""


def joined_note(there: str, sentences: Sequence[str]) -> str:
    """Return a note in which a person's own part is kept and the system's is what it says now; no sentences take its part away."""
    theirs = there.split(BEGIN, maxsplit=1)[0].removesuffix(_SEPARATOR) if BEGIN in there else there
    if not sentences:
        return theirs
    ours = "\n".join([MARK, *dict.fromkeys(f"{_BULLET}{one}" for one in sentences)])
    return fitting(f"{theirs.rstrip()}{_SEPARATOR}{ours}" if theirs.strip() else ours)


def joined_verdicts(found: Sequence[Verdict]) -> str:
    """Return what one cell says of the rows that share it: of each by its number where a merged block holds several."""
    return fitting("\n".join(one.text if len(found) == 1 else f"Dòng {one.row}: {one.text}" for one in found))


def joined_codes(found: Sequence[Verdict]) -> str:
    """Return the codes of the rows that share a cell."""
    return fitting("\n".join(one.code for one in found if one.code))
