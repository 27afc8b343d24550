"""Who is reminded of what today: one view for each head, though they lead several clusters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sync.calendar import DueDay
from sync.model import Kind
from sync.organization import Head
from sync.prose import count, day
from sync.reminders.owing import Facts, owing
from sync.reminders.stages import Stage
from sync.reminders.values import ClusterOwing, ReminderView
from sync.vietnamese import KIND

_ASKED = {Kind.REGISTRATION: "đăng ký hoạt động", Kind.RESULTS: "báo cáo kết quả"}


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders of one due day at one stage."""

    due: DueDay
    stage: Stage
    to: tuple[tuple[Head, ReminderView], ...]
    without_head: tuple[str, ...]
    """Names of the clusters that owe something and have nobody to be reminded."""

    @property
    def key(self) -> str:
        """Return what tells these reminders from all others, without the recipient."""
        return f"nhac/{self.due.key}/{self.stage.value}"


def reminders(due: DueDay, stage: Stage, facts: Facts, version: str) -> Reminders:
    """Return whom to remind of the due day on the day of the figures, and of what."""
    by_address: dict[str, tuple[Head, list[ClusterOwing]]] = {}
    without_head = []
    for cluster_id, owed in owing(due, facts):
        head = facts.organization.cluster(cluster_id).head_on(facts.progress.as_of, due.year)
        if head is None:
            without_head.append(owed.name)
        else:
            by_address.setdefault(head.email.lower(), (head, []))[1].append(owed)
    as_of = facts.progress.as_of
    to = tuple((head, _view(due, head, tuple(clusters), as_of, version)) for head, clusters in by_address.values())
    return Reminders(due, stage, to, tuple(without_head))


def _view(due: DueDay, head: Head, clusters: tuple[ClusterOwing, ...], as_of: date, version: str) -> ReminderView:
    what = f"{KIND[due.kind]} {due.round.name.lower()} năm {due.year}"
    return ReminderView(
        title=f"{what}: {left(due.day, as_of)}",
        greeting=f"Kính gửi đồng chí {head.name}, phụ trách {' và '.join(one.name for one in clusters)},",
        opening=_opening(due, as_of),
        clusters=clusters,
        closing=(
            "Các đơn vị ghi thẳng vào bảng của khu vực, khối; không cần gửi lại văn bản hay trả lời thư này. "
            f"Số liệu tính đến lần đọc bảng ngày {day(as_of)}; nếu đã ghi sau đó thì đồng chí bỏ qua."
        ),
        trace=f"Thư tự động của donghanh {version}, gửi một lần cho mỗi mốc nhắc.",
    )


def _opening(due: DueDay, as_of: date) -> str:
    until = f"{due.round.name.lower()} là hết ngày {day(due.day)} ({left(due.day, as_of)})"
    return f"Hạn {_ASKED[due.kind]} {until}. Theo bảng hiện nay còn các việc sau:"


def left(due: date, as_of: date) -> str:
    """Return how long there is, in words: `còn 07 ngày`, `hôm nay là ngày cuối`, `đã quá hạn 02 ngày`."""
    days = (due - as_of).days
    if days == 0:
        return "hôm nay là ngày cuối"
    return f"còn {count(days)} ngày" if days > 0 else f"đã quá hạn {count(-days)} ngày"


def subject(view: ReminderView) -> str:
    """Return the subject of the mail."""
    return f"[Đồng hành] {view.title}"
