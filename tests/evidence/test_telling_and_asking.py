"""Stories under a goal, questions and requests, and the coverage of a plan."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import (
    Cast,
    make_goal,
    make_link,
    make_plan,
    make_question,
    make_request,
    make_story,
    make_value,
)
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.evidence.asking.models import Candidate, DataRequest, InformationQuestion, Verdict
from workbench.evidence.coverage.queries import coverage_of
from workbench.evidence.telling.models import StoryLink
from workbench.evidence.telling.operations import link_stories
from workbench.stories.models import StorySource
from workbench.vision.models import Goal, Plan, Value

STORY = {
    "name": "Gesprekken aan tafel",
    "kind": "table_talk",
    "from_whom": "Mantelzorgers",
    "reason": "Zij merken het als eersten.",
}


@pytest.fixture
def goal(cast: Cast) -> Goal:
    made = make_goal(make_value(make_plan()))
    db.commit()
    return made


def _value(goal: Goal) -> Value:
    return db.scalars(sa.select(Value).where(Value.plan_id == goal.plan_id)).one()


# --- Stories --------------------------------------------------------------------------------------------------------


def test_a_councillor_says_who_can_tell_and_why(client: Client, cast: Cast, goal: Goal) -> None:
    page = client.as_(cast.councillor).submit(
        f"/almere/doelen/{goal.id}/verhalen/nieuw",
        **STORY,
        collected_on="12-3-2026",
        collector="Het wijkteam",
    )
    assert page.status == 200
    for words in ("Gesprekken aan tafel", "Mantelzorgers", "Zij merken het als eersten.", "12 maart 2026"):
        assert words in page.words
    link = db.query(StoryLink).one()
    other = make_goal(_value(goal), "zij meedoen")
    db.commit()
    chooser = client.page(f"/almere/doelen/{other.id}/verhalen/kiezen")
    again = client.submit(chooser.link("Kiezen"), reason="Ook hier.")
    assert "Ook hier." in again.words
    assert db.query(StorySource).count() == 1
    client.submit(f"/almere/verhaalkoppelingen/{link.id}", "/verwijderen")
    assert db.query(StoryLink).one().goal_id == other.id


@pytest.mark.parametrize("absent", ["name", "kind", "from_whom", "reason"])
def test_a_story_without_what_it_needs_is_refused_and_nothing_is_kept(
    client: Client, cast: Cast, goal: Goal, absent: str
) -> None:
    typed = {name: text for name, text in STORY.items() if name != absent}
    page = client.as_(cast.clerk).submit(f"/almere/doelen/{goal.id}/verhalen/nieuw", **typed)
    assert page.status == 422
    assert db.query(StorySource).count() == 0


def test_a_talk_that_must_still_come_was_not_held(client: Client, cast: Cast, goal: Goal) -> None:
    tomorrow = (date.today() + timedelta(days=1)).strftime("%d-%m-%Y")  # noqa: DTZ011
    page = client.as_(cast.clerk).submit(
        f"/almere/doelen/{goal.id}/verhalen/nieuw", **STORY, collected_on=tomorrow
    )
    assert page.status == 422
    assert "Deze dag moet nog komen" in page.words


def test_the_same_stories_twice_are_refused(session: None, cast: Cast, goal: Goal) -> None:
    link = make_story(goal)
    with pytest.raises(Conflict):
        link_stories(goal, db.get_one(StorySource, link.story_source_id), None, reason="Nog eens.")


def test_the_source_can_be_put_better_and_two_people_see_both_versions(
    client: Client, cast: Cast, goal: Goal
) -> None:
    source_id = make_story(goal).story_source_id
    db.commit()
    address = f"/almere/verhaalbronnen/{source_id}"
    assert "Van de eerste" in client.as_(cast.councillor).submit(address, name="Van de eerste").words
    late = client.as_(cast.clerk).send(
        address, base_version="1", stage="planned", **STORY | {"name": "Van de tweede"}
    )
    assert late.status == 409
    assert "Van de eerste" in late.words
    assert "Van de tweede" in late.text


def test_who_does_not_work_on_the_plan_sees_no_list_of_stories(
    client: Client, cast: Cast, goal: Goal
) -> None:
    for role in ("executive", "reader"):
        assert client.as_(cast[role]).page("/almere/verhaalbronnen").status == 403


# --- Questions and requests ------------------------------------------------------------------------------------------


def test_choosing_begins_at_a_question_and_suggests_figures_that_fit(
    client: Client, cast: Cast, goal: Goal
) -> None:
    address = f"/almere/doelen/{goal.id}/cijfers/kiezen"
    client.as_(cast.councillor)
    assert "Welke vraag wilt u beantwoorden?" in client.page(address).words
    page = client.submit(
        f"/almere/doelen/{goal.id}/informatievragen/nieuw", text="Hoe groot zijn de huishoudens?"
    )
    assert "Hoe groot zijn de huishoudens?" in page.words
    assert page.soup is not None
    titles = [item.get_text(strip=True) for item in page.soup.select("li.wb-card h3")]
    assert any("uishouden" in title for title in titles)
    assert len(titles) <= 6


def test_what_does_not_fit_is_not_suggested_again_until_it_is_taken_back(
    client: Client, cast: Cast, goal: Goal
) -> None:
    make_question(goal, "Wat is de gemiddelde huishoudensgrootte?")
    db.commit()
    address = f"/almere/doelen/{goal.id}/cijfers"
    client.as_(cast.councillor)
    suggested = f"{address}/huishoudensgrootte/koppelen"

    def offers() -> bool:
        soup = client.page(f"{address}/kiezen").soup
        return soup is not None and soup.find("a", href=suggested) is not None

    assert offers()
    assert client.send(f"{address}/huishoudensgrootte/past-niet").status == 302
    assert not offers()
    assert client.send(f"{address}/huishoudensgrootte/later").status == 302
    assert not offers()
    found = db.query(Candidate).one()
    assert (found.verdict, found.review_on is None) == (Verdict.LATER, False)
    assert "Nog niet gekozen." in client.page(f"/almere/trajecten/{goal.plan_id}/in-beeld").words
    assert client.send(f"{address}/huishoudensgrootte/toch-wel").status == 302
    assert offers()


def test_no_figure_becomes_a_request_of_who_delivers_what_by_when(
    client: Client, cast: Cast, goal: Goal
) -> None:
    client.as_(cast.councillor)
    address = f"/almere/doelen/{goal.id}/verzoeken/nieuw"
    assert client.submit(address, wanted="Wachttijd", from_whom="De toegang").status == 422
    page = client.submit(address, wanted="Wachttijd", from_whom="De toegang", due_on="1-6-2027")
    for words in ("Wachttijd", "Van: De toegang.", "Voor 1 juni 2027."):
        assert words in page.words
    request = db.query(DataRequest).one()
    page = client.submit(f"/almere/verzoeken/{request.id}", delivered="y")
    assert "geleverd" in page.words
    client.submit(f"/almere/verzoeken/{request.id}", "/verwijderen")
    assert db.query(DataRequest).count() == 0


def test_a_question_can_be_changed_and_taken_away(client: Client, cast: Cast, goal: Goal) -> None:
    question = make_question(goal)
    db.commit()
    address = f"/almere/informatievragen/{question.id}"
    assert "Beter gevraagd?" in client.as_(cast.clerk).submit(address, text="Beter gevraagd?").words
    client.submit(address, "/verwijderen")
    assert db.query(InformationQuestion).count() == 0


# --- Coverage and the tree -------------------------------------------------------------------------------------------


def test_blank_goals_come_first_and_a_gap_is_an_invitation(client: Client, cast: Cast, goal: Goal) -> None:
    value = _value(goal)
    make_link(goal)
    told = make_goal(value, "zij ook verteld worden")
    make_link(told)
    make_story(told, collected_on=date(2026, 3, 12))
    asked = make_goal(value, "zij alleen gevraagd worden")
    make_request(asked)
    db.commit()
    client.as_(cast.councillor)
    page = client.page(f"/almere/trajecten/{goal.plan_id}/dekking")
    assert page.soup is not None
    rows = [row.get_text(" ", strip=True) for row in page.soup.select("tbody th")]
    assert [("gevraagd" in row, "buurt" in row, "verteld" in row) for row in rows] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert "12 maart 2026" in page.words
    main = str(page.soup.find("main"))
    assert "wb-tag--error" not in main
    assert "wb-tag--warning" not in main
    own = client.page(f"/almere/doelen/{asked.id}")
    assert "Nog niets. Wie kan hierover vertellen?" in own.words
    assert "één verzoek loopt" in own.words


def test_a_figure_that_rests_makes_a_goal_neither_seen_nor_blank_of_it(
    client: Client, cast: Cast, goal: Goal
) -> None:
    """A goal of which the only figure rests is a blank spot; its row says that a figure rests, and counts none."""
    resting = make_link(goal)
    resting.rests_until = date(2031, 1, 3)
    seen = make_goal(_value(goal), "zij gezien worden")
    make_link(seen)
    db.commit()
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{goal.plan_id}/dekking")
    assert page.soup is not None
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("main tbody")]
    assert ["buurt" in row for row in rows] == [True, False], "the blank spot comes first"
    assert "nog niets" in rows[0]
    assert "één cijfer rust" in rows[0]
    assert "Inwoners op 1 januari" not in rows[0]
    [blank, _seen] = coverage_of(db.get_one(Plan, goal.plan_id))
    assert (blank.balance.counted, blank.balance.is_blank, blank.resting) == (0, True, 1)


def test_the_tree_is_one_list_with_a_word_for_every_leaf(client: Client, cast: Cast, goal: Goal) -> None:
    value = _value(goal)
    make_link(goal)
    make_story(goal)
    make_request(goal)
    make_goal(value, "zij nog niets bij zich hebben")
    db.commit()
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{goal.plan_id}/doelen")
    assert page.soup is not None
    leaves = [" ".join(leaf.get_text(" ").split()) for leaf in page.soup.select(".wb-tree .wb-leaf")]
    assert [leaf.split(":")[0] for leaf in leaves] == ["Cijfer", "Verhaal", "Gevraagd"]
    goals = [item.get_text(" ") for item in page.soup.select(".wb-tree > li > ul > li")]
    assert "nog niets bij zich" in goals[0], "blank goals first"
    assert "Hoe merken we dit?" in goals[0]


def test_who_reads_only_the_goals_sees_no_stories_and_no_requests(
    client: Client, cast: Cast, goal: Goal
) -> None:
    make_story(goal)
    make_request(goal)
    db.get_one(Plan, goal.plan_id).open(4)
    db.commit()
    client.as_(cast["officer"])
    for where in (f"/almere/doelen/{goal.id}", f"/almere/trajecten/{goal.plan_id}/doelen"):
        page = client.page(where)
        assert page.status == 200
        assert "Gesprekken in de wijk" not in page.words
        assert "Hoe lang mensen wachten." not in page.words
    for where in ("dekking", "in-beeld"):
        assert client.page(f"/almere/trajecten/{goal.plan_id}/{where}").status == 403
