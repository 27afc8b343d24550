"""What each trouble means to an office worker, and what to do: one sentence each."""

from __future__ import annotations

SHARE = "mở bảng, bấm “Chia sẻ”, thêm {account} với quyền “Người chỉnh sửa”"
KINDS = {
    "key": "tệp khóa của tài khoản dịch vụ",
    "workload": "danh tính của nơi chạy (Workload Identity, không có khóa)",
    "person": "tài khoản của một người",
    "machine": "danh tính của máy chủ trên Google Cloud",
    "other": "thông tin đăng nhập kiểu khác",
}
CAUSES: dict[str, tuple[str, str]] = {
    "no-key": (
        "Chưa có thông tin đăng nhập Google",
        "Tạo tài khoản dịch vụ và tệp khóa theo docs/google.md bước 2 và 3, rồi đặt biến GOOGLE_APPLICATION_CREDENTIALS là đường dẫn của tệp khóa",
    ),
    "key": (
        "Google không nhận khóa của {account}",
        "Tạo khóa mới (docs/google.md bước 3); nếu vẫn vậy, xem tài khoản dịch vụ có bị tắt không",
    ),
    "clock": (
        "Google từ chối vì giờ của máy này sai, hoặc khóa đã hết hạn",
        "Bật tự động lấy giờ trong phần Ngày và giờ của máy rồi chạy lại; nếu giờ đã đúng, tạo khóa mới (docs/google.md bước 3)",
    ),
    "api-off": (
        "Dự án Google chưa bật API ({detail})",
        "Bật Google Sheets API và Google Drive API (docs/google.md bước 1), đợi vài phút rồi chạy lại",
    ),
    "scope": (
        "Thông tin đăng nhập của {account} không có đủ quyền",
        "Dùng tài khoản dịch vụ thay cho tài khoản của người (docs/google.md bước 2 và 3)",
    ),
    "busy": ("Google chưa trả lời được ({detail})", "Xem mạng của máy rồi chạy lại sau vài phút"),
    "not-shared": ("chưa được chia sẻ với hệ thống", f"Hãy {SHARE}"),
    "read-only": ("chỉ được xem, chưa được ghi", "Mở bảng, bấm “Chia sẻ”, đổi quyền của {account} thành “Người chỉnh sửa”"),
    "not-found": (
        "không tìm thấy",
        "Mở đường dẫn của bảng bằng trình duyệt; nếu không mở được, chép lại đường dẫn đúng vào config/settings.yaml, mục google",
    ),
    "trashed": ("đang ở trong thùng rác", "Nhờ chủ bảng vào Thùng rác của Google Drive và khôi phục"),
    "not-a-sheet": (
        "là tệp Excel để trên Google Drive",
        "Mở tệp, chọn “Tệp → Lưu dưới dạng Google Trang tính”, chia sẻ bảng mới và ghi đường dẫn mới vào config/settings.yaml, mục google",
    ),
    "no-file": ("chưa có tệp", "Chạy donghanh provision để tạo tệp, hoặc chép tệp của cụm vào thư mục với đúng tên này"),
    "open": ("đang được mở bằng Excel", "Lưu và đóng tệp rồi chạy lại"),
    "no-permission": ("không được phép đọc hoặc ghi", "Xem quyền của tệp và thư mục; trên Windows: bấm chuột phải, Properties, Security"),
    "too-big": ("quá lớn", "Xóa trang tính thừa và hình ảnh trong bảng"),
}
OTHERWISE = ("không dùng được ({detail})", "Gửi nguyên dòng này cho người phụ trách hệ thống")


def told(cause: str, account: str | None, detail: str) -> tuple[str, str]:
    """Return what is wrong and what to do."""
    what, remedy = CAUSES.get(cause, OTHERWISE)
    known = {"account": account or "địa chỉ của tài khoản dịch vụ", "detail": " ".join(detail.split())[:200] or "không nói vì sao"}
    return what.format(**known), f"{remedy.format(**known)}."
