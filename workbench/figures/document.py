"""One figure as a stored, neutral document: words, table, SVG and Bokeh JSON. Loads Bokeh, so only the worker may."""

import json
from typing import Any

from bokeh.embed import json_item

from workbench.core.language import Language
from workbench.figures import canvas, svg, trend_canvas, trend_svg
from workbench.figures.frame import TrendFrame
from workbench.figures.options import BlockOptions, TrendOptions
from workbench.figures.registry import KINDS, Frame
from workbench.figures.style import DEFAULT, Palette, Pen


def build(
    frame: Frame, options: BlockOptions, language: Language, palette: Palette = DEFAULT
) -> dict[str, Any]:
    """Everything a page needs to show the figure, as plain JSON.

    Keys: title (the finding), sentence, notes (each a kind and a text), source (line), alt (the drawing in words),
    table {caption, columns, rows: cells as texts, numeric: per column}, svg (text), bokeh (json_item).
    Raises TypeError when these figures are not of the shape that the view draws.
    """
    view = KINDS[options.kind]
    if not isinstance(frame, view.FRAME):
        raise TypeError(f"{options.kind} draws {view.FRAME.__name__}, not {type(frame).__name__}.")
    if isinstance(frame, TrendFrame) and not getattr(options, "show_band", True):
        frame = frame.without_band()
    told = view.tell(frame, options, language)
    if isinstance(frame, TrendFrame) and isinstance(options, TrendOptions):
        drawing = trend_svg.draw(frame, palette, language)
        plot = trend_canvas.build(frame, palette, language)
    else:
        scene = view.scene(frame, options, Pen(palette, language))
        drawing = svg.paint(scene, told["title"], told["alt"], palette)
        plot = canvas.paint(scene, told["alt"], palette)
    return {**told, "svg": drawing, "bokeh": json.loads(json.dumps(json_item(plot), allow_nan=False))}
