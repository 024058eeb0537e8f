"""Members: inviting, accepting, roles, several councils, and the audit trail."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from tests.client import Client
from tests.factories import PASSWORD, Cast, make_plan, make_value
from tests.mailbox import Letter, waiting_mail
from workbench.accounts import commands, operations
from workbench.accounts.audit_words import in_words
from workbench.accounts.models import Invitation, Membership, Person, Role
from workbench.core import audit
from workbench.core.audit import AuditEntry
from workbench.core.db import as_platform, db
from workbench.core.errors import Conflict, WorkbenchError
from workbench.core.tenancy import act_for
from workbench.vision.operations import start_plan

MEMBERS = "/almere/leden"
NEWCOMER = "nieuw@almere.example"


def invite(client: Client, cast: Cast, email: str = NEWCOMER, role: Role = Role.READER) -> Letter:
    page = client.as_(cast.clerk).send(MEMBERS, email=email, role=role.value)
    assert page.status == 200, page.words
    letter = waiting_mail()[-1]
    assert letter.link in page.text, "the clerk may hand the link over too"
    return letter


def invitation_of(email: str) -> Invitation:
    db.expire_all()
    return db.scalars(sa.select(Invitation).where(Invitation.email == email)).one()


def member_of(person: Person, cast: Cast) -> Membership:
    return db.scalars(
        sa.select(Membership).where(
            Membership.person_id == person.id, Membership.council_id == cast.almere.id
        )
    ).one()


# --- Inviting and accepting -----------------------------------------------------------------------------------------


def test_a_clerk_invites_somebody_new_who_chooses_a_password_and_takes_part(
    client: Client, cast: Cast
) -> None:
    sent = client.as_(cast.clerk).submit(MEMBERS, email=NEWCOMER, role="reader")
    [letter] = waiting_mail()
    assert letter.link in sent.text
    assert letter.to == NEWCOMER
    assert "Almere" in letter.subject
    page = client.as_(None).submit(letter.link, name="Noor Nieuw", password="een goed lang wachtwoord")
    assert page.response.request.path.rstrip("/") == "/almere"
    assert "Noor Nieuw" in page.words
    assert "Noor Nieuw" in client.as_(cast.clerk).page(MEMBERS).words
    signed_in = client.as_(None).send("/inloggen", email=NEWCOMER, password="een goed lang wachtwoord")
    assert signed_in.status == 302


def test_an_address_that_is_none_and_a_role_that_does_not_exist_are_refused(
    client: Client, cast: Cast
) -> None:
    client.as_(cast.clerk)
    assert client.submit(MEMBERS, email="geen adres", role="reader").status == 422
    assert client.send(MEMBERS, email=NEWCOMER, role="king").status == 422
    assert client.send(MEMBERS, email=NEWCOMER).status == 422
    assert waiting_mail() == []


def test_a_known_person_signs_in_before_accepting(client: Client, cast: Cast) -> None:
    guest = cast.of_breda("councillor")
    letter = invite(client, cast, guest.email, Role.ADVISER)
    asked = client.as_(None).page(letter.link)
    assert asked.status == 200
    assert client.send(letter.link).status == 200  # still the same page: nothing is accepted
    assert invitation_of(guest.email).accepted_at is None
    assert f"/inloggen?next={letter.link}" in asked.text
    page = client.submit(f"/inloggen?next={letter.link}", email=guest.email, password=PASSWORD)
    assert page.response.request.path == letter.link
    assert client.submit(letter.link).status == 200
    assert client.page("/almere").status == 200


def test_somebody_else_who_is_signed_in_cannot_accept(client: Client, cast: Cast) -> None:
    letter = invite(client, cast, cast.of_breda("councillor").email)
    page = client.as_(cast.outsider).page(letter.link)
    assert cast.outsider.email in page.words
    client.send(letter.link)
    assert invitation_of(cast.of_breda("councillor").email).accepted_at is None
    assert client.page("/almere").status == 404


def test_an_invitation_cannot_be_accepted_by_another_address(cast: Cast) -> None:
    invitation, _token = operations.invite(NEWCOMER, Role.READER, by=None)
    db.flush()
    with pytest.raises(Conflict):
        operations.accept_invitation(invitation, cast.outsider)


def test_a_link_works_once(client: Client, cast: Cast) -> None:
    letter = invite(client, cast)
    client.as_(None).submit(letter.link, name="Noor", password="een goed lang wachtwoord")
    assert client.as_(None).page(letter.link).status == 404
    assert client.send(letter.link, name="Kaper", password="een goed lang wachtwoord").status == 404
    assert db.scalars(sa.select(Person.name).where(Person.email == NEWCOMER)).one() == "Noor"


def test_a_link_that_was_withdrawn_is_a_404(client: Client, cast: Cast) -> None:
    letter = invite(client, cast)
    page = client.page(MEMBERS)
    assert page.form("intrekken")
    address = f"/almere/uitnodigingen/{invitation_of(NEWCOMER).id}/intrekken"
    db.commit()
    assert client.send(address).status == 302
    assert client.send(address).status == 409
    assert "werkt niet meer" in client.as_(None).page(letter.link).title
    assert client.page(letter.link).status == 404


def test_a_link_that_is_two_weeks_old_is_a_404(client: Client, cast: Cast) -> None:
    letter = invite(client, cast)
    invitation_of(NEWCOMER).expires_at = datetime.now(UTC) - timedelta(seconds=1)
    db.commit()
    assert client.as_(None).page(letter.link).status == 404
    assert NEWCOMER not in client.as_(cast.clerk).page(MEMBERS).words


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "..", "e\u0301"])
def test_a_link_that_was_made_up_is_a_404(client: Client, cast: Cast, token: str) -> None:
    assert client.get(f"/uitnodiging/{token}").status_code == 404


def test_a_newer_invitation_replaces_the_earlier_one(client: Client, cast: Cast) -> None:
    first, second = invite(client, cast), invite(client, cast, role=Role.COUNCILLOR)
    assert client.as_(None).page(first.link).status == 404
    assert "raadslid" in client.page(second.link).words


def test_inviting_a_member_again_is_refused(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).submit(MEMBERS, email=cast.councillor.email.upper(), role="reader")
    assert page.status == 409
    assert "al lid" in page.words
    assert waiting_mail() == []


def test_an_invitation_that_fails_halfway_sends_no_mail(
    client: Client, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("workbench.accounts.routes.send_mail", break_down)
    assert client.as_(cast.clerk).send(MEMBERS, email=NEWCOMER, role="reader").status == 500
    assert db.scalar(sa.select(Invitation.id).where(Invitation.email == NEWCOMER)) is None
    assert sent_jobs == []


# --- Roles ----------------------------------------------------------------------------------------------------------


def test_only_the_clerk_manages_members(client: Client, cast: Cast) -> None:
    membership = member_of(cast.officer, cast)
    db.commit()
    addresses = [MEMBERS, f"{MEMBERS}/{membership.id}", f"{MEMBERS}/{membership.id}/verwijderen"]
    for role in set(Role) - {Role.CLERK}:
        client.as_(cast[role])
        assert [client.send(address, email=NEWCOMER, role="clerk").status for address in addresses] == [
            403
        ] * 3
        assert "Leden" not in [a.get_text() for a in client.page("/almere").soup.find_all("a")]  # type: ignore[union-attr]
    db.expire_all()
    assert member_of(cast.officer, cast).role is Role.OFFICER


def test_a_clerk_changes_a_role_and_it_counts_at_once(client: Client, cast: Cast) -> None:
    membership = (
        member_of(cast.reader_, cast) if hasattr(cast, "reader_") else member_of(cast["reader"], cast)
    )
    db.commit()
    assert client.as_(cast["reader"]).page("/almere/logboek").status == 403
    client.as_(cast.clerk).submit(f"{MEMBERS}/{membership.id}", role="auditor")
    assert client.as_(cast["reader"]).page("/almere/logboek").status == 200


def test_the_last_clerk_cannot_leave_and_cannot_take_another_role(client: Client, cast: Cast) -> None:
    membership = member_of(cast.clerk, cast)
    db.commit()
    client.as_(cast.clerk)
    assert client.submit(f"{MEMBERS}/{membership.id}", "", role="reader").status == 409
    assert client.send(f"{MEMBERS}/{membership.id}/verwijderen").status == 409
    second = member_of(cast.councillor, cast)
    db.commit()
    assert client.submit(f"{MEMBERS}/{second.id}", "", role="clerk").status == 200
    assert client.send(f"{MEMBERS}/{membership.id}/verwijderen").status == 302
    assert client.page("/almere").status == 404


def test_a_person_who_was_removed_loses_this_council_and_keeps_the_account(
    client: Client, cast: Cast
) -> None:
    membership = member_of(cast.officer, cast)
    db.commit()
    assert client.as_(cast.clerk).send(f"{MEMBERS}/{membership.id}/verwijderen").status == 302
    assert client.as_(cast.officer).page("/almere").status == 404
    assert client.page("/raden").status == 200
    invite(client, cast, cast.officer.email)


# --- More councils --------------------------------------------------------------------------------------------------


@pytest.fixture
def traveller(cast: Cast) -> Person:
    """Councillor in Almere, reader in Breda."""
    act_for(db, cast.breda.id)
    operations.add_member(cast.councillor, Role.READER)
    start_plan(None, title="Traject van Breda")
    db.commit()
    act_for(db, cast.almere.id)
    return cast.councillor


def test_one_person_has_in_each_council_its_own_role(client: Client, cast: Cast, traveller: Person) -> None:
    client.as_(traveller)
    assert client.page("/almere/trajecten/nieuw").status == 200
    assert client.page("/breda/trajecten/nieuw").status == 403
    assert "Traject van Breda" not in client.page("/almere").text
    assert client.page("/breda").status == 200
    assert "Breda" in client.page("/breda").title


def test_who_has_two_councils_chooses_one(client: Client, cast: Cast, traveller: Person) -> None:
    page = client.submit("/inloggen", email=traveller.email, password=PASSWORD)
    assert page.response.request.path == "/raden"
    assert page.soup is not None
    [choices] = page.soup.select("main ul")
    assert [a["href"].rstrip("/") for a in choices.find_all("a")] == ["/almere", "/breda"]
    assert "raadslid" in choices.get_text()
    assert "lezer" in choices.get_text()


def test_ones_own_membership_elsewhere_is_no_member_here(
    client: Client, cast: Cast, traveller: Person
) -> None:
    client.as_(cast.clerk)
    with as_platform():
        act_for(db, cast.almere.id)
        operations.change_role(member_of(traveller, cast), Role.CLERK)
    act_for(db, cast.breda.id)
    elsewhere = db.scalars(
        sa.select(Membership.id).where(
            Membership.person_id == traveller.id, Membership.council_id == cast.breda.id
        )
    ).one()
    db.commit()
    act_for(db, cast.almere.id)
    page = client.as_(traveller).page(MEMBERS)
    assert page.status == 200
    assert str(elsewhere) not in page.text
    assert client.page(f"{MEMBERS}/{elsewhere}").status == 404
    assert client.send(f"{MEMBERS}/{elsewhere}/verwijderen").status == 404


# --- Audit trail ----------------------------------------------------------------------------------------------------


def test_the_audit_trail_tells_in_words_who_did_what(client: Client, cast: Cast) -> None:
    membership = member_of(cast["reader"], cast)
    plan = make_plan()
    db.commit()
    client.as_(cast.clerk)
    client.submit(f"{MEMBERS}/{membership.id}", "", role="adviser")
    client.submit(
        f"/almere/trajecten/{plan.id}/waarden/nieuw",
        name="Geheime naam",
        own_words="Eigen tekst.",
        counter_value="x",
    )
    page = client.page("/almere/logboek")
    assert "Rol veranderd: van lezer naar adviesraad" in page.words
    assert "Waarde toegevoegd" in page.words
    assert cast.clerk.name in page.words
    for text in ("Geheime naam", "Eigen tekst."):
        assert text not in page.words


def test_each_council_reads_its_own_audit_trail(client: Client, cast: Cast) -> None:
    make_value(make_plan())
    db.commit()
    assert "Waarde toegevoegd" in client.as_(cast["auditor"]).page("/almere/logboek?alles=1").words
    assert (
        "Waarde toegevoegd" not in client.as_(cast.of_breda("auditor")).page("/breda/logboek?alles=1").words
    )


@pytest.mark.parametrize("number", ["0", "-3", "2", "99999999999999999999", "x", "%00"])
def test_a_page_of_the_audit_trail_that_is_not_there_does_no_harm(
    client: Client, cast: Cast, number: str
) -> None:
    assert client.as_(cast.clerk).page(f"/almere/logboek?pagina={number}").status in (200, 400)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET action = 'niets'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
def test_postgresql_refuses_to_change_the_audit_trail(cast: Cast, statement: str) -> None:
    make_plan()
    assert db.query(AuditEntry).count() > 0
    with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
        db.execute(sa.text(statement))


def test_every_action_of_the_audit_trail_has_words(cast: Cast) -> None:
    import re
    from pathlib import Path

    from workbench.accounts.audit_words import ACTIONS

    root = Path(__file__).parents[2] / "workbench"
    source = "\n".join(path.read_text() for path in root.rglob("*.py"))
    recorded = set(re.findall(r'\brecord\(\s*"([a-z_]+)"', source)) - {"value_changed"}
    assert recorded
    assert recorded <= set(ACTIONS)
    entry = AuditEntry(action="iets_nieuws", object_type="", facts={})
    assert in_words(entry) == "iets_nieuws"


# --- The operator's command -----------------------------------------------------------------------------------------


def test_the_operator_invites_or_makes_a_member(client: Client, cast: Cast, servers: object) -> None:
    settings = client.application.extensions["settings"]
    db.commit()
    with as_platform():
        link = commands.add_user(settings, NEWCOMER, "almere", "clerk")
    assert link is not None
    assert client.page("/" + link.split("/", 3)[3]).status == 200
    with as_platform():
        assert (
            commands.add_user(
                settings, "b@almere.example", "almere", "reader", password="een lang wachtwoord"
            )
            is None
        )
    assert client.send("/inloggen", email="b@almere.example", password="een lang wachtwoord").status == 302
    with as_platform():
        commands.add_user(
            settings, "b@almere.example", "almere", "officer", password="nog een lang wachtwoord"
        )
    assert client.page("/almere").status == 302, "a new password ends the session"


@pytest.mark.parametrize(
    "mistake", [{"slug": "nergens"}, {"role": "king"}, {"email": "geen adres"}, {"password": "kort"}]
)
def test_the_operators_mistakes_are_refused(client: Client, cast: Cast, mistake: dict[str, str]) -> None:
    settings = client.application.extensions["settings"]
    db.commit()
    with pytest.raises(WorkbenchError), as_platform():
        commands.add_user(settings, **{"email": "a@b.example", "slug": "almere", "role": "clerk", **mistake})


@pytest.mark.parametrize(
    "slug", ["api", "static", "inloggen", "Almere", "al mere", "-a", "a--b", "1a", "", "almere"]
)
def test_a_council_cannot_have_an_address_that_is_reserved_taken_or_misspelt(cast: Cast, slug: str) -> None:
    db.commit()
    with pytest.raises(Conflict), as_platform():
        operations.add_council("Elders", slug)


def test_the_audit_trail_shows_what_people_did_and_on_request_what_the_workbench_did(
    client: Client, cast: Cast
) -> None:
    act_for(db, cast.almere.id)
    audit.record("block_added")
    audit.record("value_added", by=cast.councillor.id)
    db.commit()
    trail = client.as_(cast.clerk).page("/almere/logboek")
    assert "Waarde toegevoegd" in trail.words
    assert "Blok van de monitor gemaakt" not in trail.words
    everything = client.page("/almere/logboek?alles=1")
    assert "Blok van de monitor gemaakt" in everything.words
    assert "de werkbank zelf" in everything.words
