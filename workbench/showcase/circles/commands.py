"""What the operator's commands do with pilot groups."""

import sqlalchemy as sa

from workbench.accounts.models import Council, CouncilKind
from workbench.core.db import db
from workbench.core.errors import WorkbenchError
from workbench.showcase.circles.models import PilotMember


def set_pilot(group: str, members: list[str]) -> list[str]:
    """Let exactly these councils take part in a pilot group, by slug; gives their names. Raises: WorkbenchError.

    Writes a public table: as the role `platform`.
    """
    found = {council.slug: council for council in db.scalars(sa.select(Council).where(Council.slug.in_([group, *members])))}  # fmt: skip
    if unknown := [slug for slug in (group, *members) if slug not in found]:
        raise WorkbenchError(f"There is no council with the slug {unknown[0]!r}.")
    if found[group].kind is not CouncilKind.PILOT_GROUP:
        raise WorkbenchError(f"{group!r} is no pilot group.")
    db.execute(sa.delete(PilotMember).where(PilotMember.pilot_id == found[group].id))
    db.add_all(
        PilotMember(pilot_id=found[group].id, member_id=found[slug].id) for slug in sorted(set(members))
    )
    return sorted(found[slug].name for slug in members)
