"""What a report's mail says beside the report: what changed since the last one, where the master is, what the operator has to settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.model import ClusterData, DigestRecord, MailRecord, MailState, Memory, Progress, Severity
from sync.plan import Plan
from sync.prose import count, day


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that the mail's templates may use beside the report."""

    since: str
    """`Thay đổi so với thư ngày 31/5/2025`; empty for the first mail of a year."""
    changes: tuple[str, ...]
    master: str
    """Where the master lies, for people."""
    address: str
    """The same where it can be opened by a link, else empty."""
    unsettled: tuple[str, ...]
    """Messages of which nobody knows whether they went, or that were turned away: for whoever runs the program."""
    losses: tuple[str, ...] = ()
    """Clusters that are held because they suddenly lost rows, with the rows and the command that lets it through: for the same person."""


def digest_record(key: str, progress: Progress, clusters: Sequence[ClusterData]) -> DigestRecord:
    """Return what this letter tells, to be remembered."""
    figures = tuple((one.target, one.registered, one.done) for one in progress.targets)
    errors = sum(found.severity is Severity.ERROR for data in clusters for found in data.findings)
    return DigestRecord(key, progress.as_of, progress.year, figures, errors)


def digest_of(
    now: DigestRecord, memory: Memory, unsettled: Sequence[MailRecord], plan: Plan, master: str, *, losses: Sequence[str] = ()
) -> Digest:
    """Return what stands beside the report that ``now`` is about; it is held against the last letter of another key."""
    before = next((one for one in reversed(memory.digests) if one.key != now.key), None)
    since = f"Thay đổi so với thư ngày {day(before.day)}" if before and before.year == now.year else ""
    return Digest(
        since=since,
        changes=tuple(_changes(before, now, plan)) if before and since else (),
        master=master,
        address=master if master.startswith("https://") else "",
        unsettled=tuple(f"{mail.key}: {_FATE.get(mail.state, '')}" for mail in unsettled),
        losses=tuple(losses),
    )


_FATE = {MailState.UNKNOWN: "không rõ thư đã đi chưa", MailState.REJECTED: "máy chủ thư từ chối địa chỉ này"}


def _changes(before: DigestRecord, now: DigestRecord, plan: Plan) -> Iterator[str]:
    """Yield a line for each target that moved, and one for the cells to correct."""
    known = {target: (registered, done) for target, registered, done in before.figures}
    moved = [line for target, *figures in now.figures if (line := _moved(plan, target, known.get(target, (0, 0)), figures))]
    yield from moved or ["Số đăng ký và kết quả của các chỉ tiêu không thay đổi."]
    if now.errors != before.errors:
        yield f"Ô cần sửa: từ {count(before.errors)} {'còn' if now.errors < before.errors else 'lên'} {count(now.errors)}."


def _moved(plan: Plan, target_id: int, before: Sequence[int], now: Sequence[int]) -> str:
    target = plan.target(target_id)
    words = [
        f"{what} từ {count(earlier)} {'lên' if later > earlier else 'xuống'} {count(later)}"
        for what, earlier, later in zip(("đăng ký", "đã thực hiện"), before, now, strict=True)
        if later != earlier
    ]
    return f"{target.short_name}: {', '.join(words)} {target.measure}." if words else ""
