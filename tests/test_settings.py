"""The configuration: what the packaged one says, and the sentence that every mistake in it gets."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from sync import resources, settings_schema
from sync.errors import ConfigError
from sync.model import Column, Kind
from sync.normalise.names import UnitNames
from sync.plan import MonthDay
from sync.settings import FILES, load_settings
from sync.settings_yaml import nearest

CONFIG = resources.default_config_dir()


def complaint(tmp_path: Path, *changes: tuple[str, str, str]) -> list[str]:
    """Return the lines that the packaged configuration gets after each (file, old, new); none if it is still right."""
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    for name, old, new in changes:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {name}: mend the test"
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        load_settings(folder)
    except ConfigError as error:
        return str(error).replace(f"{tmp_path}/", "").splitlines()
    return []


def unplaced(line: str) -> str:
    """Return the line without its number, so that a line added to the sample does not move every expectation."""
    file, number, rest = line.split(":", 2)
    assert int(number) > 0
    return f"{file}:{rest}"


# fmt: off
VALUES = [
    ("goal: 5\n", "goal: năm\n", "targets.0.goal: found 'năm', expected a whole number above 0"),
    ("goal: 5\n", "goal: true\n", "targets.0.goal: found true, expected a whole number above 0"),
    ("goal: 5\n", "goal: 010\n", "targets.0.goal: found '010', expected a whole number above 0"),
    ("goal: 5\n", "goal:\n", "targets.0.goal: found nothing, expected a whole number above 0"),
    ("goal: 5\n", "goal: [5]\n", "targets.0.goal: found [5], expected a whole number above 0"),
    ("goal: 5\n", "goal: {a: 5}\n", "targets.0.goal: found {'a': 5}, expected a whole number above 0, or numbers by the year from which each holds, such as {2024: 40, 2026: 30}"),
    ("goal: 5\n", f"goal: {'x' * 80}\n", f"targets.0.goal: found '{'x' * 59}…, expected a whole number above 0"),
    ("id: 8\n", "id: 100\n", "targets.7.id: found 100, expected a whole number from 1 to 99"),
    ("measure: suất", "measure: 12", "targets.4.measure: found 12, expected text; put it in quotes"),
    ("measure: suất", 'measure: " "', "targets.4.measure: found ' ', expected text"),
    ("2024-01-01", "2024-02-30", "first_day: found '2024-02-30', expected a day of the calendar, such as 2024-03-01"),
    ("2024-01-01", "20240101", "first_day: found 20240101, expected a day of the calendar, such as 2024-03-01"),
    ("due: 30/01", "due: 2024-01-30", "rounds.0.registration_due: found '2024-01-30', expected day/month such as 30/01"),
    ("due: 30/01", "due: 29/02", "rounds.0.registration_due: found '29/02', expected a day that exists every year, as day/month such as 30/01"),
    ("[1, 5]", "[1, 13]", "rounds.0.months: found [1, 13], expected the first and the last month, such as [1, 5]"),
    ("{y-te: 10}", "{Y tế: 10}", "targets.5.allocations.Y tế: found 'Y tế', expected an id of small letters, digits and hyphens"),
    ("number: ", "nummer: ", "nummer: unknown key; did you mean 'number'?"),
    ("[2024, 2025, 2026, 2027]", "[2024, 1999]", "measured_years.1: found 1999, expected a whole number from 2000 to 2099"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "sentence"), VALUES)
def test_a_wrong_value_is_named_with_what_was_found_and_expected(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    """A value of the wrong kind gives one line: file, line, key, what was found, what was expected."""
    assert [unplaced(line) for line in complaint(tmp_path, ("plan.yaml", old, new))] == [f"config/plan.yaml: {sentence}"]


# fmt: off
OTHER_FILES = [
    ("organization.yaml", "code_prefix: YT", "code_prefix: yt", "clusters.5.code_prefix: found 'yt', expected 1 to 8 capital letters A-Z"),
    ("organization.yaml", "y-te.2024@", "y-tế@", "clusters.5.heads.0.email: found 'y-tế@example.org', expected a mail address such as ten@example.org"),
    ("organization.yaml", "owes: {registration: []", "owes: {regstration: []", "clusters.0.owes.regstration: unknown key; did you mean 'registration'?"),
    ("organization.yaml", "owes: {registration: [], results: []}", "owes:", "clusters.0.owes: found nothing, expected the rounds owed, or {} for none"),
    ("organization.yaml", "id: dp-an-lac\n", "quotas: {0x1F: 1}\n        id: dp-an-lac\n", "clusters.2.units.0.quotas.0x1F: found '0x1F', expected a whole number from 1 to 99"),
    ("organization.yaml", "id: dp-an-lac\n", "quotas: {9: 1}\n        id: dp-an-lac\n", "clusters.2.units.0.quotas.9: there is no target 9"),
    ("organization.yaml", "place: Bình Tân", "place: Bình Tân\n2024: x", "2024: unknown key; known are changes, clusters, name, place, words_after_name, words_before_name"),
    ("settings.yaml", "columns: {}", "columns: {unitt: [A]}", "columns.unitt: unknown key; did you mean 'unit'?"),
    ("settings.yaml", "columns: {}", "columns: {unit: A}", "columns.unit: found 'A', expected a list"),
    ("settings.yaml", "columns: {}", "columns:", "columns: found nothing, expected keys with values"),
    ("settings.yaml", "name: Đồng hành", r'name: "Đồng \ud83d\ude00"', r"mail.sender.name: found 'Đồng \ud83d\ude00', expected whole letters; type the letter itself in place of \u and figures"),
    ("settings.yaml", "loss_threshold: 0.33", "loss_threshold: 2", "limits.loss_threshold: found 2, expected a number above 0 and at most 1"),
    ("settings.yaml", "columns: {}", "columns: {unit: [Ghi chú]}", "columns.unit.0: 'Ghi chú' already names the column 'Ghi chú'"),
    ("settings.yaml", "columns: {}", "columns: {}\nwork: {executor: dask}", "work: found {'executor': 'dask'}, expected `scheduler`, such as tcp://10.0.0.1:8786, with `executor: dask` and with nothing else"),
    ("settings.yaml", "columns: {}", "columns: {}\nwork: {executor: fibers}", "work.executor: found 'fibers', expected 'threads', 'processes' or 'dask'"),
    ("settings.yaml", "columns: {}", "columns: {}\nwork: {executor: dask, scheduler: 10}", "work.scheduler: found 10, expected the scheduler's address, such as tcp://10.0.0.1:8786"),
    ("settings.yaml", "columns: {}", "columns: {unit: [Chi hội], note: [chi hoi]}", "columns.note.0: 'chi hoi' already names the column 'Đơn vị'"),
    ("settings.yaml", "time_zone: Asia/Ho_Chi_Minh", "time_zone: Asia", "time_zone: found 'Asia', expected a time zone such as Asia/Ho_Chi_Minh"),
    ("settings.yaml", "time_zone: Asia/Ho_Chi_Minh", "time_zone: Sao/Hoa", "time_zone: found 'Sao/Hoa', expected a time zone such as Asia/Ho_Chi_Minh"),
    ("settings.yaml", "retention_days: 730", "retention_days: 730\nretention_days: 1", "retention_days: stands here twice; keep one"),
    ("settings.yaml", "  recipients:", "  recipients:\n    - {name: A, email: Ban-Thuong-Vu@example.org}", "mail.recipients.1.email: 'ban-thuong-vu@example.org' stands there twice"),
]
# fmt: on


@pytest.mark.parametrize(("file", "old", "new", "sentence"), OTHER_FILES)
def test_the_other_files_are_held_to_the_same(tmp_path: Path, file: str, old: str, new: str, sentence: str) -> None:
    """Organisation and settings get the same kind of line as the plan, duplicates and unknown keys included."""
    assert [unplaced(line) for line in complaint(tmp_path, (file, old, new))] == [f"config/{file}: {sentence}"]


# fmt: off
PLAN_CONTRADICTIONS = [
    ("2028-04-30", "2023-04-30", "last_day: found 2023-04-30, expected a day not before first_day (2024-01-01)"),
    ("in_force: 2024-03-01", "in_force: 2023-12-31", "in_force: found 2023-12-31, expected a day between first_day and last_day"),
    ("[2024, 2025, 2026, 2027]", "[2024, 2029]", "measured_years.1: found 2029, expected a year of the plan"),
    ("[2024, 2025, 2026, 2027]", "[2024, 2024]", "measured_years.1: 2024 stands there twice"),
    ("[6, 8]", "[5, 8]", "rounds.1.months: month 5 belongs to 'dot-1' already"),
    ("[6, 8]", "[8, 6]", "rounds.1.months: found [8, 6], expected the first month before the last"),
    ("results_due: 30/05", "results_due: 01/01", "rounds.0.results_due: expected a day not before registration_due"),
    ("results_due: 30/05", "results_due: 30/05\n    registration_with: dot-2", "rounds.0.registration_with: the round has a due day of its own; remove this key, or the due day"),
    ("registration_with: dot-1", "registration_with: dot-3", "rounds.1.registration_with: there is no round 'dot-3' with both due days; did you mean 'dot-2'?"),
    ("    registration_with: dot-1\n", "", "rounds.1: has no due day of its own, so it must say registration_with: the round it is owed with"),
    ("season: he", "season: xuan", "targets.1.season: there is no round 'xuan'; known are dot-1, dot-2, he"),
    ("id: 8\n", "id: 7\n", "targets.7.id: 7 stands there twice"),
    ("{ban-thuong-vu: 1}", "{}", "targets.0: no cluster carries target 1; give at least one its part under allocations"),
    ("{ban-thuong-vu: 1}", "{ban-thuong-vu: 6}", "targets.0.allocations: found 6 in all, expected at most the goal (5)"),
    ("{ban-thuong-vu: 1}", "{ban-thuong: 1}", "targets.0.allocations.ban-thuong: there is no cluster 'ban-thuong'; did you mean 'ban-thuong-vu'?"),
    ("[Học bổng,", "[hướng nghiệp,", "targets.7: 'Hướng nghiệp' compares equal to a name of target 5"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "sentence"), PLAN_CONTRADICTIONS)
def test_a_plan_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    """Days, rounds and targets must fit together; each contradiction is one line at its place."""
    found = [unplaced(line) for line in complaint(tmp_path, ("plan.yaml", old, new))]
    assert f"config/plan.yaml: {sentence}" in found


UNIT = "      - id: dp-an-lac\n        name: Đoàn phường An Lạc\n"
A = "        name: Đoàn phường An Lạc A\n"
# fmt: off
ORGANIZATION_CONTRADICTIONS = [
    ("      - id: dp-an-lac-a\n", "      - id: dp-an-lac\n", "clusters.2.units.1.id: 'dp-an-lac' is another unit's id already"),
    ("id: y-te\n", "id: truong-hoc\n", "clusters.6.id: 'truong-hoc' stands there twice"),
    ("code_prefix: YT", "code_prefix: NC", "clusters.5.code_prefix: 'NC' stands there twice"),
    ("{year: 2025, name: Võ", "{year: 2024, name: Võ", "clusters.5.heads.1.year: y-te has a head for 2024 already"),
    ("y-te.2024@example.org", "y-te.2024@example.org, unit: cong-an", "clusters.5.heads.0.unit: 'cong-an' is no unit of y-te: a head must come from the cluster"),
    ("owes: {registration: [dot-1], results", "owes: {registration: [he], results", "clusters.1.owes.registration.0: there is no round 'he' with both due days; known are dot-1, dot-2"),
    (A, A.replace(" A\n", "\n"), "clusters.2.units.1.name: 'Đoàn phường An Lạc' compares equal to 'Đoàn phường An Lạc' of 'dp-an-lac'; a sheet could not tell them apart"),
    (A, A + "        aliases: [P.AnLạc]\n", "clusters.2.units.1.aliases.0: 'P.AnLạc' compares equal to 'Đoàn phường An Lạc' of 'dp-an-lac'; a sheet could not tell them apart"),
    (A, A + "        aliases: [An Lạc quận]\n", "clusters.2.units.1.aliases.0: 'An Lạc quận' compares equal to 'Đoàn phường An Lạc' of 'dp-an-lac'; a sheet could not tell them apart"),
    (UNIT, UNIT + "        valid_from: 2025-07-01\n        valid_to: 2025-06-30\n", "clusters.2.units.0.valid_to: found 2025-06-30, expected a day not before valid_from (2025-07-01)"),
    (UNIT, UNIT + "        successor: dp-tan-tao\n", "clusters.2.units.0.successor: a unit that merged needs valid_to: its last day"),
    (UNIT, UNIT + "        valid_to: 2025-06-30\n        successor: dp-an-lac-c\n", "clusters.2.units.0.successor: there is no unit 'dp-an-lac-c'; did you mean 'dp-an-lac-a'?"),
    (UNIT, UNIT + "        valid_to: 2025-06-30\n        successor: dp-an-lac\n", "clusters.2.units.0.successor: merged units go round in a circle: dp-an-lac → dp-an-lac"),
    (UNIT, UNIT + "        valid_to: 2025-06-30\n        successor: {dp-an-lac-a: 60, dp-tan-tao: 50}\n", "clusters.2.units.0.successor: found 110 per cent in all, expected at most 100"),
    (UNIT, UNIT + "        successor: {dp-an-lac-a: 0}\n", "clusters.2.units.0.successor: found {'dp-an-lac-a': 0}, expected a unit's id, or units with the part that went to each in per cent, such as {dp-a: 60, dp-b: 40}"),
    (UNIT, UNIT + "        valid_to: 2025-06-30\n        successor: dp-an-lac-a\n      - id: dp-moi\n        name: Đoàn phường An Lạc\n        valid_from: 2025-06-30\n", "clusters.2.units.1.name: 'Đoàn phường An Lạc' compares equal to 'Đoàn phường An Lạc' of 'dp-an-lac'; a sheet could not tell them apart"),
    (UNIT, UNIT + "        valid_to: 2025-06-30\n        successor: dp-moi\n      - id: dp-moi\n        name: Đoàn phường Mới\n        valid_from: 2025-08-01\n", "clusters.2.units.0.successor: dp-moi does not exist on 2025-07-01, the day after dp-an-lac ends; give it valid_from 2025-07-01"),
    (UNIT, UNIT + "        quotas: {3: {2024: x}}\n", "clusters.2.units.0.quotas.3: found {2024: 'x'}, expected a whole number above 0, or numbers by the year from which each holds, such as {2024: 40, 2026: 30}"),
    ("code_prefix: DBDC\n", "code_prefix: DBDC\n    valid_from: 2025-07-01\n    valid_to: 2025-06-30\n", "clusters.2.valid_to: found 2025-06-30, expected a day not before valid_from (2025-07-01)"),
    (UNIT, UNIT + "        valid_to: 2024-12-31\n", "clusters.2.units.0: dp-an-lac has no day in common with its cluster dia-ban-dan-cu (2025-01-01–)"),
    ("{year: 2025, name: Võ", "{valid_from: 2024-07-01, name: Võ", "clusters.5.heads.1.valid_from: y-te is led by 'Huỳnh Bảo Ngọc' from 2024-01-01 to 2024-12-31; expected terms that do not overlap"),
    ("{year: 2025, name: Võ", "{name: Võ", "clusters.5.heads.1: is missing year, or valid_from and valid_to; add one of them"),
    ("{year: 2025, name: Võ", "{year: 2025, valid_from: 2025-07-01, name: Võ", "clusters.5.heads.1.year: a head has a year, or valid_from and valid_to; remove one of them"),
    ("place: Bình Tân\n", "place: Bình Tân\nchanges: [{valid_from: 2025-07-01, name: A}, {valid_from: 2025-07-01, place: B}]\n", "changes.1.valid_from: found 2025-07-01, expected a day after the change above it (2025-07-01)"),
    ("place: Bình Tân\n", "place: Bình Tân\nchanges: [{name: A}]\n", "changes.0.valid_from: is missing; add this key"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "sentence"), ORGANIZATION_CONTRADICTIONS)
def test_an_organisation_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    """Ids, heads, owed rounds, names, dates and successors must fit together; each contradiction is one line at its place."""
    extra = (
        (("organization.yaml", "code_prefix: DBDC\n", "code_prefix: DBDC\n    valid_from: 2025-01-01\n"),)
        if "no day in common" in sentence
        else ()
    )
    found = [unplaced(line) for line in complaint(tmp_path, *extra, ("organization.yaml", old, new))]
    assert f"config/organization.yaml: {sentence}" in found


# fmt: off
CHANGES_OVER_TIME = [
    ("plan.yaml", "goal: 5\n", "goal: {2025: 5}\n", "targets.0.goal: found nothing for 2024, expected a goal from the plan's first year on"),
    ("plan.yaml", "goal: 5\n", "goal: {2024: 5, 2030: 6}\n", "targets.0.goal.2030: found 2030, expected a year of the plan (to 2028)"),
    ("plan.yaml", "{y-te: 10}", "{y-te: {2024: 10, 2026: 11}}", "targets.5.allocations: found 11 in all from 2026 on, expected at most the goal (10)"),
    ("plan.yaml", "goal: 10\n    measure: chương trình\n    allocations: {y-te: 10}", "goal: {2024: 10, 2027: 0}\n    measure: chương trình\n    allocations: {y-te: 10}", "targets.5.allocations: found 10 in all from 2027 on, expected at most the goal (0)"),
    ("plan.yaml", "in_force: ", "early_end: {last_day: 2028-04-30}\nin_force: ", "early_end.last_day: found 2028-04-30, expected a day from first_day to the day before last_day"),
    ("organization.yaml", "code_prefix: YT\n", "code_prefix: YT\n    valid_to: 2025-06-30\n", "targets.5.allocations.y-te: found 10 in 2026, but y-te exists to 2025-06-30; write 0 for the years without it, such as {2026: 0}"),
    ("settings.yaml", "email: ban-thuong-vu@example.org", "email: ban-thuong-vu@example.org, valid_to: 2025-06-30", "mail.recipients: nobody gets the reports on 2025-07-01; give one recipient a valid_from or valid_to that covers it"),
    ("settings.yaml", "email: ban-thuong-vu@example.org", "email: ban-thuong-vu@example.org, valid_from: 2025-06-30", "mail.recipients: nobody gets the reports at the beginning; give one recipient a valid_from or valid_to that covers it"),
    ("settings.yaml", "email: ban-thuong-vu@example.org", "email: ban-thuong-vu@example.org, valid_from: 30/06/2025", "mail.recipients.0.valid_from: found '30/06/2025', expected a day of the calendar, such as 2024-03-01"),
    ("settings.yaml", "  number_sign: ", "  changes: [{valid_from: 2025-07-01, singer: A}]\n  number_sign: ", "report.changes.0.singer: unknown key; did you mean 'signer'?"),
]
# fmt: on


@pytest.mark.parametrize(("file", "old", "new", "sentence"), CHANGES_OVER_TIME)
def test_what_changes_over_time_must_fit_together(tmp_path: Path, file: str, old: str, new: str, sentence: str) -> None:
    """Goals by year, clusters that end, an early end, recipients and letterhead by day: each contradiction is one line at its place."""
    found = [unplaced(line) for line in complaint(tmp_path, (file, old, new))]
    at = "plan.yaml" if sentence.startswith(("targets", "early")) else "settings.yaml"
    assert f"config/{at}: {sentence}" in found


def test_a_round_with_one_due_day_or_out_of_order_is_refused(tmp_path: Path) -> None:
    """A round has both due days or neither, and stands in the order of the year."""
    one_day = complaint(tmp_path / "1", ("plan.yaml", "    results_due: 30/05\n", ""))
    order = complaint(tmp_path / "2", ("plan.yaml", "[1, 5]", "[9, 12]"))
    assert "config/plan.yaml:12: rounds.0: has one due day; give both registration_due and results_due, or neither" in one_day
    assert "config/plan.yaml:17: rounds.1: 'he' begins before the round above it; write the rounds in the order of the year" in order


SYNTAX = [
    ("\tplace: x", 3, "found a tab"),
    ("place: 'x", 3, "found unexpected end of stream"),
    ("place: \x07", 3, "found the character #x0007"),
    ("place: &a [*a]", 3, "found an alias (*name); write the value out"),
    ("place: !!timestamp 2024-02-30", 1, "day is out of range for month"),
]


@pytest.mark.parametrize(("new", "line", "what"), SYNTAX)
def test_what_is_no_yaml_is_one_sentence_at_its_line(tmp_path: Path, new: str, line: int, what: str) -> None:
    """A tab, an open quote, a control character, an alias or an impossible tagged day gives one line, without a traceback."""
    text = (CONFIG / "organization.yaml").read_text(encoding="utf-8")
    changed = text[: text.index("\n\n")].replace("place: Bình Tân", new)  # no later quote may close the open one
    found = complaint(tmp_path, ("organization.yaml", text, changed))
    advice = "check the indentation (spaces, no tabs), colons and quotes on this line"
    assert found == [f"config/organization.yaml:{line}: is no valid YAML: {what}; {advice}"]


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """Missing, empty, in another encoding, or no file at all: each is one clear line."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "organization.yaml").write_bytes("name: Quận".encode("utf-16"))
    (folder / "settings.yaml").mkdir()
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError) as caught:
        load_settings(folder)
    assert str(caught.value).replace(f"{tmp_path}/", "").splitlines() == [
        "config/plan.yaml: not found; put the file there, or name another folder with --config",
        "config/organization.yaml: is not UTF-8; save it again as UTF-8",
        "config/settings.yaml: cannot be read (Is a directory); check its permissions",
    ]
    assert complaint(tmp_path / "2", ("settings.yaml", (CONFIG / "settings.yaml").read_text(encoding="utf-8"), "# nothing\n")) == [
        "config/settings.yaml:1: found no keys, expected lines such as `name: …`"
    ]


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    """A folder that is not there is said with the option that names another one."""
    with pytest.raises(ConfigError, match="there is no such folder; name the configuration's folder with --config"):
        load_settings(tmp_path / "nowhere")


def test_every_mistake_of_every_file_is_said_at_once(tmp_path: Path) -> None:
    """One wrong file does not hide what is wrong in the others, cross-checks of the readable ones included."""
    lines = complaint(
        tmp_path,
        ("plan.yaml", "goal: 5\n", "goal: năm\n"),
        ("organization.yaml", "    units:\n      - id: btv", "    unts:\n      - id: btv"),
        ("settings.yaml", "time_zone: Asia/Ho_Chi_Minh", "time_zone: Asia"),
    )
    assert lines == [
        "config/plan.yaml:33: targets.0.goal: found 'năm', expected a whole number above 0",
        "config/organization.yaml:10: clusters.0.units: is missing; add this key",
        "config/organization.yaml:19: clusters.0.unts: unknown key; did you mean 'units'?",
        "config/settings.yaml:2: time_zone: found 'Asia', expected a time zone such as Asia/Ho_Chi_Minh",
    ]


def test_values_that_yaml_would_turn_into_something_else_stay_as_typed(tmp_path: Path) -> None:
    """`no` is the word, a byte order mark is nothing, and a day and a due day are read as days."""
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    plan = (folder / "plan.yaml").read_text(encoding="utf-8").replace("measure: suất", "measure: no")
    (folder / "plan.yaml").write_text("\ufeff" + plan, encoding="utf-8")
    settings = load_settings(folder)
    assert settings.plan.target(5).measure == "no"
    assert settings.plan.first_day == date(2024, 1, 1)
    assert settings.plan.rounds[0].registration_due == MonthDay(1, 30)


def test_the_packaged_configuration_says_what_the_plan_says() -> None:
    """Goals, rounds, due days, who owes what and the report's form come out of the packaged files."""
    settings = load_settings(CONFIG)
    assert {target.id: target.goal for target in settings.plan.targets} == {1: 5, 2: 10, 3: 40, 4: 10, 5: 20, 6: 10, 7: 20, 8: 10}
    assert (settings.plan.target(1).unallocated, settings.plan.target(2).season) == (4, "he")
    assert {one.id: (one.registration_due, one.results_due) for one in settings.plan.rounds} == {
        "dot-1": (MonthDay(1, 30), MonthDay(5, 30)),
        "he": (None, None),
        "dot-2": (MonthDay(8, 30), MonthDay(11, 30)),
    }
    assert settings.organization.cluster("nha-thieu-nhi").owes == {Kind.REGISTRATION: ("dot-1",), Kind.RESULTS: ("dot-2",)}
    assert (settings.form.margin_left_mm, settings.form.font) == (30, "Times New Roman")
    assert {one.email.rpartition("@")[2] for one in settings.mail.recipients} == {"example.org"}


def test_owes_left_out_is_every_round_with_due_days(tmp_path: Path) -> None:
    """A cluster that says nothing of what it owes owes every round that has due days; header names are kept as given."""
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    organization, settings = folder / "organization.yaml", folder / "settings.yaml"
    text = organization.read_text(encoding="utf-8").replace("    owes: {registration: [dot-1], results: [dot-2]}\n", "")
    organization.write_text(text, encoding="utf-8")
    settings.write_text(settings.read_text(encoding="utf-8").replace("columns: {}", "columns: {unit: [Chi hội]}"), encoding="utf-8")
    loaded = load_settings(folder)
    both = ("dot-1", "dot-2")
    assert loaded.organization.cluster("nha-thieu-nhi").owes == {Kind.REGISTRATION: both, Kind.RESULTS: both}
    assert loaded.column_aliases == {Column.UNIT: ("Chi hội",)}
    assert loaded.fingerprint != load_settings(CONFIG).fingerprint


def test_every_unit_is_found_by_each_of_its_names() -> None:
    """The packaged names and words do not get in each other's way, and no name is stripped down to its kind of school."""
    organization = load_settings(CONFIG).organization
    names = UnitNames(organization)
    for unit in organization.units:
        for name in (unit.name, *unit.aliases):
            assert names.read(name, unit.cluster).value == unit.id, name
    assert names.read("THPT", "truong-hoc").value is None


def _keys() -> set[str]:
    models = [one for one in vars(settings_schema).values() if isinstance(one, type) and issubclass(one, BaseModel)]
    return {key for model in models for key in model.model_fields}


def test_the_readme_names_every_key_and_column() -> None:
    """config/README.md cannot go stale: every key of every file stands in it."""
    text = (CONFIG / "README.md").read_text(encoding="utf-8")
    keys = _keys() | {column.value for column in Column}
    assert {key for key in keys if f"`{key}`" not in text} == set()
    assert set(FILES) <= {word.strip("`") for word in text.split()}


def test_the_packaged_files_are_plain_yaml() -> None:
    """Other programs read the packaged files with any YAML reader."""
    assert {name for name in FILES if isinstance(yaml.safe_load((CONFIG / name).read_text(encoding="utf-8")), dict)} == set(FILES)


def test_loading_brings_in_no_tables() -> None:
    """The configuration is loaded before every command, so nothing slow comes with it."""
    code = "import sys, sync.settings; print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_nearest_name_is_offered_or_all_of_them() -> None:
    """A slip gets the one near name; anything else gets the list, and an empty list says so."""
    assert nearest("unts", ["units", "name"]) == "; did you mean 'units'?"
    assert nearest("x", ["units", "name"]) == "; known are name, units"
    assert nearest("x", []) == "; known are none"


def test_packaged_files_are_found_in_a_checkout_and_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside an installed wheel the copy under _data is used; in a checkout the folder beside the package."""
    assert (resources.default_config_dir() / "plan.yaml").is_file()
    assert (resources.default_templates_dir() / "_page.html.j2").is_file()
    (tmp_path / "_data" / "config").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    assert resources.default_config_dir() == tmp_path / "_data" / "config"
    assert resources.default_templates_dir() == tmp_path.parent / "report_templates"
