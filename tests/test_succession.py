"""Figures by the units that exist now: whole and partial mergers, quantities that add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sync.model import Figures
from sync.organization import Unit
from sync.succession import by_successor, shared_out, shares_now
from tests.test_existence import AS_OF, FIRST, LAST, merged


def figures(unit: str, registered: int, done: int, target: int = 3) -> Figures:
    """Return one unit's quantities of a target."""
    return Figures(target, None, registered, done, None, None, done, None, cluster="phuong", unit=unit)


BY_UNIT = (figures("al", 4, 3), figures("al-a", 2, 2), figures("tt", 7, 5), figures("al-moi", 6, 6), figures("bt", 1, 0))


def test_a_successor_has_its_own_and_what_came_before() -> None:
    """Whole mergers bring everything, a part its share; what left the district is shown beside them, so that all adds up."""
    found = {one.unit: one for one in by_successor(BY_UNIT, merged(), AS_OF)}
    assert {unit: (one.registered, one.done) for unit, one in found.items()} == {
        "al-moi": (12, 11),
        "tt-moi": (4, 3),
        "bt": (3, 2),
        None: (1, 0),
    }
    assert [(one.unit, one.part, one.done) for one in found["al-moi"].sources] == [("al", 100, 3), ("al-a", 100, 2), ("al-moi", 100, 6)]
    assert [(one.unit, one.part, one.registered) for one in found["bt"].sources] == [("tt", 30, 2), ("bt", 100, 1)]
    assert sum(one.done for one in found.values()) == sum(one.done for one in BY_UNIT)
    assert sum(one.registered for one in found.values()) == sum(one.registered for one in BY_UNIT)


def test_before_the_merger_nothing_is_inherited() -> None:
    """On the last day of the old units there are no successors yet."""
    assert list(by_successor(BY_UNIT, merged(), LAST)) == []
    assert list(by_successor(BY_UNIT, merged(), FIRST))


def test_mergers_in_a_line_are_multiplied() -> None:
    """Sixty per cent of a half is thirty; a unit that ended without a successor keeps its own."""
    first = Unit("a", "A", "k", valid_to=LAST, successors={"b": 60, "c": 40})
    second = Unit("b", "B", "k", valid_from=FIRST, valid_to=date(2026, 12, 31), successors={"c": 50, "d": 50})
    units = {one.id: one for one in (first, second, Unit("c", "C", "k"), Unit("d", "D", "k"), replace(first, id="e", successors={}))}
    assert shares_now("a", units, date(2025, 12, 1)) == {"b": Fraction(3, 5), "c": Fraction(2, 5)}
    assert shares_now("a", units, date(2027, 1, 1)) == {"c": Fraction(7, 10), "d": Fraction(3, 10)}
    assert shares_now("e", units, date(2027, 1, 1)) == {"e": Fraction(1)}


@given(st.integers(0, 10_000), st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_sharing_out_loses_and_invents_nothing(quantity: int, weights: list[int]) -> None:
    """The whole numbers add up, and none is further than one from its exact share."""
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    parts = shared_out(quantity, shares)
    assert sum(parts) == quantity
    assert all(abs(part - quantity * share) < 1 for part, share in zip(parts, shares, strict=True))
