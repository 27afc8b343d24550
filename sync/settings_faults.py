"""What pydantic found wrong, as sentences for people: the place, what was found there, what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sync.model import Column
from sync.settings_yaml import Document, Fault, Place, nearest

M = TypeVar("M", bound=BaseModel)
_LONGEST = 60

_EXPECTED: dict[str, str] = {
    "list_type": "a list",
    "dict_type": "keys with values, or {} for none",
    "model_type": "keys with values",
    "too_short": "at least one",
}
"""pydantic's own kinds of error, for what is no single value; single values say what they expect (`settings_schema`)."""


def validated(document: Document, schema: type[M]) -> tuple[M | None, list[Fault]]:
    """Return the document as the schema's model, or every fault of it."""
    try:
        return schema.model_validate(document.data), []
    except ValidationError as error:
        return None, [_fault(document, schema, problem) for problem in error.errors(include_url=False)]


def _fault(document: Document, schema: type[BaseModel], problem: Mapping[str, Any]) -> Fault:
    place: Place = tuple(part for part in problem["loc"] if part != "[key]")
    say = _SENTENCES.get(problem["type"], _found)
    return document.fault(place, say(schema, place, problem))


def _unknown_key(schema: type[BaseModel], place: Place, problem: Mapping[str, Any]) -> str:
    return f"unknown key{nearest(place[-1], _keys_at(schema, place[:-1]))}"


def _unknown_column(schema: type[BaseModel], place: Place, problem: Mapping[str, Any]) -> str:
    return f"unknown key{nearest(place[-1], list(Column))}"


def _missing(schema: type[BaseModel], place: Place, problem: Mapping[str, Any]) -> str:
    return "is missing; add this key"


def _found(schema: type[BaseModel], place: Place, problem: Mapping[str, Any]) -> str:
    return f"found {shown(problem['input'])}, expected {_expected(problem)}"


_SENTENCES: dict[str, Callable[[type[BaseModel], Place, Mapping[str, Any]], str]] = {
    "extra_forbidden": _unknown_key,
    "invalid_key": _unknown_key,
    "enum": _unknown_column,
    "missing": _missing,
}


def _expected(problem: Mapping[str, Any]) -> str:
    context = problem.get("ctx", {})
    if problem["type"] == "value_error":
        return str(context["error"])
    if problem["type"] == "literal_error":
        return str(context["expected"])
    return _EXPECTED.get(problem["type"], str(problem["msg"]))


def shown(value: Any) -> str:
    """Return a value of the file as people would name it, on one line, cut where it is long."""
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "keys with values"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _keys_at(schema: type[BaseModel], place: Place) -> list[str]:
    model = schema
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), model)
    return list(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)
