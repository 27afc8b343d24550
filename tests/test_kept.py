"""Retention removes what was kept long enough and is the program's own; pulls are kept encrypted, or not at all."""

from __future__ import annotations

import json
import os
import stat
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sync.edges.google.cache import Cache, Head, Pull, Version
from sync.edges.google.key import cache_key
from sync.edges.google.packing import packed_answer, unpacked_answer
from sync.edges.kept import expire
from sync.errors import UsageError

DAY = date(2024, 12, 15)
VERSION = Version("2024-12-15T01:02:03Z", "7")
SECRET = {"sheets": [{"note": "em Nguyễn Văn An lớp 4A, 0903123456"}]}
PULL = Pull(Head(DAY.isoformat(), VERSION, tabs={"sheets 0903123456": 7}), packed_answer(["Nguyễn"]), packed_answer(SECRET))
OWN_REPORTS = ("tien-do-2024-12-05.html", "ket-qua-2025-dot-2.pdf", "nam-2025.docx", "nam-2025-bo-sung.json", "dang-ky-2024-dot-1.json")
OWN_MAIL = "ket-qua-2025-dot-2-v1-ban-thuong-vu-example.org-1ab30c70.eml"


def put(path: Path, data: bytes = b"x", *, days_old: int = 800) -> Path:
    """Put a file there that was last changed so many days before the day of the run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    then = datetime.combine(DAY - timedelta(days=days_old), datetime.min.time(), UTC).timestamp() + 43_200
    os.utime(path, (then, then))
    return path


def expired(out: Path, **days: int) -> set[str]:
    """Return the names of what retention removed."""
    found = expire(out, as_of=DAY, **{"retention_days": 730, "pulls_days": 7, **days})
    assert found.problems == ()
    assert not any(path.exists() for path in found.removed)
    return {path.name for path in found.removed}


def test_reports_and_their_snapshots_go(tmp_path: Path) -> None:
    """Every form of a report goes once it is older than the retention, and not a day before."""
    for name in OWN_REPORTS:
        put(tmp_path / "bao-cao" / name)
    put(tmp_path / "bao-cao" / "tien-do-2024-12-06.html", days_old=730)
    assert expired(tmp_path) == set(OWN_REPORTS)
    assert expired(tmp_path) == set()
    assert expired(tmp_path, retention_days=729) == {"tien-do-2024-12-06.html"}


def test_mails_go(tmp_path: Path) -> None:
    """Mails of the outbox go; one that the program did not write stays, whatever its name."""
    put(tmp_path / "hop-thu-di" / OWN_MAIL, b"Subject: x\r\nX-Donghanh-Key: ket-qua/2025\r\n\r\n")
    put(tmp_path / "hop-thu-di" / "thu-cua-toi-1ab30c70.eml", b"Subject: private\r\n\r\n")
    assert expired(tmp_path) == {OWN_MAIL}


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    """Other files, folders, links, what lies elsewhere, the master and the feedback: none is ever removed."""
    kept = [
        put(tmp_path / name)
        for name in (
            "tong-hop.xlsx",
            "phan-hoi/y-te.xlsx",
            "bao-cao/ghi-chu-cua-toi.docx",
            "bao-cao/nam-2025 (đã ký).pdf",
            "bao-cao/nam-2025.xlsx",
            "bao-cao/cu/nam-2025.html",
            "bao-cao/Nam-2025.html",
            "nam-2025.html",
            ".da-doc/ghi-chu.txt",
            "hop-thu-di/nam-2025.html",
            ".ghichu.part",
        )
    ]
    (tmp_path / "bao-cao" / "nam-2024.html").mkdir()
    elsewhere = put(tmp_path / "khac" / "nam-2023.html")
    (tmp_path / "bao-cao" / "nam-2023.html").symlink_to(elsewhere)
    assert expired(tmp_path) == set()
    assert all(path.exists() for path in (*kept, elsewhere))


def test_a_linked_folder_is_left_alone(tmp_path: Path) -> None:
    """A link that stands in a folder's place leads to what may be anybody's."""
    put(tmp_path / "khac" / "nam-2023.html")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "bao-cao").symlink_to(tmp_path / "khac")
    assert expired(tmp_path / "out") == set()


def test_pulls_go_when_no_run_would_use_them(tmp_path: Path) -> None:
    """Encrypted ones after their week, plain ones of earlier versions at once, halves of writes after a day."""
    name = "0" * 24
    put(tmp_path / ".da-doc" / f"{name}.aes", days_old=8)
    put(tmp_path / ".da-doc" / f"1{name[1:]}.aes", days_old=7)
    put(tmp_path / ".da-doc" / f"{name}.json.gz", days_old=0)
    put(tmp_path / "bao-cao" / ".ab12cd34.part", days_old=2)
    put(tmp_path / "bao-cao" / ".ab12cd35.part", days_old=0)
    assert expired(tmp_path) == {f"{name}.aes", f"{name}.json.gz", ".ab12cd34.part"}


def test_what_cannot_be_removed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, and the others still go."""
    first, second = put(tmp_path / "bao-cao" / "nam-2022.html"), put(tmp_path / "bao-cao" / "nam-2023.html")
    unlink = Path.unlink

    def refused(self: Path, *, missing_ok: bool = False) -> None:
        if self == first:
            raise PermissionError(13, "Permission denied")
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refused)
    found = expire(tmp_path, as_of=DAY, retention_days=730, pulls_days=7)
    assert found.removed == (second,)
    assert len(found.problems) == 1
    assert "nam-2022.html" in found.problems[0]


def kept(cache: Cache, spreadsheet_id: str = "the-id", pull: Pull = PULL) -> None:
    """Keep a pull."""
    cache.put(spreadsheet_id, cache.sealed(spreadsheet_id, pull))


def found(cache: Cache, *, version: Version = VERSION, not_before: date = DAY) -> Pull | None:
    """Return what the cache finds of the spreadsheet."""
    got = cache.get("the-id", version, not_before=not_before)
    assert got is None or cache.opened("the-id", got[1]) == got[0]
    return got[0] if got else None


def test_a_pull_is_never_kept_in_plain(tmp_path: Path) -> None:
    """Not one word of it can be read on the disk, and only its own key opens it."""
    kept(Cache(tmp_path, "fields", bytes(32)))
    (file,) = (tmp_path / ".da-doc").iterdir()
    data = file.read_bytes()
    assert not any(word in data for word in (b"0903123456", "Nguyễn".encode(), b"the-id", b"sheets", PULL.answer, PULL.sheet))
    with pytest.raises((zlib.error, json.JSONDecodeError)):
        json.loads(zlib.decompress(data[12:]))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    again = found(Cache(tmp_path, "fields", bytes(32)))
    assert again == PULL
    assert unpacked_answer(again.answer) == SECRET
    assert found(Cache(tmp_path, "fields", b"1" * 32)) is None


def test_only_this_version_read_in_this_way_and_lately_is_found(tmp_path: Path) -> None:
    """Another version, other fields, a day too early: it is read anew."""
    cache = Cache(tmp_path, "fields", bytes(32))
    kept(cache)
    assert found(cache, version=Version(VERSION.modified, "8")) is None
    assert found(cache, not_before=DAY + timedelta(days=1)) is None
    assert found(Cache(tmp_path, "more fields", bytes(32))) is None
    assert found(cache) == PULL


def test_without_a_key_nothing_is_kept(tmp_path: Path) -> None:
    """Nothing is written, and nothing is found; what is sealed for the run itself no other one can open."""
    cache = Cache(tmp_path, "fields", None)
    kept(cache)
    assert list(tmp_path.iterdir()) == []
    assert found(cache) is None
    sealed = cache.sealed("the-id", PULL)
    assert cache.opened("the-id", sealed) == PULL
    assert Cache(tmp_path, "fields", None).opened("the-id", sealed) is None


@pytest.mark.parametrize("at", [0, 11, 12, 40, -1])
def test_a_pull_that_was_tampered_with_is_none(tmp_path: Path, at: int) -> None:
    """One bit changed, the file cut off, or the file of another spreadsheet put in its place: it is read anew."""
    cache = Cache(tmp_path, "fields", bytes(32))
    kept(cache)
    (file,) = (tmp_path / ".da-doc").iterdir()
    whole = file.read_bytes()
    data = bytearray(whole)
    data[at] ^= 1
    for broken in (bytes(data), whole[:at]):
        file.write_bytes(broken)
        assert found(cache) is None
    kept(cache, "other")
    file.write_bytes(next(path for path in (tmp_path / ".da-doc").iterdir() if path != file).read_bytes())
    assert found(cache) is None


def test_the_key_of_the_environment(tmp_path: Path) -> None:
    """The same words are the same key; words that can be guessed are refused, and not repeated."""
    words = "mot cau dai va kho doan"
    assert cache_key({"DONGHANH_CACHE_PASSPHRASE": words}) == cache_key({"DONGHANH_CACHE_PASSPHRASE": words, "HOME": str(tmp_path)})
    assert cache_key({"DONGHANH_CACHE_PASSPHRASE": words}) != cache_key({"DONGHANH_CACHE_PASSPHRASE": f"{words}!"})
    with pytest.raises(UsageError, match="fewer than 16") as refused:
        cache_key({"DONGHANH_CACHE_PASSPHRASE": "matkhau"})
    assert "matkhau" not in str(refused.value)


def test_the_users_own_key(tmp_path: Path) -> None:
    """Made once, for the user's eyes alone; where there is no home there is no key."""
    key = cache_key({"HOME": str(tmp_path)})
    assert key is not None
    assert len(key) == 32
    assert cache_key({"HOME": str(tmp_path)}) == key
    assert cache_key({"XDG_STATE_HOME": str(tmp_path / "state")}) not in (None, key)
    (file,) = tmp_path.rglob(".local/**/pulls.key")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert cache_key({}) is None
    assert cache_key({"HOME": "/proc/none"}) is None
    file.write_bytes(b"short")
    assert cache_key({"HOME": str(tmp_path)}) is None
