"""Announcing a workshop: a page for who has the address, signing up and off, and the mails."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.factories import Cast
from tests.workshops.making import make_sign_up, make_workshop
from workbench.core import jobs
from workbench.core.db import as_platform, db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job
from workbench.core.mail import MailMessage
from workbench.core.tenancy import act_for
from workbench.workshops.models import SignUp, State, Workshop
from workbench.workshops.script import announcing, operations

TEXTS = {"for_whom": "Voor raadsleden en inwoners.", "accessibility": "Lift en ringleiding."}
SOON = datetime.now(UTC) + timedelta(days=30)


def announced(**facts: object) -> Workshop:
    """A workshop of which people can hear."""
    workshop = make_workshop(**{**TEXTS, "starts_at": SOON, "ends_at": SOON + timedelta(hours=2), **facts})
    announcing.announce(workshop)
    db.commit()
    return workshop


def page_of(workshop: Workshop) -> str:
    return f"/doe-mee/aankondiging/{workshop.announcement}"


class Mail(NamedTuple):
    recipient: str
    subject: str
    body: str


def mails() -> list[Mail]:
    with as_platform():
        columns = MailMessage.recipient, MailMessage.subject, MailMessage.body
        return [Mail(*row) for row in db.execute(sa.select(*columns).order_by(MailMessage.created_at))]


def test_the_clerk_announces_and_gets_an_address_to_spread(client: Client, cast: Cast) -> None:
    workshop = make_workshop(starts_at=SOON, ends_at=SOON + timedelta(hours=2))
    db.commit()
    address = f"/almere/ateliers/{workshop.id}/aankondiging"
    client.as_(cast.clerk).submit(address, **TEXTS)
    assert db.query(Workshop).one().state is State.DRAFT
    page = Page(
        client.post(address, data={**TEXTS, "base_version": "1", "aankondigen": "ja"}, follow_redirects=True)
    )
    assert "Verspreid dit adres." in page.words
    db.expire_all()
    found = db.query(Workshop).one()
    assert found.announcement is not None
    assert page_of(found) in page.text
    page = client.as_(None).page(page_of(found))
    assert page.title == workshop.title
    assert "Voor raadsleden en inwoners." in page.words
    assert "Lift en ringleiding." in page.words


def test_without_a_place_nothing_is_announced_and_the_texts_stay(client: Client, cast: Cast) -> None:
    workshop = make_workshop(place="")
    db.commit()
    page = client.as_(cast.clerk).send(
        f"/almere/ateliers/{workshop.id}/aankondiging", **TEXTS, base_version="0", aankondigen="ja"
    )
    assert page.status == 409
    assert "Vul eerst in waar het is" in page.words
    assert "Lift en ringleiding." in page.text


def test_a_worthless_address_is_a_404(client: Client, cast: Cast) -> None:
    workshop = announced()
    assert client.page(f"/doe-mee/aankondiging/{workshop.id}").status == 404
    assert client.page(f"{page_of(workshop)}x").status == 404


def test_who_signs_up_gets_a_mail_without_a_name_and_the_clerk_sees_the_list(
    client: Client, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    workshop = announced()
    page = client.submit(page_of(workshop), name="Roos Vermeer", email="Roos@Elders.example")
    assert "U staat op de lijst." in page.words
    assert "Roos" not in page.words
    (mail,) = mails()
    assert mail.recipient == "roos@elders.example"
    assert "Roos" not in mail.subject + mail.body
    assert page_of(workshop) in mail.body
    assert all("roos" not in str(job).casefold() for job in sent_jobs)
    words = client.as_(cast.clerk).page(f"/almere/ateliers/{workshop.id}/aankondiging").words
    assert "1 aanmelding" in words
    assert "Roos Vermeer, roos@elders.example" in words
    assert client.as_(cast.councillor).page(f"/almere/ateliers/{workshop.id}/aankondiging").status == 403


def test_signing_up_twice_says_the_same_and_mails_once(client: Client, cast: Cast) -> None:
    workshop = announced()
    first = client.submit(page_of(workshop), name="Roos", email="roos@elders.example")
    second = client.submit(page_of(workshop), name="Iemand anders", email="ROOS@elders.example")
    assert first.words == second.words
    assert len(mails()) == 1
    assert [found.name for found in db.query(SignUp)] == ["Roos"]


@pytest.mark.parametrize("email", ["roos", "roos@", "roos@elders example"])
def test_what_is_no_address_is_refused_and_nothing_typed_is_lost(
    client: Client, cast: Cast, email: str
) -> None:
    page = client.submit(page_of(announced()), name="Roos Vermeer", email=email)
    assert page.status == 422
    assert "Dit is geen e-mailadres." in page.words
    assert "Roos Vermeer" in page.text


def test_the_link_in_the_mail_asks_first_and_then_erases(client: Client, cast: Cast) -> None:
    workshop = announced()
    client.submit(page_of(workshop), name="Roos", email="roos@elders.example")
    link = next(line for line in mails()[0].body.splitlines() if "/afmelden/" in line)
    path = link[link.index("/doe-mee") :]
    assert "wissen wij uw naam" in client.page(path).words
    assert db.query(SignUp).count() == 1
    page = client.submit(path)
    assert "U bent afgemeld." in page.words
    assert db.query(SignUp).count() == 0
    assert "U staat niet (meer) op de lijst." in client.page(path).words


def test_nobody_cancels_for_another_workshop(client: Client, cast: Cast) -> None:
    one, other = announced(), announced()
    found = make_sign_up(one)
    db.commit()
    client.post(f"{page_of(other)}/afmelden/{found.id}")
    assert db.query(SignUp).count() == 1


def test_after_the_beginning_nobody_signs_up(client: Client, cast: Cast) -> None:
    workshop = announced()
    workshop.state = State.RUNNING
    db.commit()
    assert "typ de code van het scherm" in client.page(page_of(workshop)).words
    page = client.send(page_of(workshop), name="Roos", email="roos@elders.example")
    assert page.status == 409
    assert "Aanmelden kan niet meer" in page.words


def test_after_the_end_the_page_says_it_has_been(client: Client, cast: Cast) -> None:
    workshop = announced()
    workshop.state = State.ENDED
    db.commit()
    page = client.page(page_of(workshop))
    assert "Dit leeratelier is geweest." in page.words
    assert "Meld mij aan" not in page.words


def test_who_hammers_at_the_form_is_stopped(client: Client, cast: Cast) -> None:
    address = page_of(announced())
    found = [client.post(address, data={"name": "", "email": ""}).status_code for _ in range(12)]
    assert found[:10] == [422] * 10
    assert found[10:] == [429, 429]


def test_two_days_before_each_gets_one_reminder(session: Session, cast: Cast) -> None:
    workshop = announced()
    long_ago = SOON - timedelta(days=20)
    make_sign_up(workshop, email="een@elders.example", signed_up_at=long_ago)
    make_sign_up(workshop, email="net@elders.example", signed_up_at=SOON - timedelta(days=2, hours=3))
    assert announcing.send_reminders(SOON - timedelta(days=3, hours=1)) == 0
    assert announcing.send_reminders(SOON - timedelta(days=2)) == 1
    assert announcing.send_reminders(SOON - timedelta(days=2)) == 0
    db.commit()
    (mail,) = mails()
    assert mail.recipient == "een@elders.example"
    assert mail.subject == f"Binnenkort: {workshop.title}"
    assert "/afmelden/" in mail.body


def test_the_daily_job_reminds_in_every_council(
    app: Flask, session: Session, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    from tasks import worker, workshops

    keep = jobs._sender[:]
    worker.init_app(app)
    jobs._sender[:] = keep
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    workshop = announced(starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=2))
    make_sign_up(workshop, signed_up_at=datetime.now(UTC) - timedelta(days=9))
    db.commit()
    workshops.remind_sign_ups_everywhere.apply(throw=True)
    asked = [payload for name, payload in sent_jobs if name == Job.REMIND_SIGN_UPS]
    assert {"council_id": str(cast.breda.id)} in asked
    workshops.remind_sign_ups.apply(kwargs={"council_id": str(cast.breda.id)}, throw=True)
    assert mails() == []
    workshops.remind_sign_ups.apply(kwargs={"council_id": str(cast.almere.id)}, throw=True)
    assert [mail.recipient for mail in mails()] == ["roos@elders.example"]


def test_who_signed_up_hears_of_another_time_and_of_withdrawing(session: Session, cast: Cast) -> None:
    workshop = announced()
    make_sign_up(workshop)
    operations.change_workshop(workshop, purpose="Anders gezegd.")
    db.commit()
    assert mails() == []
    operations.change_workshop(workshop, place="Bibliotheek")
    db.commit()
    assert [mail.subject for mail in mails()] == [f"Veranderd: {workshop.title}"]
    assert "Bibliotheek" in mails()[0].body
    address = page_of(workshop)
    announcing.withdraw_announcement(workshop)
    db.commit()
    assert mails()[-1].subject == f"Gaat voorlopig niet door: {workshop.title}"
    assert announcing.find_announced(address.rpartition("/")[2]) is None
    with pytest.raises(Conflict, match="niet aangekondigd"):
        announcing.withdraw_announcement(workshop)


def test_the_file_for_calendars_holds_the_time_and_the_place(client: Client, cast: Cast) -> None:
    workshop = announced()
    response = client.get(f"{page_of(workshop)}/agenda.ics")
    assert response.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(response.get_data()).walk("VEVENT")
    assert event["SUMMARY"] == workshop.title
    assert event["LOCATION"] == "Raadzaal"
    assert event.decoded("DTSTART") == SOON.replace(microsecond=0)


def test_who_signed_up_is_forgotten_on_request_of_the_forgetting_job(session: Session, cast: Cast) -> None:
    one, other = announced(), announced()
    make_sign_up(one)
    make_sign_up(one, email="twee@elders.example")
    make_sign_up(other)
    assert operations.erase_sign_ups(one) == 2
    assert [found.workshop_id for found in db.query(SignUp)] == [other.id]


def test_the_page_sets_nothing_apart_for_a_member_and_is_found_by_no_search_engine(
    client: Client, cast: Cast
) -> None:
    workshop = announced()
    response = client.as_(cast.clerk).get(page_of(workshop))
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "Uitloggen" not in response.get_data(as_text=True)


def test_another_council_sees_nothing_of_it(session: Session, cast: Cast) -> None:
    workshop = announced()
    make_sign_up(workshop)
    db.commit()
    act_for(db, cast.breda.id)
    assert db.query(Workshop).all() == []
    assert db.query(SignUp).all() == []
