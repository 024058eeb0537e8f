"""AdoptedVersion, AdoptedPart."""

import uuid
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.db import Model
from workbench.core.tenancy import CouncilOwned


class AdoptedVersion(CouncilOwned, Model):
    """One version of a monitor as the council adopted it. The role `web` may add versions, not change or remove them.

    A plan that has one cannot be removed: the references do not cascade.
    """

    __tablename__ = "adopted_version"
    __table_args__ = (sa.UniqueConstraint("plan_id", "major", "minor"),)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id"))
    major: Mapped[int]
    minor: Mapped[int]
    format_number: Mapped[int]  # of the monitor it was read from
    adopted_on: Mapped[date]
    decided_by: Mapped[str]
    hash: Mapped[str]  # over the hashes of its parts; see document.whole_hash
    frozen_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    frozen_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    parts: Mapped[list["AdoptedPart"]] = relationship(
        lazy="raise", viewonly=True, order_by="AdoptedPart.position"
    )

    @property
    def edition(self) -> str:
        return f"{self.major}.{self.minor}"


class AdoptedPart(CouncilOwned, Model):
    """One part of a version, as bytes that fit its hash. The role `web` may add parts, not change or remove them.

    A part whose source was withdrawn becomes a stub, which only the role `platform` can do; its hash stays.
    """

    __tablename__ = "adopted_part"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "key"),
        sa.CheckConstraint(
            "CASE WHEN withdrawn_at IS NULL THEN hash = encode(sha256(content), 'hex')"
            ' ELSE content = convert_to(\'{"kind":"withdrawn","text":"bron ingetrokken"}\', \'UTF8\') END',
            name="is_what_was_adopted",
        ),
    )
    version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("adopted_version.id"))
    position: Mapped[int]
    key: Mapped[str]
    about_id: Mapped[
        uuid.UUID | None
    ]  # a value, goal, link or excerpt, also after that went; so there is no reference
    content: Mapped[bytes]
    hash: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
