"""The columns of the tab `Hoạt động`: their titles, and the other names that people give them (contract section 2)."""

from __future__ import annotations

from sync.model import Column
from sync.text import fold

TAB_TITLE = "Hoạt động"
"""The tab that a cluster's activities stand in."""

TITLES: dict[Column, str] = {
    Column.NUMBER: "STT",
    Column.CODE: "Mã HĐ",
    Column.UNIT: "Đơn vị",
    Column.TARGET: "Chỉ tiêu",
    Column.NAME: "Tên hoạt động",
    Column.PLANNED: "Thời gian dự kiến",
    Column.PLACE: "Địa điểm",
    Column.REGISTERED_QUANTITY: "Số lượng đăng ký",
    Column.DONE: "Ngày thực hiện",
    Column.DONE_QUANTITY: "Số lượng thực hiện",
    Column.CHILDREN: "Số thiếu nhi tham gia",
    Column.BUDGET: "Kinh phí (đồng)",
    Column.EVIDENCE: "Minh chứng",
    Column.STATUS: "Trạng thái",
    Column.NOTE: "Ghi chú",
    Column.VERDICT: "Kết quả kiểm tra",
}
OWN_TITLES: dict[str, Column] = {fold(title): column for column, title in TITLES.items()}
"""The titles as they are compared. A column of people's own that bears another name of one of these never takes its place."""

_OTHER_NAMES: dict[Column, str] = {
    Column.NUMBER: "TT | Số TT | Số thứ tự | No | STT.",
    Column.CODE: "Mã hoạt động | Mã | Mã số hoạt động | Mã số",
    Column.UNIT: "Tên đơn vị | Đơn vị thực hiện | Cơ sở Đoàn | Tên cơ sở Đoàn | Đơn vị tổ chức | Đơn vị đăng ký | Tên cơ sở | Chi đoàn | Đơn vị chủ trì"
    " | Đơn vị phụ trách"
    " | Tên đơn vị thực hiện | Đoàn cơ sở | Đơn vị báo cáo | Đơn vị trực thuộc | Chi đoàn/Đoàn cơ sở",
    Column.TARGET: "Chỉ tiêu số | Nội dung chỉ tiêu | Tên chỉ tiêu | Thuộc chỉ tiêu | CT | Nhóm chỉ tiêu | Số chỉ tiêu | Chỉ tiêu kế hoạch | Mã chỉ tiêu",
    Column.NAME: "Nội dung | Nội dung hoạt động | Tên chương trình | Hoạt động | Tên hoạt động, chương trình | Nội dung thực hiện | Tên nội dung"
    " | Nội dung chương trình | Tên hoạt động chương trình | Chương trình | Chương trình hoạt động | Nội dung tổ chức | Tên công trình phần việc"
    " | Tên HĐ | Tên công trình | Tên hoạt động, công trình | Hoạt động, chương trình | Nội dung công việc | Nội dung, hình thức",
    Column.PLANNED: "Thời gian tổ chức | Thời gian tổ chức dự kiến | Dự kiến thời gian | Thời gian đăng ký | Đăng ký thời gian | Ngày dự kiến | Ngày đăng ký"
    " | Thời gian kế hoạch | Kế hoạch thời gian | Ngày tổ chức dự kiến | Dự kiến ngày | Đăng ký ngày | Thời gian dự kiến tổ chức | Thời gian dự kiến thực hiện"
    " | Thời gian thực hiện dự kiến | Ngày dự kiến tổ chức | TG dự kiến | Dự kiến | Đăng ký thời gian dự kiến | Đăng ký ngày dự kiến | Kế hoạch ngày"
    " | Dự kiến thời gian tổ chức | Đăng ký thời gian tổ chức"
    " | Thời gian DK | Dự kiến thời gian thực hiện | Ngày tháng dự kiến | Thời điểm dự kiến | Ngày DK",
    Column.PLACE: "Nơi tổ chức | Địa điểm tổ chức | Địa điểm thực hiện | Nơi thực hiện | Địa điểm dự kiến | Đăng ký địa điểm | Kết quả địa điểm",
    Column.REGISTERED_QUANTITY: "SL đăng ký | Đăng ký số lượng | Số lượng dự kiến | SL dự kiến | Đăng ký SL | Kế hoạch số lượng | Số lượng kế hoạch | Số đăng ký"
    " | Số lượng ĐK | SL ĐK | Dự kiến số lượng | Số lượng đăng kí | Chỉ tiêu đăng ký | Đăng ký số lượng đăng ký | Kế hoạch SL | Dự kiến SL"
    " | SLĐK | Số lượng đăng ký (hoạt động) | Số lượng đăng ký (chương trình) | Số lượng hoạt động đăng ký",
    Column.DONE: "Ngày tổ chức | Kết quả ngày | Thời gian thực hiện | Kết quả thời gian | Ngày đã thực hiện | Thực hiện ngày | Thực hiện thời gian"
    " | Thời gian đã tổ chức | Thời gian đã thực hiện | Ngày hoàn thành | Thời gian hoàn thành | Thời gian tổ chức thực tế | Ngày thực tế | Kết quả ngày thực hiện"
    " | Thời gian thực tế | Kết quả ngày tổ chức | Kết quả thời gian thực hiện | Ngày tổ chức thực tế | Kết quả thực hiện ngày | Kết quả thực hiện thời gian"
    " | Kết quả thời gian tổ chức | Ngày TH"
    " | Ngày tháng thực hiện | Ngày thực hiện thực tế | Thời điểm thực hiện",
    Column.DONE_QUANTITY: "SL thực hiện | Kết quả số lượng | Số lượng đã thực hiện | Kết quả SL | Thực hiện số lượng | Số lượng kết quả | Số đã thực hiện"
    " | Số lượng TH | SL TH | Số lượng hoàn thành | Số lượng thực tế | Thực hiện SL | Kết quả số lượng thực hiện | Số thực hiện | Kết quả thực hiện số lượng"
    " | SL đã thực hiện | SL thực tế"
    " | SLTH | Số lượng thực hiện (hoạt động) | Số lượng thực hiện (chương trình) | Số lượng hoạt động thực hiện | Số lượng thực hiện được",
    Column.CHILDREN: "Số thiếu nhi | Số lượng thiếu nhi | Số em tham gia | SL thiếu nhi | Thiếu nhi tham gia | Số lượng thiếu nhi tham gia | Số TN tham gia"
    " | Số đội viên, thiếu nhi tham gia | Số lượng tham gia | Số trẻ tham gia | Số người tham gia | SL tham gia | SL thiếu nhi tham gia | Thiếu nhi"
    " | Số đội viên thiếu nhi | Số trẻ em tham gia",
    Column.BUDGET: "Kinh phí | Kinh phí thực hiện | Tổng kinh phí | Kinh phí VNĐ | Kinh phí đồng | Kinh phí dự kiến | Số tiền | Trị giá",
    Column.EVIDENCE: "Link minh chứng | Link | Đường dẫn | Liên kết | Hình ảnh minh chứng | Đường link minh chứng | Link hình ảnh | Minh chứng (link) | Link bài viết"
    " | Đường dẫn minh chứng | Hình ảnh | Minh chứng hình ảnh | Đường link | Link ảnh",
    Column.STATUS: "Tình trạng | Tình hình thực hiện | Tiến độ | Trạng thái thực hiện | Tình trạng thực hiện",
    Column.NOTE: "Ghi chú khác | Lưu ý | Chú thích",
    Column.VERDICT: "Kết quả kiểm tra dữ liệu | Kiểm tra",
}

REQUIRED = (Column.UNIT, Column.TARGET, Column.NAME)
PAIRS = ((Column.PLANNED, Column.REGISTERED_QUANTITY), (Column.DONE, Column.DONE_QUANTITY))
"""Date and quantity of each half; at least one pair must be there."""
ASKED_FOR = frozenset({*REQUIRED, *(column for pair in PAIRS for column in pair), Column.EVIDENCE})
"""Columns of which a rule asks whether they say something."""


def aliases(extra: dict[Column, tuple[str, ...]] | None = None) -> dict[str, Column]:
    """Return every known header name, folded, and its column; ``extra`` are the configuration's own names."""
    names: dict[str, Column] = {}
    for column, title in TITLES.items():
        for name in (title, *_OTHER_NAMES.get(column, "").split(" | "), *(extra or {}).get(column, ())):
            if key := fold(name):
                names.setdefault(key, column)
    return names
