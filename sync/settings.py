"""config/*.yaml → one frozen Settings. Every problem of every file is said at once: file, line, what was found, what was expected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from sync import settings_schema as schema
from sync.errors import ConfigError
from sync.model import Column, Kind
from sync.organization import Cluster, Head, Organization, Unit
from sync.plan import EarlyEnd, Plan, Round, Target
from sync.settings_checks import cross_check
from sync.settings_values import Dated, GoogleSettings, Limits, MailSettings, Recipient, ReportForm, Settings, SmtpSettings, WorkSettings
from sync.settings_yaml import Document, M, read_document, validated
from sync.yearly import in_year

FILES: dict[str, type[BaseModel]] = {
    "plan.yaml": schema.PlanFile,
    "organization.yaml": schema.OrganizationFile,
    "settings.yaml": schema.SettingsFile,
}


def load_settings(folder: Path) -> Settings:
    """Return the settings that the folder's three files hold; raise ConfigError with one line a problem."""
    if not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder; name the configuration's folder with --config")
    documents: dict[str, Document] = {}
    problems: list[str] = []
    for name in FILES:
        document, wrong = read_document(folder / name)
        problems += wrong
        if document:
            documents[name] = document
    plan_file = _model(documents, "plan.yaml", schema.PlanFile, problems)
    organization_file = _model(documents, "organization.yaml", schema.OrganizationFile, problems)
    settings_file = _model(documents, "settings.yaml", schema.SettingsFile, problems)
    problems += cross_check(plan_file, organization_file, settings_file, documents)
    if problems or not (plan_file and organization_file and settings_file):
        raise ConfigError("\n".join(problems))
    plan, organization = _plan(plan_file), _organization(organization_file, plan_file)
    dated = _dated(organization_file, settings_file)
    return replace(_settings(plan, organization, settings_file, _fingerprint(folder)), dated=dated).on(plan.first_day)


def _model(documents: dict[str, Document], name: str, model: type[M], problems: list[str]) -> M | None:
    if name not in documents:
        return None
    value, wrong = validated(documents[name], model)
    problems += wrong
    return value


def _fingerprint(folder: Path) -> str:
    return hashlib.blake2b(b"\0".join((folder / name).read_bytes() for name in FILES), digest_size=8).hexdigest()


def _plan(file: schema.PlanFile) -> Plan:
    rounds = tuple(
        Round(
            one.id,
            one.name,
            one.months[0],
            one.months[1],
            one.registration_due,
            one.results_due,
            one.registration_with or one.id,
            one.results_with or one.id,
        )
        for one in file.rounds
    )
    end = file.early_end
    return Plan(
        name=file.name,
        number=file.number,
        first_day=file.first_day,
        last_day=end.last_day if end else file.last_day,
        in_force=file.in_force,
        measured_years=tuple(year for year in file.measured_years if not end or date(year, 12, 31) <= end.last_day),
        targets=tuple(_target(one, file.first_day.year) for one in file.targets),
        rounds=rounds,
        year_closing=file.year_closing,
        final_review=end.last_day if end else file.final_review,
        early_end=EarlyEnd(file.last_day, end.reason, end.handed_to) if end else None,
    )


def _target(one: schema.TargetFile, first_year: int) -> Target:
    changes = any(len(numbers) > 1 or 0 not in numbers for numbers in (one.goal, *one.allocations.values()))
    given = {cluster: in_year(numbers, first_year) for cluster, numbers in one.allocations.items()}
    target = Target(
        id=one.id,
        name=one.name,
        short_name=one.short_name,
        aliases=tuple(one.aliases),
        goal=in_year(one.goal, first_year),
        measure=one.measure,
        allocations={cluster: part for cluster, part in given.items() if part},
        season=one.season,
    )
    parts = {cluster: dict(numbers) for cluster, numbers in one.allocations.items()}
    return replace(target, goals=dict(one.goal), parts=parts) if changes else target


def _organization(file: schema.OrganizationFile, plan: schema.PlanFile) -> Organization:
    every = tuple(one.id for one in plan.rounds if one.registration_due and one.results_due)
    return Organization(
        name=file.name,
        place=file.place,
        clusters=tuple(_cluster(one, every) for one in file.clusters),
        words_before_name=tuple(file.words_before_name),
        words_after_name=tuple(file.words_after_name),
    )


def _cluster(one: schema.ClusterFile, every: tuple[str, ...]) -> Cluster:
    owes = {Kind.REGISTRATION: every, Kind.RESULTS: every}
    if one.owes is not None:
        owes = {Kind.REGISTRATION: tuple(one.owes.registration), Kind.RESULTS: tuple(one.owes.results)}
    return Cluster(
        id=one.id,
        name=one.name,
        code_prefix=one.code_prefix,
        units=tuple(_unit(unit, one) for unit in one.units),
        owes=owes,
        heads=tuple(Head(head.year, head.name, head.email, head.unit, head.valid_from, head.valid_to) for head in one.heads),
        reads_master=one.reads == "master",
        valid_from=one.valid_from,
        valid_to=one.valid_to,
    )


def _unit(one: schema.UnitFile, cluster: schema.ClusterFile) -> Unit:
    """Return the unit; it exists no longer than its cluster."""
    return Unit(
        id=one.id,
        name=one.name,
        cluster=cluster.id,
        aliases=tuple(one.aliases),
        valid_from=max(filter(None, (one.valid_from, cluster.valid_from)), default=None),
        valid_to=min(filter(None, (one.valid_to, cluster.valid_to)), default=None),
        successors=dict(one.successor),
        quotas={target: dict(numbers) for target, numbers in one.quotas.items()},
    )


def _settings(plan: Plan, organization: Organization, file: schema.SettingsFile, fingerprint: str) -> Settings:
    return Settings(
        plan=plan,
        organization=organization,
        form=_form(file.report),
        mail=_mail(file.mail),
        limits=Limits(**file.limits.model_dump()),
        time_zone=file.time_zone,
        workbooks_folder=file.workbooks,
        google=_google(file.google, organization),
        site=file.site,
        work=WorkSettings(**file.work.model_dump()),
        retention_days=file.retention_days,
        column_aliases=_aliases(file.columns.items()),
        fingerprint=fingerprint,
    )


def _form(file: schema.ReportFile) -> ReportForm:
    return ReportForm(**{**file.model_dump(exclude={"changes"}), "recipients": tuple(file.recipients)})


def _dated(organization: schema.OrganizationFile, settings: schema.SettingsFile) -> Dated:
    """Return what changes by day: each change stands on the one before it."""
    forms = [(date.min, _form(settings.report))]
    for change in settings.report.changes:
        changed = change.model_dump(exclude={"valid_from"}, exclude_none=True)
        if change.recipients is not None:
            changed["recipients"] = tuple(change.recipients)
        forms.append((change.valid_from, replace(forms[-1][1], **changed)))
    names = [(date.min, (organization.name, organization.place))]
    for named in organization.changes:
        name, place = names[-1][1]
        names.append((named.valid_from, (named.name or name, named.place or place)))
    recipients = tuple(Recipient(one.name, one.email, one.valid_from, one.valid_to) for one in settings.mail.recipients)
    return Dated(tuple(forms), tuple(names), recipients)


def _google(file: schema.GoogleFile | None, organization: Organization) -> GoogleSettings | None:
    if file is None:
        return None
    given = file.model_dump(exclude={"spreadsheets", "credentials"})
    masters = frozenset(one.id for one in organization.clusters if one.reads_master)
    return GoogleSettings(clusters=dict(file.spreadsheets), credentials=tuple(file.credentials), masters=masters, **given)


def _mail(file: schema.MailFile) -> MailSettings:
    smtp = SmtpSettings(**file.smtp.model_dump()) if file.smtp else None
    recipients = tuple(_recipient(one) for one in file.recipients)
    return MailSettings(_recipient(file.sender), recipients, smtp, file.reminders, file.wait_days)


def _recipient(one: schema.RecipientFile) -> Recipient:
    return Recipient(one.name, one.email)


def _aliases(items: Iterable[tuple[Column, list[str]]]) -> dict[Column, tuple[str, ...]]:
    return {column: tuple(names) for column, names in items}
