"""The commands: flags, the only clock, which edges, what is printed, exit status (contract section 1).

Heavy libraries are imported inside the commands, so that `donghanh --help` answers at once.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click

from sync import __version__
from sync.edges.kept import REPORTS
from sync.errors import ConfigError, DonghanhError, UsageError

if TYPE_CHECKING:
    from sync.decisions import Decided
    from sync.doctor import Check
    from sync.edges.google import GoogleSheets
    from sync.edges.google.client import Client
    from sync.edges.interface import Mailer, Spreadsheets, Workers
    from sync.edges.smtp import Smtp
    from sync.edges.workbooks import Workbooks
    from sync.examine import Examined
    from sync.model import ClusterData
    from sync.provisioning import Fitter
    from sync.run import Edges
    from sync.settings_values import GoogleSettings, Limits, Settings

DONE, NEEDS_A_PERSON, WRONG_USE = 0, 1, 2
FORMS = ("html", "pdf", "docx")
"""The forms of every report that is written."""
"""The folder of the reports under --out."""
DEMO_FOLDER = "demo"
_T = TypeVar("_T")


class _Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or fail with what was expected."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write it as YYYY-MM-DD, such as 2024-12-15", param, ctx)


def _options(*, out: bool = True, formats: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that adds the options which every command takes where they make sense."""
    added = [
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            default=None,
            help="Folder of the configuration (default: config, else the program's own).",
        ),
        click.option(
            "--workbooks", type=click.Path(path_type=Path), default=None, help="Read the cluster files <cluster id>.xlsx from this folder."
        ),
        click.option("--full", is_flag=True, help="Read every spreadsheet, though Google says that it did not change."),
        click.option("--as-of", type=_Day(), default=None, help="Act as if today were that day."),
        click.option("--quiet", is_flag=True, help="No progress on standard error."),
        click.option("--verbose", is_flag=True, help="Say each step on standard error."),
    ]
    if out:
        added.append(
            click.option(
                "--out",
                type=click.Path(path_type=Path),
                default=Path("ket-qua"),
                show_default=True,
                help="Folder of what is written, and of the memory.",
            )
        )
    if formats:
        added.append(
            click.option(
                "--format",
                "output",
                type=click.Choice(["text", "json"]),
                default="text",
                show_default=True,
                help="What standard output carries.",
            )
        )

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(added):
            command = option(command)
        return command

    return decorate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="donghanh")
def cli() -> None:
    """Run a district's yearly plan from the spreadsheets that its units fill in."""


@cli.command()
@_options(formats=False)
@click.option("--accept-loss", multiple=True, metavar="CLUSTER", help="Believe that this cluster really lost so many rows.")
@click.option("--dry-run", is_flag=True, help="Read and add up, write and mail nothing.")
@click.option("--templates", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of your own templates.")
@click.option("--summary", type=click.Path(dir_okay=False, path_type=Path), help="Append what it came to, as Markdown, to this file.")
def run(accept_loss: tuple[str, ...], dry_run: bool, out: Path, **given: Any) -> int:
    """Run the main job: read, check, add up, publish, report, mail what is due."""
    settings, day = _settings(given), _as_of(given)
    _known_clusters(accept_loss, settings)
    as_of = day(settings)
    return _run(settings, _home(settings, given, out, as_of), out, as_of, given, accept_loss=accept_loss, dry_run=dry_run)


@cli.command()
@_options()
def check(output: str, out: Path, **given: Any) -> int:
    """Read and check the clusters' sheets, change nothing. Exit status 1 if there are errors."""
    from sync.json_view import check_json
    from sync.text_view import check_text

    settings, as_of = _settings(given), _as_of(given)
    clusters = _read(settings, given, out, as_of(settings), with_memory=False).clusters
    _answer(check_json(clusters, as_of(settings)) if output == "json" else check_text(clusters, settings.organization))
    wrong = any(data.error or any(found.severity.value == "error" for found in data.findings) for data in clusters)
    return NEEDS_A_PERSON if wrong else DONE


@cli.command()
@_options()
def activities(output: str, out: Path, **given: Any) -> int:
    """Print the normalised rows, change nothing."""
    from sync.json_view import activities_json
    from sync.text_view import activities_text

    settings, as_of = _settings(given), _as_of(given)
    clusters = _read(settings, given, out, as_of(settings), with_memory=False).clusters
    _answer(activities_json(clusters, as_of(settings)) if output == "json" else activities_text(clusters))
    return _status(clusters)


@cli.command()
@_options()
@click.option("--year", type=click.IntRange(2000, 2099), default=None, help="Year of the figures (default: the year of --as-of).")
def rollup(year: int | None, output: str, out: Path, **given: Any) -> int:
    """Print progress against the targets and who has reported, change nothing."""
    from sync.district import district_of
    from sync.json_view import rollup_json
    from sync.text_view import rollup_text

    settings, day = _settings(given), _as_of(given)
    as_of = day(settings)
    judged = _read(settings, given, out, as_of, with_memory=True)
    progress = district_of(settings, judged.clusters, judged.memory, as_of=as_of, year=year or as_of.year).progress
    _answer(rollup_json(progress, settings.plan) if output == "json" else rollup_text(progress, settings.plan, settings.organization))
    return _status(judged.clusters)


@cli.command()
@_options(formats=False)
@click.argument("kind", type=click.Choice(["dang-ky", "ket-qua", "nam", "tong-ket", "tien-do"]), required=False)
@click.option("--year", type=click.IntRange(2000, 2099), default=None, help="Year of the report (default: the one that --as-of asks for).")
@click.option("--templates", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of your own templates.")
@click.option(
    "--from-snapshot", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Make a report again from the .json beside it."
)
def report(kind: str | None, year: int | None, templates: Path | None, from_snapshot: Path | None, out: Path, **given: Any) -> int:
    """Render one report into the folder --out: HTML, PDF, Word, and the snapshot that it can be made again from."""
    if from_snapshot:
        return _again(from_snapshot, out, templates)
    if kind is None:
        raise UsageError("Say which report: donghanh report ket-qua.")
    from sync.district import district_of
    from sync.edges.outbox import Documents
    from sync.papers import report_files, view
    from sync.report import period_of

    settings, day = _settings(given), _as_of(given)
    as_of = day(settings)
    judged = _read(settings, given, out, as_of, with_memory=True)
    about, one = period_of(kind, settings.plan, as_of, year)
    district = replace(district_of(settings, judged.clusters, judged.memory, as_of=as_of, year=about), rulings=judged.rulings)
    shown = view(kind, district, settings.fingerprint, f"{one.name.lower()} năm {about}" if one else None)
    for document in report_files(f"{kind}-{as_of}", shown, district, _renderer(templates)):
        Documents(out).write(document.name, document.data)
        _answer(str(out / document.name))
    return _status(judged.clusters)


@cli.command()
@_options(formats=False)
@click.option("--year", type=click.IntRange(2000, 2099), default=None, help="Year of the figures (default: the year of --as-of).")
@click.option("--templates", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of your own templates.")
def site(year: int | None, templates: Path | None, out: Path, **given: Any) -> int:
    """Write the page to look at, one HTML file that needs no network, beside the reports under --out."""
    from sync.edges.outbox import Documents
    from sync.run import district_now
    from sync.site import site_view
    from sync.site.values import PAGE

    settings, day = _settings(given), _as_of(given)
    as_of = day(settings)
    home, workers = _home(settings, given, out, as_of), _workers(settings, given)
    district = district_now(home, settings, as_of=as_of, workers=workers, say=_say(given))
    Documents(out / REPORTS).write_parts(PAGE, _renderer(templates).page(site_view(district, year, home.place)))
    _answer(str(out / REPORTS / PAGE))
    return _status(list(district.clusters))


def _again(snapshot: Path, out: Path, templates: Path | None) -> int:
    """Make a report again from its snapshot."""
    from sync.edges.outbox import Documents
    from sync.snapshot import load

    kept = load(snapshot.read_bytes(), str(snapshot))
    for document in _renderer(templates).documents(kept.name, kept.view):
        Documents(out).write(document.name, document.data)
        _answer(str(out / document.name))
    return DONE


@cli.command()
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path(DEMO_FOLDER), show_default=True, help="Where to lay the sample district out."
)
@click.option("--google-stand-in", is_flag=True, help="Lay it out in the stand-in for Google, and run over it (in a checkout only).")
@click.option("--stay", is_flag=True, help="With --google-stand-in: go on serving until Ctrl+C, to look and to type into the sheets.")
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
def demo(folder: Path, google_stand_in: bool, stay: bool, quiet: bool) -> int:
    """Lay out a sample district and run the main job on it. Correct a cell, run it again, and see the finding go."""
    from sync.resources import default_config_dir
    from sync.sample import DEMO_AS_OF, lay_out
    from sync.settings import load_settings

    if stay and not google_stand_in:
        raise UsageError("--stay goes with --google-stand-in: without it there is nothing that serves.")
    laid = lay_out(folder / "so-lieu")
    settings = load_settings(default_config_dir())
    if laid and not quiet:
        click.echo(f"laid out {len(laid)} workbooks in {folder / 'so-lieu'}", err=True)
    if google_stand_in:
        return _google_demo(folder, settings, quiet=quiet, stay=stay)
    given = {"workbooks": folder / "so-lieu", "quiet": quiet, "verbose": False}
    return _run(settings, _home(settings, given, folder / "ket-qua", DEMO_AS_OF), folder / "ket-qua", DEMO_AS_OF, given)


def _google_demo(folder: Path, settings: Settings, *, quiet: bool, stay: bool) -> int:
    """Run the main job over the stand-in; leave its sheets as pages, and a configuration for commands of one's own while it stays."""
    from sync.google_demo import configuration, stand_in
    from sync.sample import DEMO_AS_OF

    place = folder / "google"
    given = {"workbooks": None, "quiet": quiet, "verbose": False}
    with stand_in(folder / "so-lieu", place) as laid:
        os.environ.update(laid.environment)
        settings = replace(settings, google=laid.places)
        home = _home(settings, given, place / "ket-qua", DEMO_AS_OF)
        status = _run(settings, home, place / "ket-qua", DEMO_AS_OF, given)
        for page in laid.pages(place / "trang"):
            _answer(f"  {page}")
        if stay:
            configuration(place / "config", laid)
            names = " ".join(f"{name}={value}" for name, value in laid.environment.items())
            click.echo(f"\nThe sheets: {laid.address} (Ctrl+C ends it). Type into a cell there, then, in another window:\n", err=True)
            click.echo(f"  {names} donghanh run --config {place / 'config'} --out {place / 'ket-qua'} --as-of {DEMO_AS_OF}\n", err=True)
            laid.stay()
    return status


@cli.command()
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("config"), show_default=True, help="Where to write; never one that is there."
)
@click.option("--district", metavar="NAME", help="The committee, such as 'Quận Đoàn Gò Vấp'.")
@click.option("--superior", metavar="NAME", help="The committee above it.")
@click.option("--place", metavar="NAME", help="Place in the date line (default: from the committee's name; likewise the next three).")
@click.option("--full-name", metavar="NAME", help="How running text names the committee's union.")
@click.option("--issuing-body", metavar="NAME", help="Second line of the letterhead.")
@click.option("--signing-title", metavar="TEXT", help="What stands above the signature.")
@click.option("--plan", metavar="NAME", help="The plan's name.")
@click.option("--years", metavar="FIRST-LAST", help="Years of the plan (default: five from this one).")
@click.option("--in-force", metavar="DAY", help="Nothing due before this day is held against anyone (default: the plan's first day).")
@click.option(
    "--round", multiple=True, metavar="'NAME | MONTHS | DAY/MONTH | DAY/MONTH'", help="A round, its registration and results days."
)
@click.option("--cluster", multiple=True, metavar="'NAME | HEAD | E-MAIL | UNIT; UNIT'", help="A cluster.")
@click.option("--target", multiple=True, metavar="'NAME | GOAL | MEASURE | CLUSTER=PART; …'", help="A target; no cluster: everyone's.")
@click.option("--sender", metavar="'NAME <E-MAIL>'", help="Who mails.")
@click.option("--recipient", multiple=True, metavar="'NAME <E-MAIL>'", help="Who gets the reports.")
@click.option("--smtp", metavar="HOST[:PORT]", help="Mail server (default: messages are put into a folder).")
@click.option("--workbooks", metavar="FOLDER", help="Folder of the clusters' workbooks (default: so-lieu).")
@click.option("--google-master", metavar="ADDRESS", help="The master in Google.")
@click.option("--google-sheet", multiple=True, metavar="CLUSTER=ADDRESS", help="A cluster's spreadsheet in Google.")
@click.option("--no-questions", is_flag=True, help="Ask nothing; what no flag gives has its default.")
@click.option("--dry-run", is_flag=True, help="Print the files; write nothing.")
def init(folder: Path, no_questions: bool, dry_run: bool, **given: Any) -> int:
    """Write a commented configuration for another district and plan; asks for what no flag gives."""
    from sync.edges.files import write_new_folder
    from sync.init import files, interview
    from sync.settings import load_settings
    from sync.text_view import init_text

    if os.path.lexists(folder):
        raise UsageError(f"{folder} is there already and is left as it is; choose another name with --folder, or move it away.")
    answers = interview(given, None if no_questions else _asked, datetime.now(UTC).date())
    texts = files(answers)
    if dry_run:
        _answer("\n".join(f"# {folder / name}\n{text}" for name, text in texts.items()))
        return DONE
    write_new_folder(folder, {name: text.encode() for name, text in texts.items()}, load_settings)
    _answer(init_text(folder, load_settings(folder)))
    return DONE


def _asked(question: str, read: Callable[[str], _T], default: str | None) -> _T:
    """Ask a person at the terminal until the answer can be read."""

    def answer(typed: str) -> _T:
        try:
            return read(typed)
        except UsageError as error:
            raise click.UsageError(str(error)) from error

    found: _T = click.prompt(question, default=default, value_proc=answer, show_default=bool(default), err=True)
    return found


@cli.command()
@_options()
@click.option("--send-test", metavar="ADDRESS", default="", help="Send a test mail to this address.")
def doctor(send_test: str, output: str, out: Path, **given: Any) -> int:
    """Test the set-up part by part, and say what to do about each trouble; change nothing."""
    from sync.doctor import checks
    from sync.examine import examine_mail, examine_pdf, examine_spreadsheets, needs_a_person
    from sync.json_view import doctor_json
    from sync.resources import default_templates_dir
    from sync.text_view import doctor_text

    def answer(found: list[Check], as_of: date | None) -> None:
        _answer(doctor_json(found, as_of) if output == "json" else doctor_text(found))

    folder = _config_folder(given)
    try:
        settings = _settings(given)
    except ConfigError as error:
        answer([checks.configuration(str(folder), str(error).splitlines(), None)], None)
        return WRONG_USE
    as_of = _as_of(given)(settings)
    found = [checks.configuration(str(folder), (), settings), checks.time_zone(settings.time_zone, as_of)]
    edges, before = _examined(settings, given, out, as_of)
    found += before
    if edges:
        found += examine_spreadsheets(settings, edges, as_of=as_of, say=_say(given))
    mailer, server = _tried_mailer(settings, out)
    now = datetime.now(ZoneInfo(settings.time_zone))
    found.append(examine_mail(settings, mailer, server, test_to=send_test, now=now, folder=str(out / "hop-thu-di")))
    found += [examine_pdf(default_templates_dir(), settings.form.font), checks.next_due(settings.plan, as_of)]
    answer(found, as_of)
    return NEEDS_A_PERSON if needs_a_person(found) else DONE


def _examined(settings: Settings, given: dict[str, Any], out: Path, as_of: date) -> tuple[Examined | None, list[Check]]:
    """Return where doctor looks, and what is known before it does."""
    from sync.doctor import Account, checks
    from sync.examine import Examined

    if settings.google and not given["workbooks"]:
        from sync.edges.google.setup import GoogleSetup

        try:
            client = _google_client(settings.google, settings.limits)
        except UsageError as error:
            return None, [checks.account(Account("none", cause="no-key", detail=str(error)), settings.time_zone)]
        set_up = GoogleSetup(client, settings.google, lambda: datetime.now(UTC).timestamp())
        return Examined(_google_home(settings.google, client, given, out, as_of), set_up, set_up.accounts()), []
    from sync.edges.workbooks_setup import WorkbooksSetup

    folder = Path(given["workbooks"] or settings.workbooks_folder)
    files = WorkbooksSetup(folder, out)
    clusters = tuple(cluster.id for cluster in settings.organization.clusters if cluster.has_begun(as_of))
    there = checks.folder_of_workbooks(str(folder), files.files(clusters), len(clusters))
    return Examined(_workbooks_home(settings, folder, out), files, ()), [there]


def _tried_mailer(settings: Settings, out: Path) -> tuple[Mailer | None, Smtp | None]:
    """Return what takes a test message, and the server to try; `None` where the password is missing."""
    try:
        mailer = _mailer(settings, out)
    except UsageError:
        return None, None
    from sync.edges.smtp import Smtp

    return mailer, mailer if isinstance(mailer, Smtp) else None


@cli.command()
@_options()
@click.option("--cluster", "only", multiple=True, metavar="ID", help="Only this cluster's spreadsheet; may be given several times.")
@click.option("--share", is_flag=True, help="Let the head of each cluster edit its spreadsheet (Google).")
@click.option("--dry-run", is_flag=True, help="Say what would be made and repaired; write nothing.")
def provision(only: tuple[str, ...], share: bool, dry_run: bool, output: str, out: Path, **given: Any) -> int:
    """Make missing cluster spreadsheets; repair what the system owns in those that it made. No unit's cell is touched."""
    from sync.json_view import provision_json
    from sync.provisioning import needs_a_person
    from sync.provisioning import provision as fit_out
    from sync.text_view import provision_text

    settings, day = _settings(given), _as_of(given)
    _known_clusters(only, settings)
    fitter, advice = _fitter(settings, given, out, share=share, dry_run=dry_run)
    found = fit_out(settings, fitter, as_of=day(settings), only=only, share=share, say=_say(given))
    _answer(provision_json(found) if output == "json" else provision_text(found, advice))
    return NEEDS_A_PERSON if needs_a_person(found) else DONE


def _fitter(settings: Settings, given: dict[str, Any], out: Path, *, share: bool, dry_run: bool) -> tuple[Fitter, str]:
    """Return what fits the spreadsheets out, and what to say where Google does not let it."""
    if settings.google and not given["workbooks"]:
        from sync.edges.google.client import SCOPES, SHARING
        from sync.edges.google.form import GoogleFitter, advice

        client = _google_client(settings.google, settings.limits, SHARING if share else SCOPES)
        return GoogleFitter(client, settings.google, change=(lambda place, changes: None) if dry_run else None), advice(client.account)
    if share:
        raise UsageError("--share needs the spreadsheets in Google; hand the files of a folder over yourself.")
    from sync.edges.files import write_atomically
    from sync.edges.workbook_form import WorkbookFitter

    folder = Path(given["workbooks"] or settings.workbooks_folder)
    keep = (lambda path, data: False) if dry_run else write_atomically
    limit = settings.limits.max_workbook_mb * 1_000_000
    return WorkbookFitter(_workbooks_home(settings, folder, out), folder, limit=limit, keep=keep), ""


@cli.command()
@_options(formats=False)
@click.option("--dry-run", is_flag=True, help="Say who would be reminded; write and mail nothing.")
@click.option("--templates", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of your own templates.")
def remind(dry_run: bool, out: Path, **given: Any) -> int:
    """Mail each cluster head what the cluster still owes. `run` does it too; nobody is reminded twice."""
    from sync.remind import remind as remind_heads
    from sync.text_view import remind_text

    settings, day = _settings(given), _as_of(given)
    as_of = day(settings)
    edges = replace(_edges(settings, _home(settings, given, out, as_of), out, dry_run=dry_run), workers=_workers(settings, given))
    result = remind_heads(edges, settings, _renderer(given.get("templates")), as_of=as_of, say=_say(given))
    _answer(remind_text(result, settings.plan, settings.organization, switched_on=settings.mail.reminders))
    return NEEDS_A_PERSON if result.needs_a_person else DONE


@cli.command()
@_options(formats=False)
@click.option(
    "--format", "output", type=click.Choice(["text", "json", "ics"]), default="text", show_default=True, help="ics: for people's calendars."
)
def due(out: Path, output: str, **given: Any) -> int:
    """List every dated obligation of the plan, what was sent, what is next; change nothing."""
    from sync.agenda import agenda
    from sync.agenda_ics import agenda_ics
    from sync.journal import interrupted, load
    from sync.json_view import agenda_json
    from sync.text_view import agenda_text

    settings, day = _settings(given), _as_of(given)
    as_of = day(settings)
    memory = interrupted(load(_home(settings, given, out, as_of).read_memory()))
    told = agenda(settings, memory, as_of)
    if output == "ics":
        _answer(agenda_ics(told, settings.organization.name))
    else:
        _answer(agenda_json(told) if output == "json" else agenda_text(told))
    return NEEDS_A_PERSON if told.unsettled else DONE


@cli.group()
def mail() -> None:
    """See what became of every message, and settle what nobody knows."""


@mail.command("list")
@_options()
def mail_list(out: Path, output: str, **given: Any) -> int:
    """List every message that is remembered, with its state."""
    from sync.json_view import mails_json
    from sync.settle import mails
    from sync.text_view import mails_text

    settings, day = _settings(given), _as_of(given)
    known = mails(_home(settings, given, out, day(settings)))
    _answer(mails_json(known) if output == "json" else mails_text(known))
    return DONE


@mail.command("settle")
@_options(formats=False)
@click.argument("key")
@click.argument("verdict", type=click.Choice(["sent", "resend"]))
@click.option("--dry-run", is_flag=True, help="Say what would be noted; write nothing.")
def mail_settle(key: str, verdict: str, dry_run: bool, out: Path, **given: Any) -> int:
    """Say that a message arrived (sent), or let the next run send it again (resend)."""
    from sync.edges.dry import DrySpreadsheets
    from sync.settle import settle

    settings, day = _settings(given), _as_of(given)
    home = _home(settings, given, out, day(settings))
    settled = settle(DrySpreadsheets(home) if dry_run else home, settings, key, verdict)
    _answer(f"{settled.key}: {settled.state.value}")
    return DONE


def _mailer(settings: Settings, out: Path) -> Mailer:
    """Return the mail server of the configuration, or the folder of .eml files."""
    from sync.edges.outbox import Outbox

    named = settings.mail.smtp
    if named is None:
        return Outbox(out)
    from sync.edges.smtp import Smtp

    password = os.environ.get("DONGHANH_SMTP_PASSWORD")
    if named.user and not password:
        raise UsageError(f"The mail server {named.host} asks for a password: set the environment variable DONGHANH_SMTP_PASSWORD.")
    mailer = Smtp(named, password)
    click.get_current_context().call_on_close(mailer.close)
    return mailer


def _run(
    settings: Settings,
    home: Spreadsheets,
    out: Path,
    as_of: date,
    given: dict[str, Any],
    *,
    accept_loss: tuple[str, ...] = (),
    dry_run: bool = False,
) -> int:
    from sync.run import run as run_job
    from sync.text_view import run_text

    edges = replace(_edges(settings, home, out, dry_run=dry_run), workers=_workers(settings, given))
    result = run_job(edges, settings, _renderer(given.get("templates")), as_of=as_of, accept_loss=accept_loss, say=_say(given))
    _answer(run_text(result, settings.organization, dry_run=dry_run))
    if given.get("summary"):
        from sync.edges.files import append
        from sync.job_page import job_page

        append(given["summary"], job_page(result, settings.plan, settings.organization))
    kept = dry_run or _expired(settings, out, as_of, given)
    return NEEDS_A_PERSON if result.needs_a_person or not kept else DONE


def _expired(settings: Settings, out: Path, as_of: date, given: dict[str, Any]) -> bool:
    """Remove what was kept long enough; return whether all of it went."""
    from sync.edges.kept import expire

    pulls_days = settings.google.full_pull_days if settings.google else 0
    found = expire(out, as_of=as_of, retention_days=settings.retention_days, pulls_days=pulls_days)
    if found.removed:
        _say(given)(f"removed {len(found.removed)} files that were kept long enough")
    for problem in found.problems:
        click.echo(f"donghanh: {problem}", err=True)
    return not found.problems


def _edges(settings: Settings, home: Spreadsheets, out: Path, *, dry_run: bool) -> Edges:
    """Return where a run touches the world; a dry one swaps the edges."""
    from sync.edges.dry import DryDocuments, DryMailer, DrySpreadsheets
    from sync.edges.outbox import Documents
    from sync.run import Edges

    if dry_run:
        return Edges(DrySpreadsheets(home), DryMailer(), DryDocuments())
    return Edges(home, _mailer(settings, out), Documents(out / REPORTS))


def _renderer(own: Path | None = None) -> Any:
    """Return what renders by the program's templates, those of the folder ``own`` before them."""
    from sync.render import Renderer
    from sync.resources import default_templates_dir

    return Renderer(default_templates_dir(), FORMS, lambda line: click.echo(f"donghanh: {line}", err=True), own=own)


def _settings(given: dict[str, Any]) -> Settings:
    from sync.settings import load_settings

    settings = load_settings(_config_folder(given))
    settings = settings.on(_as_of(given)(settings))
    return replace(settings, workbooks_folder=str(given["workbooks"])) if given["workbooks"] else settings


def _config_folder(given: dict[str, Any]) -> Path:
    from sync.resources import default_config_dir

    folder: Path | None = given["config"]
    return folder or (Path("config") if Path("config").is_dir() else default_config_dir())


def _as_of(given: dict[str, Any]) -> Callable[[Settings], date]:
    """Return what tells the day of the run: the only clock of the program, in the plan's time zone."""
    return lambda settings: given["as_of"] or datetime.now(ZoneInfo(settings.time_zone)).date()


def _home(settings: Settings, given: dict[str, Any], out: Path, as_of: date) -> Spreadsheets:
    """Return the home of the spreadsheets: Google where the configuration names spreadsheets there and no folder was asked for."""
    if settings.google and not given["workbooks"]:
        return _google_home(settings.google, _google_client(settings.google, settings.limits), given, out, as_of)
    home = _workbooks_home(settings, Path(given["workbooks"] or settings.workbooks_folder), out, _say(given))
    home.ensure_folder()
    return home


def _workbooks_home(settings: Settings, folder: Path, out: Path, say: Callable[[str], None] = lambda line: None) -> Workbooks:
    from sync.edges.workbooks import Workbooks
    from sync.personal import mask

    if folder.resolve() in (out.resolve(), (out / "phan-hoi").resolve()):
        raise UsageError(f"{folder} is the folder that units work in; choose another one with --out.")
    return Workbooks(folder, out, max_uncompressed_bytes=settings.limits.max_workbook_mb * 1_000_000, mask=mask, say=say)


def _google_client(named: GoogleSettings, limits: Limits, scopes: tuple[str, ...] = ()) -> Client:
    from sync.edges.google import Pace, connect
    from sync.edges.google.client import SCOPES

    return connect(
        scopes=scopes or SCOPES,
        endpoint=os.environ.get("DONGHANH_GOOGLE_ENDPOINT"),
        pace=Pace(named.reads_per_minute, named.writes_per_minute, named.project_reads_per_minute, named.project_writes_per_minute),
        most_bytes=limits.max_workbook_mb * 1_000_000,
        key_files=[_key_file(one) for one in named.credentials],
        masters=(named.master, *(named.clusters[one] for one in named.masters if one in named.clusters)),
    )


def _key_file(named: str) -> str:
    """Return the path of a key file that the configuration names, itself or by the environment variable that holds it."""
    if not named.startswith("$"):
        return named
    if not (found := os.environ.get(named[1:])):
        raise UsageError(f"google.credentials in settings.yaml names {named}; set that environment variable to the path of a key file.")
    return found


def _google_home(named: GoogleSettings, client: Client, given: dict[str, Any], out: Path, as_of: date) -> GoogleSheets:
    from sync.edges.google import GoogleSheets
    from sync.edges.google.key import cache_key

    key = cache_key(os.environ)
    home = GoogleSheets(client, named, out, as_of=as_of, full=bool(given.get("full")), say=_say(given), cache_key=key)
    if not given.get("quiet"):
        click.get_current_context().call_on_close(lambda: click.echo(home.effort(), err=True))
    return home


def _read(settings: Settings, given: dict[str, Any], out: Path, as_of: date, *, with_memory: bool) -> Decided:
    """Read every cluster and carry out what people decided in the master; without the memory nothing else of it is heeded."""
    from sync.decisions import judge, remembered
    from sync.journal import load
    from sync.model import Memory
    from sync.run import read_district

    home = _home(settings, given, out, as_of)
    known = load(home.read_memory())
    memory = remembered(known if with_memory else Memory(decisions=known.decisions), home.read_decisions(), settings.organization, as_of)
    clusters = read_district(home, settings, as_of=as_of, memory=memory, workers=_workers(settings, given), say=_say(given))
    return judge(clusters, plan=settings.plan, organization=settings.organization, memory=memory, as_of=as_of)


def _workers(settings: Settings, given: dict[str, Any]) -> Workers:
    """Return who reads and checks; they are let go when the command ends."""
    from sync.edges.workers import hired

    return click.get_current_context().with_resource(hired(settings.work, _say(given)))


def _known_clusters(named: tuple[str, ...], settings: Settings) -> None:
    known = [cluster.id for cluster in settings.organization.clusters]
    for cluster in named:
        if cluster not in known:
            raise UsageError(f"There is no cluster {cluster!r}; known are {', '.join(known)}.")


def _say(given: dict[str, Any]) -> Callable[[str], None]:
    def say(line: str) -> None:
        if given.get("verbose") or (not given.get("quiet") and sys.stderr.isatty()):
            click.echo(line, err=True)

    return say


def _answer(text: str) -> None:
    click.echo(text)


def _status(clusters: Iterable[ClusterData]) -> int:
    return NEEDS_A_PERSON if any(data.status.value != "ok" for data in clusters) else DONE


def main() -> None:
    """Run the program: one sentence and an exit status for every fault that is foreseen."""
    # One run makes millions of small values without cycles and ends: looking for cycles cost a third of its time.
    gc.disable()
    if isinstance(sys.stdout, io.TextIOWrapper):  # the path of a folder need not be text: such bytes are shown, and end no command
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = cli.main(standalone_mode=False)
    except (ConfigError, UsageError) as error:
        click.echo(f"donghanh: {error}", err=True)
        sys.exit(WRONG_USE)
    except DonghanhError as error:
        click.echo(f"donghanh: {error}", err=True)
        sys.exit(NEEDS_A_PERSON)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USE)
    except click.Abort:
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else DONE)
