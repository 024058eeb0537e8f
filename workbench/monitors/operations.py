"""Making sections and blocks for the links of a council."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.evidence.models import Link
from workbench.figures.options import TrendOptions
from workbench.monitors.models import Block, Section
from workbench.vision.models import Goal, Value


def propose_blocks() -> None:
    """Give every link in view of the acting council its block, in the section of the first value of its goal.

    A link that rests keeps the block it had: in view again it has the same address.
    """
    sections = {section.value_id: section for section in db.scalars(sa.select(Section))}
    blocks = {block.link_id: block for block in db.scalars(sa.select(Block))}
    links = db.scalars(
        sa.select(Link)
        .options(joinedload(Link.goal).selectinload(Goal.values))
        .where(Link.rests_until.is_(None))
        .order_by(Link.created_at, Link.id)
        .with_for_update(of=Link, key_share=True)
    )
    for link in links.unique():
        value_ids = [value.id for value in sorted(link.goal.values, key=_age)]
        block = blocks.get(link.id)
        if block is None:
            section = _section(sections, link.goal.values)
            block = Block(link_id=link.id)
            db.add(block)
            save_card(
                block,
                {"section_id": section.id, "link_id": link.id, "options": TrendOptions().model_dump()},
                by=None,
            )
        elif block.section_id not in {
            sections[value_id].id for value_id in value_ids if value_id in sections
        }:
            save_card(block, {"section_id": _section(sections, link.goal.values).id}, by=None)
    db.flush()


def _age(value: Value) -> tuple[object, object]:
    return value.created_at, value.id


def _section(sections: dict[UUID, Section], values: list[Value]) -> Section:
    value = min(values, key=_age)
    section = sections.get(value.id)
    if section is None:
        section = sections[value.id] = Section(plan_id=value.plan_id)
        db.add(section)
        save_card(section, {"value_id": value.id}, by=None)
        db.flush()
    return section
