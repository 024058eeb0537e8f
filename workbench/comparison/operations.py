"""Deciding what is comparable."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.comparison import queries
from workbench.comparison.models import ComparisonGroup
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue
from workbench.indicators.compare import FEWEST, Kind


class DecidedMeanwhile(Exception):
    """A colleague decided since this choice began. `present` is what holds now."""

    def __init__(self, present: ComparisonGroup | None) -> None:
        super().__init__("decided meanwhile")
        self.present = present


def decide(
    kind: Kind, reason: str, by: UUID | None, *, base: int, chosen: tuple[str, ...] = ()
) -> ComparisonGroup:
    """From now on these are comparable; the figures are built anew. `base`: number of the group this replaces.

    Raises: DecidedMeanwhile; Conflict when there are too few municipalities to compare with.
    """
    db.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"comparison {db.info['council_id']}"},
    )
    present = queries.present_group()
    if base != (present.number if present else 0):
        raise DecidedMeanwhile(present)
    codes = sorted(chosen) if kind is Kind.CHOSEN else []
    if present and (present.kind, present.chosen, present.reason) == (kind, codes, reason):
        return present
    found = queries.candidates(kind, codes)
    if found is None or not found.group.is_enough:
        raise Conflict(
            _(
                "Zo zijn er te weinig gemeenten om mee te vergelijken: er zijn er minstens %(fewest)s nodig.",
                fewest=FEWEST,
            )
        )
    now = datetime.now(UTC)
    if present:
        present.closed_at = now
        db.flush()  # two open groups are refused, also for a moment
    group = ComparisonGroup(
        number=base + 1, kind=kind, chosen=codes, reason=reason, decided_at=now, decided_by_id=by
    )
    db.add(group)
    db.flush()
    audit.record("comparison_group_decided", group, number=group.number)
    enqueue(Job.BUILD_BLOCKS)
    return group
