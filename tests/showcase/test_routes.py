"""The showcase: share, read without an account, copy into another council, talk about it, take it over step by step."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.factories import (
    Cast,
    load_own_figures,
    make_answer,
    make_example,
    make_goal,
    make_link,
    make_need,
    make_plan,
    make_question,
    make_story,
    make_value,
)
from workbench.accounts.models import Council, Person, Role
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.tenancy import act_as, act_for
from workbench.evidence.asking.models import DataRequest, InformationQuestion
from workbench.evidence.follow_up.models import CostLine, Need, Part, Steering
from workbench.evidence.follow_up.operations import add
from workbench.evidence.measuring.models import Aiming, Measuring
from workbench.evidence.measuring.operations import measure
from workbench.evidence.models import Link
from workbench.indicators.catalogue import Direction
from workbench.showcase import operations, queries
from workbench.showcase.content import PlanContent
from workbench.showcase.models import Adoption, SharedTemplate
from workbench.vision import operations as vision
from workbench.vision.models import Answer, Goal, Plan, Value

TEXTS = {"title": "Dichtbij", "description": "Zo doen wij het.", "context": "", "differently": ""}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Of Almere: two values, a goal with something of everything under it."""
    plan = make_plan("Sociaal domein")
    near = make_value(plan, "Nabijheid", minority_view="Twee leden zien dit anders.")
    make_value(plan, "Meedoen", counter_value="Vrije tijd")
    goal = make_goal(near, laws=["wmo"], horizon=2030, owner="De wethouder Zorg")
    make_need(goal)
    add(goal, Part.STEERING, None, moment="kadernota", instrument="motie", on=None, owner="Griffie", note="")
    add(
        goal, Part.COST, None, name="Team", once=None, yearly=77_000, cover="", certainty="guess", spending=""
    )
    link = make_link(goal)
    measure(
        link,
        [],
        None,
        baseline_period="",
        aiming=Aiming.FOLLOW,
        aims="",
        signal_side=None,
        signal_limit=None,
        direction=Direction.UP,
        direction_reason="Wij willen groeien.",
        band_low=None,
        band_high=None,
        reading_up="Er komen mensen bij.",
        reading_down="Er gaan mensen weg.",
    )
    make_link(goal, load_own_figures())
    make_story(goal)
    make_question(goal)
    make_answer(plan, "nodig-niet", "Er komt geen nieuw loket.")
    make_answer(plan, "kosten-bedrag", 1_150_000)
    db.commit()
    return plan


def share(client: Client, cast: Cast, plan: Plan, **texts: str) -> str:
    """Through the pages; gives the address of the template."""
    address = f"/almere/trajecten/{plan.id}/delen"
    page = client.as_(cast.clerk).submit(address, "/delen", description="Zo doen wij het.", **texts)
    assert page.status == 200
    template = queries.template_of(plan)
    assert template is not None
    db.refresh(template)
    return f"/etalage/{template.id}"


def as_council(council_id: UUID | None) -> Session:
    """The session acts for this council; people, councils and plans that a test holds can still be read."""
    db.commit()
    for thing in list(db):
        if isinstance(thing, Person | Council | Plan):
            db.refresh(thing)
    act_as(db, None)
    act_for(db, council_id)
    return db


def copied(cast: Cast, title: str) -> Plan:
    """The plan of Breda with this name; the session acts for Breda from now on."""
    as_council(cast.breda.id)
    return db.scalars(sa.select(Plan).where(Plan.title == title)).one()


def example_of(plan: Plan) -> PlanContent:
    adoption = queries.adoption_of(plan)
    assert adoption
    return PlanContent.model_validate(adoption.content)


# --- The whole chain ------------------------------------------------------------------------------------------------


def test_from_sharing_by_way_of_reading_and_copying_to_values_that_were_talked_about(
    client: Client, cast: Cast, plan: Plan
) -> None:
    address = share(client, cast, plan, title="Dichtbij in Almere")

    visitor = client.as_(None)
    assert visitor.page("/etalage").link("Dichtbij in Almere") == address
    read = visitor.page(address)
    assert read.title == "Dichtbij in Almere"
    assert read.words.index("Nabijheid") < read.words.index("zij in de buurt hulp vinden")
    assert "Om te weten om hoeveel mensen het gaat." in read.words
    assert "Er komt geen nieuw loket." in read.words
    for private in ("Twee leden", "wethouder", "Griffie", "77.000", "1150000", "Gesprekken in de wijk"):
        assert private not in read.text
    how = visitor.page(read.link("Neem dit voorbeeld over"))
    assert how.link("Inloggen en overnemen") == f"/inloggen?next={address}/overnemen"

    clerk = client.as_(cast.of_breda(Role.CLERK))
    page = clerk.submit(client.get(f"{address}/overnemen").headers["Location"], title="Breda begint")
    assert page.title == "Breda begint"
    own = copied(cast, "Breda begint")
    waiting = clerk.page(page.link("Bekijk wat er klaarligt"))
    assert "Hier wacht 1 doel. Eerst is een waarde nodig" in waiting.words
    assert "zij in de buurt hulp vinden" not in waiting.words, "goals show when their step opens"
    assert clerk.page(f"/breda/trajecten/{own.id}/doelen").status == 409, "the values lock is closed"
    assert db.scalars(sa.select(Value)).all() == []

    councillor = client.as_(cast.of_breda(Role.COUNCILLOR))
    value = councillor.submit(
        waiting.link("Bespreek Nabijheid"), own_words="In elke wijk een vast gezicht.", position="20"
    )
    assert "‘Nabijheid’ staat nu in uw eigen woorden in het traject." in value.words
    assert "In elke wijk een vast gezicht." in client.page(value.link("Bekijk uw eigen kaart")).words
    [kept] = db.scalars(sa.select(Value)).all()
    [origin] = [item for item in example_of(own).values if item.name == "Nabijheid"]
    assert (kept.origin_key, kept.origin_revision) == (origin.key, origin.revision)

    waiting = councillor.page(f"/breda/trajecten/{own.id}/voorbeeld")
    goal = councillor.submit(waiting.link("Bespreek dit doel"))
    assert "zij in de buurt hulp vinden" in client.page(goal.link("Bekijk uw eigen doel")).title
    assert "Nabijheid" in goal.words


def test_what_is_under_a_goal_is_taken_over_in_its_own_step_and_once(
    client: Client, cast: Cast, plan: Plan
) -> None:
    own, goal = taken_goal(client, cast, plan)
    [item] = example_of(own).goals
    arrived = f"/breda/trajecten/{own.id}/voorbeeld"
    send = f"{arrived}/doelen/{item.key}/kaarten"
    moment = [str(card.key) for card in item.moments]
    assert client.send(send, card=moment).status == 409, "no figure yet, so the step of steering is closed"
    assert "Eerst is een cijfer" in client.page(arrived).words

    keys = [str(card.key) for card in operations.cards_under(item) if str(card.key) not in moment]
    for _twice in range(2):
        assert client.send(send, card=keys).status == 302
    assert "Overgenomen: 5 kaarten." in client.page(arrived).words
    assert client.send(send, card=moment).status == 302

    def all_of(model: Any) -> list[Any]:
        return list(db.scalars(sa.select(model).where(model.goal_id == goal)))

    [link] = all_of(Link)
    assert link.origin_key == next(figure.key for figure in item.figures if figure.indicator)
    [measuring] = db.scalars(sa.select(Measuring)).all()
    assert (measuring.direction, measuring.direction_reason) == (Direction.CONTEXT, "")
    assert measuring.reading_up == "Er komen mensen bij."
    wishes = {request.wanted for request in all_of(DataRequest)}
    assert len(wishes) == 2
    assert any(wish.startswith("Cijfer: Gezinnen bij het wijkteam.") for wish in wishes)
    assert any(wish.startswith("Verhalen: gesprekken met mensen apart.") for wish in wishes)
    assert [len(all_of(model)) for model in (Need, InformationQuestion, Steering, CostLine)] == [1, 1, 1, 0]
    assert all_of(Steering)[0].owner == ""


def taken_goal(client: Client, cast: Cast, plan: Plan) -> tuple[Plan, UUID]:
    """Copied by Breda, with one value and the goal taken over; a councillor of Breda is signed in."""
    address = share(client, cast, plan)
    client.as_(cast.of_breda(Role.CLERK)).submit(f"/breda{address}/overnemen", title="Breda begint")
    own = copied(cast, "Breda begint")
    content = example_of(own)
    client.as_(cast.of_breda(Role.COUNCILLOR))
    arrived = f"/breda/trajecten/{own.id}/voorbeeld"
    client.submit(f"{arrived}/waarden/{content.values[0].key}")
    client.submit(f"{arrived}/doelen/{content.goals[0].key}")
    db.commit()
    return own, db.scalars(sa.select(Goal.id)).one()


def test_a_card_that_was_taken_over_leads_to_the_own_card(client: Client, cast: Cast, plan: Plan) -> None:
    own, goal = taken_goal(client, cast, plan)
    content = example_of(own)
    arrived = f"/breda/trajecten/{own.id}/voorbeeld"
    value = db.scalars(sa.select(Value)).one()
    assert client.page(f"{arrived}/waarden/{content.values[0].key}").location == f"/breda/waarden/{value.id}"
    assert client.send(f"{arrived}/doelen/{content.goals[0].key}").location == f"/breda/doelen/{goal}"
    with pytest.raises(Conflict):
        operations.take_value(own, content.values[0], None, name="Nabijheid", counter_value="Kennis")
    assert client.page(f"{arrived}/waarden/{content.goals[0].key}").status == 404


def test_a_goal_stands_under_a_value_of_ones_own_also_when_its_value_was_not_taken_over(
    client: Client, cast: Cast, plan: Plan
) -> None:
    address = share(client, cast, plan)
    client.as_(cast.of_breda(Role.CLERK)).submit(f"/breda{address}/overnemen", title="Breda begint")
    own = copied(cast, "Breda begint")
    value = make_value(own, "Ruimte")
    db.commit()
    item = example_of(own).goals[0]
    goal = f"/breda/trajecten/{own.id}/voorbeeld/doelen/{item.key}"
    assert client.submit(goal).status == 422, "first say under which value"
    assert client.send(f"{goal}/kaarten", card=str(item.needs[0].key)).status == 409
    arrived = client.submit(goal, values=[str(value.id)])
    assert "Ruimte" in client.page(arrived.link("Bekijk uw eigen doel")).words


def test_a_figure_for_which_there_is_no_room_stays_and_says_so(
    client: Client, cast: Cast, plan: Plan
) -> None:
    own, goal_id = taken_goal(client, cast, plan)
    goal = db.get_one(Goal, goal_id)
    for slug in ("huishoudensgrootte", "aandeel-65-plus", "aandeel-0-15"):
        make_link(goal, slug)
    db.commit()
    [item] = example_of(own).goals
    figure = next(figure for figure in item.figures if figure.indicator)
    arrived = f"/breda/trajecten/{own.id}/voorbeeld"
    client.send(f"{arrived}/doelen/{item.key}/kaarten", card=str(figure.key))
    assert (
        f"Niet overgenomen. {figure.name}: Een doel heeft hooguit drie cijfers" in client.page(arrived).words
    )


# --- Copying twice, asking who may --------------------------------------------------------------------------------


def test_copying_twice_says_so_and_doubles_nothing_by_accident(
    client: Client, cast: Cast, plan: Plan
) -> None:
    address = share(client, cast, plan)
    client.as_(cast.of_breda(Role.CLERK))
    copy = f"/breda{address}/overnemen"
    client.submit(copy, title="Eerste")
    assert "Uw raad nam dit voorbeeld al over" in client.page(copy).words
    assert client.send(copy, title="Tweede").status == 422
    own = copied(cast, "Eerste")
    assert db.scalars(sa.select(Plan)).all() == [own]
    client.submit(copy, title="Tweede", once_more="y")
    db.commit()
    assert len(db.scalars(sa.select(Adoption)).all()) == 2
    shown = queries.find_shown(UUID(address.rpartition("/")[2]))
    assert shown
    with pytest.raises(operations.CopiedBefore):
        operations.copy(shown, "Derde", None)


def test_a_copied_plan_has_the_questions_but_none_of_the_answers(
    client: Client, cast: Cast, plan: Plan
) -> None:
    address = share(client, cast, plan)
    client.as_(cast.of_breda(Role.CLERK)).submit(f"/breda{address}/overnemen", title="Breda begint")
    copied(cast, "Breda begint")
    assert db.scalars(sa.select(Answer)).all() == []


def test_who_may_not_copy_is_told_whom_to_ask(client: Client, cast: Cast, plan: Plan) -> None:
    address = f"{share(client, cast, plan)}/overnemen"
    for person in (cast.of_breda(Role.COUNCILLOR), cast.clerk, cast.outsider):
        page = client.as_(person).page(address)
        assert "Stuur uw griffier het adres" in page.words
        assert address in page.words
    assert client.as_(cast.of_breda(Role.COUNCILLOR)).page(f"/breda{address}").status == 403
    assert client.as_(cast.clerk).page(f"/almere{address}").status == 409, "its own example"


def test_signing_in_leads_back_to_copying(client: Client, cast: Cast, plan: Plan) -> None:
    address = f"{share(client, cast, plan)}/overnemen"
    sign_in = client.as_(None).page(address).link("Inloggen en overnemen")
    page = client.submit(sign_in, email="clerk@breda.example", password="een lang wachtwoord")
    assert page.location == f"/breda{address}"


# --- Sharing --------------------------------------------------------------------------------------------------------


def test_sharing_again_replaces_what_was_shared_at_the_same_address(
    client: Client, cast: Cast, plan: Plan
) -> None:
    address = share(client, cast, plan, title="Een")
    make_value(db.get_one(Plan, plan.id), "Rust")
    db.commit()
    assert "Rust" not in client.as_(None).page(address).words
    assert share(client, cast, plan, title="Twee") == address
    page = client.as_(None).page(address)
    assert page.title == "Twee"
    assert "versie 2" in page.words
    assert "Rust" in page.words
    assert db.scalar(sa.select(sa.func.count()).select_from(SharedTemplate)) == 1
    assert db.scalars(
        sa.select(AuditEntry.facts).where(AuditEntry.action == "plan_shared").order_by(AuditEntry.at)
    ).all() == [{"number": 1}, {"number": 2}]


def test_only_what_the_page_showed_is_shared(client: Client, cast: Cast, plan: Plan) -> None:
    address = f"/almere/trajecten/{plan.id}/delen"
    page = client.as_(cast.clerk).page(address)
    seen = page.form()["action"] and page.soup.find("input", {"name": "seen"})["value"]  # type: ignore[union-attr,index]
    make_value(db.get_one(Plan, plan.id), "Rust")
    db.commit()
    texts = {"title": "Een", "description": "Zo doen wij het."}
    refused = client.send(address, **texts, seen=str(seen))
    assert refused.status == 409
    assert "wat u deelt, veranderde intussen" in refused.words
    assert "Zo doen wij het." in refused.text, "nothing typed is lost"
    assert queries.shown() == []


def test_the_checking_page_shows_everything_that_goes_along(client: Client, cast: Cast, plan: Plan) -> None:
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/delen")

    def texts(part: Any) -> list[str]:
        if isinstance(part, dict):
            return [text for item in part.values() for text in texts(item)]
        if isinstance(part, list):
            return [text for item in part for text in texts(item)]
        return [part] if isinstance(part, str) and " " in part else []

    shown = texts(queries.content_of(plan).model_dump(mode="json"))
    assert len(shown) > 8
    assert [text for text in shown if " ".join(text.split()).rstrip(".") not in page.words] == []
    assert not [fold for fold in page.soup.find_all("details") if not fold.has_attr("open")]  # type: ignore[union-attr]


def test_a_description_is_needed_and_a_plan_without_values_has_nothing_to_share(
    client: Client, cast: Cast, plan: Plan
) -> None:
    assert client.as_(cast.clerk).submit(f"/almere/trajecten/{plan.id}/delen").status == 422
    empty = make_plan("Leeg")
    db.commit()
    assert "Er is nog geen waarde om te delen" in client.page(f"/almere/trajecten/{empty.id}/delen").words
    with pytest.raises(Conflict):
        operations.share(empty, queries.content_of(empty), fictitious=False, **TEXTS)


@pytest.mark.parametrize("role", [Role.COUNCILLOR, Role.OFFICER, Role.EXECUTIVE, Role.FACILITATOR])
def test_only_the_clerk_shares_and_revokes(client: Client, cast: Cast, plan: Plan, role: Role) -> None:
    address = f"/almere/trajecten/{plan.id}/delen"
    template = share(client, cast, plan)
    client.as_(cast[role])
    assert client.page(address).status == 403
    assert client.page("/almere/etalage").status == 403
    assert client.page(f"/almere{template}/lezers").status == 403
    assert client.send(f"/almere{template}/intrekken").status == 403
    assert "Deel dit" not in client.get(f"/almere/trajecten/{plan.id}").get_data(as_text=True)


# --- The wall -------------------------------------------------------------------------------------------------------


def test_revoking_works_at_once_for_everybody_everywhere(client: Client, cast: Cast, plan: Plan) -> None:
    address = share(client, cast, plan)
    template_id = UUID(address.rpartition("/")[2])
    client.as_(cast.of_breda(Role.CLERK)).submit(f"/breda{address}/overnemen", title="Breda begint")
    own = copied(cast, "Breda begint")
    client.as_(cast.clerk).submit(f"/almere/trajecten/{plan.id}/delen", "intrekken")

    for person in (None, cast.of_breda(Role.CLERK), cast.outsider, cast.clerk):
        client.as_(person)
        assert client.page(address).status == 404
        assert client.page(f"{address}/overnemen").status == 404
        assert "Sociaal domein" not in client.page("/etalage").words
    client.as_(cast.of_breda(Role.CLERK))
    assert client.page(f"/breda{address}/overnemen").status == 404
    assert client.send(f"/breda{address}/overnemen", title="Nog eens", once_more="y").status == 404
    for council_id in (None, cast.breda.id):
        count = sa.text("SELECT count(*) FROM shared_template WHERE id = :id")
        assert as_council(council_id).scalar(count, {"id": template_id}) == 0
    assert as_council(cast.almere.id).scalar(count, {"id": template_id}) == 1
    assert "wordt niet meer met u gedeeld" in client.page(f"/breda/trajecten/{own.id}/voorbeeld").words
    assert client.as_(cast.clerk).send(f"/almere{address}/intrekken").status == 409


def test_nobody_else_can_write_what_they_can_read(client: Client, cast: Cast, plan: Plan) -> None:
    share(client, cast, plan)
    for council_id in (None, cast.breda.id):
        session = as_council(council_id)
        assert session.scalar(sa.select(sa.func.count()).select_from(SharedTemplate)) == 1
        assert session.execute(sa.update(SharedTemplate).values(title="Van ons")).rowcount == 0  # type: ignore[attr-defined]
        assert session.execute(sa.delete(SharedTemplate)).rowcount == 0  # type: ignore[attr-defined]
        assert session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 0, "the plan itself stays shut"
        assert session.scalars(sa.select(SharedTemplate.title)).one() == "Sociaal domein"


def test_a_plan_that_is_not_shared_is_nowhere(client: Client, cast: Cast, plan: Plan) -> None:
    assert "Nog geen voorbeeld" in client.as_(None).page("/etalage").words
    assert client.page(f"/etalage/{plan.id}").status == 404
    client.as_(cast.of_breda(Role.CLERK))
    assert client.page(f"/breda/etalage/{plan.id}/overnemen").status == 404
    assert client.page(f"/breda/trajecten/{plan.id}/delen").status == 404
    assert client.send(f"/breda/etalage/{plan.id}/intrekken").status == 404
    assert client.as_(cast.clerk).send(f"/almere/etalage/{plan.id}/intrekken").status == 404


def test_what_another_council_copied_is_its_own(client: Client, cast: Cast, plan: Plan) -> None:
    own, _goal = taken_goal(client, cast, plan)
    client.as_(cast.clerk)
    assert client.page(f"/almere/trajecten/{own.id}/voorbeeld").status == 404
    assert as_council(cast.almere.id).scalars(sa.select(Adoption)).all() == []


# --- Where it is found ----------------------------------------------------------------------------------------------


def test_an_empty_council_has_one_task_and_one_example_to_look_at(
    client: Client, cast: Cast, plan: Plan
) -> None:
    make_example(db.get_one(Plan, plan.id))
    db.commit()
    page = client.as_(cast.of_breda(Role.CLERK)).page("/breda/")
    assert "Eén ding: leg vast wat u gaat doen" in page.words
    assert page.link("Bekijk het voorbeeld van Almere (fictief)").startswith("/etalage/")
    assert (
        client.as_(None).page("/").link("Bekijk het voorbeeld van Almere (fictief)").startswith("/etalage/")
    )
    assert client.page("/").link("Etalage") == "/etalage"


def test_what_is_invented_says_so_and_is_kept_out_of_search_engines(
    client: Client, cast: Cast, plan: Plan
) -> None:
    template = make_example(db.get_one(Plan, plan.id))["template_id"]
    db.commit()
    page = client.as_(None).page(f"/etalage/{template}")
    assert "fictief voorbeeld" in page.words
    assert "Dit voorbeeld is verzonnen." in page.words
    assert page.soup.find("meta", {"name": "robots"})  # type: ignore[union-attr]
    assert "fictief voorbeeld" in client.page("/etalage").words


def test_a_real_council_is_not_called_invented(client: Client, cast: Cast, plan: Plan) -> None:
    address = share(client, cast, plan)
    page = client.as_(None).page(address)
    assert "fictief" not in page.words
    assert not page.soup.find("meta", {"name": "robots"})  # type: ignore[union-attr]
    assert "(fictief)" not in client.page("/").words, "no example to show first"


def test_a_newer_version_is_told_and_changes_nothing(client: Client, cast: Cast, plan: Plan) -> None:
    own, _goal = taken_goal(client, cast, plan)
    before = example_of(own)
    as_council(cast.almere.id)
    share(client, cast, plan, title="Nieuwer")
    page = client.as_(cast.of_breda(Role.CLERK)).page(f"/breda/trajecten/{own.id}/voorbeeld")
    assert "Er is nu versie 2. Uw eigen kaarten veranderen niet vanzelf." in page.words
    as_council(cast.breda.id)
    assert example_of(db.get_one(Plan, own.id)) == before


def test_a_plan_that_was_no_copy_leads_to_the_showcase(client: Client, cast: Cast, plan: Plan) -> None:
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/voorbeeld")
    assert (page.status, page.location) == (302, "/etalage")


def test_a_finished_plan_takes_nothing_over(client: Client, cast: Cast, plan: Plan) -> None:
    own, _goal = taken_goal(client, cast, plan)
    vision.set_status(db.get_one(Plan, own.id), vision.PlanStatus.FINISHED)
    db.commit()
    other = example_of(own).values[1]
    arrived = f"/breda/trajecten/{own.id}/voorbeeld"
    assert client.page(f"{arrived}/waarden/{other.key}").status == 409
    page: Page = client.page(arrived)
    assert "Bespreek" not in page.words


def test_every_page_needs_at_most_twelve_queries(
    client: Client, cast: Cast, plan: Plan, query_count: list[str]
) -> None:
    for number in range(6):
        goal = make_goal(make_value(db.get_one(Plan, plan.id), f"Waarde {number}"), f"er {number} is")
        make_need(goal)
        make_question(goal)
    db.commit()
    template = share(client, cast, plan)
    own, _goal = taken_goal(client, cast, plan)
    content = example_of(own)
    arrived = f"/breda/trajecten/{own.id}/voorbeeld"
    db.commit()
    pages = {
        cast.clerk: [
            f"/almere/trajecten/{plan.id}/delen",
            f"/almere/trajecten/{plan.id}",
            "/almere/etalage",
            f"/almere{template}/lezers",
            template,
            "/etalage?q=hulp&werk=klein",
            f"{template}/bekijken?gemeente=GM0034",
            f"{template}/naast",
        ],
        cast.of_breda(Role.CLERK): [
            "/etalage",
            f"{template}/overnemen",
            f"/breda{template}/overnemen",
            arrived,
            f"{arrived}/waarden/{content.values[2].key}",
            f"{arrived}/doelen/{content.goals[2].key}",
            f"/breda/trajecten/{own.id}",
            f"/breda/trajecten/{own.id}/waarden",
            f"/breda/trajecten/{own.id}/doelen",
        ],
    }
    for person, addresses in pages.items():
        for address in addresses:
            client.as_(person)
            query_count.clear()
            assert client.get(address).status_code in (200, 302)
            assert len(query_count) <= 12, (address, len(query_count))
