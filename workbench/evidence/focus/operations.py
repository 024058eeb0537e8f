"""Keeping the figures in view few."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue
from workbench.evidence.focus.models import FocusSet
from workbench.evidence.focus.queries import in_view, size_of
from workbench.evidence.models import MOST_PER_GOAL, Link
from workbench.vision.models import Goal, Plan


def set_size(plan_id: UUID, size: int) -> None:
    """Raises: Conflict when more figures are in view already."""
    _one_at_a_time(plan_id)
    there = len(in_view(plan_id))
    if there > size:
        raise Conflict(_("Er zijn nu %(n)s cijfers in beeld. Laat er eerst een paar rusten.", n=there))
    found = db.scalar(sa.select(FocusSet).where(FocusSet.plan_id == plan_id))
    if found is None:
        found = FocusSet(plan_id=plan_id)
        db.add(found)
    found.size = size
    db.flush()
    audit.record("focus_set_changed", found, size=size)


def make_room(plan_id: UUID, replaces: Link | None, review_on: date | None, by: UUID | None) -> None:
    """Raises: Conflict when the focus set is full and nothing of it rests for the figure that comes."""
    _one_at_a_time(plan_id)
    there = in_view(plan_id)
    if len(there) < size_of(plan_id):
        return
    if replaces is None or review_on is None or replaces.id not in {link.id for link in there}:
        raise Conflict(_("Er zijn al genoeg cijfers in beeld. Kies eerst welk cijfer nu rust."))
    rest(replaces, review_on, by)


def rest(link: Link, review_on: date, by: UUID | None) -> None:
    """Out of view until somebody looks again on that day; its reason and its history stay."""
    save_card(link, {"rests_until": review_on}, by=by, new_sitting=True)
    db.flush()
    enqueue(Job.BUILD_BLOCKS)  # another figure may have stood beside it


def wake(link: Link, by: UUID | None, *, replaces: Link | None = None, review_on: date | None = None) -> None:
    """Into view again. Raises: Conflict when its goal has enough figures, or the focus set is full."""
    plan_id = db.scalars(sa.select(Goal.plan_id).where(Goal.id == link.goal_id)).one()
    make_room(plan_id, replaces, review_on, by)
    if sum(other.goal_id == link.goal_id for other in in_view(plan_id)) >= MOST_PER_GOAL:
        raise Conflict(
            _(
                "Bij dit doel zijn al drie cijfers in beeld. Laat er daar eerst een rusten, of haal er een weg."
            )
        )
    save_card(link, {"rests_until": None}, by=by, new_sitting=True)
    enqueue(Job.BUILD_BLOCKS)


def _one_at_a_time(plan_id: UUID) -> None:
    """Two people who both fill the last place: one waits."""
    db.execute(sa.select(Plan.id).where(Plan.id == plan_id).with_for_update(key_share=True))
