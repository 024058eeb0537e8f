"""What of a workshop goes into a plan: chosen, shortened, once, and without who said it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast, make_goal, make_plan, make_value
from tests.workshops.making_results import activity, attendee, card, counted, held, people
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.core.tenancy import act_for
from workbench.evidence.asking.models import DataRequest, InformationQuestion
from workbench.knowledge.calendar.models import today
from workbench.rounds.operations import Reply
from workbench.vision import operations as vision
from workbench.vision.models import Goal, Plan, PlanQuestion, PlanStatus, Value
from workbench.workshops.harvest.forms import too_long
from workbench.workshops.harvest.operations import name_and_explanation
from workbench.workshops.harvest.queries import Becomes
from workbench.workshops.kinds import Kind
from workbench.workshops.models import ActivityState, Contribution, Harvest, State, Workshop


def address(workshop: Workshop, page: str = "uitkomsten") -> str:
    return f"/almere/ateliers/{workshop.id}/{page}"


def ticked(workshop: Workshop, *cards: Contribution) -> str:
    return address(workshop, "naar-traject?" + "&".join(f"kaart=kaart+{item.id}" for item in cards))


def filled(*choices: str, **texts: str) -> dict[str, str]:
    """The fields of the page to look over: what each card becomes, and texts that were changed."""
    found = {f"becomes-{place}": choice for place, choice in enumerate(choices)}
    return found | {name.replace("_", "-"): text for name, text in texts.items()}


# --- What there is to choose from -----------------------------------------------------------------------------------


def test_the_page_shows_what_came_out_per_activity(client: Client, cast: Cast) -> None:
    workshop = held()
    someone = attendee(workshop)
    storm = activity(workshop, title="Brainstorm")
    card(storm, "De huisarts zit ver weg", someone, cluster="Afstand")
    card(storm, "Buren helpen elkaar", someone)
    activity(
        workshop, position=1, title="Overgeslagen vorm", state=ActivityState.SKIPPED, skipped_why="Te laat."
    )
    db.commit()
    page = client.as_(cast.councillor).page(address(workshop))
    for text in ("Brainstorm", "De huisarts zit ver weg", "Afstand", "Buren helpen elkaar", "Te laat."):
        assert text in page.words
    assert "Er deed één mens mee." in page.words


def test_what_was_hidden_or_taken_back_is_not_shown_and_not_counted(client: Client, cast: Cast) -> None:
    workshop = held()
    storm, now = activity(workshop), datetime.now(UTC)
    card(storm, "Blijft staan")
    card(storm, "Grof woord", hidden_at=now)
    card(storm, "", withdrawn_at=now)
    db.commit()
    page = client.as_(cast.clerk).page(address(workshop))
    assert "Grof woord" not in page.text
    assert "Eén kaart." in page.words


@pytest.mark.parametrize("state", [ActivityState.OPEN, ActivityState.CLOSED])
def test_before_the_reveal_nobody_reads_a_card(client: Client, cast: Cast, state: ActivityState) -> None:
    workshop = held(state=State.RUNNING)
    written = card(activity(workshop, Kind.EXIT_QUESTION, state=state), "Nog van mijzelf")
    db.commit()
    page = client.as_(cast.clerk).page(address(workshop))
    assert "Nog van mijzelf" not in page.text
    assert "Nog niet onthuld" in page.words
    assert client.get(ticked(workshop, written)).status_code == 404


def test_a_part_that_was_never_held_says_so(client: Client, cast: Cast) -> None:
    workshop = held(state=State.RUNNING, ended_at=None, forget_on=None)
    activity(workshop, Kind.EXIT_QUESTION, state=ActivityState.WAITING)
    db.commit()
    client.as_(cast.clerk)
    assert "Nog niet gehouden." in client.page(address(workshop)).words
    workshop = db.get_one(Workshop, workshop.id)
    workshop.state, workshop.ended_at, workshop.forget_on = State.ENDED, workshop.starts_at, today()
    db.commit()
    for page in ("uitkomsten", "verslag"):
        words = client.page(address(workshop, page)).words
        assert "Niet gehouden." in words
        assert "onthuld" not in words


def test_of_a_draft_only_who_leads_reads_anything(client: Client, cast: Cast) -> None:
    workshop = held(state=State.DRAFT, opened_at=None, ended_at=None, forget_on=None)
    storm = activity(workshop)
    card(storm, "Buren helpen elkaar", shared_at=datetime.now(UTC))
    db.commit()
    for page in ("uitkomsten", "verslag", "verslag.docx", f"borden/{storm.id}.svg", f"borden/{storm.id}.png"):
        assert client.as_(cast.councillor).get(address(workshop, page)).status_code == 403, page
        assert client.as_(cast.clerk).get(address(workshop, page)).status_code == 200, page


def test_cards_of_a_brainstorm_that_shows_them_at_once_are_read_while_it_is_open(
    client: Client, cast: Cast
) -> None:
    workshop = held(state=State.RUNNING)
    card(activity(workshop, state=ActivityState.OPEN, settings={"shows_at_once": True}), "Hangt er al")
    db.commit()
    assert "Hangt er al" in client.as_(cast.clerk).page(address(workshop)).words


def test_what_people_wrote_for_themselves_is_counted_and_never_shown(client: Client, cast: Cast) -> None:
    workshop = held()
    # There is no reveal of it: it stays closed.
    alone = card(activity(workshop, Kind.WRITE_ALONE, state=ActivityState.CLOSED), "Alleen voor mij")
    db.commit()
    page = client.as_(cast.clerk).page(address(workshop))
    assert "Alleen voor mij" not in page.text
    assert "Eén tekst." in page.words
    assert client.get(ticked(workshop, alone)).status_code == 404


def test_a_round_is_told_in_words_pictures_and_a_table_as_rounds_do(client: Client, cast: Cast) -> None:
    workshop = held()
    five = people(workshop, [""] * 5)
    counted(workshop, Kind.DOTS, [(who, Reply({"dots": {"a": 3, "b": 1}})) for who in five])
    db.commit()
    page = client.as_(cast.councillor).page(address(workshop))
    assert "De meeste stippen staan bij: Nabijheid." in page.words
    assert "15 (5 van 5 mensen)" in page.words
    assert "<svg" in page.text


def test_a_workshop_that_did_not_begin_has_nothing_to_show(client: Client, cast: Cast) -> None:
    workshop = held(state=State.ANNOUNCED, opened_at=None)
    activity(workshop, title="Straks pas", state=ActivityState.WAITING)
    db.commit()
    page = client.as_(cast.councillor).page(address(workshop))
    assert "Nog geen uitkomsten" in page.words
    assert "Straks pas" not in page.words


def test_who_may_not_change_the_plan_reads_and_has_nothing_to_tick(client: Client, cast: Cast) -> None:
    workshop = held()
    written = card(activity(workshop), "Buren helpen elkaar")
    db.commit()
    page = client.as_(cast.officer).page(address(workshop))
    assert "Buren helpen elkaar" in page.words
    assert 'type="checkbox"' not in page.text
    assert client.get(ticked(workshop, written)).status_code == 403


# --- One page to look over ------------------------------------------------------------------------------------------


def test_several_cards_become_a_value_a_goal_a_question_a_request_and_a_question_of_a_step_at_once(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    value = make_value(plan)
    goal = make_goal(value)
    workshop = held(plan)
    storm = activity(workshop)
    cards = [
        card(storm, text, id=UUID(int=place + 1))
        for place, text in enumerate(["een", "twee", "drie", "vier", "vijf"])
    ]
    db.commit()
    page = client.as_(cast.clerk).submit(
        ticked(workshop, *cards),
        **filled("value", f"goal {value.id}", f"question {goal.id}", f"request {goal.id}", "step_question 5"),
        **{"text-1": "zij korter wachten"},
    )
    assert "5 kaarten staan nu in het traject." in page.words
    made = db.scalars(sa.select(Value).where(Value.name == "een")).one()
    assert (made.plan_id, made.own_words, made.counter_value) == (plan.id, "een", "")
    assert (
        db.scalars(sa.select(Goal.sentence).order_by(Goal.created_at.desc())).first() == "zij korter wachten"
    )
    assert db.scalars(sa.select(InformationQuestion.text)).all() == ["drie"]
    assert db.scalars(sa.select(DataRequest.wanted)).all() == ["vier"]
    asked = db.scalars(sa.select(PlanQuestion).where(PlanQuestion.key.is_(None))).one()
    assert (asked.number, asked.text) == (5, "vijf")
    kinds = db.scalars(sa.select(Harvest.kind).order_by(Harvest.kind)).all()
    assert kinds == ["goal", "question", "request", "step_question", "value"]


def test_the_ticks_of_the_clerk_lead_to_the_page_to_look_over(client: Client, cast: Cast) -> None:
    workshop = held(make_plan())
    written = card(activity(workshop), "Buren helpen elkaar")
    db.commit()
    fields = {"kaart": [f"kaart {written.id}"], "naar-traject": "1"}
    sent = client.as_(cast.clerk).send(address(workshop, "bewaren"), **fields)
    page = client.page(sent.location)
    assert page.title == "Dit gaat naar het traject"
    assert "Buren helpen elkaar" in page.text


def test_nothing_ticked_leads_back_and_says_so(client: Client, cast: Cast) -> None:
    workshop = held(make_plan())
    activity(workshop)
    db.commit()
    client.as_(cast.clerk)
    page = client.page(client.page(address(workshop, "naar-traject")).location)
    assert "Vink eerst aan wat naar het traject gaat." in page.words


def test_a_card_of_another_workshop_or_of_nothing_is_not_found(client: Client, cast: Cast) -> None:
    workshop, other = held(make_plan()), held()
    strange = card(activity(other), "Van een andere avond")
    activity(workshop)
    db.commit()
    client.as_(cast.clerk)
    assert client.get(ticked(workshop, strange)).status_code == 404
    assert client.get(address(workshop, "naar-traject?kaart=onzin")).status_code == 404


def test_at_least_one_card_must_become_something_and_nothing_typed_is_lost(
    client: Client, cast: Cast
) -> None:
    workshop = held(make_plan())
    written = card(activity(workshop), "Buren helpen elkaar")
    db.commit()
    page = client.as_(cast.clerk).submit(ticked(workshop, written), **{"text-0": "Anders gezegd"})
    assert page.status == 422
    assert "Kies bij minstens één kaart wat het wordt." in page.words
    assert "Anders gezegd" in page.text


def test_a_text_that_does_not_fit_is_refused_with_what_to_do(client: Client, cast: Cast) -> None:
    workshop = held(make_plan())
    written = card(activity(workshop), "x" * 81)
    db.commit()
    page = client.as_(cast.clerk).submit(ticked(workshop, written), **filled("value"))
    assert page.status == 422
    assert "De eerste regel wordt de naam van de waarde: hooguit 80 tekens, nu zijn het er 81." in page.words
    kept = client.submit(ticked(workshop, written), **filled("value"), **{"text-0": "Nabij\n" + "x" * 81})
    assert "Eén kaart staat nu in het traject." in kept.words


@pytest.mark.parametrize(
    ("becomes", "fits"), [(Becomes.GOAL, 300), (Becomes.QUESTION, 500), (Becomes.STEP_QUESTION, 200)]
)
def test_each_kind_has_the_length_that_its_own_form_has(cast: Cast, becomes: Becomes, fits: int) -> None:
    assert too_long("x" * fits, becomes) == ""
    assert "korter" in too_long("x" * (fits + 1), becomes)


def test_the_first_line_names_a_value_and_the_rest_explains_it() -> None:
    assert name_and_explanation("Nabij\nHulp om de hoek.\nAltijd.") == ("Nabij", "Hulp om de hoek.\nAltijd.")
    assert name_and_explanation("Nabij") == ("Nabij", "Nabij")


def test_the_options_of_a_round_can_go_too(client: Client, cast: Cast) -> None:
    plan = make_plan()
    workshop = held(plan)
    five = people(workshop, [""] * 5)
    dots = counted(workshop, Kind.DOTS, [(who, Reply({"dots": {"a": 1}})) for who in five])
    db.commit()
    way = address(workshop, f"naar-traject?kaart=keuze+{dots.id}+b")
    assert "Eén kaart staat nu" in client.as_(cast.councillor).submit(way, **filled("value")).words
    assert db.scalars(sa.select(Value.name)).all() == ["Vertrouwen"]


def test_without_a_plan_of_its_own_one_chooses_which(client: Client, cast: Cast) -> None:
    first, second = make_plan("Zorg"), make_plan("Wonen")
    workshop = held()
    written = card(activity(workshop), "Buren helpen elkaar")
    db.commit()
    page = client.as_(cast.clerk).page(ticked(workshop, written))
    assert page.title == "Naar welk traject?"
    client.submit(page.link("Wonen"), **filled("value"))
    assert db.scalars(sa.select(Value.plan_id)).all() == [second.id]
    assert first.id != second.id


# --- The rules of the plan hold -------------------------------------------------------------------------------------


def test_without_a_value_no_goal_can_be_chosen_and_the_page_says_why(client: Client, cast: Cast) -> None:
    plan = make_plan()
    workshop = held(plan)
    written = card(activity(workshop), "Buren helpen elkaar")
    db.commit()
    page = client.as_(cast.clerk).page(ticked(workshop, written))
    assert "Doelen, informatievragen en verzoeken kunnen nog niet." in page.words
    assert "Eerst is een waarde nodig" in page.words
    refused = client.send(ticked(workshop, written), **filled(f"goal {uuid4()}"), **{"text-0": "x"})
    assert refused.status == 422
    assert db.scalar(sa.select(sa.func.count()).select_from(Goal)) == 0


def test_a_plan_that_is_finished_takes_nothing_more(client: Client, cast: Cast) -> None:
    plan = make_plan()
    workshop = held(plan)
    written = card(activity(workshop), "Buren helpen elkaar")
    vision.set_status(plan, PlanStatus.FINISHED)
    db.commit()
    page = client.as_(cast.clerk).send(ticked(workshop, written), **filled("value"), **{"text-0": "x"})
    assert page.status == 409
    assert "afgerond" in page.words


def test_only_who_leads_the_plan_can_add_a_question_to_a_step(client: Client, cast: Cast) -> None:
    workshop = held(make_plan())
    written = card(activity(workshop), "Wie helpt er al?")
    db.commit()
    assert 'value="step_question 2"' in client.as_(cast.clerk).page(ticked(workshop, written)).text
    assert "step_question" not in client.as_(cast.councillor).page(ticked(workshop, written)).text
    fields: dict[str, Any] = {**filled("step_question 2"), "text-0": "x"}
    assert client.send(ticked(workshop, written), **fields).status == 422


def test_a_draft_value_cannot_be_held_on_to_before_it_has_a_value_that_rubs(
    client: Client, cast: Cast
) -> None:
    """The rule of the plan: the group still has to say what rubs."""
    from workbench.core.errors import Conflict
    from workbench.vision.choosing.operations import decide

    plan = make_plan()
    workshop = held(plan)
    written = card(activity(workshop), "Nabij")
    db.commit()
    client.as_(cast.clerk).submit(ticked(workshop, written), **filled("value"))
    act_for(db, cast.almere.id)
    values = [*db.scalars(sa.select(Value)), make_value(plan, "Rust"), make_value(plan, "Ruimte")]
    with pytest.raises(Conflict):
        decide(db.get_one(Plan, plan.id), None, values, reasons="", minority_view="")


# --- Once -----------------------------------------------------------------------------------------------------------


def test_a_card_that_went_says_so_and_does_not_go_twice(client: Client, cast: Cast) -> None:
    workshop = held(make_plan())
    written = card(activity(workshop), "Nabij")
    db.commit()
    client.as_(cast.clerk).submit(ticked(workshop, written), **filled("value"))
    assert "nu waarde" in client.page(address(workshop)).words
    again = client.page(ticked(workshop, written))
    assert "‘Nabij’ staat al in het traject als waarde." in again.words
    assert client.send(ticked(workshop, written), **filled("value"), **{"text-0": "Nabij"}).status == 200
    assert db.scalar(sa.select(sa.func.count()).select_from(Value)) == 1


def test_two_people_at_once_put_it_in_once(client: Client, cast: Cast) -> None:
    """Both had the page open; the second hears that it stood there."""
    from workbench.workshops.harvest.operations import Chosen, Destination, harvest

    plan = make_plan()
    workshop = held(plan)
    storm = activity(workshop)
    chosen = [Chosen("kaart een", storm.id, "Nabij", Destination(Becomes.VALUE))]
    assert harvest(workshop, plan, chosen, None) == (1, [])
    assert harvest(workshop, plan, chosen, None) == (0, ["Nabij"])
    assert db.scalar(sa.select(sa.func.count()).select_from(Value)) == 1


def test_what_was_removed_from_the_plan_may_go_again(client: Client, cast: Cast) -> None:
    workshop = held(make_plan())
    written = card(activity(workshop), "Nabij")
    db.commit()
    client.as_(cast.clerk).submit(ticked(workshop, written), **filled("value"))
    act_for(db, cast.almere.id)
    vision.remove_value(db.scalars(sa.select(Value)).one())
    db.commit()
    assert "Later uit het traject gehaald." in client.page(address(workshop)).words
    client.submit(ticked(workshop, written), **filled("value"))
    assert db.scalar(sa.select(sa.func.count()).select_from(Harvest)) == 1
    assert db.scalar(sa.select(sa.func.count()).select_from(Value)) == 1


# --- Where a card of the plan came from -----------------------------------------------------------------------------


def test_every_card_that_came_from_a_session_says_so_with_a_link(client: Client, cast: Cast) -> None:
    plan = make_plan()
    value = make_value(plan)
    goal = make_goal(value)
    workshop = held(plan)
    storm = activity(workshop)
    cards = [
        card(storm, text, id=UUID(int=place + 1))
        for place, text in enumerate(["een", "twee", "drie", "vier", "vijf"])
    ]
    db.commit()
    client.as_(cast.clerk).submit(
        ticked(workshop, *cards),
        **filled("value", f"goal {value.id}", f"question {goal.id}", f"request {goal.id}", "step_question 5"),
    )
    made = dict(db.execute(sa.select(Harvest.kind, Harvest.object_id)).all())  # type: ignore[arg-type]
    for page in (
        f"/almere/waarden/{made['value']}",
        f"/almere/doelen/{made['goal']}",
        f"/almere/informatievragen/{made['question']}",
        f"/almere/verzoeken/{made['request']}",
        f"/almere/vragen/{made['step_question']}",
    ):
        shown = client.page(page)
        assert "Ontstaan op 3 november 2026 in de sessie Rondetafel over zorg" in shown.words, page
        assert shown.link("Rondetafel over zorg") == f"/almere/ateliers/{workshop.id}/verslag"
    assert client.page(f"/almere/doelen/{goal.id}").words.count("Ontstaan op 3 november") == 2


def test_a_page_of_the_plan_that_was_drawn_before_notices_what_came_from_a_session(
    client: Client, cast: Cast
) -> None:
    goal = make_goal(make_value(make_plan()))
    workshop = held()
    storm = activity(workshop)
    db.commit()
    page = f"/almere/doelen/{goal.id}"
    assert "Ontstaan op" not in client.as_(cast.clerk).page(page).words
    act_for(db, cast.almere.id)
    db.add(
        Harvest(workshop_id=workshop.id, activity_id=storm.id, source="een", kind="goal", object_id=goal.id)
    )
    db.commit()
    assert "Ontstaan op 3 november 2026" in client.page(page).words


def test_a_reader_for_whom_the_step_is_closed_reads_nothing_of_what_a_card_became(
    client: Client, cast: Cast
) -> None:
    workshop = held(make_plan())
    written = card(activity(workshop), "Nabij")
    db.commit()
    client.as_(cast.clerk).submit(
        ticked(workshop, written), **filled("value"), **{"text-0": "Een naam in vertrouwen"}
    )
    for page in ("uitkomsten", "verslag"):
        words = client.as_(cast[Role.READER]).page(address(workshop, page)).words
        assert "Een naam in vertrouwen" not in words
        assert "De werkgroep heeft deze stap nog niet opengesteld." in words


def test_nothing_about_who_said_it_travels_along(client: Client, cast: Cast) -> None:
    plan = make_plan()
    workshop = held(plan)
    who = attendee(workshop, 7, council="Urk", first_name="Zeldzamenaam", faction="Lijst Zonderling")
    written = card(activity(workshop), "Nabij", who)
    db.commit()
    client.as_(cast.clerk).submit(ticked(workshop, written), **filled("value"))
    act_for(db, cast.almere.id)
    for table in ("value", "harvest", "card_revision", "audit_entry"):
        kept = "\n".join(db.scalars(sa.text(f"SELECT whole::text FROM {table} whole")))
        for mark in ("Zeldzamenaam", "Lijst Zonderling", "Urk", who.device_hash, str(who.id)):
            assert mark not in kept, (table, mark)


def test_the_page_asks_the_database_little(client: Client, cast: Cast, query_count: list[str]) -> None:
    plan = make_plan()
    value = make_value(plan)
    workshop = held(plan)
    five = people(workshop, [""] * 5)
    counted(workshop, Kind.DOTS, [(who, Reply({"dots": {"a": 1}})) for who in five])
    storm = activity(workshop, position=1)
    cards = [card(storm, f"Kaart {place}", five[0]) for place in range(30)]
    db.add(
        Harvest(
            workshop_id=workshop.id,
            activity_id=storm.id,
            source=f"kaart {cards[0].id}",
            kind="value",
            object_id=value.id,
        )
    )
    db.commit()
    client.as_(cast.clerk)
    for page in (address(workshop), address(workshop, "verslag"), ticked(workshop, cards[1])):
        query_count.clear()
        assert client.page(page).status == 200
        assert len(query_count) <= 12, (page, query_count)
