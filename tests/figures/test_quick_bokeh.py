"""Our shorter way to the JSON of a Bokeh figure gives what Bokeh gives."""

import json
import re
from typing import Any

import pytest
from bokeh.embed import json_item as by_bokeh
from bokeh.models import LayoutDOM

from tests.figures.test_views import EXAMPLES
from workbench.core.language import Language
from workbench.figures import canvas, drawing, map_canvas, quick_bokeh, trend_canvas
from workbench.figures.frame import TrendFrame
from workbench.figures.map_scene import MapScene
from workbench.figures.options import parse_options
from workbench.figures.style import DEFAULT, Pen

NL = Language()


def plot_of(kind: str, index: int = 0) -> LayoutDOM:
    frame, options = EXAMPLES[kind][index], parse_options({"kind": kind})
    scene = drawing.scene(drawing.shown(frame, options), options, Pen(DEFAULT, NL))
    if isinstance(scene, TrendFrame):
        return trend_canvas.build(scene, DEFAULT, NL)
    if isinstance(scene, MapScene):
        return map_canvas.build(scene, "een kaart", DEFAULT)
    return canvas.paint(scene, "een figuur", DEFAULT)


def renumbered(item: Any) -> Any:
    """Bokeh numbers its models on and on: the first one that stands here is the first."""
    written = json.dumps(item, sort_keys=True)
    numbers: dict[str, str] = {}
    return json.loads(
        re.sub(r'"p\d+"', lambda found: numbers.setdefault(found[0], f'"p{len(numbers)}"'), written)
    )


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_view_is_as_bokeh_writes_it(kind: str):
    for index in range(len(EXAMPLES[kind])):
        ours = quick_bokeh.json_item(plot_of(kind, index))
        assert renumbered(ours) == renumbered(by_bokeh(plot_of(kind, index)))


def test_nothing_has_a_look_for_when_it_is_selected():
    drawn = json.dumps(quick_bokeh.json_item(plot_of("trend")))
    assert not re.search(r'"(nonselection|selection|muted|hover)_glyph": \{', drawn)
