"""The reminders alone: what `run` sends to cluster heads, without reports, feedback or a new master where nothing goes out."""

from __future__ import annotations

from datetime import date

from sync.district import master_of
from sync.journal import UNSETTLED
from sync.papers import Papers, add_reminders
from sync.posting import post
from sync.render import Renderer
from sync.run import Edges, RunResult, Say, district_now
from sync.settings_values import Settings


def remind(edges: Edges, settings: Settings, renderer: Renderer, *, as_of: date, say: Say = lambda line: None) -> RunResult:
    """Read every cluster and mail the heads who owe something today; the same keys as `run`, so that nobody is reminded twice.

    The claims lie in the master, which is written with the day's figures where a mail goes out, and else not at all. Raises as `run` does.
    """
    settings = settings.on(as_of)
    district = district_now(edges.home, settings, as_of=as_of, workers=edges.workers, say=say)
    made = Papers()
    add_reminders(made, district, renderer, edges.home)
    say("delivering")
    memory, mails = post(edges.home, edges.mailer, district, made.letters, master_of(district) if made.letters else None)
    return RunResult(
        as_of=as_of,
        clusters=district.clusters,
        progress=district.progress,
        written=(),
        problems=(),
        mails=tuple(mails),
        unsettled_mails=tuple(mail for mail in memory.mails if mail.state in UNSETTLED),
        notes=tuple(made.notes),
    )
