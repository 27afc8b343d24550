"""Answers from flags, and from questions for what no flag gives. Who asks is passed in: nothing here knows a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from sync.errors import UsageError
from sync.init import names, reading
from sync.init.answers import Answers, ClusterAnswer, Committee, GoogleAnswer, MailAnswer, Person, RoundAnswer, Span, TargetAnswer

T = TypeVar("T")
ROUNDS = "Đợt 1 | 1-5 | 30/01 | 30/05; Đợt 2 | 9-12 | 30/08 | 30/11"
"""The rounds that the plan of Bình Tân has, offered to every other."""


class Ask(Protocol):
    """Asks a person until the answer can be read."""

    def __call__(self, question: str, read: Callable[[str], T], default: str | None) -> T:
        """Return what ``read`` makes of the answer; ``default`` (`None`: there is none) is what Enter alone answers."""
        ...


@dataclass(frozen=True, slots=True)
class _Source:
    """Where answers come from: the flags first, then a person if there is one to ask, then the default."""

    flags: Mapping[str, Any]
    ask: Ask | None

    def one(self, flag: str, question: str, read: Callable[[str], T], default: str | None = None) -> T:
        """Return the answer; raise UsageError where nothing gives one."""
        typed = self.flags.get(flag)
        if typed is not None:
            return self._flag(flag, read, typed)
        if self.ask:
            return self.ask(question, read, default)
        if default is None:
            raise UsageError(f"--{flag.replace('_', '-')} is needed where no questions are asked ({question}).")
        return read(default)

    def lines(self, flag: str) -> Sequence[str]:
        """Return what a flag that may stand several times was given."""
        return self.flags.get(flag) or ()

    def _flag(self, flag: str, read: Callable[[str], T], typed: str) -> T:
        try:
            return read(typed)
        except UsageError as error:
            raise UsageError(f"--{flag.replace('_', '-')}: {error}") from error

    def each(self, flag: str, read: Callable[[Sequence[T]], Callable[[str], T]], asked: Callable[[Ask, Sequence[T]], T | None]) -> list[T]:
        """Return the values of a flag that stands several times, or what a person answers until there is no more."""
        found: list[T] = []
        for line in self.lines(flag):
            found.append(self._flag(flag, read(found), line))
        if self.ask and not found:
            while (answer := asked(self.ask, found)) is not None:
                found.append(answer)
        if not found:
            raise UsageError(f"--{flag} is needed at least once where no questions are asked.")
        return found


def interview(flags: Mapping[str, Any], ask: Ask | None, today: date) -> Answers:
    """Return all answers. ``flags``: what the command line gave, `None` and `()` for what it did not; ``ask``: `None` asks nobody.

    Raises UsageError where a flag cannot be read, or is missing and nobody can be asked.
    """
    source = _Source(flags, ask)
    committee = _committee(source)
    plan = source.one(
        "plan", "Tên kế hoạch, viết liền sau chữ «kế hoạch» (ví dụ: đồng hành với thiếu nhi giai đoạn 2026 - 2030)", reading.text
    )
    span = _span(source, today)
    rounds = _rounds(source)
    clusters = source.each("cluster", reading.cluster, _asked_cluster)
    targets = source.each(
        "target", lambda before: reading.target(before, clusters), lambda one, before: _asked_target(one, before, clusters)
    )
    mail = _mail(source, committee.name)
    folder, google = _home(source, clusters)
    return Answers(committee, plan, span, rounds, tuple(clusters), tuple(targets), mail, folder, google)


def _committee(source: _Source) -> Committee:
    name = source.one("district", "Tên tổ chức Đoàn lập kế hoạch (ví dụ: Quận Đoàn Gò Vấp, Đoàn phường An Lạc)", reading.text)
    place = source.one("place", "Địa danh ghi ở dòng ngày tháng", reading.text, names.place_of(name))
    return Committee(
        name=name,
        place=place,
        district=source.one("full_name", "Tên đầy đủ trong câu văn của báo cáo", reading.text, names.district_of(name)),
        issuing_body=source.one("issuing_body", "Dòng cơ quan ban hành ở đầu văn bản", reading.text, names.issuing_body_of(name)),
        superior_body=source.one("superior", "Cấp trên trực tiếp (ví dụ: Thành Đoàn TP. Hồ Chí Minh)", reading.text),
        signing_title=source.one("signing_title", "Dòng trên chữ ký", reading.text, names.signing_title_of(name)),
    )


def _span(source: _Source, today: date) -> Span:
    years = source.one("years", "Các năm của kế hoạch", reading.years, f"{today.year}-{today.year + 4}")
    first = f"01/01/{years[0]}"
    question = "Kế hoạch có hiệu lực từ ngày (hạn nộp trước ngày này không tính với ai)"
    return source.one("in_force", question, reading.in_force(years), first)


def _rounds(source: _Source) -> tuple[RoundAnswer, ...]:
    flags = source.lines("round")
    question = "Các đợt trong năm: tên | tháng đầu-tháng cuối | hạn đăng ký | hạn kết quả; Enter nếu đúng như sau"
    given = _Source({"round": "; ".join(flags)} if flags else {}, source.ask)
    return given.one("round", question, reading.rounds, ROUNDS)


def _asked_cluster(ask: Ask, before: Sequence[ClusterAnswer]) -> ClusterAnswer | None:
    number = len(before) + 1
    read = reading.cluster_name(before)
    name = ask(f"Khu vực, khối thứ {number}: tên{_no_more(before)}", _if_more(read, before), "" if before else None)
    if name is None:
        return None
    head = ask("  Người phụ trách (Enter nếu chưa có)", reading.optional(reading.text, ""), "")
    address = ask("  Địa chỉ thư của người ấy", reading.email, None) if head else ""
    question = "  Các đơn vị, cách nhau bằng dấu chấm phẩy (Enter: chính nó là một đơn vị)"
    return ClusterAnswer(name, head, address, ask(question, reading.units_of(before, name), ""))


def _asked_target(ask: Ask, before: Sequence[TargetAnswer], clusters: Sequence[ClusterAnswer]) -> TargetAnswer | None:
    number = len(before) + 1
    read = reading.target_name(before)
    name = ask(f"Chỉ tiêu {number}: tên{_no_more(before)}", _if_more(read, before), "" if before else None)
    if name is None:
        return None
    goal = ask("  Mỗi năm phải đạt bao nhiêu", reading.whole, None)
    measure = ask("  Tính bằng (ví dụ: chương trình, suất, thư viện)", reading.text, "hoạt động")
    listed = ", ".join(f"{at} {one.name}" for at, one in enumerate(clusters, 1))
    question = f"  Nơi thực hiện, theo số thứ tự, như 1=5; 2=3 hoặc 1; 2 (chia đều); Enter: mọi nơi. Có: {listed}"
    return TargetAnswer(name, goal, measure, ask(question, reading.carriers(clusters, goal), ""))


def _no_more(before: Sequence[object]) -> str:
    return " (Enter nếu đã hết)" if before else ""


def _if_more(read: Callable[[str], str], before: Sequence[object]) -> Callable[[str], str | None]:
    """Return a reader for which nothing typed means that there is no more; the first one has to be named."""

    def more(typed: str) -> str | None:
        return None if before and not typed.strip() else read(typed)

    return more


def _mail(source: _Source, committee: str) -> MailAnswer:
    sender = source.one("sender", "Địa chỉ thư gửi đi", reading.person("Đồng hành"))
    flags = source.lines("recipient")
    given = _Source({"recipient": "; ".join(flags)} if flags else {}, source.ask)
    question = "Địa chỉ thư nhận báo cáo; nhiều người thì cách nhau bằng dấu chấm phẩy"
    people = given.one("recipient", question, _people(committee))
    server = "Máy chủ thư để tự gửi, ví dụ smtp.gmail.com (Enter: để thư trong thư mục)"
    return MailAnswer(sender, people, *source.one("smtp", server, reading.optional(reading.server, ("", 587)), ""))


def _people(named: str) -> Callable[[str], tuple[Person, ...]]:
    def read(typed: str) -> tuple[Person, ...]:
        found = reading.several(reading.person(named))(reading.text(typed))
        if len({one.email.lower() for one in found}) < len(found):
            raise UsageError("Một địa chỉ thư được ghi hai lần.")
        return found

    return read


def _home(source: _Source, clusters: Sequence[ClusterAnswer]) -> tuple[str, GoogleAnswer | None]:
    """Return the folder of workbooks, and the spreadsheets in Google if that is where they are."""
    flags = [*source.lines("google_sheet"), *filter(None, [source.flags.get("google_master")])]
    asked = False
    if source.ask and not flags and source.flags.get("workbooks") is None:
        asked = source.ask("Bảng để ở đâu: 1 tệp Excel trong một thư mục, 2 Google Trang tính", _choice, "1") == "2"
    folder = source.one("workbooks", "Thư mục các tệp Excel", reading.text, "so-lieu") if not (flags or asked) else "so-lieu"
    return folder, _google(source, clusters) if flags or asked else None


def _choice(typed: str) -> str:
    if typed.strip() not in ("1", "2"):
        raise UsageError("Ghi 1 hoặc 2.")
    return typed.strip()


def _google(source: _Source, clusters: Sequence[ClusterAnswer]) -> GoogleAnswer:
    address = reading.optional(reading.spreadsheet, "")
    master = source.one("google_master", "Đường dẫn của bảng tổng hợp (Enter nếu chưa có)", address, "")
    named = dict(_sheet(line, clusters) for line in source.lines("google_sheet"))
    if source.ask and not named:
        answers = [source.ask(f"  Đường dẫn của bảng {one.name} (Enter nếu chưa có)", address, "") for one in clusters]
        named = {place: found for place, found in enumerate(answers) if found}
    if len({master, *named.values()} - {""}) < len(named) + bool(master):
        raise UsageError("Một đường dẫn được ghi cho hai bảng; mỗi bảng cần một tệp của mình.")
    return GoogleAnswer(master, named)


def _sheet(line: str, clusters: Sequence[ClusterAnswer]) -> tuple[int, str]:
    name, _, address = line.partition("=")
    return reading.cluster_place(name, clusters), reading.spreadsheet(address)
