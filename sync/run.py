"""READ THIS FIRST: the seven stages in order, and the `RunResult` that they add up to.

`run` is the main job. It knows no concrete spreadsheet home and no concrete mailer: a dry run is another pair of edges.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, reduce

from sync import __version__
from sync.alike import Whole, as_remembered
from sync.check import with_double_counts
from sync.cluster_task import ClusterTask
from sync.codes import give_codes, in_order
from sync.decisions import remembered
from sync.district import District, judged_district, master_of
from sync.earlier import EarlierResults, results_mark
from sync.edges.interface import Documents, Mailer, Spreadsheets, Workers
from sync.errors import ConfigError, PublishError
from sync.journal import UNSETTLED, interrupted, load, with_digest, with_run
from sync.layout import Feedback
from sync.loss import lost_rows, sudden_loss
from sync.model import (
    ClusterData,
    ClusterStatus,
    CodeEntry,
    Column,
    Document,
    MailRecord,
    MailState,
    Memory,
    Progress,
    RowCount,
    RunRecord,
    Severity,
)
from sync.organization import Organization
from sync.papers import papers
from sync.plan import Plan
from sync.posting import post
from sync.publish import feedback
from sync.pull import pull_through
from sync.render import Renderer
from sync.settings_values import Settings
from sync.shares import shares
from sync.side_by_side import HERE, side_by_side
from sync.site import site_view
from sync.site.values import PAGE
from sync.unchanged import mark_of
from sync.upward import marked_if_old

Say = Callable[[str], None]
"""Receives one line of progress, in English."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Where a run touches the world."""

    home: Spreadsheets
    mailer: Mailer
    documents: Documents
    workers: Workers = HERE


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run came to."""

    as_of: date
    clusters: tuple[ClusterData, ...]
    progress: Progress
    written: tuple[str, ...]
    """Where everything lies that had to be written; empty where nothing had changed."""
    problems: tuple[str, ...]
    """A sentence for each feedback that could not be written, and the page (the others were), and for each account that was set aside."""
    mails: tuple[MailRecord, ...]
    """What was sent or refused in this run."""
    unsettled_mails: tuple[MailRecord, ...]
    """Of unknown fate, or rejected for good: for a person to settle."""
    notes: tuple[str, ...] = ()
    """A sentence for each report that waits, and for each cluster that has nobody to be reminded."""

    @property
    def needs_a_person(self) -> bool:
        """Return whether exit status 1 is due: a cluster was not read, or a mail did not go (contract section 1)."""
        unread = any(data.status is not ClusterStatus.OK for data in self.clusters)
        return unread or bool(self.problems) or bool(self.unsettled_mails) or any(mail.state is not MailState.SENT for mail in self.mails)


def run(
    edges: Edges, settings: Settings, renderer: Renderer, *, as_of: date, accept_loss: Collection[str] = (), say: Say = lambda line: None
) -> RunResult:
    """Run the main job: pull → normalise → check → roll up → publish → render → deliver.

    Raises SourceError if the master's memory cannot be read, PublishError if something cannot be written, ConfigError if a
    template is wrong; in each case what stood there before still stands.
    """
    settings = settings.on(as_of)
    district = district_now(edges.home, settings, as_of=as_of, accept_loss=accept_loss, workers=edges.workers, say=say)

    def mark() -> str | None:
        return mark_of(edges.home, settings, renderer, as_of=as_of, accept_loss=accept_loss)

    if (seen := mark()) and edges.documents.stand(seen):
        say("nothing is new since an earlier run of this day: all that it made still stands")
        return _result(district, _Done(district.memory), edges)
    done = _published(district, renderer, edges, say)
    if done.is_nothing and (seen := mark()):
        edges.documents.seal(seen)
    return _result(district, done, edges)


@dataclass(frozen=True, slots=True)
class _Done:
    """What a run did in the world after it had read, and the memory that it leaves."""

    memory: Memory
    written: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    mails: tuple[MailRecord, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Return whether all stood there as it should, and nobody has to be told of anything."""
        return not (self.written or self.problems or self.mails or self.notes)


def _published(district: District, renderer: Renderer, edges: Edges, say: Say) -> _Done:
    """Publish, render and deliver what was read; raise as `run` does."""
    say("rendering what is due")
    made = papers(district, renderer, edges.home)
    district = replace(district, memory=reduce(with_digest, made.digests, district.memory))
    say("writing the master, the feedback and the reports")
    master = master_of(district)
    written = [edges.home.write_master(master, hold=bool(made.letters))]
    to_note_claims_in = master if made.letters else None
    del master  # it is large, and where there are no letters nobody writes it again
    told, problems = _write_feedback(edges.home, district)
    written += told
    kept, unkept = _write_documents(edges.documents, made.documents)
    written, problems = [*written, *kept], [*problems, *unkept]
    say("delivering")
    memory, mails = post(edges.home, edges.mailer, district, made.letters, to_note_claims_in)
    if district.settings.site:
        page, trouble = _write_page(edges, replace(district, memory=memory), renderer)
        written, problems = [*written, page], [*problems, *trouble]
    return _Done(memory, tuple(place for place in written if place), tuple(problems), tuple(mails), tuple(made.notes))


def _result(district: District, done: _Done, edges: Edges) -> RunResult:
    return RunResult(
        as_of=district.progress.as_of,
        clusters=district.clusters,
        progress=district.progress,
        written=done.written,
        problems=(*done.problems, *edges.home.troubles()),
        mails=done.mails,
        unsettled_mails=tuple(mail for mail in done.memory.mails if mail.state in UNSETTLED),
        notes=done.notes,
    )


def district_now(
    home: Spreadsheets,
    settings: Settings,
    *,
    as_of: date,
    accept_loss: Collection[str] = (),
    workers: Workers = HERE,
    say: Say = lambda line: None,
) -> District:
    """Read every cluster and add up; the memory is the master's with what this run saw.

    Raises as `run` does; tells nobody and publishes nothing.
    """
    standing = home.read_memory()
    before = remembered(interrupted(load(standing)), home.read_decisions(), settings.organization, as_of)
    clusters = read_district(home, settings, as_of=as_of, memory=before, accept_loss=accept_loss, workers=workers, say=say)
    clusters, codes = _with_codes(clusters, settings, before)
    district = judged_district(settings, clusters, _with_rows(before, clusters, codes), as_of=as_of, year=as_of.year)
    return replace(district, memory=with_run(district.memory, _run_record(district, as_of)), standing=standing)


def read_district(
    home: Spreadsheets,
    settings: Settings,
    *,
    as_of: date,
    memory: Memory,
    accept_loss: Collection[str] = (),
    workers: Workers = HERE,
    say: Say = lambda line: None,
) -> list[ClusterData]:
    """Pull, normalise and check every cluster; earlier rows stand in, marked stale, where one cannot be read or lost many of its rows."""
    begun = [cluster.id for cluster in settings.organization.clusters if cluster.has_begun(as_of)]
    organization = settings.organization
    follows_from = settings.plan, organization, settings.column_aliases, as_of
    results = home.results(results_mark(*follows_from))
    earlier = EarlierResults(results) if results else None
    task = ClusterTask(*follows_from)
    judged = pull_through(task, begun, home, workers=workers, progress=say, received=Whole(memory.last_good), earlier=earlier)
    if results:
        results.save()
    clusters = with_double_counts(judged, organization)
    usable = [_or_last_good(data, settings, memory, accept_loss) for data in clusters]
    return [
        marked_if_old(data, as_of, settings.limits.master_days) if organization.cluster(data.cluster).reads_master else data
        for data in usable
    ]


def _or_last_good(data: ClusterData, settings: Settings, memory: Memory, accept_loss: Collection[str]) -> ClusterData:
    last = memory.last_good.get(data.cluster)
    if last is None:
        return data
    if data.status is ClusterStatus.FAILED:
        return _stale(last, data, data.error)
    reason = None if data.cluster in accept_loss else sudden_loss(last, data, settings.limits)
    return replace(_stale(last, data, reason), lost=tuple(lost_rows(last, data))) if reason else data


def _stale(last: ClusterData, now: ClusterData, reason: str | None) -> ClusterData:
    findings = now.findings if now.status is ClusterStatus.FAILED else last.findings
    return replace(last, status=ClusterStatus.STALE, error=reason, fingerprint=now.fingerprint, findings=findings)


def _with_codes(clusters: Sequence[ClusterData], settings: Settings, memory: Memory) -> tuple[list[ClusterData], tuple[CodeEntry, ...]]:
    """Give every activity its `Mã HĐ`; a cluster that was not read keeps what it had."""
    coded: list[ClusterData] = []
    entries: list[CodeEntry] = []
    remembered: dict[str, list[CodeEntry]] = defaultdict(list)
    for entry in memory.codes:
        remembered[entry.cluster].append(entry)
    for data in clusters:
        known = tuple(remembered[data.cluster])
        cluster = settings.organization.cluster(data.cluster)
        if data.status is ClusterStatus.OK and not cluster.reads_master:  # a district has given its rows codes already
            enriched, known = give_codes(data, cluster.code_prefix, known)
            coded.append(enriched)
        else:
            coded.append(data)
        entries += known
    return coded, in_order(entries)


def _with_rows(before: Memory, clusters: Sequence[ClusterData], codes: tuple[CodeEntry, ...]) -> Memory:
    """Return the memory with the rows of every cluster that was read, as they are before any decision."""
    columns = cache(_without_own_columns)
    read = {
        data.cluster: as_remembered(replace(data, columns=columns(tuple(data.columns.items()))), before.last_good.get(data.cluster))
        for data in clusters
        if data.status is ClusterStatus.OK
    }
    return replace(before, codes=codes, last_good={**before.last_good, **read})


def _without_own_columns(columns: tuple[tuple[Column, int], ...]) -> dict[Column, int]:
    """Return the columns to remember: that the system has set its own up since is nothing new about the rows."""
    return {column: at for column, at in columns if column not in (Column.CODE, Column.VERDICT)}


def _run_record(district: District, as_of: date) -> RunRecord:
    findings = [found for data in district.clusters for found in data.findings]
    seen = "\n".join(f"{data.cluster} {data.status} {data.fingerprint}" for data in district.clusters)
    decided = "".join(f"\n{one.decision.key} {one.decision.choice} {one.standing}" for one in district.rulings)
    return RunRecord(
        as_of=as_of,
        clusters_read=tuple(data.cluster for data in district.clusters if data.status is ClusterStatus.OK),
        rows=total_rows(district.clusters),
        errors=sum(found.severity is Severity.ERROR for found in findings),
        warnings=sum(found.severity is Severity.WARNING for found in findings),
        fingerprint=hashlib.blake2b(f"{district.settings.fingerprint}\n{seen}{decided}".encode(), digest_size=8).hexdigest(),
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


def _write_documents(folder: Documents, made: Sequence[Document]) -> tuple[list[str | None], list[str]]:
    """Write the reports; return where, and a sentence for each that could not be: mail that is due goes all the same."""
    written: list[str | None] = []
    problems = []
    for one in made:
        try:
            written.append(folder.write(one.name, one.data))
        except PublishError as error:
            problems.append(f"{error} Its mail goes all the same; `donghanh report` makes it again.")
    return written, problems


def _write_feedback(home: Spreadsheets, district: District) -> tuple[list[str | None], list[str]]:
    """Tell each cluster whose table was read in this run; return what was written, and a sentence for each that could not be."""
    own = shares(district.progress)
    plan = district.settings.plan.in_year(district.progress.year)

    def tell(data: ClusterData) -> tuple[str | None, str | None]:
        try:
            return home.write_feedback(_feedback(data, own(data.cluster), plan, district.settings.organization)), None
        except PublishError as error:
            return None, str(error)

    read = [
        data
        for data in district.clusters
        if (data.status is ClusterStatus.OK or (data.status is ClusterStatus.FAILED and data.findings))
        and not district.settings.organization.cluster(data.cluster).reads_master  # a district's master is the district's
    ]
    told = side_by_side(tell, read, home.side_by_side)
    return [place for place, _ in told], [problem for _, problem in told if problem]


def _write_page(edges: Edges, district: District, renderer: Renderer) -> tuple[str | None, list[str]]:
    """Write the page to look at, last of all, so that it knows what was mailed; what is wrong with it undoes nothing of the run."""
    try:
        return edges.documents.write_parts(PAGE, renderer.page(site_view(district, place=edges.home.place))), []
    except (ConfigError, PublishError) as error:
        return None, [str(error)]


def _feedback(data: ClusterData, progress: Progress, plan: Plan, organization: Organization) -> Feedback:
    return feedback(
        data,
        progress=progress,
        plan=plan,
        organization=organization,
        codes={one.row: one.code for one in data.activities if one.code},
        as_of=progress.as_of,
    )
