"""Every view says what it shows, in words, table and drawing; whatever comes in."""

import json
import re
from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures.test_figures import JUDGING, NL, NUMBERS, ODD, RANKING, band, frames, make_frame, year
from workbench.figures import before_after, composition, document, drawing, relation, svg, words
from workbench.figures.frame import STATUSES, BandPoint, Event, Point, SourceNote, TrendFrame
from workbench.figures.lines import Line, LinesFrame
from workbench.figures.lines_words import change_cell
from workbench.figures.map_frame import DistrictsFrame, MapFrame, Patch
from workbench.figures.money import MoneyFrame
from workbench.figures.option_words import questions
from workbench.figures.options import BeforeAfterOptions, CompositionOptions, parse_options
from workbench.figures.peers import PeersFrame, Place, RelationFrame
from workbench.figures.registry import KINDS, Frame, choices
from workbench.figures.scene import Dot, Scene, apart, cut, side
from workbench.figures.shapes import Shape
from workbench.figures.stack import Combination, StackFrame
from workbench.figures.style import DEFAULT, PRINT, Palette, Pen
from workbench.figures.targets import Aim, Limit, Wish

SOURCE = SourceNote("CBS", "45067NED")
NUMBER = re.compile(r"\d+(?:\.\d{3})*(?:,\d+)?")
COUNTED = re.compile(r"(\d+)(?: van \d+)? (?:gebied|groep|deel|delen|lijn|cijfer)\w*")
WENT = re.compile(r"(Gestegen|Gedaald|Ongeveer gelijk|Niet te vergelijken): (\d+)")
PHONE_WIDTH, DESK_WIDTH = 328, 830
HIDDEN = "niet getoond, te weinig mensen"


def aim(number: int, value: float) -> Aim:
    return Aim(f"{number}JJ00", str(number), float(number), value)


def some_place(value: float | None = 490.0, **facts: Any) -> Place:
    usual: dict[str, Any] = {
        "indicator": "Uitgaven per inwoner",
        "unit": "euro",
        "decimals": 0,
        "area": "Almere",
        "own": year(value, 2024, missing=None if value is not None else "suppressed"),
        "band": BandPoint("2024JJ00", "2024", 2024.0, 300, 400, 450, 8),
        "direction": "context",
        "reading_up": "Er is meer nodig.",
        "reading_down": "Er is minder nodig.",
        "source": SOURCE,
    }
    return Place(**(usual | facts))


OTHERS = (250.0, 290.0, 300.0, 380.0, 410.0, 450.0, 450.0, 620.0)


def some_peers(value: float | None = 490.0, **facts: Any) -> PeersFrame:
    return PeersFrame(some_place(value, **facts), OTHERS, "150.000 inwoners of meer, 8 gemeenten")


def some_lines(*lines: Line, **facts: Any) -> LinesFrame:
    usual: dict[str, Any] = {
        "indicator": "Jongeren met hulp",
        "unit": "aantal",
        "decimals": 0,
        "area": "Almere",
        "of": "areas",
        "lines": lines,
        "direction": "context",
        "reading_up": "Er is meer nodig.",
        "reading_down": "Er is minder nodig.",
        "source": SOURCE,
    }
    return LinesFrame(**(usual | facts))


def line(code: str, *values: float | None, name: str = "", **facts: Any) -> Line:
    points = (
        year(value, 2020 + index, missing=None if value is not None else "suppressed", **facts)
        for index, value in enumerate(values)
    )
    return Line(code, name or f"Wijk {code}", tuple(points))


DISTRICTS = some_lines(line("WK02", 50, 60, 80), line("WK01", 90, 70, 60), line("WK03", 40, None, 40))
PARTS = replace(DISTRICTS, of="parts")


def some_stack(*values: float | None, **facts: Any) -> StackFrame:
    sets = [{"Wmo"}, {"Jeugdwet"}, {"Wmo", "Jeugdwet"}, {"Wmo", "Participatiewet"}]
    return StackFrame(
        indicator="Stapeling van hulp",
        unit="huishoudens",
        area="Almere",
        provisions=("Wmo", "Jeugdwet", "Participatiewet"),
        combinations=tuple(
            Combination(
                frozenset(members), year(value, 2024, missing=None if value is not None else "suppressed")
            )
            for members, value in zip(sets, values, strict=False)
        ),
        direction="context",
        reading_up="Meer van alles.",
        reading_down="Minder van alles.",
        source=SOURCE,
        **facts,
    )


PAIRS = tuple((value, value / 10) for value in OTHERS)


def some_relation(pairs: tuple[tuple[float, float], ...] = PAIRS, **facts: Any) -> RelationFrame:
    up = replace(
        some_place(), indicator="Huishoudens", band=BandPoint("2024JJ00", "2024", 2024.0, 30, 40, 45, 8)
    )
    return RelationFrame(some_place(**facts), replace(up, own=year(49, 2024)), pairs, "8 gemeenten")


SPENDING = make_frame(year(1712, 2020), year(1900, 2021), year(2304, 2022), indicator="Uitgaven")
OUTCOME = make_frame(
    year(12, 2021), year(14, 2022), year(15, 2023), indicator="Aandeel", unit="%", plural=False
)
TARGETED = replace(
    SPENDING, aims=(aim(2024, 2000), aim(2025, 1900)), limit=Limit(2500, "above"), band=(band(2022, 1, 2, 3),)
)
BROKEN = replace(SPENDING, events=(Event("2021JJ00", "2021", 2021.0, "Er is anders geteld."),))

SQUARE = (((0, 0, 10, 0, 10, 10, 0, 10),),)


def moved(column: int, row: int = 0) -> Shape:
    """A square tile of a made-up map."""
    return tuple(
        tuple(
            tuple(n + (10 * column if i % 2 == 0 else 10 * row) for i, n in enumerate(ring))
            for ring in polygon
        )
        for polygon in SQUARE
    )


def some_map(value: float | None = 490.0, *missing: str, **facts: Any) -> MapFrame:
    """Ours beside eight others with a figure, and one for each reason to have none."""
    place = some_place(value, **facts)
    own = Patch(moved(0), value, place.own.missing, is_own=True)
    others = [Patch(moved(1 + index), other) for index, other in enumerate(OTHERS)]
    lacking = [Patch(moved(index, 1), None, reason) for index, reason in enumerate(missing)]
    return MapFrame(place, (own, *others, *lacking), True, "")


def some_districts(*values: float | None, **facts: Any) -> DistrictsFrame:
    known = [value for value in values if value is not None]
    found = BandPoint("2024JJ00", "2024", 2024.0, 300, 400, 450, len(known)) if len(known) > 4 else None
    patches = tuple(
        Patch(
            moved(index), value, None if value is not None else "suppressed", name=f"Wijk {chr(90 - index)}"
        )
        for index, value in enumerate(values)
    )
    return DistrictsFrame(some_place(band=found, **facts), patches, False, "CBS, grenzen van 2024")


EXAMPLES: dict[str, list[Frame]] = {
    "trend": [TARGETED],
    "bullet": [TARGETED, SPENDING, make_frame()],
    "before_after": [TARGETED, make_frame(year(5, 2024)), make_frame()],
    "strip": [some_peers(), some_peers(None), PeersFrame(some_place(band=None), (), None)],
    "multiples": [DISTRICTS, some_lines(), some_lines(line("WK01", 3))],
    "heat": [DISTRICTS, some_lines(), some_lines(line("WK01", None))],
    "composition": [PARTS, some_lines(of="parts"), some_lines(line("1", 3), of="parts")],
    "stacking": [some_stack(6240, 4815, 420, None), some_stack(), some_stack(None, None, None, None)],
    "relation": [some_relation(), RelationFrame(some_place(band=None), some_place(band=None), (), None)],
    "map": [
        some_map(490.0, "not_delivered", "suppressed", "not_yet"),
        some_map(None),
        MapFrame(some_place(band=None), (), True, ""),
    ],
    "districts": [some_districts(250, 300, None, 400, 450, 620), some_districts(250, 300), some_districts()],
    "money": [MoneyFrame(SPENDING, OUTCOME), MoneyFrame(make_frame(), make_frame())],
}


def built(kind: str, data: Frame, palette: Palette = DEFAULT, **options: Any) -> dict[str, Any]:
    """All but the Bokeh figure, which takes longest."""
    return drawing.draw(data, parse_options({"kind": kind, **options}), NL, palette)


def texts_of(made: dict[str, Any]) -> str:
    """All that a reader can find, apart from the source line."""
    return json.dumps([made[key] for key in made if key != "source"], ensure_ascii=False)


# What holds for every view, whatever comes in


def check(made: dict[str, Any], *names: str) -> None:
    """The document is whole, its numbers are those of the table, and it neither ranks nor judges."""
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    table = made["table"]
    for row in table["rows"]:
        assert len(row) == len(table["columns"]) == len(table["numeric"])
        assert all(row)
    said = f"{made['title']} {made['sentence']}"
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, "")
    assert not RANKING.search(said)
    assert not JUDGING.search(texts_of(made))
    shown = NUMBER.findall(
        json.dumps([table["caption"], table["columns"], table["rows"]], ensure_ascii=False)
    )
    assert set(NUMBER.findall(COUNTED.sub("", said))) <= set(shown)
    check_drawing(made)


def check_drawing(made: dict[str, Any]) -> None:
    root = ET.fromstring(made["svg"])
    assert [element.tag.rpartition("}")[2] for element in root][:2] == ["title", "desc"]
    assert root[0].text == made["title"]
    assert root[1].text == made["alt"]
    for element in root.iter():
        assert not {"style", "id"} & set(element.attrib)
        assert not any(re.search("nan|inf", value) for key, value in element.attrib.items() if key != "class")


def boxes(made: dict[str, Any], width: int) -> list[tuple[str, float, float, float]]:
    """(text, left, right, foot) of every text in the drawing, at this width."""
    found = []
    for element in ET.fromstring(made["svg"]).iter():
        if not element.tag.endswith("}text") or not element.text:
            continue
        x = float(element.attrib["x"].rstrip("%")) * width / 100 + float(element.get("dx", 0))
        size = 6.1 * len(element.text) * (1.08 if element.get("font-weight") else 1)
        left = x - {"start": 0, "middle": size / 2, "end": size}[element.get("text-anchor", "start")]
        found.append((element.text, left, left + size, float(element.attrib["y"])))
    return found


def check_no_overlap(made: dict[str, Any]) -> None:
    for width in (PHONE_WIDTH, DESK_WIDTH):
        for one, other in combinations(boxes(made, width), 2):
            apart_across = one[2] <= other[1] or other[2] <= one[1]
            assert apart_across or abs(one[3] - other[3]) >= 12, (width, one, other)


@pytest.mark.parametrize("kind", KINDS)
def test_every_view_tells_and_draws_its_examples(kind: str):
    for data in EXAMPLES[kind]:
        made = built(kind, data)
        check(made, "2020", "2021", "2022", "2023", "2024", "2025", "150.000 inwoners of meer, 8 gemeenten")
        assert "Lege grafiek" in made["alt"] or made["table"]["rows"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_view_has_a_name_and_says_for_each_of_its_figures_why_it_suits_them_or_not(kind: str):
    for index, data in enumerate(EXAMPLES[kind]):
        choice = next(choice for choice in choices(data, NL) if choice.kind == kind)
        assert choice.name
        assert choice.suits is (index == 0)
        assert choice.reason.startswith("Deze weergave past, omdat") is choice.suits


@pytest.mark.parametrize("kind", KINDS)
def test_every_view_gives_both_readings_and_no_arrow_where_the_council_set_no_direction(kind: str):
    data = EXAMPLES[kind][0]
    if isinstance(data, TrendFrame):
        data = replace(data, reading_up="Er is meer nodig.", reading_down="Er is minder nodig.")
    if isinstance(data, MoneyFrame):
        data = MoneyFrame(replace(data.money, reading_up="Meer.", reading_down="Minder."), data.outcome)
    made = built(kind, data)
    readings = [note["text"] for note in made["notes"] if note["kind"] == "reading"]
    assert any(text.startswith("Stijgt het cijfer?") for text in readings)
    assert any(text.startswith("Daalt het cijfer?") for text in readings)
    assert all(text in made["alt"] for text in readings)


@pytest.mark.parametrize("kind", KINDS)
def test_on_paper_every_view_is_grey(kind: str):
    for data in EXAMPLES[kind]:
        for colour in re.findall("#[0-9a-f]{6}", built(kind, data, PRINT)["svg"]):
            assert colour[1:3] == colour[3:5] == colour[5:7]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"trend"}))
def test_bokeh_draws_the_same_words_as_the_svg(kind: str):
    made = document.build(EXAMPLES[kind][0], parse_options({"kind": kind}), NL)
    drawn = json.dumps(made["bokeh"], ensure_ascii=False)
    assert all(json.dumps(text, ensure_ascii=False)[1:-1] in drawn for text, *_ in boxes(made, 300))
    assert "CustomJS" not in drawn


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_of_a_view_is_asked_in_words(kind: str):
    asked = [question.field for question in questions(kind, NL)]
    assert asked == [field for field in type(parse_options({"kind": kind})).model_fields if field != "kind"]
    assert all(question.label and question.hint for question in questions(kind, NL))


def test_figures_of_another_shape_are_refused():
    with pytest.raises(TypeError, match="strip draws PeersFrame, not TrendFrame"):
        built("strip", SPENDING)


@pytest.mark.parametrize("palette", [DEFAULT, PRINT])
def test_letters_stand_out_on_every_shade(palette: Palette):
    def light(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    pairs = [(palette.text, shade) for shade in palette.shades[:-1]]
    for letters, shade in [*pairs, (palette.background, palette.shades[-1])]:
        dark, bright = sorted((light(letters), light(shade)))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5


# Trend with what the council set


def test_a_trend_shows_aim_and_limit_in_sentence_table_and_both_drawings():
    made = built("trend", TARGETED)
    assert (
        "De streefwaarde voor 2024 is €\u00a02.000. Het cijfer over 2022 ligt daarboven." in made["sentence"]
    )
    assert (
        "De signaalgrens ligt boven €\u00a02.500. Het cijfer over 2022 is die grens niet voorbij."
        in (made["sentence"])
    )
    assert made["table"]["caption"].endswith("signaalgrens: boven €\u00a02.500")
    row = made["table"]["rows"][-1]
    assert row[:2] == ["2025", "nog geen cijfer"]
    assert row[-2:] == ["€\u00a01.900", "geen cijfer"]
    plot = json.dumps(document.build(TARGETED, parse_options({"kind": "trend"}), NL)["bokeh"])
    for drawn in (made["svg"], plot):
        assert "streefwaarde" in drawn
        assert "signaalgrens" in drawn


def test_a_limit_that_is_passed_is_told_without_alarm():
    made = built("trend", replace(SPENDING, limit=Limit(2000, "above")))
    assert "Het cijfer over 2022 is die grens voorbij." in made["sentence"]
    made = built("trend", replace(SPENDING, limit=Limit(2000, "below")))
    assert "Het cijfer over 2022 is die grens niet voorbij." in made["sentence"]


WISHES = [
    (
        Wish("up", "Dat spraken wij af."),
        "De raad kiest: hoger is beter. Sinds 2020 ging het cijfer die kant op.",
    ),
    (Wish("down", ""), "De raad kiest: lager is beter. Sinds 2020 ging het cijfer de andere kant op."),
    (
        Wish("band", "", 1000, 2000),
        "De raad kiest: tussen €\u00a01.000 en €\u00a02.000 is goed. Het cijfer over 2022 ligt daarboven.",
    ),
    (Wish("band", "", 2304, 2500), "Het cijfer over 2022 ligt daartussen."),
    (Wish("band", "", 2305, 2500), "Het cijfer over 2022 ligt daaronder."),
]


@pytest.mark.parametrize(("wish", "said"), WISHES)
@pytest.mark.parametrize("kind", ["trend", "bullet", "before_after"])
def test_where_the_council_wants_a_figure_to_go_is_said_with_its_own_reason(kind: str, wish: Wish, said: str):
    data = replace(TARGETED, wish=wish, direction=wish.direction)
    made = built(kind, data)
    assert said in made["sentence"]
    reasons = [note["text"] for note in made["notes"] if note["kind"] == "reading"]
    assert reasons == ([f"Waarom de raad dit kiest: {wish.reason}"] if wish.reason else [])
    assert "De raad kiest" not in built(kind, replace(data, wish=None))["sentence"]


def test_which_way_a_figure_went_is_not_said_where_there_is_one_or_it_stayed():
    one = make_frame(year(5, 2024), wish=Wish("up", ""), direction="up")
    assert built("trend", one)["sentence"].endswith("De raad kiest: hoger is beter.")
    same = make_frame(year(500, 2023), year(501, 2024), wish=Wish("up", ""), direction="up")
    assert "Sinds 2023 bleef het cijfer ongeveer gelijk." in built("trend", same)["sentence"]
    none = make_frame(wish=Wish("band", "", 1, 2), direction="band")
    assert built("trend", none)["sentence"].endswith("is goed.")


@pytest.mark.parametrize(
    ("direction", "ends"), [("band", (None, None)), ("up", (1.0, 2.0)), ("band", (1.0, None))]
)
def test_a_band_has_two_ends_and_a_direction_none(direction: Any, ends: tuple[Any, Any]):
    with pytest.raises(ValueError, match="two ends"):
        Wish(direction, "", *ends)


def test_a_bullet_starts_where_the_council_chose_and_warns_across_a_break():
    start = replace(year(1500, 2020), status="provisional")
    made = built("bullet", replace(BROKEN, aims=TARGETED.aims, baseline=start))
    assert "De nulmeting is €\u00a01.500 in 2020." in made["sentence"]
    assert made["table"]["rows"][0] == ["Nulmeting 2020", "€\u00a01.500", "voorlopig"]
    assert "Tussen 2020 en 2022 is de telling veranderd. Vergelijk deze twee cijfers niet." in texts_of(made)
    newest = replace(BROKEN, aims=TARGETED.aims, baseline=year(2304, 2022))
    assert "ulmeting" not in texts_of(built("bullet", newest)), "it is the newest figure itself"


def test_names_of_events_that_are_close_stand_above_one_another_and_no_line_runs_through_them():
    happened = [
        Event("2021JJ00", "2021", 2021.0, "Anders geteld."),
        Event("2020JJ00", "1 december 2020", 2020.92, "Nieuwe inkoop.", kind="contract"),
        Event("2021JJ00", "1 januari 2021", 2021.0, "Andere telling.", kind="definition"),
        Event("2021JJ00", "1 februari 2021", 2021.08, "Nieuw beleid.", kind="policy"),
    ]
    data = replace(SPENDING, events=tuple(happened))
    made = built("trend", data)
    names = [words.mark_label(mark, NL) for mark in data.drawn_marks]
    feet = sorted(foot for text, _left, _right, foot in boxes(made, PHONE_WIDTH) if text in names)
    assert len(feet) == 4
    assert all(after - before >= 16 for before, after in pairwise(feet))
    tags = list(ET.fromstring(made["svg"]).iter())
    lines = [index for index, element in enumerate(tags) if element.get("stroke-dasharray") in ("3 4", "1 3")]
    told = [index for index, element in enumerate(tags) if element.text in names]
    assert max(lines) < min(told)
    plot = json.dumps(document.build(data, parse_options({"kind": "trend"}), NL)["bokeh"])
    spans = [found.start() for found in re.finditer('"name": "(?:break|event)"', plot)]
    assert max(spans) < min(plot.index(json.dumps(name)) for name in names)


def test_money_shows_the_band_of_both_in_drawing_and_table_unless_it_is_left_out():
    spent = replace(
        SPENDING, band=(band(2021, 1500, 1800, 2000), band(2022, 1600, 1900, 2100), band(2030, 1, 2, 3))
    )
    data = MoneyFrame(spent, OUTCOME)
    made = built("money", data)
    check(made, "2020", "2021", "2022", "2023")
    assert made["table"]["columns"][2] == "Andere gemeenten: Uitgaven"
    assert [row[2] for row in made["table"]["rows"]] == [
        "geen vergelijking",
        "€\u00a01.500 tot €\u00a02.000, mediaan €\u00a01.800",
        "€\u00a01.600 tot €\u00a02.100, mediaan €\u00a01.900",
        "geen vergelijking",
    ]
    assert "middelste helft" in texts_of(made)
    assert DEFAULT.band in made["svg"]
    without = built("money", data, show_band=False)
    assert len(without["table"]["columns"]) == 3
    assert "middelste helft" not in texts_of(without)


def test_long_names_of_parts_get_room_by_drawing_fewer_columns():
    short = replace(some_lines(*(line(str(n), *range(10, 17), name="deel") for n in range(3))), of="parts")
    long = replace(
        some_lines(*(line(str(n), *range(10, 17), name=f"een lange naam {n}") for n in range(3))), of="parts"
    )
    for data, columns in ((short, 5), (long, 3)):
        drawn = [
            text
            for text, *_ in boxes(built("composition", data), PHONE_WIDTH)
            if re.fullmatch(r"20\d\d", text)
        ]
        assert len(drawn) == columns


def test_stretches_that_can_still_change_are_striped_in_both_drawings():
    data = make_frame(year(10, 2020), year(12, 2021, status="provisional"))
    assert data.uncertain == ((2020.5, 2021.5),)
    made = document.build(data, parse_options({"kind": "trend"}), NL)
    assert DEFAULT.stripe in made["svg"]
    assert DEFAULT.stripe in json.dumps(made["bokeh"])
    assert DEFAULT.stripe not in built("trend", make_frame(year(10, 2020), year(12, 2021)))["svg"]


def test_aims_of_periods_that_do_not_follow_one_another_are_not_joined():
    data = replace(SPENDING, aims=(aim(2024, 1), aim(2025, 2), aim(2028, 3)))
    assert [[a.label for a in run] for run in data.aim_runs] == [["2024", "2025"], ["2028"]]
    with pytest.raises(ValueError, match="occurs twice"):
        replace(SPENDING, aims=(aim(2024, 1), aim(2024, 2)))


# Strip and relation: others stay unnamed and inexact


@pytest.mark.parametrize(
    ("value", "where"), [(299, "onder"), (300, "binnen"), (450, "binnen"), (451, "boven")]
)
def test_the_title_of_a_strip_places_the_own_figure(value: float, where: str):
    assert f"{where} de middelste helft" in built("strip", some_peers(value))["title"]


@pytest.mark.parametrize("kind", ["strip", "relation"])
def test_no_figure_of_another_municipality_can_be_read(kind: str):
    planted = tuple(value + 0.4321 for value in OTHERS)
    data: Frame = PeersFrame(some_place(), planted, None)
    if kind == "relation":
        data = some_relation(tuple((value, value) for value in planted))
    made = built(kind, data)
    assert "4321" not in json.dumps(made)
    assert made["table"]["columns"][1] in ("Waarde", "Uitgaven per inwoner")
    assert made["table"]["rows"][0][0] == "Almere"


def test_so_few_others_are_not_drawn():
    with pytest.raises(ValueError, match="may not be drawn"):
        PeersFrame(some_place(band=None), (1.0,), None)
    with pytest.raises(ValueError, match="another number"):
        PeersFrame(some_place(), (1.0,), None)
    with pytest.raises(ValueError, match="other municipalities"):
        some_relation(PAIRS[:3])


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (PAIRS, "vaak samen hoog of samen laag"),
        (tuple((x, -y) for x, y in PAIRS), "vaak is het ene hoog en het andere laag"),
        (tuple((x, float(index % 2)) for index, (x, _) in enumerate(PAIRS)), "geen duidelijke samenhang"),
        (tuple((x, 5.0) for x, _ in PAIRS), "niet bekend of zij samengaan"),
    ],
)
def test_a_relation_says_whether_two_figures_go_together_and_warns(
    pairs: tuple[tuple[float, float], ...], said: str
):
    made = built("relation", some_relation(pairs))
    assert said in made["title"]
    assert "samengaan is geen oorzaak" in next(n["text"] for n in made["notes"] if n["kind"] == "warning")


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=8, max_size=30))
@settings(deadline=None)
def test_going_together_equals_the_rank_correlation_of_a_known_library(pairs: list[tuple[int, int]]):
    stats = pytest.importorskip("scipy.stats")
    if len({x for x, _ in pairs}) > 1 and len({y for _, y in pairs}) > 1:
        expected = stats.spearmanr([x for x, _ in pairs], [y for _, y in pairs]).statistic
        assert relation.together([(float(x), float(y)) for x, y in pairs]) == pytest.approx(expected)
    else:
        assert relation.together([(float(x), float(y)) for x, y in pairs]) is None


# Then and now


def test_then_and_now_takes_the_periods_that_were_chosen_and_warns_across_a_break():
    made = built("before_after", SPENDING, first="2021JJ00", last="2022JJ00")
    assert [row[0] for row in made["table"]["rows"]] == ["2021", "2022"]
    made = built("before_after", BROKEN, first="2020JJ00", last="2022JJ00")
    assert made["title"].endswith("niet vergelijkbaar")
    assert made["notes"][0]["kind"] == "break"
    pen = Pen(DEFAULT, NL)
    joined = [
        len(before_after.scene(data, BeforeAfterOptions(first="2020JJ00"), pen).shapes)
        for data in (SPENDING, BROKEN)
    ]
    assert joined[0] == joined[1] + 1


def test_then_and_now_leaves_out_a_chosen_period_without_a_figure():
    made = built("before_after", SPENDING, first="1999JJ00")
    assert [row[0] for row in made["table"]["rows"]] == ["2020", "2022"]


# Lines: areas, groups, parts


def test_lines_stand_in_the_order_of_their_codes():
    for kind in ("multiples", "heat"):
        names = [row[0] for row in built(kind, DISTRICTS)["table"]["rows"]]
        assert names == ["Wijk WK01", "Wijk WK02", "Wijk WK03"]
        drawn = [text for text, *_ in boxes(built(kind, DISTRICTS), 328) if text.startswith("Wijk")]
        assert drawn == names


def test_named_municipalities_are_refused_side_by_side():
    with pytest.raises(ValueError, match="may not stand side by side"):
        some_lines(line("GM0034", 1), line("GM0050", 2))


def test_the_count_in_the_title_equals_the_table():
    made = built("multiples", some_lines(line("1", 1, 2), line("2", 5, 4), line("3", 5, 7), line("4", 7, 7)))
    assert made["title"] == "Jongeren met hulp: sinds 2020 gestegen in 2 van 4 gebieden"
    assert made["sentence"].startswith("Gestegen: 2 gebieden. Gedaald: 1 gebied. Ongeveer gelijk: 1 gebied.")
    assert [row[-1] for row in made["table"]["rows"]] == [
        "gestegen",
        "gedaald",
        "gestegen",
        "ongeveer gelijk",
    ]


@pytest.mark.parametrize(
    ("lines", "title", "sentence"),
    [
        ([(1, 2), (4, 5)], "gestegen in alle 2 gebieden", "Gestegen: 2 gebieden. De"),
        ([(2, 1)], "gedaald in 1 gebied", "Gedaald: 1 gebied. De"),
        (
            [(2, 1), (2, 1), (1,)],
            "gedaald in 2 van 3 gebieden",
            "Gedaald: 2 gebieden. Niet te vergelijken: 1 gebied. De",
        ),
        ([(7, 7)], "sinds 2020 in 1 gebied ongeveer gelijk", "Ongeveer gelijk: 1 gebied. De"),
    ],
)
def test_only_what_is_there_is_counted(lines, title, sentence):
    made = built(
        "multiples", some_lines(*(line(str(place), *values) for place, values in enumerate(lines, 1)))
    )
    assert made["title"].endswith(title)
    assert made["sentence"].startswith(sentence)


def test_a_line_is_not_compared_across_a_break():
    event = Event("2021JJ00", "2021", 2021.0, "Er is anders geteld.")
    data = some_lines(line("1", 1, 9, 8), line("2", 1, 5), events=(event,))
    made = built("heat", data)
    assert [row[-1] for row in made["table"]["rows"]] == ["gedaald sinds 2021", "niet te vergelijken"]
    assert made["sentence"].startswith("Vergeleken vanaf 2021. Gedaald: 1 gebied. Niet te vergelijken")
    assert [len(run) for run in data.runs_of(data.lines[0])] == [1, 2]
    assert built("heat", data)["notes"][1]["kind"] == "break"


def test_every_cell_of_a_heat_table_has_its_number_or_a_striped_place():
    made = built("heat", DISTRICTS)
    drawn = [text for text, *_ in boxes(made, 328)]
    for number in ("50", "60", "80", "90", "70", "40"):
        assert number in drawn
    assert drawn.count("–") == 1
    assert HIDDEN in made["table"]["rows"][2]


# Hidden parts stay hidden


def test_a_whole_with_a_hidden_part_is_not_added_up():
    data = some_lines(line("1", 111, 120), line("2", 222, None), of="parts")
    made = built("composition", data)
    assert made["table"]["rows"][-1] == ["Samen", "333", "niet op te tellen", "berekend"]
    assert composition.together(data, data.periods[1]) is None
    assert "samen" not in made["title"].lower()


def test_parts_in_per_cent_hide_together_when_one_alone_would_be_told_by_the_others():
    data = some_lines(line("1", 31, 37), line("2", 29, 23), line("3", 40, None), of="parts", unit="%")
    made = built("composition", data)
    assert [row[2] for row in made["table"]["rows"][:3]] == [HIDDEN] * 3
    assert not re.search(r"\b(37|23|40\u00a0%.*40)\b", made["svg"].split("</desc>")[1])
    two = some_lines(line("1", 31, None), line("2", 29, None), line("3", 40, 7), of="parts", unit="%")
    assert built("composition", two)["table"]["rows"][2][2] == "7\u00a0%"


def test_a_hidden_part_is_drawn_as_high_whatever_the_rest():
    pen = Pen(DEFAULT, NL)

    def stripes(*values: float | None) -> list[float]:
        data = some_lines(*(line(str(index), value) for index, value in enumerate(values)), of="parts")
        shapes = composition.scene(data, CompositionOptions(), pen).shapes
        return [shape.y2 - shape.y1 for shape in shapes if getattr(shape, "hatched", False)]

    assert stripes(5, None) == stripes(5000, 70, None) == [composition.HIDDEN - 2]


def test_stacking_counts_only_what_is_known_and_says_so():
    made = built("stacking", some_stack(6240, 4815, 420, None))
    assert "in elk geval 420\u00a0huishoudens" in made["title"]
    assert made["table"]["rows"][-1][1] == "in elk geval 420\u00a0huishoudens"
    whole = built("stacking", some_stack(6240, 4815, 420, 985))
    assert "in Almere 1.405\u00a0huishoudens" in whole["title"]


def test_stacking_keeps_its_order_whatever_the_numbers():
    orders = [
        [row[0] for row in built("stacking", some_stack(*values))["table"]["rows"]]
        for values in ((1, 2, 3, 4), (4, 3, 2, 1))
    ]
    assert orders[0] == orders[1]
    assert orders[0][:4] == ["alleen Wmo", "alleen Jeugdwet", "Wmo en Jeugdwet", "Wmo en Participatiewet"]


# Money


def test_money_and_outcome_have_each_their_panel_and_scale_and_a_warning():
    made = built("money", MoneyFrame(SPENDING, OUTCOME))
    assert made["title"].startswith("Uitgaven stegen")
    assert "Aandeel steeg sinds 2021" in made["sentence"]
    assert [row[0] for row in made["table"]["rows"]] == ["2020", "2021", "2022", "2023"]
    assert made["table"]["rows"][0][2] == "geen cijfer"
    assert made["notes"][0]["kind"] == "warning"
    with pytest.raises(ValueError, match="different areas"):
        MoneyFrame(SPENDING, replace(OUTCOME, area="Breda"))


# Wrong states


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: some_lines(line("1", 1), line("1", 2)),
        lambda: some_lines(of="towns"),
        lambda: some_lines(line("1", 1), events=(Event("2020HJ01", "", 2020.25, ""),)),
        lambda: Line("1", "", (year(1, 2020), year(2, 2020))),
        lambda: some_stack(-1),
        lambda: replace(some_stack(1), provisions=("Jeugdwet",)),
        lambda: replace(
            some_stack(1, 2),
            combinations=(
                Combination(frozenset({"Wmo"}), year(1, 2023)),
                Combination(frozenset({"Jeugdwet"}), year(1, 2024)),
            ),
        ),
        lambda: some_place(own=year(1, 2023)),
        lambda: replace(some_relation(), up=replace(some_place(), area="Breda")),
        lambda: Scene(10).add(Dot(float("nan"), 0, 1, "", "")),
    ],
)
def test_figures_that_say_two_things_are_refused(wrong: Any):
    with pytest.raises(ValueError):  # noqa: PT011  each says its own
        wrong()


def test_what_is_shown_as_the_same_number_did_not_move():
    made = built("multiples", some_lines(line("1", 1.4, 0.6), line("2", 1.4, 1.6)))
    assert [row[-1] for row in made["table"]["rows"]] == ["ongeveer gelijk", "gestegen"]


def test_parts_in_per_cent_that_are_all_of_it_do_not_say_so():
    made = built("composition", replace(PARTS, unit="%", lines=(line("1", 40, 30), line("2", 60, 70))))
    assert made["title"] == "Jongeren met hulp in 2021, in 2 delen"


def test_lines_that_start_at_different_times_each_say_from_when():
    late = Line("2", "Later geteld", (year(None, 2020, missing="not_asked"), year(5, 2021), year(7, 2022)))
    made = built("multiples", some_lines(line("1", 1, 9, 8), late))
    assert [row[-1] for row in made["table"]["rows"]] == ["gestegen", "gestegen sinds 2021"]
    assert made["sentence"].startswith("Niet alles is vanaf dezelfde periode te vergelijken")


def test_a_relation_says_in_its_sentence_what_is_measured_and_why_a_figure_is_missing():
    far = some_place(1.3, unit="km", decimals=1, indicator="Afstand tot een supermarkt")
    made = built("relation", RelationFrame(far, some_place(None, indicator="Inkomen"), PAIRS, None))
    assert "Afstand tot een supermarkt: 1,3\u00a0km in 2024 (definitief)." in made["sentence"]
    assert "Inkomen: geen cijfer over 2024 (niet getoond, te weinig mensen)." in made["sentence"]


# Whatever comes in


def years(draw: st.DrawFn, *, low: float = -1e9) -> tuple[Point, ...]:
    def point(number: int) -> Point:
        value = draw(st.none() | st.floats(low, 1e9) | st.integers(max(int(low), -1000), 1000).map(float))
        missing = None if value is not None else draw(st.sampled_from(["suppressed", "not_delivered"]))
        return year(value, number, status=draw(st.sampled_from(STATUSES)), missing=missing)

    return tuple(map(point, draw(st.lists(st.integers(2011, 2026), unique=True, max_size=8))))


@st.composite
def many_lines(draw: st.DrawFn, of: str) -> LinesFrame:
    names = draw(st.lists(st.text("abcdefgh ", min_size=1, max_size=30), max_size=7))
    low = 0 if of == "parts" else -1e9
    return some_lines(
        *(Line(f"{index:02}", f"Qz{name}", years(draw, low=low)) for index, name in enumerate(names)),
        of=of,
        unit=draw(st.sampled_from(["%", "euro", "aantal"])),
        decimals=draw(st.integers(0, 2)),
    )


LABELS = [str(number) for number in range(2010, 2030)]


@pytest.mark.parametrize("kind", ["multiples", "heat", "composition"])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_any_lines_give_a_whole_document(kind: str, data: st.DataObject):
    kinds = ["parts"] if kind == "composition" else ["areas", "lines", "figures"]
    found = data.draw(many_lines(data.draw(st.sampled_from(kinds))))
    made = built(kind, found)
    check(made, *LABELS, *(one.name for one in found.lines))
    check_no_overlap(made)
    shown = [row[-1] for row in made["table"]["rows"]]
    counts = {word.lower(): int(number) for word, number in WENT.findall(made["sentence"])}
    if counts:
        words_ = [change_cell(found.change_of(one), found, NL) for one in found.lines]
        assert counts == Counter(word.partition(" sinds ")[0] for word in words_)
        assert shown[: len(words_)] == words_


@given(frames(), st.lists(st.tuples(st.integers(2000, 2040), NUMBERS), unique_by=lambda a: a[0], max_size=4))
@settings(max_examples=30, deadline=None)
def test_any_trend_gives_whole_documents_in_every_view_of_it(data: TrendFrame, aims: list[tuple[int, float]]):
    if all(item.period.endswith("JJ00") for item in (*data.items, *data.events)):
        data = replace(data, aims=tuple(aim(*one) for one in aims), limit=Limit(100, "below"))
        data = replace(data, baseline=year(aims[0][1], aims[0][0]) if aims else None)
    labels = [item.label for item in (*data.items, *data.aims)]
    for kind in ("trend", "bullet", "before_after"):
        made = built(kind, data)
        check(made, *labels, "50.000 inwoners of meer")
        if kind != "trend":
            check_no_overlap(made)
    title = words.title(data, NL)
    values = [point.value or 0.0 for point in data.comparable_own]
    if re.search(r"\b(steeg|stegen|gestegen)\b", title):
        assert values[-1] > values[0]
    if re.search(r"\b(daalde|daalden|gedaald)\b", title):
        assert values[-1] < values[0]


@given(
    st.lists(st.floats(-1e9, 1e9), min_size=8, max_size=60),
    st.none() | st.floats(-1e9, 1e9),
    st.integers(0, 2),
)
@settings(max_examples=30, deadline=None)
def test_any_distribution_gives_a_whole_strip(others: list[float], own: float | None, decimals: int):
    ordered = sorted(others)
    quartiles = (ordered[len(ordered) // 4], ordered[len(ordered) // 2], ordered[-1 - len(ordered) // 4])
    half = BandPoint("2024JJ00", "2024", 2024.0, *sorted(quartiles), count=len(others))
    place = some_place(own, band=half, decimals=decimals)
    made = built("strip", PeersFrame(place, tuple(others), None))
    check(made, "2024")
    check_no_overlap(made)
    pairs = tuple(zip(others, reversed(others), strict=True))
    both = RelationFrame(place, replace(place, indicator="Ander cijfer"), pairs, None)
    check(built("relation", both), "2024")


@given(st.lists(st.none() | st.integers(0, 10**6).map(float), max_size=4))
@settings(max_examples=30, deadline=None)
def test_any_stack_gives_a_whole_document(values: list[float | None]):
    made = built("stacking", some_stack(*values))
    check(made, "2024")
    check_no_overlap(made)


@given(frames(), frames())
@settings(max_examples=30, deadline=None)
def test_any_money_and_outcome_give_a_whole_document(money: TrendFrame, outcome: TrendFrame):
    labels = [item.label for item in (*money.items, *outcome.items)]
    made = built("money", MoneyFrame(money, outcome))
    check(made, *labels)


@pytest.mark.parametrize("kind", ["bullet", "before_after"])
@pytest.mark.parametrize("name", ODD)
def test_odd_frames_give_whole_documents(kind: str, name: str):
    made = built(kind, ODD[name])
    check(made, *(item.label for item in ODD[name].items), "150.000 inwoners of meer, 22 gemeenten")
    check_no_overlap(made)


def test_parts_of_a_year_have_their_article_in_a_sentence():
    data = make_frame(
        Point("2023HJ01", "eerste half jaar 2023", 2023.25, 4.0),
        Point("2023HJ02", "tweede half jaar 2023", 2023.75, 5.0),
    )
    made = built("trend", data)
    assert "sinds het eerste half jaar 2023" in made["title"]
    assert made["table"]["rows"][0][0] == "eerste half jaar 2023"


# Tools for drawing


@given(st.lists(st.floats(0, 300), min_size=1, max_size=12))
def test_labels_are_moved_apart_in_their_order(places: list[float]):
    moved = apart(places, 20, 0, 300)
    by_place = sorted(range(len(places)), key=lambda index: (places[index], index))
    ordered = [moved[index] for index in by_place]
    assert all(right - left >= 20 - 1e-6 for left, right in pairwise(ordered))
    assert all(-1e-6 <= place <= 300 + 1e-6 for place in moved)


def test_a_text_near_an_edge_stands_inside():
    assert side(1, 60) == ("start", 0.0)
    assert side(50, 60) == ("middle", 50)
    assert side(99, 60) == ("end", 100.0)
    assert cut("Participatiewet", 60) == "Partici…"


def test_stripes_are_one_dashed_line_and_need_no_id():
    empty = Scene(40)
    empty.spot(1, 1, "niet in de tekening")
    assert "niet in de tekening" not in svg.paint(empty, "t", "d", DEFAULT)
    made = built("heat", DISTRICTS)["svg"]
    assert 'stroke-dasharray="2 4"' in made
    assert "pattern" not in made
