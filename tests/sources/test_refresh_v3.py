"""From a catalogue file to figures, through version 3; and what an officer sees when it goes wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast
from tests.servers import Servers
from tests.sources.refreshing import FAILED, SILENCES, card, impatient, run_refresh
from tests.sources.replay_v3 import DISTRICTS_ENTRY, RECORDED_V3, ReplayV3, recorded_districts
from workbench.core.db import as_platform, db
from workbench.core.language import Language
from workbench.core.settings import Settings
from workbench.indicators.catalogue import CatalogueError, parse_catalogue, read_catalogue
from workbench.indicators.models import Area, Observation, PeriodRow, Series
from workbench.sources import operations, queries, refresh
from workbench.sources.connectors import connector
from workbench.sources.models import RefreshRun, RunState, Source, TableSeries
from workbench.sources.reports import run_report

CATALOGUE = (
    DISTRICTS_ENTRY
    + """- slug: wmo-in-de-buurt
  name: Wmo-cliënten, per buurt
  definition: Aantal mensen met hulp volgens de Wmo.
  unit: aantal
  decimals: 0
  themes: [wmo]
  direction: context
  reading_up: Meer mensen krijgen hulp.
  reading_down: Minder mensen krijgen hulp.
  series:
    - {source: cbs-v3, table: 90002ned, measure: HulpOntvangen, region: RegioS, period: Perioden,
       levels: [nl, gemeente], from: "2021", filter: {Geslacht: T001038}}
- slug: gezondheid-in-de-wijk
  name: Ervaren gezondheid
  definition: Aandeel mensen dat zich gezond voelt, berekend met een model.
  unit: '%'
  decimals: 1
  themes: [gezondheid]
  direction: up
  series:
    - {source: dataderden, table: 90003NED, measure: ErvarenGezondheidGoedZeerGoed, region: WijkenEnBuurten,
       period: Perioden, levels: [gemeente, wijk], from: "2020", filter: {Leeftijd: "20300", Marges: MW00000}}
- slug: begroting-jeugd
  name: Begroot voor jeugd
  definition: Begrote lasten op taakveld 6.72.
  unit: 1.000 euro
  decimals: 0
  themes: [financien]
  direction: context
  reading_up: De gemeente begroot meer.
  reading_down: De gemeente begroot minder.
  series:
    - {source: dataderden, table: 90004NED, measure: k_2ePlaatsing, region: Gemeenten, period: Verslagsoort,
       levels: [gemeente], from: "2024", computed: som van alle lasten,
       filter: {TaakveldBalanspost: "6.72", Categorie: "L*", Verslagsoort: 2024X000}}
"""
)
DISTRICTS, HELP = "90001NED", "90002ned"


@pytest.fixture
def replay() -> Iterator[ReplayV3]:
    with ReplayV3(page_size=5) as started:
        yield started


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("cbs-v3", "dataderden"):
        monkeypatch.setattr(connector(kind), "sleep", lambda _seconds: None)


@pytest.fixture(autouse=True)
def _catalogue(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "catalogus.yaml"
    file.write_text(CATALOGUE, encoding="utf-8")
    import_file(file)


def import_file(file: Path) -> None:
    db.commit()
    with as_platform():
        operations.import_entries(read_catalogue(file))
        db.commit()


def refresh_table(
    servers: Servers, replay: ReplayV3, table: str = DISTRICTS, source: str = "cbs-v3"
) -> RefreshRun:
    return run_refresh(servers, replay, table, source=source)


def figures(table: str = DISTRICTS) -> dict[tuple[str, str], tuple[float | None, str | None]]:
    """(area, period) -> current value and why it is missing."""
    rows = db.execute(
        sa.select(Area.code, PeriodRow.code, Observation.value, Observation.missing)
        .join(Series, Series.id == Observation.series_id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Area, Area.id == Observation.area_id)
        .where(Series.table == table, Observation.loaded_until.is_(None))
    )
    return {(area, period): (value, missing) for area, period, value, missing in rows}


# From a catalogue file to figures


def test_a_catalogue_file_makes_tables_that_a_refresh_fills(
    servers: Servers, replay: ReplayV3, client: Client, cast: Cast
) -> None:
    run = refresh_table(servers, replay)
    report = run_report(run)
    assert (report["source"], report["table"], report["state"]) == ("cbs-v3", DISTRICTS, "done")
    assert report["rows_read"] == report["inserted"] == 8
    assert figures() == {
        ("NL01", "2023JJ00"): (12.5, None),
        ("GM0034", "2023JJ00"): (11.0, None),
        ("WK003401", "2023JJ00"): (11.0, None),
        ("BU00340101", "2023JJ00"): (None, "suppressed"),
        ("BU00340102", "2023JJ00"): (None, "unknown"),
        ("GM9001", "2023JJ00"): (None, "impossible"),
        ("WK900101", "2023JJ00"): (None, "failed"),
        ("BU90010101", "2023JJ00"): (0.0, None),
    }
    assert run.source_table.title == "Wijken en buurten 2023 (verzonnen)"
    found = card(client.as_(cast.officer), run.source_table_id)
    assert "CBS StatLine (OData 3), tabel 90001NED" in found
    assert "klaar Op" in found
    assert "8 regels gelezen, 8 nieuw" in found


def test_the_tables_of_others_come_from_their_own_host(servers: Servers, replay: ReplayV3) -> None:
    with ReplayV3() as other:
        settings = servers.settings(cbs_v3_url=other.base_url, dataderden_url=replay.base_url)
        for table in ("90003NED", "90004NED"):
            db.commit()
            with as_platform():
                [found] = operations.tables_to_refresh(source="dataderden", table=table)
                run_id = operations.queue_refresh(found.id).id
                db.commit()
                refresh.carry_out(run_id, settings)
                db.commit()
            assert db.get_one(RefreshRun, run_id).state is RunState.DONE
        assert other.requests == []
    assert figures("90003NED")["WK003401", "2022JJ00"] == (71.8, None)
    assert figures("90004NED") == {
        ("GM0034", "2024JJ00"): (3000.0, None),
        ("GM9001", "2024JJ00"): (None, "not_delivered"),
        ("GM9002", "2024JJ00"): (-151.5, None),
    }


def test_a_second_refresh_is_one_small_request(servers: Servers, replay: ReplayV3) -> None:
    refresh_table(servers, replay)
    asked = len(replay.requests)
    assert run_report(refresh_table(servers, replay))["state"] == "unchanged"
    assert len(replay.requests) == asked + 1


def test_a_source_is_connected_once_a_series_can_be_fetched_and_its_bundled_ones_stay_listed(
    session: Session,
) -> None:
    kinds = {source.name: source.kind for source in db.scalars(sa.select(Source))}
    assert (kinds["cbs-v3"], kinds["dataderden"], kinds["iv3"]) == ("cbs-v3", "dataderden", None)
    assert "CBS StatLine (OData 3)" in {source.label for source, _count in queries.bundled_sources()}


def test_a_series_that_is_said_to_be_bundled_again_is_no_longer_fetched(tmp_path: Path) -> None:
    file = tmp_path / "catalogus.yaml"
    file.write_text(
        CATALOGUE.replace(
            "measure: k_2ePlaatsing, region: Gemeenten, period: Verslagsoort", "measure: k_2ePlaatsing"
        ),
        "utf-8",
    )
    import_file(file)
    assert operations.tables_to_refresh(table="90004NED") == []
    assert len(operations.tables_to_refresh(table="90003NED")) == 1


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (', from: "2021"', "", "(wmo-in-de-buurt): veld 'series 1': vul ook 'from' in"),
        (", computed: som van alle lasten", "", "(begroting-jeugd): veld 'series 1': vul ook 'computed' in"),
    ],
)
def test_a_series_without_bounds_or_a_sum_without_its_label_is_refused(
    before: str, after: str, problem: str
) -> None:
    with pytest.raises(CatalogueError) as refused:
        parse_catalogue(CATALOGUE.replace(before, after))
    [found] = refused.value.problems
    assert problem in found


def test_an_entry_that_could_never_be_asked_ends_its_run_with_a_sentence(
    servers: Servers, replay: ReplayV3, tmp_path: Path
) -> None:
    file = tmp_path / "catalogus.yaml"
    file.write_text(
        CATALOGUE.replace(
            "period: Perioden,\n       levels: [nl", "period: Perioden eq,\n       levels: [nl"
        ),
        "utf-8",
    )
    import_file(file)
    with pytest.raises(ValueError, match="not a dimension name"):
        refresh_table(servers, replay, HELP)
    db.rollback()
    run = db.scalars(sa.select(RefreshRun)).one()
    assert run.state is RunState.FAILED
    assert "in de werkbank zelf" in run.sentence(Language())


# What changes at the source


def test_one_revised_definite_value_gives_one_revision_and_the_old_one_is_kept(
    servers: Servers, replay: ReplayV3, client: Client, cast: Cast
) -> None:
    refresh_table(servers, replay, HELP)
    replay.revise(HELP, "HulpOntvangen_1", "GM0034", "2021JJ00", 299, Geslacht="T001038")
    run = refresh_table(servers, replay, HELP)
    assert (run.inserted, run.revised, run.closed) == (0, 1, 0)
    assert figures(HELP)["GM0034", "2021JJ00"] == (299, None)
    assert db.scalars(sa.select(Observation.value).where(Observation.loaded_until.is_not(None))).all() == [
        300
    ]
    assert "1 herzien, 15 hetzelfde" in card(client.as_(cast.officer), run.source_table_id)


def test_a_table_that_only_says_it_moved_changes_nothing(
    servers: Servers, replay: ReplayV3, client: Client, cast: Cast
) -> None:
    refresh_table(servers, replay)
    replay.move(DISTRICTS)
    run = refresh_table(servers, replay)
    assert (run.rows_read, run.unchanged) == (8, 8)
    assert "8 hetzelfde" in card(client.as_(cast.officer), run.source_table_id)


def test_a_new_period_is_added(servers: Servers, replay: ReplayV3, client: Client, cast: Cast) -> None:
    refresh_table(servers, replay, HELP)
    sets = replay.table_v3(HELP).sets
    sets["Perioden"].append({"Key": "2025JJ00", "Title": "2025", "Status": "Voorlopig"})
    last = [row for row in sets["UntypedDataSet"] if row["Perioden"] == "2024JJ00"]
    sets["UntypedDataSet"] += [row | {"Perioden": "2025JJ00"} for row in last]
    replay.move(HELP)
    run = refresh_table(servers, replay, HELP)
    assert (run.inserted, run.revised, run.unchanged) == (4, 0, 16)
    assert "4 nieuw" in card(client.as_(cast.officer), run.source_table_id)


def test_a_new_measure_shifts_the_columns_and_changes_no_figure(servers: Servers, replay: ReplayV3) -> None:
    refresh_table(servers, replay)
    before = figures()
    sets = replay.table_v3(DISTRICTS).sets
    replay.patch(
        DISTRICTS,
        "DataProperties",
        "PercentageJongerenMetJeugdzorg_88",
        Key="PercentageJongerenMetJeugdzorg_89",
    )
    for row in sets["UntypedDataSet"]:
        row["PercentageJongerenMetJeugdzorg_89"] = row.pop("PercentageJongerenMetJeugdzorg_88")
        row["Nieuw_88"] = "       1"
    replay.move(DISTRICTS)
    run = refresh_table(servers, replay)
    assert (run.state, run.unchanged) == (RunState.DONE, 8)
    assert figures() == before


def test_a_municipality_abolished_in_a_new_edition_keeps_its_old_figures_in_the_history(
    servers: Servers, replay: ReplayV3
) -> None:
    refresh_table(servers, replay, HELP)
    replay.revise(HELP, "HulpOntvangen_1", "GM9002", "2024JJ00", "", Geslacht="T001038")
    run = refresh_table(servers, replay, HELP)
    assert run.revised == 1
    assert figures(HELP)["GM9002", "2024JJ00"] == (None, "impossible")
    assert figures(HELP)["GM9002", "2023JJ00"] == (80, None)


# What goes wrong: nothing half, nothing lost, and a sentence on the screen

SUSPECT = "verdacht resultaat De oude cijfers staan er nog."


@dataclass
class Stage:
    servers: Servers
    replay: ReplayV3
    officer: Client

    def refresh(self) -> RefreshRun:
        return refresh_table(self.servers, self.replay)


@pytest.fixture
def stage(servers: Servers, replay: ReplayV3, client: Client, cast: Cast) -> Stage:
    """A table that was loaded once, with an officer who looks on."""
    made = Stage(servers, replay, client.as_(cast.officer))
    made.refresh()
    return made


@pytest.mark.parametrize(
    "fault",
    [
        *SILENCES,
        ("too_many", {}, FAILED, "CBS geeft op deze vraag meer dan 10.000 rijen en weigert dat."),
        ("atom", {}, FAILED, "CBS antwoordt in XML. Wij lezen alleen JSON."),
        ("403", {}, FAILED, "CBS weigert onze vraag (code 403)."),
        ("404", {"times": None}, FAILED, "Tabel 90001NED is niet gevonden bij CBS."),
        ("wrong_host", {}, FAILED, "CBS verwijst voor de volgende bladzijde naar een ander adres."),
        ("loop", {"times": None}, FAILED, "CBS stuurt steeds dezelfde bladzijde."),
        ("lost_column", {}, FAILED, "Tabel 90001NED heeft geen kolom PercentageJongerenMetJeugdzorg_88."),
        ("empty", {}, SUSPECT, "Tabel 90001NED gaf voor onze vraag geen enkele rij."),
        ("lost_page", {}, SUSPECT, "Tabel 90001NED gaf 5 van de 8 cijfers die erin staan. De rest kwam niet aan."),
        ("contradiction", {"after": 1}, SUSPECT, "Tabel 90001NED geeft twee verschillende cijfers voor Percentage"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", [0, 1], ids=["at once", "halfway"])
def test_a_fault_leaves_the_old_figures_and_says_what_happened(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, fault: tuple[str, dict[str, Any], str, str], page: int
) -> None:
    kind, details, heading, sentence = fault
    before = figures()
    stage.replay.revise(DISTRICTS, "PercentageJongerenMetJeugdzorg_88", "GM0034", None, 99)
    only_on_a_first_page = kind in ("wrong_host", "lost_page", "loop", "empty", "404")
    after = max(details.get("after", 0), 0 if only_on_a_first_page else page)
    stage.replay.fail(kind, **details | {"on": "DataSet", "after": after})
    with monkeypatch.context() as patience:
        if kind == "slow":
            impatient(patience)
        run = stage.refresh()
    assert figures() == before
    assert run.suspect is (heading is SUSPECT)
    found = card(stage.officer, run.source_table_id)
    assert heading in found
    assert sentence in found
    assert "Opnieuw proberen" in found
    stage.replay.clear()
    assert stage.refresh().revised == 1
    assert figures() == before | {("GM0034", "2023JJ00"): (99, None)}


@pytest.mark.parametrize(
    ("key", "fields", "sentence"),
    [
        (
            "PercentageJongerenMetJeugdzorg_88",
            {"Unit": "per 1 000"},
            "De eenheid van PercentageJongerenMetJeugdzorg in tabel 90001NED is veranderd van '%' in 'per 1 000'.",
        ),
        (
            "PercentageJongerenMetJeugdzorg_88",
            {"Key": "AandeelJongerenMetJeugdhulp_88"},
            "kent het onderwerp PercentageJongerenMetJeugdzorg niet. Wel: AandeelJongerenMetJeugdhulp_88 (Percentage",
        ),
        (
            "WmoClienten_89",
            {"Key": "PercentageJongerenMetJeugdzorg_89"},
            "Het onderwerp PercentageJongerenMetJeugdzorg komt in tabel 90001NED vaker voor: PercentageJongeren",
        ),
        (
            "Totaal_7",
            {"Key": "Geslacht", "Type": "Dimension"},
            "De indeling van tabel 90001NED past niet bij de catalogus. In de tabel: WijkenEnBuurten, Geslacht.",
        ),
    ],
)
def test_a_table_that_changed_its_shape_leaves_the_old_figures_and_says_what_changed(
    stage: Stage, key: str, fields: dict[str, str], sentence: str
) -> None:
    before = figures()
    stage.replay.patch(DISTRICTS, "DataProperties", key, **fields)
    run = stage.refresh()
    assert run.state is RunState.FAILED
    assert figures() == before
    found = card(stage.officer, run.source_table_id)
    assert FAILED in found
    assert sentence in found


def test_another_casing_of_a_table_is_said_on_the_screen(
    servers: Servers, replay: ReplayV3, client: Client, cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "catalogus.yaml"
    file.write_text(CATALOGUE.replace(HELP, "90002NED"), "utf-8")
    import_file(file)
    run = refresh_table(servers, replay, "90002NED")
    assert "Let op hoofdletters en kleine letters" in card(client.as_(cast.officer), run.source_table_id)


def test_a_measure_that_is_only_announced_is_suspect_and_says_so(
    servers: Servers, replay: ReplayV3, client: Client, cast: Cast
) -> None:
    for row in replay.table_v3(HELP).sets["UntypedDataSet"]:
        row["HulpOntvangen_1"] = "       ."
    run = refresh_table(servers, replay, HELP)
    assert run.suspect
    assert "aangekondigd, maar nog niet gevuld" in card(client.as_(cast.officer), run.source_table_id)
    assert figures(HELP) == {}


@pytest.mark.parametrize("kind", ["429", "500", "503", "reset", "truncated", "not_json", "inside_host"])
def test_a_passing_fault_on_the_way_is_not_seen_at_all(stage: Stage, kind: str) -> None:
    stage.replay.move(DISTRICTS)
    stage.replay.fail(kind, on="UntypedDataSet")
    run = stage.refresh()
    assert run.unchanged == 8
    assert "klaar" in card(stage.officer, run.source_table_id)


def test_a_duplicate_row_counts_once(servers: Servers, replay: ReplayV3) -> None:
    replay.fail("duplicate", on="UntypedDataSet", after=1)
    run = refresh_table(servers, replay)
    assert (run.rows_read, run.inserted) == (8, 8)


@pytest.mark.skipif(not RECORDED_V3.exists(), reason="the recorded data are not on this machine")
def test_the_recorded_key_figures_of_all_neighbourhoods_load_in_one_run(
    servers: Servers, tmp_path: Path
) -> None:
    file = tmp_path / "catalogus.yaml"
    first = CATALOGUE.partition("- slug: wmo")[0]
    recorded = (
        first.replace("90001NED", "84799NED")
        .replace("2023JJ00", "2020JJ00")
        .replace("PercentageJongerenMetJeugdzorg", "AantalInwoners")
        .replace("'%'", "aantal")
    )
    file.write_text(recorded, "utf-8")
    import_file(file)
    with ReplayV3() as replay:
        replay.add(recorded_districts())
        run = refresh_table(servers, replay, "84799NED")
    measures = sa.select(sa.func.count()).where(TableSeries.source_table_id == run.source_table_id)
    assert run.state == RunState.DONE
    assert run.rows_read == 17_341 * (db.scalar(measures) or 0)  # the catalogue has others of this table
    types = db.execute(
        sa.select(Area.type, sa.func.count(), sa.func.sum(Observation.value))
        .join(Observation, Observation.area_id == Area.id)
        .join(Series, Series.id == Observation.series_id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(Series.table == "84799NED", Series.measure == "AantalInwoners")
        .group_by(Area.type)
    )
    found = {area_type.value: (count, total) for area_type, count, total in types}
    assert found["gemeente"] == (355, 17_407_585)
    assert found["nl"] == (1, 17_407_585)
    assert (found["wijk"][0], found["buurt"][0]) == (3_177, 13_808)


def test_the_settings_of_each_kind_come_from_the_installation(servers: Servers) -> None:
    settings: Settings = servers.settings(
        cbs_v3_url="http://one.example",
        dataderden_url="http://two.example",
        contact="a@b.example",
        force_ipv4=True,
    )
    asked = {
        kind: refresh.connector_settings(kind, settings).model_dump() for kind in ("cbs-v3", "dataderden")
    }
    assert [values["base_url"] for values in asked.values()] == ["http://one.example", "http://two.example"]
    assert all(values["user_agent"] == "Monitorwerkbank (a@b.example)" for values in asked.values())
    assert all(values["force_ipv4"] for values in asked.values())
