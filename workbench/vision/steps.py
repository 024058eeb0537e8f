"""Where a plan stands: which steps are done, which can start, and what the others wait for. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _

FIRST, LAST = 0, 9
ASSIGNMENT, VALUES, GOALS, NEEDS, EVIDENCE = 0, 2, 4, 5, 6
WITH_NOTES = frozenset({1, 3, 5, 7, 8, 9})  # steps filled by a text; the others have cards


class StepState(StrEnum):
    DONE = "done"
    CURRENT = "current"  # the first one that can go on
    TODO = "todo"
    BLOCKED = "blocked"


STATE_NAMES = {
    StepState.DONE: _("klaar"),
    StepState.CURRENT: _("hier zijn we"),
    StepState.TODO: _("te doen"),
    StepState.BLOCKED: _("kan nog niet beginnen"),
}


@dataclass(frozen=True)
class Facts:
    """What there is in a plan so far."""

    assignment: bool = False
    notes: frozenset[int] = frozenset()
    values: int = 0
    goals: int = 0
    links: int = 0


def missing_for(number: int, facts: Facts) -> str | None:
    """What must exist before this step may be filled in; None when it may. Values first, money after needs."""
    if number in (3, GOALS) and not facts.values:
        return str(_("Eerst is een waarde nodig: stap 2, Wat is belangrijk."))
    if number in (NEEDS, EVIDENCE) and not facts.goals:
        return str(_("Eerst is een doel nodig: stap 4, Doelen."))
    if number == 7 and NEEDS not in facts.notes:
        return str(_("Eerst moet duidelijk zijn wat nodig is: stap 5, Wat is nodig."))
    if number in (8, LAST) and not facts.links:
        return str(_("Eerst is een cijfer bij een doel nodig: stap 6, Hoe merken we het."))
    return None


def _is_done(number: int, facts: Facts) -> bool:
    counts = {ASSIGNMENT: facts.assignment, VALUES: facts.values, GOALS: facts.goals, EVIDENCE: facts.links}
    return bool(counts[number]) if number in counts else number in facts.notes


def states(facts: Facts) -> dict[int, StepState]:
    """The state of every step, by number."""
    found: dict[int, StepState] = {}
    for number in range(FIRST, LAST + 1):
        if _is_done(number, facts):
            found[number] = StepState.DONE
        elif missing_for(number, facts):
            found[number] = StepState.BLOCKED
        elif StepState.CURRENT not in found.values():
            found[number] = StepState.CURRENT
        else:
            found[number] = StepState.TODO
    return found
