"""Which papers a run makes: the reports that are due with the letters that carry them, the reminders, and word of rows that went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sync import __version__
from sync.calendar import SUPPLEMENT, Occasion, owed
from sync.deliver import Letter
from sync.district import District
from sync.edges.interface import Places
from sync.journal import UNSETTLED
from sync.loss_letter import loss_key, loss_lines, loss_view
from sync.model import ClusterData, ClusterStatus, DigestRecord, Document, MailState, Progress
from sync.prose import day, names
from sync.reminders import Reminders, current, reminders
from sync.reminders.build import subject
from sync.reminders.owing import Facts
from sync.render import Renderer
from sync.report import ReportView, digest_of, digest_record, report_view
from sync.settings_values import Recipient
from sync.snapshot import dump


@dataclass(slots=True)
class Papers:
    """What is to be written and mailed; nothing is, before all of it is rendered."""

    documents: list[Document] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    digests: list[DigestRecord] = field(default_factory=list)
    """What the reports' letters tell, to be remembered."""
    notes: list[str] = field(default_factory=list)
    """A Vietnamese sentence for each thing that waits or that nobody could be written about."""


def papers(district: District, renderer: Renderer, places: Places) -> Papers:
    """Return the documents to write, a letter for each report that is due, the reminders of the day, and word of each loss."""
    fingerprint = district.memory.runs[-1].fingerprint
    made = Papers(documents=report_files(f"tien-do-{_as_of(district)}", view("tien-do", district, fingerprint), district, renderer))
    for one in owed(district.settings.plan, _as_of(district), since=district.memory.runs[0].as_of):
        _add_report(made, one, district, renderer, places)
    add_reminders(made, district, renderer, places, since=district.memory.runs[0].as_of)
    _add_losses(made, district, renderer, places)
    return made


def _as_of(district: District) -> date:
    return district.progress.as_of


def _add_report(made: Papers, one: Occasion, district: District, renderer: Renderer, places: Places) -> None:
    if not _is_unsent(f"{one.key}/v1", _readers(one, district), district):
        return
    if waited_for := _waits_for(one, district):
        until = one.owed + timedelta(days=district.settings.mail.wait_days)
        made.notes.append(f"Báo cáo {one.key} đợi bảng của {names(waited_for)} đến ngày {day(until)}, sau đó vẫn gửi và nêu tên.")
        return
    _add_letter(made, one, district.in_year(one.year), renderer, places)


def _is_begun(one: Occasion, district: District) -> bool:
    return any(mail.key.startswith(f"{one.key}/") for mail in district.memory.mails)


def _readers(one: Occasion, district: District) -> tuple[Recipient, ...]:
    return district.settings.mail.owed_a_letter(one.owed, begun=_is_begun(one, district))


def _is_unsent(key: str, to: Iterable[Recipient], district: District) -> bool:
    """Return whether someone has not had it: nothing is known of their message, or it is to be tried again."""
    state = {mail.key: mail.state for mail in district.memory.mails}
    return any(state.get(f"{key}/{one.email.lower()}", MailState.REFUSED) is MailState.REFUSED for one in to)


def _waits_for(one: Occasion, district: District) -> list[str]:
    """Return the names of the clusters that the letter still waits for: unread ones, for some days, unless someone has had it already."""
    if _is_begun(one, district) or _as_of(district) >= one.owed + timedelta(days=district.settings.mail.wait_days):
        return []
    known = district.settings.organization
    return [known.cluster(data.cluster).name for data in district.clusters if data.status is not ClusterStatus.OK]


def _add_letter(made: Papers, one: Occasion, district: District, renderer: Renderer, places: Places) -> None:
    fingerprint = district.memory.runs[-1].fingerprint
    about = f"{one.round.name.lower()} năm {one.year}" if one.round else None
    told, *others = [view(kind, district, fingerprint, about if kind == one.kinds[0] else None) for kind in one.kinds]
    attached = [file for shown in (told, *others) for file in report_files(_file_name(shown.kind, one), shown, district, renderer)]
    record = digest_record(one.key, district.progress, district.clusters)
    unsettled = [mail for mail in district.memory.mails if mail.state in UNSETTLED]
    losses = tuple(loss_lines(district.clusters, district.settings.organization))
    beside = digest_of(record, district.memory, unsettled, district.settings.plan, places.master_place(), losses=losses)
    made.documents += attached
    made.digests.append(record)
    made.letters.append(
        Letter(
            f"{one.key}/v1",
            f"[Đồng hành] {told.title}{_of_round(one)} (số liệu đến {told.as_of})",
            renderer.mail_text(told, beside),
            renderer.mail_html(told, beside),
            _attached(attached),
            renderer.mail_pictures(told),
            _readers(one, district),
        )
    )


def _of_round(one: Occasion) -> str:
    if one.round is None:
        return ""
    return f", {one.round.name.lower()}" + (" và cả năm" if len(one.kinds) > 1 else "")


def _file_name(kind: str, one: Occasion) -> str:
    part = one.round.id if one.round and kind == one.kinds[0] else SUPPLEMENT if one.series == SUPPLEMENT else ""
    return "-".join(word for word in (kind, str(one.year), part) if word)


def add_reminders(made: Papers, district: District, renderer: Renderer, places: Places, since: date = date.min) -> None:
    """Add the reminders of the day: of each due day one letter for each head whose clusters owe something.

    Stages that came before ``since`` are left out.
    """
    if not district.settings.mail.reminders:
        return
    for due, stage in current(district.settings.plan, _as_of(district), since):
        of_year = district.in_year(due.year)
        settings = district.settings
        facts = Facts(settings.plan, settings.organization, of_year.progress, district.clusters, places.place)
        found = reminders(due, stage, facts, __version__)
        made.letters += _reminder_letters(found, district, renderer)
        if found.without_head:
            listed = names(found.without_head)
            made.notes.append(f"Không nhắc được {listed}: organization.yaml chưa ghi người phụ trách năm {due.year} (heads).")


def _reminder_letters(found: Reminders, district: District, renderer: Renderer) -> list[Letter]:
    letters = []
    for head, shown in found.to:
        to = Recipient(head.name, head.email)
        if _is_unsent(f"{found.key}/v1", [to], district):
            text, html = renderer.reminder_text(shown), renderer.reminder_html(shown)
            letters.append(Letter(f"{found.key}/v1", subject(shown), text, html, to=(to,)))
    return letters


def _add_losses(made: Papers, district: District, renderer: Renderer, places: Places) -> None:
    """Tell the head of each cluster that is held which of its rows went: once for each loss."""
    if not district.settings.mail.reminders:
        return
    for data in district.clusters:
        if data.lost:
            _add_loss(made, data, district, renderer, places)


def _add_loss(made: Papers, data: ClusterData, district: District, renderer: Renderer, places: Places) -> None:
    known = district.settings.organization
    head = known.cluster(data.cluster).head_on(_as_of(district))
    if head is None:
        missing = f"organization.yaml chưa ghi người phụ trách năm {_as_of(district).year} (heads)"
        made.notes.append(f"Không báo được {known.cluster(data.cluster).name} mất dòng: {missing}.")
        return
    key, to = f"{loss_key(data)}/v1", Recipient(head.name, head.email)
    if _is_unsent(key, [to], district):
        shown = loss_view(data, head, known, places.place(data.cluster), __version__)
        made.letters.append(Letter(key, f"[Đồng hành] {shown.title}", renderer.loss_text(shown), renderer.loss_html(shown), to=(to,)))


def report_files(name: str, shown: ReportView, district: District, renderer: Renderer) -> list[Document]:
    """Return the report in every form, and the snapshot that it can be made again from."""
    return [*renderer.documents(name, shown), Document(f"{name}.json", "application/json", dump(name, shown, district.clusters))]


def _attached(made: list[Document]) -> tuple[Document, ...]:
    """Return what a mail carries: PDF and Word; the page itself where neither was made."""
    signed = tuple(one for one in made if one.name.endswith((".pdf", ".docx")))
    return signed or tuple(one for one in made if one.name.endswith(".html"))


def view(kind: str, district: District, fingerprint: str, about: str | None = None) -> ReportView:
    """Return the view of a report of this kind; ``about`` names its round, or else it is about the year."""
    return report_view(
        kind,
        progress=district.progress,
        clusters=district.clusters,
        plan=district.settings.plan,
        organization=district.settings.organization,
        form=district.settings.form,
        as_of=_as_of(district),
        version=__version__,
        fingerprint=fingerprint,
        subject_until=about,
        years=_years(district) if kind == "tong-ket" else (),
        rulings=district.rulings,
    )


def _years(district: District) -> tuple[Progress, ...]:
    """Return the figures of every year of the plan up to the report's."""
    return tuple(district.in_year(year).progress for year in range(district.settings.plan.first_day.year, district.progress.year + 1))
