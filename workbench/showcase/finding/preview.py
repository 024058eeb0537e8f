"""The national figures of a municipality for what a template counts. Nothing of the council that shares it."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from workbench.core.language import Language
from workbench.figures.spark import Spark, spark
from workbench.figures.words import missing_text
from workbench.indicators.levels import not_ours
from workbench.indicators.models import Area, Indicator
from workbench.indicators.queries import Figure, Lines, find_indicators, lines_around, newest
from workbench.indicators.reports import source_text
from workbench.showcase.content import PlanContent, SharedFigure


@dataclass(frozen=True)
class Row:
    """A figure of the template for this municipality: the newest value with its source, or why there is none.

    `instead`: the newest value of what lies around it, and of what that is; `line`: all values in order of time, with
    their drawing.
    """

    figure: SharedFigure
    indicator: Indicator | None = None
    newest: Figure | None = None
    source: str = ""
    missing: str = ""
    instead: tuple[Figure, str] | None = None
    line: tuple[Figure, ...] = ()
    drawn: Spark | None = None


def rows(content: PlanContent, area: Area, language: Language) -> dict[UUID, Row]:
    """Key of a figure -> its row; in three queries, whatever their number."""
    figures = [figure for goal in content.goals for figure in goal.figures]
    known = find_indicators({figure.indicator for figure in figures if figure.indicator})
    lines = lines_around(known.values(), area)
    return {
        figure.key: _row(
            figure,
            known.get(figure.indicator or ""),
            area,
            lines,
            language,
        )
        for figure in figures
    }


def _row(
    figure: SharedFigure,
    indicator: Indicator | None,
    area: Area,
    lines: Lines,
    language: Language,
) -> Row:
    if figure.indicator is None:
        return Row(figure, missing=_("Dit telt een gemeente zelf. Landelijk is er geen cijfer."))
    if indicator is None:
        return Row(figure, missing=_("Deze werkbank kent dit cijfer niet."))
    line = [item for item in lines.own.get(indicator.slug, ()) if item.missing != "impossible"]
    last = newest(line)
    if last is not None:
        drawn = spark([(item.period.position, item.value, item.series.id) for item in line])
        return Row(figure, indicator, last, source_text(last.series, language), line=tuple(line), drawn=drawn)
    if not indicator.series:
        return Row(figure, indicator, missing=_("Dit cijfer is nog niet aan een bron gekoppeld."))
    why = missing_text(line[-1].missing, language) if line and line[-1].missing else ""
    missing = _("Nog geen cijfer over %(area)s", area=area.short_name) + (f": {why}." if why else ".")
    instead = lines.instead.get(indicator.slug)
    if instead is None:
        return Row(figure, indicator, missing=missing)
    wider, value = instead
    return Row(
        figure,
        indicator,
        source=source_text(value.series, language),
        missing=missing,
        instead=(value, not_ours(wider.type, wider.name, language)),
    )
