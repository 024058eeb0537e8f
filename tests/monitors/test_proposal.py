"""The first proposal, and taking in what a plan got or lost since a format was shaped."""

from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.monitors.formats import operations
from workbench.figures.registry import Choice
from workbench.monitors import format as formats
from workbench.monitors.format import (
    CannotShape,
    Figure,
    Format,
    GoalHead,
    Money,
    Section,
    Text,
    from_json,
    to_json,
    written,
)
from workbench.monitors.proposal import Facts, GoalFact, LinkFact, News, news, propose, take_in, view_for

MONITOR = UUID(int=1)


def id_of(name: str) -> UUID:
    return uuid5(MONITOR, name)


def goal(name: str, values: str, links: str = "", *, aims: str = "", costs: bool = False) -> GoalFact:
    """`values` and `links`: a letter each."""
    return GoalFact(
        id_of(name),
        tuple(map(id_of, values)),
        tuple(LinkFact(id_of(link), has_aim=link in aims) for link in links),
        has_costs=costs,
    )


def facts(values: str, *goals: GoalFact) -> Facts:
    return Facts(tuple(map(id_of, values)), goals)


NAMES = {id_of(name): name for name in [*"ABCDxyzw", "rust", "werk", "thuis"]}


def outline(format_: Format) -> list[str]:
    """Per section its value and blocks: 'A: rust x y €'."""

    def short(block: formats.AnyBlock) -> str:
        if isinstance(block, GoalHead):
            return NAMES[block.goal_id]
        if isinstance(block, Money):
            return "€"
        if isinstance(block, Figure):
            return NAMES[block.link_id]
        return block.text if isinstance(block, Text) else block.kind

    return [
        f"{NAMES[section.value_id] if section.value_id else section.title}: {' '.join(map(short, section.blocks))}"
        for section in format_.sections
    ]


CLOSING = [": resting", ": unknown", ": methods"]


def test_values_come_first_then_goals_then_figures_with_an_aim_first_and_money_last() -> None:
    plan = facts("AB", goal("rust", "A", "xy", aims="y", costs=True), goal("werk", "AB", "z"))
    assert outline(propose(MONITOR, plan)) == ["A: rust y x € werk z", "B: werk", *CLOSING]


def test_a_plan_without_values_has_nothing_to_propose() -> None:
    assert propose(MONITOR, facts("")).sections == ()
    assert outline(propose(MONITOR, facts("A"))) == ["A: ", *CLOSING]


@pytest.mark.parametrize(
    ("chosen", "suiting", "shown"),
    [
        ("trend", "trend bullet", "trend"),
        ("bullet", "trend bullet", "bullet"),
        ("trend", "bullet", "bullet"),
        ("bullet", "", "bullet"),
    ],
)
def test_a_view_that_suits_the_figures_is_shown(chosen: str, suiting: str, shown: str) -> None:
    views = [Choice(kind, kind, kind in suiting.split(), "Daarom.") for kind in ("trend", "bullet", "strip")]
    assert view_for(chosen, views) == shown


def test_the_same_plan_gives_the_same_proposal_and_parts_keep_their_ids() -> None:
    plan = facts("AB", goal("rust", "A", "xy"))
    first = propose(MONITOR, plan)
    assert written(propose(MONITOR, plan)) == written(first)
    assert written(propose(MONITOR, plan, first)) == written(first)
    own = Figure(id=uuid4(), link_id=id_of("x"), from_year=2015)
    carried = Format(sections=(Section(id=uuid4(), value_id=id_of("A"), blocks=(own,)),))
    second = propose(MONITOR, facts("AB", goal("rust", "B", "xy")), carried)
    assert own in second.sections[1].blocks, "a block goes along with its goal as it is"
    assert second.sections[0].id == carried.sections[0].id


def test_a_plan_that_did_not_change_is_no_news() -> None:
    plan = facts("A", goal("rust", "A", "x"))
    first = propose(MONITOR, plan)
    assert news(first, plan) == News()
    assert not news(first, plan).is_any
    assert written(take_in(MONITOR, first, plan)) == written(first)


def test_what_is_new_comes_at_its_place_and_what_was_shaped_stays() -> None:
    before = facts("AC", goal("rust", "A", "x", costs=True), goal("werk", "C", "y"))
    format_ = propose(MONITOR, before)
    [rust, werk] = format_.sections[:2]
    note = Text(id=uuid4(), text="nota")
    format_ = formats.add_block(format_, note, rust.id, 1)
    format_ = formats.move_section(format_, werk.id, 1)
    after = facts(
        "ABC",
        goal("rust", "A", "xz", costs=True),
        goal("werk", "C", "y"),
        goal("thuis", "B", "w"),
    )
    told = news(format_, after)
    assert told == News(
        new_values=(id_of("B"),), new_goals=(id_of("thuis"),), new_links=(id_of("z"), id_of("w"))
    )
    taken = take_in(MONITOR, format_, after)
    assert outline(taken) == ["C: werk y", "A: nota rust x z €", "B: thuis w", *CLOSING]
    assert not news(taken, after).is_any


def test_what_somebody_took_out_does_not_come_back() -> None:
    plan = facts("A", goal("rust", "A", "xy"))
    format_ = propose(MONITOR, plan)
    [_head, x, _y] = format_.sections[0].blocks
    shaped = formats.remove_block(format_, x.id)
    assert not news(shaped, plan).is_any
    assert outline(take_in(MONITOR, shaped, plan))[0] == "A: rust y"


def test_what_is_gone_from_the_plan_goes_and_the_rest_of_its_section_stays() -> None:
    plan = facts("AB", goal("rust", "A", "x", costs=True), goal("werk", "B", "y"))
    format_ = propose(MONITOR, plan)
    format_ = formats.add_block(format_, Text(id=uuid4(), text="nota"), format_.sections[0].id)
    after = facts("B", goal("werk", "B"))
    told = news(format_, after)
    assert told == News(
        gone_values=(id_of("A"),), gone_goals=(id_of("rust"),), gone_links=(id_of("x"), id_of("y"))
    )
    taken = take_in(MONITOR, format_, after)
    assert outline(taken) == [": nota", "B: werk", *CLOSING]
    assert not news(taken, after).is_any


def test_a_new_figure_of_a_goal_that_was_taken_out_comes_with_its_value() -> None:
    format_ = propose(MONITOR, facts("AB", goal("rust", "A", "x"), goal("werk", "B")))
    for block in format_.sections[0].blocks:
        format_ = formats.remove_block(format_, block.id)
    format_ = formats.remove_section(format_, format_.sections[0].id)
    taken = take_in(MONITOR, format_, facts("AB", goal("rust", "A", "xz"), goal("werk", "B")))
    assert outline(taken) == ["B: werk", "A: z", *CLOSING]


@st.composite
def plans(draw: st.DrawFn) -> Facts:
    values = "".join(sorted(draw(st.sets(st.sampled_from("ABCD")))))
    free = draw(st.permutations("xyzw"))
    goals = []
    for name in sorted(draw(st.sets(st.sampled_from(["rust", "werk", "thuis"])))):
        count = draw(st.integers(0, 2))
        links, free = "".join(free[:count]), free[count:]
        serves = "".join(sorted(draw(st.sets(st.sampled_from(values or "A"), min_size=1))))
        goals.append(goal(name, serves, links, costs=draw(st.booleans())))
    return facts(values, *goals)


@given(st.data())
def test_taking_in_any_change_of_any_plan_leaves_no_news_and_loses_nothing_of_what_stayed(
    data: st.DataObject,
) -> None:
    before, after = data.draw(plans()), data.draw(plans())
    format_ = propose(MONITOR, before)
    for _turn in range(3):
        try:
            format_ = data.draw(operations(format_))(format_)
        except CannotShape:
            continue
    taken = take_in(MONITOR, format_, after)
    assert from_json(to_json(taken)) == taken
    assert not news(taken, after).is_any
    about = [(block, getattr(block, "link_id", getattr(block, "goal_id", None))) for block in format_.blocks]
    stayed = {block.id for block, thing in about if thing is None or thing in after.ids}
    assert stayed <= {block.id for block in taken.blocks}


@given(plans(), plans())
def test_a_proposal_never_shows_a_figure_twice_and_misses_none_of_a_goal_with_a_value(
    before: Facts, after: Facts
) -> None:
    found = propose(MONITOR, after, propose(MONITOR, before))
    shown = [block.link_id for block in found.blocks if isinstance(block, Figure)]
    wanted = [link.id for goal in after.goals if after.values_of(goal) for link in goal.links]
    assert sorted(shown) == sorted(wanted)
    assert set(found.known) == after.ids
