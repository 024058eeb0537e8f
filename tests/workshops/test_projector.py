"""The screen on the wall: the code always, answers never before their time, large results, and the same for everyone."""

from typing import Any

import pytest
from bs4 import Tag
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client, Page
from tests.factories import Cast, make_plan
from tests.workshops.making_figure import plan_with_figure
from tests.workshops.making_running import OPTIONS, add_activity, join, make_workshop, running, say, vote
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.workshops.kinds import KEPT_TO_ONESELF, WITH_CARDS, Kind
from workbench.workshops.models import Activity, ActivityState, Workshop
from workbench.workshops.running import fitting, operations
from workbench.workshops.running.codes import grouped
from workbench.workshops.running.fitting import Card

SECRET = "Meer bankjes in het park."


@pytest.fixture(autouse=True)
def _here(cast: Cast) -> None:
    """In Almere."""


def address(workshop: Workshop, **part: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in part.items())
    return f"/almere/ateliers/{workshop.id}/scherm" + (f"?{query}" if query else "")


def wall(client: Client, workshop: Workshop, **part: Any) -> Page:
    db.commit()
    return client.page(address(workshop, **part))


def all_walls(client: Client, workshop: Workshop) -> str:
    """The words of every part of the present activity."""
    texts, number = [], 1
    while True:
        page = wall(client, workshop, deel=number, bij=workshop.current_id)
        texts.append(page.words)
        if f"deel={number + 1}&" not in page.text and f"deel={number + 1}" not in page.text:
            return " ".join(texts)
        number += 1


# --- The code -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(ActivityState))
def test_code_qr_and_address_stand_on_the_wall_in_every_state(
    client: Client, cast: Cast, state: ActivityState
) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    activity.state = state
    page = wall(client.as_(cast.clerk), workshop)
    assert workshop.code
    assert grouped(workshop.code) in page.words
    assert "/doe-mee" in page.words
    assert page.soup is not None
    assert page.soup.select_one(".wb-wall__qr svg") is not None


def test_before_the_beginning_and_after_the_end_there_is_no_code(client: Client, cast: Cast) -> None:
    made = make_workshop(Kind.BRAINSTORM)
    assert "We beginnen zo" in wall(client.as_(cast.clerk), made).words
    operations.open_workshop(made)
    code = grouped(made.code or "")
    assert code in wall(client, made).words
    operations.end_workshop(made)
    page = wall(client, made)
    assert "voorbij" in page.title
    assert code not in page.words
    assert "/doe-mee" not in page.words


# --- Nothing before its time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(WITH_CARDS - KEPT_TO_ONESELF))
def test_cards_come_on_the_wall_at_the_reveal_and_not_before(client: Client, cast: Cast, kind: Kind) -> None:
    workshop, (activity,) = running(kind)
    operations.begin(activity)
    say(activity, SECRET, join(workshop))
    join(workshop)
    client.as_(cast.clerk)
    page = wall(client, workshop)
    assert SECRET not in page.text
    assert "1 van 2 klaar" in page.words
    operations.close(activity)
    assert SECRET not in wall(client, workshop).text
    operations.reveal(activity)
    assert SECRET in wall(client, workshop).words


@pytest.mark.parametrize("kind", [Kind.BRAINSTORM, Kind.CHECK_IN])
def test_what_shows_at_once_shows_cards_while_people_write_but_never_a_hidden_one(
    client: Client, cast: Cast, kind: Kind
) -> None:
    workshop, _script = running()
    activity = add_activity(workshop, kind, settings={"shows_at_once": True})
    operations.begin(activity)
    card = say(activity, SECRET, join(workshop))
    say(activity, "Een inloop op zondag", join(workshop))
    client.as_(cast.clerk)
    assert SECRET in wall(client, workshop).words
    operations.hide(activity, [card.id])
    page = wall(client, workshop)
    assert SECRET not in page.text
    assert "Een inloop op zondag" in page.words


def test_what_people_write_for_themselves_is_never_on_the_wall(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.WRITE_ALONE)
    operations.begin(activity)
    say(activity, SECRET, join(workshop))
    operations.close(activity)
    page = wall(client.as_(cast.clerk), workshop)
    assert SECRET not in page.text
    assert "alleen voor uzelf" in page.words


def test_a_withdrawn_card_is_gone(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    operations.begin(activity)
    card = say(activity, SECRET, join(workshop))
    card.withdrawn_at = card.saved_at
    operations.reveal(activity)
    assert SECRET not in wall(client.as_(cast.clerk), workshop).text


# --- What the group said --------------------------------------------------------------------------------------------


def stated(workshop: Workshop, activity: Activity, **per_group: dict[str, str]) -> None:
    """Three people of each group vote the same."""
    for group, votes in per_group.items():
        for _ in range(3):
            vote(activity, join(workshop, council=group), {"votes": votes}, faction=group)


def test_statements_show_what_all_groups_agree_with_and_how_answers_lie_apart(
    client: Client, cast: Cast
) -> None:
    workshop, (activity,) = running(Kind.STATEMENTS, councils=["Almere", "Breda"])
    operations.begin(activity)
    stated(
        workshop,
        activity,
        Almere={"a": "agree", "b": "agree"},
        Breda={"a": "agree", "b": "disagree"},
    )
    client.as_(cast.clerk)
    assert "Wat de groepen verbindt" not in all_walls(client, workshop)
    operations.reveal(activity)
    words = all_walls(client, workshop)
    assert "Wat de groepen verbindt" in words
    assert "Wat de groepen verdeelt" in words
    assert "Almere (3 mensen)" in words
    assert "Breda (3 mensen)" in words
    assert "Van links naar rechts" in words


def test_a_council_of_two_people_is_not_told_apart(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.STATEMENTS, councils=["Almere", "Breda"])
    operations.begin(activity)
    stated(workshop, activity, Almere={"a": "agree"})
    for _ in range(2):
        vote(activity, join(workshop, council="Breda"), {"votes": {"a": "disagree"}}, faction="Breda")
    operations.reveal(activity)
    words = all_walls(client.as_(cast.clerk), workshop)
    assert "Breda (" not in words
    assert "Almere (" not in words  # one group beside an unnamed rest would tell what the rest said


def test_two_answers_are_told_as_a_number_only(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.DOTS)
    operations.begin(activity)
    for _ in range(2):
        vote(activity, join(workshop), {"dots": {"a": 3}})
    operations.reveal(activity)
    words = all_walls(client.as_(cast.clerk), workshop)
    assert "te klein" in words
    assert "stippen staan bij" not in words


def test_the_sentence_comes_before_the_drawing(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.DOTS)
    operations.begin(activity)
    for _ in range(5):
        vote(activity, join(workshop), {"dots": {"a": 3, "b": 1}})
    operations.reveal(activity)
    page = wall(client.as_(cast.clerk), workshop)
    sentence, drawing = "De meeste stippen staan bij: Nabijheid.", "wb-wall__bar"
    assert 0 < page.text.index(sentence) < page.text.index(drawing)


def test_six_options_stand_on_one_wall_so_that_they_can_be_compared(client: Client, cast: Cast) -> None:
    workshop, _script = running()
    options = [{"key": key, "label": f"Waarde {key}", "counter": ""} for key in "abcdef"]
    activity = add_activity(workshop, Kind.DOTS, settings={"options": options})
    operations.begin(activity)
    for key in "abcdef":
        vote(activity, join(workshop), {"dots": {key: 3}})
    operations.reveal(activity)
    client.as_(cast.clerk)
    bars = [wall(client, workshop, deel=n, bij=activity.id).text.count('class="wb-wall__bar') for n in (1, 2)]
    assert 6 in bars
    assert sum(bars) == 6


def test_a_line_tells_who_listens_all_that_its_drawing_shows(client: Client, cast: Cast) -> None:
    workshop, _script = running()
    activity = add_activity(workshop, Kind.POSITION, settings={"options": OPTIONS[:1]})
    operations.begin(activity)
    for place in (10, 10, 30, 50, 90, 90):
        vote(activity, join(workshop), {"places": {"a": place}})
    operations.reveal(activity)
    client.as_(cast.clerk)
    tables = []
    for part in (1, 2):
        page = wall(client, workshop, deel=part, bij=activity.id)
        assert page.soup is not None
        tables += page.soup.select(".wb-visually-hidden table")
    assert len(tables[-1].select("tbody tr")) == 7  # five parts of the line, the middle and the middle half


def test_the_big_button_on_the_wall_first_reads_on_and_then_goes_on(client: Client, cast: Cast) -> None:
    workshop, (activity, _next) = running(Kind.DOTS, Kind.DOTS)
    operations.begin(activity)
    for number in range(4):
        vote(activity, join(workshop), {"dots": {"a": 3}}, reason=f"Reden {number}", share_reason=True)
    operations.reveal(activity)
    client.as_(cast.clerk)
    assert primary(wall(client, workshop)) == ["Volgend deel"]
    assert primary(wall(client, workshop, deel=2, bij=activity.id)) == ["Volgend onderdeel"]


def primary(page: Page) -> list[str]:
    assert page.soup is not None
    return [found.get_text(strip=True) for found in page.soup.select(".utrecht-button--primary-action")]


def test_cards_lie_under_the_names_of_their_piles_and_their_questions(client: Client, cast: Cast) -> None:
    workshop, _script = running()
    activity = add_activity(workshop, Kind.MEANING, settings={"parts": ["Wat zien we?", "Wat verrast ons?"]})
    operations.begin(activity)
    say(activity, "Meer mensen wachten", part="Wat zien we?", cluster="Wachten")
    say(activity, "Vooral ouderen", part="Wat verrast ons?")
    operations.reveal(activity)
    words = all_walls(client.as_(cast.clerk), workshop)
    assert "Wat zien we? – Wachten Meer mensen wachten" in words
    assert "Wat verrast ons? Vooral ouderen" in words


def test_an_activity_about_a_figure_that_is_gone_says_so(client: Client, cast: Cast) -> None:
    plan = make_plan()
    workshop, _script = running(plan_id=plan.id)
    activity = add_activity(
        workshop, Kind.FIGURE_AND_STORY, settings={"block_id": "1f0a9f0e-0000-4000-8000-000000000001"}
    )
    operations.begin(activity)
    assert "staat niet meer in de monitor" in all_walls(client.as_(cast.clerk), workshop)


def test_a_figure_of_the_monitor_stands_on_the_wall_and_says_what_it_says(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    plan, block_id = plan_with_figure()
    workshop, _script = running(plan_id=plan.id)
    activity = add_activity(workshop, Kind.FIGURE_AND_STORY, settings={"block_id": block_id})
    workshop.current_id = activity.id
    client.as_(cast.clerk)
    wall(client, workshop)
    query_count.clear()
    first = wall(client, workshop)
    assert len(query_count) <= 12, "\n".join(query_count)
    assert first.soup is not None
    assert first.soup.select_one(".wb-screen__drawing svg") is not None
    assert "Wie hulp krijgt." in all_walls(client, workshop)  # what it does not say


# --- Who looks, and who leads ---------------------------------------------------------------------------------------


def test_only_who_leads_has_buttons_and_everyone_sees_the_same(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    lead = wall(client.as_(cast[Role.FACILITATOR]), workshop)
    look = wall(client.as_(cast.councillor), workshop)
    assert lead.title == look.title == activity.question
    assert lead.soup is not None
    assert look.soup is not None
    pressed = lead.soup.select_one('button[data-key="next"]')
    assert isinstance(pressed, Tag)
    assert pressed.get_text() == "Openen"
    assert look.soup.select("form") == []
    assert look.soup.select_one('[data-key="leave"]') is not None


def test_pressing_on_the_wall_comes_back_to_the_wall(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    db.commit()
    answer = client.as_(cast.clerk).send(
        f"/almere/ateliers/{workshop.id}/leiden/stap", onderdeel=activity.id, doe="open", scherm="1"
    )
    assert answer.location.endswith("/scherm")
    assert "0 van 0 klaar" in wall(client, workshop).words


def test_the_part_of_another_activity_is_forgotten(client: Client, cast: Cast) -> None:
    workshop, (first, _second) = running(Kind.BRAINSTORM, Kind.CHECK_IN)
    operations.begin(first)
    for number in range(40):
        say(first, f"Kaart nummer {number} met een paar woorden", join(workshop))
    operations.reveal(first)
    client.as_(cast.clerk)
    assert "deel 2 van" in wall(client, workshop, deel=2, bij=first.id).words
    operations.go_on(workshop, first.id)
    assert wall(client, workshop, deel=2, bij=first.id).status == 200
    assert "deel 2 van" not in wall(client, workshop, deel=2, bij=first.id).words


def test_the_wall_takes_few_queries(client: Client, cast: Cast, query_count: list[str]) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    operations.begin(activity)
    for number in range(40):
        say(activity, f"Kaart {number}", join(workshop))
    operations.reveal(activity)
    wall(client.as_(cast.clerk), workshop)
    query_count.clear()
    wall(client, workshop)
    assert len(query_count) <= 12, "\n".join(query_count)


# --- What fits ------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="ascii", categories=["L", "P", "Zs"]), min_size=1, max_size=400).filter(
    str.strip
)
CARDS = st.lists(
    st.builds(Card, TEXTS, st.sampled_from(["", "Wachten", "Ontmoeten in de buurt"])), max_size=30
)


@given(CARDS)
def test_no_word_is_lost_and_no_column_is_higher_than_the_wall(cards: list[Card]) -> None:
    boards = fitting.boards(cards)
    shown = [card for board in boards for column in board for card in column]
    assert "".join("".join(card.text for card in shown).split()) == "".join(
        "".join(card.text for card in cards).split()
    )
    for board in boards:
        assert 1 <= len(board) <= fitting.COLUMNS
        for column in board:
            height, pile = 0.0, None
            for card in column:
                height += fitting.lines_of(card, with_name=card.pile != pile)
                pile = card.pile
            assert height <= fitting.DOWN or len(column) == 1


@given(st.lists(st.floats(10, 200), max_size=40), st.floats(200, 430))
def test_packing_keeps_order_and_fits(heights: list[float], most: float) -> None:
    walls = fitting.packed(heights, most)
    assert [place for places in walls for place in places] == list(range(len(heights)))
    assert all(sum(heights[place] for place in places) <= most + 1e-6 for places in walls)
