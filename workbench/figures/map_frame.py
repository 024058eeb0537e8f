"""Figures of one period by area, with the shape of each area: all municipalities unnamed, or the named own districts."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.figures.frame import MISSING, STATUSES, check_numbers, check_word
from workbench.figures.peers import Place
from workbench.figures.shapes import Shape

NOT_YET = "not_yet"  # the area did not exist in that period
CLASSES = 4  # a quarter of the areas in each, if no two figures are the same


@dataclass(frozen=True)
class Patch:
    """One area on a map: its shape, and a value or the reason why there is none."""

    shape: Shape  # in any unit; north is up
    value: float | None
    missing: str | None = None  # one of MISSING or NOT_YET, exactly when there is no value
    status: str = "final"  # one of STATUSES
    name: str = ""
    is_own: bool = False

    def __post_init__(self) -> None:
        check_numbers(self.name or "area", self.value)
        check_word(self.name or "area", self.status, STATUSES)
        if self.missing is not None:
            check_word(self.name or "area", self.missing, (*MISSING, NOT_YET))
        if (self.value is None) == (self.missing is None):
            raise ValueError("Give an area either a value or the reason why it is missing.")


@dataclass(frozen=True)
class Areas:
    """What both maps have. `place.band` are the quartiles of the figures that make the tints; None: too few to show.

    `is_schematic`: the shapes are tiles of one size. `credit`: who made the shapes, and of which year they are; empty when
    that need not be told.
    """

    place: Place
    patches: tuple[Patch, ...]
    is_schematic: bool
    credit: str

    def _check(self, compared: Sequence[Patch]) -> None:
        band = self.place.band
        if band is not None and band.count != sum(patch.value is not None for patch in compared):
            raise ValueError(f"{self.place.indicator}: the quartiles are of another number of areas.")

    @property
    def limits(self) -> tuple[float, ...]:
        """What a figure may be at most in each tint but the last, as readers see it."""
        band = self.place.band
        return () if band is None else tuple(map(self.shown, (band.low, band.median, band.high)))

    def shown(self, value: float) -> float:
        """A figure as readers see it, so that each lies in the tint where its number says that it lies."""
        return round(value, self.place.decimals)

    def tint(self, value: float) -> int:
        return sum(self.shown(value) > limit for limit in self.limits)

    @property
    def missing(self) -> dict[str, int]:
        """Reason -> how many areas have no figure for it, in a fixed order."""
        reasons = [patch.missing for patch in self.patches]
        return {reason: reasons.count(reason) for reason in (*MISSING, NOT_YET) if reason in reasons}


@dataclass(frozen=True)
class MapFrame(Areas):
    """All municipalities, of which only ours may be found; the quartiles are of the others. Refuses names."""

    def __post_init__(self) -> None:
        if any(patch.name for patch in self.patches):
            raise ValueError(f"{self.place.indicator}: municipalities are not named on a map.")
        if sum(patch.is_own for patch in self.patches) > 1:
            raise ValueError(f"{self.place.indicator}: a council has one municipality.")
        self._check([patch for patch in self.patches if not patch.is_own])


@dataclass(frozen=True)
class DistrictsFrame(Areas):
    """The districts of our municipality, by alphabet; the quartiles are of these districts."""

    def __post_init__(self) -> None:
        if not all(patch.name for patch in self.patches) or any(patch.is_own for patch in self.patches):
            raise ValueError(f"{self.place.indicator}: every district has its name, and none is the whole.")
        self._check(self.patches)
        by_name = sorted(self.patches, key=lambda patch: patch.name.casefold())
        object.__setattr__(self, "patches", tuple(by_name))
