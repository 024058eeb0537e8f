"""A scene painted by Bokeh: the same places as in the SVG, and texts for who points at something. Loads Bokeh."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from bokeh.core.properties import value
from bokeh.models import ColumnDataSource, HoverTool, Range1d
from bokeh.models.glyphs import MultiLine, Patches, Quad, Scatter
from bokeh.models.glyphs import Text as TextGlyph
from bokeh.plotting import figure

from workbench.figures.quick_bokeh import add
from workbench.figures.scene import Area, Dot, Line, Rect, Scene, Text
from workbench.figures.style import Palette
from workbench.figures.svg import NORMAL, SMALL

ALIGN = {"start": "left", "middle": "center", "end": "right"}


def paint(scene: Scene, alternative: str, palette: Palette) -> figure:
    """Bokeh figure of one scene; no script of ours runs in the browser."""
    plot = figure(
        height=scene.height,
        sizing_mode="stretch_width",
        tools="",
        toolbar_location=None,
        x_range=Range1d(start=0, end=100),
        y_range=Range1d(start=scene.height, end=0),
        min_border=0,
        background_fill_color=palette.background,
        border_fill_color=palette.background,
        outline_line_color=None,
    )
    plot.axis.visible = False
    plot.grid.visible = False
    plot.html_attributes = {"role": "img", "aria-label": alternative}
    for kind, shapes in groupby(scene.layered, key=type):
        _PAINT[kind](plot, list(shapes), palette)
    if scene.spots:
        _listen(plot, scene)
    return plot


def _rects(plot: figure, rects: Sequence[Rect], _palette: Palette) -> None:
    for hatched in (False, True):
        some = [rect for rect in rects if rect.hatched is hatched]
        data = {
            "left": [rect.x1 for rect in some],
            "right": [rect.x2 for rect in some],
            "top": [rect.y1 for rect in some],
            "bottom": [rect.y2 for rect in some],
            "fill": [rect.fill for rect in some],
        }
        looks: dict[str, Any] = {"fill_color": "fill"}
        if hatched:
            looks = {"fill_color": None, "hatch_pattern": "|", "hatch_color": "fill", "hatch_scale": 6}
        if some:
            quad = Quad(left="left", right="right", top="top", bottom="bottom", line_color=None, **looks)
            add(plot, quad, ColumnDataSource(data))


def _lines(plot: figure, lines: Sequence[Line], _palette: Palette) -> None:
    for dash, some in groupby(lines, key=lambda line: line.dash):
        drawn = list(some)
        data = {
            "xs": [[x for x, _ in line.points] for line in drawn],
            "ys": [[y for _, y in line.points] for line in drawn],
            "colour": [line.colour for line in drawn],
            "width": [line.width for line in drawn],
        }
        stretch = MultiLine(
            xs="xs",
            ys="ys",
            line_color="colour",
            line_width="width",
            line_dash="{} {}".format(*dash) if dash else "solid",
        )
        add(plot, stretch, ColumnDataSource(data))


def _areas(plot: figure, areas: Sequence[Area], _palette: Palette) -> None:
    data = {
        "xs": [[x for x, _ in area.points] for area in areas],
        "ys": [[y for _, y in area.points] for area in areas],
        "fill": [area.fill for area in areas],
    }
    add(plot, Patches(xs="xs", ys="ys", fill_color="fill", line_color=None), ColumnDataSource(data))


def _dots(plot: figure, dots: Sequence[Dot], _palette: Palette) -> None:
    data = {
        "x": [dot.x for dot in dots],
        "y": [dot.y for dot in dots],
        "size": [2 * dot.radius for dot in dots],
        "fill": [dot.fill for dot in dots],
        "stroke": [dot.stroke for dot in dots],
    }
    looks: dict[str, Any] = {"fill_color": "fill", "line_color": "stroke", "line_width": 2}
    add(plot, Scatter(x="x", y="y", size="size", **looks), ColumnDataSource(data))


def _texts(plot: figure, texts: Sequence[Text], palette: Palette) -> None:
    """BokehJS draws an outline over the letters, so an edge is a text of its own below them."""
    for some, edge in (([text for text in texts if text.halo], True), (texts, False)):
        data = {
            "x": [text.x for text in some],
            "y": [text.y for text in some],
            "text": [text.text for text in some],
            "offset": [text.dx for text in some],
            "align": [ALIGN[text.anchor] for text in some],
            "colour": [text.colour for text in some],
            "size": [f"{NORMAL if text.bold else SMALL}px" for text in some],
            "style": ["bold" if text.bold else "normal" for text in some],
        }
        looks: dict[str, Any] = {"text_outline_color": palette.background, "text_outline_width": 4}
        if some:
            glyph = TextGlyph(
                x="x",
                y="y",
                text="text",
                x_offset="offset",
                text_align="align",
                text_color="colour",
                text_font=value(palette.font),
                text_font_size="size",
                text_font_style="style",
                **(looks if edge else {}),
            )
            add(plot, glyph, ColumnDataSource(data))


def _listen(plot: figure, scene: Scene) -> None:
    """Unseen dots, wide enough to find with a mouse, whose texts are ready to show."""
    data = {
        "x": [spot.x for spot in scene.spots],
        "y": [spot.y for spot in scene.spots],
        "size": [spot.size for spot in scene.spots],
        "said": [spot.text for spot in scene.spots],
    }
    dot = Scatter(x="x", y="y", size="size", fill_alpha=0, line_alpha=0)
    unseen = add(plot, dot, ColumnDataSource(data), name="hover")
    plot.add_tools(HoverTool(tooltips="<div>@said</div>", renderers=[unseen]))


_PAINT: dict[type, Any] = {Rect: _rects, Line: _lines, Area: _areas, Dot: _dots, Text: _texts}
