"""Who may read what of a story: the least of what the narrator allows and what a role may read. Pure.

The same rule stands in SQL in `queries.readable`; a property test holds the two together.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import lazy_gettext as _


class State(StrEnum):
    """Where a story is. Only a story that is READY is read by anyone but those who make it safe."""

    TELLING = "telling"  # sealed; the narrator did not send it yet, and nobody of the council knows of it
    RECEIVED = "received"  # sealed; being read by the worker
    TO_CHECK = "to_check"  # sealed; somebody goes through what was found
    SECOND_LOOK = "second_look"  # sealed; a second person looks, because it is about something sensitive
    WITH_NARRATOR = "with_narrator"  # safe; waits for the narrator to say that it may be used
    READY = "ready"
    FAILED = "failed"  # what came in could not be read
    WITHDRAWN = "withdrawn"
    ENDED = "ended"  # the consent or the time to keep it is over


class Reach(StrEnum):
    """How far the narrator lets a story go."""

    WORKING_GROUP = "working_group"
    COUNCIL = "council"
    PUBLIC = "public"


class Audience(StrEnum):
    """Who reads."""

    MAKER = "maker"  # collects stories, makes them safe and codes them
    WORKING_GROUP = "working_group"
    COUNCIL = "council"
    PUBLIC = "public"


REACH_NAMES = {
    Reach.WORKING_GROUP: _("alleen de werkgroep"),
    Reach.COUNCIL: _("de hele raad en wie voor de raad werkt"),
    Reach.PUBLIC: _("iedereen, ook op internet"),
}
_STEPS = {Reach.WORKING_GROUP: 1, Reach.COUNCIL: 2, Reach.PUBLIC: 3}
_NEEDS = {Audience.MAKER: 1, Audience.WORKING_GROUP: 1, Audience.COUNCIL: 2, Audience.PUBLIC: 3}


@dataclass(frozen=True)
class Allowed:
    """What the narrator allows now. `ends_on` is the last day."""

    reach: Reach
    quotes_only: bool  # the whole text only for those who make stories safe
    ends_on: date | None = None


def reaches(audience: Audience) -> tuple[Reach, ...]:
    """The reaches with which this audience is included."""
    return tuple(reach for reach, step in _STEPS.items() if step >= _NEEDS[audience])


def may_read(
    audience: Audience, state: State, allowed: Allowed | None, today: date, *, whole: bool = False
) -> bool:
    """Whether this audience may read a quote of a story, or (`whole`) all of it."""
    if state is not State.READY or allowed is None:
        return False
    if allowed.ends_on is not None and allowed.ends_on < today:
        return False
    if whole and allowed.quotes_only and audience is not Audience.MAKER:
        return False
    return allowed.reach in reaches(audience)
