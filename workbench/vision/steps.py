"""Where a plan stands: which steps are done, which can start, and what the others wait for. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _

FIRST, LAST = 0, 9
ASSIGNMENT, VALUES, FRICTION, GOALS, NEEDS, EVIDENCE, COSTS, STEERING = 0, 2, 3, 4, 5, 6, 7, 8
WITH_CARDS = frozenset({VALUES, GOALS, EVIDENCE})  # filled with cards; the others with answers to questions
# Everything after these stands on them, and nothing comes after the last: they cannot be skipped.
NEVER_SKIPPED = frozenset({ASSIGNMENT, VALUES, GOALS, LAST})


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
    BLOCKED = "blocked"
    SKIPPED = "skipped"


STATE_NAMES = {
    StepState.DONE: _("klaar"),
    StepState.CURRENT: _("hier zijn we"),
    StepState.TODO: _("te doen"),
    StepState.LATER: _("later"),
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
    skipped: frozenset[int] = frozenset()


def missing_for(number: int, facts: Facts) -> str | None:
    """What must exist before this step may be filled in; None when it may. Values first, money after needs."""
    if number in (FRICTION, GOALS) and not facts.values:
        return str(_("Eerst is een waarde nodig: stap 2, Wat is belangrijk."))
    if number == COSTS and NEEDS not in facts.written | facts.finished | facts.skipped:
        return str(_("Eerst moet duidelijk zijn wat nodig is: stap 5, Wat is nodig."))
    if number in (STEERING, LAST) and not facts.links and EVIDENCE not in facts.skipped:
        return str(_("Eerst is een cijfer bij een doel nodig: stap 6, Hoe merken we het."))
    if number >= NEEDS and not facts.goals:
        return str(_("Eerst is een doel nodig: stap 4, Doelen."))
    return None


def _is_done(number: int, facts: Facts) -> bool:
    cards = {VALUES: facts.values, GOALS: facts.goals, EVIDENCE: facts.links}
    return bool(cards.get(number)) or number in facts.finished


def states(facts: Facts) -> dict[int, StepState]:
    """The state of every step, by number."""
    found: dict[int, StepState] = {}
    for number in range(FIRST, LAST + 1):
        if number in facts.skipped:
            found[number] = StepState.SKIPPED
        elif missing_for(number, facts):
            found[number] = StepState.BLOCKED
        elif _is_done(number, facts):
            found[number] = StepState.DONE
        elif number in facts.later:
            found[number] = StepState.LATER
        elif StepState.CURRENT not in found.values():
            found[number] = StepState.CURRENT
        else:
            found[number] = StepState.TODO
    return found
