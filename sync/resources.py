"""Where the files that come with the program lie: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

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
