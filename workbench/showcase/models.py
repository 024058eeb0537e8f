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
    """What is shared: a whole plan, or one part of it."""

    PLAN = "plan"
    VALUES = "values"  # a set of values
    GOAL = "goal"  # one goal with what it is measured by
    FORMAT = "format"  # of a monitor
    STEPS = "steps"  # the step plan, with the questions of the council's own
    SCRIPT = "script"  # of a workshop


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
    """A plan that began as a copy: of what, and all that came along.

    The content is kept as it was copied: nothing of it is the council's own until the group takes a card over, which
    then has the key of the card here as its origin. A later version of the template is compared with it.
    """

    __tablename__ = "adoption"
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), unique=True)
    # No reference: it is of another council, which may revoke it.
    template_id: Mapped[uuid.UUID] = mapped_column(index=True)
    template_number: Mapped[int]
    title: Mapped[str]
    shared_by: Mapped[str]  # name of the council
    fictitious: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    copied_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
