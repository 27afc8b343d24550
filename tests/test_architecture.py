"""The import rules of docs/architecture.md, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("pull", "normalise", "check", "rollup", "publish", "render", "deliver")
OWNERS = {
    "jinja2": ("render",), "css_inline": ("render",), "yaml": ("settings_yaml",), "pandas": ("rollup",), "numpy": ("folding",), "click": ("cli",),
    "rapidfuzz": ("normalise.names", "double_count", "settle"), "pydantic": ("settings", "settings_schema", "settings_types", "settings_yaml", "journal", "snapshot"),
    "python_calamine": ("edges.xlsx", "edges.workbooks"), "openpyxl": ("edges.workbook_copy", "edges.workbook_mask", "edges.workbook_progress", "edges.workbook_form"), "xlsxwriter": ("edges.workbook_writer", "sample"),
    "gspread": ("edges.google.client", "edges.google.credential"), "google": ("edges.google.client", "edges.google.credential"), "requests": ("edges.google.credential",), "tenacity": ("edges.google.credential", "edges.smtp"),
    "weasyprint": ("pdf",), "docx": ("word", "word_tables"), "lxml": ("word",),
    "holidays": ("working_days",), "icalendar": ("agenda_ics",), "smtplib": ("edges.smtp",), "distributed": ("edges.workers",), "cryptography": ("edges.google.cache",), "msgspec": ("edges.google.decoding",), "matplotlib": ("charts.sheet",), "fontTools": ("charts.sheet",), "PIL": ("charts.sheet",),
}  # fmt: skip


def modules() -> dict[str, str]:
    """Return module name (without `sync.`) → source."""
    found = {}
    for path in (ROOT / "sync").rglob("*.py"):
        name = ".".join(path.relative_to(ROOT / "sync").with_suffix("").parts).removesuffix(".__init__")
        found[name] = path.read_text(encoding="utf-8")
    return found


def imports(source: str) -> Iterator[str]:
    """Yield every module that the source imports at run time."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def stage_of(name: str) -> str | None:
    """Return the stage that a module belongs to."""
    return next((stage for stage in STAGES if name == stage or name.startswith(f"{stage}.")), None)


def violations(sources: dict[str, str]) -> list[str]:
    """Return every breach of the rules."""
    reach = reaching_stages({**modules(), **sources})
    return [
        f"{name}: {breach}"
        for name, source in sources.items()
        for breach in sorted({*_edges(name, source, reach), *_libraries(name, source), *_clock(name, source)})
    ]


def reaching_stages(sources: dict[str, str]) -> frozenset[str]:
    """Return the modules that lead to a stage by what they import, and what that imports."""
    asked = {name: {one.removeprefix("sync.") for one in imports(source) if one.startswith("sync.")} for name, source in sources.items()}
    found = {name for name in asked if stage_of(name)}
    while more := {name for name, needed in asked.items() if name not in found and needed & found}:
        found |= more
    return frozenset(found)


def _edges(name: str, source: str, reach: frozenset[str]) -> Iterator[str]:
    for imported in (one.removeprefix("sync.") for one in imports(source) if one.startswith("sync.")):
        if imported.split(".")[0] == "cli":
            yield "imports cli"
        if name == "run" and imported.startswith("edges.") and not imported.startswith("edges.interface"):
            yield f"run names the edge {imported}"
        own, other = stage_of(name), stage_of(imported)
        if own and other and own != other:
            yield f"stage imports stage {other}"
        if name.startswith("edges.") and imported in reach:
            yield f"edge imports {imported}, which is a stage or leads to one"


def _libraries(name: str, source: str) -> Iterator[str]:
    for imported in imports(source):
        library = imported.split(".")[0]
        if library in OWNERS and name not in OWNERS[library]:
            yield f"{library} belongs to {OWNERS[library]}"


def _clock(name: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in {"datetime.now", "date.today", "datetime.today", "time.time", "datetime.utcnow"}
            and name != "cli"
        ):
            yield "reads the clock"


def test_the_rules_hold() -> None:
    """No module breaks a rule."""
    assert violations(modules()) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("check", "from sync.rollup import roll_up"), ("check", "from sync import cli"), ("run", "from sync.edges.outbox import Outbox"), ("edges.files", "import sync.pull"),
        ("report", "import pandas as pd"), ("plan", "from jinja2 import Template"), ("model", "import yaml"), ("normalise.dates", "from datetime import date\ndate.today()"),
        ("deliver", "import smtplib"), ("publish.master", "import openpyxl"),
        ("journal", "import msgspec"), ("edges.google.results", "from sync.earlier import results_mark"), ("edges.google.results", "from sync import judged_json"),
    ],
)  # fmt: skip
def test_a_planted_violation_is_seen(name: str, source: str) -> None:
    """The rules can fail."""
    assert violations({name: source})


def test_the_order_of_the_stages_is_told_once() -> None:
    """The package's docstring names the stages in the order in which run.py calls them."""
    doc = ast.get_docstring(ast.parse((ROOT / "sync" / "__init__.py").read_text(encoding="utf-8"))) or ""
    told = [line.split(".")[1].split(":")[0].strip() for line in doc.splitlines() if line[:1].isdigit()]
    said = (
        ast.get_docstring(
            next(
                node
                for node in ast.parse((ROOT / "sync" / "run.py").read_text(encoding="utf-8")).body
                if getattr(node, "name", "") == "run"
            )
        )
        or ""
    ).splitlines()[0]
    assert told == list(STAGES)
    assert [step.strip().replace("roll up", "rollup") for step in said.split(":")[1].rstrip(".").split("→")] == told
