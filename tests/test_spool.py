"""What a run sets aside comes back, lies in no file that has a name, and is gone with the run."""

from __future__ import annotations

import contextlib
import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sync.edges import spool
from sync.edges.spool import Spool

DESCRIPTORS = Path("/proc/self/fd")


def open_in(folder: Path) -> list[str]:
    """Return the files in the folder that this process has open."""
    found = []
    for one in DESCRIPTORS.iterdir():
        with contextlib.suppress(FileNotFoundError):  # the listing's own
            found.append(str(one.readlink()))
    return [one for one in found if one.startswith(str(folder))]


def data_of(number: int) -> bytes:
    """Return bytes that are this number's alone."""
    return f"{number} ".encode() * (1 + number % 50)


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    """By its name, however many threads put and ask; the last under a name counts; the folder stays empty."""
    kept = Spool(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: kept.put(str(number % 100), data_of(number % 100)), range(400)))
        assert list(pool.map(lambda number: kept.get(str(number)), range(100))) == [data_of(number) for number in range(100)]
    kept.put("7", b"other")
    kept.put("empty", b"")
    assert (kept.get("7"), kept.get("8"), kept.get("empty"), kept.get("nobody")) == (b"other", data_of(8), b"", None)
    assert list(tmp_path.iterdir()) == []


def test_it_is_gone_with_the_run(tmp_path: Path) -> None:
    """The file is closed, and has never had a name."""
    if not DESCRIPTORS.is_dir():
        pytest.skip("this system does not list open files")
    kept = Spool(tmp_path)
    kept.put("a", b"x")
    assert len(open_in(tmp_path)) == 1
    del kept
    gc.collect()
    assert open_in(tmp_path) == []


def test_without_its_folder_it_lies_where_the_system_has_such_files(tmp_path: Path) -> None:
    """The folder is not made for it."""
    kept = Spool(tmp_path / "none")
    kept.put("a", b"x")
    assert kept.get("a") == b"x"
    assert not (tmp_path / "none").exists()


class _FullDisk:
    """A file that takes so many bytes."""

    def __init__(self, room: int) -> None:
        self.data, self.room, self.at = bytearray(), room, 0

    def seek(self, offset: int) -> None:
        self.at = offset

    def write(self, data: bytes) -> int:
        taken = data[: self.room - self.at]
        self.data[self.at : self.at + len(taken)] = taken
        return len(taken)

    def read(self, length: int) -> bytes:
        return bytes(self.data[self.at : self.at + length])

    def close(self) -> None:
        """Nothing is to be done."""


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What finds no room is held in memory, and what found it stays."""
    monkeypatch.setattr(spool.tempfile, "TemporaryFile", lambda **options: _FullDisk(10))
    kept = Spool(tmp_path)
    for name in "abc":
        kept.put(name, name.encode() * 6)
    assert [kept.get(name) for name in "abc"] == [b"aaaaaa", b"bbbbbb", b"cccccc"]


def test_no_file_at_all_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none may be made everything is held in memory."""

    def refused(**options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(spool.tempfile, "TemporaryFile", refused)
    kept = Spool(tmp_path)
    kept.put("a", b"x")
    assert (kept.get("a"), kept.get("b")) == (b"x", None)
