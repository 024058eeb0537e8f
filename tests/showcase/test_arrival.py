"""The map of arrival: every figure, kind of story and moment of an example gets a place to come from."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.client import Client, Page
from tests.factories import (
    Cast,
    load_own_figures,
    make_goal,
    make_link,
    make_measuring,
    make_own_indicator,
    make_plan,
    make_story,
    make_value,
)
from tests.showcase.test_routes import as_council, copied, example_of, share
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.evidence.asking.models import DataRequest
from workbench.evidence.follow_up.models import Part, Steering
from workbench.evidence.follow_up.operations import add
from workbench.evidence.measuring.models import Measuring
from workbench.evidence.models import Link
from workbench.evidence.telling.models import StoryLink
from workbench.evidence.telling.operations import add_source
from workbench.indicators.queries import Choice, Have, best_fits, find, find_indicator, own_area
from workbench.showcase import operations, queries
from workbench.showcase.arrival.models import ArrivedCard, Origin
from workbench.showcase.content import SharedGoal
from workbench.showcase.models import Adoption
from workbench.stories.models import StoryKind
from workbench.vision.models import Goal, Plan, Value


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Of Almere: a goal with a figure of the catalogue that is read in two ways, one of its own, stories, a moment."""
    plan = make_plan("Sociaal domein")
    goal = make_goal(make_value(plan))
    make_measuring(make_link(goal))
    make_link(goal, load_own_figures())
    make_story(goal)
    add(goal, Part.STEERING, None, moment="kadernota", instrument="motie", on=None, owner="", note="")
    db.commit()
    return plan


class Arrived:
    """The copy of Breda, with its clerk signed in."""

    def __init__(self, client: Client, cast: Cast, plan: Plan) -> None:
        self.client, self.cast = client, cast
        self.template = share(client, cast, plan)
        client.as_(cast.of_breda(Role.CLERK)).submit(f"/breda{self.template}/overnemen", title="Breda begint")
        self.plan = copied(cast, "Breda begint")
        adoption = queries.adoption_of(self.plan)
        assert adoption
        self.address = f"/breda/trajecten/{self.plan.id}/voorbeeld"
        self.map = f"{self.address}/{adoption.id}/waar-vandaan"

    @property
    def goal(self) -> SharedGoal:
        return example_of(self.plan).goals[0]

    def choose(self, **choices: str) -> Page:
        return self.client.submit(self.map, **choices)

    def take_over(self, *, with_moments: bool = True) -> None:
        """The value, the goal, and what is under it; a moment needs a figure or stories first."""
        content = example_of(self.plan)
        self.client.submit(f"{self.address}/waarden/{content.values[0].key}")
        self.client.submit(f"{self.address}/doelen/{self.goal.key}")
        moments = self.goal.moments if with_moments else ()
        for cards in filter(None, ([*self.goal.figures, *self.goal.stories], moments)):
            sent = self.client.send(
                f"{self.address}/doelen/{self.goal.key}/kaarten", card=[str(card.key) for card in cards]
            )
            assert sent.status == 302
        as_council(self.cast.breda.id)


@pytest.fixture
def arrived(client: Client, cast: Cast, plan: Plan) -> Arrived:
    return Arrived(client, cast, plan)


def slot(key: UUID) -> str:
    return f"slot_{key.hex}"


def all_of(model: Any) -> list[Any]:
    return list(db.scalars(sa.select(model)))


def test_the_map_lists_every_slot_with_a_proposal_and_before_the_goals_are_talked_about(
    arrived: Arrived, client: Client
) -> None:
    national, own = arrived.goal.figures
    page = client.page(arrived.map)
    chosen = {
        field["name"]: field.find("option", selected=True)["value"] for field in page.soup.find_all("select")
    }  # type: ignore[union-attr,index]
    assert chosen == {
        slot(national.key): "national:inwoners",
        slot(own.key): "request",
        slot(arrived.goal.stories[0].key): "request",
        slot(arrived.goal.moments[0].key): "own:kadernota",
    }
    assert "In de catalogus staat geen cijfer dat hierop lijkt." in page.words
    assert "Verhalen haalt u in uw eigen gemeente op." in page.words
    assert "zij in de buurt hulp vinden" not in page.words, "the values come first"
    assert all_of(Value) == []


def test_the_map_says_whether_there_are_figures_for_the_own_municipality(
    arrived: Arrived, client: Client, cast: Cast
) -> None:
    assert "Voor Breda zijn er cijfers, tot en met" in client.page(arrived.map).words
    as_council(cast.breda.id)
    without = find(Choice(have=Have.NONE, area=own_area())).indicators[0].slug
    adoption = db.scalars(sa.select(Adoption)).one()
    content = example_of(arrived.plan).model_dump(mode="json")
    content["goals"][0]["figures"][0]["indicator"] = without
    adoption.content = content
    db.commit()
    words = client.page(arrived.map).words
    assert "Voor Breda zijn er nog geen cijfers." in words


def test_what_was_chosen_is_what_is_taken_over(arrived: Arrived, client: Client, cast: Cast) -> None:
    own = make_own_indicator("Huishoudens bij het wijkteam")
    source = add_source(
        None, name="Keukentafels", kind=StoryKind.INTERVIEWS, from_whom="Ouders", collected_on=None
    )
    db.commit()
    first, second = arrived.goal.figures
    page = arrived.choose(
        **{
            slot(first.key): f"own:{own.id}",
            slot(second.key): "left_out",
            slot(arrived.goal.stories[0].key): f"own:{source.id}",
            slot(arrived.goal.moments[0].key): "own:begroting",
        }
    )
    assert "U kunt dit veranderen tot u de kaart overneemt." in page.words
    arrived.take_over()
    [link] = all_of(Link)
    assert (link.own_indicator_id, link.reason) == (own.id, first.reason)
    assert all_of(Measuring)[0].reading_up == "Meer mensen."
    assert [item.story_source_id for item in all_of(StoryLink)] == [source.id]
    assert [item.moment for item in all_of(Steering)] == ["begroting"]
    assert all_of(DataRequest) == []
    page = client.page(arrived.address)
    assert "U koos om dit over te slaan." in page.words
    assert "overgeslagen" in page.words


def test_another_national_figure_does_not_bring_readings_of_the_first(
    arrived: Arrived, client: Client, cast: Cast
) -> None:
    """A choice that the page did not offer is refused; what is kept by hand stands for a catalogue that changed."""
    figure = arrived.goal.figures[0]
    page = arrived.choose(**{slot(figure.key): "national:huishoudensgrootte"})
    assert page.status == 422
    assert "Kies een van de mogelijkheden." in page.words
    arrived.choose(**{slot(figure.key): "request"})
    as_council(cast.breda.id)
    other = find_indicator("huishoudensgrootte")
    assert other
    card = db.scalars(sa.select(ArrivedCard).where(ArrivedCard.key == figure.key)).one()
    card.origin, card.indicator_id = Origin.NATIONAL, other.id
    db.commit()
    arrived.take_over()
    assert [link.indicator_id for link in all_of(Link)] == [other.id]
    assert all_of(Measuring) == []


def test_a_figure_can_become_a_request_and_a_choice_can_change_until_it_is_taken_over(
    arrived: Arrived, client: Client
) -> None:
    figure = arrived.goal.figures[0]
    arrived.choose(**{slot(figure.key): "left_out"})
    arrived.choose(**{slot(figure.key): "request"})
    arrived.take_over(with_moments=False)
    assert all_of(Link) == []
    assert len(all_of(DataRequest)) == 3
    page = client.page(arrived.map)
    assert page.words.count("overgenomen") == 3
    assert len(page.soup.find_all("select")) == 1, "only the moment can still be chosen"  # type: ignore[union-attr]


def test_a_figure_that_this_installation_does_not_know_gets_what_looks_most_like_it(cast: Cast) -> None:
    known, strange = UUID(int=1), UUID(int=2)
    found = best_fits({known: (None, "Grootte van een huishouden"), strange: ("xyzzy", "Xyzzy qwerty")})
    assert found[known].slug == "huishoudensgrootte"
    assert strange not in found
    assert best_fits({}) == {}


def test_an_unknown_slug_proposes_the_nearest_figure_and_says_so(
    arrived: Arrived, client: Client, cast: Cast
) -> None:
    adoption = db.scalars(sa.select(Adoption)).one()
    content = example_of(arrived.plan).model_dump(mode="json")
    content["goals"][0]["figures"][0] |= {
        "indicator": "bestaat-hier-niet",
        "name": "Grootte van een huishouden",
    }
    adoption.content = content
    db.commit()
    page = client.page(arrived.map)
    assert "in de catalogus lijkt erop. Kijk of het past." in page.words
    key = UUID(content["goals"][0]["figures"][0]["key"])
    arrived.choose()
    as_council(cast.breda.id)
    card = db.scalars(sa.select(ArrivedCard).where(ArrivedCard.key == key)).one()
    assert card.origin is Origin.NATIONAL


# --- Nothing doubles ------------------------------------------------------------------------------------------------


def test_an_example_can_be_laid_in_a_plan_that_runs_and_nothing_there_changes(
    client: Client, cast: Cast, plan: Plan
) -> None:
    address = share(client, cast, plan)
    as_council(cast.breda.id)
    own = make_plan("Loopt al")
    make_value(own, "Ruimte")
    db.commit()
    client.as_(cast.of_breda(Role.CLERK))
    page = client.submit(f"/breda{address}/overnemen", into=str(own.id))
    assert page.title == "Loopt al"
    as_council(cast.breda.id)
    assert len(all_of(Plan)) == 1
    assert [value.name for value in all_of(Value)] == ["Ruimte"]
    key = example_of(own).values[0].key
    client.submit(f"/breda/trajecten/{own.id}/voorbeeld/waarden/{key}")
    as_council(cast.breda.id)
    assert {value.name for value in all_of(Value)} == {"Ruimte", "Nabijheid"}
    again = client.page(f"/breda{address}/overnemen")
    assert "Uw raad nam dit voorbeeld al over" in again.words
    assert again.soup.find("select", {"name": "into"}) is None, "it lies ready there already"  # type: ignore[union-attr]
    shown = queries.find_shown(UUID(address.rpartition("/")[2]))
    assert shown
    with pytest.raises(operations.CopiedBefore):
        operations.copy(shown, "", None, once_more=True, into=db.get_one(Plan, own.id))


def test_two_examples_lie_side_by_side_and_a_card_of_both_comes_once(
    client: Client, cast: Cast, arrived: Arrived
) -> None:
    as_council(cast.almere.id)
    other = make_plan("Jeugd")
    make_value(other, "Veiligheid")
    db.commit()
    second = share(client, cast, other, title="Alleen jeugd")
    client.as_(cast.of_breda(Role.CLERK)).submit(f"/breda{second}/overnemen", into=str(arrived.plan.id))
    page = client.page(arrived.address)
    assert "Nabijheid" in page.words
    there = client.page(page.link("‘Alleen jeugd’ van Almere"))
    assert "Veiligheid" in there.words
    assert "‘Veiligheid’ staat nu" in client.submit(there.link("Bespreek Veiligheid")).words
    as_council(cast.breda.id)
    adoptions = all_of(Adoption)
    assert len(adoptions) == 2
    [first] = [item for item in adoptions if item.title != "Alleen jeugd"]
    [younger] = [item for item in adoptions if item.title == "Alleen jeugd"]
    younger.content = first.content
    db.commit()
    arrived.take_over()
    client.send(f"{arrived.address}/waarden/{arrived.goal.values[0]}")
    as_council(cast.breda.id)
    assert sorted(value.name for value in all_of(Value)) == ["Nabijheid", "Veiligheid"]
    assert len(all_of(Goal)) == 1


def test_the_map_needs_at_most_twelve_queries(
    arrived: Arrived, client: Client, query_count: list[str]
) -> None:
    query_count.clear()
    assert client.page(arrived.map).status == 200
    assert len(query_count) <= 12, "\n".join(query_count)


def test_a_map_of_another_plan_is_not_found(arrived: Arrived, client: Client, cast: Cast) -> None:
    other = make_plan("Ander traject")
    db.commit()
    wrong = arrived.map.replace(str(arrived.plan.id), str(other.id))
    assert client.page(wrong).status == 404
