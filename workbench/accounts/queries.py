"""Reading members, invitations and the audit trail."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.accounts.models import Council, Invitation, Membership, Person, Role
from workbench.core.audit import AuditEntry
from workbench.core.db import db


def find_council(slug: str) -> Council | None:
    return db.scalar(sa.select(Council).where(Council.slug == slug))


def own_memberships(person: Person) -> list[Membership]:
    """The councils of this person, by name; needs act_as."""
    found = db.scalars(
        sa.select(Membership).where(Membership.person_id == person.id).options(joinedload(Membership.council))
    )
    return sorted(found, key=lambda membership: membership.council.name.casefold())


def members() -> list[Membership]:
    """Members of the acting council, by role and name."""
    order = list(Role)
    found = db.scalars(
        sa.select(Membership)
        .where(Membership.council_id == db.info["council_id"])
        .options(joinedload(Membership.person))
    )
    return sorted(found, key=lambda member: (order.index(member.role), member.person.name.casefold()))


def open_invitations() -> list[Invitation]:
    return list(
        db.scalars(
            sa.select(Invitation)
            .where(
                Invitation.accepted_at.is_(None),
                Invitation.withdrawn_at.is_(None),
                Invitation.expires_at > datetime.now(UTC),
            )
            .order_by(Invitation.invited_at.desc())
        )
    )


PAGE_SIZE = 50


def audit_page(number: int, *, with_system: bool = False) -> tuple[list[tuple[AuditEntry, str | None]], int]:
    """One page of the audit trail, newest first, with the actor's name; and the number of pages.

    Without `with_system` only what people did, not what the workbench made of it by itself.
    """
    entries, count = audit_entries(PAGE_SIZE, (number - 1) * PAGE_SIZE, with_system=with_system)
    return entries, max(1, -(-count // PAGE_SIZE))


def audit_entries(
    most: int, skip: int, *, with_system: bool = True
) -> tuple[list[tuple[AuditEntry, str | None]], int]:
    """`most` lines of the audit trail, newest first, with the actor's name; and how many there are."""
    whose = sa.true() if with_system else AuditEntry.person_id.is_not(None)
    count = db.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(whose)) or 0
    rows = db.execute(
        sa.select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .where(whose)
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
        .limit(most)
        .offset(skip)
    )
    return [(entry, name) for entry, name in rows], count
