"""own figures"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0004"
down_revision = "0003"

OWN_KIND = ENUM("people", "share", "other", name="own_kind", create_type=False)
UPLOAD_STATE = ENUM("draft", "loaded", name="upload_state", create_type=False)
OBSERVATION_STATUS = ENUM(name="observation_status", create_type=False)
OBSERVATION_MISSING = ENUM(name="observation_missing", create_type=False)
OWNED: dict[str, dict[str, str]] = {
    "own_indicator": {},
    "own_upload": {"own_indicator_id": "own_indicator"},
    "own_observation": {"own_indicator_id": "own_indicator", "own_upload_id": "own_upload"},
}


def council_id() -> sa.Column[sa.Uuid]:
    return sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False)


def upgrade() -> None:
    for type_ in (OWN_KIND, UPLOAD_STATE):
        type_.create(op.get_bind())
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "own_indicator",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("kind", OWN_KIND, nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("rounding", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        council_id(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("threshold >= 5", name=op.f("ck_own_indicator_threshold")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_own_indicator_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_indicator")),
        sa.UniqueConstraint("council_id", "name", name=op.f("uq_own_indicator_council_id_name")),
    )
    op.create_index(op.f("ix_own_indicator_council_id"), "own_indicator", ["council_id"])
    op.create_table(
        "own_upload",
        sa.Column("own_indicator_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", moment, nullable=False),
        sa.Column("state", UPLOAD_STATE, nullable=False),
        sa.Column("parsed", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("description", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("warnings", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("loaded_at", moment, nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("inserted", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Integer(), nullable=False),
        council_id(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_own_upload_council_id")),
        sa.ForeignKeyConstraint(
            ["own_indicator_id"], ["own_indicator.id"], name=op.f("fk_own_upload_own_indicator_id")
        ),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name=op.f("fk_own_upload_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_upload")),
    )
    op.create_index(op.f("ix_own_upload_council_id"), "own_upload", ["council_id"])
    op.create_index(op.f("ix_own_upload_own_indicator_id"), "own_upload", ["own_indicator_id"])
    op.create_table(
        "own_observation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("own_indicator_id", sa.Uuid(), nullable=False),
        sa.Column("own_upload_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("area_name", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("missing", OBSERVATION_MISSING, nullable=True),
        sa.Column("guarded", sa.Boolean(), nullable=False),
        sa.Column("status", OBSERVATION_STATUS, nullable=False),
        sa.Column("loaded_from", moment, nullable=False),
        sa.Column("loaded_until", moment, nullable=True),
        council_id(),
        sa.CheckConstraint(
            "(value IS NULL) = (missing IS NOT NULL)", name=op.f("ck_own_observation_value_or_reason")
        ),
        sa.CheckConstraint(
            "NOT guarded OR missing = 'suppressed'", name=op.f("ck_own_observation_guarded_is_suppressed")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_own_observation_council_id")),
        sa.ForeignKeyConstraint(
            ["own_indicator_id"], ["own_indicator.id"], name=op.f("fk_own_observation_own_indicator_id")
        ),
        sa.ForeignKeyConstraint(
            ["own_upload_id"], ["own_upload.id"], name=op.f("fk_own_observation_own_upload_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_observation")),
    )
    op.create_index(op.f("ix_own_observation_council_id"), "own_observation", ["council_id"])
    op.create_index(op.f("ix_own_observation_own_indicator_id"), "own_observation", ["own_indicator_id"])
    op.create_index(op.f("ix_own_observation_own_upload_id"), "own_observation", ["own_upload_id"])
    op.create_index(
        "ix_own_observation_current",
        "own_observation",
        ["own_indicator_id", "area_code", "period"],
        unique=True,
        postgresql_where=sa.text("loaded_until IS NULL"),
    )
    for table, references in OWNED.items():
        for statement in isolation_ddl(table, references):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(OWNED):
        op.drop_table(table)
    for type_ in (UPLOAD_STATE, OWN_KIND):
        type_.drop(op.get_bind())
