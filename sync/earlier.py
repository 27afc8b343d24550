"""What earlier runs made of spreadsheets that did not change: neither opened, read nor checked again, as long as all else is the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import chain

from sync.check import Judged
from sync.edges.interface import Results
from sync.judged_json import dumped, loaded
from sync.model import Column
from sync.organization import Organization
from sync.plan import Plan
from sync.resources import digest_of, program_digest


class EarlierResults:
    """Judged clusters, as the bytes that a home keeps."""

    def __init__(self, results: Results) -> None:
        self._results = results

    def found(self, cluster: str) -> Judged | None:
        """Return the cluster as an earlier run judged it, its activities columns still; `None` where it is to be judged anew."""
        data = self._results.found(cluster)
        return loaded(data) if data else None

    def keep(self, cluster: str, judged: Judged) -> None:
        """Remember it, for the runs to come."""
        self._results.keep(cluster, dumped(judged))


def results_mark(plan: Plan, organization: Organization, column_aliases: Mapping[Column, tuple[str, ...]], as_of: date) -> str:
    """Return a mark of all that a judged cluster follows from but its spreadsheet: the program and what `ClusterTask` is made of."""
    others = map(repr, (plan, replace(organization, clusters=()), dict(column_aliases), as_of))
    return digest_of(chain((program_digest(),), others, map(repr, organization.clusters)))  # of one cluster at a time
