"""The tab `Hướng dẫn`: when, which targets, which units, what goes into each column, an example, what the colours mean."""

from __future__ import annotations

from collections.abc import Iterable

from sync.columns import TITLES
from sync.layout import Format, Shown, TabView
from sync.model import Column, Kind
from sync.organization import Cluster
from sync.plan import Plan
from sync.vietnamese import KIND, STATUS

TITLE = "Hướng dẫn"
_WIDTHS = (30.0, 34.0, 26.0)
"""In characters: three columns that a phone shows when it is turned."""
_STEPS = (
    "Mỗi hoạt động là một dòng ở trang «Hoạt động». Đăng ký trước: ghi đơn vị, chỉ tiêu, tên, thời gian dự kiến và số lượng đăng ký.",
    "Làm xong, ghi tiếp vào đúng dòng ấy: ngày thực hiện, số lượng thực hiện, số thiếu nhi, minh chứng. Không chép sang dòng mới.",
    "Được thêm dòng, sắp xếp, lọc, thêm cột của riêng mình. Không đổi tên trang «Hoạt động» và tên các cột có sẵn.",
    "Hai cột «Mã HĐ» và «Kết quả kiểm tra» do hệ thống ghi. Trang này cũng vậy: sửa ở đây sẽ bị ghi lại như cũ.",
    "Không ghi họ tên, số điện thoại, ngày sinh của thiếu nhi: kế hoạch chỉ cần số lượng.",
)
_COLOURS = (
    ("Đã tính", Format.GOOD, "Số liệu của dòng đã được cộng vào kết quả."),
    ("Nên xem lại", Format.WARN, "Vẫn được tính, nhưng có chỗ nên sửa; xem ghi chú ở ô được nhắc."),
    ("Chưa tính", Format.BAD, "Có chỗ sai nên chưa được cộng; sửa ô được nhắc, lần kiểm tra sau sẽ tính."),
)
_HELP: dict[Column, str] = {
    Column.NUMBER: "Số thứ tự, ghi hay bỏ trống đều được",
    Column.CODE: "Hệ thống ghi",
    Column.UNIT: "Chọn trong danh sách",
    Column.TARGET: "Chọn trong danh sách",
    Column.NAME: "Tên đủ để phân biệt với hoạt động khác",
    Column.PLANNED: "Ngày/tháng/năm; nhiều ngày: 12-15/3/2026; chưa rõ ngày: tháng 3/2026",
    Column.PLACE: "Nơi tổ chức",
    Column.REGISTERED_QUANTITY: "Số nguyên, theo đơn vị đo của chỉ tiêu (mục 3)",
    Column.DONE: "Ngày/tháng/năm đã tổ chức",
    Column.DONE_QUANTITY: "Số nguyên đã làm được",
    Column.CHILDREN: "Số thiếu nhi có mặt",
    Column.BUDGET: "Số đồng, có thể bỏ trống",
    Column.EVIDENCE: "Đường dẫn tới bài viết hoặc hình ảnh, bắt đầu bằng http",
    Column.STATUS: "Chọn trong danh sách, có thể bỏ trống",
    Column.NOTE: "Điều cần nói thêm",
    Column.VERDICT: "Hệ thống ghi",
}


class _Rows:
    """Rows as they are added, and the blocks merged across all columns."""

    def __init__(self) -> None:
        self.rows: list[tuple[Shown, ...]] = []
        self.merges: list[tuple[int, int, int, int]] = []

    def wide(self, text: str, form: Format) -> None:
        """Add a text across all columns."""
        self.merges.append((len(self.rows), 0, len(self.rows), len(_WIDTHS) - 1))
        self.rows.append((Shown(text, form), Shown(None, form), Shown(None, form)))

    def table(self, head: tuple[str, ...], lines: Iterable[tuple[Shown, ...]]) -> tuple[int, int]:
        """Add a table and a blank row; return its first and last row."""
        self.rows.append(tuple(Shown(title, Format.HEADER) for title in head))
        first = len(self.rows)
        self.rows += lines
        last = len(self.rows) - 1
        self.rows.append(())
        return first, last


def guide(plan: Plan, cluster: Cluster, *, units: tuple[str, ...], targets: tuple[str, ...]) -> tuple[TabView, dict[str, tuple[int, int]]]:
    """Return the tab, and in which of its rows `units`, `targets` and `statuses` stand (first and last, from 0)."""
    page, places = _Rows(), {}
    page.wide(f"Hướng dẫn ghi bảng – {cluster.name}", Format.TITLE)
    page.wide(f"Kế hoạch {plan.name}", Format.NOTE)
    page.rows.append(())
    page.wide("1. Cách ghi", Format.STRONG)
    for number, step in enumerate(_STEPS, 1):
        page.wide(f"{number}) {step}", Format.WRAPPED)
    page.rows.append(())
    page.wide("2. Hạn nộp hằng năm", Format.STRONG)
    page.table(("Đợt", "Nộp gì", "Chậm nhất"), _due_rows(plan, cluster))
    page.wide("3. Chỉ tiêu", Format.STRONG)
    places["targets"] = page.table(("Chỉ tiêu", "Toàn địa bàn mỗi năm", "Giao cho khu vực, khối này"), _target_rows(plan, cluster, targets))
    page.wide("4. Đơn vị và trạng thái", Format.STRONG)
    places["units"] = page.table(("Đơn vị",), [(Shown(unit, Format.WRAPPED),) for unit in units])
    places["statuses"] = page.table(("Trạng thái",), [(Shown(name, Format.TEXT),) for name in STATUS.values()])
    page.wide("5. Từng cột, với một dòng làm mẫu", Format.STRONG)
    page.table(("Cột", "Ghi gì", "Ví dụ"), _column_rows(plan, cluster, units))
    page.wide("6. Màu ở cột «Kết quả kiểm tra»", Format.STRONG)
    page.table(("Thấy chữ", "Nghĩa là"), [(Shown(word, form), Shown(told, Format.WRAPPED)) for word, form, told in _COLOURS])
    return TabView(TITLE, tuple(page.rows), widths=_WIDTHS, merges=tuple(page.merges), landscape=False, tab_colour="#1F4E79"), places


def _due_rows(plan: Plan, cluster: Cluster) -> list[tuple[Shown, ...]]:
    rows = []
    for one in plan.reporting_rounds():
        for kind, due in ((Kind.REGISTRATION, one.registration_due), (Kind.RESULTS, one.results_due)):
            if due and one.id in cluster.owes.get(kind, ()):
                texts = (one.name, KIND[kind], f"{due.day:02d}/{due.month:02d}")
                rows.append(tuple(Shown(text, Format.TEXT if at < 2 else Format.CENTRED) for at, text in enumerate(texts)))
    return rows or [(Shown("Không phải nộp theo đợt", Format.WRAPPED), Shown(None, Format.TEXT), Shown(None, Format.TEXT))]


def _target_rows(plan: Plan, cluster: Cluster, targets: tuple[str, ...]) -> list[tuple[Shown, ...]]:
    rows: list[tuple[Shown, ...]] = []
    for target, named in zip(plan.targets, targets, strict=True):
        part = target.allocations.get(cluster.id)
        ours = f"{part} {target.measure}" if part else "được góp thêm" if target.is_expected_of(cluster.id) else "–"
        form = Format.GOOD if part else Format.WRAPPED
        rows.append((Shown(named, Format.WRAPPED), Shown(f"{target.goal} {target.measure}", Format.WRAPPED), Shown(ours, form)))
    return rows


def _column_rows(plan: Plan, cluster: Cluster, units: tuple[str, ...]) -> list[tuple[Shown, ...]]:
    example = _example(plan, cluster, units)
    return [
        (Shown(TITLES[one], Format.TEXT), Shown(_HELP[one], Format.WRAPPED), Shown(example.get(one, ""), Format.WRAPPED)) for one in Column
    ]


def _example(plan: Plan, cluster: Cluster, units: tuple[str, ...]) -> dict[Column, str]:
    """Return one activity, registered and done, typed as it should be; its target is one that the cluster carries."""
    target = next((one for one in plan.targets if cluster.id in one.allocations), plan.targets[0])
    months = next((one for one in plan.rounds if one.id == (target.season or plan.reporting_rounds()[0].id)), plan.rounds[0])
    month, year = (months.first_month + months.last_month) // 2, plan.measured_years[-1]
    return {
        Column.NUMBER: "1",
        Column.CODE: "(để trống)",
        Column.UNIT: units[0] if units else "",
        Column.TARGET: f"{target.id}. {target.name}",
        Column.NAME: "Ngày hội thiếu nhi vui khỏe",
        Column.PLANNED: f"15/{month:02d}/{year}",
        Column.PLACE: "Nhà văn hóa khu phố 3",
        Column.REGISTERED_QUANTITY: "1",
        Column.DONE: f"16/{month:02d}/{year}",
        Column.DONE_QUANTITY: "1",
        Column.CHILDREN: "120",
        Column.BUDGET: "2.000.000",
        Column.EVIDENCE: "https://example.org/bai-viet",
        Column.STATUS: "Đã thực hiện",
        Column.VERDICT: "(để trống)",
    }
