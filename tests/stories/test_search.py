"""Finding stories: Dutch words with hits shown, choices that narrow, and never more than a reader may read."""

import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from tests.client import Client, Page
from tests.factories import Cast, make_goal, make_plan, make_value
from tests.stories.making import label, make_source, marked, ready
from workbench.core.db import db
from workbench.core.language import Language
from workbench.core.tenancy import act_as
from workbench.stories.coding import operations, queries, tags
from workbench.stories.coding.exchange.project import Coding as CodingOut
from workbench.stories.coding.exchange.project import Project, Source
from workbench.stories.coding.exchange.project import Tag as TagOut
from workbench.stories.coding.exchange.reading import read_qdc, read_qdpx
from workbench.stories.coding.exchange.writing import write_qdpx
from workbench.stories.coding.models import Coding, Tag
from workbench.stories.kept import operations as kept
from workbench.stories.kept.models import Excerpt, Leaning, Story
from workbench.stories.kept.visibility import Reach, State

WAITING = "Ik wachtte vier maanden op hulp. De wachttijden waren lang."
SCHOOL = "Op school ging het mis. Daarna hielp de juf ons <b>elke</b> dag."


def listed(page: Page) -> list[str]:
    assert page.soup is not None
    return [" ".join(item.get_text().split()) for item in page.soup.select(".wb-stories h2")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("maand", ["Verhaal 1"]),  # by stem
        ("hulp wachten", ["Verhaal 1"]),
        ('"vier maanden"', ["Verhaal 1"]),
        ('"maanden vier"', []),
        ("school or hulp", ["Verhaal 1", "Verhaal 2"]),
        ("-hulp", ["Verhaal 2"]),
        ("de", []),
        ("'\" & | ! <-> (", []),
        ("zilvervis", []),
    ],
)
def test_words_are_found_as_people_type_them(
    client: Client, cast: Cast, asked: str, found: list[str]
) -> None:
    ready(WAITING)
    ready(SCHOOL)
    db.commit()
    page = client.as_(cast.clerk).page("/almere/verhalen", query_string={"q": asked})
    assert sorted(listed(page)) == found


def test_a_search_for_words_that_say_nothing_says_so(client: Client, cast: Cast) -> None:
    ready(WAITING)
    db.commit()
    assert "Daarop zoeken wij niet." in client.as_(cast.councillor).page("/almere/verhalen?q=de+het").words
    assert "Daarop zoeken wij niet." not in client.page("/almere/verhalen?q=zilvervis").words


def test_hits_are_marked_and_html_of_a_story_stays_text(client: Client, cast: Cast) -> None:
    ready(SCHOOL)
    db.commit()
    page = client.as_(cast.clerk).page("/almere/verhalen?q=juf")
    assert [mark.get_text() for mark in page.soup.select("mark")] == ["juf"]
    assert page.soup.select_one(".wb-stories").find("b") is None


def about(cast: Cast) -> dict[str, Any]:
    """Four stories, each with something to choose it by."""
    goal = make_goal(make_value(make_plan()))
    tag, other = label("wachten"), label("school")
    tags.connect(tag, tags.Offer([goal], []), [goal.id], [])
    source = make_source("Spiegelgesprek")
    one, two = ready(WAITING), ready(SCHOOL, source=source)
    marked(one, "vier maanden", WAITING, tag, by=cast.clerk.id, leaning=Leaning.NOT_WELL)
    marked(two, "de juf", SCHOOL, other, by=cast.clerk.id, leaning=Leaning.WELL)
    mine = ready("Iets anders.")
    operations.ask_blind(mine, [cast.clerk.id, cast.officer.id], by=cast.clerk.id)
    db.commit()
    return {"bron": source.id, "label": tag.id, "doel": goal.id}


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ({"bron": ...}, ["Verhaal 2"]),
        ({"label": ...}, ["Verhaal 1"]),
        ({"doel": ...}, ["Verhaal 1"]),
        ({"doel": ..., "label": ...}, ["Verhaal 1"]),
        ({"richting": "well"}, ["Verhaal 2"]),
        ({"richting": "well", "label": ...}, []),
        ({"lezen": "los"}, ["Verhaal 3"]),
        ({"lezen": "mijn"}, ["Verhaal 3"]),
        ({"q": "school", "richting": "well"}, ["Verhaal 2"]),
    ],
)
def test_choices_narrow_the_list(
    client: Client, cast: Cast, choice: dict[str, Any], found: list[str]
) -> None:
    ids = about(cast)
    asked = {name: ids[name] if value is ... else value for name, value in choice.items()}
    page = client.as_(cast.clerk).page("/almere/verhalen", query_string=asked)
    assert sorted(listed(page)) == found


@pytest.mark.parametrize("asked", ["label=x", "bron=1", "richting=omhoog", "doel=%00"])
def test_a_choice_that_does_not_exist_is_no_crash(client: Client, cast: Cast, asked: str) -> None:
    assert client.as_(cast.clerk).page(f"/almere/verhalen?{asked}").status in (400, 404)


def test_who_does_not_code_filters_on_the_settled_reading(client: Client, cast: Cast) -> None:
    ids = about(cast)
    address = f"/almere/verhalen?label={ids['label']}"
    assert listed(client.as_(cast["reader"]).page(address)) == []
    act_as(db, cast.clerk.id)
    story = db.scalars(sa.select(Story).where(Story.number == 1)).one()
    operations.settle_together(story, by=cast.clerk.id)
    db.commit()
    assert listed(client.as_(cast["reader"]).page(address)) == ["Verhaal 1"]


def test_a_search_tells_nothing_of_the_part_that_a_reader_may_not_read(client: Client, cast: Cast) -> None:
    story = ready(WAITING, quotes_only=True)
    marked(story, "vier maanden", WAITING, by=cast.clerk.id)
    db.commit()
    reader = client.as_(cast.councillor)
    assert listed(reader.page("/almere/verhalen")) == [], "nothing of it may be quoted yet"
    act_as(db, cast.clerk.id)
    operations.settle_together(story, by=cast.clerk.id)
    db.commit()
    assert listed(reader.page("/almere/verhalen?q=wachttijd")) == []
    found = reader.page("/almere/verhalen?q=maanden")
    assert listed(found) == ["Verhaal 1"]
    assert "wachttijden" not in found.text
    alone = reader.page(f"/almere/verhalen/{story.id}")
    assert "vier maanden" in alone.words
    assert "wachttijden" not in alone.text
    assert listed(client.as_(cast.clerk).page("/almere/verhalen?q=wachttijd")) == ["Verhaal 1"]


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("state", [State.READY, State.WITH_NARRATOR, State.ENDED])
def test_the_list_shows_each_role_what_the_narrator_lets_it_read(
    client: Client, cast: Cast, reach: Reach, state: State
) -> None:
    story = ready(WAITING, reach)
    story.state = state
    db.commit()
    for role, least in (
        ("officer", Reach.WORKING_GROUP),
        ("councillor", Reach.WORKING_GROUP),
        ("reader", Reach.COUNCIL),
    ):
        may_see = state is State.READY and list(Reach).index(reach) >= list(Reach).index(least)
        for query in ("", "?q=maanden"):
            assert bool(listed(client.as_(cast[role]).page(f"/almere/verhalen{query}"))) == may_see, role


def test_the_list_is_paged_and_asks_little(client: Client, cast: Cast, query_count: list[str]) -> None:
    for _ in range(queries.PAGE_SIZE + 3):
        ready(WAITING)
    db.commit()
    client.as_(cast.clerk)
    query_count.clear()
    first = client.page("/almere/verhalen?q=hulp")
    assert len(query_count) <= 12
    assert "13 verhalen" in first.words
    assert len(listed(first)) == queries.PAGE_SIZE
    second = client.page(first.link("Volgende"))
    assert listed(second) == ["Verhaal 3", "Verhaal 2", "Verhaal 1"]


def test_a_word_of_very_many_stories_puts_the_best_of_the_newest_first(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Finding out how good each of thousands of hits is takes longer than looking for them."""
    monkeypatch.setattr(queries, "MOST_RANKED", 2)
    often = "Hulp, hulp en nog eens hulp. Daar gaat het over: hulp."
    for text in (often, WAITING, often, WAITING):
        ready(text)
    db.commit()
    found = client.as_(cast.clerk).page("/almere/verhalen?q=hulp")
    assert listed(found) == ["Verhaal 3", "Verhaal 4", "Verhaal 2", "Verhaal 1"]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            sa.select(Excerpt.id).where(Excerpt.story_id == uuid4()),
            "uq_excerpt_story_id_start_at_end_at_coder_id",
        ),
        (sa.select(Coding.tag_id).where(Coding.excerpt_id == uuid4()), "uq_coding_excerpt_id_tag_id"),
        (sa.select(Coding.excerpt_id).where(Coding.tag_id == uuid4()), "ix_coding_tag_id"),
    ],
)
def test_marks_come_by_index_also_behind_the_wall(cast: Cast, query: sa.Select[Any], index: str) -> None:
    db.execute(sa.text("SET LOCAL enable_seqscan = off"))
    statement = query.compile(db.connection(), compile_kwargs={"literal_binds": True})
    assert index in "\n".join(db.scalars(sa.text(f"EXPLAIN {statement}")))


# --- Other programs -------------------------------------------------------------------------------------------------


def fetched(client: Client, name: str) -> TestResponse:
    answer = client.get(f"/almere/verhalen/uitwisseling/{name}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer


def test_what_one_may_read_goes_out_and_comes_back_the_same(client: Client, cast: Cast) -> None:
    story, tag = ready(WAITING), label("wachten", description="Als hulp niet komt.")
    hidden = ready(SCHOOL, quotes_only=True)
    marked(story, "vier maanden", WAITING, tag, by=cast.councillor.id, leaning=Leaning.NOT_WELL)
    db.commit()
    client.as_(cast.councillor)
    project = read_qdpx(fetched(client, "verhalen.qdpx").data, Language("nl"))
    [source] = project.sources
    assert (source.guid, source.text) == (str(story.id), WAITING)
    assert [(c.start, c.end, c.tag) for c in source.codings] == [(11, 23, str(tag.id))]
    assert [coder.name for coder in project.coders] == ["lezer 1"]
    assert [t.name for t in read_qdc(fetched(client, "labels.qdc").data, Language("nl")).tags] == ["wachten"]
    assert "Als hulp niet komt." in fetched(client, "labels.csv").get_data(as_text=True)
    cited = fetched(client, "citaten.csv").get_data(as_text=True)
    assert "vier maanden" in cited
    assert cited.splitlines()[1].endswith(";gaat niet goed")
    assert str(hidden.id) not in cited
    assert (
        len(list(read_qdpx(fetched(client.as_(cast.clerk), "verhalen.qdpx").data, Language("nl")).sources))
        == 2
    )


def packed(*sources: Source, tags_: tuple[TagOut, ...]) -> bytes:
    stream = io.BytesIO()
    write_qdpx(Project("Elders", tags=tags_, sources=sources), stream, Language("nl"))
    return stream.getvalue()


GUID = "00000000-0000-4000-8000-00000000000"
NEW = TagOut(f"{GUID}1", "luisteren")


def bring(client: Client, data: bytes, name: str = "elders.qdpx") -> Page:
    answer = client.post("/almere/verhalen/uitwisseling/", data={"file": (io.BytesIO(data), name)})
    return Page(answer) if answer.status_code != 302 else client.page("/almere/verhalen/uitwisseling/")


def test_marks_made_elsewhere_come_in_as_ones_own_reading(client: Client, cast: Cast) -> None:
    story, tag = ready(WAITING), label("wachten")
    changed, secret = ready(SCHOOL), ready(SCHOOL, quotes_only=True)
    db.commit()
    known = TagOut(f"{GUID}2", "Wachten")
    codings = (CodingOut(f"{GUID}3", 11, 23, known.guid), CodingOut(f"{GUID}4", 0, 5, NEW.guid))
    file = packed(
        Source(str(story.id), "Een", WAITING, codings=codings),
        Source(str(changed.id), "Twee", "Andere tekst.", codings=(CodingOut(f"{GUID}5", 0, 5, NEW.guid),)),
        Source(str(secret.id), "Drie", SCHOOL, codings=(CodingOut(f"{GUID}6", 0, 5, NEW.guid),)),
        tags_=(known, NEW),
    )
    page = bring(client.as_(cast.councillor), file)
    assert "Nieuwe labels: 1. Labels op citaten: 2. Notities: 0. Verhalen: 1." in page.words
    assert "Verhaal 2: de tekst is hier anders" in page.words
    assert "niet mag lezen: 1" in page.words
    found = db.execute(
        sa.select(Excerpt.words, Excerpt.coder_id, Tag.name)
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .join(Tag, Tag.id == Coding.tag_id)
        .order_by(Excerpt.start_at)
    ).all()
    assert [tuple(row) for row in found] == [
        ("Ik wa", cast.councillor.id, "luisteren"),
        ("vier maanden", cast.councillor.id, "wachten"),
    ]
    bring(client, file)
    assert db.scalar(sa.select(sa.func.count()).select_from(Coding)) == 2, "twice is once"
    assert tag.name == "wachten"


def of_qualcoder(text: str, *, endings: str = "\n") -> bytes:
    """As QualCoder, Taguette and others write it: ids of their own, a folder `sources`, the words as name of a passage."""
    written = text.replace("\n", endings)
    start = written.index("vier maanden")
    selection = (
        f'<PlainTextSelection guid="{GUID}7" name="vier maanden" startPosition="{start}" endPosition="{start + 12}"'
        f' creatingUser="{GUID}8"><Coding guid="{GUID}9"><CodeRef targetGUID="{GUID}1"/></Coding>'
        f'<NoteRef targetGUID="{GUID}6"/></PlainTextSelection>'
    )
    description = (
        '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="QualCoder">'
        f'<Users><User guid="{GUID}8" name="default"/></Users><CodeBook><Codes>'
        f'<Code guid="{GUID}2" name="Toegang" isCodable="false"><Code guid="{GUID}1" name="Wachten" isCodable="true"/>'
        f'</Code></Codes></CodeBook><Sources><TextSource guid="{GUID}5" name="Verhaal 1.txt"'
        f' plainTextPath="internal://{GUID}5.txt">{selection}</TextSource></Sources>'
        f'<Notes><Note guid="{GUID}6" name="memo"><PlainTextContent>Komt vaker voor.</PlainTextContent></Note></Notes>'
        "</Project>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("project.qde", description)
        archive.writestr(f"sources/{GUID}5.txt", b"\xef\xbb\xbf" + written.encode())
    return stream.getvalue()


@pytest.mark.parametrize("endings", ["\n", "\r\n"])
def test_a_text_that_another_program_gave_an_id_of_its_own_is_known_by_its_words(
    client: Client, cast: Cast, endings: str
) -> None:
    text = f"Toen 🙂\n\nbegon het.\n{WAITING}"
    story = ready(text)
    db.commit()
    file = of_qualcoder(text, endings=endings)
    page = bring(client.as_(cast.councillor), file)
    assert "Nieuwe labels: 2. Labels op citaten: 1. Notities: 1. Verhalen: 1." in page.words
    assert db.scalars(sa.select(Excerpt.words)).one() == "vier maanden"
    names = {tag.name: tag.parent_id for tag in db.scalars(sa.select(Tag))}
    assert (names["Toegang"], names["Wachten"] is None) == (None, False)
    assert "Komt vaker voor." in client.page(f"/almere/verhalen/{story.id}").words
    assert "Nieuwe labels: 0. Labels op citaten: 1. Notities: 0." in bring(client, file).words
    assert db.scalar(sa.select(sa.func.count()).select_from(Coding)) == 1, "twice is once"


def test_what_was_read_together_does_not_change_by_a_file(client: Client, cast: Cast) -> None:
    story, tag = ready(WAITING), label("wachten")
    marked(story, "vier maanden", WAITING, tag, by=cast.councillor.id)
    operations.settle_together(story, by=cast.councillor.id)
    db.commit()
    before = db.scalar(sa.select(sa.func.count()).select_from(Excerpt))
    page = bring(client.as_(cast.councillor), of_qualcoder(WAITING))
    assert "1 verhaal is al samen gelezen. Daar veranderde niets." in page.words
    assert db.scalar(sa.select(sa.func.count()).select_from(Excerpt)) == before


def test_ones_own_file_comes_back_with_notes_and_a_label_that_is_no_longer_offered(
    client: Client, cast: Cast
) -> None:
    story, tag, old = ready(WAITING), label("wachten"), label("oud")
    made = marked(story, "vier maanden", WAITING, tag, old, by=cast.councillor.id)
    operations.write_note(story, "Dit hoor ik vaker.", excerpt_id=made.id, by=cast.councillor.id)
    operations.write_note(story, "Een heel verhaal.", excerpt_id=None, by=cast.councillor.id)
    tags.retire(old, by=cast.clerk.id)
    db.commit()
    file = fetched(client.as_(cast.councillor), "verhalen.qdpx").data
    project = read_qdpx(file, Language("nl"))
    assert {(memo.text, len(memo.about)) for memo in project.memos} == {
        ("Dit hoor ik vaker.", 2),
        ("Een heel verhaal.", 1),
    }
    page = bring(client, file)
    assert "Nieuwe labels: 0. Labels op citaten: 0. Notities: 0. Verhalen: 0." in page.words
    operations.remove(story, made.id, edition=None, by=cast.councillor.id)
    db.commit()
    page = bring(client, file)
    assert "Labels op citaten: 1. Notities: 1." in page.words
    assert "Label „oud” wordt niet meer gebruikt. Weggelaten: 1 citaat." in page.words


def test_what_is_not_there_cannot_be_taken_along(client: Client, cast: Cast) -> None:
    words = client.as_(cast.councillor).page("/almere/verhalen/uitwisseling/").words
    assert "Alleen de labels (QDC)" not in words
    assert "Citaten als tabel" not in words
    label("wachten")
    db.commit()
    assert "Alleen de labels (QDC)" in client.page("/almere/verhalen/uitwisseling/").words


def test_tables_come_back_too(client: Client, cast: Cast) -> None:
    story, tag = ready(WAITING), label("wachten")
    made = marked(story, "vier maanden", WAITING, tag, by=cast.councillor.id)
    db.commit()
    client.as_(cast.councillor)
    labels, cited = fetched(client, "labels.csv").data, fetched(client, "citaten.csv").data
    operations.remove(story, made.id, edition=None, by=cast.councillor.id)
    db.commit()
    more = labels + f"{GUID}1;=snel();;;;ja\r\n".encode()
    assert "Nieuwe labels: 1." in bring(client, more, "labels.csv").words
    page = bring(client, cited, "citaten.csv")
    assert "Labels op citaten: 1. Notities: 0. Verhalen: 1." in page.words
    assert db.scalars(sa.select(Excerpt.words)).one() == "vier maanden"
    wrong = bring(client, cited.replace(b"vier maanden", b"vijf maanden"), "citaten.csv")
    assert "Regel 2: het citaat staat niet op die plaats in de tekst." in wrong.words


def deep() -> bytes:
    made = [TagOut(f"{GUID}{n}", f"laag {n}", parent=f"{GUID}{n - 1}" if n else None) for n in range(6)]
    return packed(tags_=tuple(made))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 stuk", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", deep()])
def test_a_hostile_file_changes_nothing_and_says_why(client: Client, cast: Cast, data: bytes) -> None:
    ready(WAITING)
    db.commit()
    for name in ("elders.qdpx", "elders.qdc"):
        page = bring(client.as_(cast.clerk), data, name)
        assert page.status == 422 if data else page.status in (422, 302), name
        assert "error-summary" in page.text
        if name.endswith("qdpx"):
            assert db.scalars(sa.select(Tag)).all() == []


def test_a_withdrawn_story_goes_out_no_more(client: Client, cast: Cast) -> None:
    story = ready(WAITING)
    kept.end(story, State.WITHDRAWN)
    db.commit()
    assert (
        list(read_qdpx(fetched(client.as_(cast.clerk), "verhalen.qdpx").data, Language("nl")).sources) == []
    )


@pytest.mark.parametrize("place", ["begin", "end", "both"])
def test_a_passage_is_shown_wherever_in_a_long_text_the_word_stands(
    client: Client, cast: Cast, place: str
) -> None:
    long = "Het was een lange dag met veel gesprekken. " * 100
    hit = "Toen kwam de zilvervis langs."
    ready({"begin": f"{hit} {long}", "end": f"{long} {hit}", "both": f"{hit} {long} {hit}"}[place])
    db.commit()
    page = client.as_(cast.clerk).page("/almere/verhalen?q=zilvervis")
    assert page.soup is not None
    assert [mark.get_text() for mark in page.soup.select(".wb-stories__passage mark")] == ["zilvervis"]
