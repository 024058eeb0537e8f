"""Reading the events of the acting council."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.indicators.events.models import SeriesEvent
from workbench.indicators.models import Indicator


def events_of(indicator_id: UUID) -> list[SeriesEvent]:
    """Everything noted about an indicator, the newest day first, what was withdrawn at the end."""
    return list(
        db.scalars(
            sa.select(SeriesEvent)
            .where(SeriesEvent.indicator_id == indicator_id)
            .order_by(
                SeriesEvent.withdrawn, SeriesEvent.happened_on.desc(), SeriesEvent.created_at, SeriesEvent.id
            )
        )
    )


def event_with_indicator(event_id: UUID) -> SeriesEvent | None:
    return db.scalar(
        sa.select(SeriesEvent)
        .where(SeriesEvent.id == event_id)
        .options(joinedload(SeriesEvent.indicator).selectinload(Indicator.series))
    )


def events_by_indicator(indicator_ids: Iterable[UUID]) -> dict[UUID, list[SeriesEvent]]:
    """Indicator id -> its events that were not withdrawn, in order of time."""
    found: dict[UUID, list[SeriesEvent]] = defaultdict(list)
    for event in db.scalars(
        sa.select(SeriesEvent)
        .where(SeriesEvent.indicator_id.in_(list(indicator_ids)), ~SeriesEvent.withdrawn)
        .order_by(SeriesEvent.happened_on, SeriesEvent.created_at, SeriesEvent.id)
    ):
        found[event.indicator_id].append(event)
    return found


def changed_at(indicator_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Indicator id -> when something about its events last changed, withdrawals included."""
    rows = db.execute(
        sa.select(SeriesEvent.indicator_id, sa.func.max(SeriesEvent.edited_at))
        .where(SeriesEvent.indicator_id.in_(list(indicator_ids)))
        .group_by(SeriesEvent.indicator_id)
    )
    return dict(rows.all())
