"""Files that are the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from sync.errors import PublishError

_ADVICE = {
    errno.ENOSPC: "the disk is full; make room",
    errno.EDQUOT: "the quota of this disk is used up; make room",
    errno.EFBIG: "files may not grow that large here; raise the limit",
    errno.EACCES: "it may not be written; close it in Excel, or check the folder's permissions",
    errno.EPERM: "it may not be written; close it in Excel, or check the folder's permissions",
    errno.EROFS: "this disk may only be read; choose another folder with --out",
    errno.ENOTDIR: "a file stands where a folder is needed; choose another folder with --out",
    errno.EEXIST: "a file stands where a folder is needed; choose another folder with --out",
    errno.ELOOP: "links lead in a circle; choose another folder with --out",
    errno.EISDIR: "a folder stands where the file should go; move it away",
    errno.EBUSY: "somebody else is writing it; wait until that is done",
}
_NEW_MODE = 0o666
"""Who may read and write a file that was not there before, less what the user's umask takes away; one that was keeps its own."""
_READ_AT_ONCE = 1 << 16


def write_atomically(path: Path, data: bytes, *, new_mode: int = _NEW_MODE) -> bool:
    """Write the file and return True; return False and touch nothing if it holds these bytes already.

    What stood there stays until the new file is whole on the disk, and keeps its mode; a new file has ``new_mode``, less the umask.
    Raises PublishError.
    """
    return replace_atomically(path, (data,), new_mode=new_mode, only_if_other=True)


def replace_atomically(path: Path, parts: Iterable[bytes], *, new_mode: int = _NEW_MODE, only_if_other: bool = False) -> bool:
    """Write the file part by part, so that no more than one of them is in memory, also where it holds these bytes already.

    With ``only_if_other`` it is left alone then, as `write_atomically` leaves it, and False is returned. What making a part raises is
    raised here, and what stood there stays. Raises PublishError.
    """
    with _with_advice(path):
        if only_if_other and path.is_file():
            other = _unlike(path, parts)
            first = next(other, None)
            if first is None:
                return False
            parts = chain((first,), other)
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, parts, new_mode)
        return True


def _unlike(path: Path, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what the parts say as soon as one is not what the file says there, and nothing where they say what it says.

    What they share with it is read from it again, for it may be long.
    """
    rest, same, part = iter(parts), 0, b""
    with path.open("rb") as file:
        for part in rest:
            if file.read(len(part)) != part:
                break
            same += len(part)
        else:
            if not file.read(1):
                return
            part = b""
        file.seek(0)
        while same:
            shared = file.read(min(same, _READ_AT_ONCE))
            if not shared:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
            same -= len(shared)
            yield shared
    yield part
    yield from rest


@contextlib.contextmanager
def _with_advice(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        number, words = (error.errno or 0, error.strerror) if isinstance(error, OSError) else (errno.ELOOP, None)
        advice = _ADVICE.get(number, words or str(error))
        raise PublishError(f"{path} could not be written: {advice}, then run again; what stood there is unchanged.") from error


def _replace(path: Path, parts: Iterable[bytes], new_mode: int) -> None:
    path = path.resolve()  # what a link points to is replaced, never the link
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
    handle, part = new_part(path.parent, new_mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            part.chmod(mode)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def new_part(folder: Path, mode: int = _NEW_MODE) -> tuple[int, Path]:
    """Return an open new file in the folder, to be finished and then given its name; the umask decides who may read it."""
    while True:
        part = folder / f".{secrets.token_hex(4)}.part"
        try:
            return os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), part
        except FileExistsError:
            continue


def append(path: Path, text: str) -> None:
    """Add the text to the end of the file, which others write to as well. Raises PublishError."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise PublishError(f"{path} could not be written: {error.strerror or error}; everything else is done.") from error


def write_new_folder(folder: Path, files: Mapping[str, bytes], approve: Callable[[Path], object]) -> None:
    """Make the folder with these files, all or nothing; a folder or file that is there already is never touched.

    ``approve`` sees the files in a folder beside it first, and raises where they will not do. Raises PublishError.
    """
    if os.path.lexists(folder):
        raise PublishError(f"{folder} is there already and is left as it is; choose another name with --folder, or move it away.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent) as beside:
            whole = Path(beside) / folder.name
            whole.mkdir()
            for name, data in files.items():
                write_atomically(whole / name, data)
            approve(whole)
            whole.rename(folder)
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, error.strerror or str(error))
        raise PublishError(f"{folder} could not be written: {advice}, then run again; nothing was written.") from error
