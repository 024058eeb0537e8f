"""Noting, changing and withdrawing events. Every figure of the indicator is drawn anew."""

from typing import Any
from uuid import UUID

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.jobs import Job, enqueue
from workbench.indicators.events.models import SeriesEvent
from workbench.indicators.models import Indicator


def add_event(indicator: Indicator, by: UUID | None, **content: Any) -> SeriesEvent:
    event = SeriesEvent(indicator_id=indicator.id)
    db.add(event)
    save_card(event, content, by=by)
    enqueue(Job.BUILD_BLOCKS)
    return event


def change_event(event: SeriesEvent, by: UUID | None, base_version: int, **content: Any) -> None:
    """Raises: EditConflict."""
    save_card(event, content, by=by, base_version=base_version)
    enqueue(Job.BUILD_BLOCKS)


def withdraw_event(event: SeriesEvent, by: UUID | None, *, withdrawn: bool = True) -> None:
    """Take an event off every figure, or put it back."""
    save_card(event, {"withdrawn": withdrawn}, by=by)
    audit.record("series_event_withdrawn" if withdrawn else "series_event_restored", event)
    enqueue(Job.BUILD_BLOCKS)
