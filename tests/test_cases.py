"""Case workbooks with their truth beside them: both homes read every cell and every lay-out as the truth says."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from google.oauth2.service_account import Credentials

from sync.edges.google import GoogleSheets, Pace
from sync.edges.google.client import SCOPES, Client
from sync.edges.interface import Spreadsheets
from sync.edges.workbooks import Workbooks
from sync.json_view import activities_json, check_json
from sync.model import Memory
from sync.personal import mask
from sync.resources import default_config_dir
from sync.run import read_district
from sync.settings import load_settings
from sync.settings_values import GoogleSettings
from tests.google import StandIn
from tests.google.workbooks import spreadsheet_of

CASES = Path(__file__).parent / "cases"
CELLS, LAYOUTS = (json.loads((CASES / name / "truth.json").read_text(encoding="utf-8")) for name in ("cells", "layouts"))
Json = dict[str, Any]


@dataclass(frozen=True)
class Read:
    """What a home came to, as the commands print it."""

    check: Json
    activities: list[Json]

    def found(self, cluster: str) -> list[Json]:
        """Return the findings of a cluster."""
        return [one for one in self.check["findings"] if one["cluster"] == cluster]

    def rows(self, cluster: str) -> dict[int, Json]:
        """Return the activities of a cluster by their row."""
        return {one["row"]: one for one in self.activities if one["cluster"] == cluster}


def read(home: Spreadsheets, as_of: date) -> Read:
    """Read the district from a home, as `check` and `activities` do."""
    settings = load_settings(default_config_dir())
    clusters = read_district(home, settings, as_of=as_of, memory=Memory())
    return Read(json.loads(check_json(clusters, as_of)), json.loads(activities_json(clusters, as_of))["activities"])


def in_google(folder: Path, scratch: Path, stack: ExitStack) -> GoogleSheets:
    """Return the folder's workbooks as spreadsheets of the stand-in; one that is not there is not shared."""
    google = stack.enter_context(StandIn(reads=None, writes=None))
    known = [cluster.id for cluster in load_settings(default_config_dir()).organization.clusters]
    places = {one: f"khong-co-{one}" for one in known}
    places |= {path.stem: google.add(spreadsheet_of(path, f"id-{path.stem}")) for path in sorted(folder.glob("*.xlsx"))}
    google.add(title="Tổng hợp", file_id="master")
    credentials = Credentials.from_service_account_file(str(google.key_file(scratch)), scopes=list(SCOPES))
    client = Client(credentials, endpoint=google.url, pace=Pace(10**5, 10**5))
    return GoogleSheets(client, GoogleSettings("master", places), scratch / "out", as_of=date(2024, 12, 1), cache_key=bytes(32))


@pytest.fixture(scope="module", params=["workbooks", "google"])
def readings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Read]]:
    """Both folders of cases, read in one home."""
    found = {}
    with ExitStack() as stack:
        for truth in (CELLS, LAYOUTS):
            folder, scratch = CASES / truth["kind"], tmp_path_factory.mktemp("cases")
            home: Spreadsheets = (
                in_google(folder, scratch, stack)
                if request.param == "google"
                else Workbooks(folder, scratch, max_uncompressed_bytes=10**8, mask=mask)
            )
            found[truth["kind"]] = read(home, date.fromisoformat(truth["as_of"]))
        yield found


@pytest.mark.parametrize("case", CELLS["cases"], ids=lambda one: f"{one['row']}-{one['column']}")
def test_a_cell_is_read_as_the_truth_says(readings: dict[str, Read], case: Json) -> None:
    """Every field that it stands for, and every finding at its row, no more and no less."""
    got = readings["cells"]
    activity = got.rows(case["cluster"])[case["row"]]
    assert {name: activity[name] for name in case["fields"]} == case["fields"], case["raw"]
    found = {(one["cell"], one["code"]) for one in got.found(case["cluster"]) if one["row"] == case["row"]}
    assert found == {(one["cell"], one["code"]) for one in case["findings"]}, case["raw"]


@pytest.mark.parametrize("case", LAYOUTS["clusters"], ids=lambda one: one["layout"])
def test_a_lay_out_is_read_as_the_truth_says(readings: dict[str, Read], case: Json) -> None:
    """Its state, its rows added up, the activities with their row, and the findings."""
    got, cluster = readings["layouts"], case["cluster"]
    told = next(one for one in got.check["clusters"] if one["id"] == cluster)
    assert told["status"] == case["status"]
    codes = defaultdict(set)
    for one in got.found(cluster):
        codes[one["code"]].add(one["cell"])
    expected = {one["code"] for one in case["findings"]}
    assert set(codes) - ({"duplicate-row"} if case["layout"] == "extra_tabs" else set()) == expected
    assert all(one["cell"] in codes[one["code"]] for one in case["findings"] if "cell" in one)
    if case["status"] != "ok":
        return
    assert {name: told["rows"][name] for name in case["rows"]} == case["rows"]
    landed = got.rows(cluster)
    assert set(landed) == {one["row"] for one in case["activities"]}
    for want in case["activities"]:
        assert {name: landed[want["row"]][name] for name in want} == want
