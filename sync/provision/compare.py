"""What people changed in a spreadsheet since it was handed out: told, never undone."""

from __future__ import annotations

from sync.model import Sheet
from sync.provision.guide import TITLE as GUIDE
from sync.provision.values import SheetForm, TablePlace
from sync.text import fold

_OWN_TABS = (GUIDE, "Tiến độ")


def changed_by_people(form: SheetForm, sheet: Sheet, place: TablePlace) -> list[str]:
    """Return one Vietnamese sentence a change."""
    found = []
    if place.tab != form.tab:
        found.append(f"trang «{form.tab}» nay tên là «{place.tab}»")
    if place.header_row != 1:
        found.append(f"dòng tiêu đề nay ở dòng {place.header_row}")
    gone = [one.title for one in form.columns if one.column not in place.columns]
    if gone:
        found.append(f"không còn cột {', '.join(f'«{title}»' for title in gone)}")
    header = _header(sheet, place)
    for one in form.columns:
        at = place.columns.get(one.column)
        if at and at <= len(header) and header[at - 1] != one.title:
            found.append(f"cột «{one.title}» nay tên là «{header[at - 1]}»")
    standing = [place.columns[one.column] for one in form.columns if one.column in place.columns]
    if standing != sorted(standing):
        found.append("thứ tự các cột đã đổi")
    added = [text for at, text in enumerate(header, 1) if text and at not in place.columns.values()]
    if added:
        found.append(f"có thêm cột {', '.join(f'«{text}»' for text in added)}")
    known = {fold(title) for title in (*_OWN_TABS, place.tab)}
    tabs = [tab.title for tab in sheet.tabs if fold(tab.title) not in known]
    if tabs:
        found.append(f"có thêm trang {', '.join(f'«{title}»' for title in tabs)}")
    return found


def _header(sheet: Sheet, place: TablePlace) -> list[str]:
    rows = next((tab.rows for tab in sheet.tabs if tab.title == place.tab), [])
    return [str(cell).strip() for cell in rows[place.header_row - 1]] if len(rows) >= place.header_row else []
