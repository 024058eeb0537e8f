"""Few figures in view: the focus set, resting, and looking again."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from workbench.core.cards import revisions
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job
from workbench.evidence.focus import operations, queries
from workbench.evidence.models import Link
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument
from workbench.vision.models import Goal

SLUGS = ("inwoners", "huishoudensgrootte", "stedelijkheid")
REASON = {"reason": "Omdat het telt.", "quality": "partial", "not_saying": "Niet wie."}
TOMORROW = date.today() + timedelta(days=1)  # noqa: DTZ011


@pytest.fixture
def goals(cast: Cast) -> list[Goal]:
    """Two goals with three figures each, the first of a third one, and an empty one: the usual set is full."""
    value = make_value(make_plan())
    made = [make_goal(value, f"zij merken {number}") for number in range(4)]
    for goal in made[:2]:
        for slug in SLUGS:
            make_link(goal, slug)
    make_link(made[2])
    db.commit()
    return made


def _of(goal: Goal) -> list[Link]:
    return db.query(Link).filter_by(goal_id=goal.id).order_by(Link.created_at).all()


def test_the_eighth_figure_asks_which_one_rests_now(client: Client, cast: Cast, goals: list[Goal]) -> None:
    address = f"/almere/doelen/{goals[3].id}/cijfers/inwoners/koppelen"
    client.as_(cast.councillor)
    refused = client.submit(address, **REASON)
    assert refused.status == 422
    assert "Welke rust nu?" in refused.words
    assert "Omdat het telt." in refused.text
    assert len(queries.in_view(goals[0].plan_id)) == 7
    rests = _of(goals[0])[1]
    page = client.submit(address, **REASON, replaces=str(rests.id), review_on=TOMORROW.strftime("%d-%m-%Y"))
    assert page.status == 200, page.words
    db.refresh(rests)
    assert rests.rests_until == TOMORROW
    assert revisions(rests)[0].content["rests_until"] == TOMORROW.isoformat(), "the history holds it"
    assert len(queries.in_view(goals[0].plan_id)) == 7
    later = client.page(f"/almere/trajecten/{goals[0].plan_id}/in-beeld").words
    assert "7 van 7 plaatsen bezet" in later
    assert "Opnieuw bekijken op" in later


def test_without_naming_what_rests_the_eighth_is_refused_also_beside_the_form(
    session: None, cast: Cast, goals: list[Goal]
) -> None:
    with pytest.raises(Conflict):
        make_link(goals[3])
    other = make_link(make_goal(make_value(make_plan("Een ander traject"))))
    with pytest.raises(Conflict):
        make_link(goals[3], replaces=other, review_on=TOMORROW)


def test_a_day_in_the_past_is_no_day_to_look_again(client: Client, cast: Cast, goals: list[Goal]) -> None:
    link = _of(goals[0])[0]
    page = client.as_(cast.clerk).submit(f"/almere/koppelingen/{link.id}/rusten", review_on="1-1-2020")
    assert page.status == 422
    assert "Kies een dag na vandaag." in page.words
    db.refresh(link)
    assert link.rests_until is None


def test_what_rests_makes_no_block_and_stands_under_later_in_the_monitor(
    client: Client, cast: Cast, goals: list[Goal], sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    first, second = _of(goals[0])[:2]
    operations.rest(first, TOMORROW, None)
    build_blocks()
    db.commit()
    assert db.query(BlockDocument).filter_by(link_id=first.id).count() == 0
    assert db.query(BlockDocument).filter_by(link_id=second.id).count() == 2
    monitor = client.as_(cast.councillor).page(f"/almere/trajecten/{goals[0].plan_id}/monitor")
    assert monitor.soup is not None
    assert monitor.soup.find(id=f"cijfer-{first.id}") is None
    assert monitor.soup.find(id=f"cijfer-{second.id}") is not None
    section = monitor.soup.find("section", {"aria-labelledby": "later"})
    assert section is not None
    assert first.subject_id == first.indicator_id
    assert "Opnieuw bekijken op" in section.get_text(" ")
    sent_jobs.clear()
    client.submit(f"/almere/koppelingen/{first.id}/wekken")
    db.refresh(first)
    assert first.rests_until is None
    assert sent_jobs == [(Job.BUILD_BLOCKS, {"council_id": str(cast.almere.id)})]


def test_a_block_keeps_its_address_while_its_figure_rests(
    session: None, cast: Cast, goals: list[Goal]
) -> None:
    build_blocks()
    link = _of(goals[0])[0]
    block_id = db.query(BlockDocument).filter_by(link_id=link.id, language="nl").one().block_id
    operations.rest(link, TOMORROW, None)
    build_blocks()
    operations.wake(link, None)
    build_blocks()
    assert db.query(BlockDocument).filter_by(link_id=link.id, language="nl").one().block_id == block_id


def test_on_its_day_a_figure_that_rests_is_a_task(client: Client, cast: Cast, goals: list[Goal]) -> None:
    soon, now = _of(goals[0])[:2]
    operations.rest(soon, TOMORROW, None)
    operations.rest(now, date.today(), None)  # noqa: DTZ011
    db.commit()
    places = {
        "/almere/": "Komt dit cijfer weer in beeld?",
        f"/almere/trajecten/{goals[0].plan_id}": "Kijk opnieuw",
    }
    for where, words in places.items():
        page = client.as_(cast.councillor).page(where)
        assert words in page.words
        assert page.soup is not None
        assert page.soup.find("a", href=f"/almere/koppelingen/{now.id}/wekken")
        assert not page.soup.find("a", href=f"/almere/koppelingen/{soon.id}/wekken")
        assert words not in client.as_(cast["reader"]).page("/almere/").words


def test_into_a_full_set_a_figure_comes_back_only_for_another(
    client: Client, cast: Cast, goals: list[Goal]
) -> None:
    first, second = _of(goals[0])[:2]
    operations.rest(first, TOMORROW, None)
    make_link(goals[3])
    db.commit()
    address = f"/almere/koppelingen/{first.id}/wekken"
    assert client.as_(cast.clerk).submit(address).status == 422
    assert client.submit(address, replaces=str(second.id)).status == 200
    db.refresh(first)
    db.refresh(second)
    assert first.rests_until is None
    assert second.rests_until is not None


def test_a_goal_with_three_in_view_gets_no_fourth_back(session: None, cast: Cast, goals: list[Goal]) -> None:
    operations.set_size(goals[0].plan_id, 15)
    first = _of(goals[0])[0]
    operations.rest(first, TOMORROW, None)
    make_link(goals[0], "eenpersoonshuishoudens")
    with pytest.raises(Conflict, match="drie cijfers in beeld"):
        operations.wake(first, None)


@pytest.mark.parametrize(
    ("typed", "status"), [("9", 200), ("2", 422), ("16", 422), ("veel", 422), ("3", 409)]
)
def test_the_clerk_sets_how_many_between_three_and_fifteen_and_not_fewer_than_there_are(
    client: Client, cast: Cast, goals: list[Goal], typed: str, status: int
) -> None:
    address = f"/almere/trajecten/{goals[0].plan_id}/in-beeld"
    page = client.as_(cast.clerk).submit(address, size=typed)
    assert page.status == status
    assert queries.size_of(goals[0].plan_id) == (9 if status == 200 else 7)


def test_a_councillor_cannot_change_how_many(client: Client, cast: Cast, goals: list[Goal]) -> None:
    address = f"/almere/trajecten/{goals[0].plan_id}/in-beeld"
    assert client.as_(cast.councillor).send(address, size="9").status == 403


def test_the_pages_ask_few_questions_at_forty_goals_and_120_links(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    value = make_value(make_plan())
    for number in range(40):
        goal = make_goal(value, f"zij merken {number}", laws=["wmo"])
        for slug in SLUGS:
            operations.rest(make_link(goal, slug), TOMORROW, None)
    for link in db.query(Link).limit(7):
        operations.wake(link, None)
    db.commit()
    client.as_(cast.councillor)
    plan: Any = f"/almere/trajecten/{value.plan_id}"
    for address in (
        f"{plan}/in-beeld",
        f"{plan}/dekking",
        f"{plan}/doelen",
        f"{plan}/monitor",
        f"/almere/doelen/{goal.id}",
        f"/almere/doelen/{goal.id}/cijfers/kiezen",
        f"/almere/koppelingen/{link.id}/meten",
    ):
        query_count.clear()
        assert client.page(address).status == 200
        assert len(query_count) <= 12, (address, len(query_count))
