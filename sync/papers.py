"""Which papers a run makes: the reports that are due, and the letter that carries each."""

from __future__ import annotations

from sync import __version__
from sync.calendar import DueReport, due_reports
from sync.deliver import Letter
from sync.district import District
from sync.model import Document, MailState, Progress
from sync.render import Renderer
from sync.report import ReportView, report_view
from sync.snapshot import dump


def papers(district: District, renderer: Renderer) -> tuple[list[Document], list[Letter]]:
    """Return the documents to write and a letter for each report that is due; nothing is written before all of it is rendered."""
    as_of = district.progress.as_of
    fingerprint = district.memory.runs[-1].fingerprint
    documents = report_files(f"tien-do-{as_of}", view("tien-do", district, fingerprint), district, renderer)
    letters = []
    for due in due_reports(district.settings.plan, as_of):
        if _is_owed(due, district):
            made, letter = _letter(due, district.in_year(due.year), renderer, fingerprint)
            documents += made
            letters.append(letter)
    return documents, letters


def _is_owed(due: DueReport, district: District) -> bool:
    """Return whether someone on the list has not had it: nothing is known of their message, or it is to be tried again."""
    had = {
        mail.recipient.lower()
        for mail in district.memory.mails
        if mail.key.startswith(f"{due.key}/") and mail.state is not MailState.REFUSED
    }
    return any(one.email.lower() not in had for one in district.settings.mail.recipients)


def _letter(due: DueReport, district: District, renderer: Renderer, fingerprint: str) -> tuple[list[Document], Letter]:
    shown = view(due.kind, district, fingerprint, about=f"{due.round.name.lower()} năm {due.year}")
    made = report_files(f"{due.kind}-{due.year}-{due.round.id}", shown, district, renderer)
    subject = f"[Đồng hành] {shown.title}, {due.round.name.lower()} (số liệu đến {shown.as_of})"
    return made, Letter(f"{due.key}/v1", subject, renderer.mail_text(shown), renderer.mail_html(shown), _attached(made))


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
        as_of=district.progress.as_of,
        version=__version__,
        fingerprint=fingerprint,
        subject_until=about,
        years=_years(district) if kind == "tong-ket" else (),
    )


def _years(district: District) -> tuple[Progress, ...]:
    """Return the figures of every year of the plan up to the report's."""
    return tuple(district.in_year(year).progress for year in range(district.settings.plan.first_day.year, district.progress.year + 1))
