"""Reading the calendar of the acting council."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.accounts.models import Audience, Council, Membership
from workbench.accounts.operations import find_door
from workbench.core.db import db
from workbench.knowledge.calendar.models import CalendarEntry, CalendarLink, today

LAST_DAY = sa.func.coalesce(CalendarEntry.ends_on, CalendarEntry.starts_on)


def entries() -> list[CalendarEntry]:
    """Everything in the calendar with its moment, in order of time."""
    return list(
        db.scalars(
            sa.select(CalendarEntry)
            .options(joinedload(CalendarEntry.moment))
            .order_by(CalendarEntry.starts_on, CalendarEntry.created_at, CalendarEntry.id)
        )
    )


def upcoming() -> list[CalendarEntry]:
    """What is still to come, today included, in order of time."""
    return list(
        db.scalars(
            sa.select(CalendarEntry)
            .where(today() <= LAST_DAY)
            .order_by(CalendarEntry.starts_on, CalendarEntry.created_at, CalendarEntry.id)
        )
    )


def link_of(person_id: UUID) -> CalendarLink | None:
    return db.scalar(sa.select(CalendarLink).where(CalendarLink.person_id == person_id))


def council_of_token(token: str) -> Council | None:
    """The council whose calendar this token shows; the session then acts for it. None when it is worthless.

    A token shows nothing any more once its member has left the council.
    """
    door = find_door(token, Audience.CALENDAR)
    if door is None:
        return None
    return db.scalar(
        sa.select(Council)
        .join(Membership, Membership.council_id == Council.id)
        .join(
            CalendarLink,
            sa.and_(
                CalendarLink.person_id == Membership.person_id,
                CalendarLink.council_id == Membership.council_id,
            ),
        )
        .where(CalendarLink.id == door.object_id, Council.id == door.council_id)
    )
