"""Makes the pictures of the guides anew from what the program really writes: `python docs/pictures.py` (needs LibreOffice, poppler and Chromium).

An office of the sample configuration provisions its workbooks; one of them is filled in the way units do, the usual mistakes included;
the job runs. What it wrote is then rendered and cut to size. Look at the pictures before committing them.
"""

from __future__ import annotations

import email
import email.policy
import html
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "anh"
DAY = "2026-06-01"
CLUSTER = "dia-ban-dan-cu"
ROWS = (
    ("Đoàn phường An Lạc", "3. Hoạt động tại các Liên đội", "Ngày hội Thiếu nhi vui khỏe", "14/03/2026", "Tiểu học An Lạc 1", 1, "15/03/2026", 1, 180, 3_500_000, "https://example.org/ngay-hoi", "Đã thực hiện"),
    ("Đoàn phường An Lạc", "3. Hoạt động tại các Liên đội", "Sân chơi Rung chuông vàng", "31/4/2026", "THCS An Lạc", 1, "", "", "", "", "", "Đăng ký"),
    ("Đoàn phường Tân Tạo", "3. Hoạt động tại các Liên đội", "Tuyên truyền Luật Trẻ em", "20/4/2026", "THCS Tân Tạo", 1, "22/4/2026", "khoảng 2", 120, "2 triệu", "https://example.org/luat", "Đã thực hiện"),
    ("Phường Tân Tạo A", "3. Hoạt động tại các Liên đội", "Ngày hội đọc sách", "10/5/2026", "Tiểu học Tân Tạo A", 1, "11/5/2026", 1, 95, "", "gửi ảnh Zalo", "Đã thực hiện"),
    ("Đoàn phường An Lạc C", "3. Hoạt động tại các Liên đội", "Thi vẽ tranh", "12/5/2026", "Nhà văn hóa phường", 1, "12/5/2026", 1, 60, "", "https://example.org/ve", "Đã thực hiện"),
    ("Đoàn phường Bình Hưng Hòa", "3. Hoạt động tại các Liên đội", "Trò chơi dân gian", "tháng 9/2026", "Tiểu học Bình Hưng Hòa", 2, "", "", "", "", "", "Đăng ký"),
)  # fmt: skip
"""What people typed: unit to place, registered quantity, day, quantity, children, budget, evidence, status."""
RIGHT = {"31/4/2026": "30/04/2026", "Đoàn phường An Lạc C": "Đoàn phường An Lạc A", "Phường Tân Tạo A": "Đoàn phường Tân Tạo A"}
"""What should have been typed, for the picture of how it is done."""
COLUMNS = ("Đơn vị", "Chỉ tiêu", "Tên hoạt động", "Thời gian dự kiến", "Địa điểm", "Số lượng đăng ký", "Ngày thực hiện",
           "Số lượng thực hiện", "Số thiếu nhi tham gia", "Kinh phí (đồng)", "Minh chứng", "Trạng thái")  # fmt: skip


def main() -> None:
    """Make every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        office = Path(name)
        shutil.copytree(ROOT / "config", office / "config")
        first = donghanh(office, "doctor", "--quiet")
        donghanh(office, "provision", "--quiet")
        book = office / "so-lieu" / f"{CLUSTER}.xlsx"
        registered = shutil.copy(book, office / "dang-ky.xlsx")
        fill_in(registered, [row[:6] + ("",) * 6 for row in ROWS], RIGHT)
        fill_in(book, ROWS)
        picture_of_sheet(office, book, "huong-dan", "Hướng dẫn", rows=(1, 27), wide=620)
        picture_of_sheet(office, registered, "ghi-bang", "Hoạt động", hidden="ABGIJKLMNOP", rows=(1, 7), wide=620)
        donghanh(office, "run", "--quiet")
        donghanh(office, "remind", "--quiet")
        checked = office / "ket-qua" / "phan-hoi" / f"{CLUSTER}.xlsx"
        picture_of_sheet(office, checked, "mau-nhan-xet", "Hoạt động", hidden="ABDEGHIKLNO", rows=(1, 7), wide=860)
        picture_of_sheet(office, checked, "tien-do", "Tiến độ", rows=(1, 40), wide=760)
        letters = sorted((office / "ket-qua" / "hop-thu-di").glob("*.eml"))
        picture_of_mail(office, next(one for one in letters if "nhac" in one.name and CLUSTER in one.name), "thu-nhac", height=1500)
        picture_of_mail(office, next(one for one in letters if one.name.startswith("ket-qua")), "thu-bao-cao", height=1010)
        picture_of_screen(office, "donghanh doctor --quiet", first, "doctor-lan-dau")
        picture_of_screen(office, "donghanh doctor --quiet", donghanh(office, "doctor", "--quiet"), "doctor")


def donghanh(office: Path, *arguments: str) -> str:
    """Run the program in the office on the pictures' day; return what it said."""
    command = [sys.executable, "-c", "from sync.cli import main; main()", *arguments, "--as-of", DAY]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "DONGHANH_"))}
    environment = {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=office, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    return done.stdout


def fill_in(path: Path, rows: Sequence[Sequence[object]], instead: Mapping[object, str] = {}) -> None:
    """Type the rows into the provisioned workbook; some values ``instead`` of others."""
    book = openpyxl.load_workbook(path)
    sheet = book["Hoạt động"]
    head = next(row for row in sheet.iter_rows(max_row=10) if "Đơn vị" in [cell.value for cell in row])
    places = {cell.value: cell.column for cell in head}
    for at, row in enumerate(rows, head[0].row + 1):
        for title, value in zip(COLUMNS, row, strict=True):
            if value != "":
                sheet.cell(at, places[title], instead.get(value, value))
    book.save(path)


def picture_of_sheet(office: Path, path: Path, name: str, tab: str, *, rows: tuple[int, int], wide: int, hidden: str = "") -> None:
    """Render some rows of a tab; the columns ``hidden`` are left out so that the others can be read."""
    book = openpyxl.load_workbook(path)
    for other in book.sheetnames:
        if other != tab:
            book[other].sheet_state = "hidden"
    sheet = book[tab]
    book.active = book.sheetnames.index(tab)
    _on_one_page(sheet, rows)
    for letter in hidden:
        sheet.column_dimensions[letter].hidden = True
    copy = office / f"{name}.xlsx"
    book.save(copy)
    run(
        "soffice", "--headless", f"-env:UserInstallation=file://{office}/profile", "--convert-to", "pdf", "--outdir", str(office), str(copy)
    )
    run("pdftoppm", "-png", "-r", "200", "-f", "1", "-l", "1", "-singlefile", str(copy.with_suffix(".pdf")), str(office / name))
    keep(office / f"{name}.png", name, wide)


def _on_one_page(sheet: Worksheet, rows: tuple[int, int]) -> None:
    sheet.print_area = f"A{rows[0]}:{get_column_letter(sheet.max_column)}{rows[1]}"
    sheet.print_title_rows = None
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    for part in (sheet.oddHeader, sheet.oddFooter):
        part.left.text = part.center.text = part.right.text = None


def picture_of_mail(office: Path, path: Path, name: str, *, height: int) -> None:
    """Render a message's HTML as a phone turned upright shows it."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    page = message.get_body(("html",)).get_content()
    for part in message.walk():
        if part.get("Content-ID"):
            file = office / f"{part['Content-ID'].strip('<>')}.png"
            file.write_bytes(part.get_payload(decode=True))
            page = page.replace(f"cid:{part['Content-ID'].strip('<>')}", file.as_uri())
    picture_of_page(office, page, name, 520, height)


def picture_of_screen(office: Path, command: str, said: str, name: str) -> None:
    """Render what a command printed as a terminal shows it."""
    style = "background:#1e1e1e;color:#e6e6e6;font:15px/1.45 'Liberation Mono',monospace;padding:14px;margin:0;white-space:pre-wrap;width:1150px"
    page = f'<meta charset="utf-8"><body style="margin:0"><pre style="{style}">$ {command}\n{html.escape(said)}</pre>'
    picture_of_page(office, page, name, 1180, 900)


def picture_of_page(office: Path, page: str, name: str, width: int, height: int) -> None:
    """Render a page of HTML in Chromium."""
    source, shot = office / f"{name}.html", office / f"{name}.png"
    source.write_text(page, encoding="utf-8")
    browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *quiet, f"--user-data-dir={office}/browser")
    run(browser, *options, f"--window-size={width},{height}", f"--screenshot={shot}", source.as_uri())
    keep(shot, name, width)


def keep(shot: Path, name: str, wide: int) -> None:
    """Cut the margins off, bring to a width and to few colours, and put it into the guides' folder."""
    with Image.open(shot) as raw:
        image = raw.convert("RGB")
    corner = Image.new("RGB", image.size, image.getpixel((image.width - 1, image.height - 1)))
    box = ImageChops.difference(image, corner).getbbox() or (0, 0, *image.size)
    image = image.crop((max(box[0] - 8, 0), max(box[1] - 8, 0), min(box[2] + 8, image.width), min(box[3] + 8, image.height)))
    if image.width > wide:
        image = image.resize((wide, round(image.height * wide / image.width)), Image.Resampling.LANCZOS)
    image.quantize(64, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


def run(*command: str) -> Sequence[str]:
    """Run a program of the machine; stop with what it said where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stderr}")
    return done.stdout.splitlines()


if __name__ == "__main__":
    main()
