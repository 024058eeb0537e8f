"""The role `backup` reads of a passage all but its words, and sequences of later migrations as well."""

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

PLACE = "id, council_id, story_id, start_at, end_at, leaning, coder_id, made_at"


def upgrade() -> None:
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO backup")
    op.execute(f"GRANT SELECT ({PLACE}) ON excerpt TO backup")


def downgrade() -> None:
    op.execute(f"REVOKE SELECT ({PLACE}) ON excerpt FROM backup")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON SEQUENCES FROM backup")
