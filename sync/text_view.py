"""What the commands print for people: findings as a good linter prints them, figures as short tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sync.agenda import Agenda, Entry, Standing
from sync.doctor import Check, State
from sync.edges.dry import NOT_SENT
from sync.edges.kept import MAILS
from sync.model import ClusterData, ClusterStatus, MailRecord, MailState, Progress, Severity
from sync.organization import Organization
from sync.plan import Plan
from sync.prose import count, names, rate
from sync.provisioning import Outcome
from sync.reminders import next_stage
from sync.run import RunResult, total_rows
from sync.settings_values import Settings
from sync.vietnamese import CLUSTER, KIND, PROGRESS


def check_text(clusters: Sequence[ClusterData], organization: Organization) -> str:
    """Return the findings grouped by cluster: cell, sentence; a count at the end."""
    lines: list[str] = []
    for data in clusters:
        if data.error or data.findings:
            lines += ["", f"{organization.cluster(data.cluster).name} ({data.source})"]
        if data.error and not any(found.message == data.error for found in data.findings):
            lines.append(f"  {CLUSTER[data.status].lower()}: {data.error}")
        width = max((len(found.cell) for found in data.findings), default=0)
        for found in data.findings:
            mark = "lỗi " if found.severity is Severity.ERROR else "xem "
            lines.append(f"  {found.cell:<{width}}  {mark} {found.message}  [{found.code}]")
    return "\n".join([*lines, "", _check_total(clusters)]).lstrip("\n")


def _check_total(clusters: Sequence[ClusterData]) -> str:
    findings = [found for data in clusters for found in data.findings]
    errors = sum(found.severity is Severity.ERROR for found in findings)
    rows = total_rows(clusters)
    unread = sum(data.status is not ClusterStatus.OK for data in clusters)
    cells = f"{errors} lỗi, {len(findings) - errors} chỗ nên xem lại" if findings else "Không có lỗi"
    missed = f"; {unread} khu vực, khối không đọc được" if unread else ""
    return f"{cells}; {rows.read} dòng: {rows.counted} đã tính, {rows.excluded} chưa tính, {rows.ignored} không phải hoạt động{missed}."


def activities_text(clusters: Sequence[ClusterData]) -> str:
    """Return one line an activity: place, unit, target, what counts, name."""
    lines = [
        f"{one.cluster}!{one.row}\t{one.unit or '?'}\t{one.target or '?'}\t"
        f"{'Đ' if one.counts_as_registered else '-'}{'T' if one.counts_as_done else '-'}\t{one.name or ''}"
        for data in clusters
        for one in data.activities
    ]
    return "\n".join([*lines, f"{len(lines)} hoạt động (Đ: tính đăng ký, T: tính thực hiện)"])


def rollup_text(progress: Progress, plan: Plan, organization: Organization) -> str:
    """Return the targets' table, then who has not handed in."""
    head = f"Năm {progress.year}, số liệu đến {progress.as_of:%d/%m/%Y}"
    rows = [["", "Chỉ tiêu", "Năm", "Đăng ký", "Đã làm", "Tỷ lệ", "Thiếu", "Đánh giá"]]
    for one in progress.targets:
        target = plan.target(one.target)
        cells = [
            str(target.id),
            target.name,
            _number(one.goal),
            str(one.registered),
            str(one.done),
            rate(one.percent),
            _number(one.missing),
        ]
        rows.append([*cells, PROGRESS[one.status] if one.status else ""])
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    rates = [
        f"  {names[one.cluster]}: {KIND[one.kind].lower()} {plan.round(one.round).name.lower()} "
        f"{one.on_time + one.late}/{one.expected} đơn vị ({count(one.late)} trễ, {count(one.missing)} chưa nộp)"
        for one in progress.reporting_rates
    ]
    return "\n".join([head, *table(rows, right={2, 3, 4, 5, 6}), "", *rates])


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)


_UNSETTLED = {MailState.UNKNOWN: "KHÔNG RÕ thư đã đi chưa", MailState.REJECTED: "THƯ BỊ TỪ CHỐI"}
_SETTLE = "  Xem hộp thư của người nhận rồi chạy: donghanh mail settle KEY sent (đã đến) hoặc resend (gửi lại)"
_MAIL = {
    MailState.CLAIMED: "không rõ", MailState.SENT: "đã gửi", MailState.REFUSED: "sẽ gửi lại", MailState.REJECTED: "bị từ chối", MailState.UNKNOWN: "không rõ",
}  # fmt: skip


_DRY = "chạy thử: không ghi và không gửi gì"


def mails_text(mails: Sequence[MailRecord]) -> str:
    """Return every message with its day, state and key."""
    rows = [
        ["Ngày", "Tình trạng", "Khóa", "Ghi chú"],
        *([f"{mail.day:%d/%m/%Y}", _state(mail), mail.key, mail.detail] for mail in mails),
    ]
    return "\n".join(table(rows, right=set())) if mails else "Chưa có thư nào."


def _state(mail: MailRecord) -> str:
    return "đã soạn" if mail.state is MailState.SENT and mail.detail.startswith(f"{MAILS}/") else _MAIL[mail.state]


def run_text(result: RunResult, organization: Organization, *, dry_run: bool = False) -> str:
    """Return the short table that a run ends with, and where everything lies; a dry run says that it wrote nothing."""
    rows = [["Khu vực, khối", "Tình trạng", "Dòng", "Đã tính", "Chưa tính", "Cần sửa"]]
    for data in result.clusters:
        errors = sum(found.severity is Severity.ERROR for found in data.findings)
        numbers = [str(number) for number in (data.rows.read, data.rows.counted, data.rows.excluded, errors)]
        rows.append([organization.cluster(data.cluster).name, CLUSTER[data.status], *numbers])
    lines = [f"Số liệu đến {result.as_of:%d/%m/%Y}", *table(rows, right={2, 3, 4, 5}), ""]
    lines += [f"  {organization.cluster(data.cluster).name}: {data.error}" for data in result.clusters if data.error]
    lines += [f"  không ghi được: {problem}" for problem in result.problems]
    lines += [f"  đã ghi {place}" for place in result.written] or [f"  {_DRY if dry_run else 'không có gì thay đổi, không ghi gì'}"]
    return "\n".join([*lines, *_mailed(result)])


def _mailed(result: RunResult) -> list[str]:
    lines = [f"  {_fate(mail)}" for mail in result.mails]
    return [*lines, *(f"  {note}" for note in result.notes), *_to_settle(result.unsettled_mails)]


def _fate(mail: MailRecord) -> str:
    """Return what became of a message; one that lies in the folder went to nobody, and somebody has to send it."""
    letter = f"thư «{mail.subject}» cho {mail.recipient}"
    if mail.state is not MailState.SENT:
        return f"không gửi được {letter}: {mail.detail}"
    if mail.detail == NOT_SENT:
        return f"sẽ gửi {letter}"
    if mail.detail.startswith(f"{MAILS}/"):
        return f"đã soạn, chưa gửi {letter}: {mail.detail}"
    return f"đã gửi {letter}: {mail.detail}"


def _to_settle(mails: Sequence[MailRecord]) -> list[str]:
    lines = [f"  {_UNSETTLED[mail.state]}: {mail.key} ({mail.detail or 'lần chạy trước dừng giữa chừng'})" for mail in mails]
    return [*lines, _SETTLE] if lines else []


def remind_text(result: RunResult, plan: Plan, organization: Organization, *, switched_on: bool) -> str:
    """Return who was reminded, and when the next reminder is due."""
    unread = [f"  {organization.cluster(data.cluster).name}: {data.error}" for data in result.clusters if data.error]
    lines = [*_mailed(result), *unread]
    if not switched_on:
        lines.append("Lời nhắc đang tắt (mail.reminders trong settings.yaml).")
    elif not result.mails:
        lines.insert(0, f"Ngày {result.as_of:%d/%m/%Y} không có ai cần nhắc.")
    upcoming = next_stage(plan, result.as_of)
    if switched_on and upcoming:
        day, due, _ = upcoming
        lines.append(f"Lần nhắc tới: {day:%d/%m/%Y}, {KIND[due.kind].lower()} {due.round.name.lower()} (hạn {due.day:%d/%m/%Y}).")
    return "\n".join(lines)


_STATES = {State.OK: "được ", State.WARNING: "xem ", State.PROBLEM: "LỖI "}


def doctor_text(checks: Sequence[Check]) -> str:
    """Return one line a check, and its remedy below it."""
    lines = []
    for one, after in zip(checks, [*checks[1:], None], strict=True):
        lines.append(f"{_STATES[one.state]:<5} {one.what}")
        if one.remedy and not (after and after.remedy == one.remedy):  # what mends several in a row is said once
            lines.append(f"{'':<5} → {one.remedy}")
    wrong = sum(one.state is State.PROBLEM for one in checks)
    look = sum(one.state is State.WARNING for one in checks)
    total = "Mọi thứ đã sẵn sàng." if not wrong + look else f"{wrong} chỗ phải sửa, {look} chỗ nên xem."
    return "\n".join([*lines, "", total])


def init_text(folder: Path, settings: Settings) -> str:
    """Return what was written, and what comes next."""
    plan, found = settings.plan, settings.organization
    option = "" if folder == Path("config") else f" --config {folder}"
    return "\n".join(
        (
            f"Đã ghi {folder}: {len(found.clusters)} khu vực, khối; {len(found.units)} đơn vị; {len(plan.targets)} chỉ tiêu; {plan.first_day.year}-{plan.last_day.year}.",
            f"Xem lại ba tệp {folder}/plan.yaml, {folder}/organization.yaml, {folder}/settings.yaml (mỗi mục có lời giải thích), rồi chạy:",
            f"  donghanh doctor{option}      thử từng phần",
            f"  donghanh provision{option}   tạo bảng cho từng khu vực, khối",
        )
    )


def provision_text(outcomes: Sequence[Outcome], advice: str) -> str:
    """Return what became of each spreadsheet; ``advice`` follows where one could not be reached."""
    lines = []
    for one in outcomes:
        done = "KHÔNG LÀM ĐƯỢC" if one.error else "đã kẻ bảng mới" if one.made else "đã đặt lại" if one.repaired else "không có gì phải làm"
        lines.append(f"{one.name} ({one.where}): {done}")
        lines += [f"  {text}" for text in (one.error, *(f"đặt lại {what}" for what in one.repaired)) if text]
        lines += [f"  người dùng đã đổi, được giữ nguyên: {what}" for what in one.by_people]
        lines += [f"  {note}" for note in one.notes]
        if one.shared_with:
            lines.append(f"  đã cho {one.shared_with} quyền chỉnh sửa; Google không gửi thư báo, hãy gửi đường dẫn cho người ấy")
    return "\n".join([*lines, *(["", advice] if advice and any(one.error for one in outcomes) else [])])


_STATE = {
    Standing.PAST: "đã qua", Standing.SENT: "đã gửi", Standing.UNKNOWN: "KHÔNG RÕ đã gửi chưa", Standing.REJECTED: "BỊ TỪ CHỐI", Standing.WAITING: "đang đợi bảng chưa đọc được",
    Standing.UNSENT: "CHƯA GỬI, gửi ở lần chạy tới", Standing.SUPERSEDED: "không gửi nữa, đã có báo cáo sau", Standing.BEFORE: "trước lần chạy đầu tiên",
    Standing.LAPSED: "không gửi", Standing.NEXT: "sắp tới", Standing.PLANNED: "",
}  # fmt: skip


def agenda_text(agenda: Agenda) -> str:
    """Return the calendar with its states, what a person has to settle, and which clusters have nobody to be reminded."""
    rows = [[f"{one.day:%d/%m/%Y}", one.title, _entry_state(one), _reminders(one)] for one in agenda.entries]
    lines = [f"Lịch của kế hoạch, xem ngày {agenda.as_of:%d/%m/%Y}", *table(rows, right=set())]
    lines += _to_settle(agenda.unsettled)
    lines += [f"  Năm {year} chưa có cụm trưởng để nhắc: {names(lacking)}" for year, lacking in agenda.without_head]
    return "\n".join(lines)


def _entry_state(one: Entry) -> str:
    days = sorted({mail.day for mail in one.mails if mail.state is MailState.SENT})
    return _STATE[one.state] + (f" {days[-1]:%d/%m/%Y}" if one.state is Standing.SENT and days else "")


def _reminders(one: Entry) -> str:
    told = [f"{item.day:%d/%m}" + (f" đã gửi {count(item.mails)} thư" if item.mails else "") for item in one.reminders]
    return f"nhắc {'; '.join(told)}" if told else ""


def table(rows: Sequence[Sequence[str]], *, right: set[int]) -> list[str]:
    """Return rows as lines with aligned columns; columns in ``right`` (from 0) are set to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    aligned = [
        [cell.rjust(width) if column in right else cell.ljust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True))]
        for row in rows
    ]
    return ["  ".join(row).rstrip() for row in aligned]
