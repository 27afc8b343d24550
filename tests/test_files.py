"""Old file or new file, never half of one."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.edges import files
from sync.edges.files import replace_atomically, write_atomically
from sync.errors import PublishError


def test_written_once_and_not_again(tmp_path: Path) -> None:
    """Equal bytes are not written; other bytes replace; no part is left behind."""
    path = tmp_path / "a" / "b.bin"
    assert [write_atomically(path, data) for data in (b"1", b"1", b"2")] == [True, False, True]
    assert path.read_bytes() == b"2"
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """A folder in the file's place, a file in the folder's place."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"x")
    for path in (tmp_path / "folder", tmp_path / "file" / "below.xlsx"):
        with pytest.raises(PublishError, match="could not be written"):
            write_atomically(path, b"1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_disk_that_is_full_leaves_the_old_file(tmp_path: Path) -> None:
    """The system refuses to let the file grow: the old one stands whole, nothing else is left."""
    path = tmp_path / "master.xlsx"
    path.write_bytes(b"old")
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from pathlib import Path\n"
        "from sync.edges.files import write_atomically\n"
        "from sync.errors import PublishError\n"
        "try: write_atomically(Path(sys.argv[1]), b'x' * 5000)\n"
        "except PublishError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert "may not grow that large" in done.stdout
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_during_writing_leaves_the_old_file(tmp_path: Path) -> None:
    """Killed between writing and moving: the old file stands."""
    path = tmp_path / "master.xlsx"
    path.write_bytes(b"old")
    code = (
        "import os, sys\nfrom pathlib import Path\nimport sync.edges.files as files\n"
        "Path.replace = lambda self, target: os._exit(9)\n"
        "files.write_atomically(Path(sys.argv[1]), b'new')\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 9
    assert path.read_bytes() == b"old"


def test_equal_content_is_not_touched(tmp_path: Path) -> None:
    """Neither the file nor its time changes."""
    path = tmp_path / "x"
    write_atomically(path, b"same")
    os.utime(path, (1, 1))
    before = path.stat()
    assert write_atomically(path, b"same") is False
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_who_may_read_stays(tmp_path: Path) -> None:
    """A new file is for whom the umask lets; one that only its owner may read stays so."""
    path = tmp_path / "x"
    before = os.umask(0o077)
    try:
        write_atomically(tmp_path / "mine", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o600
    assert before == 0o022, "the rest of this test, and of this suite, is about an ordinary umask"
    write_atomically(path, b"old")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    path.chmod(0o600)
    write_atomically(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What the link points to is replaced."""
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert write_atomically(tmp_path / "link", b"new") is True
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_links_in_a_circle_are_one_sentence(tmp_path: Path) -> None:
    """Two links that point at each other are no endless search and no traceback."""
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(PublishError, match="could not be written"):
        write_atomically(tmp_path / "a", b"new")


def test_a_long_name_is_no_trouble(tmp_path: Path) -> None:
    """The part that is written first needs no longer name than the file."""
    assert write_atomically(tmp_path / ("x" * 250), b"new") is True


@pytest.mark.parametrize(
    ("old", "parts", "other"),
    [
        (b"abcdef", (b"abc", b"def"), False),
        (b"abcdef", (b"", b"abcdef", b""), False),
        (b"", (), False),
        (b"abcdef", (b"abc",), True),
        (b"abcdef", (), True),
        (b"abcdef", (b"abc", b"def", b"g"), True),
        (b"abcdef", (b"abcdefg",), True),
        (b"abcdef", (b"abc", b"dex", b"y"), True),
        (b"abcdef", (b"Abc", b"def"), True),
        (b"", (b"a",), True),
    ],
)
def test_parts_that_say_what_stands_there_are_not_written(tmp_path: Path, old: bytes, parts: tuple[bytes, ...], other: bool) -> None:
    """Where they differ the file is what the parts say, in whatever place they begin to; else it is not touched."""
    path = tmp_path / "x"
    path.write_bytes(old)
    before = path.stat()
    assert replace_atomically(path, iter(parts), only_if_other=True) is other
    assert path.read_bytes() == b"".join(parts)
    assert other or (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert list(tmp_path.iterdir()) == [path]


def test_parts_are_written_again_where_nobody_asks_what_stands_there(tmp_path: Path) -> None:
    """Nothing is read for it: what is kept encrypted is never the same."""
    path = tmp_path / "x"
    path.write_bytes(b"same")
    before = path.stat().st_ino
    assert replace_atomically(path, (b"sa", b"me")) is True
    assert (path.read_bytes(), path.stat().st_ino == before) == (b"same", False)


def test_what_stands_there_needs_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk that is full, or may only be read, nothing is amiss as long as nothing has to be written."""
    path = tmp_path / "x"
    path.write_bytes(b"same")
    monkeypatch.setattr(files, "new_part", _full)
    assert replace_atomically(path, (b"sa", b"me"), only_if_other=True) is False
    with pytest.raises(PublishError, match="the disk is full"):
        replace_atomically(path, (b"sa", b"nd"), only_if_other=True)
    assert path.read_bytes() == b"same"


def _full(*given: object) -> tuple[int, Path]:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_that_is_cut_short_meanwhile_is_said(tmp_path: Path) -> None:
    """What the parts share with it is read from it: where somebody writes in it at that moment nothing half is made."""
    path = tmp_path / "x"
    path.write_bytes(b"a" * 100_000)

    def parts() -> Iterator[bytes]:
        yield b"a" * 90_000
        path.write_bytes(b"a")
        yield b"b" * 10_000

    with pytest.raises(PublishError, match="somebody else is writing it"):
        replace_atomically(path, parts(), only_if_other=True)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("x", b"a")]
