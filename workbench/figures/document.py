"""One figure as a stored, neutral document: words, table, SVG and Bokeh JSON. Loads Bokeh, so only the worker may."""

import json
from typing import Any

from bokeh.model import Model

from workbench.core.language import Language
from workbench.figures import canvas, drawing, map_canvas, trend_canvas
from workbench.figures.frame import TrendFrame
from workbench.figures.map_scene import MapScene
from workbench.figures.options import BlockOptions
from workbench.figures.quick_bokeh import json_item
from workbench.figures.registry import Frame
from workbench.figures.style import DEFAULT, Palette, Pen


def build(
    frame: Frame, options: BlockOptions, language: Language, palette: Palette = DEFAULT
) -> dict[str, Any]:
    """Everything a page needs to show the figure, as plain JSON: what `drawing.draw` gives, and bokeh (json_item).

    Raises TypeError when these figures are not of the shape that the view draws.
    """
    made = drawing.draw(frame, options, language, palette)
    scene = drawing.scene(drawing.shown(frame, options), options, Pen(palette, language))
    plot: Model
    if isinstance(scene, TrendFrame):
        plot = trend_canvas.build(scene, palette, language)
    elif isinstance(scene, MapScene):
        plot = map_canvas.build(scene, made["alt"], palette)
    else:
        plot = canvas.paint(scene, made["alt"], palette)
    return {**made, "bokeh": json.loads(json.dumps(json_item(plot), allow_nan=False))}
