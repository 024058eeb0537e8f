"""Where a plan stands, by its facts alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.vision.steps import (
    EVIDENCE,
    FIRST,
    LAST,
    NEEDS,
    NEVER_SKIPPED,
    WITH_CARDS,
    Facts,
    StepState,
    missing_for,
    states,
)

NUMBERS = frozenset(range(FIRST, LAST + 1))
SOME = st.frozensets(st.sampled_from(sorted(NUMBERS - WITH_CARDS)))
FACTS = st.builds(
    Facts,
    values=st.integers(0, 3),
    goals=st.integers(0, 3),
    links=st.integers(0, 3),
    written=SOME,
    finished=SOME,
    later=SOME,
    skipped=st.frozensets(st.sampled_from(sorted(NUMBERS - NEVER_SKIPPED))),
)


def test_an_empty_plan_begins_with_the_assignment() -> None:
    found = states(Facts())
    assert found[0] is StepState.CURRENT
    assert {number for number, state in found.items() if state is StepState.BLOCKED} == {3, 4, 5, 6, 7, 8, 9}


@pytest.mark.parametrize(
    ("facts", "current"),
    [
        (Facts(finished=frozenset({0})), 1),
        (Facts(finished=frozenset({0, 1})), 2),
        (Facts(finished=frozenset({0, 1}), values=1), 3),
        (Facts(finished=frozenset({0, 1, 3}), values=1, goals=1), 5),
        (Facts(finished=frozenset({0, 1, 3, 5}), values=1, goals=1), 6),
        (Facts(finished=frozenset({0}), later=frozenset({1})), 2),
        (Facts(finished=frozenset({0}), skipped=frozenset({1})), 2),
    ],
)
def test_the_current_step_is_the_first_that_can_go_on(facts: Facts, current: int) -> None:
    assert [number for number, state in states(facts).items() if state is StepState.CURRENT] == [current]


def test_a_complete_plan_has_no_current_step() -> None:
    found = states(Facts(finished=NUMBERS - WITH_CARDS, values=1, goals=1, links=1))
    assert set(found.values()) == {StepState.DONE}


@pytest.mark.parametrize(
    ("number", "facts", "names"),
    [
        (4, Facts(), "stap 2"),
        (6, Facts(values=2), "stap 4"),
        (5, Facts(values=2), "stap 4"),
        (7, Facts(values=1, goals=1), "stap 5"),
        (8, Facts(values=1, goals=1), "stap 6"),
        (9, Facts(values=1, goals=1), "stap 6"),
        (7, Facts(values=1, skipped=frozenset({NEEDS})), "stap 4"),
        (8, Facts(values=1, skipped=frozenset({EVIDENCE})), "stap 4"),
    ],
)
def test_a_step_that_cannot_begin_names_what_is_missing(number: int, facts: Facts, names: str) -> None:
    assert names in str(missing_for(number, facts))


@given(FACTS)
def test_every_step_has_one_state_and_at_most_one_is_current(facts: Facts) -> None:
    found = states(facts)
    assert list(found) == list(range(FIRST, LAST + 1))
    assert list(found.values()).count(StepState.CURRENT) <= 1
    for number, state in found.items():
        if state in (StepState.CURRENT, StepState.TODO):
            assert missing_for(number, facts) is None
        if state is StepState.BLOCKED:
            assert missing_for(number, facts)
        assert (state is StepState.SKIPPED) == (number in facts.skipped)


@given(FACTS)
def test_money_never_comes_before_needs(facts: Facts) -> None:
    if NEEDS not in facts.written | facts.finished | facts.skipped:
        assert missing_for(7, facts)


@given(FACTS)
def test_nothing_after_the_goals_begins_without_a_goal_whatever_was_skipped(facts: Facts) -> None:
    if not facts.goals:
        assert all(missing_for(number, facts) for number in range(NEEDS, LAST + 1))


def test_a_skip_lets_the_next_steps_begin() -> None:
    facts = Facts(values=1, goals=1, skipped=frozenset({NEEDS, EVIDENCE}))
    assert [missing_for(number, facts) for number in (7, 8, 9)] == [None] * 3
