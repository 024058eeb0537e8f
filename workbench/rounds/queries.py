"""Reading rounds: the round itself, how many are ready, one's own answer, and after the reveal the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from workbench.accounts.access import PERMISSIONS, Permission
from workbench.accounts.models import Membership, Role
from workbench.core.db import db
from workbench.rounds.methods.base import ENOUGH
from workbench.rounds.models import Ballot, Participant, Round, State

_FOR_MEMBERS = sa.not_(Round.settings.has_key("devices"))
VOTERS = [role for role in Role if Permission.VOTE in PERMISSIONS[role]]


@dataclass(frozen=True)
class Ready:
    """'7 van 12 klaar', and nothing else."""

    n: int
    of: int


@dataclass(frozen=True)
class Result:
    """What everyone may know of a revealed round; the keys are those of the options."""

    n: int  # answers that count
    unknown: int  # members who answered that they do not know
    shown: bool  # False: fewer than three answers, so nothing but their number
    summary: dict[str, Any]  # as the method's `summarise` makes it, or its `common` when the answers are few
    groups: dict[str, Any] | None  # where groups of three and more lean
    reasons: list[dict[str, Any]]  # {"at": to what they belong, "texts": […]}
    minority: list[str]

    @property
    def is_few(self) -> bool:
        """So few answers that only what holds for all of them may be told."""
        return self.n < ENOUGH


@dataclass(frozen=True)
class OwnAnswer:
    ballot: Ballot
    faction: str | None


@dataclass(frozen=True)
class Line:
    """A round in the list."""

    round: Round
    ready: Ready
    answered: bool  # by the reader
    waits_for_me: bool


def result(found: Round) -> Result | None:
    """None before the reveal."""
    return None if found.result is None else Result(**found.result)


def ready(found: Round) -> Ready:
    n = db.scalar(sa.select(sa.func.round_ready(found.id))) or 0
    return ready_of(found, n, voters())


def voters() -> frozenset[UUID]:
    """Who may answer in this council."""
    here = (Membership.council_id == db.info["council_id"], Membership.role.in_(VOTERS))
    return frozenset(db.scalars(sa.select(Membership.person_id).where(*here)))


def ready_of(found: Round, n: int, among: frozenset[UUID]) -> Ready:
    """So many of those who are asked and may answer."""
    return Ready(n, max(n, len(among & found.members if found.members else among)))


def own_answer(
    found: Round, person_id: UUID | None = None, *, device_hash: str | None = None
) -> OwnAnswer | None:
    """The answer of the person (or device) who asks; PostgreSQL gives nobody else's."""
    row = db.execute(
        sa.select(Ballot, Participant.faction)
        .join(Participant, Participant.id == Ballot.participant_id)
        .where(
            Ballot.round_id == found.id,
            Participant.person_id == person_id if person_id else Participant.device_hash == device_hash,
            Participant.withdrawn_at.is_(None),
        )
    ).one_or_none()
    return OwnAnswer(*row) if row else None


def _answered_by(person_id: UUID | sa.ColumnElement[UUID]) -> sa.Exists:
    """A column: did this person, who asks, answer the round of this row?"""
    return (
        sa.select(Ballot.id)
        .join(Participant, Participant.id == Ballot.participant_id)
        .where(
            Ballot.round_id == Round.id,
            Participant.person_id == person_id,
            Participant.withdrawn_at.is_(None),
        )
        .exists()
    )


def waiting_for(member: Membership) -> list[Round]:
    """The open rounds that ask this member, for whom the session acts, and have no answer yet; oldest first.

    The one list of what waits: home, mail, the pages of a plan and the list of rounds all show this.
    """
    if Permission.VOTE not in PERMISSIONS[member.role]:
        return []
    found = db.scalars(
        sa.select(Round)
        .where(_FOR_MEMBERS, Round.state == State.OPEN, sa.not_(_answered_by(member.person_id)))
        .order_by(Round.opened_at, Round.id)
    )
    return [item for item in found if item.asks(member.person_id)]


def ready_count() -> sa.Case[int]:
    """A column: how many answered the round of this row, while that matters."""
    return sa.case((Round.state.in_([State.OPEN, State.CLOSED]), sa.func.round_ready(Round.id)), else_=0)


def open_without(person_id: sa.ColumnElement[UUID]) -> sa.ColumnElement[str]:
    """For a query: which open rounds have no answer of this person, who asks, in one text."""
    every = sa.func.string_agg(sa.cast(Round.id, sa.Text), aggregate_order_by(sa.literal(" "), Round.id))
    open_ones = (_FOR_MEMBERS, Round.state == State.OPEN)
    return sa.select(every).where(*open_ones, sa.not_(_answered_by(person_id))).scalar_subquery()


def rounds(member: Membership) -> list[Line]:
    """All rounds of the council: open ones first, then closed ones, drafts, and what was revealed; newest first."""
    rows = db.execute(
        sa.select(Round, _answered_by(member.person_id), ready_count())
        .where(_FOR_MEMBERS)
        .order_by(Round.made_at.desc(), Round.id)
    ).all()
    among = voters() if rows else frozenset()
    waiting = waiting_for(member)
    lines = [Line(found, ready_of(found, n, among), mine, found in waiting) for found, mine, n in rows]
    order: Sequence[State] = (State.OPEN, State.CLOSED, State.DRAFT, State.REVEALED)
    return sorted(lines, key=lambda line: order.index(line.round.state))
