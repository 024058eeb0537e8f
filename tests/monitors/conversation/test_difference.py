"""Then and now in one sentence, and reading a table back."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.language import Language
from workbench.monitors.conversation.difference import Shown, between, of_text
from workbench.monitors.conversation.tables import Table, read

NL = Language("nl")
COLUMNS = ("Periode", "Almere", "Mediaan", "Middelste helft", "Aantal gemeenten", "Status")
THEN = Table(
    "Inwoners in Almere",
    COLUMNS,
    (
        ("2022", "1.990", "1.800", "1.700 tot 1.900", "22", "definitief"),
        ("2023", "1.998", "1.810", "1.710 tot 1.910", "22", "voorlopig"),
    ),
)
NUMBER = re.compile(r"\d[\d.,]*")


def shown(*rows: tuple[str, ...], **other: object) -> Shown:
    return replace(Shown(replace(THEN, rows=rows), "Een telling.", ("size", 1), {"show_band": True}), **other)  # type: ignore[arg-type]


BEFORE = shown(*THEN.rows)


def row(period: str, own: str, median: str = "1.810", status: str = "definitief") -> tuple[str, ...]:
    return (period, own, median, "1.710 tot 1.910", "22", status)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (BEFORE, "Er is niets veranderd."),
        (
            shown(THEN.rows[0], row("2023", "2.004", status="voorlopig")),
            "2023 is herzien: toen 1.998, nu 2.004.",
        ),
        (shown(*THEN.rows, row("2024", "2.101")), "2024 kwam erbij: 2.101."),
        (shown(THEN.rows[1]), "2022 staat er niet meer bij, toen 1.990."),
        (shown(THEN.rows[0], row("2023", "1.998")), "De status van 2023 was voorlopig en is nu definitief."),
        (
            shown(THEN.rows[0], row("2023", "1.998", median="1.815", status="voorlopig")),
            "De cijfers van de vergelijkbare gemeenten zijn anders.",
        ),
        (replace(BEFORE, group=("chosen", 2)), "Er is nu vergeleken met een andere groep gemeenten."),
        (replace(BEFORE, group=None), "Er staat nu geen vergelijking meer bij."),
        (replace(BEFORE, definition="Anders geteld."), "De omschrijving van het cijfer is anders."),
        (replace(BEFORE, options={"show_band": False}), "De figuur is anders ingesteld."),
        (replace(BEFORE, table=None), "Toen was er een cijfer, nu niet meer."),
        (None, "Dit cijfer staat nu niet meer in de monitor."),
        (
            replace(BEFORE, table=replace(THEN, columns=("Periode", "Flevoland", *COLUMNS[2:]))),
            "Het gaat nu over Flevoland, toen over Almere.",
        ),
        (
            shown(row("2023", "2.004"), row("2024", "niet geleverd"), definition="Anders."),
            (
                "2024 kwam erbij: niet geleverd; 2023 is herzien: toen 1.998, nu 2.004; 2022 staat er niet meer bij,"
                " toen 1.990; de omschrijving van het cijfer is anders."
            ),
        ),
    ],
)
def test_the_difference_is_told_in_one_sentence(now: Shown | None, sentence: str) -> None:
    assert between(BEFORE, now, NL) == sentence


def test_what_was_missing_then_is_there_now() -> None:
    assert between(replace(BEFORE, table=None), BEFORE, NL) == "Toen was er geen cijfer, nu wel."
    assert between(replace(BEFORE, table=None), replace(BEFORE, table=None), NL) == "Er is niets veranderd."


def test_the_period_that_was_asked_about_comes_first_and_many_changes_are_not_all_named() -> None:
    then = shown(*(row(str(year), "1") for year in range(2015, 2025)))
    now = shown(*(row(str(year), "2") for year in range(2015, 2025)))
    sentence = between(then, now, NL, asked="2016")
    assert sentence.startswith("2016 is herzien: toen 1, nu 2; 2024 is herzien")
    assert sentence.count("herzien") == 3
    assert sentence.endswith("in de tabellen staat wat er nog meer veranderde.")


def test_a_text_is_the_same_another_or_gone() -> None:
    assert of_text("Dichtbij", "Dichtbij", NL) == "Er is niets veranderd."
    assert of_text("Dichtbij", "Vlakbij", NL) == "De tekst is sindsdien veranderd."
    assert of_text("Dichtbij", None, NL) == "Deze tekst staat nu niet meer in het traject."


numbers = st.integers(0, 99_999).map(NL.number) | st.sampled_from(
    ["niet geleverd", "niet getoond, te weinig mensen"]
)
rows = st.dictionaries(
    st.integers(2010, 2026).map(str) | st.integers(2010, 2026).map(lambda year: f"2e halfjaar {year}"),
    st.tuples(
        numbers, numbers, numbers, numbers, st.sampled_from(["definitief", "voorlopig", "geen cijfer"])
    ),
    max_size=8,
).map(lambda found: tuple((period, *cells) for period, cells in found.items()))
moments = st.builds(
    shown,
    definition=st.sampled_from(["a", "b"]),
    group=st.sampled_from([None, ("size", 1), ("chosen", 2)]),
    options=st.sampled_from([{}, {"show_band": False}]),
)


@given(rows, rows, moments, moments, st.sampled_from(["", "2020", "2e halfjaar 2020"]))
def test_every_number_in_the_sentence_stands_in_one_of_the_tables(
    before: tuple[tuple[str, ...], ...],
    after: tuple[tuple[str, ...], ...],
    one: Shown,
    other: Shown,
    asked: str,
) -> None:
    then = replace(one, table=replace(THEN, rows=before))
    now = replace(other, table=replace(THEN, rows=after))
    known = {
        number.rstrip(".,")
        for cells in (*before, *after)
        for cell in cells
        for number in NUMBER.findall(cell)
    }
    for language in (NL, Language("en")):
        sentence = between(then, now, language, asked)
        assert {number.rstrip(".,") for number in NUMBER.findall(sentence)} <= known
        assert sentence.endswith(".")


@given(rows, rows, moments, moments)
def test_nothing_changed_is_said_exactly_when_nothing_did(
    before: tuple[tuple[str, ...], ...], after: tuple[tuple[str, ...], ...], one: Shown, other: Shown
) -> None:
    then = replace(one, table=replace(THEN, rows=before))
    now = replace(other, table=replace(THEN, rows=after))
    assert between(then, then, NL) == "Er is niets veranderd."
    assert (between(then, now, NL) == "Er is niets veranderd.") is (then == now)


def test_a_table_is_read_back_as_it_was_drawn(app: object) -> None:
    from workbench.core.components import draw_table

    drawn = {
        "caption": "Inwoners & huizen",
        "columns": ["Periode", "Almere", "Status"],
        "rows": [["2023", "< 10", "definitief"], ["2024", "1.998", "voorlopig"]],
        "numeric": [False, True, False],
    }
    with app.app_context():  # type: ignore[attr-defined]
        html = draw_table(drawn)
    table = read(str(html))
    assert table is not None
    assert (table.caption, list(table.columns), list(table.numeric)) == (
        drawn["caption"],
        drawn["columns"],
        drawn["numeric"],
    )
    assert [list(cells) for cells in table.rows] == drawn["rows"]
    assert table.periods == ["2023", "2024"]
    assert json.loads(json.dumps(table.as_json())) == table.as_json()
    assert Table.of(table.as_json()) == table
    assert read("<p>Geen tabel</p>") is None
