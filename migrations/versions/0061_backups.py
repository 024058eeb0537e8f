"""What the role `backup` reads: everything that a backup needs, of a passage all but its words, and no files with quotes."""

from alembic import op

revision = "0061"
down_revision = "0056"
branch_labels = None
depends_on = None

PLACE = "id, council_id, story_id, start_at, end_at, leaning, coder_id, made_at"


def upgrade() -> None:
    op.execute("GRANT SELECT ON alembic_version TO backup")
    op.execute("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO backup")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO backup")
    op.execute(f"GRANT SELECT ({PLACE}) ON excerpt TO backup")
    op.execute("REVOKE SELECT ON monitor_export FROM backup")


def downgrade() -> None:
    op.execute("GRANT SELECT ON monitor_export TO backup")
    op.execute(f"REVOKE SELECT ({PLACE}) ON excerpt FROM backup")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON SEQUENCES FROM backup")
    op.execute("REVOKE SELECT ON ALL SEQUENCES IN SCHEMA public FROM backup")
    op.execute("REVOKE SELECT ON alembic_version FROM backup")
