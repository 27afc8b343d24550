"""Letters on their way out: each claim lies in the master before its message goes, each outcome after it (design, decision 7)."""

from __future__ import annotations

from collections.abc import Sequence

from sync.deliver import Letter, deliver, messages
from sync.district import District
from sync.edges.interface import Mailer, Spreadsheets
from sync.journal import dump, with_mail
from sync.layout import Workbook
from sync.model import MailRecord, Memory
from sync.publish import with_memory


def post(
    home: Spreadsheets, mailer: Mailer, district: District, letters: Sequence[Letter], master: Workbook | None
) -> tuple[Memory, list[MailRecord]]:
    """Mail the letters; return the memory with what became of them, and the same of each that was tried now.

    ``master`` is what the master holds, and may be `None` where there are no letters. Raises PublishError where a claim cannot be noted:
    then nothing goes out.
    """
    if not letters:
        return district.memory, []
    if master is None:
        raise ValueError("letters are claimed in the master, which was not given")
    journal = _Journal(home, master, district.memory)
    settings, day = district.settings, district.progress.as_of
    outgoing = [one for letter in letters for one in messages(letter, settings.mail, day, settings.time_zone)]
    receipts = deliver(outgoing, known=district.memory.mails, record=journal.record, mailer=mailer, day=day)
    journal.close()
    return journal.memory, receipts


class _Journal:
    """Keeps the memory in the master up to date while mail goes out."""

    def __init__(self, home: Spreadsheets, master: Workbook, memory: Memory) -> None:
        self._home = home
        self._master = master
        self.memory = memory

    def record(self, mail: MailRecord) -> None:
        """Remember this state of a message, in the master, now."""
        self.memory = with_mail(self.memory, mail)
        self._master = with_memory(self._master, dump(self.memory))
        self._home.write_master(self._master, hold=True)

    def close(self) -> None:
        """Let other runs begin: no mail follows."""
        self._home.write_master(self._master)
