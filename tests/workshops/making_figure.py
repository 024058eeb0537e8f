"""A plan with a figure in its monitor, for activities about it."""

import sqlalchemy as sa

from tests.factories import make_goal, make_link, make_plan, make_value
from tests.indicators.figures import load
from workbench.core.db import db
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument
from workbench.monitors.operations import first_monitor, follow_plan
from workbench.monitors.plan_facts import facts_by_plan
from workbench.vision.models import Plan


def plan_with_figure() -> tuple[Plan, str]:
    """With the id of the block of its figure: inhabitants of Almere in two years."""
    plan = make_plan()
    link = make_link(make_goal(make_value(plan)))
    load(
        "inwoners",
        ("GM0034", "2023JJ00", 222000, "final", None),
        ("GM0034", "2024JJ00", 226500, "final", None),
    )
    follow_plan(first_monitor(plan.id), facts_by_plan(plan.id)[plan.id])
    build_blocks()
    of_link = (BlockDocument.link_id == link.id, BlockDocument.language == "nl")
    return plan, str(db.scalars(sa.select(BlockDocument.block_id).where(*of_link)).one())
