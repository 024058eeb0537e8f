"""What a person took along: of nobody else, and not longer than it is kept."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from workbench.core.db import db
from workbench.monitors.exports.models import Export, State

SILENT = timedelta(minutes=3)  # a job that did not say a word for so long was lost or killed


def _kept(person_id: UUID) -> sa.Select[Export]:
    return sa.select(Export).where(Export.asked_by_id == person_id, Export.expires_at > datetime.now(UTC))


def find(export_id: UUID, person_id: UUID, *, with_file: bool = False) -> Export | None:
    query = _kept(person_id).where(Export.id == export_id)
    return db.scalar(query.options(undefer(Export.file)) if with_file else query)


def of_plan(plan_id: UUID, person_id: UUID) -> list[Export]:
    """The newest first."""
    return list(
        db.scalars(
            _kept(person_id).where(Export.plan_id == plan_id).order_by(Export.asked_at.desc(), Export.id)
        )
    )


def same(asked: Export) -> Export | None:
    """What this person asked for before, of the same words."""
    return db.scalar(
        _kept(asked.asked_by_id)
        .where(
            Export.plan_id == asked.plan_id,
            Export.form == asked.form,
            Export.block_id.is_not_distinct_from(asked.block_id),
            Export.fingerprint == asked.fingerprint,
            Export.state != State.FAILED,
        )
        .order_by(Export.asked_at.desc())
        .limit(1)
    )


def silent_ids(now: datetime) -> list[UUID]:
    """What is asked for and not made, of the acting council."""
    return list(
        db.scalars(
            sa.select(Export.id).where(
                Export.state.in_((State.WAITING, State.WRITING)),
                sa.func.coalesce(Export.started_at, Export.asked_at) <= now - SILENT,
                Export.expires_at > now,
            )
        )
    )
