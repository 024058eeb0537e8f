"""Waarstaatjegemeente through Swing: off without a key, never tested against the real service, and its faults."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from tests.client import Client
from tests.factories import Cast
from tests.servers import Servers
from tests.sources.replay_swing import KEY, VARIABLE, ReplaySwing
from workbench.core.db import as_platform, db
from workbench.core.settings import Settings
from workbench.indicators.catalogue import read_catalogue
from workbench.indicators.models import Area, Observation, PeriodRow, Series
from workbench.indicators.periods import PeriodType
from workbench.sources import operations, refresh
from workbench.sources.checking import check_sources
from workbench.sources.connectors import Request, SourceChanged, SourceError, SuspectResult, connector
from workbench.sources.connectors.swing import Swing, SwingSettings, area_of
from workbench.sources.models import RefreshRun, RunState, Source, SourceTable

CATALOGUE = f"""
- slug: wmo-clienten-swing
  name: Mensen met hulp van de Wmo, volgens Waarstaatjegemeente
  definition: Aantal mensen met hulp volgens de Wmo in het jaar.
  unit: aantal
  decimals: 0
  themes: [wmo]
  direction: context
  reading_up: Meer mensen krijgen hulp.
  reading_down: Minder mensen krijgen hulp.
  series:
    - {{source: swing, table: {VARIABLE}, measure: {VARIABLE}, region: GeoLevels, period: PeriodLevels,
       levels: [nl, gemeente], from: "2022"}}
"""
ASKED = Request(
    table=VARIABLE,
    measures=(VARIABLE,),
    region="GeoLevels",
    period="PeriodLevels",
    levels=("nl", "gemeente"),
    first_period="2022",
    period_type=PeriodType.YEAR,
)


@pytest.fixture
def replay() -> Iterator[ReplaySwing]:
    with ReplaySwing(page_size=2) as started:
        yield started


@pytest.fixture
def catalogue(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector("swing"), "sleep", lambda _seconds: None)
    file = tmp_path / "catalogus.yaml"
    file.write_text(CATALOGUE, encoding="utf-8")
    db.commit()
    with as_platform():
        operations.import_entries(read_catalogue(file))
        db.commit()


def switched_on(servers: Servers, replay: ReplaySwing, key: str = KEY) -> Settings:
    return servers.settings(swing_url=replay.base_url, swing_key=key)


def refresh_swing(settings: Settings) -> RefreshRun:
    db.commit()
    with as_platform():
        refresh.switch_sources(settings)
        [table] = operations.tables_to_refresh(source="swing")
        run_id = operations.queue_refresh(table.id).id
        db.commit()
        refresh.carry_out(run_id, settings, keep_trying=False)
        db.commit()
    return db.get_one(RefreshRun, run_id)


def figures() -> dict[tuple[str, str], tuple[float | None, str | None]]:
    rows = db.execute(
        sa.select(Area.code, PeriodRow.code, Observation.value, Observation.missing)
        .join(Series, Series.id == Observation.series_id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Area, Area.id == Observation.area_id)
        .where(Series.table == VARIABLE, Observation.loaded_until.is_(None))
    )
    return {(area, period): (value, missing) for area, period, value, missing in rows}


def fetched(replay: ReplaySwing, asked: Request = ASKED, key: str = KEY) -> list[tuple[str, str, object]]:
    swing = Swing(sleep=lambda _seconds: None)
    settings = SwingSettings(base_url=replay.base_url, api_key=SecretStr(key))
    batches = swing.fetch(settings, asked, swing.codes(settings, asked), lambda _count: None)
    return [
        row
        for batch in batches
        for row in zip(batch.area, batch.period, (x or y for x, y in zip(batch.value, batch.missing, strict=True)), strict=True)
    ]  # fmt: skip


# --- What comes in --------------------------------------------------------------------------------------------------


def test_values_come_with_our_codes_and_every_mark_has_its_own_reason(replay: ReplaySwing) -> None:
    assert set(fetched(replay)) == {
        ("NL01", "2023JJ00", 1182345.0),
        ("GM0034", "2022JJ00", 9310.0),
        ("GM0106", "2022JJ00", "unknown"),
        ("GM0758", "2022JJ00", "suppressed"),
        ("GM0034", "2023JJ00", 9420.5),
        ("GM0106", "2023JJ00", "not_delivered"),
        ("GM0758", "2023JJ00", "impossible"),
    }


@pytest.mark.parametrize(
    ("level", "external", "code"),
    [
        ("gemeente", "gemeente_106", "GM0106"),
        ("gemeente", "106", "GM0106"),
        ("gemeente", "GM0106", "GM0106"),
        ("wijk", "wijk_3401", "WK003401"),
        ("nl", "nederland_1", "NL01"),
    ],
)
def test_an_area_is_recognised_however_the_host_writes_it(level: str, external: str, code: str) -> None:
    assert area_of(level, external) == code


def test_only_the_years_that_were_asked_are_asked(replay: ReplaySwing) -> None:
    later = Request(**{**vars(ASKED), "first_period": "2023"})
    assert {period for _area, period, _cell in fetched(replay, later)} == {"2023JJ00"}
    assert not [one for one in replay.requests if "2022" in one.path]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"levels": ("ggd-regio",)}, "niveau ggd-regio niet"),
        ({"levels": ("provincie",)}, "niet voor het niveau provincie"),
        ({"measures": ("iets",)}, "zet bij 'measure' ook wmo_clienten"),
        ({"period_type": PeriodType.QUARTER}, "alleen jaarcijfers"),
        ({"filter": {"Geslacht": "1"}}, "past niet bij de catalogus"),
        ({"table": "onbekend", "measures": ("onbekend",)}, "kent de variabele onbekend niet"),
        ({"units": {VARIABLE: "euro"}}, "De eenheid van wmo_clienten"),
    ],
)
def test_a_request_that_swing_cannot_answer_is_refused_in_words(
    replay: ReplaySwing, change: dict[str, object], words: str
) -> None:
    with pytest.raises(SourceChanged, match=words):
        fetched(replay, Request(**{**vars(ASKED), **change}))  # type: ignore[arg-type]


# --- Faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("empty", SuspectResult, "geen enkele rij"),
        ("wrong_host", SourceChanged, "naar een ander adres"),
        ("truncated", SourceError, "onvolledig|brak af"),
        ("not_json", SourceError, "onleesbaar"),
        ("lost_mark", SourceChanged, "geen kolom ValueString"),
        ("contradiction", SuspectResult, "twee verschillende cijfers"),
        ("503", SourceError, "storing"),
    ],
)
def test_a_fault_is_told_and_nothing_is_taken_for_true(
    replay: ReplaySwing, fault: str, error: type[SourceError], words: str
) -> None:
    replay.fail(fault, times=None, on="Values")
    with pytest.raises(error, match=words):
        fetched(replay)


def test_an_unknown_mark_is_kept_as_failed_and_an_unknown_area_is_rejected(replay: ReplaySwing) -> None:
    replay.values["gemeente", "2023"]["gemeente_9999"] = "12"
    replay.fail("nonsense", times=2, on="2022")
    found = fetched(replay)
    assert ("GM0034", "2022JJ00", "failed") in found
    assert not [row for row in found if "9999" in row[0]]


def test_a_wrong_key_is_said_without_the_key_itself(
    replay: ReplaySwing, servers: Servers, catalogue: None, client: Client, cast: Cast
) -> None:
    wrong = "verlopen-sleutel-123"
    with capture_logs() as logs:
        run = refresh_swing(switched_on(servers, replay, wrong))
    assert run.state is RunState.FAILED
    assert run.message is not None
    page = client.as_(cast.officer).page("/almere/bronnen")
    assert "neemt onze sleutel niet aan" in page.words
    for place in (str(logs), page.words, run.message, str(run.message_values)):
        assert wrong not in place


def test_the_key_stands_in_no_representation_of_the_settings(servers: Servers, replay: ReplaySwing) -> None:
    settings = switched_on(servers, replay)
    connection = refresh.connector_settings("swing", settings)
    for shown in (repr(settings), repr(connection), connection.model_dump_json(), str(connection)):
        assert KEY not in shown


# --- On and off -----------------------------------------------------------------------------------------------------


def check(settings: Settings) -> str:
    db.commit()
    with as_platform():
        [line] = check_sources(settings, "swing")
        db.commit()
    return line.text


def test_without_a_key_it_is_off_everywhere_and_nothing_is_asked(
    replay: ReplaySwing, servers: Servers, catalogue: None, client: Client, cast: Cast
) -> None:
    for settings in (servers.settings(), servers.settings(swing_url=replay.base_url)):
        assert check(settings) == "swing: off (Waarstaatjegemeente staat uit: er is nog geen sleutel.)"
        with as_platform():
            refresh.switch_sources(settings)
            assert operations.tables_to_refresh(source="swing") == []
            db.commit()
    page = client.as_(cast.officer).page("/almere/bronnen")
    assert "Waarstaatjegemeente (VNG): staat uit: er is nog geen sleutel" in page.words
    assert page.soup is not None
    article = page.soup.find("article", attrs={"aria-labelledby": f"table-{table_id()}"})
    assert article is not None
    assert "staat uit: er is nog geen sleutel" in article.get_text()
    assert "Nu verversen" not in article.get_text()
    assert "staat uit: er is nog geen sleutel" in client.page(f"/almere/bronnen/{table_id()}").words
    assert replay.requests == []


def table_id() -> UUID:
    return db.scalars(sa.select(SourceTable.id).where(SourceTable.table == VARIABLE)).one()


def test_a_run_that_waited_while_the_key_went_away_ends_without_a_word_of_failure(
    replay: ReplaySwing, servers: Servers, catalogue: None
) -> None:
    db.commit()
    with as_platform():
        run_id = operations.queue_refresh(table_id()).id
        db.commit()
        refresh.carry_out(run_id, servers.settings())
        db.commit()
    run = db.get_one(RefreshRun, run_id)
    assert run.state is RunState.UNREACHABLE
    assert run.source_table.source.is_off
    assert run.source_table.source.unreachable_since is None


def test_with_a_key_it_works_and_still_says_that_it_was_never_verified(
    replay: ReplaySwing, servers: Servers, catalogue: None, client: Client, cast: Cast
) -> None:
    settings = switched_on(servers, replay)
    assert check(settings).startswith("swing: not verified (De koppeling is gemaakt naar de handleiding")
    run = refresh_swing(settings)
    assert (run.state, run.inserted) == (RunState.DONE, 7)
    assert figures()["GM0034", "2023JJ00"] == (9420.5, None)
    page = client.as_(cast.officer).page("/almere/bronnen")
    assert "nog niet getoetst aan echte antwoorden" in page.words
    assert (
        "controleer een paar cijfers bij de bron zelf" in client.page(f"/almere/bronnen/{table_id()}").words
    )
    again = refresh_swing(settings)
    assert again.same_as_before


def test_a_fault_half_way_leaves_the_old_figures(
    replay: ReplaySwing, servers: Servers, catalogue: None
) -> None:
    settings = switched_on(servers, replay)
    refresh_swing(settings)
    before = figures()
    replay.about["Description"] = "Anders geteld."
    replay.values["gemeente", "2023"]["gemeente_34"] = "1"
    replay.fail("truncated", times=None, on="2023")
    assert refresh_swing(settings).state in (RunState.FAILED, RunState.UNREACHABLE)
    assert figures() == before
    replay.clear()
    assert refresh_swing(settings).revised == 1
    assert figures()["GM0034", "2023JJ00"] == (1.0, None)


def test_the_source_is_known_and_off_after_loading_the_content(session: Session) -> None:
    source = db.scalars(sa.select(Source).where(Source.name == "swing")).one()
    assert (source.kind, source.is_off) == ("swing", True)
