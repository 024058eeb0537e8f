"""Linking figures to goals."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue
from workbench.evidence.focus.operations import make_room
from workbench.evidence.models import MOST_PER_GOAL, Link
from workbench.indicators.models import Indicator
from workbench.uploads.models import OwnIndicator
from workbench.vision.models import Goal
from workbench.vision.operations import take_up
from workbench.vision.steps import EVIDENCE


def check_room(goal: Goal, indicator: Indicator | OwnIndicator) -> None:
    """Raises: Conflict when this figure is linked already or was withdrawn, or the goal has enough figures in view."""
    columns = (Link.indicator_id, Link.own_indicator_id, Link.rests_until)
    found = db.execute(sa.select(*columns).where(Link.goal_id == goal.id)).all()
    linked = [public or own for public, own, _rests in found]
    if isinstance(indicator, OwnIndicator) and indicator.withdrawn_at:
        raise Conflict(_("Dit cijfer is ingetrokken. Kies een ander, of vraag een nieuw bestand."))
    if indicator.id in linked:
        raise Conflict(_("Dit cijfer hoort al bij dit doel."))
    if sum(rests is None for _public, _own, rests in found) >= MOST_PER_GOAL:
        raise Conflict(
            _(
                "Een doel heeft hooguit drie cijfers: niet aan alle knoppen tegelijk draaien."
                " Laat er eerst een rusten, of haal er een weg."
            )
        )


def link_indicator(
    goal: Goal,
    indicator: Indicator | OwnIndicator,
    by: UUID | None,
    *,
    replaces: Link | None = None,
    review_on: date | None = None,
    **content: Any,
) -> Link:
    """Link an indicator of the catalogue, or an own one, to a goal; one more than the focus set holds `replaces` another,
    which rests until `review_on`. Raises: Conflict; see check_room and make_room.
    """
    db.refresh(goal, attribute_names=["version"], with_for_update=True)  # two people at once: one waits
    check_room(goal, indicator)
    make_room(goal.plan_id, replaces, review_on, by)
    which = "own_indicator_id" if isinstance(indicator, OwnIndicator) else "indicator_id"
    link = Link(goal_id=goal.id, **{which: indicator.id})
    db.add(link)
    save_card(link, content, by=by)
    take_up(goal.plan_id, EVIDENCE)
    enqueue(Job.BUILD_BLOCKS)
    return link


def change_link(link: Link, by: UUID | None, base_version: int, **content: Any) -> None:
    """Raises: EditConflict."""
    save_card(link, content, by=by, base_version=base_version)


def remove_link(link: Link) -> None:
    """Take a figure away from a goal; its block in the monitor goes with it."""
    audit.record("link_removed", link)
    db.delete(link)
    enqueue(Job.BUILD_BLOCKS)  # another figure may have stood beside it
