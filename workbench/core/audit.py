"""Who did what to which object, and when. Facts only: no texts that people wrote."""

import uuid
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import has_request_context
from flask_login import current_user
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, db
from workbench.core.tenancy import CouncilOwned


class AuditEntry(CouncilOwned, Model):
    """One line of a council's audit trail. The role `web` may add lines, not change or remove them."""

    __tablename__ = "audit_entry"
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[uuid.UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


def record(action: str, thing: Model | None = None, *, by: uuid.UUID | None = None, **facts: object) -> None:
    """Add a line for the acting council, in the current transaction: `record("value_changed", value)`.

    `by`: the person who did it, where that is not the one who is signed in (or nobody is, yet).
    """
    if by is None and has_request_context() and current_user.is_authenticated:
        by = current_user.id
    db.add(
        AuditEntry(
            person_id=by,
            action=action,
            object_type=type(thing).__tablename__ if thing is not None else "",
            object_id=thing.id if thing is not None else None,
            facts=facts,
        )
    )
