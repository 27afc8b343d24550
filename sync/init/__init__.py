"""`donghanh init`: questions or flags → answers → the three files of another district's configuration.

`reading` turns what was typed into values, `interview` asks for what no flag gives, `files` writes the values out with comments.
"""

from __future__ import annotations

from sync.init.answers import Answers
from sync.init.files import files
from sync.init.interview import Ask, interview

__all__ = ["Answers", "Ask", "files", "interview"]
