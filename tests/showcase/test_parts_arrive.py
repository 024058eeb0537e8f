"""Copying a step plan or a script alone: the questions stand at the steps, the script is a workshop."""

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.client import Client, Page
from tests.factories import Cast, make_plan, make_value
from tests.showcase.test_routes import TEXTS, as_council
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.showcase import operations, queries
from workbench.showcase.content import (
    PlanContent,
    SharedActivity,
    SharedOption,
    SharedSettings,
    SharedStepQuestion,
)
from workbench.showcase.models import Adoption, TemplateKind
from workbench.vision import operations as vision
from workbench.vision.models import Plan, PlanQuestion
from workbench.vision.steps import QuestionKind
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, State, Workshop

SCRIPT = (
    SharedActivity(
        kind=Kind.CHECK_IN,
        title="Even aankomen",
        question="Wat neemt u mee?",
        explanation="",
        minutes=10,
        materials="Kaartjes",
    ),
    SharedActivity(
        kind=Kind.DOTS,
        title="Stippen",
        question="Wat eerst?",
        explanation="Plak drie stippen.",
        minutes=20,
        materials="",
        settings=SharedSettings(
            options=(SharedOption(label="Nabijheid"), SharedOption(label="Snelheid")), dots=3
        ),
    ),
)
WHEN = {"title": "Ons atelier", "day": "1-12-2027", "begins": "19:30", "size": "12", "plan": ""}


def ask(step: int, text: str, kind: QuestionKind = QuestionKind.LONG) -> SharedStepQuestion:
    return SharedStepQuestion(step=step, text=text, hint="Omdat.", example="", kind=kind)


QUESTIONS = (ask(1, "Wie zagen wij nog niet?"), ask(5, "Hoeveel tijd kost het?", QuestionKind.NUMBER))


def shared(cast: Cast, kind: TemplateKind, content: PlanContent, subject: UUID | None = None) -> UUID:
    """The id of what Almere shares with everyone; the session acts for Breda after it."""
    as_council(cast.almere.id)
    template = operations.share(None, content, fictitious=False, subject=(kind, subject or uuid4()), **TEXTS)
    template_id = template.id
    as_council(cast.breda.id)
    return template_id


def at(page: Page) -> str:
    return page.response.request.path


def own_questions(plan: Plan) -> list[tuple[int, str, QuestionKind]]:
    return [(item.number, item.text, item.kind) for item in queries.own_questions(plan)]


@pytest.fixture
def clerk(client: Client, cast: Cast) -> Client:
    """Of Breda."""
    return client.as_(cast.of_breda(Role.CLERK))


# --- A step plan ----------------------------------------------------------------------------------------------------


def test_the_questions_of_a_step_plan_stand_at_the_steps_of_a_new_plan(clerk: Client, cast: Cast) -> None:
    template_id = shared(cast, TemplateKind.STEPS, PlanContent(own_questions=QUESTIONS))
    page = clerk.page(f"/breda/etalage/{template_id}/overnemen")
    assert "Er komt geen antwoord mee" in page.words
    arrived = clerk.submit(f"/breda/etalage/{template_id}/overnemen", title="Met vragen")
    assert "De vragen staan nu bij de stappen van uw traject." in arrived.words
    assert arrived.words.count("staat bij de stap") == 2
    assert "waarden om over te praten" not in arrived.words
    plan = db.scalars(sa.select(Plan).where(Plan.title == "Met vragen")).one()
    assert own_questions(plan) == [
        (1, "Wie zagen wij nog niet?", QuestionKind.LONG),
        (5, "Hoeveel tijd kost het?", QuestionKind.NUMBER),
    ]
    assert "Wie zagen wij nog niet?" in clerk.page(f"/breda/trajecten/{plan.id}/stappen/1").words


def test_a_question_that_stands_there_is_not_doubled_and_one_that_was_reworded_neither(
    clerk: Client, cast: Cast
) -> None:
    template_id = shared(cast, TemplateKind.STEPS, PlanContent(own_questions=QUESTIONS))
    plan = make_plan("Van Breda")
    vision.add_question(
        plan, 1, {"text": "wie zagen wij nog NIET?", "help": "", "example": "", "kind": QuestionKind.LONG}
    )
    db.commit()
    clerk.submit(f"/breda/etalage/{template_id}/overnemen", title="x", into=str(plan.id))
    assert [text for _step, text, _kind in own_questions(plan)] == [
        "wie zagen wij nog NIET?",
        "Hoeveel tijd kost het?",
    ]
    second = db.scalars(sa.select(PlanQuestion).where(PlanQuestion.text == "Hoeveel tijd kost het?")).one()
    second.text = "Hoeveel uur kost het?"
    db.commit()
    adoption = db.scalars(sa.select(Adoption)).one()
    address = f"/breda/trajecten/{plan.id}/voorbeeld/{adoption.id}/vragen"
    assert clerk.send(address).status == 302
    assert len(own_questions(plan)) == 2


def test_a_new_version_offers_only_what_is_new(clerk: Client, cast: Cast) -> None:
    subject = uuid4()
    template_id = shared(cast, TemplateKind.STEPS, PlanContent(own_questions=QUESTIONS), subject)
    clerk.submit(f"/breda/etalage/{template_id}/overnemen", title="Met vragen")
    plan = db.scalars(sa.select(Plan).where(Plan.title == "Met vragen")).one()
    more = (*QUESTIONS, ask(5, "Wat doen wij niet meer?"))
    shared(cast, TemplateKind.STEPS, PlanContent(own_questions=more), subject)
    arrived = f"/breda/trajecten/{plan.id}/voorbeeld"
    update = clerk.page(clerk.page(arrived).link("Bekijk wat er anders is"))
    assert "Nieuw in het voorbeeld" in update.words
    assert "Wat doen wij niet meer?" in update.words
    assert "Wie zagen wij" not in update.words
    renewed = clerk.submit(at(update), "/vernieuwd")
    assert "Zet 1 vraag bij onze stappen" in renewed.words
    done = clerk.submit(at(renewed), "/vragen")
    assert "1 vraag staat nu bij uw stappen." in done.words
    assert len(own_questions(plan)) == 3


def test_a_kind_of_answer_that_no_council_can_choose_becomes_a_text(cast: Cast) -> None:
    as_council(cast.breda.id)
    plan = make_plan("Van Breda")
    operations.take_questions(plan, [ask(1, "Wie zijn erbij?", QuestionKind.PEOPLE)])
    assert own_questions(plan) == [(1, "Wie zijn erbij?", QuestionKind.LONG)]


# --- A script -------------------------------------------------------------------------------------------------------


def test_a_script_becomes_a_draft_of_a_workshop_with_all_its_parts(clerk: Client, cast: Cast) -> None:
    template_id = shared(cast, TemplateKind.SCRIPT, PlanContent(script=SCRIPT))
    address = f"/breda/etalage/{template_id}/overnemen"
    page = clerk.submit(address, **WHEN)
    assert page.title == "Ons atelier"
    assert "Het draaiboek begon als ‘Dichtbij’ van de raad van Almere." in page.words
    workshop = db.scalars(sa.select(Workshop)).one()
    assert (workshop.state, workshop.size, workshop.plan_id) == (State.DRAFT, 12, None)
    assert workshop.ends_at is not None
    assert (workshop.ends_at - workshop.starts_at).total_seconds() == 30 * 60
    [first, second] = db.scalars(sa.select(Activity).order_by(Activity.position))
    assert (first.kind, first.materials, first.settings) == (Kind.CHECK_IN, "Kaartjes", {})
    assert (second.minutes, second.settings["dots"]) == (20, 3)
    assert [option["label"] for option in second.settings["options"]] == ["Nabijheid", "Snelheid"]
    assert db.scalars(sa.select(Plan)).all() == []
    told = clerk.page(page.link("Laat Almere iets weten"))
    assert told.status == 200
    assert clerk.submit(at(told), "/reactie", kind="thanks", text="Fijn draaiboek.").status == 200


def test_a_script_that_was_copied_is_not_copied_again_by_accident(clerk: Client, cast: Cast) -> None:
    template_id = shared(cast, TemplateKind.SCRIPT, PlanContent(script=SCRIPT))
    address = f"/breda/etalage/{template_id}/overnemen"
    clerk.submit(address, **WHEN)
    again = clerk.submit(address, **WHEN)
    assert again.status == 422
    assert "Uw raad nam dit voorbeeld al over." in again.words
    assert again.link("Ons atelier").startswith("/breda/ateliers/")
    assert len(db.scalars(sa.select(Workshop)).all()) == 1
    clerk.submit(address, **WHEN, once_more="y")
    assert len(db.scalars(sa.select(Workshop)).all()) == 2


@pytest.mark.parametrize(
    ("name", "typed", "problem"),
    [("day", "", "Vul de dag in"), ("begins", "half acht", "Schrijf de tijd als 19:30."), ("size", "1", "2 tot en met")],
)  # fmt: skip
def test_a_script_without_a_good_day_or_time_makes_nothing_and_loses_nothing(
    clerk: Client, cast: Cast, name: str, typed: str, problem: str
) -> None:
    template_id = shared(cast, TemplateKind.SCRIPT, PlanContent(script=SCRIPT))
    page = clerk.submit(f"/breda/etalage/{template_id}/overnemen", **{**WHEN, name: typed})
    assert page.status == 422
    assert problem in page.words
    assert "Ons atelier" in page.text
    assert db.scalars(sa.select(Workshop)).all() == []


def test_a_workshop_that_is_thrown_away_takes_its_copy_along(clerk: Client, cast: Cast) -> None:
    template_id = shared(cast, TemplateKind.SCRIPT, PlanContent(script=SCRIPT))
    page = clerk.submit(f"/breda/etalage/{template_id}/overnemen", **WHEN)
    clerk.submit(f"{at(page)}/weggooien")
    assert db.scalars(sa.select(Workshop)).all() == []
    assert queries.earlier_copies(template_id) == []


# --- Notes about what is no whole plan ------------------------------------------------------------------------------


def test_a_note_about_a_script_or_about_one_of_several_templates_of_a_plan_arrives_at_its_own_page(
    clerk: Client, cast: Cast, client: Client
) -> None:
    as_council(cast.almere.id)
    plan = make_plan("Sociaal domein")
    make_value(plan)
    db.commit()
    for kind in (TemplateKind.PLAN, TemplateKind.VALUES):
        content = queries.content_of(plan)
        operations.share(
            plan, content, fictitious=False, subject=(kind, plan.id), **{**TEXTS, "title": kind.value}
        )
    values = queries.find_template(TemplateKind.VALUES, plan.id)
    assert values is not None
    values_id = values.id
    script_id = shared(cast, TemplateKind.SCRIPT, PlanContent(script=SCRIPT))
    clerk.submit(f"/breda/etalage/{script_id}/overnemen", **WHEN)
    clerk.submit(f"/breda/etalage/{values_id}/overnemen", title="Waarden")
    for adoption in db.scalars(sa.select(Adoption)).all():
        text = f"Over {'script' if adoption.workshop_id else 'waarden'}."
        clerk.submit(
            f"/breda/etalage/overgenomen/{adoption.id}/reactie", "/reactie", kind="remark", text=text
        )
    as_council(cast.almere.id)
    home = client.as_(cast.clerk).page("/almere/")
    about_values = client.page(home.link("1 bericht over uw voorbeeld ‘values’"))
    assert "Over waarden." in about_values.words
    assert "Over script." not in about_values.words
    assert "Over script." in client.page(home.link("1 bericht over uw voorbeeld ‘Dichtbij’")).words
