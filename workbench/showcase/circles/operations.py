"""Saying who may read a template, and from when until when."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.accounts.models import Council
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.language import AMSTERDAM
from workbench.showcase.circles import queries
from workbench.showcase.circles.models import NAMED, Circle, TemplateGrant
from workbench.showcase.models import SharedTemplate


@dataclass(frozen=True)
class Opening:
    """`first` None: today; `last` None: until it is revoked; `readers`: councils or pilot groups, where the circle has
    them named.
    """

    circle: Circle = Circle.PUBLIC
    first: date | None = None
    last: date | None = None
    readers: tuple[UUID, ...] = ()


def today() -> date:
    return datetime.now(AMSTERDAM).date()


def open_to(template: SharedTemplate, opening: Opening) -> None:
    """From now on these read it and nobody else. Raises: Conflict when it says nobody, or days that cannot be."""
    readers = _readers(template, opening)
    first = opening.first or today()
    if opening.last and opening.last < first:
        raise Conflict(_("De laatste dag ligt voor de eerste. Kies een latere laatste dag."))
    template.circle, template.visible_from, template.visible_until = opening.circle, first, opening.last
    db.flush()
    db.execute(sa.delete(TemplateGrant).where(TemplateGrant.template_id == template.id))
    db.add_all(TemplateGrant(template_id=template.id, reader_id=council.id) for council in readers)
    audit.record(
        "template_circle_set",
        template,
        circle=opening.circle.value,
        first=first.isoformat(),
        last=opening.last.isoformat() if opening.last else None,
        readers=[council.slug for council in readers],
    )


def _readers(template: SharedTemplate, opening: Opening) -> list[Council]:
    """Raises: Conflict."""
    if opening.circle not in NAMED:
        return []
    there = queries.possible_readers(template.id)
    possible = there.groups if opening.circle is Circle.PILOT else there.councils
    found = [council for council in possible if council.id in opening.readers]
    if not found:
        if opening.circle is Circle.PILOT:
            raise Conflict(_("Kies een pilotgroep waar uw raad in zit."))
        raise Conflict(_("Kies minstens één raad die dit mag lezen."))
    return found
