"""What figures say, what stories say, where they differ: written by the group, shown at the head of a goal everywhere."""

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client
from tests.factories import Cast, make_adopted, make_goal, make_link, make_plan, make_value
from workbench.accounts.models import Membership, Role
from workbench.core.db import db
from workbench.evidence.insight.operations import write_lines
from workbench.monitors.building import build_blocks
from workbench.monitors.read_out import council_monitor_in_words
from workbench.monitors.three_lines.proposal import LONGEST, as_many, first_of, propose
from workbench.vision.models import Goal, Plan

LINES = {
    "figures": "Het wachten wordt korter.",
    "stories": "Wie belt, wacht langer.",
    "difference": "Cijfers tellen niet wie afhaakt.",
}
WORDS = (
    "Wat cijfers zeggen: Het wachten wordt korter.",
    "Wat verhalen zeggen: Wie belt, wacht langer.",
    "Waar ze verschillen: Cijfers tellen niet wie afhaakt.",
)


@pytest.fixture
def goal(cast: Cast) -> Goal:
    made = make_goal(make_value(make_plan()))
    make_link(made)
    build_blocks()
    db.commit()
    return made


def test_the_lines_stand_at_the_head_of_the_goal_in_the_monitor_and_in_its_words(
    app: Flask, client: Client, cast: Cast, goal: Goal
) -> None:
    write_lines(goal, None, 0, **LINES)
    plan_id = goal.plan_id
    db.commit()
    for address in (f"trajecten/{plan_id}/monitor", f"doelen/{goal.id}"):
        words = client.as_(cast.councillor).page(f"/almere/{address}").words
        assert " ".join(line.replace(": ", " ", 1) for line in WORDS) in words
    with app.test_request_context("/almere/"):
        g.council_slug = cast.almere.slug
        told = council_monitor_in_words(
            db.get_one(Plan, plan_id), cast.almere, Membership(role=Role.COUNCILLOR), "nl"
        )
    (head,) = (item for item in told.items if item.kind == "goal")
    assert head.lines[-3:] == WORDS


def test_what_the_council_adopted_keeps_its_lines(client: Client, cast: Cast, goal: Goal) -> None:
    write_lines(goal, None, 0, **LINES)
    adopted = make_adopted(db.get_one(Plan, goal.plan_id))
    write_lines(goal, None, 1, **{**LINES, "figures": "Het wachten wordt langer."})
    db.commit()
    address = f"/almere/vastgesteld/{goal.plan_id}/{adopted.major}.{adopted.minor}"
    words = client.as_(cast.councillor).page(address).words
    assert WORDS[0] in words
    assert "Het wachten wordt langer." not in words


def test_the_form_begins_with_what_the_figures_say(client: Client, cast: Cast, goal: Goal) -> None:
    page = client.as_(cast.councillor).page(f"/almere/doelen/{goal.id}/drie-regels")
    assert page.soup
    field = page.soup.find("textarea", {"name": "figures"})
    assert field
    assert "inwoners" in field.get_text().casefold()


def test_findings_go_before_patterns_and_a_contradiction_is_a_difference() -> None:
    found = propose(["Het daalt."], ["3 verhalen."], [("Wie belt, wacht.", False), ("Het stijgt.", True)])
    assert (found.figures, found.stories) == ("Het daalt.", "Wie belt, wacht. Het stijgt.")
    assert found.difference == "Het stijgt."
    assert propose([], ["3 verhalen."], []).stories == "3 verhalen."


def test_of_a_figure_the_first_sentence_is_enough() -> None:
    assert first_of("Het daalt. De mediaan ook.") == "Het daalt."
    assert first_of("Het daalt.") == "Het daalt."


@given(st.lists(st.text(max_size=250)))
def test_a_proposal_always_fits_in_its_field(sentences: list[str]) -> None:
    line = as_many(sentences)
    assert len(line) <= LONGEST
    rest = [" ".join(text.split()) for text in sentences if text.strip()]
    assert not rest or len(rest[0]) > LONGEST or line.startswith(rest[0])
