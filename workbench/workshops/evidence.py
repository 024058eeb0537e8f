"""The figure that an activity is about, with who told something about it: for the wall and for the phones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from workbench.accounts.models import Membership
from workbench.core.db import db
from workbench.core.text import current_language
from workbench.monitors import queries as monitors
from workbench.monitors.format import DRAWN, TOLD, AnyBlock, Drawn, Format
from workbench.monitors.hearing import hear
from workbench.monitors.queries import BlockView
from workbench.monitors.shaping import material_of
from workbench.monitors.voices import Voice
from workbench.stories.kept.visibility import Audience
from workbench.vision.models import Plan
from workbench.vision.steps import EVIDENCE
from workbench.workshops.models import Activity, ActivityState, Workshop


@dataclass(frozen=True)
class Evidence:
    """A block of the monitor of the plan, and who told something about it. `figure` None: it is not there (any more)."""

    figure: BlockView | None
    voices: Sequence[Voice] = ()


def figures_of(plan: Plan) -> dict[str, str]:
    """What an activity can be about: id of the block -> its name."""
    names = material_of(plan).names
    shown = monitors.stored_by_plan(plan.id).get(plan.id, monitors.NOTHING)
    links = {link_id for link_id, link in names.links.items() if link.rests_until is None}
    return {str(block.id): names.of(block) for block in _drawn(shown.format) if block.link_id in links}


def evidence_for_wall(workshop: Workshop, activity: Activity, membership: Membership) -> Evidence | None:
    """As far as this member may read the plan. None: this activity is about no figure."""
    return _evidence(workshop, activity, membership)


def evidence_for_phone(workshop: Workshop, activity: Activity) -> Evidence | None:
    """From when the activity began: who leads put it in front of everyone in the room then."""
    if activity.state in (ActivityState.WAITING, ActivityState.SKIPPED):
        return None
    return _evidence(workshop, activity, None)


def _evidence(workshop: Workshop, activity: Activity, membership: Membership | None) -> Evidence | None:
    """In the room may be anyone, so of voices only what everyone may hear."""
    block_id = activity.settings.get("block_id")
    if not block_id or workshop.plan_id is None:
        return None
    plan = db.get_one(Plan, workshop.plan_id, options=[sa.orm.joinedload(Plan.steps)])
    if membership is not None and not plan.may_be_read_by(membership, EVIDENCE):
        return Evidence(None)
    shown = monitors.stored_by_plan(plan.id).get(plan.id, monitors.NOTHING)
    block = next((one for one in _drawn(shown.format) if str(one.id) == block_id), None)
    view = monitors.view_of(block, current_language().code) if block else None
    if view is None:
        return Evidence(None)
    ids = _beside(shown.format, view.link.id, view.link.goal_id)
    heard = hear(ids, Audience.PUBLIC) if ids else {}
    return Evidence(view, [heard[one] for one in ids])


def _drawn(format_: Format) -> list[Drawn]:
    return [block for block in _seen(format_) if isinstance(block, DRAWN)]


def _beside(format_: Format, link_id: UUID, goal_id: UUID) -> list[UUID]:
    """Ids of the voices that stand beside this figure; without any, of those about the same goal."""
    told = [block for block in _seen(format_) if isinstance(block, TOLD)]
    chosen = [block for block in told if block.beside == link_id] or [
        block for block in told if block.goal_id == goal_id
    ]
    return list(dict.fromkeys(one for block in chosen for one in block.excerpt_ids))


def _seen(format_: Format) -> Iterator[AnyBlock]:
    """The blocks that readers see."""
    for section in format_.sections:
        if not section.hidden:
            yield from (block for block in section.blocks if not block.hidden)
