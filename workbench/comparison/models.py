"""ComparisonGroup."""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.indicators.compare import Kind

KIND_NAMES = {
    Kind.SIZE: _("ongeveer evenveel inwoners"),
    Kind.PROVINCE: _("dezelfde provincie"),
    Kind.URBANITY: _("even stedelijk"),
    Kind.PROFILE: _("een bevolking die op de onze lijkt"),
    Kind.CHOSEN: _("zelf gekozen gemeenten"),
}


class ComparisonGroup(CouncilOwned, Model):
    """What the council calls comparable, from one decision to the next. A decision is closed, never changed."""

    __tablename__ = "comparison_group"
    __table_args__ = (
        sa.UniqueConstraint("council_id", "number"),
        sa.Index(
            "ix_comparison_group_present",
            "council_id",
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.CheckConstraint("(kind = 'chosen') = (cardinality(chosen) > 0)", name="chosen_by_hand"),
    )
    number: Mapped[int]  # 1, 2, … in a council; 0 is what the workbench does by itself
    kind: Mapped[Kind] = mapped_column(words(Kind, "comparison_kind"))
    chosen: Mapped[list[str]]  # codes of municipalities, when chosen by hand
    reason: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
