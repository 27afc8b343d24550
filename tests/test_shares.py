"""A cluster's share of the figures holds all that is its own and nothing of another's."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from sync.model import Compliance
from sync.shares import shares
from tests.district import organization
from tests.paper import figures, progress

STATES = {unit.id: (Compliance.MISSING, Compliance.LATE) for unit in organization().units}


def test_shares_add_up_to_the_whole() -> None:
    """Every figure, state and rate is in the share of its cluster, in its order; the district's own figures are in each."""
    clusters = [cluster.id for cluster in organization().clusters]
    whole = replace(
        progress(states=STATES),
        by_cluster=tuple(figures(target, number, cluster=cluster) for target in (1, 3) for number, cluster in enumerate(clusters)),
        by_unit=tuple(figures(3, number, cluster=unit.cluster, unit=unit.id) for number, unit in enumerate(organization().units)),
    )
    share = shares(whole)
    own = {cluster: share(cluster) for cluster in [*clusters, "unknown"]}
    for name in ("by_cluster", "by_unit", "compliance", "reporting_rates", "late"):
        parts = {cluster: getattr(one, name) for cluster, one in own.items()}
        assert all(item.cluster == cluster for cluster, items in parts.items() for item in items), name
        assert sorted(chain.from_iterable(parts.values()), key=repr) == sorted(getattr(whole, name), key=repr), name
        assert parts["unknown"] == (), name
    assert whole.compliance
    assert {one.targets for one in own.values()} == {whole.targets}
