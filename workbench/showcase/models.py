"""SharedTemplate, Adoption."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned


class TemplateKind(StrEnum):
    PLAN = "plan"


class SharedTemplate(CouncilOwned, Model):
    """What a council shares of one of its plans, for everyone to read until it is revoked.

    Sharing again replaces `content` (see content.py) and counts up `number`; the address stays. Names nobody: who
    shared it stands in the audit trail.
    """

    __tablename__ = "shared_template"
    __table_args__ = (
        sa.Index("ix_shared_template_shared_at", "shared_at", postgresql_where=sa.text("revoked_at IS NULL")),
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[TemplateKind] = mapped_column(words(TemplateKind, "template_kind"))
    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str]
    context: Mapped[str]
    differently: Mapped[str]  # what we would do differently next time
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fictitious: Mapped[bool]
    shared_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    @property
    def is_shared(self) -> bool:
        return self.revoked_at is None


class Adoption(CouncilOwned, Model):
    """An example that lies ready in a plan: of what it is a copy, and all that came along.

    Nothing of the content is the council's own until the group takes a card over, which then has the key of the card
    here as its origin. The content is as it was copied; when the example is renewed, card by card as the group chose,
    and `template_number` when nothing is left to choose.
    """

    __tablename__ = "adoption"
    __table_args__ = (sa.UniqueConstraint("plan_id", "template_id"),)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    # No reference: it is of another council, which may revoke it.
    template_id: Mapped[uuid.UUID] = mapped_column(index=True)
    template_number: Mapped[int]
    title: Mapped[str]
    shared_by: Mapped[str]  # name of the council
    fictitious: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    copied_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
