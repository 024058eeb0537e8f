"""Where a plan stands, by its facts alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.vision.steps import FIRST, LAST, NEEDS, WITH_NOTES, Facts, StepState, missing_for, states

FACTS = st.builds(
    Facts,
    assignment=st.booleans(),
    notes=st.frozensets(st.sampled_from(sorted(WITH_NOTES))),
    values=st.integers(0, 3),
    goals=st.integers(0, 3),
    links=st.integers(0, 3),
)


def test_an_empty_plan_begins_with_the_assignment() -> None:
    found = states(Facts())
    assert found[0] is StepState.CURRENT
    assert {number for number, state in found.items() if state is StepState.BLOCKED} == {3, 4, 5, 6, 7, 8, 9}


@pytest.mark.parametrize(
    ("facts", "current"),
    [
        (Facts(assignment=True), 1),
        (Facts(assignment=True, notes=frozenset({1})), 2),
        (Facts(assignment=True, notes=frozenset({1}), values=1), 3),
        (Facts(assignment=True, notes=frozenset({1, 3}), values=1, goals=1), 5),
        (Facts(assignment=True, notes=frozenset({1, 3, 5}), values=1, goals=1), 6),
    ],
)
def test_the_current_step_is_the_first_that_can_go_on(facts: Facts, current: int) -> None:
    assert [number for number, state in states(facts).items() if state is StepState.CURRENT] == [current]


def test_a_complete_plan_has_no_current_step() -> None:
    found = states(Facts(assignment=True, notes=WITH_NOTES, values=1, goals=1, links=1))
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


@given(FACTS)
def test_money_never_comes_before_needs(facts: Facts) -> None:
    if NEEDS not in facts.notes:
        assert missing_for(7, facts)
