"""The plan as a document: on screen and as a Word file, with every field once; measurement paragraphs; hand-over."""

import io
import re
import zipfile
from datetime import date, timedelta
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from docx.oxml.ns import qn

from tests.client import Client
from tests.factories import (
    Cast,
    load_own_figures,
    make_answer,
    make_entry,
    make_goal,
    make_link,
    make_need,
    make_plan,
    make_request,
    make_story,
    make_value,
    question_of,
)
from workbench.core.db import as_platform, db
from workbench.documents import docx as writer
from workbench.documents.parts import Bullets, Document, Heading, Lines, Paragraph, Quote, Table
from workbench.evidence.focus.operations import set_size
from workbench.evidence.follow_up.models import Certainty, Part
from workbench.evidence.follow_up.operations import add
from workbench.knowledge.calendar.models import today
from workbench.vision import operations as vision
from workbench.vision.choosing.operations import decide, merge_values
from workbench.vision.models import Goal, Plan
from workbench.vision.steps import AnswerState

HOSTILE = "<script>alert(1)</script> \x07\x0b & \u202eaf\u0627\u0644\u0633\u0644\u0627\u0645 😀 " + "x" * 900


def _words(file: Any) -> str:
    """All text of a Word file, in order, with single spaces."""
    found = [element.text or "" for element in file.element.body.iter(qn("w:t"), qn("w:br"))]
    return " ".join(" ".join(text or " " for text in found).split())


def _open(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    return docx.Document(io.BytesIO(answer.data))


def _filled(cast: Cast) -> Plan:
    """A plan with something in every field."""
    plan = make_plan(werkgroep={str(cast.councillor.id): "Groen"})
    near, trust, choice = (make_value(plan, name) for name in ("Nabijheid", "Vertrouwen", "Keuze"))
    vision.save_card(
        near,
        {
            "seen_when": "De huisarts kent de wijk.",
            "not_this": "Geen loket per straat.",
            "short_changed": "Wie buiten woont.",
            "bottom_line": "Niemand wacht langer dan een week.",
            "minority_view": "Liever een sterk team in het centrum.",
        },
        by=None,
    )
    merge_values(make_value(plan, "Dichtbij"), near)
    db.flush()
    decide(
        plan,
        None,
        [near, trust, choice],
        reasons="Hier begint alles mee.",
        minority_view="Twee leden zoeken veiligheid.",
    )
    goal = make_goal(
        near,
        laws=["wmo", "jeugdwet"],
        target_group="ouderen",
        horizon=2030,
        owner="de commissie Samenleving",
        area="Haven",
    )
    make_need(goal, players="huisartsen", room="Vrij toegankelijk maken.", not_doing="Geen nieuw loket.")
    make_link(goal)
    make_link(goal, load_own_figures())
    add(
        goal,
        Part.COST,
        None,
        name="Wijkteam",
        once=1500000,
        yearly=8000,
        cover="begroting",
        certainty=Certainty.GUESS,
    )
    add(goal, Part.COST, None, name="Opleiding", once=3000, yearly=42000, certainty=Certainty.KNOWN)
    add(
        goal,
        Part.STEERING,
        None,
        moment="kadernota",
        on=today() + timedelta(days=10),
        owner="de griffie",
        note="Helpt het?",
    )
    make_answer(plan, "vastleggen-geleerd", "Eerst luisteren.")
    vision.save_answer(question_of(plan, "kosten-notities"), AnswerState.UNKNOWN, "Nog geen raming.", None)
    vision.save_answer(question_of(plan, "kosten-stopt"), AnswerState.LATER, None, None)
    vision.skip_step(plan, 3, "Dit deden we vorig jaar.", None)
    db.commit()
    return plan


def test_the_word_file_says_the_same_as_the_page(client: Client, cast: Cast) -> None:
    plan_id = _filled(cast).id
    client.as_(cast.clerk)
    page = client.page(f"/almere/trajecten/{plan_id}/invulschema")
    file = _open(client, f"/almere/trajecten/{plan_id}/invulschema.docx")
    words = _words(file)
    for text in (page.words, words.replace(":", "")):
        for wanted in ("Councillor van Almere (Groen)", "Hierin opgegaan Dichtbij", "Stap 3"):
            assert text.count(wanted) == 1, wanted
    assert "137 (2024)" in page.words
    assert "Opgehaald" not in page.words
    assert page.soup is not None
    main = page.soup.find("main")
    assert main is not None
    numbers = re.findall(r"\d[\d.,]*", main.get_text(" "))
    assert set(numbers) <= set(re.findall(r"\d[\d.,]*", words))
    on_page = [
        " ".join(heading.get_text().split())
        for heading in main.find_all(["h2", "h3", "h4"])
        if heading.get("id", "").startswith("deel-")
    ]
    in_file = [
        " ".join(item.text.split()) for item in file.paragraphs if item.style.name.startswith("Heading")
    ]
    assert on_page == in_file
    assert len(in_file) > 15


def test_the_word_file_has_its_language_title_author_contents_page_numbers_and_header_rows(
    client: Client, cast: Cast
) -> None:
    plan_id = _filled(cast).id
    client.as_(cast.clerk)
    answer = client.get(f"/almere/trajecten/{plan_id}/invulschema.docx")
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=invulschema-almere-{today().isoformat()}.docx"
    )
    file = docx.Document(io.BytesIO(answer.data))
    facts = file.core_properties
    assert (facts.title, facts.author, facts.language) == (
        "Invulschema: Sociaal domein 2026-2030",
        "Almere",
        "nl-NL",
    )
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    assert 'w:val="nl-NL"' in packed.read("word/styles.xml").decode()
    body = packed.read("word/document.xml").decode()
    assert 'TOC \\o "1-2"' in body
    assert body.count('w:fldCharType="begin"') == body.count('w:fldCharType="end"') == 1
    anchors = set(re.findall(r'w:hyperlink [^>]*w:anchor="([^"]+)"', body))
    assert anchors <= set(re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', body))
    assert len(anchors) > 10
    assert "PAGE" in "".join(packed.read(name).decode() for name in packed.namelist() if "footer" in name)
    assert file.tables
    for table in file.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


@pytest.mark.parametrize("where", ["invulschema", "meetparagraaf", "overdracht"])
def test_a_document_takes_twelve_queries_at_most_whatever_the_size_of_the_plan(
    client: Client, cast: Cast, query_count: list[str], where: str
) -> None:
    plan = _filled(cast)
    value = make_value(plan, "Veiligheid")
    set_size(plan.id, 15)
    for number in range(8):
        goal = make_goal(value, f"zij zich veilig voelen in wijk {number}", laws=["wpg"])
        make_need(goal)
        make_link(goal)
    plan.open()
    plan_id = plan.id
    db.commit()
    for person in (cast.clerk, cast.officer):
        client.as_(person)
        query_count.clear()
        assert "wijk 7" in client.page(f"/almere/trajecten/{plan_id}/{where}").words
        assert len(query_count) <= 12, "\n".join(query_count)


def test_who_reads_along_finds_only_the_steps_that_were_opened(client: Client, cast: Cast) -> None:
    plan = _filled(cast)
    plan.open(4)
    plan_id = plan.id
    db.commit()
    client.as_(cast.officer)
    page = client.page(f"/almere/trajecten/{plan_id}/invulschema")
    words = _words(_open(client, f"/almere/trajecten/{plan_id}/invulschema.docx"))
    handover = client.page(f"/almere/trajecten/{plan_id}/overdracht").words
    for text in (page.words, words, handover):
        assert "zij in de buurt hulp vinden" in text
        for hidden in (
            "Nabijheid",
            "huisartsen",
            "1.500.000",
            "137",
            "Groen",
            "Eerst luisteren",
            "weten we niet:",
        ):
            assert hidden not in text, hidden
    assert "stap 0, 1, 2, 3, 5, 6, 7, 8, 9" in page.words
    paragraph = client.page(f"/almere/trajecten/{plan_id}/meetparagraaf").words
    assert "Dit is niet voor u opengesteld." in paragraph
    assert "137" not in paragraph


def test_a_plan_of_which_nothing_was_opened_has_no_documents_for_who_reads_along(
    client: Client, cast: Cast
) -> None:
    plan_id = _filled(cast).id
    client.as_(cast.officer)
    for where in ("invulschema", "invulschema.docx", "meetparagraaf", "overdracht", "overdracht.docx"):
        assert client.get(f"/almere/trajecten/{plan_id}/{where}").status_code == 403


def test_the_measurement_paragraph_names_the_article_the_results_the_figures_and_what_is_missing(
    client: Client, cast: Cast
) -> None:
    plan_id = _filled(cast).id
    client.as_(cast.clerk)
    page = client.page(f"/almere/trajecten/{plan_id}/meetparagraaf")
    for sentence in (
        "Wmo 2015, artikel 2.1.2, zesde lid vraagt dit in het beleidsplan:",
        "Nog te controleren: kijk dit na in de wet voordat u het overneemt.",
        "Om wie het vooral gaat: ouderen. Dit is te merken in 2030.",
        "Gezinnen bij het wijkteam. Nu: 137 (2024).",
        "Inwoners op 1 januari: elk jaar, uit CBS StatLine, tabel 03759ned",
        "Dit ontbreekt nog. Het staat niet in dit traject",
        "Jeugdwet, artikel 2.2, tweede lid, onder a en c",
    ):
        assert sentence in page.words, sentence
    assert page.soup is not None
    [wmo, jeugdwet] = [box.get_text() for box in page.soup.find_all("textarea")]
    assert "- Gezinnen bij het wijkteam. Nu: 137 (2024)." in wmo
    assert "artikel 2.2" in jeugdwet
    assert "artikel 2.2" not in wmo


def test_a_goal_without_a_figure_is_named_in_the_paragraph_and_a_plan_without_laws_says_how_to_begin(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    value = make_value(plan)
    plan_id = plan.id
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/trajecten/{plan_id}/meetparagraaf"
    assert "Nog geen wet bij een doel" in client.page(address).words
    make_goal(value, laws=["wgs", "wpg", "participatiewet"])
    db.commit()
    words = client.page(address).words
    assert "vraagt dit in het plan, dat hooguit 4 jaar geldt:" in words
    assert "Nog niet opgeschreven bij: In vier jaar merken inwoners dat zij in de buurt hulp vinden." in words
    assert "Participatiewet" not in words


def test_the_hand_over_tells_a_new_council_what_was_learned_and_what_comes(
    client: Client, cast: Cast
) -> None:
    plan_id = _filled(cast).id
    make_entry("Begrotingsraad")
    db.commit()
    client.as_(cast.clerk)
    page = client.page(f"/almere/trajecten/{plan_id}/overdracht")
    words = _words(_open(client, f"/almere/trajecten/{plan_id}/overdracht.docx"))
    for text in (page.words, words):
        for wanted in (
            "Eerst luisteren.",
            "Nabijheid",
            "Hier begint alles mee.",
            "Gezinnen bij het wijkteam: 137 (2024)",
            "dit weten we niet: Nog geen raming.",
            "Begrotingsraad",
            "Kadernota",
        ):
            assert wanted in text, wanted
        assert text.index("Kadernota") < text.index("Begrotingsraad")


def test_the_hand_over_lists_what_rests_the_stories_the_open_requests_and_when_to_look_back(
    client: Client, cast: Cast
) -> None:
    plan = _filled(cast)
    goal = db.scalars(sa.select(Goal).where(Goal.plan_id == plan.id)).one()
    resting = make_link(goal, "gemiddelde-bevolking")
    resting.rests_until = date(2031, 1, 3)
    make_story(goal, "Gesprekken bij de bakker", next_on=date(2031, 2, 4))
    make_request(goal, wanted="Hoe lang gezinnen wachten.")
    make_request(goal, wanted="Wie er al kwam.", delivered=True)
    make_answer(plan, "vastleggen-evaluatie", "2031-06-15")
    plan_id = plan.id
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/trajecten/{plan_id}/overdracht"
    for words in (client.page(address).words, _words(_open(client, f"{address}.docx"))):
        for wanted in (
            "Gemiddelde bevolking in een jaar doel 1 3 januari 2031",
            "Gesprekken bij de bakker",
            "4 februari 2031",
            "Hoe lang gezinnen wachten. De toegang 1 juni 2027 doel 1",
            "15 juni 2031 Terugkijken op deze manier van werken de werkgroep",
        ):
            assert wanted in words, wanted
        assert "Wie er al kwam." not in words
    assert "Op 15 juni 2031 kijkt de werkgroep terug" in client.page(f"/almere/trajecten/{plan_id}").words
    client.as_(cast.officer)
    db.get_one(Plan, plan_id).open(4)
    db.commit()
    assert "15 juni 2031" not in client.page(f"/almere/trajecten/{plan_id}").words


def test_the_measurement_paragraphs_are_a_word_file_of_their_own(client: Client, cast: Cast) -> None:
    plan_id = _filled(cast).id
    client.as_(cast.clerk)
    address = f"/almere/trajecten/{plan_id}"
    words = _words(_open(client, f"{address}/meetparagraaf.docx"))
    assert "Gezinnen bij het wijkteam. Nu: 137 (2024)." in words
    assert "artikel 2.1.2" in words
    assert "artikel 2.1.2" not in client.page(f"{address}/invulschema").words, "that has every field once"


def test_a_fictitious_council_says_so_on_the_cover(client: Client, cast: Cast) -> None:
    plan_id = make_plan().id
    db.commit()
    address = f"/almere/trajecten/{plan_id}/invulschema.docx"
    client.as_(cast.clerk)
    assert "Fictief" not in _words(_open(client, address))
    council_id = cast.almere.id
    with as_platform():
        from workbench.accounts.models import Council

        db.get_one(Council, council_id).is_demo = True
    client.as_(cast.clerk)
    assert "Fictief voorbeeld" in _words(_open(client, address))


def test_hostile_texts_open_and_stay_text(client: Client, cast: Cast) -> None:
    plan = make_plan(HOSTILE[:80].replace("\x07\x0b", ""), waarom=HOSTILE)
    make_goal(make_value(plan, HOSTILE[:60], own_words=HOSTILE, minority_view=HOSTILE), HOSTILE)
    plan_id = plan.id
    db.commit()
    client.as_(cast.clerk)
    page = client.page(f"/almere/trajecten/{plan_id}/invulschema")
    file = _open(client, f"/almere/trajecten/{plan_id}/invulschema.docx")
    words = _words(file)
    assert page.soup is not None
    assert not page.soup.find("script", string="alert(1)")
    for part in ("<script>alert(1)</script>", "😀", "x" * 900, "\u0627\u0644\u0633\u0644\u0627\u0645"):
        assert part in words
    assert "\x07" not in words


def test_every_part_is_drawn_and_no_character_breaks_the_file() -> None:
    nasty = "".join(chr(number) for number in range(32)) + "\ud800\uffff<b>&amp;"
    made = Document(
        "Invulschema",
        nasty,
        nasty,
        "en",
        date(2026, 7, 2),
        Lines(((nasty, nasty),)),
        nasty,
        (
            Heading(nasty),
            Heading("Two", 2),
            Heading("Three", 3),
            Paragraph(nasty, is_note=True),
            Bullets((nasty, "b")),
            Table(nasty, ("a", nasty), (("1", nasty),)),
            Quote(nasty, nasty),
        ),
    )
    file = docx.Document(io.BytesIO(writer.write(made)))
    assert _words(file).count("<b>&amp;") == 14
    assert file.core_properties.language == "en-GB"
    assert [item.style.name for item in file.paragraphs if item.style.name.startswith("Heading")] == [
        "Heading 1",
        "Heading 2",
        "Heading 3",
    ]
