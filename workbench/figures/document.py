"""One figure as a stored, neutral document: words, table, SVG and Bokeh JSON. Loads Bokeh, so only the worker may."""

import json
from typing import Any

import bokeh
from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import LayoutDOM

from workbench.core.language import Language
from workbench.figures import canvas, drawing, map_canvas, trend_canvas
from workbench.figures.frame import TrendFrame
from workbench.figures.map_scene import MapScene
from workbench.figures.options import BlockOptions
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
    plot: LayoutDOM
    if isinstance(scene, TrendFrame):
        plot = trend_canvas.build(scene, palette, language)
    elif isinstance(scene, MapScene):
        plot = map_canvas.build(scene, made["alt"], palette)
    else:
        plot = canvas.paint(scene, made["alt"], palette)
    return {**made, "bokeh": json.loads(json.dumps(_item(plot), allow_nan=False))}


def _item(plot: Model) -> dict[str, Any]:
    """As Bokeh's json_item gives it, which goes through the whole figure three times more to warn its maker."""
    holder = Document(title="")
    holder.add_root(plot)
    made = holder.to_json(deferred=False)
    return {"target_id": None, "root_id": made["roots"][0]["id"], "doc": made, "version": bokeh.__version__}
