"""What an officer sees when version 4 of the source misbehaves. The same for version 3: test_refresh_v3.

fault                                   on the officer's page                                   also in
--------------------------------------  ------------------------------------------------------  -----------------------
500, 503, 429 with Retry-After, reset   bron niet bereikbaar, stand van …; the reason           test_cbs_v3, test_cbs_v4
truncated body, no JSON, drip of bytes  bron niet bereikbaar, stand van …; the reason           test_cbs_v3, test_cbs_v4
500 with the text of 10,000 records     mislukt: asked for more than 10.000 rijen               test_refresh_v3 (v3 only)
404 on another casing, 403              mislukt: niet gevonden, let op hoofdletters; geweigerd  test_refresh_v3
another host in the next link, a loop   mislukt: verwijst naar een ander adres                  test_refresh_v3
lost column, changed unit, new name     mislukt: what the table calls it now                    test_refresh_v3
nothing, half, two answers for one      verdacht: waits for the operator                        test_refresh, -_v3
only announced measure                  verdacht: aangekondigd, maar nog niet gevuld            test_refresh_v3
row twice, passing fault                klaar: nothing to see                                   test_refresh_v3
moved Modified alone                    klaar: alleen titels, uitleg en status gelezen          test_refresh
revised final value, new period         klaar, and told on the page of the table                test_history
abolished municipality                  klaar: its figures are closed, not deleted              test_refresh_v3
"""

from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast
from tests.servers import Servers
from tests.sources.refreshing import FAILED, POPULATION, SILENCES, card, impatient, run_refresh
from tests.sources.replay import Replay
from workbench.core.db import db
from workbench.indicators.models import Observation
from workbench.sources.models import RefreshRun, RunState

pytestmark = pytest.mark.usefixtures("no_bundled_figures")

SUSPECT = "De oude cijfers staan er nog."
INHABITANTS = "M000352"

Figures = dict[tuple[int, int, int], tuple[float | None, str | None]]


def figures() -> Figures:
    """Every current figure: (series, area, period) -> (value, why there is none)."""
    rows = db.execute(
        sa.select(
            Observation.series_id,
            Observation.area_id,
            Observation.period_id,
            Observation.value,
            Observation.missing,
        ).where(Observation.loaded_until.is_(None))
    )
    return {(series, area, period): (value, missing) for series, area, period, value, missing in rows}


@dataclass
class Stage:
    servers: Servers
    replay: Replay
    officer: Client

    def refresh(self) -> RefreshRun:
        return run_refresh(self.servers, self.replay)

    def card(self, run: RefreshRun) -> str:
        return card(self.officer, run.source_table_id)

    def table_page(self, run: RefreshRun) -> str:
        return self.officer.page(f"/almere/bronnen/{run.source_table_id}").words


@pytest.fixture
def stage(servers: Servers, replay: Replay, client: Client, cast: Cast) -> Stage:
    """The population was loaded once, in small pages, with an officer who looks on."""
    replay.set(page_size=20)
    made = Stage(servers, replay, client.as_(cast.officer))
    assert made.refresh().state is RunState.DONE
    return made


@pytest.mark.parametrize(
    "fault",
    [
        *SILENCES,
        ("403", {}, FAILED, "CBS weigert onze vraag (code 403)."),
        ("404", {"times": None}, FAILED, "Let op hoofdletters en kleine letters in het tabelnummer."),
        ("wrong_host", {}, FAILED, "CBS verwijst voor de volgende bladzijde naar een ander adres."),
        ("loop", {"times": None}, FAILED, "CBS stuurt steeds dezelfde bladzijde."),
        ("lost_column", {}, FAILED, "Tabel 03759ned heeft geen kolom Value."),
        ("empty", {"times": None}, SUSPECT, "Tabel 03759ned gaf voor onze vraag geen enkele rij."),
        ("contradiction", {"after": 1}, SUSPECT, "Tabel 03759ned geeft twee verschillende cijfers voor"),
    ],
)  # fmt: skip
def test_a_fault_leaves_the_old_figures_and_says_what_happened(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, fault: tuple[str, dict[str, Any], str, str]
) -> None:
    kind, details, heading, sentence = fault
    before = figures()
    stage.replay.revise(POPULATION, INHABITANTS, "GM0034", "2024JJ00", 777)
    stage.replay.fail(kind, **details | {"on": "/Observations"})
    with monkeypatch.context() as patience:
        if kind == "slow":
            impatient(patience)
        run = stage.refresh()
    assert figures() == before
    found = stage.card(run)
    assert heading in found
    assert sentence in found
    assert "Opnieuw proberen" in found
    assert sentence in stage.table_page(run)
    stage.replay.clear()
    assert stage.refresh().revised == 1
    assert sorted(figures()) == sorted(before)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"Unit": "x 1 000"}, "De eenheid van M000352 in tabel 03759ned is veranderd van 'aantal' in 'x 1 000'."),
        ({"Identifier": "M999999"}, "Tabel 03759ned kent het onderwerp M000352 niet. Wel:"),
    ],
)  # fmt: skip
def test_a_table_that_changed_its_shape_leaves_the_old_figures_and_says_what_changed(
    stage: Stage, fields: dict[str, str], sentence: str
) -> None:
    before = figures()
    stage.replay.patch(POPULATION, "MeasureCodes", INHABITANTS, **fields)
    run = stage.refresh()
    assert figures() == before
    assert FAILED in stage.card(run)
    assert sentence in stage.card(run)


def test_half_a_table_waits_for_the_operator_and_the_page_says_whom_to_ask(stage: Stage) -> None:
    before = figures()
    for year in range(2019, 2025):
        for area in ("NL01", "PV24", "GM0003", "GM0034", "GM0171"):
            stage.replay.remove(POPULATION, INHABITANTS, area, f"{year}JJ00")
    run = stage.refresh()
    assert figures() == before
    assert "verdacht resultaat, wacht op de beheerder De oude cijfers staan er nog." in stage.card(run)
    page = stage.officer.page("/almere/bronnen")
    assert "Mail de beheerder: beheer@monitorwerkbank.example" in page.words


@pytest.mark.parametrize("kind", ["429", "500", "503", "reset", "truncated", "not_json", "duplicate"])
def test_a_passing_fault_is_not_seen_at_all(stage: Stage, kind: str) -> None:
    before = figures()
    stage.replay.move(POPULATION)
    stage.replay.fail(kind, on="/Observations")
    run = stage.refresh()
    assert (run.state, run.unchanged) == (RunState.DONE, len(before))
    assert figures() == before
    assert "klaar" in stage.card(run)


def test_when_only_the_texts_moved_the_card_says_so(stage: Stage) -> None:
    before = figures()
    stage.replay.move(POPULATION, observations=False)
    run = stage.refresh()
    assert figures() == before
    assert "alleen titels, uitleg en status gelezen; de cijfers zelf zijn niet veranderd" in stage.card(run)


def test_a_revised_final_figure_is_told_on_the_pages_of_table_and_figure(stage: Stage) -> None:
    stage.replay.revise(POPULATION, INHABITANTS, "GM0034", "2020JJ00", 777)
    run = stage.refresh()
    assert run.final_revised == 1
    assert "Van de herziene cijfers was er 1 al definitief." in stage.table_page(run)
    words = stage.officer.page("/almere/cijfers/inwoners").words
    assert "2020 herzien van" in words
    assert "naar 777. Het oude cijfer was al definitief" in words


def test_a_row_that_the_source_took_away_is_closed_and_told(stage: Stage) -> None:
    stage.replay.remove(POPULATION, INHABITANTS, "GM0034", "2020JJ00")
    run = stage.refresh()
    assert "1 vervallen" in stage.card(run)
    assert "2020 staat niet meer in de bron" in stage.officer.page("/almere/cijfers/inwoners").words
