"""One figure in words, as a table and as SVG. Pure and quick, so that a page may show a preview of any view."""

from typing import Any

from workbench.core.language import Language
from workbench.figures import map_svg, svg, trend_svg
from workbench.figures.frame import TrendFrame
from workbench.figures.map_scene import MapScene
from workbench.figures.money import MoneyFrame
from workbench.figures.options import BlockOptions, TrendOptions
from workbench.figures.registry import KINDS, Frame
from workbench.figures.scene import Scene
from workbench.figures.style import DEFAULT, Palette, Pen


def shown(frame: Frame, options: BlockOptions) -> Frame:
    """What is left of the figures when the options leave something out.

    Raises TypeError when these figures are not of the shape that the view draws.
    """
    shape: type = KINDS[options.kind].FRAME
    if not isinstance(frame, shape):
        raise TypeError(f"{options.kind} draws {shape.__name__}, not {type(frame).__name__}.")
    if isinstance(frame, TrendFrame | MoneyFrame) and not getattr(options, "show_band", True):
        return frame.without_band()
    return frame


def scene(frame: Frame, options: BlockOptions, pen: Pen) -> Scene | MapScene | TrendFrame:
    """The drawing that both painters paint; a trend itself, because it has painters of its own, as a map has."""
    if isinstance(frame, TrendFrame) and isinstance(options, TrendOptions):
        return frame
    made: Scene | MapScene = KINDS[options.kind].scene(frame, options, pen)
    return made


def draw(
    frame: Frame, options: BlockOptions, language: Language, palette: Palette = DEFAULT
) -> dict[str, Any]:
    """Title (the finding), sentence, notes (each a kind and a text), source (line), alt (the drawing in words),
    table {caption, columns, rows: cells as texts, numeric: per column} and svg (text), as plain JSON.
    """
    frame = shown(frame, options)
    told = KINDS[options.kind].tell(frame, options, language)
    made = scene(frame, options, Pen(palette, language))
    if isinstance(made, TrendFrame):
        return {**told, "svg": trend_svg.draw(made, palette, language)}
    if isinstance(made, MapScene):
        return {**told, "svg": map_svg.draw(made, told["title"], told["alt"], palette)}
    return {**told, "svg": svg.paint(made, told["title"], told["alt"], palette)}
