"""Learning workshops: a script of activities, who joined, what they sent, and what of it went into a plan."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KINDS = (
    "check_in",
    "write_alone",
    "brainstorm",
    "dots",
    "points",
    "ranking",
    "pairwise",
    "position",
    "consent",
    "statements",
    "figure_and_story",
    "meaning",
    "dilemma",
    "exit_question",
)
WORDS = {
    "workshop_naming": ("nothing", "first_name", "faction"),
    "workshop_state": ("draft", "announced", "running", "ended"),
    "activity_kind": KINDS,
    "activity_state": ("waiting", "open", "closed", "revealed", "skipped"),
}
# Table -> its references to other tables of a council.
TABLES = {
    "workshop": {"plan_id": "plan"},
    "activity": {"workshop_id": "workshop", "round_id": "round"},
    "attendee": {"workshop_id": "workshop"},
    "contribution": {"activity_id": "activity", "attendee_id": "attendee"},
    "sign_up": {"workshop_id": "workshop"},
    "harvest": {"workshop_id": "workshop", "activity_id": "activity"},
}


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _key(
    table: str, column: str, target: str, *, cascade: bool = False, optional: bool = False
) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(column, sa.Uuid(), nullable=optional),
        sa.ForeignKeyConstraint(
            [column],
            [f"{target}.id"],
            name=op.f(f"fk_{table}_{column}"),
            ondelete="CASCADE" if cascade else None,
        ),
    ]


def _moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, MOMENT, nullable=True) for name in names]


def _words(column: str, name: str) -> sa.Column[str]:
    return sa.Column(column, ENUM(*WORDS[name], name=name, create_type=False), nullable=False)


def upgrade() -> None:
    op.execute("ALTER TYPE council_kind ADD VALUE IF NOT EXISTS 'atelier'")
    op.execute("ALTER TYPE audience ADD VALUE IF NOT EXISTS 'workshop'")
    for name, words in WORDS.items():
        ENUM(*words, name=name).create(op.get_bind())
    op.create_table(
        "workshop",
        *_text("title", "purpose", "place"),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("tables", sa.Integer(), nullable=False),
        *_key("workshop", "plan_id", "plan", optional=True),
        _words("naming", "workshop_naming"),
        sa.Column("factions", JSONB(), nullable=False),
        sa.Column("councils", JSONB(), nullable=False),
        _words("state", "workshop_state"),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("current_id", sa.Uuid(), nullable=True),
        sa.Column("keeps_days", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        *_key("workshop", "made_by_id", "person", optional=True),
        *_moments("opened_at", "ended_at"),
        sa.Column("forget_on", sa.Date(), nullable=True),
        *_moments("forgotten_at"),
        *_owned("workshop"),
        sa.UniqueConstraint("code", name=op.f("uq_workshop_code")),
    )
    op.create_table(
        "activity",
        *_key("activity", "workshop_id", "workshop", cascade=True),
        sa.Column("position", sa.Integer(), nullable=False),
        _words("kind", "activity_kind"),
        *_text("title", "question", "explanation", "note", "materials"),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("settings", JSONB(), nullable=False),
        _words("state", "activity_state"),
        *_text("skipped_why"),
        *_moments("opened_at", "ends_at", "closed_at", "revealed_at"),
        *_key("activity", "round_id", "round", optional=True),
        *_owned("activity"),
    )
    op.create_table(
        "attendee",
        *_key("attendee", "workshop_id", "workshop", cascade=True),
        *_text("device_hash", "first_name", "faction", "council"),
        sa.Column("table_number", sa.Integer(), nullable=True),
        sa.Column("joined_at", MOMENT, nullable=False),
        *_moments("left_at"),
        *_owned("attendee"),
        sa.UniqueConstraint("workshop_id", "device_hash", name=op.f("uq_attendee_workshop_id_device_hash")),
    )
    op.create_table(
        "contribution",
        *_key("contribution", "activity_id", "activity", cascade=True),
        *_key("contribution", "attendee_id", "attendee", cascade=True, optional=True),
        *_text("part", "text", "cluster"),
        sa.Column("saved_at", MOMENT, nullable=False),
        *_moments("hidden_at", "withdrawn_at"),
        *_owned("contribution"),
    )
    op.create_table(
        "sign_up",
        *_key("sign_up", "workshop_id", "workshop", cascade=True),
        *_text("name", "email"),
        sa.Column("signed_up_at", MOMENT, nullable=False),
        *_moments("reminded_at"),
        *_owned("sign_up"),
        sa.UniqueConstraint("workshop_id", "email", name=op.f("uq_sign_up_workshop_id_email")),
    )
    op.create_table(
        "harvest",
        *_key("harvest", "workshop_id", "workshop"),
        *_key("harvest", "activity_id", "activity"),
        *_text("kind"),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("harvested_at", MOMENT, nullable=False),
        *_key("harvest", "harvested_by_id", "person", optional=True),
        *_owned("harvest"),
    )
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])
    op.create_index(op.f("ix_activity_workshop_id"), "activity", ["workshop_id"])
    op.create_index(op.f("ix_contribution_activity_id"), "contribution", ["activity_id"])
    op.create_index(op.f("ix_contribution_attendee_id"), "contribution", ["attendee_id"])
    op.create_index(op.f("ix_harvest_workshop_id"), "harvest", ["workshop_id"])
    op.create_index(op.f("ix_harvest_object_id"), "harvest", ["object_id"])
    for table, references in TABLES.items():
        for statement in isolation_ddl(table, references):
            op.execute(statement)


def downgrade() -> None:
    """The words of kinds and audiences stay in their types: PostgreSQL takes none back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for name in WORDS:
        ENUM(name=name).drop(op.get_bind())
