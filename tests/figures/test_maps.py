"""The maps: tints that can be trusted, nobody named but ourselves, and light enough for any page."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures.test_figures import NL, NUMBERS
from tests.figures.test_views import (
    OTHERS,
    built,
    check,
    moved,
    some_districts,
    some_map,
    some_place,
    texts_of,
)
from workbench.figures import document, map_words
from workbench.figures.frame import BandPoint
from workbench.figures.map_frame import NOT_YET, DistrictsFrame, MapFrame, Patch
from workbench.figures.map_municipalities import scene
from workbench.figures.map_scene import MapScene, classes
from workbench.figures.options import MapOptions, parse_options
from workbench.figures.shapes import Shape
from workbench.figures.style import DEFAULT, PRINT, Pen
from workbench.figures.words import missing_text
from workbench.indicators import compare
from workbench.indicators.geometry import read_outlines

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "geometry" / "nl-vr-gm_2023.topo.json"


def drawn(frame: MapFrame) -> MapScene:
    made = scene(frame, MapOptions(), Pen(DEFAULT, NL))
    assert isinstance(made, MapScene)
    return made


def band_of(values: Sequence[float]) -> BandPoint | None:
    found = compare.band(list(values))
    return found and BandPoint("2024JJ00", "2024", 2024.0, found.low, found.median, found.high, found.count)


def map_of(values: Sequence[float], own: float | None, decimals: int = 0) -> MapFrame:
    place = some_place(own, band=band_of(values), decimals=decimals)
    patches = [Patch(moved(0), own, place.own.missing, is_own=True)]
    patches += [Patch(moved(1 + index), value) for index, value in enumerate(values)]
    return MapFrame(place, tuple(patches), True, "")


# What it says


def test_the_table_holds_our_figure_the_quartiles_and_how_many_have_each_tint() -> None:
    made = built("map", some_map(490.0, "not_delivered", "not_delivered", NOT_YET))
    assert [row[:2] for row in made["table"]["rows"]] == [
        ["Almere", "€\u00a0490"],
        ["Mediaan van de andere gemeenten", "€\u00a0400"],
        ["Ondergrens van de middelste helft (25\u00a0%)", "€\u00a0300"],
        ["Bovengrens van de middelste helft (75\u00a0%)", "€\u00a0450"],
        ["Aantal andere gemeenten met een cijfer", "8"],
        ["Aantal gemeenten in de tint: tot en met €\u00a0300", "3"],
        ["Aantal gemeenten in de tint: tot en met €\u00a0400", "1"],
        ["Aantal gemeenten in de tint: tot en met €\u00a0450", "3"],
        ["Aantal gemeenten in de tint: meer dan €\u00a0450", "2"],
        ["Aantal zonder cijfer: niet geleverd", "2"],
        ["Aantal zonder cijfer: bestond nog niet, of niet meer", "1"],
    ]
    assert "liep van €\u00a0300 tot €\u00a0450; de mediaan was €\u00a0400" in made["sentence"]


def test_no_figure_of_another_municipality_can_be_read_on_a_map() -> None:
    values = [210.5, 220.5, 230.5, 240.5, 260.5, 270.5, 280.5, 290.5]
    made = document.build(map_of(values, 250.0, 1), parse_options({"kind": "map"}), NL)
    quartiles = band_of(values)
    assert quartiles is not None
    hidden = set(values) - {quartiles.low, quartiles.median, quartiles.high}
    for value in hidden:
        assert NL.number(value, 1) not in json.dumps(made, ensure_ascii=False)
        assert str(value) not in json.dumps(made)


def test_municipalities_are_not_named_and_districts_are() -> None:
    with pytest.raises(ValueError, match="not named"):
        MapFrame(some_place(), (Patch(moved(0), 1.0, name="Almere"),), True, "")
    with pytest.raises(ValueError, match="has its name"):
        DistrictsFrame(some_place(band=None), (Patch(moved(0), 1.0),), True, "")
    with pytest.raises(ValueError, match="one municipality"):
        MapFrame(some_place(), (Patch(moved(0), 1.0, is_own=True),) * 2, True, "")
    with pytest.raises(ValueError, match="another number"):
        MapFrame(some_place(), (Patch(moved(0), 1.0),), True, "")
    with pytest.raises(ValueError, match="either a value or the reason"):
        Patch(moved(0), None)


def test_districts_come_by_alphabet_whatever_their_figures() -> None:
    made = built("districts", some_districts(620, 250, None, 450, 300, 400))
    names = [row[0] for row in made["table"]["rows"][1:7]]
    assert names == sorted(names) == [f"Wijk {letter}" for letter in "UVWXYZ"]
    assert made["table"]["rows"][4][1:] == ["niet getoond, te weinig mensen", "geen cijfer"]


def test_a_provisional_figure_is_said_to_be_so() -> None:
    place = some_place()
    frame = some_map()
    own = replace(place.own, status="provisional")
    made = built("map", replace(frame, place=replace(frame.place, own=own)))
    assert "is voorlopig en kan nog veranderen" in made["sentence"]
    assert made["table"]["rows"][0][2] == "voorlopig"


def test_districts_without_a_figure_of_the_whole_still_say_that_they_may_change() -> None:
    frame = some_districts(250, 300, 380, 400, 450, 620, value=None)
    patches = tuple(replace(patch, status="provisional") for patch in frame.patches)
    made = built("districts", replace(frame, patches=patches))
    assert "nog niet definitief" in made["sentence"]
    assert made["table"]["rows"][0][1:] == ["niet getoond, te weinig mensen", "geen cijfer"]
    assert {row[2] for row in made["table"]["rows"][1:7]} == {"voorlopig"}


def test_a_count_warns_that_it_follows_the_number_of_people() -> None:
    def texts(unit: str) -> list[str]:
        frame = some_map(unit=unit)
        return [note["text"] for note in built("map", frame)["notes"]]

    assert any("waar veel mensen wonen" in text for text in texts("aantal"))
    assert not any("waar veel mensen wonen" in text for text in texts("euro"))


def test_real_outlines_name_their_maker_and_the_schematic_map_says_what_it_is() -> None:
    frame = some_map()
    assert any("schematische kaart" in note["text"] for note in built("map", frame)["notes"])
    real = built("map", replace(frame, is_schematic=False, credit="CBS, grenzen van 2024"))
    assert not any("schematische" in note["text"] for note in real["notes"])
    assert real["source"].endswith("Kaart: CBS, grenzen van 2024.")


@pytest.mark.parametrize("reason", ["suppressed", "not_delivered", "failed", "unknown"])
def test_every_reason_for_a_gap_is_counted(reason: str) -> None:
    made = built("map", some_map(490.0, reason, reason))
    assert [f"Aantal zonder cijfer: {missing_text(reason, NL)}", "2", "geteld"] in made["table"]["rows"]
    assert map_words.missing_text(reason, NL) == missing_text(reason, NL)
    assert "Grijs gestreept is zonder cijfer." in made["alt"]


# The tints


def test_equal_limits_leave_a_tint_out() -> None:
    frame = map_of([5.0] * 8, 5.0)
    assert [text for _tint, text in classes(frame, NL)] == ["tot en met €\u00a05", "meer dan €\u00a05"]
    assert [row[1] for row in built("map", frame)["table"]["rows"] if "tint" in row[0]] == ["9", "0"]


@given(
    st.lists(NUMBERS, max_size=30),
    st.none() | NUMBERS,
    st.integers(0, 2),
)
@settings(max_examples=60, deadline=None)
def test_any_distribution_gives_a_whole_map(values: list[float], own: float | None, decimals: int) -> None:
    frame = map_of(values, own, decimals)
    made = built("map", frame)
    check(made, "2024")
    valued = len(values) + (own is not None)
    tints = [int(row[1]) for row in made["table"]["rows"] if "tint" in row[0]]
    assert sum(tints) == (valued if frame.place.band else 0)


@given(st.lists(st.none() | NUMBERS, max_size=12), st.none() | NUMBERS)
@settings(max_examples=60, deadline=None)
def test_any_districts_give_a_whole_map(values: list[float | None], own: float | None) -> None:
    found = band_of([value for value in values if value is not None])
    frame = some_districts(*values, value=own)
    check(built("districts", replace(frame, place=replace(frame.place, band=found))), "2024")


@given(st.lists(NUMBERS, min_size=5, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_figure_lies_in_the_tint_that_its_number_says(values: list[float]) -> None:
    frame = map_of(values, values[0])
    for value in values:
        tint = frame.tint(value)
        assert all(frame.shown(value) > limit for limit in frame.limits[:tint])
        assert all(frame.shown(value) <= limit for limit in frame.limits[tint:])


@pytest.mark.parametrize("palette", [DEFAULT, PRINT])
def test_tints_differ_in_lightness_or_in_stripes_not_in_colour_alone(palette: Any) -> None:
    frame = some_map(490.0, "unknown")
    made = scene(frame, MapOptions(), Pen(palette, NL))
    assert isinstance(made, MapScene)
    looks = [
        (sum(int(tint.fill[i : i + 2], 16) for i in (1, 3, 5)), bool(tint.stripe)) for tint in made.tints
    ]
    assert len(set(looks)) == len(looks) == 5


# The drawing


def test_a_small_own_area_gets_a_circle_and_a_large_one_a_thick_edge() -> None:
    assert drawn(some_map()).ring is None
    many = map_of([float(value) for value in range(60)], 30.0)
    assert drawn(many).ring is not None
    assert "Almere: in de cirkel" in texts_of(built("map", many))
    assert "Almere: dikke rand" in texts_of(built("map", some_map()))


def test_a_mouse_hears_only_our_own_figure() -> None:
    made = document.build(some_map(), parse_options({"kind": "map"}), NL)
    said = re.findall(r'"said", (\[.*?\])|\["said",(\[.*?\])', json.dumps(made["bokeh"], ensure_ascii=False))
    assert [json.loads(one or other) for one, other in said] == [["Almere: €\u00a0490"]]
    names = json.dumps(
        document.build(some_districts(*OTHERS), parse_options({"kind": "districts"}), NL)["bokeh"],
        ensure_ascii=False,
    )
    assert "Wijk Z: €\u00a0250" in names


def recorded() -> list[Shape]:
    if not RECORDED.exists():
        pytest.skip("The recordings of the workspace are not here.")
    document_ = json.loads(RECORDED.read_text(encoding="utf-8"))
    return [outline.polygons for outline in read_outlines(document_, "gemeente")]


def test_all_municipalities_with_their_real_shapes_stay_light() -> None:
    shapes = recorded()
    values = [float(200 + index % 300) for index in range(len(shapes) - 1)]
    place = some_place(490.0, band=band_of(values))
    patches = [Patch(shapes[0], 490.0, is_own=True)]
    patches += [Patch(shape, value) for shape, value in zip(shapes[1:], values, strict=True)]
    frame = MapFrame(place, tuple(patches), False, "de maker")
    made = document.build(frame, parse_options({"kind": "map"}), NL)
    assert len(made["svg"]) < 60_000
    assert len(json.dumps(made["bokeh"])) < 120_000
    root = ET.fromstring(made["svg"])
    assert len(list(root.iter())) < 60
