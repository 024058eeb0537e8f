"""The screen, the phone that follows it, and what comes along."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from bs4 import Tag

from tests.client import Client, Page
from tests.factories import (
    Cast,
    make_event,
    make_goal,
    make_link,
    make_need,
    make_plan,
    make_story,
    make_value,
)
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.evidence.follow_up.models import Certainty, Part
from workbench.evidence.follow_up.operations import add
from workbench.monitors.building import build_blocks
from workbench.monitors.format import Events, Question, Table, Text, add_block
from workbench.monitors.meeting import cards as decks
from workbench.monitors.meeting import operations
from workbench.monitors.meeting.models import LASTS, Meeting
from workbench.monitors.models import BlockDocument, Monitor
from workbench.monitors.operations import format_of, shape
from workbench.vision.models import Plan
from workbench.vision.steps import EVIDENCE

LONG = "Wij spraken met mensen in de wijk. " * 30


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A value with a goal, a figure, a story and money; a second value with a long text; in steps that all may read."""
    plan = make_plan()
    goal = make_goal(make_value(plan))
    make_link(goal)
    make_story(goal, collected_on=date(2026, 3, 1))
    make_need(goal)
    costs = {"name": "Een teamleider", "once": None, "yearly": 80_000, "certainty": Certainty.ESTIMATE}
    add(goal, Part.COST, None, **costs)
    make_value(plan, "Rust", own_words=LONG)
    plan.open()
    build_blocks()
    db.commit()
    return plan


def screen_of(plan: Plan) -> str:
    return f"/almere/trajecten/{plan.id}/vergaderen/scherm"


def cards(client: Client, plan: Plan) -> Iterator[Page]:
    """From the first card to the last, by the links of a reader."""
    address: str | None = screen_of(plan)
    while address:
        page = client.page(address)
        yield page
        assert page.soup is not None
        following = page.soup.select_one('a[data-key="next"]')
        address = str(following["href"]) if following else None


def stored(plan: Plan) -> Meeting:
    wanted = sa.select(Meeting).where(Meeting.plan_id == plan.id)
    return db.scalars(wanted.execution_options(populate_existing=True)).one()


# --- The screen -----------------------------------------------------------------------------------------------------


def test_the_cards_go_from_value_to_goal_to_figure_to_money(client: Client, cast: Cast, plan: Plan) -> None:
    found = list(cards(client.as_(cast.officer), plan))
    titles = [page.title for page in found]
    goal = "In vier jaar merken inwoners dat zij in de buurt hulp vinden"
    assert titles[:3] == ["Sociaal domein 2026-2030", "Nabijheid", goal]
    assert "Hulp in de buurt." in found[1].words
    assert "1 cijfer · 1 verhaalbron, het laatst op 1 maart 2026." in found[2].words
    figure = found[3]
    assert figure.soup is not None
    assert figure.title.startswith("Inwoners op")
    assert figure.soup.select_one(".wb-screen__drawing svg") is not None
    assert "Bron:" in figure.words
    assert titles[4] == figure.title
    assert "deel 2 van 2" in found[4].words
    assert "Wat dit cijfer niet zegt:" in found[4].words
    assert titles[5] == goal
    assert "Een teamleider" in found[5].words
    assert f"6 van {len(found)}" in found[5].words
    rest = [page for page in found if page.title == "Rust"]
    assert len(rest) > 1, "a long text goes on over several cards"
    assert "deel 1 van" in rest[0].words
    assert len(" ".join(page.words for page in rest).split("Wij spraken")) == 31, "and loses nothing"


def test_what_the_clerk_put_between_them_has_a_card_too(client: Client, cast: Cast, plan: Plan) -> None:
    make_event()
    monitor = db.scalars(sa.select(Monitor).where(Monitor.plan_id == plan.id)).one()
    shown = format_of(monitor, monitor.draft)
    link_id = shown.drawn[0].link_id
    for block in (
        Text(id=uuid4(), text="Dit spraken wij af."),
        Question(id=uuid4(), text="Wat zien wij zelf?"),
        Events(id=uuid4()),
        Table(id=uuid4(), link_id=link_id),
    ):
        to_first = partial(add_block, block=block, section_id=shown.sections[0].id)
        shape(monitor, monitor.draft, to_first, {"what": "taken_in"}, None)
    build_blocks()
    db.commit()
    found = list(cards(client.as_(cast.officer), plan))
    words = " ".join(page.words for page in found)
    for text in ("Dit spraken wij af.", "Wat zien wij zelf?", "De hulp is opnieuw ingekocht."):
        assert text in words
    tables = [page for page in found if page.soup and page.soup.select(".wb-screen--figure table")]
    assert len(tables) == 1
    assert tables[0].soup is not None
    assert 1 < len(tables[0].soup.select("tbody tr")) <= 6, "the newest rows"


@pytest.mark.parametrize(("asked", "number"), [("0", 1), ("-7", 1), ("999", None), ("drie", 1), ("", 1)])
def test_a_number_that_does_not_exist_is_the_nearest_card(
    client: Client, cast: Cast, plan: Plan, asked: str, number: int | None
) -> None:
    page = client.as_(cast.councillor).page(f"{screen_of(plan)}?kaart={asked}")
    assert page.soup is not None
    place = page.soup.select_one(".wb-screen__place")
    assert place is not None
    shown, _of, last = place.get_text().split()
    assert int(shown) == (number or int(last))


def test_a_step_that_is_not_open_gives_no_cards_to_who_may_not_read_it(
    client: Client, cast: Cast, plan: Plan
) -> None:
    next(step for step in plan.steps if step.number == EVIDENCE).opened_at = None
    db.commit()
    for person, sees in ((cast.councillor, True), (cast.officer, False)):
        words = " ".join(page.words for page in cards(client.as_(person), plan))
        assert ("Bron:" in words) is sees


def test_the_code_leads_to_the_phone(client: Client, cast: Cast, plan: Plan) -> None:
    page = client.as_(cast.clerk).page(screen_of(plan))
    assert page.soup is not None
    code = page.soup.select_one("a.wb-screen__code")
    assert isinstance(code, Tag)
    assert str(code["href"]).endswith("/almere/vergaderen")
    assert code.find("svg") is not None
    answer = client.as_(cast.councillor).page("/almere/vergaderen")
    assert answer.location == f"/almere/trajecten/{plan.id}/vergaderen"


def test_a_large_monitor_has_dots_for_its_sections_only(client: Client, cast: Cast, plan: Plan) -> None:
    for number in range(30):
        make_value(plan, f"Waarde {number}", own_words=LONG)
    db.commit()
    page = client.as_(cast.councillor).page(screen_of(plan))
    assert page.soup is not None
    dots = page.soup.select(".wb-screen__dot")
    assert 30 < len(dots) < 40
    assert [dot["aria-current"] for dot in dots if dot.has_attr("aria-current")] == ["true"]
    assert dots[-1]["data-key"] == "last"


# --- Turning --------------------------------------------------------------------------------------------------------


def now_of(client: Client, plan: Plan) -> Page:
    return client.page(f"/almere/trajecten/{plan.id}/vergaderen/nu")


def test_phones_follow_the_screen_and_ask_about_what_it_shows(client: Client, cast: Cast, plan: Plan) -> None:
    assert "Het scherm laat nu niets zien." in now_of(client.as_(cast.councillor), plan).words
    page = client.as_(cast.clerk).send(screen_of(plan), kaart="4")
    assert page.location == f"/almere/trajecten/{plan.id}/vergaderen/scherm?kaart=4"
    title = client.page(page.location).title
    follower = now_of(client.as_(cast.councillor), plan)
    assert title in follower.words
    block_id = db.scalars(sa.select(BlockDocument.block_id).distinct()).one()
    ask = follower.link("Stel hierover een vraag")
    assert ask == f"/almere/figuren/{block_id}/vraag"
    assert title in client.page(ask).words, "the form knows what it is about"
    reader = now_of(client.as_(cast[Role.READER]), plan)
    assert title in reader.words
    assert "Stel hierover" not in reader.words, "a reader may not ask"
    client.as_(cast.clerk).send(screen_of(plan), kaart="3")
    assert "/doelen/" in now_of(client.as_(cast.councillor), plan).link("Stel hierover")
    client.as_(cast.clerk).send(screen_of(plan), kaart="2")
    assert "/waarden/" in now_of(client.as_(cast.councillor), plan).link("Stel hierover")
    leave = client.as_(cast.clerk).send(screen_of(plan), kaart="")
    assert leave.location == f"/almere/trajecten/{plan.id}/vergaderen"
    assert "Het scherm laat nu niets zien." in now_of(client.as_(cast.councillor), plan).words


def test_what_did_not_change_is_not_sent_again(client: Client, cast: Cast, plan: Plan) -> None:
    client.as_(cast.clerk).send(screen_of(plan), kaart="2")
    client.as_(cast.councillor)
    address = f"/almere/trajecten/{plan.id}/vergaderen/nu"
    first = client.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(address, headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    client.as_(cast.clerk).send(screen_of(plan), kaart="3")
    assert client.as_(cast.councillor).get(address, headers=tag).status_code == 200


def test_who_may_not_read_a_figure_does_not_hear_its_title(client: Client, cast: Cast, plan: Plan) -> None:
    client.as_(cast.clerk).send(screen_of(plan), kaart="4")
    title = stored(plan).shown["name"]
    assert title.startswith("Inwoners op")
    next(step for step in plan.steps if step.number == EVIDENCE).opened_at = None
    db.commit()
    assert title in now_of(client.as_(cast.councillor), plan).words
    assert title not in now_of(client.as_(cast.officer), plan).words
    assert title not in client.page(f"/almere/trajecten/{plan.id}/vergaderen").words


def test_a_screen_of_long_ago_is_not_followed(client: Client, cast: Cast, plan: Plan) -> None:
    shown = decks.Card(decks.Kind.START, "begin", "Een avond van toen").as_shown("nl")
    operations.turn(plan, shown, at=datetime.now(UTC) - LASTS - timedelta(minutes=1))
    db.commit()
    assert "Een avond van toen" not in now_of(client.as_(cast.councillor), plan).words


def test_only_who_leads_turns_the_screen_for_everybody(client: Client, cast: Cast, plan: Plan) -> None:
    for role in set(Role) - {Role.CLERK, Role.FACILITATOR}:
        assert client.as_(cast[role]).send(screen_of(plan), kaart="2").status == 403
        page = client.page(screen_of(plan))
        assert page.soup is not None
        assert page.soup.find("form") is None
    assert db.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 0


# --- The phone ------------------------------------------------------------------------------------------------------


def test_the_phone_has_three_figures_and_a_story_and_what_is_on_screen_first(
    client: Client, cast: Cast, plan: Plan
) -> None:
    value = make_value(plan, "Meedoen")
    goals = make_goal(value, "zij meetellen"), make_goal(value, "zij werk vinden")
    slugs = ("eenpersoonshuishoudens", "huishoudensgrootte", "aandeel-0-15", "aandeel-65-plus")
    for number, slug in enumerate(slugs):
        make_link(goals[number % 2], slug)
    build_blocks()
    db.commit()
    address = f"/almere/trajecten/{plan.id}/vergaderen"
    page = client.as_(cast.councillor).page(address)
    assert page.soup is not None
    assert [h.get_text(strip=True) for h in page.soup.select("main section h2")] == ["Nabijheid"]
    assert "Gesprekken in de wijk (Mantelzorgers). Opgehaald op 1 maart 2026." in page.words
    assert len(page.soup.select("details figure")) == 3
    names = [card.title for card in cards(client.as_(cast.officer), plan)]
    client.as_(cast.clerk).send(screen_of(plan), kaart=str(names.index("Meedoen") + 1))
    page = client.as_(cast.councillor).page(address)
    assert page.soup is not None
    assert [h.get_text(strip=True) for h in page.soup.select("main section h2")] == ["Meedoen"]
    asks = page.soup.select("main section a.wb-meeting__ask")
    assert len(asks) == 3
    assert client.page(str(asks[0]["href"])).title == "Stel een vraag"


def test_without_a_plan_or_with_an_empty_one_it_says_what_comes(client: Client, cast: Cast) -> None:
    assert client.as_(cast.councillor).page("/almere/vergaderen").status == 200
    plan = make_plan()
    db.commit()
    page = client.page(f"/almere/trajecten/{plan.id}/vergaderen")
    assert "er is nog geen waarde genoemd" in page.words
    assert client.page(screen_of(plan)).title == "Sociaal domein 2026-2030"


# --- What comes along -----------------------------------------------------------------------------------------------


def test_the_clerk_chooses_what_comes_along(client: Client, cast: Cast, plan: Plan) -> None:
    address = f"/almere/trajecten/{plan.id}/vergaderen/agenda"
    form = client.as_(cast.clerk).page(address)
    assert form.soup is not None
    boxes = {
        str(label.get_text(strip=True)): str(label["for"]) for label in form.soup.select(".wb-option label")
    }
    assert list(boxes) == ["Nabijheid", "Rust"], "not what has no card, such as how the monitor was made"
    box = form.soup.find(id=boxes["Rust"])
    assert isinstance(box, Tag)
    assert "1 doel, 1 cijfer" in form.words
    page = client.submit(address, held_on="morgen", sections=[str(box["value"])])
    assert page.status == 422
    assert "Vul een datum in" in page.words
    page = client.submit(address, held_on="23-6-2027", sections=[str(box["value"])])
    assert page.title == "Vergadering van 23 juni 2027"
    assert "Nabijheid" not in page.words
    titles = {page.title for page in cards(client.as_(cast.councillor), plan)}
    assert titles == {"Sociaal domein 2026-2030", "Rust"}
    assert client.as_(cast.councillor).page(address).status == 403
    assert client.as_(cast.clerk).send(address, sections="elders").status == 422


def test_sections_that_are_gone_bring_everything_along(client: Client, cast: Cast, plan: Plan) -> None:
    operations.prepare(plan, None, [str(UUID(int=1))], None)
    db.commit()
    assert len(list(cards(client.as_(cast.councillor), plan))) > 5


@pytest.mark.parametrize("number", [1, 2, 4, 5])
def test_each_page_asks_little_of_the_database(
    client: Client, cast: Cast, plan: Plan, query_count: list[str], number: int
) -> None:
    client.as_(cast.councillor)
    query_count.clear()
    client.page(f"{screen_of(plan)}?kaart={number}")
    assert len(query_count) <= 12
    query_count.clear()
    client.page(f"/almere/trajecten/{plan.id}/vergaderen")
    assert len(query_count) <= 12
    query_count.clear()
    now_of(client, plan)
    assert len(query_count) <= 4
    client.as_(cast.clerk)
    query_count.clear()
    client.send(screen_of(plan), kaart=str(number))
    assert len(query_count) <= 14
