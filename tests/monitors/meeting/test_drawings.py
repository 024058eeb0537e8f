"""A drawing on the wall has letters that can be read from the back of the room, and loses nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from workbench.monitors.meeting.drawings import SHEET, on_wall

GALLERY = Path(__file__).parents[3] / "workbench" / "gallery.json"
NAMES = "{http://www.w3.org/2000/svg}"


def drawings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        if found.startswith("<svg"):
            yield found
    elif isinstance(found, dict | list):
        for part in found.values() if isinstance(found, dict) else found:
            yield from drawings(part)


EVERY_VIEW = list(drawings(json.loads(GALLERY.read_text("utf-8"))))


def outside_maps(element: Element) -> Iterator[Element]:
    """All parts whose places are those of the sheet itself; a map has measures of its own."""
    yield element
    for part in element:
        if "viewBox" not in part.attrib:
            yield from outside_maps(part)


@pytest.mark.parametrize("svg", EVERY_VIEW)
def test_every_view_keeps_its_letters_and_stands_within_its_sheet(svg: str) -> None:
    before, after = fromstring(svg), fromstring(on_wall(svg))
    assert [text.text for text in before.iter(f"{NAMES}text")] == [
        text.text for text in after.iter(f"{NAMES}text")
    ]
    _left, _top, across, down = map(float, after.attrib["viewBox"].split())
    assert across / down >= SHEET[0] / SHEET[1] - 0.01, "it fits the screen"
    for name in ("y", "y1", "y2", "cy"):
        places = [float(part.get(name, 0)) for part in outside_maps(after) if name in part.attrib]
        assert all(-2 <= place <= down + 2 for place in places), name


def test_letters_are_28_pixels_unless_the_drawing_is_far_too_tall() -> None:
    for svg in EVERY_VIEW:
        tall = 0.0 if chart_of(svg) is not None else float(fromstring(svg).attrib["height"])
        across = float(fromstring(on_wall(svg)).attrib["viewBox"].split()[2])
        enlarged = 1038 / across  # the place of a drawing on 1280 by 720
        assert (13 * enlarged >= 28) == (tall <= 348), tall


def chart_of(svg: str) -> Element | None:
    """The map under its legend."""
    charts = [part for part in fromstring(svg).iter(f"{NAMES}svg") if "viewBox" in part.attrib]
    return next((part for part in charts if part.get("preserveAspectRatio") != "none"), None)


def test_a_map_stands_beside_its_legend_and_fills_the_sheet() -> None:
    maps = [svg for svg in EVERY_VIEW if chart_of(svg) is not None]
    assert maps
    for svg in maps:
        sheet = fromstring(on_wall(svg))
        [drawing] = list(sheet)
        [chart] = [part for part in drawing if "viewBox" in part.attrib]
        assert (chart.attrib["y"], chart.attrib["height"]) == ("0", f"{SHEET[1]}")
        assert chart.attrib["preserveAspectRatio"] == "xMaxYMid meet"


def test_a_low_drawing_stays_as_low_as_it_is() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" height="96"><text y="52">Niets</text></svg>'
    assert 'y="52"' in on_wall(svg)
    assert 'viewBox="0 0 480 96"' in on_wall(svg)
