"""The words by which people know the program's states, shared by the master, the feedback and the reports."""

from __future__ import annotations

from sync.model import ClusterStatus, Compliance, Kind, ProgressStatus, Severity, Status

PROGRESS = {
    ProgressStatus.EXCEEDED: "Vượt chỉ tiêu",
    ProgressStatus.MET: "Đạt chỉ tiêu",
    ProgressStatus.ON_COURSE: "Đúng tiến độ",
    ProgressStatus.AT_RISK: "Có nguy cơ thiếu",
    ProgressStatus.MISSED: "Chưa đạt",
}
REGISTERED = {True: "Đủ số đăng ký", False: "Còn thiếu đăng ký"}
"""Whether as much is registered as the goal asks for."""
COMPLIANCE = {
    Compliance.ON_TIME: "Đúng hạn",
    Compliance.LATE: "Trễ hạn",
    Compliance.MISSING: "Chưa nộp",
    Compliance.NOT_DUE: "Chưa đến hạn",
    Compliance.NOT_REQUIRED: "Không yêu cầu",
}
KIND = {Kind.REGISTRATION: "Đăng ký", Kind.RESULTS: "Báo cáo kết quả"}
CLUSTER = {ClusterStatus.OK: "Đã đọc", ClusterStatus.STALE: "Dùng số liệu cũ", ClusterStatus.FAILED: "Không đọc được"}
SEVERITY = {Severity.ERROR: "Lỗi", Severity.WARNING: "Cần xem lại"}
STATUS = {Status.REGISTERED: "Đăng ký", Status.DONE: "Đã thực hiện", Status.POSTPONED: "Hoãn", Status.CANCELLED: "Hủy"}
