"""Putting figures into the database: COPY into a staging table, then one merge.

Rows of one load share a `load_id`. Nothing is visible before the merge; a load that died leaves only staged rows,
which `forget` removes. Needs the role `platform`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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
    """What a merge did, in rows: inserted + revised + unchanged = staged. `closed`: had a value, now gone.

    Of the revised, `restated` kept their value and got another status; `final_revised` were final and still are.
    `series_ids` are the series in which anything changed.
    """

    inserted: int
    revised: int
    unchanged: int
    closed: int
    restated: int = field(default=0, compare=False)
    final_revised: int = field(default=0, compare=False)
    series_ids: frozenset[int] = field(default=frozenset(), compare=False)


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
    revised = _by_series(
        f"UPDATE observation o SET loaded_until = :now FROM ({_INCOMING}) s WHERE {_SAME_KEY} AND {_DIFFERENT}"
        f" RETURNING o.series_id, {_SAME_VALUE} AS restated,"
        f" NOT {_SAME_VALUE} AND o.status = 'final' AND s.status = 'final' AS final_revised",
        values,
        "count(*) FILTER (WHERE restated) AS restated, count(*) FILTER (WHERE final_revised) AS final_revised",
    )
    closed = _by_series(
        "UPDATE observation o SET loaded_until = :now FROM period p WHERE p.id = o.period_id"
        " AND o.loaded_until IS NULL AND o.series_id = ANY(:series) AND p.starts_on >= make_date(:year, 1, 1)"
        f" AND NOT EXISTS (SELECT 1 FROM ({_INCOMING}) s WHERE {_SAME_KEY}) RETURNING o.series_id",
        values,
    )
    opened = _by_series(
        "INSERT INTO observation (series_id, area_id, period_id, value, status, missing, loaded_from)"
        " SELECT s.series_id, s.area_id, s.period_id, s.value, s.status, s.missing, :now"
        f" FROM ({_INCOMING}) s WHERE NOT EXISTS (SELECT 1 FROM observation o WHERE {_SAME_KEY}) RETURNING series_id",
        values,
    )
    revisions, openings = _total(revised), _total(opened)
    return Merged(
        inserted=openings - revisions,
        revised=revisions,
        unchanged=total - openings,
        closed=_total(closed),
        restated=sum(row.restated for row in revised),
        final_revised=sum(row.final_revised for row in revised),
        series_ids=frozenset(row.series_id for row in (*revised, *closed, *opened)),
    )


def restate(series_ids: list[int], statuses: dict[str, str], now: datetime) -> dict[int, int]:
    """Give the current figures of these series the status of their period (code -> status); no value changes.

    As in a merge a row is closed and a new one opened. Gives series id -> number of figures.
    """
    rows = _by_series(
        "INSERT INTO observation (series_id, area_id, period_id, value, status, missing, loaded_from)"
        " SELECT series_id, area_id, period_id, value, status, missing, :now FROM closed RETURNING series_id",
        {"now": now, "series": series_ids, "codes": list(statuses), "statuses": list(statuses.values())},
        first="closed AS (UPDATE observation o SET loaded_until = :now FROM period p,"
        " unnest(CAST(:codes AS text[]), CAST(:statuses AS observation_status[])) AS s (code, status)"
        " WHERE p.id = o.period_id AND s.code = p.code AND o.loaded_until IS NULL"
        " AND o.series_id = ANY(:series) AND o.status <> s.status"
        " RETURNING o.series_id, o.area_id, o.period_id, o.value, s.status, o.missing), ",
    )
    return {row.series_id: row.rows for row in rows}


def unknown_areas(load_id: UUID) -> list[str]:
    """Codes of areas in a load that we do not have yet."""
    return list(_staged_codes(load_id, "area", "area"))


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
_SAME_VALUE = "((o.value, o.missing) IS NOT DISTINCT FROM (s.value, s.missing))"


def _by_series(
    statement: str, values: dict[str, Any], *counts: str, first: str = ""
) -> Sequence[sa.Row[Any]]:
    """Carry out a statement that returns series_id; gives per series the number of its rows, and these counts.

    `first`: what the statement reads from, as the beginning of its WITH.
    """
    wanted = ", ".join(["series_id", "count(*) AS rows", *counts])
    whole = f"WITH {first}done AS ({statement}) SELECT {wanted} FROM done GROUP BY series_id"
    return db.execute(sa.text(whole), values).all()


def _total(rows: Sequence[sa.Row[Any]]) -> int:
    return sum(row.rows for row in rows)


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
