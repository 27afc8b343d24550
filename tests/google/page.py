"""The sheets as tables, so that people can look: a list of files at `/`, a spreadsheet at its own address."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from tests.google import cells
from tests.google.a1 import letters, quoted
from tests.google.state import Json, Spreadsheet, Tab
from tests.google.values import Values

if TYPE_CHECKING:
    from tests.google.server import StandIn

_STYLE = """
body{font:14px/1.4 Arial,'Liberation Sans',sans-serif;margin:1.5rem;color:#202124}
table{border-collapse:collapse;margin:.5rem 0 2rem} td,th{border:1px solid #dadce0;padding:2px 6px;vertical-align:top;max-width:26rem}
th{background:#f8f9fa;font-weight:normal;color:#5f6368} td.note{background-image:linear-gradient(225deg,#e37400 6px,transparent 6px)}
td small{display:block;color:#b06000;white-space:pre-line} h2{margin:1.5rem 0 .2rem} .grey{color:#5f6368}
"""
_MOST_ROWS = 400
_CELL = re.compile(r"[A-Za-z]{1,2}[1-9]\d{0,4}")


def answer(google: StandIn, path: str, verb: str = "GET") -> tuple[int, str, bytes, dict[str, str]]:
    """Return the page of this path; 404 where there is none, 405 where there is one to read and something else is asked."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    found: tuple[int, str, bytes, dict[str, str]] | None = None
    if parts == [""]:
        found = _page("Tệp", _files(google))
    elif parts[:2] == ["spreadsheets", "d"] and len(parts) > 2 and parts[2] in google.books:
        book = google.books[parts[2]]
        found = _page(book.properties["title"], _form(book) + _book(book))
    status = 404 if found is None else 200 if verb in ("GET", "HEAD") else 405
    return found if found and status == 200 else (status, "text/html; charset=UTF-8", error(status, path, verb), {})


def spreadsheet(google: StandIn, spreadsheet_id: str) -> bytes:
    """Return a spreadsheet's page alone, without the form to type into it."""
    book = google.books[spreadsheet_id]
    return _page(book.properties["title"], _book(book))[2]


def typed(google: StandIn, path: str, body: bytes) -> tuple[int, str, bytes, dict[str, str]]:
    """Type what a form at `/cells/<spreadsheet>` says into a cell, as a person would: `tab` (its number), `cell` (A1), `value`."""
    spreadsheet_id = unquote(path.rpartition("/")[2])
    form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace"), keep_blank_values=True).items()}
    before = google.books.get(spreadsheet_id)
    tab = next((one for one in before.tabs if str(one.id) == form.get("tab")), None) if before else None
    if before is None or tab is None or not _CELL.fullmatch(form.get("cell", "").strip()):
        return 400, "text/html; charset=UTF-8", error(400, path, "POST"), {}
    book = before.copy()
    place, options = f"{quoted(tab.title)}!{form['cell'].strip()}", {"valueInputOption": ["USER_ENTERED"]}
    Values(book).write("update", {"range": place}, options, {"values": [[form.get("value", "")]]})
    google.books[spreadsheet_id] = book
    google.drive.touch(spreadsheet_id)
    return 303, "text/html; charset=UTF-8", b"", {"Location": f"/spreadsheets/d/{spreadsheet_id}/edit"}


def error(status: int, path: str, verb: str) -> bytes:
    """Return the page with which Google's front servers refuse."""
    name = {404: " (Not Found)", 405: " (Method Not Allowed)", 400: " (Bad Request)"}.get(status, "")
    said = {
        404: f"The requested URL <code>{escape(path)}</code> was not found on this server.",
        405: f"The request method <code>{escape(verb)}</code> is inappropriate for the URL <code>{escape(path)}</code>.",
        400: "Your client has issued a malformed or illegal request.",
    }.get(status, "")
    text = f"<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Error {status}{name}!!1</title>\n<p><b>{status}.</b> <ins>That’s an error.</ins>\n<p>{said}  <ins>That’s all we know.</ins>\n"
    return text.encode()


def _page(title: str, body: str) -> tuple[int, str, bytes, dict[str, str]]:
    text = f'<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>'
    return 200, "text/html; charset=UTF-8", text.encode(), {}


def _files(google: StandIn) -> str:
    rows = "".join(
        f'<tr><td><a href="/spreadsheets/d/{escape(file.id)}/edit">{escape(file.name)}</a><td>{file.version}<td>{escape(", ".join(one.get("emailAddress", one["type"]) + " " + one["role"] for one in file.permissions))}<td>{"thùng rác" if file.trashed else ""}'
        for file in google.drive.files.values()
    )
    counts = {kind: len(google.asked(kind)) for kind in ("read", "write", "drive", "token")}
    return f"<p class=grey>{escape(str(counts))}</p><table><tr><th>Tên<th>Phiên bản<th>Quyền<th>{rows}</table>"


def _form(book: Spreadsheet) -> str:
    tabs = "".join(f'<option value="{tab.id}">{escape(tab.title)}' for tab in book.tabs if not tab.properties.get("hidden"))
    return (
        f'<p><a href="/">← Tệp</a><form method="post" action="/cells/{escape(book.id)}"><label>Trang <select name="tab">{tabs}</select></label> '
        '<label>Ô <input name="cell" size="5" placeholder="F12" required></label> <label>Giá trị <input name="value" size="30"></label> '
        "<button>Gõ vào ô</button></form>"
    )


def _book(book: Spreadsheet) -> str:
    return "".join(_tab(tab, book) for tab in book.tabs)


def _tab(tab: Tab, book: Spreadsheet) -> str:
    height, width = tab.extent()
    covered = {
        (row, column) for one in tab.merges for row in range(one["startRowIndex"], one["endRowIndex"]) for column in range(one["startColumnIndex"], one["endColumnIndex"])
    } - {(one["startRowIndex"], one["startColumnIndex"]) for one in tab.merges}  # fmt: skip
    spans = {(one["startRowIndex"], one["startColumnIndex"]): one for one in tab.merges}
    lines = [f"<h2>{escape(tab.title)}{' (ẩn)' if tab.properties.get('hidden') else ''}</h2>"]
    lines.append(
        f"<p class=grey>{tab.height} × {tab.width}, {len(tab.rules)} quy tắc định dạng, {len(tab.charts)} biểu đồ, {len(tab.protected)} vùng bảo vệ</p><table><tr><th>"
    )
    lines += [f"<th>{letters(column)}" for column in range(width)]
    for row in range(min(height, _MOST_ROWS)):
        lines.append(f"<tr><th>{row + 1}")
        lines += [_cell(tab, book, row, column, spans.get((row, column))) for column in range(width) if (row, column) not in covered]
    lines.append("</table>" + (f"<p class=grey>… {height - _MOST_ROWS} dòng nữa</p>" if height > _MOST_ROWS else ""))
    return "".join(lines)


def _cell(tab: Tab, book: Spreadsheet, row: int, column: int, span: Json | None) -> str:
    cell = tab.cell(row, column)
    shown = cells.formatted(cells.effective(cell), cells.number_format(cell), book.properties["locale"])
    style = _style(tab, cell, shown, row, column)
    note = f"<small>{escape(cell['note'])}</small>" if "note" in cell else ""
    size = (
        f" rowspan={span['endRowIndex'] - span['startRowIndex']} colspan={span['endColumnIndex'] - span['startColumnIndex']}"
        if span
        else ""
    )
    return f"<td{size}{' class=note' if note else ''}{f' style={chr(34)}{style}{chr(34)}' if style else ''}>{escape(shown)}{note}"


def _style(tab: Tab, cell: Json, shown: str, row: int, column: int) -> str:
    form: Json = dict(cell.get("userEnteredFormat", {}))
    for rule in tab.rules:
        condition = rule.get("booleanRule", {}).get("condition", {})
        wanted = [one.get("userEnteredValue") for one in condition.get("values", [])]
        inside = any(
            one.get("startRowIndex", 0) <= row < one.get("endRowIndex", tab.height)
            and one.get("startColumnIndex", 0) <= column < one.get("endColumnIndex", tab.width)
            for one in rule["ranges"]
        )
        holds = {"TEXT_CONTAINS": any(one in shown for one in wanted if one), "TEXT_EQ": shown in wanted}.get(
            condition.get("type", ""), False
        )
        if inside and holds:
            form = {**form, **rule["booleanRule"].get("format", {})}
    parts = []
    colour = form.get("backgroundColorStyle", {}).get("rgbColor") or form.get("backgroundColor")
    if colour:
        parts.append(f"background-color:{_rgb(colour)}")
    text = form.get("textFormat", {})
    ink = text.get("foregroundColorStyle", {}).get("rgbColor") or text.get("foregroundColor")
    if ink:
        parts.append(f"color:{_rgb(ink)}")
    if text.get("bold"):
        parts.append("font-weight:bold")
    if form.get("horizontalAlignment") in ("CENTER", "RIGHT"):
        parts.append(f"text-align:{form['horizontalAlignment'].lower()}")
    return ";".join(parts)


def _rgb(colour: Any) -> str:
    return f"rgb({','.join(str(round(255 * colour.get(part, 0))) for part in ('red', 'green', 'blue'))})"
