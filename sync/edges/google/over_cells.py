"""What lies over the cells of a tab, in the API's words: conditional formats and charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sync.edges.google.style import colour, rule_format
from sync.layout import Chart, Rule

Json = dict[str, Any]
_CHART_COLOURS = ("#BFBFBF", "#9DC3E6", "#1F4E79")


def rule_name(rule: Mapping[str, Any]) -> str:
    """Return what a rule is known by: its condition; Google gives rules no ids, and may write their colours in its own way."""
    if "gradientRule" in rule:
        ends = [rule["gradientRule"].get(end, {}) for end in ("minpoint", "maxpoint")]
        return "gradient " + " ".join(f"{end.get('type')}:{end.get('value')}" for end in ends)
    condition = rule.get("booleanRule", {}).get("condition", {})
    return f"{condition.get('type')} " + "|".join(str(one.get("userEnteredValue")) for one in condition.get("values", ()))


def rules_of(rule: Rule, place: Json) -> Iterator[Json]:
    """Yield the rules of the API over a block that one rule of a description is."""
    if rule.kind == "bar":
        ends = {
            "minpoint": {"colorStyle": colour("#FFFFFF"), "type": "NUMBER", "value": "0"},
            "maxpoint": {"colorStyle": colour("#9DC3E6"), "type": "NUMBER", "value": "1"},
        }
        yield {"ranges": [place], "gradientRule": ends}
        return
    for words in rule.texts:
        condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": words}]}
        yield {"ranges": [place], "booleanRule": {"condition": condition, "format": rule_format(rule.format)}}


def chart_json(chart: Chart, sheet_id: int, number: int) -> Json:
    """Return the chart, over the figures of its own tab; ``number`` is its id."""

    def source(column: int) -> Json:
        place = {
            "sheetId": sheet_id,
            "startRowIndex": chart.first_row - 1,
            "endRowIndex": chart.last_row + 1,
            "startColumnIndex": column,
            "endColumnIndex": column + 1,
        }
        return {"sourceRange": {"sources": [place]}}

    series = [
        {
            "series": source(column),
            "targetAxis": "LEFT_AXIS",
            "colorStyle": colour(_CHART_COLOURS[at % 3]),
            "dataLabel": {"type": "DATA", "placement": "OUTSIDE_END"},
        }
        for at, (_, column) in enumerate(chart.series)
    ]
    basic = {
        "chartType": "COLUMN",
        "legendPosition": "BOTTOM_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": source(chart.categories_column)}],
        "series": series,
    }
    anchor = {"sheetId": sheet_id, "rowIndex": chart.row, "columnIndex": chart.column}
    return {
        "chartId": number,
        "spec": {"title": chart.title, "altText": chart.alt_text, "basicChart": basic},
        "position": {"overlayPosition": {"anchorCell": anchor, "widthPixels": 1250, "heightPixels": 350}},
    }
