"""HouseStyle."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workbench.accounts.theme import colours
from workbench.core.db import Model
from workbench.core.tenancy import CouncilOwned


class HouseStyle(CouncilOwned, Model):
    """How the pages of a council look: the one that everybody sees, and one that the clerk still tries out.

    What everybody sees is no secret, so it is read without membership: on the way to signing in, and on public pages.
    """

    __tablename__ = "house_style"
    __table_args__ = (sa.UniqueConstraint("council_id", "is_tried"),)
    is_tried: Mapped[bool] = mapped_column(default=False)
    colour: Mapped[str] = mapped_column(default="")  # #rrggbb; empty: the ordinary one
    logo: Mapped[bytes | None] = mapped_column(deferred=True)  # a PNG that we drew anew
    logo_version: Mapped[uuid.UUID | None]
    logo_width: Mapped[int | None]
    logo_height: Mapped[int | None]

    @property
    def stylesheet_version(self) -> uuid.UUID | None:
        return colours.stylesheet_version(self.colour) if self.colour else None
