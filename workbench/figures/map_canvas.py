"""The same map by Bokeh. Loads Bokeh, so only the worker may."""

from collections.abc import Sequence
from typing import Any

from bokeh.layouts import column
from bokeh.models import Column, ColumnDataSource, DataRange1d, HoverTool
from bokeh.models.glyphs import MultiPolygons, Scatter
from bokeh.plotting import figure

from workbench.figures import canvas
from workbench.figures.map_scene import RING, MapScene, Tint
from workbench.figures.quick_bokeh import add
from workbench.figures.shapes import Ring, Shape
from workbench.figures.style import Palette


def build(scene: MapScene, alternative: str, palette: Palette) -> Column:
    """The legend above the map; renderers of the map are named `areas`, once for each tint, `edge` and the unseen `own`."""
    legend = canvas.paint(scene.legend, alternative, palette)
    legend.html_attributes = {"aria-hidden": "true"}  # the map has the words of both
    chart = figure(
        height=scene.height // 2,
        sizing_mode="stretch_width",
        tools="",
        toolbar_location=None,
        match_aspect=True,
        x_range=DataRange1d(range_padding=0.01),
        y_range=DataRange1d(range_padding=0.01, flipped=True),
        min_border=0,
        background_fill_color=palette.background,
        border_fill_color=palette.background,
        outline_line_color=None,
    )
    chart.axis.visible = False
    chart.grid.visible = False
    chart.html_attributes = {"role": "img", "aria-label": alternative}
    telling = [_draw_tint(chart, tint, palette) for tint in scene.tints]
    if scene.own:
        telling = [_draw_own(chart, scene, palette)]
    renderers = [renderer for renderer in telling if "said" in renderer.data_source.data]
    if renderers:
        chart.add_tools(HoverTool(tooltips="<div>@said</div>", renderers=renderers))
    return column(legend, chart, sizing_mode="stretch_width")


def _draw_tint(chart: figure, tint: Tint, palette: Palette) -> Any:
    looks: dict[str, Any] = {}
    if tint.stripe:
        looks = {"hatch_pattern": "|", "hatch_color": tint.stripe, "hatch_scale": 5, "hatch_weight": 1.5}
    areas = MultiPolygons(
        xs="xs", ys="ys", fill_color=tint.fill, line_color=palette.band_edge, line_width=0.5, **looks
    )
    return add(chart, areas, _source(tint.shapes, tint.said), name="areas")


def _draw_own(chart: figure, scene: MapScene, palette: Palette) -> Any:
    """The edge, or a circle around what is too small to find; unseen, the area itself listens to a mouse."""
    for colour, width in ((palette.background, 7.0), (palette.text, 3.5)):
        if scene.ring:
            x, y = scene.ring
            around = Scatter(x="x", y="y", size=RING, fill_alpha=0, line_color=colour, line_width=width)
            add(chart, around, ColumnDataSource({"x": [x], "y": [y]}))
        else:
            edge = MultiPolygons(xs="xs", ys="ys", fill_alpha=0, line_color=colour, line_width=width)
            add(chart, edge, _source([scene.own], ()), name="edge")
    heard = MultiPolygons(xs="xs", ys="ys", fill_alpha=0, line_alpha=0)
    return add(chart, heard, _source([scene.own], (scene.own_said,)), name="own")


def _source(shapes: Sequence[Shape], said: tuple[str, ...]) -> ColumnDataSource:
    data: dict[str, Any] = {
        "xs": [[[_side(ring, 0) for ring in polygon] for polygon in shape] for shape in shapes],
        "ys": [[[_side(ring, 1) for ring in polygon] for polygon in shape] for shape in shapes],
    }
    return ColumnDataSource(data | {"said": list(said)} if said else data)


def _side(ring: Ring, side: int) -> list[int]:
    return list(ring[side::2])
