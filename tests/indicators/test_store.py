"""One merge: what is new, revised, equal or gone; nothing is ever overwritten or doubled."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from tests.indicators.figures import Row, forget_figures, history, load, series_of
from workbench.core.db import as_platform, db
from workbench.indicators import store
from workbench.indicators.models import Area, Observation, PeriodRow
from workbench.indicators.store import Merged

SLUG = "inwoners"
FINAL = ("final", None)
A2020: Row = ("GM0034", "2020JJ00", 200.0, *FINAL)
A2021: Row = ("GM0034", "2021JJ00", 210.0, *FINAL)
B2020: Row = ("GM0758", "2020JJ00", 180.0, *FINAL)


@pytest.fixture(autouse=True)
def _no_figures(session: Session) -> None:
    forget_figures(SLUG)


def test_rows_that_are_new_are_inserted(session: Session) -> None:
    assert load(SLUG, A2020, A2021, B2020) == Merged(3, 0, 0, 0)


def test_the_same_rows_again_change_nothing(session: Session) -> None:
    load(SLUG, A2020, B2020)
    assert load(SLUG, A2020, B2020) == Merged(0, 0, 2, 0)
    assert history(SLUG, "GM0034", "2020JJ00") == [(200.0, True)]


def test_a_revised_value_closes_the_old_row_and_opens_a_new_one(session: Session) -> None:
    load(SLUG, A2020, B2020)
    assert load(SLUG, ("GM0034", "2020JJ00", 205.0, *FINAL), B2020) == Merged(0, 1, 1, 0)
    assert history(SLUG, "GM0034", "2020JJ00") == [(200.0, False), (205.0, True)]


@pytest.mark.parametrize(
    "row",
    [
        ("GM0034", "2020JJ00", 200.0, "provisional", None),
        ("GM0034", "2020JJ00", None, "final", "suppressed"),
    ],
)
def test_another_status_or_a_value_that_went_missing_is_a_revision_too(session: Session, row: Row) -> None:
    load(SLUG, A2020)
    assert load(SLUG, row) == Merged(0, 1, 0, 0)


def test_a_row_that_is_no_longer_there_is_closed_and_may_come_back(session: Session) -> None:
    load(SLUG, A2020, A2021)
    assert load(SLUG, A2020) == Merged(0, 0, 1, 1)
    assert history(SLUG, "GM0034", "2021JJ00") == [(210.0, False)]
    assert load(SLUG, A2020, A2021) == Merged(1, 0, 1, 0)
    assert history(SLUG, "GM0034", "2021JJ00") == [(210.0, False), (210.0, True)]


def test_years_before_the_first_that_was_asked_stay(session: Session) -> None:
    load(SLUG, A2020, A2021)
    assert load(SLUG, A2021, first_year=2021) == Merged(0, 0, 1, 0)
    assert history(SLUG, "GM0034", "2020JJ00") == [(200.0, True)]


def test_another_series_is_left_alone(session: Session) -> None:
    other = series_of("huishoudensgrootte")
    before = db.scalar(sa.text("SELECT count(*) FROM observation WHERE series_id = :id"), {"id": other.id})
    load(SLUG, A2020)
    after = db.scalar(
        sa.text("SELECT count(*) FROM observation WHERE loaded_until IS NULL AND series_id = :id"),
        {"id": other.id},
    )
    assert before == after


def test_an_unknown_area_or_period_is_added_with_its_name(session: Session) -> None:
    db.commit()
    with as_platform():
        load_id = uuid4()
        series_id = series_of(SLUG).id
        staging = store.Staging(load_id, {"GM9999": "Nieuwstad"})
        staging.add_rows([(series_id, "GM9999", "2041HJ02", 1.0, "final", None)])
        store.merge(load_id, [series_id], datetime.now(UTC))
    area = db.scalars(sa.select(Area).where(Area.code == "GM9999")).one()
    assert (area.name, area.type) == ("Nieuwstad", "gemeente")
    assert history(SLUG, "GM9999", "2041HJ02") == [(1.0, True)]


def test_nothing_is_visible_before_the_merge_and_forgetting_leaves_nothing(session: Session) -> None:
    db.commit()
    with as_platform():
        load_id = uuid4()
        store.Staging(load_id).add_rows([(series_of(SLUG).id, "GM0034", "2020JJ00", 1.0, "final", None)])
        assert store.staged_count(load_id) == 1
        assert history(SLUG, "GM0034", "2020JJ00") == []
        store.forget(load_id)
        assert store.staged_count(load_id) == 0


def test_two_current_rows_for_one_figure_are_impossible(session: Session) -> None:
    load(SLUG, A2020)
    db.commit()
    copy = (
        "INSERT INTO observation (series_id, area_id, period_id, value, status, loaded_from)"
        " SELECT series_id, area_id, period_id, value + 1, status, loaded_from FROM observation"
        " WHERE series_id = :id AND loaded_until IS NULL"
    )
    with pytest.raises(DBAPIError, match="ix_observation_key"), as_platform():
        db.execute(sa.text(copy), {"id": series_of(SLUG).id})


@pytest.mark.parametrize(
    "row", [("GM0034", "2020JJ00", None, "final", None), ("GM0034", "2020JJ00", 1.0, "final", "suppressed")]
)
def test_a_figure_has_a_value_or_a_reason_and_never_both_or_neither(session: Session, row: Row) -> None:
    with pytest.raises(DBAPIError, match="value_or_reason"):
        load(SLUG, row)


def test_the_web_may_not_load_figures(session: Session) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
        db.execute(sa.text("INSERT INTO staged_observation DEFAULT VALUES"))


def test_the_name_of_a_new_area_may_hold_whatever_the_source_wrote(session: Session) -> None:
    db.commit()
    name = "A\\N\tB\nC\r'\"é"
    with as_platform():
        staging, series_id = store.Staging(uuid4(), {"GM9998": name}), series_of(SLUG).id
        staging.add_rows([(series_id, "GM9998", "2020JJ00", 1.0, *FINAL)])
        store.merge(staging.load_id, [series_id], datetime.now(UTC))
    assert db.scalar(sa.select(Area.name).where(Area.code == "GM9998")) == name


def test_a_load_in_parts_arrives_whole_with_every_value_status_and_reason(session: Session) -> None:
    parts: list[list[Row]] = [
        [("GM0034", "2020JJ00", -1.5, *FINAL), ("GM0758", "2020JJ00", None, "unknown", "impossible")],
        [
            ("GM0758", "2021JJ00", 1e300, "provisional", None),
            ("GM0034", "2021JJ00", None, "final", "unknown"),
        ],
    ]
    db.commit()
    with as_platform():
        staging, series_id = store.Staging(uuid4()), series_of(SLUG).id
        for part in parts:
            staging.add_rows((series_id, *row) for row in part)
        assert staging.count == store.staged_count(staging.load_id) == 4
        store.merge(staging.load_id, [series_id], datetime.now(UTC))
    found = db.execute(
        sa.select(Area.code, PeriodRow.code, Observation.value, Observation.status, Observation.missing)
        .join(Area, Area.id == Observation.area_id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(Observation.series_id == series_id)
    )
    assert {tuple(row) for row in found} == {row for part in parts for row in part}


@pytest.mark.parametrize("table", ["series", "area", "period"])
def test_what_a_figure_refers_to_cannot_be_deleted(session: Session, table: str) -> None:
    load(SLUG, A2020)
    db.commit()
    used = f"DELETE FROM {table} WHERE id IN (SELECT {table}_id FROM observation WHERE loaded_until IS NULL LIMIT 1)"
    with pytest.raises(DBAPIError, match="observations refer to"), as_platform():
        db.execute(sa.text(used))


def test_after_many_changes_postgresql_looks_at_the_table_again(session: Session) -> None:
    looked = sa.text("SELECT null_frac FROM pg_stats WHERE tablename = 'observation' AND attname = 'missing'")
    db.commit()
    with as_platform():
        before = db.scalar(looked)
        series_id, areas = series_of(SLUG).id, [f"BU{number:08}" for number in range(20_000)]
        staging = store.Staging(uuid4())
        staging.add_rows((series_id, area, "2020JJ00", None, "final", "unknown") for area in areas)
        store.merge(staging.load_id, [series_id], datetime.now(UTC))
        assert db.scalar(looked) != before


KEYS = [(area, f"{year}JJ00") for area in ("GM0034", "GM0758") for year in (2020, 2021)]
TABLES = st.lists(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from([1.0, 2.0, None]), max_size=4),
    min_size=1,
    max_size=5,
)


@given(tables=TABLES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_loads_the_current_figures_are_the_last_table_and_counts_add_up(
    session: Session, tables: list[dict[tuple[str, str], float | None]]
) -> None:
    forget_figures(SLUG)
    now = datetime.now(UTC)
    before: dict[tuple[str, str], float | None] = {}
    for number, table in enumerate(tables):
        rows = [
            (*key, value, "final", None if value is not None else "suppressed")
            for key, value in table.items()
        ]
        merged = load(SLUG, *rows, at=now + timedelta(seconds=number))
        assert merged.inserted + merged.revised + merged.unchanged == len(rows)
        assert merged.revised == sum(key in before and before[key] != value for key, value in table.items())
        assert merged.inserted == sum(key not in before for key in table)
        assert merged.closed == sum(key not in table for key in before)
        before = table
    for key in KEYS:
        current = [value for value, is_current in history(SLUG, *key) if is_current]
        assert current == ([before[key]] if key in before else [])
