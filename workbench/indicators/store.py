"""Putting figures into the database: COPY into a staging table, then one merge.

Rows of one load share a `load_id`. Nothing is visible before the merge; a load that died leaves only staged rows,
which `forget` removes. Needs the role `platform`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Base, db
from workbench.indicators.catalogue import AreaType
from workbench.indicators.models import Area, PeriodRow
from workbench.indicators.periods import parse_period

# series id, area code, period code, value, status, missing
StagedRow = tuple[int, str, str, float | None, str, str | None]

AREA_TYPES = {
    "NL": AreaType.NL,
    "PV": AreaType.PROVINCIE,
    "GM": AreaType.GEMEENTE,
    "GG": AreaType.GGD_REGIO,
    "JZ": AreaType.JEUGDREGIO,
    "AM": AreaType.ARBEIDSMARKTREGIO,
    "WK": AreaType.WIJK,
    "BU": AreaType.BUURT,
}


class StagedObservation(Base):
    """A row on its way in. UNLOGGED: lost at a crash of the server, and that is fine."""

    __tablename__ = "staged_observation"
    __table_args__ = (sa.Index("ix_staged_observation_load_id", "load_id"), {"prefixes": ["UNLOGGED"]})
    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    load_id: Mapped[UUID]
    series_id: Mapped[int]
    area: Mapped[str]
    period: Mapped[str]
    value: Mapped[float | None] = mapped_column(sa.Double)
    status: Mapped[str]
    missing: Mapped[str | None]


@dataclass(frozen=True)
class Merged:
    """What a merge did, in rows: inserted + revised + unchanged = staged. `closed`: had a value, now gone."""

    inserted: int
    revised: int
    unchanged: int
    closed: int


def stage(load_id: UUID, rows: Iterable[StagedRow]) -> int:
    """COPY rows into the staging table; gives their number."""
    count = 0
    connection = cast("psycopg.Connection[Any]", db.connection().connection.driver_connection)
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY staged_observation (load_id, series_id, area, period, value, status, missing) FROM STDIN"
        ) as copy,
    ):
        for row in rows:
            copy.write_row((load_id, *row))
            count += 1
    return count


def staged_count(load_id: UUID) -> int:
    return (
        db.scalar(sa.text("SELECT count(*) FROM staged_observation WHERE load_id = :load"), {"load": load_id})
        or 0
    )


def current_count(series_ids: list[int], first_year: int) -> int:
    """Current observations of these series from this year on."""
    return (
        db.scalar(
            sa.text(
                "SELECT count(*) FROM observation o JOIN period p ON p.id = o.period_id WHERE o.loaded_until IS NULL"
                " AND o.series_id = ANY(:series) AND p.starts_on >= make_date(:year, 1, 1)"
            ),
            {"series": series_ids, "year": first_year},
        )
        or 0
    )


def merge(
    load_id: UUID, series_ids: list[int], now: datetime, *, area_names: dict[str, str], first_year: int = 0
) -> Merged:
    """Make the staged rows the current figures of these series, in the current transaction.

    Equal rows stay; a changed one closes the old row and opens a new one; a current row from `first_year` on
    that was not staged is closed. Areas and periods that were unknown are added.
    """
    _add_periods(load_id)
    _add_areas(load_id, area_names)
    db.execute(sa.text("ANALYZE staged_observation"))
    values = {"load": load_id, "now": now, "series": series_ids, "year": max(first_year, 1)}
    total = staged_count(load_id)
    revised = _count(
        f"UPDATE observation o SET loaded_until = :now FROM ({_INCOMING}) s WHERE {_SAME_KEY} AND {_DIFFERENT}",
        values,
    )
    closed = _count(
        "UPDATE observation o SET loaded_until = :now FROM period p WHERE p.id = o.period_id"
        " AND o.loaded_until IS NULL AND o.series_id = ANY(:series) AND p.starts_on >= make_date(:year, 1, 1)"
        f" AND NOT EXISTS (SELECT 1 FROM ({_INCOMING}) s WHERE {_SAME_KEY})",
        values,
    )
    opened = _count(
        "INSERT INTO observation (series_id, area_id, period_id, value, status, missing, loaded_from)"
        " SELECT s.series_id, s.area_id, s.period_id, s.value, s.status, s.missing, :now"
        f" FROM ({_INCOMING}) s WHERE NOT EXISTS (SELECT 1 FROM observation o WHERE {_SAME_KEY})",
        values,
    )
    return Merged(inserted=opened - revised, revised=revised, unchanged=total - opened, closed=closed)


def forget(load_id: UUID) -> None:
    """Remove the staged rows of a load."""
    db.execute(sa.text("DELETE FROM staged_observation WHERE load_id = :load"), {"load": load_id})


_INCOMING = (
    "SELECT t.series_id, a.id AS area_id, p.id AS period_id, t.value, t.status::observation_status AS status,"
    " t.missing::observation_missing AS missing FROM staged_observation t"
    " JOIN area a ON a.code = t.area JOIN period p ON p.code = t.period WHERE t.load_id = :load"
)
_SAME_KEY = "o.loaded_until IS NULL AND o.series_id = s.series_id AND o.area_id = s.area_id AND o.period_id = s.period_id"
_DIFFERENT = "(o.value, o.status, o.missing) IS DISTINCT FROM (s.value, s.status, s.missing)"


def _count(statement: str, values: dict[str, Any]) -> int:
    return cast("sa.CursorResult[Any]", db.execute(sa.text(statement), values)).rowcount


def _staged_codes(load_id: UUID, column: str, table: str) -> Iterator[str]:
    yield from db.scalars(
        sa.text(
            f"SELECT DISTINCT t.{column} FROM staged_observation t LEFT JOIN {table} k ON k.code = t.{column}"
            " WHERE t.load_id = :load AND k.id IS NULL"
        ),
        {"load": load_id},
    ).all()


def _add_periods(load_id: UUID) -> None:
    for code in _staged_codes(load_id, "period", "period"):
        period = parse_period(code)
        db.add(PeriodRow(code=code, type=period.type, starts_on=period.starts_on, ends_on=period.ends_on))
    db.flush()


def _add_areas(load_id: UUID, names: dict[str, str]) -> None:
    for code in _staged_codes(load_id, "area", "area"):
        db.add(Area(code=code, name=names.get(code, code), type=AREA_TYPES[code[:2]]))
    db.flush()
