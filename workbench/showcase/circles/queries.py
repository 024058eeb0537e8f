"""Which councils and pilot groups can be named as readers, and who reads a template now."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from workbench.accounts.models import Council, CouncilKind
from workbench.core.db import db
from workbench.showcase.circles.models import PilotMember, TemplateGrant


def other_councils() -> list[Council]:
    """Everyone who can be given something to read, by name; not the acting council itself, and no groups."""
    return list(
        db.scalars(
            sa.select(Council)
            .where(
                Council.id != db.info["council_id"],
                Council.kind.in_([CouncilKind.MUNICIPALITY, CouncilKind.REGION]),
            )
            .order_by(Council.name, Council.id)
        )
    )


def pilot_groups() -> list[Council]:
    """The pilot groups in which the acting council takes part, by name."""
    return list(
        db.scalars(
            sa.select(Council)
            .join(PilotMember, PilotMember.pilot_id == Council.id)
            .where(PilotMember.member_id == db.info["council_id"])
            .order_by(Council.name, Council.id)
        )
    )


def readers_of(template_ids: Iterable[UUID]) -> dict[UUID, list[Council]]:
    """Template id -> the councils and groups that were named, by name; of the acting council's own templates."""
    rows = db.execute(
        sa.select(TemplateGrant.template_id, Council)
        .join(Council, Council.id == TemplateGrant.reader_id)
        .where(
            TemplateGrant.template_id.in_(list(template_ids)),
            TemplateGrant.council_id == db.info["council_id"],
        )
        .order_by(Council.name, Council.id)
    )
    found: dict[UUID, list[Council]] = defaultdict(list)
    for template_id, council in rows:
        found[template_id].append(council)
    return found
