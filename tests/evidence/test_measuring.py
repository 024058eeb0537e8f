"""How a figure is measured under its goal: start, aim, signal, direction."""

import re
from typing import Any

import pytest

from tests.client import Client
from tests.factories import Cast, load_own_figures, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import load
from workbench.core.cards import revisions
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.evidence.measuring.models import Aiming, Measuring, Side
from workbench.evidence.models import Link
from workbench.indicators.catalogue import Direction
from workbench.vision.models import Goal

READINGS = {"reading_up": "Er komen mensen bij.", "reading_down": "Er gaan mensen weg."}
FOLLOWS = {"aiming": "follow", "signal_side": "", "direction": "context", **READINGS}


@pytest.fixture
def link(cast: Cast) -> Link:
    load(
        "inwoners",
        ("GM0034", "2023JJ00", 222_000.0, "final", None),
        ("GM0034", "2024JJ00", 226_500.0, "provisional", None),
    )
    made = make_link(make_goal(make_value(make_plan())))
    db.commit()
    return made


def address(link: Link) -> str:
    return f"/almere/koppelingen/{link.id}/meten"


def test_the_newest_figure_is_proposed_as_the_start_with_its_status_and_no_direction(
    client: Client, cast: Cast, link: Link
) -> None:
    page = client.as_(cast.councillor).page(address(link))
    assert page.soup is not None
    chosen = page.soup.select("select[name=baseline_period] option[selected]")
    assert [option["value"] for option in chosen] == ["2024JJ00"]
    assert chosen[0].get_text(strip=True) == "2024: 226.500 (voorlopig)"
    assert page.soup.select("input[name=direction][checked]")[0]["value"] == "context"
    goal = client.submit(address(link), **FOLLOWS)
    assert "226.500" in goal.words
    assert "voorlopig, kan nog veranderen" in goal.words
    assert "Wij volgen dit cijfer, zonder getal als doel." in goal.words
    assert "Dat hangt ervan af." in goal.words
    assert "Er komen mensen bij." in goal.words
    assert "Er gaan mensen weg." in goal.words


def test_a_councillor_aims_asks_for_a_signal_and_sets_a_direction_with_a_reason(
    client: Client, cast: Cast, link: Link
) -> None:
    page = client.as_(cast.councillor).submit(
        address(link),
        baseline_period="2023JJ00",
        aiming="aim",
        aims="2030: 240.000\n2028 235000,5",
        signal_side="below",
        signal_limit="220.000",
        direction="band",
        direction_reason="Groei moet te dragen zijn.",
        band_low="220.000",
        band_high="250.000",
    )
    assert page.status == 200, page.words
    kept = db.query(Measuring).one()
    assert kept.aims_by_year() == {2028: 235_000.5, 2030: 240_000.0}
    assert (kept.signal_side, kept.signal_limit) == (Side.BELOW, 220_000.0)
    assert (kept.direction, kept.band_low, kept.band_high) == (Direction.BAND, 220_000.0, 250_000.0)
    assert (kept.baseline_value, kept.baseline_status) == (222_000.0, "final")
    assert revisions(kept)[0].content["aims"] == "2028: 235000,5\n2030: 240000"
    assert "Groei moet te dragen zijn." in page.words


def test_who_goes_back_to_following_or_depending_leaves_no_old_number_behind(
    client: Client, cast: Cast, link: Link
) -> None:
    client.as_(cast.councillor).submit(
        address(link),
        **FOLLOWS | {"aiming": "aim", "aims": "2030: 5", "direction": "up", "direction_reason": "Meer."},
    )
    client.submit(address(link), **FOLLOWS | {"aims": "2030: 5", "direction_reason": "Meer."})
    kept = db.query(Measuring).one()
    assert (kept.aiming, kept.aims, kept.direction_reason) == (Aiming.FOLLOW, "", "")
    assert kept.aims_by_year() == {}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"aiming": "aim", "aims": ""}, "Noem een jaar en een getal"),
        ({"aiming": "aim", "aims": "2028: veel"}, "geen jaar met een getal: 2028: veel"),
        ({"signal_side": "above", "signal_limit": ""}, "bij welke grens"),
        ({"signal_side": "above", "signal_limit": "hoog"}, "zoals 12,5"),
        ({"signal_side": "", "signal_limit": "5"}, "aan welke kant"),
        ({"direction": "down", "direction_reason": " "}, "waarom de raad dit beter vindt"),
        (
            {"direction": "band", "direction_reason": "x", "band_low": "5", "band_high": "5"},
            "de laagste eerst",
        ),
        ({"reading_down": ""}, "beide lezingen"),
        ({"baseline_period": "1850JJ00"}, "Kies een van de mogelijkheden"),
    ],
)
def test_what_does_not_hang_together_is_said_and_nothing_is_lost(
    client: Client, cast: Cast, link: Link, wrong: dict[str, str], words: str
) -> None:
    page = client.as_(cast.clerk).send(address(link), **FOLLOWS | wrong)
    assert page.status == 422
    assert words in page.words
    assert "Er komen mensen bij." in page.text
    assert db.query(Measuring).count() == 0


def test_the_start_stays_when_the_source_revises_it_later(client: Client, cast: Cast, link: Link) -> None:
    client.as_(cast.councillor).submit(address(link), **FOLLOWS)
    load("inwoners", ("GM0034", "2024JJ00", 227_000.0, "final", None))
    page = client.submit(address(link), reading_up="Anders gezegd.")
    assert "226.500" in page.words
    kept = db.query(Measuring).one()
    assert (kept.baseline_value, kept.reading_up) == (226_500.0, "Anders gezegd.")


def test_two_people_on_one_card_see_both_versions(client: Client, cast: Cast, link: Link) -> None:
    client.as_(cast.councillor).submit(address(link), **FOLLOWS)
    client.submit(address(link), reading_up="Van de eerste.")
    late = client.as_(cast.clerk).send(
        address(link),
        base_version="1",
        **FOLLOWS | {"baseline_period": "2023JJ00", "reading_up": "Van de tweede."},
    )
    assert late.status == 409
    assert "Van de eerste." in late.words
    assert "Van de tweede." in late.text


def test_the_figure_is_made_again_at_once_also_when_an_earlier_aim_is_put_back(
    client: Client, cast: Cast, link: Link, sent_jobs: list[Any]
) -> None:
    build = (Job.BUILD_BLOCKS, {"council_id": str(cast.almere.id)})
    client.as_(cast.councillor).submit(address(link), **FOLLOWS)
    assert sent_jobs == [build]
    client.as_(cast.clerk).submit(address(link), **FOLLOWS | {"aiming": "aim", "aims": "2030: 5"})
    assert sent_jobs == [build] * 2
    client.submit(f"{address(link)}/geschiedenis", "/1")
    assert db.query(Measuring).one().aiming is Aiming.FOLLOW
    assert sent_jobs == [build] * 3


def test_an_own_figure_can_be_the_start_too(client: Client, cast: Cast, link: Link) -> None:
    own = make_link(db.get_one(Goal, link.goal_id), load_own_figures("2023;120 2024;137"))
    db.commit()
    page = client.as_(cast.councillor).submit(address(own), **FOLLOWS)
    assert "137" in page.words
    assert db.query(Measuring).one().baseline_value == 137.0


def test_a_figure_that_depends_has_no_arrow_and_no_colour_of_good_or_bad(
    client: Client, cast: Cast, link: Link
) -> None:
    client.as_(cast.councillor).submit(address(link), **FOLLOWS)
    goal = db.get_one(Goal, link.goal_id)
    for where in (f"/almere/doelen/{goal.id}", f"/almere/trajecten/{goal.plan_id}/dekking"):
        page = client.page(where)
        main = str(page.soup.find("main"))  # type: ignore[union-attr]
        assert not re.search(r"[↑↓↗↘▲▼]", main)
        assert "wb-tag--success" not in main
        assert "wb-tag--error" not in main
