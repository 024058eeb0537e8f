"""What the council adopted stays as it was, whatever happens to figures, texts and the plan afterwards."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.client import Client, Page
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import load
from workbench.accounts.models import Role
from workbench.core.db import as_platform, db
from workbench.core.tenancy import act_for
from workbench.evidence.focus.operations import rest
from workbench.knowledge.calendar.models import today
from workbench.monitors import operations as monitors
from workbench.monitors.adopting.document import STUB, sums, whole_hash
from workbench.monitors.adopting.models import AdoptedPart, AdoptedVersion
from workbench.monitors.adopting.queries import adopted
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument, Monitor
from workbench.vision.models import Goal, Plan


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Published, and its two figures are made; a third rests."""
    plan = make_plan()
    goal = make_goal(make_value(plan))
    for slug in ("inwoners", "huishoudensgrootte"):
        make_link(goal, slug)
    rest(make_link(goal, "stedelijkheid"), date(2027, 6, 1), None)
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()
    monitors.publish(monitor, monitor.draft, None)
    db.commit()
    return plan


def address(plan: Plan, rest: str = "vaststellen") -> str:
    return f"/almere/trajecten/{plan.id}/{rest}"


def adopt(client: Client, cast: Cast, plan: Plan, **fields: str) -> Page:
    """As the clerk, from what the page shows."""
    return client.as_(cast.clerk).submit(address(plan), confirmed="y", **fields)


def version() -> AdoptedVersion:
    db.expire_all()
    return db.scalars(
        sa.select(AdoptedVersion).order_by(AdoptedVersion.major.desc(), AdoptedVersion.minor.desc())
    ).first()  # type: ignore[return-value]


def kept() -> list[tuple[str, bytes, str]]:
    rows = db.execute(
        sa.select(AdoptedPart.key, AdoptedPart.content, AdoptedPart.hash).order_by(
            AdoptedPart.version_id, AdoptedPart.position
        )
    )
    return [tuple(row) for row in rows]


# --- The flow -------------------------------------------------------------------------------------------------------


def test_the_clerk_checks_and_the_decision_is_kept_with_all_that_it_rests_on(
    client: Client, cast: Cast, plan: Plan
) -> None:
    monitor_page = client.as_(cast.clerk).page(address(plan, "monitor"))
    assert "nog niet vastgesteld" in monitor_page.words
    check = client.page(monitor_page.link("Monitor vaststellen"))
    assert "niet ongedaan te maken" in check.words
    page = adopt(
        client,
        cast,
        plan,
        link="https://almere.example/besluit/12",
        minority_views="Fractie Blauw: wij willen meer cijfers.\n\nWij wachten liever.",
    )
    assert page.title == "Vastgesteld: Sociaal domein 2026-2030, versie 1.0"
    for words in (
        "de gemeenteraad van Almere",
        "https://almere.example/besluit/12",
        "Fractie Blauw: wij willen meer cijfers.",
        "Wij wachten liever.",
        "Hulp in de buurt.",
        "In vier jaar merken inwoners dat zij in de buurt hulp vinden",
        "Inwoners op 1 januari",
        "Om te weten om hoeveel mensen het gaat.",
        "Er is geen stap overgeslagen.",
        "Wat we niet weten",
        "hooguit 7 cijfers",
    ):
        assert words in page.words, words
    found = version()
    document = adopted(plan.id, "1.0").documents["1.0"]
    kinds = {part.kind for part in document.parts}
    assert kinds >= {
        *("cover", "decision", "value_card", "goal_card", "focus", "section", "figure", "goal"),
        *("resting", "unknown", "sources", "comparison", "skips"),
    }
    assert found.hash == whole_hash(document.parts)
    assert sums(document.parts).count("\n") == len(document.parts)
    after = client.page(address(plan, "monitor"))
    assert "Vastgesteld door de gemeenteraad van Almere op" in after.words
    assert after.link("versie 1.0") == f"/almere/vastgesteld/{plan.id}/1.0"
    assert client.page("/almere/").link("versie 1.0") == f"/almere/vastgesteld/{plan.id}/1.0"
    told = client.get("/api/v1/councils/almere/monitor").get_json()["adopted"]
    assert (told["version"], told["hash"]) == ("1.0", found.hash)
    assert told["address"].endswith(f"/almere/vastgesteld/{plan.id}/1.0")


def test_without_something_published_there_is_nothing_to_adopt(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_link(make_goal(make_value(plan)))
    build_blocks()
    db.commit()
    page = client.as_(cast.clerk).page(address(plan))
    assert page.status == 409
    assert "Publiceer eerst" in page.words
    assert client.get("/api/v1/councils/almere/monitor").get_json()["adopted"] is None


def test_while_a_figure_is_still_being_made_nothing_is_adopted(
    client: Client, cast: Cast, plan: Plan
) -> None:
    sent = client.as_(cast.clerk).page(address(plan)).form()
    db.execute(sa.delete(BlockDocument))
    db.commit()
    for page in (client.page(address(plan)), client.send(address(plan), **hidden(sent), **DECISION)):
        assert page.status == 409
        assert "Er worden nog 2 figuren gemaakt" in page.words
    assert version() is None


DECISION = {"adopted_on": "1-6-2026", "decided_by": "de raad", "confirmed": "y"}


def hidden(form: object) -> dict[str, str]:
    return {
        field["name"]: field["value"]
        for field in form.find_all("input", type="hidden")  # type: ignore[attr-defined]
        if field["name"] != "csrf_token"
    }


def test_sent_twice_it_is_kept_once(client: Client, cast: Cast, plan: Plan) -> None:
    fields = {**hidden(client.as_(cast.clerk).page(address(plan)).form()), **DECISION}
    first, second = client.send(address(plan), **fields), client.send(address(plan), **fields)
    assert first.location == second.location == f"/almere/vastgesteld/{plan.id}/1.0"
    assert db.scalar(sa.select(sa.func.count()).select_from(AdoptedVersion)) == 1


def test_what_changed_after_the_check_is_checked_again_and_nothing_typed_is_lost(
    client: Client, cast: Cast, plan: Plan
) -> None:
    fields = {**hidden(client.as_(cast.clerk).page(address(plan)).form()), **DECISION}
    goal = db.scalars(sa.select(Goal)).one()
    goal.target_group = "Ouderen"
    db.commit()
    page = client.send(address(plan), **fields, minority_views="Wij niet.")
    assert page.status == 409
    assert "Er is iets veranderd sinds u dit nakeek" in page.words
    assert "Wij niet." in page.words
    assert version() is None
    again = {**hidden(page.form()), **DECISION, "minority_views": "Wij niet."}
    assert client.send(address(plan), **again).status == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"link": "javascript:alert(1)"}, "geen adres van een webpagina"),
        ({"link": "https://"}, "geen adres van een webpagina"),
        ({"link": "ftp://almere.example/besluit"}, "geen adres van een webpagina"),
        ({"adopted_on": ""}, "Vul de dag van het besluit in"),
        ({"adopted_on": (today() + timedelta(days=2)).strftime("%d-%m-%Y")}, "Deze dag moet nog komen"),
        ({"adopted_on": "1-1-1900"}, "Klopt het jaar?"),
        ({"decided_by": ""}, "Vul in wie het besluit nam"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_in_words(
    client: Client, cast: Cast, plan: Plan, fields: dict[str, str], said: str
) -> None:
    page = adopt(client, cast, plan, **{"minority_views": "Wij niet.", **fields})
    assert page.status == 422
    assert said in page.words
    assert "Wij niet." in page.words
    assert version() is None


def test_without_the_tick_nothing_is_adopted(client: Client, cast: Cast, plan: Plan) -> None:
    page = client.as_(cast.clerk).submit(address(plan))
    assert page.status == 422
    assert "Zet een vinkje" in page.words
    assert version() is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLERK])
def test_only_the_clerk_adopts_and_every_member_reads(
    client: Client, cast: Cast, plan: Plan, role: Role
) -> None:
    adopt(client, cast, plan)
    client.as_(cast[role])
    assert client.page(address(plan)).status == 403
    assert client.page(f"/almere/vastgesteld/{plan.id}/1.0").status == 200
    assert client.page(f"/almere/vastgesteld/{plan.id}").status == 200
    assert client.page(f"/almere/vastgesteld/{plan.id}/9.0").status == 404
    assert client.page(f"/almere/vastgesteld/{plan.id}/{uuid4()}").status == 404


def test_another_council_finds_nothing(client: Client, cast: Cast, plan: Plan) -> None:
    adopt(client, cast, plan)
    client.as_(cast.of_breda(Role.CLERK))
    for council in ("almere", "breda"):
        for end in ("", "/1.0", "/1.0/archief.zip", "/verschil"):
            assert client.get(f"/{council}/vastgesteld/{plan.id}{end}").status_code == 404
        for end in ("vaststellen", "spoor"):
            assert client.get(f"/{council}/trajecten/{plan.id}/{end}").status_code == 404


# --- It stays -------------------------------------------------------------------------------------------------------


def test_a_refresh_that_revises_figures_changes_the_monitor_and_not_the_document(
    client: Client, cast: Cast, plan: Plan
) -> None:
    adopt(client, cast, plan)
    before, page = kept(), client.page(f"/almere/vastgesteld/{plan.id}/1.0").words
    archive = client.get(f"/almere/vastgesteld/{plan.id}/1.0/archief.zip").data
    living = client.page(address(plan, "monitor")).words
    assert "987.654" not in living
    load("inwoners", ("GM0034", "2024JJ00", 987_654.0, "final", None))
    build_blocks()
    goal = db.scalars(sa.select(Goal)).one()
    goal.sentence = "zij ergens anders hulp vinden"
    db.commit()
    changed = client.page(address(plan, "monitor")).words
    assert "987.654" in changed
    assert "ergens anders" in changed
    assert kept() == before
    assert client.page(f"/almere/vastgesteld/{plan.id}/1.0").words == page
    assert client.get(f"/almere/vastgesteld/{plan.id}/1.0/archief.zip").data == archive


@pytest.mark.parametrize("table", ["adopted_version", "adopted_part"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET hash = ''", "TRUNCATE {}"])
def test_the_web_can_add_versions_and_nothing_else(
    client: Client, cast: Cast, plan: Plan, table: str, statement: str
) -> None:
    adopt(client, cast, plan)
    with pytest.raises(ProgrammingError, match="permission denied"):
        db.execute(sa.text(statement.format(table)))
    db.rollback()


def test_a_plan_with_an_adopted_version_cannot_be_removed(client: Client, cast: Cast, plan: Plan) -> None:
    adopt(client, cast, plan)
    db.expire_all()
    with pytest.raises(IntegrityError, match="adopted_version"):
        db.execute(sa.text("DELETE FROM plan"))
    db.rollback()


def test_a_part_that_does_not_fit_its_hash_is_refused(client: Client, cast: Cast, plan: Plan) -> None:
    adopt(client, cast, plan)
    db.add(AdoptedPart(version_id=version().id, position=99, key="x", content=b"{}", hash="0" * 64))
    with pytest.raises(IntegrityError, match="is_what_was_adopted"):
        db.flush()
    db.rollback()


def test_the_platform_can_put_a_stub_in_the_place_of_one_part_and_nothing_else(
    client: Client, cast: Cast, plan: Plan
) -> None:
    adopt(client, cast, plan)
    key = next(key for key, content, _hash in kept() if b'"kind":"figure"' in content)
    hashes = [hash_ for _key, _content, hash_ in kept()]
    db.commit()
    blank = sa.text("UPDATE adopted_part SET content = :text, withdrawn_at = now() WHERE key = :key")
    with as_platform():
        act_for(db, cast.almere.id)
        with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
            db.execute(sa.text("SELECT content FROM adopted_part"))
        with pytest.raises(IntegrityError, match="is_what_was_adopted"), db.begin_nested():
            db.execute(blank, {"text": b'{"kind":"text","text":"anders"}', "key": key})
        db.execute(blank, {"text": STUB, "key": key})
    act_for(db, cast.almere.id)
    assert [hash_ for _key, _content, hash_ in kept()] == hashes
    page = client.as_(cast[Role.READER]).page(f"/almere/vastgesteld/{plan.id}/1.0")
    assert "De bron van dit deel is ingetrokken" in page.words
    assert "Gemiddelde huishoudensgrootte" in page.words or "huishoud" in page.words.lower()


# --- How much it asks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "trajecten/{}/vaststellen",
        "trajecten/{}/spoor",
        "vastgesteld/{}",
        "vastgesteld/{}/1.0",
        "vastgesteld/{}/verschil?tot=nu",
        "vastgesteld/{}/1.0/archief.zip",
    ],
)
def test_a_page_asks_at_most_twelve_questions(
    client: Client, cast: Cast, plan: Plan, path: str, query_count: list[str]
) -> None:
    adopt(client, cast, plan)
    to = f"/almere/{path.format(plan.id)}"
    client.get(to)  # what every process works out once
    db.expire_all()
    db.execute(sa.text("UPDATE plan SET put_first_at = now()"))  # no page is remembered
    db.commit()
    query_count.clear()
    assert client.get(to).status_code == 200
    assert len(query_count) <= 12, "\n\n".join(query_count)
