"""Google's discovery documents as a check of what is asked and answered (they ship with google-api-python-client).

A member that the documents do not know is refused with the sentence that Google uses; a value of the wrong type likewise. The
documents know no required members and no one-of groups: those are held in `changes.py`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient

from tests.google.errors import invalid

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


def checked_request(api: str, method: dict[str, Any], body: Any) -> Any:
    """Return the body with its members' names as the documents write them; raise Refused where they know one not at all."""
    reference = method.get("request", {}).get("$ref")
    if reference is None:
        return None
    return _Walk(api, strict_case=False).value({"$ref": reference}, body or {}, "")


def checked_answer(api: str, method: dict[str, Any], body: Any) -> None:
    """Raise AssertionError where our own answer is not one that Google could give."""
    reference = method.get("response", {}).get("$ref")
    if reference is None:
        return
    try:
        _Walk(api, strict_case=True).value({"$ref": reference}, body, "")
    except Exception as error:
        raise AssertionError(f"the stand-in's own answer to {method['id']} is wrong: {error}") from error


def checked_parameters(api: str, method: dict[str, Any], given: dict[str, list[str]]) -> None:
    """Raise Refused where a parameter of the address is unknown, or is not of its type."""
    known = {**document(api)["parameters"], **method.get("parameters", {})}
    for name, values in given.items():
        described = known.get(name) or known.get(_SNAKE.sub(lambda hit: hit[1].upper(), name))
        if described is None:
            raise invalid(
                f"Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could not be found in request message."
            )
        if len(values) > 1 and not described.get("repeated"):
            raise invalid(f"Invalid value at '{name}', Proto field is not repeating, cannot start list.")
        for value in values:
            _check_text_of(described, name, value)


def _check_text_of(described: dict[str, Any], name: str, value: str) -> None:
    kind = described.get("type")
    if kind == "boolean" and value.lower() not in {"true", "false", "1", "0"}:
        raise invalid(f"Invalid value at '{name}' (TYPE_BOOL), \"{value}\"")
    if kind == "integer" and not re.fullmatch(r"-?\d+", value):
        raise invalid(f"Invalid value at '{name}' (TYPE_INT32), \"{value}\"")
    if "enum" in described and value not in described["enum"]:
        raise invalid(f"Invalid value at '{name}' (type.googleapis.com/google.apps.sheets.v4.{name[:1].upper()}{name[1:]}), \"{value}\"")


class _Walk:
    """Walks a JSON value along its description."""

    def __init__(self, api: str, *, strict_case: bool) -> None:
        self._schemas = document(api)["schemas"]
        self._strict = strict_case

    def value(self, described: dict[str, Any], value: Any, path: str) -> Any:
        if value is None and not self._strict:
            return None
        if "$ref" in described:
            described = self._schemas[described["$ref"]]
        kind = described.get("type")
        if kind == "object":
            return self._object(described, value, path)
        if kind == "array":
            if not isinstance(value, list):
                if self._strict or isinstance(value, dict | str):
                    raise invalid(f"Invalid value at '{path}' (type is a list), {json.dumps(value, ensure_ascii=False)[:80]}")
                value = [value]
            return [self.value(described["items"], one, f"{path}[{number}]") for number, one in enumerate(value)]
        return self._plain(kind, described, value, path)

    def _object(self, described: dict[str, Any], value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise invalid(f"Invalid value at '{path}' ({described.get('id', 'object')}), {json.dumps(value, ensure_ascii=False)[:80]}")
        members, others = described.get("properties", {}), described.get("additionalProperties")
        found = {}
        for name, inner in value.items():
            at = f"{path}.{name}" if path else name
            right = name if name in members or self._strict else _SNAKE.sub(lambda hit: hit[1].upper(), name)
            if right in members:
                found[right] = self.value(members[right], inner, at)
            elif others is not None:
                found[name] = self.value(others, inner, at)
            else:
                where = f" at '{path}'" if path else ""
                raise invalid(f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.')
        return found

    def _plain(self, kind: str | None, described: dict[str, Any], value: Any, path: str) -> Any:
        if kind == "string":
            wanted = isinstance(value, str) or (described.get("format") in {"int64", "uint64"} and isinstance(value, int))
            if wanted and "enum" in described and value not in described["enum"]:
                wanted = False
            return self._held(wanted, value, path, "TYPE_ENUM" if "enum" in described else "TYPE_STRING")
        if kind == "integer":
            if isinstance(value, str) and not self._strict and re.fullmatch(r"-?\d+", value):
                return int(value)
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            return self._held(isinstance(value, int) and not isinstance(value, bool), value, path, "TYPE_INT32")
        if kind == "number":
            return self._held(isinstance(value, int | float) and not isinstance(value, bool), value, path, "TYPE_DOUBLE")
        if kind == "boolean":
            return self._held(isinstance(value, bool), value, path, "TYPE_BOOL")
        return value

    def _held(self, right: bool, value: Any, path: str, kind: str) -> Any:
        if not right:
            raise invalid(f"Invalid value at '{path}' ({kind}), {json.dumps(value, ensure_ascii=False)[:80]}")
        return value
