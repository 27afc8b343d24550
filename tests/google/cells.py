"""What follows from what was entered: the effective value, what a cell shows, and what a person's typing becomes.

Sources: the reference of `CellData`, `ExtendedValue`, `ErrorType` and `ValueInputOption`; the guides "Date and number formats" and
"Cells"; for USER_ENTERED by locale the recorded traffic of gspread's test suite. There is no engine for formulas here: a formula has
the result that it was laid out with, or that of the few functions of `formulas.py`.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

Json = dict[str, Any]
EPOCH = datetime(1899, 12, 30)
ERRORS = {
    "#NULL!": "NULL_VALUE", "#DIV/0!": "DIVIDE_BY_ZERO", "#VALUE!": "VALUE", "#REF!": "REF", "#NAME?": "NAME", "#NUM!": "NUM",
    "#N/A": "N_A", "#ERROR!": "ERROR", "Loading...": "LOADING",
}  # fmt: skip
"""What a cell shows → the error's type in the API."""
RESULT = "_result"
"""A private member of a cell: the result that a formula was laid out with."""
_COMMA_LOCALES = ("vi", "de", "fr", "it", "es", "pt", "ru", "id", "nl", "pl", "da", "sv", "nb", "tr")
DATE_TYPES = ("DATE", "TIME", "DATE_TIME")


def effective(cell: Json) -> Json:
    """Return the ExtendedValue that the cell comes to."""
    entered: Json = cell.get("userEnteredValue", {})
    if "formulaValue" not in entered:
        return entered
    result: Json = cell.get(RESULT, {})
    return result


def number_format(cell: Json) -> Json:
    """Return the number format entered, `{}` for automatic."""
    found: Json = cell.get("userEnteredFormat", {}).get("numberFormat", {})
    return found


def hyperlink(cell: Json) -> str | None:
    """Return the one link behind the whole cell: by HYPERLINK(), by the text's format, or an address typed as the whole text."""
    entered = cell.get("userEnteredValue", {})
    found = re.match(r'=HYPERLINK\(\s*"([^"]*)"', entered.get("formulaValue", ""), re.IGNORECASE)
    if found:
        return found[1]
    linked = cell.get("userEnteredFormat", {}).get("textFormat", {}).get("link", {}).get("uri")
    if linked:
        return str(linked)
    text = entered.get("stringValue", "").strip()
    return text if re.fullmatch(r"https?://\S+", text) else None


def comma(locale: str) -> bool:
    """Return whether the locale writes a comma before decimals."""
    return locale.split("_", maxsplit=1)[0] in _COMMA_LOCALES


def formatted(value: Json, form: Json, locale: str) -> str:
    """Return what the cell shows."""
    if "stringValue" in value:
        return str(value["stringValue"])
    if "boolValue" in value:
        return "TRUE" if value["boolValue"] else "FALSE"
    if "errorValue" in value:
        kinds = {kind: shown for shown, kind in ERRORS.items()}
        return kinds.get(value["errorValue"].get("type", ""), "#ERROR!")
    if "numberValue" not in value:
        return ""
    return number_text(float(value["numberValue"]), form, locale)


def number_text(number: float, form: Json, locale: str) -> str:
    """Return a number as its format shows it."""
    kind, pattern = form.get("type"), form.get("pattern", "")
    if kind in DATE_TYPES:
        return _day_text(number, kind, pattern, locale)
    if kind == "PERCENT":
        return _digits(number * 100, pattern or "0.00", locale) + "%"
    if kind in ("NUMBER", "CURRENCY", "SCIENTIFIC") or pattern:
        return _digits(number, pattern or "#,##0.00", locale)
    return _general(number, locale)


def _general(number: float, locale: str) -> str:
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.10g}"
    return text.replace(".", ",") if comma(locale) else text


def _digits(number: float, pattern: str, locale: str) -> str:
    bare = re.sub(r'"([^"]*)"|_.|[%\\]', "", pattern.split(";", maxsplit=1)[0])
    found = re.search(r"[#0,]*\.?[0#]*", bare)
    shape = found[0] if found else ""
    whole, _, decimals = shape.partition(".")
    places = len(decimals)
    least = decimals.count("0")
    scale = 10**places
    rounded = math.floor(abs(number) * scale + 0.5) / scale
    text = f"{rounded:,.{places}f}" if "," in whole else f"{rounded:.{places}f}"
    if places > least and "." in text:
        head, _, tail = text.partition(".")
        tail = tail[:least] + tail[least:].rstrip("0")
        text = f"{head}.{tail}" if tail else head
    if comma(locale):
        text = text.translate(str.maketrans(",.", ".,"))
    return f"-{text}" if number < 0 and rounded else text


def _day_text(number: float, kind: str, pattern: str, locale: str) -> str:
    moment = EPOCH + timedelta(seconds=round(number * 86400))
    if not pattern:
        day = "dd/MM/yyyy" if locale.startswith("vi") else "M/d/yyyy"
        pattern = {"DATE": day, "TIME": "HH:mm:ss", "DATE_TIME": f"{day} HH:mm:ss"}[kind]
    return _TOKEN.sub(lambda hit: _part(hit, moment, pattern), pattern)


_TOKEN = re.compile(r'"[^"]*"|y+|M+|m+|d+|D+|h+|H+|s+|am/pm', re.IGNORECASE)


def _part(hit: re.Match[str], moment: datetime, pattern: str) -> str:
    token = hit[0]
    if token.startswith('"'):
        return token[1:-1]
    letter, length = token[0].lower(), len(token)
    if letter == "m":
        before = pattern[: hit.start()].lower().rstrip(": .")
        minutes = before.endswith("h") or pattern[hit.end() :].lower().startswith(":s")
        value = moment.minute if minutes else moment.month
    else:
        value = {"y": moment.year, "d": moment.day, "h": moment.hour, "s": moment.second}.get(letter, 0)
    if letter == "y":
        return str(value) if length > 2 else f"{value % 100:02d}"
    return f"{value:02d}" if length >= 2 else str(value)


def serial(day: date | datetime) -> float:
    """Return the serial number of a day or moment."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    return (moment - EPOCH) / timedelta(days=1)


def entered(typed: Any, locale: str) -> Json:
    """Return the cell that a person's typing becomes: formulas, figures and days by the spreadsheet's locale (USER_ENTERED)."""
    if isinstance(typed, bool):
        return {"userEnteredValue": {"boolValue": typed}}
    if isinstance(typed, int | float):
        return {"userEnteredValue": {"numberValue": typed}}
    text = str(typed)
    if text == "":
        return {}
    if text.startswith("'"):
        return {"userEnteredValue": {"stringValue": text[1:]}}
    if text.startswith("=") and len(text) > 1:
        return {"userEnteredValue": {"formulaValue": text}}
    if text.upper() in ("TRUE", "FALSE"):
        return {"userEnteredValue": {"boolValue": text.upper() == "TRUE"}}
    return _figure(text.strip(), locale) or _day(text.strip(), locale) or {"userEnteredValue": {"stringValue": text}}


def _figure(text: str, locale: str) -> Json | None:
    group, point = (".", ",") if comma(locale) else (",", ".")
    pattern = rf"([-+]?)(\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d+)?({re.escape(point)}\d*)?(e[-+]?\d+)?(\s?%)?"
    found = re.fullmatch(pattern, text, re.IGNORECASE)
    if not found or not (found[2] or (found[3] and len(found[3]) > 1)):
        return None
    sign, whole, part, power, percent = found.groups()
    number = float(f"{sign}{(whole or '0').replace(group, '')}{(part or '').replace(point, '.')}{power or ''}")
    form: Json | None = None
    if percent:
        number /= 100
        form = {"type": "PERCENT", "pattern": "0.00%" if part else "0%"}
    elif whole and group in whole:
        form = {"type": "NUMBER", "pattern": "#,##0.00" if part else "#,##0"}
    cell: Json = {"userEnteredValue": {"numberValue": int(number) if number == int(number) and not power else number}}
    if form:
        cell["userEnteredFormat"] = {"numberFormat": form}
    return cell


def _day(text: str, locale: str) -> Json | None:
    found = re.fullmatch(r"(\d{1,4})[/.-](\d{1,2})(?:[/.-](\d{1,4}))?", text)
    if not found:
        return None
    first, second, third = found.groups()
    if len(first) == 4 and third:
        year, month, day = first, second, third
    elif locale.startswith("en_US"):
        month, day, year = first, second, third or ""
    else:
        day, month, year = first, second, third or ""
    number = int(year) if year else datetime.now(UTC).year  # the service takes the current year where none is typed
    number += 2000 if number < 30 else 1900 if number < 100 else 0
    try:
        typed = date(number, int(month), int(day))
    except ValueError:
        return None
    pattern = (
        "yyyy-mm-dd" if len(first) == 4 else "M/d/yyyy" if locale.startswith("en_US") else "dd/MM/yyyy"
    )  # recorded: 2020-01-01 stays so
    form = {"type": "DATE", "pattern": pattern}
    return {"userEnteredValue": {"numberValue": int(serial(typed))}, "userEnteredFormat": {"numberFormat": form}}
