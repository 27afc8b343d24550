"""A folder of workbooks as the home of spreadsheets: `<cluster id>.xlsx` in, master and feedback out. The folder is never written to."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sync.edges.files import write_atomically
from sync.edges.lock import Lock
from sync.edges.workbook_guard import ensure_openable
from sync.edges.workbook_writer import FEEDBACK, annotated_copy, master_bytes
from sync.edges.xlsx import Tabs, fingerprint, read_xlsx
from sync.errors import PublishError, SourceError, UsageError
from sync.layout import COLUMN_OF_CHOICES, DECISIONS_TAB, KEY_COLUMN, MEMORY_TAB, Feedback, Workbook
from sync.model import Sheet
from sync.shown import show
from sync.text import fold

MASTER = "tong-hop.xlsx"
_LOCK = ".dang-ghi"
"""Held by the run that writes; an empty file that may be deleted."""

_MASTER_LIMIT = 500_000_000
"""Bytes unpacked. The master is the program's own and grows with the district."""
_COPY_WORDS = frozenset(map(fold, ("copy", "of", "bản", "sao", "của", "mới", "final", "cuối", "sửa", "xlsx", "xls")))
"""What stands beside a cluster's id in the name of a copy, folded; figures stand there too."""
_LOCKS = ("~${}", ".~lock.{}#")
"""What Excel and LibreOffice put beside a workbook that is open."""
_WHY = {errno.EACCES: "không có quyền đọc tệp", errno.EPERM: "không có quyền đọc tệp", errno.EIO: "ổ đĩa báo lỗi"}


class Workbooks:
    """Reads clusters from one folder, writes into another."""

    def __init__(
        self,
        folder: Path,
        out: Path,
        *,
        max_uncompressed_bytes: int,
        mask: Callable[[str], str],
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._folder = folder
        self._out = out
        self._limit = max_uncompressed_bytes
        self._mask = mask
        self._say = say
        self._read: dict[str, str] = {}
        """Cluster → a mark of its file as it was read: files themselves are not kept, however many there are."""
        self._known_master: str | None = None
        """A mark of the master as this run knows it, empty where there was none; `None` before it was read."""
        self._lock = Lock(out / _LOCK)
        self._decisions: Sequence[Sequence[str]] = ()

    def ensure_folder(self) -> None:
        """Raise UsageError if there is no such folder, no workbook in it, or if the feedback would be written over it."""
        try:
            names = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError as error:
            raise UsageError(f"There is no folder {self._folder}; name the folder of the clusters' workbooks with --workbooks.") from error
        except OSError as error:
            raise UsageError(f"The folder {self._folder} cannot be read ({error.strerror}); name another one with --workbooks.") from error
        if not any(name.lower().endswith(".xlsx") and not name.startswith("~$") for name in names):
            raise UsageError(f"The folder {self._folder} holds no .xlsx file; put the clusters' workbooks there as <cluster id>.xlsx.")
        if self._folder.resolve() == (self._out / FEEDBACK).resolve():
            raise UsageError(f"The feedback would replace the workbooks in {self._folder}; choose another folder with --out.")

    @property
    def side_by_side(self) -> int:
        """One: what takes time is unpacking, which threads do not share."""
        return 1

    def place(self, cluster: str) -> str:
        """Return the file's name."""
        return f"{cluster}.xlsx"

    def master_place(self) -> str:
        """Return the file's name."""
        return MASTER

    def fetch(self, cluster: str) -> WorkbookFile:
        """Return the bytes of the cluster's workbook; raise SourceError with a Vietnamese sentence."""
        name = f"{cluster}.xlsx"
        is_open = any(os.path.lexists(self._folder / lock.format(name)) for lock in _LOCKS)
        with _said_of_open_files(is_open):
            data = self._bytes(cluster)
        self._read[cluster] = mark = fingerprint(data)
        return WorkbookFile(cluster, name, data, self._limit, is_open, mark)

    def read(self, cluster: str) -> Sheet:
        """Return the cluster's workbook; raise SourceError with a Vietnamese sentence."""
        return self.fetch(cluster).sheet()

    def results(self, mark: str) -> None:
        """Keep nothing: the workbooks lie here, but nothing encrypted does."""

    def _bytes(self, cluster: str) -> bytes:
        path = self._folder / f"{cluster}.xlsx"
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                where = _readable(self._folder.name)
                raise SourceError(f"{path.name} trong thư mục {where} không phải là tệp; hãy đổi tên nó và chép bảng tính vào.")
            if found.st_size > self._limit:
                raise SourceError(
                    f"Tệp {path.name} quá lớn ({found.st_size // 1_000_000} MB); hãy xóa hình ảnh và trang tính thừa rồi lưu lại."
                )
            return path.read_bytes()
        except FileNotFoundError as error:
            raise SourceError(f"Không có tệp {path.name} trong thư mục {_readable(self._folder.name)}{self._advice(cluster)}.") from error
        except OSError as error:
            why = _WHY.get(error.errno or 0, error.strerror)
            raise SourceError(f"Không đọc được tệp {path.name} ({why}); hãy kiểm tra quyền truy cập của tệp và thư mục.") from error

    def _advice(self, cluster: str) -> str:
        """Return the end of the sentence about a missing file."""
        alike = _readable(self._alike(cluster) or "")
        if not alike:
            return "; hãy chép tệp vào đó"
        if alike.lower().endswith(".xlsx"):
            return f", nhưng có tệp “{alike}”; nếu đó là bảng của cụm, hãy đổi tên thành {cluster}.xlsx"
        return f", nhưng có tệp “{alike}”; nếu đó là bảng của cụm, hãy mở bằng Excel và lưu thành {cluster}.xlsx"

    def _alike(self, cluster: str) -> str | None:
        """Return the name of the newest file that may be this cluster's under another name, such as `y-te (1).xlsx`."""
        near = [name for name in self._names() if not name.startswith(("~$", ".")) and _is_copy(Path(name).stem, cluster)]
        return max(near, key=lambda name: ((self._folder / name).lstat().st_mtime, name), default=None)

    def _names(self) -> list[str]:
        """Return the names in the folder, none where it cannot be looked into."""
        try:
            return [path.name for path in self._folder.iterdir()]
        except OSError:
            return []

    def read_memory(self) -> Sequence[Sequence[str]]:
        """Return the rows of the master's memory tab, none if there is no master yet; raise SourceError where it cannot be read."""
        path = self._out / MASTER
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            self._known_master = ""
            return []
        except OSError as error:
            raise SourceError(f"The master {path} cannot be read ({error.strerror}); check who may read it.") from error
        rows, self._decisions = _master_rows(data, path)
        self._known_master = fingerprint(data)
        return rows

    def read_decisions(self) -> Sequence[Sequence[str]]:
        """Return the rows of the tab in which people decide, as `read_memory` found them."""
        return self._decisions

    def write_master(self, workbook: Workbook, *, hold: bool = False) -> str | None:
        """Write the master; return its path, `None` if it is as it was.

        With ``hold`` no other run may write until a write without it, or until this process ends. Raises PublishError where another run
        writes, or has written since the master was read here, and rather than replace what cannot be read: then nothing was written.
        """
        if not self._lock.take():
            raise PublishError(f"Another run is writing to {self._out}; this one wrote nothing. Run again when it has ended.")
        try:
            self._ensure_known_master()
            data = master_bytes(workbook)
            written = write_atomically(self._out / MASTER, data)
        except BaseException:
            self._lock.release()
            raise
        self._known_master = fingerprint(data)
        if not hold:
            self._lock.release()
        return str(self._out / MASTER) if written else None

    def _ensure_known_master(self) -> None:
        """A damaged master may be all that is left of the memory, and one that another run wrote knows of mails that this one does not."""
        path = self._out / MASTER
        try:
            known = self._known_master
            if known is None or known != (fingerprint(path.read_bytes()) if path.exists() else ""):
                self.read_memory()
        except (OSError, SourceError) as error:
            raise PublishError(
                f"The master {path} cannot be read and was therefore not replaced; move it away or restore a copy."
            ) from error
        if known not in (None, self._known_master):
            said = f"Another run wrote {path}, or somebody saved it, while this one was at work"
            raise PublishError(f"{said}; this one gave up and wrote nothing. Run again.")

    def write_feedback(self, feedback: Feedback) -> str | None:
        """Write the annotated copy of what was read of the cluster; return its path, `None` if it is as it was.

        Nothing is written where the file was changed since: what is to be said is of other rows, and the next run says it.
        """
        try:
            original = self._bytes(feedback.cluster)
        except SourceError as error:
            raise PublishError(str(error)) from error
        if self._read.get(feedback.cluster, known := fingerprint(original)) != known:
            self._say(f"{feedback.cluster}: the file was saved anew meanwhile; the next run reads it again")
            return None
        path = self._out / FEEDBACK / f"{feedback.cluster}.xlsx"
        try:
            ensure_openable(original, source=f"{feedback.cluster}.xlsx", limit=2 * self._limit)
            copy = annotated_copy(original, feedback, self._mask)
        except PublishError:
            raise
        except Exception as error:  # openpyxl stumbles, in many ways, over workbooks that calamine and Excel read.
            raise PublishError(
                f"{feedback.cluster}.xlsx could not be annotated ({error}); open it in Excel, save it and run again."
            ) from error
        return str(path) if write_atomically(path, copy) else None

    def seen(self) -> str | None:
        """Tell nothing: nobody says of files what has changed, so that everything is read and compared."""
        return None

    def troubles(self) -> Sequence[str]:
        """Return nothing: a folder has no accounts."""
        return ()


@dataclass(frozen=True, slots=True)
class WorkbookFile:
    """A workbook's bytes, not unpacked yet."""

    cluster: str
    source: str
    data: bytes
    limit: int
    """Bytes that it may unpack to."""
    is_open: bool
    """Whether somebody has it open just now."""
    mark: str
    """Their fingerprint."""

    def sheet(self) -> Sheet:
        """Return what stands in it; raise SourceError with a Vietnamese sentence."""
        with _said_of_open_files(self.is_open):
            return read_xlsx(self.data, cluster=self.cluster, source=self.source, max_uncompressed_bytes=self.limit, mark=self.mark)


@contextmanager
def _said_of_open_files(is_open: bool) -> Iterator[None]:
    """Add to what is wrong with a file that it is open, where it is: that may be why."""
    try:
        yield
    except SourceError as error:
        if not is_open:
            raise
        sentence = str(error).removesuffix(".")
        raise SourceError(f"{sentence}; tệp đang được mở, hãy lưu và đóng tệp rồi chạy lại.") from error


def _master_rows(data: bytes, path: Path) -> tuple[list[list[str]], list[list[str]]]:
    """Return the memory, and the tab in which people decide."""
    advice = "restore it from a copy, or move it away to begin with an empty memory"
    try:
        tabs = Tabs(data, source=MASTER, max_uncompressed_bytes=_MASTER_LIMIT)
        rows, decisions = tabs.rows(MEMORY_TAB), _decision_rows(tabs)
    except SourceError as error:
        raise SourceError(f"The master {path} is damaged; {advice}.") from error
    if rows is None:
        raise SourceError(f"The master {path} has no tab {MEMORY_TAB}; {advice}.")
    if not rows:
        raise SourceError(f"The tab {MEMORY_TAB} of the master {path} is empty; {advice}.")
    return [[str(cell) for cell in row] for row in rows], decisions


def _decision_rows(tabs: Tabs) -> list[list[str]]:
    """Return the rows of the tab in which people decide; where they have renamed it, it is known by its column of keys."""
    rows = tabs.rows(DECISIONS_TAB)
    if rows is None:
        others = (tabs.rows(title) or () for title in tabs.titles if title != MEMORY_TAB)
        rows = next((found for found in others if any(KEY_COLUMN in row and COLUMN_OF_CHOICES in row for row in found)), ())
    return [[str(cell) if isinstance(cell, str) else show(cell) for cell in row] for row in rows]


def _readable(name: str) -> str:
    """Return a name of the disk with U+FFFD for bytes that are no letters: reports, mails and the master take text alone."""
    return os.fsencode(name).decode(errors="replace")


def _is_copy(stem: str, cluster: str) -> bool:
    """Return whether the name is the cluster's id, written somehow, with nothing beside it but figures and words for a copy."""
    words, wanted = fold(stem).split(), fold(cluster).split()
    for start in range(len(words) - len(wanted) + 1):
        if words[start : start + len(wanted)] == wanted:
            beside = words[:start] + words[start + len(wanted) :]
            return all(word.isdigit() or word in _COPY_WORDS for word in beside)
    return False
