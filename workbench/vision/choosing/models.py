"""LibraryValue, Frame, FramePart (public content); ValuePart, ValueDecision (of one council)."""

import uuid
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.cards import Card
from workbench.core.db import Base, Model
from workbench.core.tenancy import CouncilOwned

FEWEST, MOST = 3, 5  # values a council can hold on to


class LibraryValue(Base):
    """A value to start from; the council says in its own words what it means by it."""

    __tablename__ = "library_value"
    slug: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    name: Mapped[str]
    sentence: Mapped[str]
    seen_when: Mapped[str]
    not_this: Mapped[str]
    short_changed: Mapped[str]
    counter_value: Mapped[str]
    parts: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.Text))  # frame parts it probably serves


class Frame(Base):
    """A known list of values or legal aims, to see what the own values leave out."""

    __tablename__ = "frame"
    slug: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    name: Mapped[str]
    about: Mapped[str]
    source: Mapped[str]
    verified: Mapped[bool]
    parts: Mapped[list["FramePart"]] = relationship(order_by="FramePart.number", lazy="raise")


class FramePart(Base):
    """One value or aim of a frame. `slug` is `<frame>/<part>`."""

    __tablename__ = "frame_part"
    slug: Mapped[str] = mapped_column(primary_key=True)
    frame_slug: Mapped[str] = mapped_column(sa.ForeignKey("frame.slug", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    name: Mapped[str]
    about: Mapped[str]


class ValuePart(CouncilOwned, Model):
    """One value serves one part of a frame, says the council."""

    __tablename__ = "value_part"
    __table_args__ = (sa.UniqueConstraint("value_id", "part_slug"),)
    value_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("value.id", ondelete="CASCADE"))
    part_slug: Mapped[str] = mapped_column(sa.ForeignKey("frame_part.slug", ondelete="CASCADE"))


class ValueDecision(Card, Model):
    """Which values the group holds on to, why, and who sees it differently. One a plan; changes are revisions."""

    __tablename__ = "value_decision"
    CONTENT: ClassVar = ("chosen", "reasons", "minority_view")
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), unique=True)
    chosen: Mapped[list[uuid.UUID]] = mapped_column(sa.ARRAY(sa.Uuid))  # values of this plan
    reasons: Mapped[str] = mapped_column(default="")
    minority_view: Mapped[str] = mapped_column(default="")
