"""Rounds: a question that everyone answers alone, behind a wall of its own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl
from workbench.rounds import wall

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

METHODS = (
    "choose",
    "sentence",
    "position",
    "dots",
    "points",
    "ranking",
    "pairwise",
    "consent",
    "statements",
)
STATES = ("draft", "open", "closed", "revealed")


def _owned(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])


def _moment(name: str, *, optional: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def upgrade() -> None:
    _owned(
        "round",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("method", sa.Enum(*METHODS, name="round_method"), nullable=False),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("settings", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="round_state"), nullable=False),
        _moment("made_at", optional=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        _moment("opened_at"),
        _moment("closed_at"),
        _moment("revealed_at"),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_round_made_by_id")),
    )
    for statement in isolation_ddl("round"):
        op.execute(statement)
    _owned(
        "participant",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("device_hash", sa.Text(), nullable=True),
        sa.Column("faction", sa.Text(), nullable=True),
        _moment("withdrawn_at"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_participant_round_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participant_person_id")),
        sa.UniqueConstraint("round_id", "person_id", name="uq_participant_round_id_person_id"),
        sa.UniqueConstraint("round_id", "device_hash", name="uq_participant_round_id_device_hash"),
        sa.CheckConstraint("num_nonnulls(person_id, device_hash) = 1", name=op.f("ck_participant_one_kind")),
    )
    _owned(
        "ballot",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("share_reason", sa.Boolean(), nullable=False),
        sa.Column("minority", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("saved_at", optional=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ballot_round_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_ballot_participant_id")
        ),
        sa.UniqueConstraint("participant_id", name=op.f("uq_ballot_participant_id")),
    )
    op.create_index(op.f("ix_ballot_round_id"), "ballot", ["round_id"])
    for statement in wall.ddl():
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION round_ready(uuid)")
    for table in ("ballot", "participant", "round"):
        op.drop_table(table)
    op.execute("DROP TYPE round_method")
    op.execute("DROP TYPE round_state")
