"""The catalogue in a council: searching, leafing, and the page of one figure."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast
from tests.indicators.figures import forget_figures, load
from workbench.core.db import db
from workbench.indicators.models import CouncilArea, Indicator
from workbench.indicators.queries import search
from workbench.indicators.routes import PAGE_SIZE

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
