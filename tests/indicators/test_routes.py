"""The catalogue in a council: searching, leafing, and the page of one figure."""

import csv
import io
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import forget_figures, load, series_of
from workbench.accounts.models import Council
from workbench.core.db import as_platform, db
from workbench.indicators.models import CouncilArea, Indicator
from workbench.indicators.queries import search
from workbench.indicators.routes import PAGE_SIZE
from workbench.sources.models import MetadataChange, MetadataKind, RefreshRun, SourceTable

ADDRESS = "/almere/cijfers"
FINAL = ("final", None)


def titles(client: Client, question: str = "") -> list[str]:
    page = client.page(ADDRESS + question)
    assert page.status == 200
    assert page.soup is not None
    return [" ".join(heading.get_text().split()) for heading in page.soup.select("main h3")]


def test_the_list_shows_our_own_newest_figure(client: Client, cast: Cast) -> None:
    load("inwoners", ("GM0034", "2024JJ00", 226_631.0, "provisional", None))
    page = client.as_(cast["reader"]).page(ADDRESS + "?q=inwoners op 1 januari")
    assert "226.631 in Almere, 2024 voorlopig" in page.words
    assert (
        "226.631"
        not in client.as_(cast.of_breda("reader")).page("/breda/cijfers?q=inwoners op 1 januari").words
    )


def test_leafing_shows_every_figure_once(client: Client, cast: Cast) -> None:
    expected = [found.name for found in search("")[1]]
    db.commit()
    client.as_(cast.clerk)
    seen: list[str] = []
    address = ""
    for _ in range(100):
        seen += titles(client, address)
        page = client.page(ADDRESS + address)
        try:
            address = page.link("Volgende").removeprefix(ADDRESS).removeprefix("/")
        except AssertionError:
            break
    assert seen == expected
    assert len(titles(client)) == PAGE_SIZE


def test_leafing_keeps_the_words_and_the_theme(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page(ADDRESS + "?q=de&thema=wmo")
    following = page.link("Volgende")
    assert "q=de" in following
    assert "thema=wmo" in following
    assert page.soup is not None
    [chosen] = page.soup.select("select[name=thema] option[selected]")
    assert chosen["value"] == "wmo"


@pytest.mark.parametrize(
    "question",
    [
        "?q=%25", "?q=_", "?q=%5C", "?q='", "?q=%F0%9F%99%82", "?q=%ED%A0%80", "?q=" + "lang " * 900, "?thema=bestaat-niet", "?thema=%25",
        "?pagina=0", "?pagina=-7", "?pagina=1000000000000", "?pagina=x", "?pagina=", "?q=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)  # fmt: skip
def test_an_odd_question_gives_a_page(client: Client, cast: Cast, question: str) -> None:
    page = client.as_(cast.clerk).page(ADDRESS + question)
    assert page.status == 200
    assert page.title == "Cijfers"


def test_nothing_found_says_so_and_leads_back(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page(ADDRESS + "?q=zeppelin")
    assert "Niets gevonden" in page.words
    assert page.link("Alle cijfers").rstrip("/") == ADDRESS


def test_a_council_without_an_area_sees_the_catalogue_without_figures(client: Client, cast: Cast) -> None:
    db.execute(sa.delete(CouncilArea))
    db.commit()
    client.as_(cast.clerk)
    assert "hoort nog niet bij een gemeente" in client.page(ADDRESS).words
    assert client.page(f"{ADDRESS}/inwoners").status == 200


def test_a_figure_shows_revisions_reasons_and_certainty(client: Client, cast: Cast) -> None:
    old = [
        ("GM0034", "2020JJ00", 200.0, *FINAL),
        ("GM0034", "2021JJ00", 210.0, "provisional", None),
        ("GM0034", "2022JJ00", None, "final", "suppressed"),
    ]
    forget_figures("inwoners")
    load("inwoners", *old, at=datetime(2025, 3, 1, 12, tzinfo=UTC))
    load("inwoners", ("GM0034", "2020JJ00", 195.0, *FINAL), *old[1:], at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    page = client.as_(cast["reader"]).page(f"{ADDRESS}/inwoners")
    assert page.title == "Inwoners op 1 januari"
    assert "was 200, herzien op 2 maart 2026" in page.words
    assert "2 maart 2026: 2020 herzien van 200 naar 195" in page.words
    assert page.soup is not None
    rows = [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])]
        for row in page.soup.select("main tbody tr")
    ]
    assert [row[0] for row in rows] == ["2020", "2021", "2022"]
    assert rows[1][1:] == ["210", "voorlopig"]
    assert rows[2][1] == "niet getoond, te weinig mensen"
    assert "03759ned" in page.words


def test_years_in_which_the_municipality_did_not_exist_are_left_out(client: Client, cast: Cast) -> None:
    load("inwoners", ("GM0034", "2019JJ00", None, "final", "impossible"), ("GM0034", "2020JJ00", 1.0, *FINAL))
    page = client.as_(cast.clerk).page(f"{ADDRESS}/inwoners")
    assert page.soup is not None
    assert [row.get_text() for row in page.soup.select("main tbody th")] == ["2020"]


def test_a_figure_without_a_source_says_so(client: Client, cast: Cast) -> None:
    slug = next(found.slug for found in search("")[1] if not found.series)
    db.commit()
    page = client.as_(cast.clerk).page(f"{ADDRESS}/{slug}")
    assert page.status == 200
    assert "nog niet gekoppeld aan een bron" in page.words


def test_a_figure_without_rows_about_us_has_a_page(client: Client, cast: Cast) -> None:
    load("inwoners", ("GM0758", "2020JJ00", 1.0, *FINAL))
    assert client.as_(cast.clerk).page(f"{ADDRESS}/inwoners").status == 200


def test_every_figure_of_the_catalogue_has_a_page(client: Client, cast: Cast) -> None:
    slugs = list(db.scalars(sa.select(Indicator.slug)))
    db.commit()
    client.as_(cast.clerk)
    for slug in slugs:
        assert client.page(f"{ADDRESS}/{slug}").status == 200, slug


@pytest.mark.parametrize("slug", ["niets", "INWONERS", "%25", "inwoners%20"])
def test_an_unknown_figure_is_a_404(client: Client, cast: Cast, slug: str) -> None:
    assert client.as_(cast.clerk).page(f"{ADDRESS}/{slug}").status == 404


# --- What we have of our municipality -------------------------------------------------------------------------------


def card_of(client: Client, name: str, question: str) -> str:
    """The words of the card with this figure."""
    page = client.page(ADDRESS + question)
    assert page.soup is not None
    [card] = [item for item in page.soup.select(".wb-card") if item.h3 and item.h3.get_text().strip() == name]
    return " ".join(card.get_text(" ").split())


def test_a_card_says_which_periods_there_are_and_why_others_are_missing(client: Client, cast: Cast) -> None:
    load(
        "inwoners",
        ("GM0034", "2016JJ00", None, "final", "impossible"),
        ("GM0034", "2017JJ00", 1.0, *FINAL),
        ("GM0034", "2018JJ00", 2.0, *FINAL),
        ("GM0034", "2019JJ00", None, "final", "not_delivered"),
        ("GM0034", "2020JJ00", 226_631.0, "provisional", None),
    )
    client.as_(cast["reader"])
    words = card_of(client, "Inwoners op 1 januari", "?q=inwoners op 1 januari")
    assert "226.631 in Almere, 2020 voorlopig" in words
    assert "Perioden: 2017 tot en met 2018, 2020. 2019 ontbreekt: niet geleverd." in words
    assert "Niveau: land, provincie, gemeente. Status: voorlopig. Opgehaald op 2 juli 2026." in words


def test_a_card_without_a_figure_is_no_dead_end(client: Client, cast: Cast) -> None:
    load("inwoners", ("GM0034", "2020JJ00", None, "final", "suppressed"), ("NL01", "2020JJ00", 1.0, *FINAL))
    client.as_(cast["reader"])
    words = card_of(client, "Inwoners op 1 januari", "?q=inwoners op 1 januari")
    assert "Nog geen cijfer over Almere. 2020 ontbreekt: niet getoond, te weinig mensen." in words
    assert "Er is wel: land, provincie, gemeente." in words
    words = card_of(client, "Mensen met een bijstandsuitkering", "?q=bijstandsuitkering")
    assert "Waarschijnlijke bron: CBS 82015NED" in words
    assert "id nog te bevestigen" in words


def test_a_typing_error_is_answered_with_what_looks_the_same(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page(ADDRESS + "?q=eenzaamhied")
    assert "We vonden niets met precies “eenzaamhied”. Dit lijkt erop." in page.words
    assert "Eenzaamheid" in titles(client, "?q=eenzaamhied")
    assert "Dit lijkt erop" not in client.page(ADDRESS + "?q=eenzaamheid").words


@pytest.mark.parametrize(
    ("name", "value"), [("thema", "wmo"), ("wet", "jeugdwet"), ("niveau", "nl"), ("cijfers", "met")]
)
def test_a_filter_narrows_and_stays_chosen_while_leafing(
    client: Client, cast: Cast, name: str, value: str
) -> None:
    client.as_(cast.clerk)
    everything = client.page(ADDRESS).words
    page = client.page(f"{ADDRESS}?{name}={value}")
    assert page.soup is not None
    [chosen] = page.soup.select(f"select[name={name}] option[selected]")
    assert chosen["value"] == value
    assert "118 cijfers gevonden" in everything
    assert "118 cijfers gevonden" not in page.words
    if "Volgende" in page.words:
        assert f"{name}={value}" in page.link("Volgende")


@pytest.mark.parametrize("question", ["?wet=onzin&niveau=stad&cijfers=veel", "?cijfers=", "?wet=wmo&wet=x"])
def test_a_filter_that_does_not_exist_filters_nothing_or_the_first(
    client: Client, cast: Cast, question: str
) -> None:
    assert client.as_(cast.clerk).page(ADDRESS + question).status == 200


@pytest.mark.parametrize(
    "address",
    [ADDRESS, f"{ADDRESS}?q=jeugd&cijfers=recent", f"{ADDRESS}?q=jeudg", f"{ADDRESS}/inwoners?naast=GM0758&op=2026-11-01"],
)  # fmt: skip
def test_the_catalogue_asks_the_database_a_fixed_number_of_questions(
    client: Client, cast: Cast, query_count: list[str], address: str
) -> None:
    client.as_(cast.clerk)
    query_count.clear()
    assert client.page(address).status == 200
    assert len(query_count) <= 12


def test_content_is_marked_as_dutch_on_an_english_page(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk).send("/taal", language="en", next="/")
    for address in (ADDRESS, f"{ADDRESS}/inwoners"):
        page = client.page(address)
        assert page.soup is not None
        assert page.soup.html is not None
        assert page.soup.html["lang"] == "en"
    dutch = {" ".join(tag.get_text().split()) for tag in page.soup.select("main [lang=nl]")}  # type: ignore[union-attr]
    indicator = db.scalars(sa.select(Indicator).where(Indicator.slug == "inwoners")).one()
    assert {indicator.name, indicator.definition, indicator.reading_up, *indicator.caveats} <= dutch


# --- One figure: as known on a day, and beside others ---------------------------------------------------------------


def table_of(client: Client, question: str = "") -> list[list[str]]:
    """Heading and rows of the figures."""
    page = client.page(f"{ADDRESS}/inwoners{question}")
    assert page.status == 200
    assert page.soup is not None
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])]
        for row in page.soup.select("main table tr")
    ]


def some_history() -> None:
    forget_figures("inwoners")
    old = [("GM0034", "2020JJ00", 200.0, *FINAL), ("NL01", "2020JJ00", 9_000.0, *FINAL)]
    load("inwoners", *old, at=datetime(2025, 3, 1, 12, tzinfo=UTC))
    new = [
        ("GM0034", "2020JJ00", 195.0, *FINAL),
        ("GM0034", "2021JJ00", None, "final", "not_delivered"),
        ("NL01", "2020JJ00", 9_100.0, *FINAL),
        ("NL01", "2021JJ00", 9_200.0, "provisional", None),
        ("GM0758", "2020JJ00", 150.0, *FINAL),
    ]
    load("inwoners", *new, at=datetime(2026, 3, 2, 12, tzinfo=UTC))


def test_province_country_and_one_chosen_municipality_stand_beside_ours(client: Client, cast: Cast) -> None:
    some_history()
    client.as_(cast["reader"])
    assert table_of(client) == [
        ["Periode", "Almere", "Status", "Nederland"],
        ["2020", "195 was 200, herzien op 2 maart 2026", "definitief", "9.100"],
        ["2021", "niet geleverd", "geen cijfer", "9.200 voorlopig"],
    ]
    rows = table_of(client, "?naast=GM0758")
    assert [row[3:] for row in rows] == [
        ["Nederland", "Breda"],
        ["9.100", "150"],
        ["9.200 voorlopig", "geen cijfer"],
    ]
    page = client.page(f"{ADDRESS}/inwoners?naast=GM0363")
    assert "Over Amsterdam is hier geen cijfer." in page.words
    assert page.soup is not None
    assert [item["value"] for item in page.soup.select("select[name=naast] option")] == ["", "GM0758"]


def test_two_municipalities_beside_ours_are_never_shown(client: Client, cast: Cast) -> None:
    some_history()
    client.as_(cast["reader"])
    assert table_of(client, "?naast=GM0758&naast=GM0363")[0] == [
        "Periode",
        "Almere",
        "Status",
        "Nederland",
        "Breda",
    ]


def test_the_figures_as_known_on_a_day_are_labelled(client: Client, cast: Cast) -> None:
    some_history()
    client.as_(cast["reader"])
    page = client.page(f"{ADDRESS}/inwoners?op=2025-03-01&naast=GM0758")
    assert "U ziet de cijfers zoals bekend op 1 maart 2025." in page.words
    assert "200 in Almere, 2020" in page.words
    assert page.link("Terug naar de cijfers van nu") == f"{ADDRESS}/inwoners?naast=GM0758"
    assert table_of(client, "?op=2025-03-01") == [
        ["Periode", "Almere", "Status", "Nederland"],
        ["2020", "200", "definitief", "9.000"],
    ]
    assert "op=2025-03-01" in client.page(f"{ADDRESS}/inwoners").link("1 maart 2025")
    assert "nog geen cijfers over onze gemeente" in client.page(f"{ADDRESS}/inwoners?op=2025-02-28").words


@pytest.mark.parametrize(
    "day", ["gisteren", "2026-02-30", "9999-12-31", "0", "%00", "2026-07-02T12:00", "2999-01-01"]
)  # fmt: skip
def test_a_day_that_cannot_be_gets_a_message_and_the_figures_of_now(
    client: Client, cast: Cast, day: str
) -> None:
    some_history()
    page = client.as_(cast.clerk).page(f"{ADDRESS}/inwoners?op={day}")
    if page.status == 400:  # not even text
        return
    assert "Kies een dag tot en met vandaag" in page.words
    assert "195" in page.words
    assert client.get(f"{ADDRESS}/inwoners.csv?op={day}").status_code == 404


@pytest.mark.parametrize("code", ["GM9999", "PV20", "NL01", "x" * 500, "'", "🙂", "GM0034"])
def test_an_odd_municipality_beside_ours_changes_nothing(client: Client, cast: Cast, code: str) -> None:
    some_history()
    client.as_(cast.clerk)
    assert table_of(client, f"?naast={code}") == table_of(client)


# --- To take along --------------------------------------------------------------------------------------------------


def csv_of(client: Client, question: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{ADDRESS}/inwoners.csv{question}")
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_csv_holds_our_figures_with_reason_revision_and_source(client: Client, cast: Cast) -> None:
    some_history()
    client.as_(cast["reader"])
    first, second = csv_of(client)
    assert (first["periode"], first["waarde"], first["was voor herziening"], first["herzien op"]) == (
        "2020", "195", "200", "2026-03-02",
    )  # fmt: skip
    assert (second["waarde"], second["waarom geen waarde"]) == ("", "niet geleverd")
    assert (first["gebied"], first["gebiedscode"], first["niveau"]) == ("Almere", "GM0034", "gemeente")
    assert (first["tabel"], first["onderwerp"]) == ("03759ned", "M000352")
    assert first["bron"].startswith("Bron: CBS")
    assert "CC BY 4.0" in first["bron"]
    assert [row["waarde"] for row in csv_of(client, "?op=2025-03-01")] == ["200"]
    assert [row["gebied"] for row in csv_of(client, "?gebied=GM0758")] == ["Breda"]


def test_the_workbook_says_what_the_figures_mean(client: Client, cast: Cast) -> None:
    some_history()
    client.as_(cast["reader"])
    page = client.page(f"{ADDRESS}/inwoners?op=2025-03-01")
    answer = client.get(page.link("Excel"))
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="inwoners-almere-stand-2025-03-01.xlsx"'
    )
    figures, about = load_workbook(io.BytesIO(answer.get_data())).worksheets
    assert [row[2] for row in figures.iter_rows(min_row=2, values_only=True)] == [200]
    facts = list(about.iter_rows(values_only=True))
    names = [name for name, _text in facts]
    assert {"Wat is het?", "Stijgt het?", "Daalt het?", "Let op", "Bron", "Opgehaald op", "Stand"} <= set(
        names
    )
    assert "Over dit voorbeeld" not in names
    assert "CC BY 4.0" in dict(facts)["Bron"]  # type: ignore[operator]


def test_the_workbook_of_a_demonstration_says_that_people_are_invented(client: Client, cast: Cast) -> None:
    db.commit()
    with as_platform():
        db.execute(sa.update(Council).where(Council.slug == "almere").values(is_demo=True))
    db.expire_all()
    answer = client.as_(cast["reader"]).get(f"{ADDRESS}/uitgaven-jeugd-begroting.xlsx")
    facts = dict(load_workbook(io.BytesIO(answer.get_data())).worksheets[1].iter_rows(values_only=True))
    assert "fictief" in str(facts["Over dit voorbeeld"])
    assert "1.000 / inwoners" in str(facts["Zelf berekend"])
    assert "Breuk in 2023" in facts


@pytest.mark.parametrize(
    "address",
    ["niets.csv", "niets.xlsx", "inwoners.csv?gebied=GM9999", "inwoners.xlsx?gebied=%25", "inwoners.csv?gebied='", "inwoners.pdf"],
)  # fmt: skip
def test_a_file_of_what_is_not_there_is_a_404(client: Client, cast: Cast, address: str) -> None:
    assert client.as_(cast.clerk).get(f"{ADDRESS}/{address}").status_code == 404


def test_a_figure_without_a_source_gives_an_empty_file_with_its_headings(client: Client, cast: Cast) -> None:
    answer = client.as_(cast.clerk).get(f"{ADDRESS}/bijstand.csv")
    assert answer.status_code == 200
    assert len(answer.get_data().decode("utf-8-sig").splitlines()) == 1


def test_a_council_without_an_area_can_take_along_the_figures_of_another_area(
    client: Client, cast: Cast
) -> None:
    db.execute(sa.delete(CouncilArea))
    db.commit()
    client.as_(cast.clerk)
    assert client.get(f"{ADDRESS}/inwoners.csv").status_code == 404
    assert csv_of(client, "?gebied=NL01")[0]["gebied"] == "Nederland"
    assert table_of(client, "?naast=GM0758")[0] == ["Periode", "Nederland", "Breda"]


def test_an_address_may_take_sixty_files_a_minute(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk)
    statuses = [client.get(f"{ADDRESS}/bijstand.csv").status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]


def test_the_page_tells_every_kind_of_change_with_its_day(client: Client, cast: Cast) -> None:
    first = datetime(2025, 3, 1, 12, tzinfo=UTC)
    second = datetime(2026, 3, 2, 12, tzinfo=UTC)
    forget_figures("inwoners")
    load(
        "inwoners",
        ("GM0034", "2019JJ00", 190.0, *FINAL),
        ("GM0034", "2020JJ00", 200.0, *FINAL),
        ("GM0034", "2021JJ00", 210.0, "provisional", None),
        at=first,
    )
    load(
        "inwoners",
        ("GM0034", "2020JJ00", 195.0, *FINAL),
        ("GM0034", "2021JJ00", 210.0, *FINAL),
        ("GM0034", "2022JJ00", 220.0, "provisional", None),
        at=second,
    )
    with as_platform():
        table = db.scalars(sa.select(SourceTable).where(SourceTable.table == "03759ned")).one()
        run = RefreshRun(source_table_id=table.id, queued_at=second)
        db.add(run)
        db.flush()
        db.add(MetadataChange(run_id=run.id, what=MetadataKind.TITLE, old="Oud", new="Nieuw", at=second))
    page = client.as_(cast["reader"]).page(f"{ADDRESS}/inwoners")
    assert page.soup is not None
    told = [" ".join(item.get_text(" ").split()) for item in page.soup.select("#revisions + ul li")]
    assert set(told) == {
        "2 maart 2026: 2022 kwam erbij: 220",
        "2 maart 2026: 2021 bleef 210 en is nu definitief; eerst voorlopig",
        "2 maart 2026: 2020 herzien van 200 naar 195. Het oude cijfer was al definitief",
        "2 maart 2026: 2019 staat niet meer in de bron; het was 190",
        '2 maart 2026: De tabel heet nu "Nieuw". Eerst was dat "Oud".',
    }


def test_the_page_says_where_the_council_uses_the_figure(client: Client, cast: Cast) -> None:
    assert "Nog bij geen doel dat u kunt lezen." in client.as_(cast.officer).page(f"{ADDRESS}/inwoners").words
    goal = make_goal(make_value(make_plan()))
    make_link(goal)
    sentence, address = goal.sentence, f"/almere/doelen/{goal.id}"
    db.commit()
    assert "Nog bij geen doel" in client.page(f"{ADDRESS}/inwoners").words, "the plan is not open yet"
    page = client.as_(cast.clerk).page(f"{ADDRESS}/inwoners")
    assert sentence in page.words
    assert page.link(sentence) == address


def test_a_series_without_a_source_line_bears_the_name_of_its_source(client: Client, cast: Cast) -> None:
    db.commit()
    with as_platform():
        series = series_of("inwoners")
        series.source, series.source_line = "cbs-v3", ""
    page = client.as_(cast["reader"]).page(f"{ADDRESS}/inwoners")
    assert "Bron: CBS StatLine." in page.words
    assert "cbs-v3" not in page.words
