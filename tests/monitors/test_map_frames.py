"""The maps of a block: which figures, which outlines, and why there is none."""

import gzip
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from seeds import read, tile
from tests.core.test_no_ranking import PLANTED, areas_in, wrongs
from tests.factories import Cast, make_goal, make_link, make_own_indicator, make_plan, make_value
from tests.indicators.figures import load
from workbench.core.db import as_platform, db
from workbench.core.language import Language
from workbench.evidence.models import Link
from workbench.figures.map_frame import NOT_YET, DistrictsFrame, MapFrame
from workbench.figures.options import parse_options
from workbench.indicators import queries as catalogue
from workbench.indicators.catalogue import AreaType
from workbench.indicators.geometry import Outline
from workbench.indicators.models import Area, Series
from workbench.indicators.outlines.models import OutlineEdition
from workbench.indicators.outlines.operations import load_outlines
from workbench.monitors.building import build_blocks
from workbench.monitors.format import Figure, change_block
from workbench.monitors.frames import own_frame, trend_frame
from workbench.monitors.map_frames import Atlas, Made, maps_of
from workbench.monitors.models import BlockDocument, Monitor
from workbench.monitors.operations import format_of, shape
from workbench.uploads.operations import load_file

NL = Language()
DISTRICTS = {f"WK0034{number:02}": f"Wijk {chr(90 - number)}" for number in range(8)}


@pytest.fixture(autouse=True)
def link(cast: Cast) -> Link:
    return make_link(make_goal(make_value(make_plan())))


def maps(*, is_wider: bool = False) -> dict[str, Made]:
    area, indicator = catalogue.own_area(), catalogue.find_indicator("inwoners")
    assert area is not None
    assert indicator is not None
    figures = catalogue.figures_of(indicator, area)
    trend = trend_frame(indicator, area, figures, comparison=None, peers={}, happened=[], language=NL)
    return maps_of(indicator, trend, area, NL, Atlas(), is_wider=is_wider)


def municipal() -> MapFrame:
    made = maps()["map"]
    assert isinstance(made, MapFrame), made
    return made


def add_districts() -> None:
    """Districts that the catalogue knows, with an outline each."""
    db.commit()
    with as_platform():
        db.add_all(Area(code=code, name=name, type=AreaType.WIJK) for code, name in DISTRICTS.items())
        outlines = [Outline(code, (tile(index, 0),)) for index, code in enumerate(DISTRICTS)]
        load_outlines(outlines, AreaType.WIJK, 2024, "de maker")
        db.execute(sa.update(Series).values(levels=["gemeente", "wijk"]))
        db.commit()


def test_every_municipality_has_its_own_figure_and_ours_is_marked() -> None:
    made = municipal()
    assert made.is_schematic
    assert len(made.patches) == 342
    [ours] = [patch for patch in made.patches if patch.is_own]
    assert ours.value == made.place.own.value is not None
    assert ours.shape == (tile(*read.tiles()["GM0034"]),)
    assert made.place.band is not None
    assert made.place.band.count == sum(patch.value is not None for patch in made.patches) - 1


def test_a_figure_that_is_hidden_or_provisional_is_so_on_the_map() -> None:
    load(
        "inwoners",
        ("GM0034", "2024JJ00", 1000.0, "provisional", None),
        *((code, "2024JJ00", 500.0 + index, "final", None) for index, code in enumerate(sorted(read.tiles())[:40])
          if code != "GM0034"),
        ("GM0363", "2024JJ00", None, "final", "suppressed"),
    )  # fmt: skip
    made = municipal()
    assert made.place.own.is_provisional
    assert made.missing["suppressed"] == 1
    assert sum(made.missing.values()) + made.place.band.count + 1 == 342  # type: ignore[union-attr]


def test_a_municipality_that_did_not_exist_then_says_so() -> None:
    db.commit()
    with as_platform():
        db.execute(sa.update(Area).where(Area.code == "GM0363").values(valid_from=date(2030, 1, 1)))
        db.commit()
    assert municipal().missing[NOT_YET] >= 1


def test_without_outlines_or_without_an_own_figure_there_is_a_reason() -> None:
    assert maps()["districts"] == "Er zijn geen cijfers over de wijken."
    db.commit()
    with as_platform():
        db.execute(sa.delete(OutlineEdition))
        db.commit()
    assert maps()["map"] == "Er is nog geen kaart van de gemeenten geladen."


def test_figures_of_a_wider_area_have_no_map() -> None:
    assert set(maps(is_wider=True).values()) == {"Dit is geen cijfer over uw gemeente alleen."}


def test_our_districts_come_by_name_with_their_figures() -> None:
    add_districts()
    rows: list[Any] = [
        (code, "2024JJ00", 90.0 + index, "final", None) for index, code in enumerate(DISTRICTS)
    ]
    rows[3] = ("WK003403", "2024JJ00", None, "final", "suppressed")
    load("inwoners", ("GM0034", "2024JJ00", 1000.0, "final", None), *rows)
    made = maps()["districts"]
    assert isinstance(made, DistrictsFrame), made
    assert [patch.name for patch in made.patches] == sorted(DISTRICTS.values())
    assert made.missing == {"suppressed": 1}
    assert made.place.band is not None
    assert made.place.band.count == 7
    assert made.place.own.value == 1000


def choose(view: str) -> dict[str, Any]:
    """Let the one block show this view; its document in Dutch."""
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()
    found = format_of(monitor, monitor.draft)
    block = next(block for section in found.sections for block in section.blocks if isinstance(block, Figure))
    changed = block.model_copy(update={"view": parse_options({"kind": view})})
    shape(monitor, monitor.draft, lambda before: change_block(before, changed), {}, None)
    db.flush()
    build_blocks()
    document = db.scalars(
        sa.select(BlockDocument)
        .where(BlockDocument.language == "nl")
        .order_by(BlockDocument.built_at.desc())
        .limit(1)
    ).one()
    return document.content


def test_a_block_shows_the_map_that_the_council_chose() -> None:
    content = choose("map")
    assert content["state"] == "ready"
    assert "schematische kaart" in str(content["notes"])
    assert content["comparison"] is None
    assert content["svg"].count("<path") > 4
    assert len(content["svg"]) < 60_000
    assert {view["kind"]: view["suits"] for view in content["views"]}["map"] is True


def test_a_map_that_cannot_be_drawn_gives_way_to_another_view_and_says_why() -> None:
    content = choose("districts")
    assert {"kind": "view", "text": "Er zijn geen cijfers over de wijken."} in content["notes"]


def test_new_outlines_draw_the_maps_again() -> None:
    build_blocks()
    assert build_blocks() == 0
    db.commit()
    with as_platform():
        outlines = [Outline(code, (tile(*place),)) for code, place in read.tiles().items()]
        load_outlines(outlines, AreaType.GEMEENTE, 2024, "de maker")
        db.commit()
    assert build_blocks() == 1


def test_districts_that_the_municipality_counts_itself_are_on_the_map_and_small_ones_are_hidden() -> None:
    add_districts()
    indicator = make_own_indicator()
    rows = [f"{code};2024;{40 + index}" for index, code in enumerate(DISTRICTS)]
    rows[0], rows[1] = "WK003400;2024;4", "WK003401;2024;6"
    file = "\n".join(["gebied;jaar;aantal", "GM0034;2024;400", *rows]).encode()
    load_file(file, "wijken.csv", indicator, None)
    db.flush()
    area = catalogue.own_area()
    assert area is not None
    made = maps_of(indicator, own_frame(indicator, area, None, NL), area, NL, Atlas())
    assert made["map"] == "Dit cijfer telt de gemeente zelf. Van andere gemeenten is het niet bekend."
    districts = made["districts"]
    assert isinstance(districts, DistrictsFrame), districts
    assert districts.missing["suppressed"] >= 2
    assert {patch.name: patch.value for patch in districts.patches}["Wijk S"] == 47
    assert not any(patch.value in (4, 6) for patch in districts.patches)


def test_a_map_asks_for_no_names_with_figures_and_stores_no_figure_but_ours(
    link: Link, query_count: list[str]
) -> None:
    load("inwoners", *((code, "2024JJ00", value, "final", None) for code, value in PLANTED.items()))
    content = choose("map")
    reading = [sql for sql in query_count if "observation" in sql]
    assert reading
    assert {sql: wrongs(sql) for sql in reading if wrongs(sql)} == {}
    assert areas_in(str(content)) == {"GM0034"}
    charts = [chart for chart in db.scalars(sa.select(BlockDocument.chart)) if chart]
    assert charts
    assert all(areas_in(gzip.decompress(chart).decode()) <= {"GM0034"} for chart in charts)
