"""A seeded corpus: what is personal, dressed in every way that people type it, and activity texts in which nothing is."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from sync.legacy import TCVN3_CODES, TCVN3_LETTERS, VNI_ALONE, VNI_MARKS

SURNAMES = "Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Lâm Mai Trương".split()
MIDDLES = "Văn Thị Minh Gia Ngọc Thanh Quốc Bảo Khánh Hoài Thảo Đức".split()
GIVEN = "An Bình Châu Dung Hân Khang Khôi Linh My Nhi Phúc Quân Thư Trâm Tú Uyên Vy Yến Long Phương".split()
SIGNS = (" ", ".", "-", "", "\u00a0", " – ", "\u200b", "_", " . ", "/")
CARRIERS = (
    "{}", "Liên hệ: {}", "{} (phụ trách)", "Phối hợp với phường, {} để biết thêm", "Ghi chú - {}; đã báo cáo", "tại hội trường. {}",
    "150 phần quà\n{}", "[{}]", "Cô Hoa gửi {} cho Đoàn phường",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """A cell with something personal in it."""

    kind: str
    text: str
    secrets: tuple[str, ...]
    """What must not be seen anywhere, in the letters in which it was planted."""


def grouped(digits: str, sizes: tuple[int, ...], sign: str) -> str:
    """Return the digits in groups of these sizes."""
    parts, at = [], 0
    for size in sizes:
        parts.append(digits[at : at + size])
        at += size
    return sign.join([*parts, digits[at:]] if at < len(digits) else parts)


def digits(lot: random.Random, count: int) -> str:
    """Return so many digits, the last of them no zero."""
    return "".join(lot.choices("0123456789", k=count - 1)) + lot.choice("123456789")


def phone(lot: random.Random) -> str:
    """Return a phone as somebody types it."""
    rest = lot.choice("35789") + digits(lot, 8)
    sign = lot.choice(SIGNS)
    dress = lot.randrange(6)
    if dress == 0:
        return f"+84 {grouped(rest, (3, 3, 3), sign)}"
    if dress == 1:
        return f"(028) {grouped(digits(lot, 8), (4, 4), sign if sign != '/' else ' ')}"
    if dress == 2:
        return f"0084{rest}"
    return grouped(
        f"0{rest}",
        lot.choice(
            ((4, 3, 3), (3, 3, 4), (4, 6), (3, 7), (4, 2, 2, 2), (2, 2, 2, 2, 2)) if sign not in " – / . " else ((4, 3, 3), (3, 4, 3))
        ),
        sign,
    )


def card(lot: random.Random) -> str:
    """Return an identity card."""
    if lot.random() < 0.3:
        return f"{lot.choice(('CMND', 'cmnd số', 'Chứng minh nhân dân', 'so cmnd:'))} {grouped('02' + digits(lot, 7), (3, 3, 3), lot.choice(SIGNS))}"
    number = grouped(f"0{lot.randint(10, 96)}{digits(lot, 9)}", lot.choice(((3, 3, 3, 3), (4, 4, 4), (12,))), lot.choice(SIGNS))
    return f"{lot.choice(('CCCD', 'căn cước', 'Can cuoc cong dan so', 'Mã định danh:', ''))} {number}".strip()


def account(lot: random.Random) -> str:
    """Return a bank account."""
    number = grouped(
        digits(lot, lot.choice((9, 10, 13, 14))).replace("0", "7", 1), lot.choice(((4, 4), (3, 3, 3), (19,))), lot.choice(SIGNS[:5])
    )
    bank = lot.choice(("Vietcombank", "VCB", "BIDV", "Agribank", "Techcombank", "MB Bank"))
    return lot.choice(
        (
            f"STK {number} {bank}",
            f"số tài khoản: {number}",
            f"{bank} {number}",
            f"{number} ({bank})",
            f"so tai khoan {number}",
            f"TK ngân hàng {number}",
        )
    )


def mail(lot: random.Random) -> str:
    """Return a mail address."""
    name = f"{plain(lot.choice(GIVEN)).lower()}{lot.choice('._-')}{plain(lot.choice(SURNAMES)).lower()}{lot.randint(1, 99)}"
    return lot.choice(
        ("{}@gmail.com", "{}@example.edu.vn", "{} @ yahoo.com", "{}(at)gmail.com", "{} [at] example.com", "{}@gmail,com", "{}＠gmail.com")
    ).format(name)


def home(lot: random.Random) -> str:
    """Return where somebody lives."""
    house = f"{lot.randint(1, 300)}/{lot.randint(1, 40)} {lot.choice(('đường Mã Lò', 'đường số 5', 'Lê Văn Quới', 'hẻm 12, khu phố 3'))}"
    return lot.choice(("nhà em ở {}", "thường trú: {}", "ngụ tại số {}", "Địa chỉ nhà: {}", "chỗ ở {}", "noi o: {}", "hiện ngụ {}")).format(
        house
    )


def child(lot: random.Random) -> tuple[str, str]:
    """Return a child's name with class or birth, and the name alone."""
    name = f"{lot.choice(SURNAMES)} {lot.choice(MIDDLES)} {lot.choice(GIVEN)}"
    if lot.random() < 0.15:
        name = name.upper()
    if lot.random() < 0.1:
        name = name.replace(" ", lot.choice(("  ", ".", "_", "\u00a0")))
    grade, section = lot.randint(1, 9), lot.choice(("A", "B2", "/3", "/12", ""))
    day = f"{lot.randint(1, 28)}/{lot.randint(1, 12)}/{lot.randint(2009, 2018)}"
    after = lot.choice(
        (f" lớp {grade}{section}", f" - lớp {grade}{section}", f" (lớp {grade}{section})", f", HS lớp {grade}A", f" {grade}A{lot.randint(1, 9)}", f" ({grade}A)",
         f", sinh ngày {day}", f" sinh năm {lot.randint(2009, 2018)}", f" (SN {lot.randint(2009, 2018)})", f" - {day}", f", học sinh lớp {grade}/4", f" LỚP {grade}B",
         f", sinh ngày {lot.randint(1, 28)} tháng {lot.randint(1, 12)} năm 2014", f": {grade}C", f" | lớp {grade}{section}", f"_lớp {grade}A", f" ns {day.replace('/', '.')}",
         f", đội viên, hiện học lớp {grade}A")
    )  # fmt: skip
    if lot.random() < 0.12:
        return f"lớp {grade}A: {name}", name
    return f"{lot.choice(('em ', 'cháu ', 'HS ', 'Học sinh ', '', '', 'Đội viên ', 'bé '))}{name}{after}", name


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "số điện thoại": phone, "số căn cước": card, "số tài khoản": account, "địa chỉ thư điện tử": mail, "địa chỉ nhà": home,
}  # fmt: skip
CHILD = "tên và lớp hoặc ngày sinh của trẻ em"


def plain(text: str) -> str:
    """Return the text without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")) if not unicodedata.combining(letter)
    )


def tcvn3(text: str) -> str:
    """Return the text as it is typed in TCVN3; capitals with accents have no code of their own there."""
    codes = dict(zip(reversed(TCVN3_LETTERS), reversed(TCVN3_CODES), strict=True))
    return "".join(codes.get(letter, codes.get(letter.lower(), letter)) for letter in unicodedata.normalize("NFC", text))


def vni(text: str) -> str:
    """Return the text as it is typed in VNI."""
    alone = {letter: sign for sign, letter in VNI_ALONE.items()}
    marks = {mark: sign for sign, mark in VNI_MARKS.items()}
    return "".join(_vni_letter(letter, alone, marks) for letter in unicodedata.normalize("NFC", text))


def _vni_letter(letter: str, alone: dict[str, str], marks: dict[str, str]) -> str:
    low = letter.lower()
    if low in alone:
        return alone[low] if letter.islower() else alone[low].upper()
    parts = unicodedata.normalize("NFD", low)
    for base in ("ư", "ơ"):  # the horn is a letter of its own, the tone follows it
        if parts.startswith(unicodedata.normalize("NFD", base)) or (len(parts) == 3 and parts[0] in "uo" and "\u031b" in parts):
            rest = "".join(mark for mark in parts[1:] if mark != "\u031b")
            horned = alone["ư" if parts[0] == "u" else "ơ"] + marks.get(rest, rest)
            return horned if letter.islower() else horned.upper()
    if len(parts) == 1:
        return letter
    rest = "".join(sorted(parts[1:], key=lambda mark: mark not in "\u0302\u0306"))
    typed = parts[0] + marks.get(rest, "")
    return typed if letter.islower() else typed.upper()


DISGUISES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("as it is", str), ("without accents", plain), ("decomposed", lambda text: unicodedata.normalize("NFD", text)), ("TCVN3", tcvn3), ("VNI", vni),
)  # fmt: skip


def planted(seed: int, count: int) -> Iterator[Planted]:
    """Yield so many cells of every kind, in every disguise in turn."""
    lot = random.Random(seed)
    for number in range(count):
        disguise = DISGUISES[number % len(DISGUISES)][1]
        carrier = lot.choice(CARRIERS)
        for kind, make in MAKERS.items():
            shown = make(lot)
            yield Planted(kind, disguise(carrier.format(shown)), (disguise(_bare_secret(kind, shown)),))
        shown, name = child(lot)
        yield Planted(CHILD, disguise(carrier.format(shown)), (disguise(name),))


def _bare_secret(kind: str, shown: str) -> str:
    """Return the part of what was planted that nobody may see."""
    if kind in ("số căn cước", "số tài khoản"):
        first = next(at for at, letter in enumerate(shown) if letter.isdigit())
        last = max(at for at, letter in enumerate(shown) if letter.isdigit())
        return shown[first : last + 1]
    if kind == "địa chỉ nhà":
        return shown[next(at for at, letter in enumerate(shown) if letter.isdigit()) :]
    return shown


_WHAT = (
    "Hội thi Nghi thức Đội", "Ngày hội Thiếu nhi vui khỏe", "Trao học bổng Nguyễn Thị Minh Khai", "Lễ kết nạp đội viên mới", "Hội thi Kể chuyện Bác Hồ", "Tặng 200 phần quà",
    "Chuyên đề phòng chống xâm hại trẻ em", "Lớp năng khiếu vẽ", "Lắp đặt thư viện sách", "Trại hè thiếu nhi", "Đêm hội trăng rằm", "Tết vì trẻ em nghèo", "Rèn luyện đội viên",
    "Đại hội Liên đội Trần Quốc Toản", "Hành trình đến với bảo tàng Hồ Chí Minh", "Sinh hoạt dưới cờ tháng 3", "Em yêu lịch sử Việt Nam", "Sân chơi Rung chuông vàng",
    "Ngày hội Cháu ngoan Bác Hồ", "Tập huấn chỉ huy Đội", "Khám sức khỏe miễn phí", "Kỷ niệm ngày thành lập Đoàn TNCS Hồ Chí Minh 26/3/1931", "Công trình măng non",
)  # fmt: skip
_WHERE = (
    "tại Trường TH Lê Văn Tám", "tại Trường THCS Nguyễn Trãi lớp 6A", "cho học sinh lớp 5", "khối lớp 4, 5", "Chi đội 5/3", "ở Nhà thiếu nhi quận", "tại 143 đường số 7",
    "tại hội trường UBND phường, 637 Kinh Dương Vương", "cho 120 em học sinh giỏi lớp 4A", "KP 5", "tại công viên Phú Lâm", "của Liên đội Trần Văn Ơn, lớp 7A2", "trường Tiểu học Kim Đồng",
    "cho đội viên lớp 4/2", "ĐỘI VIÊN GIỎI LỚP 5", "HỌC SINH KHỐI LỚP 9", "lớp Lá 1", "cho trẻ 3-5 tuổi", "Ấp 2, xã Vĩnh Lộc",
)  # fmt: skip
_WHEN = (
    "ngày 15/03/2024", "từ 12/3 đến 15/3/2024", "05/03/2024 - 08/04/2024", "lúc 07g30 - 10g30", "7h30 ngày 05.03.2024", "tháng 3/2024", "năm học 2024-2025", "Quý II/2024",
    "các ngày 03, 05, 07, 09, 11/2024", "08:00 01/06/2024", "2024-03-15", "đợt 1 (30/01 – 30/5/2024)", "2024, 2025, 2026, 2027", "sáng 09/01, chiều 09/01/2025",
)  # fmt: skip
_MONEY = (
    "2.000.000 đồng", "kinh phí 10.000.000đ", "200 phần x 150.000 = 30.000.000 đồng", "1.250.500.000 VNĐ", "350000000", "mỗi suất 500k", "2 triệu rưỡi", "0 đồng", "1000000000",
    "tổng 12,500,000", "kinh phí: 1.098.000.000", "xã hội hóa 084.500.000 đồng",
)  # fmt: skip
_PAPERS = (
    "Kế hoạch số 123-KH/ĐTN ngày 05/01/2024", "Công văn 1234/UBND-VX", "QĐ 45/QĐ-ĐTN", "TB số 0123/TB-ĐTN", "https://example.org/album/0903123456", "xem https://example.org/a?id=079204001234",
    "ĐT: phòng Văn thư", "Zalo Đoàn phường", "liên hệ Văn phòng Đoàn", "hotline 1800 1567", "Tổng đài 111", "làm CCCD cho 120 học sinh ngày 15/03/2024", "mở tài khoản cho 35 em",
    "đ/c Nguyễn Văn Bình phụ trách", "Anh Trần Minh, Bí thư Đoàn phường", "mã HĐ DBDC-0012", "tỷ lệ 98,5%", "3 lớp x 40 em", "(có hình ảnh)", "@doanphuong", "A4, 80 gsm", "1/2 buổi",
)  # fmt: skip
_ENDS = ("", ".", " (bổ sung)", "; phối hợp Hội đồng Đội", " – đã thực hiện", ", có 45 em tham gia")


def clean() -> list[str]:
    """Return over two thousand different cells in which nothing is personal."""
    whole = [f"{what} {where}" for what, where in product(_WHAT, _WHERE)]
    dated = [f"{what}, {when}{end}" for what, when in product(_WHAT, _WHEN) for end in _ENDS[:3]]
    money = [f"{one}{end}" for one, end in product((*_MONEY, *_PAPERS, *_WHEN, *_WHERE), _ENDS)]
    mixed = [f"{where}, {when}: {money}" for where, when in product(_WHERE, _WHEN[:8]) for money in _MONEY[:3]]
    return list(dict.fromkeys((*whole, *dated, *money, *mixed)))
