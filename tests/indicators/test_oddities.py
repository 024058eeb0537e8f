"""What is said beside figures that are right as far as we know: negative amounts, and great jumps in small places."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from workbench.core.db import db
from workbench.indicators import queries
from workbench.indicators.oddities import PER_INHABITANT, TIMES, Oddity, oddities
from workbench.indicators.operations import set_area
from workbench.indicators.periods import Period, parse_period
from workbench.monitors.building import build_blocks


@dataclass(frozen=True)
class Item:
    period: Period
    value: float | None


def line(*values: float | None) -> list[Item]:
    return [Item(parse_period(f"{2015 + year}JJ00"), value) for year, value in enumerate(values)]


def odd(slug: str, code: str) -> dict[str, Oddity]:
    indicator, area = queries.find_indicator(slug), queries.find_area(code)
    assert indicator is not None
    assert area is not None
    return oddities(queries.figures_of(indicator, area), indicator.unit)


# --- The rule -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "unit", "found"),
    [
        ((10, 10, 10, 10, 51), PER_INHABITANT, {"2019JJ00": Oddity.HIGH}),
        ((10, 10, 10, 10, 50), PER_INHABITANT, {}),
        ((10, 10, 10, 51), PER_INHABITANT, {}),
        ((0, 0, 0, 0, 51), PER_INHABITANT, {}),
        ((10, 10, 10, 10, 51), "aantal", {}),
        ((10, -1), PER_INHABITANT, {"2016JJ00": Oddity.NEGATIVE}),
        ((10, -1), "%", {}),
        ((None, None), PER_INHABITANT, {}),
    ],
)
def test_only_money_can_be_odd_and_only_beside_enough_other_years(
    values: tuple[float | None, ...], unit: str, found: dict[str, Oddity]
) -> None:
    assert oddities(line(*values), unit) == found


@settings(deadline=None)
@given(st.lists(st.floats(1, 1000), min_size=1, max_size=12))
def test_figures_of_the_same_order_are_never_odd(values: list[float]) -> None:
    usual = [100 + value / 1000 * (TIMES - 2) * 100 for value in values]
    assert oddities(line(*usual), PER_INHABITANT) == {}


# --- Real figures ---------------------------------------------------------------------------------------------------


def test_rozendaal_and_nieuwkoop_come_out_as_the_data_says(session: Session) -> None:
    assert odd("uitgaven-samenkracht-begroting", "GM0277") == {
        "2024JJ00": Oddity.HIGH,
        "2025JJ00": Oddity.HIGH,
    }
    assert odd("uitgaven-jeugd-begroting", "GM0569")["2024JJ00"] is Oddity.NEGATIVE
    assert odd("uitgaven-samenkracht-begroting", "GM0034") == {}


def test_rozendaal_is_warned_on_the_value_and_told_why(client: Client, cast: Cast) -> None:
    set_area("GM0277")
    db.commit()
    page = client.as_(cast.officer).page("/almere/cijfers/uitgaven-samenkracht-begroting")
    assert "veel hoger dan in andere jaren: zie Let op" in page.words
    assert "2024: dit is veel hoger dan in andere jaren. Rozendaal heeft maar" in page.words
    assert "2.274" in page.words


def test_the_warning_also_stands_on_a_municipality_that_was_put_beside_ours(
    client: Client, cast: Cast
) -> None:
    words = client.as_(cast.officer).page("/almere/cijfers/uitgaven-samenkracht-begroting?naast=GM0277").words
    assert "€ 2.274 veel hoger dan in andere jaren: zie Let op" in words
    assert "Rozendaal, 2024: dit is veel hoger" in words
    assert "Almere, 2024" not in words


def test_nieuwkoop_stays_negative_and_is_explained_also_in_the_monitor(client: Client, cast: Cast) -> None:
    set_area("GM0569")
    plan = make_plan()
    make_link(make_goal(make_value(plan)), "uitgaven-jeugd-begroting")
    db.commit()
    build_blocks()
    db.commit()
    client.as_(cast.councillor)
    for address in ("/almere/cijfers/uitgaven-jeugd-begroting", f"/almere/trajecten/{plan.id}/monitor"):
        words = client.page(address).words
        assert "1.406" in words
        assert "2024: het bedrag is negatief. De bron geeft het zo." in words


# --- Names and abolished municipalities -----------------------------------------------------------------------------


def test_weesp_is_shown_as_abolished_from_the_day_on(client: Client, cast: Cast) -> None:
    page = client.as_(cast["reader"]).page("/almere/cijfers/inwoners?naast=GM0457")
    assert "Weesp (opgeheven in 2022)" in page.words
    assert "Weesp is opgeheven op 24 maart 2022. Daarna zijn er geen cijfers meer." in page.words
    assert page.soup is not None
    rows = {
        row.th.get_text(strip=True): row.find_all("td")[-1].get_text(strip=True)
        for row in page.soup.select("section[aria-labelledby=figures] tbody tr")
    }
    assert rows["2023"] == "opgeheven"
    assert rows["2021"] not in ("opgeheven", "geen cijfer")


def test_utrecht_is_utrecht_until_the_province_stands_beside_it(client: Client, cast: Cast) -> None:
    set_area("GM0344")
    db.commit()
    client.as_(cast["reader"])
    page = client.page("/almere/gebied")
    assert page.soup is not None
    assert page.soup.find(id="area").get_text() == "Utrecht"
    assert "in Utrecht, " in client.page("/almere/cijfers/inwoners").words
    assert "Utrecht (gemeente), Nederland (land)" in client.page("/almere/cijfers/inwoners").words
