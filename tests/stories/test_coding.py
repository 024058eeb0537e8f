"""Coding: passages get labels, two people at once lose nothing, and blind readers settle on one reading."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import workbench
from tests.client import Client, Page
from tests.factories import Cast
from tests.stories.making import label, make_source, marked, ready
from workbench.accounts.models import Person
from workbench.core.db import db
from workbench.core.tenancy import act_as, open_door
from workbench.stories.coding import operations
from workbench.stories.coding.comparing import Choice, Comparison, Decision, Passage
from workbench.stories.coding.layout import MOST_LAYERS, Mark, paragraphs
from workbench.stories.coding.models import MOST_LOOKS, CoderReading, Coding, Memo
from workbench.stories.coding.turns import Reader, Turn, turn
from workbench.stories.kept import operations as kept
from workbench.stories.kept.models import Excerpt, Leaning, Story, StoryWords
from workbench.stories.kept.visibility import Reach, State

TEXT = (
    "Ik wachtte vier maanden op hulp. Toen kwam er iemand die luisterde.\n\nNu gaat het beter 🙂. Dank u wel."
)
JSON = {"Accept": "application/json"}


# --- The text on the page -------------------------------------------------------------------------------------------


@given(
    st.text(alphabet="ab \n🙂", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.lists(st.integers(0, 11), max_size=3))),
)
def test_the_page_holds_every_letter_in_its_place_whatever_is_marked(
    text: str, marks: list[tuple[int, int, list[int]]]
) -> None:
    made = [
        Mark(start, start + size, place, tuple(looks)) for place, (start, size, looks) in enumerate(marks)
    ]
    found = paragraphs(text, made)
    for paragraph in found:
        words = "".join(piece.text for piece in paragraph.pieces)
        assert text[paragraph.start :].startswith(words)
        assert "\n" not in words
        assert words.strip()
    kept_words = "\n".join("".join(piece.text for piece in paragraph.pieces) for paragraph in found)
    assert kept_words.split() == text.split()
    for paragraph in found:
        at = paragraph.start
        for piece in paragraph.pieces:
            covering = [mark for mark in made if mark.start <= at and at + len(piece.text) <= mark.end]
            assert bool(piece.lines) == bool(covering)
            assert len({line.layer for line in piece.lines}) == len(piece.lines) <= MOST_LAYERS
            at += len(piece.text)


def test_marks_that_overlap_have_lines_of_their_own() -> None:
    [paragraph] = paragraphs("een twee drie", [Mark(0, 8, 1, (3,)), Mark(4, 13, 2, (5,))])
    assert [(piece.text, [line.look for line in piece.lines]) for piece in paragraph.pieces] == [
        ("een ", ["3"]),
        ("twee", ["5", "3"]),
        (" drie", ["5"]),
    ]


def _contrast(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05)


def test_every_look_has_a_shape_of_its_own_and_enough_contrast() -> None:
    styles = (Path(workbench.__file__).parent / "styles" / "coding.css").read_text()
    found = re.findall(r"\.wb-look--(\d+) \{ --wb-look: url\(\"(.*?)\"\)", styles)
    assert [int(number) for number, _svg in found] == list(range(MOST_LOOKS))
    shapes = {re.sub(r"%23[0-9a-f]{6}", "", svg) for _number, svg in found}
    assert len(shapes) == MOST_LOOKS, "never colour alone"
    for _number, svg in found:
        for colour in re.findall(r"%23([0-9a-f]{6})", svg):
            assert _contrast(f"#{colour}") >= 3


def test_html_in_a_story_is_text(client: Client, cast: Cast) -> None:
    story = ready("Ik zei <script>alert('x')</script> & <b>hallo</b>.")
    page = client.as_(cast.clerk).page(f"/almere/verhalen/{story.id}")
    assert "<script>alert(" not in page.text
    assert "<script>alert('x')</script> & <b>hallo</b>." in page.soup.select_one("[data-text]").get_text()


# --- Marking --------------------------------------------------------------------------------------------------------


def shown(page: Page) -> list[str]:
    assert page.soup is not None
    return [" ".join(item.get_text(" ").split()) for item in page.soup.select("[data-excerpt]")]


def act(client: Client, story: Story, to: str = "citaten", **fields: Any) -> Any:
    """What the script of the page sends."""
    return client.post(f"/almere/verhalen/{story.id}/{to}", data={"edition": 1, **fields}, headers=JSON)


def test_who_codes_marks_words_and_everybody_who_codes_sees_them(client: Client, cast: Cast) -> None:
    story, tag = ready(TEXT), label("wachten")
    answer = act(client.as_(cast.councillor), story, start=11, end=24, label=str(tag.id), leaning="not_well")
    assert answer.status_code == 200
    assert "bewaard" in answer.json["message"]
    assert "wachten" in answer.json["html"]
    [line] = shown(client.as_(cast.clerk).page(f"/almere/verhalen/{story.id}"))
    assert "vier maanden" in line
    assert "gaat niet goed" in line
    assert "Councillor van Almere" in line


def test_places_count_letters_also_after_a_smiley(client: Client, cast: Cast) -> None:
    story, tag = ready(TEXT), label()
    start = TEXT.index("Dank")
    act(client.as_(cast.clerk), story, start=start, end=start + 10, label=str(tag.id))
    assert db.scalars(sa.select(Excerpt.words)).all() == ["Dank u wel"]


def test_without_scripts_one_ticks_sentences_and_those_in_a_row_are_one_citation(
    client: Client, cast: Cast
) -> None:
    story, tag = ready(TEXT), label("wachten")
    page = client.as_(cast.clerk).page(f"/almere/verhalen/{story.id}?kies=zinnen")
    boxes = [box["value"] for box in page.soup.select("[name=zin]")]
    assert len(boxes) == 4
    done = client.submit(
        f"/almere/verhalen/{story.id}?kies=zinnen",
        "citaten",
        zin=[boxes[0], boxes[1], boxes[3]],
        label=str(tag.id),
        nieuw="dank",
    )
    assert "Gemarkeerd" in done.words
    lines = shown(done)
    assert len(lines) == 2
    assert lines[0].startswith("1 Ik wachtte")
    assert "dank" in lines[1]


def test_what_was_chosen_beside_sentences_is_not_lost_when_none_was_ticked(
    client: Client, cast: Cast
) -> None:
    story, tag = ready(TEXT), label("wachten")
    long = ready("Lang. " + "Dit gaat maar door en door " * 300 + "tot hier.")
    db.commit()
    address = f"/almere/verhalen/{story.id}?kies=zinnen"
    client.as_(cast.councillor)
    page = client.submit(address, "citaten", label=[str(tag.id)], nieuw="iets nieuws", leaning="well")
    assert page.status == 409
    assert "Kies eerst woorden in de tekst." in page.words
    assert page.soup.select_one(f"[name=label][value='{tag.id}']").has_attr("checked")
    assert page.soup.select_one("[name=nieuw]")["value"] == "iets nieuws"
    assert page.soup.select_one("[name=leaning][value=well]").has_attr("checked")
    address = f"/almere/verhalen/{long.id}?kies=zinnen"
    ticks = [box["value"] for box in client.page(address).soup.select("[name=zin]")]
    page = client.submit(address, "citaten", zin=ticks, nieuw="lang")
    assert "Dit stuk is te lang" in page.words
    assert len(page.soup.select("[name=zin][checked]")) == len(ticks)
    assert db.scalar(sa.select(sa.func.count()).select_from(Excerpt)) == 0


def test_a_new_label_is_made_on_the_way_and_an_existing_name_is_taken(client: Client, cast: Cast) -> None:
    story = ready(TEXT)
    for start in (0, 33):
        act(client.as_(cast.clerk), story, start=start, end=start + 9, nieuw=" Nabij ")
    codings = db.execute(sa.select(sa.func.count(), sa.func.count(Coding.tag_id.distinct()))).one()
    assert tuple(codings) == (2, 1)


def test_labels_leaning_and_borders_change_and_a_mark_goes(client: Client, cast: Cast) -> None:
    story, one, other = ready(TEXT), label("wachten"), label("hulp")
    excerpt = marked(story, "vier maanden", TEXT, one, by=cast.clerk.id)
    db.commit()
    to = f"citaten/{excerpt.id}"
    client.as_(cast.clerk)
    fields = {"wat": "labels", "had": str(one.id), "label": str(other.id), "leaning": "both"}
    assert act(client, story, to, **fields).status_code == 200
    assert act(client, story, to, wat="grenzen", start=0, end=32).status_code == 200
    [line] = shown(client.page(f"/almere/verhalen/{story.id}"))
    assert line == "1 Ik wachtte vier maanden op hulp. hulp allebei · Clerk van Almere Veranderen"
    assert act(client, story, to, wat="weg").status_code == 200
    assert shown(client.page(f"/almere/verhalen/{story.id}")) == []
    gone = act(client, story, to, wat="weg")
    assert gone.status_code == 409
    assert "er niet meer" in gone.json["title"]


def test_nobody_changes_what_another_marked(client: Client, cast: Cast) -> None:
    story = ready(TEXT)
    excerpt = marked(story, "vier maanden", TEXT, by=cast.clerk.id)
    db.commit()
    answer = act(client.as_(cast.councillor), story, f"citaten/{excerpt.id}", wat="weg")
    assert answer.status_code == 409
    assert "van een ander" in answer.json["title"]


def test_two_tabs_that_mark_the_same_words_lose_nothing(client: Client, cast: Cast) -> None:
    story, one, other = ready(TEXT), label("wachten"), label("hulp")
    client.as_(cast.clerk)
    for tag in (one, other, one):
        assert act(client, story, start=11, end=24, label=str(tag.id)).status_code == 200
    assert db.scalar(sa.select(sa.func.count()).select_from(Excerpt)) == 1
    assert db.scalar(sa.select(sa.func.count()).select_from(Coding)) == 2
    # A tab that does not know of the second label leaves it.
    [excerpt] = db.scalars(sa.select(Excerpt.id)).all()
    act(client, story, f"citaten/{excerpt}", wat="labels", had=str(one.id))
    assert db.scalars(sa.select(Coding.tag_id)).all() == [other.id]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"start": 5, "end": 5}, "Kies eerst woorden"),
        ({"start": "x", "end": "-3"}, "Kies eerst woorden"),
        ({"start": 10**8, "end": 10**8 + 4}, "Kies eerst woorden"),
        ({"start": 67, "end": 69}, "Kies eerst woorden"),  # an empty line
        ({"start": 0, "end": 9, "label": str(uuid4())}, "label is er niet meer"),
        ({"start": 0, "end": 9, "edition": "7"}, "veranderde de tekst"),
    ],
)
def test_what_cannot_be_marked_is_said_in_a_sentence(
    client: Client, cast: Cast, fields: dict[str, Any], says: str
) -> None:
    story = ready(TEXT)
    answer = act(client.as_(cast.clerk), story, **fields)
    assert answer.status_code == 409
    assert says in answer.json["title"]
    assert db.scalars(sa.select(Excerpt)).all() == []


def test_who_opened_the_page_before_the_narrator_changed_the_text_hears_so(
    client: Client, cast: Cast
) -> None:
    story = ready(TEXT)
    kept.change_words(story, "Iets heel anders.")
    db.commit()
    page = client.as_(cast.clerk).send(f"/almere/verhalen/{story.id}/citaten", edition=1, start=0, end=4)
    assert page.status == 409
    assert "De verteller veranderde de tekst intussen" in page.words


def test_notes_are_sealed_and_read_by_who_codes(client: Client, cast: Cast) -> None:
    story = ready(TEXT)
    excerpt = marked(story, "vier maanden", TEXT, by=cast.clerk.id)
    db.commit()
    client.as_(cast.clerk)
    assert (
        act(client, story, "notities", notitie="Dit zag ik eerder.", citaat=str(excerpt.id)).status_code
        == 200
    )
    assert act(client, story, "notities", notitie="Lees ook verhaal 2.").status_code == 200
    page = client.as_(cast.officer).page(f"/almere/verhalen/{story.id}")
    assert "Dit zag ik eerder." in page.words
    assert "Lees ook verhaal 2." in page.words
    assert all(b"zag" not in box for box in db.scalars(sa.select(Memo.box)))
    memo = db.scalars(sa.select(Memo.id).where(Memo.excerpt_id.is_(None))).one()
    act(client, story, f"notities/{memo}")
    assert db.scalar(sa.select(sa.func.count()).select_from(Memo)) == 2, "only who wrote it takes it away"
    act(client.as_(cast.clerk), story, f"notities/{memo}")
    assert db.scalar(sa.select(sa.func.count()).select_from(Memo)) == 1


def test_the_coding_view_asks_the_database_little_however_much_is_marked(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    story, tag = ready(TEXT), label()
    for start in range(20):
        operations.mark(story, {(start, 30): [tag.id]}, edition=None, by=cast.clerk.id)
        operations.write_note(story, "Notitie.", excerpt_id=None, by=cast.clerk.id)
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/verhalen/{story.id}"
    query_count.clear()
    client.page(address)
    assert len(query_count) <= 12


# --- Reading blind --------------------------------------------------------------------------------------------------

A, B, C = (UUID(int=number) for number in range(3))


@pytest.mark.parametrize(
    ("readers", "person", "now"),
    [
        ([], A, Turn.TOGETHER),
        ([Reader(A, is_blind=False, is_done=False)], B, Turn.TOGETHER),
        ([Reader(A, True, False), Reader(B, True, False)], A, Turn.BLIND),
        ([Reader(A, True, True), Reader(B, True, False)], A, Turn.WAITING),
        ([Reader(A, True, True), Reader(B, True, False)], C, Turn.CLOSED),
        ([Reader(A, True, True), Reader(B, True, True)], C, Turn.COMPARING),
    ],
)
def test_whose_turn_it_is(readers: Sequence[Reader], person: UUID, now: Turn) -> None:
    assert turn(readers, person, is_settled=False) is now
    assert turn(readers, person, is_settled=True) is Turn.SETTLED


def as_(person: Person) -> UUID:
    act_as(db, person.id)
    return person.id


def read_blind(cast: Cast, text: str = TEXT) -> tuple[Story, Any, Any]:
    """The officer and the councillor were asked; each marked something, and neither is done."""
    story, wait, listen = ready(text), label("wachten"), label("luisteren")
    operations.ask_blind(story, [cast.officer.id, cast.councillor.id], by=cast.clerk.id)
    db.commit()
    marked(story, "vier maanden op hulp", text, wait, by=as_(cast.officer), leaning=Leaning.NOT_WELL)
    marked(story, "iemand die luisterde", text, listen, by=cast.officer.id)
    db.commit()
    marked(story, "Ik wachtte vier maanden", text, wait, by=as_(cast.councillor), leaning=Leaning.NOT_WELL)
    marked(story, "iemand die luisterde", text, listen, by=cast.councillor.id)
    marked(story, "Nu gaat het beter", text, listen, by=cast.councillor.id)
    db.commit()
    return story, wait, listen


def test_a_blind_reader_sees_the_own_marks_only_and_a_third_person_waits(client: Client, cast: Cast) -> None:
    story, _wait, _listen = read_blind(cast)
    address = f"/almere/verhalen/{story.id}"
    assert len(shown(client.as_(cast.officer).page(address))) == 2
    assert len(shown(client.as_(cast.councillor).page(address))) == 3
    third = client.as_(cast.clerk).page(address)
    assert shown(third) == []
    assert "Officer van Almere leest nog" in third.words
    answer = act(client, story, start=0, end=10)
    assert answer.status_code == 409
    assert "los van elkaar" in answer.json["title"]


def test_a_reader_who_is_done_waits_and_may_go_on_until_everybody_is(client: Client, cast: Cast) -> None:
    story, _wait, _listen = read_blind(cast)
    address = f"/almere/verhalen/{story.id}"
    page = client.as_(cast.officer).submit(address, "klaar")
    assert "Officer van Almere is klaar" in page.words
    assert act(client, story, start=0, end=10).status_code == 409
    client.send(f"{address}/klaar", wat="verder")
    assert act(client, story, start=0, end=10).status_code == 200
    client.send(f"{address}/klaar")
    client.as_(cast.councillor).send(f"{address}/klaar")
    assert client.send(f"{address}/klaar", wat="verder").status == 409


def compared(client: Client, cast: Cast) -> tuple[Story, Page]:
    story, _wait, _listen = read_blind(cast)
    for person in (cast.officer, cast.councillor):
        operations.finish(story, by=as_(person))
        db.commit()
    return story, client.as_(cast.clerk).page(f"/almere/verhalen/{story.id}/vergelijking")


def test_the_comparison_says_how_alike_they_read_and_where_not(client: Client, cast: Cast) -> None:
    _story, page = compared(client, cast)
    assert "Er waren 8 keuzes" in page.words
    assert "Bij 7 van de 8 kozen alle lezers hetzelfde." in page.words
    assert "2 verschillen" in page.words
    assert "Zoals Councillor van Almere: wachten “Ik wachtte vier maanden”" in page.words


def test_settling_makes_one_reading_that_quotes_come_from(client: Client, cast: Cast) -> None:
    story, page = compared(client, cast)
    address = f"/almere/verhalen/{story.id}/vergelijking"
    assert page.form("vergelijking") is not None
    half = client.send(address, edition=1, **{"keuze-0": "all"})
    assert half.status == 422
    assert "Verschil 2" in half.words
    assert half.soup.select_one("[name=keuze-0][value=all]").has_attr("checked"), (
        "nothing that was chosen is lost"
    )
    done = client.submit(address, "vergelijking", **{"keuze-0": "all", "keuze-1": "none"})
    assert "Er is nu één lezing" in done.words
    found = db.execute(
        sa.select(Excerpt.words, Excerpt.leaning).where(Excerpt.coder_id.is_(None)).order_by(Excerpt.start_at)
    ).all()
    assert found == [("Ik wachtte vier maanden op hulp", Leaning.NOT_WELL), ("iemand die luisterde", None)]
    assert db.scalar(sa.select(Story.settled_at).where(Story.id == story.id)) is not None
    reader = client.as_(cast["reader"]).page(f"/almere/verhalen/{story.id}")
    assert len(shown(reader)) == 2
    again = client.as_(cast.clerk).send(address, edition=1, **{"keuze-0": "all", "keuze-1": "none"})
    assert again.location.endswith(str(story.id)), "there is nothing left to compare"


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (Decision("0"), {(11, 31)}),
        (Decision("1"), {(0, 23)}),
        (Decision(Choice.ALL), {(0, 31)}),
        (Decision(Choice.NONE), set()),
        (Decision(Choice.OWN, (0, 32)), {(0, 32)}),
    ],
)
def test_a_difference_becomes_what_is_chosen(choice: Decision, found: set[tuple[int, int]]) -> None:
    tag = frozenset({A})
    same = Passage(33, 67, tag, None)
    readings = [[Passage(11, 31, tag, None), same], [Passage(0, 23, tag, None), same]]
    comparison = Comparison(TEXT, readings)
    assert len(comparison.differences) == 1
    settled = comparison.settled([choice])
    assert {(item.start, item.end) for item in settled} == found | {(33, 67)}


def test_how_alike_the_group_reads_is_told_over_all_stories(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    assert (
        "Nog geen verhaal is los van elkaar gelezen"
        in client.as_(cast.clerk).page("/almere/verhalen/overeenstemming").words
    )
    story, wait, _listen = read_blind(cast)
    ready("Dit las nog niemand.")
    db.commit()
    assert "Nog geen verhaal" in client.page("/almere/verhalen/overeenstemming").words, "they still read"
    for person in (cast.officer, cast.councillor):
        operations.finish(story, by=as_(person))
    marked_after = operations.turn_of(story, operations.readers_of(story.id), cast.clerk.id)
    assert marked_after is Turn.COMPARING
    db.commit()
    query_count.clear()
    page = client.page("/almere/verhalen/overeenstemming")
    assert len(query_count) <= 12, query_count
    assert "1 van de 2 verhalen is los van elkaar gelezen." in page.words
    assert "Er waren 8 keuzes" in page.words
    assert "Cohens kappa" in page.words
    assert wait.name in page.words
    other = client.as_(cast.outsider).get("/breda/verhalen/overeenstemming")
    assert other.status_code in {403, 404} or "Nog geen verhaal" in other.get_data(as_text=True)


@pytest.mark.parametrize("chosen", [None, *Leaning])
def test_which_way_a_passage_goes_is_a_difference_too(chosen: Leaning | None) -> None:
    tag = frozenset({A})
    ways = [Leaning.WELL, Leaning.NOT_WELL]
    comparison = Comparison(TEXT, [[Passage(0, 9, tag, way)] for way in ways])
    assert comparison.differences == []
    assert [item.held for item in comparison.divided] == [((0, Leaning.WELL), (1, Leaning.NOT_WELL))]
    [settled] = comparison.settled([], [chosen])
    assert settled.leaning is chosen


def test_readers_who_say_the_same_of_a_passage_or_nothing_are_not_divided() -> None:
    tag = frozenset({A})
    for other in (Leaning.WELL, None):
        readings = [[Passage(0, 9, tag, Leaning.WELL)], [Passage(0, 9, tag, other)]]
        assert Comparison(TEXT, readings).divided == []
    apart = [[Passage(0, 9, tag, Leaning.WELL), Passage(12, 20, tag, Leaning.NOT_WELL)], []]
    assert Comparison(TEXT, apart).divided == [], "one reader is not divided"


def test_readers_settle_which_way_a_passage_goes(client: Client, cast: Cast) -> None:
    story, tag = ready(TEXT), label("wachten")
    people = (cast.officer, cast.councillor)
    operations.ask_blind(story, [person.id for person in people], by=cast.clerk.id)
    for person, way in zip(people, (Leaning.WELL, Leaning.NOT_WELL), strict=True):
        marked(story, "vier maanden", TEXT, tag, by=as_(person), leaning=way)
        operations.finish(story, by=as_(person))
    db.commit()
    address = f"/almere/verhalen/{story.id}/vergelijking"
    page = client.as_(cast.clerk).page(address)
    assert "Alle lezers gaven dezelfde labels." in page.words
    assert "gaat goed (Officer van Almere)" in page.words
    assert client.submit(address, "vergelijking").status == 422
    done = client.submit(address, "vergelijking", **{"kant-0": "not_well"})
    assert "Er is nu één lezing" in done.words
    assert db.scalars(sa.select(Excerpt.leaning).where(Excerpt.coder_id.is_(None))).all() == [
        Leaning.NOT_WELL
    ]


def test_who_reads_together_says_when_it_is_the_reading_of_all(client: Client, cast: Cast) -> None:
    story, tag, other = ready(TEXT), label("wachten"), label("hulp")
    assert client.as_(cast.clerk).send(f"/almere/verhalen/{story.id}/samen").status == 409, (
        "nothing is marked"
    )
    marked(story, "vier maanden", TEXT, tag, by=as_(cast.officer))
    marked(story, "vier maanden", TEXT, other, by=as_(cast.councillor), leaning=Leaning.NOT_WELL)
    db.commit()
    page = client.as_(cast.clerk).submit(f"/almere/verhalen/{story.id}", "samen")
    assert shown(page) == ["1 vier maanden hulp wachten gaat niet goed Veranderen"]
    mended = act(client, story, start=33, end=67, label=str(tag.id))
    assert mended.status_code == 200, "who codes may mend it"
    assert db.scalar(sa.select(sa.func.count()).where(Excerpt.coder_id.is_(None))) == 2


def test_only_who_makes_stories_safe_asks_people_to_read_blind_and_only_people_who_may(
    client: Client, cast: Cast
) -> None:
    story = ready(TEXT, quotes_only=True)
    address = f"/almere/verhalen/{story.id}"
    assert client.as_(cast.councillor).send(f"{address}/lezers").status == 403
    page = client.as_(cast.clerk).page(address)
    names = [tag.get_text() for tag in page.soup.select("label[for^=lezer-]")]
    assert names == ["Clerk van Almere", "Facilitator van Almere", "Officer van Almere"]
    too_few = client.post(f"{address}/lezers", data={"lezer": [cast.clerk.id, cast.councillor.id]})
    assert too_few.status_code == 409, "a councillor may not read this one whole"
    client.post(f"{address}/lezers", data={"lezer": [cast.clerk.id, cast.officer.id]})
    assert db.scalar(sa.select(sa.func.count()).where(CoderReading.is_blind)) == 2
    client.send(f"{address}/lezers", wat="stop")
    assert db.scalar(sa.select(sa.func.count()).where(CoderReading.is_blind)) == 0


def test_a_narrator_who_changes_the_text_reaches_marks_that_are_still_hidden(cast: Cast) -> None:
    source = make_source("Met eigen pagina")
    story = ready(TEXT, source=source)
    operations.ask_blind(story, [cast.officer.id, cast.councillor.id], by=cast.clerk.id)
    hidden = marked(story, "vier maanden", TEXT, by=cast.officer.id).id
    token = kept.narrator_link(story)
    db.commit()
    act_as(db, None)
    assert db.scalar(sa.select(Excerpt.id)) is None
    open_door(db, sha256(token.encode()).hexdigest())
    gone = kept.change_words(story, "Daar praat ik niet meer over.")
    assert gone == [hidden]


# --- Who may what ---------------------------------------------------------------------------------------------------


def test_who_reads_but_does_not_code_sees_the_settled_reading_without_tools(
    client: Client, cast: Cast
) -> None:
    story = ready(TEXT)
    excerpt = marked(story, "vier maanden", TEXT, by=cast.clerk.id)
    operations.write_note(story, "Een notitie.", excerpt_id=None, by=cast.clerk.id)
    db.commit()
    page = client.as_(cast["reader"]).page(f"/almere/verhalen/{story.id}")
    assert page.status == 200
    assert shown(page) == []
    assert "Een notitie." not in page.words
    assert page.soup.select("main form") == []
    for to in ("citaten", f"citaten/{excerpt.id}", "notities", "klaar", "samen"):
        assert act(client, story, to).status_code == 403


@pytest.mark.parametrize(
    ("reach", "quotes_only", "readers"),
    [
        (Reach.WORKING_GROUP, False, {"clerk", "officer", "facilitator", "councillor"}),
        (Reach.WORKING_GROUP, True, {"clerk", "officer", "facilitator"}),
    ],
)
def test_nobody_codes_what_the_narrator_keeps_from_them(
    client: Client, cast: Cast, reach: Reach, quotes_only: bool, readers: set[str]
) -> None:
    story = ready(TEXT, reach, quotes_only=quotes_only)
    db.commit()
    for role in ("clerk", "officer", "facilitator", "councillor"):
        client.as_(cast[role])
        assert (act(client, story, start=0, end=9).status_code == 200) == (role in readers), role
        assert ("luisterde" in client.page(f"/almere/verhalen/{story.id}").text) == (role in readers), role


def test_a_story_that_was_withdrawn_is_a_404_and_takes_all_marks_along(client: Client, cast: Cast) -> None:
    story, _wait, _listen = read_blind(cast)
    kept.end(story, State.WITHDRAWN)
    db.commit()
    assert client.as_(cast.clerk).page(f"/almere/verhalen/{story.id}").status == 404
    assert act(client, story, start=0, end=9).status_code == 404
    for table in (StoryWords, Excerpt, Coding, CoderReading):
        assert db.scalar(sa.select(sa.func.count()).select_from(table)) == 0, table
