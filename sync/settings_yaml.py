"""YAML with line numbers: the only importer of PyYAML."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from sync.model import Column

Path_ = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)
_LONGEST = 60
_EXPECTED = {
    "string_type": "text; put it in quotes",
    "string_too_short": "text",
    "string_unicode": r"whole letters; type the letter itself in place of \u and figures",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "too_short": "at least one",
}
"""pydantic's kinds of error that say too little or too much; `settings_schema` words the others."""


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


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: `no`, `010` and `2024-02-30` stay text, for the key they stand under to judge; no aliases."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML names it so, and copies it before it would change it
        **{first: [("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$", re.I))] for first in "tTfF"},
        **{first: [("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$", re.I))] for first in ("~", "n", "N", "")},
        **{
            first: [
                ("tag:yaml.org,2002:int", re.compile(r"[-+]?(?:0|[1-9]\d*)$", re.A)),
                ("tag:yaml.org,2002:float", re.compile(r"[-+]?\d*\.\d+$", re.A)),
            ]
            for first in "-+.0123456789"
        },
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases: they can go round in a circle, and a value that stands elsewhere has no line of its own."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="found an alias (*name); write the value out", problem_mark=mark)
        return super().compose_node(parent, index)


def read_document(file: Path) -> tuple[Document | None, list[str]]:
    """Return the file's document, or what is wrong with the file."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None, [f"{file}: not found; put the file there, or name another folder with --config"]
    except UnicodeDecodeError:
        return None, [f"{file}: is not UTF-8; save it again as UTF-8"]
    except OSError as error:
        return None, [f"{file}: cannot be read ({error.strerror}); check its permissions"]
    return _parsed(file, text)


def _parsed(file: Path, text: str) -> tuple[Document | None, list[str]]:
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else None
    except yaml.reader.ReaderError as error:
        return None, [_invalid(file, text.count("\n", 0, error.position) + 1, f"found the character #x{ord(text[error.position]):04x}")]
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
    what = getattr(error, "problem", None) or str(error)
    if "end of stream" in what:  # a quote that is never closed is mended where it was opened
        mark = getattr(error, "context_mark", None) or mark
    return _invalid(file, mark.line + 1 if mark else 1, "found a tab" if r"\t" in what else what)


def _invalid(file: Path, line: int, what: str) -> str:
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
    kind = problem["type"]
    if kind in ("extra_forbidden", "invalid_key"):
        return document.problem(path, f"unknown key{nearest(path[-1], _keys_at(schema, path[:-1]))}")
    if kind == "enum":
        return document.problem(path, f"unknown key{nearest(path[-1], list(Column))}")
    if kind == "missing":
        return document.problem(path, "is missing; add this key")
    return document.problem(path, f"found {_shown(problem.get('input'))}, expected {_expected(problem)}")


def _shown(found: Any) -> str:
    if found is None or found in ("", [], {}):
        return "nothing"
    if isinstance(found, dict | list):
        return repr(found) if len(repr(found)) <= _LONGEST else "a list or keys"
    text = str(found).lower() if isinstance(found, bool) else repr(found)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _expected(problem: Mapping[str, Any]) -> str:
    if problem["type"] in _EXPECTED:
        return _EXPECTED[problem["type"]]
    message = str(problem["msg"]).removeprefix("Value error, ").removeprefix("expected ").removeprefix("Input should be ")
    patterns = {
        "[A-Z]": "1 to 8 capital letters A-Z",
        "@": "a mail address such as ten@example.org",
        "a-z0-9": "an id of small letters, digits and hyphens",
    }
    if problem["type"] == "string_pattern_mismatch":
        return next(words for sign, words in patterns.items() if sign in message)
    return message


def nearest(value: object, known: Collection[object]) -> str:
    """Return the end of a sentence: the known value that was probably meant, or all of them."""
    names = sorted(str(one) for one in known)
    near = difflib.get_close_matches(str(value), names, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(names) or 'none'}"


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


def flow(value: Any) -> str:
    """Return text, numbers, days, lists and keys as YAML on one line, quoted where they have to be, for use between commas."""
    return yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")).strip()[1:-1]
