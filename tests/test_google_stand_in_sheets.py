"""The stand-in's Sheets, over real HTTP: schema, masks, batchUpdate, values, what moves, what is protected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.google import StandIn
from tests.google.caller import Caller
from tests.google.changes import known

BLOCK = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}


def block(top: int, left: int, bottom: int, right: int) -> dict[str, int]:
    return {"startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}


def rows(start: int, end: int) -> dict[str, Any]:
    return {"dimension": "ROWS", "startIndex": start, "endIndex": end}


def columns(start: int, end: int) -> dict[str, Any]:
    return {"dimension": "COLUMNS", "startIndex": start, "endIndex": end}


@pytest.fixture
def google() -> Iterator[StandIn]:
    with StandIn(reads=None, writes=None) as server:
        yield server
    assert server.broken == []


@pytest.fixture
def file(google: StandIn) -> str:
    """Return a spreadsheet as made in Việt Nam: one empty tab."""
    return google.add(title="Sổ")


@pytest.fixture
def american(google: StandIn, file: str) -> str:
    google.books[file].properties = {**google.books[file].properties, "locale": "en_US"}
    return file


def sheet(caller: Caller, file: str, **parameters: Any) -> Any:
    return caller.get(f"/v4/spreadsheets/{file}", **parameters)["sheets"][0]


# The schema --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"requests": [{"addShet": {}}]}, "Invalid JSON payload received. Unknown name \"addShet\" at 'requests[0]': Cannot find field."),
        (
            {"requests": [{"updateSheetProperties": {"properties": {"headers": 1}}}]},
            "Invalid JSON payload received. Unknown name \"headers\" at 'requests[0].update_sheet_properties.properties': Cannot find field.",
        ),
        ({"wishes": []}, 'Invalid JSON payload received. Unknown name "wishes": Cannot find field.'),
        (
            {"requests": [{"addSheet": {"properties": {"sheetId": "abc"}}}]},
            "Invalid value at 'requests[0].add_sheet.properties.sheet_id' (TYPE_INT32), \"abc\"",
        ),
        ({"requests": "x"}, "Invalid value at 'requests' (type.googleapis.com/google.apps.sheets.v4.Request), \"x\""),
        (
            {"requests": [{"mergeCells": {"range": BLOCK, "mergeType": "MERGE"}}]},
            "Invalid value at 'requests[0].merge_cells.merge_type' (type.googleapis.com/google.apps.sheets.v4.MergeType), \"MERGE\"",
        ),
        (
            {"requests": [{"addSheet": {"properties": [{}]}}]},
            "Invalid JSON payload received. Unknown name \"properties\" at 'requests[0].add_sheet': Proto field is not repeating, cannot start list.",
        ),
        ({"requests": [{"addSheet": {"properties": {"hidden": "yes"}}}]}, "Invalid value at 'requests[0].add_sheet.properties.hidden' (TYPE_BOOL), \"yes\""),
    ],
)  # fmt: skip
def test_bodies_are_held_to_the_discovery_document(caller: Caller, file: str, body: Any, said: str) -> None:
    answer = caller.call("POST", f"/v4/spreadsheets/{file}:batchUpdate", body).json()["error"]
    assert (answer["code"], answer["status"], answer["message"]) == (400, "INVALID_ARGUMENT", said)
    assert answer["details"][0]["fieldViolations"][0]["description"] == said


def test_all_that_is_wrong_is_told_at_once(caller: Caller, file: str) -> None:
    answer = caller.call(
        "PUT", f"/v4/spreadsheets/{file}/values/A1", {"valueInputOption": "RAW", "data": []}, valueInputOption="RAW"
    ).json()["error"]
    assert answer["message"] == "\n".join(
        f"Invalid JSON payload received. Unknown name \"{name}\" at 'data': Cannot find field." for name in ("valueInputOption", "data")
    )
    assert [one["field"] for one in answer["details"][0]["fieldViolations"]] == ["data", "data"]


def test_values_that_are_no_rows_are_refused_as_recorded(caller: Caller, file: str) -> None:
    refused = caller.refused("PUT", f"/v4/spreadsheets/{file}/values/A1", {"values": "X"}, valueInputOption="RAW")
    assert refused == (400, "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\"")
    refused = caller.refused("PUT", f"/v4/spreadsheets/{file}/values/A1", {"values": [[{"a": 1}]]}, valueInputOption="RAW")
    assert refused[1].startswith("Invalid values[0][0]: struct_value")


def test_unknown_and_wrong_parameters_are_refused(caller: Caller, file: str) -> None:
    said = "Invalid JSON payload received. Unknown name \"colour\": Cannot bind query parameter. Field 'colour' could not be found in request message."
    assert caller.refused("GET", f"/v4/spreadsheets/{file}", colour="red") == (400, said)
    said = "Invalid value at 'major_dimension' (type.googleapis.com/google.apps.sheets.v4.Dimension), \"BOTH\""
    assert caller.refused("GET", f"/v4/spreadsheets/{file}/values/A1", majorDimension="BOTH") == (400, said)
    assert caller.refused("GET", f"/v4/spreadsheets/{file}", includeGridData="maybe")[0] == 400
    assert (
        caller.refused("PUT", f"/v4/spreadsheets/{file}/values/A1", {"values": [["x"]]})[1]
        == "'valueInputOption' is required but not specified"
    )


def test_both_spellings_and_nulls_are_taken(caller: Caller, file: str) -> None:
    caller.batch(
        file, {"merge_cells": {"range": {"sheet_id": 0, "start_row_index": None, **BLOCK}, "merge_type": "MERGE_ALL"}, "addSheet": None}
    )
    assert sheet(caller, file)["merges"] == [BLOCK]
    assert caller.get(f"/v4/spreadsheets/{file}", include_grid_data="true", fields="sheets.data.startRow") == {"sheets": [{"data": [{}]}]}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"range": {"sheetId": 0}},
        {"range": {"dimension": "ROWS", "startIndex": -1, "endIndex": 5}},
        {"range": {"startRowIndex": 5, "endRowIndex": 2}},
        {"range": {"startRowIndex": 5000}},
        {"source": {"dimension": "ROWS", "startIndex": 3}},
        {"range": {}, "fields": "note", "rows": [None, {"values": None}]},
        {"find": "(", "searchByRegex": True, "allSheets": True},
        {"dimension": "ROWS", "length": -5},
    ],
)
def test_no_change_breaks_the_stand_in(google: StandIn, caller: Caller, body: dict[str, Any]) -> None:
    for kind in known():
        status = caller.call("POST", f"/v4/spreadsheets/{google.add(title=kind)}:batchUpdate", {"requests": [{kind: body}]}).status_code
        assert status in (200, 400), kind


# Masks -------------------------------------------------------------------------------------------------------------------------


def test_masks_nest_with_parentheses_dots_and_slashes(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["x"]])
    wanted = {"sheets": [{"properties": {"title": "Trang tính1"}, "data": [{"rowData": [{"values": [{"formattedValue": "x"}]}]}]}]}
    for mask in (
        "sheets(properties/title,data(rowData(values(formattedValue))))",
        "sheets.properties.title,sheets.data.rowData.values.formattedValue",
        "sheets/properties/title,sheets/data/row_data/values/formatted_value",
        "sheets(properties(title),data.rowData/values.formattedValue)",
    ):
        assert caller.get(f"/v4/spreadsheets/{file}", fields=mask) == wanted
    assert set(caller.get(f"/v4/spreadsheets/{file}", fields="*")) == {"spreadsheetId", "properties", "sheets", "spreadsheetUrl"}
    assert set(caller.get(f"/v4/spreadsheets/{file}", fields="sheets(*)")["sheets"][0]) >= {"properties", "data"}


@pytest.mark.parametrize("mask", ["colour", "sheets.colour", "sheets(properties(colour))", "spreadsheetId.a", "properties, sheets"])
def test_masks_that_name_what_there_is_not_are_refused(caller: Caller, file: str, mask: str) -> None:
    error = caller.call("GET", f"/v4/spreadsheets/{file}", fields=mask).json()["error"]
    assert (error["code"], error["message"]) == (400, "Request contains an invalid argument.")
    assert error["details"][0]["fieldViolations"][0]["description"].startswith(
        "Error expanding 'fields' parameter. Cannot find matching fields for path '"
    )


@pytest.mark.parametrize("mask", ["sheets(", "sheets)", "a,,b", "sheets()", "sheets..a"])
def test_masks_that_cannot_be_read_are_refused(caller: Caller, file: str, mask: str) -> None:
    assert caller.refused("GET", f"/v4/spreadsheets/{file}", fields=mask)[0] == 400


def test_what_a_mask_names_and_a_change_lacks_is_cleared(caller: Caller, file: str) -> None:
    cell = {"userEnteredValue": {"stringValue": "x"}, "note": "n", "userEnteredFormat": {"textFormat": {"bold": True, "italic": True}}}
    caller.batch(file, {"updateCells": {"start": {}, "rows": [{"values": [cell]}], "fields": "*"}})
    caller.batch(
        file,
        {
            "updateCells": {
                "start": {},
                "rows": [{"values": [{"userEnteredFormat": {"textFormat": {}}}]}],
                "fields": "note,userEnteredFormat.textFormat.bold",
            }
        },
    )
    shown = sheet(caller, file, fields="sheets.data.rowData.values(userEnteredValue,note,userEnteredFormat)")["data"][0]["rowData"][0][
        "values"
    ]
    assert shown == [{"userEnteredValue": {"stringValue": "x"}, "userEnteredFormat": {"textFormat": {"italic": True}}}]
    refused = caller.batch_refused(file, {"updateCells": {"start": {}, "rows": [], "fields": ""}})
    assert refused == (
        400,
        "Invalid requests[0].updateCells: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
    )
    refused = caller.batch_refused(file, {"repeatCell": {"range": BLOCK, "cell": {}, "fields": "colour"}})
    assert refused == (400, "Invalid requests[0].repeatCell: Invalid field selection colour")


def test_a_colour_is_told_in_both_spellings_and_the_last_written_holds(caller: Caller, file: str) -> None:
    def painted(form: dict[str, Any], fields: str) -> Any:
        caller.batch(
            file, {"repeatCell": {"range": block(0, 0, 1, 1), "cell": {"userEnteredFormat": form}, "fields": f"userEnteredFormat.{fields}"}}
        )
        return sheet(caller, file, fields="sheets.data.rowData.values.userEnteredFormat")["data"][0]["rowData"][0]["values"][0][
            "userEnteredFormat"
        ]

    red = {"red": 1}
    assert painted({"backgroundColor": {"red": 1.0, "green": 0}}, "backgroundColor") == {
        "backgroundColor": red,
        "backgroundColorStyle": {"rgbColor": red},
    }
    assert painted({"backgroundColorStyle": {"rgbColor": {"blue": 0.5}}}, "backgroundColorStyle")["backgroundColor"] == {"blue": 0.49803922}
    assert painted({"backgroundColor": red}, "backgroundColor")["backgroundColorStyle"] == {"rgbColor": red}
    assert painted({"backgroundColorStyle": {"themeColor": "ACCENT1"}}, "backgroundColorStyle")["backgroundColor"]["red"] == 0.25882354


# batchUpdate -------------------------------------------------------------------------------------------------------------------


def test_a_batch_is_all_or_nothing_and_names_what_failed(google: StandIn, caller: Caller, file: str) -> None:
    before = google.books[file]
    refused = caller.batch_refused(file, {"addSheet": {"properties": {"title": "Mới"}}}, {"addSheet": {"properties": {"title": "Mới"}}})
    assert refused == (400, 'Invalid requests[1].addSheet: A sheet with the name "Mới" already exists. Please enter another name.')
    assert google.books[file] is before
    assert caller.batch_refused(file) == (400, "Must specify at least one request.")
    assert caller.batch_refused(file, {})[1] == "Invalid requests[0]: No request set."
    assert caller.batch_refused(file, {"deleteSheet": {"sheetId": 5}})[1] == "Invalid requests[0].deleteSheet: No grid with id: 5"


def test_the_last_visible_tab_stays(caller: Caller, file: str) -> None:
    hide = {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}}
    assert caller.batch_refused(file, hide)[1] == "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document."
    assert "You can't remove all" in caller.batch_refused(file, {"deleteSheet": {"sheetId": 0}})[1]
    reply = caller.batch(file, {"addSheet": {}}, hide)[0]["addSheet"]["properties"]
    assert (reply["index"], reply["gridProperties"]) == (1, {"rowCount": 1000, "columnCount": 26})
    assert sheet(caller, file)["properties"]["hidden"] is True


def test_tabs_move_as_counted_before_the_move(caller: Caller, file: str) -> None:
    caller.batch(file, *({"addSheet": {"properties": {"title": name, "sheetId": number}}} for number, name in enumerate("abc", 1)))
    caller.batch(file, {"updateSheetProperties": {"properties": {"sheetId": 1, "index": 3}, "fields": "index"}})
    told = caller.get(f"/v4/spreadsheets/{file}", fields="sheets.properties(sheetId,index)")["sheets"]
    assert [(one["properties"]["sheetId"], one["properties"]["index"]) for one in told] == [(0, 0), (2, 1), (1, 2), (3, 3)]


def test_the_changed_spreadsheet_can_be_asked_for(caller: Caller, file: str) -> None:
    change = {
        "updateCells": {"start": {}, "rows": [{"values": [{"userEnteredValue": {"numberValue": 7}}] * 3}], "fields": "userEnteredValue"}
    }
    answer = caller.batch(file, change, includeSpreadsheetInResponse=True, responseRanges=["A1:B1"], responseIncludeGridData=True)
    shown = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert [one["formattedValue"] for one in shown] == ["7", "7"]
    bare = caller.batch(file, change, includeSpreadsheetInResponse=True)["updatedSpreadsheet"]
    assert "data" not in bare["sheets"][0]


def test_inserting_and_deleting_rows_moves_everything(google: StandIn, caller: Caller, file: str) -> None:
    caller.write(file, "A1", [[f"r{number}"] for number in range(6)])
    rule = {"ranges": [block(3, 0, 6, 1)], "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}}}
    caller.batch(
        file,
        {"updateCells": {"start": {"rowIndex": 4}, "rows": [{"values": [{"note": "n"}]}], "fields": "note"}},
        {"mergeCells": {"range": block(3, 1, 5, 3)}},
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"addNamedRange": {"namedRange": {"name": "Dong4", "range": block(3, 0, 4, 1)}}},
        {"addProtectedRange": {"protectedRange": {"range": block(5, 0, 6, 1)}}},
        {"setBasicFilter": {"filter": {"range": block(2, 0, 6, 1)}}},
        {"setDataValidation": {"range": block(4, 0, 5, 1), "rule": {"condition": {"type": "BOOLEAN"}, "strict": False}}},
    )
    caller.batch(file, {"insertDimension": {"range": rows(1, 3)}})
    told = sheet(caller, file)
    assert told["properties"]["gridProperties"]["rowCount"] == 1002
    assert told["merges"] == [block(5, 1, 7, 3)]
    assert told["conditionalFormats"][0]["ranges"] == [block(5, 0, 8, 1)]
    assert told["protectedRanges"][0]["range"] == block(7, 0, 8, 1)
    assert told["basicFilter"]["range"] == block(4, 0, 8, 1)
    assert caller.read(file, "Dong4") == [["r3"]]
    assert caller.read(file, "A1:A8") == [["r0"], [], [], ["r1"], ["r2"], ["r3"], ["r4"], ["r5"]]
    cell = sheet(caller, file, ranges="A7", fields="sheets.data.rowData.values(note,dataValidation)")["data"][0]["rowData"][0]["values"][0]
    assert cell == {"note": "n", "dataValidation": {"condition": {"type": "BOOLEAN"}}}
    caller.batch(file, {"deleteDimension": {"range": rows(4, 7)}})
    told = sheet(caller, file)
    assert "merges" not in told
    assert told["conditionalFormats"][0]["ranges"] == [block(4, 0, 5, 1)]
    assert told["protectedRanges"][0]["range"] == block(4, 0, 5, 1)
    assert caller.read(file, "A1:A9") == [["r0"], [], [], ["r1"], ["r5"]]


def test_what_is_inserted_inherits_its_neighbours_format(caller: Caller, file: str) -> None:
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    caller.batch(file, {"repeatCell": {"range": block(0, 0, 1, 1), "cell": bold, "fields": "userEnteredFormat"}})
    caller.batch(file, {"insertDimension": {"range": rows(1, 2), "inheritFromBefore": True}}, {"insertDimension": {"range": rows(2, 3)}})
    shown = sheet(caller, file, fields="sheets.data.rowData.values.userEnteredFormat")["data"][0]["rowData"]
    assert [row.get("values") for row in shown] == [[bold], [bold]]
    refused = caller.batch_refused(file, {"insertDimension": {"range": rows(0, 1), "inheritFromBefore": True}})
    assert refused[1].startswith("Invalid requests[0].insertDimension: inheritFromBefore")


def test_inserting_and_deleting_rows_moves_charts_groups_bands_and_views(google: StandIn, caller: Caller, file: str) -> None:
    """A chart hangs on its cell and shows its rows, also from another tab; what all its rows are taken from is gone."""
    source = {"sourceRange": {"sources": [block(2, 0, 6, 1)]}}
    chart = {
        "chartId": 7,
        "spec": {"basicChart": {"chartType": "COLUMN", "series": [{"series": source}]}},
        "position": {"overlayPosition": {"anchorCell": {"sheetId": 5, "rowIndex": 8}}},
    }
    own = {**chart, "chartId": 8, "position": {"overlayPosition": {"anchorCell": {"rowIndex": 8}}}}
    caller.batch(
        file,
        {"addSheet": {"properties": {"sheetId": 5, "title": "Hình"}}},
        {"addChart": {"chart": chart}},
        {"addChart": {"chart": own}},
        {"addBanding": {"bandedRange": {"range": block(2, 0, 6, 1), "rowProperties": {}}}},
        {"addFilterView": {"filter": {"title": "Lọc", "range": block(2, 0, 6, 1)}}},
        {"addDimensionGroup": {"range": rows(3, 5)}},
    )
    caller.batch(file, {"insertDimension": {"range": rows(4, 6)}})
    told, other = sheet(caller, file), google.books[file].tab(5)
    assert told["bandedRanges"][0]["range"] == told["filterViews"][0]["range"] == block(2, 0, 8, 1)
    assert (told["rowGroups"][0]["range"]["startIndex"], told["rowGroups"][0]["range"]["endIndex"]) == (3, 7)
    assert told["charts"][0]["position"]["overlayPosition"]["anchorCell"]["rowIndex"] == 10
    assert other.charts[0]["position"]["overlayPosition"]["anchorCell"]["rowIndex"] == 8
    assert [list(tab.chart_ranges()) for tab in google.books[file].tabs] == [[block(2, 0, 8, 1)]] * 2
    caller.batch(file, {"deleteDimension": {"range": rows(2, 8)}})
    told = sheet(caller, file)
    assert not {"bandedRanges", "filterViews", "rowGroups"} & told.keys()
    assert told["charts"][0]["position"]["overlayPosition"]["anchorCell"]["rowIndex"] == 4


def test_behind_the_last_row_there_is_none_to_inherit_from(caller: Caller, file: str) -> None:
    behind = {"range": rows(1000, 1001)}
    assert "less than the grid size (1000)" in caller.batch_refused(file, {"insertDimension": behind})[1]
    caller.batch(file, {"insertDimension": {**behind, "inheritFromBefore": True}})
    assert sheet(caller, file)["properties"]["gridProperties"]["rowCount"] == 1001


def test_a_new_value_erases_the_links_within_the_old_one(caller: Caller, file: str) -> None:
    cell = {
        "userEnteredValue": {"stringValue": "a"},
        "textFormatRuns": [{"startIndex": 0, "format": {"link": {"uri": "https://example.org"}}}],
    }
    linked = {"updateCells": {"start": {}, "rows": [{"values": [cell]}], "fields": "userEnteredValue,textFormatRuns"}}
    caller.batch(file, linked, {"updateCells": {"start": {}, "rows": [{"values": [{"note": "n"}]}], "fields": "note"}})
    seen = "sheets.data.rowData.values(textFormatRuns,note)"
    kept = sheet(caller, file, fields=seen)["data"][0]["rowData"][0]["values"]
    assert kept == [{"textFormatRuns": [{"format": {"link": {"uri": "https://example.org"}}}], "note": "n"}]
    caller.batch(file, {"updateCells": {"start": {}, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}})
    assert sheet(caller, file, fields=seen)["data"][0]["rowData"][0]["values"] == [{"note": "n"}]


def test_metadata_of_a_tab_is_kept_up_to_a_limit(caller: Caller, file: str) -> None:
    def noted(count: int) -> Any:
        made = {"metadataKey": "k", "metadataValue": "v" * count, "visibility": "DOCUMENT", "location": {"sheetId": 0}}
        return {"createDeveloperMetadata": {"developerMetadata": made}}

    caller.batch(file, noted(29_000))
    assert "30000 characters" in caller.batch_refused(file, noted(1_000))[1]
    caller.batch(file, noted(998))


def test_frozen_rows_grow_shrink_and_cannot_be_all(caller: Caller, file: str) -> None:
    def freeze(count: int) -> Any:
        return {
            "updateSheetProperties": {
                "properties": {"gridProperties": {"frozenRowCount": count}},
                "fields": "gridProperties.frozenRowCount",
            }
        }

    def frozen() -> int:
        return sheet(caller, file)["properties"]["gridProperties"].get("frozenRowCount", 0)

    assert "You can't freeze all visible rows" in caller.batch_refused(file, freeze(1000))[1]
    caller.batch(file, freeze(2))
    caller.batch(file, {"insertDimension": {"range": rows(1, 2)}})
    assert frozen() == 3
    caller.batch(file, {"deleteDimension": {"range": rows(1, 5)}})
    assert frozen() == 1
    assert "delete all non-frozen rows" in caller.batch_refused(file, {"deleteDimension": {"range": rows(1, 997)}})[1]
    assert "merge frozen and non-frozen rows" in caller.batch_refused(file, {"mergeCells": {"range": block(0, 0, 2, 1)}})[1]
    caller.batch(file, {"mergeCells": {"range": block(2, 0, 4, 1)}})
    assert "only part of a merged cell" in caller.batch_refused(file, freeze(3))[1]
    caller.batch(file, freeze(0))
    assert frozen() == 0


def test_merged_cells_keep_one_value_and_are_not_torn_apart(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["", "b"], ["c", "d"], ["e", "f"]])
    caller.batch(file, {"mergeCells": {"range": BLOCK}})
    assert caller.read(file, "A1:B3") == [["b"], [], ["e", "f"]]
    for change in ({"mergeCells": {"range": block(1, 0, 3, 1)}}, {"unmergeCells": {"range": block(0, 0, 1, 2)}}):
        assert "You must select all cells in a merged range" in caller.batch_refused(file, change)[1]
    sort = {"sortRange": {"range": block(0, 0, 3, 2), "sortSpecs": [{"dimensionIndex": 0}]}}
    assert "vertically merged" in caller.batch_refused(file, sort)[1]
    assert "merged range" in caller.batch_refused(file, {"insertRange": {"range": block(0, 0, 1, 1), "shiftDimension": "ROWS"}})[1]
    caller.batch(file, {"insertRange": {"range": block(0, 0, 1, 2), "shiftDimension": "ROWS"}})
    assert sheet(caller, file)["merges"] == [block(1, 0, 3, 2)]
    caller.batch(file, {"unmergeCells": {"range": block(0, 0, 9, 9)}}, {"mergeCells": {"range": BLOCK, "mergeType": "MERGE_ROWS"}})
    assert sheet(caller, file)["merges"] == [block(0, 0, 1, 2), block(1, 0, 2, 2)]


def test_rows_that_are_moved_take_their_ranges_along(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["a"], ["b"], ["c"], ["d"]])
    caller.batch(file, {"mergeCells": {"range": block(0, 1, 1, 3)}})
    caller.batch(file, {"moveDimension": {"source": rows(0, 1), "destinationIndex": 3}})
    assert caller.read(file, "A:A") == [["b"], ["c"], ["a"], ["d"]]
    assert sheet(caller, file)["merges"] == [block(2, 1, 3, 3)]


def test_a_grid_that_is_made_smaller_forgets_what_lay_beyond(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["a"], ["b"], ["c"]])
    caller.batch(file, {"setBasicFilter": {"filter": {"range": block(0, 0, 3, 1)}}})
    small = {"properties": {"gridProperties": {"rowCount": 2, "columnCount": 1}}, "fields": "gridProperties(rowCount,columnCount)"}
    caller.batch(file, {"updateSheetProperties": small}, {"appendDimension": {"dimension": "ROWS", "length": 3}})
    assert caller.read(file, "A1:A5") == [["a"], ["b"]]
    assert sheet(caller, file)["basicFilter"]["range"] == block(0, 0, 2, 1)
    assert (
        "beyond the last requested"
        in caller.batch_refused(file, {"updateCells": {"start": {"rowIndex": 5}, "rows": [{"values": [{}]}], "fields": "note"}})[1]
    )


def test_sorting_puts_figures_before_text_and_empty_rows_last(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["b"], [""], [10], ["a"], [9]])
    caller.batch(file, {"sortRange": {"range": block(0, 0, 5, 1), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}})
    assert caller.read(file, "A1:A5") == [["9"], ["10"], ["a"], ["b"]]


def test_a_copy_of_a_tab_is_its_own(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["a"]])
    caller.batch(file, {"mergeCells": {"range": block(3, 0, 4, 2)}})
    made = caller.batch(file, {"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "Hai", "insertSheetIndex": 1}})[0]["duplicateSheet"][
        "properties"
    ]
    caller.write(file, "Hai!A1", [["b"]])
    assert (caller.read(file, "A1"), caller.read(file, "Hai!A1")) == ([["a"]], [["b"]])
    assert caller.get(f"/v4/spreadsheets/{file}")["sheets"][1]["merges"] == [{"sheetId": made["sheetId"], **block(3, 0, 4, 2)}]


def test_metadata_of_a_copied_tab_has_an_id_of_its_own(caller: Caller, file: str) -> None:
    noted = {"metadataId": 5, "metadataKey": "a", "metadataValue": "b", "visibility": "DOCUMENT", "location": {"sheetId": 0}}
    caller.batch(file, {"createDeveloperMetadata": {"developerMetadata": noted}}, {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 9}})
    here, copied = (one["developerMetadata"][0] for one in caller.get(f"/v4/spreadsheets/{file}")["sheets"])
    if here["metadataId"] != 5:
        here, copied = copied, here
    assert copied["metadataId"] != here["metadataId"] == 5
    assert (copied["metadataValue"], copied["location"]["sheetId"], here["location"].get("sheetId", 0)) == ("b", 9, 0)


# Values ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("1,5", 1.5, "1,5"),
        ("1.234,5", 1234.5, "1.234,50"),
        ("05/03/2024", 45356, "05/03/2024"),
        ("2024-03-05", 45356, "2024-03-05"),
        ("12%", 0.12, "12%"),
        ("12,5%", 0.125, "12,50%"),
        ("TRUE", True, "TRUE"),
        ("true", True, "TRUE"),
        ("'=1+1", "=1+1", "=1+1"),
        ("'0912", "0912", "0912"),
        ("0912", 912, "912"),
        ("=1+1", 2, "2"),
        ("=1/0", "#DIV/0!", "#DIV/0!"),
        ("31/02/2024", "31/02/2024", "31/02/2024"),
        (" x ", " x ", " x "),
        (7, 7, "7"),
        (1.5, 1.5, "1,5"),
        (False, False, "FALSE"),
    ],
)
def test_what_is_typed_in_vietnam(caller: Caller, file: str, typed: Any, value: Any, shown: str) -> None:
    caller.write(file, "A1", [[typed]])
    assert caller.read(file, "A1") == [[shown]]
    assert caller.read(file, "A1", valueRenderOption="UNFORMATTED_VALUE") == [[value]]


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("1.5", 1.5, "1.5"),
        ("1,5", "1,5", "1,5"),
        ("1,234.5", 1234.5, "1,234.50"),
        ("5/3/2024", 45415, "5/3/2024"),
        ("2020-01-01", 43831, "2020-01-01"),
        ("13/3/2024", "13/3/2024", "13/3/2024"),
        ("12%", 0.12, "12%"),
    ],
)
def test_what_is_typed_in_america(caller: Caller, american: str, typed: Any, value: Any, shown: str) -> None:
    caller.write(american, "A1", [[typed]])
    assert caller.read(american, "A1") == [[shown]]
    assert caller.read(american, "A1", valueRenderOption="UNFORMATTED_VALUE") == [[value]]


def test_raw_values_stay_as_they_are(caller: Caller, file: str) -> None:
    typed = ["=1+1", "1,5", "'a", "TRUE", 5, True]
    caller.write(file, "A1", [typed], "RAW")
    assert caller.read(file, "A1:F1", valueRenderOption="UNFORMATTED_VALUE") == [typed]


def test_typing_into_cells_of_text_makes_text(caller: Caller, file: str) -> None:
    form = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    caller.batch(file, {"repeatCell": {"range": block(0, 0, 1, 1), "cell": form, "fields": "userEnteredFormat.numberFormat"}})
    caller.write(file, "A1", [["0912345678", "0912345678"]])
    assert caller.read(file, "A1:B1", valueRenderOption="UNFORMATTED_VALUE") == [["0912345678", 912345678]]


def test_render_options_show_the_value_the_formula_or_the_day(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["=4/2", "05/03/2024", "x"]])
    assert caller.read(file, "A1:C1", valueRenderOption="FORMULA") == [["=4/2", 45356, "x"]]
    assert caller.read(file, "A1:C1", valueRenderOption="UNFORMATTED_VALUE", dateTimeRenderOption="FORMATTED_STRING") == [
        [2, "05/03/2024", "x"]
    ]


def test_empty_ends_are_left_out(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["1", "", ""], ["", "", ""], ["", "2", ""], ["", "", ""]])
    path = f"/v4/spreadsheets/{file}/values/"
    assert caller.get(f"{path}A1:D9") == {"range": "'Trang tính1'!A1:D9", "majorDimension": "ROWS", "values": [["1"], [], ["", "2"]]}
    assert caller.get(f"{path}A1:D9", majorDimension="COLUMNS")["values"] == [["1"], ["", "", "2"]]
    assert caller.get(f"{path}C1:C9") == {"range": "'Trang tính1'!C1:C9", "majorDimension": "ROWS"}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("A1", "'Trang tính1'!A1"),
        ("a1:b2", "'Trang tính1'!A1:B2"),
        ("B2:A1", "'Trang tính1'!A1:B2"),
        ("$A$1:B2", "'Trang tính1'!A1:B2"),
        ("A:B", "'Trang tính1'!A1:B1000"),
        ("2:3", "'Trang tính1'!A2:Z3"),
        ("A999:AZ2000", "'Trang tính1'!A999:Z1000"),
        ("'Trang tính1'", "'Trang tính1'!A1:Z1000"),
        ("'Trang tính1'!B2:B", "'Trang tính1'!B2:B1000"),
        ("R2C3", "'Trang tính1'!C2"),
        ("It''s", "A1"),
    ],
)
def test_a1_ranges_are_read(caller: Caller, file: str, asked: str, told: str) -> None:
    if asked == "It''s":
        caller.batch(file, {"addSheet": {"properties": {"title": "It's"}}})
        asked, told = "'It''s'!A1", "'It''s'!A1"
    assert caller.get(f"/v4/spreadsheets/{file}/values/{asked}")["range"] == told


@pytest.mark.parametrize("asked", ["Nope!A1", "Trang tính1!", "'A1'", "A", "A1:B2:C3", "Sổ"])
def test_ranges_that_mean_nothing_are_refused(caller: Caller, file: str, asked: str) -> None:
    assert caller.refused("GET", f"/v4/spreadsheets/{file}/values/{asked}") == (400, f"Unable to parse range: {asked}")


def test_ranges_that_begin_beyond_the_grid_are_refused(caller: Caller, file: str) -> None:
    refused = caller.refused("GET", f"/v4/spreadsheets/{file}/values/A1001:B1002")
    assert refused == (400, "Range ('Trang tính1'!A1001:B1002) exceeds grid limits. Max rows: 1000, max columns: 26")


def test_writing_counts_what_received_something(caller: Caller, file: str) -> None:
    told = caller.write(file, "A1:D3", [["x", None, None, None], [None] * 4, [None, None, None, "y"]])
    assert told == {"spreadsheetId": file, "updatedRange": "'Trang tính1'!A1:D3", "updatedRows": 2, "updatedColumns": 2, "updatedCells": 2}
    answer = caller.right(
        "POST",
        f"/v4/spreadsheets/{file}/values:batchUpdate",
        {
            "valueInputOption": "RAW",
            "data": [{"range": "A1:D1", "values": [["a", "b", "", "d"]]}, {"range": "A4:D4", "values": [["a", "b", "", "d"]]}],
        },
    )
    assert [answer[f"totalUpdated{what}"] for what in ("Rows", "Columns", "Cells", "Sheets")] == [2, 4, 8, 1]
    refused = caller.refused("PUT", f"/v4/spreadsheets/{file}/values/A1:B1", {"values": [["a", "b", "c"]]}, valueInputOption="RAW")
    assert refused == (400, "Requested writing within range ['Trang tính1'!A1:B1], but tried writing to column [C]")
    refused = caller.refused("PUT", f"/v4/spreadsheets/{file}/values/A1:B1", {"values": [["a"], ["b"]]}, valueInputOption="RAW")
    assert refused == (400, "Requested writing within range ['Trang tính1'!A1:B1], but tried writing to row [2]")


def test_a_batch_of_values_is_all_or_nothing(caller: Caller, file: str) -> None:
    data = [{"range": "A1", "values": [["a"]]}, {"range": "Nope!A1", "values": [["b"]]}]
    assert caller.refused("POST", f"/v4/spreadsheets/{file}/values:batchUpdate", {"valueInputOption": "RAW", "data": data})[0] == 400
    assert caller.read(file, "A1") == []


@pytest.mark.parametrize(
    ("asked", "table", "written"),
    [
        ("Bảng", "Bảng!B4:D6", "Bảng!B7"),
        ("Bảng!B4", "Bảng!B4:D6", "Bảng!B7"),
        ("Bảng!C5:D5", "Bảng!B4:D6", "Bảng!B7"),
        ("Bảng!B2:D4", "Bảng!B4:D6", "Bảng!B7"),
        ("Bảng!A3:G10", "Bảng!B4:D6", "Bảng!B7"),
        ("Bảng!A1", "Bảng!A1:C2", "Bảng!A3"),
        ("Bảng!E4", None, "Bảng!E4"),
        ("Bảng!A4", None, "Bảng!A4"),
    ],
)
def test_appending_finds_the_table_as_the_guide_says(caller: Caller, file: str, asked: str, table: str | None, written: str) -> None:
    caller.batch(file, {"addSheet": {"properties": {"title": "Bảng"}}})
    caller.write(file, "Bảng!A1", [["x", "y", "z"], ["1", "2", "3"]])
    caller.write(file, "Bảng!B4", [["x", "y", "z"], ["1", "2", "3"], ["4", "5", "6"]])
    answer = caller.right("POST", f"/v4/spreadsheets/{file}/values/{asked}:append", {"values": [["neu"]]}, valueInputOption="RAW")
    assert answer.get("tableRange", "").replace("'", "") == (table or "")
    assert answer["updates"]["updatedRange"].replace("'", "") == written


def test_appending_may_insert_and_grows_the_grid(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["a"], ["b"]])
    caller.write(file, "A4", [["unten"]])
    caller.right(
        "POST", f"/v4/spreadsheets/{file}/values/A1:append", {"values": [["c"]]}, valueInputOption="RAW", insertDataOption="INSERT_ROWS"
    )
    assert caller.read(file, "A:A") == [["a"], ["b"], ["c"], [], ["unten"]]
    caller.write(file, "A1000", [["z"]])
    answer = caller.right("POST", f"/v4/spreadsheets/{file}/values/A1000:append", {"values": [["x"], ["y"]]}, valueInputOption="RAW")
    assert answer["updates"]["updatedRows"] == 2
    assert sheet(caller, file)["properties"]["gridProperties"]["rowCount"] == 1002


def test_clearing_leaves_notes_and_formats(caller: Caller, file: str) -> None:
    cell = {"userEnteredValue": {"stringValue": "x"}, "note": "n"}
    caller.batch(file, {"updateCells": {"start": {}, "rows": [{"values": [cell]}], "fields": "*"}})
    assert caller.right("POST", f"/v4/spreadsheets/{file}/values/A1:B2:clear")["clearedRange"] == "'Trang tính1'!A1:B2"
    assert sheet(caller, file, fields="sheets.data.rowData.values(note,userEnteredValue)")["data"][0]["rowData"] == [
        {"values": [{"note": "n"}]}
    ]


def test_data_filters_find_by_a1_and_by_grid(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["a", "b"], ["c", "d"]])
    filters = [{"a1Range": "B1:B2"}, {"gridRange": block(1, 0, 2, 2)}]
    got = caller.right("POST", f"/v4/spreadsheets/{file}/values:batchGetByDataFilter", {"dataFilters": filters})["valueRanges"]
    assert [one["valueRange"]["values"] for one in got] == [[["b"], ["d"]], [["c", "d"]]]
    told = caller.right("POST", f"/v4/spreadsheets/{file}:getByDataFilter", {"dataFilters": filters, "includeGridData": True})
    assert [one.get("startRow", 0) for one in told["sheets"][0]["data"]] == [0, 1]
    assert caller.google.requests[-1].kind == caller.google.requests[-2].kind == "read"


def test_several_ranges_of_one_tab_are_several_blocks(caller: Caller, file: str) -> None:
    caller.write(file, "A1", [["a", "b", "c"]])
    caller.batch(file, {"addSheet": {"properties": {"title": "Hai"}}})
    told = caller.get(
        f"/v4/spreadsheets/{file}",
        ranges=["A1", "C1:D2"],
        fields="sheets(properties.title,data(startColumn,rowData.values.formattedValue))",
    )
    assert [one["properties"]["title"] for one in told["sheets"]] == ["Trang tính1"]
    assert told["sheets"][0]["data"] == [
        {"rowData": [{"values": [{"formattedValue": "a"}]}]},
        {"startColumn": 2, "rowData": [{"values": [{"formattedValue": "c"}]}]},
    ]


# What is protected -------------------------------------------------------------------------------------------------------------


SENTENCE = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit."
)


@pytest.fixture
def guarded(google: StandIn, caller: Caller, file: str) -> str:
    """Return a spreadsheet whose owner protects A2:B3."""
    caller.write(file, "A1", [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]])
    google.edit(file, [{"addProtectedRange": {"protectedRange": {"protectedRangeId": 5, "range": block(1, 0, 3, 2)}}}])
    return file


@pytest.mark.parametrize(
    "change",
    [
        {"updateCells": {"start": {"rowIndex": 1}, "rows": [{"values": [{"note": "x"}]}], "fields": "note"}},
        {"updateCells": {"range": block(0, 0, 9, 9), "fields": "userEnteredValue"}},
        {"repeatCell": {"range": block(2, 1, 5, 5), "cell": {}, "fields": "note"}},
        {"setDataValidation": {"range": block(1, 0, 2, 1)}},
        {"mergeCells": {"range": block(2, 0, 4, 1)}},
        {"unmergeCells": {"range": block(0, 0, 9, 9)}},
        {"deleteDimension": {"range": rows(2, 3)}},
        {"insertDimension": {"range": rows(2, 3)}},
        {"deleteDimension": {"range": columns(1, 2)}},
        {"sortRange": {"range": block(0, 0, 4, 2), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}},
        {"findReplace": {"find": "c", "replacement": "x", "allSheets": True}},
        {"cutPaste": {"source": block(1, 0, 2, 1), "destination": {"rowIndex": 9}}},
        {"deleteProtectedRange": {"protectedRangeId": 5}},
        {"updateProtectedRange": {"protectedRange": {"protectedRangeId": 5, "warningOnly": True}, "fields": "warningOnly"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_protected_cells_refuse_who_is_no_editor(google: StandIn, caller: Caller, guarded: str, change: dict[str, Any]) -> None:
    before = google.books[guarded]
    kind = next(iter(change))
    assert caller.batch_refused(guarded, {"addSheet": {}}, change) == (400, f"Invalid requests[1].{kind}: {SENTENCE}")
    assert google.books[guarded] is before
    google.edit(guarded, [change])  # the owner may


def test_values_respect_protection_too(caller: Caller, guarded: str) -> None:
    path = f"/v4/spreadsheets/{guarded}/values"
    assert caller.refused("PUT", f"{path}/A2", {"values": [["x"]]}, valueInputOption="RAW") == (400, SENTENCE)
    assert caller.refused("POST", f"{path}/A1:Z9:clear") == (400, SENTENCE)
    data = [{"range": "A1", "values": [["x"]]}, {"range": "B3", "values": [["x"]]}]
    assert caller.refused("POST", f"{path}:batchUpdate", {"valueInputOption": "RAW", "data": data}) == (400, SENTENCE)
    caller.write(guarded, "A1", [["x"]])
    caller.write(guarded, "A4", [["x"]])
    assert caller.read(guarded, "A1:B4") == [["x", "b"], ["c", "d"], ["e", "f"], ["x", "h"]]


def test_editors_may_and_a_warning_only_warns(google: StandIn, caller: Caller, guarded: str) -> None:
    assert "editors" not in sheet(caller, guarded)["protectedRanges"][0]
    assert "requestingUserCanEdit" not in sheet(caller, guarded)["protectedRanges"][0]
    editors = {"protectedRangeId": 5, "editors": {"users": [google.account.email]}}
    google.edit(guarded, [{"updateProtectedRange": {"protectedRange": editors, "fields": "editors"}}])
    caller.write(guarded, "A2", [["x"]])
    told = sheet(caller, guarded)["protectedRanges"][0]
    assert (told["requestingUserCanEdit"], google.account.email in told["editors"]["users"]) == (True, True)
    google.edit(
        guarded,
        [{"updateProtectedRange": {"protectedRange": {"protectedRangeId": 5, "warningOnly": True}, "fields": "warningOnly,editors"}}],
    )
    caller.write(guarded, "A2", [["y"]])


def test_a_protected_tab_leaves_open_what_it_leaves_open(google: StandIn, caller: Caller, file: str) -> None:
    whole = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "unprotectedRanges": [block(0, 0, 1, 1)]}}}
    google.edit(file, [whole])
    caller.write(file, "A1", [["x"]])
    assert caller.refused("PUT", f"/v4/spreadsheets/{file}/values/B1", {"values": [["x"]]}, valueInputOption="RAW") == (400, SENTENCE)
    assert SENTENCE in caller.batch_refused(file, {"addSheet": {}}, {"deleteSheet": {"sheetId": 0}})[1]
    assert 'Sheet "Trang tính1" already has sheet protection.' in caller.batch_refused(file, whole)[1]


def test_who_protects_cells_may_edit_them(google: StandIn, caller: Caller, file: str) -> None:
    other = google.access.new_account("hai")
    google.share(file, "writer", other)
    made = caller.batch(file, {"addProtectedRange": {"protectedRange": {"range": BLOCK}}})[0]["addProtectedRange"]["protectedRange"]
    assert made["requestingUserCanEdit"] is True
    caller.write(file, "A1", [["x"]])
    with Caller(google, other) as second:
        assert second.refused("PUT", f"/v4/spreadsheets/{file}/values/A1", {"values": [["x"]]}, valueInputOption="RAW") == (400, SENTENCE)


# Our own answers ---------------------------------------------------------------------------------------------------------------


def test_an_answer_that_google_could_not_give_is_noted_as_our_fault() -> None:
    with StandIn() as google, Caller(google) as caller:
        file = google.add(title="a")
        google.books[file].properties = {**google.books[file].properties, "mood": "good"}
        assert caller.refused("GET", f"/v4/spreadsheets/{file}")[0] == 500
        assert "mood is no known member" in google.broken[0]


def test_what_is_false_empty_or_nought_is_left_out(caller: Caller, file: str) -> None:
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "strict": False, "showCustomUi": True}
    caller.batch(file, {"setDataValidation": {"range": block(0, 0, 1, 1), "rule": rule}})
    told = sheet(caller, file, includeGridData="true")
    assert told["data"][0]["rowData"][0]["values"][0]["dataValidation"] == {name: value for name, value in rule.items() if name != "strict"}
    assert told["properties"] == {
        "sheetId": 0, "title": "Trang tính1", "index": 0, "sheetType": "GRID", "gridProperties": {"rowCount": 1000, "columnCount": 26},
    }  # fmt: skip
    caller.write(file, "A1", [[0, False]])
    cells = sheet(caller, file, fields="sheets.data.rowData.values.effectiveValue")["data"][0]["rowData"][0]["values"]
    assert cells == [{"effectiveValue": {"numberValue": 0}}, {"effectiveValue": {"boolValue": False}}]
