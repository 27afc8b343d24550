"""Where the files that come with the program lie: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

_RECKONS_WITH = ("numpy", "pandas", "rapidfuzz")
"""Which names are alike, and what adds up to what, is theirs to say."""
_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    inside = _PACKAGE / "_data" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def default_config_dir() -> Path:
    """Return the folder of the configuration that comes with the program."""
    return _folder("config")


def default_templates_dir() -> Path:
    """Return the folder of the report templates."""
    return _folder("report_templates")


def program_digest() -> str:
    """Return a digest of the program itself and of what it reckons with: another one where a line, or a version, is another."""
    return digest_of((files_digest(_PACKAGE.rglob("*.py")), sys.version, *versions_of(_RECKONS_WITH)))


def versions_of(libraries: Iterable[str]) -> Iterator[str]:
    """Yield name and version of each library."""
    return (f"{library} {version(library)}" for library in libraries)


def digest_of(parts: Iterable[str]) -> str:
    """Return a digest of texts, one after another."""
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part.encode(errors="surrogatepass") + b"\0")
    return digest.hexdigest()


def files_digest(files: Iterable[Path]) -> str:
    """Return a digest of the names and contents of files."""
    digest = blake2b(digest_size=16)
    for path in sorted(files):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
