"""Telling people of a workshop, and who will come: a mail at signing up, one shortly before, one when it changes.

A name never stands in a mail: who signs up somebody else must not be able to have us write words of their own.
"""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from workbench.accounts.models import Audience, Council, Door
from workbench.accounts.operations import find_door, make_door, shut_doors
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.language import AMSTERDAM
from workbench.core.mail import send_mail
from workbench.workshops.models import SignUp, State, Workshop
from workbench.workshops.script import queries
from workbench.workshops.script.joining import full_address

MOST_SIGN_UPS = 1000
BEFORE = timedelta(days=2)  # that the reminder comes
JUST_CONFIRMED = timedelta(days=1)  # who signed up so lately needs no reminder


def announce(workshop: Workshop) -> None:
    """From now on who has the address reads what it is about, and can sign up. Raises: Conflict."""
    _lock(workshop)
    if workshop.state is not State.DRAFT:
        raise Conflict(_("Dit leeratelier is al aangekondigd."))
    if not (workshop.place and workshop.for_whom and workshop.accessibility):
        raise Conflict(
            _(
                "Vul eerst in waar het is, voor wie het is en hoe toegankelijk de plek is. Dan kunt u het aankondigen."
            )
        )
    workshop.state = State.ANNOUNCED
    workshop.announcement = make_door(Audience.ANNOUNCEMENT, workshop.id, token=secrets.token_urlsafe(16))
    audit.record("workshop_announced", workshop)


def withdraw_announcement(workshop: Workshop) -> None:
    """Its address no longer works, and who signed up hears so. Raises: Conflict."""
    _lock(workshop)
    if workshop.state is not State.ANNOUNCED:
        raise Conflict(_("Dit leeratelier is niet aangekondigd, of al begonnen."))
    subject = _("Gaat voorlopig niet door: %(title)s", title=workshop.title)
    _tell_everyone(workshop, subject, _("Dit leeratelier gaat voorlopig niet door."))
    workshop.state, workshop.announcement = State.DRAFT, None
    shut_doors(workshop.id)
    audit.record("workshop_announcement_withdrawn", workshop)


def tell_of_changes(workshop: Workshop) -> int:
    """To who signed up: it is at another time or place now. Gives how many they are."""
    subject = _("Veranderd: %(title)s", title=workshop.title)
    return _tell_everyone(
        workshop, subject, _("De tijd of de plek van dit leeratelier is veranderd. Zo is het nu:")
    )


def _lock(workshop: Workshop) -> None:
    db.flush()
    db.refresh(workshop, attribute_names=["state"], with_for_update=True)


# --- Signing up -----------------------------------------------------------------------------------------------------


def find_announced(token: str) -> tuple[Workshop, Council] | None:
    """What this address announces; the session then acts for its council. None: it announces nothing (any more)."""
    door: Door | None = find_door(token, Audience.ANNOUNCEMENT)
    workshop = queries.find_workshop(door.object_id) if door else None
    return (workshop, db.get_one(Council, workshop.council_id)) if workshop else None


def may_sign_up(workshop: Workshop) -> bool:
    return workshop.state is State.ANNOUNCED and workshop.starts_at > datetime.now(UTC)


def sign_up(workshop: Workshop, name: str, email: str) -> None:
    """Put somebody on the list and confirm it by mail; an address that is on it already stays as it was, without a
    second mail. Raises: Conflict.
    """
    _lock(workshop)
    if not may_sign_up(workshop):
        raise Conflict(_("Aanmelden kan niet meer: het leeratelier is begonnen of geweest."))
    count = sa.select(sa.func.count()).select_from(SignUp).where(SignUp.workshop_id == workshop.id)
    if db.scalar(count) == MOST_SIGN_UPS:
        raise Conflict(_("Aanmelden kan niet meer: de lijst is vol."))
    made = SignUp(workshop_id=workshop.id, name=name, email=email.casefold())
    values = {
        column: getattr(made, column) for column in ("id", "workshop_id", "name", "email", "signed_up_at")
    }
    row = insert(SignUp).values(**values).on_conflict_do_nothing().returning(SignUp.id)
    if db.scalar(row) is not None:
        subject = _("U bent aangemeld: %(title)s", title=workshop.title)
        _tell(workshop, made, subject, _("U bent aangemeld voor dit leeratelier. Fijn dat u komt."))


def find_sign_up(workshop: Workshop, sign_up_id: UUID) -> SignUp | None:
    found = db.get(SignUp, sign_up_id)
    return found if found is not None and found.workshop_id == workshop.id else None


def cancel(found: SignUp) -> None:
    """Forget that this person would come."""
    db.delete(found)


def erase_sign_ups(workshop: Workshop) -> int:
    """Forget who signed up; gives how many they were."""
    gone = db.scalars(sa.delete(SignUp).where(SignUp.workshop_id == workshop.id).returning(SignUp.id)).all()
    audit.record("sign_ups_erased", workshop, people=len(gone))
    return len(gone)


# --- Mail -----------------------------------------------------------------------------------------------------------


def send_reminders(now: datetime | None = None) -> int:
    """In the acting council: to who signed up for what is two days away; each gets one. Gives how many were sent."""
    now = now or datetime.now(UTC)
    last_day = (now + BEFORE).astimezone(AMSTERDAM).date()
    rows = db.execute(
        sa.select(Workshop, SignUp)
        .join(SignUp, SignUp.workshop_id == Workshop.id)
        .where(
            Workshop.state == State.ANNOUNCED,
            Workshop.starts_at > now,
            Workshop.starts_at < now + BEFORE + timedelta(days=1),
            SignUp.reminded_at.is_(None),
            SignUp.signed_up_at < now - JUST_CONFIRMED,
        )
        .order_by(SignUp.signed_up_at, SignUp.id)
        .with_for_update(of=SignUp)
    )
    sent = 0
    for workshop, found in rows:
        if workshop.starts_at.astimezone(AMSTERDAM).date() > last_day:
            continue
        found.reminded_at = now
        subject = _("Binnenkort: %(title)s", title=workshop.title)
        _tell(workshop, found, subject, _("Binnenkort is dit leeratelier. U meldde zich aan."))
        sent += 1
    return sent


def _tell_everyone(workshop: Workshop, subject: str, opening: str) -> int:
    found = queries.sign_ups_of(workshop)
    for one in found:
        _tell(workshop, one, subject, opening)
    return len(found)


def _tell(workshop: Workshop, found: SignUp, subject: str, opening: str) -> None:
    body = render_template(
        "mail/workshop.txt",
        opening=opening,
        workshop=workshop,
        announcement=address_of(workshop),
        cancel=_address("announced.cancel", token=workshop.announcement, sign_up_id=found.id),
    )
    send_mail(found.email, subject, body)


def address_of(workshop: Workshop) -> str:
    """The address to spread."""
    return _address("announced.show", token=workshop.announcement)


def _address(endpoint: str, **values: object) -> str:
    """A full address; a job has no request to take it from."""
    return full_address(current_app.url_map.bind("").build(endpoint, values))
