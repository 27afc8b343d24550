"""A folder of workbooks as the home of spreadsheets: `<cluster id>.xlsx` in, master and feedback out. The folder is never written to."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from python_calamine import CalamineWorkbook

from sync.edges.files import write_atomically
from sync.edges.workbook_writer import annotated_copy, master_bytes
from sync.edges.xlsx import read_xlsx
from sync.errors import PublishError, SourceError, UsageError
from sync.layout import Feedback, Workbook
from sync.model import Sheet

MASTER = "tong-hop.xlsx"
FEEDBACK = "phan-hoi"
MEMORY_TAB = "_bo_nho"


class Workbooks:
    """Reads clusters from one folder, writes into another."""

    def __init__(self, folder: Path, out: Path, *, max_uncompressed_bytes: int, mask: Callable[[str], str]) -> None:
        self._folder = folder
        self._out = out
        self._limit = max_uncompressed_bytes
        self._mask = mask

    def ensure_folder(self) -> None:
        """Raise UsageError if there is no such folder, or no workbook in it."""
        if not self._folder.is_dir():
            raise UsageError(f"There is no folder {self._folder}; name the folder of the clusters' workbooks with --workbooks.")
        if not any(path.suffix == ".xlsx" and not path.name.startswith("~$") for path in self._folder.iterdir()):
            raise UsageError(f"The folder {self._folder} holds no .xlsx file; put the clusters' workbooks there as <cluster id>.xlsx.")

    def read(self, cluster: str) -> Sheet:
        """Return the cluster's workbook; raise SourceError with a Vietnamese sentence."""
        return read_xlsx(self._bytes(cluster), cluster=cluster, source=f"{cluster}.xlsx", max_uncompressed_bytes=self._limit)

    def _bytes(self, cluster: str) -> bytes:
        path = self._folder / f"{cluster}.xlsx"
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise SourceError(f"Không có tệp {path.name} trong thư mục {self._folder.name}{self._alike(cluster)}.") from error
        except OSError as error:
            opened = "; tệp có thể đang mở trong Excel" if (self._folder / f"~${path.name}").exists() else ""
            raise SourceError(f"Không đọc được tệp {path.name} ({error.strerror}){opened}; hãy đóng tệp và kiểm tra quyền đọc.") from error

    def _alike(self, cluster: str) -> str:
        near = sorted(
            path.name for path in self._folder.glob("*") if path.stem.lower().startswith(cluster) and not path.name.startswith("~$")
        )
        return f", chỉ có {near[0]}; hãy đổi tên tệp đó thành {cluster}.xlsx" if near else "; hãy chép tệp vào đó"

    def read_memory(self) -> Sequence[Sequence[str]]:
        """Return the rows of the master's memory tab, none if there is no master yet."""
        path = self._out / MASTER
        if not path.exists():
            return []
        try:
            data = path.read_bytes()
            read_xlsx(data, cluster="", source=MASTER, max_uncompressed_bytes=max(self._limit, 500_000_000))
            rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(MEMORY_TAB).to_python(skip_empty_area=False)
        except (OSError, SourceError, ValueError, KeyError) as error:
            raise SourceError(
                f"The master {path} cannot be read; restore it from a copy, or move it away to begin with an empty memory."
            ) from error
        except Exception as error:
            raise SourceError(
                f"The master {path} has no memory tab; restore it from a copy, or move it away to begin with an empty memory."
            ) from error
        return [[str(cell) for cell in row] for row in rows]

    def write_master(self, workbook: Workbook) -> str | None:
        """Write the master; return its path, `None` if it is as it was."""
        return self._write(self._out / MASTER, master_bytes(workbook))

    def write_feedback(self, feedback: Feedback) -> str | None:
        """Write the annotated copy of the cluster's workbook; return its path, `None` if it is as it was."""
        try:
            original = self._bytes(feedback.cluster)
        except SourceError as error:
            raise PublishError(str(error)) from error
        return self._write(self._out / FEEDBACK / f"{feedback.cluster}.xlsx", annotated_copy(original, feedback, self._mask))

    def _write(self, path: Path, data: bytes) -> str | None:
        return str(path) if write_atomically(path, data) else None
