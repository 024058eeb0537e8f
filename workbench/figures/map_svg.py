"""A map as SVG: the tints in few, long paths of whole numbers, so that hundreds of areas stay light."""

from collections.abc import Iterable

from workbench.figures import svg
from workbench.figures.map_scene import RING, STRIPE, MapScene
from workbench.figures.shapes import Ring, Shape, corners, stripes
from workbench.figures.style import Palette


def draw(scene: MapScene, title: str, alternative: str, palette: Palette) -> str:
    above = scene.legend.height
    element = svg.root(above + scene.height // 2, title, alternative, palette)
    svg.draw_scene(element, scene.legend, palette)
    chart = svg.add(
        element,
        "svg",
        y=str(above),
        width="100%",
        height=str(scene.height // 2),
        viewBox=f"0 0 {scene.width} {scene.height}",
        fill="none",
        stroke_linejoin="round",
    )
    for tint in scene.tints:
        svg.add(chart, "path", d=path(tint.shapes), fill=tint.fill, fill_rule="evenodd")
        if tint.stripe:
            lines = "".join(f"M{x} {top}V{foot}" for x, top, foot in stripes(tint.shapes, STRIPE))
            svg.add(chart, "path", d=lines, stroke=tint.stripe, stroke_width="3")
        svg.add(chart, "path", d=path(tint.shapes), stroke=palette.band_edge, stroke_width="1")
    for colour, width in ((palette.background, "14"), (palette.text, "7")):
        if scene.ring:
            x, y = map(str, scene.ring)
            svg.add(chart, "circle", cx=x, cy=y, r=str(RING), stroke=colour, stroke_width=width)
        elif scene.own:
            svg.add(chart, "path", d=path([scene.own]), stroke=colour, stroke_width=width)
    return svg.text_of(element)


def path(shapes: Iterable[Shape]) -> str:
    return "".join(_ring(ring) for shape in shapes for polygon in shape for ring in polygon)


def _ring(ring: Ring) -> str:
    """From each corner to the next one, because steps are shorter to write than places."""
    (x, y), *others = corners(ring)
    steps = [f"M{x} {y}"]
    for next_x, next_y in others:
        across, down = next_x - x, next_y - y
        steps.append(f"v{down}" if not across else f"h{across}" if not down else f"l{across} {down}")
        x, y = next_x, next_y
    return "".join([*steps, "z"]).replace(" -", "-")
