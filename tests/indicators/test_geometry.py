"""Outlines from GeoJSON and TopoJSON: the same shapes whatever the document, and clear words for a broken one."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.figures.shapes import corners, corners_in, fitted, rounded, stripes
from workbench.indicators.geometry import GeometryError, Outline, read_outlines, to_grid

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "geometry"


def feature(code: str, *rings: list[list[float]], **about: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": list(rings)}
    return {"type": "Feature", "properties": {"statcode": code, **about}, "geometry": geometry}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def square(left: float, low: float, size: float) -> list[list[float]]:
    right, high = left + size, low + size
    return [[left, low], [right, low], [right, high], [left, high], [left, low]]


TOPOLOGY: dict[str, Any] = {
    "type": "Topology",
    "arcs": [
        [[100_000, 400_000], [110_000, 400_000], [110_000, 410_000]],
        [[110_000, 410_000], [100_000, 410_000], [100_000, 400_000]],
        [[110_000, 410_000], [120_000, 410_000], [120_000, 400_000], [110_000, 400_000]],
        [[110_000, 400_000], [110_000, 410_000]],
    ],
    "objects": {
        "gm": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "GM0001"}},
                {"type": "MultiPolygon", "arcs": [[[2, 3]]], "properties": {"code": "GM0002"}},
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "VR01"}},
            ],
        },
        "nl": {"type": "GeometryCollection", "geometries": [{"type": "MultiPolygon", "arcs": [[[0, 1]]]}]},
    },
}
ONE = Outline("GM0001", (((10_000, 40_000, 11_000, 40_000, 11_000, 41_000, 10_000, 41_000),),))


def test_arcs_are_put_together_and_shapes_of_other_things_left_out() -> None:
    one, other = read_outlines(TOPOLOGY, "gemeente")
    assert one == ONE
    assert set(corners(other.polygons[0][0])) == {
        (11_000, 40_000), (12_000, 40_000), (12_000, 41_000), (11_000, 41_000),
    }  # fmt: skip


def test_an_arc_may_be_walked_from_its_end() -> None:
    turned = json.loads(json.dumps(TOPOLOGY))
    turned["arcs"][3].reverse()
    turned["objects"]["gm"]["geometries"][1]["arcs"] = [[[2, ~3]]]
    assert read_outlines(turned, "gemeente") == read_outlines(TOPOLOGY, "gemeente")


def test_a_transform_makes_steps_of_the_places() -> None:
    steps = json.loads(json.dumps(TOPOLOGY))
    steps["transform"] = {"scale": [100, 100], "translate": [100_000, 400_000]}
    steps["arcs"] = [
        [[0, 0], [100, 0], [0, 100]],
        [[100, 100], [-100, 0], [0, -100]],
        [[100, 100], [100, 0], [0, -100], [-100, 0]],
        [[100, 0], [0, 100]],
    ]
    assert read_outlines(steps, "gemeente") == read_outlines(TOPOLOGY, "gemeente")


def test_geojson_gives_the_same_shape_with_its_holes() -> None:
    document = collection(feature("GM0001", square(100_000, 400_000, 10_000), square(103_000, 403_000, 500)))
    [found] = read_outlines(document, "gemeente")
    assert found.polygons[0][0] == ONE.polygons[0][0]
    assert len(found.polygons[0]) == 2


def test_an_area_in_several_pieces_is_put_together_and_districts_are_asked_apart() -> None:
    document = collection(
        feature("WK003402", square(140_000, 480_000, 900), gemeentecode="GM0034"),
        feature("WK003401", square(142_000, 480_000, 900), gemeentecode="GM0034"),
        feature("WK003402", square(144_000, 480_000, 900), gemeentecode="GM0034"),
    )
    assert [(item.code, len(item.polygons)) for item in read_outlines(document, "wijk")] == [
        ("WK003401", 1),
        ("WK003402", 2),
    ]


@pytest.mark.parametrize(
    ("longitude", "latitude", "grid"),
    [
        (5.38720621, 52.15517440, (155_000, 463_000)),  # Amersfoort
        (4.88352559, 52.37453253, (120_700.723, 487_525.502)),  # Westertoren, Amsterdam
        (6.56820053, 53.21938317, (233_883.131, 582_065.167)),  # Martinitoren, Groningen
    ],
)
def test_degrees_become_metres_of_the_dutch_grid(
    longitude: float, latitude: float, grid: tuple[float, float]
) -> None:
    assert to_grid(longitude, latitude) == pytest.approx(grid, abs=0.5)


def test_degrees_are_recognised_whichever_comes_first() -> None:
    degrees = square(5.0, 52.0, 0.5)
    [found] = read_outlines(collection(feature("GM0001", degrees)), "gemeente")
    turned = [[y, x] for x, y in degrees]
    assert read_outlines(collection(feature("GM0001", turned)), "gemeente") == [found]
    assert all(10_000 < x < 20_000 and 43_000 < y < 53_000 for x, y in corners_in([found.polygons]))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (None, "geen GeoJSON"),
        ({"type": "Feature"}, "geen GeoJSON"),
        ({"type": "FeatureCollection"}, "onvolledig"),
        (collection(), "geen omtrekken"),
        (collection(feature("VR01", square(0, 0, 1))), "geen omtrekken"),
        (collection(7), "onvolledig"),
        (collection(feature("GM0001", [[1, "x"]])), "onvolledig"),
        (collection(feature("GM0001", [[1e300, 2]])), "onvolledig"),
        (collection(feature("GM0001", square(-70, 12, 1))), "niet in Nederland"),
        (collection(feature("GM0001", square(100_000, 400_000, 1))), "GM0001 heeft een omtrek zonder"),
        (TOPOLOGY | {"arcs": TOPOLOGY["arcs"][:2]}, "een lijn die er niet is"),
        (TOPOLOGY | {"arcs": None}, "onvolledig"),
        (TOPOLOGY | {"objects": []}, "onvolledig"),
        (TOPOLOGY | {"transform": {"scale": [1]}}, "onvolledig"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(document: object, words: str) -> None:
    with pytest.raises(GeometryError, match=words):
        read_outlines(document, "gemeente")


@pytest.mark.parametrize(
    ("name", "count"), [("nl-vr-gm_2022jan_345.topo.json", 345), ("nl-vr-gm_2023.topo.json", 342)]
)
def test_recorded_outlines_have_every_municipality(name: str, count: int) -> None:
    if not RECORDED.exists():
        pytest.skip("The recordings of the workspace are not here.")
    document = json.loads((RECORDED / name).read_text(encoding="utf-8"))
    found = read_outlines(document, "gemeente")
    assert len({item.code for item in found}) == len(found) == count
    places = corners_in([item.polygons for item in found])
    assert (min(x for x, _y in places), max(y for _x, y in places)) == (1357, 61934)
    drawn, width, height = fitted([item.polygons for item in found], 1400, 840, edge=10, most=6500)
    assert all(drawn)
    assert len(corners_in(drawn)) <= 6500
    assert width < height
    assert height == 840


PLACES = st.tuples(st.integers(0, 200), st.integers(0, 200))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=True) | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON, st.sampled_from(["features", "arcs", "objects", "transform", "geometry", "coordinates"]))
def test_any_document_is_read_or_refused_in_words(part: Any, name: str) -> None:
    whole = collection(feature("GM0001", square(100_000, 400_000, 10_000)))
    broken: list[Any] = [
        part,
        whole | {"features": part},
        collection(feature("GM0001") | {"geometry": part}),
        collection(feature("GM0001") | {"geometry": {"type": "Polygon", "coordinates": part}}),
        TOPOLOGY | {name: part},
        TOPOLOGY | {"objects": {"gm": part}},
        TOPOLOGY | {"objects": {"gm": {"geometries": [{"type": "Polygon", "arcs": part, "id": "GM0001"}]}}},
    ]
    for document in broken:
        try:
            assert read_outlines(document, "gemeente")
        except GeometryError as error:
            assert str(error)  # noqa: PT017 - either is right


@settings(deadline=None)
@given(st.lists(PLACES, min_size=3, max_size=12), st.sampled_from([1, 3, 10]))
def test_rounding_twice_changes_nothing_and_leaves_no_corner_that_says_nothing(
    places: list[tuple[int, int]], unit: int
) -> None:
    ring = rounded(places, unit)
    assert rounded(corners(ring), 1) == ring
    kept = list(corners(ring))
    assert len(kept) != 1
    assert all(one != other for one, other in zip(kept, [*kept[1:], *kept[:1]], strict=True))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(2, 9))
def test_stripes_stay_within_the_shape(width: int, height: int, apart: int) -> None:
    shape = (((0, 0, width, 0, width, height, 0, height),),)
    found = stripes([shape], apart)
    assert [x for x, _top, _foot in found] == list(range(0, width, apart))
    assert all((top, foot) == (0, height) for _x, top, foot in found)


def test_no_stripe_goes_through_a_hole() -> None:
    shape = (((0, 0, 30, 0, 30, 30, 0, 30), (10, 10, 20, 10, 20, 20, 10, 20)),)
    found = [(top, foot) for x, top, foot in stripes([shape], 5) if 10 <= x < 20]
    assert found == [(0, 10), (20, 30)] * 2


@settings(deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=30, unique=True), st.integers(20, 200))
def test_shapes_are_drawn_within_their_box_however_many_there_are(
    spots: list[tuple[int, int]], most: int
) -> None:
    shapes = [
        (((5 * x, 5 * y, 5 * x + 5, 5 * y, 5 * x + 5, 5 * y + 5, 5 * x, 5 * y + 5),),) for x, y in spots
    ]
    drawn, width, height = fitted(shapes, 700, 420, edge=10, most=most)
    assert all(drawn)
    assert width <= 700
    assert height <= 420
    # The coarsest grain moves a corner by no more than itself.
    assert all(-8 <= x <= width + 8 and -8 <= y <= height + 8 for x, y in corners_in(drawn))
