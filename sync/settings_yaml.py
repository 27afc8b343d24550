"""YAML with line numbers: the only importer of PyYAML."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Path_ = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Document:
    """One file under config/: its data, and on which line each part of it stands."""

    file: Path
    data: Any
    lines: Mapping[Path_, int]

    def at(self, *path: str | int) -> str:
        """Return `file:line` of the part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.file}:{self.lines.get(path, 1)}"

    def problem(self, path: Path_, sentence: str) -> str:
        """Return one line of an error: file, line, place, sentence."""
        place = ".".join(str(part) for part in path)
        return f"{self.at(*path)}: {place}: {sentence}" if place else f"{self.at()}: {sentence}"


def read_document(file: Path) -> tuple[Document | None, list[str]]:
    """Return the file's document, or what is wrong with the file."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None, [f"{file}: not found; put the file there, or name another folder with --config"]
    except UnicodeDecodeError:
        return None, [f"{file}: is not UTF-8; save it again as UTF-8"]
    except OSError as error:
        return None, [f"{file}: cannot be read ({error.strerror}); check its permissions"]
    return _parsed(file, text)


def _parsed(file: Path, text: str) -> tuple[Document | None, list[str]]:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        return None, [_syntax_problem(file, error)]
    if not isinstance(data, dict) or node is None:
        return None, [f"{file}:1: found no keys, expected lines such as `name: …`"]
    lines: dict[Path_, int] = {}
    problems: list[str] = []
    document = Document(file, data, lines)
    _walk(node, (), lines, document, problems)
    return document, problems


def _syntax_problem(file: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    what = getattr(error, "problem", None) or str(error)
    return f"{file}:{line}: is no valid YAML: {what}; check the indentation (spaces, no tabs), colons and quotes on this line"


def _walk(node: yaml.Node, path: Path_, lines: dict[Path_, int], document: Document, problems: list[str]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[Any] = set()
        for key, value in node.value:
            name = int(key.value) if key.tag == "tag:yaml.org,2002:int" else key.value
            lines[(*path, name)] = key.start_mark.line + 1
            if name in seen:
                problems.append(
                    f"{document.file}:{key.start_mark.line + 1}: {'.'.join(map(str, (*path, name)))}: stands here twice; keep one"
                )
            seen.add(name)
            _walk(value, (*path, name), lines, document, problems)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), lines, document, problems)


def validated(document: Document, schema: type[M]) -> tuple[M | None, list[str]]:
    """Return the document as the schema's model, or every problem with it."""
    try:
        return schema.model_validate(document.data), []
    except ValidationError as error:
        return None, [_sentence(document, schema, problem) for problem in error.errors()]


def _sentence(document: Document, schema: type[BaseModel], problem: Mapping[str, Any]) -> str:
    path: Path_ = tuple(part for part in problem["loc"] if part != "[key]")
    kind, found = problem["type"], problem.get("input")
    if kind == "extra_forbidden":
        return document.problem(path, f"unknown key{_nearest(schema, path)}")
    if kind == "missing":
        return document.problem(path, "is missing; add this key")
    return document.problem(path, f"found {found!r}, expected {_expected(problem)}")


def _expected(problem: Mapping[str, Any]) -> str:
    message = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input should be ").removeprefix("expected ")
    patterns = {
        "[A-Z]": "1 to 8 capital letters A-Z",
        "@": "a mail address such as ten@example.org",
        "a-z0-9": "an id of small letters, digits and hyphens",
    }
    if problem["type"] == "string_pattern_mismatch":
        return next(words for sign, words in patterns.items() if sign in message)
    return message


def _nearest(schema: type[BaseModel], path: Path_) -> str:
    known = _keys_at(schema, path[:-1])
    near = difflib.get_close_matches(str(path[-1]), known, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}"


def _keys_at(schema: type[BaseModel], path: Path_) -> list[str]:
    model: type[BaseModel] = schema
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            model = _model_in(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in getattr(annotation, "__args__", ()) if (model := _model_in(inner))), None)
