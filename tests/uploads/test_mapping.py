"""Periods by their labels, areas by their names, columns by their looks."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.language import Language
from workbench.core.tables import read
from workbench.indicators.periods import GRAINS, parse_period
from workbench.uploads.mapping import IN_HEADERS, Certainty, Gazetteer, Place, guess, is_period, read_period


@pytest.fixture(scope="module")
def areas() -> Gazetteer:
    path = Path(__file__).parent.parent.parent / "seeds" / "areas.csv"
    with path.open(encoding="utf-8", newline="") as file:
        places = [
            Place(
                row["code"],
                row["name"],
                date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
                row["province"] or None,
            )
            for row in csv.DictReader(file)
        ]
    return Gazetteer(places, own="GM0034")


@pytest.mark.parametrize(
    ("label", "code", "mark"),
    [
        ("2024", "2024JJ00", None),
        ("2024*", "2024JJ00", "provisional"),
        ("2024**", "2024JJ00", "further_provisional"),
        (" 2024 (voorlopig) ", "2024JJ00", "provisional"),
        ("2024 (nader voorlopig)", "2024JJ00", "further_provisional"),
        ("2024JJ00", "2024JJ00", None),
        ("2023hj02", "2023HJ02", None),
        ("2024 1e halfjaar", "2024HJ01", None),
        ("1e halfjaar 2024*", "2024HJ01", "provisional"),
        ("eerste half jaar 2024", "2024HJ01", None),
        ("2024-H2", "2024HJ02", None),
        ("2024 3e kwartaal", "2024KW03", None),
        ("Q3 2023", "2023KW03", None),
        ("2023K4", "2023KW04", None),
        ("vierde kwartaal 2023", "2023KW04", None),
        ("2024 januari", "2024MM01", None),
        ("Januari 2024", "2024MM01", None),
        ("mrt 2024", "2024MM03", None),
        ("dec. 2024", "2024MM12", None),
        ("2024-05", "2024MM05", None),
        ("05-2024", "2024MM05", None),
        ("2023/2024", "2023SJ00", None),
        ("schooljaar 2023/'24", "2023SJ00", None),
        ("2023-2024", "2023SJ00", None),
        ("2023-24", "2023SJ00", None),
        ("2011-12", "2011MM12", None),
        ("2024.0", "2024JJ00", None),
    ],
)
def test_labels_are_read_as_people_write_them(label: str, code: str, mark: str | None) -> None:
    dated = read_period(label)
    assert (dated.period.code, dated.mark) == (code, mark)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "Almere",
        "12",
        "24",
        "2024 5e kwartaal",
        "2024 3e halfjaar",
        "13-2024",
        "1-1-2024",
        "2024-01-31",
        "2024/2027",
        "2024***",
        "juni",
        "20244",
        "2024 week 3",
    ],
)
def test_what_is_no_period_is_refused(label: str) -> None:
    assert not is_period(label)
    with pytest.raises(ValueError, match=r".*"):
        read_period(label)


@given(st.text(max_size=40))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        read_period(text)
    except ValueError:
        assert not is_period(text)


@given(st.integers(1950, 2049), st.sampled_from(sorted(GRAINS)), st.data())
def test_the_label_on_our_own_pages_is_understood(year: int, kind: str, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(list(GRAINS[kind].numbers)))
    period = parse_period(f"{year}{kind}{number:02}")
    assert read_period(period.label()).period == period
    assert read_period(period.code).period == period


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Almere", "GM0034"),
        ("ALMERE", "GM0034"),
        ("gemeente Almere", "GM0034"),
        ("GM0034", "GM0034"),
        ("gm0034", "GM0034"),
        ("WK003401", "WK003401"),
        ("Groningen (PV)", "PV20"),
        ("Friesland (PV)", "PV21"),
        ("Groningen (gemeente)", "GM0014"),
        ("Utrecht (gem.)", "GM0344"),
        ("'s-Gravenhage", "GM0518"),
        ("’s-Gravenhage (gemeente)", "GM0518"),
        ("Den Haag", "GM0518"),
        ("DEN BOSCH", "GM0796"),
        ("Sudwest-Fryslan", "GM1900"),
        ("Beek (L.)", "GM0888"),
        ("Nederland", "NL01"),
        ("NL00", "NL01"),
    ],
)
def test_names_and_codes_that_can_mean_one_thing_are_sure(areas: Gazetteer, text: str, code: str) -> None:
    match = areas.match(text)
    assert (match.certainty, match.code) == (Certainty.SURE, code)


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        ("Groningen", "GM0014", {"PV20"}),
        ("Utrecht", "GM0344", {"PV26"}),
        ("Bergen", None, {"GM0373", "GM0893"}),
        ("Hengelo", "GM0164", {"GM0248"}),
        ("0363", "GM0363", set()),
        ("Totaal", "GM0034", set()),
    ],
)
def test_names_that_can_mean_more_are_doubtful(
    areas: Gazetteer, text: str, first: str | None, others: set[str]
) -> None:
    match = areas.match(text)
    assert (match.certainty, match.code) == (Certainty.DOUBTFUL, first)
    assert others <= set(match.candidates)


def test_a_slip_of_the_pen_is_a_doubt_with_a_suggestion(areas: Gazetteer) -> None:
    found = areas.match_all(["Almeree", "Amsteredam", "Lutjebroek"])
    assert found["Almeree"].candidates[0] == "GM0034"
    assert found["Amsteredam"].certainty is Certainty.DOUBTFUL
    assert found["Lutjebroek"].certainty is Certainty.UNKNOWN


def test_columns_are_guessed_whatever_their_order(areas: Gazetteer) -> None:
    table = read(
        b"id;aantal;periode;gemeentecode;gemeente\n1;12,5;2023;GM0034;Almere\n2;13,5;2024;GM0758;Breda\n",
        Language(),
    )
    layout = guess(table, areas)
    assert (layout.region, layout.period, layout.value) == (3, 2, 1)


def test_periods_in_the_header_are_seen(areas: Gazetteer) -> None:
    table = read(b"gemeente;2022;2023;2024*\nAlmere;1,5;2,5;3,5\nBreda;1,5;2;3\n", Language())
    assert guess(table, areas).period == IN_HEADERS


def test_counts_that_look_like_years_are_counts(areas: Gazetteer) -> None:
    table = read(b"gemeente;aantal\nAlmere;2010\nBreda;1999\nEde;2024\n", Language())
    layout = guess(table, areas)
    assert (layout.period, layout.value) == (None, 1)
