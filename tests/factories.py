"""A small named cast and the things they make. Names tell rights."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import current_app, g
from PIL import Image

from tests.stories import making as stories
from workbench.accounts import operations as accounts
from workbench.accounts.models import Council, Membership, Person, Role
from workbench.accounts.theme import operations as theme
from workbench.accounts.theme.logo import read_logo
from workbench.core.db import as_platform, db
from workbench.core.language import Language
from workbench.core.tenancy import act_as, act_for
from workbench.evidence.asking import operations as asking
from workbench.evidence.asking.models import DataRequest, InformationQuestion
from workbench.evidence.follow_up.models import Need, Part, Task
from workbench.evidence.follow_up.operations import add
from workbench.evidence.insight.models import Finding, Says
from workbench.evidence.insight.operations import add_finding
from workbench.evidence.measuring.models import Aiming, Measuring
from workbench.evidence.measuring.operations import measure
from workbench.evidence.models import Link, Quality
from workbench.evidence.operations import link_indicator
from workbench.evidence.telling import operations as telling
from workbench.evidence.telling.models import StoryLink
from workbench.indicators.catalogue import Direction
from workbench.indicators.events.models import EventKind, SeriesEvent
from workbench.indicators.events.operations import add_event
from workbench.indicators.operations import set_area
from workbench.indicators.queries import find_indicator
from workbench.knowledge.calendar.models import CalendarEntry, today
from workbench.knowledge.calendar.operations import add_entry
from workbench.monitors import operations as monitors
from workbench.monitors.adopting import operations as adopting
from workbench.monitors.adopting.document import Decision
from workbench.monitors.adopting.freezing import freeze
from workbench.monitors.adopting.models import AdoptedVersion
from workbench.monitors.contents import MonitorWords
from workbench.monitors.conversation import operations as conversation
from workbench.monitors.conversation import queries as conversations
from workbench.monitors.conversation.models import FigureQuestion
from workbench.monitors.exports import operations as exports
from workbench.monitors.exports.models import Export, Form
from workbench.monitors.meeting import operations as meeting
from workbench.monitors.meeting.models import DuoReading
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Ballot, Option, Round
from workbench.rounds.operations import Reply
from workbench.showcase.adopters.models import NoteKind
from workbench.showcase.adopters.operations import count_in, write
from workbench.showcase.models import Adoption
from workbench.showcase.operations import share
from workbench.showcase.queries import content_of, template_of
from workbench.stories.coding.models import Coding, Tag
from workbench.stories.kept.models import Excerpt
from workbench.stories.models import StoryKind
from workbench.uploads import operations as uploads
from workbench.uploads.checking import Kind
from workbench.uploads.models import OwnIndicator, OwnUpload
from workbench.vision import operations as vision
from workbench.vision.models import Answer, Goal, Plan, PlanQuestion, Value
from workbench.vision.steps import AnswerState

PASSWORD = "een lang wachtwoord"


@dataclass(frozen=True)
class Cast:
    """Almere and Breda, each with one person per role; `outsider` is a member of neither."""

    almere: Council
    breda: Council
    people: dict[tuple[str, Role], Person]
    outsider: Person

    def __getitem__(self, role: Role | str) -> Person:
        """The person with this role in Almere."""
        return self.people["almere", Role(role)]

    def of_breda(self, role: Role | str) -> Person:
        return self.people["breda", Role(role)]

    @property
    def clerk(self) -> Person:
        return self[Role.CLERK]

    @property
    def councillor(self) -> Person:
        return self[Role.COUNCILLOR]

    @property
    def officer(self) -> Person:
        return self[Role.OFFICER]


COUNCILS = {"almere": ("Almere", "GM0034"), "breda": ("Breda", "GM0758")}
OUTSIDER = "niemand@elders.example"


def make_cast() -> None:
    """Once per run, in a database of its own: `find_cast` gives them to each test."""
    with as_platform():
        for slug, (name, region) in COUNCILS.items():
            act_for(db, accounts.add_council(name, slug).id)
            set_area(region)
            for role in Role:
                person = accounts.add_person(
                    f"{role}@{slug}.example", f"{role.capitalize()} van {name}", PASSWORD
                )
                accounts.add_member(person, role)
        accounts.add_person(OUTSIDER, "Iemand van elders", PASSWORD)


def find_cast() -> Cast:
    """Afterwards the session acts for Almere."""
    councils = {council.slug: council for council in db.scalars(sa.select(Council))}
    people = {person.email: person for person in db.scalars(sa.select(Person))}
    act_for(db, councils["almere"].id)
    by_role = {(slug, role): people[f"{role}@{slug}.example"] for slug in COUNCILS for role in Role}
    return Cast(councils["almere"], councils["breda"], by_role, people[OUTSIDER])


def make_plan(title: str = "Sociaal domein 2026-2030", **answers: Any) -> Plan:
    """A plan, with answers by the key of their question."""
    plan = vision.start_plan(None, title=title, **{"opdracht": "De raad vraagt een monitor.", **answers})
    db.flush()
    return plan


def make_value(plan: Plan, name: str = "Nabijheid", **content: Any) -> Value:
    texts = {"own_words": "Hulp in de buurt.", "counter_value": "Deskundigheid", "position": 30, **content}
    value = vision.add_value(plan, None, name=name, **texts)
    db.flush()
    return value


def make_goal(value: Value, sentence: str = "zij in de buurt hulp vinden", **content: Any) -> Goal:
    plan = db.get_one(Plan, value.plan_id)
    goal = vision.add_goal(plan, None, values=[value], sentence=sentence, **content)
    db.flush()
    return goal


def make_answer(plan: Plan, key: str = "nodig-notities", value: Any = "Een vast gezicht.") -> Answer:
    question = question_of(plan, key)
    answer = vision.save_answer(question, AnswerState.GIVEN, value, None)
    db.flush()
    return answer


def question_of(plan: Plan, key: str) -> PlanQuestion:
    return db.scalars(
        sa.select(PlanQuestion).where(PlanQuestion.plan_id == plan.id, PlanQuestion.key == key)
    ).one()


def make_link(goal: Goal, figure: str | OwnIndicator = "inwoners", **content: Any) -> Link:
    """`figure`: the slug of an indicator of the catalogue, or an own figure."""
    indicator = find_indicator(figure) if isinstance(figure, str) else figure
    assert indicator is not None
    texts = {
        "reason": "Om te weten om hoeveel mensen het gaat.",
        "quality": Quality.PARTIAL,
        "not_saying": "Wie hulp krijgt.",
    }
    link = link_indicator(goal, indicator, None, **{**texts, **content})
    db.flush()
    return link


def make_measuring(link: Link) -> Measuring:
    """How a figure is measured: followed, without a direction."""
    readings = {"reading_up": "Meer mensen.", "reading_down": "Minder mensen."}
    content = {"baseline_period": "", "aiming": Aiming.FOLLOW, "direction": Direction.CONTEXT, **readings}
    measuring = measure(link, [], None, **content)
    db.flush()
    return measuring


def make_story(goal: Goal, name: str = "Gesprekken in de wijk", **about: Any) -> StoryLink:
    """A source of stories under a goal."""
    facts = {"kind": StoryKind.INTERVIEWS, "from_whom": "Mantelzorgers", "collected_on": None, **about}
    link = telling.link_stories(
        goal, telling.add_source(None, name=name, **facts), None, reason="Zij merken het als eersten."
    )
    db.flush()
    return link


def make_request(goal: Goal, **content: Any) -> DataRequest:
    facts = {"wanted": "Hoe lang mensen wachten.", "from_whom": "De toegang", "due_on": date(2027, 6, 1)}
    request = asking.request_data(goal, None, **{**facts, **content})
    db.flush()
    return request


def make_question(goal: Goal, text: str = "Krijgen mensen op tijd hulp?") -> InformationQuestion:
    question = asking.ask(goal, None, text=text)
    db.flush()
    return question


def make_figure_question(goal: Goal, by: Person, owner: Person) -> FigureQuestion:
    """A question about the text of a goal; its figures may not be built yet."""
    asked = conversation.ask(conversations.goal(goal.id), "Wanneer merken zij dat?", owner.id, by.id)
    db.flush()
    return asked


def make_duo(goal: Goal, coalition: Person, opposition: Person) -> DuoReading:
    """Two readers of a goal who still have to write."""
    made = meeting.form_duo(goal, coalition.id, opposition.id, None)
    db.flush()
    return made


def make_excerpt(goal: Goal) -> Excerpt:
    """A settled excerpt about this goal, of a story that the council may read."""
    text = "Ik wachtte lang op hulp. Daarna ging het goed."
    story = stories.ready(text, source=stories.make_source())
    made = stories.excerpt(story, "Ik wachtte lang op hulp.", text)
    tag = Tag(name="wachten", version=1, revision=1, goals=[goal], values=[])
    db.add(tag)
    db.flush()
    db.add(Coding(excerpt_id=made.id, tag_id=tag.id))
    db.flush()
    return made


def make_finding(goal: Goal, excerpt: Excerpt) -> Finding:
    return add_finding(goal, None, text="Wie belt, wacht langer.", says=Says.ADDS, excerpt_ids=[excerpt.id])


def make_need(goal: Goal, **content: Any) -> Need:
    need = add(
        goal, Part.NEED, None, **{"change": "Een vast gezicht in de wijk.", "task": Task.DO, **content}
    )
    assert isinstance(need, Need)
    db.flush()
    return need


def make_adopted(plan: Plan) -> AdoptedVersion:
    """What its monitor shows now, published and adopted; its figures are built."""
    council = db.get_one(Council, plan.council_id)
    monitor = monitors.first_monitor(plan.id)
    monitors.publish(monitor, monitor.draft, None)
    with current_app.test_request_context(f"/{council.slug}/"):
        g.council_slug = council.slug
        frozen = freeze(plan, council, Membership(role=Role.CLERK))
    g.pop("council_slug")
    decision = Decision(adopted_on=today(), decided_by="de raad")
    return adopting.adopt(plan, "een", frozen, decision, None, seen=frozen.fingerprint)


def make_example(plan: Plan) -> dict[str, Any]:
    """Share a plan, which itself began as a copy of what it shares now: ids for the addresses of the showcase."""
    db.flush()
    content = content_of(plan)
    texts = {"title": plan.title, "description": "Zo doen wij het.", "context": "", "differently": ""}
    template = template_of(plan) or share(plan, content, fictitious=True, **texts)
    adoption = Adoption(
        plan_id=plan.id,
        template_id=template.id,
        template_number=template.number,
        title=template.title,
        shared_by="Almere",
        fictitious=True,
        content=template.content,
    )
    db.add(adoption)
    count_in(template.id, named=False)
    note = write(template.id, NoteKind.REMARK, "Wij lazen het met plezier.")
    db.flush()
    return {
        "template_id": template.id,
        "other_id": template.id,
        "adoption_id": adoption.id,
        "card_key": content.values[0].key,
        "note_id": note.id,
        "thing": "waarden",
        "subject_id": plan.id,
        "value_key": content.values[0].key,
        "goal_key": content.goals[0].key,
    }


def make_house_style() -> UUID:
    """A colour and a logo that everybody sees; gives the version of its stylesheet."""
    drawn = io.BytesIO()
    Image.new("RGB", (64, 32), "purple").save(drawn, "PNG")
    tried = theme.try_out("#7a1f5c", read_logo(drawn.getvalue()), keeps_logo=False)
    shown = theme.take_into_use(theme.version_of(tried), None)
    assert shown.stylesheet_version is not None
    return shown.stylesheet_version


def make_event(slug: str = "inwoners", **content: Any) -> SeriesEvent:
    indicator = find_indicator(slug)
    assert indicator is not None
    facts = {
        "happened_on": date(2023, 7, 1),
        "kind": EventKind.CONTRACT,
        "text": "De hulp is opnieuw ingekocht.",
        "source": "Raadsbesluit van 8 maart 2023",
    }
    event = add_event(indicator, None, **{**facts, **content})
    db.flush()
    return event


def make_entry(name: str = "Kadernota", **content: Any) -> CalendarEntry:
    """In the calendar of the acting council, a month from now."""
    entry = add_entry(None, **{"name": name, "starts_on": today() + timedelta(days=30), **content})
    db.flush()
    return entry


def make_export(plan: Plan, person: Person, form: Form = Form.PDF, **words: Any) -> Export:
    """An empty monitor that this person takes along, still to be written."""
    monitor = MonitorWords(
        **{"council": "Almere", "title": plan.title, "language": "nl", "read_on": date(2026, 7, 2), **words}
    )
    made = exports.ask(
        monitor,
        plan_id=plan.id,
        asked_by_id=person.id,
        form=form,
        block_id=None,
        title=plan.title,
        language="nl",
    )
    db.flush()
    return made


def make_own_draft(file: bytes = b"gemeente;jaar;aantal\nAlmere;2024;120\n") -> OwnUpload:
    """A file that waits at step 3."""
    draft = uploads.start_upload(file, "wijkteam.csv", None, None, Language())
    draft.description = own_description("Wachtenden bij het wijkteam")
    db.flush()
    return draft


def make_own_indicator(name: str = "Gezinnen bij het wijkteam") -> OwnIndicator:
    """An own figure of which no file came yet."""
    indicator = OwnIndicator(**{**own_description(name), "kind": Kind.PEOPLE})
    db.add(indicator)
    db.flush()
    return indicator


def load_own_figures(
    rows: str = "2023;120\n2024;137\n", indicator: OwnIndicator | None = None, **about: Any
) -> OwnIndicator:
    """Figures of Almere that the municipality counts itself: year;number, as in a file. A dot: there is none."""
    if indicator is None:
        content = {**own_description("Gezinnen bij het wijkteam"), "kind": Kind.PEOPLE, **about}
        indicator = OwnIndicator(**content)
    lines = "".join(f"Almere;{row}\n" for row in rows.split())
    uploads.load_file(f"gemeente;jaar;aantal\n{lines}".encode(), "wijkteam.csv", indicator, None)
    db.flush()
    return indicator


def own_description(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "definition": "Wie op 31 december een lopend plan heeft.",
        "source": "Registratie van het wijkteam",
        "kind": "people",
        "unit": "aantal",
        "decimals": 0,
        "themes": ["wmo"],
        "threshold": 10,
        "rounding": 1,
    }


def make_round(
    method: Method = Method.CHOOSE, labels: str = "Nabijheid Vertrouwen Keuze", **settings: Any
) -> Round:
    """A round that has not begun; the keys of its options are a, b, c …"""
    options = [
        Option(chr(97 + place), label, "Controle" if method == Method.POSITION else "")
        for place, label in enumerate(labels.split())
    ]
    made = rounds.start_round("Wat staat voorop?", method, options, by=None, **settings)
    db.flush()
    return made


def make_councillors(cast: Cast, count: int) -> list[Person]:
    """More councillors of Almere, beside the one of the cast. Afterwards the session acts for Almere."""
    db.commit()
    with as_platform():
        act_for(db, cast.almere.id)
        made = []
        for number in range(count):
            person = accounts.add_person(f"raadslid-{number}@almere.example", f"Raadslid {number}", PASSWORD)
            accounts.add_member(person, Role.COUNCILLOR)
            made.append(person.id)
    act_for(db, cast.almere.id)
    return [db.get_one(Person, person_id) for person_id in made]


def cast_ballot(found: Round, person: Person, reply: Reply) -> Ballot:
    """The answer of this person; afterwards the session acts for nobody, as for someone who did not answer."""
    db.commit()
    act_as(db, person.id)
    ballot = rounds.cast(found, reply, person_id=person.id)
    db.commit()
    act_as(db, None)
    return ballot
