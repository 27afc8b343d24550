"""Google's discovery documents as a check of what is asked and answered (they ship with google-api-python-client).

A member that the documents do not know is refused with the sentence that Google uses; a value of the wrong type likewise. The
documents know no required members and no one-of groups: those are held in `changes.py`.
"""

from __future__ import annotations

import json
import re
import struct
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import googleapiclient

from tests.google.errors import Refused

_FOLDER = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_SNAKE = re.compile(r"_([a-z0-9])")


@cache
def document(api: str) -> dict[str, Any]:
    """Return the discovery document of `sheets` or `drive`."""
    name = {"sheets": "sheets.v4.json", "drive": "drive.v3.json"}[api]
    found: dict[str, Any] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return found


@cache
def methods(api: str) -> tuple[tuple[str, re.Pattern[str], dict[str, Any]], ...]:
    """Return (HTTP method, pattern of the path, description) of every method."""
    found: list[tuple[str, re.Pattern[str], dict[str, Any]]] = []

    def walk(resource: dict[str, Any]) -> None:
        for method in resource.get("methods", {}).values():
            path = method.get("flatPath", method["path"])
            pattern = re.sub(r"\\\{\+?(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(path))
            found.append((method["httpMethod"], re.compile(pattern), method))
        for inner in resource.get("resources", {}).values():
            walk(inner)

    walk(document(api))
    return tuple(found)


def find_method(api: str, verb: str, path: str) -> tuple[dict[str, Any], dict[str, str]] | None:
    """Return the method that a path means, and what stands in the path's braces; `path` begins behind the service's own path."""
    best: tuple[dict[str, Any], dict[str, str]] | None = None
    for http, pattern, method in methods(api):
        match = pattern.fullmatch(path)
        if http == verb and match and (best is None or len(match.groupdict()) < len(best[1])):
            best = method, match.groupdict()
    return best


_BODY_FIELD = {
    "sheets.spreadsheets.create": "spreadsheet", "sheets.spreadsheets.values.update": "data", "sheets.spreadsheets.values.append": "data",
}  # fmt: skip
"""The field of the request message that a method's body stands for: it begins the paths in refusals (recorded traffic: `data.values`)."""


def checked_request(api: str, method: dict[str, Any], body: Any) -> Any:
    """Return the body with its members' names as the documents write them; raise Refused where they know one not at all."""
    reference = method.get("request", {}).get("$ref")
    if reference is None:
        return None
    if body is not None and not isinstance(body, dict):
        raise violations([("", 'Invalid JSON payload received. Unknown name "": Root element must be a message.')])
    walk = _Asked(api)
    found = walk.value({"$ref": reference}, body or {}, _BODY_FIELD.get(method["id"], ""))
    if walk.wrong:
        raise violations(walk.wrong)
    return found


def violations(wrong: list[tuple[str, str]]) -> Refused:
    """Return the refusal of a payload: one line and one entry of `fieldViolations` for each thing that is wrong."""
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{**({"field": field} if field else {}), "description": said} for field, said in wrong],
        }
    ]
    return Refused(400, "\n".join(said for _, said in wrong), details=details)


def checked_answer(api: str, method: dict[str, Any], body: Any) -> Any:
    """Return the answer without what Google leaves out; raise AssertionError where it is not one that Google could give."""
    reference = method.get("response", {}).get("$ref")
    if reference is None:
        return body
    try:
        return _Told(api).value({"$ref": reference}, body, "")
    except ValueError as error:
        raise AssertionError(f"the stand-in's own answer to {method['id']} is wrong: {error}") from error


def checked_parameters(api: str, method: dict[str, Any], given: dict[str, list[str]]) -> None:
    """Raise Refused where a parameter of the address is unknown, or is not of its type."""
    known = {**document(api)["parameters"], **method.get("parameters", {})}
    for name, values in given.items():
        described = known.get(name) or known.get(_SNAKE.sub(lambda hit: hit[1].upper(), name))
        if described is None and api == "drive":
            continue  # recorded: files.get with a parameter that only files.list has is answered
        if described is None:
            said = f"Cannot bind query parameter. Field '{name}' could not be found in request message."
            raise violations([("", f'Invalid JSON payload received. Unknown name "{name}": {said}')])
        if len(values) > 1 and not described.get("repeated"):
            raise violations(
                [("", f'Invalid JSON payload received. Unknown name "{name}": Proto field is not repeating, cannot start list.')]
            )
        for value in values:
            _check_text_of(described, name, value)


def _check_text_of(described: dict[str, Any], name: str, value: str) -> None:
    kind, field = described.get("type"), _snake(name)
    wanted = ""
    if kind == "boolean" and value.lower() not in {"true", "false", "1", "0"}:
        wanted = "TYPE_BOOL"
    elif kind == "integer" and not re.fullmatch(r"-?\d+", value):
        wanted = "TYPE_INT32"
    elif "enum" in described and value not in described["enum"]:
        wanted = _enum(name)
    if wanted:
        raise violations([(field, f"Invalid value at '{field}' ({wanted}), \"{value}\"")])


class _Asked:
    """Walks the body of a request along its description, as Google's own reader of JSON does, and notes all that is wrong with it.

    Both spellings of a member are taken, a member that is null counts as absent, and figures may be written as text. In refusals the
    path is spelled as in the protocol's own files: `requests[0].update_sheet_properties.properties` (reported:
    node-google-spreadsheet#523; several lines in one refusal: google-api-dotnet-client#2161).
    """

    def __init__(self, api: str) -> None:
        self._schemas = document(api)["schemas"]
        self._lenient = api == "drive"  # Drive passes over members that it does not know: a v2 `title` leaves a file "Untitled"
        self.wrong: list[tuple[str, str]] = []

    def value(self, described: dict[str, Any], value: Any, path: str, name: str = "") -> Any:
        if value is None:
            return None
        reference = described.get("$ref", "")
        if reference:
            described = self._schemas[reference]
        kind = described.get("type")
        if kind == "object":
            return self._object(described, value, path)
        if kind == "array":
            return self._array(described["items"], value, path, name)
        return self._plain(kind, described, value, path, name)

    def _array(self, items: dict[str, Any], value: Any, path: str, name: str) -> Any:
        inner = items.get("type") == "array"
        if not isinstance(value, list):
            if inner:
                return self._note(path, "type.googleapis.com/google.protobuf.ListValue", value)
            return [self.value(items, value, path, name)]  # one thing stands for a list of it
        if inner and items["items"].get("type") == "any":
            for number, line in enumerate(value):
                if not isinstance(line, list):
                    self._note(f"{path}[{number}]", "type.googleapis.com/google.protobuf.ListValue", line)
            return value
        absent: Any = {} if "$ref" in items else None
        return [self.value(items, absent if one is None else one, f"{path}[{number}]", name) for number, one in enumerate(value)]

    def _object(self, described: dict[str, Any], value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            return self._note(path, f"type.googleapis.com/google.apps.sheets.v4.{described.get('id', 'Object')}", value)
        members, others = described.get("properties", {}), described.get("additionalProperties")
        found = {}
        for name, inner in value.items():
            right = name if name in members else _SNAKE.sub(lambda hit: hit[1].upper(), name)
            at = f"{path}.{_snake(right)}" if path else _snake(right)
            if right not in members and others is None:
                if not self._lenient:
                    self._unknown(path, name, "Cannot find field.")
            elif inner is None:
                continue
            elif right in members and isinstance(inner, list) and not self._is_list(members[right]):
                self._unknown(path, name, "Proto field is not repeating, cannot start list.")
            else:
                found[right if right in members else name] = self.value(members.get(right, others), inner, at, right)
        return found

    def _is_list(self, described: dict[str, Any]) -> bool:
        return described.get("type") in ("array", "any")

    def _unknown(self, path: str, name: str, why: str) -> None:
        where = f" at '{path}'" if path else ""
        self.wrong.append((path, f'Invalid JSON payload received. Unknown name "{name}"{where}: {why}'))

    def _note(self, path: str, kind: str, value: Any) -> Any:
        self.wrong.append((path, f"Invalid value at '{path}' ({kind}), {json.dumps(value, ensure_ascii=False)}"))

    def _plain(self, kind: str | None, described: dict[str, Any], value: Any, path: str, name: str) -> Any:
        if kind == "string" and "enum" in described:
            if value not in described["enum"]:
                self._note(path, _enum(name), value)
            return value
        if kind == "string":
            number = described.get("format") in {"int64", "uint64"} and isinstance(value, int)
            return str(value) if number else self._held(isinstance(value, str), value, path, "TYPE_STRING")
        if kind in ("integer", "number"):
            return self._number(kind, value, path)
        if kind == "boolean":
            if value in ("true", "false"):
                return value == "true"
            return self._held(isinstance(value, bool), value, path, "TYPE_BOOL")
        return value

    def _number(self, kind: str, value: Any, path: str) -> Any:
        if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", value):
            value = float(value) if re.search(r"[.eE]", value) else int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            value = int(value)
        right = isinstance(value, int if kind == "integer" else int | float) and not isinstance(value, bool)
        return self._held(right, value, path, "TYPE_INT32" if kind == "integer" else "TYPE_DOUBLE")

    def _held(self, right: bool, value: Any, path: str, kind: str) -> Any:
        return value if right else self._note(path, kind, value)


_ENUMS = {
    "majorDimension": "Dimension", "shiftDimension": "Dimension", "responseValueRenderOption": "ValueRenderOption", "type": "ConditionType",
    "responseDateTimeRenderOption": "DateTimeRenderOption", "visibility": "DeveloperMetadataVisibility", "horizontalAlignment": "HorizontalAlign",
    "verticalAlignment": "VerticalAlign",
}  # fmt: skip


def _enum(member: str) -> str:
    """Return the name of an enumeration: the documents tell it nowhere, most are called as the member is."""
    return f"type.googleapis.com/google.apps.sheets.v4.{_ENUMS.get(member, member[:1].upper() + member[1:])}"


@lru_cache(maxsize=4096)
def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda hit: f"_{hit[0].lower()}", name)


_SHOWN_FALSE = {"TextFormat", "ExtendedValue"}
"""Messages of Sheets in which false and "" are told: what was set there is told apart from what was not (recorded traffic)."""
_HIDDEN_ZEROS = {
    "GridRange": {"sheetId"}, "DimensionRange": {"sheetId"}, "GridCoordinate": {"sheetId", "rowIndex", "columnIndex"}, "Color": {"red", "green", "blue"},
    "GridProperties": {"frozenRowCount", "frozenColumnCount"}, "TextFormatRun": {"startIndex"}, "OverlayPosition": {"offsetXPixels", "offsetYPixels"},
}  # fmt: skip
"""Figures of Sheets that are left out where they are 0 (recorded traffic: a range's `startRowIndex` 0 is told, its `sheetId` 0 is not)."""


class _Told:
    """Walks our own answer along its description: raises ValueError where it does not fit, leaves out what Google leaves out.

    Sheets tells neither empty lists nor false nor, in most places, 0; a colour is told both ways, plainly and as a style, its parts
    as figures of 32 bits (all from recorded traffic of gspread's test suite). Drive tells them all.
    """

    def __init__(self, api: str) -> None:
        self._schemas = document(api)["schemas"]
        self._spare = api == "sheets"
        self._colours: dict[tuple[tuple[str, type, Any], ...], Any] = {}
        """Colour as it was set → as it is told: a master has few, in hundreds of thousands of cells."""
        self._coloured_members: dict[str, list[str]] = {}

    def value(self, described: dict[str, Any], value: Any, path: str) -> Any:
        if "$ref" in described:
            described = self._schemas[described["$ref"]]
        kind = described.get("type")
        if kind == "object":
            return self._object(described, value, path)
        if kind == "array":
            self._hold(isinstance(value, list), value, path, "list")
            items = described["items"]
            return [self.value(items, one, f"{path}[{number}]") for number, one in enumerate(value)]
        if kind == "string":
            self._hold(isinstance(value, str) and value in described.get("enum", (value,)), value, path, "string")
        elif kind == "integer":
            self._hold(isinstance(value, int) and not isinstance(value, bool), value, path, "integer")
        elif kind == "number":
            self._hold(isinstance(value, int | float) and not isinstance(value, bool), value, path, "number")
            if described.get("format") == "float":
                value = _narrow(value)
            return int(value) if float(value).is_integer() and abs(value) < 2**53 else value
        elif kind == "boolean":
            self._hold(isinstance(value, bool), value, path, "boolean")
        return value

    def _object(self, described: dict[str, Any], value: Any, path: str) -> Any:
        self._hold(isinstance(value, dict), value, path, described.get("id", "object"))
        name_of = described.get("id", "")
        if self._spare and name_of == "Color":
            try:
                known = tuple((name, type(inner), inner) for name, inner in value.items())
                if known not in self._colours:
                    self._colours[known] = self._members(described, _quantised_parts(value), path)
                return dict(self._colours[known])
            except TypeError:  # a part that is no figure: what follows says so
                pass
        return self._members(described, value, path)

    def _members(self, described: dict[str, Any], value: dict[str, Any], path: str) -> Any:
        members, others, name_of = described.get("properties", {}), described.get("additionalProperties"), described.get("id", "")
        found = {}
        for name, inner in value.items():
            at = f"{path}.{name}"
            self._hold(name in members or others is not None, value, at, "known member")
            told = self.value(members.get(name, others), inner, at)
            if not (self._spare and self._is_left_out(name_of, name, told, members.get(name, {}))):
                found[name] = told
        return self._coloured(found, members, name_of) if self._spare else found

    def _is_left_out(self, message: str, name: str, value: Any, described: dict[str, Any]) -> bool:
        if value is False or value == "":
            return message not in _SHOWN_FALSE and described.get("type") in ("boolean", "string")
        if value == [] and described.get("type") == "array":
            return True
        return value == 0 and isinstance(value, int | float) and name in _HIDDEN_ZEROS.get(message, ())

    def _coloured(self, found: dict[str, Any], members: dict[str, Any], message: str) -> dict[str, Any]:
        if message not in self._coloured_members or not message:
            both = [one for one in members if f"{one}Style" in members and members[one].get("$ref") == "Color"]
            self._coloured_members[message] = both
        for name in self._coloured_members[message]:
            style = found.get(f"{name}Style")
            if style is not None and "rgbColor" in style:
                found[name] = style["rgbColor"]
            elif style is not None and style.get("themeColor") in THEME:
                found[name] = {part: _narrow(part_value) for part, part_value in THEME[style["themeColor"]].items()}
            elif style is None and name in found:
                found[f"{name}Style"] = {"rgbColor": found[name]}
            elif style == {}:
                del found[f"{name}Style"]
        return found

    def _hold(self, right: bool, value: Any, path: str, kind: str) -> None:
        if not right:
            raise ValueError(f"{path} is no {kind}: {json.dumps(value, ensure_ascii=False, default=str)[:80]}")


THEME: dict[str, dict[str, float]] = {
    "TEXT": {}, "BACKGROUND": {"red": 1, "green": 1, "blue": 1}, "ACCENT1": {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275},
    "ACCENT2": {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314}, "ACCENT3": {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275},
    "ACCENT4": {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902}, "ACCENT5": {"red": 1, "green": 0.42745098, "blue": 0.003921569},
    "ACCENT6": {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706}, "LINK": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8},
}  # fmt: skip
"""The colours of a new spreadsheet's theme (recorded traffic)."""


def _quantised_parts(colour: dict[str, Any]) -> dict[str, Any]:
    return {name: inner if name == "alpha" else _quantised(inner) for name, inner in colour.items()}


def _quantised(part: float) -> float:
    """Return a part of a colour as Google keeps it: one of 256 steps, cut off (recorded traffic: 0.5 comes back as 0.49803922)."""
    return int(struct.unpack("f", struct.pack("f", part))[0] * 255) / 255


def _narrow(number: float) -> float:
    """Return a figure as one of 32 bits is written: with as few digits as tell it from its neighbours."""
    packed = struct.pack("f", number)
    number = float(struct.unpack("f", packed)[0])
    for digits in range(1, 10):
        short = float(f"{number:.{digits}g}")
        if struct.pack("f", short) == packed:
            return short
    return number
