"""Choosing a figure that the municipality counts itself."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests.client import Client
from tests.factories import Cast, load_own_figures, make_goal, make_link, make_plan, make_value
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.core.tenancy import act_for
from workbench.evidence.models import Link, Quality
from workbench.indicators.queries import find_indicator
from workbench.uploads.models import OwnIndicator
from workbench.uploads.operations import withdraw
from workbench.vision.models import Goal

REASON = {"reason": "Wij tellen het zelf.", "quality": "direct", "not_saying": "Niet waarom."}


@pytest.fixture
def goal(cast: Cast) -> Goal:
    made = make_goal(make_value(make_plan()))
    db.commit()
    return made


@pytest.fixture
def own(goal: Goal) -> OwnIndicator:
    made = load_own_figures("2023;120 2024;137")
    db.commit()
    return made


def link_address(goal: Goal, own: OwnIndicator) -> str:
    return f"/almere/doelen/{goal.id}/eigen-cijfers/{own.id}/koppelen"


def test_a_councillor_finds_the_municipalitys_own_figures_beside_the_public_ones_and_chooses_one(
    client: Client, cast: Cast, goal: Goal, own: OwnIndicator, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    chooser = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/cijfers/kiezen?alle=1")
    assert chooser.soup is not None
    card = next(
        item for item in chooser.soup.select("li.wb-card") if own.name in item.get_text(" ")
    ).get_text(" ")
    for text in (
        "eigen cijfer van de gemeente",
        own.definition,
        "Waar het vandaan komt: Registratie van het wijkteam",
        "137",
        "in Almere, 2024",
        "definitief",
    ):
        assert text in " ".join(card.split())
    assert "Inwoners op 1 januari" in chooser.words, "the catalogue is there too"
    form = client.page(link_address(goal, own))
    assert "eigen cijfer van de gemeente" in form.words
    assert "Registratie van het wijkteam" in form.words
    sent_jobs.clear()
    page = client.submit(link_address(goal, own), **REASON)
    assert own.name in page.words
    assert "eigen cijfer van de gemeente" in page.words
    link = db.scalars(sa.select(Link)).one()
    assert (link.indicator_id, link.own_indicator_id, link.quality) == (None, own.id, Quality.DIRECT)
    assert sent_jobs == [(Job.BUILD_BLOCKS, {"council_id": str(cast.almere.id)})]


def test_own_figures_are_found_by_words(client: Client, cast: Cast, goal: Goal, own: OwnIndicator) -> None:
    client.as_(cast.councillor)
    for words, found in (("wijkteam gezinnen", True), ("lopend", True), ("100%25", False), ("zzz", False)):
        page = client.page(f"/almere/doelen/{goal.id}/cijfers/kiezen?q={words}")
        assert (own.name in page.words) is found, words


def test_the_same_own_figure_twice_a_withdrawn_one_and_a_fourth_are_refused(
    client: Client, cast: Cast, goal: Goal, own: OwnIndicator
) -> None:
    make_link(goal, own)
    db.commit()
    client.as_(cast.councillor)
    assert client.get(link_address(goal, own)).status_code == 409
    assert "hoort al bij dit doel" in client.page(f"/almere/doelen/{goal.id}/cijfers/kiezen").words
    other = load_own_figures("2024;90", name="Meldingen")
    withdraw(other, "Dubbel geteld.")
    db.commit()
    assert client.get(link_address(goal, other)).status_code == 409
    assert "Meldingen" not in client.page(f"/almere/doelen/{goal.id}/cijfers/kiezen").words
    for slug in ("inwoners", "huishoudensgrootte"):
        make_link(goal, slug)
    third = load_own_figures("2024;90", name="Klachten")
    db.commit()
    assert "hooguit drie cijfers" in client.page(link_address(goal, third)).words


def test_the_reason_of_an_own_figure_can_be_put_better_and_the_figure_taken_away(
    client: Client, cast: Cast, goal: Goal, own: OwnIndicator
) -> None:
    link = make_link(goal, own)
    db.commit()
    page = client.as_(cast.councillor).submit(f"/almere/koppelingen/{link.id}", reason="Beter gezegd.")
    assert "Beter gezegd." in page.words
    client.submit(f"/almere/doelen/{goal.id}", "verwijderen")
    assert db.scalar(sa.select(sa.func.count()).select_from(Link)) == 0


@pytest.mark.parametrize("which", ["both", "neither", "another council's"])
def test_a_link_has_exactly_one_figure_of_its_own_council(cast: Cast, goal: Goal, which: str) -> None:
    here, goal_id, rule = cast.almere.id, goal.id, "one_figure"
    ids: dict[str, object] = {}
    if which == "both":
        public = find_indicator("inwoners")
        assert public is not None
        ids = {"indicator_id": public.id, "own_indicator_id": load_own_figures().id}
    elif which == "another council's":
        rule = "same_council_link_own_indicator_id"
        act_for(db, cast.breda.id)
        ids = {"own_indicator_id": load_own_figures().id}
        db.commit()
        act_for(db, here)
    db.add(
        Link(
            goal_id=goal_id, reason="r", quality=Quality.DIRECT, not_saying="n", version=1, revision=1, **ids
        )
    )
    with pytest.raises(IntegrityError, match=rule):
        db.flush()
    db.rollback()


def test_choosing_costs_as_few_questions_however_many_own_figures_there_are(
    client: Client, cast: Cast, goal: Goal, query_count: list[str]
) -> None:
    for number in range(4):
        load_own_figures("2024;90", name=f"Telling {number}")
    address = f"/almere/doelen/{goal.id}/cijfers/kiezen"
    db.commit()
    client.as_(cast.councillor)
    query_count.clear()
    assert "Telling 3" in client.page(address).words
    assert len(query_count) <= 12
