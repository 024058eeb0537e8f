"""Where a plan stands, by its facts alone."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.vision.steps import (
    EVIDENCE,
    FIRST,
    LAST,
    NEEDS,
    NEVER_SKIPPED,
    STANDS_ON,
    STAYS_IN_FRONT,
    WITH_CARDS,
    Facts,
    Piece,
    StepState,
    moved,
    out_of_order,
    states,
    waits_for,
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
    ("number", "facts", "needed"),
    [
        (4, Facts(), 2),
        (6, Facts(values=2), 4),
        (5, Facts(values=2), 4),
        (7, Facts(values=1, goals=1), 5),
        (8, Facts(values=1, goals=1), 6),
        (9, Facts(values=1, goals=1), 6),
        (7, Facts(values=1, skipped=frozenset({NEEDS})), 4),
        (8, Facts(values=1, skipped=frozenset({EVIDENCE})), 4),
    ],
)
def test_a_step_that_cannot_begin_names_what_is_missing(number: int, facts: Facts, needed: int) -> None:
    assert waits_for(number, facts) == needed


@given(FACTS)
def test_every_step_has_one_state_and_at_most_one_is_current(facts: Facts) -> None:
    found = states(facts)
    assert list(found) == list(range(FIRST, LAST + 1))
    assert list(found.values()).count(StepState.CURRENT) <= 1
    for number, state in found.items():
        if state in (StepState.CURRENT, StepState.TODO):
            assert waits_for(number, facts) is None
        if state is StepState.BLOCKED:
            assert waits_for(number, facts) is not None
        assert (state is StepState.SKIPPED) == (number in facts.skipped)


@given(FACTS)
def test_money_never_comes_before_needs(facts: Facts) -> None:
    if NEEDS not in facts.written | facts.finished | facts.skipped:
        assert waits_for(7, facts) is not None


@given(FACTS)
def test_nothing_after_the_goals_begins_without_a_goal_whatever_was_skipped(facts: Facts) -> None:
    if not facts.goals:
        assert all(waits_for(number, facts) is not None for number in range(NEEDS, LAST + 1))


def test_a_skip_lets_the_next_steps_begin() -> None:
    facts = Facts(values=1, goals=1, skipped=frozenset({NEEDS, EVIDENCE}))
    assert [waits_for(number, facts) for number in (7, 8, 9)] == [None] * 3


# --- The order of the steps -----------------------------------------------------------------------------------------

PIECES = {
    **dict.fromkeys((0, 2, 3, 4, 5), Piece.VISION),
    1: Piece.KNOWLEDGE,
    6: Piece.INFORMATION,
    **dict.fromkeys((7, 8, 9), Piece.STEERING),
}
USUAL = tuple(range(FIRST, LAST + 1))


def orders_inside_the_pieces() -> list[tuple[int, ...]]:
    return [
        (vision[0], 1, *vision[1:], 6, *steering)
        for vision in permutations((0, 2, 3, 4, 5))
        for steering in permutations((7, 8, 9))
    ]


def never_waits(order: tuple[int, ...]) -> bool:
    """Filled in one after the other in this order: is every step free to begin when its turn comes?"""
    done: set[int] = set()
    for number in order:
        facts = Facts(
            values=int(2 in done), goals=int(4 in done), links=int(6 in done), finished=frozenset(done)
        )
        if waits_for(number, facts) is not None:
            return False
        done.add(number)
    return True


def test_an_order_is_right_exactly_when_no_step_then_waits_between_the_first_and_the_last() -> None:
    right = [order for order in orders_inside_the_pieces() if out_of_order(order) is None]
    assert right == [
        order
        for order in orders_inside_the_pieces()
        if never_waits(order) and order[0] == 0 and order[-1] == 9
    ]
    assert sorted(right) == [
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        (0, 1, 2, 3, 4, 5, 6, 8, 7, 9),
        (0, 1, 2, 4, 3, 5, 6, 7, 8, 9),
        (0, 1, 2, 4, 3, 5, 6, 8, 7, 9),
        (0, 1, 2, 4, 5, 3, 6, 7, 8, 9),
        (0, 1, 2, 4, 5, 3, 6, 8, 7, 9),
    ]


@pytest.mark.parametrize(
    ("order", "stays"),
    [
        ((2, 1, 0, 3, 4, 5, 6, 7, 8, 9), 0),
        ((0, 1, 3, 2, 4, 5, 6, 7, 8, 9), 2),
        ((0, 1, 2, 3, 5, 4, 6, 7, 8, 9), 4),
        ((0, 1, 2, 3, 4, 6, 7, 5, 8, 9), 5),
        ((0, 1, 2, 3, 4, 5, 8, 7, 6, 9), 6),
        ((0, 1, 2, 3, 4, 5, 6, 7, 9, 8), 9),
    ],
)
def test_a_wrong_order_names_the_step_that_keeps_its_place(order: tuple[int, ...], stays: int) -> None:
    assert out_of_order(order) == stays
    assert STAYS_IN_FRONT[stays]


def test_what_every_step_stands_on_has_a_reason_to_stay_in_front() -> None:
    assert {needed for all_needed in STANDS_ON.values() for needed in all_needed} <= set(STAYS_IN_FRONT)


@given(st.permutations([0, 2, 3, 4, 5]), st.sampled_from(USUAL), st.integers(-2, 12))
def test_a_move_keeps_every_step_at_a_place_of_its_own_piece(
    vision: list[int], number: int, place: int
) -> None:
    before = (vision[0], 1, *vision[1:], 6, 7, 8, 9)
    after = moved(before, PIECES, number, place)
    if place not in USUAL or PIECES[before[place]] is not PIECES[number]:
        assert after is None
        return
    assert after is not None
    assert after[place] == number
    assert [PIECES[other] for other in after] == [PIECES[other] for other in before]
    assert [other for other in after if other != number and PIECES[other] is PIECES[number]] == [
        other for other in before if other != number and PIECES[other] is PIECES[number]
    ]
    assert moved(after, PIECES, number, before.index(number)) == before


@given(FACTS, st.sampled_from([order for order in orders_inside_the_pieces() if out_of_order(order) is None]))
def test_the_states_come_in_the_order_of_the_plan_and_the_first_that_can_go_on_is_the_current_one(
    facts: Facts, order: tuple[int, ...]
) -> None:
    found = states(replace(facts, order=order))
    assert tuple(found) == order
    usual = states(facts)
    assert {number for number in USUAL if found[number] is StepState.BLOCKED} == {
        number for number in USUAL if usual[number] is StepState.BLOCKED
    }
    free = [number for number in order if found[number] in (StepState.CURRENT, StepState.TODO)]
    assert [number for number in order if found[number] is StepState.CURRENT] == free[:1]
