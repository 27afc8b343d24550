"""The finding codes: severity, what they stop, and the sentence that a unit's secretary gets (contract section 5).

A sentence says what is wrong, what was found, and what to type instead. `{value}` is what the cell shows (masked),
`{column}` the column's title, `{extra}` what the rule adds, such as the nearest names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from sync.columns import TITLES
from sync.model import Column, Finding, Severity, Stops, made


class Reach(StrEnum):
    """What a code stops: fixed, or according to the column that it stands in."""

    NOTHING = "nothing"
    REGISTRATION = "registration"
    RESULT = "result"
    ROW = "row"
    CLUSTER = "cluster"
    COLUMN = "column"
    HALF = "half"
    """The half that the rule names, or the row."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of the catalogue."""

    reach: Reach
    sentence: str


_STOPPED_BY_COLUMN: dict[Column, Stops] = {
    Column.UNIT: Stops.ROW,
    Column.TARGET: Stops.ROW,
    Column.NAME: Stops.ROW,
    Column.PLANNED: Stops.REGISTRATION,
    Column.REGISTERED_QUANTITY: Stops.REGISTRATION,
    Column.DONE: Stops.RESULT,
    Column.DONE_QUANTITY: Stops.RESULT,
}

CATALOGUE: dict[str, Entry] = {
    "missing-unit": Entry(Reach.ROW, "Dòng này chưa ghi đơn vị thực hiện; hãy ghi tên đơn vị vào ô này"),
    "missing-target": Entry(Reach.ROW, "Dòng này chưa ghi chỉ tiêu; hãy ghi số của chỉ tiêu mà hoạt động này thuộc về, ví dụ 3"),
    "missing-name": Entry(Reach.ROW, "Dòng này chưa ghi tên hoạt động; hãy ghi tên hoạt động vào ô này"),
    "unknown-unit": Entry(Reach.ROW, "Không có đơn vị nào tên «{value}» trong danh sách; hãy ghi đúng tên đơn vị{extra}"),
    "unit-of-another-cluster": Entry(
        Reach.ROW,
        "«{value}» thuộc {extra}, không thuộc khu vực của bảng này; hãy ghi đơn vị của khu vực mình hoặc chuyển dòng này sang bảng của khu vực đó",
    ),
    "unit-not-existing": Entry(
        Reach.HALF,
        "Đơn vị «{value}» không có vào ngày của hoạt động: {extra}; hãy ghi đơn vị có vào ngày ấy, "
        "và ghi thành một dòng riêng nếu phần kia của dòng vẫn là của đơn vị này",
    ),
    "unknown-target": Entry(Reach.ROW, "Không có chỉ tiêu nào là «{value}»; hãy ghi số của chỉ tiêu trong kế hoạch, ví dụ 3"),
    "conflicting-target": Entry(Reach.ROW, "Số và tên chỉ tiêu trong «{value}» không khớp nhau{extra}; hãy chỉ ghi số của chỉ tiêu đúng"),
    "missing-planned-date": Entry(
        Reach.REGISTRATION, "Chưa ghi thời gian dự kiến nên chưa tính là đăng ký; hãy ghi ngày/tháng/năm, ví dụ 15/3/2024"
    ),
    "missing-registered-quantity": Entry(
        Reach.REGISTRATION, "Chưa ghi số lượng đăng ký nên chưa tính là đăng ký; hãy ghi một số nguyên lớn hơn 0, ví dụ 2"
    ),
    "missing-done-date": Entry(
        Reach.RESULT, "Chưa ghi ngày thực hiện nên chưa tính kết quả; hãy ghi ngày/tháng/năm đã tổ chức, ví dụ 15/3/2024"
    ),
    "missing-done-quantity": Entry(
        Reach.RESULT, "Chưa ghi số lượng thực hiện nên chưa tính kết quả; hãy ghi một số nguyên lớn hơn 0, ví dụ 2"
    ),
    "bad-date": Entry(Reach.COLUMN, "Không đọc được ngày «{value}»; hãy ghi theo thứ tự ngày/tháng/năm, ví dụ 15/3/2024"),
    "bad-number": Entry(Reach.COLUMN, "Không đọc được số lượng «{value}»; hãy chỉ ghi một số nguyên lớn hơn 0, ví dụ 2"),
    "formula-error": Entry(Reach.COLUMN, "Công thức ở cột {column} bị lỗi {value}; hãy sửa công thức hoặc gõ thẳng giá trị vào ô này"),
    "outside-plan": Entry(Reach.COLUMN, "Ngày «{value}» nằm ngoài thời gian của kế hoạch{extra}; hãy kiểm tra lại năm"),
    "result-in-future": Entry(
        Reach.RESULT,
        "Ngày thực hiện «{value}» còn ở phía trước nên chưa tính kết quả; hãy kiểm tra lại ngày, hoặc ghi kết quả sau khi đã tổ chức",
    ),
    "duplicate-row": Entry(
        Reach.ROW,
        "Dòng này trùng đơn vị, chỉ tiêu, tên và thời gian với dòng {extra}; hãy gộp làm một dòng, hoặc ghi rõ tên nếu là hoạt động khác",
    ),
    "conflicting-status": Entry(
        Reach.RESULT, "Trạng thái là «{value}» nhưng dòng này có ghi kết quả; hãy sửa trạng thái, hoặc xóa ngày và số lượng thực hiện"
    ),
    "possible-double-count": Entry(
        Reach.NOTHING, "Có thể đã tính hai lần cùng một hoạt động: xem {extra}; hãy thống nhất để một bên báo kết quả"
    ),
    "dropped-by-decision": Entry(
        Reach.ROW,
        "Dòng này không tính vì đã có quyết định là một với {extra}; không cần sửa gì, nếu không đúng hãy báo văn phòng để đổi quyết định",
    ),
    "unexpected-target": Entry(Reach.NOTHING, "Kế hoạch giao chỉ tiêu {extra}; vẫn được tính, hãy kiểm tra lại nếu ghi nhầm"),
    "outside-rounds": Entry(
        Reach.NOTHING, "Thời gian «{value}» không thuộc đợt nào của kế hoạch; vẫn được tính cho cả năm, hãy kiểm tra lại nếu ghi nhầm"
    ),
    "implausible-quantity": Entry(
        Reach.NOTHING, "Số lượng {value} lớn hơn cả chỉ tiêu năm của toàn địa bàn ({extra}); hãy kiểm tra lại có gõ nhầm không"
    ),
    "missing-evidence": Entry(Reach.NOTHING, "Đã tính kết quả nhưng chưa có minh chứng; hãy dán đường dẫn bắt đầu bằng http vào ô này"),
    "bad-link": Entry(Reach.NOTHING, "«{value}» chưa phải là đường dẫn; hãy dán đường dẫn bắt đầu bằng http"),
    "bad-money": Entry(Reach.NOTHING, "Không đọc được số tiền «{value}»; hãy ghi số đồng, ví dụ 2.000.000"),
    "unknown-status": Entry(Reach.NOTHING, "Không có trạng thái «{value}»; hãy chọn Đăng ký, Đã thực hiện, Hoãn hoặc Hủy"),
    "approximate-number": Entry(Reach.NOTHING, "«{value}» là số ước chừng; hãy ghi đúng số thiếu nhi tham gia"),
    "assumed-year": Entry(Reach.NOTHING, "«{value}» thiếu năm; hãy ghi đủ ngày/tháng/năm"),
    "imprecise-date": Entry(Reach.NOTHING, "«{value}» không rõ ngày nào; hãy ghi đúng ngày đã tổ chức, ví dụ 15/3/2024"),
    "corrected-unit": Entry(Reach.NOTHING, "Tên đơn vị «{value}» có vẻ gõ nhầm; hãy sửa lại cho đúng"),
    "legacy-encoding": Entry(Reach.NOTHING, "Chữ trong ô này gõ bằng bảng mã cũ (TCVN3 hoặc VNI); hãy gõ lại bằng Unicode"),
    "personal-data": Entry(Reach.NOTHING, "Ô này có dữ liệu cá nhân ({extra}); hãy xóa đi, kế hoạch chỉ cần số lượng"),
    "tab-renamed": Entry(
        Reach.NOTHING, "Không có trang tính «Hoạt động» nên đã đọc trang «{value}»; hãy đổi tên trang tính lại thành «Hoạt động»"
    ),
    "other-table": Entry(
        Reach.ROW,
        "Dòng này là tiêu đề của một bảng khác, các cột xếp khác bảng trên, nên {extra} không được đọc; hãy chuyển các hoạt động ấy vào bảng trên",
    ),
    "lone-column": Entry(
        Reach.NOTHING,
        "Có cột «{value}» mà không nhận ra cột «{extra}», nên phần ấy của các dòng chưa được tính; hãy đặt lại tiêu đề của cột ấy là «{extra}»",
    ),
    "no-header": Entry(Reach.CLUSTER, "Không tìm thấy dòng tiêu đề của bảng hoạt động trong 30 dòng đầu; cần có các cột {extra}"),
    "missing-column": Entry(Reach.CLUSTER, "Bảng thiếu cột {extra}; hãy thêm lại đúng tên cột"),
}


@cache
def stops(code: str, column: Column | None) -> Stops:
    """Return what a finding of this code keeps out of the figures when it stands in this column."""
    reach = CATALOGUE[code].reach
    if reach is Reach.HALF:
        return Stops.ROW
    if reach is Reach.COLUMN:
        return _STOPPED_BY_COLUMN.get(column, Stops.NOTHING) if column else Stops.NOTHING
    return Stops(reach.value)


def finding(
    code: str,
    *,
    cluster: str,
    tab: str,
    row: int,
    at: int,
    column: Column | None,
    value: str = "",
    suggestion: str | None = None,
    extra: str = "",
    stopping: Stops | None = None,
    other: tuple[str, int] | None = None,
) -> Finding:
    """Return the finding of this code at row and column ``at`` (both from 1); ``value``, ``suggestion`` and ``extra`` already masked.

    ``stopping`` is the half that a rule names, where the code leaves that to the rule.
    """
    stopped = stopping or stops(code, column)
    sentence = CATALOGUE[code].sentence.format(value=value, column=TITLES[column] if column else "", extra=extra)
    offered = f" (nên ghi: {suggestion})" if suggestion else ""
    cell = f"{column_letters(at)}{row}"
    severity = Severity.WARNING if stopped is Stops.NOTHING else Severity.ERROR
    message = f"{sentence}{offered}."
    return made(Finding, cluster, tab, cell, row, code, severity, stopped, message, value, suggestion, column, other, "")


def reading_order(found: Finding) -> tuple[int, int, str, bool]:
    """Return the key that sorts findings as a sheet is read: row by row, from the left, errors first."""
    letters = found.cell.rstrip("0123456789")
    return found.row, len(letters), letters, found.severity is Severity.WARNING


@lru_cache(maxsize=1_024)
def column_letters(number: int) -> str:
    """Return the letters of a column counted from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
