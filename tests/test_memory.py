"""However many spreadsheets a district has, a run holds only so many of them at a time: counted where they are made and let go."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.oauth2.credentials import Credentials

from benchmarks.google_sheets import add_spreadsheets
from benchmarks.pipeline import district, make
from sync.double_count import events, same_events, told_apart
from sync.edges import workbooks
from sync.edges.google import GoogleSheets, Pace, home, pulls
from sync.edges.google.client import Client
from sync.edges.google.tabs import standing_of, value_of
from sync.edges.interface import Spreadsheets
from sync.edges.outbox import Documents, Outbox
from sync.edges.workbooks import Workbooks
from sync.model import Period, Sheet
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, RunResult, run
from sync.settings import load_settings
from sync.settings_values import GoogleSettings, Settings
from tests.google import StandIn

CLUSTERS, AT_A_TIME = 60, 4
DAY, LATER = date(2025, 12, 5), date(2025, 12, 25)


@dataclass
class Count:
    """How many values of a kind there are, and were at most."""

    now: int = 0
    most: int = 0
    ever: int = 0
    lock: Any = field(default_factory=threading.RLock)

    def more(self) -> None:
        """One was made."""
        with self.lock:
            self.now, self.ever = self.now + 1, self.ever + 1
            self.most = max(self.most, self.now)

    def less(self) -> None:
        """One is gone."""
        with self.lock:
            self.now -= 1

    def since(self) -> tuple[int, int]:
        """Return the most at a time and how many in all since this was asked last."""
        with self.lock:
            found = self.most, self.ever
            self.most, self.ever = self.now, 0
            return found


class Watched:
    """A value that is counted from its making to its end."""

    count: Count

    def __new__(cls, *given: Any, **named: Any) -> Any:
        """Make one."""
        cls.count.more()
        return super().__new__(cls, *given, **named) if issubclass(cls, bytes) else super().__new__(cls)

    def __del__(self) -> None:
        self.count.less()


@dataclass
class Counts:
    """The spreadsheets that a run holds."""

    sheets: Count = field(default_factory=Count)
    answers: Count = field(default_factory=Count)
    files: Count = field(default_factory=Count)


@pytest.fixture
def alive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counts]:
    """Count every sheet, every answer of Google's but the master's, and every file that is read."""
    counts = Counts()
    sheet_class = type("WatchedSheet", (Watched, Sheet), {"count": counts.sheets})
    answer_class = type("WatchedAnswer", (Watched, dict), {"count": counts.answers})
    file_class = type("WatchedFile", (Watched, bytes), {"count": counts.files})

    def watched_sheet(sheet: Sheet) -> Any:
        return sheet_class(**{one.name: getattr(sheet, one.name) for one in fields(sheet)})

    for module, name in ((home, "sheet_of"), (pulls, "unpacked_sheet"), (workbooks, "read_xlsx")):
        made = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, made=made, **named: watched_sheet(made(*given, **named)))
    unpacked, read = pulls.unpacked_answer, Workbooks._bytes
    monkeypatch.setattr(pulls, "unpacked_answer", lambda data: answer_class(unpacked(data)))
    monkeypatch.setattr(Workbooks, "_bytes", lambda self, cluster: file_class(read(self, cluster)))
    for name in ("spreadsheet", "change"):
        asked = getattr(Client, name)

        def answered(self: Client, spreadsheet_id: str, *given: Any, asked: Any = asked, **named: Any) -> Any:
            answer = asked(self, spreadsheet_id, *given, **named)
            return answer if spreadsheet_id == "master" else answer_class(answer)

        monkeypatch.setattr(Client, name, answered)
    yield counts
    assert (counts.sheets.now, counts.answers.now, counts.files.now) == (0, 0, 0)


@pytest.fixture
def settings() -> Settings:
    """Sixty clusters."""
    plan, organization = district(CLUSTERS, 1)
    return replace(load_settings(default_config_dir()), plan=plan, organization=organization)


def run_over(spreadsheets: Spreadsheets, settings: Settings, out: Path, day: date = DAY) -> RunResult:
    """Run the main job."""
    return run(Edges(spreadsheets, Outbox(out), Documents(out)), settings, Renderer(default_templates_dir()), as_of=day)


@pytest.mark.parametrize("key", [bytes(32), None], ids=["with a cache", "without"])
def test_over_google_a_run_holds_as_many_as_it_reads_at_a_time(alive, settings, tmp_path, monkeypatch, key):
    """In the first run, in the one that reads its own writes, where nothing changed, and where all are told something new."""
    monkeypatch.setattr(home, "_SIDE_BY_SIDE", AT_A_TIME)
    with StandIn(reads=None, writes=None) as google:
        google.access.anyone = google.account
        ids = {cluster.id: f"id-{cluster.id}" for cluster in settings.organization.clusters}
        add_spreadsheets(google, ids, 2, 1)
        google.add(title="master", file_id="master")

        def once(day: date = DAY) -> tuple[tuple[int, int], tuple[int, int]]:
            client = Client(Credentials("any"), endpoint=google.url, pace=Pace(*[10**6] * 4))
            run_over(GoogleSheets(client, GoogleSettings("master", ids), tmp_path, as_of=day, cache_key=key), settings, tmp_path, day)
            return alive.sheets.since(), alive.answers.since()

        for day in (DAY, DAY, LATER):
            (sheets, read), (answers, _) = once(day)
            assert read == CLUSTERS
            assert 0 < sheets <= AT_A_TIME
            assert 0 < answers <= 3 * AT_A_TIME  # as it was, as it is, and as the write left it
        once(LATER)
        (_, read), (_, unpacked) = once(LATER)
        assert read == (0 if key else CLUSTERS)  # with a cache it is known what they come to on this day
        assert unpacked == (0 if key else 2 * CLUSTERS)  # and that all is said
        (sheets, read), _ = once(LATER + timedelta(days=1))
        assert read == CLUSTERS
        assert 0 < sheets <= AT_A_TIME
        assert google.broken == []


def test_over_a_folder_a_run_holds_one(alive, settings, tmp_path):
    """Its file and its sheet, when it is read; its file, when it is told."""
    (tmp_path / "in").mkdir()
    make(tmp_path / "in", CLUSTERS, 2)
    spreadsheets = Workbooks(tmp_path / "in", tmp_path / "out", max_uncompressed_bytes=10**7, mask=mask)
    result = run_over(spreadsheets, settings, tmp_path / "out")
    assert len(list((tmp_path / "out" / "phan-hoi").iterdir())) == len(result.clusters) == CLUSTERS
    assert alive.sheets.since() == (1, CLUSTERS)
    most, read = alive.files.since()
    assert read == 2 * CLUSTERS
    assert 0 < most <= 2


def test_equal_cells_of_a_master_are_one_object():
    """And what is equal in Python but not in a spreadsheet stays apart."""
    values = [{"stringValue": "1"}, {"numberValue": 1}, {"boolValue": True}, {"errorValue": {"type": "REF"}}, {}]
    line = {"values": [{"userEnteredValue": dict(one)} if one else {} for one in values]}
    assert list(map(value_of, line["values"])) == ["1", 1.0, ("boolValue", True), ("errorValue", "{'type': 'REF'}"), None]
    twice = [json.loads(json.dumps(line)) for _ in range(2)]
    first, second = standing_of({"properties": {"title": "T"}, "data": [{"rowData": twice}]}).lines
    assert first == second == tuple(map(value_of, line["values"]))
    assert all(one is other for one, other in zip(first, second, strict=True))


def test_the_search_for_double_counts_leaves_nothing_to_collect():
    """The cyclic collector is off during a run: a cycle a row would stay, with all that hangs on it, to the end."""
    told = told_apart(["hoi thi ve tranh"])
    clusters = [events([0], [1], [Period(DAY + timedelta(days), LATER + timedelta(days))], *told) for days in (*range(15), *[0] * 35)]
    list(same_events(clusters[:2]))  # what it needs is imported then
    gc.collect()
    gc.disable()
    try:
        assert len(list(same_events(clusters))) == 50 * 49 // 2
        assert gc.collect() < 15  # days
    finally:
        gc.enable()
