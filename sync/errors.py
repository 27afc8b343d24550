"""Faults of the program and its surroundings. Faults in people's data are values (`model.Finding`), never exceptions.

    DonghanhError
    ├── ConfigError        a file under config/ is wrong: which, where, what was expected     (exit status 2)
    ├── UsageError         the command line asks for something that cannot be                  (exit status 2)
    ├── SourceError        one cluster's spreadsheet cannot be read; the others go on          (exit status 1)
    ├── PublishError       the master, a feedback or a report cannot be written                (exit status 1)
    ├── MailError          a message did not go                                                (exit status 1)
    └── MailUnknown        a message may have gone, and nobody can tell                        (exit status 1)

Every class takes one finished sentence that says what is wrong and how to put it right.
"""

from __future__ import annotations


class DonghanhError(Exception):
    """Base of all faults whose sentence may be shown to a person as it is."""


class ConfigError(DonghanhError):
    """The configuration is wrong. `str()` is one line a problem: file, line, what was found, what was expected."""


class UsageError(DonghanhError):
    """The command line asks for something that cannot be done."""


class SourceError(DonghanhError):
    """A cluster's spreadsheet cannot be read (contract section 2: the cluster is then `failed`)."""


class PublishError(DonghanhError):
    """Something could not be written; what stood there before still stands."""


class MailError(DonghanhError):
    """A message could not be handed over, and did not go."""

    def __init__(self, sentence: str, *, permanent: bool = False) -> None:
        """``permanent``: it will not go either when it is tried again as it is."""
        super().__init__(sentence)
        self.permanent = permanent


class MailUnknown(DonghanhError):
    """The connection broke after the message and before the answer: it may have gone, and is never repeated by itself."""
