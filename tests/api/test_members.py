"""What a program reads for a member, with a token."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.api.test_api import ask, described, refused
from tests.client import Client
from tests.factories import Cast, make_figure_question, make_goal, make_link, make_plan, make_value
from tests.monitors.quoting import make_told
from tests.stories.making import ready
from workbench.accounts import commands
from workbench.accounts import operations as accounts
from workbench.accounts.models import ApiToken, Council, Membership, Person, Role, TokenScope
from workbench.api.routes import operations
from workbench.core.audit import AuditEntry
from workbench.core.db import as_platform, db
from workbench.core.errors import WorkbenchError
from workbench.core.tenancy import act_for
from workbench.evidence.models import Link
from workbench.monitors.building import build_blocks
from workbench.stories.kept.models import Leaning, Story
from workbench.stories.kept.visibility import Reach
from workbench.vision.models import Plan

COUNCIL = "/api/v1/councils/almere"
PAGES = ("values", "goals", "links", "stories", "figure-questions", "audit")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A closed plan of Almere with a value, a goal and a link."""
    act_for(db, cast.almere.id)
    plan = make_plan()
    goal = make_goal(make_value(plan))
    make_link(goal)
    make_figure_question(goal, cast.councillor, cast.clerk)
    ready()
    build_blocks()
    db.commit()
    return plan


def token_for(person: Person, cast: Cast) -> str:
    act_for(db, cast.almere.id)
    _made, token = accounts.make_token(person, TokenScope.READ)
    db.commit()
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def read(client: Client, token: str, address: str) -> Any:
    response = client.get(address, headers=bearer(token))
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()


def test_a_program_of_a_councillor_reads_the_plan_from_value_to_figure(
    client: Client, cast: Cast, plan: Plan
) -> None:
    token = token_for(cast.councillor, cast)
    assert read(client, token, COUNCIL)["slug"] == "almere"
    [value] = read(client, token, f"{COUNCIL}/values")["data"]
    [goal] = read(client, token, f"{COUNCIL}/goals")["data"]
    [link] = read(client, token, f"{COUNCIL}/links")["data"]
    assert goal["values"] == [value["id"]]
    assert link["goal_id"] == goal["id"]
    monitor = read(client, token, f"{COUNCIL}/monitor")
    [section] = monitor["sections"]
    [block] = section["blocks"]
    assert (section["value_id"], block["link_id"]) == (value["id"], link["id"])
    assert (block["state"], block["indicator"]) == ("ready", link["indicator"])
    assert "03759ned" in block["source"]


def test_a_figure_that_rests_says_so_and_until_when(client: Client, cast: Cast, plan: Plan) -> None:
    token = token_for(cast.councillor, cast)
    address = f"{COUNCIL}/links"
    [link] = read(client, token, address)["data"]
    assert (link["in_focus"], link["resting_until"]) == (True, None)
    act_for(db, cast.almere.id)
    db.get_one(Link, UUID(link["id"])).rests_until = date(2031, 1, 3)
    db.commit()
    [link] = read(client, token, address)["data"]
    assert (link["in_focus"], link["resting_until"]) == (False, "2031-01-03")
    described = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]["Link"]
    assert {"in_focus", "resting_until"} <= set(described["required"])


def test_what_is_made_up_says_so(client: Client, cast: Cast, plan: Plan) -> None:
    token = token_for(cast.clerk, cast)
    for fictitious in (False, True):
        with as_platform():
            db.execute(sa.update(Council).values(is_demo=fictitious))
        for page in ("", "/monitor", *(f"/{name}" for name in PAGES)):
            assert read(client, token, COUNCIL + page)["fictitious"] is fictitious


def test_a_token_sees_what_its_member_may_see_and_nothing_more(
    client: Client, cast: Cast, plan: Plan
) -> None:
    reader = token_for(cast["reader"], cast)
    assert read(client, reader, f"{COUNCIL}/values")["total"] == 0
    refused(client.get(f"{COUNCIL}/monitor", headers=bearer(reader)), 404)
    refused(client.get(f"{COUNCIL}/audit", headers=bearer(reader)), 403)
    plan = db.get_one(Plan, plan.id)
    plan.open()
    db.commit()
    assert read(client, reader, f"{COUNCIL}/values")["total"] == 1
    auditor = token_for(cast["auditor"], cast)
    assert "value_added" in {entry["action"] for entry in read(client, auditor, f"{COUNCIL}/audit")["data"]}


def test_a_program_reads_of_stories_what_narrators_let_its_member_read_and_no_more(
    client: Client, cast: Cast
) -> None:
    act_for(db, cast.almere.id)
    told = make_told()
    told.tell("Ik wachtte lang.", Reach.WORKING_GROUP)
    told.tell("Zij belde zelf.", Reach.COUNCIL, Leaning.WELL)
    told.tell("Het hielp.", Reach.PUBLIC, quotes_only=True)
    loose = ready("Hier koos nog niemand een citaat uit.", Reach.PUBLIC, source=told.source, quotes_only=True)
    number = loose.number
    db.commit()

    def words(person: Person) -> list[list[str]]:
        found = read(client, token_for(person, cast), f"{COUNCIL}/stories")
        assert found["total"] == len(found["data"])
        assert "Ik vertel" not in str(found), "the rest of a text stays here"
        return [[quote["words"] for quote in story["quotes"]] for story in found["data"]]

    assert words(cast.councillor) == [["Het hielp."], ["Zij belde zelf."], ["Ik wachtte lang."]]
    assert words(cast["auditor"]) == [["Het hielp."], ["Zij belde zelf."]]
    assert words(cast.officer)[0] == []
    [first, *_others] = read(client, token_for(cast.officer, cast), f"{COUNCIL}/stories")["data"]
    assert (first["number"], first["reach"]) == (number, "public")
    act_for(db, cast.almere.id)
    for story in db.scalars(sa.select(Story).where(Story.reach == Reach.COUNCIL)):
        story.ends_on = date(2026, 1, 1)
    db.commit()
    assert words(cast["auditor"]) == [["Het hielp."]]


def test_a_token_opens_one_council(client: Client, cast: Cast, plan: Plan) -> None:
    token = token_for(cast.councillor, cast)
    person_id, breda_id = cast.councillor.id, cast.breda.id
    act_for(db, breda_id)
    accounts.add_member(db.get_one(Person, person_id), Role.CLERK)
    db.commit()
    for page in ("", *(f"/{name}" for name in PAGES)):
        refused(client.get(f"/api/v1/councils/breda{page}", headers=bearer(token)), 404)
    refused(client.get("/api/v1/councils/nergens", headers=bearer(token)), 404)


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer onzin", "Basic abc", "Bearer \x00x", "Bearer é"]
)
def test_without_a_token_that_works_nothing_is_told(
    client: Client, cast: Cast, plan: Plan, given: str
) -> None:
    for page in ("", "/monitor", *(f"/{name}" for name in PAGES)):
        response = client.get(COUNCIL + page, headers={"Authorization": given})
        refused(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_stops_when_it_is_revoked_too_old_or_its_member_is_gone(
    client: Client, cast: Cast, plan: Plan
) -> None:
    revoked, old, gone = (token_for(person, cast) for person in (cast.clerk, cast.councillor, cast["reader"]))
    found = {token.person_id: token for token in db.scalars(sa.select(ApiToken))}
    accounts.revoke_token(found[cast.clerk.id].id)
    found[cast.councillor.id].expires_at = datetime.now(UTC) - timedelta(seconds=1)
    db.execute(sa.delete(Membership).where(Membership.person_id == cast["reader"].id))
    db.commit()
    for token in (revoked, old, gone):
        refused(client.get(COUNCIL, headers=bearer(token)), 401)


def test_a_token_is_for_the_api_and_not_for_the_pages(client: Client, cast: Cast, plan: Plan) -> None:
    token = token_for(cast.clerk, cast)
    assert client.get("/almere", headers=bearer(token)).status_code == 302
    assert client.post("/almere/leden", headers=bearer(token)).status_code in (400, 401)


def test_a_page_at_a_time(client: Client, cast: Cast, plan: Plan) -> None:
    for _ in range(2):
        make_value(plan)
    db.commit()
    token = token_for(cast.clerk, cast)
    response = client.get(f"{COUNCIL}/values?per_page=2&page=2", headers=bearer(token))
    assert (len(response.get_json()["data"]), response.get_json()["total"]) == (1, 3)
    assert f"<{COUNCIL}/values?" in response.headers["Link"]


def test_the_operator_makes_lists_and_revokes_tokens(client: Client, cast: Cast, plan: Plan) -> None:
    email, slug = cast.clerk.email, cast.almere.slug
    db.commit()
    with as_platform():
        token_id, token = commands.make_token(email, slug, "read")
    assert read(client, token, COUNCIL)["slug"] == "almere"
    with as_platform():
        assert [(found.id, who) for found, who in commands.tokens(slug)] == [(token_id, email)]
        commands.revoke_token(slug, token_id)
        assert commands.tokens(slug) == []
    refused(client.get(COUNCIL, headers=bearer(token)), 401)
    act_for(db, cast.almere.id)
    assert {"token_made", "token_revoked"} <= set(db.scalars(sa.select(AuditEntry.action)))


def test_the_operator_reads_what_is_wrong(cast: Cast) -> None:
    slug, outsider = cast.almere.slug, cast.outsider.email
    db.commit()
    for email, where in (("niemand@almere.example", slug), (outsider, slug), (outsider, "nergens")):
        with pytest.raises(WorkbenchError), as_platform():
            commands.make_token(email, where, "read")
    with pytest.raises(WorkbenchError), as_platform():
        commands.revoke_token(slug, uuid4())


def test_the_secret_of_a_token_is_kept_nowhere(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    token = token_for(cast.clerk, cast)
    for table in ("api_token", "door", "audit_entry"):
        assert token not in str(db.execute(sa.text(f"SELECT * FROM {table}")).all())
    assert token not in "".join(capsys.readouterr())


def test_the_answers_are_as_described(client: Client, cast: Cast, plan: Plan) -> None:
    token = token_for(cast.clerk, cast)
    document = ask(client, "/api/v1/openapi.json")
    asked = [item for item in operations if item.for_members]
    for item in asked:
        address = "/api/v1" + item.path.replace("<council>", "almere")
        answer = read(client, token, address)
        described(document, item.name, "200").validate(answer)
        assert answer.get("data", True), "an empty list would prove nothing"
        described(document, item.name, "400").validate(
            client.get(f"{address}?x=1", headers=bearer(token)).get_json()
        )
        described(document, item.name, "401").validate(client.get(address).get_json())
    assert len(asked) == 8


def test_the_document_says_which_questions_ask_for_a_token(client: Client) -> None:
    paths = ask(client, "/api/v1/openapi.json")["paths"]
    for path, item in paths.items():
        wants = item["get"].get("security") == [{"token": []}]
        assert wants is path.startswith("/councils/"), path
        assert ("401" in item["get"]["responses"]) is wants
