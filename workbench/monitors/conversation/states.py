"""The course of a question: who may take which step, and where it leads. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

TERM = timedelta(days=30)
LONGEST = timedelta(days=366)


class State(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    UNCLEAR = "unclear"  # the answer was not clear: asked again, on the same card
    CLEAR = "clear"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    SAID = "said"  # a remark, reaction or advice: it asks for no answer


class Act(StrEnum):
    ANSWER = "answer"
    CLEAR = "clear"
    UNCLEAR = "unclear"
    WITHDRAW = "withdraw"
    REASSIGN = "reassign"
    SET_TERM = "set_term"
    CLOSE = "close"


WAITING = frozenset({State.ASKED, State.UNCLEAR})  # for an answer
REPLIED = frozenset({State.ANSWERED, State.CLEAR, State.CLOSED})

_SAME = {state: state for state in WAITING}
LEADS_TO: Mapping[Act, Mapping[State, State]] = {
    Act.ANSWER: dict.fromkeys(WAITING, State.ANSWERED),
    Act.CLEAR: {State.ANSWERED: State.CLEAR},
    Act.UNCLEAR: {State.ANSWERED: State.UNCLEAR},
    Act.WITHDRAW: dict.fromkeys({*WAITING, State.ANSWERED, State.SAID}, State.WITHDRAWN),
    Act.REASSIGN: _SAME,
    Act.SET_TERM: _SAME,
    Act.CLOSE: dict.fromkeys({*WAITING, State.ANSWERED, State.CLEAR}, State.CLOSED),
}


class Impossible(Exception):
    """A step that cannot be taken from this state."""

    def __init__(self, state: State, act: Act) -> None:
        super().__init__(f"{act} is not possible when {state}")
        self.state, self.act = state, act


@dataclass(frozen=True)
class Standing:
    """What somebody is to a question."""

    asked: bool = False  # wrote it
    owns: bool = False  # was asked to answer it
    answers: bool = False  # may answer any question of this council
    leads: bool = False  # leads the conversation: the clerk


def after(state: State, act: Act) -> State:
    """Where this step leads. Raises: Impossible."""
    if state not in LEADS_TO[act]:
        raise Impossible(state, act)
    return LEADS_TO[act][state]


def may(act: Act, standing: Standing) -> bool:
    """Is this step one for somebody who stands so?"""
    match act:
        case Act.ANSWER:
            return standing.owns or standing.answers
        case Act.CLEAR | Act.UNCLEAR | Act.WITHDRAW:
            return standing.asked
        case Act.REASSIGN:
            return standing.owns or standing.leads
    return standing.leads


def open_acts(state: State, standing: Standing) -> frozenset[Act]:
    """The steps that somebody who stands so can take now."""
    return frozenset(act for act in Act if state in LEADS_TO[act] and may(act, standing))


def needs_reason(state: State, act: Act) -> bool:
    """Every step is explained, but for one that says yes."""
    return act is not Act.CLEAR and not (act is Act.CLOSE and state is State.CLEAR)


def is_overdue(state: State, due_on: date | None, day: date) -> bool:
    """The last day of the term is still in time."""
    return state in WAITING and due_on is not None and due_on < day
