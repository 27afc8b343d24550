"""A person says what became of a message whose fate nobody knew, or lets a rejected one go again."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import process

from sync.decisions import remembered
from sync.district import judged_district, master_of
from sync.edges.interface import Spreadsheets
from sync.errors import UsageError
from sync.journal import interrupted, load, with_mail
from sync.model import ClusterData, ClusterStatus, MailRecord, MailState, Memory
from sync.settings_values import Settings

SETTLED = {"sent": MailState.SENT, "resend": MailState.REFUSED}
"""`sent`: it arrived. `resend`: it did not, and the next run sends it, under the same Message-ID."""
_NOT_READ = "Lần chạy gần nhất chưa đọc được bảng này."


def mails(home: Spreadsheets) -> tuple[MailRecord, ...]:
    """Return every message that is remembered, a claim without an outcome as unknown."""
    return interrupted(load(home.read_memory())).mails


def settle(home: Spreadsheets, settings: Settings, key: str, verdict: str) -> MailRecord:
    """Note the person's word in the master and return the message; nothing is sent now.

    ``verdict`` is one of `SETTLED`. The master is written again from what it remembers, as of its last run. Raises UsageError
    where there is no such message or it went already, SourceError and PublishError as a run does.
    """
    memory = interrupted(load(home.read_memory()))
    mail = _named(memory, key)
    if mail.state is MailState.SENT and verdict == "sent":
        raise UsageError(f"{key} is noted as sent already ({mail.day}); nothing was changed.")
    settled = replace(mail, state=SETTLED[verdict], detail=f"settled by a person: {verdict}")
    day = memory.runs[-1].as_of
    changed = remembered(with_mail(memory, settled), home.read_decisions(), settings.organization, day)
    district = judged_district(settings, _remembered(changed, settings), changed, as_of=day, year=day.year)
    home.write_master(master_of(district))
    return settled


def _named(memory: Memory, key: str) -> MailRecord:
    known = {mail.key: mail for mail in memory.mails}
    if key in known:
        return known[key]
    nearest = process.extractOne(key, list(known))
    hint = f"did you mean {nearest[0]}" if nearest else "no mail has gone out yet"
    raise UsageError(
        f"There is no message {key!r}; {hint}? `donghanh mail list` shows them all." if nearest else f"There is no message {key!r}; {hint}."
    )


def _remembered(memory: Memory, settings: Settings) -> list[ClusterData]:
    """Return every cluster as the last run left it; one that had not begun by then was not asked."""
    last = memory.runs[-1]
    read, clusters = last.clusters_read, []
    for cluster in (one for one in settings.organization.clusters if one.has_begun(last.as_of)):
        data = memory.last_good.get(cluster.id)
        if data is None:
            clusters.append(ClusterData(cluster.id, ClusterStatus.FAILED, "", error=_NOT_READ))
        else:
            clusters.append(data if cluster.id in read else replace(data, status=ClusterStatus.STALE, error=_NOT_READ))
    return clusters
