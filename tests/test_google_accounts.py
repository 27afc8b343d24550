"""Several credentials over real HTTP: each with its own quota, the project's over all, and one that is refused is set aside and named."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.oauth2.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.simulated import Simulated
from sync.edges.google import Pace, connect
from sync.edges.google.client import Client
from sync.edges.google.credential import Asked
from sync.edges.google.limits import Allowance, Turns
from sync.edges.google.trouble import Cause, Refusal
from sync.errors import ConfigError, UsageError
from sync.resources import default_config_dir
from sync.settings import load_settings
from tests.google import StandIn
from tests.google.access import Account

START = 1_764_900_000.0
FAST = Pace(10**5, 10**5, 10**5, 10**5, attempts=2)


class World:
    """Accounts and spreadsheets in the stand-in."""

    def __init__(self, folder: Path, google: StandIn, projects: list[str]) -> None:
        self.folder, self.google = folder, google
        self.accounts = [google.access.new_account(f"so-{number}", project) for number, project in enumerate(projects, 1)]

    def add(self, file: str, *accounts: Account) -> None:
        """Lay an empty spreadsheet out that only these accounts may edit."""
        self.google.add(title=file, file_id=file, role=None)
        for account in accounts:
            self.google.share(file, "writer", account)

    def client(self) -> Client:
        """Return a client with every account's key file."""
        files = [str(self.google.key_file(self.folder, account)) for account in self.accounts]
        return connect(endpoint=self.google.url, pace=FAST, most_bytes=10**7, key_files=files)

    def read_all(self, clock: Simulated, pace: Pace, many: int) -> float:
        """Read so many spreadsheets that all accounts may see, side by side; return how long that takes (simulated seconds)."""
        files = [f"file-{number:03d}" for number in range(many)]
        for file in files:
            self.add(file, *self.accounts)
        tokens = [Credentials(self.google.access.lasting_token(one), quota_project_id=one.project) for one in self.accounts]
        client = Client(*tokens, endpoint=self.google.url, pace=pace, clock=clock, sleep=clock.sleep, lock=clock.lock)
        begin = clock()
        list(clock.pool(16).map(lambda file: client.spreadsheet(file, "spreadsheetId"), files))
        assert {one.status for one in self.google.asked("read")} == {200}
        return clock() - begin

    def readers(self) -> Counter[str]:
        """Return how many reads each account made."""
        return Counter(one.account for one in self.google.asked("read"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three accounts of one project."""
    with StandIn() as google:
        yield World(tmp_path, google, ["mot", "mot", "mot"])
        assert google.broken == []


@pytest.fixture
def clock() -> Simulated:
    """A clock that jumps."""
    return Simulated(START)


@pytest.fixture
def slow(clock: Simulated) -> Iterator[StandIn]:
    """The stand-in, half a second away."""
    with StandIn(clock=clock, latency=0.5, sleep=clock.sleep) as google:
        yield google
        assert google.broken == []


def test_each_account_has_its_own_quota(slow, clock, tmp_path):
    """A hundred and fifty spreadsheets for three accounts: no more than fifty-five each, all in the first minute, none refused."""
    world = World(tmp_path, slow, ["mot", "mot", "mot"])
    assert world.read_all(clock, Pace(), 150) < 60
    assert sorted(world.readers().values()) == [40, 55, 55]


def test_the_project_has_a_quota_over_all_its_accounts(slow, clock, tmp_path):
    """With a hundred a minute for the project three accounts read no more than that, and none is refused."""
    slow.quota.project_reads = 100
    world = World(tmp_path, slow, ["mot", "mot", "mot"])
    assert 60 < world.read_all(clock, Pace(project_reads_per_minute=95), 150) < 70
    assert max(Counter(int(one.at // 60) for one in slow.asked("read")).values()) == 95


def test_the_stand_in_refuses_what_is_beyond_the_project_s_quota(slow, clock, tmp_path):
    """Sixty a minute each would be a hundred and eighty: the hundred-and-first is told of the project's limit."""
    slow.quota.project_reads = 100
    world = World(tmp_path, slow, ["mot", "mot", "mot"])
    with pytest.raises(AssertionError, match="429"):
        world.read_all(clock, Pace(attempts=40), 150)


def test_accounts_of_two_projects_do_not_share_a_quota(slow, clock, tmp_path):
    """Two accounts in two projects that allow sixty each: a hundred in the first minute."""
    slow.quota.project_reads = 60
    assert World(tmp_path, slow, ["mot", "hai"]).read_all(clock, Pace(project_reads_per_minute=55), 100) < 60


def test_few_requests_are_the_first_account_s_alone(world):
    """What the first account can do it does: the others need no token, and Drive is asked once."""
    for file in ("a", "b"):
        world.add(file, *world.accounts)
    client = world.client()
    assert set(client.files("trashed = false", "id", wanted=["a", "b"], kept=dict)) == {"a", "b"}
    client.spreadsheet("a", "spreadsheetId")
    client.change("b", [{"updateSpreadsheetProperties": {"properties": {"title": "B"}, "fields": "title"}}])
    assert set(world.readers()) == {world.accounts[0].email}
    assert (len(world.google.asked("drive")), len(world.google.asked("token"))) == (1, 1)


def test_each_spreadsheet_is_asked_for_with_an_account_that_has_access(world):
    """Shared with one account each: Drive is asked for every account, and no request is wasted on one that may not."""
    for file, account in zip(("a", "b", "c"), world.accounts, strict=True):
        world.add(file, account)
    client = world.client()
    assert set(client.files("trashed = false", "id,capabilities(canEdit)", wanted=["a", "b", "c"], kept=dict)) == {"a", "b", "c"}
    for file in ("a", "b", "c", "a"):
        client.spreadsheet(file, "spreadsheetId")
    assert [(one.file, one.account, one.status) for one in world.google.asked("read")] == [
        (file, world.accounts["abc".index(file)].email, 200) for file in "abca"
    ]


def test_nothing_is_left_of_a_request_that_was_answered(world):
    """The cyclic collector is off during a run: a cycle would keep what each request sent, to the end."""
    world.add("a", *world.accounts)
    client = world.client()
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            client.spreadsheet("a", "spreadsheetId")
            client.change("a", [{"updateSpreadsheetProperties": {"properties": {"title": "x"}, "fields": "title"}}])
        assert sum(isinstance(one, Asked) for one in gc.get_objects()) <= 2  # the last one of this thread, by each account
    finally:
        gc.enable()


def test_a_write_goes_by_an_account_that_may_edit(world):
    """The first account may only look: the second writes."""
    world.add("a", *world.accounts)
    world.google.share("a", "reader", world.accounts[0])
    client = world.client()
    client.files("trashed = false", "id,capabilities(canEdit)", wanted=["a"], kept=dict)
    client.spreadsheet("a", "spreadsheetId")
    client.change("a", [{"updateSpreadsheetProperties": {"properties": {"title": "A"}, "fields": "title"}}])
    assert [(one.kind, one.account, one.status) for one in world.google.asked(file="a")] == [
        ("read", world.accounts[0].email, 200),
        ("write", world.accounts[0].email, 403),
        ("write", world.accounts[1].email, 200),
    ]


def test_a_refusal_of_one_file_is_tried_with_each_account_once_and_remembered(world):
    """Without a listing: 403 by the first two accounts, then the third; the next reading goes to the third at once."""
    world.add("a", world.accounts[2])
    client = world.client()
    client.spreadsheet("a", "spreadsheetId")
    client.spreadsheet("a", "spreadsheetId")
    assert [one.status for one in world.google.asked("read")] == [403, 403, 200, 200]
    world.add("b")
    with pytest.raises(Refusal) as refused:
        client.spreadsheet("b", "spreadsheetId")
    assert refused.value.cause is Cause.NOT_SHARED
    assert len(world.google.asked("read", file="b")) == 3
    assert client.troubles() == []


def test_an_account_that_google_refuses_is_set_aside_and_named(world):
    """Its key was taken away: the others go on, and one sentence names the account. Its projects' quota is nothing to the others."""
    world.add("a", *world.accounts)
    world.accounts[0].disabled = True
    try:
        client = world.client()
        assert list(client.files("trashed = false", "id", wanted=["a"], kept=dict)) == ["a"]
        client.spreadsheet("a", "spreadsheetId")
        assert len(world.google.asked("token")) == 2
    finally:
        world.accounts[0].disabled = False
    assert set(world.readers()) == {world.accounts[1].email}
    (said,) = client.troubles()
    assert world.accounts[0].email in said
    assert "set aside" in said
    assert world.accounts[0].email not in (client.account or "")


def test_a_key_that_ends_in_the_middle_of_a_run(world):
    """The first account is disabled while it works: what it was asked is asked again by the second."""
    world.add("a", *world.accounts)
    client = world.client()
    client.spreadsheet("a", "spreadsheetId")
    world.accounts[0].disabled = True
    try:
        assert client.spreadsheet("a", "spreadsheetId") == {"spreadsheetId": "a"}
    finally:
        world.accounts[0].disabled = False
    assert [one.status for one in world.google.asked("read")] == [200, 401, 200]
    assert len(client.troubles()) == 1


def test_where_every_account_is_refused_the_last_one_s_reason_is_told(world):
    """Nobody is left to ask."""
    world.add("a", *world.accounts)
    for account in world.accounts:
        account.disabled = True
    try:
        with pytest.raises(Refusal) as refused:
            world.client().spreadsheet("a", "spreadsheetId")
    finally:
        for account in world.accounts:
            account.disabled = False
    assert refused.value.cause is Cause.KEY


def test_a_file_that_is_no_key_is_named_before_anything_is_asked(tmp_path):
    """Missing, no JSON, another kind of file: one sentence with its name."""
    (tmp_path / "no.json").write_text("{", encoding="utf-8")
    (tmp_path / "other.json").write_text('{"type": "authorized_user"}', encoding="utf-8")
    for name in ("missing.json", "no.json", "other.json"):
        with pytest.raises(UsageError, match=name):
            connect(endpoint=None, pace=Pace(), most_bytes=1, key_files=[str(tmp_path / name)])


def settings_with(folder: Path, credentials: str) -> Path:
    """Write the district's configuration with these credentials; return its folder."""
    for name in ("plan.yaml", "organization.yaml"):
        (folder / name).write_text((default_config_dir() / name).read_text(encoding="utf-8"), encoding="utf-8")
    clusters = [one.id for one in load_settings(default_config_dir()).organization.clusters]
    lines = ["google:", "  master: tong-hop-cua-quan", f"  credentials: {credentials}", "  spreadsheets:"]
    lines += [f"    {one}: bang-{one}" for one in clusters]
    given = (default_config_dir() / "settings.yaml").read_text(encoding="utf-8")
    (folder / "settings.yaml").write_text(f"{given}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_pool_is_a_setting(tmp_path):
    """Variables of the environment, and paths from the root on."""
    settings = load_settings(settings_with(tmp_path, "[$KHOA_1, /etc/donghanh/khoa-2.json]"))
    assert settings.google is not None
    assert settings.google.credentials == ("$KHOA_1", "/etc/donghanh/khoa-2.json")
    assert settings.google.project_reads_per_minute == 275


@pytest.mark.parametrize(
    ("credentials", "said"),
    [
        ("[khoa.json]", "from the root on"),
        ("[$KHOA-1]", "from the root on"),
        ("[$KHOA, $KHOA]", "twice"),
        ("[{folder}/khoa.json]", "keep it outside"),
        ("[{folder}/a/../b/khoa.json]", "keep it outside"),
    ],
)
def test_no_key_lies_under_config(tmp_path, credentials, said):
    """A path that could lead there is refused, and one that does."""
    with pytest.raises(ConfigError, match=said):
        load_settings(settings_with(tmp_path, credentials.format(folder=tmp_path)))


@given(st.lists(st.tuples(st.floats(0, 40), st.integers(0, 2)), max_size=60))
def test_no_minute_is_too_full_however_requests_of_several_accounts_fall(asked):
    """Three accounts with five a minute each, eleven for their project: no window of a minute holds more, of any of them."""
    now = 0.0
    own, project = [Allowance(5) for _ in range(3)], Allowance(11)
    turns = Turns(lambda: now)
    sent: list[tuple[float, int]] = []
    for pause, account in asked:
        now += pause
        moment = turns.take([own[account], project])
        assert moment >= now
        sent.append((moment, account))
    for start, _ in sent:
        within = [account for moment, account in sent if start <= moment < start + 60]
        assert len(within) <= 11
        assert max(Counter(within).values()) <= 5


def test_nothing_is_left_of_a_request_that_was_refused(world):
    """A batch may have eight megabytes, and a district may have thousands of spreadsheets that the account may only view."""
    client = world.client()
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            with pytest.raises(Refusal):
                client.change("there is none", [{"updateSpreadsheetProperties": {"properties": {"title": "x"}, "fields": "title"}}])
        assert sum(isinstance(one, Asked) for one in gc.get_objects()) <= 2
    finally:
        gc.enable()
