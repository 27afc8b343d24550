"""What an earlier run made of a spreadsheet is made again where anything that it follows from is another, and equals it where nothing is."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.check import Judged
from sync.cluster_task import ClusterTask
from sync.earlier import EarlierResults, results_mark
from sync.edges.dry import DrySpreadsheets
from sync.edges.google.cache import Cache, Head
from sync.edges.google.pulls import Pulls
from sync.edges.google.results import _NAME, Results
from sync.edges.workers import hired
from sync.judged_json import dumped, loaded
from sync.model import Activity, ClusterData, ClusterStatus, Column, Memory, Sheet, Tab
from sync.resources import default_config_dir
from sync.run import read_district
from sync.sample import DEMO_AS_OF
from sync.settings import load_settings
from sync.settings_values import Settings, WorkSettings
from tests.test_google_home import CLUSTER, District, another_district, district, plain  # noqa: F401 - a fixture
from tests.test_unchanged import Runs, cells_of, pages_of

SETTINGS = load_settings(default_config_dir()).on(DEMO_AS_OF)


class Reading:
    """Readings of the sample district over Google, each by a fresh home, and which clusters they judged anew."""

    def __init__(self, office: District) -> None:
        self.district, self.anew = office, list[str]()

    @property
    def all(self) -> list[str]:
        """Every cluster."""
        return sorted(self.district.clusters)

    @property
    def file(self) -> Path:
        """Where results are kept."""
        return Cache(self.district.folder / "out", "", None).path(_NAME)

    def once(
        self, day: date = DEMO_AS_OF, settings: Settings = SETTINGS, *, work: str = "threads", full: bool = False, dry: bool = False
    ) -> list[ClusterData]:
        """Read and judge every cluster."""
        home = self.district.home(day)
        home._full = full
        self.anew.clear()
        with hired(WorkSettings(work, 2)) as workers:
            return read_district(DrySpreadsheets(home) if dry else home, settings, as_of=day, memory=Memory(), workers=workers)

    def without(self, day: date = DEMO_AS_OF, settings: Settings = SETTINGS) -> list[ClusterData]:
        """Read and judge every cluster as where nothing is kept."""
        home = self.district.home(day)
        home._pulls._cache.keeps = False
        return read_district(home, settings, as_of=day, memory=Memory())


@pytest.fixture
def reading(district: District, monkeypatch: pytest.MonkeyPatch) -> Reading:  # noqa: F811
    """A district that was read once, so that all is known; what is judged anew is noted."""
    found, keep = Reading(district), EarlierResults.keep

    def noted(self: EarlierResults, cluster: str, judged: Judged) -> None:
        found.anew.append(cluster)
        keep(self, cluster, judged)

    monkeypatch.setattr(EarlierResults, "keep", noted)
    found.once()
    assert sorted(found.anew) == found.all
    return found


@pytest.mark.parametrize("first", ["threads", "processes"])
@pytest.mark.parametrize("then", ["threads", "processes"])
def test_it_comes_to_the_same(reading, first, then):
    """By whichever workers it was made, and whoever works now: every activity and finding, and nothing is judged again."""
    reading.file.unlink()
    made = reading.once(work=first)
    assert sorted(reading.anew) == reading.all
    assert reading.once(work=then) == made == reading.without()
    assert reading.anew == []
    assert {one.status for one in made} >= {ClusterStatus.OK}
    assert sum(len(one.findings) for one in made) > 10
    assert sum(len(one.activities) for one in made) > 10


def test_runs_write_the_same(district, tmp_path_factory):  # noqa: F811
    """Of two districts one forgets before each run what came of its spreadsheets: figures, findings and all that is written are alike."""
    with another_district(tmp_path_factory.mktemp("another")) as other:
        ours, forgetful = Runs(district), Runs(other)
        for day in (DEMO_AS_OF, DEMO_AS_OF, DEMO_AS_OF, DEMO_AS_OF + timedelta(days=1)):
            for runs in (ours, forgetful):
                for seal in runs.out.glob(".*.json"):
                    seal.unlink()
            Reading(other).file.unlink(missing_ok=True)
            assert plain(ours.once(day)) == plain(forgetful.once(day))
            assert cells_of(ours) == cells_of(forgetful)
            assert pages_of(ours) == pages_of(forgetful)


def test_what_is_known_is_neither_unpacked_nor_read(reading, monkeypatch):
    """Nor is anybody made who could."""
    monkeypatch.setattr("sync.edges.google.pulls.unpacked_sheet", None)
    monkeypatch.setattr("sync.cluster_task.Reader", None)
    monkeypatch.setattr("sync.cluster_task.Judge", None)
    before = reading.file.read_bytes()
    assert len(reading.once()) == len(reading.all)
    assert reading.file.read_bytes() == before


def test_a_changed_spreadsheet_alone_is_judged_anew(reading):
    """And the others are found by the runs to come as before."""
    type_result(reading, date(2025, 3, 15))
    assert reading.once() == reading.without()
    assert reading.anew == [CLUSTER]
    reading.once()
    assert reading.anew == []


def type_result(reading: Reading, day: date) -> None:
    """A unit gives the first activity of its table another day."""
    first = first_activity(reading)
    book = reading.district.google.books[reading.district.clusters[CLUSTER]]
    (data,) = [one for one in reading.without() if one.cluster == CLUSTER]
    start = {"sheetId": book.titled(first.tab).id, "rowIndex": first.row - 1, "columnIndex": data.columns[Column.DONE] - 1}
    values = [{"values": [{"userEnteredValue": {"stringValue": f"{day:%d/%m/%Y}"}}]}]
    reading.district.google.edit(
        reading.district.clusters[CLUSTER], [{"updateCells": {"start": start, "rows": values, "fields": "userEnteredValue"}}]
    )


def first_activity(reading: Reading) -> Activity:
    """Return the first activity of a cluster that counts as done."""
    (data,) = [one for one in reading.without() if one.cluster == CLUSTER]
    return next(one for one in data.activities if one.counts_as_done)


def test_a_day_that_has_come_is_no_longer_in_the_future(reading):
    """What the day itself decides is judged by the run's own day, forwards and back."""
    row, tomorrow = first_activity(reading).row, DEMO_AS_OF + timedelta(days=1)
    type_result(reading, tomorrow)
    for day, is_done in ((DEMO_AS_OF, False), (DEMO_AS_OF, False), (tomorrow, True), (tomorrow, True), (DEMO_AS_OF, False)):
        (data,) = [one for one in reading.once(day) if one.cluster == CLUSTER]
        (activity,) = [one for one in data.activities if one.row == row]
        assert activity.counts_as_done is is_done
        assert any(one.code == "result-in-future" and one.row == row for one in data.findings) is not is_done
        assert data.data_as_of == day


def another_plan() -> Settings:
    """One target has another name as well."""
    plan, (first, *others) = SETTINGS.plan, SETTINGS.plan.targets
    return replace(SETTINGS, plan=replace(plan, targets=(replace(first, aliases=(*first.aliases, "việc lạ")), *others)))


def another_organization() -> Settings:
    """One unit has another name as well."""
    organization, (first, *others) = SETTINGS.organization, SETTINGS.organization.clusters
    unit, *units = first.units
    renamed = replace(first, units=(replace(unit, aliases=(*unit.aliases, "Chi đoàn lạ")), *units))
    return replace(SETTINGS, organization=replace(organization, clusters=(renamed, *others)))


def another_word() -> Settings:
    """People put another word before the names of units as well."""
    organization = SETTINGS.organization
    words = (*organization.words_before_name, "Đoàn lạ")
    return replace(SETTINGS, organization=replace(organization, words_before_name=words))


def another_alias() -> Settings:
    """A column is known by another name as well."""
    return replace(SETTINGS, column_aliases={**SETTINGS.column_aliases, Column.NOTE: ("Điều lạ",)})


@pytest.mark.parametrize("other", [another_plan, another_organization, another_alias])
def test_under_other_settings_all_are_judged_anew(reading, other: Callable[[], Settings]):
    """And again when they are as they were: there is one file, of one mark."""
    for settings in (other(), SETTINGS):
        assert reading.once(settings=settings) == reading.without(settings=settings)
        assert sorted(reading.anew) == reading.all


def test_by_another_program_all_are_judged_anew(reading, monkeypatch):
    """A line of it is enough."""
    monkeypatch.setattr("sync.earlier.program_digest", lambda: "another")
    reading.once()
    assert sorted(reading.anew) == reading.all


def test_full_judges_all_anew(reading):
    """And leaves what it made to the runs to come; a dry run may use it as any other."""
    reading.once(full=True)
    assert sorted(reading.anew) == reading.all
    reading.once(dry=True)
    assert reading.anew == []


def test_damaged_bytes_are_never_used(reading):
    """Wherever a byte is another, or missing: what cannot be used is judged anew, and the file is whole again afterwards."""
    whole, lots, expected = reading.file.read_bytes(), random.Random(1), reading.without()
    damaged = [b"", b"\xff" * 4, b"\xff" * 50, whole[:3], whole[:40], whole[: len(whole) // 2], whole[:-1], whole[1:]]
    for at in (0, 3, 5, 20, *(lots.randrange(len(whole)) for _ in range(12))):
        damaged.append(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    for data in damaged:
        reading.file.write_bytes(data)
        assert reading.once() == expected
        assert reading.anew
        reading.once()
        assert reading.anew == []


def test_a_file_that_cannot_be_written_is_no_fault(reading):
    """Then the next run judges again."""
    reading.file.unlink()
    reading.file.mkdir()
    for _ in range(2):
        assert reading.once() == reading.without()
        assert sorted(reading.anew) == reading.all


def results(folder: Path, mark: str = "m", sheet: str | None = "s", key: bytes = bytes(32), *, anew: bool = False) -> Results:
    """Return what keeps the results of a fresh run."""
    return Results(Cache(folder, "fields", key), mark, lambda cluster: f"{cluster} {sheet}" if sheet else None, anew=anew)


def test_a_result_is_of_one_sheet_under_one_mark_and_key(tmp_path):
    """Whoever asks for another one finds none."""
    first = results(tmp_path)
    first.keep("a", b"of a")
    first.keep("b", b"of b")
    assert first.found("a") == b"of a"
    first.save()
    assert results(tmp_path).found("a") == b"of a"
    for other in ({"mark": "n"}, {"sheet": "t"}, {"sheet": None}, {"key": bytes([1] * 32)}, {"anew": True}):
        assert results(tmp_path, **other).found("a") is None, other
    assert results(tmp_path).found("c") is None
    assert b"of a" not in next(next(tmp_path.iterdir()).iterdir()).read_bytes()


def test_results_of_two_clusters_do_not_change_places(tmp_path):
    """Not even where somebody has put the one in the other's place, and both have the same spreadsheet."""
    pulls = Pulls(Cache(tmp_path, "fields", bytes(32)))
    pulls.keep("id", {"sheets": []}, Sheet("a", "", (), "f"), Head("2025-12-05", None))
    first = pulls.results("m", {"a": "id", "b": "id"}, anew=False)
    first.keep("a", b"of a")
    first._put("b", first._spool.get("a"))
    assert (first.found("a"), first.found("b")) == (b"of a", None)


def test_without_a_key_nothing_is_kept(tmp_path):
    """There is no place for it then."""
    assert Pulls(Cache(tmp_path, "fields", None)).results("m", {}, anew=False) is None


def test_a_sheet_that_is_another_now_has_no_result_until_one_is_kept(tmp_path):
    """Then it has that one, and the other clusters keep theirs."""
    first = results(tmp_path, sheet="1")
    first.keep("a", b"old")
    first.keep("b", b"b")
    first.save()
    second = Results(Cache(tmp_path, "fields", bytes(32)), "m", lambda cluster: f"{cluster} {2 if cluster == 'a' else 1}", anew=False)
    assert (second.found("a"), second.found("b")) == (None, b"b")
    second.keep("a", b"new")
    second.save()
    third = Results(Cache(tmp_path, "fields", bytes(32)), "m", lambda cluster: f"{cluster} {2 if cluster == 'a' else 1}", anew=False)
    assert (third.found("a"), third.found("b")) == (b"new", b"b")


def test_the_mark_is_of_all_that_a_result_follows_from():
    """Plan, organization, names of columns and day; the program has a test above."""
    made_of = (SETTINGS.plan, SETTINGS.organization, SETTINGS.column_aliases, DEMO_AS_OF)
    marks = {results_mark(*made_of), results_mark(*made_of[:3], DEMO_AS_OF + timedelta(days=1))}
    for other in (another_plan(), another_organization(), another_word(), another_alias()):
        marks.add(results_mark(other.plan, other.organization, other.column_aliases, DEMO_AS_OF))
    assert len(marks) == 6
    assert results_mark(*made_of) in marks


TEXTS = st.text() | st.text(st.characters(categories=("Cs", "Ll"))) | st.sampled_from(["", "a\0b", "Ngày hội"])
DAYS = st.sampled_from(["15/3/2025", "1/2025", "20/3 - 22/3/2025", "31/12/2025", "?", ""]) | st.dates(date(2024, 1, 1), date(2026, 1, 1))
CELLS = (
    st.sampled_from([unit.name for cluster in SETTINGS.organization.clusters for unit in cluster.units][:3]) | TEXTS,
    st.integers(0, 9).map(float) | TEXTS, TEXTS, DAYS, st.integers(0, 3).map(float) | TEXTS, DAYS, st.integers(0, 3).map(float) | TEXTS,
    st.sampled_from(["", "https://a.vn https://b.vn", "ảnh"]), st.sampled_from(["", "Hoãn", "Hủy", "Đã thực hiện", "?"]), TEXTS,
)  # fmt: skip
HEADER = [
    "Đơn vị",
    "Chỉ tiêu",
    "Tên hoạt động",
    "Thời gian dự kiến",
    "Số lượng đăng ký",
    "Ngày thực hiện",
    "Số lượng thực hiện",
    "Minh chứng",
]
TASK = ClusterTask(SETTINGS.plan, SETTINGS.organization, SETTINGS.column_aliases, DEMO_AS_OF)


@given(st.lists(st.tuples(*CELLS).map(list), max_size=6), st.booleans())
def test_whatever_stands_in_a_sheet_comes_back_as_it_was_judged(rows: list[list[object]], doubled: bool) -> None:
    """Value by value, type by type, and what it is held against the others by."""
    table = [[*HEADER, "Trạng thái", "Ghi chú"], *rows, *(rows if doubled else [])]
    comes_back(TASK(Sheet(SETTINGS.organization.clusters[0].id, "https://…", (Tab("Hoạt động", table),), "f")))


@pytest.mark.parametrize("tabs", [(), (Tab("x", [["Đơn vị", "Chỉ tiêu", "Tên hoạt động"]]),), (Tab("Hoạt động", [HEADER]),)])
def test_what_has_no_rows_comes_back_too(tabs: tuple[Tab, ...]) -> None:
    """No tab, no such columns, no rows."""
    comes_back(TASK(Sheet("y-te", "https://…", tabs, "f")))


def comes_back(judged: Judged) -> None:
    again = loaded(dumped(judged))
    assert (again.whole(), again.events) == (judged.whole(), judged.events)
    assert repr(again.whole()) == repr(judged.whole())
