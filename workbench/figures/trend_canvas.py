"""The same trend by Bokeh. Loads Bokeh, so only the worker may."""

from typing import Any

from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, Range1d
from bokeh.models.annotations import BoxAnnotation, Label, Legend, LegendItem, Span, Title
from bokeh.models.glyphs import Line, MultiLine, Scatter, VArea
from bokeh.plotting import figure

from workbench.core.language import Language
from workbench.figures import target_words, words
from workbench.figures.axes import Axis, value_axis, year_axis
from workbench.figures.frame import Point, TrendFrame, widened
from workbench.figures.quick_bokeh import add
from workbench.figures.style import Palette
from workbench.figures.trend_svg import (
    AIM_DASH,
    EMPTY_HEIGHT,
    HEIGHT,
    LIMIT_DASH,
    MARK_ROW,
    MARK_ROWS,
    MEDIAN_DASH,
    SAMPLE,
)

ROOM = 0.05  # beside the first and last year
# On a phone the key goes on in a next row; BokehJS alone keeps it in one, beyond the edge.
_WRAPPING = (
    ":host { max-width: 100%; } .bk-grid { display: flex; flex-wrap: wrap; gap: 0 14px; width: auto; }"
)


def build(frame: TrendFrame, palette: Palette, language: Language) -> figure:
    """Bokeh figure of one frame; no script of ours runs in the browser.

    Renderers are named: `band`, `band_edge` and `median` once per unbroken stretch, `own` (one
    multi-line, a stretch each), `points`, `provisional` and the unseen `hover`. Every text is made here, along the axes
    too, because BokehJS knows no Dutch numbers.
    """
    values = value_axis(frame.numbers, frame.decimals)
    years = year_axis(frame.years, frame.step)
    plot = _empty_plot(frame, values, years, palette, language)
    key = [
        *_draw_band(plot, frame, palette, language),
        *_draw_targets(plot, frame, years, palette, language),
        *_draw_own(plot, frame, palette, language),
    ]
    if frame.numbers:
        _draw_axes(plot, frame, values, years, palette=palette, language=language)
        _draw_marks(plot, frame, years, palette, language)
        _name_the_own_end(plot, frame, palette, language)
        _add_key(plot, key, palette)
    else:
        plot.axis.visible = False
        plot.grid.visible = False
    return plot


def _empty_plot(frame: TrendFrame, values: Axis, years: Axis, palette: Palette, language: Language) -> figure:
    room, headroom = (years.end - years.start) * ROOM, (values.end - values.start) * 0.06
    caption = frame.unit if frame.numbers else words.nothing_to_draw(language)
    plot = figure(
        height=HEIGHT if frame.numbers else EMPTY_HEIGHT,
        sizing_mode="stretch_width",
        tools="",
        toolbar_location=None,
        x_range=Range1d(start=years.start - room, end=years.end + room),
        y_range=Range1d(start=values.start - headroom / 4, end=values.end + headroom),
        title=_caption(caption, palette.median, palette),
        background_fill_color=palette.background,
        border_fill_color=palette.background,
        outline_line_color=None,
    )
    plot.html_attributes = {"role": "img", "aria-label": words.alternative(frame, language)}
    return plot


def _draw_axes(
    plot: figure, frame: TrendFrame, values: Axis, years: Axis, *, palette: Palette, language: Language
) -> None:
    for axis, ticks, texts in (
        (plot.xaxis, years.ticks, [f"{tick:.0f}" for tick in years.ticks]),
        (plot.yaxis, values.ticks, [words.tick_text(t, values, frame.unit, language) for t in values.ticks]),
    ):
        axis.ticker = FixedTicker(ticks=list(ticks))
        axis.major_label_overrides = dict(zip(ticks, texts, strict=True))
        axis.update(
            axis_line_color=None,
            major_tick_line_color=None,
            minor_tick_line_color=None,
            major_label_text_color=palette.median,
            major_label_text_font=palette.font,
            major_label_text_font_size="13px",
        )
    if frame.step < 1:
        # A year is a stretch here, and its name stands at its beginning.
        plot.xaxis.major_tick_line_color = palette.median
    plot.xgrid.grid_line_color = None
    plot.ygrid.grid_line_color = palette.grid
    if values.starts_at_zero:
        zero = Span(location=0, dimension="width", line_color=palette.median, level="underlay", name="zero")
        plot.add_layout(zero)
    else:
        plot.add_layout(_caption(words.not_from_zero(language), palette.warning, palette), "below")


def _draw_band(plot: figure, frame: TrendFrame, palette: Palette, language: Language) -> list[LegendItem]:
    areas: list[Any] = []
    medians: list[Any] = []
    for run in frame.band_runs:
        data = ColumnDataSource(
            {
                "year": widened([point.year for point in run], frame.step / 6),
                "low": widened([point.low for point in run], 0.0),
                "median": widened([point.median for point in run], 0.0),
                "high": widened([point.high for point in run], 0.0),
            }
        )
        area = VArea(x="year", y1="low", y2="high", fill_color=palette.band)
        areas.append(add(plot, area, data, name="band"))
        for edge in ("low", "high"):
            add(plot, Line(x="year", y=edge, line_color=palette.band_edge), data, name="band_edge")
        median = Line(x="year", y="median", line_color=palette.median, line_width=2, line_dash=MEDIAN_DASH)
        medians.append(add(plot, median, data, name="median"))
    if not areas:
        return []
    return [
        LegendItem(label=words.band_label(language), renderers=areas[:1]),
        LegendItem(label=words.median_label(language), renderers=medians[:1]),
    ]


def _draw_targets(
    plot: figure, frame: TrendFrame, years: Axis, palette: Palette, language: Language
) -> list[LegendItem]:
    """Renderers named `aim` and `limit`; the limit is a line across all years."""
    entries, room = [], (years.end - years.start) * ROOM
    runs = [
        (widened([a.year for a in run], frame.step / 3), [a.value for a in run]) for run in frame.aim_runs
    ]
    if runs:
        lines = {"years": [years for years, _ in runs], "values": [widened(v, 0.0) for _, v in runs]}
        looks: dict[str, Any] = {"line_color": palette.own, "line_width": 2, "line_dash": AIM_DASH}
        aims = add(plot, MultiLine(xs="years", ys="values", **looks), ColumnDataSource(lines), name="aim")
        entries.append(LegendItem(label=target_words.aim_label(language), renderers=[aims]))
    if frame.limit:
        looks = {"line_color": palette.warning, "line_width": 1.5, "line_dash": LIMIT_DASH}
        places = {"x": [years.start - room, years.end + room], "y": [frame.limit.value] * 2}
        limit = add(plot, Line(x="x", y="y", **looks), ColumnDataSource(places), name="limit")
        entries.append(LegendItem(label=target_words.limit_label(language), renderers=[limit]))
    return entries


def _draw_own(plot: figure, frame: TrendFrame, palette: Palette, language: Language) -> list[LegendItem]:
    lines = {
        "years": [[point.year for point in run] for run in frame.own_runs],
        "values": [[point.value for point in run] for run in frame.own_runs],
    }
    own = MultiLine(xs="years", ys="values", line_color=palette.own, line_width=4)
    add(plot, own, ColumnDataSource(lines), name="own")
    provisional = [point for point in frame.valued if point.is_provisional]
    final = [point for point in frame.valued if not point.is_provisional and point.period in frame.marked]
    dots = {
        name: add(
            plot,
            Scatter(x="year", y="value", size=9, line_width=2, line_color=palette.own, fill_color=fill),
            _places(points),
            name=name,
            level="overlay",  # above the names in the drawing, so that these hide no value
        )
        for name, points, fill in (
            ("points", final, palette.own),
            ("provisional", provisional, palette.background),
        )
    }
    _add_hover(plot, frame, language)
    for start, end in frame.uncertain:
        stripes = BoxAnnotation(left=start, right=end, level="underlay", fill_color=None, line_color=None)
        stripes.update(hatch_pattern="|", hatch_color=palette.stripe, hatch_scale=6, name="uncertain")
        plot.add_layout(stripes)
    if not provisional:
        return []
    return [LegendItem(label=words.status_text("provisional", language), renderers=[dots["provisional"]])]


def _places(points: list[Point]) -> ColumnDataSource:
    return ColumnDataSource(
        {"year": [point.year for point in points], "value": [point.value for point in points]}
    )


def _add_hover(plot: figure, frame: TrendFrame, language: Language) -> None:
    """Unseen dots, wide enough to find with a mouse, whose texts are ready to show."""
    band = {point.period: point for point in frame.band}
    texts = [words.hover_texts(point, band.get(point.period), frame, language) for point in frame.valued]
    data = {
        "year": [point.year for point in frame.valued],
        "value": [point.value for point in frame.valued],
        "period": [point.label for point in frame.valued],
        "own": [own for own, _ in texts],
        "others": [others for _, others in texts],
    }
    dot = Scatter(x="year", y="value", size=30, fill_alpha=0, line_alpha=0)
    unseen = add(plot, dot, ColumnDataSource(data), name="hover")
    tooltip = "<div>@period</div><div><b>@own</b></div><div>@others</div>"
    plot.add_tools(HoverTool(tooltips=tooltip, renderers=[unseen], mode="vline"))


def _draw_marks(plot: figure, frame: TrendFrame, years: Axis, palette: Palette, language: Language) -> None:
    """Spans are named `break` where figures cannot be compared across, else `event`. The names come after all spans, so
    that none runs through a name.
    """
    for mark in frame.drawn_marks:
        cuts = mark.event.cuts
        colour = palette.warning if cuts else palette.median
        line = Span(
            location=mark.year,
            dimension="height",
            line_color=colour,
            line_width=1.5,
            name="break" if cuts else "event",
        )
        line.line_dash = [3, 4] if cuts else [1, 3]
        plot.add_layout(line)
    for index, mark in enumerate(frame.drawn_marks):
        colour = palette.warning if mark.event.cuts else palette.median
        in_left_half = mark.year < (years.start + years.end) / 2
        _add_text(
            plot,
            palette,
            text=words.mark_label(mark, language),
            x=mark.year,
            y=8 + MARK_ROW * (index % MARK_ROWS),
            y_units="screen",
            x_offset=6 if in_left_half else -6,
            text_align="left" if in_left_half else "right",
            text_color=colour,
            text_font_size="13px",
        )


def _name_the_own_end(plot: figure, frame: TrendFrame, palette: Palette, language: Language) -> None:
    """At the end of the own line, on the side away from the median."""
    if not frame.valued:
        return
    above = frame.ends_above_median
    _add_text(
        plot,
        palette,
        text=words.own_label(frame, language),
        x=frame.valued[-1].year,
        y=frame.own_end,
        x_offset=8,
        y_offset=8 if above else -8,
        text_align="right",
        text_baseline="bottom" if above else "top",
        text_color=palette.own,
        text_font_style="bold",
        text_font_size="14px",
    )


def _add_text(plot: figure, palette: Palette, **facts: Any) -> None:
    """A text with an edge of background around its letters.

    BokehJS draws an outline over the letters, so the edge is a text of its own below them.
    """
    edge: dict[str, Any] = {"text_outline_color": palette.background, "text_outline_width": 4}
    for outline in (edge, {}):
        plot.add_layout(Label(text_font=palette.font, **facts, **outline))


def _caption(text: str, colour: str, palette: Palette) -> Title:
    return Title(
        text=text,
        text_color=colour,
        text_font=palette.font,
        text_font_size="13px",
        text_font_style="normal",
    )


def _add_key(plot: figure, entries: list[LegendItem], palette: Palette) -> None:
    key = Legend(
        items=entries,
        location="top_left",
        orientation="horizontal",
        border_line_color=None,
        background_fill_color=None,
        margin=0,
        stylesheets=[_WRAPPING],
        glyph_width=SAMPLE,
        label_text_color=palette.text,
        label_text_font=palette.font,
        label_text_font_size="13px",
    )
    plot.add_layout(key, "above")
