"""Makes what is missing and repairs what is the system's, cluster by cluster: the work of `donghanh provision`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sync.columns import aliases
from sync.errors import PublishError, SourceError
from sync.examine import is_blank
from sync.model import Sheet
from sync.normalise.table import find_table
from sync.organization import Cluster
from sync.provision import Fitted, SheetForm, TablePlace, sheet_form
from sync.provision.compare import changed_by_people
from sync.settings_values import Settings
from sync.text import fold


class Fitter(Protocol):
    """Fits clusters' spreadsheets out, in one of their homes."""

    def place(self, cluster: str) -> str:
        """Return where the cluster's spreadsheet lies, for people."""

    def look(self, cluster: str) -> Sheet | None:
        """Return the spreadsheet as it stands, `None` where there is none and one can be made; raise SourceError."""

    def fit(self, form: SheetForm, place: TablePlace | None) -> Fitted:
        """Make the tabs where ``place`` is `None`, else repair what is the system's; raise PublishError."""

    def share(self, cluster: str, email: str) -> bool:
        """Let the address edit the spreadsheet; return False where it may already; raise PublishError."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one cluster's spreadsheet."""

    cluster: str
    name: str
    where: str
    made: bool = False
    repaired: tuple[str, ...] = ()
    by_people: tuple[str, ...] = ()
    """What people changed; left as it is."""
    notes: tuple[str, ...] = ()
    shared_with: str = ""
    error: str = ""


def provision(
    settings: Settings, fitter: Fitter, *, as_of: date, only: Collection[str] = (), share: bool = False, say: Callable[[str], None]
) -> list[Outcome]:
    """Return what became of each cluster's spreadsheet; one that cannot be fitted out does not keep the others from it."""
    found = []
    for cluster in (one for one in settings.organization.clusters if not one.reads_master):
        if cluster.id in only or (not only and cluster.life.has_day_in(as_of.year)):
            say(f"fitting {cluster.id} out")
            found.append(_one(settings, cluster, fitter, as_of=as_of, share=share))
    return found


def _one(settings: Settings, cluster: Cluster, fitter: Fitter, *, as_of: date, share: bool) -> Outcome:
    where = fitter.place(cluster.id)
    form = sheet_form(settings, cluster, as_of=as_of)
    try:
        sheet = fitter.look(cluster.id)
        place = _place(settings, sheet)
        if sheet and not place and not _is_free(sheet, form):
            said = f"Trang «{form.tab}» đã có chữ nhưng không thấy dòng tiêu đề; hãy đổi tên trang ấy rồi chạy lại, hoặc sửa dòng tiêu đề."
            return Outcome(cluster.id, cluster.name, where, error=said)
        fitted = fitter.fit(form, place)
        shared, notes = _share(cluster, fitter, as_of) if share else ("", ())
    except (SourceError, PublishError) as error:
        return Outcome(cluster.id, cluster.name, where, error=str(error))
    told = tuple(changed_by_people(form, sheet, place)) if sheet and place and not fitted.left else ()
    return Outcome(cluster.id, cluster.name, where, fitted.made, fitted.repaired, told, (*fitted.left, *notes), shared)


def _place(settings: Settings, sheet: Sheet | None) -> TablePlace | None:
    table = find_table(sheet, aliases(dict(settings.column_aliases))) if sheet else None
    return TablePlace(table.tab.title, table.header_row, table.columns) if table else None


def _is_free(sheet: Sheet, form: SheetForm) -> bool:
    """Return whether the tab can be made without writing over anything."""
    return is_blank(sheet) or not any(fold(tab.title) == fold(form.tab) and any(tab.rows) for tab in sheet.tabs)


def _share(cluster: Cluster, fitter: Fitter, as_of: date) -> tuple[str, tuple[str, ...]]:
    head = cluster.head_on(as_of) or next(reversed(cluster.heads), None)
    if head is None:
        return "", ("chưa chia sẻ: organization.yaml chưa ghi người phụ trách (heads)",)
    try:
        new = fitter.share(cluster.id, head.email)
    except PublishError as error:
        return "", (str(error),)
    return head.email if new else "", ()


def needs_a_person(found: list[Outcome]) -> bool:
    """Return whether exit status 1 is due."""
    return any(one.error for one in found)
