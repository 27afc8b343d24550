"""The whole page, from a district as it was read and added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sync import __version__
from sync.agenda import Agenda, agenda
from sync.district import District
from sync.model import Compliance, Severity
from sync.personal import mask
from sync.prose import count
from sync.report import ReportView, Unread, period_of, report_view
from sync.site import calendar, duties, figures, members
from sync.site.corrections import corrections
from sync.site.values import Choice, Headline, SiteView


def site_view(district: District, year: int | None = None, place: Callable[[str], str] = lambda cluster: "") -> SiteView:
    """Return the page of a year, else of the one that a progress report is about; the memory says what was sent.

    ``place`` says where a cluster's spreadsheet lies: an address that begins with https is a link on the page, a file's name is not.
    """
    district = district.in_year(period_of("tien-do", district.settings.plan, district.progress.as_of, year)[0])
    settings, progress = district.settings, district.progress
    told, organization, plan = _report(district, "tien-do"), settings.organization, settings.plan.in_year(progress.year)
    asked, dated = duties.duties_of(progress, plan), agenda(settings, district.memory, progress.as_of)
    past = _report(district, "tong-ket") if progress.year > plan.first_day.year else None
    addresses = {one.id: address for one in organization.clusters if (address := place(one.id)).startswith("https://")}
    return SiteView(
        organization=organization.name,
        plan=plan.name,
        year=told.year,
        as_of=told.as_of,
        iso=progress.as_of.isoformat(),
        completeness=told.completeness,
        year_note=told.year_note,
        unread=tuple(Unread(one.cluster, one.state, mask(one.why)) for one in told.unread),
        mark_note=told.mark_note,
        headlines=tuple(_headlines(district, asked, dated)),
        targets=tuple(figures.targets(told.targets, progress, plan, organization)),
        round_names=told.round_names,
        clusters=tuple(members.clusters(district, asked, addresses)),
        duties=asked.names,
        handed_in=tuple(duties.handed_in(told)),
        states=tuple(duties.groups(asked, organization, plan)),
        calendar=tuple(calendar.calendar(dated)),
        unsettled=calendar.unsettled(dated),
        corrections=tuple(corrections(district, addresses)),
        quality=told.quality,
        decisions=tuple(map(mask, told.decisions)),
        year_names=past.year_names if past else (),
        history=past.history if past else (),
        cluster_choices=tuple(Choice(one.id, one.name) for one in organization.clusters),
        target_choices=tuple(Choice(str(one.id), f"{one.id}. {one.short_name}") for one in plan.targets),
        trace=told.trace,
    )


def _report(district: District, kind: str) -> ReportView:
    """Return what a report of this kind says of the same figures."""
    settings, progress = district.settings, district.progress
    years = range(settings.plan.first_day.year, progress.year + 1) if kind == "tong-ket" else ()
    return report_view(
        kind,
        progress=progress,
        clusters=district.clusters,
        plan=settings.plan,
        organization=settings.organization,
        form=settings.form,
        as_of=progress.as_of,
        version=__version__,
        fingerprint=district.memory.runs[-1].fingerprint if district.memory.runs else settings.fingerprint,
        years=[district.in_year(year).progress for year in years],
    )


def _headlines(district: District, asked: duties.Duties, dated: Agenda) -> Iterator[Headline]:
    yield _reached(district)
    yield _handed_in(district, asked)
    yield _wrong(district)
    coming = next((one for one in dated.entries if one.kind != "report" and one.day >= dated.as_of), None)
    if coming:
        yield Headline("Hạn kế tiếp", f"{coming.day:%d/%m/%Y}", coming.title, "plain", "lich")


def _reached(district: District) -> Headline:
    measured = [one for one in district.progress.targets if one.goal is not None]
    reached = sum(one.done >= (one.goal or 0) for one in measured)
    note = f"{count(len(measured) - reached)} chỉ tiêu còn thiếu" if reached < len(measured) else "không còn chỉ tiêu nào thiếu"
    if not measured:
        return Headline("Chỉ tiêu đạt hoặc vượt", "–", "năm này không có chỉ tiêu cả năm", "plain", "chi-tieu")
    tone = "good" if reached == len(measured) else "plain"
    return Headline("Chỉ tiêu đạt hoặc vượt", f"{reached}/{len(measured)}", note, tone, "chi-tieu")


def _handed_in(district: District, asked: duties.Duties) -> Headline:
    states = [state for unit in district.settings.organization.units for state in asked.of(unit.id)]
    missing, late = states.count(Compliance.MISSING), states.count(Compliance.LATE)
    note = f"{count(late)} lượt nộp trễ hạn" if late else "không có lượt nào trễ hạn"
    return Headline("Lượt chưa nộp đã quá hạn", str(missing), note, "bad" if missing else "good", "nop")


def _wrong(district: District) -> Headline:
    found = [one for data in district.clusters for one in data.findings]
    errors = sum(one.severity is Severity.ERROR for one in found)
    excluded = sum(data.rows.excluded for data in district.clusters)
    note = f"{count(len(found) - errors)} chỗ cần xem lại; {count(excluded)} dòng chưa được tính"
    return Headline("Lỗi cần sửa", str(errors), note, "bad" if errors else "good", "can-sua")
