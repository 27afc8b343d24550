"""Field masks: `a,b(c,d/e),sheets.data` as Google reads them (guide "Field masks" of Sheets; partial responses of Drive)."""

from __future__ import annotations

import re
from typing import Any

from tests.google.errors import invalid

Mask = dict[str, "Mask | None"]
"""Member → mask of what is inside, `None` for all of it. `*` stands for every member."""
_SNAKE = re.compile(r"_([a-z0-9])")
_TOKEN = re.compile(r"[A-Za-z_*][\w]*|[(),./]|\*")


def parse(text: str) -> Mask:
    """Return the mask; raise Refused where it cannot be read."""
    tokens = _TOKEN.findall(text.replace(" ", ""))
    if "".join(tokens) != text.replace(" ", ""):
        raise invalid(f"Invalid field selection {text}")
    mask, at = _group(tokens, 0, text)
    if at != len(tokens):
        raise invalid(f"Invalid field selection {text}")
    return mask


def _group(tokens: list[str], at: int, text: str) -> tuple[Mask, int]:
    mask: Mask = {}
    while at < len(tokens):
        at = _path(tokens, at, mask, text)
        if at < len(tokens) and tokens[at] == ",":
            at += 1
            continue
        break
    return mask, at


def _path(tokens: list[str], at: int, mask: Mask, text: str) -> int:
    here = mask
    while True:
        if at >= len(tokens) or tokens[at] in "(),./":
            raise invalid(f"Invalid field selection {text}")
        name, at = tokens[at], at + 1
        following = tokens[at] if at < len(tokens) else ""
        if following in ("/", ".") and following:
            here, at = _inside(here, name), at + 1
            continue
        if following == "(":
            inner, at = _group(tokens, at + 1, text)
            if at >= len(tokens) or tokens[at] != ")":
                raise invalid(f"Invalid field selection {text}")
            _join(_inside(here, name), inner)
            return at + 1
        here[name] = None
        return at


def _inside(mask: Mask, name: str) -> Mask:
    inner = mask.setdefault(name, {})
    return inner if inner is not None else {}


def _join(mask: Mask, other: Mask) -> None:
    for name, inner in other.items():
        mine = mask.get(name, {})
        if inner is None or mine is None:
            mask[name] = None
        else:
            _join(mine, inner)
            mask[name] = mine


def resolved(mask: Mask, schemas: dict[str, Any], reference: str, path: str = "") -> Mask:
    """Return the mask with members spelled as in the discovery document; raise UnknownField where it knows one not."""
    return _resolved(mask, schemas, {"$ref": reference}, path)


def _resolved(mask: Mask, schemas: dict[str, Any], around: dict[str, Any], path: str) -> Mask:
    """Resolve a mask against a schema, or against one that is written where it is used (Drive's `capabilities`)."""
    members = schemas[around["$ref"]].get("properties", {}) if "$ref" in around else around.get("properties", {})
    found: Mask = {}
    for given, inner in mask.items():
        name = given if given in members or given == "*" else _SNAKE.sub(lambda hit: hit[1].upper(), given)
        at = f"{path}.{given}" if path else given
        if name not in members and name != "*":
            raise UnknownField(at)
        described = members.get(name, around)
        described = described.get("items", described)
        if inner and "$ref" not in described and "properties" not in described:
            raise UnknownField(f"{at}.{next(iter(inner))}")
        found[name] = _resolved(inner, schemas, described, at) if inner and name != "*" else inner
    return found


class UnknownField(Exception):
    """A member that a mask names, by its path, and that there is not."""


def wants(mask: Mask | None, *path: str) -> bool:
    """Return whether anything at this path, or inside it, is asked for."""
    for name in path:
        if mask is None:
            return True
        if name not in mask and "*" not in mask:
            return False
        mask = mask[name] if name in mask else mask["*"]
    return True


def apply(mask: Mask | None, value: Any) -> Any:
    """Return the part of a JSON value that the mask asks for; members that are empty then are left out."""
    if mask is None:
        return value
    if isinstance(value, list):
        return [apply(mask, one) for one in value]
    if not isinstance(value, dict):
        return value
    every = mask.get("*", {})
    if "*" in mask and every is None:
        return value
    found = {}
    for name, inner in value.items():
        if name in mask:
            found[name] = apply(mask[name], inner)
        elif "*" in mask:
            found[name] = apply(every, inner)
    return found


def update(mask: Mask | None, target: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """Return the target with what the mask names taken from the source; named and absent there means cleared."""
    if mask is None or ("*" in mask and mask["*"] is None):
        return {**target, **source}
    changed = dict(target)
    for name, inner in mask.items():
        twin = name.removesuffix("Style") if name.endswith("Style") else f"{name}Style"
        if "olor" in name and twin not in mask:
            changed.pop(twin, None)  # a colour has two spellings; the one written last holds
        if inner is None:
            changed.pop(name, None)
            if name in source and source[name] is not None:
                changed[name] = source[name]
        else:
            merged = update(inner, changed.get(name) or {}, source.get(name) or {})
            changed.pop(name, None)
            if merged:
                changed[name] = merged
    return changed
