"""For which readers the pages of a plan are the same, and how everything stands that these are made from."""

from collections.abc import Hashable
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from flask import g

from workbench.accounts.access import Permission, may
from workbench.accounts.standing import written
from workbench.core.db import db
from workbench.knowledge.calendar.models import today
from workbench.monitors.conversation.queries import waiting_of
from workbench.monitors.meeting import queries as duos
from workbench.rounds import queries as rounds


def standing() -> tuple[Hashable, Hashable]:
    """Readers: those of one role, for whom the same rounds, questions and duo readings wait. Version: other texts,
    figures, answers or day.
    """
    version, unanswered, asked, to_read = db.execute(_of_who_asks(), {"person": g.membership.person_id}).one()
    votes = unanswered if may(Permission.VOTE) else None
    return (g.membership.role, votes, asked, to_read), (version, today())


@cache
def _of_who_asks() -> sa.Select[str, str, str, str]:
    """Made once: every page asks this."""
    return sa.select(*how_all_stands(sa.bindparam("person", type_=sa.Uuid())))


def how_all_stands(
    person: sa.ColumnElement[UUID],
) -> tuple[sa.ColumnElement[str], sa.ColumnElement[str], sa.ColumnElement[str], sa.ColumnElement[str]]:
    """For a query: a version of all texts and figures, and what waits for this person alone: rounds, questions and
    goals to read in a pair.
    """
    return written(), rounds.open_without(person), waiting_of(person), duos.to_read_by(person)
