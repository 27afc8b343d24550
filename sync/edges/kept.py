"""What lies under --out for a time only, and how it is known as the program's own: retention removes that, and nothing else, ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

REPORTS, FEEDBACK, MAILS, PULLS = "bao-cao", "phan-hoi", "hop-thu-di", ".da-doc"
PULLS_SUFFIX = ".aes"
MAIL_MARK = b"X-Donghanh-Key:"
_KINDS = "dang-ky|ket-qua|nam|tong-ket|tien-do"
_REPORT = re.compile(rf"(?:{_KINDS})-\d{{4}}(?:-[a-z0-9]+)*\.(?:html|pdf|docx|json)")
_MAIL = re.compile(r"(?:[A-Za-z0-9.\-]+-)?[0-9a-f]{8,24}\.eml")
_PULL = re.compile(rf"[0-9a-f]{{24}}(?:{re.escape(PULLS_SUFFIX)}|\.json\.gz)")
"""Also what came of them, which lies in a file of the same kind."""
_PLAIN = ".json.gz"
"""Pulls of earlier versions, which were not encrypted: they go at once."""
_PART = re.compile(r"\.[a-z0-9_]{8}\.part")
"""What a run left that was ended in the middle of a write."""
_HEAD = 8_192


@dataclass(frozen=True, slots=True)
class Expired:
    """What retention came to."""

    removed: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()
    """A sentence for each file that should have gone and could not."""


def expire(out: Path, *, as_of: date, retention_days: int, pulls_days: int) -> Expired:
    """Remove reports, their snapshots and mails older than the retention, and pulls that no run would use any more.

    A file is as old as its last change. Only files whose name, and for mails whose header, says that they were made here are looked
    at; folders, links and everything else stay. The master and the feedback, which say how things stand today, are no part of it.
    """
    removed: list[Path] = []
    problems: list[str] = []
    for path in _due(out, as_of, retention_days, pulls_days):
        try:
            path.unlink(missing_ok=True)
            removed.append(path)
        except OSError as error:
            problems.append(f"{path} is older than it may be kept and could not be removed ({error.strerror}); remove it.")
    return Expired(tuple(removed), tuple(problems))


def _due(out: Path, as_of: date, retention_days: int, pulls_days: int) -> Iterator[Path]:
    yesterday = timedelta(days=1)
    kept, pulls = timedelta(days=retention_days), timedelta(days=min(pulls_days, retention_days))
    for folder, name, age, is_own in (
        (REPORTS, _REPORT, kept, _always),
        (MAILS, _MAIL, kept, _is_own_mail),
        (PULLS, _PULL, pulls, _always),
        *((one, _PART, yesterday, _always) for one in (".", FEEDBACK, REPORTS, MAILS, PULLS)),
    ):
        for path in _files(out / folder, name):
            too_old = _day_of(path) < as_of - age
            if (too_old or path.name.endswith(_PLAIN)) and is_own(path):
                yield path


def _files(folder: Path, name: re.Pattern[str]) -> list[Path]:
    """Return the folder's own files of such names; a folder that is a link is somebody else's arrangement."""
    try:
        found = [] if folder.is_symlink() else sorted(folder.iterdir())
        return [path for path in found if name.fullmatch(path.name) and path.is_file() and not path.is_symlink()]
    except OSError:
        return []


def _day_of(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def _always(path: Path) -> bool:
    return True


def _is_own_mail(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return MAIL_MARK in file.read(_HEAD)
    except OSError:
        return False
