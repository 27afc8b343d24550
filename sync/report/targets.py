"""Target by target: the sentences of section II and the cells of annex I."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sync import prose
from sync.model import ClusterData, Figures, Kind, Progress
from sync.plan import Plan
from sync.prose import DASH, figure, rate
from sync.report.freshness import doubts_of, note
from sync.report.values import MARK, TargetLine
from sync.vietnamese import PROGRESS, REGISTERED

TONES = {"exceeded": "good", "met": "good", "at-risk": "warn", "missed": "bad"}


def target_lines(
    progress: Progress, clusters: Sequence[ClusterData], plan: Plan, known: Mapping[str, str], *, closed: bool, registration: bool
) -> Iterator[TargetLine]:
    """Yield a line a target, in plan order; ``registration`` tells of what was registered and never of what was done."""
    for one in progress.targets:
        line = _line(one, progress, clusters, plan, known, closed=closed)
        yield _of_registration(line, one, progress, plan) if registration else line


def _line(
    one: Figures, progress: Progress, clusters: Sequence[ClusterData], plan: Plan, known: Mapping[str, str], *, closed: bool
) -> TargetLine:
    target = plan.target(one.target)
    done = {item.round: item for item in progress.by_round if item.target == one.target}
    begun = [progress.as_of >= date(progress.year, item.first_month, 1) for item in plan.rounds]
    doubts = doubts_of(target, clusters, known)
    registered = _by_cluster(one, progress, known, "registered")
    return TargetLine(
        number=str(target.id),
        name=target.name,
        short_name=target.short_name,
        measure=target.measure,
        goal=figure(one.goal),
        registered=figure(one.registered),
        rounds=tuple(figure(_of(done, item.id, "done") if was else None) for item, was in zip(plan.rounds, begun, strict=True)),
        done=figure(one.done),
        percent=rate(one.percent),
        missing=figure(one.missing),
        assessment=PROGRESS[one.status] if one.status else figure(None),
        tone=TONES.get(one.status.value if one.status else "", "plain"),
        mark=MARK if doubts else "",
        sentence=prose.target_sentence(one, progress, plan, closed=closed),
        remarks=tuple(_remarks(one, plan, known, _several(_by_cluster(one, progress, known, "done")), doubts)),
        registered_rounds=tuple(_registered_rounds(done, progress, plan)),
        unregistered=figure(None if one.goal is None else max(one.goal - one.registered, 0)),
        registered_by=prose.shares(registered) or DASH,
    )


def _of_registration(line: TargetLine, one: Figures, progress: Progress, plan: Plan) -> TargetLine:
    """Return the line of a report on registrations."""
    enough = None if one.goal is None else one.registered >= one.goal
    contributors = () if line.registered_by == DASH else (f"Khu vực, khối đăng ký: {line.registered_by}.",)
    kept = tuple(remark for remark in line.remarks if not remark.startswith(_DONE_BY))
    return replace(
        line,
        sentence=prose.registration_sentence(one, progress, plan),
        assessment=DASH if enough is None else REGISTERED[enough],
        tone="plain" if enough is None else "good" if enough else "warn",
        remarks=(*contributors, *kept),
    )


_DONE_BY = "Khu vực, khối thực hiện:"


def _remarks(
    one: Figures, plan: Plan, known: Mapping[str, str], done_by: Sequence[tuple[str, int]], doubts: Sequence[str]
) -> Iterator[str]:
    if done_by:
        yield f"{_DONE_BY} {prose.shares(done_by)}."
    owners = prose.allocation(plan.target(one.target), known) if one.goal is not None else ""
    if owners:
        yield owners
    if doubts:
        yield note(doubts)


def _by_cluster(one: Figures, progress: Progress, known: Mapping[str, str], what: str) -> list[tuple[str, int]]:
    """Return who contributed how much, clusters by their names."""
    found = [(item.cluster, getattr(item, what)) for item in progress.by_cluster if item.target == one.target]
    return [(known[cluster], number) for cluster, number in found if cluster is not None and number]


def _several(parts: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    """Return the parts where there are at least two: one alone is the whole."""
    return parts if len(parts) > 1 else ()


def _of(done: Mapping[str | None, Figures], round_id: str, what: str) -> int:
    return int(getattr(done[round_id], what)) if round_id in done else 0


def _registered_rounds(done: Mapping[str | None, Figures], progress: Progress, plan: Plan) -> Iterator[str]:
    for one in plan.rounds:
        number = _of(done, one.id, "registered")
        due = plan.due_day(one.registration_with, Kind.REGISTRATION, progress.year)
        yield figure(number if number or (due and due < progress.as_of) else None)
