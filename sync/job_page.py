"""What a run came to, as Markdown for a scheduled job's page. Recipients are counted, not named: such pages are read by more people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sync.edges.kept import MAILS
from sync.model import ClusterData, MailRecord, MailState, Severity
from sync.organization import Organization
from sync.plan import Plan
from sync.prose import rate
from sync.run import RunResult
from sync.vietnamese import CLUSTER, PROGRESS

_MAIL = {
    MailState.SENT: "đã gửi",
    MailState.REFUSED: "chưa đi, lần sau gửi lại",
    MailState.REJECTED: "bị từ chối",
    MailState.UNKNOWN: "không rõ đã đi chưa",
    MailState.CLAIMED: "không rõ đã đi chưa",
}


def job_page(result: RunResult, plan: Plan, organization: Organization) -> str:
    """Return the page: what needs a person first, then the targets, the clusters, the letters."""
    return "\n".join(_lines(result, plan, organization)) + "\n"


def _lines(result: RunResult, plan: Plan, organization: Organization) -> Iterator[str]:
    yield f"## {organization.name}: số liệu đến {result.as_of:%d/%m/%Y}"
    yield ""
    asked = [*_asked(result, organization)]
    yield f"**Có {len(asked)} việc cần người xem**" if asked else "Mọi việc đã xong, không có gì cần người xem."
    yield ""
    yield from (f"- {_plain(one)}" for one in asked)
    yield from _section(f"Chỉ tiêu năm {result.progress.year}", _targets(result, plan), words={0, 5})
    yield from _section("Khu vực, khối", _clusters(result.clusters, organization), words={0, 1})
    if result.mails:
        yield from _section("Thư", _mails(result.mails), words={0, 1})
    yield from (f"- {_plain(note)}" for note in result.notes)


def _asked(result: RunResult, organization: Organization) -> Iterator[str]:
    """Yield a sentence for each thing that a person has to see to."""
    yield from (f"{organization.cluster(data.cluster).name}: {data.error}" for data in result.clusters if data.error)
    yield from (f"Không ghi được: {problem}" for problem in result.problems)
    yield from (f"Thư «{mail.subject}»: {_MAIL[mail.state]}" for mail in result.mails if mail.state is MailState.REFUSED)
    yield from (f"Thư «{mail.subject}»: {_MAIL[mail.state]}; xem donghanh mail list" for mail in result.unsettled_mails)


def _targets(result: RunResult, plan: Plan) -> Iterator[Sequence[str]]:
    yield ("Chỉ tiêu", "Cả năm", "Đăng ký", "Đã làm", "Tỷ lệ", "Đánh giá")
    for one in result.progress.targets:
        goal = "–" if one.goal is None else str(one.goal)
        status = PROGRESS[one.status] if one.status else ""
        yield (f"{one.target}. {plan.target(one.target).name}", goal, str(one.registered), str(one.done), rate(one.percent), status)


def _clusters(clusters: Sequence[ClusterData], organization: Organization) -> Iterator[Sequence[str]]:
    yield ("Khu vực, khối", "Tình trạng", "Dòng", "Đã tính", "Chưa tính", "Lỗi", "Cần xem lại")
    for data in clusters:
        counted = [sum(found.severity is severity for found in data.findings) for severity in (Severity.ERROR, Severity.WARNING)]
        numbers = [data.rows.read, data.rows.counted, data.rows.excluded, *counted]
        yield (organization.cluster(data.cluster).name, CLUSTER[data.status], *map(str, numbers))


def _mails(mails: Sequence[MailRecord]) -> Iterator[Sequence[str]]:
    yield ("Thư", "Kết quả", "Số người nhận")
    seen: dict[tuple[str, str], int] = {}
    for mail in mails:
        fate = "chưa gửi, trong mục Artifacts" if mail.detail.startswith(f"{MAILS}/") else _MAIL[mail.state]
        seen[mail.subject, fate] = seen.get((mail.subject, fate), 0) + 1
    yield from ((subject, state, str(people)) for (subject, state), people in seen.items())


def _section(title: str, rows: Iterator[Sequence[str]], *, words: set[int]) -> Iterator[str]:
    """Yield a heading and a table; the columns ``words`` (from 0) hold words, the others figures."""
    head = next(rows)
    yield from ("", f"### {title}", "", _row(head))
    yield _row([":--" if at in words else "--:" for at in range(len(head))])
    yield from map(_row, rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Return the text with nothing that Markdown or HTML would take for its own."""
    for sign in "\\`*_{}[]<>|#~":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.replace("@", "&#64;").split())
