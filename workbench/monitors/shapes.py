"""From the figures of a build job to the frame that each kind of view draws, or the reason why there is none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from workbench.core.language import Language
from workbench.evidence.models import Link
from workbench.figures.frame import BandPoint, Event, Point, SourceNote, TrendFrame
from workbench.figures.lines import Line, LinesFrame
from workbench.figures.money import MoneyFrame
from workbench.figures.options import HeatOptions, MultiplesOptions
from workbench.figures.peers import PeersFrame, Place, RelationFrame
from workbench.figures.registry import KINDS, Choice, Frame
from workbench.figures.words import Note
from workbench.indicators.compare import FEWEST
from workbench.indicators.levels import heading
from workbench.indicators.models import Indicator
from workbench.indicators.parts import SPENDING, short_names, whole_of
from workbench.indicators.periods import parse_period
from workbench.monitors.company import chosen_view
from workbench.monitors.format import Drawn
from workbench.monitors.frames import (
    band_point,
    breaks_of,
    cut_to,
    place_of,
    points_of,
    source_of,
    trend_frame,
)
from workbench.monitors.material import Material
from workbench.uploads.models import OwnObservation

MEDIAN = "MEDIAN"  # the code of the line of comparable municipalities: after ours, before the country
Made: TypeAlias = Frame | str  # a frame, or why there is none


@dataclass(frozen=True)
class Shapes:
    """Everything that can be drawn of one figure for one block. `trend`: its own line, cut to what the block shows."""

    block: Drawn
    link: Link
    trend: TrendFrame
    material: Material
    language: Language
    maps: Mapping[str, Made]  # by kind of view
    is_wider: bool = False  # the figures are of a wider area than ours
    own_rows: Sequence[OwnObservation] = ()  # of an own figure: everything that holds now, about any area

    @property
    def all(self) -> dict[str, Made]:
        """By kind of view, in the order of the registry."""
        makers = {
            "strip": self._strip,
            "multiples": self._areas,
            "heat": self._heat,
            "composition": self._parts,
            "stacking": self._stacking,
            "relation": self._relation,
            "money": self._money,
        }
        return {
            kind: self.trend
            if view.FRAME is TrendFrame
            else self.maps[kind]
            if kind in self.maps
            else makers[kind]()
            for kind, view in KINDS.items()
        }

    @property
    def notes(self) -> list[Note]:
        """What to know of the lines in a view: what is left out, and who the others are."""
        view = chosen_view(self.block)
        if not isinstance(view, HeatOptions | MultiplesOptions):
            return []
        if isinstance(view, MultiplesOptions) or view.rows == "areas":
            return self._median_notes()
        lined = {indicator.id for indicator in self._of_goal()}
        out = [one.subject.name for one in self._goal_links() if one.indicator_id not in lined]
        if not out:
            return []
        text = self.language.gettext(
            "Andere cijfers bij dit doel hebben een andere eenheid of periode en staan hier niet: %(names)s.",
            names=", ".join(out),
        )
        return [Note(kind="missing", text=text)]

    def _median_notes(self) -> list[Note]:
        if not self.trend.band:
            return []
        text = self.language.gettext(
            "De mediaan van anderen is het midden van vergelijkbare gemeenten. Vergelijkbaar, want: %(because)s.",
            because=self.trend.comparable_because,
        )
        return [Note(kind="comparison", text=text)]

    # --- Among others -----------------------------------------------------------------------------------------------

    def _strip(self) -> Made:
        if found := self._not_compared():
            return found
        peers = self.material.peers_of(self._indicator)
        valued = {point.period: point for point in self.trend.valued}
        period = next(
            (band.period for band in reversed(self.trend.band) if band.period in valued or not valued),
            None,
        )
        if period is None:
            own = self.trend.own[-1] if self.trend.own else None
            if own is None:
                return self.language.gettext("Er is geen eigen cijfer om een plek te geven.")
            return PeersFrame(place_of(self.trend, own, None), (), None, self.trend.not_comparable)
        band = next(band for band in self.trend.band if band.period == period)
        own = next((point for point in self.trend.own if point.period == period), None) or _unknown(band)
        others = tuple(peers[period].values())
        return PeersFrame(place_of(self.trend, own, band), others, self.trend.comparable_because)

    def _relation(self) -> Made:
        if found := self._not_compared():
            return found
        other = self.material.company.related(chosen_view(self.block), self.link)
        if other is None:
            return self.language.gettext(
                "In dit traject is er nog geen tweede cijfer om naast dit te leggen."
            )
        ours, theirs = (self.material.peers_of(one) for one in (self._indicator, other))
        periods = [_newest(one) for one in (ours, theirs)]
        if None in periods:
            return self.language.gettext("Er zijn te weinig gemeenten met beide cijfers om iets te zeggen.")
        left, right = (one[period] for one, period in zip((ours, theirs), periods, strict=True) if period)
        both = sorted(left.keys() & right.keys())
        pairs = tuple((left[area_id], right[area_id]) for area_id in both)
        bands = [
            band_point(period or "", [pair[index] for pair in pairs], self.language)
            for index, period in enumerate(periods)
        ]
        if bands[0] is None or bands[1] is None:
            return self.language.gettext("Er zijn te weinig gemeenten met beide cijfers om iets te zeggen.")
        line = points_of(self.material.own(other), self.language)
        second = Place(
            indicator=other.name,
            unit=other.unit,
            decimals=other.decimals,
            area=self.trend.area,
            own=_at(line, bands[1]),
            band=bands[1],
            direction=other.direction.value,
            reading_up=other.reading_up,
            reading_down=other.reading_down,
            source=source_of(other, self.material.comparison, self.language),
        )
        first = place_of(self.trend, _at(self.trend.own, bands[0]), bands[0])
        return RelationFrame(first, second, pairs, self.trend.comparable_because)

    def _not_compared(self) -> str | None:
        if self.link.own_indicator_id:
            return self.language.gettext(
                "Dit cijfer telt de gemeente zelf. Van andere gemeenten is het niet bekend."
            )
        if self.is_wider:
            return self.language.gettext("Dit is een cijfer van een groter gebied, niet van uw gemeente.")
        if not self.material.comparison.area_ids:
            return self.trend.not_comparable or self.language.gettext(
                "Er zijn te weinig vergelijkbare gemeenten met een cijfer."
            )
        return None

    # --- Several lines ----------------------------------------------------------------------------------------------

    def _heat(self) -> Made:
        view = chosen_view(self.block)
        if isinstance(view, HeatOptions) and view.rows == "goal":
            return self._figures()
        return self._areas()

    def _areas(self) -> Made:
        """Ours, the median of comparable municipalities, province and country, and our districts."""
        if self.is_wider:
            return self.language.gettext("Dit is een cijfer van een groter gebied, niet van uw gemeente.")
        ours = Line(self.material.area.code, self.trend.area, self.trend.own)
        if self.link.own_indicator_id:
            return self._lines("areas", [ours, *self._own_districts()])
        areas = [*self.material.around, *self.material.districts]
        others = [
            self._line_of(
                area.code,
                heading(area.type, area.name, self.language),
                points_of(self.material.line(self._indicator, area), self.language),
            )
            for area in areas
        ]
        lines = [ours, *(line for line in others if line.valued)]
        if self.trend.band:
            lines.append(self._median())
        return self._lines("lines" if self.trend.band else "areas", lines)

    def _median(self) -> Line:
        """As certain as our own figure over the same period, and from the same table."""
        status = {point.period: point.status for point in self.trend.valued}
        parts = {point.period: point.part for point in self.trend.own}
        points = [
            Point(
                band.period,
                band.label,
                band.year,
                band.median,
                status.get(band.period, "unknown"),
                part=parts.get(band.period, 0),
            )
            for band in self.trend.band
        ]
        return Line(MEDIAN, self.language.gettext("Mediaan van anderen"), tuple(points))

    def _own_districts(self) -> list[Line]:
        """Parts of the municipality that an own figure was counted for too."""
        ours = self.material.area.code
        found: dict[tuple[str, str], list[Point]] = {}
        for row in self.own_rows:
            if row.area_code != ours and not row.area_code.startswith(("GM", "PV", "NL")):
                period = parse_period(row.period)
                point = Point(
                    period.code,
                    period.label(self.language),
                    period.position,
                    row.value,
                    row.status.value,
                    row.missing.value if row.missing else None,
                )
                found.setdefault((row.area_code, row.area_name), []).append(point)
        return [self._line_of(code, name, points) for (code, name), points in found.items()]

    def _figures(self) -> Made:
        """The figures of the goal that are in the same unit."""
        indicators = self._of_goal()
        if len(indicators) < 2:
            return self.language.gettext("Bij dit doel staat geen tweede cijfer in dezelfde eenheid.")
        lines = []
        for index, indicator in enumerate(indicators):
            own = self.trend.own if indicator.id == self.link.indicator_id else self._own_points(indicator)
            lines.append(self._line_of(f"{index:02}", indicator.name, own))
        made = self._lines("figures", lines)
        name = self.language.gettext("Cijfers bij dit doel")
        return replace(
            made,
            indicator=name,
            decimals=max(indicator.decimals for indicator in indicators),
            direction="context",
            reading_up=None,
            reading_down=None,
            events=self._breaks(indicators),
            source=self._source(indicators),
        )

    def _of_goal(self) -> list[Indicator]:
        """Those that may share a figure with this one: the same unit, and the same kind of periods."""
        found = [one.indicator for one in self._goal_links() if one.indicator]
        mine = next((one for one in found if one.id == self.link.indicator_id), None)
        if mine is None:
            return []
        kind = mine.series[-1].period_type
        return [one for one in found if one.unit == mine.unit and one.series[-1].period_type is kind]

    def _goal_links(self) -> list[Link]:
        return self.material.company.of_goal(self.link)

    # --- A whole, and money -----------------------------------------------------------------------------------------

    def _parts(self) -> Made:
        whole = None if self.is_wider or not self.link.indicator else whole_of(self._indicator.slug)
        indicators = self.material.company.parts(self.link)
        if whole is None or not indicators:
            return self.language.gettext(
                "Van dit cijfer kent de catalogus geen delen die samen één geheel zijn."
            )
        names = short_names([indicator.name for indicator in indicators])
        lines = [
            self._line_of(f"{index:02}", name, self._own_points(indicator))
            for index, (name, indicator) in enumerate(zip(names, indicators, strict=True))
        ]
        if not any(line.valued for line in lines):
            return self.language.gettext("Over de delen van dit geheel zijn er geen cijfers van uw gemeente.")
        return replace(
            self._lines("parts", lines),
            indicator=whole.name(self.language),
            direction="context",
            reading_up=None,
            reading_down=None,
            events=self._breaks(indicators),
            source=self._source(indicators),
        )

    def _stacking(self) -> Made:
        return self.language.gettext(
            "Er zijn geen cijfers over wie meer voorzieningen tegelijk gebruikt. Niemand levert die openbaar per gemeente."
        )

    def _money(self) -> Made:
        if self.link.indicator and self._indicator.slug in SPENDING:
            return self.language.gettext(
                "Dit cijfer gaat zelf over geld. Kies deze weergave bij een cijfer over een uitkomst."
            )
        if self.is_wider:
            return self.language.gettext("Dit is een cijfer van een groter gebied, niet van uw gemeente.")
        spent = self.material.company.spent(chosen_view(self.block), self.link)
        if spent is None:
            return self.language.gettext("Er zijn geen cijfers over uitgaven om ernaast te zetten.")
        material = self.material
        money = trend_frame(
            spent,
            material.area,
            material.own(spent),
            comparison=material.comparison,
            peers=material.peers_of(spent),
            happened=material.events.get(spent.id, []),
            language=self.language,
        )
        return MoneyFrame(cut_to(self.block, money), self.trend)

    # --- Parts of frames --------------------------------------------------------------------------------------------

    @property
    def _indicator(self) -> Indicator:
        """Of the catalogue: only for a figure that is no own figure."""
        if self.link.indicator is None:
            raise LookupError("an own figure has no indicator of the catalogue")
        return self.link.indicator

    def _own_points(self, indicator: Indicator) -> tuple[Point, ...]:
        return points_of(self.material.own(indicator), self.language)

    def _line_of(self, code: str, name: str, points: Iterable[Point]) -> Line:
        since = self.block.from_year
        return Line(code, name, tuple(point for point in points if since is None or point.year >= since))

    def _lines(self, of: str, lines: list[Line]) -> LinesFrame:
        trend = self.trend
        return LinesFrame(
            indicator=trend.indicator,
            unit=trend.unit,
            decimals=trend.decimals,
            area=trend.area,
            of=of,
            lines=tuple(lines),
            direction=trend.direction,
            reading_up=trend.reading_up,
            reading_down=trend.reading_down,
            source=trend.source,
            events=trend.events,
        )

    def _breaks(self, indicators: list[Indicator]) -> tuple[Event, ...]:
        """Of several figures; one that several of them have is told once."""
        since = self.block.from_year
        found = [
            event
            for indicator in indicators
            for event in breaks_of(indicator, self.language)
            if since is None or event.year >= since
        ]
        return tuple({(event.period, event.text): event for event in found}.values())

    def _source(self, indicators: list[Indicator]) -> SourceNote:
        """One line for figures of several tables; fetched when the oldest of them was."""
        notes = [source_of(indicator, None, self.language) for indicator in indicators]
        days = [note.fetched_on for note in notes if note.fetched_on]
        return replace(
            notes[-1],
            name=", ".join(dict.fromkeys(note.name for note in notes)),
            table=", ".join(dict.fromkeys(note.table for note in notes)),
            title=notes[-1].title if len({note.title for note in notes}) == 1 else "",
            fetched_on=min(days) if len(days) == len(notes) else None,
            computed=any(note.computed for note in notes),
        )


def judged(made: Mapping[str, Made], language: Language) -> list[Choice]:
    """Every view with why it suits the figures, or does not."""
    found = []
    for kind, frame in made.items():
        view = KINDS[kind]
        against = frame if isinstance(frame, str) else view.fits(frame, language)
        reason = against if against is not None else view.because(frame, language)
        found.append(Choice(kind, view.name(language), against is None, reason))
    return found


def is_compared(frame: Frame) -> bool:
    """Do figures of other municipalities stand in it?"""
    match frame:
        case TrendFrame():
            return bool(frame.band)
        case PeersFrame():
            return frame.place.band is not None
        case RelationFrame():
            return bool(frame.others)
        case MoneyFrame():
            return any(one.band for one in frame.both)
        case LinesFrame():
            return any(line.code == MEDIAN for line in frame.lines)
        case _:
            return False


def _newest(figures: Mapping[str, Mapping[int, float]]) -> str | None:
    """The newest period over which quartiles may be told."""
    told = [code for code, values in figures.items() if len(values) >= FEWEST]
    return max(told, key=lambda code: parse_period(code).starts_on, default=None)


def _at(points: Sequence[Point], band: BandPoint) -> Point:
    return next((point for point in points if point.period == band.period), None) or _unknown(band)


def _unknown(band: BandPoint) -> Point:
    return Point(band.period, band.label, band.year, None, missing="unknown")
