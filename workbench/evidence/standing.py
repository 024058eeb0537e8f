"""For which readers the pages of a plan are the same, and how everything stands that these are made from."""

from collections.abc import Hashable

from flask import g

from workbench.accounts.standing import written
from workbench.indicators.queries import own_area_and_version
from workbench.knowledge.calendar.models import today
from workbench.rounds import queries as rounds


def standing() -> tuple[Hashable, Hashable]:
    """Readers: those of one role, for whom the same rounds wait. Version: other texts, figures, answers counted, or day."""
    area, version = own_area_and_version(written(), rounds.ready_counts())
    waiting = tuple(found.id for found in rounds.waiting_for(g.membership))
    return (g.membership.role, waiting), (area and area.id, version, today())
