"""Files that are the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Callable, Mapping
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
}
_NEW_MODE = 0o644
"""Who may read a file that was not there before; one that was keeps its own."""


def write_atomically(path: Path, data: bytes) -> bool:
    """Write the file and return True; return False and touch nothing if it holds these bytes already.

    What stood there stays until the new file is whole on the disk. Raises PublishError.
    """
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        number, words = (error.errno or 0, error.strerror) if isinstance(error, OSError) else (errno.ELOOP, None)
        advice = _ADVICE.get(number, words or str(error))
        raise PublishError(f"{path} could not be written: {advice}, then run again; what stood there is unchanged.") from error
    return True


def _replace(path: Path, data: bytes) -> None:
    path = path.resolve()  # what a link points to is replaced, never the link
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else _NEW_MODE
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


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
