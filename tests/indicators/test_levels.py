"""Which level stands in for which, and that it always says so."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import forget_figures, load
from workbench.core.db import as_platform, db
from workbench.core.language import Language
from workbench.indicators.catalogue import AreaType
from workbench.indicators.levels import WIDER, heading, level_for, not_ours, plain_name, whose
from workbench.monitors.building import build_blocks
from workbench.sources.divisions import regions_from_file

DUTCH = Language()
SMALL = (AreaType.WIJK, AreaType.BUURT)
FINAL = ("final", None)


# --- The rule -------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.sampled_from(AreaType), st.sets(st.sampled_from(AreaType)))
def test_the_own_level_comes_first_and_nothing_smaller_ever_stands_in(
    own: AreaType, present: set[AreaType]
) -> None:
    found = level_for(own, present)
    assert found is None or found in present
    if own in present:
        assert found is own
    elif found:
        assert found in WIDER[own]
        nearer = WIDER[own][: WIDER[own].index(found)]
        assert not present & set(nearer)
        assert found not in SMALL


@settings(deadline=None)
@given(st.sampled_from(SMALL), st.sets(st.sampled_from(AreaType)))
def test_a_figure_of_a_municipality_never_poses_as_that_of_a_district(
    own: AreaType, present: set[AreaType]
) -> None:
    assert level_for(own, present - {own}) is None


@pytest.mark.parametrize(
    ("present", "level"),
    [
        ({AreaType.NL, AreaType.PROVINCIE, AreaType.GGD_REGIO, AreaType.GEMEENTE}, AreaType.GEMEENTE),
        ({AreaType.NL, AreaType.PROVINCIE, AreaType.GGD_REGIO}, AreaType.GGD_REGIO),
        ({AreaType.NL, AreaType.PROVINCIE, AreaType.WIJK}, AreaType.PROVINCIE),
        ({AreaType.NL, AreaType.BUURT}, AreaType.NL),
        ({AreaType.WIJK, AreaType.BUURT}, None),
    ],
)
def test_a_municipality_gets_the_nearest_level(present: set[AreaType], level: AreaType | None) -> None:
    assert level_for(AreaType.GEMEENTE, present) is level


def test_a_region_is_named_with_its_kind_once() -> None:
    assert not_ours(AreaType.GGD_REGIO, "GGD Flevoland", DUTCH) == (
        "cijfer van de GGD-regio Flevoland, niet van uw gemeente"
    )
    assert whose(AreaType.NL, "Nederland", DUTCH) == "heel Nederland"
    assert heading(AreaType.PROVINCIE, "Utrecht (PV)", DUTCH) == "Provincie Utrecht"
    assert heading(AreaType.GEMEENTE, "Utrecht (gemeente)", DUTCH) == "Utrecht"
    assert plain_name("Bergen (NH.)") == "Bergen (NH.)"
    assert plain_name("GGD ") == "GGD "


# --- On the pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def flevoland(session: Session, cast: Cast, tmp_path: Path) -> None:
    """Almere lies in a GGD region that has a figure; Almere itself has none."""
    file = tmp_path / "regios.csv"
    file.write_text(
        "gemeente,soort,regio,naam,vanaf\n"
        "GM0034,ggd-regio,GG9999,GGD Elders,2010\n"
        "GM0034,ggd-regio,GG2406,GGD Flevoland,2020\n"
        "GM0034,ggd-regio,GG8888,GGD Later,2999\n",
        encoding="utf-8",
    )
    db.commit()
    with as_platform():
        regions_from_file(file)
        db.commit()
    forget_figures("huishoudensgrootte")
    load(
        "huishoudensgrootte",
        ("GG9999", "2022JJ00", 9.9, *FINAL),
        ("GG2406", "2022JJ00", 2.4, *FINAL),
        ("NL01", "2023JJ00", 2.1, *FINAL),
        ("WK003401", "2022JJ00", 3.3, *FINAL),
    )


LABEL = "cijfer van de GGD-regio Flevoland, niet van uw gemeente"


def test_catalogue_choosing_and_indicator_page_show_the_region_and_say_so(
    client: Client, cast: Cast, flevoland: None
) -> None:
    goal = make_goal(make_value(make_plan()))
    db.commit()
    client.as_(cast.councillor)
    for address in (
        "/almere/cijfers/?q=grootte+huishouden",
        "/almere/cijfers/huishoudensgrootte",
        f"/almere/doelen/{goal.id}/cijfers/kiezen?q=grootte+huishouden",
    ):
        words = client.page(address).words
        assert f"2,4 personen in 2022 {LABEL}" in words, address
        assert "9,9" not in words, address
    page = client.page("/almere/cijfers/huishoudensgrootte")
    assert (
        "Wel over de GGD-regio Flevoland: 2,4 personen in 2022. Dat is het cijfer van een regio" in page.words
    )
    assert "GGD-regio Flevoland" in page.words


def test_our_area_tells_its_regions(client: Client, cast: Cast, flevoland: None) -> None:
    words = client.as_(cast["reader"]).page("/almere/gebied").words
    assert "GGD-regio Flevoland" in words
    assert "zijn nog niet geladen" not in words


def test_the_monitor_says_in_title_and_source_line_whose_figure_it_is(
    client: Client, cast: Cast, flevoland: None
) -> None:
    plan = make_plan()
    make_link(make_goal(make_value(plan)), "huishoudensgrootte")
    db.commit()
    build_blocks()
    db.commit()
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/monitor")
    assert f"({LABEL})" in page.words
    assert f"C{LABEL[1:]}." in page.words
    assert "2,4" in page.words
    assert "3,3" not in page.words


def test_as_soon_as_the_municipality_has_a_figure_the_region_steps_back(
    client: Client, cast: Cast, flevoland: None
) -> None:
    load("huishoudensgrootte", ("GG2406", "2022JJ00", 2.4, *FINAL), ("GM0034", "2020JJ00", 2.6, *FINAL))
    client.as_(cast["reader"])
    for address in ("/almere/cijfers/?q=grootte+huishouden", "/almere/cijfers/huishoudensgrootte"):
        words = client.page(address).words
        assert "2,6 personen" in words
        assert LABEL not in words


def test_of_a_municipality_without_known_regions_no_region_is_pretended(client: Client, cast: Cast) -> None:
    forget_figures("huishoudensgrootte")
    load("huishoudensgrootte", ("PV24", "2022JJ00", 2.5, *FINAL))
    words = client.as_(cast["reader"]).page("/almere/cijfers/?q=grootte+huishouden").words
    assert "cijfer van de provincie Flevoland, niet van uw gemeente" in words
