"""FocusSet."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model
from workbench.core.tenancy import CouncilOwned

USUAL, FEWEST, MOST = 7, 3, 15


class FocusSet(CouncilOwned, Model):
    """How many figures a plan has in view at most; a plan without one has the usual number."""

    __tablename__ = "focus_set"
    __table_args__ = (sa.CheckConstraint(f"size BETWEEN {FEWEST} AND {MOST}", name="few"),)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), unique=True)
    size: Mapped[int]
