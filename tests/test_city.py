"""A level above: twenty districts' masters read as clusters' sheets are; figures by district and ward, with where they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from google.oauth2.credentials import Credentials

from sync.district import District, master_of
from sync.edges.google import GoogleSheets, Pace
from sync.edges.google.client import Client
from sync.edges.outbox import Documents, Outbox
from sync.edges.workbooks import Workbooks
from sync.edges.xlsx import read_xlsx
from sync.model import ClusterStatus, Figures, Sheet, Skipped, Tab
from sync.personal import mask
from sync.publish.cells import heading
from sync.render import Renderer
from sync.resources import default_templates_dir
from sync.run import Edges, RunResult, run
from sync.settings_values import GoogleSettings, Settings
from sync.upward import as_cluster_sheet
from tests.city import AS_OF, EXAMPLE, city, district_run, organization_yaml, write_master
from tests.google import StandIn

OLD = AS_OF - timedelta(days=20)
LATE = "go-vap"
"""The district that has not run for twenty days."""


@pytest.fixture(scope="module")
def settings() -> Settings:
    """The example."""
    return city()


@pytest.fixture(scope="module")
def districts(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, District]:
    """Every district's own run; one of them is old."""
    folder = tmp_path_factory.mktemp("quan")
    return {one.id: district_run(settings, one, folder, OLD if one.id == LATE else AS_OF) for one in settings.organization.clusters}


@pytest.fixture(scope="module")
def folder(districts: dict[str, District], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the districts' masters lie for the city."""
    found = tmp_path_factory.mktemp("thanh-pho") / "so-lieu"
    for name, one in districts.items():
        write_master(one, found, name)
    return found


def run_city(settings: Settings, home: object, out: Path, day: date = AS_OF) -> RunResult:
    """Run the city's main job."""
    edges = Edges(home, Outbox(out), Documents(out))
    return run(edges, settings, Renderer(default_templates_dir()), as_of=day)


def workbooks(folder: Path, out: Path) -> Workbooks:
    """Return the city's home in files."""
    return Workbooks(folder, out, max_uncompressed_bytes=10**8, mask=mask)


@pytest.fixture(scope="module")
def result(settings: Settings, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """The city's run over files."""
    out = tmp_path_factory.mktemp("ket-qua")
    return run_city(settings, workbooks(folder, out), out)


def sums(figures: tuple[Figures, ...]) -> Counter[tuple[str | None, int, str]]:
    """Return (where, target, kind) → quantity."""
    found: Counter[tuple[str | None, int, str]] = Counter()
    for one in figures:
        found[one.unit or one.cluster, one.target, "registered"] += one.registered
        found[one.unit or one.cluster, one.target, "done"] += one.done
    return found


def test_the_example_s_organization_is_the_generator_s():
    """What stands in the repository is what `python -m tests.city` writes."""
    assert (EXAMPLE / "organization.yaml").read_text(encoding="utf-8") == organization_yaml()


def test_figures_by_district_are_each_district_s_own(result, districts):
    """Registered and done of every target, to the last one, mistakes and all."""
    city_figures = sums(result.progress.by_cluster)
    for name, one in districts.items():
        own = sums(one.progress.by_cluster)
        assert {key[1:]: value for key, value in city_figures.items() if key[0] == name and value} == {
            key[1:]: value for key, value in own.items() if value
        }
    assert sum(value for (_, _, kind), value in city_figures.items() if kind == "done") > 100


def test_figures_by_ward_are_each_district_s_own(result, districts):
    """Ten districts have a ward 1: only the district tells them apart."""
    city_figures = {key: value for key, value in sums(result.progress.by_unit).items() if value}
    own = {
        (f"{name}-{unit}", target, kind): value
        for name, one in districts.items()
        for (unit, target, kind), value in sums(one.progress.by_unit).items()
        if value
    }
    assert city_figures == own
    assert len({unit for unit, _, _ in city_figures}) > 40


def test_every_row_knows_its_district_its_row_there_and_the_code_that_the_district_gave(result, districts, folder):
    """The way back: from the city's row to the district's master, and from there to the ward's own line."""
    for data in result.clusters:
        sheet = read_xlsx((folder / f"{data.cluster}.xlsx").read_bytes(), cluster=data.cluster, source="", max_uncompressed_bytes=10**8)
        rows = next(tab for tab in sheet.tabs if tab.title == "Dữ liệu").rows
        own = {one.code: one for cluster in districts[data.cluster].clusters for one in cluster.activities}
        assert len(data.activities) == len(own)
        for one in data.activities:
            assert one.tab == "Dữ liệu"
            assert rows[one.row - 1][0] == one.code
            assert (one.name, one.planned, one.done, one.done_quantity) == (
                own[one.code].name, own[one.code].planned, own[one.code].done, own[one.code].done_quantity,
            )  # fmt: skip
        assert data.fingerprint


def test_a_finding_points_at_the_cell_of_the_district_s_master(result):
    """The ward that there is not: the empty cell of `Đơn vị`, column E there."""
    found = [one for data in result.clusters for one in data.findings if one.code == "missing-unit"]
    assert len(found) == 20
    assert {(one.tab, one.cell[0]) for one in found} == {("Dữ liệu", "E")}


def test_a_district_that_has_not_run_is_named_with_the_day_of_its_figures(result, settings):
    """Its figures count, marked; the run ends with 1."""
    stale = [data for data in result.clusters if data.status is not ClusterStatus.OK]
    assert [(data.cluster, data.status, data.data_as_of) for data in stale] == [(LATE, ClusterStatus.STALE, OLD)]
    assert "15/11/2025" in (stale[0].error or "")
    assert {data.data_as_of for data in result.clusters} == {AS_OF, OLD}
    assert result.needs_a_person
    names = {cluster.id: cluster.name for cluster in settings.organization.clusters}
    assert "Gò Vấp (số liệu cũ, đọc ngày 15/11/2025)" in str(heading("", result.clusters, names, AS_OF)[-1][0].value)


def test_a_spreadsheet_that_is_no_master_is_named(settings, folder, tmp_path):
    """A district that handed in something else, and one that handed nothing in: the others are counted."""
    for path in folder.glob("*.xlsx"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "quan-3.xlsx").write_bytes((folder.parent / "quan" / "quan-3" / "ket-qua" / "tong-hop.xlsx").read_bytes()[:100])
    (tmp_path / "quan-4.xlsx").unlink()
    other = as_cluster_sheet(Sheet("quan-5", "quan-5.xlsx", (Tab("Dữ liệu", [["a"], ["Đơn vị"]]),), ""))
    assert isinstance(other[0], Skipped)
    assert "không phải bảng tổng hợp" in other[0].reason
    found = run_city(settings, workbooks(tmp_path, tmp_path / "out"), tmp_path / "out")
    assert {data.cluster for data in found.clusters if data.status is ClusterStatus.FAILED} == {"quan-3", "quan-4"}


@pytest.fixture
def google(districts: dict[str, District], settings: Settings, tmp_path: Path) -> Iterator[StandIn]:
    """Every district's master as the district's own run writes it in Google, there for the city to look at, not to change."""
    with StandIn(reads=None, writes=None) as found:
        found.access.anyone = found.account
        for name, one in districts.items():
            found.add(title=f"Tổng hợp {name}", file_id=f"id-{name}")
            own = GoogleSheets(client(found), GoogleSettings(f"id-{name}", {}), tmp_path, as_of=one.progress.as_of)
            own.write_master(master_of(one))
            found.share(f"id-{name}", "reader")
        found.add(title="Tổng hợp thành phố", file_id="master")
        yield found
        assert found.broken == []


def client(google: StandIn) -> Client:
    """Return a client of the stand-in."""
    return Client(Credentials("any"), endpoint=google.url, pace=Pace(10**5, 10**5, 10**5, 10**5), sleep=lambda seconds: None)


def test_the_same_from_google_and_nothing_is_written_into_a_district_s_master(google, settings, result, tmp_path):
    """One read a district, of its tab of every row alone; the second run reads none."""
    clusters = {one.id: f"id-{one.id}" for one in settings.organization.clusters}
    places = GoogleSettings("master", clusters, masters=frozenset(clusters))

    def once() -> RunResult:
        return run_city(settings, GoogleSheets(client(google), places, tmp_path / "out", as_of=AS_OF, cache_key=None), tmp_path / "out")

    since = google.last()
    found = once()
    asked = google.asked(since=since)
    assert {one.file for one in asked if one.kind == "write"} == {"master"}
    assert Counter(one.file for one in asked if one.kind == "read") == Counter([*clusters.values(), "master"])
    plain = [replace(one, source="", fingerprint="") for one in found.clusters]
    assert plain == [replace(one, source="", fingerprint="") for one in result.clusters]
    assert found.progress == result.progress
    assert found.problems == ()
    written = google.books["master"].titled("Theo đơn vị")
    assert sum("Bến Nghé" in str(line.get(1)) for line in written.cells.values()) == 2
