"""A document is written again only after something changed; what changed is in it at once, and for nobody too early."""

import pytest
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_need, make_plan, make_value
from workbench.accounts.standing import LEFT_OUT, PUBLIC
from workbench.core.cards import save_card
from workbench.core.db import Base, db

FEW = 4  # queries: who it is, what stands, and the plan


@pytest.mark.parametrize("where", ["invulschema", "overdracht", "meetparagraaf"])
def test_a_document_that_did_not_change_is_not_written_again(
    client: Client, cast: Cast, query_count: list[str], where: str
) -> None:
    goal = make_goal(make_value(make_plan()), laws=["wmo"])
    address = f"/almere/trajecten/{goal.plan_id}/{where}"
    db.commit()
    first = client.as_(cast.clerk).page(address).words
    query_count.clear()
    assert client.page(address).words == first
    assert len(query_count) <= FEW


def test_what_changes_is_read_at_once(client: Client, cast: Cast, session: Session) -> None:
    plan = make_plan()
    value = make_value(plan, own_words="Hulp in de buurt.")
    goal = make_goal(value)
    address = f"/almere/trajecten/{plan.id}/invulschema"
    db.commit()
    assert "Hulp in de buurt." in client.as_(cast.clerk).page(address).words
    save_card(value, {"own_words": "Hulp van een bekende."}, by=None)
    make_need(goal, change="Een vast gezicht.")
    make_link(goal, reason="Om te weten hoeveel mensen het zijn.")
    db.commit()
    words = client.page(address).words
    for text in ("Hulp van een bekende.", "Een vast gezicht.", "Om te weten hoeveel mensen het zijn."):
        assert text in words
    assert "Hulp in de buurt." not in words


def test_what_the_clerk_read_is_not_shown_to_who_may_not_read_it(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_value(plan, own_words="Hulp in de buurt.")
    plan.open(0)
    address, plan_id = f"/almere/trajecten/{plan.id}/invulschema", plan.id
    db.commit()
    assert "Hulp in de buurt." in client.as_(cast.clerk).page(address).words
    assert "Hulp in de buurt." not in client.as_(cast.officer).page(address).words
    db.get_one(type(plan), plan_id).open(2)
    db.commit()
    assert "Hulp in de buurt." in client.page(address).words
    assert client.as_(cast.of_breda("clerk")).page(address).status == 404


def test_the_tables_that_do_not_count_are_tables() -> None:
    assert set(Base.metadata.tables) >= LEFT_OUT | PUBLIC
