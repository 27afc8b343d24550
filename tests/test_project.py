"""The project around the code: the lock file, the README, no secrets and no places of one machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sync.catalogue import CATALOGUE
from sync.cli import cli

ROOT = Path(__file__).resolve().parent.parent


def tracked() -> list[Path]:
    """Return the files that are text and part of the project."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout here: nothing to list")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file() and Path(name).suffix not in {".png", ".woff2", ".xlsx"}]


def test_every_requirement_is_pinned_and_hashed_without_addresses() -> None:
    """The lock file serves any index."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) > 20
    assert all("==" in block and "--hash=sha256:" in block for block in blocks)
    assert "://" not in text


def test_no_index_host_and_no_place_of_one_machine() -> None:
    """Nothing in the project knows where it was written."""
    words = ("pypi" + ".org", "/ro" + "ot/", "/wo" + "rk/", "../sh" + "ared", "index" + "-url =")
    found = [(path.name, word) for path in tracked() for word in words if word in path.read_text(encoding="utf-8")]
    assert found == []


def test_the_readme_begins_with_the_two_commands() -> None:
    """`make demo`, `make test`, in the first block of code."""
    first = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert first is not None
    assert [line.split("#")[0].strip() for line in first[1].strip().splitlines()] == ["make demo", "make test"]


def test_every_command_and_every_picture_is_in_the_readme() -> None:
    """The manual cannot go stale unseen."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"donghanh {name}" in text for name in cli.commands)
    assert all((ROOT / link).exists() for link in re.findall(r"\]\(([^)#]+)\)", text))
    assert all(command.help for command in cli.commands.values())


def test_codes_are_kebab_case() -> None:
    """Codes are names that other programs rely on."""
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in CATALOGUE)
    assert json.loads(json.dumps(list(CATALOGUE)))
