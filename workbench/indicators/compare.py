"""Comparing without ranking: which municipalities are comparable, and their quartiles. Pure.

A group is a set of municipalities, in order of their codes: nothing here puts one above another. The distance behind
`Kind.PROFILE` decides who is in and is then forgotten.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import pstdev, quantiles

# Lower bounds of the size classes in inhabitants, as Statistics Netherlands and VNG group them.
BOUNDS = (0, 20_000, 50_000, 100_000, 150_000)
FEWEST = 5  # municipalities below which quartiles would point at single ones
NEAREST = 20  # municipalities that resemble ours most: enough for quartiles, few enough to resemble

# Slugs of the indicators that make groups.
INHABITANTS = "inwoners"
URBANITY = "stedelijkheid"
SHARES = ("aandeel-0-15", "aandeel-65-plus", "eenpersoonshuishoudens")


class Kind(StrEnum):
    """Why municipalities are comparable."""

    SIZE = "size"
    PROVINCE = "province"
    URBANITY = "urbanity"
    PROFILE = "profile"
    CHOSEN = "chosen"


# What must be known of a municipality before it can be in a group of this kind.
NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.SIZE: (INHABITANTS,),
    Kind.PROVINCE: (),
    Kind.URBANITY: (URBANITY,),
    Kind.PROFILE: (INHABITANTS, *SHARES),
    Kind.CHOSEN: (),
}


@dataclass(frozen=True)
class SizeClass:
    """From `low` up to but not including `high` inhabitants; `high` None: no upper bound."""

    low: int
    high: int | None


@dataclass(frozen=True)
class Municipality:
    """What makes municipalities comparable: province, and the newest figures by slug."""

    id: int
    code: str
    province: str | None
    figures: Mapping[str, float]

    def knows(self, slugs: Iterable[str]) -> bool:
        return all(slug in self.figures for slug in slugs)


@dataclass(frozen=True)
class Group:
    """The others that are comparable, by code. `lacking`: what is not known of ours, so that there is no group."""

    members: tuple[Municipality, ...]
    left_out: int = 0  # municipalities that lack a figure this kind of group needs
    lacking: tuple[str, ...] = ()  # slugs, or "provincie"

    @property
    def is_enough(self) -> bool:
        return len(self.members) >= FEWEST


@dataclass(frozen=True)
class Quartiles:
    low: float
    median: float
    high: float
    count: int


def size_class(inhabitants: float) -> SizeClass:
    """The class of a municipality. Raises: ValueError for a negative number."""
    for index, low in reversed(list(enumerate(BOUNDS))):
        if inhabitants >= low:
            return SizeClass(low, BOUNDS[index + 1] if index + 1 < len(BOUNDS) else None)
    raise ValueError(f"{inhabitants} inhabitants")


def select(
    kind: Kind, own: Municipality, everyone: Iterable[Municipality], chosen: Collection[str] = ()
) -> Group:
    """The municipalities of `everyone` that are comparable with `own`, never itself; the same in whatever order."""
    needed = NEEDED[kind]
    lacking = tuple(slug for slug in needed if slug not in own.figures)
    if kind is Kind.PROVINCE and own.province is None:
        lacking = ("provincie",)
    if lacking:
        return Group((), lacking=lacking)
    others = sorted((item for item in everyone if item.id != own.id), key=lambda item: item.code)
    known = [item for item in others if item.knows(needed)]
    return Group(tuple(_members(kind, own, known, chosen)), left_out=len(others) - len(known))


def _members(
    kind: Kind, own: Municipality, known: list[Municipality], chosen: Collection[str]
) -> list[Municipality]:
    match kind:
        case Kind.SIZE:
            size = size_class(own.figures[INHABITANTS])
            return [item for item in known if size_class(item.figures[INHABITANTS]) == size]
        case Kind.PROVINCE:
            return [item for item in known if item.province == own.province]
        case Kind.URBANITY:
            return [item for item in known if item.figures[URBANITY] == own.figures[URBANITY]]
        case Kind.PROFILE:
            away = profile_distance([own, *known])
            nearest = sorted(known, key=lambda item: (away(own, item), item.code))[:NEAREST]
            return sorted(nearest, key=lambda item: item.code)
        case Kind.CHOSEN:
            return [item for item in known if item.code in chosen]


def profile_distance(
    everyone: Collection[Municipality],
) -> Callable[[Municipality, Municipality], float]:
    """How far two populations are apart.

    The root of the summed squares of four differences: in the shares of young people, of old people and of people who
    live alone, and in the logarithm of the number of inhabitants (twice as many is the same step everywhere). Each
    difference is counted in standard deviations among all municipalities, so that none weighs more than another.
    """
    coordinates = {item.id: _coordinates(item) for item in everyone}
    spreads = [pstdev(axis) for axis in zip(*coordinates.values(), strict=True)]

    def away(one: Municipality, other: Municipality) -> float:
        pairs = zip(coordinates[one.id], coordinates[other.id], spreads, strict=True)
        return math.hypot(*((left - right) / spread for left, right, spread in pairs if spread))

    return away


def _coordinates(item: Municipality) -> tuple[float, ...]:
    return (math.log(max(item.figures[INHABITANTS], 1)), *(item.figures[slug] for slug in SHARES))


def band(values: Collection[float]) -> Quartiles | None:
    """25 %, 50 % and 75 % of these values (linear interpolation, R type 7); None when there are too few."""
    if len(values) < FEWEST:
        return None
    low, median, high = quantiles(values, n=4, method="inclusive")
    return Quartiles(low, median, high, len(values))
