"""From stored figures to the tidy frame a trend is made of."""

from workbench.core.language import Language
from workbench.figures.frame import BandPoint, Break, Point, SourceNote, TrendFrame
from workbench.indicators import compare, queries
from workbench.indicators.models import Area, Indicator
from workbench.indicators.periods import parse_period


class Comparison:
    """The comparable municipalities of one area, looked up once for all blocks of a job."""

    def __init__(self, area: Area) -> None:
        inhabitants = queries.inhabitants_by_area()
        own = inhabitants.get(area.id)
        self.size_class = compare.size_class(own) if own is not None else None
        self.area_ids = [
            other
            for other, count in inhabitants.items()
            if other != area.id and self.size_class == compare.size_class(count)
        ]

    def because(self, language: Language) -> str | None:
        """'150.000 inwoners of meer, 21 gemeenten'."""
        if self.size_class is None or not self.area_ids:
            return None
        low, high = self.size_class.low, self.size_class.high
        if high is None:
            size = language.gettext("%(low)s inwoners of meer", low=language.number(low))
        elif low == 0:
            size = language.gettext("minder dan %(high)s inwoners", high=language.number(high))
        else:
            size = language.gettext(
                "%(low)s tot %(high)s inwoners", low=language.number(low), high=language.number(high)
            )
        count = language.ngettext("%(num)d gemeente", "%(num)d gemeenten", len(self.area_ids))
        return f"{size}, {count}"


def trend_frame(indicator: Indicator, area: Area, comparison: Comparison, language: Language) -> TrendFrame:
    """The figures of one indicator for one area, beside the band of comparable municipalities.

    Years in which the area's code did not exist are left out; other missing years keep their reason.
    """
    figures = [item for item in queries.figures_of(indicator, area) if item.missing != "impossible"]
    own = tuple(
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
    )
    band = tuple(_band(indicator, comparison, language))
    breaks = tuple(_breaks(indicator, language))
    newest = indicator.series[-1]
    return TrendFrame(
        indicator=indicator.name,
        unit=indicator.unit,
        decimals=indicator.decimals,
        area=area.name,
        own=own,
        band=band,
        comparable_because=comparison.because(language) if band else None,
        direction=indicator.direction.value,
        reading_up=indicator.reading_up,
        reading_down=indicator.reading_down,
        breaks=breaks,
        source=SourceNote(
            name="CBS",
            table=", ".join(dict.fromkeys(series.table for series in indicator.series)),
            title=newest.title,
            fetched_on=newest.fetched_at.date() if newest.fetched_at else None,
            computed=any(series.computed for series in indicator.series),
        ),
    )


def _band(indicator: Indicator, comparison: Comparison, language: Language) -> list[BandPoint]:
    points = []
    for code, values in queries.group_values(indicator, comparison.area_ids).items():
        if found := compare.band(values):
            period = parse_period(code)
            points.append(
                BandPoint(
                    code,
                    period.label(language),
                    period.position,
                    found.low,
                    found.median,
                    found.high,
                    found.count,
                )
            )
    return points


def _breaks(indicator: Indicator, language: Language) -> list[Break]:
    found = []
    for item in indicator.breaks:
        period = parse_period(item["period"])
        found.append(Break(period.code, period.label(language), period.position, item["text"]))
    return found
