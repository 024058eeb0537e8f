"""Which councils and pilot groups can be named as readers, and who reads a template now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from workbench.accounts.models import Council, CouncilKind
from workbench.core.db import db
from workbench.showcase.circles.models import PilotMember, TemplateGrant


@dataclass(frozen=True)
class Possible:
    """Who can be named: other councils, pilot groups in which we take part; and who was, for a template. By name."""

    councils: list[Council]
    groups: list[Council]
    named: list[Council]
    members: dict[UUID, list[str]]  # id of a group -> names of its other councils


def possible_readers(template_id: UUID | None = None) -> Possible:
    """In two queries."""
    own = db.info["council_id"]
    of_groups = sa.exists().where(PilotMember.pilot_id == Council.id, PilotMember.member_id == own)
    granted = sa.exists().where(
        TemplateGrant.reader_id == Council.id, TemplateGrant.template_id == template_id
    )
    is_council = Council.kind.in_([CouncilKind.MUNICIPALITY, CouncilKind.REGION])
    rows = db.execute(
        sa.select(Council, is_council, granted)
        .where(Council.id != own, sa.or_(is_council, of_groups))
        .order_by(Council.name, Council.id)
    ).all()
    groups = [council for council, is_one, _named in rows if not is_one]
    return Possible(
        councils=[council for council, is_one, _named in rows if is_one],
        groups=groups,
        named=[council for council, _is_one, is_named in rows if is_named],
        members=_members(groups, own) if groups else {},
    )


def _members(groups: list[Council], own: UUID) -> dict[UUID, list[str]]:
    rows = db.execute(
        sa.select(PilotMember.pilot_id, Council.name)
        .join(Council, Council.id == PilotMember.member_id)
        .where(PilotMember.pilot_id.in_([group.id for group in groups]), Council.id != own)
        .order_by(Council.name, Council.id)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for group_id, name in rows:
        found[group_id].append(name)
    return found


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
