"""The guide to Google says every sentence that the program can say, so that it cannot go stale unseen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from sync.edges.google.trouble import Cause, Named, Refusal, for_operator, for_people
from sync.settings_schema import GoogleFile

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "google.md"
HOME = [ROOT / "sync" / "edges" / "google" / name for name in ("home.py", "master_writer.py")]
ACCOUNT = "dong-hanh@…"


def guide() -> str:
    """Return its text."""
    return GUIDE.read_text(encoding="utf-8")


def told() -> set[str]:
    """Return the first column of its tables."""
    return {line.split(" | ")[0].removeprefix("| ") for line in guide().splitlines() if line.startswith("| ")}


@pytest.mark.parametrize("cause", list(Cause))
def test_every_refusal_stands_in_the_guide(cause):
    """For people and for the operator, word for word."""
    refused = Refusal(cause, "…")
    assert for_operator(refused, Named("The master spreadsheet", ACCOUNT)) in told()
    of_operator = for_operator(refused, Named("“…”", ACCOUNT))
    to_people = for_people(refused, Named("“…”", ACCOUNT))
    assert to_people in told() or to_people == of_operator


def test_the_guide_tells_no_sentence_that_is_not_said():
    """Each row of its tables of failures is a sentence of the program."""
    said = {for_operator(Refusal(cause, "…"), Named("The master spreadsheet", ACCOUNT)) for cause in Cause}
    said |= {for_people(Refusal(cause, "…"), Named("“…”", ACCOUNT)) for cause in Cause} | set(sentences())
    assert told() - said == {"chương trình báo"}


def sentences() -> Iterator[str]:
    """Yield what the home raises or says in words of its own, `…` for what differs each time."""
    for node in (node for path in HOME for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("PublishError", "SourceError", "UsageError", "self._say"):
            argument = node.args[0]
            if isinstance(argument, ast.Constant):
                yield str(argument.value)
            elif isinstance(argument, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in argument.values)


def test_what_the_home_says_in_its_own_words_stands_in_the_guide():
    """Two runs at once, a cluster without a spreadsheet, a listing that failed."""
    own = list(sentences())
    assert len(own) == 6
    assert set(own) <= told()


def test_the_settings_of_the_guide_are_settings():
    """Its example is taken by the schema as it stands, but for the dots."""
    example = re.search(r"```yaml\n(google:.*?)```", guide(), re.DOTALL)
    assert example is not None
    given = GoogleFile.model_validate(yaml.safe_load(example[1].replace("…", "1AbCdEfGh"))["google"])
    assert given.master == "1AbCdEfGh"
    assert set(given.spreadsheets) == {"dia-ban-dan-cu", "noi-chinh"}
