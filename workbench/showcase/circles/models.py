"""Circle, TemplateGrant, PilotMember."""

import uuid
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Base, Model
from workbench.core.tenancy import CouncilOwned


class Circle(StrEnum):
    """Who may read a template, from few to many. PostgreSQL holds to it: see migration 0048."""

    OWN = "own"
    CHOSEN = "chosen"
    PILOT = "pilot"
    MEMBERS = "members"
    PUBLIC = "public"


CIRCLE_NAMES = {
    Circle.OWN: _("Alleen onze eigen raad"),
    Circle.CHOSEN: _("Raden die wij kiezen"),
    Circle.PILOT: _("Alle raden van een pilotgroep waar wij in zitten"),
    Circle.MEMBERS: _("Alle raden: wie inlogt, kan het lezen"),
    Circle.PUBLIC: _("Iedereen op internet"),
}
# Circles of which it has to be said who is in it.
NAMED = frozenset({Circle.CHOSEN, Circle.PILOT})


class TemplateGrant(CouncilOwned, Model):
    """Lets one council, or every council in one pilot group, read a template."""

    __tablename__ = "template_grant"
    __table_args__ = (sa.UniqueConstraint("template_id", "reader_id"),)
    template_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("shared_template.id", ondelete="CASCADE"))
    reader_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id"), index=True)


class PilotMember(Base):
    """A council that takes part in a pilot group; public, written by who manages the workbench."""

    __tablename__ = "pilot_member"
    pilot_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id"), primary_key=True, index=True)
