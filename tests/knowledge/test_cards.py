"""Laws, moments, instruments and choices: what is loaded, what everybody reads, and what is found."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

import seeds
from seeds import read
from seeds.schema import Asked, LawCard
from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from workbench.core.db import as_platform, db
from workbench.indicators import catalogue
from workbench.knowledge import queries
from workbench.knowledge.models import ChoiceCard, Instrument, Known, Law, Moment
from workbench.knowledge.queries import Kind

PAGES = ["/kennis", "/kennis/momenten", "/kennis/instrumenten", "/kennis/keuzes", "/kennis/wetten/wmo"]
KINDS = [(Law, read.laws), (Moment, read.moments), (Instrument, read.instruments), (ChoiceCard, read.choices)]
RIGHT: dict[str, Any] = {
    "slug": "proef",
    "name": "Proefwet",
    "summary": "Een proef.",
    "source": "De wet",
    "seen_on": "2026-11-22",
    "verified": True,
    "purpose": "Proeven.",
    "target_group": "Iedereen.",
    "decides": [{"who": "De raad", "what": "Beslist."}],
    "money": "Niets.",
}


def slugs(words: str) -> list[str]:
    return [hit.slug for hit in queries.search(words).hits]


# --- The content ----------------------------------------------------------------------------------------------------


def test_there_are_15_laws_12_moments_16_instruments_and_14_choices() -> None:
    assert [len(cards()) for _model, cards in KINDS] == [15, 12, 16, 14]


def test_a_slug_stands_once_and_cards_point_to_laws_that_are_there() -> None:
    for _model, cards in KINDS:
        names = [card.slug for card in cards()]
        assert len(names) == len(set(names))
    known = {card.slug for card in read.laws()}
    for law in read.laws():
        assert set(law.related) <= known - {law.slug}, law.slug
    for choice in read.choices():
        assert set(choice.laws) <= known, choice.slug


def test_every_law_of_the_catalogue_has_a_card() -> None:
    assert {str(law) for law in catalogue.Law if law} <= {card.slug for card in read.laws()}


def test_four_laws_say_how_results_must_be_followed_and_for_how_long_a_plan_lasts() -> None:
    found = {card.slug: card.measures for card in read.laws() if card.measures}
    assert set(found) == {"wmo", "jeugdwet", "wgs", "wpg"}
    assert found["wmo"][0].asks == (Asked.RESULTS, Asked.CRITERIA, Asked.PROVIDER_INDICATORS)
    assert {Asked.METHOD, Asked.OUTCOME_CRITERIA} <= set(found["jeugdwet"][0].asks)
    assert [found[slug][0].max_years for slug in ("wmo", "jeugdwet", "wgs", "wpg")] == [None, None, 4, 4]
    assert "2.1.2, zesde lid" in found["wmo"][0].basis


def test_what_is_no_law_yet_is_a_bill_that_must_be_checked() -> None:
    bill = next(card for card in read.laws() if card.slug == "wams")
    assert (bill.kind, bill.verified) == ("bill", False)
    assert bill.duties == ()


def test_a_right_card_is_accepted() -> None:
    assert LawCard.model_validate(RIGHT).slug == "proef"


@pytest.mark.parametrize(
    "change",
    [
        {"verified": False},
        {"open_points": ["Klopt het geld?"]},
        {"duties": [{"what": "Een plan.", "verified": False}]},
        {"changes": [{"text": "Er komt iets.", "verified": False}]},
        {"decides": []},
        {"number": "36 295"},
        {"measures": [{"basis": "artikel 1", "document": "het plan", "asks": ["gevoel"]}]},
        {"name": ""},
        {"onbekend": "veld"},
    ],
)
def test_a_card_that_hides_doubt_or_lacks_something_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LawCard.model_validate(RIGHT | change)


# --- Loading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "cards"), KINDS)
def test_loading_again_changes_nothing_and_keeps_every_id(
    cast: Cast, model: type[Known], cards: Any, query_count: list[str]
) -> None:
    before = dict(db.execute(sa.select(model.slug, model.id)).all())
    assert len(before) == len(cards())
    db.commit()
    query_count.clear()
    with as_platform():
        seeds._load_cards(model, cards())
    assert [sql for sql in query_count if not sql.startswith("SELECT")] == []
    assert dict(db.execute(sa.select(model.slug, model.id)).all()) == before


def test_a_card_that_left_the_file_goes_and_one_that_changed_is_read_anew(cast: Cast) -> None:
    first = read.laws()[0]
    db.commit()
    with as_platform():
        seeds._load_cards(Law, [first.model_copy(update={"summary": "Nieuw gezegd."})])
    assert [law.summary for law in queries.laws()] == ["Nieuw gezegd."]
    assert slugs("gezegd") == [first.slug]


def test_the_web_reads_the_cards_and_cannot_write_them(cast: Cast) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        db.execute(sa.update(Law).values(summary="Anders"))


# --- Searching ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Wmo", "wmo"),
        ("schulden", "wgs"),
        ("schuld", "wgs"),  # part of a longer word
        ("gemeentelijk schuldhulpverlening", "wgs"),
        ("amendementen", "amendement"),  # another form
        ("MOTIE", "motie"),
        ("de kadernota", "kadernota"),  # 'de' says nothing
        ("wijkteams", "wijkteam"),
        ("eigen bijdragen", "eigen-bijdrage"),
    ],
)
def test_a_word_is_found_in_any_form(cast: Cast, words: str, first: str) -> None:
    found = queries.search(words)
    assert not found.is_alike
    assert found.hits[0].slug == first


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("jeugdwed", "jeugdwet"), ("kadernotta", "kadernota"), ("amandement", "amendement"), ("leerpligt", "leerplichtverslag"), ("moties", "motie")],
)  # fmt: skip
def test_a_typing_error_finds_what_looks_the_same_and_says_so(
    client: Client, cast: Cast, typed: str, meant: str
) -> None:
    found = queries.search(typed)
    assert found.is_alike
    assert meant in [hit.slug for hit in found.hits]
    assert len(found.hits) < 8
    assert f"We vonden niets met precies “{typed}”." in client.page(f"/kennis?q={typed}").words


def test_what_is_found_has_its_kind_and_leads_to_its_card(client: Client, cast: Cast) -> None:
    assert {hit.kind for hit in queries.search("begroting").hits} == {Kind.LAW, Kind.MOMENT, Kind.INSTRUMENT}
    page = client.page("/kennis?q=begroting")
    assert page.link("Amendement") == "/kennis/instrumenten#amendement"
    assert page.link("Programmabegroting vaststellen") == "/kennis/momenten#begroting"
    assert page.link("Gemeentewet") == "/kennis/wetten/gemeentewet"
    assert (
        client.page("/kennis?q=tegenprestatie").link("Iets terug vragen") == "/kennis/keuzes#tegenprestatie"
    )


@pytest.mark.parametrize(
    "typed",
    ["xyzzyq", "%", "_", "'; DROP TABLE law; --", "a" * 5000, "<b>", "🙂", "\u202e", "& | ! ( )", "de"],
)
def test_any_question_gets_an_answer(client: Client, cast: Cast, typed: str) -> None:
    page = answer_to(client, typed)
    assert page.status == 200
    assert "gevonden" in page.words
    assert "<b>" not in page.text or typed != "<b>"


def answer_to(client: Client, typed: str) -> Any:
    return client.page("/kennis", query_string={"q": typed})


# --- Reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*PAGES, "/kennis?q=schuld", "/kennis?q=jeugdwed"])
def test_everybody_reads_every_page_in_few_queries(
    client: Client, cast: Cast, query_count: list[str], address: str
) -> None:
    db.commit()
    query_count.clear()
    assert client.page(address).status == 200
    assert len(query_count) <= 3
    assert client.as_(cast["reader"]).page(address).status == 200


def test_all_laws_have_a_page_that_says_what_is_not_certain(client: Client, cast: Cast) -> None:
    for law in queries.laws():
        page = client.page(f"/kennis/wetten/{law.slug}")
        assert page.title == law.name
        assert law.purpose in page.words
        assert ("Wat wij niet zeker weten" in page.words) is not law.verified
        for point in law.open_points:
            assert point in page.words
        assert "Overgenomen op 22 november 2026" in page.words


def test_a_law_shows_what_the_council_lays_down_and_what_it_may_choose(client: Client, cast: Cast) -> None:
    page = client.page("/kennis/wetten/wgs")
    for words in (
        "Wat de raad moet vastleggen",
        "ten minste eens in de vier jaar",
        "Wat het plan over meten moet zeggen In het plan staat: welke resultaten u wilt Het geldt ten hoogste 4 jaar.",
        "Wie kan hulp krijgen en wie niet?",
        "Het geld komt uit het gemeentefonds.",
        "kredietbanken",
    ):
        assert words in page.words
    assert page.link("Zelf doen of inkopen?") == "/kennis/keuzes#zelf-of-inkopen"
    assert page.link("Participatiewet") == "/kennis/wetten/participatiewet"
    assert page.link("wetten.overheid.nl") == "https://wetten.overheid.nl/BWBR0031331"


def test_a_law_without_a_number_or_duties_says_so_or_says_nothing(client: Client, cast: Cast) -> None:
    page = client.page("/kennis/wetten/wams")
    assert "wetsvoorstel" in page.words
    assert "Niets. Deze wet vraagt de raad niet om een eigen plan of verordening." in page.words
    assert "wetten.overheid.nl" not in page.text


def test_instruments_go_from_light_to_heavy_and_findings_lead_to_them(client: Client, cast: Cast) -> None:
    weights = [instrument.weight for instrument in queries.instruments()]
    order = ["light", "medium", "strong", "heavy"]
    assert [order.index(weight) for weight in weights] == sorted(order.index(weight) for weight in weights)
    page = client.page("/kennis/instrumenten")
    assert "Twee waarden botsen." in page.words
    assert page.link("Startnotitie") == "#startnotitie"


def test_moments_say_when_they_are(client: Client, cast: Cast) -> None:
    page = client.page("/kennis/momenten")
    assert "Mei tot en met juli" in page.words
    assert "Vóór 15 november gaat de begroting naar de provincie." in page.words
    assert queries.moments()[0].slug == "raadsprogramma"


def test_a_law_that_is_not_there_is_a_404(client: Client, cast: Cast) -> None:
    assert client.get("/kennis/wetten/wet-van-murphy").status_code == 404


def test_steps_and_figures_of_a_council_lead_to_the_cards(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_link(make_goal(make_value(plan)))
    db.commit()
    client.as_(cast.councillor)
    step = client.page(f"/almere/trajecten/{plan.id}/stappen/1")
    assert step.link("Lees wat de wetten vragen").rstrip("/") == "/kennis"
    step = client.page(f"/almere/trajecten/{plan.id}/stappen/8")
    assert step.link("met welk instrument") == "/kennis/instrumenten"
    assert client.page("/almere/cijfers/wmo-clienten").link("Wet maatschappelijke") == "/kennis/wetten/wmo"


def test_the_day_on_which_facts_were_taken_over_is_kept(cast: Cast) -> None:
    assert {law.seen_on for law in queries.laws()} == {date(2026, 11, 22)}
