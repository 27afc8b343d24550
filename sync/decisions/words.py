"""The choices as people read them, what each fits, and what the program says beside a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sync.double_count import CODE as DOUBLE_COUNT
from sync.model import Choice, Decision, Finding, Kind, Severity
from sync.text import fold

CHOICES: Mapping[Choice, str] = {
    Choice.KEEP_BOTH: "giữ cả hai",
    Choice.DROP: "là một – bỏ dòng này",
    Choice.ACCEPT: "đúng, bỏ qua",
    Choice.EXCUSE: "chấp nhận nộp muộn",
}
"""The dropdown of `Quyết định`, in its order."""
DUPLICATE = "duplicate-row"
LATE: Mapping[Kind, str] = {Kind.REGISTRATION: "late-registration", Kind.RESULTS: "late-results"}
"""The codes of what was handed in late: they stand in the master only, for lateness is no finding of a cell."""
_TWO_ROWS = (DOUBLE_COUNT, DUPLICATE)
_BY_KEY = {fold(text): choice for choice, text in CHOICES.items()}


def choice_of(text: str) -> Choice | None:
    """Return the choice that was picked or typed; `None` for other words.

    >>> choice_of("La mot - bo dong nay")
    <Choice.DROP: 'drop'>
    """
    return _BY_KEY.get(fold(text))


def fitting(found: Finding) -> tuple[Choice, ...]:
    """Return the choices that fit: none for an error, which has to be mended in the cluster's own table."""
    if found.code in _TWO_ROWS:
        return Choice.KEEP_BOTH, Choice.DROP
    if found.code in LATE.values():
        return (Choice.EXCUSE,)
    return (Choice.ACCEPT,) if found.severity is Severity.WARNING else ()


def is_about_lateness(found: Finding) -> bool:
    """Return whether it is something that was handed in late, and no finding of a cell."""
    return found.code in LATE.values()


def _offered(choices: tuple[Choice, ...]) -> str:
    return " hoặc ".join(f"«{CHOICES[one]}»" for one in choices)


def misfit(text: str, found: Finding) -> str:
    """Return why a choice has no effect here, and which one would have."""
    offered = fitting(found)
    if not offered:
        return "Không có tác dụng: lỗi này phải sửa ở bảng của cụm, không quyết định ở đây được."
    if choice_of(text) is None:
        return f"Không có tác dụng: không hiểu «{text}»; hãy chọn {_offered(offered)} trong danh sách."
    return f"Không có tác dụng: «{text}» không hợp với mã {found.code}; hãy chọn {_offered(offered)}."


_EFFECTS: Mapping[Choice, str] = {
    Choice.KEEP_BOTH: "cả hai dòng đều được tính",
    Choice.DROP: "dòng này không tính vào số liệu",
    Choice.ACCEPT: "không nhắc nữa",
    Choice.EXCUSE: "tính là nộp đúng hạn",
}


def in_force(choice: Choice, day: date) -> str:
    """Return what a decision does, and since when."""
    return f"Đã áp dụng từ ngày {day:%d/%m/%Y}: {_EFFECTS[choice]}."


CONTRADICTED = (
    "Chưa áp dụng: các quyết định về cùng một hoạt động trái nhau, hoặc bỏ hết không còn dòng nào được tính; "
    "hãy giữ lại một dòng hoặc chọn giống nhau ở các dòng."
)
WAITING = "Chưa áp dụng: lần này không có số liệu của cụm; quyết định được giữ nguyên."
REMARK = "Chưa quyết định: mới có lý do; hãy chọn ở cột «Quyết định»."


def fallen(decision: Decision) -> str:
    """Return that a decision has lost its ground, and how to be rid of it."""
    since = f" từ ngày {decision.fallen:%d/%m/%Y}" if decision.fallen else ""
    if is_about_lateness(decision.about):
        what = "việc nộp muộn này không còn"
    else:
        row = "dòng này hoặc dòng kia" if decision.about.code in _TWO_ROWS else "dòng này"
        what = f"{row} đã được sửa hoặc không còn; ở đây là nội dung cũ"
    again = "Nếu vẫn còn chỗ cần quyết định thì quyết định lại ở dòng mới; xóa hai ô «Quyết định» và «Lý do» để bỏ dòng này"
    return f"Hết hiệu lực{since}: {what}. {again}."
