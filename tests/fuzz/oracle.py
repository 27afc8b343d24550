"""What must hold whatever comes in: one sentence or a reading whose rows reconcile; never a traceback."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sync.check import check
from sync.edges.google import GoogleSheets
from sync.edges.workbooks import Workbooks
from sync.edges.xlsx import read_xlsx
from sync.errors import ConfigError, DonghanhError, SourceError
from sync.json_view import activities_json, check_json
from sync.layout import Workbook
from sync.model import ClusterData, Memory, Sheet, Tab
from sync.normalise import Reader
from sync.personal import mask
from sync.publish import feedback
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.rollup import roll_up
from sync.sample import lay_out
from sync.settings import load_settings
from sync.settings_values import GoogleSettings, Settings
from tests.fuzz import mutate
from tests.fuzz.mutate import Lot

AS_OF = date(2025, 12, 5)
CLUSTER = "y-te"
LIMIT = 30_000_000
"""Bytes unpacked."""


@cache
def settings() -> Settings:
    """Return the packaged configuration."""
    return load_settings(default_config_dir())


@cache
def reader() -> Reader:
    """Return the packaged district's reader."""
    return Reader(settings().plan, settings().organization)


@cache
def whole_workbook(cluster: str) -> bytes:
    """Return a workbook of the sample district."""
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder))
        return (Path(folder) / f"{cluster}.xlsx").read_bytes()


@cache
def whole_parts(cluster: str) -> Mapping[str, bytes]:
    """Return its parts."""
    with zipfile.ZipFile(io.BytesIO(whole_workbook(cluster))) as package:
        return {name: package.read(name) for name in package.namelist()}


def judged(sheet: Sheet) -> ClusterData:
    """Return what a sheet comes to, after looking that its rows reconcile and that it can be told as JSON and added up."""
    (data,) = check([reader().read(sheet, as_of=AS_OF)], plan=settings().plan, organization=settings().organization, as_of=AS_OF)
    rows = data.rows
    assert rows.read == rows.counted + rows.excluded + rows.ignored, rows
    assert min(rows.read, rows.counted, rows.excluded, rows.ignored) >= 0, rows
    json.loads(check_json([data], AS_OF))
    json.loads(activities_json([data], AS_OF))
    roll_up([data], plan=settings().plan, organization=settings().organization, memory=Memory(), year=2025, as_of=AS_OF)
    return data


def feedback_of(data: ClusterData) -> Any:
    """Return what the cluster is told."""
    progress = roll_up([data], plan=settings().plan, organization=settings().organization, memory=Memory(), year=2025, as_of=AS_OF)
    return feedback(data, progress=progress, plan=settings().plan, organization=settings().organization, codes={}, as_of=AS_OF)


def only_sentences(action: Callable[[], Any]) -> Any:
    """Return what the action returns, `None` where it raised a finished sentence; anything else it raises is a defect."""
    try:
        return action()
    except DonghanhError as error:
        assert str(error).strip(), "a fault without a sentence"
        return None


def workbook(lot: Lot, folder: Path) -> None:
    """A broken .xlsx is read or refused, and told about in its copy."""
    data = mutate.mutated_package(lot, dict(whole_parts(CLUSTER)))
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / f"{CLUSTER}.xlsx").write_bytes(data)
    home = Workbooks(folder / "in", folder / "out", max_uncompressed_bytes=LIMIT, mask=mask)
    sheet = only_sentences(lambda: home.read(CLUSTER))
    if sheet is not None:
        only_sentences(lambda: home.write_feedback(feedback_of(judged(sheet))))


def raw_bytes(lot: Lot) -> None:
    """Anything at all in the place of a workbook."""
    data = mutate.mutated_bytes(lot, whole_workbook(CLUSTER)) if lot.number(2) else b"PK\x03\x04"[: lot.number(5)] + lot.data(400)
    try:
        judged(read_xlsx(data, cluster=CLUSTER, source="y-te.xlsx", max_uncompressed_bytes=LIMIT))
    except SourceError as error:
        assert str(error).endswith("."), error


def cells(lot: Lot) -> None:
    """Odd cells below and above an odd header."""
    (tab,) = read_xlsx(whole_workbook(CLUSTER), cluster=CLUSTER, source="y", max_uncompressed_bytes=LIMIT).tabs[:1]
    rows = [list(row) for row in tab.rows]
    for _ in range(1 + lot.number(30)):
        row = rows[lot.number(len(rows))]
        if row:
            found = mutate.value(lot)
            row[lot.number(len(row))] = found if isinstance(found, str | int | float | bool) else ""
    for _ in range(lot.number(4)):
        rows.insert(lot.number(len(rows)), [mutate.text(lot) for _ in range(lot.number(20))])
    judged(Sheet(CLUSTER, "y", (Tab(tab.title if lot.number(4) else mutate.text(lot), rows, tab.merges),), "x"))


class _Answers:
    """Stands where the client of Google stands, with one answer for everything."""

    account, now = "a@example.org", 0.0
    effort = SimpleNamespace(sentence=lambda: "")

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def spreadsheet(self, *asked: Any) -> Any:
        return self._answer

    spreadsheet_by_row = spreadsheet

    def files(self, *asked: Any, kept: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        return {"x": kept({"id": "x", "name": "y-te", "modifiedTime": "1", "version": "1"})}

    def change(self, *asked: Any, **others: Any) -> Any:
        return self._answer

    def pause(self, seconds: float) -> None:
        """Nothing is waited for."""


def home_with(answer: Any, folder: Path, *, key: bytes | None) -> GoogleSheets:
    """Return the home in a Google that says the same to whatever is asked."""
    client: Any = _Answers(answer)
    return GoogleSheets(client, GoogleSettings("master", {CLUSTER: "x"}), folder, as_of=AS_OF, cache_key=key)


def answer(lot: Lot, whole: Any, folder: Path) -> None:
    """A broken answer of `spreadsheets.get`, for a cluster's sheet and for the master."""
    broken = mutate.mutated_json(lot, whole)
    if not isinstance(broken, dict):
        return
    home = home_with(broken, folder, key=None)
    sheet = only_sentences(lambda: home.read(CLUSTER))
    if sheet is not None:
        data = judged(sheet)
        only_sentences(lambda: home.write_feedback(feedback_of(data)))
    only_sentences(home.read_memory)
    only_sentences(lambda: home.write_master(Workbook("x", ())))


def configuration(lot: Lot, folder: Path) -> None:
    """Broken files under config/ are every one a `ConfigError`."""
    for file in default_config_dir().glob("*.yaml"):
        data = file.read_bytes()
        if lot.number(2):
            snippets = (
                b": ",
                b"- ",
                b"&a ",
                b"*a",
                b"!!python/object/apply:os.system [x]",
                b"{",
                b"[",
                b"\t",
                b"|\n",
                b"'",
                b'"',
                b"0x1f",
                b"2024-02-30",
                b"~",
                b"---\n",
                b"? ",
                b"<<: *a",
            )
            data = mutate.mutated_bytes(lot, data, snippets)
        (folder / file.name).write_bytes(data)
    try:
        load_settings(folder)
    except ConfigError as error:
        assert str(error).strip()


def template(lot: Lot, view: Any, folder: Path) -> None:
    """A broken template is a `ConfigError`; no template reaches what lies outside the view."""
    names = ["ket-qua.html.j2", "_annex_activities.html.j2", "_style.css.j2", "_page.html.j2"]
    name = names[lot.number(len(names))]
    snippets = (
        b"{{ x }}",
        b"{% for i in bao_cao %}",
        b"{% endfor %}",
        b"{{ bao_cao.__class__.__mro__ }}",
        b"{% include 'ket-qua.html.j2' %}",
        b"{{ 1/0 }}",
        b"{{ 'x' * 99 }}",
        b"{% if",
        b"{#",
        b"{{ bao_cao.title | tojson }}",
        b"{{ range(10) | sum }}",
        b"{% set x = 1 %}",
        b"\xff",
    )
    for stale in folder.glob("*.j2"):
        stale.unlink()
    (folder / name).write_bytes(mutate.mutated_bytes(lot, (default_templates_dir() / name).read_bytes(), snippets))
    try:
        Renderer(default_templates_dir(), own=folder).html(view)
    except ConfigError as error:
        assert str(error).strip()
