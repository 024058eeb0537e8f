"""The course of a question."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.monitors.conversation.states import (
    LEADS_TO,
    Act,
    Impossible,
    Standing,
    State,
    after,
    is_overdue,
    may,
    needs_reason,
    open_acts,
)

ASKER, OWNER = Standing(asked=True), Standing(owns=True)
CLERK, OFFICER, READER = Standing(answers=True, leads=True), Standing(answers=True), Standing()


def course(*acts: Act, begin: State = State.ASKED) -> State:
    state = begin
    for act in acts:
        state = after(state, act)
    return state


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([Act.ANSWER], State.ANSWERED),
        ([Act.ANSWER, Act.CLEAR, Act.CLOSE], State.CLOSED),
        ([Act.ANSWER, Act.UNCLEAR], State.UNCLEAR),
        ([Act.ANSWER, Act.UNCLEAR, Act.ANSWER, Act.CLEAR], State.CLEAR),
        ([Act.REASSIGN, Act.SET_TERM], State.ASKED),
        ([Act.ANSWER, Act.UNCLEAR, Act.REASSIGN], State.UNCLEAR),
        ([Act.WITHDRAW], State.WITHDRAWN),
        ([Act.CLOSE], State.CLOSED),
    ],
)
def test_a_question_is_answered_found_clear_or_asked_again_and_closed(acts: list[Act], state: State) -> None:
    assert course(*acts) is state


@pytest.mark.parametrize(
    ("acts", "wrong"),
    [
        ([], Act.CLEAR),
        ([], Act.UNCLEAR),
        ([Act.ANSWER], Act.ANSWER),
        ([Act.ANSWER], Act.REASSIGN),
        ([Act.ANSWER, Act.CLEAR], Act.WITHDRAW),
        ([Act.ANSWER, Act.CLEAR], Act.UNCLEAR),
        ([Act.CLOSE], Act.ANSWER),
        ([Act.WITHDRAW], Act.CLOSE),
    ],
)
def test_a_step_out_of_turn_is_impossible(acts: list[Act], wrong: Act) -> None:
    state = course(*acts)
    with pytest.raises(Impossible) as refused:
        after(state, wrong)
    assert (refused.value.state, refused.value.act) == (state, wrong)


def test_a_remark_can_only_be_withdrawn() -> None:
    assert [act for act in Act if State.SAID in LEADS_TO[act]] == [Act.WITHDRAW]


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_whatever_happens_nothing_goes_on_after_the_end(acts: list[Act]) -> None:
    state = State.ASKED
    for act in acts:
        try:
            new = after(state, act)
        except Impossible:
            continue
        assert state not in (State.CLOSED, State.WITHDRAWN)
        assert new is not State.SAID
        state = new


@pytest.mark.parametrize(
    ("standing", "state", "acts"),
    [
        (ASKER, State.ASKED, {Act.WITHDRAW}),
        (ASKER, State.ANSWERED, {Act.CLEAR, Act.UNCLEAR, Act.WITHDRAW}),
        (OWNER, State.ASKED, {Act.ANSWER, Act.REASSIGN}),
        (OWNER, State.ANSWERED, set()),
        (OFFICER, State.UNCLEAR, {Act.ANSWER}),
        (CLERK, State.ASKED, {Act.ANSWER, Act.REASSIGN, Act.SET_TERM, Act.CLOSE}),
        (CLERK, State.CLEAR, {Act.CLOSE}),
        (READER, State.ASKED, set()),
        (ASKER, State.SAID, {Act.WITHDRAW}),
        (CLERK, State.SAID, set()),
    ],
)
def test_each_has_the_steps_that_are_theirs(standing: Standing, state: State, acts: set[Act]) -> None:
    assert open_acts(state, standing) == acts
    assert all(may(act, standing) for act in acts)


def test_only_a_yes_needs_no_reason() -> None:
    without = {(state, act) for act in Act for state in LEADS_TO[act] if not needs_reason(state, act)}
    assert without == {(State.ANSWERED, Act.CLEAR), (State.CLEAR, Act.CLOSE)}


def test_the_last_day_is_still_in_time_and_what_is_answered_is_never_late() -> None:
    due = date(2026, 12, 22)
    assert not is_overdue(State.ASKED, due, due)
    assert is_overdue(State.ASKED, due, date(2026, 12, 23))
    assert is_overdue(State.UNCLEAR, due, date(2026, 12, 23))
    assert not is_overdue(State.ANSWERED, due, date(2027, 1, 1))
    assert not is_overdue(State.SAID, None, date(2027, 1, 1))
