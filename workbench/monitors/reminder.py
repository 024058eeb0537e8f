"""A mail to a member about what waits, in the rhythm that this person chose: one for all councils together.

In it stand counts and titles that every member who gets it can read on the home page of that council; no answer, no
ballot, no name of anybody else. Nothing waits: no mail.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog
from flask import render_template
from flask_babel import gettext as _

from workbench.accounts.access import PERMISSIONS, Permission
from workbench.accounts.models import Membership, Person, Rhythm
from workbench.accounts.queries import own_memberships
from workbench.core.db import db
from workbench.core.language import AMSTERDAM, Language
from workbench.core.mail import send_mail
from workbench.core.settings import Settings
from workbench.core.tenancy import act_for
from workbench.core.text import speaking
from workbench.knowledge.calendar import queries as calendar
from workbench.monitors.digest import full_address
from workbench.monitors.waiting import MOST, Waiting, next_step, waiting_for
from workbench.vision import queries as plans
from workbench.vision.models import PlanStatus

log = structlog.get_logger()

# Between two mails; the schedule is daily, and may be a little early.
PAUSES = {Rhythm.DAILY: timedelta(hours=20), Rhythm.WEEKLY: timedelta(days=6, hours=20)}


@dataclass(frozen=True)
class Part:
    """What waits in one council."""

    name: str
    slug: str
    items: list[Waiting]


def reader_ids() -> list[UUID]:
    """Everybody who wants this mail (role `platform`)."""
    query = sa.select(Person.id).where(Person.rhythm != Rhythm.NEVER)
    return list(db.scalars(query.order_by(Person.created_at, Person.id)))


def send_reminder(person_id: UUID, settings: Settings, now: datetime | None = None) -> bool:
    """Mail this person what waits; says whether there was something and its time had come.

    The session acts as this person. The mail and the mark that it was written are one transaction.
    """
    now = now or datetime.now(UTC)
    person = db.scalar(sa.select(Person).where(Person.id == person_id).with_for_update())
    if person is None or person.rhythm is Rhythm.NEVER:
        return False
    if person.reminded_at and person.reminded_at > now - PAUSES[person.rhythm]:
        return False
    language = Language(person.language or "nl")
    address, name = person.email, person.name
    places = [(item.id, item.council_id) for item in own_memberships(person)]
    with speaking(language):
        parts = [part for place in places if (part := _part(*place, now))]
        if not parts:
            return False
        act_for(db, None)
        db.execute(sa.update(Person).where(Person.id == person_id).values(reminded_at=now))
        send_mail(address, _subject(parts), _body(name, parts, settings))
    log.info("reminder_sent", councils=len(parts))
    return True


def _part(membership_id: UUID, council_id: UUID, now: datetime) -> Part | None:
    """What waits in this council; None: nothing."""
    act_for(db, council_id)
    member = db.scalar(
        sa.select(Membership)
        .where(Membership.id == membership_id)
        .options(sa.orm.joinedload(Membership.council))
    )
    if member is None:
        return None
    plan = next(iter(plans.plans(member)), None)
    edits = plan is not None and Permission.EDIT_PLAN in PERMISSIONS[member.role]
    step = next_step(plan) if plan and edits and plan.status is PlanStatus.RUNNING else None
    day = now.astimezone(AMSTERDAM).date()
    items = waiting_for(member, plan, step.position if step else None, day, calendar.upcoming())
    if plan and step:
        sentence = _(
            "Stap %(number)s, %(title)s. Reken op %(minutes)s minuten.",
            number=step.position,
            title=step.title,
            minutes=step.minutes,
        )
        items = [*items[: MOST - 1], Waiting(sentence, "evidence.plan", {"plan_id": plan.id})]
    return Part(member.council.name, member.council.slug, items) if items else None


def _subject(parts: list[Part]) -> str:
    if len(parts) == 1:
        return str(_("Wat wacht op u in de raad van %(council)s", council=parts[0].name))
    return str(_("Wat wacht op u in uw raden"))


def _body(name: str, parts: list[Part], settings: Settings) -> str:
    def address_of(part: Part, item: Waiting) -> str:
        values = {key: value for key, value in item.values.items() if not key.startswith("_")}
        return full_address(settings, item.endpoint, council=part.slug, **values)

    return render_template(
        "mail/reminder.txt",
        name=name,
        parts=parts,
        address_of=address_of,
        account=full_address(settings, "accounts.account"),
    )
