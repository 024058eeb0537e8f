"""The wall around answers, as SQL for the migration, and the one moment at which it opens.

PostgreSQL shows a participant and a ballot only to the participant: the person for whom the session acts
(`app.person_id`), or the device whose token it holds (`app.door`). The clerk is no exception, nor is any query.
A ballot can be written only while its round is open. The reveal may read the answers of one round, and only between
its closing and its being revealed; so nobody reads a ballot of another before or after.
How many are ready is told by a function that gives back one number.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from workbench.core.db import db
from workbench.core.tenancy import ACTING_COUNCIL, ACTING_PERSON, OPENED_DOOR

_REVEALING = "nullif(current_setting('app.revealing_round', true), '')::uuid"
_OWN_COUNCIL = f"council_id = {ACTING_COUNCIL}"
_OWN = f"(person_id = {ACTING_PERSON} OR device_hash = {OPENED_DOOR})"
_OWN_PARTICIPANT = (
    "EXISTS (SELECT 1 FROM participant p"
    f" WHERE p.id = participant_id AND p.round_id = ballot.round_id AND {_OWN})"
)


def _round_is(table: str, state: str) -> str:
    is_state = f"r.id = {table}.round_id AND r.state = '{state}'"
    return f"EXISTS (SELECT 1 FROM round r WHERE {is_state})"


def _wall(table: str, own: str) -> list[str]:
    owned = f"({_OWN_COUNCIL})"
    may_write = f"({own} AND {_round_is(table, 'open')})"
    may_reveal = f"(round_id = {_REVEALING} AND {_round_is(table, 'closed')})"
    key = "FOREIGN KEY (council_id, round_id) REFERENCES round (council_id, id)"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        # Restrictive: it narrows every policy below.
        f"CREATE POLICY own_council ON {table} AS RESTRICTIVE USING {owned} WITH CHECK {owned}",
        f"CREATE POLICY own ON {table} FOR SELECT TO web USING ({own})",
        f"CREATE POLICY own_new ON {table} FOR INSERT TO web WITH CHECK {may_write}",
        f"CREATE POLICY own_change ON {table} FOR UPDATE TO web USING {may_write} WITH CHECK {may_write}",
        f"CREATE POLICY reveal ON {table} FOR SELECT TO web USING {may_reveal}",
        f"CREATE POLICY counting ON {table} FOR SELECT TO owner USING (true)",  # for round_ready alone
        f"ALTER TABLE {table} ADD CONSTRAINT same_council_{table} UNIQUE (council_id, id)",
        f"ALTER TABLE {table} ADD CONSTRAINT same_council_{table}_round_id {key}",
        f"GRANT SELECT, INSERT, UPDATE ON {table} TO web",
        f"GRANT SELECT ON {table} TO backup",
    ]


def ddl() -> list[str]:
    """SQL for the migration; the tables are there, and `round` is isolated."""
    return [
        *_wall("participant", _OWN),
        *_wall("ballot", _OWN_PARTICIPANT),
        (
            "ALTER TABLE ballot ADD CONSTRAINT same_council_ballot_participant_id"
            " FOREIGN KEY (council_id, participant_id) REFERENCES participant (council_id, id)"
        ),
        # Runs as the owner of the tables; the settings of the session stay, so it counts within one council.
        """
        CREATE FUNCTION round_ready(counted_round uuid) RETURNS bigint
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT count(*) FROM ballot JOIN participant ON participant.id = ballot.participant_id
            WHERE ballot.round_id = counted_round AND participant.withdrawn_at IS NULL
            AND (participant.person_id IS NULL OR participant.person_id IN (SELECT person_id FROM membership
                 WHERE membership.council_id = participant.council_id))
        $$
        """,
        "REVOKE ALL ON FUNCTION round_ready(uuid) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION round_ready(uuid) TO web",
    ]


@contextmanager
def revealing(round_id: uuid.UUID) -> Iterator[None]:
    """Within this block this transaction may read the answers of this round, if it is closed."""
    _tell(str(round_id))
    try:
        yield
    finally:
        _tell("")


def _tell(round_id: str) -> None:
    db.execute(sa.text("SELECT set_config('app.revealing_round', :round_id, true)"), {"round_id": round_id})
