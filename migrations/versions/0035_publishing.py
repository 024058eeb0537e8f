"""What a council lets residents read of its monitor, and when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from workbench.core.tenancy import ACTING_COUNCIL, OPENED_DOOR, isolation_ddl

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TODAY = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
BEHIND_THE_DOOR = f"{OPENED_DOOR} = 'published ' || council_id"
# What a visitor at this council's door may read today; what belongs to a publication follows it.
IS_OPEN = (
    f"{BEHIND_THE_DOOR} AND published_at IS NOT NULL AND revoked_at IS NULL"
    f" AND starts_on <= {TODAY} AND (ends_on IS NULL OR {TODAY} <= ends_on)"
    " AND NOT EXISTS (SELECT FROM publication_settings s WHERE s.council_id = publication.council_id"
    f" AND s.quiet_hides AND {TODAY} BETWEEN s.quiet_from AND s.quiet_until)"
)
OF_AN_OPEN_ONE = f"{BEHIND_THE_DOOR} AND EXISTS (SELECT FROM publication p WHERE p.id = publication_id)"


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _of_publication(table: str, *unique: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f(f"fk_{table}_publication_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "publication_id", *unique, name=op.f("_".join(("uq", table, "publication_id", *unique)))
        ),
        *_owned(table),
    ]


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "publication_settings",
        sa.Column("quiet_from", sa.Date(), nullable=True),
        sa.Column("quiet_until", sa.Date(), nullable=True),
        sa.Column("quiet_hides", sa.Boolean(), nullable=False),
        sa.Column("hosts", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from <= quiet_until",
            name=op.f("ck_publication_settings_quiet_days"),
        ),
        sa.UniqueConstraint("council_id", name=op.f("uq_publication_settings_council_id")),
        *_owned("publication_settings"),
    )
    op.create_table(
        "publication",
        sa.Column("monitor_id", sa.Uuid(), nullable=False),
        sa.Column("ticked", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("own_figures", JSONB(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", moment, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["monitor_id"], ["monitor.id"], name=op.f("fk_publication_monitor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_publication_made_by_id")),
        *_owned("publication"),
    )
    op.create_index(op.f("ix_publication_monitor_id"), "publication", ["monitor_id"])
    for name, where in (
        ("draft", "published_at IS NULL"),
        ("standing", "published_at IS NOT NULL AND revoked_at IS NULL"),
    ):
        op.create_index(
            f"uq_publication_{name}",
            "publication",
            ["council_id"],
            unique=True,
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "publication_page",
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        *_of_publication("publication_page", "language"),
    )
    op.create_table(
        "publication_chart",
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("chart", sa.LargeBinary(), nullable=False),
        *_of_publication("publication_chart", "block_id", "language"),
    )
    op.create_table(
        "publication_picture",
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        *_of_publication("publication_picture", "language"),
    )
    parts = ("publication_page", "publication_chart", "publication_picture")
    for table in ("publication", "publication_settings", *parts):
        op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])
    statements = isolation_ddl("publication_settings", also_visible=BEHIND_THE_DOOR)
    statements += isolation_ddl("publication", {"monitor_id": "monitor"}, also_visible=IS_OPEN)
    for table in parts:
        statements += isolation_ddl(
            table, {"publication_id": "publication"}, also_visible=OF_AN_OPEN_ONE, append_only=True
        )
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    for table in ("publication_picture", "publication_chart", "publication_page", "publication"):
        op.drop_table(table)
    op.drop_table("publication_settings")
