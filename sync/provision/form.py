"""Settings → the description of one cluster's spreadsheet."""

from __future__ import annotations

from datetime import date

from sync.columns import TAB_TITLE, TITLES
from sync.layout import Format
from sync.model import Column
from sync.organization import Cluster
from sync.provision.guide import guide
from sync.provision.values import Entry, InputColumn, SheetForm
from sync.settings_values import Settings
from sync.vietnamese import STATUS

_LOOKS: dict[Column, tuple[float, str]] = {
    Column.NUMBER: (5, "centre"),
    Column.CODE: (11, "centre"),
    Column.UNIT: (22, "text"),
    Column.TARGET: (22, "text"),
    Column.NAME: (30, "text"),
    Column.PLANNED: (13, "day"),
    Column.PLACE: (20, "text"),
    Column.REGISTERED_QUANTITY: (10, "number"),
    Column.DONE: (13, "day"),
    Column.DONE_QUANTITY: (10, "number"),
    Column.CHILDREN: (11, "number"),
    Column.BUDGET: (14, "number"),
    Column.EVIDENCE: (20, "text"),
    Column.STATUS: (14, "centre"),
    Column.NOTE: (18, "text"),
    Column.VERDICT: (36, "text"),
}
"""Width in characters (a phone shows some forty) and look."""
COLOURS = (("Chưa tính", Format.BAD), ("Không tính", Format.MUTED), ("Nên xem lại", Format.WARN), ("Đã tính", Format.GOOD))


def sheet_form(settings: Settings, cluster: Cluster, *, as_of: date) -> SheetForm:
    """Return the spreadsheet of one cluster, with the units that exist in the year of ``as_of``."""
    units = tuple(dict.fromkeys(unit.name for unit in cluster.units if unit.life.has_day_in(as_of.year)))
    plan = settings.plan.in_year(as_of.year)
    targets = tuple(f"{target.id}. {target.name}" for target in plan.targets)
    shown, places = guide(plan, cluster, units=units, targets=targets)
    entries = _entries(settings, units, targets, places)
    columns = tuple(InputColumn(one, TITLES[one], *_LOOKS[one], entries.get(one)) for one in Column)
    return SheetForm(cluster.id, cluster.name, shown, TAB_TITLE, columns, COLOURS, settings.time_zone)


def _entries(
    settings: Settings, units: tuple[str, ...], targets: tuple[str, ...], places: dict[str, tuple[int, int]]
) -> dict[Column, Entry]:
    first, last = settings.plan.first_day, settings.plan.last_day
    quantity = Entry("whole", "Ghi một số nguyên lớn hơn 0, ví dụ 2.")
    own = Entry("own", "Cột này do hệ thống ghi; anh/chị không cần điền.")
    return {
        Column.CODE: own,
        Column.UNIT: Entry("list", "Chọn tên đơn vị trong danh sách.", units, places["units"]),
        Column.TARGET: Entry("list", "Chọn một chỉ tiêu trong danh sách.", targets, places["targets"]),
        Column.PLANNED: Entry("day", "Ghi ngày/tháng/năm, ví dụ 15/03/2026; nhiều ngày thì ghi 12-15/3/2026.", first=first, last=last),
        Column.REGISTERED_QUANTITY: quantity,
        Column.DONE: Entry("day", "Ghi ngày/tháng/năm đã tổ chức, ví dụ 15/03/2026.", first=first, last=last),
        Column.DONE_QUANTITY: quantity,
        Column.CHILDREN: Entry("whole", "Ghi số thiếu nhi, ví dụ 120."),
        Column.BUDGET: Entry("amount", "Ghi số đồng, ví dụ 2.000.000."),
        Column.STATUS: Entry("list", "Chọn trạng thái trong danh sách.", tuple(STATUS.values()), places["statuses"]),
        Column.VERDICT: own,
    }
