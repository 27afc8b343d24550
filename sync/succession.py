"""A year's figures by the units that exist now: what each did itself, and what those merged into it did before.

History is never moved: this is another view of `Progress.by_unit`, not a change of it. Of a unit that went to several, whole quantities
are shared out by the configured parts so that they add up again (largest remainders first, then in the order of the configuration).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from sync.model import Figures, Inherited, SuccessorFigures
from sync.organization import Organization, Unit

Shares = Mapping[str | None, Fraction]
"""Unit that exists now → its share; `None` for what left the district."""


def by_successor(by_unit: Sequence[Figures], organization: Organization, as_of: date) -> Iterator[SuccessorFigures]:
    """Yield the figures of every unit that others were merged into by ``as_of``, target by target, and of what left the district."""
    units = {unit.id: unit for unit in organization.units}
    merged = [unit.id for unit in organization.units if unit.successors]
    ends = {unit: shares for unit in merged if (shares := shares_now(unit, units, as_of)) != {unit: Fraction(1)}}
    heirs = {heir for shares in ends.values() for heir in shares}
    found: dict[tuple[str | None, int], list[Inherited]] = defaultdict(list)
    for one in by_unit:
        if one.unit in ends:
            for heir, inherited in _shared_out(one, ends[one.unit]):
                found[heir, one.target].append(inherited)
        elif one.unit in heirs:
            found[one.unit, one.target].append(Inherited(one.unit or "", 100, one.registered, one.done))
    for heir in [unit for unit in (*units, None) if unit in heirs]:
        for target in sorted({target for unit, target in found if unit == heir}):
            yield _figures(target, units[heir] if heir else None, found[heir, target])


def shares_now(unit_id: str, units: Mapping[str, Unit], as_of: date) -> Shares:
    """Return what became of a unit's ground by ``as_of``: the units that have it now, through several mergers if need be."""
    unit = units[unit_id]
    if not unit.successors or unit.valid_to is None or unit.valid_to >= as_of:
        return {unit_id: Fraction(1)}
    shares: dict[str | None, Fraction] = defaultdict(Fraction)
    for successor, part in unit.successors.items():
        for heir, share in shares_now(successor, units, as_of).items():
            shares[heir] += share * Fraction(part, 100)
    if (left := 1 - sum(shares.values())) > 0:
        shares[None] += left
    return dict(shares)


def shared_out(quantity: int, shares: Sequence[Fraction]) -> list[int]:
    """Return the quantity in whole numbers by the shares, which add up to 1: the largest remainders get what rounding down left.

    >>> shared_out(5, [Fraction(1, 2), Fraction(1, 2)]), shared_out(10, [Fraction(7, 10), Fraction(3, 10)])
    ([3, 2], [7, 3])
    """
    exact = [quantity * share for share in shares]
    whole = [int(number) for number in exact]
    by_remainder = sorted(range(len(shares)), key=lambda index: (whole[index] - exact[index], index))
    for index in by_remainder[: quantity - sum(whole)]:
        whole[index] += 1
    return whole


def _shared_out(one: Figures, shares: Shares) -> Iterator[tuple[str | None, Inherited]]:
    registered = shared_out(one.registered, list(shares.values()))
    done = shared_out(one.done, list(shares.values()))
    for (heir, share), planned, reached in zip(shares.items(), registered, done, strict=True):
        yield heir, Inherited(one.unit or "", round(share * 100), planned, reached)


def _figures(target: int, unit: Unit | None, sources: Sequence[Inherited]) -> SuccessorFigures:
    return SuccessorFigures(
        target=target,
        unit=unit.id if unit else None,
        cluster=unit.cluster if unit else None,
        registered=sum(one.registered for one in sources),
        done=sum(one.done for one in sources),
        sources=tuple(sources),
    )
