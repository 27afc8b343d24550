"""Numbers that change from one year on: a goal, a cluster's part of it, a unit's quota."""

from __future__ import annotations

from collections.abc import Mapping

Yearly = Mapping[int, int]
"""First year → the number from that year on, until the next one; year 0 is the beginning."""


def in_year(numbers: Yearly, year: int) -> int:
    """Return the number that holds in the year; 0 before the first one.

    >>> in_year({0: 40, 2026: 25}, 2025), in_year({0: 40, 2026: 25}, 2027), in_year({2026: 25}, 2025)
    (40, 25, 0)
    """
    begun = [first for first in numbers if first <= year]
    return numbers[max(begun)] if begun else 0
