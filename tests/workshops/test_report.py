"""The report of a workshop: the page and the Word file say the same, and hold what may be kept; pictures of its boards."""

import io
import re
import time
from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

import docx
import pytest
from bs4 import Tag
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.client import Client, Page
from tests.factories import Cast, make_plan, make_value
from tests.workshops.making_results import activity, card, counted, held, people
from workbench.core.db import db
from workbench.knowledge.calendar.models import today
from workbench.rounds.operations import Reply
from workbench.workshops.harvest.boards import WIDTH, Board, Row, draw
from workbench.workshops.kinds import Kind
from workbench.workshops.models import ActivityState, Harvest, Workshop

SVG = "{http://www.w3.org/2000/svg}"


def address(workshop: Workshop, page: str = "verslag") -> str:
    return f"/almere/ateliers/{workshop.id}/{page}"


@pytest.fixture
def evening(cast: Cast) -> Workshop:
    """Three councils; a round, cards in piles, an activity that was skipped; one card in the plan."""
    plan = make_plan()
    value = make_value(plan, "Dichtbij")
    councils = ["Almere", "Breda", "Urk"]
    workshop = held(plan, councils=councils, purpose="Samen leren", place="Dorpshuis")
    came = people(workshop, ["Almere"] * 5 + ["Breda"] * 4 + ["Urk"])
    replies = [(who, Reply({"dots": {"a": 3, "b": 1}}, "Mijn eigen reden", True)) for who in came[:7]]
    counted(workshop, Kind.DOTS, replies)
    storm = activity(workshop, position=1, title="Brainstorm", minutes=25)
    now = datetime.now(UTC)
    kept = card(storm, "De huisarts zit ver weg", came[0], cluster="Afstand", shared_at=now)
    card(storm, "Mijn buurman van nummer 12", came[1], cluster="Afstand")
    card(storm, "Er is geen bus", came[2], shared_at=now)
    facts = {"title": "Dilemma", "state": ActivityState.SKIPPED, "skipped_why": "Het werd te laat."}
    activity(workshop, Kind.EXIT_QUESTION, 2, **facts)
    db.add(
        Harvest(
            workshop_id=workshop.id,
            activity_id=storm.id,
            source=f"kaart {kept.id}",
            kind="value",
            object_id=value.id,
        )
    )
    db.commit()
    return workshop


def word_file(client: Client, workshop: Workshop) -> docx.document.Document:
    answer = client.get(address(workshop, "verslag.docx"))
    assert answer.status_code == 200
    assert str(today()) in answer.headers["Content-Disposition"]
    return docx.Document(io.BytesIO(answer.data))


def all_text(file: docx.document.Document) -> str:
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(item.text for item in file.paragraphs), *cells]).split())


def of_document(page: Page) -> str:
    """The words of the report on its page: from its cover down."""
    assert page.soup is not None
    main = page.soup.find("main")
    assert isinstance(main, Tag)
    return " ".join(main.get_text(" ").split())


def test_the_report_tells_programme_people_outcomes_plan_and_what_was_skipped(
    client: Client, cast: Cast, evening: Workshop
) -> None:
    page = client.as_(cast.officer).page(address(evening))
    for text in (
        "Verslag van een leeratelier: Rondetafel over zorg",
        "3 november 2026",
        "Dorpshuis",
        "Samen leren",
        "Er deden 10 mensen mee.",
        "De meeste stippen staan bij: Nabijheid.",
        "De huisarts zit ver weg",
        "Afstand:",
        "Eén kaart telt mee, maar de tekst staat hier niet",
        "De werkgroep heeft deze stap nog niet opengesteld.",
        "Het werd te laat.",
        "wissen we namen, telefoons en teksten",
    ):
        assert text in page.words, text
    assert "Dichtbij" in client.as_(cast.clerk).page(address(evening)).words


def test_a_council_with_fewer_than_three_people_is_never_told_apart_nor_by_subtraction(
    client: Client, cast: Cast, evening: Workshop
) -> None:
    """One of ten came from Urk: then the smallest other council goes with it, else ten less nine tells of Urk."""
    table = client.as_(cast.clerk).page(address(evening)).words
    assert "Almere 5" in table
    assert "overige 5" in table
    assert "Urk" not in table
    assert "Breda" not in table


def test_words_that_may_not_be_kept_are_not_in_it(client: Client, cast: Cast, evening: Workshop) -> None:
    client.as_(cast.clerk)
    outcomes = client.page(address(evening, "uitkomsten")).words
    for text in ("Mijn buurman van nummer 12", "Mijn eigen reden"):
        assert text in outcomes
        assert text not in client.page(address(evening)).text
        assert text not in all_text(word_file(client, evening))


def test_the_word_file_has_real_headings_and_every_number_of_the_page(
    client: Client, cast: Cast, evening: Workshop
) -> None:
    page, file = client.as_(cast.clerk).page(address(evening)), word_file(client, evening)
    headings = [
        (item.style.name, item.text) for item in file.paragraphs if item.style.name.startswith("Heading")
    ]
    assert ("Heading 1", "Programma") in headings
    assert ("Heading 2", "Brainstorm") in headings
    assert headings[0][0] == "Heading 1"
    on_page, in_file = of_document(page), all_text(file)
    numbers = re.findall(r"\d+(?:[.,]\d+)*", on_page)
    assert len(numbers) > 20
    assert set(re.findall(r"\d+(?:[.,]\d+)*", in_file)) == set(numbers)
    for table, drawn in zip(tables_of(page), file.tables, strict=True):
        assert table == [[cell.text for cell in row.cells] for row in drawn.rows]


def tables_of(page: Page) -> list[list[list[str]]]:
    assert page.soup is not None
    return [
        [
            [" ".join(cell.get_text().split()) for cell in row.find_all(["th", "td"])]
            for row in table.find_all("tr")
        ]
        for table in page.soup.find_all("table")
    ]


def test_a_workshop_without_activities_has_a_report_too(client: Client, cast: Cast) -> None:
    workshop = held()
    db.commit()
    page = client.as_(cast.councillor).page(address(workshop))
    assert "In het draaiboek staat geen werkvorm." in page.words
    assert "Er is nog geen bord om te bewaren." in page.words
    assert word_file(client, workshop).paragraphs


# --- Boards ---------------------------------------------------------------------------------------------------------


def test_the_boards_are_pictures_with_what_may_be_kept(client: Client, cast: Cast, evening: Workshop) -> None:
    page = client.as_(cast.councillor).page(address(evening))
    assert page.soup is not None
    boards = [str(link["href"]) for link in page.soup.find_all("a", href=re.compile(r"/borden/.*\.svg$"))]
    assert len(boards) == 2
    dots, storm = (client.get(board).get_data(as_text=True) for board in boards)
    assert "Nabijheid" in dots
    assert "De huisarts zit ver weg" in storm
    assert "Afstand" in storm
    assert "nummer 12" not in storm
    began = time.monotonic()
    png = client.get(boards[1].replace(".svg", ".png"))
    assert time.monotonic() - began < 5
    assert Image.open(io.BytesIO(png.data)).width == 2 * WIDTH
    assert png.mimetype == "image/png"


def test_an_activity_of_another_workshop_has_no_board_here(
    client: Client, cast: Cast, evening: Workshop
) -> None:
    other = held()
    strange = activity(other)
    card(strange, "Elders", shared_at=datetime.now(UTC))
    db.commit()
    client.as_(cast.clerk)
    assert client.get(address(evening, f"borden/{strange.id}.svg")).status_code == 404
    assert client.get(address(other, f"borden/{strange.id}.svg")).status_code == 200


def test_a_board_without_cards_that_may_stay_is_no_picture(client: Client, cast: Cast) -> None:
    workshop = held()
    storm = activity(workshop)
    card(storm, "Mag niet blijven")
    db.commit()
    assert client.as_(cast.clerk).get(address(workshop, f"borden/{storm.id}.png")).status_code == 404


@given(
    st.lists(
        st.tuples(st.text(max_size=40), st.lists(st.text(max_size=300), min_size=1, max_size=8)), max_size=8
    ),
    st.text(max_size=200),
)
def test_whatever_people_typed_a_board_holds_all_of_it_within_its_frame(
    piles: list[tuple[str, list[str]]], question: str
) -> None:
    root = fromstring(draw(Board("Bord", question, [("", piles)], notes=["Slot"])))
    height = float(root.get("height", "0"))
    texts = root.findall(f".//{SVG}text")
    assert all(0 < float(text.get("y", "-1")) < height for text in texts)
    for box in root.findall(f".//{SVG}rect"):
        assert float(box.get("x", "0")) + float(box.get("width", "0")) <= WIDTH
        assert float(box.get("y", "0")) + float(box.get("height", "-1")) <= height
    kept = "".join("".join((text.text or "").split()) for text in texts)
    for _name, cards in piles:
        for typed in cards:
            plain = "".join(sign for sign in typed if sign.isalnum() and sign.isascii())
            assert plain in "".join(sign for sign in kept if sign.isalnum() and sign.isascii())


def test_signs_of_markup_in_a_card_mean_nothing() -> None:
    root = fromstring(draw(Board("<b>", "", [("", [("", ["<script>alert(1)</script> & co"])])])))
    assert root.findall(f".//{SVG}script") == []
    assert any("alert(1)" in (text.text or "") for text in root.iter(f"{SVG}text"))


def test_a_row_of_a_round_stands_under_its_name() -> None:
    bar = '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="24"><rect width="50%" height="24"/></svg>'
    root = fromstring(draw(Board("Stippen", "", [], [Row("Nabijheid", "3", bar)])))
    assert "Nabijheid  3" in [text.text for text in root.iter(f"{SVG}text")]
    assert "608" in [box.get("width") for box in root.iter(f"{SVG}rect")]
