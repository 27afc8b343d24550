"""`donghanh init`: a configuration for another district, from flags or questions, whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sync.edges.files import write_new_folder
from sync.errors import PublishError, UsageError
from sync.init import files, interview, reading
from sync.init.answers import ClusterAnswer
from sync.init.names import cluster_ids, prefixes
from sync.model import Kind
from sync.plan import MonthDay
from sync.settings import load_settings
from sync.settings_values import Settings

GIVEN = {
    "district": "Đoàn phường An Lạc",
    "superior": "Thành Đoàn TP. Hồ Chí Minh",
    "plan": "chăm lo thiếu nhi giai đoạn 2026 - 2030",
    "years": "2026-2030",
    "in_force": "15/03/2026",
    "cluster": (
        "Khu vực Khu phố | Nguyễn Văn An | khu-pho@example.org | Chi đoàn khu phố 1; Chi đoàn khu phố 2",
        "Khối Trường học | Trần Thị Bình | truong@example.org | Trường THCS: An Lạc, cơ sở 2; THPT An Lạc",
        "Khối Công an",
    ),
    "target": (
        "Lắp đặt thư viện sách cho thiếu nhi khó khăn | 5 | thư viện | 1=3; Khối Trường học=2",
        "Lắp đặt thư viện sách cho trường học | 3 | thư viện | truong-hoc",
        "Trao học bổng | 20 | suất",
    ),
    "sender": "Đồng hành An Lạc <van-phong@example.org>",
    "recipient": ("Ban Thường vụ <btv@example.org>", "chanh@example.org"),
}
TYPED = """Đoàn phường An Lạc




Thành Đoàn TP. Hồ Chí Minh

chăm lo thiếu nhi giai đoạn 2026 - 2030
hai nghìn
2026-2030
15/03/2026

Khu vực Khu phố
Nguyễn Văn An
khu-pho tại example.org
khu-pho@example.org
Chi đoàn khu phố 1; Chi đoàn khu phố 2
Khối Trường học
Trần Thị Bình
truong@example.org
Khu phố 1
Trường THCS: An Lạc, cơ sở 2; THPT An Lạc
Khối Công an



Lắp đặt thư viện sách cho thiếu nhi khó khăn
5
thư viện
1=3; 2=9
1=3; 2=2
Lắp đặt thư viện sách cho trường học
3
thư viện
2
Trao học bổng
20
suất


Đồng hành An Lạc <van-phong@example.org>
Ban Thường vụ <btv@example.org>; chanh@example.org

1

"""
"""What a person types, slips and second tries included; an empty line is Enter alone."""


def flags() -> list[str]:
    """Return the values above as the command line takes them."""
    said = []
    for name, value in GIVEN.items():
        for one in [value] if isinstance(value, str) else value:
            said += [f"--{name.replace('_', '-')}", one]
    return said


def donghanh(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program in a folder."""
    command = [sys.executable, "-c", "from sync.cli import main; main()", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "DONGHANH_"))}
    environment = {**kept, "PYTHONPATH": str(Path(__file__).resolve().parent.parent), "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=folder, env=environment, input=typed, capture_output=True, text=True, encoding="utf-8", check=False)


def texts(**changed: object) -> dict[str, str]:
    """Return the files that these flags make when nobody is asked."""
    return files(interview({**GIVEN, **changed}, None, date(2026, 11, 25)))


def loaded(folder: Path, written: dict[str, str]) -> Settings:
    """Return the settings that the files hold."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return load_settings(folder)


def test_another_district_is_set_up_and_run(tmp_path: Path) -> None:
    """Flags alone: written, found right by doctor, its workbooks made, the job run, the first letter in the folder."""
    done = donghanh(tmp_path, "init", "--no-questions", *flags())
    assert done.returncode == 0, done.stderr
    assert "3 khu vực, khối; 5 đơn vị; 3 chỉ tiêu; 2026-2030" in done.stdout
    day = ("--as-of", "2026-06-02", "--quiet")
    assert "donghanh provision" in donghanh(tmp_path, "doctor", *day).stdout
    assert donghanh(tmp_path, "provision", *day).returncode == 0
    checked = donghanh(tmp_path, "doctor", *day)
    assert checked.returncode == 0, checked.stdout
    ran = donghanh(tmp_path, "run", *day)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert sorted(path.stem for path in (tmp_path / "so-lieu").glob("*.xlsx")) == ["cong-an", "khu-pho", "truong-hoc"]
    page = (tmp_path / "ket-qua" / "bao-cao" / "ket-qua-2026-dot-1.html").read_text(encoding="utf-8")
    assert "THÀNH ĐOÀN TP. HỒ CHÍ MINH" in page
    assert "Bình Tân" not in page
    assert list((tmp_path / "ket-qua" / "hop-thu-di").glob("*btv-example.org*.eml"))


def test_questions_give_what_flags_give(tmp_path: Path) -> None:
    """A person who slips is asked again, in Vietnamese, and ends with the same files; nothing but the answer is on standard output."""
    asked = donghanh(tmp_path, "init", typed=TYPED)
    assert asked.returncode == 0, asked.stderr
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "config").iterdir()} == texts()
    slips = (
        "«hai nghìn» không phải là các năm",
        "không phải là địa chỉ thư",
        "«Khu phố 1» trùng với «Chi đoàn khu phố 1»",
        "cộng lại là 12, nhiều hơn chỉ tiêu 5",
    )
    assert [slip for slip in slips if slip not in asked.stderr] == []
    assert asked.stdout.startswith("Đã ghi config")


def test_what_was_answered_is_what_loads(tmp_path: Path) -> None:
    """Targets with goals, measures and carriers, clusters with heads, rounds, mail."""
    told = loaded(tmp_path, texts(smtp="smtp.example.org:465"))
    first, second, third = told.plan.targets
    assert (first.goal, first.measure, first.allocations) == (5, "thư viện", {"khu-pho": 3, "truong-hoc": 2})
    assert second.allocations == {"truong-hoc": 3}
    assert (third.allocations, third.unallocated) == ({"khu-pho": 6, "truong-hoc": 6, "cong-an": 6}, 2)
    assert len({first.short_name, second.short_name}) == 2
    assert (told.plan.first_day, told.plan.last_day, told.plan.in_force) == (date(2026, 1, 1), date(2030, 12, 31), date(2026, 3, 15))
    assert [(one.id, one.registration_with, one.results_with) for one in told.plan.rounds if not one.results_due] == [
        ("he", "dot-1", "dot-2")
    ]
    head = told.organization.cluster("truong-hoc").head_on(date(2028, 1, 1))
    assert head is not None
    assert (head.name, head.email) == ("Trần Thị Bình", "truong@example.org")
    assert told.organization.cluster("cong-an").heads == ()
    assert told.organization.cluster("cong-an").owes[Kind.RESULTS] == ("dot-1", "dot-2")
    assert [one.email for one in told.mail.recipients] == ["btv@example.org", "chanh@example.org"]
    assert told.mail.smtp is not None
    assert (told.mail.smtp.port, told.mail.smtp.security, told.mail.smtp.user) == (465, "tls", "van-phong@example.org")
    assert (told.form.issuing_body, told.form.place) == ("BCH ĐOÀN PHƯỜNG AN LẠC", "An Lạc")


def test_other_rounds_and_the_months_between_them(tmp_path: Path) -> None:
    """A plan with three rounds: what lies between two is owed with its neighbours."""
    rounds = ("Quý I | 1-3 | 15/01 | 31/03", "Quý II | 4-5 | 15/04 | 31/05", "Quý IV | 10-12 | 15/09 | 15/12")
    found = loaded(tmp_path, texts(round=rounds)).plan.rounds
    assert [one.id for one in found] == ["dot-1", "dot-2", "he", "dot-3"]
    assert found[-1].results_due == MonthDay(12, 15)


def test_google_is_a_section_once_every_address_is_known(tmp_path: Path) -> None:
    """Half of the addresses are kept as a comment, and the folder of workbooks serves until then."""
    address = "https://docs.google.com/spreadsheets/d/{}/edit#gid=0"
    master, sheets = (
        address.format("m" * 30),
        {name: f"{name}={address.format(name[:2] * 15)}" for name in ("khu-pho", "truong-hoc", "cong-an")},
    )
    half = texts(google_master=master, google_sheet=(sheets["khu-pho"],))
    assert loaded(tmp_path / "half", half).google is None
    assert f"#     khu-pho: https://docs.google.com/spreadsheets/d/{'kh' * 15}/edit" in half["settings.yaml"]
    whole = loaded(tmp_path / "whole", texts(google_master=master, google_sheet=tuple(sheets.values()))).google
    assert whole is not None
    assert (whole.master, whole.clusters["cong-an"]) == ("m" * 30, "co" * 15)


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    """Not even an empty one is taken, and nobody is asked first."""
    (tmp_path / "config").mkdir()
    done = donghanh(tmp_path, "init", *flags())
    assert (done.returncode, done.stdout) == (2, "")
    assert "--folder" in done.stderr
    assert list((tmp_path / "config").iterdir()) == []


def test_a_dry_run_prints_what_would_be_written(tmp_path: Path) -> None:
    """The three files whole, and nothing in the folder."""
    done = donghanh(tmp_path, "init", "--dry-run", "--no-questions", *flags())
    assert (done.returncode, list(tmp_path.iterdir())) == (0, [])
    assert [text for text in texts().values() if text not in done.stdout] == []


@pytest.mark.parametrize("typed", ["", "\n".join(TYPED.split("\n")[:20])])
def test_who_stops_half_way_leaves_nothing_behind(tmp_path: Path, typed: str) -> None:
    """The files are written when the last question is answered."""
    assert donghanh(tmp_path, "init", typed=typed).returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """What the check refuses, or a disk, leaves nothing; what another one made in the meantime stays."""

    def refuse(folder: Path) -> None:
        assert [path.name for path in folder.iterdir()] == ["a"]
        raise UsageError("no")

    with pytest.raises(UsageError):
        write_new_folder(tmp_path / "new", {"a": b"1"}, refuse)
    assert list(tmp_path.iterdir()) == []

    def meanwhile(folder: Path) -> None:
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "theirs").write_text("x", encoding="utf-8")

    with pytest.raises(PublishError, match="could not be written"):
        write_new_folder(tmp_path / "new", {"a": b"1"}, meanwhile)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["theirs"]
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"district": None}, "--district is needed"),
        ({"cluster": ()}, "--cluster is needed"),
        ({"years": "2030-2026"}, "ghi như 2026-2030"),
        ({"in_force": "31/12/2025"}, "không nằm trong các năm"),
        ({"in_force": "30/02/2026"}, "không phải là một ngày"),
        ({"cluster": ("Khối A | An",)}, "ghi cả người phụ trách và địa chỉ thư"),
        ({"cluster": ("Khối A", "khối a")}, "Đã có khu vực, khối"),
        ({"cluster": ("Khối A || | Tổ 1; Đoàn tổ 1",)}, "trùng với"),
        ({"target": ("Trại hè | 0 | trại | 1",)}, "lớn hơn 0"),
        ({"target": ("Trại hè | 5 | | 1",)}, "Chưa ghi gì"),
        ({"target": ("Trại hè | 5 | trại | 9",)}, "Không có khu vực, khối"),
        ({"target": ("Trại hè | 5 | trại | 1=2; 2",)}, "Ghi phần của mọi"),
        ({"target": ("Trại hè | 1 | trại",)}, "ghi khu vực, khối thực hiện"),
        ({"target": ("Trại hè | 1 | trại | 1; 2",)}, "không chia được"),
        ({"target": ("Trại hè | 5 | trại | 1", "trại HÈ | 5 | trại | 1")}, "Đã có chỉ tiêu"),
        ({"round": ("Đợt 1 | 1-6 | 30/01 | 30/05", "Đợt 2 | 6-12 | 30/08 | 30/11")}, "không nằm sau"),
        ({"round": ("Đợt 1 | 1-5 | 29/02 | 30/05",)}, "có trong mọi năm"),
        ({"round": ("Đợt 1 | 1-5 | 30/05 | 30/01",)}, "đứng trước hạn đăng ký"),
        ({"round": ("Đợt 1",)}, "tháng đầu và tháng cuối"),
        ({"recipient": ("a@example.org", "A@example.org")}, "hai lần"),
        ({"smtp": "smtp example"}, "máy chủ thư"),
        ({"google_master": "bảng tổng hợp"}, "đường dẫn của một Google Trang tính"),
        ({"google_master": "x" * 25, "google_sheet": (f"1={'x' * 25}",)}, "cho hai bảng"),
    ],
)  # fmt: skip
def test_every_slip_has_its_sentence(changed: dict[str, object], said: str) -> None:
    """Each says what was typed and how it is written."""
    with pytest.raises(UsageError) as caught:
        texts(**changed)
    assert said in str(caught.value)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=30)


@given(district=NAMES, plan=NAMES, clusters=st.lists(NAMES, min_size=1, max_size=5), targets=st.lists(NAMES, min_size=1, max_size=5))
@hypothesis_settings(max_examples=60)
def test_whatever_is_accepted_loads(
    tmp_path_factory: pytest.TempPathFactory, district: str, plan: str, clusters: list[str], targets: list[str]
) -> None:
    """No name that init takes makes a file that the program refuses: quotes, colons, other scripts, numbers, `no`."""
    try:
        written = texts(district=district, plan=plan, cluster=tuple(clusters), target=tuple(f"{name} | 40 | lượt" for name in targets))
    except UsageError:
        return
    found = loaded(tmp_path_factory.mktemp("config"), written)
    assert len(found.organization.clusters) == len(clusters)
    assert len(found.plan.targets) == len(targets)


def test_ids_and_prefixes_never_clash() -> None:
    """However alike the names are."""
    names = [
        "Khối Y tế",
        "Cụm Y tế",
        "Khối Ý Tế 2",
        "***",
        "Khu vực 1",
        "Khu vực 2",
        "Khu vực 3",
        *(f"Cụm {letter}{letter}" for letter in "abc"),
    ]
    ids = cluster_ids(names)
    assert ids[:3] == ["y-te", "y-te-2", "y-te-2-2"]
    assert len(set(ids)) == len(names)
    found = prefixes(ids)
    assert len(set(found)) == len(names)
    assert all(1 <= len(one) <= 8 and one.isascii() and one.isupper() for one in found)


def test_carriers_are_named_by_number_name_or_id() -> None:
    """Equal parts go to the first where they do not come out even."""
    clusters = [ClusterAnswer(name, "", "", (name,)) for name in ("Khối A", "Khối B", "Khối C")]
    assert reading.carriers(clusters, 5)("1; khối b") == {0: 3, 1: 2}
    assert reading.carriers(clusters, 2)("") == {0: 1}
    assert reading.carriers(clusters, 7)("c=4") == {2: 4}
