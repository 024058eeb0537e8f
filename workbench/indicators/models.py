"""Area, AreaChange, RegionMembership, Indicator, Series, PeriodRow, Observation (public) and CouncilArea (owned).

Observations have narrow integer keys. A value is never overwritten: the old row is closed (`loaded_until`) and a
new one opened, so "as of that day" is a where-clause, and a value that vanishes is closed, not deleted.
"""

import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.db import Base, Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.indicators.catalogue import SOURCE_NAMES, AreaType, Direction
from workbench.indicators.periods import PeriodType
from workbench.indicators.recast import ChangeKind


class Status(StrEnum):
    FINAL = "final"
    PROVISIONAL = "provisional"
    FURTHER_PROVISIONAL = "further_provisional"
    UNKNOWN = "unknown"


class Missing(StrEnum):
    """Why there is no value."""

    NOT_DELIVERED = "not_delivered"
    SUPPRESSED = "suppressed"
    IMPOSSIBLE = "impossible"
    NOT_ASKED = "not_asked"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Area(Base):
    """The country, a province, a region, a municipality, a district or a neighbourhood."""

    __tablename__ = "area"
    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    type: Mapped[AreaType] = mapped_column(words(AreaType, "area_type"), index=True)
    province_code: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]  # first day on which the area is no more

    @property
    def short_name(self) -> str:
        """'Utrecht' for 'Utrecht (gemeente)': for where no province of that name can be meant."""
        return self.name.removesuffix(" (gemeente)")


class AreaChange(Base):
    """What went from one municipality to another on a day. Without inhabitants: only the name and the code changed."""

    __tablename__ = "area_change"
    __table_args__ = (sa.UniqueConstraint("origin_id", "heir_id", "day"),)
    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    day: Mapped[date]
    origin_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    heir_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(words(ChangeKind, "area_change_kind"))
    inhabitants: Mapped[int | None]
    dwellings: Mapped[int | None]


class RegionMembership(Base):
    """From a day on a municipality lies in this region of a kind, until a later row says another one."""

    __tablename__ = "region_membership"
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), primary_key=True)
    kind: Mapped[AreaType] = mapped_column(words(AreaType, "area_type"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), index=True)
    source: Mapped[str]


# PostgreSQL keeps these by itself. The function plain_words puts a list in one text, and stands in the migration.
SEARCH_WEIGHTS = """setweight(to_tsvector('dutch', name), 'A') ||
    setweight(to_tsvector('dutch', slug || ' ' || plain_words(search_words)), 'B') ||
    setweight(to_tsvector('dutch', definition), 'C') ||
    setweight(to_tsvector('dutch', plain_words(themes) || ' ' || plain_words(laws)), 'D')"""
SEARCH_TEXT = """lower(name || ' ' || slug || ' ' || plain_words(search_words) || ' ' || definition)"""


class Indicator(Model):
    """What can be known about a municipality: one entry of the catalogue."""

    __tablename__ = "indicator"
    __table_args__ = (
        sa.Index(None, "search", postgresql_using="gin"),
        sa.Index(None, "search_text", postgresql_using="gin", postgresql_ops={"search_text": "gin_trgm_ops"}),
    )
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    definition: Mapped[str]
    unit: Mapped[str]
    decimals: Mapped[int]
    themes: Mapped[list[str]]
    laws: Mapped[list[str]] = mapped_column(server_default="{}")
    priorities: Mapped[list[str]] = mapped_column(server_default="{}")
    synonyms: Mapped[list[str]] = mapped_column(server_default="{}")
    search_words: Mapped[list[str]] = mapped_column(server_default="{}")  # synonyms and names of laws
    direction: Mapped[Direction] = mapped_column(words(Direction, "direction"))
    reading_up: Mapped[str | None]
    reading_down: Mapped[str | None]
    caveats: Mapped[list[str]]
    breaks: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)  # [{period, text}]
    bbv: Mapped[int | None]
    verified: Mapped[bool]
    table_hint: Mapped[
        str | None
    ]  # which table probably holds the figures, while its number is not confirmed
    search: Mapped[str] = mapped_column(TSVECTOR, sa.Computed(SEARCH_WEIGHTS, persisted=True), deferred=True)
    search_text: Mapped[str] = mapped_column(sa.Computed(SEARCH_TEXT, persisted=True), deferred=True)
    series: Mapped[list["Series"]] = relationship(
        back_populates="indicator", lazy="raise", order_by="Series.part"
    )


class Series(Base):
    """The figures of one table's measure under one indicator; several of these, in order, make its line."""

    __tablename__ = "series"
    __table_args__ = (sa.UniqueConstraint("indicator_id", "source", "table", "measure"),)
    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    indicator_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("indicator.id"), index=True)
    part: Mapped[int]
    source: Mapped[str]
    table: Mapped[str]
    measure: Mapped[str]
    period_type: Mapped[PeriodType] = mapped_column(words(PeriodType, "period_type"))
    title: Mapped[str] = mapped_column(default="")  # title of the table
    unit: Mapped[str | None]
    licence: Mapped[str] = mapped_column(default="")
    source_line: Mapped[str] = mapped_column(default="")
    levels: Mapped[list[str]] = mapped_column(server_default="{}")  # kinds of areas with figures
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # region, period, filter, from
    computed: Mapped[str | None]  # how the workbench calculated the value; None: as published
    fetched_at: Mapped[datetime | None]  # when the figures were taken from the source; None: not known
    changed_at: Mapped[datetime] = mapped_column(
        default=lambda: datetime.now(UTC)
    )  # when they last changed here
    indicator: Mapped[Indicator] = relationship(back_populates="series", lazy="raise")

    @property
    def source_name(self) -> str:
        """What readers call the source."""
        return SOURCE_NAMES.get(self.source, self.source)


class PeriodRow(Base):
    """A period, by its CBS code."""

    __tablename__ = "period"
    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    type: Mapped[PeriodType] = mapped_column(words(PeriodType, "period_type"))
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date]


class Observation(Base):
    """One figure, or the reason why there is none, between two loads. `loaded_until` null: this is the current one.

    The one index is all the key there is, and PostgreSQL does not enforce the references (NOT ENFORCED): both for the
    speed of loading. What is referred to cannot be deleted.
    """

    __tablename__ = "observation"
    __table_args__ = (
        sa.Index(
            "ix_observation_key",
            "series_id",
            "area_id",
            "period_id",
            "loaded_until",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint("(value IS NULL) = (missing IS NOT NULL)", name="value_or_reason"),
    )
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("series.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"), primary_key=True)
    value: Mapped[float | None] = mapped_column(sa.Double)
    status: Mapped[Status] = mapped_column(words(Status, "observation_status"))
    missing: Mapped[Missing | None] = mapped_column(words(Missing, "observation_missing"))
    loaded_from: Mapped[datetime] = mapped_column(primary_key=True)
    loaded_until: Mapped[datetime | None]


class CouncilArea(CouncilOwned, Model):
    """Which area a council is about, and between which days: a merger or a new name brings another code."""

    __tablename__ = "council_area"
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
