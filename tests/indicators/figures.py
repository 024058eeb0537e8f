"""Putting single figures into the database, by hand."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from workbench.core.db import as_platform, db
from workbench.indicators import store
from workbench.indicators.models import Indicator, Observation, Series
from workbench.indicators.store import Merged

Row = tuple[str, str, float | None, str, str | None]  # area, period, value, status, missing


def series_of(slug: str) -> Series:
    """The first series of an indicator."""
    return db.scalars(
        sa.select(Series).join(Indicator).where(Indicator.slug == slug).order_by(Series.part).limit(1)
    ).one()


def forget_figures(slug: str) -> None:
    """Remove the bundled figures of an indicator, with their history."""
    db.commit()
    with as_platform():
        db.execute(sa.delete(Observation).where(Observation.series_id == series_of(slug).id))


def load(slug: str, *rows: Row, at: datetime | None = None, first_year: int = 0) -> Merged:
    """Let these rows be all current figures of an indicator's first series."""
    db.commit()
    moment = at or datetime.now(UTC)
    with as_platform():
        series = series_of(slug)
        load_id = uuid4()
        store.Staging(load_id).add_rows([(series.id, *row) for row in rows])
        merged = store.merge(load_id, [series.id], moment, first_year=first_year)
        store.forget(load_id)
        series.changed_at = moment
        return merged


def history(slug: str, area: str, period: str) -> list[tuple[float | None, bool]]:
    """(value, is current) of one figure, oldest first."""
    rows = db.execute(
        sa.text(
            "SELECT o.value, o.loaded_until IS NULL FROM observation o JOIN area a ON a.id = o.area_id"
            " JOIN period p ON p.id = o.period_id WHERE o.series_id = :series AND a.code = :area AND p.code = :period"
            " ORDER BY o.loaded_from"
        ),
        {"series": series_of(slug).id, "area": area, "period": period},
    )
    return [(value, current) for value, current in rows]


def observation_count(slug: str) -> int:
    return db.scalar(sa.select(sa.func.count()).where(Observation.series_id == series_of(slug).id)) or 0
