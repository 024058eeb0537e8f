"""Own figures under goals: a link has one of two figures; what an own figure means can be put better; what is published
can be read from outside.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import OPENED_DOOR

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# A council's door to what it published: its own key, and nothing that is not published or no longer holds.
BEHIND_THE_DOOR = f"{OPENED_DOOR} = 'published ' || council_id"
IS_PUBLISHED = (
    "EXISTS (SELECT FROM own_indicator i WHERE i.id = own_indicator_id AND i.published_at IS NOT NULL)"
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    direction = ENUM(name="direction", create_type=False)
    op.add_column(
        "own_indicator", sa.Column("direction", direction, server_default="context", nullable=False)
    )
    for name in ("reading_up", "reading_down"):
        op.add_column("own_indicator", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name in ("edited_at", "published_at"):
        op.add_column("own_indicator", sa.Column(name, moment, nullable=True))
    op.execute(
        "CREATE POLICY published ON own_indicator FOR SELECT"
        f" USING (published_at IS NOT NULL AND {BEHIND_THE_DOOR})"
    )
    op.execute(
        "CREATE POLICY published ON own_observation FOR SELECT"
        f" USING (loaded_until IS NULL AND {BEHIND_THE_DOOR} AND {IS_PUBLISHED})"
    )

    op.add_column("link", sa.Column("own_indicator_id", sa.Uuid(), nullable=True))
    op.alter_column("link", "indicator_id", nullable=True)
    op.create_foreign_key(
        op.f("fk_link_own_indicator_id"), "link", "own_indicator", ["own_indicator_id"], ["id"]
    )
    op.create_foreign_key(
        "same_council_link_own_indicator_id",
        "link",
        "own_indicator",
        ["council_id", "own_indicator_id"],
        ["council_id", "id"],
    )
    op.create_unique_constraint(
        op.f("uq_link_goal_id_own_indicator_id"), "link", ["goal_id", "own_indicator_id"]
    )
    op.create_check_constraint(
        op.f("ck_link_one_figure"), "link", "num_nonnulls(indicator_id, own_indicator_id) = 1"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_link_one_figure"), "link", type_="check")
    op.drop_constraint(op.f("uq_link_goal_id_own_indicator_id"), "link", type_="unique")
    op.drop_constraint("same_council_link_own_indicator_id", "link", type_="foreignkey")
    op.drop_constraint(op.f("fk_link_own_indicator_id"), "link", type_="foreignkey")
    # Such a link has no place in the older form. The owner of the table sees rows of all councils for this one line.
    op.execute("ALTER TABLE link NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM link WHERE indicator_id IS NULL")
    op.execute("ALTER TABLE link FORCE ROW LEVEL SECURITY")
    op.alter_column("link", "indicator_id", nullable=False)
    op.drop_column("link", "own_indicator_id")

    op.execute("DROP POLICY published ON own_observation")
    op.execute("DROP POLICY published ON own_indicator")
    for name in ("published_at", "edited_at", "reading_down", "reading_up", "direction"):
        op.drop_column("own_indicator", name)
