"""Fills the database that the environment names: content, the demo, and a council that has still to begin.

Run as `python -m tests.journeys.content`, in a process of its own: the application binds its sessions once. Leaves
the address of every page, filled in for Almere, in `addresses.json` in the home directory.
"""

import json
import time
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for

import seeds
import seeds.demo
from tasks import worker
from tests.factories import (
    make_example,
    make_excerpt,
    make_export,
    make_finding,
    make_measuring,
    make_own_draft,
    make_own_indicator,
    make_question,
    make_request,
    make_round,
    make_story,
)
from tests.stories.making import label, make_pile, marked, ready, story_to_check
from tests.workshops.making import make_activity, make_sign_up, make_workshop
from tests.workshops.making_phone import begun, running
from tests.workshops.making_results import left_behind
from tests.workshops.making_running import running as led_workshop
from workbench.accounts import operations as accounts
from workbench.accounts.models import Audience, Council, Membership, Person, Role
from workbench.app import create_app
from workbench.core.db import Model, as_platform, db
from workbench.core.settings import Settings
from workbench.core.tenancy import act_as, act_for
from workbench.evidence.follow_up.models import Need
from workbench.evidence.insight.operations import write_lines
from workbench.evidence.insight.queries import lines_of
from workbench.evidence.models import Link
from workbench.indicators.events.models import EventKind
from workbench.indicators.events.operations import add_event
from workbench.indicators.models import Indicator
from workbench.indicators.operations import set_area
from workbench.knowledge.calendar.models import CalendarEntry, today
from workbench.monitors.conversation.models import FigureQuestion
from workbench.monitors.meeting.models import DuoReading
from workbench.monitors.operations import first_monitor, follow_plan, format_of
from workbench.monitors.plan_facts import facts_by_plan
from workbench.monitors.queries import unbuilt_count
from workbench.sources.models import SourceTable
from workbench.stories.coding import operations as coding
from workbench.stories.kept import operations as kept
from workbench.stories.kept.models import Story, StoryWords
from workbench.stories.kept.visibility import Reach, State
from workbench.stories.models import Basis, Stage, StorySource
from workbench.stories.narrator import operations as narrator
from workbench.stories.narrator.told import Age
from workbench.vision.models import Goal, Plan, PlanQuestion, Value
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Workshop
from workbench.workshops.script import announcing

PASSWORD = seeds.read.demo().password  # everybody's
TELLING = "Verhalen over wachten"  # of the narrator's journey
OWN_CODE = "0123-4567-89AB-CDEF"
CODE_OF_A_QUOTE = "FEDC-BA98-7654-3210"  # of the narrator in test_withdrawal
WORKSHOP_CODE = "KMT4R7"  # of the journey of a phone
PATIENCE = 90  # seconds
NEW_CLERK = "griffier@zutphen.example"
NOT_PAGES = {
    "static",
    "core.healthz",
    "statements.security",
    "calendar.download",
    "announced.agenda",
    "documents.form_file",
    "documents.handover_file",
    "documents.measurement_file",
    "calendar_feed.read",
    "conversation.agenda_file",
    "duo.file",
    "duo.write",  # of the two readers only: test_meeting
    "duo.erase",
    "exports.file",
    "exports.standing",
    "narrator_doors.card",
    "making_safe.sound",
    "making_safe.standing",
    "story_register.file",
    "taking_in.pile_standing",
    "indicators.as_csv",
    "indicators.as_xlsx",
    "adopting.archive",
    "monitors.chart",
    "meeting.now",
    "harvest.report_file",
    "harvest.board",
    "harvest.board_picture",
    "harvest.to_plan",  # of what is ticked: tests/workshops/test_harvest
    "harvest.received_to_plan",
    "theme.logo",
    "theme.stylesheet",
    "theme.tried_stylesheet",
    "public_monitor.chart",
    "public_monitor.block",  # and what is there while the clerk publishes: test_publishing
    "publishing.preview",
    "publishing.publish",
    "public_monitor.picture",
    "monitors.building",
    "shaping.preview",
    "shaping.state",
    "styleguide.chart",
    "coding.compare",  # once people read blind: test_coding
    "exchange.citations_sheet",
    "exchange.codebook_file",
    "exchange.labels_sheet",
    "exchange.project_file",
    "sources.progress",
    "rounds.answer",
    "rounds.progress",
    "running.stand",
    "package.download",
    "package.schema",
}  # and the API


def add_new_council() -> None:
    council = accounts.add_council("Zutphen", "zutphen")
    act_for(db, council.id)
    set_area("GM0301")
    accounts.add_member(accounts.add_person(NEW_CLERK, "Nienke Wolters", PASSWORD), Role.CLERK)


def own_question(council: Council) -> FigureQuestion:
    """A question that the clerk, who opens every page, asked."""
    question = db.get_one(FigureQuestion, _first(FigureQuestion, council))
    question.asked_by_id = db.scalars(
        sa.select(Person.id).where(Person.email == "griffier@almere.example")
    ).one()
    db.flush()
    return question


def coded_story(clerk: Person) -> dict[str, Any]:
    """A story with marks that overlap and notes."""
    text = "Ik wachtte vier maanden op hulp. Toen kwam er iemand die luisterde. Dat was fijn."
    told, tag = (
        ready(text, teller="moeder van twee kinderen"),
        label("lang wachten", description="Als hulp niet komt."),
    )
    marked(told, "wachtte vier maanden", text, tag, by=clerk.id)
    excerpt = marked(told, "vier maanden op hulp", text, label("hulp van buiten"), by=clerk.id)
    coding.write_note(told, "Dit zagen wij eerder.", excerpt_id=excerpt.id, by=clerk.id)
    act_as(db, None)
    return {"story_id": told.id, "tag_id": tag.id}


def addresses(app: Flask) -> list[str]:
    """One address for every page there is. Raises: KeyError when one holds something that is not known here."""
    council = db.scalars(sa.select(Council).where(Council.slug == "almere")).one()
    act_for(db, council.id)
    secret = app.extensions["settings"].secret_key.get_secret_value()
    forgetful = accounts.add_person("vergeetachtig@almere.example", "Vera van Ginkel", PASSWORD)
    tokens = {
        "accounts.reset": accounts.reset_token(forgetful, secret),
        "accounts.invitation": accounts.invite("nieuw@almere.example", Role.READER, by=None)[1],
    }
    inhabitants = db.scalars(sa.select(Indicator).where(Indicator.slug == "inwoners")).one()
    event = add_event(
        inhabitants,
        None,
        happened_on=date(2023, 7, 1),
        kind=EventKind.REGISTRATION,
        text="De inschrijvingen zijn nagekeken.",
        source="Jaarverslag 2023",
    )
    slugs = {"knowledge.law": "wmo", "choosing.frames": "vn-verdrag"}
    goal = db.get_one(Goal, _first(Goal, council))
    quoted_story()
    story = make_story(goal)
    excerpt = make_excerpt(goal)
    if lines_of(goal.id) is None:
        write_lines(goal, None, 0, figures="Het daalt.", stories="", difference="")
    clerk = db.scalars(sa.select(Person).where(Person.email == "griffier@almere.example")).one()
    monitor = first_monitor(goal.plan_id)
    follow_plan(monitor, facts_by_plan(goal.plan_id)[goal.plan_id])
    shaped = format_of(monitor, monitor.draft)
    known: dict[str, Any] = {
        "part": "nodig",
        "monitor_id": monitor.id,
        "major": 1,
        "minor": 0,
        "section_id": shaped.sections[0].id,
        "kind": "verhalen",
        "block_id": shaped.drawn[0].id,
        "card_id": _first(Need, council),
        "council": council.slug,
        "slug": "inwoners",
        "number": 3,
        "plan_id": _first(Plan, council),
        "question_id": db.scalars(
            sa.select(PlanQuestion.id).where(PlanQuestion.key == "schuren-notities").limit(1)
        ).one(),
        "value_id": _first(Value, council),
        "goal_id": _first(Goal, council),
        "link_id": make_measuring(db.get_one(Link, _first(Link, council))).link_id,
        "story_source_id": story.story_source_id,
        "story_link_id": story.id,
        **coded_story(clerk),
        "story_pile_id": make_pile(story.story_source_id).id,
        "data_request_id": make_request(goal).id,
        "information_question_id": make_question(goal).id,
        "excerpt_id": excerpt.id,
        "finding_id": make_finding(goal, excerpt).id,
        "entry_id": _first(CalendarEntry, council),
        "event_id": event.id,
        "figure_question_id": own_question(council).id,
        "duo_reading_id": _first(DuoReading, council),
        "export_id": make_export(db.get_one(Plan, goal.plan_id), clerk).id,
        "membership_id": _first(Membership, council),
        "own_indicator_id": make_own_indicator().id,
        "own_upload_id": make_own_draft().id,
        "round_id": make_round().id,
        **make_example(db.get_one(Plan, _first(Plan, council))),
        "table_id": db.scalars(sa.select(SourceTable.id).where(SourceTable.table == "03759ned")).one(),
    }
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint not in NOT_PAGES
        and not rule.endpoint.startswith(("api.", "narrator.", "phone."))  # test_narrator, test_phone
    ]
    told_story(db.get_one(StorySource, story.story_source_id))
    workshop = announced_workshop()
    tokens |= dict.fromkeys(("announced.show", "announced.cancel"), workshop.announcement or "")
    known |= {
        "workshop_id": workshop.id,
        "activity_id": make_activity(workshop, form="inchecken").id,
        "sign_up_id": make_sign_up(workshop).id,
    }
    held = left_behind()
    known |= held | {"workshop_id": workshop.id, "activity_id": known["activity_id"]}
    led = {"workshop_id": led_workshop(Kind.CHECK_IN)[0].id}
    begun(running(WORKSHOP_CODE), Kind.BRAINSTORM, question="Wat hoort op straat thuis?")
    unsafe = {"story_id": story_to_check().id}
    db.commit()
    with app.test_request_context():
        return sorted(
            url_for(
                rule.endpoint,
                **{name: tokens[rule.endpoint] if name == "token" else known[name] for name in rule.arguments}
                | {
                    name: slugs[rule.endpoint]
                    for name in rule.arguments
                    if rule.endpoint in slugs and name == "slug"
                }
                | (unsafe if rule.endpoint.startswith("making_safe.") else {})
                | (led if rule.endpoint.startswith("running.") else {})
                | (held if rule.endpoint.startswith("harvest.") else {}),
            )
            for rule in rules
        )


def announced_workshop() -> Workshop:
    workshop = make_workshop(for_whom="Voor raadsleden en inwoners.", accessibility="Lift en ringleiding.")
    announcing.announce(workshop)
    db.flush()
    return workshop


def told_story(source: StorySource) -> Story:
    """A source that asks for stories, and a story of it that waits for the narrator of test_narrator."""
    source.name, source.stage, source.basis = TELLING, Stage.COLLECTING, Basis.CONSENT
    source.basis_why, source.topics = "Mensen vertellen over hun gezondheid.", "Hoe ging het wachten?"
    narrator.begin(source, OWN_CODE)
    story = narrator.enter_story(OWN_CODE)
    assert story is not None
    narrator.write(story, "Mijn buurvrouw hielp.", 0)
    narrator.choose(story, reach=Reach.COUNCIL, age=Age.GROWN, code_seen=True)
    narrator.send(story, today())
    story.state = State.TO_CHECK
    db.flush()
    kept.make_safe(story, "Ik wachtte lang. [mijn buurvrouw] hielp.", by=None)
    return story


def quoted_story() -> None:
    """The narrator of a quote in the monitor still has the own code."""
    words = StoryWords.text.contains("kapsalon")
    story_id = db.scalars(sa.select(StoryWords.story_id).where(words)).one()
    accounts.make_door(Audience.NARRATOR, story_id, token=CODE_OF_A_QUOTE)


def _first(model: type[Model], council: Council) -> Any:
    of_council = model.council_id == council.id  # type: ignore[attr-defined]
    return db.scalars(sa.select(model.id).where(of_council).limit(1)).one()


def wait_for_figures() -> None:
    """The worker builds the monitor of Almere meanwhile. Raises: TimeoutError."""
    plan = db.scalars(sa.select(Plan)).first()
    until = time.monotonic() + PATIENCE
    while unbuilt_count(plan):
        if time.monotonic() > until:
            raise TimeoutError("the worker does not build the figures")
        db.rollback()
        time.sleep(0.2)


def main() -> None:
    settings = Settings.load()
    app = create_app(settings)
    worker.init_app(app)
    with app.app_context():
        with as_platform():
            seeds.load()
        seeds.demo.load()
        with as_platform():
            add_new_council()
        (settings.home / "addresses.json").write_text(json.dumps(addresses(app)))
        db.commit()
        wait_for_figures()


if __name__ == "__main__":
    main()
