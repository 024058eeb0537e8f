"""What stories say about a goal: patterns, findings that stand on excerpts, and the round about what matters most."""

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client
from tests.factories import (
    Cast,
    cast_ballot,
    make_councillors,
    make_goal,
    make_plan,
    make_story,
    make_value,
)
from tests.stories.making import excerpt, make_source, ready
from workbench.accounts.models import Audience as DoorAudience
from workbench.accounts.models import Door, Person
from workbench.accounts.operations import make_door
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.tenancy import act_for, open_door
from workbench.evidence.insight import operations, places, queries
from workbench.evidence.insight.models import Finding, GoalLines, Says
from workbench.evidence.insight.wording import MOST_WORDS, taken_over
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Round
from workbench.rounds.operations import Reply
from workbench.stories.coding.models import Coding, Tag
from workbench.stories.coding.patterns import Way
from workbench.stories.kept import operations as stories
from workbench.stories.kept.models import Excerpt, Leaning, OwnReading, Story, StoryWords
from workbench.stories.kept.visibility import Audience, Reach, State
from workbench.stories.models import Basis, StorySource
from workbench.vision.models import Goal, Plan, Value

TODAY = date(2026, 11, 22)
MARK = "zilverbrasem"


@pytest.fixture
def goal(cast: Cast) -> Goal:
    made = make_goal(make_value(make_plan()))
    db.commit()
    return made


@pytest.fixture
def source(cast: Cast) -> StorySource:
    return make_source()


def make_tag(name: str, *goals: Goal) -> Tag:
    tag = Tag(name=name, version=1, revision=1, goals=list(goals), values=[])
    db.add(tag)
    db.flush()
    return tag


def tell(
    source: StorySource,
    tag: Tag | None,
    leaning: Leaning | None,
    words: str = "Ik wachtte lang.",
    reach: Reach = Reach.COUNCIL,
) -> tuple[Story, Excerpt]:
    """A story with one settled excerpt under this label."""
    text = f"Het begon vorig jaar. {words} Zo ging dat."
    story = ready(text, reach, source=source, teller="moeder van twee")
    story.told_on = date(2026, 3, story.number)
    made = excerpt(story, words, text, leaning=leaning)
    if tag is not None:
        db.add(Coding(excerpt_id=made.id, tag_id=tag.id))
    db.flush()
    return story, made


def some(goal: Goal, source: StorySource, *leanings: Leaning) -> list[tuple[Story, Excerpt]]:
    """A story per leaning about this goal; the words of each are its own."""
    tag = make_tag("wachten", goal)
    told = [
        tell(source, tag, leaning, f"Voor mij was het keer {place}.")
        for place, leaning in enumerate(leanings, start=1)
    ]
    db.commit()
    return told


def heard(goal: Goal, who: Audience = Audience.COUNCIL) -> queries.Heard:
    return queries.heard(goal.id, who, TODAY)


# --- Which stories ------------------------------------------------------------------------------------------------------


def test_an_excerpt_is_about_a_goal_by_its_label(cast: Cast, goal: Goal, source: StorySource) -> None:
    other = make_goal(db.scalars(sa.select(Value)).one(), "iedereen kan meedoen")
    tell(source, make_tag("wachten", goal), Leaning.NOT_WELL)
    tell(source, make_tag("geld", other), Leaning.WELL)
    found = heard(goal)
    assert (found.found.stories, found.found.all_stories) == (1, 2)
    assert [mark.number for mark in found.marks] == [1]


def test_an_excerpt_without_a_label_of_any_goal_is_about_the_goal_of_its_source(
    cast: Cast, goal: Goal
) -> None:
    other = make_goal(db.scalars(sa.select(Value)).one(), "iedereen kan meedoen")
    source = db.get_one(
        StorySource, make_story(goal, basis=Basis.PUBLIC_TASK, asks_narrator=False).story_source_id
    )
    tell(source, None, Leaning.WELL)
    tell(source, make_tag("zonder doel"), Leaning.WELL)
    tell(source, make_tag("geld", other), Leaning.WELL)
    assert [mark.number for mark in heard(goal).marks] == [1, 2], (
        "the third was said to be about another goal"
    )
    assert [mark.number for mark in heard(other).marks] == [3]


def test_only_stories_that_the_reader_may_read_are_counted_and_shown(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    tag = make_tag("wachten", goal)
    tell(source, tag, Leaning.WELL, f"Alleen voor de groep: {MARK}.", Reach.WORKING_GROUP)
    tell(source, tag, Leaning.WELL, "Voor de hele raad.")
    db.get_one(Plan, goal.plan_id).open()
    db.commit()
    assert heard(goal).found.stories == 1
    assert heard(goal, Audience.WORKING_GROUP).found.stories == 2
    for address in ("verhalen", "verhalen/citaten"):
        page = client.as_(cast["reader"]).page(f"/almere/doelen/{goal.id}/{address}")
        assert page.status == 200
        assert MARK not in page.text
        assert "Voor de hele raad." in page.words
        assert MARK in client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/{address}").text


def test_what_a_coder_marked_alone_does_not_count_before_it_is_settled(
    cast: Cast, goal: Goal, source: StorySource
) -> None:
    _story, made = tell(source, make_tag("wachten", goal), Leaning.WELL)
    made.coder_id = cast.officer.id
    db.flush()
    assert heard(goal).found.stories == 0


# --- The page of a goal -------------------------------------------------------------------------------------------------


def test_the_voice_that_says_otherwise_stands_beside_that_of_the_most(
    client: Client, cast: Cast, goal: Goal, source: StorySource, query_count: list[str]
) -> None:
    some(goal, source, Leaning.NOT_WELL, Leaning.NOT_WELL, Leaning.NOT_WELL, Leaning.WELL)
    address = f"/almere/doelen/{goal.id}/verhalen"
    client.as_(cast.councillor)
    query_count.clear()
    page = client.page(address)
    assert len(query_count) <= 12, query_count
    assert page.status == 200
    assert "4 van de 4 verhalen gaan over dit doel." in page.words
    assert "3 verhalen zeggen: het gaat niet goed." in page.words
    assert page.soup
    cards = {
        card.h3.get_text(): card.blockquote.p.get_text() for card in page.soup.select(".wb-cards .wb-card")
    }  # type: ignore[union-attr]
    assert cards == {
        "Een stem uit de grootste groep": "“Voor mij was het keer 1.”",
        "Een verhaal dat iets anders zegt": "“Voor mij was het keer 4.”",
    }


def test_two_stories_are_no_pattern(client: Client, cast: Cast, goal: Goal, source: StorySource) -> None:
    some(goal, source, Leaning.NOT_WELL, Leaning.WELL)
    page = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/verhalen")
    assert "Er zijn 2 verhalen over dit doel. Dat is te weinig voor een patroon" in page.words
    assert "zeggen: het gaat" not in page.words
    assert "Voor mij was het keer 1." in page.words, "they may be read"


def test_a_goal_without_stories_says_so(client: Client, cast: Cast, goal: Goal) -> None:
    page = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/verhalen")
    assert "Nog geen verhaal over dit doel" in page.words


def test_who_is_outside_the_group_reads_nothing_of_a_step_that_is_closed(
    client: Client, cast: Cast, goal: Goal
) -> None:
    assert client.as_(cast["reader"]).page(f"/almere/doelen/{goal.id}/verhalen").status == 403


def test_narrators_in_small_groups_are_not_counted_out(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    told = some(goal, source, *[Leaning.WELL] * 3)
    for story, _made in told:
        words = db.scalars(sa.select(StoryWords).where(StoryWords.story_id == story.id)).one()
        words.traits = {"leeftijd": "80 jaar of ouder"}
    db.commit()
    page = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/verhalen")
    assert "Van elke groep zijn er te weinig om een aantal te tonen." in page.words
    assert "80 jaar" not in page.words


# --- What narrators say themselves --------------------------------------------------------------------------------------


def place(story: Story, *answers: int | None) -> None:
    """As the narrator does it, through the own door."""
    token = make_door(DoorAudience.NARRATOR, story.id)
    db.commit()
    hashed = db.scalars(sa.select(Door.token_hash).where(Door.object_id == story.id)).one()
    assert token
    open_door(db, hashed)
    questions = [
        {
            "key": "alone",
            "question": "Stond u er alleen voor?",
            "left": "Nabijheid",
            "right": "Deskundigheid",
        },
        {"key": "say", "question": "Wie besliste?", "left": "anderen", "right": "ik zelf"},
    ]
    db.add(OwnReading(story_id=story.id, questions=questions, answers=list(answers)))
    db.commit()
    open_door(db, "")


def test_narrators_own_reading_is_shown_from_five_stories_up_beside_the_place_of_the_council(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    told = some(goal, source, *[Leaning.WELL] * 5)
    for number, (story, _made) in enumerate(told):
        place(story, 10 * number, 90 if number < 4 else None)
    page = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/verhalen")
    assert (
        "Van de 5 vertellers staan er 4 aan de kant van ‘Nabijheid’, 1 in het midden en 0 aan de kant van ‘Deskundigheid’."
        in page.words
    )
    assert "De raad (de ruit):" in page.words, "the line between the two is that of a value of the council"
    assert page.words.count("Nog te weinig antwoorden") == 1, "four people answered the other question"
    assert page.soup
    assert len(page.soup.select(".wb-position circle")) == 5


@given(st.lists(st.integers(0, 100), max_size=60))
def test_every_place_is_counted_once_and_stays_on_the_strip(given_places: list[int]) -> None:
    found = places.spread(given_places)
    assert (found is None) == (len(given_places) < places.FEWEST)
    assert found is None or found.n == len(given_places)
    dots = places.dots(given_places)
    assert len(dots) == len(given_places)
    assert all(0 <= x <= places.WIDTH and 0 <= y <= places.HEIGHT for x, y in dots)


@given(st.lists(st.integers(0, 100), min_size=5, max_size=40))
def test_seen_from_the_other_end_the_line_says_the_same(given_places: list[int]) -> None:
    found, turned = places.spread(given_places), places.spread([100 - item for item in given_places])
    assert found
    assert turned
    assert (found.left, found.middle, found.right) == (turned.right, turned.middle, turned.left)


# --- Findings -----------------------------------------------------------------------------------------------------------


def add(
    goal: Goal, *excerpts: Excerpt, text: str = "Wie belt, wacht langer.", says: Says = Says.ADDS
) -> Finding:
    found = operations.add_finding(
        goal, None, text=text, says=says, excerpt_ids=sorted(item.id for item in excerpts)
    )
    db.commit()
    return found


def test_a_councillor_writes_what_the_group_reads_with_the_excerpts_it_follows_from(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    told = some(goal, source, Leaning.NOT_WELL, Leaning.NOT_WELL, Leaning.WELL)
    page = client.as_(cast.councillor).submit(
        f"/almere/doelen/{goal.id}/bevindingen/nieuw",
        text="Wie belt, wacht langer.",
        says="contradicts",
        excerpt_ids=[str(told[0][1].id), str(told[2][1].id)],
    )
    assert page.status == 200
    assert "Wie belt, wacht langer. spreekt de cijfers tegen" in page.words
    assert "Waaruit blijkt dat? 2 citaten" in page.words
    assert page.link("Verhaal 1").endswith(f"/citaten/{told[0][1].id}")
    one = client.page(f"/almere/citaten/{told[0][1].id}")
    assert "Voor mij was het keer 1." in one.words
    assert "Wie belt, wacht langer." in one.words


def test_without_an_excerpt_it_is_no_finding(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    some(goal, source, Leaning.WELL)
    page = client.as_(cast.councillor).submit(
        f"/almere/doelen/{goal.id}/bevindingen/nieuw", text="Het gaat goed.", says="adds"
    )
    assert "Kies minstens één citaat." in page.words
    assert "Het gaat goed." in page.text, "what was typed is still there"
    with pytest.raises(Conflict, match="minstens één citaat"):
        operations.add_finding(goal, None, text="Het gaat goed.", says=Says.ADDS, excerpt_ids=[])
    with pytest.raises(Conflict, match="minstens één citaat"):
        operations.add_finding(goal, None, text="Zo.", says=Says.ADDS, excerpt_ids=[UUID(int=7)])


def test_a_finding_is_in_words_of_the_group_itself(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    words = "Toen ik voor de derde keer belde wist niemand meer wie ik was."
    _story, made = tell(source, make_tag("wachten", goal), Leaning.NOT_WELL, words)
    db.commit()
    address = f"/almere/doelen/{goal.id}/bevindingen/nieuw"
    page = client.as_(cast.councillor).submit(
        address,
        text="Iemand zei: toen ik voor de derde keer belde, wist niemand meer wie ik was!",
        says="adds",
        excerpt_ids=[str(made.id)],
    )
    assert "Schrijf het in eigen woorden." in page.words
    assert db.query(Finding).count() == 0
    assert client.submit(
        address, text="Wie vaker belt, begint opnieuw.", says="adds", excerpt_ids=[str(made.id)]
    ).status == 200  # fmt: skip
    assert db.query(Finding).count() == 1


def test_a_finding_says_when_an_excerpt_went_and_asks_to_look_again(
    client: Client, cast: Cast, goal: Goal, source: StorySource, sent_jobs: list[object]
) -> None:
    told = some(goal, source, Leaning.NOT_WELL, Leaning.NOT_WELL, Leaning.WELL)
    finding = add(goal, told[0][1], told[1][1])
    stories.end(told[0][0], State.WITHDRAWN)
    db.commit()
    page = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/verhalen")
    assert "Eén van de 2 citaten is er niet meer. Klopt deze bevinding nog?" in page.words
    stories.end(told[1][0], State.WITHDRAWN)
    db.commit()
    page = client.page(f"/almere/doelen/{goal.id}/verhalen")
    assert "Geen enkel citaat onder deze bevinding is er nog." in page.words
    assert "Wie belt, wacht langer." in page.words, "it is marked, not silently gone"
    form = client.page(f"/almere/bevindingen/{finding.id}")
    assert "2 citaten zijn er niet meer" in form.words
    page = client.submit(f"/almere/bevindingen/{finding.id}", excerpt_ids=[str(told[2][1].id)])
    assert page.status == 200
    assert "niet meer" not in page.words
    db.expire_all()
    assert db.get_one(Finding, finding.id).excerpt_ids == [told[2][1].id]


def test_the_lines_at_the_head_lead_to_what_they_stand_on_and_ask_to_look_again_when_it_went(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    [(story, made), *_others] = some(goal, source, Leaning.WELL, Leaning.WELL, Leaning.NOT_WELL)
    here = db.get_one(Goal, goal.id)
    operations.write_lines(
        here, cast.clerk.id, 0, **dict.fromkeys(("figures", "stories", "difference"), "Een zin.")
    )
    operations.add_finding(here, cast.clerk.id, text="Het helpt.", says=Says.ADDS, excerpt_ids=[made.id])
    db.commit()
    address = f"/almere/doelen/{goal.id}/verhalen"
    page = client.as_(cast.councillor).page(address)
    assert (
        page.link("Waaruit blijkt wat verhalen zeggen? Lees de bevindingen met hun citaten.")
        == "#bevindingen"
    )
    assert "Kloppen deze drie regels nog?" not in page.words
    stories.end(story, State.WITHDRAWN)
    db.commit()
    assert "Kloppen deze drie regels nog?" in client.page(address).words


def test_two_people_at_one_finding_lose_nothing(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    told = some(goal, source, Leaning.WELL)
    finding = add(goal, told[0][1])
    first = client.as_(cast.councillor).page(f"/almere/bevindingen/{finding.id}")
    assert first.soup
    base = first.form().find("input", {"name": "base_version"})["value"]  # type: ignore[index]
    client.as_(cast.clerk).submit(f"/almere/bevindingen/{finding.id}", text="Van de griffier.")
    page = client.as_(cast.councillor).send(
        f"/almere/bevindingen/{finding.id}",
        base_version=base,
        text="Van het raadslid.",
        says="adds",
        excerpt_ids=[str(told[0][1].id)],
    )
    assert page.status == 409, page.words
    assert "Van de griffier." in page.words
    assert "Van het raadslid." in page.text
    history = client.page(f"/almere/bevindingen/{finding.id}/geschiedenis")
    assert "Van de griffier." in history.words


def test_findings_stand_in_the_order_that_the_group_wants(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    told = some(goal, source, Leaning.WELL)
    _first, second = (add(goal, told[0][1], text=text) for text in ("Een.", "Twee."))
    assert client.as_(cast.clerk).send(f"/almere/bevindingen/{second.id}/omhoog").status == 302
    assert [finding.text for finding in queries.findings_of(goal.id)] == ["Twee.", "Een."]
    client.send(f"/almere/bevindingen/{second.id}/omhoog")
    assert [finding.text for finding in queries.findings_of(goal.id)] == ["Twee.", "Een."]
    client.send(f"/almere/bevindingen/{second.id}/verwijderen")
    assert [finding.text for finding in queries.findings_of(goal.id)] == ["Een."]


def test_an_officer_writes_no_findings(client: Client, cast: Cast, goal: Goal) -> None:
    assert client.as_(cast.officer).page(f"/almere/doelen/{goal.id}/bevindingen/nieuw").status == 403


def test_a_question_about_a_finding_begins_with_it(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    told = some(goal, source, Leaning.WELL)
    finding = add(goal, told[0][1])
    page = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/verhalen")
    form = client.page(page.link("Stel hierover een vraag"))
    assert "Over de bevinding “Wie belt, wacht langer.”" in form.text
    assert str(finding.id) not in client.page(f"/almere/doelen/{goal.id}/vraag").text


WORD = st.text("abcdefghij", min_size=1, max_size=3)


@given(st.lists(WORD, min_size=MOST_WORDS + 1, max_size=30), st.data())
def test_more_than_eight_words_of_a_passage_are_always_found(passage: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(passage) - MOST_WORDS - 1))
    own = [*data.draw(st.lists(WORD, max_size=5)), *passage[start:], *data.draw(st.lists(WORD, max_size=5))]
    found = taken_over(", ".join(own).upper() + "!", [" ".join(passage)])
    assert found
    said = [word.casefold() for word in found.split(", ")]
    assert len(said) > MOST_WORDS
    assert any(passage[at : at + len(said)] == said for at in range(len(passage))), (
        "and it names what was taken"
    )


@given(st.lists(WORD, max_size=MOST_WORDS), st.lists(WORD, max_size=30))
def test_eight_words_may_be_the_same(own: list[str], passage: list[str]) -> None:
    assert taken_over(" ".join(own), [" ".join(passage), " ".join(own)]) == ""


# --- The round about what matters most ----------------------------------------------------------------------------------


@pytest.fixture
def asked(cast: Cast, goal: Goal, source: StorySource) -> Round:
    """Five people chose: three the first story, two the second; one says why."""
    tag = make_tag("wachten", goal)
    for word in (MARK, "kwikstaart", "zonnedauw"):
        tell(source, tag, Leaning.WELL, f"Daar was een {word}.")
    people = [person.id for person in make_councillors(cast, 5)]
    found = operations.ask_most_telling(
        db.get_one(Goal, goal.id), heard(goal).marks, Method.CHOOSE, cast.clerk.id
    )
    db.commit()
    for place_of, person_id in enumerate(people):
        reply = Reply({"picks": [found.keys[place_of // 3]]}, "Dit raakte mij.", share_reason=not place_of)
        cast_ballot(found, db.get_one(Person, person_id), reply)
    act_for(db, cast.almere.id)
    return found


def test_a_round_about_stories_shows_their_words_but_does_not_keep_them(
    client: Client, cast: Cast, goal: Goal, asked: Round, sent_jobs: list[object]
) -> None:
    page = client.as_(cast.councillor).page(f"/almere/rondes/{asked.id}")
    assert f"Daar was een {MARK}." in page.words
    row = db.execute(sa.text("SELECT round::text FROM round")).scalar_one()
    assert MARK not in row
    assert [option.label for option in asked.options] == ["Verhaal 1", "Verhaal 2", "Verhaal 3"]
    story = db.scalars(sa.select(Story).where(Story.number == 1)).one()
    stories.end(story, State.WITHDRAWN)
    db.commit()
    page = client.page(f"/almere/rondes/{asked.id}")
    assert MARK not in page.text
    assert "Dit citaat is er niet meer." in page.words
    assert "Daar was een kwikstaart." in page.words


def test_a_reason_does_not_repeat_a_story_that_may_be_withdrawn(
    client: Client, cast: Cast, asked: Round
) -> None:
    address = f"/almere/rondes/{asked.id}"
    first = client.as_(cast.councillor).page(address).soup.select("[name=answer]")[0]["value"]
    page = client.submit(
        address,
        "antwoord",
        answer=[first],
        reason=f"Het begon vorig jaar. Daar was een {MARK}. Zo ging dat.",
    )
    assert page.status == 409
    assert "Schrijf het in eigen woorden" in page.words
    page = client.submit(address, "antwoord", answer=[first], reason=f"Dat van die {MARK} raakte mij.")
    assert "Uw antwoord is bewaard" in page.words


def test_a_story_that_nobody_read_yet_is_not_counted_as_about_something_else(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    some(goal, source, Leaning.WELL, Leaning.WELL, Leaning.NOT_WELL)
    ready("Nog niemand las dit.", source=source)
    db.commit()
    words = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/verhalen").words
    assert "3 van de 3 verhalen gaan over dit doel." in words
    assert "1 ander verhaal is nog niet samen gelezen." in words


def test_the_result_names_the_chosen_excerpt_with_the_reasons(
    client: Client, cast: Cast, goal: Goal, asked: Round
) -> None:
    rounds.close_round(asked)
    rounds.reveal_round(asked)
    db.commit()
    page = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/verhalen")
    assert "Het vaakst gekozen: Verhaal 1." in page.words
    assert f"Daar was een {MARK}." in page.words
    assert "Dit raakte mij." in page.words
    assert f"Daar was een {MARK}." in client.page(f"/almere/rondes/{asked.id}").words


def test_a_clerk_opens_the_round_from_the_page_of_the_goal(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    told = some(goal, source, Leaning.WELL, Leaning.WELL, Leaning.NOT_WELL)
    client.as_(cast.clerk)
    address = client.page(f"/almere/doelen/{goal.id}/verhalen").link("Een ronde over deze verhalen beginnen")
    page = client.submit(address, excerpt_ids=[str(told[0][1].id)])
    assert "Kies 3 tot 8 citaten." in page.words
    page = client.submit(address, excerpt_ids=[str(made.id) for _story, made in told], method="dots")
    assert page.title == "Welk verhaal laat zien wat er het meest toe doet?"
    assert client.page(address).location.endswith(f"/rondes/{db.query(Round).one().id}"), "it runs already"
    with pytest.raises(Conflict, match="loopt al"):
        operations.ask_most_telling(goal, heard(goal).marks, Method.DOTS, None)


def test_a_story_that_not_everyone_may_read_is_no_choice(cast: Cast, goal: Goal, source: StorySource) -> None:
    some(goal, source, Leaning.WELL, Leaning.WELL)
    tag = db.scalars(sa.select(Tag)).one()
    tell(source, tag, Leaning.WELL, "Alleen hier.", Reach.WORKING_GROUP)
    with pytest.raises(Conflict, match="hele raad"):
        operations.ask_most_telling(goal, heard(goal, Audience.WORKING_GROUP).marks, Method.CHOOSE, None)


def test_two_excerpts_of_one_story_have_names_of_their_own(
    cast: Cast, goal: Goal, source: StorySource
) -> None:
    marks = [queries.Mark(UUID(int=place), number, Way.WELL, None) for place, number in enumerate((7, 9, 7))]
    labels = [option.label for option in operations.options(marks)]
    assert labels == ["Verhaal 7, citaat 1", "Verhaal 9", "Verhaal 7, citaat 2"]


# --- Three lines --------------------------------------------------------------------------------------------------------


def test_the_three_lines_stand_at_the_goal_and_hold_no_words_of_a_story(
    client: Client, cast: Cast, goal: Goal, source: StorySource
) -> None:
    words = "Toen ik voor de derde keer belde wist niemand meer wie ik was."
    _story, made = tell(source, make_tag("wachten", goal), Leaning.NOT_WELL, words)
    add(goal, made, says=Says.CONTRADICTS)
    address = f"/almere/doelen/{goal.id}/drie-regels"
    first = client.as_(cast.councillor).page(address)
    assert first.text.count("Wie belt, wacht langer.") == 2, "proposed for stories, and as a difference"
    page = client.submit(address, stories=f"Iemand vertelt: {words}")
    assert "Schrijf het in eigen woorden." in page.words
    assert db.query(GoalLines).count() == 0
    page = client.submit(address, figures="De wachttijd daalt.", difference="")
    assert page.status == 200
    assert "Wat cijfers zeggen De wachttijd daalt. Wat verhalen zeggen Wie belt, wacht langer." in page.words
    assert "Waar ze verschillen" not in page.words, "that line was left empty"
    again = client.page(address)
    assert "De wachttijd daalt." in again.text
    assert client.page(f"{address}/geschiedenis").status == 200
