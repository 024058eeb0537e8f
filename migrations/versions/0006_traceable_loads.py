"""traceable loads"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import public_ddl

revision = "0006"
down_revision = "0005"

METADATA_KIND = ENUM(
    "title", "status", "measure", "unit", "definition", name="metadata_kind", create_type=False
)
RUN_DECISION = ENUM("accepted", "kept", "replaced", name="run_decision", create_type=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _filled(name: str, type_: sa.types.TypeEngine[object], default: str) -> sa.Column[object]:
    """A column that may not be empty: the rows that are there get this value."""
    return sa.Column(name, type_, server_default=sa.text(default), nullable=False)


def upgrade() -> None:
    for type_ in (METADATA_KIND, RUN_DECISION):
        type_.create(op.get_bind())
    op.create_table(
        "metadata_change",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("what", METADATA_KIND, nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["refresh_run.id"], name=op.f("fk_metadata_change_run_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_metadata_change_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metadata_change")),
    )
    op.create_index(op.f("ix_metadata_change_run_id"), "metadata_change", ["run_id"], unique=False)
    for statement in public_ddl("metadata_change"):
        op.execute(statement)
    for column in ("status", "frequency", "refused_fingerprint"):
        op.add_column("source_table", sa.Column(column, sa.Text(), nullable=True))
    op.add_column("source_table", _moment("observations_modified_at"))
    for column in ("measure_title", "definition"):
        op.add_column("table_series", sa.Column(column, sa.Text(), nullable=True))
    for name, type_, default in (
        ("restated", sa.Integer(), "0"),
        ("final_revised", sa.Integer(), "0"),
        ("codes_only", sa.Boolean(), "false"),
    ):
        op.add_column("refresh_run", _filled(name, type_, default))
    for column in ("merged_at", "source_modified_at", "decided_at"):
        op.add_column("refresh_run", _moment(column))
    op.add_column("refresh_run", sa.Column("held_load_id", sa.Uuid(), nullable=True))
    op.add_column("refresh_run", sa.Column("held", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("refresh_run", sa.Column("decision", RUN_DECISION, nullable=True))
    op.execute("UPDATE refresh_run SET merged_at = finished_at WHERE state = 'done' AND NOT same_as_before")
    op.add_column("person", _filled("wants_digest", sa.Boolean(), "true"))
    op.add_column("membership", _moment("digest_sent_at"))
    op.add_column("block_document", _moment("data_fetched_at"))


def downgrade() -> None:
    op.drop_column("block_document", "data_fetched_at")
    op.drop_column("membership", "digest_sent_at")
    op.drop_column("person", "wants_digest")
    for column in (
        "decision",
        "held",
        "held_load_id",
        "decided_at",
        "source_modified_at",
        "merged_at",
        "codes_only",
        "final_revised",
        "restated",
    ):
        op.drop_column("refresh_run", column)
    for column in ("definition", "measure_title"):
        op.drop_column("table_series", column)
    for column in ("observations_modified_at", "refused_fingerprint", "frequency", "status"):
        op.drop_column("source_table", column)
    op.drop_index(op.f("ix_metadata_change_run_id"), table_name="metadata_change")
    op.drop_table("metadata_change")
    for type_ in (RUN_DECISION, METADATA_KIND):
        type_.drop(op.get_bind())
