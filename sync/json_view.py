"""The JSON of the commands (contract section 3). Names here are what other programs rely on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sync.agenda import Agenda, Entry
from sync.doctor import Check
from sync.model import Activity, ClusterData, ClusterStatus, Figures, Finding, MailRecord, Progress, SuccessorFigures
from sync.plan import Plan
from sync.provisioning import Outcome


def doctor_json(checks: Sequence[Check], as_of: date | None) -> str:
    """Return `{"as_of", "checks": [{"name", "state", "what", "remedy"}]}`."""
    return _text({"as_of": as_of.isoformat() if as_of else None, "checks": [asdict(one) for one in checks]})


def provision_json(outcomes: Sequence[Outcome]) -> str:
    """Return `{"spreadsheets": [{"cluster", "name", "where", "made", "repaired", "by_people", "notes", "shared_with", "error"}]}`."""
    return _text({"spreadsheets": [asdict(one) for one in outcomes]})


def check_json(clusters: Sequence[ClusterData], as_of: date) -> str:
    """Return `{"as_of", "clusters", "findings"}`."""
    return _text(
        {
            "as_of": as_of.isoformat(),
            "clusters": [_cluster(data) for data in clusters],
            "findings": [_finding(found) for data in clusters for found in (*data.findings, *data.dropped)],
        }
    )


def activities_json(clusters: Iterable[ClusterData], as_of: date) -> str:
    """Return `{"as_of", "activities"}`, excluded ones too."""
    return _text({"as_of": as_of.isoformat(), "activities": [_activity(one) for data in clusters for one in data.activities]})


def mails_json(mails: Iterable[MailRecord]) -> str:
    """Return `{"mails"}`: key, recipient, subject, day, state, detail of each."""
    return _text({"mails": [_mail(mail) for mail in mails]})


def agenda_json(agenda: Agenda) -> str:
    """Return `{"as_of", "obligations", "mails_to_settle", "without_head"}`: each with day, kind, key, title, state, mails and reminders."""
    return _text(
        {
            "as_of": agenda.as_of.isoformat(),
            "obligations": [_entry(one) for one in agenda.entries],
            "mails_to_settle": [_mail(mail) for mail in agenda.unsettled],
            "without_head": [{"year": year, "clusters": list(names)} for year, names in agenda.without_head],
        }
    )


def _entry(one: Entry) -> dict[str, Any]:
    return {
        "date": one.day.isoformat(),
        "kind": one.kind,
        "key": one.key,
        "title": one.title,
        "state": one.state.value,
        "mails": [_mail(mail) for mail in one.mails],
        "reminders": [
            {"date": item.day.isoformat(), "stage": item.stage.value, "state": item.state.value, "mails": item.mails}
            for item in one.reminders
        ],
    }


def _mail(mail: MailRecord) -> dict[str, Any]:
    return {**asdict(mail), "day": mail.day.isoformat()}


def rollup_json(progress: Progress, plan: Plan) -> str:
    """Return the figures of one year, and who has reported."""
    names = {target.id: target.name for target in plan.targets}
    return _text(
        {
            "year": progress.year,
            "as_of": progress.as_of.isoformat(),
            "targets": [{"id": one.target, "name": names[one.target], **_figures(one)} for one in progress.targets],
            "by_round": [{"target": one.target, "round": one.round, **_figures(one)} for one in progress.by_round],
            "by_cluster": [{"target": one.target, "cluster": one.cluster, **_figures(one)} for one in progress.by_cluster],
            "by_unit": [{"target": one.target, "unit": one.unit, "cluster": one.cluster, **_figures(one)} for one in progress.by_unit],
            "by_successor": [_of_successor(one) for one in progress.by_successor],
            "compliance": [asdict(one) for one in progress.compliance],
            "reporting_rates": [asdict(one) for one in progress.reporting_rates],
        }
    )


def _of_successor(one: SuccessorFigures) -> dict[str, Any]:
    return {
        "target": one.target,
        "unit": one.unit,
        "cluster": one.cluster,
        "registered": one.registered,
        "done": one.done,
        "from": [asdict(source) for source in one.sources],
    }


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)


def _cluster(data: ClusterData) -> dict[str, Any]:
    read = data.status is not ClusterStatus.FAILED
    return {
        "id": data.cluster,
        "status": data.status.value,
        "error": data.error,
        "rows": asdict(data.rows) if read else asdict(type(data.rows)()),
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "cluster": found.cluster,
        "tab": found.tab,
        "cell": found.cell,
        "row": found.row,
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "value": found.value,
        "suggestion": found.suggestion,
    }


def _activity(one: Activity) -> dict[str, Any]:
    return {
        "cluster": one.cluster,
        "tab": one.tab,
        "row": one.row,
        "code": one.code,
        "unit": one.unit,
        "registered_by": one.registering_unit,
        "target": one.target,
        "name": one.name,
        "planned_start": _day(one.planned.start if one.planned else None),
        "planned_end": _day(one.planned.end if one.planned else None),
        "place": one.place,
        "registered_quantity": one.registered_quantity,
        "done_start": _day(one.done.start if one.done else None),
        "done_end": _day(one.done.end if one.done else None),
        "done_quantity": one.done_quantity,
        "children": one.children,
        "budget_vnd": one.budget_vnd,
        "evidence": list(one.evidence),
        "status": one.status.value if one.status else None,
        "note": one.note,
        "counts_as_registered": one.counts_as_registered,
        "counts_as_done": one.counts_as_done,
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _figures(one: Figures) -> dict[str, Any]:
    return {
        "goal": one.goal,
        "registered": one.registered,
        "done": one.done,
        "percent": float(one.percent) if one.percent is not None else None,
        "missing": one.missing,
        "projected": one.projected,
        "status": one.status.value if one.status else None,
    }
