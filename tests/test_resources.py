"""The mark of the program: what earlier runs made of a sheet stands as long as it is the same, and not a line longer."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import resources
from sync.render import Renderer
from sync.resources import default_templates_dir, digest_of, program_digest

PACKAGE = Path(resources.__file__).parent


def placed(folder: Path) -> Path:
    """Return a copy of the program's modules in another place."""
    return Path(shutil.copytree(PACKAGE, folder / "elsewhere", ignore=shutil.ignore_patterns("__pycache__")))


def add_module(package: Path) -> None:
    """A new module."""
    (package / "edges" / "new.py").write_text("", encoding="utf-8")


def change_a_letter(package: Path) -> None:
    """The same length, one letter another."""
    path = package / "rules.py"
    path.write_bytes(path.read_bytes()[:-2] + b"#\n")


def rename(package: Path) -> None:
    """The same content under another name."""
    (package / "rules.py").rename(package / "rulez.py")


def take_away(package: Path) -> None:
    """A module is gone."""
    (package / "site" / "values.py").unlink()


def swap(package: Path) -> None:
    """Two modules of one name change their places."""
    one, other = package / "site" / "build.py", package / "report" / "build.py"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def move_a_line(package: Path) -> None:
    """The end of one module is the beginning of the next."""
    one, other = package / "charts" / "course.py", package / "charts" / "panels.py"
    head, _, last = one.read_bytes().rstrip(b"\n").rpartition(b"\n")
    one.write_bytes(head + b"\n")
    other.write_bytes(last + b"\n" + other.read_bytes())


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program in another place, of which the digest is then made."""
    package = placed(tmp_path)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    return package


def test_the_same_program_in_another_place_has_the_same_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it was checked out, whenever its files were written, whatever was compiled beside them."""
    here = program_digest()
    package = placed(tmp_path)
    (package / "rules.py").touch()
    (package / "rules.pyc").write_bytes(b"x")
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert program_digest() == here == program_digest()


@pytest.mark.parametrize("change", [add_module, change_a_letter, rename, take_away, swap, move_a_line])
def test_another_module_is_another_digest(elsewhere: Path, change: Callable[[Path], None]) -> None:
    """Any line may be one by which rows are judged."""
    before = program_digest()
    change(elsewhere)
    assert program_digest() != before


@pytest.mark.parametrize("library", ["numpy", "pandas", "rapidfuzz"])
def test_another_version_of_what_it_reckons_with_is_another_digest(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """Which names are alike is the library's to say."""
    before, version = program_digest(), resources.version
    monkeypatch.setattr(resources, "version", lambda name: "999" if name == library else version(name))
    assert program_digest() != before


@pytest.mark.parametrize("library", ["Jinja2", "css-inline", "fonttools", "lxml", "matplotlib", "pillow", "python-docx", "weasyprint"])
def test_another_version_of_what_draws_is_another_digest_of_the_documents(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """After an upgrade a report of the same day would stay as the old version drew it."""
    before, version = Renderer(default_templates_dir()).digest(), resources.version
    monkeypatch.setattr(resources, "version", lambda name: "999" if name == library else version(name))
    assert Renderer(default_templates_dir()).digest() != before


def test_another_python_is_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """With it comes another Unicode, by which letters are told."""
    before = program_digest()
    monkeypatch.setattr(sys, "version", "4.0")
    assert program_digest() != before


def test_texts_are_told_apart_wherever_they_end() -> None:
    """Also an empty one, and one that no file could hold."""
    parts = (["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], [], [""], ["\ud83d"], ["?"])
    digests = [digest_of(one) for one in parts]
    assert len(set(digests)) == len(parts)
    assert digests == [digest_of(iter(one)) for one in parts]


def test_another_template_is_another_digest(tmp_path: Path) -> None:
    """A letter in one, one more, another form; the same templates in another place are the same."""
    folder = Path(shutil.copytree(default_templates_dir(), tmp_path / "mau"))
    digests = [Renderer(default_templates_dir()).digest()]
    assert Renderer(folder).digest() == digests[0]
    digests.append(Renderer(folder, ("html", "docx")).digest())
    template = next(folder.rglob("*.j2"))
    template.write_bytes(template.read_bytes() + b"\n")
    digests.append(Renderer(folder).digest())
    (tmp_path / "own").mkdir()
    digests.append(Renderer(folder, own=tmp_path / "own").digest())
    assert digests[-1] == digests[-2]
    (tmp_path / "own" / template.name).write_bytes(template.read_bytes())
    digests[-1] = Renderer(folder, own=tmp_path / "own").digest()
    assert len(set(digests)) == len(digests)
