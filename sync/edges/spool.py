"""What a run sets aside until it needs it again: bytes in a file without a name, which is gone when the run ends, however it ends."""

from __future__ import annotations

import tempfile
import threading
import weakref
from io import FileIO
from pathlib import Path


class Spool:
    """Keeps bytes by name, from as many threads as one likes; in memory only where no file can be had."""

    def __init__(self, folder: Path) -> None:
        """``folder``: where the file lies, if it is there when the first bytes come; else where the system has such files."""
        self._folder = folder
        self._lock = threading.Lock()
        self._file: FileIO | None = None
        self._end = 0
        self._places: dict[str, tuple[int, int]] = {}
        """Name → offset and length."""
        self._held: dict[str, bytes] = {}
        """What found no room on the disk."""

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes; what had this name before is forgotten."""
        with self._lock:
            self._places.pop(name, None)
            self._held.pop(name, None)
            try:
                self._places[name] = self._appended(data)
            except OSError:
                self._held[name] = data

    def get(self, name: str) -> bytes | None:
        """Return what was kept under this name, `None` where there is nothing, or where it cannot be read any more."""
        with self._lock:
            if name in self._held:
                return self._held[name]
            if name not in self._places or self._file is None:
                return None
            offset, length = self._places[name]
            try:
                self._file.seek(offset)
                data = self._file.read(length)
            except OSError:
                return None
            return data if data is not None and len(data) == length else None

    def _appended(self, data: bytes) -> tuple[int, int]:
        file = self._file = self._file or self._opened()
        file.seek(self._end)
        if file.write(data) != len(data):
            raise OSError("no room for all of it")
        offset, self._end = self._end, self._end + len(data)
        return offset, len(data)

    def _opened(self) -> FileIO:
        folder = self._folder if self._folder.is_dir() else None
        file = tempfile.TemporaryFile(buffering=0, dir=folder)  # noqa: SIM115  (it is closed with this object)
        weakref.finalize(self, file.close)
        return file
