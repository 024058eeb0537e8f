"""OwnIndicator, OwnUpload and OwnObservation: figures that a council's municipality counts itself."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.accounts.models import Person
from workbench.core.db import Base, Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.indicators.catalogue import Direction
from workbench.indicators.disclosure import LEAST_THRESHOLD, Rules
from workbench.indicators.models import Missing, Status
from workbench.indicators.periods import PeriodType, parse_period
from workbench.uploads.checking import Kind


class UploadState(StrEnum):
    DRAFT = "draft"
    LOADED = "loaded"


class OwnIndicator(CouncilOwned, Model):
    """What a municipality counts itself: an entry of the catalogue of its own council, until that publishes it."""

    __tablename__ = "own_indicator"
    __table_args__ = (
        sa.UniqueConstraint("council_id", "name"),
        sa.CheckConstraint(f"threshold >= {LEAST_THRESHOLD}", name="threshold"),
    )
    name: Mapped[str]
    definition: Mapped[str]
    source: Mapped[str]
    unit: Mapped[str]
    decimals: Mapped[int]
    themes: Mapped[list[str]]
    kind: Mapped[Kind] = mapped_column(words(Kind, "own_kind"))
    threshold: Mapped[int]
    rounding: Mapped[int]
    direction: Mapped[Direction] = mapped_column(words(Direction, "direction"), server_default="context")
    reading_up: Mapped[str] = mapped_column(server_default="")
    reading_down: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]
    edited_at: Mapped[datetime | None]  # when its description was put better
    published_at: Mapped[datetime | None]  # None: for the council only

    @property
    def rules(self) -> Rules:
        return Rules(self.threshold, self.rounding)


class OwnUpload(CouncilOwned, Model):
    """A file that somebody brought. As a draft it keeps the table as it was read; once loaded only facts about it."""

    __tablename__ = "own_upload"
    own_indicator_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("own_indicator.id"), index=True)
    file_name: Mapped[str]
    sha256: Mapped[str]
    uploaded_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    state: Mapped[UploadState] = mapped_column(words(UploadState, "upload_state"), default=UploadState.DRAFT)
    parsed: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    description: Mapped[dict[str, Any]] = mapped_column(
        JSONB, default=dict
    )  # of a new indicator, until loaded
    choices: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    reason: Mapped[str] = mapped_column(default="")  # why strange figures are right
    warnings: Mapped[list[str]] = mapped_column(default=list)
    loaded_at: Mapped[datetime | None]
    rows: Mapped[int] = mapped_column(default=0)
    inserted: Mapped[int] = mapped_column(default=0)
    revised: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    hidden: Mapped[int] = mapped_column(default=0)
    uploaded_by: Mapped[Person | None] = relationship(lazy="raise")


class OwnObservation(CouncilOwned, Base):
    """One own figure, or why there is none, between two uploads. What the guard hides was never stored."""

    __tablename__ = "own_observation"
    __table_args__ = (
        sa.Index(
            "ix_own_observation_current",
            "own_indicator_id",
            "area_code",
            "period",
            unique=True,
            postgresql_where=sa.text("loaded_until IS NULL"),
        ),
        sa.CheckConstraint("(value IS NULL) = (missing IS NOT NULL)", name="value_or_reason"),
        sa.CheckConstraint("NOT guarded OR missing = 'suppressed'", name="guarded_is_suppressed"),
    )
    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    own_indicator_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("own_indicator.id"), index=True)
    own_upload_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("own_upload.id"), index=True)
    area_code: Mapped[str]  # no reference: districts of one's own may be unknown to the register
    area_name: Mapped[str]
    period: Mapped[str]
    value: Mapped[float | None] = mapped_column(sa.Double)
    missing: Mapped[Missing | None] = mapped_column(words(Missing, "observation_missing"))
    guarded: Mapped[bool]
    status: Mapped[Status] = mapped_column(words(Status, "observation_status"))
    loaded_from: Mapped[datetime]
    loaded_until: Mapped[datetime | None]

    @property
    def period_type(self) -> PeriodType:
        return parse_period(self.period).type
