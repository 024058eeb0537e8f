"""Figures of earlier areas, re-cast to the areas of a later day. Pure.

Counts are added up. A municipality that was split up is shared out by the inhabitants that went to each heir, and
what came of that is an estimate. A figure per inhabitant is re-cast through two counts: what it counts, and the
inhabitants it is divided by. Any other share or average cannot be re-cast, unless the area is still the same one.
A border that moved between two municipalities that both stayed is not corrected, but told when people moved with it.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

TELL_FROM = 100  # inhabitants that a moved border took along, from which readers are told
DAY = timedelta(days=1)


class ChangeKind(StrEnum):
    MERGED = "merged"  # all of it went to one heir
    SPLIT = "split"  # it went to several heirs
    RENAMED = "renamed"  # the same municipality, under a new name and code
    BORDER = "border"  # a piece went, both stayed


@dataclass(frozen=True)
class Change:
    """What went from `origin` to `heir` on a day."""

    day: date
    origin: str
    heir: str
    kind: ChangeKind
    inhabitants: int | None = None
    dwellings: int | None = None


class Measure(StrEnum):
    """What a figure is, as far as adding up goes."""

    COUNT = "count"
    PER_INHABITANT = "per_inhabitant"
    OTHER = "other"


class How(StrEnum):
    """What was done to get a re-cast figure."""

    SAME = "same"  # nothing: the same area, then under another code
    ADDED = "added"
    WEIGHTED = "weighted"  # a figure per inhabitant, by way of the inhabitants
    ESTIMATED = "estimated"  # with a share of an area that was split up
    UNTRACEABLE = "untraceable"  # no count, and no way to one
    UNWEIGHED = "unweighed"  # a figure per inhabitant, but the inhabitants are not known
    LACKING = "lacking"  # one of the parts has no figure


@dataclass(frozen=True)
class Recast:
    """`value` None: it cannot be re-cast, `how` says why and `lacking` which areas have no figure."""

    value: float | None
    how: How
    lacking: tuple[str, ...] = ()


class History:
    """Which area came from which. `begins` has the first day of the areas that did not always exist.

    Raises: ValueError for a split without the inhabitants that went each way, or an area that ends twice.
    """

    def __init__(self, changes: Iterable[Change], begins: Mapping[str, date]) -> None:
        self.changes = list(changes)
        self.begins = begins
        self._ends: dict[str, list[Change]] = {}
        self._arrivals: dict[str, list[tuple[Change, Fraction]]] = {}
        for change in self.changes:
            if change.kind is not ChangeKind.BORDER:
                self._ends.setdefault(change.origin, []).append(change)
        self._shares = {origin: _shares(parts) for origin, parts in self._ends.items()}
        for origin, parts in self._ends.items():
            for change in parts:
                self._arrivals.setdefault(change.heir, []).append((change, self._shares[origin][change.heir]))

    def heirs(self, code: str, since: date, until: date) -> dict[str, Fraction]:
        """Areas of the day `until` -> the share they have of what was this area on the day `since`; nothing is 0."""
        parts = self._ends.get(code)
        if not parts or not since < parts[0].day <= until:
            return {code: Fraction(1)}
        found: dict[str, Fraction] = {}
        for heir, share in self._shares[code].items():
            _add(found, self.heirs(heir, parts[0].day, until), share)
        return {heir: share for heir, share in found.items() if share}

    def origins(self, code: str, since: date, until: date) -> dict[str, Fraction]:
        """Areas of the day `since` -> the share of each that is in this area on the day `until`; nothing is 0."""
        found: dict[str, Fraction] = {}
        if self.begins.get(code, date.min) <= since:
            found[code] = Fraction(1)
        for change, share in self._arrivals.get(code, []):
            if since < change.day <= until:
                _add(found, self.origins(change.origin, since, change.day - DAY), share)
        return {origin: share for origin, share in found.items() if share}

    def ancestors(self, code: str) -> set[str]:
        """The area and every area that it, or a part of it, ever came from."""
        found = {code}
        for change, _share in self._arrivals.get(code, []):
            found |= self.ancestors(change.origin)
        return found

    def former_codes(self, code: str) -> set[str]:
        """The area's code and those it had under earlier names."""
        found = {code}
        for change, _share in self._arrivals.get(code, []):
            if change.kind is ChangeKind.RENAMED:
                found |= self.former_codes(change.origin)
        return found

    def moved_borders(self, codes: Collection[str], since: date, until: date) -> list[Change]:
        """Pieces with people that went into or out of this group of areas without being re-cast, by day."""
        return sorted(
            (
                change
                for change in self.changes
                if change.kind is ChangeKind.BORDER
                and since < change.day <= until
                and (change.origin in codes) != (change.heir in codes)
                and (change.inhabitants or 0) >= TELL_FROM
            ),
            key=lambda change: (change.day, change.origin, change.heir),
        )


def _add(found: dict[str, Fraction], parts: Mapping[str, Fraction], share: Fraction) -> None:
    for code, part in parts.items():
        found[code] = found.get(code, Fraction(0)) + part * share


def _shares(parts: list[Change]) -> dict[str, Fraction]:
    """Heir -> its share of the area that ended."""
    if len({change.day for change in parts}) > 1:
        raise ValueError(f"{parts[0].origin} ends on two days")
    if len(parts) == 1:
        return {parts[0].heir: Fraction(1)}
    total = sum(change.inhabitants or 0 for change in parts)
    if not total:
        raise ValueError(f"{parts[0].origin} is split without inhabitants")
    return {change.heir: Fraction(change.inhabitants or 0, total) for change in parts}


PER_INHABITANT = re.compile(r"(euro per inwoner|per [1-9][0-9.]* inwoners)")
OF_ALL_INHABITANTS = " / alle inwoners × 100"


def measure_of(unit: str, computed: str | None = None) -> Measure:
    """What a unit measures; `computed` says how we calculated it, and so what a percentage is a share of."""
    if unit == "aantal":
        return Measure.COUNT
    if PER_INHABITANT.fullmatch(unit) or (unit == "%" and (computed or "").endswith(OF_ALL_INHABITANTS)):
        return Measure.PER_INHABITANT
    return Measure.OTHER


def recast(
    measure: Measure,
    parts: Mapping[str, Fraction],
    values: Mapping[str, float | None],
    inhabitants: Mapping[str, float | None],
) -> Recast:
    """The figure of an area from those of its `parts` (`History.origins`), all of one period."""
    lacking = tuple(sorted(code for code in parts if values.get(code) is None))
    known = {code: Fraction(value) for code in parts if (value := values.get(code)) is not None}
    if not parts or lacking:
        return Recast(None, How.LACKING, lacking)
    whole = all(share == 1 for share in parts.values())
    if len(parts) == 1 and whole:
        return Recast(float(sum(known.values())), How.SAME)
    match measure:
        case Measure.COUNT:
            added = sum(share * known[code] for code, share in parts.items())
            return Recast(float(added), How.ADDED if whole else How.ESTIMATED)
        case Measure.PER_INHABITANT:
            people = {
                code: share * Fraction(count)
                for code, share in parts.items()
                if (count := inhabitants.get(code)) is not None
            }
            total = sum(people.values())
            if people.keys() != parts.keys() or total <= 0:
                return Recast(None, How.UNWEIGHED)
            counted = sum(known[code] * count for code, count in people.items())
            return Recast(float(counted / total), How.WEIGHTED if whole else How.ESTIMATED)
        case Measure.OTHER:
            return Recast(None, How.UNTRACEABLE)
