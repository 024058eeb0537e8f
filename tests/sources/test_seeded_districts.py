"""KWB 2020 with the series of our own catalogue: every district and neighbourhood, through version 3."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast
from tests.servers import Servers
from tests.sources.replay_v3 import RECORDED_V3, ReplayV3, recorded_districts
from workbench.core.db import as_platform, db
from workbench.indicators import areas, queries
from workbench.indicators.catalogue import AreaType
from workbench.indicators.models import Area, Indicator, Observation, PeriodRow, Series
from workbench.sources import operations, refresh
from workbench.sources.models import RefreshRun, RunState

KWB = "84799NED"
MEASURES = 8


@pytest.fixture
def run(session: Session, servers: Servers) -> RefreshRun:
    """The table as our catalogue asks it, refreshed from the recording."""
    if not RECORDED_V3.exists():
        pytest.skip("the recordings in ../shared/data are absent")
    with ReplayV3() as replay:
        replay.add(recorded_districts())
        settings = servers.settings(cbs_v3_url=replay.base_url)
        db.commit()
        with as_platform():
            [table] = operations.tables_to_refresh(source="cbs-v3", table=KWB)
            run_id = operations.queue_refresh(table.id).id
            db.commit()
            refresh.carry_out(run_id, settings, keep_trying=False)
            db.commit()
    return db.get_one(RefreshRun, run_id)


def value(slug: str, code: str) -> tuple[float | None, str | None]:
    found = db.execute(
        sa.select(Observation.value, Observation.missing)
        .join(Series, Series.id == Observation.series_id)
        .join(Indicator, Indicator.id == Series.indicator_id)
        .join(Area, Area.id == Observation.area_id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(
            Indicator.slug == slug,
            Area.code == code,
            PeriodRow.code == "2020JJ00",
            Observation.loaded_until.is_(None),
        )
    ).one()
    return found.value, found.missing


def test_all_17341_areas_come_in_with_names_and_parents_and_the_bundled_figures_are_confirmed(
    run: RefreshRun, client: Client, cast: Cast, query_count: list[str]
) -> None:
    assert (run.state, run.rows_read, run.rejected) == (RunState.DONE, 17_341 * MEASURES, 0)
    assert run.inserted + run.revised + run.unchanged == run.rows_read
    assert run.closed == 0
    # The bundled figures of municipalities are the recorded ones; four series were bundled as provisional, and the
    # table itself says nothing of that.
    assert (run.unchanged, run.revised, run.restated) == (355 * 4, 355 * 4, 355 * 4)
    counts = dict(
        db.execute(
            sa.select(Area.type, sa.func.count(sa.distinct(Observation.area_id)))
            .join(Area, Area.id == Observation.area_id)
            .join(Series, Series.id == Observation.series_id)
            .where(Series.table == KWB, Observation.loaded_until.is_(None))
            .group_by(Area.type)
        ).all()
    )
    assert counts == {AreaType.NL: 1, AreaType.GEMEENTE: 355, AreaType.WIJK: 3_177, AreaType.BUURT: 13_808}
    assert value("bijstand-personen-2020", "GM0363") == (39_780, None)
    assert value("huishoudensgrootte", "WK003401")[0] is not None

    own = queries.own_area()
    assert own is not None
    found = areas.districts(own)
    assert found[0].area.name == "Wijk 01 Almere Haven"
    assert found[0].years == (2020, 2020)
    assert found[0].indicators == MEASURES
    assert [part.area.name for part in found[0].neighbourhoods][:2] == ["Centrum Almere Haven", "De Werven"]
    assert sum(len(district.neighbourhoods) for district in found) == len(
        [code for code in db.scalars(sa.select(Area.code)) if code.startswith("BU0034")]
    )
    client.as_(cast["reader"]).page("/almere/gebied/wijken")
    query_count.clear()
    page = client.page("/almere/gebied/wijken")
    assert len(query_count) <= 12
    assert "Wijk 01 Almere Haven 8 2020" in page.words
    assert "De Werven" in page.words
    assert "Wijk 00 Appingedam" not in page.words
    figure = client.page("/almere/cijfers/huishoudensgrootte")
    assert "Almere (gemeente), Nederland (land)" in figure.words


def test_without_districts_the_page_says_when_they_come(client: Client, cast: Cast) -> None:
    page = client.as_(cast["reader"]).page("/almere/gebied/wijken")
    assert "Nog geen wijken en buurten" in page.words
    assert client.page("/almere/gebied").link("wijken en buurten") == "/almere/gebied/wijken"
