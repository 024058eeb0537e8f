"""How all that a council wrote stands now, as a short text: what was drawn from it is remembered under this."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from workbench.accounts.models import Membership, Person
from workbench.core.marks import marks
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
# Of stories too: no page that is remembered holds what stands in these.
OF_STORIES = {
    "coder_reading",
    "consent",
    "memo",
    "own_reading",
    "story_key",
    "story_sealed",
    "story_words",
}
# What every council reads. A load that changes figures also writes in their series.
PUBLIC = {
    "area",
    "area_change",
    "council",
    "frame",
    "frame_part",
    "indicator",
    "instrument",
    "law",
    "library_value",
    "metadata_change",
    "moment",
    "region_membership",
    "series",
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
    # People belong to no council: by which transaction (xmin) their rows came, and where these stand (ctid).
    row: sa.ColumnElement[int] = sa.literal_column("hashtidextended(person.ctid, person.xmin::text::bigint)")
    who = sa.select(sa.func.sum(row)).select_from(Person).where(Person.id.in_(people)).scalar_subquery()
    whole = sa.func.concat_ws("/", marks(), who)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(whole.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
