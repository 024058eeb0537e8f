"""Where a plan stands: which steps are done, which can start, what the others wait for, and in which order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _

FIRST, LAST = 0, 9
ASSIGNMENT, VALUES, FRICTION, GOALS, NEEDS, EVIDENCE, COSTS, STEERING = 0, 2, 3, 4, 5, 6, 7, 8
# Filled with cards under each goal, beside the answers to questions.
PER_GOAL = (NEEDS, COSTS, STEERING)
WITH_CARDS = frozenset({VALUES, GOALS, EVIDENCE})  # filled with cards; the others with answers to questions
# Everything after these stands on them, and nothing comes after the last: they cannot be skipped.
NEVER_SKIPPED = frozenset({ASSIGNMENT, VALUES, GOALS, LAST})
# The values lock: what must exist before a step can begin. Values first, money after needs.
STANDS_ON: dict[int, tuple[int, ...]] = {
    FRICTION: (VALUES,),
    GOALS: (VALUES,),
    NEEDS: (GOALS,),
    EVIDENCE: (GOALS,),
    COSTS: (NEEDS, GOALS),
    STEERING: (EVIDENCE, GOALS),
    LAST: (EVIDENCE, GOALS),
}
WAITS_FOR = {
    VALUES: _("Eerst is een waarde nodig: %(step)s."),
    GOALS: _("Eerst is een doel nodig: %(step)s."),
    NEEDS: _("Eerst moet duidelijk zijn wat nodig is: %(step)s."),
    EVIDENCE: _("Eerst is een cijfer bij een doel nodig: %(step)s."),
}


class Piece(StrEnum):
    """The four puzzle pieces of the step plan."""

    KNOWLEDGE = "kennis"
    VISION = "visie"
    STEERING = "sturing"
    INFORMATION = "informatie"


PIECE_NAMES = {
    Piece.KNOWLEDGE: _("Kennis"),
    Piece.VISION: _("Visie"),
    Piece.STEERING: _("Sturing"),
    Piece.INFORMATION: _("Informatie"),
}


class QuestionKind(StrEnum):
    """What an answer looks like."""

    SHORT = "short"
    LONG = "long"
    DATE = "date"
    CHOICE = "choice"
    NUMBER = "number"
    PEOPLE = "people"


class AnswerState(StrEnum):
    GIVEN = "given"
    UNKNOWN = "unknown"  # somebody said: we do not know this
    LATER = "later"


class StepState(StrEnum):
    DONE = "done"
    CURRENT = "current"  # the first one that can go on
    TODO = "todo"
    LATER = "later"  # what is still open in it was put off
    UNKNOWN = "unknown"  # the group said that it does not know
    BLOCKED = "blocked"
    SKIPPED = "skipped"


STATE_NAMES = {
    StepState.DONE: _("klaar"),
    StepState.CURRENT: _("hier zijn we"),
    StepState.TODO: _("te doen"),
    StepState.LATER: _("later"),
    StepState.UNKNOWN: _("weten we niet"),
    StepState.BLOCKED: _("kan nog niet beginnen"),
    StepState.SKIPPED: _("overgeslagen"),
}


@dataclass(frozen=True)
class Facts:
    """What there is in a plan so far: cards counted, and steps by number."""

    values: int = 0
    goals: int = 0
    links: int = 0
    written: frozenset[int] = frozenset()  # with at least one answer
    finished: frozenset[int] = frozenset()  # somebody said so
    later: frozenset[int] = frozenset()
    unknown: frozenset[int] = frozenset()  # the group said so of a step without cards
    skipped: frozenset[int] = frozenset()
    order: tuple[int, ...] = tuple(range(FIRST, LAST + 1))  # as the council put them


def waits_for(number: int, facts: Facts) -> int | None:
    """The step that must be filled in before this one may be; None when it may."""
    there = {
        VALUES: facts.values > 0,
        GOALS: facts.goals > 0,
        NEEDS: NEEDS in facts.written | facts.finished | facts.skipped,
        EVIDENCE: facts.links > 0 or EVIDENCE in facts.skipped | facts.unknown,
    }
    return next((needed for needed in STANDS_ON.get(number, ()) if not there[needed]), None)


def _is_done(number: int, facts: Facts) -> bool:
    cards = {VALUES: facts.values, GOALS: facts.goals, EVIDENCE: facts.links}
    return bool(cards.get(number)) or number in facts.finished


def states(facts: Facts) -> dict[int, StepState]:
    """Step number -> its state, in the order of the plan."""
    found: dict[int, StepState] = {}
    for number in facts.order:
        if number in facts.skipped:
            found[number] = StepState.SKIPPED
        elif waits_for(number, facts) is not None:
            found[number] = StepState.BLOCKED
        elif _is_done(number, facts):
            found[number] = StepState.DONE
        elif number in facts.later:
            found[number] = StepState.LATER
        elif number in facts.unknown:
            found[number] = StepState.UNKNOWN
        elif StepState.CURRENT not in found.values():
            found[number] = StepState.CURRENT
        else:
            found[number] = StepState.TODO
    return found


# --- The order of the steps -----------------------------------------------------------------------------------------

# Why a step cannot come before another: said of the step that stays in front, or of the last one.
STAYS_IN_FRONT = {
    ASSIGNMENT: _("De opdracht blijft vooraan: daar begint elk traject mee."),
    VALUES: _("Waarden gaan voor: pas daarna ziet u waar het schuurt en stelt u doelen."),
    GOALS: _("Doelen gaan voor: zonder doel weet u niet wat er nodig is."),
    NEEDS: _("Eerst wat er nodig is, dan pas het geld."),
    EVIDENCE: _("Eerst hoe u het merkt, dan pas wanneer u bijstuurt."),
    LAST: _("Vastleggen blijft achteraan: dat kan pas als de rest er is."),
}


def moved(
    order: Sequence[int], pieces: Mapping[int, Piece], number: int, place: int
) -> tuple[int, ...] | None:
    """The order with this step at that place, the other steps of its piece shifted; None: another piece is there."""
    places = [at for at, other in enumerate(order) if pieces[other] is pieces[number]]
    if place not in places:
        return None
    group = [other for other in order if pieces[other] is pieces[number] and other != number]
    group.insert(places.index(place), number)
    found = list(order)
    for at, other in zip(places, group, strict=True):
        found[at] = other
    return tuple(found)


def out_of_order(order: Sequence[int]) -> int | None:
    """The step of which the place is wrong in this order: see STAYS_IN_FRONT; None when the order may be so."""
    if order[0] != ASSIGNMENT:
        return ASSIGNMENT
    if order[-1] != LAST:
        return LAST
    return next(
        (
            needed
            for number, all_needed in STANDS_ON.items()
            for needed in all_needed
            if order.index(needed) > order.index(number)
        ),
        None,
    )
