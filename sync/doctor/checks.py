"""Facts → checks: pure functions, a sentence and a remedy each. Times are shown in the plan's time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sync.doctor.facts import Account, Check, MailFacts, MasterFacts, Place, State, TableFacts
from sync.doctor.words import KINDS, told
from sync.model import Kind
from sync.plan import Plan
from sync.settings_values import Settings
from sync.vietnamese import KIND

MOST_IDLE_DAYS = 3
"""A daily job that has not run for longer has stopped; a weekend without the machine is no reason to worry anybody."""
MOST_CLOCK_DRIFT = 60.0
"""Seconds. Google refuses signed requests from five minutes on."""


def configuration(folder: str, problems: Sequence[str], settings: Settings | None) -> Check:
    """Say whether the three files were read; each problem is one line with file, line, what was found and what was expected."""
    if settings is None:
        listed = "; ".join(problems)
        return Check("configuration", State.PROBLEM, f"Cấu hình trong {folder} có lỗi: {listed}.", "Mở đúng tệp, đúng dòng đã ghi và sửa lại; docs/van-hanh.md mục 2 và config/README.md giải thích từng mục.")  # fmt: skip
    found, plan = settings.organization, settings.plan
    said = (
        f"Cấu hình trong {folder} đọc được: {len(found.clusters)} khu vực, khối; {len(found.units)} đơn vị; {len(plan.targets)} chỉ tiêu."
    )
    return Check("configuration", State.OK, said)


def time_zone(name: str, as_of: date) -> Check:
    """Say which day it is for the program."""
    return Check("time-zone", State.OK, f"Múi giờ {name}: hôm nay tính là {as_of:%d/%m/%Y}.")


def account(found: Account, zone: str, number: int = 1) -> Check:
    """Say who the program is to Google, until when, and whether the clocks agree; ``number`` counts several credentials."""
    name = "credentials" if number == 1 else f"credentials/{number}"
    if found.cause:
        what, remedy = told(found.cause, found.address, found.detail)
        return Check(name, State.PROBLEM, f"{what}.", remedy)
    who = f"; chia sẻ các bảng cho {found.address}" if found.address else ""
    until = f"; lần đăng nhập này có hiệu lực đến {_moment(found.expiry, zone)}" if found.expiry else ""
    said = f"Đăng nhập Google được bằng {KINDS.get(found.kind, KINDS['other'])}{who}{until}"
    drift = found.clock_ahead or 0.0
    if abs(drift) > MOST_CLOCK_DRIFT:
        side = "nhanh" if drift > 0 else "chậm"
        said += f"; giờ của máy {side} {abs(drift) / 60:.0f} phút so với Google".replace(".", ",")
        return Check(name, State.WARNING, f"{said}.", "Bật tự động lấy giờ của máy; lệch năm phút thì Google không cho đăng nhập.")
    if found.kind == "person":
        return Check(name, State.WARNING, f"{said}.", "Nên dùng tài khoản dịch vụ (docs/google.md bước 2) để việc không phụ thuộc vào một người.")  # fmt: skip
    return Check(name, State.OK, f"{said}{'; giờ của máy khớp với Google' if found.clock_ahead is not None else ''}.")


def folder_of_workbooks(folder: str, files: int, expected: int) -> Check:
    """Say whether the folder holds the clusters' files."""
    if files == 0:
        return Check(
            "workbooks",
            State.PROBLEM,
            f"Thư mục {folder} chưa có tệp .xlsx nào.",
            "Chạy donghanh provision để tạo tệp cho từng khu vực, khối.",
        )
    state = State.OK if files >= expected else State.WARNING
    return Check("workbooks", state, f"Thư mục {folder} có {files}/{expected} tệp của các khu vực, khối.", "" if state is State.OK else "Chạy donghanh provision để tạo các tệp còn thiếu.")  # fmt: skip


def spreadsheet(cluster: str, name: str, place: Place, table: TableFacts | None, *, address: str | None, zone: str) -> Check:
    """Say of a cluster's spreadsheet: found, may be read and written, tab and columns recognised, last change."""
    check = f"spreadsheet/{cluster}"
    if place.cause or not place.found:
        what, remedy = told(place.cause or "not-found", address, place.detail)
        return Check(check, State.PROBLEM, f"{name}: {place.where} {what}.", remedy)
    if table is None or table.error:
        return _without_table(check, name, place, table)
    changed = f", sửa lần cuối {_moment(place.changed, zone)}" if place.changed else ""
    said = f"{name}: đọc{' và ghi' if place.may_write else ''} được {place.where}; trang «{table.tab}», {table.columns}/{table.known_columns} cột, {table.rows} dòng{changed}."
    if table.renamed:
        return Check(check, State.WARNING, said, "Đổi tên trang tính lại thành «Hoạt động».")
    if table.missing:
        return Check(check, State.WARNING, f"{said} Chưa có cột {', '.join(table.missing)}.", "Nếu cần các cột này, thêm lại đúng tên cột; nếu không thì để vậy.")  # fmt: skip
    return Check(check, State.OK, said)


def _without_table(check: str, name: str, place: Place, table: TableFacts | None) -> Check:
    if table is None or table.empty:
        return Check(check, State.PROBLEM, f"{name}: {place.where} còn trống.", "Chạy donghanh provision để kẻ bảng vào tệp này.")
    return Check(check, State.PROBLEM, f"{name}: {table.error.rstrip('.')}.", "Sửa như câu trên, rồi chạy lại donghanh doctor.")


def master(found: MasterFacts, *, address: str | None, as_of: date) -> Check:
    """Say whether the master can be written, when the program last ran, and which messages wait for a person."""
    place = found.place
    if place.cause:
        what, remedy = told(place.cause, address, place.detail)
        return Check("master", State.PROBLEM, f"Bảng tổng hợp {place.where} {what}.", remedy)
    if found.error:
        return Check("master", State.PROBLEM, f"Bảng tổng hợp {place.where} không đọc được: {found.error.rstrip('.')}.", "Khôi phục bảng từ bản sao hoặc lịch sử phiên bản; đừng xóa: bảng giữ mã hoạt động và thư đã gửi.")  # fmt: skip
    ran = f"; lần chạy trước: {found.last_run:%d/%m/%Y}" if found.last_run else "; chưa chạy lần nào"
    said = f"Bảng tổng hợp {place.where} ghi được{ran}."
    if found.unsettled:
        return Check("master", State.WARNING, f"{said} Có {found.unsettled} thư chưa rõ đã đến hay bị từ chối.", "Chạy donghanh mail list, xem hộp thư người nhận, rồi donghanh mail settle.")  # fmt: skip
    if found.last_run and (idle := (as_of - found.last_run).days) > MOST_IDLE_DAYS:
        return Check("master", State.WARNING, f"{said} Đã {idle} ngày không chạy.", "Nếu đã đặt lịch hằng ngày: xem lịch còn bật không (docs/lich-chay.md), rồi chạy donghanh run; việc đến hạn sẽ được làm bù.")  # fmt: skip
    return Check("master", State.OK, said)


def mail(found: MailFacts) -> Check:
    """Say whether the mail server lets the program in, or where messages are put."""
    if found.error:
        remedy = "Xem mục mail.smtp trong config/settings.yaml (host, port, user), mật khẩu trong biến DONGHANH_SMTP_PASSWORD (Gmail cần mật khẩu ứng dụng) và mạng của máy."
        return Check("mail", State.PROBLEM, f"Thư chưa gửi được: {found.error.rstrip('.')}.", remedy)
    sent = "Đã gửi" if found.server else "Đã soạn, chưa gửi"
    tested = f" {sent} thư thử cho {found.sent_to}: {found.answer.rstrip('.')}." if found.sent_to else ""
    if found.server is None:
        said = f"Chưa khai máy chủ thư: thư được xếp vào thư mục {found.folder} để tự gửi.{tested}"
        return Check("mail", State.WARNING, said, "Muốn gửi tự động, khai mục mail.smtp (docs/van-hanh.md mục 5).")
    if not found.has_password:
        return Check("mail", State.PROBLEM, f"Máy chủ thư {found.server} cần mật khẩu.", "Đặt biến DONGHANH_SMTP_PASSWORD là mật khẩu (Gmail: mật khẩu ứng dụng); đừng ghi mật khẩu vào tệp.")  # fmt: skip
    who = f" bằng {found.user}" if found.user else ""
    return Check("mail", State.OK, f"Đăng nhập được máy chủ thư {found.server}{who}, kết nối có mã hóa.{tested}")


def pdf(error: str) -> Check:
    """Say whether reports can be printed to PDF."""
    if error:
        return Check("pdf", State.WARNING, f"Chưa làm được PDF: {error.rstrip('.')}.", "Cài Pango (Ubuntu, Debian: sudo apt install libpangoft2-1.0-0); báo cáo HTML và Word vẫn có.")  # fmt: skip
    return Check("pdf", State.OK, "Làm được PDF, phông chữ đủ.")


def next_due(plan: Plan, as_of: date) -> Check:
    """Say which due day of the plan comes next."""
    found = min(_due_days(plan, as_of), default=None)
    if found is None:
        return Check("next-due", State.OK, f"Kế hoạch không còn hạn nào sau {as_of:%d/%m/%Y}.")
    day, what = found
    left = (day - as_of).days
    return Check("next-due", State.OK, f"Hạn kế tiếp: {day:%d/%m/%Y}, {what} ({'hôm nay' if left == 0 else f'còn {left} ngày'}).")


def _due_days(plan: Plan, as_of: date) -> list[tuple[date, str]]:
    return [
        (day, f"{KIND[kind].lower()} {one.name.lower()} năm {year}")
        for year in range(as_of.year, plan.last_day.year + 1)
        for one in plan.reporting_rounds()
        for kind in Kind
        if (day := plan.due_day(one.id, kind, year)) and max(as_of, plan.in_force) <= day <= plan.last_day
    ]


def _moment(when: datetime | None, zone: str) -> str:
    if when is None:
        return ""
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(ZoneInfo(zone)).strftime("%d/%m/%Y %H:%M")
