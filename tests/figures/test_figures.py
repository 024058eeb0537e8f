"""Figures say what they show, in words, table, SVG and Bokeh; whatever comes in."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.core.language import Language
from workbench.figures import document, frame, trend_canvas, trend_svg, words
from workbench.figures.axes import value_axis, year_axis
from workbench.figures.frame import BandPoint, Event, Point, SourceNote, TrendFrame
from workbench.figures.options import TrendOptions, parse_options
from workbench.figures.style import DEFAULT, Palette

NL = Language("nl")
OPTIONS = TrendOptions()
RANKING = re.compile(
    r"\b(hoogste|laagste|beste|slechtste|meeste|minste|eerste|tweede|derde|laatste|koploper|winnaar|rang\w*|"
    r"top|plaats|plek|\d+(e|de|ste))\b",
    re.IGNORECASE,
)
JUDGING = re.compile(
    r"\b(goed\w*|slecht\w*|beter\w*|gunstig\w*|ongunstig\w*|helaas|gelukkig|zorgelijk|zorgwekkend|"
    r"verbeter\w*|verslechter\w*|succes\w*|probleem\w*)\b|[↑↓▲▼]",
    re.IGNORECASE,
)


def year(value: float | None, number: int, **facts: Any) -> Point:
    return Point(f"{number}JJ00", str(number), float(number), value, **facts)


def band(number: int, low: float, median: float, high: float) -> BandPoint:
    return BandPoint(f"{number}JJ00", str(number), float(number), low, median, high, 22)


def make_frame(*own: Point, **facts: Any) -> TrendFrame:
    usual: dict[str, Any] = {
        "indicator": "Uitgaven per inwoner",
        "unit": "euro per inwoner",
        "decimals": 0,
        "area": "Almere",
        "own": own,
        "band": (),
        "comparable_because": None,
        "direction": "context",
        "reading_up": None,
        "reading_down": None,
        "events": (),
        "source": SourceNote("CBS", "45067NED"),
        "plural": True,
    }
    return TrendFrame(**(usual | facts))


SPENDING = make_frame(
    year(1712, 2017),
    year(1800, 2018),
    year(2100, 2019),
    year(2304, 2020),
    band=(band(2017, 1500, 1700, 1900), band(2020, 2000, 2410, 2600)),
    comparable_because="150.000 inwoners of meer, 22 gemeenten",
)
SUPPRESSED = make_frame(*(year(None, number, missing="suppressed") for number in (2022, 2023, 2024)))
GAP = make_frame(year(10, 2020), year(None, 2021, missing="not_delivered"), year(12, 2022), year(13, 2023))
ONE_POINT = make_frame(year(5, 2024))
EMPTY = make_frame()
ONLY_BAND = replace(SPENDING, own=())
HALF_YEARS = make_frame(
    Point("2023HJ01", "1e halfjaar 2023", 2023.25, 4.0), Point("2023HJ02", "2e halfjaar 2023", 2023.75, 5.0)
)
MONTHS = make_frame(
    *(
        Point(f"{2022 + i // 12}MM{i % 12 + 1:02}", f"maand {i}", 2022 + (i + 0.5) / 12, 300.0 + i)
        for i in range(30)
    ),
    unit="aantal",
)


def built(data: TrendFrame, *, show_band: bool = True) -> dict[str, Any]:
    return document.build(data, TrendOptions(show_band=show_band), NL)


def note_texts(made: dict[str, Any]) -> list[str]:
    return [note["text"] for note in made["notes"]]


def drawn(data: TrendFrame, name: str) -> list[Any]:
    """The data of the Bokeh renderers with this name."""
    plot = trend_canvas.build(data, DEFAULT, NL)
    return [renderer.data_source.data for renderer in plot.renderers if renderer.name == name]


def layout_texts(data: TrendFrame) -> list[str]:
    plot = trend_canvas.build(data, DEFAULT, NL)
    models = [*plot.center, *plot.above, *plot.below, *plot.left]
    return [model.text for model in models if isinstance(getattr(model, "text", None), str)]


# What a figure says


def test_the_title_states_the_finding():
    assert (
        words.title(SPENDING, NL)
        == "Uitgaven per inwoner stegen sinds 2017 van €\u00a01.712 naar €\u00a02.304"
    )
    falling = make_frame(year(20, 2020), year(10, 2021), indicator="Aandeel", unit="%", plural=False)
    assert words.title(falling, NL) == "Aandeel daalde sinds 2020 van 20\u00a0% naar 10\u00a0%"


def test_a_title_without_known_number_of_its_subject_has_no_verb_that_could_be_wrong():
    assert words.title(replace(SPENDING, plural=None), NL) == (
        "Uitgaven per inwoner, gestegen van €\u00a01.712 in 2017 naar €\u00a02.304 in 2020"
    )


def test_a_difference_under_two_per_cent_is_called_about_equal():
    assert "bleven sinds 2020 ongeveer gelijk" in words.title(
        make_frame(year(1000, 2020), year(1019, 2021)), NL
    )
    assert "stegen" in words.title(make_frame(year(1000, 2020), year(1021, 2021)), NL)


def test_the_title_does_not_compare_across_a_break():
    broken = replace(SPENDING, events=(Event("2019JJ00", "2019", 2019, "andere indeling."),))
    assert "sinds 2019 van €\u00a02.100 naar €\u00a02.304" in words.title(broken, NL)
    two_tables = make_frame(year(10, 2020), year(30, 2021, part=1))
    assert words.title(two_tables, NL) == "Uitgaven per inwoner, €\u00a030 in 2021"


def test_the_title_of_a_figure_without_values_says_so():
    assert words.title(SUPPRESSED, NL) == "Uitgaven per inwoner, geen cijfer voor Almere"
    assert words.title(EMPTY, NL) == "Uitgaven per inwoner, geen cijfer voor Almere"


def test_the_sentence_compares_the_newest_period_that_both_have():
    own = (*SPENDING.own, year(2500, 2021))
    text = words.sentence(replace(SPENDING, own=own), NL)
    assert (
        "In 2020 lag Almere met €\u00a02.304 binnen de middelste helft van vergelijkbare gemeenten." in text
    )
    assert "Die helft liep van €\u00a02.000 tot €\u00a02.600; de mediaan was €\u00a02.410." in text
    assert "Vergelijkbaar, want: 150.000 inwoners of meer, 22 gemeenten." in text
    assert "Over 2021 is er nog geen vergelijking." in text


@pytest.mark.parametrize(
    ("value", "place"), [(1999, "onder"), (2000, "binnen"), (2600, "binnen"), (2601, "boven")]
)
def test_the_sentence_places_the_own_value_against_the_middle_half(value: float, place: str):
    assert f"{place} de middelste helft" in words.sentence(replace(SPENDING, own=(year(value, 2020),)), NL)


def test_the_sentence_says_how_certain_the_newest_figure_is():
    assert "Het cijfer over 2024 is definitief." in words.sentence(ONE_POINT, NL)
    provisional = make_frame(year(5, 2024, status="further_provisional"))
    assert "Het cijfer over 2024 is nader voorlopig en kan nog veranderen." in words.sentence(provisional, NL)
    assert "Geen cijfer over 2022 tot en met 2024: niet getoond, te weinig mensen." in words.sentence(
        SUPPRESSED, NL
    )


def test_a_revision_shows_the_old_value_and_the_date():
    revised = make_frame(year(2004, 2023, revised_from=1998.0, revised_on=date(2026, 6, 12)), unit="aantal")
    text = "Het cijfer over 2023 is op 12 juni 2026 herzien: het was 1.998, het is nu 2.004."
    assert {"kind": "revised", "text": text} in built(revised)["notes"]
    assert built(revised)["table"]["rows"][0][-1] == "definitief, herzien op 12 juni 2026"


def test_breaks_gaps_and_provisional_stretches_are_noted_each_as_its_kind():
    data = make_frame(
        year(10, 2019),
        year(None, 2020, missing="failed"),
        year(11, 2021, status="provisional"),
        year(12, 2022, status="provisional"),
        events=(Event("2021JJ00", "2021", 2021, "Er is anders geteld."),),
    )
    assert [(note["kind"], note["text"]) for note in built(data)["notes"][:3]] == [
        ("break", "Breuk in 2021: Er is anders geteld."),
        ("missing", "Geen cijfer over 2020: ophalen mislukt."),
        (
            "provisional",
            "Nog niet zeker: 2021 tot en met 2022 (voorlopig). Deze cijfers kunnen nog veranderen.",
        ),
    ]


def test_a_step_to_another_table_is_noted_as_a_break():
    two_tables = make_frame(year(10, 2020), year(30, 2021, part=1))
    assert built(two_tables)["notes"][0] == {
        "kind": "break",
        "text": "Tussen 2020 en 2021 is de lijn onderbroken: de cijfers komen uit verschillende tabellen.",
    }


def policy(day: float, **facts: Any) -> Event:
    usual = {"text": "De raad koos voor wijkteams.", "kind": "policy", "source": "Raadsbesluit"}
    return Event(f"{day:.0f}JJ00", f"dag {day}", day, **(usual | facts))


def test_what_a_council_noted_is_numbered_alike_in_drawing_and_notes():
    data = replace(
        SPENDING,
        events=(
            policy(2019.25, kind="contract", text="Nieuwe inkoop.", source=""),
            Event("2019JJ00", "2019", 2019, "Er is anders geteld."),
            policy(2018.0),
        ),
    )
    assert [(note["kind"], note["text"]) for note in built(data)["notes"][:3]] == [
        ("event", "1. dag 2018.0, nieuw beleid: De raad koos voor wijkteams. Bron: Raadsbesluit."),
        ("break", "Breuk in 2019: Er is anders geteld."),
        ("event", "2. dag 2019.25, nieuwe inkoop: Nieuwe inkoop."),
    ]
    names = ["1: nieuw beleid", "breuk in 2019", "2: nieuwe inkoop"]
    assert set(names) <= set(layout_texts(data))
    texts = [element.text for element in ET.fromstring(trend_svg.draw(data, DEFAULT, NL)).iter()]
    assert [text for text in texts if text in names] == names
    plot = trend_canvas.build(data, DEFAULT, NL)
    lines = [(span.location, span.name) for span in plot.center if span.name in ("break", "event")]
    assert lines == [(2018.0, "event"), (2018.5, "break"), (2019.25, "event")]


def test_another_way_of_counting_cuts_the_own_line_and_not_that_of_others():
    data = replace(
        SPENDING,
        band=(band(2018, 1, 2, 3), band(2019, 1, 2, 3)),
        events=(policy(2019, kind="definition", text="Ook crisishulp telt mee."),),
    )
    assert drawn(data, "own")[0]["values"] == [[1712, 1800], [2100, 2304]]
    assert [list(source["year"]) for source in drawn(data, "median")] == [[2018, 2019]]
    assert "sinds 2019" in words.title(data, NL)
    note = built(data)["notes"][0]
    assert note["kind"] == "break"
    assert "Vergelijk de cijfers van daarvoor niet met die van daarna." in note["text"]
    assert drawn(replace(data, events=(policy(2019),)), "own")[0]["values"] == [[1712, 1800, 2100, 2304]]


def test_an_event_after_the_newest_figure_is_noted_not_drawn_and_hides_no_finding():
    for kind in ("policy", "definition", "break"):
        data = replace(SPENDING, events=(policy(2024, kind=kind),))
        assert words.title(data, NL) == words.title(SPENDING, NL)
        assert "wijkteams" in built(data)["notes"][0]["text"]
        assert layout_texts(data) == layout_texts(SPENDING)
        assert "nieuw beleid" not in trend_svg.draw(data, DEFAULT, NL)


def test_markup_in_an_event_stays_text():
    data = replace(SPENDING, events=(policy(2019, text="<script>alert('🙂')</script> $$x$$"),))
    assert "<script" not in built(data)["svg"]
    assert "<script>alert('🙂')</script> $$x$$" in built(data)["notes"][0]["text"]


def test_an_event_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'mening' is not one of"):
        policy(2019, kind="mening")


def test_why_there_is_no_band_is_said_when_it_is_known():
    data = make_frame(year(10, 2020), not_comparable="Er is geen vergelijking: er zijn er vier.")
    assert {"kind": "comparison", "text": "Er is geen vergelijking: er zijn er vier."} in built(data)["notes"]
    assert not any(note["kind"] == "comparison" for note in built(data, show_band=False)["notes"])


def test_the_source_line_names_the_comparison_where_there_is_one():
    note = replace(SPENDING.source, comparison="vergelijking: groep 2")
    assert words.source(replace(SPENDING, source=note), NL).endswith("; vergelijking: groep 2.")
    assert "groep 2" not in words.source(replace(SPENDING, source=note, band=()), NL)


def test_both_readings_stand_with_a_figure_without_direction_and_in_its_text_alternative():
    data = replace(SPENDING, reading_up="Er is meer nodig.", reading_down="Er is minder nodig.")
    for reading in ("Stijgt het cijfer? Er is meer nodig.", "Daalt het cijfer? Er is minder nodig."):
        assert {"kind": "reading", "text": reading} in built(data)["notes"]
        assert reading in built(data)["alt"]
        assert reading not in note_texts(built(replace(data, direction="up")))


def test_too_few_municipalities_for_a_band_is_said():
    alone = replace(SPENDING, band=())
    assert any("te weinig vergelijkbare gemeenten" in text for text in note_texts(built(alone)))
    assert not any("vergelijk" in text for text in note_texts(built(alone, show_band=False)))


def test_the_source_line_names_table_periods_status_and_day():
    data = replace(SPENDING, source=SourceNote("CBS", "45067NED", "Iv3", date(2026, 7, 2), computed=True))
    assert words.source(data, NL) == (
        "Bron: CBS, tabel 45067NED (Iv3); zelf berekend met deze cijfers; 2017 tot en met 2020; "
        "2020: definitief; opgehaald op 2 juli 2026."
    )


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (1712.4, "euro per inwoner", 0, "€\u00a01.712"),
        (-41_500_000, "euro", 0, "\u2212€\u00a041.500.000"),
        (12.34, "%", 1, "12,3\u00a0%"),
        (211893, "aantal", 0, "211.893"),
        (4.25, "per 1.000 inwoners", 2, "4,25\u00a0per 1.000 inwoners"),
        (55.1, "1.000 euro", 1, "55,1\u00a0duizend\u00a0euro"),
        (-3, "1.000 euro", 0, "\u22123\u00a0duizend\u00a0euro"),
        (2, "klasse 1-5", 0, "klasse\u00a02"),
        (1, "weken", 0, "1\u00a0week"),
        (1, "weken", 1, "1,0\u00a0weken"),
        (1, "personen", 0, "1\u00a0persoon"),
        (11, "personen", 0, "11\u00a0personen"),
    ],
)
def test_a_value_carries_its_unit(value: float, unit: str, decimals: int, text: str):
    assert words.value_text(value, unit, decimals, NL) == text


# Table


def test_the_table_has_every_period_from_old_to_new_and_no_empty_cell():
    table = built(replace(SPENDING, own=(year(None, 2018, missing="not_asked"), year(2304, 2020))))["table"]
    assert table["columns"] == [
        "Periode",
        "Almere",
        "Mediaan",
        "Middelste helft (25-75\u00a0%)",
        "Aantal gemeenten",
        "Status",
    ]
    assert table["rows"] == [
        ["2017", "reden niet bekend", "€\u00a01.700", "€\u00a01.500 tot €\u00a01.900", "22", "geen cijfer"],
        ["2018", "niet gevraagd", *["geen vergelijking"] * 3, "geen cijfer"],
        ["2020", "€\u00a02.304", "€\u00a02.410", "€\u00a02.000 tot €\u00a02.600", "22", "definitief"],
    ]
    assert table["numeric"] == [False, True, True, True, True, False]


def test_a_block_without_band_has_neither_band_columns_nor_a_drawn_band():
    without = built(SPENDING, show_band=False)
    assert without["table"]["columns"] == ["Periode", "Almere", "Status"]
    assert "vergelijkbare" not in without["sentence"]
    assert "middelste helft" not in without["svg"] + json.dumps(without["bokeh"])


# The drawing


def test_the_own_line_is_not_drawn_across_a_gap_a_break_or_two_tables():
    assert drawn(GAP, "own")[0]["values"] == [[10], [12, 13]]
    assert drawn(replace(GAP, own=(GAP.own[0], GAP.own[2])), "own")[0]["values"] == [[10], [12]]
    broken = make_frame(
        *(year(n, 2000 + n, part=int(n > 3)) for n in range(1, 6)),
        events=(Event("2002JJ00", "2002", 2002, "Nieuw."),),
    )
    assert drawn(broken, "own")[0]["values"] == [[1], [2, 3], [4, 5]]


def test_the_band_is_drawn_in_stretches_with_its_median():
    data = replace(SPENDING, band=(*SPENDING.band, band(2018, 1, 2, 3)))
    assert [list(source["year"]) for source in drawn(data, "median")] == [
        [2017, 2018],
        [2020 - 1 / 6, 2020 + 1 / 6],
    ]
    assert [list(source["high"]) for source in drawn(data, "band")] == [[1900, 3], [2600, 2600]]


def test_provisional_points_are_hollow_and_named_in_the_key():
    data = make_frame(year(10, 2020), year(12, 2021, status="provisional"))
    plot = trend_canvas.build(data, DEFAULT, NL)
    assert [item.label.value for item in plot.legend[0].items] == ["voorlopig"]
    assert drawn(data, "provisional")[0]["value"] == [12]
    hollow = next(renderer for renderer in plot.renderers if renderer.name == "provisional")
    assert hollow.glyph.fill_color == DEFAULT.background
    assert 'stroke="#0b5394"' in trend_svg.draw(data, DEFAULT, NL)


def test_the_own_line_is_named_at_its_end_and_breaks_at_their_notch():
    texts = layout_texts(replace(SPENDING, events=(Event("2019JJ00", "2019", 2019, "Nieuw."),)))
    assert {"Almere €\u00a02.304", "breuk in 2019"} <= set(texts)
    assert "mediaan" not in texts
    plot = trend_canvas.build(
        replace(SPENDING, events=(Event("2019JJ00", "2019", 2019, "Nieuw."),)), DEFAULT, NL
    )
    assert [span.location for span in plot.center if getattr(span, "name", None) == "break"] == [2018.5]


def test_the_key_of_both_drawings_names_band_median_and_provisional_values():
    newest = replace(SPENDING.own[-1], status="provisional")
    data = replace(SPENDING, own=(*SPENDING.own[:-1], newest))
    names = ["middelste helft (25-75\u00a0%)", "mediaan", "voorlopig"]
    plot = trend_canvas.build(data, DEFAULT, NL)
    assert [item.label.value for item in plot.legend[0].items] == names
    texts = [
        element.text for element in ET.fromstring(trend_svg.draw(data, DEFAULT, NL)).iter() if element.text
    ]
    assert [text for text in texts if text in names] == names


def test_own_values_are_drawn_over_the_name_of_the_line():
    plot = trend_canvas.build(SPENDING, DEFAULT, NL)
    assert {one.level for one in plot.renderers if one.name in ("points", "provisional")} == {"overlay"}
    drawing = list(ET.fromstring(trend_svg.draw(SPENDING, DEFAULT, NL)))
    name = next(place for place, element in enumerate(drawing) if element.text == "Almere €\u00a02.304")
    assert [element.tag.rpartition("}")[2] for element in drawing[name + 1 :]] == ["circle"] * 4


def test_the_axes_speak_dutch():
    plot = trend_canvas.build(SPENDING, DEFAULT, NL)
    assert plot.yaxis[0].major_label_overrides[1000] == "€\u00a01.000"
    assert plot.xaxis[0].major_label_overrides == {2017: "2017", 2018: "2018", 2019: "2019", 2020: "2020"}


def test_hover_texts_are_ready_made():
    newest = replace(SPENDING.own[-1], status="provisional")
    data = drawn(replace(SPENDING, own=(*SPENDING.own[:-1], newest)), "hover")[0]
    assert data["own"][-1] == "Almere: €\u00a02.304 (voorlopig)"
    assert data["others"][-2:] == ["", "mediaan €\u00a02.410, helft €\u00a02.000 tot €\u00a02.600"]


def test_only_few_values_all_get_a_dot():
    assert len(drawn(SPENDING, "points")[0]["year"]) == 4
    assert drawn(MONTHS, "points")[0]["value"] == [329]
    assert len(drawn(MONTHS, "hover")[0]["value"]) == 30


def test_a_bokeh_figure_needs_no_script_of_ours_and_has_a_text_alternative():
    data = built(SPENDING)["bokeh"]
    assert "CustomJS" not in json.dumps(data)
    plot = trend_canvas.build(SPENDING, DEFAULT, NL)
    assert plot.html_attributes == {"role": "img", "aria-label": words.alternative(SPENDING, NL)}
    assert plot.toolbar_location is None


# Axes


@pytest.mark.parametrize(
    ("numbers", "from_zero"),
    [
        ((1712, 2304), True),  # differs by 26 % of the level
        ((203_000, 226_000), False),  # 10 %
        ((100, 101), True),  # 1 %: about equal
        ((100, 100), True),
        ((-50, -45), False),
        ((-41.5, 8), True),
        ((0, 0), True),
        ((), True),
    ],
)
def test_the_value_axis_starts_at_zero_unless_the_spread_is_small(
    numbers: tuple[float, ...], from_zero: bool
):
    axis = value_axis(numbers, 0)
    assert axis.starts_at_zero is from_zero
    assert all(axis.start <= number <= axis.end for number in numbers)


def test_an_axis_that_does_not_start_at_zero_says_so_everywhere():
    data = make_frame(year(203_000, 2020), year(226_000, 2021), unit="aantal")
    warning = "let op: de schaal begint niet bij nul"
    assert warning in layout_texts(data)
    assert warning in trend_svg.draw(data, DEFAULT, NL)
    assert "De schaal van de grafiek begint niet bij nul, maar bij 200.000." in note_texts(built(data))


def test_counts_of_people_get_no_half_people_along_the_axis():
    assert value_axis([0, 1], 0).ticks == (0, 1)


@pytest.mark.parametrize(
    ("years", "step", "ticks"),
    [
        ([2024.0], 1, (2024,)),
        ([2019.0, 2024.0], 1, (2019, 2020, 2021, 2022, 2023, 2024)),
        ([2018.0, 2024.0], 1, (2018, 2020, 2022, 2024)),
        ([2017.0, 2026.0], 1, (2018, 2020, 2022, 2024, 2026)),
        ([2024.25, 2025.75], 0.5, (2024, 2025)),
        ([2024.75], 0.5, (2024, 2025)),
        ([], 1, (0,)),
    ],
)
def test_the_time_axis_shows_whole_years_that_fit_on_a_phone(
    years: list[float], step: float, ticks: tuple[int, ...]
):
    assert year_axis(years, step).ticks == ticks


# Colours


@pytest.mark.parametrize("name", ["own", "band_edge", "median", "text", "warning"])
def test_what_carries_meaning_stands_out_three_to_one(name: str):
    def light(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    contrast = (light(DEFAULT.background) + 0.05) / (light(getattr(DEFAULT, name)) + 0.05)
    assert contrast >= (3 if name == "band_edge" else 4.5)


def test_a_palette_colours_both_drawings():
    palette = Palette(own="#7a0019")
    both = document.build(SPENDING, OPTIONS, NL, palette)
    assert "#7a0019" in both["svg"]
    assert "#7a0019" in json.dumps(both["bokeh"])
    assert DEFAULT.own not in both["svg"]


# Wrong input


def test_half_years_and_years_never_share_a_line():
    with pytest.raises(ValueError, match="may not share a line"):
        make_frame(year(1, 2024), HALF_YEARS.own[0])
    with pytest.raises(ValueError, match="may not share a line"):
        replace(HALF_YEARS, band=SPENDING.band)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 1e16])
def test_a_number_that_cannot_be_drawn_is_refused(number: float):
    with pytest.raises(ValueError, match=r"2024JJ00: .* cannot be drawn"):
        year(number, 2024)
    with pytest.raises(ValueError, match="cannot be drawn"):
        band(2024, 1, 2, number)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: year(None, 2024),
        lambda: year(1, 2024, missing="failed"),
        lambda: year(None, 2024, missing="lost"),
        lambda: year(1, 2024, status="new"),
        lambda: year(1, 2024, revised_from=2.0),
        lambda: band(2024, 3, 2, 1),
        lambda: make_frame(Point("2024", "2024", 2024, 1)),
        lambda: make_frame(year(1, 2024), year(2, 2024)),
        lambda: make_frame(direction="left"),
    ],
)
def test_a_frame_that_says_two_things_is_refused(wrong: Any):
    with pytest.raises(ValueError):  # noqa: PT011  each says its own
        wrong()


def test_options_are_checked():
    assert parse_options({"kind": "trend", "show_band": False}) == TrendOptions(show_band=False)
    for wrong in ({"kind": "cake"}, {"kind": "trend", "colour": "red"}):
        with pytest.raises(ValidationError):
            parse_options(wrong)


def test_names_with_markup_stay_text():
    data = replace(SPENDING, area='<script>"&\x00', indicator="]]><b>")
    assert "<script" not in built(data)["svg"]
    ET.fromstring(built(data)["svg"])


def test_options_and_frames_load_neither_bokeh_nor_the_database():
    code = (
        "import sys; from workbench.figures import frame, options, style; "
        "sys.exit(any(name in sys.modules for name in ('bokeh', 'sqlalchemy', 'flask')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Whatever comes in


ODD = {
    "empty frame": EMPTY,
    "one point": ONE_POINT,
    "gap": GAP,
    "all suppressed": SUPPRESSED,
    "no own values": ONLY_BAND,
    "own values suppressed, with band": replace(SUPPRESSED, band=SPENDING.band),
    "negative": make_frame(year(-41_500_000, 2023), year(8_000_000, 2024), unit="euro"),
    "outlier": replace(SPENDING, own=(year(17, 2023), year(9e14, 2024))),
    "equal": make_frame(year(7, 2023), year(7, 2024)),
    "zeros": make_frame(year(0, 2023), year(0, 2024)),
    "tiny": make_frame(year(1e-9, 2023), year(3e-9, 2024)),
    "half-years": HALF_YEARS,
    "months": MONTHS,
}


@pytest.mark.parametrize("name", ODD)
def test_a_trend_draws_odd_frames(name: str):
    made = document.build(ODD[name], OPTIONS, NL)
    check_document(made, ODD[name])
    assert len(made["svg"].encode()) < 8000


def check_document(made: dict[str, Any], data: TrendFrame) -> None:
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    cells = [cell for row in made["table"]["rows"] for cell in row]
    assert all(isinstance(cell, str) and cell for cell in cells)
    assert all(
        len(row) == len(made["table"]["columns"]) == len(made["table"]["numeric"])
        for row in made["table"]["rows"]
    )
    for number in data.numbers:
        shown = NL.number(number, data.decimals).lstrip("\u2212")
        assert any(shown in cell for cell in cells)
    for point in data.own:
        if point.missing:
            assert words.missing_text(point.missing, NL) in cells
    drawing = ET.fromstring(made["svg"])
    for element in drawing.iter():
        assert not element.tag.endswith("style")
        assert not {"style", "id"} & set(element.attrib)
    said = f"{made['title']} {made['sentence']}"
    for label in {point.label for point in (*data.own, *data.band)}:
        said = said.replace(label, "")
    assert not RANKING.search(said)
    assert not JUDGING.search(said)


NUMBERS = st.floats(-1e12, 1e12, allow_nan=False) | st.integers(-1000, 1000).map(float)


@st.composite
def frames(draw: st.DrawFn) -> TrendFrame:
    step, code = draw(st.sampled_from([(1.0, "JJ00"), (0.5, "HJ"), (0.25, "KW"), (1 / 12, "MM")]))

    def place(index: int) -> tuple[str, str, float]:
        number, part = divmod(index, round(1 / step))
        text = code if step == 1 else f"{code}{part + 1:02}"
        return (
            f"{2000 + number}{text}",
            f"{2000 + number} {part}",
            2000 + number + (part + 0.5) * step * (step < 1),
        )

    def own(index: int) -> Point:
        value = draw(st.none() | NUMBERS)
        return Point(
            *place(index),
            value,
            status=draw(st.sampled_from(frame.STATUSES)),
            missing=None if value is not None else draw(st.sampled_from(frame.MISSING)),
            part=draw(st.integers(0, 1)),
        )

    def quartiles(index: int) -> BandPoint:
        return BandPoint(*place(index), *sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS))), count=12)

    indexes = st.lists(st.integers(0, 30), unique=True, max_size=12)
    return make_frame(
        *map(own, draw(indexes)),
        band=tuple(map(quartiles, draw(indexes))),
        events=tuple(
            Event(*place(index), "Er is anders geteld.", kind=draw(st.sampled_from(frame.EVENTS)))
            for index in draw(st.lists(st.integers(0, 40), max_size=12))
        ),
        unit=draw(st.sampled_from(["euro", "aantal", "%", "uur"])),
        decimals=draw(st.integers(0, 2)),
        plural=draw(st.sampled_from([None, True, False])),
        comparable_because=draw(st.none() | st.just("50.000 inwoners of meer")),
    )


@given(frames())
@settings(max_examples=60, deadline=None)
def test_any_frame_gives_a_whole_document(data: TrendFrame):
    check_document(document.build(data, OPTIONS, NL), data)
