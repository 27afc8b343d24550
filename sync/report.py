"""Figures → the finished view of a report: every string as it will stand on the paper. No template calculates anything.

The views are what templates see; `report_templates/README.md` lists their names in Vietnamese.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sync import prose
from sync.model import ClusterData, ClusterStatus, Compliance, Figures, Kind, Progress, ReportingRate, Severity
from sync.organization import Organization
from sync.plan import Plan, Round
from sync.prose import count, counted, day, due_day, figure, rate, sentence
from sync.settings_values import ReportForm
from sync.vietnamese import KIND, PROGRESS

KINDS = {"ket-qua": "Kết quả thực hiện", "tien-do": "Tiến độ thực hiện"}
MARK = "(*)"
"""Stands at every figure that a cluster without fresh data touches."""
NAMES_IN_MAIL = 12
"""From here on a mail counts the units that it does not name; the attached report names them all."""
_TONES = {"exceeded": "good", "met": "good", "at-risk": "warn", "missed": "bad"}


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target: its sentences for section II, its cells for annex I."""

    number: str
    name: str
    short_name: str
    measure: str
    goal: str
    registered: str
    rounds: tuple[str, ...]
    """Done in each round of the year; a dash for a round that has not begun."""
    done: str
    percent: str
    missing: str
    assessment: str
    tone: str
    """`good`, `warn`, `bad` or `plain`, for the colour on a screen."""
    mark: str
    """`(*)` where a cluster without fresh data touches the figures, else nothing."""
    sentence: str
    remarks: tuple[str, ...]
    """What has to be said beside the figures: parts without owner, clusters whose data are not fresh."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """How one cluster, or all together, handed in: four cells for each duty of the table."""

    cluster: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueTable:
    """Who handed in what for one round."""

    round: str
    duties: tuple[str, ...]
    rows: tuple[DueRow, ...]
    total: DueRow


@dataclass(frozen=True, slots=True)
class Arrears:
    """The units that are late with one duty or still owe it; empty text for nobody."""

    what: str
    late: str
    missing: str
    late_short: str
    """At most `NAMES_IN_MAIL` names."""
    missing_short: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A cluster without fresh data."""

    cluster: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a template may use."""

    kind: str
    title: str
    subject: str
    year: str
    as_of: str
    as_of_day: date
    """The same as a value, for what is written into files."""
    place_and_day: str
    form: ReportForm
    opening: str
    completeness: str
    handed_in: tuple[str, ...]
    due_tables: tuple[DueTable, ...]
    arrears: tuple[Arrears, ...]
    targets: tuple[TargetLine, ...]
    round_names: tuple[str, ...]
    unread: tuple[Unread, ...]
    mark_note: str
    """What `(*)` means here; empty where every cluster was read."""
    facts: tuple[str, ...]
    quality: tuple[str, ...]
    decisions: tuple[str, ...]
    trace: str


@dataclass(frozen=True, slots=True)
class _Duty:
    """Something that was due before the report's day."""

    round: Round
    kind: Kind
    due: date
    rates: Mapping[str, ReportingRate]
    """By cluster id."""

    @property
    def name(self) -> str:
        """Return `Đăng ký đợt 1 (hạn 30/01)`."""
        return f"{KIND[self.kind]} {self.round.name.lower()} (hạn\u00a0{due_day(self.due)})"

    def totals(self) -> tuple[int, int, int, int]:
        """Return expected, on time, late and missing of all clusters."""
        sums = [sum(column) for column in zip(*(_four(one) for one in self.rates.values()), strict=True)]
        return sums[0], sums[1], sums[2], sums[3]


def report_view(
    kind: str,
    *,
    progress: Progress,
    clusters: Sequence[ClusterData],
    plan: Plan,
    organization: Organization,
    form: ReportForm,
    as_of: date,
    version: str,
    fingerprint: str,
    subject_until: str | None = None,
) -> ReportView:
    """Return the view of a report of this kind; ``fingerprint`` names data and configuration in the trace line.

    ``subject_until`` names the round that the report is about (`đợt 2 năm 2025`), else it is about the year; KeyError for an unknown kind.
    """
    about = subject_until or f"năm {progress.year}"
    closed = as_of > plan.year_end(progress.year)
    known = {cluster.id: cluster.name for cluster in organization.clusters}
    duties = _duties(progress, plan, as_of)
    unread = tuple(_unread(clusters, known))
    stale = {data.cluster for data in clusters if data.status is not ClusterStatus.OK}
    quality = tuple(_quality(clusters, known))
    return ReportView(
        kind=kind,
        title=f"{KINDS[kind]} năm {progress.year}",
        subject=f"{KINDS[kind]} kế hoạch {plan.name}, {about}",
        year=str(progress.year),
        as_of=day(as_of),
        as_of_day=as_of,
        place_and_day=prose.place_and_day(form.place, None),
        form=form,
        opening=_opening(KINDS[kind].lower(), about, form, plan, as_of),
        completeness=prose.completeness(len(clusters), [one.cluster for one in unread]),
        handed_in=tuple(sentence(f"{duty.name}: {prose.handed_in(*duty.totals())}") for duty in duties),
        due_tables=tuple(_due_tables(duties, plan, known, stale)),
        arrears=tuple(_arrears(duties, progress, organization, stale)),
        targets=tuple(_target_line(one, progress, clusters, plan, known, closed=closed) for one in progress.targets),
        round_names=tuple(one.name for one in plan.rounds),
        unread=unread,
        mark_note=_note([f"{one.cluster}: {one.state}" for one in unread]),
        facts=(*_facts(progress, plan, duties), *quality),
        quality=quality,
        decisions=tuple(_decisions(progress, plan, known, unread, closed=closed)),
        trace=f"Số liệu tính đến ngày {day(as_of)}; dữ liệu và cấu hình {fingerprint}; donghanh {version}.",
    )


def _opening(what: str, about: str, form: ReportForm, plan: Plan, as_of: date) -> str:
    paper = f"kế hoạch số {plan.number} {plan.name}" if plan.number else f"kế hoạch {plan.name}"
    return f"Thực hiện {paper}, Ban Thường vụ {form.district} báo cáo {what} {about} như sau (số liệu tính đến ngày {day(as_of)}):"


def _unread(clusters: Sequence[ClusterData], known: Mapping[str, str]) -> Iterator[Unread]:
    for data in clusters:
        if data.status is not ClusterStatus.OK:
            yield Unread(known[data.cluster], _freshness(data), data.error or "")


def _freshness(data: ClusterData) -> str:
    if data.status is ClusterStatus.FAILED:
        return "chưa có số liệu"
    return f"số liệu của ngày {day(data.data_as_of)}" if data.data_as_of else "số liệu của lần đọc trước"


def _note(doubts: Sequence[str]) -> str:
    return f"{MARK} {'; '.join(doubts)}." if doubts else ""


def _target_line(
    one: Figures, progress: Progress, clusters: Sequence[ClusterData], plan: Plan, known: dict[str, str], *, closed: bool
) -> TargetLine:
    target = plan.target(one.target)
    done = {item.round: item.done for item in progress.by_round if item.target == one.target}
    begun = [progress.as_of >= date(progress.year, item.first_month, 1) for item in plan.rounds]
    doubts = [
        f"{known[data.cluster]}: {_freshness(data)}"
        for data in clusters
        if data.status is not ClusterStatus.OK
        and (target.is_expected_of(data.cluster) or any(row.target == target.id for row in data.activities))
    ]
    owners = prose.allocation(target, known)
    return TargetLine(
        number=str(target.id),
        name=target.name,
        short_name=target.short_name,
        measure=target.measure,
        goal=figure(one.goal),
        registered=figure(one.registered),
        rounds=tuple(figure(done.get(item.id, 0) if was else None) for item, was in zip(plan.rounds, begun, strict=True)),
        done=figure(one.done),
        percent=rate(one.percent),
        missing=figure(one.missing),
        assessment=PROGRESS[one.status] if one.status else figure(None),
        tone=_TONES.get(one.status.value if one.status else "", "plain"),
        mark=MARK if doubts else "",
        sentence=prose.target_sentence(one, progress, plan, closed=closed),
        remarks=tuple(remark for remark in (owners, _note(doubts)) if remark),
    )


def _duties(progress: Progress, plan: Plan, as_of: date) -> list[_Duty]:
    """Return what was due before this day and asked of anyone, in the order of the due days."""
    duties = []
    for one in plan.reporting_rounds():
        for kind in Kind:
            rates = {
                item.cluster: item for item in progress.reporting_rates if item.round == one.id and item.kind is kind and item.expected
            }
            due = plan.due_day(one.id, kind, progress.year)
            if due and due < as_of and rates:
                duties.append(_Duty(one, kind, due, rates))
    return sorted(duties, key=lambda duty: duty.due)


def _four(one: ReportingRate) -> tuple[int, int, int, int]:
    return one.expected, one.on_time, one.late, one.missing


def _due_tables(duties: Sequence[_Duty], plan: Plan, known: Mapping[str, str], stale: set[str]) -> Iterator[DueTable]:
    for one in plan.reporting_rounds():
        asked = [duty for duty in duties if duty.round == one]
        rows = []
        for cluster, name in known.items():
            rates = [duty.rates.get(cluster) for duty in asked]
            if any(rates):
                cells = (figure(number) for item in rates for number in (_four(item) if item else (None,) * 4))
                rows.append(DueRow(f"{name} {MARK}" if cluster in stale else name, tuple(cells)))
        if rows:
            total = DueRow("Tổng số đơn vị", tuple(figure(number) for duty in asked for number in duty.totals()))
            yield DueTable(one.name, tuple(duty.name for duty in asked), tuple(rows), total)


def _arrears(duties: Sequence[_Duty], progress: Progress, organization: Organization, stale: set[str]) -> Iterator[Arrears]:
    unit_names = {unit.id: f"{unit.name} {MARK}" if unit.cluster in stale else unit.name for unit in organization.units}
    for duty in duties:
        states = [
            (unit_names[one.unit], one.registration if duty.kind is Kind.REGISTRATION else one.results)
            for one in progress.compliance
            if one.round == duty.round.id
        ]
        late = [unit for unit, state in states if state is Compliance.LATE]
        missing = [unit for unit, state in states if state is Compliance.MISSING]
        if late or missing:
            yield Arrears(duty.name, counted(late), counted(missing), counted(late, NAMES_IN_MAIL), counted(missing, NAMES_IN_MAIL))


def _facts(progress: Progress, plan: Plan, duties: Sequence[_Duty]) -> Iterator[str]:
    """Yield what bears on the committee's judgement, without judging."""
    measured = [(one, one.goal, plan.target(one.target)) for one in progress.targets if one.goal is not None]
    reached = [target.name for one, goal, target in measured if one.done >= goal]
    short = [f"{target.name} ({count(goal - one.done)} {target.measure})" for one, goal, target in measured if one.done < goal]
    if measured:
        yield f"Chỉ tiêu đã đạt hoặc vượt: {'; '.join(reached)}." if reached else "Chưa có chỉ tiêu nào thực hiện đủ số lượng của cả năm."
    if short:
        yield f"Chỉ tiêu còn thiếu số lượng: {'; '.join(short)}."
    owed = [("lượt chưa nộp", 3), ("lượt nộp trễ hạn", 2)]
    left = [f"{count(number)} {what}" for what, place in owed if (number := sum(duty.totals()[place] for duty in duties))]
    if left:
        yield f"Các đơn vị còn {', '.join(left)} (nêu tại mục I)."


def _quality(clusters: Sequence[ClusterData], known: Mapping[str, str]) -> Iterator[str]:
    """Yield how far the figures may be trusted: rows that do not count because of errors, results without evidence."""
    wrong = [(known[data.cluster], sum(found.severity is Severity.ERROR for found in data.findings)) for data in clusters]
    excluded = sum(data.rows.excluded for data in clusters)
    bare = sum(found.code == "missing-evidence" for data in clusters for found in data.findings)
    yield prose.errors_left([(name, number) for name, number in wrong if number], excluded)
    if bare:
        yield f"Có {count(bare)} kết quả đã tính nhưng chưa có minh chứng."


def _decisions(progress: Progress, plan: Plan, known: dict[str, str], unread: Sequence[Unread], *, closed: bool) -> Iterator[str]:
    """Yield what needs a decision of the committee, one line a target or cluster."""
    for one in progress.targets:
        target = plan.target(one.target)
        short = prose.needed(one, target, closed=closed)
        if short:
            yield f"{short} {prose.allocation(target, known)}".strip()
    for cluster in unread:
        yield f"{cluster.cluster}: {cluster.state}; cần người phụ trách mở và kiểm tra bảng."
