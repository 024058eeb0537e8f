"""One figure as a stored, neutral document: words, table, SVG and Bokeh JSON. Loads Bokeh."""

import json
from typing import Any

from bokeh.embed import json_item

from workbench.core.language import Language
from workbench.figures import svg, words
from workbench.figures.axes import value_axis
from workbench.figures.frame import BandPoint, Point, TrendFrame
from workbench.figures.options import BlockOptions
from workbench.figures.registry import KINDS
from workbench.figures.style import DEFAULT, Palette


def build(
    frame: TrendFrame, options: BlockOptions, language: Language, palette: Palette = DEFAULT
) -> dict[str, Any]:
    """Everything a page needs to show the figure, as plain JSON.

    Keys: title (the finding), sentence, notes (each a kind and a text), source (line), alt (the drawing in words),
    table {caption, columns, rows: cells as texts, numeric: per column}, svg (text), bokeh (json_item).
    """
    if not options.show_band:
        frame = frame.without_band()
    axis = value_axis(frame.numbers, frame.decimals)
    plot = KINDS[options.kind].build(frame, options, palette, language)
    return {
        "title": words.title(frame, language),
        "sentence": words.sentence(frame, language),
        "notes": words.notes(frame, axis, language, compare=options.show_band),
        "source": words.source(frame, language),
        "alt": words.alternative(frame, language),
        "table": table(frame, language),
        "svg": svg.draw(frame, palette, language),
        "bokeh": json.loads(json.dumps(json_item(plot), allow_nan=False)),
    }


def table(frame: TrendFrame, language: Language) -> dict[str, Any]:
    """All periods, oldest first as along the axis; each cell says something, also without a value."""
    own = {point.period: point for point in frame.own}
    band = {point.period: point for point in frame.band}
    labels = {item.period: item.label for item in frame.items}
    columns = [language.gettext("Periode"), frame.area]
    numeric = [False, True]
    if frame.band:
        columns += [
            language.gettext("Mediaan"),
            language.gettext("Middelste helft (25-75\u00a0%)"),
            language.gettext("Aantal gemeenten"),
        ]
        numeric += [True, True, True]
    rows = []
    for period, label in labels.items():
        row = [label, _own_cell(own.get(period), frame, language)]
        if frame.band:
            row += _band_cells(band.get(period), frame, language)
        rows.append([*row, _status_cell(own.get(period), language)])
    return {
        "caption": language.gettext(
            "%(subject)s in %(area)s, %(unit)s", subject=frame.indicator, area=frame.area, unit=frame.unit
        ),
        "columns": [*columns, language.gettext("Status")],
        "rows": rows,
        "numeric": [*numeric, False],
    }


def _own_cell(point: Point | None, frame: TrendFrame, language: Language) -> str:
    if point is None:
        return words.missing_text("unknown", language)
    return words.own_text(point, frame, language)


def _band_cells(point: BandPoint | None, frame: TrendFrame, language: Language) -> list[str]:
    if point is None:
        return [language.gettext("geen vergelijking")] * 3
    return [
        words.short_text(point.median, frame.unit, frame.decimals, language),
        words.range_text(point, frame, language),
        language.number(point.count),
    ]


def _status_cell(point: Point | None, language: Language) -> str:
    if point is None or point.value is None:
        return language.gettext("geen cijfer")
    text = words.status_text(point.status, language)
    if point.revised_on is None:
        return text
    return language.gettext(
        "%(status)s, herzien op %(date)s", status=text, date=language.date(point.revised_on)
    )
