"""Putting figures into the database: binary COPY into staging tables, then one merge.

Rows of one load share a `load_id`. Nothing is visible before the merge; a load that died leaves only staged rows,
which `forget` removes. Needs the role `platform`.

Staged rows are numbers only: areas and periods are numbered per load, in tables of their own. So a row is as wide as
any other, a page of them is one block of bytes, and the merge looks a code up once instead of once per figure.
"""

import math
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, cast
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Base, db, words
from workbench.indicators.catalogue import AreaType
from workbench.indicators.models import Missing, PeriodRow, Status
from workbench.indicators.periods import parse_period

# series id, area code, period code, value, status, missing
StagedRow = tuple[int, str, str, float | None, str, str | None]


class StagedColumns(NamedTuple):
    """The same as equally long columns."""

    series_id: Sequence[int]
    area: Sequence[str]
    period: Sequence[str]
    value: Sequence[float | None]
    status: Sequence[str]
    missing: Sequence[str | None]


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
REASONS = list(Missing)  # in a staged row: 1 is the first, 0 is no reason
REASON_NUMBERS: dict[str | None, int] = {None: 0} | {reason: n for n, reason in enumerate(REASONS, 1)}
MUCH = 1000  # changed rows; from here on, and from a tenth of the table, the planner must hear of it


class StagedObservation(Base):
    """A row on its way in. UNLOGGED: lost at a crash of the server, and that is fine. No index: it is read whole.

    A value that is NaN stands for none; `missing` is a number in REASONS.
    """

    __tablename__ = "staged_observation"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
    # SQLAlchemy wants to know what tells rows apart; the database keeps no key of it.
    load_id: Mapped[UUID] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[float] = mapped_column(sa.Double)
    missing: Mapped[int] = mapped_column(sa.SmallInteger)


class StagedArea(Base):
    """The number that an area has in one load, and its name there."""

    __tablename__ = "staged_area"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
    load_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str]
    name: Mapped[str]


class StagedPeriod(Base):
    """The number that a period and its status have in one load."""

    __tablename__ = "staged_period"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
    load_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str]
    status: Mapped[Status] = mapped_column(words(Status, "observation_status"))


STAGED = (StagedObservation, StagedArea, StagedPeriod)


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


class _Numbers(dict[Any, int]):
    """Gives each new key the next number."""

    def __missing__(self, key: Any) -> int:
        self[key] = number = len(self)
        return number


class Staging:
    """Writes the rows of one load into the staging tables, column by column. `count`: so many until now.

    One object per load: it remembers which numbers it gave to areas and periods. `names`: area code -> name; an area
    that is new to us and not in there is called by its code.
    """

    def __init__(self, load_id: UUID, names: Mapping[str, str] | None = None) -> None:
        self.load_id, self.names, self.count = load_id, dict(names or {}), 0
        self._areas, self._periods = _Numbers(), _Numbers()

    def add(self, rows: StagedColumns) -> None:
        areas, periods = len(self._areas), len(self._periods)
        columns = (
            array("i", rows.series_id),
            array("i", map(self._areas.__getitem__, rows.area)),
            array("i", map(self._periods.__getitem__, zip(rows.period, rows.status, strict=True))),
            array("d", [math.nan if number is None else number for number in rows.value]),
            array("h", map(REASON_NUMBERS.__getitem__, rows.missing)),
        )
        _copy_codes(
            StagedArea,
            self.load_id,
            (
                (number, code, self.names.get(code, code))
                for code, number in islice(self._areas.items(), areas, None)
            ),
        )
        _copy_codes(
            StagedPeriod,
            self.load_id,
            (
                (number, code, status)
                for (code, status), number in islice(self._periods.items(), periods, None)
            ),
        )
        _copy(
            "staged_observation (load_id, series_id, area, period, value, missing) FROM STDIN (FORMAT BINARY)",
            _BEGIN,
            _block(self.load_id, columns),
            _END,
        )
        self.count += len(columns[0])

    def add_rows(self, rows: Iterable[StagedRow]) -> None:
        """A few rows: they are all in memory at once."""
        if columns := list(zip(*rows, strict=True)):
            self.add(StagedColumns(*columns))


# PostgreSQL's binary COPY: a signature, flags and the length of an extension; per row the number of its fields and
# each field behind its length; the highest number first (big-endian) all over.
_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"


def _block(load_id: UUID, columns: Sequence["array[Any]"]) -> bytearray:
    """The rows of these columns for a binary COPY, each behind the id of its load.

    All rows are equally long, so byte n of a column's numbers is written for every row at once.
    """
    row = (1 + len(columns)).to_bytes(2) + (16).to_bytes(4) + load_id.bytes
    places = []
    for column in columns:
        row += column.itemsize.to_bytes(4)
        places.append(len(row))
        row += bytes(column.itemsize)
    block = bytearray(row * len(columns[0]))
    for column, place in zip(columns, places, strict=True):
        if sys.byteorder == "little":
            column.byteswap()
        numbers = column.tobytes()
        for byte in range(column.itemsize):
            block[place + byte :: len(row)] = numbers[byte :: column.itemsize]
    return block


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


def merge(load_id: UUID, series_ids: list[int], now: datetime, *, first_year: int = 0) -> Merged:
    """Make the staged rows the current figures of these series, in the current transaction.

    Equal rows stay; a changed one closes the old row and opens a new one; a current row from `first_year` on
    that was not staged is closed. Areas and periods that were unknown are added.
    """
    _add_periods(load_id)
    _add_areas(load_id)
    db.execute(sa.text(f"SET LOCAL work_mem = '{WORK_MEMORY}'"))
    db.execute(sa.text("ANALYZE staged_observation"))
    staged = _staged_by_series(load_id)
    series_ids = sorted({*series_ids, *staged})
    values = {"load": load_id, "now": now, "series": series_ids, "reasons": REASONS}
    if _has_current(series_ids):
        merged = _merge_changes(values | {"year": max(first_year, 1)}, sum(staged.values()))
    else:
        opened = db.execute(sa.text(_OPEN.format(rows=f"({_INCOMING}) c")), values)
        inserted = cast("sa.CursorResult[Any]", opened).rowcount
        merged = Merged(inserted, 0, 0, 0, series_ids=frozenset(staged))
    _tell_planner("observation", merged.inserted + merged.revised + merged.closed)
    return merged


def _merge_changes(values: dict[str, Any], staged: int) -> Merged:
    """Set what came in beside what is there, once, and write only what differs."""
    db.execute(sa.text(_CHANGES), values)
    rows = db.execute(sa.text(_COUNTS)).all()
    if rows:
        db.execute(sa.text(_CLOSE), values)
        db.execute(sa.text(_OPEN.format(rows="change c WHERE NOT c.is_gone")), values)
    db.execute(sa.text("DROP TABLE change"))

    def total(what: str) -> int:
        return sum(getattr(row, what) for row in rows)

    return Merged(
        inserted=total("inserted"),
        revised=total("revised"),
        unchanged=staged - total("inserted") - total("revised"),
        closed=total("closed"),
        restated=total("restated"),
        final_revised=total("final_revised"),
        series_ids=frozenset(row.series_id for row in rows),
    )


def restate(series_ids: list[int], statuses: dict[str, str], now: datetime) -> dict[int, int]:
    """Give the current figures of these series the status of their period (code -> status); no value changes.

    As in a merge a row is closed and a new one opened. Gives series id -> number of figures.
    """
    rows = db.execute(
        sa.text(
            "WITH closed AS (UPDATE observation o SET loaded_until = :now FROM period p,"
            " unnest(CAST(:codes AS text[]), CAST(:statuses AS observation_status[])) AS s (code, status)"
            " WHERE p.id = o.period_id AND s.code = p.code AND o.loaded_until IS NULL"
            " AND o.series_id = ANY(:series) AND o.status <> s.status"
            " RETURNING o.series_id, o.area_id, o.period_id, o.value, s.status, o.missing),"
            " opened AS (INSERT INTO observation (series_id, area_id, period_id, value, status, missing, loaded_from)"
            " SELECT series_id, area_id, period_id, value, status, missing, :now FROM closed RETURNING series_id)"
            " SELECT series_id, count(*) AS rows FROM opened GROUP BY series_id"
        ),
        {"now": now, "series": series_ids, "codes": list(statuses), "statuses": list(statuses.values())},
    )
    return {row.series_id: row.rows for row in rows}


def forget(load_id: UUID) -> None:
    """Remove the staged rows of a load."""
    for staged in STAGED:
        db.execute(sa.delete(staged).where(staged.load_id == load_id))


def forget_all_but(load_ids: sa.Select[UUID | None]) -> None:
    """Remove the staged rows of all other loads."""
    for staged in STAGED:
        db.execute(sa.delete(staged).where(staged.load_id.not_in(load_ids)))


WORK_MEMORY = "48MB"  # for sorting and comparing, during a merge only; beyond it PostgreSQL goes on in files
_INCOMING = (
    "SELECT t.series_id, a.id AS area_id, p.id AS period_id, nullif(t.value, 'NaN') AS value, p.status,"
    " (CAST(:reasons AS observation_missing[]))[t.missing] AS missing FROM staged_observation t"
    " JOIN (SELECT s.number, k.id FROM staged_area s JOIN area k ON k.code = s.code WHERE s.load_id = :load) a"
    " ON a.number = t.area"
    " JOIN (SELECT s.number, s.status, k.id FROM staged_period s JOIN period k ON k.code = s.code"
    " WHERE s.load_id = :load) p ON p.number = t.period WHERE t.load_id = :load"
)
_SAME_VALUE = "(o.value, o.missing) IS NOT DISTINCT FROM (s.value, s.missing)"
# `place` is where the current row stands; null: there is none.
_CHANGES = (
    "CREATE TEMPORARY TABLE change AS"
    " SELECT coalesce(s.series_id, o.series_id) AS series_id, s.area_id, s.period_id, s.value, s.status, s.missing,"
    f" o.place, s.series_id IS NULL AS is_gone, {_SAME_VALUE} AS keeps_value,"
    " o.status = 'final' AND s.status = 'final' AS is_final"
    f" FROM ({_INCOMING}) s FULL JOIN (SELECT c.ctid AS place, c.series_id, c.area_id, c.period_id, c.value, c.status,"
    " c.missing, k.starts_on FROM observation c JOIN period k ON k.id = c.period_id"
    " WHERE c.loaded_until IS NULL AND c.series_id = ANY(:series)) o"
    " ON s.series_id = o.series_id AND s.area_id = o.area_id AND s.period_id = o.period_id"
    " WHERE o.place IS NULL OR CASE WHEN s.series_id IS NULL THEN o.starts_on >= make_date(:year, 1, 1)"
    f" ELSE o.status <> s.status OR NOT ({_SAME_VALUE}) END"
)
_COUNTS = (
    "SELECT series_id, count(*) FILTER (WHERE place IS NULL) AS inserted, count(*) FILTER (WHERE is_gone) AS closed,"
    " count(*) FILTER (WHERE place IS NOT NULL AND NOT is_gone) AS revised,"
    " count(*) FILTER (WHERE place IS NOT NULL AND NOT is_gone AND keeps_value) AS restated,"
    " count(*) FILTER (WHERE is_final AND NOT keeps_value) AS final_revised"
    " FROM change GROUP BY series_id"
)
_CLOSE = "UPDATE observation o SET loaded_until = :now FROM change c WHERE o.ctid = c.place AND o.loaded_until IS NULL"
# In the order of the index, which then grows at its end instead of everywhere.
_OPEN = (
    "INSERT INTO observation (series_id, area_id, period_id, value, status, missing, loaded_from)"
    " SELECT c.series_id, c.area_id, c.period_id, c.value, c.status, c.missing, :now FROM {rows}"
    " ORDER BY c.series_id, c.area_id, c.period_id"
)


def _has_current(series_ids: list[int]) -> bool:
    return bool(
        db.scalar(
            sa.text(
                "SELECT EXISTS (SELECT FROM observation WHERE loaded_until IS NULL AND series_id = ANY(:series))"
            ),
            {"series": series_ids},
        )
    )


def _staged_by_series(load_id: UUID) -> dict[int, int]:
    """Series id -> its staged rows."""
    rows = db.execute(
        sa.text(
            "SELECT series_id, count(*) AS rows FROM staged_observation WHERE load_id = :load GROUP BY series_id"
        ),
        {"load": load_id},
    )
    return {row.series_id: row.rows for row in rows}


def _add_periods(load_id: UUID) -> None:
    for code in db.scalars(
        sa.text(
            "SELECT DISTINCT s.code FROM staged_period s WHERE s.load_id = :load"
            " AND NOT EXISTS (SELECT FROM period p WHERE p.code = s.code)"
        ),
        {"load": load_id},
    ).all():
        period = parse_period(code)
        db.add(PeriodRow(code=code, type=period.type, starts_on=period.starts_on, ends_on=period.ends_on))
    db.flush()


def _add_areas(load_id: UUID) -> None:
    added = db.execute(
        sa.text(
            "INSERT INTO area (code, name, type) SELECT s.code, s.name, t.type FROM staged_area s"
            " LEFT JOIN unnest(CAST(:prefixes AS text[]), CAST(:types AS area_type[])) AS t (prefix, type)"
            " ON t.prefix = left(s.code, 2) WHERE s.load_id = :load"
            " AND NOT EXISTS (SELECT FROM area a WHERE a.code = s.code)"
        ),
        {"load": load_id, "prefixes": list(AREA_TYPES), "types": list(AREA_TYPES.values())},
    )
    _tell_planner("area", cast("sa.CursorResult[Any]", added).rowcount)


def _tell_planner(table: str, changed: int) -> None:
    """After many changes: let PostgreSQL look at the table again. It plans badly with what it knew of a small one."""
    known = db.scalar(
        sa.text("SELECT reltuples FROM pg_class WHERE oid = CAST(:table AS regclass)"), {"table": table}
    )
    if changed >= max(MUCH, 0.1 * (known or 0)):
        db.execute(sa.text(f"ANALYZE {table}"))


def _copy(target: str, *blocks: bytes | bytearray) -> None:
    connection = cast("psycopg.Connection[Any]", db.connection().connection.driver_connection)
    with connection.cursor() as cursor, cursor.copy(f"COPY {target}") as copy:
        for block in blocks:
            copy.write(block)


_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})  # in text for COPY


def _escaped(cell: str) -> str:
    return cell if cell.isprintable() and "\\" not in cell else cell.translate(_SPECIAL)


def _copy_codes(table: type[Base], load_id: UUID, rows: Iterable[tuple[int, str, str]]) -> None:
    """What the numbers of a load stand for: rows in the order of the table's columns, without the load."""
    load = str(load_id)
    lines = "".join([f"{load}\t{number}\t{_escaped(a)}\t{_escaped(b)}\n" for number, a, b in rows])
    if lines:
        _copy(f"{table.__tablename__} FROM STDIN", lines.encode())
