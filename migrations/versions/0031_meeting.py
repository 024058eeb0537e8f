"""The monitor in a meeting, and two readers of one goal whose notes stay their own until both are ready."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from workbench.core.tenancy import ACTING_COUNCIL, ACTING_PERSON, isolation_ddl

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

COUNCIL = f"(council_id = {ACTING_COUNCIL})"
SELF = f"person_id = {ACTING_PERSON}"


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _to(table: str, column: str, target: str, then: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=then
    )


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "meeting",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("sections", JSONB(), nullable=False),
        sa.Column("shown", JSONB(), nullable=False),
        sa.Column("shown_at", moment, nullable=True),
        _to("meeting", "plan_id", "plan", "CASCADE"),
        sa.UniqueConstraint("plan_id", name=op.f("uq_meeting_plan_id")),
        *_owned("meeting"),
    )
    op.create_table(
        "duo_reading",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        _to("duo_reading", "plan_id", "plan", "CASCADE"),
        _to("duo_reading", "goal_id", "goal", "CASCADE"),
        _to("duo_reading", "made_by_id", "person"),
        *_owned("duo_reading"),
    )
    for column in ("plan_id", "goal_id"):
        op.create_index(op.f(f"ix_duo_reading_{column}"), "duo_reading", [column])
    op.create_table(
        "duo_reader",
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Enum("coalition", "opposition", name="duo_side"), nullable=False),
        sa.Column("ready_at", moment, nullable=True),
        _to("duo_reader", "reading_id", "duo_reading", "CASCADE"),
        _to("duo_reader", "person_id", "person"),
        sa.UniqueConstraint("reading_id", "side", name=op.f("uq_duo_reader_reading_id_side")),
        sa.UniqueConstraint("reading_id", "person_id", name=op.f("uq_duo_reader_reading_id_person_id")),
        *_owned("duo_reader"),
    )
    verdict = sa.Enum("yes", "partly", "no", "unknown", name="duo_verdict")
    op.create_table(
        "duo_note",
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reached", verdict, nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("worth", verdict, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", moment, nullable=False),
        _to("duo_note", "reading_id", "duo_reading", "CASCADE"),
        _to("duo_note", "person_id", "person"),
        sa.UniqueConstraint("reading_id", "person_id", name=op.f("uq_duo_note_reading_id_person_id")),
        *_owned("duo_note"),
    )
    for table in ("meeting", "duo_reading", "duo_reader", "duo_note"):
        op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])
    for statement in [
        *isolation_ddl("meeting", {"plan_id": "plan"}),
        *isolation_ddl("duo_reading", {"plan_id": "plan", "goal_id": "goal"}),
        *_readers(),
        *_notes(),
    ]:
        op.execute(statement)


def _behind_a_wall(table: str) -> list[str]:
    """Only rows of the acting council, whatever the policies below say."""
    key = "FOREIGN KEY (council_id, reading_id) REFERENCES duo_reading (council_id, id) ON DELETE CASCADE"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_council ON {table} AS RESTRICTIVE USING {COUNCIL} WITH CHECK {COUNCIL}",
        f"ALTER TABLE {table} ADD CONSTRAINT same_council_{table} UNIQUE (council_id, id)",
        f"ALTER TABLE {table} ADD CONSTRAINT same_council_{table}_reading_id {key}",
        f"GRANT SELECT ON {table} TO backup",
    ]


def _readers() -> list[str]:
    """The council sees who reads; nobody but the reader can say to be ready, not even by SQL."""
    return [
        *_behind_a_wall("duo_reader"),
        f"CREATE POLICY seen ON duo_reader FOR SELECT TO web USING {COUNCIL}",
        "CREATE POLICY asked ON duo_reader FOR INSERT TO web WITH CHECK (ready_at IS NULL)",
        f"CREATE POLICY own ON duo_reader FOR UPDATE TO web USING ({SELF}) WITH CHECK ({SELF})",
        "GRANT SELECT, INSERT, UPDATE (ready_at) ON duo_reader TO web",
    ]


def _notes() -> list[str]:
    """A note is its writer's alone until both readers are ready; from then on nobody changes it."""
    readers = "SELECT count(*) FROM duo_reader r WHERE r.reading_id = duo_note.reading_id"
    both_ready = f"(2 = ({readers} AND r.ready_at IS NOT NULL))"
    reads = f"(1 = ({readers} AND r.{SELF}))"
    may_write = f"({SELF} AND {reads} AND NOT {both_ready})"
    return [
        *_behind_a_wall("duo_note"),
        f"CREATE POLICY own ON duo_note FOR SELECT TO web USING ({SELF})",
        f"CREATE POLICY revealed ON duo_note FOR SELECT TO web USING {both_ready}",
        f"CREATE POLICY own_new ON duo_note FOR INSERT TO web WITH CHECK {may_write}",
        f"CREATE POLICY own_change ON duo_note FOR UPDATE TO web USING {may_write} WITH CHECK {may_write}",
        f"CREATE POLICY own_undone ON duo_note FOR DELETE TO web USING {may_write}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON duo_note TO web",
    ]


def downgrade() -> None:
    for table in ("duo_note", "duo_reader", "duo_reading", "meeting"):
        op.drop_table(table)
    for name in ("duo_side", "duo_verdict"):
        op.execute(f"DROP TYPE {name}")
