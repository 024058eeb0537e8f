"""Circles with dates: nobody reads more than the circle says, on no day, in no way; and nobody else widens it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.client import Client
from tests.factories import Cast, make_goal, make_plan, make_value
from workbench.accounts import operations as accounts
from workbench.accounts.models import CouncilKind, Person, Role
from workbench.core.audit import AuditEntry
from workbench.core.db import as_platform, db
from workbench.core.errors import Conflict, WorkbenchError
from workbench.core.tenancy import act_as, act_for
from workbench.showcase import operations, queries
from workbench.showcase.circles.commands import set_pilot
from workbench.showcase.circles.models import Circle, PilotMember, TemplateGrant
from workbench.showcase.circles.operations import Opening, open_to, today
from workbench.showcase.circles.queries import possible_readers
from workbench.showcase.models import SharedTemplate, TemplateKind
from workbench.vision.models import Plan

TEXTS = {"title": "Dichtbij", "description": "Zo doen wij het.", "context": "", "differently": ""}


@dataclass(frozen=True)
class Around:
    """Almere shares. Breda is chosen, Zwolle is in a pilot group with Almere, Ede is in nothing; somebody is a member of
    Breda and of Ede.
    """

    almere: UUID
    breda: UUID
    zwolle: UUID
    ede: UUID
    pilot: UUID
    of: dict[str, UUID]  # a person who is a member of one council only, and "both"


@pytest.fixture
def around(cast: Cast) -> Around:
    ids, people = {"almere": cast.almere.id, "breda": cast.breda.id}, {}
    people |= {"almere": cast.councillor.id, "breda": cast.of_breda(Role.COUNCILLOR).id}
    with as_platform():
        for slug in ("zwolle", "ede", "pilot"):
            kind = CouncilKind.PILOT_GROUP if slug == "pilot" else CouncilKind.MUNICIPALITY
            council = accounts.add_council(slug.capitalize(), slug, kind=kind)
            ids[slug] = council.id
            act_for(db, council.id)
            person = accounts.add_person(f"lid@{slug}.example", "Een lid", "een lang wachtwoord")
            people[slug] = person.id
            accounts.add_member(person, Role.CLERK)
            db.flush()
        both = accounts.add_person("beide@example.org", "Een lid", "een lang wachtwoord")
        people["both"] = both.id
        for slug in ("breda", "ede"):
            act_for(db, ids[slug])
            accounts.add_member(db.get_one(Person, both.id), Role.CLERK)
            db.flush()
    with as_platform():
        set_pilot("pilot", "Pilotgroep", ["almere", "zwolle"])
    act_for(db, cast.almere.id)
    return Around(**ids, of=people)


def shared(opening: Opening, title: str = "Dichtbij") -> SharedTemplate:
    """A new plan of Almere, shared so."""
    plan = make_plan(title)
    make_goal(make_value(plan))
    db.flush()
    return operations.share(
        plan, queries.content_of(plan), fictitious=False, opening=opening, **{**TEXTS, "title": title}
    )


def seen_by(council_id: UUID | None, person_id: UUID | None) -> set[UUID]:
    """What this reader finds, through PostgreSQL alone and through the pages' own query: both the same."""
    db.commit()
    act_as(db, person_id)
    act_for(db, council_id)
    through_pages = {item.template.id for item in queries.shown()}
    if council_id is None or not db.scalar(
        sa.select(SharedTemplate.id).where(SharedTemplate.council_id == council_id)
    ):
        assert set(db.scalars(sa.select(SharedTemplate.id))) == through_pages
    return through_pages


def test_nobody_sees_more_or_less_than_the_circle_says(around: Around) -> None:
    now = today()
    days = {
        (now - timedelta(1), None): True,
        (now, now): True,
        (now - timedelta(9), now + timedelta(9)): True,
        (now + timedelta(1), None): False,
        (now - timedelta(9), now - timedelta(1)): False,
    }
    named = {Circle.CHOSEN: (around.breda,), Circle.PILOT: (around.pilot,)}
    made: dict[UUID, tuple[Circle, bool]] = {}
    for circle, (window, is_open) in product(Circle, days.items()):
        template = shared(Opening(circle, *window, named.get(circle, ())))
        made[template.id] = (circle, is_open)
    gone = shared(Opening(Circle.PUBLIC))
    operations.revoke(gone)
    db.flush()

    own = set(Circle)
    chosen = {Circle.CHOSEN, Circle.MEMBERS, Circle.PUBLIC}
    piloting = {Circle.PILOT, Circle.MEMBERS, Circle.PUBLIC}
    member = {Circle.MEMBERS, Circle.PUBLIC}
    of = around.of
    readers: dict[str, tuple[UUID | None, UUID | None, set[Circle]]] = {
        "in Almere": (around.almere, of["almere"], own),
        "of Almere, on a page for everyone": (None, of["almere"], own),
        "in Breda": (around.breda, of["breda"], chosen),
        "of Breda, on a page for everyone": (None, of["breda"], chosen),
        "in Zwolle": (around.zwolle, of["zwolle"], piloting),
        "of Zwolle, on a page for everyone": (None, of["zwolle"], piloting),
        "in the pilot group itself": (around.pilot, of["pilot"], piloting),
        "in Ede": (around.ede, of["ede"], member),
        "of Ede, on a page for everyone": (None, of["ede"], member),
        "of Breda and Ede, working for Ede": (around.ede, of["both"], member),
        "of Breda and Ede, working for Breda": (around.breda, of["both"], chosen),
        "of Breda and Ede, on a page for everyone": (None, of["both"], chosen),
        "signed out": (None, None, {Circle.PUBLIC}),
        "signed out, at the door of a council": (around.ede, None, {Circle.PUBLIC}),
        "unknown person": (None, uuid4(), {Circle.PUBLIC}),
    }
    for who, (council_id, person_id, circles) in readers.items():
        expected = {id_ for id_, (circle, is_open) in made.items() if is_open and circle in circles}
        assert seen_by(council_id, person_id) == expected, who


def test_narrowing_a_circle_works_at_the_next_look(around: Around) -> None:
    template = shared(Opening(Circle.PUBLIC))
    template_id = template.id
    breda = (around.breda, around.of["breda"])
    assert template_id in seen_by(*breda)
    for circle, readers, sees in (
        (Circle.PILOT, (around.pilot,), False),
        (Circle.CHOSEN, (around.breda,), True),
        (Circle.CHOSEN, (around.ede,), False),
        (Circle.MEMBERS, (), True),
        (Circle.OWN, (), False),
    ):
        act_for(db, around.almere)
        open_to(db.get_one(SharedTemplate, template_id), Opening(circle, readers=readers))
        assert (template_id in seen_by(*breda)) is sees, circle
    act_for(db, around.almere)
    steps = db.scalars(
        sa.select(AuditEntry.facts).where(AuditEntry.action == "template_circle_set").order_by(AuditEntry.at)
    ).all()
    assert [entry["circle"] for entry in steps] == ["public", "pilot", "chosen", "chosen", "members", "own"]
    assert steps[2]["readers"] == ["breda"]


def test_leaving_the_pilot_group_ends_reading(around: Around) -> None:
    template_id = shared(Opening(Circle.PILOT, readers=(around.pilot,))).id
    zwolle = (around.zwolle, around.of["zwolle"])
    assert template_id in seen_by(*zwolle)
    with as_platform():
        set_pilot("pilot", "Pilotgroep", ["almere"])
    assert template_id not in seen_by(*zwolle)


# --- Writing ----------------------------------------------------------------------------------------------------------


def refused(write: Callable[[], object]) -> bool:
    savepoint = db.begin_nested()
    try:
        write()
        db.flush()
    except DBAPIError:
        savepoint.rollback()
        return True
    savepoint.rollback()
    return False


def test_another_council_can_write_no_grant_and_change_none(around: Around) -> None:
    template_id = shared(Opening(Circle.CHOSEN, readers=(around.breda,))).id
    db.commit()
    for council_id, person_id in (
        (around.breda, around.of["breda"]),
        (around.ede, around.of["ede"]),
        (None, None),
    ):
        act_as(db, person_id)
        act_for(db, council_id)
        for owner in (None, around.almere, around.ede, around.breda):
            values = {"id": uuid4(), "template_id": template_id, "reader_id": around.ede}
            values |= {"council_id": owner} if owner else {}
            assert refused(lambda v=values: db.execute(sa.insert(TemplateGrant).values(v))), owner  # type: ignore[misc]
        for statement in (
            sa.update(TemplateGrant).values(reader_id=around.ede),
            sa.delete(TemplateGrant),
            sa.update(SharedTemplate).values(circle=Circle.PUBLIC),
        ):
            assert db.execute(statement).rowcount == 0  # type: ignore[attr-defined]
        assert refused(
            lambda: db.execute(sa.insert(PilotMember).values(pilot_id=around.pilot, member_id=around.ede))
        )
    act_for(db, around.almere)
    assert db.scalars(sa.select(TemplateGrant.reader_id)).all() == [around.breda]


def test_a_council_sees_only_the_grants_that_let_it_read(around: Around) -> None:
    shared(Opening(Circle.CHOSEN, readers=(around.breda, around.ede)))
    db.commit()
    act_for(db, around.breda)
    assert db.scalars(sa.select(TemplateGrant.reader_id)).all() == [around.breda]
    act_for(db, around.zwolle)
    assert db.scalars(sa.select(TemplateGrant.reader_id)).all() == []


def test_a_circle_without_anybody_and_days_that_cannot_be_are_refused(around: Around) -> None:
    template = shared(Opening(Circle.OWN))
    for wrong in (
        Opening(Circle.CHOSEN),
        Opening(Circle.CHOSEN, readers=(around.almere,)),
        Opening(Circle.CHOSEN, readers=(around.pilot,)),
        Opening(Circle.PILOT, readers=(around.breda,)),
        Opening(Circle.PUBLIC, date(2030, 1, 2), date(2030, 1, 1)),
        Opening(Circle.PUBLIC, None, today() - timedelta(1)),
    ):
        with pytest.raises(Conflict):
            open_to(template, wrong)
        assert template.circle is Circle.OWN


def test_who_takes_part_in_no_pilot_group_is_offered_none(around: Around) -> None:
    assert [council.slug for council in possible_readers().groups] == ["pilot"]
    act_for(db, around.ede)
    there = possible_readers()
    assert (there.groups, there.named) == ([], [])
    assert {council.slug for council in there.councils} == {"almere", "breda", "zwolle"}


def test_the_command_refuses_what_is_no_pilot_group(around: Around) -> None:
    with as_platform():
        for group, members in (("breda", ["ede"]), ("pilot", ["nergens"])):
            with pytest.raises(WorkbenchError):
                set_pilot(group, "Groep", members)
        assert set_pilot("nieuw", "Nieuwe groep", ["ede"]).kind is CouncilKind.PILOT_GROUP


# --- Through the pages --------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(around: Around) -> Plan:
    plan = make_plan("Sociaal domein")
    make_goal(make_value(plan))
    db.commit()
    return plan


def test_from_a_circle_to_another_and_back_through_the_pages(
    client: Client, cast: Cast, around: Around, plan: Plan
) -> None:
    page = client.as_(cast.clerk).submit(
        f"/almere/trajecten/{plan.id}/delen",
        "/delen",
        description="Zo doen wij het.",
        circle="chosen",
        councils=[str(around.breda)],
        contact="griffie@almere.example",
        agreed="y",
        licence="cc0-1.0",
    )
    assert page.title == "Wat uw raad deelt"
    assert "Raden die wij kiezen: Breda" in page.words
    address = page.link("Sociaal domein")
    assert client.page(address).status == 200
    assert client.as_(cast.of_breda(Role.READER)).page(address).status == 200
    assert "niet voor iedereen" in client.page("/etalage").words
    assert "griffie@almere.example" in client.page(address).words
    assert "CC0" in client.page(address).words
    for person in (None, cast.outsider):
        assert client.as_(person).page(address).status == 404
        assert client.page(f"{address}/bekijken").status == 404
        assert client.page(f"{address}/naast").status == 404
        assert "Sociaal domein" not in client.page("/etalage").words

    client.as_(cast.clerk).submit(f"/almere{address}/lezers", circle="members")
    assert client.as_(None).page(address).status == 404
    assert client.as_(cast.of_breda(Role.CLERK)).page(f"/breda{address}/overnemen").status == 200
    client.as_(cast.clerk).submit("/almere/etalage", "intrekken")
    assert client.as_(cast.of_breda(Role.CLERK)).page(f"/breda{address}/overnemen").status == 404
    assert client.as_(cast.clerk).page(f"/almere{address}/lezers").status == 409
    assert "gestopt" in client.page("/almere/etalage").words


def test_a_form_that_says_nobody_or_gives_no_consent_keeps_what_was_typed(
    client: Client, cast: Cast, plan: Plan
) -> None:
    client.as_(cast.clerk)
    address = f"/almere/trajecten/{plan.id}/delen"
    texts = {"description": "Zo doen wij het.", "contact": "griffie@almere.example"}
    for fields, problem in (
        ({"circle": "chosen", "agreed": "y"}, "Kies minstens één raad"),
        ({"circle": "public"}, "Zet hier een vinkje als het adres erbij mag staan"),
        ({"circle": "public", "agreed": "y", "last": "1-1-2020"}, "De laatste dag ligt voor de eerste"),
        ({"circle": "public", "contact": "de griffie", "agreed": "y"}, "e-mailadres"),
    ):
        page = client.submit(address, "/delen", **{**texts, **fields})
        assert page.status == 422
        assert problem in page.words
        assert "Zo doen wij het." in page.text
    assert queries.template_of(plan) is None


def test_each_version_says_what_is_new(client: Client, cast: Cast, plan: Plan) -> None:
    client.as_(cast.clerk)
    address = f"/almere/trajecten/{plan.id}/delen"
    client.submit(address, "/delen", description="Zo doen wij het.")
    page = client.submit(address, "/delen", changed="Een waarde erbij.")
    assert "Nieuw in deze versie: Een waarde erbij." in page.words
    template = queries.find_template(TemplateKind.PLAN, plan.id)
    assert template
    assert [(line["number"], line["changed"]) for line in template.history] == [
        (1, ""),
        (2, "Een waarde erbij."),
    ]
