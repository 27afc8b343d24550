"""What stands in `Kết quả kiểm tra`: whether a row was counted, and in a few words why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sync.layout import Verdict
from sync.model import Activity, Finding, Severity, Status, Stops

DROPPED = "dropped-by-decision"
"""The code that stands at a row which a decision keeps out of the figures."""
REASONS: Mapping[str, str] = {
    "missing-unit": "thiếu đơn vị",
    "missing-target": "thiếu chỉ tiêu",
    "missing-name": "thiếu tên hoạt động",
    "unknown-unit": "không rõ đơn vị",
    "unit-of-another-cluster": "đơn vị của cụm khác",
    "unit-not-existing": "đơn vị không có vào ngày đó",
    "unknown-target": "không rõ chỉ tiêu",
    "conflicting-target": "số và tên chỉ tiêu không khớp",
    "missing-planned-date": "thiếu thời gian dự kiến",
    "missing-registered-quantity": "thiếu số lượng đăng ký",
    "missing-done-date": "thiếu ngày thực hiện",
    "missing-done-quantity": "thiếu số lượng thực hiện",
    "bad-date": "ngày không đọc được",
    "bad-number": "số không đọc được",
    "formula-error": "công thức bị lỗi",
    "outside-plan": "ngày ngoài thời gian kế hoạch",
    "result-in-future": "ngày thực hiện chưa đến",
    "duplicate-row": "trùng với một dòng ở trên",
    "conflicting-status": "trạng thái trái với kết quả",
    "possible-double-count": "có thể trùng với cụm khác",
    "dropped-by-decision": "là một với dòng khác, theo quyết định",
    "unexpected-target": "chỉ tiêu giao cho cụm khác",
    "outside-rounds": "thời gian ngoài các đợt",
    "implausible-quantity": "số lượng lớn bất thường",
    "missing-evidence": "chưa có minh chứng",
    "bad-link": "minh chứng chưa phải đường dẫn",
    "bad-money": "kinh phí không đọc được",
    "unknown-status": "không rõ trạng thái",
    "approximate-number": "số ước chừng",
    "assumed-year": "ngày thiếu năm",
    "imprecise-date": "ngày chưa rõ",
    "corrected-unit": "tên đơn vị gõ nhầm",
    "legacy-encoding": "chữ gõ bằng bảng mã cũ",
    "personal-data": "có dữ liệu cá nhân",
    "tab-renamed": "trang tính bị đổi tên",
    "other-table": "thuộc một bảng khác ở dưới",
    "lone-column": "thiếu cột đi cùng",
    "no-header": "không có dòng tiêu đề",
    "missing-column": "thiếu cột",
}
"""Finding code → what is wrong, in a few words; the whole sentence stands in the note at the cell."""


def verdict(one: Activity, findings: Sequence[Finding], code: str | None) -> Verdict:
    """Return what one row is told; ``findings`` are those of its row, ``code`` its `Mã HĐ`."""
    errors = [found for found in findings if found.severity is Severity.ERROR]
    warnings = [found for found in findings if found.severity is Severity.WARNING]
    parts = [_counted(one, findings)]
    if warnings:
        parts.append(f"Nên xem lại: {_reasons(warnings)}.")
    level = "error" if any(found.code != DROPPED for found in errors) else "warning" if errors else "warning" if warnings else "ok"
    return Verdict(one.row, code, " ".join(parts), level)


def _counted(one: Activity, findings: Sequence[Finding]) -> str:
    if one.counts_as_registered and one.counts_as_done:
        return "Đã tính đăng ký và kết quả."
    if one.counts_as_registered:
        result = _why(findings, Stops.RESULT)
        return f"Đã tính đăng ký. Chưa tính kết quả: {result}." if result else f"Đã tính đăng ký. {_no_result(one)}"
    if one.counts_as_done:
        registration = _why(findings, Stops.REGISTRATION)
        return f"Đã tính kết quả. Chưa tính đăng ký: {registration}." if registration else "Đã tính kết quả (không có phần đăng ký)."
    return _not_counted(one, findings)


def _no_result(one: Activity) -> str:
    return "Hoạt động đang hoãn." if one.status is Status.POSTPONED else "Chưa có kết quả."


def _not_counted(one: Activity, findings: Sequence[Finding]) -> str:
    if row := _why(findings, Stops.ROW):
        return f"{'Không' if any(found.code == DROPPED for found in findings) else 'Chưa'} tính: {row}."
    parts = [("đăng ký", _why(findings, Stops.REGISTRATION)), ("kết quả", _why(findings, Stops.RESULT))]
    said = " ".join(f"Chưa tính {half}: {why}." for half, why in parts if why)
    if one.status is Status.CANCELLED:
        return f"Không tính: hoạt động đã hủy. {said}".strip()
    return said or "Chưa tính: chưa đủ thời gian và số lượng."


def _why(findings: Iterable[Finding], half: Stops) -> str:
    return _reasons(found for found in findings if found.stops is half)


def _reasons(findings: Iterable[Finding]) -> str:
    return ", ".join(dict.fromkeys(f"{REASONS.get(found.code, 'cần xem lại')} (ô {found.cell})" for found in findings))
