"""What bears on the committee's judgement and decisions; nothing here judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sync import prose
from sync.model import ClusterData, Progress, Severity
from sync.plan import Plan
from sync.prose import count
from sync.report.directed import Duty
from sync.report.values import Unread


def result_facts(progress: Progress, plan: Plan) -> Iterator[str]:
    """Yield which targets are reached and which are short."""
    measured = [(one, one.goal, plan.target(one.target)) for one in progress.targets if one.goal is not None]
    reached = [target.name for one, goal, target in measured if one.done >= goal]
    short = [f"{target.name} ({count(goal - one.done)} {target.measure})" for one, goal, target in measured if one.done < goal]
    if measured:
        yield f"Chỉ tiêu đã đạt hoặc vượt: {'; '.join(reached)}." if reached else "Chưa có chỉ tiêu nào thực hiện đủ số lượng của cả năm."
    if short:
        yield f"Chỉ tiêu còn thiếu số lượng: {'; '.join(short)}."


def registration_facts(progress: Progress, plan: Plan) -> Iterator[str]:
    """Yield for which targets enough is registered and for which not."""
    measured = [(one, one.goal, plan.target(one.target)) for one in progress.targets if one.goal is not None]
    enough = [target.name for one, goal, target in measured if one.registered >= goal]
    short = [f"{target.name} ({count(goal - one.registered)} {target.measure})" for one, goal, target in measured if one.registered < goal]
    if measured:
        yield f"Chỉ tiêu đã có đủ số đăng ký: {'; '.join(enough)}." if enough else "Chưa có chỉ tiêu nào đủ số đăng ký của cả năm."
    if short:
        yield f"Chỉ tiêu còn thiếu số đăng ký: {'; '.join(short)}."


def arrears_facts(duties: Sequence[Duty], known: Mapping[str, str]) -> Iterator[str]:
    """Yield how many times units are late or still owe, and in which clusters."""
    for what, state in (("chưa nộp", "missing"), ("nộp trễ hạn", "late")):
        by_cluster = [(known[cluster], sum(_number(duty, cluster, state) for duty in duties)) for cluster in known]
        total = sum(number for _, number in by_cluster)
        if total:
            yield f"Các đơn vị còn {count(total)} lượt {what}, nêu tại mục I ({prose.shares(by_cluster)})."


def _number(duty: Duty, cluster: str, state: str) -> int:
    rate = duty.rates.get(cluster)
    return int(getattr(rate, state)) if rate else 0


def quality_of(clusters: Sequence[ClusterData], known: Mapping[str, str]) -> Iterator[str]:
    """Yield how far the figures may be trusted: rows that do not count because of errors, results without evidence."""
    wrong = [(known[data.cluster], sum(found.severity is Severity.ERROR for found in data.findings)) for data in clusters]
    excluded = sum(data.rows.excluded for data in clusters)
    bare = [(known[data.cluster], sum(found.code == "missing-evidence" for found in data.findings)) for data in clusters]
    yield prose.errors_left([(name, number) for name, number in wrong if number], excluded)
    if any(number for _, number in bare):
        total = sum(number for _, number in bare)
        yield f"Có {count(total)} kết quả đã tính nhưng chưa có minh chứng ({prose.shares(bare)})."


def decisions_of(
    progress: Progress, plan: Plan, known: Mapping[str, str], unread: Sequence[Unread], *, closed: bool, registration: bool
) -> Iterator[str]:
    """Yield what needs a decision of the committee, one line a target or cluster."""
    for one in progress.targets:
        target = plan.target(one.target)
        short = prose.to_register(one, target) if registration else prose.needed(one, target, closed=closed)
        if short:
            yield f"{short} {prose.allocation(target, known)}".strip()
    for cluster in unread:
        yield f"{cluster.cluster}: {cluster.state}; cần người phụ trách mở và kiểm tra bảng."
