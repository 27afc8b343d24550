"""READ THIS FIRST: the seven stages in order, and the `RunResult` that they add up to.

`run` is the main job. It knows no concrete spreadsheet home and no concrete mailer: a dry run is another pair of edges.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync import __version__
from sync.calendar import due_reports
from sync.check import check
from sync.codes import give_codes
from sync.compliance import remember_seen
from sync.deliver import deliver, messages
from sync.edges.interface import Documents, Mailer, Spreadsheets
from sync.journal import dump, interrupted, load, with_mail, with_run
from sync.model import (
    ClusterData,
    ClusterStatus,
    CodeEntry,
    MailRecord,
    Memory,
    Progress,
    RowCount,
    RunRecord,
    Severity,
)
from sync.normalise import Reader
from sync.personal import mask
from sync.publish import feedback, master_workbook
from sync.pull import pull
from sync.render import Renderer
from sync.report import report_view
from sync.rollup import roll_up
from sync.settings_values import Settings

Say = Callable[[str], None]
"""Receives one line of progress in English."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run came to."""

    as_of: date
    clusters: tuple[ClusterData, ...]
    progress: Progress
    written: tuple[str, ...]
    """Where everything lies that had to be written; empty where nothing had changed."""
    mails: tuple[MailRecord, ...]
    """What was sent or refused in this run."""
    unknown_mails: tuple[MailRecord, ...]
    """Claims without an outcome, for a person to settle."""

    @property
    def needs_a_person(self) -> bool:
        """Return whether exit status 1 is due: a cluster was not read, or a mail did not go."""
        unread = any(data.status is not ClusterStatus.OK for data in self.clusters)
        return unread or bool(self.unknown_mails) or any(mail.state.value != "sent" for mail in self.mails)


def run(
    *,
    home: Spreadsheets,
    mailer: Mailer,
    documents: Documents,
    settings: Settings,
    renderer: Renderer,
    as_of: date,
    accept_loss: Collection[str] = (),
    workers: int = 1,
    say: Say = lambda line: None,
) -> RunResult:
    """Run the main job: pull → normalise → check → roll up → publish → render → deliver.

    Raises SourceError if the master's memory cannot be read, PublishError if something cannot be written.
    """
    before = interrupted(load(home.read_memory()))
    clusters = read_district(home, settings, as_of=as_of, memory=before, accept_loss=accept_loss, workers=workers, say=say)
    clusters, codes = _with_codes(clusters, settings, before)
    memory = _remember(before, clusters, codes, settings, as_of)
    progress = roll_up(clusters, plan=settings.plan, organization=settings.organization, memory=memory, year=as_of.year, as_of=as_of)
    master = _MasterWriter(home, settings, clusters, progress, as_of)
    say("writing the master and the feedback")
    written = [master.write(memory), *_write_feedback(home, settings, clusters, progress, as_of)]
    say("rendering and delivering what is due")
    reports = _reports(settings, renderer, clusters, progress, memory, as_of)
    written += [documents.write(name, text) for name, text in reports.items()]
    memory, mails = _deliver(settings, renderer, mailer, master, clusters, progress, memory, as_of)
    return RunResult(
        as_of=as_of,
        clusters=tuple(clusters),
        progress=progress,
        written=tuple(dict.fromkeys(place for place in (*written, *master.written) if place)),
        mails=tuple(mails),
        unknown_mails=tuple(mail for mail in memory.mails if mail.state.value == "unknown"),
    )


def read_district(
    home: Spreadsheets,
    settings: Settings,
    *,
    as_of: date,
    memory: Memory,
    accept_loss: Collection[str] = (),
    workers: int = 1,
    say: Say = lambda line: None,
) -> list[ClusterData]:
    """Pull, normalise and check every cluster; earlier rows stand in, marked stale, where a cluster cannot be read or lost most of its rows."""
    sources = pull([cluster.id for cluster in settings.organization.clusters], home, workers=workers, progress=say)
    reader = Reader(settings.plan, settings.organization, settings.column_aliases)
    readings = [reader.read(source, as_of=as_of) for source in sources]
    clusters = check(readings, plan=settings.plan, organization=settings.organization, as_of=as_of)
    return [_or_last_good(data, settings, memory, accept_loss) for data in clusters]


def _or_last_good(data: ClusterData, settings: Settings, memory: Memory, accept_loss: Collection[str]) -> ClusterData:
    last = memory.last_good.get(data.cluster)
    if last is None:
        return data
    if data.status is ClusterStatus.FAILED:
        return _stale(last, data, data.error)
    limits = settings.limits
    now, then = len(data.activities), len(last.activities)
    lost = then >= limits.min_rows_for_loss and now < then * (1 - limits.loss_threshold)
    if not lost or data.cluster in accept_loss:
        return data
    reason = (
        f"Bảng chỉ còn {now} hoạt động, lần đọc trước có {then}; số liệu cũ được giữ cho đến khi có người xác nhận "
        f"(--accept-loss {data.cluster})."
    )
    return _stale(last, data, reason)


def _stale(last: ClusterData, now: ClusterData, reason: str | None) -> ClusterData:
    return replace(last, status=ClusterStatus.STALE, error=reason, source=now.source, fingerprint=now.fingerprint, findings=now.findings or last.findings)


def _with_codes(clusters: Sequence[ClusterData], settings: Settings, memory: Memory) -> tuple[list[ClusterData], tuple[CodeEntry, ...]]:
    """Give every activity its `Mã HĐ`; a cluster that was not read keeps what it had."""
    coded: list[ClusterData] = []
    entries: list[CodeEntry] = []
    for data in clusters:
        known = [entry for entry in memory.codes if entry.cluster == data.cluster]
        if data.status is ClusterStatus.OK:
            data, known = _coded(data, settings, known)  # noqa: PLW2901 - the loop's own noun, enriched
        coded.append(data)
        entries += known
    return coded, tuple(entries)


def _coded(data: ClusterData, settings: Settings, known: Sequence[CodeEntry]) -> tuple[ClusterData, list[CodeEntry]]:
    enriched, entries = give_codes(data, settings.organization.cluster(data.cluster).code_prefix, known)
    return enriched, list(entries)


def _remember(before: Memory, clusters: Sequence[ClusterData], codes: tuple[CodeEntry, ...], settings: Settings, as_of: date) -> Memory:
    read = {data.cluster: data for data in clusters if data.status is ClusterStatus.OK}
    memory = replace(
        before,
        first_seen=remember_seen(before, clusters, settings.plan, as_of),
        codes=codes,
        last_good={**before.last_good, **read},
    )
    return with_run(memory, run_record(clusters, settings, as_of))


def run_record(clusters: Sequence[ClusterData], settings: Settings, as_of: date) -> RunRecord:
    """Return how the journal remembers this run."""
    findings = [found for data in clusters for found in data.findings]
    seen = "\n".join(f"{data.cluster} {data.status} {data.fingerprint}" for data in clusters)
    return RunRecord(
        as_of=as_of,
        clusters_read=tuple(data.cluster for data in clusters if data.status is ClusterStatus.OK),
        rows=total_rows(clusters),
        errors=sum(found.severity is Severity.ERROR for found in findings),
        warnings=sum(found.severity is Severity.WARNING for found in findings),
        fingerprint=hashlib.blake2b(f"{settings.fingerprint}\n{seen}".encode(), digest_size=8).hexdigest(),
        version=__version__,
    )


def total_rows(clusters: Sequence[ClusterData]) -> RowCount:
    """Return the rows of all clusters, added up."""
    return RowCount(
        read=sum(data.rows.read for data in clusters),
        counted=sum(data.rows.counted for data in clusters),
        excluded=sum(data.rows.excluded for data in clusters),
        ignored=sum(data.rows.ignored for data in clusters),
    )


class _MasterWriter:
    """Writes the master anew whenever the memory in it has changed."""

    def __init__(self, home: Spreadsheets, settings: Settings, clusters: Sequence[ClusterData], progress: Progress, as_of: date) -> None:
        self._home = home
        self._settings = settings
        self._clusters = clusters
        self._progress = progress
        self._as_of = as_of
        self.written: list[str] = []

    def write(self, memory: Memory) -> str | None:
        """Write the master with this memory; return where it lies, `None` if nothing had to change."""
        workbook = master_workbook(
            progress=[self._progress],
            year=self._progress.year,
            clusters=self._clusters,
            plan=self._settings.plan,
            organization=self._settings.organization,
            memory=memory,
            memory_rows=dump(memory),
            as_of=self._as_of,
        )
        place = self._home.write_master(workbook)
        self.written += [place] if place else []
        return place


def _write_feedback(
    home: Spreadsheets, settings: Settings, clusters: Sequence[ClusterData], progress: Progress, as_of: date
) -> list[str | None]:
    told = [data for data in clusters if data.status is ClusterStatus.OK or (data.status is ClusterStatus.FAILED and data.findings)]
    return [
        home.write_feedback(
            feedback(
                data,
                progress=progress,
                plan=settings.plan,
                organization=settings.organization,
                codes={one.row: one.code for one in data.activities if one.code},
                as_of=as_of,
            )
        )
        for data in told
    ]


def _reports(
    settings: Settings, renderer: Renderer, clusters: Sequence[ClusterData], progress: Progress, memory: Memory, as_of: date
) -> dict[str, str]:
    """Return file name → HTML of the progress report and of each report that is due and not yet sent."""
    raise RuntimeError


def _deliver(
    settings: Settings,
    renderer: Renderer,
    mailer: Mailer,
    master: _MasterWriter,
    clusters: Sequence[ClusterData],
    progress: Progress,
    memory: Memory,
    as_of: date,
) -> tuple[Memory, list[MailRecord]]:
    """Mail what is due: each claim lies in the master before its message goes, each outcome after it."""
    raise RuntimeError


__all__ = ["RunResult", "dump", "mask", "messages", "read_district", "run"]
