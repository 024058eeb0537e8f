"""Choosing figures for a goal, with a reason, and the order of the steps."""

import pytest

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from workbench.core.cards import revisions
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.evidence.models import Link, Quality
from workbench.vision.models import Goal, Plan

REASON = {"reason": "Omdat het telt.", "quality": "partial", "not_saying": "Niet wie."}


@pytest.fixture
def goal(cast: Cast) -> Goal:
    made = make_goal(make_value(make_plan()))
    db.commit()
    return made


def link_address(goal: Goal, slug: str = "inwoners") -> str:
    return f"/almere/doelen/{goal.id}/cijfers/{slug}/koppelen"


# --- Linking --------------------------------------------------------------------------------------------------------


def test_a_councillor_chooses_a_figure_and_says_why(
    client: Client, cast: Cast, goal: Goal, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    client.as_(cast.councillor)
    chooser = client.page(f"/almere/doelen/{goal.id}/cijfers/kiezen?q=inwoners op 1 januari")
    assert "Almere" in chooser.words
    assert chooser.soup is not None
    assert chooser.soup.find("a", href=link_address(goal)) is not None
    page = client.submit(link_address(goal), **REASON)
    assert page.response.request.path == f"/almere/doelen/{goal.id}"
    assert "Omdat het telt." in page.words
    assert "Niet wie." in page.words
    link = db.query(Link).one()
    assert (link.quality, link.edited_by_id, link.revision) == (Quality.PARTIAL, cast.councillor.id, 1)
    assert sent_jobs == [(Job.BUILD_BLOCKS, {"council_id": str(cast.almere.id)})]


@pytest.mark.parametrize("absent", ["reason", "quality", "not_saying"])
def test_a_link_without_a_reason_a_quality_or_what_it_does_not_say_is_refused(
    client: Client, cast: Cast, goal: Goal, absent: str
) -> None:
    fields = REASON | {absent: ""}
    page = client.as_(cast.clerk).send(link_address(goal), **fields)
    assert page.status == 422
    for text in fields.values():
        assert text in page.text
    assert db.query(Link).count() == 0


@pytest.mark.parametrize(
    "fields", [REASON | {"reason": " \n "}, REASON | {"quality": "perfect"}, REASON | {"reason": "x" * 1001}]
)
def test_a_link_with_an_empty_an_unknown_or_a_too_long_answer_is_refused(
    client: Client, cast: Cast, goal: Goal, fields: dict[str, str]
) -> None:
    assert client.as_(cast.clerk).send(link_address(goal), **fields).status == 422
    assert db.query(Link).count() == 0


def test_a_goal_has_three_figures_at_most(client: Client, cast: Cast, goal: Goal) -> None:
    for slug in ("inwoners", "huishoudensgrootte", "stedelijkheid"):
        assert client.as_(cast.clerk).submit(link_address(goal, slug), **REASON).status == 200
    address = link_address(goal, "eenpersoonshuishoudens")
    for page in (client.page(address), client.send(address, **REASON)):
        assert page.status == 409
        assert "hooguit drie cijfers" in page.words
    assert db.query(Link).count() == 3
    chooser = client.page(f"/almere/doelen/{goal.id}/cijfers/kiezen")
    assert link_address(goal, "eenpersoonshuishoudens") not in chooser.text


def test_the_same_figure_twice_is_refused(client: Client, cast: Cast, goal: Goal) -> None:
    make_link(goal)
    db.commit()
    client.as_(cast.clerk)
    for page in (client.page(link_address(goal)), client.send(link_address(goal), **REASON)):
        assert page.status == 409
        assert "hoort al bij dit doel" in page.words
    assert "hoort al bij dit doel" in client.page(f"/almere/doelen/{goal.id}/cijfers/kiezen?q=inwoners").words


@pytest.mark.parametrize("slug", ["bestaat-niet", "INWONERS", "%27", "🙂"])
def test_an_unknown_figure_is_a_404(client: Client, cast: Cast, goal: Goal, slug: str) -> None:
    client.as_(cast.clerk)
    assert client.page(link_address(goal, slug)).status == 404
    assert client.send(link_address(goal, slug), **REASON).status == 404


def test_a_figure_without_a_source_can_be_chosen_and_says_so(client: Client, cast: Cast, goal: Goal) -> None:
    from workbench.indicators.queries import search

    slug = next(indicator.slug for indicator in search("")[1] if not indicator.series)
    db.commit()
    client.as_(cast.clerk)
    assert "nog niet gekoppeld" in client.page(f"/almere/doelen/{goal.id}/cijfers/kiezen?q={slug}").words
    assert client.submit(link_address(goal, slug), **REASON).status == 200


@pytest.mark.parametrize(
    "question",
    [
        "?q=" + "x" * 5000,
        "?q=%25_\\'",
        "?q=%F0%9F%99%82",
        "?pagina=-1",
        "?pagina=99999999999",
        "?pagina=x",
        "?q=zzzz",
    ],
)
def test_an_odd_question_still_gives_a_page_to_choose_from(
    client: Client, cast: Cast, goal: Goal, question: str
) -> None:
    assert client.as_(cast.clerk).page(f"/almere/doelen/{goal.id}/cijfers/kiezen{question}").status == 200


def test_a_typing_error_offers_candidates_that_look_the_same_and_says_so(
    client: Client, cast: Cast, goal: Goal
) -> None:
    page = client.as_(cast.clerk).page(f"/almere/doelen/{goal.id}/cijfers/kiezen?q=eenzaamhied")
    assert "2 cijfers die erop lijken" in page.words
    assert "We vonden niets met precies “eenzaamhied”." in page.words
    assert "Ernstige eenzaamheid" in page.words


def test_two_people_edit_one_reason_and_the_second_sees_both(client: Client, cast: Cast, goal: Goal) -> None:
    link = make_link(goal, reason="Eerste reden.")
    db.commit()
    address = f"/almere/koppelingen/{link.id}"
    base = client.as_(cast.clerk).page(address).form().find("input", attrs={"name": "base_version"})["value"]  # type: ignore[index]
    client.as_(cast.councillor).submit(address, reason="Van het raadslid.")
    page = client.as_(cast.clerk).send(address, base_version=base, **REASON | {"reason": "Van de griffier."})
    assert page.status == 409
    assert "Van het raadslid." in page.words
    assert "Van de griffier." in page.text
    db.expire_all()
    assert db.query(Link).one().reason == "Van het raadslid."
    chosen = page.form().find("input", attrs={"name": "base_version"})["value"]  # type: ignore[index]
    assert client.send(address, base_version=chosen, **REASON | {"reason": "Van de griffier."}).status == 302
    db.expire_all()
    found = db.query(Link).one()
    assert found.reason == "Van de griffier."
    assert len(revisions(found)) == 3


def test_removing_a_figure_leaves_the_goal(client: Client, cast: Cast, goal: Goal) -> None:
    link = make_link(goal)
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/doelen/{goal.id}")
    assert page.form(f"/koppelingen/{link.id}/verwijderen")
    assert client.send(f"/almere/koppelingen/{link.id}/verwijderen").status == 302
    assert client.send(f"/almere/koppelingen/{link.id}/verwijderen").status == 404
    assert client.page(f"/almere/koppelingen/{link.id}").status == 404
    assert db.query(Link).count() == 0
    assert db.query(Goal).count() == 1


def test_who_only_reads_sees_reasons_and_no_buttons(client: Client, cast: Cast, goal: Goal) -> None:
    link = make_link(goal)
    db.get_one(Plan, goal.plan_id).open()
    db.commit()
    page = client.as_(cast["reader"]).page(f"/almere/doelen/{goal.id}")
    assert link.reason in page.words
    assert page.soup is not None
    assert not page.soup.select("main form")
    for address in (link_address(goal), f"/almere/koppelingen/{link.id}"):
        assert client.page(address).status == 403
        assert client.send(address, **REASON).status == 403
    assert client.send(f"/almere/koppelingen/{link.id}/verwijderen").status == 403


# --- Steps ----------------------------------------------------------------------------------------------------------


def test_the_task_list_says_what_is_missing(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}")
    assert page.title == plan.title
    for text in (
        "Eerst is een waarde nodig: stap 2",
        "Eerst is een doel nodig: stap 4",
        "hier zijn we",
        "kan nog niet beginnen",
    ):
        assert text in page.words
    assert page.soup is not None
    links = {anchor["href"] for anchor in page.soup.select("main ol a")}
    assert f"/almere/trajecten/{plan.id}/waarden" in links
    assert f"/almere/trajecten/{plan.id}/doelen" not in links


def test_one_plan_opens_at_once_and_more_are_listed(client: Client, cast: Cast) -> None:
    first = make_plan("Jeugd")
    db.commit()
    client.as_(cast.clerk)
    assert client.page("/almere/trajecten").location == f"/almere/trajecten/{first.id}"
    make_plan("Schulden")
    db.commit()
    page = client.page("/almere/trajecten")
    assert "Jeugd" in page.words
    assert "Schulden" in page.words
    assert "Jeugd" not in client.as_(cast.officer).page("/almere/trajecten").words


def test_a_card_tells_definition_value_trend_freshness_caveat_and_what_the_figure_does_not_say_before_choosing(
    client: Client, cast: Cast, goal: Goal
) -> None:
    client.as_(cast.councillor)
    page = client.page(f"/almere/doelen/{goal.id}/cijfers/kiezen?q=inwoners")
    assert page.soup is not None
    card = next(
        item
        for item in page.soup.select(".wb-card")
        if item.h3 is not None and item.h3.get_text(strip=True) == "Inwoners op 1 januari"
    )
    words = " ".join(card.get_text(" ").split())
    proposal = "Een gemeente die is samengevoegd of gesplitst, begint een nieuwe reeks."
    for wanted in (
        "232.619 in Almere, 2026",
        "2026: 232.619.",
        "Opgehaald op",
        "Let op: Wie niet staat ingeschreven, telt niet mee.",
        f"Wat dit niet zegt: {proposal}",
    ):
        assert wanted in words, wanted
    assert card.select_one("svg polyline") is not None
    form = client.page(link_address(goal)).soup
    assert form is not None
    box = form.find("textarea", {"name": "not_saying"})
    assert box is not None
    assert box.get_text(strip=True) == proposal
