"""Results of a workshop: what of it went where, what may be kept, handing it over to another council, forgetting."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from workbench.core.tenancy import ACTING_COUNCIL, OPENED_DOOR, isolation_ddl

revision = "0054"
down_revision = "0051"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ORIGIN = "num_nonnulls(workshop_id, received_report_id) = 1"

# Run as the owner of the tables; the settings of the session stay, so what they see is what the policies below let through.
FORGET_VOTERS = """
CREATE FUNCTION forget_voters(forgotten_round uuid) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH due AS (
        SELECT activity.round_id FROM activity JOIN workshop ON workshop.id = activity.workshop_id
        WHERE activity.round_id = forgotten_round AND workshop.state = 'ended'
        AND workshop.forget_on <= (now() AT TIME ZONE 'Europe/Amsterdam')::date
    ), silenced AS (
        UPDATE ballot SET reason = '', minority = '', share_reason = false
        WHERE round_id IN (SELECT round_id FROM due) RETURNING id
    ), cut AS (
        UPDATE participant SET device_hash = gen_random_uuid()::text, faction = NULL
        WHERE round_id IN (SELECT round_id FROM due) AND device_hash IS NOT NULL RETURNING id
    )
    SELECT count(*) FROM cut
$$
"""
# Who holds the code takes what lies behind it, once. A code for a council that is here is of no use to another.
TAKE_HANDOVER = f"""
CREATE FUNCTION take_handover() RETURNS TABLE (for_council text, content jsonb)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE handover SET taken_at = now()
    WHERE handover.token_hash = {OPENED_DOOR} AND taken_at IS NULL AND revoked_at IS NULL AND expires_at > now()
    AND NOT EXISTS (
        SELECT 1 FROM council WHERE lower(council.name) = lower(handover.for_council)
        AND NOT EXISTS (
            SELECT 1 FROM council own WHERE own.id = {ACTING_COUNCIL}
            AND lower(own.name) = lower(handover.for_council)
        )
    )
    RETURNING handover.for_council, handover.content
$$
"""


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    op.add_column("workshop", sa.Column("summary", JSONB(), nullable=True))
    op.add_column("contribution", sa.Column("shared_at", MOMENT, nullable=True))
    op.create_table(
        "handover",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("for_council", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        *_owned("handover"),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_handover_workshop_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_handover_token_hash")),
    )
    op.create_index(op.f("ix_handover_council_id"), "handover", ["council_id"])
    op.create_index(op.f("ix_handover_workshop_id"), "handover", ["workshop_id"])
    op.create_table(
        "received_report",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("received_by_id", sa.Uuid(), nullable=True),
        *_owned("received_report"),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["person.id"], name=op.f("fk_received_report_received_by_id")
        ),
    )
    op.create_index(op.f("ix_received_report_council_id"), "received_report", ["council_id"])
    for statement in (
        *isolation_ddl("handover", {"workshop_id": "workshop"}),
        *isolation_ddl("received_report"),
    ):
        op.execute(statement)
    _of_harvest()
    op.execute(
        f"CREATE POLICY taking ON handover TO owner USING (token_hash = {OPENED_DOOR})"
        f" WITH CHECK (token_hash = {OPENED_DOOR})"
    )
    for table in ("participant", "ballot"):
        op.execute(f"CREATE POLICY forgetting ON {table} FOR UPDATE TO owner USING (true) WITH CHECK (true)")
    op.execute(FORGET_VOTERS)
    op.execute(TAKE_HANDOVER)
    for function in ("forget_voters(uuid)", "take_handover()"):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO web")


def _of_harvest() -> None:
    """From an own workshop or from a report that was received; each card of it at most once."""
    op.alter_column("harvest", "workshop_id", nullable=True)
    op.alter_column("harvest", "activity_id", nullable=True)
    op.add_column("harvest", sa.Column("source", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.execute("ALTER TABLE harvest NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE harvest SET source = id::text")
    op.execute("ALTER TABLE harvest FORCE ROW LEVEL SECURITY")
    op.alter_column("harvest", "source", server_default=None)
    op.add_column("harvest", sa.Column("received_report_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_harvest_received_report_id"), "harvest", "received_report", ["received_report_id"], ["id"]
    )
    op.execute(
        "ALTER TABLE harvest ADD CONSTRAINT same_council_harvest_received_report_id"
        " FOREIGN KEY (council_id, received_report_id) REFERENCES received_report (council_id, id)"
    )
    op.create_check_constraint(op.f("ck_harvest_one_origin"), "harvest", ORIGIN)
    for origin in ("workshop_id", "received_report_id"):
        op.create_unique_constraint(op.f(f"uq_harvest_{origin}_source"), "harvest", [origin, "source"])


def downgrade() -> None:
    op.execute("DROP FUNCTION take_handover()")
    op.execute("DROP FUNCTION forget_voters(uuid)")
    for table in ("participant", "ballot"):
        op.execute(f"DROP POLICY forgetting ON {table}")
    # What came from another council has no place in the earlier version. The owner of a table minds its walls as well.
    op.execute("ALTER TABLE harvest NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM harvest WHERE workshop_id IS NULL")
    op.execute("ALTER TABLE harvest FORCE ROW LEVEL SECURITY")
    op.drop_constraint("ck_harvest_one_origin", "harvest")
    op.drop_column("harvest", "received_report_id")
    op.drop_column("harvest", "source")
    op.alter_column("harvest", "activity_id", nullable=False)
    op.alter_column("harvest", "workshop_id", nullable=False)
    op.drop_table("received_report")
    op.drop_table("handover")
    op.drop_column("contribution", "shared_at")
    op.drop_column("workshop", "summary")
