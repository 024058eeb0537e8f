"""Outlines of areas: from the national geo service and from a file; half an answer never replaces a whole map."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from seeds import read, tile
from tests.servers import Servers
from tests.sources.replay_geo import ReplayGeo, square
from workbench.cli import cli
from workbench.core.db import as_platform, db
from workbench.indicators.catalogue import AreaType
from workbench.indicators.geometry import Outline
from workbench.indicators.outlines.models import AreaOutline, OutlineEdition
from workbench.indicators.outlines.operations import load_outlines
from workbench.indicators.outlines.queries import Outlines, outlines_for
from workbench.sources import outlines
from workbench.sources.checking import check_sources
from workbench.sources.connectors import (
    SourceChanged,
    SourceError,
    SourceOff,
    SourceUnavailable,
    SuspectResult,
)
from workbench.sources.connectors.geo import GeoService, GeoSettings
from workbench.sources.outlines import OutlinesError

TODAY = sorted(read.tiles())
RECORDED = Path(__file__).parents[3] / "shared" / "data" / "geometry"
QUICK = GeoService(sleep=lambda _seconds: None)


@pytest.fixture
def replay() -> Iterator[ReplayGeo]:
    districts = [f"WK0034{number:02}" for number in range(20)]
    with ReplayGeo([*TODAY, *districts]) as started:
        yield started


@pytest.fixture(autouse=True)
def _database(session: Session) -> None:
    """Every test here may write."""


def fetch(
    servers: Servers, replay: ReplayGeo, level: AreaType = AreaType.GEMEENTE, year: int = 2025
) -> dict[str, int]:
    db.commit()
    with as_platform():
        return outlines.outlines_from_service(level, year, servers.settings(geo_url=replay.base_url), QUICK)


def load(path: Path, year: int = 2023) -> dict[str, int]:
    db.commit()
    with as_platform():
        return outlines.outlines_from_file(path, AreaType.GEMEENTE, year, "de maker")


def found(year: int = 2025, level: AreaType = AreaType.GEMEENTE, beginning: str = "") -> Outlines:
    made = outlines_for(level, year, beginning)
    assert made is not None
    return made


def test_the_schematic_map_has_a_tile_for_every_municipality_of_today() -> None:
    made = found()
    assert made.is_schematic
    assert sorted(made.shapes) == TODAY
    assert (
        sorted(area.code for area in read.areas() if area.code.startswith("GM") and area.valid_until is None)
        == TODAY
    )
    assert len(set(read.tiles().values())) == len(TODAY) == 342
    assert made.shapes["GM0034"] == (tile(*read.tiles()["GM0034"]),)


def test_real_outlines_go_before_the_schematic_map_and_loading_twice_changes_nothing(
    servers: Servers, replay: ReplayGeo
) -> None:
    assert fetch(servers, replay) == {"added": 342, "changed": 0, "unchanged": 0, "removed": 0}
    made = found(2019)
    assert (made.is_schematic, made.year, len(made.shapes)) == (False, 2025, 342)
    moment = db.scalars(sa.select(OutlineEdition.fetched_at).where(~OutlineEdition.is_schematic)).one()
    assert fetch(servers, replay) == {"added": 0, "changed": 0, "unchanged": 342, "removed": 0}
    assert (
        db.scalars(sa.select(OutlineEdition.fetched_at).where(~OutlineEdition.is_schematic)).one() == moment
    )


def test_what_changed_is_taken_over_and_what_is_gone_goes(servers: Servers, replay: ReplayGeo) -> None:
    fetch(servers, replay)
    replay.features[0] = square(TODAY[0], 50, 50)
    replay.features = [item for item in replay.features if item["properties"]["statcode"] != TODAY[1]]
    assert fetch(servers, replay) == {"added": 0, "changed": 1, "unchanged": 340, "removed": 1}
    shapes = found().shapes
    assert TODAY[1] not in shapes
    assert shapes[TODAY[0]] == (((15_000, 45_000, 15_100, 45_000, 15_100, 45_100, 15_000, 45_100),),)


def test_a_layer_comes_in_pages(servers: Servers) -> None:
    codes = [f"WK{number:06}" for number in range(2300)]
    with ReplayGeo(codes) as replay:
        assert fetch(servers, replay, AreaType.WIJK)["added"] == 2300
        assert [asked.query.partition("startIndex=")[2].partition("&")[0] for asked in replay.requests] == [
            "0",
            "1000",
            "2000",
        ]
    assert sorted(found(2025, AreaType.WIJK, "WK0000").shapes) == codes[:100]


def test_districts_are_found_by_the_number_of_their_municipality(servers: Servers, replay: ReplayGeo) -> None:
    fetch(servers, replay, AreaType.WIJK)
    assert len(found(2024, AreaType.WIJK, "WK0034").shapes) == 20
    assert outlines_for(AreaType.WIJK, 2024, "WK0050") is None


def test_the_edition_of_the_year_or_the_nearest_one_is_used() -> None:
    shape = Outline("GM0034", (tile(1, 1),))
    db.commit()
    with as_platform():
        for year in (2018, 2022, 2024):
            load_outlines([shape], AreaType.GEMEENTE, year, "de maker")
        db.commit()
    assert [found(year).year for year in (2010, 2019, 2020, 2022, 2023, 2030)] == [
        2018, 2018, 2022, 2022, 2024, 2024,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("503", SourceUnavailable),
        ("reset", SourceUnavailable),
        ("truncated", SourceUnavailable),
        ("not_json", SourceUnavailable),
        ("404", SourceChanged),
        ("403", SourceChanged),
        ("wrong_host", SourceChanged),
        ("lost_column", SourceChanged),
        ("nonsense", SourceChanged),
        ("empty", SuspectResult),
    ],
)
def test_a_bad_answer_is_said_in_words_and_the_map_stays(
    servers: Servers, replay: ReplayGeo, fault: str, error: type[SourceError]
) -> None:
    replay.fail(fault, times=None)
    with pytest.raises(error) as told:
        fetch(servers, replay)
    assert str(told.value)
    assert found().is_schematic


def test_a_failure_that_passes_is_tried_again(servers: Servers, replay: ReplayGeo) -> None:
    replay.fail("503", times=2)
    assert fetch(servers, replay)["added"] == 342


def test_an_answer_without_end_is_cut_off(replay: ReplayGeo) -> None:
    small = GeoSettings(base_url=replay.base_url, max_page_bytes=20_000)
    with pytest.raises(SourceChanged, match="veel groter dan we verwachten"):
        list(QUICK.fetch(small, "gemeente", 2025))


def test_half_a_country_is_no_map(servers: Servers) -> None:
    with (
        ReplayGeo(TODAY[:200]) as replay,
        pytest.raises(OutlinesError, match="hebben er maar 200 een omtrek"),
    ):
        fetch(servers, replay)
    assert found().is_schematic


def test_a_file_is_taken_over(tmp_path: Path) -> None:
    if not RECORDED.exists():
        pytest.skip("The recordings of the workspace are not here.")
    done = load(RECORDED / "nl-vr-gm_2023.topo.json")
    assert done == {"added": 342, "changed": 0, "unchanged": 0, "removed": 0}
    made = found()
    assert (made.source, made.is_schematic) == ("de maker", False)
    assert db.scalar(sa.select(sa.func.count()).select_from(AreaOutline)) == 2 * 342


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "onvolledig of is geen JSON"),
        (b"\xff\xfe", "onvolledig of is geen JSON"),
        (b"[" * 100_000, "onvolledig of is geen JSON"),
        (b"[]", "geen GeoJSON"),
        (json.dumps({"type": "FeatureCollection", "features": []}).encode(), "geen omtrekken"),
        (
            json.dumps({"type": "FeatureCollection", "features": [square("GM0034", 0, 0)]}).encode(),
            "maar 1 een omtrek",
        ),
    ],
)
def test_a_file_without_a_map_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "kaart.json"
    file.write_bytes(content)
    with pytest.raises(OutlinesError, match=words):
        load(file)
    assert found().is_schematic


def test_the_service_is_checked_by_its_name(servers: Servers, replay: ReplayGeo) -> None:
    def state(url: str | None) -> str:
        db.commit()
        with as_platform():
            [line] = check_sources(servers.settings(geo_url=url or ""), "geo")
        return line.state

    with ReplayGeo(TODAY, years=tuple(map(str, range(2020, 2100)))) as every_year:
        assert state(every_year.base_url) == "not verified"
    replay.fail("403", times=None)
    assert state(replay.base_url) == "changed"
    assert state(None) == "off"
    with pytest.raises(SourceOff):
        outlines.geo_settings(servers.settings(geo_url=""))


def test_the_command_wants_to_know_who_made_a_file() -> None:
    done = CliRunner().invoke(cli, ["areas", "outlines", "--year", "2025", "--file", __file__])
    assert done.exit_code == 2
    assert "--file and --credit together" in done.output
