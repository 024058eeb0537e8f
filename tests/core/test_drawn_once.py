"""A page that was drawn before is never old, and shows nobody what is another's: a colleague's, a role's, a council's."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client
from tests.core.test_no_ranking import every_page, planted  # noqa: F401 - a fixture
from tests.factories import (
    Cast,
    cast_ballot,
    make_councillors,
    make_figure_question,
    make_goal,
    make_link,
    make_need,
    make_plan,
    make_value,
)
from tests.filling import fill_plan, things_of
from tests.monitors.quoting import make_told
from workbench.accounts.models import Person
from workbench.accounts.standing import counts, written
from workbench.core import marks, remembered, slots
from workbench.core.cards import save_card
from workbench.core.db import Base, as_platform, db
from workbench.core.tenancy import act_for
from workbench.indicators.queries import find_indicator
from workbench.monitors.building import build_blocks
from workbench.monitors.conversation import operations as conversation
from workbench.monitors.conversation.states import Act
from workbench.rounds.methods import Method
from workbench.rounds.operations import Reply
from workbench.stories.coding.models import Coding
from workbench.stories.kept.models import Excerpt, Leaning
from workbench.vision.models import Plan
from workbench.vision.together import operations as together

FEW = 3  # queries: who it is, how all stands, and which rounds wait
OF_ONE_READER = re.compile(r'(?<=name="csrf_token" value=")[^"]+|(?<=name="csp-nonce" content=")[^"]+')
# A load that changes figures also writes in their series.
FIGURES = {"observation", "period"}
# How many answered is counted, and for whom a round waits; what they said is in the round once it is revealed.
ANSWERS = {"ballot", "participant"}
# Of a run a page asks only of which table it was, and that never changes; what the run noted is counted.
RUNS = {"refresh_run"}
# Which readings of a pair still wait for this person is asked at each request, for this person alone.
PAIRS = {"duo_reader", "duo_reading"}
# The words of narrators are told at each request.
STORIES = {"story_words"}


def seen(client: Client, person: Person, address: str) -> str:
    """The page as this person gets it, without what is new at each look."""
    page = client.as_(person).get(address)
    assert page.status_code == 200, address
    return OF_ONE_READER.sub("", page.get_data(as_text=True))


@pytest.fixture
def colleague(cast: Cast) -> Person:
    return make_councillors(cast, 1)[0]


@pytest.fixture
def pages(
    client: Client,
    cast: Cast,
    planted: dict[str, object],  # noqa: F811
    colleague: Person,
    query_count: list[str],
) -> Iterator[list[str]]:
    """The addresses of all pages that are drawn once, of a plan in which everything is filled."""
    plan = fill_plan([cast.councillor.id, colleague.id])
    addresses = list(every_page(client.application, planted | things_of(plan)))
    db.commit()
    build_blocks()
    db.commit()
    client.as_(cast.councillor)
    found = []
    for address in addresses:
        query_count.clear()
        if client.get(address).status_code == 200 and _asks_how_all_stands(query_count):
            found.append(address)
    yield found
    remembered.forget()


def _asks_how_all_stands(statements: list[str]) -> bool:
    return any("write_mark" in statement for statement in statements)


def test_a_page_is_drawn_from_nothing_that_does_not_count_and_once(
    client: Client, pages: list[str], query_count: list[str]
) -> None:
    assert len(pages) > 15
    tables = {table for table in Base.metadata.tables.values() if counts(table)}
    known = {table.name for table in tables} | FIGURES | ANSWERS | RUNS | PAIRS | STORIES | {"person"}
    for address in pages:
        remembered.forget()
        query_count.clear()
        first = client.get(address).get_data(as_text=True)
        drawn = [statement for statement in query_count if "write_mark" not in statement]
        read = set(re.findall(r'\b(?:FROM|JOIN)\s+"?([a-z_]+)', " ".join(drawn)))
        assert {name for name in read if name in Base.metadata.tables} <= known, address
        query_count.clear()
        again = client.get(address).get_data(as_text=True)
        assert len(query_count) <= FEW, address
        assert OF_ONE_READER.sub("", again) == OF_ONE_READER.sub("", first), address


def test_a_page_does_not_show_that_a_colleague_read_it_before(
    client: Client, cast: Cast, pages: list[str], colleague: Person
) -> None:
    for address in pages:
        remembered.forget()
        seen(client, cast.councillor, address)
        after_the_other = seen(client, colleague, address)
        remembered.forget()
        assert seen(client, colleague, address) == after_the_other, address


def test_no_memory_holds_a_name_a_token_or_a_nonce_of_who_read(
    client: Client, cast: Cast, pages: list[str]
) -> None:
    for address in pages:
        remembered.forget()
        text = client.as_(cast.councillor).get(address).get_data(as_text=True)
        kept = str(remembered._parts)
        in_header = f">{cast.councillor.name}</a>"
        assert in_header in text, address
        assert in_header not in kept, address
        for secret in OF_ONE_READER.findall(text):
            assert secret not in kept, address
        assert not any(slot in text for slot in slots.SLOTS.values()), address


def test_a_form_on_a_page_that_another_drew_can_be_sent(
    app: Flask, client: Client, cast: Cast, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan()
    goal = make_goal(make_value(plan))
    link = make_link(goal)
    address = f"/almere/doelen/{goal.id}"
    db.commit()
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client.as_(cast.councillor).page(address)
    removed = client.as_(colleague).submit(address, f"/koppelingen/{link.id}/verwijderen")
    assert "Het cijfer hoort niet meer bij dit doel." in removed.words
    assert "Het cijfer hoort niet meer bij dit doel." not in client.page(address).words, "it is told once"
    client.as_(cast.councillor)
    assert "Het cijfer hoort niet meer bij dit doel." not in client.page(address).words


def test_the_nonce_on_the_page_is_the_one_that_the_browser_is_told(client: Client, cast: Cast) -> None:
    address = f"/almere/trajecten/{make_plan().id}"
    db.commit()
    client.as_(cast.clerk)
    nonces = set()
    for _ in range(2):
        answer = client.get(address)
        [nonce] = re.findall(r'name="csp-nonce" content="([^"]+)"', answer.get_data(as_text=True))
        assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]
        nonces.add(nonce)
    assert len(nonces) == 2


def test_what_changes_is_on_every_page_at_once(client: Client, cast: Cast, session: Session) -> None:
    plan = make_plan()
    value = make_value(plan, own_words="Hulp in de buurt.")
    goal = make_goal(value)
    base, figure = f"/almere/trajecten/{plan.id}", find_indicator("inwoners")
    assert figure is not None
    shown = {
        f"{base}/waarden": "Hulp van een bekende.",
        f"/almere/waarden/{value.id}": "Hulp van een bekende.",
        f"{base}/nodig": "Een vast gezicht in de wijk.",
        f"/almere/doelen/{goal.id}": figure.name,
        f"{base}/dekking": figure.name,
        f"{base}/doelen": figure.name,
        f"{base}/monitor": "Om te weten hoeveel mensen het zijn.",
    }
    db.commit()
    client.as_(cast.clerk)
    before = {address: client.page(address).words for address in shown}
    save_card(value, {"own_words": "Hulp van een bekende."}, by=None)
    make_need(goal)
    make_link(goal, reason="Om te weten hoeveel mensen het zijn.")
    db.commit()
    for address, text in shown.items():
        assert text not in before[address], address
        assert text in client.page(address).words, address


def test_a_figure_is_in_the_monitor_as_soon_as_it_is_built(client: Client, cast: Cast) -> None:
    goal = make_goal(make_value(make_plan()))
    make_link(goal)
    address = f"/almere/trajecten/{goal.plan_id}/monitor"
    db.commit()
    assert "Deze figuur wordt gemaakt" in client.as_(cast.clerk).page(address).words
    build_blocks()
    db.commit()
    assert "Deze figuur wordt gemaakt" not in client.page(address).words


def test_who_answered_sees_so_at_once_and_who_did_not_is_still_asked(
    client: Client, cast: Cast, colleague: Person
) -> None:
    plan = make_plan()
    values = [make_value(plan, name) for name in ("Nabijheid", "Rust", "Keuze")]
    found = together.ask_weight(plan, values, Method.CHOOSE, None)
    address, key = f"/almere/trajecten/{plan.id}/waarden", str(values[0].key)
    db.commit()

    def look(person: Person) -> tuple[bool, str]:
        words = client.as_(person).page(address).words
        return "wacht op u" in words, re.search(r"\d+ van \d+ klaar", words)[0]  # type: ignore[index]

    people = (cast.councillor, colleague, cast.clerk)
    assert [look(person) for person in people] == [
        (True, "0 van 2 klaar"),
        (True, "0 van 2 klaar"),
        (False, "0 van 2 klaar"),
    ]
    cast_ballot(found, cast.councillor, Reply({"picks": [key]}))
    assert [look(person) for person in people] == [
        (False, "1 van 2 klaar"),
        (True, "1 van 2 klaar"),
        (False, "1 van 2 klaar"),
    ]
    cast_ballot(found, colleague, Reply({"picks": [key]}))
    assert [look(person) for person in people] == [(False, "2 van 2 klaar")] * 3


def test_an_answer_waits_at_home_for_who_asked_and_for_no_colleague(
    client: Client, cast: Cast, colleague: Person
) -> None:
    asked = make_figure_question(make_goal(make_value(make_plan())), colleague, cast.clerk)
    conversation.act(asked, Act.ANSWER, cast.clerk.id, "Na een jaar.")
    asked_id = asked.id
    db.commit()
    told = "Lees het antwoord op uw vraag"
    for _ in range(2):
        assert told not in client.as_(cast.councillor).page("/almere/").words
        assert told in client.as_(colleague).page("/almere/").words
    client.send(f"/almere/gesprek/{asked_id}/helder")
    assert told not in client.page("/almere/").words


def test_what_is_said_about_a_figure_is_in_the_monitor_at_once(
    client: Client, cast: Cast, colleague: Person
) -> None:
    goal = make_goal(make_value(make_plan()))
    make_link(goal)
    build_blocks()
    db.commit()
    address = f"/almere/trajecten/{goal.plan_id}/monitor"
    page = client.as_(cast.councillor).page(address)
    assert "1 bericht" not in page.words
    client.submit(page.link("Stel een vraag"), text="Waarom?")
    for person in (cast.councillor, colleague, cast.clerk):
        assert "1 bericht, 1 vraag wacht op antwoord" in client.as_(person).page(address).words


def test_what_the_clerk_read_is_not_for_who_may_not_read_it(client: Client, cast: Cast) -> None:
    plan = make_plan()
    value = make_value(plan, own_words="Hulp in de buurt.")
    plan.open(0)
    plan_id, base = plan.id, f"/almere/trajecten/{plan.id}"
    closed = [f"{base}/waarden", f"/almere/waarden/{value.id}"]
    db.commit()
    for address in closed:
        assert client.as_(cast.clerk).page(address).status == 200
        assert client.as_(cast.officer).page(address).status == 403
        assert client.as_(cast.of_breda("clerk")).page(address).status == 404
    home = client.as_(cast.clerk).page(base).words
    assert home != client.as_(cast.officer).page(base).words
    db.get_one(Plan, plan_id).open(2)
    db.commit()
    for address in closed:
        assert "Hulp in de buurt." in client.as_(cast.officer).page(address).words
    for step in db.get_one(Plan, plan_id).steps:
        step.opened_at = None
    db.commit()
    for address in [*closed, base]:
        assert client.page(address).status == 403


def test_who_takes_another_role_sees_the_pages_of_that_role(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_value(plan)
    address = f"/almere/trajecten/{plan.id}/waarden"
    db.commit()
    button = "Nog een waarde noemen"
    assert button in client.as_(cast.councillor).page(address).words
    plan.open()
    db.commit()
    assert button not in client.as_(cast.officer).page(address).words
    assert button in client.as_(cast.councillor).page(address).words


def test_every_table_that_counts_gives_a_mark_for_every_change(session: Session) -> None:
    rows = session.execute(
        sa.text(
            "SELECT tgrelid::regclass::text AS name, string_agg(substr(tgname::text, 7), ' ' ORDER BY tgname) AS events"
            " FROM pg_trigger WHERE tgname LIKE 'marks_%' GROUP BY 1"
        )
    )
    counted = [table.name for table in Base.metadata.tables.values() if counts(table)]
    always = dict.fromkeys([*counted, "participant"], "delete insert update")
    assert {row.name: row.events for row in rows} == {**always, "ballot": "delete insert"}


def test_what_other_councils_may_read_marks_the_pages_of_all(session: Session) -> None:
    """A door is opened by a visitor, and of other memberships nothing stands on a page of a council."""
    policies = session.execute(
        sa.text(
            "SELECT DISTINCT tablename FROM pg_policies WHERE permissive = 'PERMISSIVE' AND cmd IN ('SELECT', 'ALL')"
            " AND policyname <> 'own_council' AND 'public' = ANY (roles) AND qual NOT LIKE '%app.door%'"
        )
    )
    read_by_others = {name for (name,) in policies if counts(Base.metadata.tables[name])} - {"membership"}
    rows = session.execute(
        sa.text(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'note_public'::regproc"
        )
    )
    assert len(read_by_others) > 3
    assert read_by_others <= {name for (name,) in rows}


def test_a_mark_is_of_one_council_and_never_the_same_again(session: Session, cast: Cast) -> None:
    def stands() -> str:
        db.flush()
        return str(db.scalar(sa.select(marks.marks())))

    almere_id, breda_id = cast.almere.id, cast.breda.id
    plan = make_plan()
    found = [stands()]
    inner = db.begin_nested()
    plan.title = "Iets anders"
    found.append(stands())
    inner.rollback()
    assert stands() == found[0]
    plan.title = "Nog iets anders"
    found.append(stands())
    assert len(set(found)) == len(found)
    db.commit()
    plan_id = plan.id
    act_for(db, breda_id)
    of_breda = stands()
    act_for(db, almere_id)
    db.get_one(Plan, plan_id).title = "Het oude"
    assert stands() not in found
    db.commit()
    act_for(db, breda_id)
    assert stands() == of_breda


def test_tidying_up_gives_another_text_and_keeps_the_newest_mark(session: Session, cast: Cast) -> None:
    scope = str(cast.almere.id)
    make_plan()
    db.commit()
    with as_platform():
        older = [{"scope": scope, "transaction": -number} for number in range(marks.MANY)]
        db.execute(sa.insert(marks.write_mark), older)
    own = sa.select(marks.write_mark.c.mark).where(marks.write_mark.c.scope == scope)
    before, all_marks = db.scalar(sa.select(marks.marks())), db.scalars(own).all()
    assert len(all_marks) > marks.MANY
    db.commit()
    with as_platform():
        marks.tidy()
    assert db.scalars(own).all() == [max(all_marks)]
    assert db.scalar(sa.select(marks.marks())) != before


def test_what_changes_in_the_passages_of_a_story_counts(cast: Cast) -> None:
    told = make_told()
    told.tell("Ik wachtte lang.")
    passage = told.excerpts[0]

    def stands() -> str:
        db.flush()
        return str(db.scalar(sa.select(written())))

    seen_before = {stands()}
    for change in (
        sa.delete(Coding),
        sa.insert(Coding).values(id=uuid4(), excerpt_id=passage.id, tag_id=told.tag.id),
        sa.update(Excerpt).values(leaning=Leaning.WELL),
        sa.delete(Excerpt),
    ):
        assert stands() in seen_before
        db.execute(change)
        assert stands() not in seen_before
        seen_before.add(stands())
