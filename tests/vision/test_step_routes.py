"""The step plan as questions: the lock, answers, conflicts, skips, who may read what, and adapting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.client import Client, Page
from tests.factories import (
    Cast,
    make_answer,
    make_goal,
    make_link,
    make_plan,
    make_value,
    question_of,
)
from workbench.accounts.models import Role
from workbench.core.audit import AuditEntry
from workbench.core.cards import revisions
from workbench.core.db import db
from workbench.vision.models import (
    WORKING_GROUP,
    Answer,
    Goal,
    Plan,
    PlanQuestion,
    PlanStatus,
    PlanStep,
    StepSkip,
    Value,
)
from workbench.vision.operations import copy_questions
from workbench.vision.steps import AnswerState

JSON = {"Accept": "application/json"}
OUTSIDERS = [role for role in Role if role not in WORKING_GROUP]
FIRST_QUESTION = {
    0: "opdracht",
    1: "beeld-notities",
    3: "schuren-notities",
    5: "nodig-notities",
    7: "kosten-notities",
    8: "sturen-notities",
    9: "vastleggen-notities",
}


def step_of(plan: Plan, number: int) -> str:
    return f"/almere/trajecten/{plan.id}/stappen/{number}"


def question_at(plan: Plan, key: str) -> str:
    return f"/almere/vragen/{question_of(plan, key).id}"


def base_of(page: Page) -> str:
    return str(page.form().find("input", attrs={"name": "base_version"})["value"])  # type: ignore[index]


def actions() -> set[str]:
    return set(db.scalars(sa.select(AuditEntry.action)))


def full_plan() -> Plan:
    """A plan in which every step can go on."""
    link = make_link(make_goal(make_value(make_plan())))
    goal = db.get_one(Goal, link.goal_id)
    plan = db.get_one(Plan, goal.plan_id)
    make_answer(plan)
    return plan


# --- The lock -------------------------------------------------------------------------------------------------------

LOCKED = [
    (3, "stap 2"),
    (4, "stap 2"),
    (5, "stap 4"),
    (6, "stap 4"),
    (7, "stap 5"),
    (8, "stap 6"),
    (9, "stap 6"),
]


@pytest.mark.parametrize(("number", "names"), LOCKED)
def test_a_locked_step_is_refused_at_every_address_and_names_what_is_missing(
    client: Client, cast: Cast, number: int, names: str
) -> None:
    plan = make_plan()
    addresses = [step_of(plan, number), step_of(plan, number) + "/nakijken"]
    posts = [step_of(plan, number) + "/afronden", step_of(plan, number) + "/heropenen"]
    if number in FIRST_QUESTION:
        address = question_at(plan, FIRST_QUESTION[number])
        addresses.append(address)
        posts += [address, address + "/geschiedenis/1"]
    if number == 4:
        addresses += [f"/almere/trajecten/{plan.id}/doelen", f"/almere/trajecten/{plan.id}/doelen/nieuw"]
        posts.append(f"/almere/trajecten/{plan.id}/doelen/nieuw")
    db.commit()
    client.as_(cast.clerk)
    for page in (
        *map(client.page, addresses),
        *(client.send(post, value="Toch eerst dit.") for post in posts),
    ):
        assert page.status == 409, page.response.request.path
        assert names in page.words
    assert {answer.value for answer in db.query(Answer)} == {"De raad vraagt een monitor."}


def test_with_what_it_needs_every_step_opens(client: Client, cast: Cast) -> None:
    plan = full_plan()
    db.commit()
    client.as_(cast.councillor)
    assert [client.page(step_of(plan, number)).status for number in range(10)] == [
        302 if number in (2, 4, 6) else 200 for number in range(10)
    ]


@pytest.mark.parametrize("number", ["10", "99999999999999999999"])
def test_a_step_that_does_not_exist_is_a_404(client: Client, cast: Cast, number: str) -> None:
    plan = full_plan()
    db.commit()
    client.as_(cast.clerk)
    for page in ("", "/nakijken", "/aanpassen", "/overslaan"):
        assert client.page(f"/almere/trajecten/{plan.id}/stappen/{number}{page}").status == 404
    assert client.send(f"/almere/trajecten/{plan.id}/stappen/{number}/openstellen").status == 404


# --- Questions and answers ------------------------------------------------------------------------------------------


def test_a_new_plan_has_its_own_copy_of_all_questions_and_one_step_to_go_on_with(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}")
    assert page.words.count("hier zijn we") == 1
    assert page.link("Opdracht") == step_of(plan, 0)
    assert db.query(PlanQuestion).filter_by(plan_id=plan.id).count() == 28
    copied = plan.copied_at
    copy_questions(plan)
    assert plan.copied_at == copied
    assert db.query(PlanStep).filter_by(plan_id=plan.id).count() == 10


def test_a_group_answers_a_step_looks_it_over_and_finishes_it(client: Client, cast: Cast) -> None:
    plan = make_plan(opdracht="")
    db.commit()
    client.as_(cast.councillor)
    page = client.submit(question_at(plan, "opdracht"), value="Een monitor die begint bij wat telt.")
    assert page.title == "Waarom wil de raad dit nu?"
    assert client.page(step_of(plan, 0) + "/nakijken").words.count("Nog geen antwoord") == 5
    assert client.send(step_of(plan, 0) + "/afronden").status == 409
    client.submit(question_at(plan, "waarom"), value="Te veel cijfers, te weinig betekenis.")
    client.submit(
        question_at(plan, "werkgroep"),
        **{"value": [str(cast.clerk.id), str(cast.councillor.id)], f"value-{cast.councillor.id}": "Samen"},
    )
    client.submit(question_at(plan, "beslist"), value="De raad.")
    page = client.submit(question_at(plan, "klaar"), value="23-6-2027")
    assert page.title == "Wat hoort er niet bij?"
    page = client.page(step_of(plan, 0) + "/nakijken")
    for text in ("Clerk van Almere", "Councillor van Almere (Samen)", "23 juni 2027", "De raad."):
        assert text in page.words
    page = client.submit(step_of(plan, 0) + "/nakijken", "/afronden")
    assert "Stap 0 is afgerond" in page.words
    assert "step_finished" in actions()
    assert client.submit(step_of(plan, 0) + "/nakijken", "/heropenen").status == 200
    assert db.query(PlanStep).filter_by(plan_id=plan.id, number=0).one().finished_at is None


def test_not_knowing_and_later_are_kept_with_person_and_day_and_can_be_changed(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    db.commit()
    client.as_(cast.councillor)
    address = question_at(plan, "waarom")
    assert client.send(address, value="", state="later", base_version="0").status == 302
    page = client.page(address)
    assert "Op “later” gezet door Councillor van Almere" in page.words
    assert "later" in client.page(step_of(plan, 0)).words
    client.submit(address, value="Omdat het moet.")
    assert client.send(address, value="Omdat het moet.", state="unknown", base_version="2").status == 302
    answer = db.scalars(sa.select(Answer).where(Answer.question_id == question_of(plan, "waarom").id)).one()
    assert (answer.state, answer.value, answer.edited_by_id) == (
        AnswerState.UNKNOWN,
        "Omdat het moet.",
        cast.councillor.id,
    )
    assert "Dit weten we niet, zei Councillor van Almere" in client.page(step_of(plan, 0) + "/nakijken").words


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("opdracht", "  ", "Schrijf een antwoord op"),
        ("klaar", "morgen", "zoals 23-6-2027"),
        ("beslist", "x" * 301, "hooguit 300 tekens"),
        ("werkgroep", "", "Kies minstens één lid"),
        ("werkgroep", "iemand-anders", "Kies minstens één lid"),
    ],
)
def test_an_answer_that_cannot_be_kept_says_what_to_do_and_stays_on_the_page(
    client: Client, cast: Cast, key: str, value: str, says: str
) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).send(question_at(plan, key), value=value, base_version="1")
    assert page.status == 422
    assert says in page.words
    assert not value.strip() or value == "iemand-anders" or value in page.text


@pytest.mark.parametrize(("value", "status"), [("600000", 302), ("-1", 422), ("veel", 422), ("", 302)])
def test_a_number_is_a_whole_one_and_may_be_left_open(
    client: Client, cast: Cast, value: str, status: int
) -> None:
    plan = full_plan()
    db.commit()
    address = question_at(plan, "kosten-bedrag")
    assert client.as_(cast.clerk).send(address, value=value, base_version="0").status == status
    if value == "600000":
        assert "600.000" in client.page(step_of(plan, 7) + "/nakijken").words


def test_a_choice_is_one_of_those_that_are_offered(client: Client, cast: Cast) -> None:
    plan = full_plan()
    db.commit()
    address = question_at(plan, "nodig-rol")
    client.as_(cast.clerk)
    assert client.send(address, value="toveren", base_version="0").status == 422
    assert client.send(address, value="inkopen", base_version="0").status == 302
    assert "inkopen" in client.page(step_of(plan, 5)).words


# --- Saving while somebody types, and two people at once ------------------------------------------------------------


def autosave(client: Client, address: str, base: str | int, **fields: str) -> Any:
    return client.post(address, data={"base_version": str(base), **fields}, headers=JSON)


def test_the_script_of_a_form_hears_which_version_was_saved_and_sitting_makes_one_revision(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    db.commit()
    address = question_at(plan, "waarom")
    client.as_(cast.councillor)
    for base, text in enumerate(("O", "Omdat", "Omdat het telt.")):
        answer = autosave(client, address, base, value=text)
        assert (answer.status_code, answer.json["version"]) == (200, base + 1)
        assert answer.json["saved_at"]
    kept = db.scalars(sa.select(Answer).where(Answer.question_id == question_of(plan, "waarom").id)).one()
    assert (kept.value, kept.version, kept.revision) == ("Omdat het telt.", 3, 1)


def test_the_same_save_twice_is_one_and_an_old_one_that_comes_late_changes_nothing(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    db.commit()
    address = question_at(plan, "waarom")
    client.as_(cast.councillor)
    assert autosave(client, address, 0, value="Eerst.").json["version"] == 1
    assert autosave(client, address, 0, value="Eerst.").json["version"] == 1
    assert autosave(client, address, 1, value="Daarna.").json["version"] == 2
    assert autosave(client, address, 0, value="Eerst.").status_code == 409
    kept = db.query(Answer).filter_by(question_id=question_of(plan, "waarom").id).one()
    assert [item.content["value"] for item in revisions(kept)] == ["Daarna."]


def test_two_people_on_one_answer_lose_nothing(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    address = question_at(plan, "waarom")
    base = base_of(client.as_(cast.clerk).page(address))
    client.as_(cast.councillor).submit(address, value="Van het raadslid.")
    answer = autosave(client.as_(cast.clerk), address, base, value="Van de griffier.")
    assert answer.status_code == 409
    assert answer.json == {
        "version": 1,
        "theirs": [{"label": "Uw antwoord", "text": "Van het raadslid."}],
    }
    page = client.send(address, base_version=base, value="Van de griffier.")
    assert page.status == 409
    assert "Van het raadslid." in page.words
    assert "Van de griffier." in page.text
    assert client.send(address, base_version=base_of(page), value="Van de griffier.").status == 302
    kept = db.query(Answer).filter_by(question_id=question_of(plan, "waarom").id).one()
    assert [item.content["value"] for item in revisions(kept)] == ["Van de griffier.", "Van het raadslid."]


def test_a_colleague_who_put_a_question_off_meanwhile_is_heard(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    address = question_at(plan, "waarom")
    client.as_(cast.councillor).send(address, value="", state="later", base_version="0")
    answer = autosave(client.as_(cast.clerk), address, 0, value="Wel een antwoord.")
    assert answer.status_code == 409
    assert answer.json["theirs"][0]["text"] == "Hier kijken we later naar."


def test_values_and_goals_save_themselves_too_and_say_what_is_wrong(client: Client, cast: Cast) -> None:
    goal = make_goal(make_value(make_plan()))
    value = db.query(Value).one()
    db.commit()
    client.as_(cast.councillor)
    fields = {"name": "Nabijheid", "own_words": "Dichtbij.", "counter_value": "Kennis", "position": "30"}
    address = f"/almere/waarden/{value.id}/bewerken"
    assert autosave(client, address, 1, **fields).json["version"] == 2
    wrong = autosave(client, address, 2, **fields | {"name": ""})
    assert (wrong.status_code, wrong.json) == (422, {"errors": {"name": ["Geef de waarde een naam."]}})
    other = autosave(client.as_(cast.clerk), address, 1, **fields | {"own_words": "Anders."})
    assert [item["text"] for item in other.json["theirs"]] == ["Dichtbij."]
    address = f"/almere/doelen/{goal.id}/bewerken"
    saved = autosave(client, address, 1, sentence="zij het merken", values=str(value.id))
    assert saved.json["version"] == 2
    assert autosave(client.as_(None), address, 2, sentence="x", values=str(value.id)).status_code == 401


# --- Skipping, and the status of a plan -----------------------------------------------------------------------------


def test_a_facilitator_skips_a_step_with_a_reason_and_undoes_it(client: Client, cast: Cast) -> None:
    make_goal(make_value(make_plan()))
    plan = db.query(Plan).one()
    db.commit()
    client.as_(cast["facilitator"])
    assert client.page(step_of(plan, 7)).status == 409
    assert client.submit(step_of(plan, 5) + "/overslaan").status == 422
    page = client.submit(step_of(plan, 5) + "/overslaan", reason="Dit is vorig jaar al besproken.")
    assert "Overgeslagen: Dit is vorig jaar al besproken." in page.words
    assert "Facilitator van Almere" in page.words
    assert client.page(step_of(plan, 7)).status == 200
    assert client.send(step_of(plan, 5) + "/overslaan", reason="Nog eens.").status == 409
    assert client.send(step_of(plan, 5) + "/toch-doen").status == 302
    assert client.page(step_of(plan, 7)).status == 409
    assert client.send(step_of(plan, 5) + "/toch-doen").status == 409
    skip = db.query(StepSkip).one()
    assert (skip.skipped_by_id, skip.undone_by_id) == (cast["facilitator"].id, cast["facilitator"].id)
    assert {"step_skipped", "step_skip_undone"} <= actions()
    assert "Stap overgeslagen: stap 5" in client.as_(cast.clerk).page("/almere/logboek").words


@pytest.mark.parametrize("number", [0, 2, 4, 9])
def test_what_everything_stands_on_cannot_be_skipped(client: Client, cast: Cast, number: int) -> None:
    plan = make_plan()
    db.commit()
    assert client.as_(cast.clerk).send(step_of(plan, number) + "/overslaan", reason="Haast.").status == 409


def test_a_councillor_cannot_skip_adapt_or_open_a_step(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    client.as_(cast.councillor)
    for name in ("overslaan", "toch-doen", "aanpassen", "openstellen", "sluiten"):
        assert client.send(f"{step_of(plan, 1)}/{name}", reason="Zomaar.").status == 403


def test_a_finished_plan_can_be_read_but_not_changed(client: Client, cast: Cast) -> None:
    goal = make_goal(make_value(make_plan()))
    plan = db.query(Plan).one()
    address = question_at(plan, "waarom")
    db.commit()
    client.as_(cast.clerk)
    assert client.send(f"/almere/trajecten/{plan.id}/status", status="finished").status == 302
    assert client.page(f"/almere/trajecten/{plan.id}").status == 200
    assert client.page(step_of(plan, 0)).status == 200
    for page in (
        client.page(address),
        client.send(address, value="Toch.", base_version="0"),
        client.page(f"/almere/doelen/{goal.id}/bewerken"),
        client.send(f"/almere/doelen/{goal.id}/verwijderen"),
        client.page(f"/almere/doelen/{goal.id}/cijfers/kiezen"),
        client.send(f"/almere/trajecten/{plan.id}/waarden/nieuw", name="Nieuw"),
    ):
        assert page.status == 409
        assert "afgerond" in page.words
    assert client.send(f"/almere/trajecten/{plan.id}/status", status="weg").status == 409
    assert client.send(f"/almere/trajecten/{plan.id}/status", status="running").status == 302
    assert client.page(address).status == 200
    assert db.query(Plan).one().status is PlanStatus.RUNNING


# --- Who may read what ----------------------------------------------------------------------------------------------

TRACES = {
    0: "Opdracht van de raad.",
    1: "Wat wij zien.",
    2: "Nabijheid",
    3: "Waar het schuurt.",
    4: "zij in de buurt hulp vinden",
    5: "Wat er nodig is.",
    6: "Om te weten om hoeveel mensen het gaat.",
    7: "Wat het kost.",
    8: "Wanneer wij kijken.",
    9: "Wat wij vaststellen.",
}
SHOWS = {number: {number} for number in TRACES} | {3: {2, 3}}  # values belong to steps 2 and 3


@pytest.fixture
def read_all(client: Client, cast: Cast) -> Callable[[Plan, Role], str]:
    """Everything that this role gets to see of a plan, on pages and from the API."""

    def read(plan: Plan, role: Role) -> str:
        value, goal = db.query(Value).one().id, db.query(Goal).one().id
        addresses = [
            "/almere",
            "/almere/trajecten",
            f"/almere/trajecten/{plan.id}",
            *(step_of(plan, number) for number in TRACES),
            f"/almere/trajecten/{plan.id}/waarden",
            f"/almere/trajecten/{plan.id}/doelen",
            f"/almere/trajecten/{plan.id}/monitor",
            f"/almere/waarden/{value}",
            f"/almere/doelen/{goal}",
            *(f"/api/v1/councils/almere/{name}" for name in ("values", "goals", "links", "monitor")),
        ]
        db.commit()
        client.as_(cast[role])
        return "\n".join(client.get(address).get_data(as_text=True) for address in addresses)

    return read


@pytest.mark.parametrize("number", sorted(TRACES))
def test_of_a_plan_others_see_exactly_the_step_that_was_opened(
    cast: Cast, read_all: Callable[[Plan, Role], str], number: int
) -> None:
    plan = full_plan()
    for step, key in FIRST_QUESTION.items():
        make_answer(plan, key, TRACES[step])
    role = OUTSIDERS[number % len(OUTSIDERS)]
    assert not [text for text in TRACES.values() if text in read_all(plan, role)]
    plan = db.get_one(Plan, plan.id)
    plan.open(number)
    text = read_all(plan, role)
    assert {step for step, trace in TRACES.items() if trace in text} == SHOWS[number]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_the_clerk_opens_and_closes_a_step_for_everyone_outside_the_working_group(
    client: Client, cast: Cast, role: Role
) -> None:
    plan = make_plan()
    db.commit()
    address = step_of(plan, 0)
    assert client.as_(cast[role]).page(address).status == 403
    client.as_(cast.clerk)
    assert "Zij lezen dan de opdracht" in client.page(f"/almere/trajecten/{plan.id}/meelezers").words
    assert client.send(address + "/openstellen").status == 302
    assert client.send(address + "/openstellen").status == 409
    page = client.as_(cast[role]).page(address)
    assert "De raad vraagt een monitor." in page.words
    assert page.soup is not None
    assert not page.soup.select("main form")
    assert client.page(step_of(plan, 1)).status == 403
    assert client.page(question_at(plan, "opdracht")).status == 403
    assert client.as_(cast.clerk).send(address + "/sluiten").status == 302
    assert client.as_(cast[role]).page(address).status == 403
    assert {"step_opened", "step_closed"} <= actions()


# --- Adapting -------------------------------------------------------------------------------------------------------


def test_a_clerk_makes_the_step_plan_the_councils_own(client: Client, cast: Cast) -> None:
    plan, other = make_plan(), make_plan("Ander")
    db.commit()
    client.as_(cast.clerk)
    address = step_of(plan, 1) + "/aanpassen"
    page = client.submit(address, title="Rondkijken", minutes="90")
    assert "Rondkijken" in page.title
    client.submit(step_of(plan, 1) + "/vragen/nieuw", text="Wat zeggen de dorpsraden?", kind="short")
    own = db.query(PlanQuestion).filter_by(plan_id=plan.id, key=None).one()
    assert (own.number, own.required, own.position) == (1, False, 4)
    client.send(f"/almere/vragen/{own.id}/plek", place="1")
    client.send(f"{question_at(plan, 'beeld-verhalen')}/weglaten")
    client.submit(f"/almere/vragen/{own.id}/aanpassen", text="Wat zeggen de wijkraden?")
    assert client.page(step_of(plan, 1)).link("Wat zeggen de wijkraden?")
    words = client.page(step_of(plan, 1)).words
    assert words.index("Wat zeggen de wijkraden?") < words.index("Wat valt u op als")
    assert "Welke drie verhalen" not in words
    assert "Rondkijken" in client.page(f"/almere/trajecten/{plan.id}").words
    assert "Rondkijken" not in client.page(f"/almere/trajecten/{other.id}").words
    client.send(f"{question_at(plan, 'beeld-verhalen')}/terug")
    assert "Welke drie verhalen" in client.page(step_of(plan, 1)).words
    assert client.send(f"{question_at(plan, 'beeld-notities')}/weglaten").status == 409
    assert client.send(f"/almere/vragen/{own.id}/plek", place="vooraan").status == 409


def test_an_own_question_beside_cards_has_a_page_too(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    client.as_(cast.clerk)
    client.submit(step_of(plan, 2) + "/vragen/nieuw", text="Welke waarde liet u liggen?", kind="long")
    assert "Welke waarde liet u liggen?" in client.page(f"/almere/trajecten/{plan.id}/waarden").words
    assert client.page(step_of(plan, 2)).status == 200


# --- Earlier versions -----------------------------------------------------------------------------------------------


def quiet(card: Value | Goal | Answer) -> None:
    """Let the last save be an hour ago, so that the next is a sitting of its own."""
    card.edited_at -= timedelta(hours=1)


def test_an_earlier_version_of_a_value_comes_back_as_a_new_one(client: Client, cast: Cast) -> None:
    value = make_value(make_plan(), own_words="Hulp om de hoek.")
    quiet(value)
    db.commit()
    client.as_(cast.councillor).submit(f"/almere/waarden/{value.id}/bewerken", own_words="Hulp om elke hoek.")
    page = client.page(f"/almere/waarden/{value.id}/geschiedenis")
    assert page.soup is not None
    newest = page.soup.select("section")[0]
    assert ["elke" in tag.get_text() for tag in newest.select("ins")] == [True]
    assert ["de" in tag.get_text() for tag in newest.select("del")] == [True]
    assert client.send(f"/almere/waarden/{value.id}/geschiedenis/1").status == 302
    assert client.send(f"/almere/waarden/{value.id}/geschiedenis/9").status == 409
    db.expire_all()
    found = db.query(Value).one()
    assert (found.own_words, found.revision) == ("Hulp om de hoek.", 3)
    assert len(revisions(found)) == 3


def test_an_earlier_goal_comes_back_with_the_values_that_are_still_there(client: Client, cast: Cast) -> None:
    value = make_value(make_plan())
    goal = make_goal(value)
    other = make_value(db.query(Plan).one(), "Vrijheid")
    quiet(goal)
    db.commit()
    client.as_(cast.councillor).submit(
        f"/almere/doelen/{goal.id}/bewerken", sentence="zij vrij zijn", values=[str(other.id)]
    )
    assert "Vrijheid" in client.page(f"/almere/doelen/{goal.id}/geschiedenis").words
    assert client.send(f"/almere/doelen/{goal.id}/geschiedenis/1").status == 302
    db.expire_all()
    found = db.query(Goal).one()
    db.refresh(found, ["values"])
    assert ([item.name for item in found.values], found.sentence) == (
        ["Nabijheid"],
        "zij in de buurt hulp vinden",
    )


def test_an_earlier_answer_comes_back(client: Client, cast: Cast) -> None:
    plan = make_plan()
    quiet(db.query(Answer).one())
    db.commit()
    address = question_at(plan, "opdracht")
    client.as_(cast.clerk).submit(address, value="Iets heel anders.")
    page = client.page(address + "/geschiedenis")
    assert "Clerk van Almere" in page.words
    assert client.send(address + "/geschiedenis/1").status == 302
    assert "De raad vraagt een monitor." in client.page(address).text


# --- How much a page asks -------------------------------------------------------------------------------------------


def test_no_page_of_a_step_asks_more_than_twelve_times(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    plan = full_plan()
    make_answer(plan, "werkgroep", {str(cast.clerk.id): ""})
    value, goal = db.query(Value).one().id, db.query(Goal).one().id
    addresses = [
        f"/almere/trajecten/{plan.id}",
        step_of(plan, 0),
        step_of(plan, 0) + "/nakijken",
        step_of(plan, 0) + "/aanpassen",
        f"/almere/trajecten/{plan.id}/meelezers",
        question_at(plan, "werkgroep"),
        question_at(plan, "werkgroep") + "/geschiedenis",
        f"/almere/waarden/{value}/geschiedenis",
        f"/almere/doelen/{goal}/geschiedenis",
        f"/almere/doelen/{goal}",
        f"/almere/doelen/{goal}/bewerken",
        f"/almere/doelen/{goal}/cijfers/kiezen",
    ]
    db.commit()
    client.as_(cast.clerk)
    for address in addresses:
        query_count.clear()
        assert client.page(address).status == 200
        assert len(query_count) <= 12, (address, len(query_count))


# --- The order of the steps -----------------------------------------------------------------------------------------


def order_of(plan: Plan) -> list[int]:
    db.expire_all()
    return [step.number for step in db.get_one(Plan, plan.id).steps]


def test_a_clerk_moves_a_step_with_a_button_or_a_number_and_every_page_follows(
    client: Client, cast: Cast
) -> None:
    plan = full_plan()
    db.commit()
    address = f"/almere/trajecten/{plan.id}/volgorde"
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}")
    assert page.link("Volgorde van de stappen aanpassen") == address
    page = client.page(address)
    assert page.soup is not None
    buttons = page.soup.select("#stap-3 button")
    assert [(button.get("name"), button.get("value")) for button in buttons] == [(None, None), ("to", "4")]
    assert "Waarden gaan voor" in page.soup.select_one("#stap-3").get_text()  # type: ignore[union-attr]
    assert client.send(step_of(plan, 3) + "/plek", to="4", place="3").status == 302
    assert order_of(plan) == [0, 1, 2, 4, 3, 5, 6, 7, 8, 9]
    assert client.send(step_of(plan, 7) + "/plek", place="8").status == 302
    assert order_of(plan) == [0, 1, 2, 4, 3, 5, 6, 8, 7, 9]

    page = client.page(f"/almere/trajecten/{plan.id}")
    assert page.soup is not None
    titles = [item.get_text(strip=True) for item in page.soup.select(".wb-task__title")]
    assert titles[3:5] == ["Doelen", "Waar schuurt het"]
    assert [item.get_text() for item in page.soup.select(".wb-task__number")] == [str(n) for n in range(10)]
    assert "Stap 4 van 9 · Waar schuurt het" in client.page(step_of(plan, 3)).words
    goals = client.page(f"/almere/trajecten/{plan.id}/doelen").words
    assert "Stap 3 en stap 6 van 9" in goals
    assert "Stap 8 van 9 · Wat kost het" in client.page(f"/almere/trajecten/{plan.id}/kosten").words
    assert "Verder naar stap 3, Doelen" in client.page(f"/almere/trajecten/{plan.id}/waarden").words
    assert "step_moved" in actions()
    form = client.page(f"/almere/trajecten/{plan.id}/invulschema").words
    assert form.index("Doelen") < form.index("Waar schuurt het") < form.index("Wat is nodig")


@pytest.mark.parametrize(
    ("number", "place", "says"),
    [
        (4, 2, "Waarden gaan voor"),
        (2, 3, "Waarden gaan voor"),
        (5, 4, "Doelen gaan voor"),
        (0, 2, "De opdracht blijft vooraan"),
        (9, 8, "Vastleggen blijft achteraan"),
        (7, 6, "Een stap blijft bij zijn puzzelstuk, Sturing. Plek 6 is van een ander."),
        (1, 0, "Een stap blijft bij zijn puzzelstuk, Kennis."),
        (3, 99, "Plek 99 is van een ander."),
    ],
)
def test_a_forged_move_past_a_border_is_refused_with_the_reason(
    client: Client, cast: Cast, number: int, place: int, says: str
) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).send(step_of(plan, number) + "/plek", place=str(place))
    assert page.status == 409
    assert says in page.words
    assert order_of(plan) == list(range(10))


def test_a_move_without_a_number_or_by_somebody_else_is_refused(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    assert client.as_(cast.clerk).send(step_of(plan, 3) + "/plek", place="vier").status == 409
    assert client.as_(cast.councillor).send(step_of(plan, 3) + "/plek", place="4").status == 403
    plan.status = PlanStatus.FINISHED
    db.commit()
    assert client.as_(cast.clerk).send(step_of(plan, 3) + "/plek", place="4").status == 409
    assert client.page(f"/almere/trajecten/{plan.id}/volgorde").status == 409
    assert order_of(plan) == list(range(10))


def test_what_is_missing_is_named_by_the_number_and_the_name_it_has_in_this_plan(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    make_value(plan)
    db.commit()
    client.as_(cast.clerk).send(step_of(plan, 3) + "/plek", place="4")
    client.submit(step_of(plan, 4) + "/aanpassen", title="Onze doelen")
    refused = client.page(step_of(plan, 5))
    assert refused.status == 409
    assert "Eerst is een doel nodig: stap 3, Onze doelen." in refused.words


# --- More plans than one --------------------------------------------------------------------------------------------


def test_a_second_plan_begins_with_the_steps_as_the_council_adapted_them_and_no_answer(
    client: Client, cast: Cast
) -> None:
    first = make_plan()
    db.commit()
    client.as_(cast.clerk).send(step_of(first, 7) + "/plek", place="8")
    client.submit(step_of(first, 1) + "/aanpassen", title="Wat wij zien")
    client.submit(step_of(first, 1) + "/vragen/nieuw", text="Wie spraken wij al?", kind="long")
    client.send(question_at(first, "buiten") + "/weglaten")
    page = client.page(f"/almere/trajecten/{first.id}")
    address = page.link("Nog een traject beginnen")
    client.submit(address, title="Jeugd", like=str(first.id))
    second = db.query(Plan).filter_by(title="Jeugd").one()
    assert [step.number for step in second.steps] == [0, 1, 2, 3, 4, 5, 6, 8, 7, 9]
    assert second.step(1).title == "Wat wij zien"
    asked = db.query(PlanQuestion).filter_by(plan_id=second.id)
    assert [item.text for item in asked if item.key is None] == ["Wie spraken wij al?"]
    assert question_of(second, "buiten").left_out
    assert len(asked.all()) == db.query(PlanQuestion).filter_by(plan_id=first.id).count()
    assert db.query(Answer).count() == 1
    client.submit(address, title="Gewoon", like="")
    usual = db.query(Plan).filter_by(title="Gewoon").one()
    assert [step.number for step in usual.steps] == list(range(10))


def test_the_first_plan_of_a_council_is_not_asked_what_it_looks_like(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page("/almere/trajecten/nieuw")
    assert page.form().find("select") is None


def test_the_clerk_chooses_which_plan_stands_on_the_home_page_and_feeds_the_monitor(
    client: Client, cast: Cast
) -> None:
    old, new = make_plan("Sociaal domein"), make_plan("Jeugd")
    old.created_at -= timedelta(days=300)
    db.commit()
    client.as_(cast.clerk)
    assert client.get("/almere/monitor").location.endswith(f"{new.id}/monitor")
    page = client.page("/almere/trajecten")
    assert page.soup is not None
    assert [item.get_text(strip=True) for item in page.soup.select("main h2")] == ["Jeugd", "Sociaal domein"]
    assert page.form(f"{old.id}/voorop").get_text(strip=True) == "Zet “Sociaal domein” voorop"
    page = client.submit("/almere/trajecten", f"{old.id}/voorop")
    assert "“Sociaal domein” staat nu op de beginpagina" in page.words
    assert client.get("/almere/monitor").location.endswith(f"{old.id}/monitor")
    assert client.page("/almere/").link("Sociaal domein").endswith(str(old.id))
    assert client.get("/api/v1/councils/almere/monitor").json["plan_id"] == str(old.id)
    assert "plan_put_first" in actions()

    client.send(f"/almere/trajecten/{old.id}/status", status="finished")
    assert client.get("/almere/monitor").location.endswith(f"{old.id}/monitor")
    client.send(f"/almere/trajecten/{old.id}/status", status="archived")
    assert client.get("/almere/monitor").location.endswith(f"{new.id}/monitor")
    assert client.send(f"/almere/trajecten/{old.id}/voorop").status == 409
    assert client.as_(cast.councillor).send(f"/almere/trajecten/{new.id}/voorop").status == 403
