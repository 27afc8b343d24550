"""One report of any kind, from figures to its finished view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync import prose
from sync.model import ClusterData, ClusterStatus, Kind, Progress, Ruling
from sync.organization import Organization
from sync.plan import EarlyEnd, Plan
from sync.prose import day
from sync.prose_years import year_name
from sync.report import annexes, directed, facts, heirs, numbers, review
from sync.report.freshness import note, unread
from sync.report.periods import REVIEW, round_in
from sync.report.settled import settled_lines
from sync.report.targets import target_lines
from sync.report.values import ActivityGroup, ReportView
from sync.settings_values import ReportForm


@dataclass(frozen=True, slots=True)
class Wording:
    """How the paper of one kind calls itself."""

    title: str
    """Before `năm 2025`."""
    subject: str
    """Before the plan's name."""
    opening: str
    """After `Ban Thường vụ … báo cáo`."""
    basis: str = "Thực hiện"


KINDS = {
    "dang-ky": Wording("Tình hình đăng ký", "Tình hình đăng ký hoạt động theo kế hoạch", "tình hình đăng ký hoạt động", "Căn cứ"),
    "ket-qua": Wording("Kết quả thực hiện", "Kết quả thực hiện kế hoạch", "kết quả thực hiện"),
    "nam": Wording("Kết quả thực hiện cả", "Kết quả thực hiện kế hoạch", "kết quả thực hiện cả"),
    REVIEW: Wording("Tổng kết thực hiện kế hoạch đến", "Tổng kết thực hiện kế hoạch", "tổng kết"),
    "tien-do": Wording("Tiến độ thực hiện", "Tiến độ thực hiện kế hoạch", "tiến độ thực hiện"),
}


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a report is made from."""

    kind: str
    progress: Progress
    years: Sequence[Progress]
    clusters: Sequence[ClusterData]
    plan: Plan
    organization: Organization
    as_of: date

    @property
    def known(self) -> dict[str, str]:
        """The clusters' names by id."""
        return {cluster.id: cluster.name for cluster in self.organization.clusters}

    @property
    def stale(self) -> frozenset[str]:
        """Ids of the clusters without fresh data."""
        return frozenset(data.cluster for data in self.clusters if data.status is not ClusterStatus.OK)

    @property
    def year(self) -> int:
        """The year that the report is about; the last one of a review."""
        return self.progress.year

    @property
    def closed(self) -> bool:
        """Whether that year is over."""
        return self.as_of > self.plan.year_end(self.year)

    @property
    def is_supplement(self) -> bool:
        """Whether this is the yearly report of a year that is over: it completes the one of November."""
        return self.kind == "nam" and self.closed

    @property
    def registration(self) -> bool:
        """Whether the report tells of registrations only."""
        return self.kind == "dang-ky"


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
    years: Sequence[Progress] = (),
    rulings: Sequence[Ruling] = (),
) -> ReportView:
    """Return the view of a report of this kind; ``fingerprint`` names data and configuration in the trace line.

    ``subject_until`` names the round that the report is about (`đợt 2 năm 2025`), else it is about the year; ``years`` are the figures of
    every year of a final review, in order; ``rulings`` are what people decided. KeyError for an unknown kind.
    """
    wording = KINDS[kind]
    whole, plan = plan, plan.in_year(progress.year)
    given = _Sources(kind, progress, years or (progress,), tuple(_seen(kind, clusters)), plan, organization, as_of)
    about = subject_until or f"năm {given.year}"
    missing = tuple(unread(given.clusters, given.known))
    quality = tuple(facts.quality_of(given.clusters, given.known))
    settled, settled_note = settled_lines(rulings, given.known, {one.year for one in given.years}, registration=given.registration)
    view = ReportView(
        kind=kind,
        title=f"{wording.title} năm {given.year}" + (" (bổ sung)" if given.is_supplement else ""),
        subject=f"{wording.subject} {plan.name}{_subject_until(given, about)}",
        year=str(given.year),
        as_of=day(as_of),
        as_of_day=as_of,
        place_and_day=prose.place_and_day(form.place, None),
        form=form,
        opening=_opening(wording, _span(given) if kind == REVIEW else about, form, plan, as_of),
        completeness=prose.completeness(len(clusters), [one.cluster for one in missing]),
        handed_in=(),
        due_tables=(),
        arrears=(),
        targets=tuple(target_lines(progress, given.clusters, plan, given.known, closed=given.closed, registration=given.registration)),
        round_names=tuple(one.name for one in plan.rounds),
        unread=missing,
        mark_note=note([f"{one.cluster}: {one.state}" for one in missing]),
        facts=(),
        quality=quality,
        decisions=tuple(facts.decisions_of(progress, plan, given.known, missing, closed=given.closed, registration=given.registration)),
        trace=f"Số liệu tính đến ngày {day(as_of)}; dữ liệu và cấu hình {fingerprint}; donghanh {version}.",
        year_note=" ".join(_year_notes(given)),
        activities=tuple(_activities(given)),
        corrections=tuple(annexes.correction_groups(given.clusters, given.known)),
        settled=settled,
        settled_note=settled_note,
    )
    return _with_years(view, replace(given, plan=whole)) if kind == REVIEW else _with_year(view, given)


def _seen(kind: str, clusters: Sequence[ClusterData]) -> Iterator[ClusterData]:
    """Yield the clusters as the kind sees them: a report on registrations leaves out what is wrong with results only."""
    for data in clusters:
        findings = tuple(filter(annexes.is_of_registration, data.findings))
        yield replace(data, findings=findings, rows=replace(data.rows, excluded=0)) if kind == "dang-ky" else data


def _opening(wording: Wording, about: str, form: ReportForm, plan: Plan, as_of: date) -> str:
    paper = f"kế hoạch số {plan.number} {plan.name}" if plan.number else f"kế hoạch {plan.name}"
    told = f"Ban Thường vụ {form.district} báo cáo {wording.opening} {about}"
    return f"{wording.basis} {paper}, {told} như sau (số liệu tính đến ngày {day(as_of)}):"


def _subject_until(given: _Sources, about: str) -> str:
    if given.kind == REVIEW:
        return ""
    return f", {about}" + (f" (bổ sung đến hết ngày {day(given.plan.year_end(given.year))})" if given.is_supplement else "")


def _span(given: _Sources) -> str:
    first, last = given.years[0].year, given.years[-1].year
    return f"từ năm {first} đến năm {last}" if first != last else f"năm {first}"


def _with_year(view: ReportView, given: _Sources) -> ReportView:
    """Return the view with what one year's report says of who handed in, and of each round."""
    duties = [duty for duty in directed.duties_of(given.progress, given.plan, given.as_of) if _is_asked(duty, given)]
    told = facts.registration_facts if given.registration else facts.result_facts
    return replace(
        view,
        handed_in=directed.handed_in(duties),
        due_tables=tuple(directed.due_tables(duties, given.plan, given.known, given.stale)),
        arrears=tuple(directed.arrears(duties, given.progress, given.organization, given.stale)),
        facts=(*told(given.progress, given.plan), *facts.arrears_facts(duties, given.known), *view.quality),
        by_round=() if given.registration else tuple(_by_round(given)),
        heirs=tuple(heirs.heir_lines(given.progress, given.plan, given.organization)),
        year_chart=numbers.year_chart(given.progress, given.clusters, given.plan, given.known, registration=given.registration),
    )


def _is_asked(duty: directed.Duty, given: _Sources) -> bool:
    """Return whether the report tells of this duty: one on registrations tells of its own round's."""
    return not given.registration or (
        duty.kind is Kind.REGISTRATION and duty.round == round_in(given.kind, given.plan, given.year, given.as_of)
    )


def _by_round(given: _Sources) -> Iterator[str]:
    for one in given.plan.rounds:
        done = [(given.plan.target(item.target), item.done) for item in given.progress.by_round if item.round == one.id]
        yield prose.round_sentence(one, done, begun=given.as_of >= date(given.year, one.first_month, 1))


def _with_years(view: ReportView, given: _Sources) -> ReportView:
    """Return the view with what a final review says."""
    plan, known = given.plan, given.known
    duties = [(progress.year, directed.duties_of(progress, plan, given.as_of)) for progress in given.years]
    every = [duty for _, listed in duties for duty in listed]
    return replace(
        view,
        handed_in=directed.years_handed_in(duties),
        due_tables=tuple(directed.years_table(duties)),
        facts=(*review.review_facts(given.years, plan, given.as_of), *facts.arrears_facts(every, known), *view.quality),
        year_names=tuple(year_name(progress.year, plan, given.as_of) for progress in given.years),
        history=tuple(review.target_years(given.years, given.clusters, plan, known, given.as_of)),
        cluster_history=tuple(review.cluster_years(given.years, plan, known, given.stale)),
        history_chart=tuple(numbers.target_years(given.years, given.clusters, plan, known, given.as_of)),
    )


def _activities(given: _Sources) -> Iterator[ActivityGroup]:
    """Yield annex II: nothing in a report of any day or of all years, a round's registrations in a report on them."""
    wanted: Callable[[], annexes.Wanted] | None = {
        "dang-ky": lambda: annexes.registered_in(given.year, _months(given)),
        "ket-qua": lambda: annexes.of_year(given.year),
        "nam": lambda: annexes.of_year(given.year),
    }.get(given.kind)
    if wanted:
        yield from annexes.activity_groups(given.clusters, given.organization, wanted())


def _months(given: _Sources) -> frozenset[int]:
    """Return the months whose activities are owed with the round that the report is about."""
    asked = round_in(given.kind, given.plan, given.year, given.as_of)
    covered = given.plan.covered(asked.id, Kind.REGISTRATION) if asked else ()
    return frozenset(month for one in given.plan.rounds if one.id in covered for month in range(one.first_month, one.last_month + 1))


def _year_notes(given: _Sources) -> Iterator[str]:
    """Yield what has to be known of the year before its figures are read."""
    plan, year = given.plan, given.year
    measured, end = year in plan.measured_years, plan.year_end(year)
    if given.kind == REVIEW and plan.measured_years:
        first, last = plan.measured_years[0], plan.measured_years[-1]
        yield f"Kế hoạch giao chỉ tiêu cho từng năm, từ năm {first} đến năm {last}; mỗi năm được xét theo chỉ tiêu của năm đó."
    if plan.early_end:
        yield _early_end(plan, plan.early_end)
    if not measured:
        yield f"Năm {year} không có chỉ tiêu cả năm (kế hoạch kết thúc ngày {day(plan.last_day)}) nên chỉ nêu số lượng, không tính tỷ lệ."
    if given.registration:
        yield from _later_registrations(given)
    elif given.kind != REVIEW and measured and given.closed:
        yield f"Năm {year} đã kết thúc: số liệu chốt đến hết ngày {day(end)}, gồm cả kết quả nộp sau thời hạn của đợt cuối năm."
    elif given.kind == "nam" and measured:
        yield f"Năm {year} chưa kết thúc: kết quả từ nay đến ngày {day(end)} được bổ sung trong tháng 01/{year + 1}."


def _early_end(plan: Plan, end: EarlyEnd) -> str:
    """Return that the plan ended before its time, why, and who carries it on."""
    handed = f" và được bàn giao cho {end.handed_to}" if end.handed_to else ""
    reason = f" ({end.reason})" if end.reason else ""
    return f"Kế hoạch dự kiến đến ngày {day(end.planned_last_day)}, kết thúc sớm ngày {day(plan.last_day)}{reason}{handed}."


def _later_registrations(given: _Sources) -> Iterator[str]:
    for one in given.plan.reporting_rounds():
        due = given.plan.due_day(one.id, Kind.REGISTRATION, given.year)
        if due and given.as_of <= due <= given.plan.last_day:
            yield f"Việc đăng ký {one.name.lower()} tiếp tục đến ngày {day(due)}."
