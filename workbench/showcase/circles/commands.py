"""What the operator's commands do with pilot groups."""

import sqlalchemy as sa

from workbench.accounts.models import Council, CouncilKind
from workbench.accounts.operations import add_council
from workbench.core.db import db
from workbench.core.errors import WorkbenchError
from workbench.showcase.circles.models import PilotMember


def set_pilot(slug: str, name: str, members: list[str]) -> Council:
    """Let exactly these councils take part in a pilot group, by slug; the group is made when it is not there.

    Writes a public table: as the role `platform`. Raises: WorkbenchError.
    """
    councils = db.scalars(sa.select(Council).where(Council.slug.in_([slug, *members])))
    found = {council.slug: council for council in councils}
    group = found.pop(slug, None) or add_council(name, slug, kind=CouncilKind.PILOT_GROUP)
    if group.kind is not CouncilKind.PILOT_GROUP:
        raise WorkbenchError(f"{slug!r} is no pilot group.")
    if unknown := [member for member in members if member not in found]:
        raise WorkbenchError(f"There is no council with the slug {unknown[0]!r}.")
    db.execute(sa.delete(PilotMember).where(PilotMember.pilot_id == group.id))
    db.add_all(PilotMember(pilot_id=group.id, member_id=council.id) for council in found.values())
    return group
