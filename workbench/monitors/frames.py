"""From stored figures to the tidy frame a trend is made of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from workbench.comparison.queries import Comparables
from workbench.comparison.words import group_name
from workbench.core.language import Language
from workbench.evidence.measuring.models import Measuring, Side
from workbench.figures.frame import CUTTING, BandPoint, Event, Point, SourceNote, TrendFrame
from workbench.figures.peers import Place
from workbench.figures.targets import Aim, Limit, Wish
from workbench.indicators import compare
from workbench.indicators.catalogue import Direction
from workbench.indicators.events.models import SeriesEvent
from workbench.indicators.levels import heading
from workbench.indicators.models import Area, Indicator
from workbench.indicators.periods import parse_period, period_with
from workbench.indicators.queries import Figure as Observed
from workbench.monitors.format import Drawn, Figure
from workbench.uploads.models import OwnIndicator
from workbench.uploads.queries import line_of


def points_of(figures: Iterable[Observed], language: Language) -> tuple[Point, ...]:
    """Periods in which the area's code did not exist are left out; other missing ones keep their reason."""
    return tuple(
        Point(
            period=item.period.code,
            label=item.period.label(language),
            year=item.period.position,
            value=item.value,
            status=item.status,
            missing=item.missing,
            part=item.series.part,
            revised_from=item.revised_from if item.revised_at else None,
            revised_on=item.revised_at.date() if item.revised_at and item.revised_from is not None else None,
        )
        for item in figures
        if item.missing != "impossible"
    )


def trend_frame(
    indicator: Indicator,
    area: Area,
    figures: Iterable[Observed],
    *,
    comparison: Comparables | None,
    peers: Mapping[str, Mapping[int, float]],
    happened: Sequence[SeriesEvent],
    language: Language,
) -> TrendFrame:
    """The figures of one indicator for one area, beside the band of comparable municipalities.

    `comparison` None: the figures of a wider area, which are not compared with municipalities.
    `peers`: period -> the figures of comparable municipalities, by their ids.
    `happened`: what the council noted about these figures; breaks of the catalogue come with the indicator.
    """
    band = [found for code, values in peers.items() if (found := band_point(code, values.values(), language))]
    return TrendFrame(
        indicator=indicator.name,
        unit=indicator.unit,
        decimals=indicator.decimals,
        area=heading(area.type, area.name, language),
        own=points_of(figures, language),
        band=tuple(band) if comparison else (),
        comparable_because=comparison.because(language) if comparison else None,
        not_comparable=comparison.why_not(language)
        if comparison
        else language.gettext(
            "Dit is een cijfer van een groter gebied. Daarom staan er geen gemeenten naast."
        ),
        direction=indicator.direction.value,
        reading_up=indicator.reading_up,
        reading_down=indicator.reading_down,
        events=(*breaks_of(indicator, language), *_events(indicator, happened, language)),
        source=source_of(indicator, comparison, language),
    )


def source_of(indicator: Indicator, comparison: Comparables | None, language: Language) -> SourceNote:
    newest = indicator.series[-1]
    return SourceNote(
        name=newest.source_name,
        table=", ".join(dict.fromkeys(series.table for series in indicator.series)),
        title=newest.title,
        fetched_on=newest.fetched_at.date() if newest.fetched_at else None,
        computed=any(series.computed for series in indicator.series),
        comparison=group_name(comparison.decision, language) if comparison else "",
    )


def cut_to(block: Drawn, frame: TrendFrame) -> TrendFrame:
    """What the council chose to see of these figures. A first year after all of them cuts nothing off."""
    year = block.from_year
    if year is not None and any(point.year >= year for point in frame.valued):
        frame = replace(
            frame,
            own=tuple(point for point in frame.own if point.year >= year),
            band=tuple(point for point in frame.band if point.year >= year),
            events=tuple(event for event in frame.events if event.year >= year),
        )
    if isinstance(block, Figure) and not block.show_events:
        frame = replace(frame, events=tuple(event for event in frame.events if event.cuts))
    return frame


def own_frame(
    indicator: OwnIndicator, area: Area, loaded_at: datetime | None, language: Language
) -> TrendFrame:
    """What the municipality counts itself, of its whole area, beside nobody: other municipalities may count otherwise.

    A number that the guard hides is missing here too, and what it was before it was replaced is not told.
    """
    own = []
    for figure, before in line_of(indicator, area.code):
        period = parse_period(figure.period)
        revised = None not in (figure.value, before) and figure.value != before
        own.append(
            Point(
                period=period.code,
                label=period.label(language),
                year=period.position,
                value=figure.value,
                status=figure.status.value,
                missing=figure.missing.value if figure.missing else None,
                revised_from=before if revised else None,
                revised_on=figure.loaded_from.date() if revised else None,
            )
        )
    return TrendFrame(
        indicator=indicator.name,
        unit=indicator.unit,
        decimals=indicator.decimals,
        area=heading(area.type, area.name, language),
        own=tuple(own),
        band=(),
        comparable_because=None,
        not_comparable=language.gettext(
            "Er is geen vergelijking met andere gemeenten: dit cijfer telt de gemeente zelf."
        ),
        direction=indicator.direction.value,
        reading_up=indicator.reading_up,
        reading_down=indicator.reading_down,
        events=(),
        source=own_source(indicator, area, loaded_at),
    )


# The last period of a year, by the letters in its code.
LAST = {"JJ": "00", "SJ": "00", "HJ": "02", "KW": "04", "MM": "12"}


def with_targets(frame: TrendFrame, measuring: Measuring | None, language: Language) -> TrendFrame:
    """The same line beside what the council set for it: where it starts from, aims, a signal limit, where it should go.

    An aim for a year stands at the last period of that year. How the council reads the figure goes before how the
    catalogue reads it.
    """
    if measuring is None:
        return frame
    frame = replace(
        frame,
        direction=measuring.direction.value,
        reading_up=measuring.reading_up or frame.reading_up,
        reading_down=measuring.reading_down or frame.reading_down,
        wish=wish_of(measuring),
    )
    if not frame.items:
        return frame
    letters = frame.items[0].period[4:6]
    aims = []
    for year, value in measuring.aims_by_year().items():
        period = parse_period(f"{year}{letters}{LAST[letters]}")
        aims.append(Aim(period.code, period.label(language), period.position, value))
    limit = None
    if measuring.signal_limit is not None and measuring.signal_side is not None:
        limit = Limit(measuring.signal_limit, "above" if measuring.signal_side is Side.ABOVE else "below")
    return replace(frame, aims=tuple(aims), limit=limit, baseline=_baseline(measuring, letters, language))


def wish_of(measuring: Measuring) -> Wish | None:
    """None where the direction depends: then both readings are told."""
    reason = measuring.direction_reason
    match measuring.direction:
        case Direction.UP:
            return Wish("up", reason)
        case Direction.DOWN:
            return Wish("down", reason)
        case Direction.BAND:
            return Wish("band", reason, measuring.band_low, measuring.band_high)
        case _:
            return None


def _baseline(measuring: Measuring, letters: str, language: Language) -> Point | None:
    """As it stood when the council chose it. A start in another kind of period than the line has now is no start."""
    code = measuring.baseline_period
    if measuring.baseline_value is None or code[4:6] != letters:
        return None
    period = parse_period(code)
    return Point(
        period.code,
        period.label(language),
        period.position,
        measuring.baseline_value,
        measuring.baseline_status or "unknown",
    )


def own_source(indicator: OwnIndicator, area: Area, loaded_at: datetime | None) -> SourceNote:
    return SourceNote(
        name=area.name,
        table="",
        title=indicator.source,
        fetched_on=loaded_at.date() if loaded_at else None,
        own=True,
    )


def band_point(code: str, values: Collection[float], language: Language) -> BandPoint | None:
    """The quartiles of these values over one period; None: they are too few."""
    found = compare.band(values)
    if found is None:
        return None
    period = parse_period(code)
    return BandPoint(
        code, period.label(language), period.position, found.low, found.median, found.high, found.count
    )


def breaks_of(indicator: Indicator, language: Language) -> list[Event]:
    found = []
    for item in indicator.breaks:
        period = parse_period(item["period"])
        found.append(Event(period.code, period.label(language), period.position, item["text"]))
    return found


def _events(indicator: Indicator, happened: Sequence[SeriesEvent], language: Language) -> list[Event]:
    """On the day itself; what cuts the line stands at the period in which figures began to count differently."""
    found = []
    for item in happened:
        period = period_with(item.happened_on, indicator.series[-1].period_type)
        found.append(
            Event(
                period.code,
                language.date(item.happened_on),
                period.position if item.kind.value in CUTTING else period.place_of(item.happened_on),
                item.text,
                kind=item.kind.value,
                source=item.source,
            )
        )
    return found


def place_of(trend: TrendFrame, own: Point, band: BandPoint | None) -> Place:
    """Our own value of one figure among those of others. `band` None: nothing to stand among."""
    return Place(
        indicator=trend.indicator,
        unit=trend.unit,
        decimals=trend.decimals,
        area=trend.area,
        own=own,
        band=band,
        direction=trend.direction,
        reading_up=trend.reading_up,
        reading_down=trend.reading_down,
        source=trend.source,
    )
