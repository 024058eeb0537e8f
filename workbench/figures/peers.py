"""Figures of one period over municipalities that stay unnamed: one number each, or two that belong together."""

from dataclasses import dataclass

from workbench.figures.frame import DIRECTIONS, BandPoint, Point, SourceNote, check_numbers, check_word


@dataclass(frozen=True)
class Place:
    """One indicator over one period: the own figure beside the quartiles of comparable municipalities."""

    indicator: str
    unit: str
    decimals: int
    area: str
    own: Point
    band: BandPoint | None  # None: too few others to show quartiles without pointing at single ones
    direction: str  # one of DIRECTIONS
    reading_up: str | None
    reading_down: str | None
    source: SourceNote

    def __post_init__(self) -> None:
        check_word(self.indicator, self.direction, DIRECTIONS)
        if self.band is not None and self.band.period != self.own.period:
            raise ValueError(f"{self.indicator}: the own figure and the quartiles are of different periods.")


@dataclass(frozen=True)
class PeersFrame:
    """The own place among the others. `others`: their figures, in no order that means something; refused without band."""

    place: Place
    others: tuple[float, ...]
    comparable_because: str | None
    not_comparable: str | None = None  # why there is no comparison, when that is known

    def __post_init__(self) -> None:
        check_numbers(self.place.indicator, *self.others)
        if self.place.band is None and self.others:
            raise ValueError(f"{self.place.indicator}: so few others may not be drawn.")
        if self.place.band is not None and self.place.band.count != len(self.others):
            raise ValueError(
                f"{self.place.indicator}: the quartiles are of another number of municipalities."
            )
        object.__setattr__(self, "others", tuple(sorted(self.others)))


@dataclass(frozen=True)
class RelationFrame:
    """Two figures of the same municipalities. `others`: a pair each, never named; refused without both bands."""

    across: Place
    up: Place
    others: tuple[tuple[float, float], ...]
    comparable_because: str | None

    def __post_init__(self) -> None:
        where = f"{self.across.indicator} / {self.up.indicator}"
        check_numbers(where, *(number for pair in self.others for number in pair))
        if self.across.area != self.up.area:
            raise ValueError(f"{where}: two areas cannot be related.")
        bands = (self.across.band, self.up.band)
        if self.others and any(band is None or band.count != len(self.others) for band in bands):
            raise ValueError(f"{where}: the quartiles are of other municipalities than the pairs.")
        object.__setattr__(self, "others", tuple(sorted(self.others)))
