"""Settling where the cards of an example come from here, and remembering which were taken over."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.core.db import db
from workbench.showcase.arrival.models import ArrivedCard, Origin


def settle(plan_id: UUID, key: UUID, origin: Origin, **what: Any) -> None:
    """Keep where a card comes from here; `what`: the indicator_id, own_indicator_id, story_source_id or moment."""
    nothing = dict.fromkeys(("indicator_id", "own_indicator_id", "story_source_id", "moment"))
    _keep(plan_id, key, origin=origin, **{**nothing, **what})


def mark_taken(plan_id: UUID, key: UUID) -> None:
    _keep(plan_id, key, taken_at=datetime.now(UTC))


def _keep(plan_id: UUID, key: UUID, **content: Any) -> None:
    row = insert(ArrivedCard).values(id=sa.func.gen_random_uuid(), plan_id=plan_id, key=key, **content)
    db.execute(row.on_conflict_do_update(index_elements=["plan_id", "key"], set_=content))
