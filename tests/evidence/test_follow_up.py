"""Steps 5, 7 and 8: what a goal needs, what it costs, when the council steers."""

from datetime import date
from typing import Any

import pytest

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_need, make_plan, make_value
from workbench.comparison.models import ComparisonGroup
from workbench.comparison.queries import comparables_at_once
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.language import Language
from workbench.evidence.follow_up import operations, queries
from workbench.evidence.follow_up.models import Certainty, CostLine, Need, Part, Steering
from workbench.indicators.compare import Kind, band
from workbench.indicators.queries import find_indicators, group_values_of, newest_figures, own_area
from workbench.vision.models import Goal


def _goal() -> Goal:
    return make_goal(make_value(make_plan()))


def _cost(goal: Goal, **content: Any) -> CostLine:
    texts = {"name": "Twee medewerkers", "yearly": 140_000, "certainty": Certainty.ESTIMATE, **content}
    card = operations.add(goal, Part.COST, None, **texts)
    db.flush()
    assert isinstance(card, CostLine)
    return card


def test_a_councillor_says_what_is_needed_then_what_it_costs_then_when_to_steer(
    client: Client, cast: Cast
) -> None:
    goal = _goal()
    db.commit()
    client.as_(cast.councillor)
    locked = client.page(f"/almere/doelen/{goal.id}/kosten/nieuw")
    assert locked.status == 409
    assert "stap 5" in locked.words
    assert client.send(f"/almere/doelen/{goal.id}/kosten/nieuw", name="x", yearly="1").status == 409
    needs = client.submit(
        f"/almere/doelen/{goal.id}/nodig/nieuw", change="Een vast gezicht in de wijk.", task="enable"
    )
    assert "mogelijk maken dat anderen het doen" in needs.words
    costs = client.submit(
        f"/almere/doelen/{goal.id}/kosten/nieuw",
        name="Twee medewerkers",
        yearly="140000",
        certainty="guess",
        spending="uitgaven-toegang-rekening",
    )
    assert "elk jaar 140.000 euro" in costs.words
    assert "Eén bedrag daarvan is een eerste inschatting." in costs.words
    assert "Een vast gezicht in de wijk." in costs.words, "money stands beside what it is for"
    assert "Wat geeft de gemeente nu uit?" in costs.words
    assert client.page(f"/almere/doelen/{goal.id}/sturing/nieuw").status == 409, "first a figure, step 6"
    make_link(goal)
    db.commit()
    moments = client.page(f"/almere/doelen/{goal.id}/sturing/nieuw").soup
    assert moments is not None
    moment = moments.select("select[name=moment] option")[1]["value"]
    steering = client.submit(
        f"/almere/doelen/{goal.id}/sturing/nieuw", moment=moment, on="23-6-2027", owner="Commissie Sociaal"
    )
    assert "23 juni 2027" in steering.words
    assert db.query(Steering).one().on == date(2027, 6, 23)


def test_an_amount_is_asked_for_and_must_be_a_whole_number(client: Client, cast: Cast) -> None:
    goal = _goal()
    make_need(goal)
    db.commit()
    address = f"/almere/doelen/{goal.id}/kosten/nieuw"
    client.as_(cast.clerk)
    for typed, words in (
        ("", "eenmalig, elk jaar of allebei"),
        ("-5", "0 euro of meer"),
        ("veel", "heel getal"),
    ):
        page = client.submit(address, name="Iets", yearly=typed, certainty="guess")
        assert page.status == 422, typed
        assert words in page.words
        assert "Iets" in page.text
    assert db.query(CostLine).count() == 0


def test_spending_of_the_own_municipality_equals_the_figures(session: None, cast: Cast) -> None:
    from workbench.indicators import queries as catalogue

    goal = _goal()
    make_need(goal)
    area = catalogue.own_area()
    assert area is not None
    lines = [_cost(goal, spending="uitgaven-toegang-rekening"), _cost(goal, spending="")]
    (found,) = queries.spending_of(lines, area, comparables_at_once())
    indicator = catalogue.find_indicator("uitgaven-toegang-rekening")
    assert indicator is not None
    every = [(item.period.code, item.value) for item in catalogue.figures_of(indicator, area)]
    years = [item.figure for item in found.years]
    assert [(item.period.code, item.value) for item in years] == every[-queries.RECENT :]
    assert years


def test_the_last_need_stays_while_there_are_costs(client: Client, cast: Cast) -> None:
    goal = _goal()
    need = make_need(goal)
    cost = _cost(goal)
    db.commit()
    client.as_(cast.councillor)
    assert client.submit(f"/almere/nodig/{need.id}/bewerken", "/verwijderen").status == 409
    client.submit(f"/almere/kosten/{cost.id}/bewerken", "/verwijderen")
    client.submit(f"/almere/nodig/{need.id}/bewerken", "/verwijderen")
    assert db.query(Need).count() == db.query(CostLine).count() == 0


def test_two_people_on_one_line_see_both_versions(client: Client, cast: Cast) -> None:
    goal = _goal()
    need = make_need(goal)
    db.commit()
    client.as_(cast.councillor).submit(f"/almere/nodig/{need.id}/bewerken", change="Van de eerste.")
    late = client.as_(cast.clerk).send(
        f"/almere/nodig/{need.id}/bewerken", base_version="1", change="Van de tweede.", task="do"
    )
    assert late.status == 409
    assert "Van de eerste." in late.words
    assert "Van de tweede." in late.text


def test_a_kind_that_does_not_exist_has_no_page(client: Client, cast: Cast) -> None:
    goal = _goal()
    db.commit()
    assert client.as_(cast.clerk).page(f"/almere/doelen/{goal.id}/dromen/nieuw").status == 404


def test_cards_of_one_kind_are_not_found_under_another(client: Client, cast: Cast) -> None:
    goal = _goal()
    need = make_need(goal)
    db.commit()
    assert client.as_(cast.clerk).page(f"/almere/kosten/{need.id}/bewerken").status == 404


def test_sums_leave_out_what_is_not_there(session: None, cast: Cast) -> None:
    goal = _goal()
    make_need(goal)
    lines = [_cost(goal, once=5), _cost(goal, yearly=None, once=7, certainty=Certainty.GUESS)]
    assert queries.sums(lines) == queries.Sums(once=12, yearly=140_000, unsure=1)


def test_an_operation_refuses_money_beforemake_need(session: None, cast: Cast) -> None:
    with pytest.raises(Conflict):
        operations.check_order(_goal(), Part.COST)


def test_spending_stands_beside_the_middle_half_of_comparable_municipalities_and_names_none(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    goal = _goal()
    make_need(goal)
    _cost(goal, spending="uitgaven-toegang-rekening")
    _cost(goal, name="Opleiding", spending="uitgaven-jeugd-rekening")
    db.commit()
    client.as_(cast.councillor)
    address = f"/almere/trajecten/{goal.plan_id}/kosten"
    page = client.page(address)
    area = own_area()
    assert area is not None
    group = comparables_at_once()
    assert group is not None
    indicators = find_indicators(["uitgaven-toegang-rekening", "uitgaven-jeugd-rekening"])
    for indicator in indicators.values():
        figure = newest_figures([indicator], area)[indicator.slug]
        others = band(group_values_of([indicator], group.area_ids)[indicator.slug][figure.period.code])
        assert others is not None
        low, median, high = (
            Language().number(number, indicator.decimals)
            for number in (others.low, others.median, others.high)
        )
        assert f"{median} {low} tot {high}" in page.words, "the row of the newest year"
        assert f"€\u00a0{low} tot €\u00a0{high}, met €\u00a0{median} als mediaan" in page.text
    assert group.because(Language()) in page.words
    assert not [name for name in group.names() if name in page.words]
    query_count.clear()
    client.page(address)
    assert len(query_count) <= 12, len(query_count)


def test_a_council_whose_group_is_too_small_reads_why_there_is_no_band(client: Client, cast: Cast) -> None:
    goal = _goal()
    make_need(goal)
    _cost(goal, spending="uitgaven-jeugd-rekening")
    db.add(ComparisonGroup(number=1, kind=Kind.CHOSEN, chosen=["GM0050"], reason="Een buur."))
    db.commit()
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{goal.plan_id}/kosten")
    assert "geen vergelijking" in page.words
    assert "Middelste helft" in page.words
    assert "mediaan is het middelste" not in page.words


def test_the_three_pages_ask_few_questions_at_forty_goals(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    value = make_value(make_plan())
    for n in range(40):
        goal = make_goal(value, f"zij merken {n}")
        make_need(goal)
        _cost(goal, spending="uitgaven-toegang-rekening")
    make_link(goal)
    db.commit()
    client.as_(cast.councillor)
    for name in ("nodig", "kosten", "sturen"):
        query_count.clear()
        assert client.page(f"/almere/trajecten/{value.plan_id}/{name}").status == 200
        assert len(query_count) <= 12, (name, len(query_count))
