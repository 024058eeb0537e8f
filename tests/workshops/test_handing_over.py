"""Results for the councils that came: with a code, once, nothing apart of a few people, and nothing for others."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client
from tests.factories import Cast, make_plan, make_value
from tests.workshops.making_results import activity, card, counted, held, people
from workbench.accounts.models import Role
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.tenancy import act_for, open_door
from workbench.rounds.operations import Reply
from workbench.vision.models import Value
from workbench.workshops.harvest import operations
from workbench.workshops.harvest.outcomes import Outcome, told_apart
from workbench.workshops.harvest.queries import outcome_of, workshop_or_404
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Handover, Harvest, ReceivedReport, State, Workshop

COUNCILS = ["Breda", "Heerenveen", "Urk"]


@pytest.fixture
def here(cast: Cast) -> dict[str, UUID]:
    """Ids of both councils: what acts for one knows nothing of the other any more."""
    return {"almere": cast.almere.id, "breda": cast.breda.id}


@pytest.fixture
def atelier(cast: Cast) -> Workshop:
    """Held by Almere, for three councils: five of Breda, four of Heerenveen, one of Urk."""
    workshop = held(councils=COUNCILS)
    came = people(workshop, ["Breda"] * 5 + ["Heerenveen"] * 4 + ["Urk"])
    storm = activity(workshop, title="Brainstorm")
    for place, who in enumerate(came[:9]):
        may_stay = datetime.now(UTC) if place in (0, 6) else None
        card(storm, f"Tekst {place} van iemand", who, shared_at=may_stay)
    asked = counted(
        workshop,
        Kind.POSITION,
        [
            (who, Reply({"places": {"a": 10 if place < 5 else 90}}, f"Reden {place}", True))
            for place, who in enumerate(came[:9])
        ],
        labels="Nabijheid",
        position=1,
        factions=COUNCILS,
    )
    assert asked.round_id
    db.commit()
    return workshop


def code_for(workshop: Workshop, council: str = "Breda") -> str:
    workshop = workshop_or_404(sa.inspect(workshop).identity[0])
    found = outcome_of(workshop, "Almere")
    code = operations.hand_over(workshop, council, found)
    db.commit()
    return code


def taken(council_id: UUID, code: str) -> ReceivedReport | None:
    """By the clerk of this council."""
    db.commit()
    act_for(db, council_id)
    found = operations.take(code, None)
    db.commit()
    open_door(db, "")
    return found


def test_from_code_to_draft_value_in_the_plan_of_the_other_council(
    client: Client, here: dict[str, UUID], cast: Cast, atelier: Workshop
) -> None:
    address, clerk = f"/almere/ateliers/{atelier.id}/meegeven", cast.of_breda(Role.CLERK)
    page = client.as_(cast.clerk).submit(address, council="Breda")
    assert page.status == 201
    assert page.soup is not None
    code = next(tag.get_text() for tag in page.soup.find_all("strong") if tag.get_text().count("-") == 3)
    assert code not in client.page(address).text, "it is shown once"
    client.as_(clerk)
    act_for(db, here["breda"])
    plan_id = make_plan("Zorg in Breda").id
    db.commit()
    shown = client.submit("/breda/ateliers/meegekregen", code=code.lower().replace("-", " "))
    assert shown.title == "Uitkomsten van Rondetafel over zorg"
    for text in ("Van Almere, gehouden op 3 november 2026.", "Tekst 0 van iemand", "Er deden 10 mensen mee."):
        assert text in shown.words
    act_for(db, here["breda"])
    report = db.scalars(sa.select(ReceivedReport)).one()
    found = Outcome.model_validate(report.content)
    source = found.activities[0].cards[0].source
    way = f"/breda/ateliers/meegekregen/{report.id}/naar-traject?kaart={source.replace(' ', '+')}"
    done = client.submit(way, **{"becomes-0": "value", "text-0": "Dichtbij"})
    assert "Eén kaart staat nu in het traject." in done.words
    act_for(db, here["breda"])
    value = db.scalars(sa.select(Value)).one()
    assert (value.plan_id, value.name) == (plan_id, "Dichtbij")
    born = client.page(f"/breda/waarden/{value.id}")
    assert "Ontstaan op 3 november 2026 in de sessie Rondetafel over zorg" in born.words
    assert client.get(born.link("Rondetafel over zorg")).status_code == 200
    assert client.page(way).words.count("staat al in het traject") == 1
    assert db.scalars(sa.select(Harvest.workshop_id)).all() == [None]


def test_only_what_may_be_kept_goes_and_nothing_apart_of_other_councils(
    here: dict[str, UUID], cast: Cast, atelier: Workshop
) -> None:
    report = taken(here["breda"], code_for(atelier))
    assert report is not None
    text = str(report.content)
    assert [f"Tekst {place} van iemand" in text for place in range(9)] == [
        place in (0, 6) for place in range(9)
    ]
    assert "Reden" not in text
    assert "Heerenveen" not in text
    assert "Urk" not in text
    found = Outcome.model_validate(report.content)
    assert (found.people, found.groups) == (10, {"Breda": 5})
    assert [card.of_council for card in found.activities[0].cards].count("Breda") == 1


def test_what_a_council_of_two_people_said_is_in_no_parcel(cast: Cast) -> None:
    """Nor can it be found by taking what others said from the whole: the smallest other goes with it."""
    workshop = held(councils=COUNCILS)
    came = people(workshop, ["Breda"] * 5 + ["Heerenveen"] * 3 + ["Urk"] * 2)
    storm = activity(workshop)
    for who in came:
        card(storm, f"Kaart {who.id}", who, shared_at=datetime.now(UTC))
    db.commit()
    for council, groups in (("Urk", {}), ("Heerenveen", {}), ("Breda", {"Breda": 5})):
        operations.hand_over(workshop, council, outcome_of(workshop_or_404(workshop.id), "Almere"))
        db.flush()
        parcel = db.scalars(sa.select(Handover).where(Handover.for_council == council)).one()
        found = Outcome.model_validate(parcel.content)
        assert found.groups == groups
        marked = [card for card in found.activities[0].cards if card.of_council]
        assert len(marked) == (5 if council == "Breda" else 0)


def test_of_a_round_a_council_gets_only_its_own_leaning(cast: Cast) -> None:
    from workbench.rounds.methods import Method
    from workbench.rounds.methods.base import Rules
    from workbench.rounds.outcome import Answer, outcome
    from workbench.workshops.harvest.outcomes import ActivityOutcome, Choice, Counted, for_council

    answers = [Answer({"places": {"a": 10}}, faction="Breda")] * 4 + [
        Answer({"places": {"a": 90}}, faction="Urk")
    ] * 3
    result = outcome(Method.POSITION, answers, ["a"], Rules())
    assert result["groups"]["sizes"] == {"Breda": 4, "Urk": 3}
    counted_round = Counted(
        method=Method.POSITION,
        question="?",
        options=(Choice(key="a", label="Nabij", counter="Ver"),),
        result=result,
    )
    item = ActivityOutcome(
        id="00000000-0000-0000-0000-000000000001",  # type: ignore[arg-type] - read as pydantic reads it
        kind=Kind.POSITION,
        title="Lijn",
        question="?",
        minutes=5,
        state="revealed",
        skipped_why="",
        count=7,
        counted=counted_round,
    )
    whole = Outcome(
        title="T",
        purpose="",
        place="",
        by="A",
        held_on="2026-11-03",
        people=7,
        groups={},
        activities=(item,),  # type: ignore[arg-type]
    )
    [own] = for_council(whole, "Breda").activities
    assert own.counted
    assert own.counted.result["groups"]["sizes"] == {"Breda": 4}
    assert own.counted.result["groups"]["leanings"] == {"a": {"Breda": 1}}
    [none] = for_council(whole, "Heerenveen").activities
    assert none.counted
    assert none.counted.result["groups"] is None
    assert none.counted.result["summary"] == result["summary"], "the whole session is everybody's"


@given(st.lists(st.sampled_from(["Breda", "Urk", "Almere", ""]), max_size=25))
def test_no_council_is_told_apart_with_fewer_than_three_nor_left_over(councils: list[str]) -> None:
    told = told_apart(councils)
    assert len(told) != 1
    assert all(n >= 3 for n in told.values())
    assert all(n == councils.count(name) for name, n in told.items() if name)
    if told:
        assert sum(told.values()) == len(councils)


# --- The code -------------------------------------------------------------------------------------------------------


def test_a_code_works_once(here: dict[str, UUID], cast: Cast, atelier: Workshop) -> None:
    code = code_for(atelier)
    assert taken(here["breda"], code) is not None
    assert taken(here["breda"], code) is None
    assert db.scalar(sa.select(sa.func.count()).select_from(ReceivedReport)) == 1
    act_for(db, here["almere"])
    assert db.scalars(sa.select(Handover)).one().taken_at is not None


def test_a_code_that_was_revoked_or_is_two_weeks_old_is_worth_nothing(
    here: dict[str, UUID], cast: Cast, atelier: Workshop
) -> None:
    code = code_for(atelier)
    operations.revoke(db.scalars(sa.select(Handover)).one())
    assert taken(here["breda"], code) is None
    act_for(db, here["almere"])
    code = code_for(atelier)
    newest = db.scalars(sa.select(Handover).order_by(Handover.made_at.desc())).first()
    assert newest
    assert newest.expires_at - newest.made_at > timedelta(days=13, hours=23)
    newest.expires_at = datetime.now(UTC) - timedelta(minutes=1)
    assert taken(here["breda"], code) is None


def test_a_new_code_for_a_council_makes_the_old_one_worthless(
    here: dict[str, UUID], cast: Cast, atelier: Workshop
) -> None:
    old, new = code_for(atelier), code_for(atelier)
    assert taken(here["breda"], old) is None
    assert taken(here["breda"], new) is not None


def test_a_code_for_another_council_that_is_here_is_of_no_use(
    here: dict[str, UUID], cast: Cast, atelier: Workshop
) -> None:
    """Almere held the session and is a council itself; the code is for Breda."""
    code = code_for(atelier)
    assert taken(here["almere"], code) is None
    assert taken(here["breda"], code) is not None


def test_a_code_for_a_council_that_goes_by_another_name_here_works_for_who_holds_it(
    here: dict[str, UUID], cast: Cast, atelier: Workshop
) -> None:
    assert taken(here["breda"], code_for(atelier, "Heerenveen")) is not None


def test_a_wrong_code_says_so_and_guessing_is_stopped(client: Client, cast: Cast, atelier: Workshop) -> None:
    code_for(atelier)
    client.as_(cast.of_breda(Role.CLERK))
    for typed in ("K7QD-9XYZ-0000-1111", "onzin"):
        page = client.submit("/breda/ateliers/meegekregen", code=typed)
        assert page.status == 422
        assert "Deze code werkt hier niet." in page.words
        assert typed in page.text
    statuses = [
        client.send("/breda/ateliers/meegekregen", code="K7QD-9XYZ-0000-1111").status for _ in range(12)
    ]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_a_third_council_sees_nothing_of_the_parcel_nor_of_the_report(
    here: dict[str, UUID], cast: Cast, atelier: Workshop
) -> None:
    code = code_for(atelier, "Urk")
    act_for(db, here["breda"])
    open_door(db, operations._hash(code))
    assert db.scalars(sa.select(Handover)).all() == [], "not even with the code: only the function gives it"
    assert db.scalars(sa.select(Workshop)).all() == []
    open_door(db, "")
    report = taken(here["breda"], code)
    assert report is not None
    act_for(db, here["almere"])
    assert db.scalars(sa.select(ReceivedReport)).all() == []


def test_nobody_can_write_a_parcel_of_another_council(
    here: dict[str, UUID], cast: Cast, atelier: Workshop
) -> None:
    code = code_for(atelier)
    act_for(db, here["breda"])
    open_door(db, operations._hash(code))
    changed = db.execute(sa.text("UPDATE handover SET content = '{}'"))
    assert changed.rowcount == 0  # type: ignore[attr-defined]


def test_the_results_are_given_along_after_the_end_and_to_who_was_there(cast: Cast) -> None:
    workshop = held(councils=COUNCILS, state=State.RUNNING)
    found = outcome_of(workshop_or_404(workshop.id), "Almere")
    with pytest.raises(Conflict, match="Sluit de sessie eerst af"):
        operations.hand_over(workshop, "Breda", found)
    workshop.state = State.ENDED
    with pytest.raises(Conflict, match="die bij deze sessie was"):
        operations.hand_over(workshop, "Almere", found)


def test_the_facilitator_revokes_a_code(
    client: Client, here: dict[str, UUID], cast: Cast, atelier: Workshop
) -> None:
    code = code_for(atelier)
    page = client.as_(cast[Role.FACILITATOR]).submit(f"/almere/ateliers/{atelier.id}/meegeven", "/intrekken")
    assert "De code is ingetrokken." in page.words
    assert "Ingetrokken op" in page.words
    assert taken(here["breda"], code) is None
    act_for(db, here["almere"])
    assert db.scalars(sa.select(Handover.content)).all() == [{}]


def test_the_code_itself_is_kept_nowhere(cast: Cast, atelier: Workshop) -> None:
    code = code_for(atelier)
    for table in ("handover", "audit_entry", "door"):
        rows = db.scalars(sa.text(f"SELECT whole::text FROM {table} whole"))
        assert code not in "\n".join(rows), table


def test_forgetting_empties_the_parcels_too(here: dict[str, UUID], cast: Cast, atelier: Workshop) -> None:
    code = code_for(atelier)
    operations.forget(db.get_one(Workshop, atelier.id), atelier.starts_at.date())
    db.flush()
    assert db.scalars(sa.select(Handover.content)).all() == [{}]
    assert taken(here["breda"], code) is None


def test_who_may_let_cards_stay_says_it_per_card_or_per_activity(
    client: Client, cast: Cast, atelier: Workshop
) -> None:
    address = f"/almere/ateliers/{atelier.id}/bewaren"
    found = outcome_of(workshop_or_404(atelier.id))
    cards = found.activities[0].cards
    other = next(card.source for card in cards if not card.is_shared)
    client.as_(cast.clerk)
    assert client.send(address, kaart=[other], wel="1").status == 302
    assert kept(atelier) == 3
    client.send(address, kaart=[other], niet="1")
    assert kept(atelier) == 2
    client.send(address, werkvorm=str(found.activities[0].id))
    assert kept(atelier) == 9
    assert client.as_(cast.councillor).send(address, kaart=[other], niet="1").status == 403


def kept(workshop: Workshop) -> int:
    db.expire_all()
    found = outcome_of(workshop_or_404(workshop.id))
    return sum(card.is_shared for card in found.activities[0].cards)


# --- Away with it ---------------------------------------------------------------------------------------------------


def test_what_was_received_can_be_thrown_away_and_what_went_to_the_plan_stays(
    client: Client, cast: Cast, atelier: Workshop, here: dict[str, UUID]
) -> None:
    client.as_(cast.of_breda(Role.CLERK))
    code = code_for(atelier)
    act_for(db, here["breda"])
    report = operations.take(code, None)
    assert report is not None
    plan = make_plan()
    value = make_value(plan, "Dichtbij")
    db.add(Harvest(received_report_id=report.id, source="een", kind="value", object_id=value.id))
    db.commit()
    page = f"/breda/ateliers/meegekregen/{report.id}"
    assert "Deze uitkomsten weggooien" in client.page(page).words
    asked = client.page(f"{page}/weggooien")
    assert "Eén kaart ging naar het traject." in asked.words
    assert client.submit(f"{page}/weggooien").status == 200
    assert client.get(page).status_code == 404
    act_for(db, here["breda"])
    assert db.scalars(sa.select(ReceivedReport)).all() == []
    assert db.scalars(sa.select(Harvest)).all() == []
    assert db.scalars(sa.select(Value.name)).all() == ["Dichtbij"]
    assert db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "workshop_results_discarded")).one()
