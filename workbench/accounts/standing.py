"""How all that a council wrote stands now, as short texts: what was drawn from it is remembered under these.

PostgreSQL writes in each row by which transaction it came (xmin) and where it stands (ctid); no write, of whatever
code, goes past these. Row-level security leaves the rows of the acting council.
"""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from workbench.accounts.models import Membership, Person
from workbench.core.db import Base
from workbench.core.tenancy import ACTING_COUNCIL

# Grow by the day, or are behind a wall; no page that is remembered reads them.
LEFT_OUT = {
    "api_token",
    "attendee",
    "audit_entry",
    "ballot",
    "calendar_link",
    "card_revision",
    "contribution",
    "door",
    "duo_note",
    "duo_reader",
    "duo_reading",
    "figure_watch",
    "handover",
    "invitation",
    "mail_message",
    "meeting",
    "monitor_export",
    "own_upload",
    "participant",
    "refresh_request",
    "sign_up",
    "story_message",
    "story_pile",
}
# There may be many thousands of these. When they change, so does the row of their story (excerpt, coding); or no page
# that is remembered holds what stands in them.
OF_STORIES = {
    "coder_reading",
    "coding",
    "consent",
    "excerpt",
    "memo",
    "own_reading",
    "story_key",
    "story_sealed",
    "story_words",
}
# What every council reads, and the work of a release or of a colleague may change. Figures have a version of their own.
PUBLIC = {
    "council",
    "frame",
    "frame_part",
    "instrument",
    "law",
    "library_value",
    "metadata_change",
    "moment",
    "source_table",
    "step",
    "table_series",
}


def written() -> sa.ColumnElement[str]:
    """For a query: a text that differs after every change of what the acting council wrote, or of what it reads."""
    return sa.literal_column(_sql(), sa.Text)


def counts(table: sa.Table) -> bool:
    """Do the rows of this table count among what was written?"""
    return table.name in PUBLIC or ("council_id" in table.c and table.name not in LEFT_OUT | OF_STORIES)


@cache
def _sql() -> str:
    """Written out once: to build this expression for each query would cost more than the query."""
    people = sa.select(Membership.person_id).where(Membership.council_id == sa.literal_column(ACTING_COUNCIL))
    tables = [_rows(table) for table in Base.metadata.sorted_tables if counts(table)]
    whole = sa.func.concat_ws("/", *tables, _rows(Person.__table__, Person.id.in_(people)))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(whole.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _rows(table: sa.FromClause, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[str]:
    """Which rows there are, whatever their order."""
    name = table.description
    row: sa.ColumnElement[int] = sa.literal_column(
        f'hashtidextended("{name}".ctid, "{name}".xmin::text::bigint)'
    )
    found = sa.func.concat(sa.func.count(), ":", sa.func.sum(row))
    return sa.select(found).select_from(table).where(*conditions).scalar_subquery()
