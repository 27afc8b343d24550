"""Units and targets by the names that people give them (contract section 4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from weakref import proxy

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sync.legacy import from_legacy
from sync.model import Cell, CellError
from sync.normalise.reading import Problem, Read, unreadable
from sync.organization import Organization, Unit
from sync.plan import Plan, Target
from sync.text import clean, fold

_NUMBER_FIRST = re.compile(r"(?:chi tieu|ct)?\s*(?:so\s*)?0*(\d{1,2})(?:\s+(.*)|([^\d\s].*))?")


_WARD_LETTERS = "abcde"
FARTHEST = 4
"""Slips further away than this need not be looked at to say that one name is clearly the nearest."""


class UnitNames:
    """Finds the unit that a cell of the column `Đơn vị` means, seen from one cluster."""

    def __init__(self, organization: Organization) -> None:
        self._before = _longest_first(organization.words_before_name)
        self._after = _longest_first(organization.words_after_name)
        self._units = organization.units
        self._keys: dict[str, list[Unit]] = {}
        self._as_written: dict[str, list[Unit]] = {}
        """Names just as the configuration writes them, as most cells do."""
        self._forms: list[tuple[str, str, Unit]] = []
        for unit in self._units:
            for name in (unit.name, *unit.aliases):
                self._add(unit, name)
        self.as_written: dict[str, dict[str, str]] = defaultdict(dict)
        """Cluster → name of one of its units, just as the configuration writes it → that unit."""
        for name, units in self._as_written.items():
            for unit in reversed(units):
                self.as_written[unit.cluster][name] = unit.id
        self._by_cluster: dict[str, list[tuple[str, str, Unit]]] = defaultdict(list)
        for form in self._forms:
            self._by_cluster[form[2].cluster].append(form)
        self._alike: tuple[_Alike, _Alike] = _Alike(), _Alike()
        for full, bare, unit in self._forms:
            self._alike[0].add(bare, unit)
            self._alike[1].add(full, unit)
        # By a proxy: with itself in what it remembers, it would stay in memory for good, for nobody collects cycles during a run.
        self.read = lru_cache(maxsize=65_536)(partial(UnitNames._read, proxy(self)))
        self.with_namesake = frozenset(unit.id for units in self._keys.values() if len(units) > 1 for unit in units)
        """Units that do not exist on the same days share a name with another one: which is meant, the day of a row tells."""

    def _add(self, unit: Unit, name: str) -> None:
        full = fold(name)
        bare = _strip_words(full, self._before, self._after)
        self._forms.append((full, bare, unit))
        for key in {full, bare, _squashed(full), _squashed(bare)}:
            units = self._keys.setdefault(key, [])
            if unit not in units:
                units.append(unit)
        if full and clean(name) == name and from_legacy(name) is None:
            self._as_written[name] = self._keys[full]

    def bare(self, name: str) -> str:
        """Return the name as compared, without the words that people put around it or leave out."""
        return _strip_words(fold(name), self._before, self._after)

    def _read(self, text: str, cluster: str) -> Read[str]:
        if text in self._as_written:
            return self._match(text, cluster)
        legacy = from_legacy(text)
        shown = clean(legacy or text)
        if not fold(shown):
            return Read(filled=False)
        read = self._match(shown, cluster)
        if legacy is None:
            return read
        return Read(read.value, (Problem("legacy-encoding", shown), *read.problems))

    def on(self, text: str, cluster: str, day: date) -> str:
        """Return the unit that the text names on that day, where `read` finds one: of several of one name, the one nearest to it."""
        units, _ = self._meant(clean(from_legacy(text) or text), cluster)
        return min(units, key=lambda unit: unit.life.days_from(day)).id

    def _match(self, shown: str, cluster: str) -> Read[str]:
        units, typed = self._meant(shown, cluster)
        if units:
            return Read(units[0].id, () if typed else (Problem("corrected-unit", units[0].name),))
        if others := self._named(shown):
            return unreadable("unit-of-another-cluster", extra=others[0].cluster)
        return unreadable("unknown-unit", extra=", ".join(self._suggestions(shown, cluster)))

    def _meant(self, shown: str, cluster: str) -> tuple[list[Unit], bool]:
        """Return the cluster's units that the text names (several only where one followed another), and whether it has no slip."""
        if named := self._named(shown):
            return [unit for unit in named if unit.cluster == cluster], True
        return [unit for unit in self._nearest(shown) if unit.cluster == cluster], False

    def _named(self, shown: str) -> list[Unit]:
        if shown in self._as_written:
            return self._as_written[shown]
        full, bare = fold(shown), self.bare(shown)
        for key in (full, bare, _squashed(full), _squashed(bare)):
            if key in self._keys:
                return self._keys[key]
        return []

    def _nearest(self, shown: str) -> list[Unit]:
        """Return the units of the one clearly nearest name: within a slip of the keyboard, and no other unit nearly as near."""
        best: dict[str, tuple[int, list[Unit]]] = {}
        for typed, names in zip((self.bare(shown), fold(shown)), self._alike, strict=True):
            for name, unit, distance in names.near(typed):
                if unit.id not in best or distance < best[unit.id][0]:
                    best[unit.id] = (distance, self._keys[name])
        if not best:
            return []
        (distance, units), *others = sorted(best.values(), key=lambda found: found[0])
        apart = [other for other in others if other[1] != units]
        clear = not apart or apart[0][0] - distance >= 2
        return units if clear and distance <= (1 if len(self.bare(shown)) < 8 else 2) else []

    def _suggestions(self, shown: str, cluster: str) -> list[str]:
        bare = self.bare(shown)
        forms = self._by_cluster.get(cluster, ())
        own = [(OSA.normalized_distance(bare, other), unit.name) for _, other, unit in forms]
        return list(dict.fromkeys(name for _, name in sorted(own)))[:3]


class _Alike:
    """Names, laid out so that a slip is held only against those it may be a slip for: as many words, the same single letters, as long."""

    def __init__(self) -> None:
        self._groups: dict[tuple[object, ...], dict[int, list[tuple[str, Unit]]]] = {}

    def add(self, name: str, unit: Unit) -> None:
        """Add a folded name; one with a figure is never a slip."""
        if not any(map(str.isdecimal, name)):
            self._groups.setdefault(self._key(name), {}).setdefault(len(name), []).append((name, unit))

    def _key(self, name: str) -> tuple[object, ...]:
        words = name.split()
        return len(words), *sorted(word for word in words if len(word) == 1)

    def near(self, typed: str) -> Iterator[tuple[str, Unit, int]]:
        """Yield (name, unit, distance) of the names that the folded text may be a slip for, not farther than `FARTHEST`."""
        if any(map(str.isdecimal, typed)):
            return
        by_length = self._groups.get(self._key(typed), {})
        near = [one for length in range(len(typed) - FARTHEST, len(typed) + FARTHEST + 1) for one in by_length.get(length, ())]
        names = [name for name, _ in near]
        for name, distance, place in process.extract(typed, names, scorer=OSA.distance, score_cutoff=FARTHEST, limit=None):
            if is_slip(typed, name):
                yield name, near[place][1], int(distance)


def is_slip(typed: str, name: str) -> bool:
    """Return whether ``typed`` may be a slip of the keyboard for ``name`` (both folded), or is another name altogether.

    The single letter that sets wards apart is data: all words of one letter, and how many words there are, must be the same,
    and nothing may have been put on at the end, where such a letter would stand.
    """
    one, other = typed.split(), name.split()
    if not one or not other or _marks(one) != _marks(other):
        return False
    if sorted(word for word in one if len(word) == 1) != sorted(word for word in other if len(word) == 1):
        return False
    stem, other_stem = _stem(one), _stem(other)
    if not stem or len(one) != len(other) or any(character.isdecimal() for character in typed + name):
        return False
    return not _may_carry_letter(stem[-1], other_stem[-1])


def _may_carry_letter(typed: str, name: str) -> bool:
    """Return whether the last word may have a ward's letter stuck to it (`An LạcB`): longer, and a new letter at its end."""
    if len(typed) <= len(name):
        return False
    return typed[-1] != name[-1] or (typed.startswith(name) and typed[-1] in _WARD_LETTERS)


def _marks(words: Sequence[str]) -> list[str]:
    return [words[-1]] if len(words[-1]) == 1 else []


def _stem(words: list[str]) -> list[str]:
    return words[:-1] if _marks(words) else words


def _squashed(key: str) -> str:
    return key.replace(" ", "")


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({fold(word) for word in words}, key=len, reverse=True))


def _strip_words(key: str, before: Sequence[str], after: Sequence[str]) -> str:
    stripped = key
    for word in before:
        if stripped.startswith(f"{word} "):
            stripped = stripped[len(word) + 1 :]
    for word in after:
        if stripped.endswith(f" {word}"):
            stripped = stripped[: -len(word) - 1]
            break
    return stripped


class TargetNames:
    """Finds the target that a cell of the column `Chỉ tiêu` means."""

    def __init__(self, plan: Plan) -> None:
        self._targets = {target.id: target for target in plan.targets}
        self._keys = {fold(name): target for target in plan.targets for name in _names_of(target)}
        self._read_text = lru_cache(maxsize=65_536)(partial(TargetNames._read_text_uncached, proxy(self)))

    def read(self, cell: Cell) -> Read[int]:
        """Return the target's number; number and name that disagree give `conflicting-target`."""
        if isinstance(cell, str) and not isinstance(cell, CellError):
            return self._read_text(cell)
        if isinstance(cell, bool | date | datetime | time | timedelta | str):
            return unreadable("unknown-target")
        return self._by_number(int(cell)) if float(cell).is_integer() else unreadable("unknown-target")

    def _by_number(self, number: int) -> Read[int]:
        return Read(number) if number in self._targets else unreadable("unknown-target")

    def _read_text_uncached(self, text: str) -> Read[int]:
        legacy = from_legacy(text)
        shown = clean(legacy or text)
        if not fold(shown):
            return Read(filled=False)
        read = self._match(shown)
        return Read(read.value, (Problem("legacy-encoding", shown), *read.problems)) if legacy else read

    def _match(self, shown: str) -> Read[int]:
        key = re.sub(r"^(\d+)[.,]0+$", r"\1", shown)
        key = fold(key)
        if key in self._keys:
            return Read(self._keys[key].id)
        found = _NUMBER_FIRST.fullmatch(key)
        if not found:
            stripped = re.sub(r"^(?:chi tieu|ct)\s+", "", key)
            return Read(self._keys[stripped].id) if stripped in self._keys else unreadable("unknown-target")
        return self._with_number(int(found[1]), (found[2] or found[3] or "").strip())

    def _with_number(self, number: int, name: str) -> Read[int]:
        named = self._keys.get(name) or self._spoken_of(number, name)
        if named is not None and named.id != number:
            return unreadable("conflicting-target", extra=f"{number}|{named.id}")
        if re.match(r"(?:va\b|[ol]$)", name) or re.search(r"\d", name):  # two numbers, or letters for figures
            return unreadable("unknown-target")
        return self._by_number(number)

    def _spoken_of(self, number: int, name: str) -> Target | None:
        """Return the other target that a name mostly speaks of (`3. Trao học bổng cho học sinh`); `None` if it speaks of ``number``."""
        own = (key for key, target in self._keys.items() if target.id == number)
        if not name or any(_has_words(name, key) or _has_words(key, name) for key in own):
            return None
        named = [(key, target) for key, target in self._keys.items() if _has_words(name, key)]
        key, target = max(named, key=lambda one: len(one[0]), default=("", None))
        return target if name.startswith(key) or 2 * len(key.split()) > len(name.split()) else None


def _has_words(text: str, words: str) -> bool:
    """Return whether a folded text has these words, one after another."""
    return f" {words} " in f" {text} "


def _names_of(target: Target) -> tuple[str, ...]:
    return (target.name, target.short_name, *target.aliases)
