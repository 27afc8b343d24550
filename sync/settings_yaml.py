"""YAML with line numbers: the only importer of PyYAML. What is wrong with a file is a `Fault`, so that all faults can be said at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml

Place = tuple[str | int, ...]
"""Where a value stands in a file: keys, and positions in lists counted from 0."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with the configuration, in the order in which people look for it: by file, then by line."""

    file: str
    line: int
    """From 1; 0 where the file as a whole is meant."""
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}" if self.line else f"{self.file}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Document:
    """One file under config/: its data, and on which line each part of it stands."""

    file: Path
    data: dict[Any, Any]
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of the part, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: Place, sentence: str) -> Fault:
        """Return a fault at that place of the file."""
        name = ".".join(str(part) for part in place)
        return Fault(str(self.file), self.line(place), f"{name}: {sentence}" if name else sentence)


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: `no`, `05` and `2024-02-30` stay text, to be judged by the key that they stand under; no aliases."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        **{first: [("tag:yaml.org,2002:bool", re.compile(r"true|false", re.I))] for first in "tTfF"},
        **{first: [("tag:yaml.org,2002:null", re.compile(r"~|null|", re.I))] for first in ("~", "n", "N", "")},
        **{
            first: [
                ("tag:yaml.org,2002:int", re.compile(r"[-+]?(?:0|[1-9]\d*)$")),
                ("tag:yaml.org,2002:float", re.compile(r"[-+]?\d*\.\d+$")),
            ]
            for first in "-+.0123456789"
        },
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases: a value that stands elsewhere has no line of its own to point at."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="found an alias (*name); write the value out", problem_mark=mark)
        return super().compose_node(parent, index)


def read_document(file: Path) -> tuple[Document | None, list[Fault]]:
    """Return the file's document and what is wrong with the file; no document where nothing could be read."""
    try:
        return _parsed(file, file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        sentence = "not found; put the file there, or name another folder with --config"
    except UnicodeDecodeError:
        sentence = "is not UTF-8; save it again as UTF-8"
    except OSError as error:
        sentence = f"cannot be read ({error.strerror}); it must be a file that you may read"
    return None, [Fault(str(file), 0, sentence)]


def _parsed(file: Path, text: str) -> tuple[Document | None, list[Fault]]:
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else None
    except yaml.reader.ReaderError as error:
        return None, [_unreadable(file, text.count("\n", 0, error.position) + 1, f"found the character #x{error.character:04x}")]
    except (yaml.MarkedYAMLError, ValueError) as error:
        return None, [_syntax_fault(file, error)]
    if not isinstance(data, dict):
        return None, [Fault(str(file), 1, "found no keys; expected lines such as `name: …`")]
    lines: dict[Place, int] = {}
    document = Document(file, data, lines)
    return document, _walk(node, (), lines, document)


def _syntax_fault(file: Path, error: Exception) -> Fault:
    problem = getattr(error, "problem", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    if "end of stream" in problem:
        # A quote or bracket that is never closed is mended where it was opened, not at the end of the file.
        mark = getattr(error, "context_mark", None) or mark
    if r"\t" in problem:
        problem = "found a tab"
    return _unreadable(file, mark.line + 1 if mark else 1, problem)


def _unreadable(file: Path, line: int, problem: str) -> Fault:
    return Fault(str(file), line, f"is no valid YAML: {problem}; check indentation (spaces, no tabs), colons and quotes here")


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int], document: Document) -> list[Fault]:
    """Note the line of every part under ``node``; return the keys that stand in one mapping twice."""
    lines.setdefault(place, node.start_mark.line + 1)
    faults: list[Fault] = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, _key(key))
            if here in lines:
                faults.append(_twice(document, here, key.start_mark.line + 1))
                continue
            lines[here] = key.start_mark.line + 1
            faults += _walk(value, here, lines, document)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            faults += _walk(item, (*place, index), lines, document)
    return faults


def _key(key: yaml.ScalarNode) -> str | int:
    return int(key.value) if key.tag == "tag:yaml.org,2002:int" else str(key.value)


def _twice(document: Document, place: Place, line: int) -> Fault:
    name = ".".join(map(str, place))
    return Fault(str(document.file), line, f"{name}: stands here twice, first on line {document.lines[place]}; keep one")


def nearest(value: object, known: Collection[object]) -> str:
    """Return the end of a sentence: the known value that was probably meant, or all of them."""
    names = sorted(str(one) for one in known)
    near = difflib.get_close_matches(str(value), names, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(names) or 'none'}"
