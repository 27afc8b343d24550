"""The sample district for `demo`: eight workbooks such as real units make, with the mistakes that they make. No person in it is real.

`planted` says which mistakes stand in it on purpose, so that tests can hold the program's findings against them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from sync.catalogue import column_letters
from sync.columns import TITLES
from sync.edges.files import write_atomically
from sync.model import Column

DEMO_AS_OF = date(2025, 12, 5)
"""The day that the demo acts on: five days after round 2's results were due."""

_FIXED = datetime(2025, 12, 5)
_FULL = tuple(Column)
_SHUFFLED = (
    Column.TARGET, Column.UNIT, Column.NAME, Column.DONE, Column.DONE_QUANTITY, Column.PLANNED, Column.REGISTERED_QUANTITY, Column.PLACE,
    Column.CHILDREN, Column.EVIDENCE, Column.BUDGET, Column.STATUS, Column.NOTE,
)  # fmt: skip
_TWO_ROWS = (
    Column.NUMBER, Column.UNIT, Column.TARGET, Column.NAME, Column.PLANNED, Column.REGISTERED_QUANTITY, Column.DONE, Column.DONE_QUANTITY,
    Column.CHILDREN, Column.EVIDENCE, Column.STATUS, Column.NOTE,
)  # fmt: skip
_WARDS = (
    "An Lạc",
    "An Lạc A",
    "Bình Hưng Hòa",
    "Bình Hưng Hòa A",
    "Bình Hưng Hòa B",
    "Bình Trị Đông",
    "Bình Trị Đông A",
    "Bình Trị Đông B",
    "Tân Tạo",
    "Tân Tạo A",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One activity as somebody typed it."""

    unit: str
    target: str
    name: str
    place: str
    planned: date
    quantity: int
    done: date | None
    children: int
    budget: int
    typed: dict[Column, Any] = field(default_factory=dict)
    """Cells that hold something else than the plain value."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A mistake that stands in the sample on purpose."""

    cluster: str
    cell: str
    code: str


@dataclass(frozen=True, slots=True)
class _Series:
    """What one cluster does each year: names in turn, units in turn, days in turn."""

    cluster: str
    target: str
    units: tuple[str, ...]
    names: tuple[str, ...]
    places: tuple[str, ...]
    days: tuple[tuple[int, int], ...]
    """(month, day) of each activity of a year."""
    quantities: tuple[int, ...]
    budget: int


_ROUND_DAYS = ((1, 20), (2, 17), (3, 9), (3, 23), (4, 13), (5, 11), (9, 14), (10, 12), (11, 9), (12, 20))
_SERIES: tuple[_Series, ...] = (
    _Series("ban-thuong-vu", "1. Lắp đặt thư viện sách cho thiếu nhi", ("Ban Thường vụ Quận Đoàn",), ("Trao tặng thư viện sách và không gian sinh hoạt Đội",),
            ("Khu lưu trú công nhân phường Tân Tạo A", "Khu nhà trọ Khu phố 5, phường An Lạc"), ((4, 20),), (1,), 15_000_000),
    _Series("nha-thieu-nhi", "2", ("Nhà thiếu nhi Quận",),
            ("Lớp võ thuật miễn phí", "Sân chơi vẽ tranh và nặn tò he", "Lớp bơi an toàn", "Lớp múa dân gian", "Sân chơi cờ vua khu nhà trọ"),
            ("Khu lưu trú Bình Trị Đông B", "Khu nhà trọ phường Tân Tạo", "Hồ bơi Nhà thiếu nhi"), ((6, 8), (6, 22), (7, 6), (7, 20), (8, 3)), (2,), 6_000_000),
    _Series("dia-ban-dan-cu", "3. Hoạt động tại các Liên đội", tuple(f"Đoàn phường {ward}" for ward in _WARDS),
            ("Ngày hội Thiếu nhi vui khỏe", "Phiên tòa giả định về an toàn giao thông", "Ngày hội đọc sách", "Hội thi Rung chuông vàng", "Trò chơi dân gian mừng ngày thành lập Đội",
             "Chuyên đề phòng chống đuối nước", "Hành trình đến địa chỉ đỏ", "Sinh hoạt chủ điểm Tiến bước lên Đoàn", "Hội trại măng non", "Diễn đàn trẻ em"),
            ("Liên đội TH Bình Trị 2", "Liên đội THCS An Lạc", "Liên đội TH Tân Tạo", "Liên đội THCS Bình Hưng Hòa", "Liên đội TH Bình Thuận"),
            tuple((month, day + ward % 8) for ward in range(10) for month, day in ((3, 8), (4, 12), (10, 11))), (1, 2, 1), 3_000_000),
    _Series("noi-chinh", "CT4", ("Đoàn Công an quận", "Ban Chỉ huy Quân sự", "Tòa án nhân dân", "Viện kiểm sát", "Thi hành án dân sự"),
            ("Tập huấn kỹ năng tự bảo vệ bản thân", "Tuyên truyền Luật Trẻ em", "Một ngày làm chiến sĩ", "Phiên tòa tập sự", "Kỹ năng thoát hiểm khi có cháy", "Tuyên truyền phòng chống ma túy"),
            ("Trường THCS Tân Tạo", "Trường TH Bình Trị Đông", "Nhà thiếu nhi Quận"), ((2, 24), (3, 17), (4, 21), (9, 21), (10, 19), (11, 16)), (3,), 4_500_000),
    _Series("hanh-chinh-su-nghiep", "Trao học bổng cho thiếu nhi khó khăn", ("Chi đoàn Ủy ban nhân dân quận", "Chi đoàn Kho bạc Nhà nước quận", "Chi đoàn Bảo hiểm xã hội quận", "Chi đoàn Chi cục Thuế quận"),
            ("Trao học bổng Vì đàn em thân yêu", "Trao học bổng Tiếp bước đến trường", "Trao học bổng Thắp sáng ước mơ", "Trao học bổng Nâng bước em tới trường"),
            ("Hội trường Ủy ban", "Trường TH An Lạc 1", "Trường THCS Bình Tân"), ((1, 26), (5, 18), (9, 6), (12, 19)), (5,), 10_000_000),
    _Series("y-te", "6", ("Đoàn Bệnh viện quận", "Trung tâm Y tế", "Phòng Y tế"),
            ("Khám sức khỏe tổng quát miễn phí", "Tư vấn dinh dưỡng học đường", "Khám răng và hướng dẫn chải răng", "Tư vấn sức khỏe tuổi dậy thì", "Khám mắt học đường", "Truyền thông phòng sốt xuất huyết"),
            ("Trường TH Bình Hưng Hòa", "Trường THCS Lê Tấn Bê", "Trường TH Kim Đồng"), ((2, 11), (3, 24), (4, 7), (5, 12), (9, 22), (10, 27)), (2, 1), 8_000_000),
    _Series("truong-hoc", "7. Trải nghiệm, sáng tạo", ("Đoàn trường THPT An Lạc", "THPT Bình Hưng Hòa", "Đoàn trường THPT Bình Tân", "THPT Vĩnh Lộc", "Trung tâm GDNN – GDTX"),
            ("Ngày hội STEM nhí", "Lập trình robot cơ bản", "Vườn rau sân trường", "Sân chơi khoa học vui", "Thiết kế đồ chơi tái chế"),
            ("Trường TH Lê Trọng Tấn", "Trường THCS Hồ Văn Long", "Phòng thí nghiệm THPT Bình Tân"), _ROUND_DAYS, (2,), 5_000_000),
    _Series("cong-nhan-lao-dong", "8", ("Công ty Giày da", "May mặc An Lạc", "Công ty Nhựa", "KCN Tân Tạo"),
            ("Một ngày làm công nhân", "Tham quan dây chuyền sản xuất", "Gặp gỡ thợ giỏi", "Hướng nghiệp ngành may", "Ngày hội nghề nghiệp nhí"),
            ("Nhà máy giày Bình Tân", "Xưởng may An Lạc", "Khu công nghiệp Tân Tạo"), ((3, 16), (4, 26), (5, 10), (10, 18), (11, 22)), (2,), 7_000_000),
)  # fmt: skip

_Mistake = tuple[str, int, Column, Any, tuple[str, ...]]
_MISTAKES: tuple[_Mistake, ...] = (
    ("dia-ban-dan-cu", 30, Column.PLANNED, "30/02/2025", ("bad-date",)),
    ("dia-ban-dan-cu", 31, Column.DONE, "04/25/2025", ("bad-date",)),
    ("dia-ban-dan-cu", 33, Column.UNIT, "Đoàn phường An Lạc C", ("unknown-unit",)),
    ("dia-ban-dan-cu", 36, Column.UNIT, "Đoàn phường Bình Hưng Hào", ("corrected-unit",)),
    ("dia-ban-dan-cu", 39, Column.REGISTERED_QUANTITY, "mười", ("bad-number",)),
    ("dia-ban-dan-cu", 40, Column.CHILDREN, "khoảng 150", ("approximate-number",)),
    ("dia-ban-dan-cu", 42, Column.TARGET, "3. Trải nghiệm, sáng tạo", ("conflicting-target",)),
    ("dia-ban-dan-cu", 45, Column.NOTE, "Liên hệ anh phụ trách 0900 000 123", ("personal-data",)),
    ("dia-ban-dan-cu", 48, Column.DONE, "§îi lÞch", ("bad-date",)),
    ("dia-ban-dan-cu", 50, Column.UNIT, "§oµn ph­êng B×nh TrÞ §«ng A", ("legacy-encoding",)),
    ("dia-ban-dan-cu", 53, Column.EVIDENCE, "", ("missing-evidence",)),
    ("noi-chinh", 6, Column.DONE_QUANTITY, "khoảng 2", ("bad-number",)),
    ("noi-chinh", 7, Column.PLANNED, "17/3", ("assumed-year",)),
    ("noi-chinh", 8, Column.DONE, "tháng 4/2025", ("imprecise-date",)),
    ("noi-chinh", 9, Column.STATUS, "Hủy", ("conflicting-status",)),
    ("hanh-chinh-su-nghiep", 4, Column.BUDGET, "xã hội hóa", ("bad-money",)),
    ("hanh-chinh-su-nghiep", 5, Column.EVIDENCE, "có hình gửi Zalo", ("bad-link",)),
    ("hanh-chinh-su-nghiep", 1, Column.DONE_QUANTITY, 50, ("implausible-quantity",)),
    ("y-te", 7, Column.STATUS, "xong rồi", ("unknown-status",)),
    ("y-te", 8, Column.DONE, "#REF!", ("formula-error",)),
    ("truong-hoc", 10, Column.TARGET, "17", ("unknown-target",)),
    ("truong-hoc", 11, Column.DONE_QUANTITY, "", ("missing-done-quantity",)),
    ("truong-hoc", 13, Column.PLANNED, "15/07/2025", ("outside-rounds",)),
    ("truong-hoc", 14, Column.DONE, "20/12/2025", ("result-in-future",)),
    ("cong-nhan-lao-dong", 5, Column.TARGET, "5", ("unexpected-target",)),
    ("cong-nhan-lao-dong", 6, Column.UNIT, "", ("missing-unit",)),
    ("cong-nhan-lao-dong", 8, Column.PLANNED, "18/10/2035", ("outside-plan",)),
)  # fmt: skip


def lay_out(folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write the eight workbooks into the folder; return those written. A file that is there stays unless ``overwrite``."""
    written = []
    for series in _SERIES:
        path = folder / f"{series.cluster}.xlsx"
        if overwrite or not path.exists():
            write_atomically(path, _Book(series).data)
            written.append(path)
    return written


def planted() -> tuple[Planted, ...]:
    """Return every mistake that stands in the sample on purpose, at its cell."""
    books = {series.cluster: _Book(series) for series in _SERIES}
    found = [Planted(cluster, books[cluster].cell(index, column), code) for cluster, index, column, _, codes in _MISTAKES for code in codes]
    return (*found, *_extra_findings(books))


def _extra_findings(books: dict[str, _Book]) -> Iterator[Planted]:
    """Yield what follows from rows added as a whole: a row typed twice, an event that two clusters report."""
    ward, block = books["dia-ban-dan-cu"], books["noi-chinh"]
    yield Planted("dia-ban-dan-cu", ward.cell(len(ward.rows) - 2, Column.NAME), "duplicate-row")
    yield Planted("dia-ban-dan-cu", ward.cell(len(ward.rows) - 1, Column.TARGET), "unexpected-target")
    yield Planted("dia-ban-dan-cu", ward.cell(len(ward.rows) - 1, Column.NAME), "possible-double-count")
    yield Planted("noi-chinh", block.cell(10, Column.NAME), "possible-double-count")


def _rows(series: _Series) -> list[Row]:
    rows = [row for year in (2024, 2025) for row in _of_year(series, year)]
    for cluster, index, column, typed, _ in _MISTAKES:
        if cluster == series.cluster:
            rows[index] = replace(rows[index], typed={**rows[index].typed, column: typed})
    if series.cluster == "dia-ban-dan-cu":
        rows += [rows[34], _shared_event()]
    if series.cluster == "hanh-chinh-su-nghiep":
        rows.append(
            replace(rows[0], target="1", name="Góp tủ sách cho khu lưu trú", planned=date(2025, 5, 18), done=date(2025, 5, 20), quantity=1)
        )
    return rows


def _shared_event() -> Row:
    return Row(
        "Đoàn phường Tân Tạo", "4", "Tuyên truyền Luật Trẻ em", "Trường THCS Tân Tạo", date(2025, 10, 19), 1, date(2025, 10, 19), 200, 0
    )


def _of_year(series: _Series, year: int) -> Iterator[Row]:
    for index, (month, day) in enumerate(series.days):
        planned = date(year, month, day)
        unit = series.units[index // 3 % len(series.units)] if len(series.days) == 30 else series.units[index % len(series.units)]
        if _is_silent(series.cluster, unit, planned):
            continue
        yield Row(
            unit=unit,
            target=series.target,
            name=f"{series.names[(index + year) % len(series.names)]}",
            place=series.places[(index + year) % len(series.places)],
            planned=planned,
            quantity=series.quantities[index % len(series.quantities)],
            done=_done(series.cluster, planned, index),
            children=80 + 7 * index + (year - 2024) * 15,
            budget=series.budget + 250_000 * (index % 4),
        )


def _is_silent(cluster: str, unit: str, planned: date) -> bool:
    """One ward registered nothing for the last round."""
    return cluster == "dia-ban-dan-cu" and unit.endswith("Tân Tạo A") and planned >= date(2025, 9, 1)


def _done(cluster: str, planned: date, index: int) -> date | None:
    """Return when it was held: some days later; not yet in December 2025, and the health block has not reported its last round."""
    done = planned + timedelta(days=index % 4)
    still_open = done > DEMO_AS_OF or (cluster == "y-te" and planned >= date(2025, 9, 1))
    return None if still_open else done


class _Book:
    """One cluster's workbook in its own make-up."""

    def __init__(self, series: _Series) -> None:
        self._cluster = series.cluster
        self.rows = _rows(series)
        self._columns = {"noi-chinh": _SHUFFLED, "truong-hoc": _TWO_ROWS}.get(series.cluster, _FULL)
        self._places: dict[int, int] = {}
        buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
        self._book.set_properties({"author": "Cụm", "created": _FIXED})
        self._styles = _styles(self._book)
        self._sheet = self._book.add_worksheet("Hoạt động")
        self._write()
        self._book.close()
        self.data = buffer.getvalue()

    def cell(self, index: int, column: Column) -> str:
        """Return the cell (A1) of an activity's column."""
        return f"{column_letters(self._columns.index(column) + 1)}{self._places[index] + 1}"

    def _write(self) -> None:
        self._widths()
        at = self._head()
        at = self._sections(at) if self._cluster == "dia-ban-dan-cu" else self._plain(at)
        self._foot(at)
        if self._cluster == "cong-nhan-lao-dong":
            self._sheet.set_row(self._places[2], None, None, {"hidden": True})
            self._book.add_worksheet("Nháp").write_string(0, 0, "Việc cần làm: xin xe đưa đón học sinh")

    def _widths(self) -> None:
        wide = {
            Column.UNIT: 30,
            Column.TARGET: 26,
            Column.NAME: 40,
            Column.PLACE: 30,
            Column.EVIDENCE: 30,
            Column.NOTE: 24,
            Column.VERDICT: 22,
        }
        for at, column in enumerate(self._columns):
            self._sheet.set_column(at, at, wide.get(column, 12 if column is not Column.NUMBER else 6))

    def _head(self) -> int:
        """Write what stands above the rows; return the first row for activities."""
        if self._cluster == "truong-hoc":
            return self._two_row_header()
        top = 0
        if self._cluster in ("nha-thieu-nhi", "dia-ban-dan-cu"):
            last = len(self._columns) - 1
            self._sheet.merge_range(0, 0, 0, last, "ĐOÀN TNCS HỒ CHÍ MINH QUẬN BÌNH TÂN", self._styles["title"])
            self._sheet.merge_range(1, 0, 1, last, "DANH MỤC HOẠT ĐỘNG HỖ TRỢ CÔNG TÁC ĐỘI", self._styles["title"])
            top = 3
        for at, column in enumerate(self._columns):
            self._sheet.write_string(top, at, self._title(column), self._styles["header"])
        if self._cluster == "noi-chinh":
            self._sheet.write_string(top, len(self._columns), "Bộ phận phối hợp", self._styles["header"])
        self._sheet.set_row(top, 34)
        self._sheet.freeze_panes(top + 1, 0)
        return top + 1

    def _title(self, column: Column) -> str:
        if self._cluster != "y-te":
            return TITLES[column]
        bare = {
            Column.UNIT: "DON VI",
            Column.NAME: "TEN\nHOAT DONG",
            Column.PLANNED: "THOI GIAN\nDU KIEN",
            Column.REGISTERED_QUANTITY: "SL\nDANG KY",
        }
        return bare.get(column, TITLES[column].upper())

    def _two_row_header(self) -> int:
        names = {Column.PLANNED: "Thời gian", Column.REGISTERED_QUANTITY: "Số lượng", Column.DONE: "Ngày", Column.DONE_QUANTITY: "Số lượng",
                 Column.CHILDREN: "Số thiếu nhi", Column.EVIDENCE: "Minh chứng"}  # fmt: skip
        self._sheet.write_string(0, 0, "KHỐI TRƯỜNG HỌC", self._styles["title"])
        for at, column in enumerate(self._columns):
            if column in names:
                self._sheet.write_string(3, at, names[column], self._styles["header"])
            else:
                self._sheet.merge_range(2, at, 3, at, TITLES[column], self._styles["header"])
        self._sheet.merge_range(2, 4, 2, 5, "Đăng ký", self._styles["header"])
        self._sheet.merge_range(2, 6, 2, 9, "Kết quả", self._styles["header"])
        self._sheet.freeze_panes(4, 0)
        return 4

    def _plain(self, at: int) -> int:
        for index, row in enumerate(self.rows):
            self._row(at + index, index, row)
        if self._cluster == "hanh-chinh-su-nghiep":
            top, column = at + 4, self._columns.index(Column.TARGET)
            self._sheet.merge_range(top, column, top + 3, column, self.rows[4].target, self._styles["text"])
        return at + len(self.rows)

    def _sections(self, at: int) -> int:
        """Write the wards' rows under a line for each round, a sum below each, and the sum of all at the end."""
        sections: dict[tuple[int, bool], list[int]] = {}
        for index, row in enumerate(self.rows):
            sections.setdefault((row.planned.year, row.planned.month > 6), []).append(index)
        for number, ((year, second), indexes) in enumerate(sections.items(), 1):
            self._sheet.write_string(at, 0, f"{_roman(number)}. ĐỢT {2 if second else 1} NĂM {year}", self._styles["bold"])
            at = self._section(at + 1, indexes, f"Cộng đợt {2 if second else 1} năm {year}")
        return self._sum(at, "Tổng cộng", range(len(self.rows)))

    def _section(self, at: int, indexes: Sequence[int], sum_title: str) -> int:
        for index in indexes:
            self._row(at, index, self.rows[index])
            at += 1
        return self._sum(at, sum_title, indexes)

    def _sum(self, at: int, title: str, indexes: Sequence[int]) -> int:
        self._sheet.write_string(at, 4, title, self._styles["bold"])
        self._sheet.write_number(at, 7, sum(self.rows[index].quantity for index in indexes), self._styles["bold"])
        return at + 1

    def _foot(self, at: int) -> None:
        if self._cluster in ("nha-thieu-nhi", "dia-ban-dan-cu"):
            self._sheet.write_string(at + 1, 0, "Ghi chú: các đơn vị cập nhật khi có thay đổi", self._styles["plain"])
            self._sheet.write_string(at + 3, 10, "Bình Tân, ngày 28 tháng 11 năm 2025", self._styles["plain"])
            self._sheet.write_string(at + 4, 10, "CỤM TRƯỞNG", self._styles["bold"])

    def _row(self, at: int, index: int, row: Row) -> None:
        self._places[index] = at
        for column_at, column in enumerate(self._columns):
            value = row.typed.get(column, _value(row, column, index))
            self._put(at, column_at, value)

    def _put(self, row: int, column: int, value: Any) -> None:
        if isinstance(value, datetime):
            self._sheet.write_datetime(row, column, value, self._styles["day"])
        elif value == "#REF!":
            self._sheet.write_formula(row, column, "=#REF!", self._styles["day"], "#REF!")
        elif isinstance(value, int):
            self._sheet.write_number(row, column, value, self._styles["number"])
        elif value:
            self._sheet.write_string(row, column, str(value), self._styles["text"])
        else:
            self._sheet.write_blank(row, column, None, self._styles["text"])


def _value(row: Row, column: Column, index: int) -> Any:
    values: dict[Column, Any] = {
        Column.NUMBER: index + 1,
        Column.UNIT: row.unit,
        Column.TARGET: row.target,
        Column.NAME: row.name,
        Column.PLANNED: _dressed(row.planned, index),
        Column.PLACE: row.place,
        Column.REGISTERED_QUANTITY: _quantity(row.quantity, index),
    }
    if row.done is not None:
        values |= {
            Column.DONE: _dressed(row.done, index + 1),
            Column.DONE_QUANTITY: row.quantity,
            Column.CHILDREN: row.children,
            Column.BUDGET: _budget(row.budget, index),
            Column.EVIDENCE: f"https://example.org/minh-chung/{row.planned:%Y%m}/{index + 1}",
            Column.STATUS: "Đã thực hiện",
        }
    else:
        values[Column.STATUS] = "Đăng ký"
    return values.get(column, "")


def _dressed(day: date, index: int) -> datetime | str:
    """Return the day as a date cell, or typed in one of the usual ways."""
    dresses = (
        "",
        "{0:%d/%m/%Y}",
        "",
        "{0.day}/{0.month}/{0.year}",
        "",
        "ngày {0.day} tháng {0.month} năm {0.year}",
        "",
        "{0:%d-%m-%y}",
        "",
        "{0:%d.%m.%Y}",
    )
    dress = dresses[index % len(dresses)]
    return dress.format(day) if dress else datetime(day.year, day.month, day.day)


def _quantity(number: int, index: int) -> int | str:
    return (number, f"{number:02d}", number, f"{number:02d} chương trình")[index % 4]


def _budget(dong: int, index: int) -> int | str:
    return (dong, f"{dong:,}".replace(",", "."), f"{dong // 1000}k" if dong % 1_000_000 else f"{dong // 1_000_000} triệu")[index % 3]


def _roman(number: int) -> str:
    return ("I", "II", "III", "IV", "V", "VI")[number - 1]


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
    grid = {**base, "border": 1}
    return {
        "plain": book.add_format({**base, "italic": True}),
        "title": book.add_format({**base, "bold": True, "font_size": 14, "align": "center"}),
        "bold": book.add_format({**base, "bold": True}),
        "header": book.add_format({**grid, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#DDEBF7"}),
        "text": book.add_format({**grid, "text_wrap": True}),
        "number": book.add_format({**grid, "num_format": "#,##0"}),
        "day": book.add_format({**grid, "num_format": "dd/mm/yyyy", "align": "center"}),
    }


__all__ = ["DEMO_AS_OF", "Planted", "lay_out", "planted"]
