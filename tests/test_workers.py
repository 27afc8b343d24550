"""Threads, processes and Dask give the same clusters and the same figures, and a worker that is killed changes nothing."""

from __future__ import annotations

import logging
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.pipeline import AS_OF, cluster_id, district, make
from benchmarks.workers import lay_out, measured_apart
from sync.district import District, district_of
from sync.edges.interface import Workers
from sync.edges.workbooks import WorkbookFile, Workbooks
from sync.edges.workers import OnExecutor, hired
from sync.errors import UsageError
from sync.model import ClusterStatus, Memory
from sync.personal import mask
from sync.resources import default_config_dir
from sync.run import read_district
from sync.settings import load_settings
from sync.settings_values import Settings, WorkSettings

CLUSTERS, ROWS = 12, 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve workbooks with typical mistakes; one is no workbook, one is missing."""
    place = tmp_path_factory.mktemp("so-lieu")
    make(place, CLUSTERS, ROWS)
    (place / f"{cluster_id(3)}.xlsx").write_bytes(b"%PDF-1.7")
    (place / f"{cluster_id(7)}.xlsx").unlink()
    return place


@pytest.fixture(scope="module")
def settings() -> Settings:
    plan, organization = district(CLUSTERS)
    return replace(load_settings(default_config_dir()), plan=plan, organization=organization)


@pytest.fixture(scope="module")
def expected(folder: Path, settings: Settings) -> District:
    """What this process alone makes of it, one cluster after another."""
    return added_up(Workbooks(folder, folder / "out", max_uncompressed_bytes=10**8, mask=mask), settings)


def added_up(home: Workbooks, settings: Settings, **given: Workers) -> District:
    clusters = read_district(home, settings, as_of=AS_OF, memory=Memory(), **given)
    return district_of(settings, clusters, Memory(), as_of=AS_OF, year=2025)


@contextmanager
def cluster_of_processes() -> Iterator[tuple[WorkSettings, list[int]]]:
    """Give a Dask cluster of two worker processes of its own, and their process ids."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: donghanh[dask]")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as local,
        distributed.Client(local, set_as_default=False) as client,
    ):
        yield WorkSettings("dask", None, local.scheduler_address), list(client.run(os.getpid).values())


class Interrupted(Workbooks):
    """A home in whose midst a worker is killed."""

    victims: list[int]
    fetched = 0

    def fetch(self, cluster: str) -> WorkbookFile:
        """Fetch; half-way, kill."""
        self.fetched += 1
        if self.fetched == CLUSTERS // 2:
            os.kill(self.victims.pop(), signal.SIGKILL)
        return super().fetch(cluster)


def interrupted(folder: Path, victims: list[int]) -> Interrupted:
    home = Interrupted(folder, folder / "out", max_uncompressed_bytes=10**8, mask=mask)
    home.victims = victims
    return home


def test_the_district_has_something_of_everything(expected: District) -> None:
    """What the others are held against: figures, findings between clusters, clusters that cannot be read."""
    assert sum(one.done for one in expected.progress.targets) > 0
    assert {data.status for data in expected.clusters} == {ClusterStatus.OK, ClusterStatus.FAILED}
    assert len({found.code for data in expected.clusters for found in data.findings}) >= 5


@pytest.mark.parametrize("work", [WorkSettings("threads", 3), WorkSettings("processes", 2)], ids=["threads", "processes"])
def test_on_one_machine_everything_comes_out_the_same(folder: Path, settings: Settings, expected: District, work: WorkSettings) -> None:
    """Every activity, every finding, every figure."""
    home = Workbooks(folder, folder / "out", max_uncompressed_bytes=10**8, mask=mask)
    with hired(work) as workers:
        assert added_up(home, settings, workers=workers) == expected


def test_a_killed_process_changes_nothing(folder: Path, settings: Settings, expected: District) -> None:
    """The pool is broken then; what is left is done here, and said."""
    heard: list[str] = []
    with hired(WorkSettings("processes", 2), heard.append) as workers:
        assert isinstance(workers, OnExecutor)
        first = workers.at_work(_own_id)(None)
        assert added_up(interrupted(folder, [first]), settings, workers=workers) == expected
    assert any("workers were lost" in line for line in heard)


def _own_id(item: object) -> int:
    del item
    return os.getpid()


def test_over_dask_everything_comes_out_the_same_though_a_worker_is_killed(folder: Path, settings: Settings, expected: District) -> None:
    """Processes of their own, reached by the scheduler's address; the second time one of them is killed midway."""
    with cluster_of_processes() as (work, ids):
        home = Workbooks(folder, folder / "out", max_uncompressed_bytes=10**8, mask=mask)
        with hired(work) as workers:
            assert os.getpid() != workers.at_work(_own_id)(None)
            assert added_up(home, settings, workers=workers) == expected
            assert added_up(interrupted(folder, ids), settings, workers=workers) == expected


@pytest.mark.parametrize("workbooks", [20, pytest.param(10_000, marks=pytest.mark.large)])
def test_a_cluster_of_processes_comes_to_what_one_thread_comes_to(workbooks: int) -> None:
    """Workbooks of a hundred rows: every activity, finding and figure. Each way in a process of its own, so that memory is given back."""
    pytest.importorskip("distributed", reason="Dask is not installed: donghanh[dask]")
    with tempfile.TemporaryDirectory() as name:  # at once, not after three runs
        lay_out(Path(name), workbooks, 100, own_names=True)
        alone, together = (measured_apart(way, Path(name), workbooks, 2) for way in ("threads", "dask"))
    logging.getLogger(__name__).info("one thread: %s; over Dask: %s", alone, together)
    assert alone.rows == workbooks * 100
    assert alone.done > 0
    assert alone.findings > alone.rows * 0.03
    assert replace(together, seconds=0, memory=0) == replace(alone, seconds=0, memory=0)


def test_no_scheduler_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers at the address: exit status 2, nothing read."""
    pytest.importorskip("distributed", reason="Dask is not installed: donghanh[dask]")
    monkeypatch.setattr("sync.edges.workers._PATIENCE", 1)
    with pytest.raises(UsageError, match="No Dask scheduler answers at tcp://127"), hired(WorkSettings("dask", None, "tcp://127.0.0.1:9")):
        pass
