"""The few formulas that have a result here; every other one comes to `#NAME?`, as a function that Sheets does not know would."""

from __future__ import annotations

import re

from tests.google.state import Json, Spreadsheet, Tab


def result(formula: str, tab: Tab, book: Spreadsheet) -> Json:
    """Return the ExtendedValue that a formula comes to."""
    text = formula[1:].strip()
    if found := re.fullmatch(r'HYPERLINK\(\s*"[^"]*"\s*[,;]\s*"([^"]*)"\s*\)', text, re.IGNORECASE):
        return {"stringValue": found[1]}
    if re.fullmatch(r"[-+*/().\d\s]+", text) and re.search(r"\d", text):
        return _arithmetic(text)
    return {"errorValue": {"type": "NAME", "message": f"Unknown function: '{text.split('(')[0]}'."}}


def _arithmetic(text: str) -> Json:
    try:
        number = float(eval(text, {"__builtins__": {}}))
    except ZeroDivisionError:
        return {"errorValue": {"type": "DIVIDE_BY_ZERO", "message": "Function DIVIDE parameter 2 cannot be zero."}}
    except (SyntaxError, TypeError, ValueError):
        return {"errorValue": {"type": "ERROR", "message": "Formula parse error."}}
    return {"numberValue": int(number) if number == int(number) else number}
