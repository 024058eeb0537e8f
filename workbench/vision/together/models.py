"""PlanRound: which round is about which plan, and what it asks."""

import uuid
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned


class Purpose(StrEnum):
    WEIGHT = "weight"  # which values come first
    POSITIONS = "positions"  # where people stand between a value and its counter-value
    CONSENT = "consent"  # can they live with the decision
    STATEMENTS = "statements"  # which sentences bind the group, and which divide it


class PlanRound(CouncilOwned, Model):
    """A round about a plan. Its options carry the keys of the plan's values."""

    __tablename__ = "plan_round"
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("round.id", ondelete="CASCADE"), unique=True)
    purpose: Mapped[Purpose] = mapped_column(words(Purpose, "round_purpose"))
    # Consent: the version of the decision that people were asked about.
    decision_version: Mapped[int | None]
