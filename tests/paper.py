"""Reports for tests: the test district's plan, figures given by hand, and the view that they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sync.compliance import reporting_rates
from sync.model import (
    ClusterData,
    ClusterStatus,
    Compliance,
    Figures,
    Finding,
    Progress,
    ProgressStatus,
    RowCount,
    Severity,
    Stops,
    UnitCompliance,
)
from sync.report import Digest, ReportView, report_view
from sync.rollup import percent
from sync.settings_values import MailSettings, Recipient, ReportForm
from tests.district import organization, plan

DAY = date(2024, 12, 5)
FORM = ReportForm(
    organisation_line="ĐOÀN TNCS HỒ CHÍ MINH",
    superior_body="THÀNH ĐOÀN TP. HỒ CHÍ MINH",
    issuing_body="BCH ĐOÀN QUẬN BÌNH TÂN",
    number_sign="-BC/ĐTN",
    place="Bình Tân",
    signing_title="TM. BAN THƯỜNG VỤ QUẬN ĐOÀN",
    recipients=("Thành Đoàn", "Lưu: HĐĐ"),
    district="Đoàn TNCS Hồ Chí Minh quận Bình Tân",
)
MAIL = MailSettings(Recipient("Đồng hành", "donghanh@example.org"), (Recipient("Ban Thường vụ", "btv@example.org"),))
BESIDE = Digest("", (), "tong-hop.xlsx", "", ())
PUNCTUAL = (Compliance.ON_TIME, Compliance.ON_TIME)


def figures(
    target: int = 3, done: int = 0, goal: int | None = 40, registered: int = 0, projected: int | None = None, **more: Any
) -> Figures:
    """Return the figures of a target as the roll-up would give them while the year is open."""
    projected = done if projected is None else projected
    status = None
    if goal is not None:
        reached = ProgressStatus.EXCEEDED if done > goal else ProgressStatus.MET
        open_still = ProgressStatus.ON_COURSE if projected >= goal else ProgressStatus.AT_RISK
        status = reached if done >= goal else open_still
    missing = max(goal - done, 0) if goal is not None else None
    return Figures(target, goal, registered, done, percent(done, goal) if goal else None, missing, projected, status, **more)


def progress(
    *targets: Figures,
    by_round: Sequence[Figures] = (),
    states: Mapping[str, tuple[Compliance, Compliance]] | None = None,
    as_of: date = DAY,
    year: int | None = None,
) -> Progress:
    """Return a year's progress; ``states`` gives single units (registration, results) in both rounds, the rest are punctual."""
    given = states or {}
    reported = tuple(
        UnitCompliance(unit.id, cluster.id, one.id, *given.get(unit.id, PUNCTUAL))
        for cluster in organization().clusters
        for unit in cluster.units
        for one in plan().reporting_rounds()
    )
    chosen = targets or tuple(figures(one.id, goal=one.goal) for one in plan().targets)
    return Progress(year or as_of.year, as_of, chosen, tuple(by_round), (), (), reported, reporting_rates(reported, organization()))


def clusters(errors: int = 0, bare: int = 0, **states: ClusterStatus) -> list[ClusterData]:
    """Return the three clusters, all read but those named; errors and results without evidence lie in the first."""
    found = [_finding("bad-date", Severity.ERROR)] * errors + [_finding("missing-evidence", Severity.WARNING)] * bare
    return [
        ClusterData(
            one.id,
            status := states.get(one.id.replace("-", "_"), ClusterStatus.OK),
            f"{one.id}.xlsx",
            findings=tuple(found if index == 0 else ()),
            rows=RowCount(10, 10 - min(errors, 10), min(errors, 10) if index == 0 else 0, 0),
            error=None if status is ClusterStatus.OK else f"Không có tệp {one.id}.xlsx.",
            data_as_of=date(2024, 11, 1) if status is ClusterStatus.STALE else None,
        )
        for index, one in enumerate(organization().clusters)
    ]


def _finding(code: str, severity: Severity) -> Finding:
    return Finding("phuong", "Hoạt động", "F12", 12, code, severity, Stops.RESULT, "Câu.", "x")


def view(kind: str = "ket-qua", figures: Progress | None = None, data: Sequence[ClusterData] | None = None, **changed: Any) -> ReportView:
    """Return the view of a report on these figures."""
    shown = figures or progress()
    given: dict[str, Any] = {
        "progress": shown,
        "clusters": clusters() if data is None else data,
        "plan": plan(),
        "organization": organization(),
        "form": FORM,
        "as_of": shown.as_of,
        "version": "0.1.0",
        "fingerprint": "abc123",
    }
    return report_view(kind, **(given | changed))
