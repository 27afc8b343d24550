"""Figures → the finished view of a report: every string as it will stand on the paper. No template calculates anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sync.model import ClusterData, ClusterStatus, Compliance, Figures, Kind, Progress, ReportingRate, Severity
from sync.organization import Organization
from sync.plan import Plan
from sync.prose import count, day, figure, names, place_and_day, rate, target_sentence
from sync.settings_values import ReportForm
from sync.vietnamese import KIND, PROGRESS

KINDS = {"ket-qua": "Kết quả thực hiện", "tien-do": "Tiến độ thực hiện"}


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target: its sentence for section II, its cells for annex I."""

    number: str
    name: str
    measure: str
    goal: str
    registered: str
    rounds: tuple[str, ...]
    done: str
    percent: str
    missing: str
    assessment: str
    tone: str
    """`good`, `warn`, `bad` or `plain`, for the colour on a screen."""
    sentence: str
    remarks: tuple[str, ...]
    """What has to be said beside the figures: parts without owner, clusters whose data are not fresh."""
    bar: int
    """Per cent of the goal, at most 100, for a bar."""


@dataclass(frozen=True, slots=True)
class RateLine:
    """How many units of one cluster handed in, for each thing that is due by now."""

    cluster: str
    handed_in: tuple[str, ...]
    """`9/10`, and how many of them late; an en dash where nothing is asked."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a template may use; `report_templates/README.md` lists the same names."""

    kind: str
    title: str
    subject: str
    year: str
    as_of: str
    place_and_day: str
    form: ReportForm
    opening: str
    completeness: str
    targets: tuple[TargetLine, ...]
    round_names: tuple[str, ...]
    rate_titles: tuple[str, ...]
    rates: tuple[RateLine, ...]
    late: tuple[str, ...]
    missing: tuple[str, ...]
    unread: tuple[str, ...]
    facts: tuple[str, ...]
    decisions: tuple[str, ...]
    trace: str


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

    ``subject_until`` names the round or due day that the report is about; KeyError for an unknown kind.
    """
    closed = as_of > plan.year_end(progress.year)
    cluster_names = {cluster.id: cluster.name for cluster in organization.clusters}
    lines = tuple(_target_line(one, progress, clusters, plan, cluster_names, closed=closed) for one in progress.targets)
    due = _due(plan, progress.year, as_of)
    late, missing = _units(progress, organization, plan, Compliance.LATE), _units(progress, organization, plan, Compliance.MISSING)
    about = f"{KINDS[kind]} kế hoạch {plan.name}"
    return ReportView(
        kind=kind,
        title=f"{KINDS[kind]} năm {progress.year}",
        subject=f"{about}, {subject_until or f'năm {progress.year}'}",
        year=str(progress.year),
        as_of=day(as_of),
        place_and_day=place_and_day(form.place, None),
        form=form,
        opening=_opening(form, plan, progress, as_of),
        completeness=_completeness(clusters, cluster_names),
        targets=lines,
        round_names=tuple(one.name for one in plan.rounds),
        rate_titles=tuple(f"{KIND[kind]} {plan.round(round_id).name.lower()}" for round_id, kind in due),
        rates=tuple(_rate_line(cluster.id, cluster.name, due, progress.reporting_rates) for cluster in organization.clusters),
        late=late,
        missing=missing,
        unread=tuple(_unread(clusters, cluster_names)),
        facts=tuple(_facts(progress, clusters, plan, missing, late)),
        decisions=tuple(_decisions(progress, clusters, plan, cluster_names)),
        trace=f"Số liệu tính đến ngày {day(as_of)}; dữ liệu và cấu hình {fingerprint}; donghanh {version}.",
    )


def _opening(form: ReportForm, plan: Plan, progress: Progress, as_of: date) -> str:
    return (
        f"Thực hiện kế hoạch {plan.name}, Ban Thường vụ báo cáo kết quả của {form.district} năm {progress.year} như sau "
        f"(số liệu tính đến ngày {day(as_of)}):"
    )


def _completeness(clusters: Sequence[ClusterData], cluster_names: dict[str, str]) -> str:
    fresh = sum(data.status is ClusterStatus.OK for data in clusters)
    if fresh == len(clusters):
        return f"Số liệu lấy từ bảng của đủ {count(fresh)} khu vực, khối."
    others = names([cluster_names[data.cluster] for data in clusters if data.status is not ClusterStatus.OK])
    return f"Số liệu mới có của {count(fresh)}/{count(len(clusters))} khu vực, khối; chưa có số liệu mới của {others}."


def _target_line(
    one: Figures, progress: Progress, clusters: Sequence[ClusterData], plan: Plan, cluster_names: dict[str, str], *, closed: bool
) -> TargetLine:
    target = plan.target(one.target)
    rounds = {item.round: item.done for item in progress.by_round if item.target == one.target}
    return TargetLine(
        number=str(target.id),
        name=target.name,
        measure=target.measure,
        goal=figure(one.goal),
        registered=figure(one.registered),
        rounds=tuple(figure(rounds.get(item.id, 0)) for item in plan.rounds),
        done=figure(one.done),
        percent=rate(one.percent),
        missing=figure(one.missing),
        assessment=PROGRESS[one.status] if one.status else "–",
        tone={"exceeded": "good", "met": "good", "at-risk": "warn", "missed": "bad"}.get(one.status.value if one.status else "", "plain"),
        sentence=target_sentence(one, progress, plan, closed=closed),
        remarks=tuple(_remarks(one, clusters, plan, cluster_names)),
        bar=min(100, round(float(one.percent))) if one.percent else 0,
    )


def _remarks(one: Figures, clusters: Sequence[ClusterData], plan: Plan, cluster_names: dict[str, str]) -> Iterable[str]:
    target = plan.target(one.target)
    if target.unallocated:
        yield f"Kế hoạch chưa phân bổ {count(target.unallocated)} {target.measure} của chỉ tiêu này cho đơn vị nào."
    for data in clusters:
        touched = data.cluster in target.allocations or any(activity.target == one.target for activity in data.activities)
        if data.status is ClusterStatus.STALE and touched and data.data_as_of:
            yield f"Số liệu của {cluster_names[data.cluster]} là của ngày {day(data.data_as_of)}."
        if data.status is ClusterStatus.FAILED and touched:
            yield f"Chưa có số liệu của {cluster_names[data.cluster]}."


def _units(progress: Progress, organization: Organization, plan: Plan, wanted: Compliance) -> tuple[str, ...]:
    """Return a line for each round and kind that names the units in this state."""
    unit_names = {unit.id: unit.name for unit in organization.units}
    lines = []
    for one in plan.reporting_rounds():
        for kind in Kind:
            states = [
                (item.unit, item.registration if kind is Kind.REGISTRATION else item.results)
                for item in progress.compliance
                if item.round == one.id
            ]
            listed = [unit_names[unit] for unit, state in states if state is wanted]
            if listed:
                lines.append(f"{KIND[kind]} {one.name.lower()}: {count(len(listed))} đơn vị ({'; '.join(listed)}).")
    return tuple(lines)


def _due(plan: Plan, year: int, as_of: date) -> list[tuple[str, Kind]]:
    """Return (round, kind) of what was due before this day, in the order of the due days."""
    days = [(plan.due_day(one.id, kind, year), one.id, kind) for one in plan.reporting_rounds() for kind in Kind]
    return [
        (round_id, kind)
        for day_, round_id, kind in sorted((item for item in days if item[0]), key=lambda item: str(item[0]))
        if day_ and day_ < as_of
    ]


def _rate_line(cluster: str, name: str, due: Sequence[tuple[str, Kind]], rates: Sequence[ReportingRate]) -> RateLine:
    known = {(one.round, one.kind): one for one in rates if one.cluster == cluster}
    return RateLine(name, tuple(_handed_in(known.get(item)) for item in due))


def _handed_in(one: ReportingRate | None) -> str:
    if one is None:
        return "–"
    late = f" ({count(one.late)} trễ)" if one.late else ""
    return f"{one.on_time + one.late}/{one.expected}{late}"


def _unread(clusters: Sequence[ClusterData], cluster_names: dict[str, str]) -> Iterable[str]:
    for data in clusters:
        if data.status is ClusterStatus.STALE and data.data_as_of:
            yield f"{cluster_names[data.cluster]}: dùng số liệu của ngày {day(data.data_as_of)}. {data.error or ''}".strip()
        elif data.status is ClusterStatus.FAILED:
            yield f"{cluster_names[data.cluster]}: chưa có số liệu. {data.error or ''}".strip()


def _facts(progress: Progress, clusters: Sequence[ClusterData], plan: Plan, missing: Sequence[str], late: Sequence[str]) -> Iterable[str]:
    """Yield the facts that bear on the committee's judgement, without judging."""
    reached = [plan.target(one.target).name for one in progress.targets if one.goal is not None and one.done >= one.goal]
    short = [one for one in progress.targets if one.goal is not None and one.done < one.goal]
    yield f"Chỉ tiêu đã đạt hoặc vượt: {names(reached)}." if reached else "Đến nay chưa có chỉ tiêu nào thực hiện đủ số lượng cả năm."
    if short:
        listed = "; ".join(
            f"{plan.target(one.target).name} (còn {count(one.missing or 0)} {plan.target(one.target).measure})" for one in short
        )
        yield f"Chỉ tiêu còn thiếu số lượng: {listed}."
    errors = sum(found.severity is Severity.ERROR for data in clusters for found in data.findings)
    bare = sum(found.code == "missing-evidence" for data in clusters for found in data.findings)
    yield (
        f"Dữ liệu còn {count(errors)} lỗi cần sửa, {count(bare)} kết quả chưa có minh chứng."
        if errors or bare
        else "Dữ liệu không còn lỗi cần sửa."
    )
    if missing:
        yield "Còn đơn vị chưa nộp (nêu tại mục I)."
    if late:
        yield "Có đơn vị nộp trễ hạn (nêu tại mục I)."


def _decisions(progress: Progress, clusters: Sequence[ClusterData], plan: Plan, cluster_names: dict[str, str]) -> Iterable[str]:
    """Yield what needs a decision of the committee."""
    for one in progress.targets:
        target = plan.target(one.target)
        if one.goal is not None and one.done < one.goal and one.projected < one.goal:
            yield f"{target.name}: kể cả hoạt động còn trong kế hoạch mới được {figure(one.projected)}/{figure(one.goal)} {target.measure}."
        if target.unallocated and one.done < target.goal:
            yield f"{target.name}: {count(target.unallocated)} {target.measure} chưa giao cho đơn vị nào."
    for data in clusters:
        if data.status is not ClusterStatus.OK:
            yield f"{cluster_names[data.cluster]}: cần người phụ trách kiểm tra bảng."
