"""Circles with dates around what councils share, more kinds of templates, and finding them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM, JSONB, TSVECTOR

from workbench.core.tenancy import ACTING_COUNCIL, ACTING_PERSON, isolation_ddl, public_ddl

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

WORDS = {
    "template_circle": ("own", "chosen", "pilot", "members", "public"),
    "template_licence": ("cc-by-4.0", "cc0-1.0"),
}
KINDS = ("values", "goal", "format", "steps", "script")
SEARCH = "setweight(to_tsvector('dutch', search_name), 'A') || to_tsvector('dutch', search_text)"
TODAY = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
OF_PERSON = f"SELECT membership.council_id FROM membership WHERE membership.person_id = {ACTING_PERSON}"


def _reads(council: str) -> str:
    """Who acts for this council; on a page that acts for none: who is a member of it."""
    return f"({council} = {ACTING_COUNCIL} OR {ACTING_COUNCIL} IS NULL AND {council} IN ({OF_PERSON}))"


GRANTED = f"""{_reads("reader_id")} OR EXISTS (
    SELECT FROM pilot_member WHERE pilot_id = reader_id AND {_reads("member_id")})"""
VISIBLE = f"""revoked_at IS NULL AND visible_from <= {TODAY} AND (visible_until IS NULL OR visible_until >= {TODAY})
    AND CASE circle
        WHEN 'public' THEN true
        WHEN 'members' THEN EXISTS ({OF_PERSON})
        WHEN 'own' THEN {_reads("council_id")}
        ELSE {_reads("council_id")} OR EXISTS (
            SELECT FROM template_grant WHERE template_id = shared_template.id AND ({GRANTED}))
    END"""
# As it was before there were circles.
SHARED = "revoked_at IS NULL"


def upgrade() -> None:
    for kind in KINDS:
        op.execute(f"ALTER TYPE template_kind ADD VALUE IF NOT EXISTS '{kind}'")
    for name, words in WORDS.items():
        ENUM(*words, name=name).create(op.get_bind())
    _widen_templates()
    op.create_table(
        "pilot_member",
        sa.Column("pilot_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["council.id"], name=op.f("fk_pilot_member_pilot_id")),
        sa.ForeignKeyConstraint(["member_id"], ["council.id"], name=op.f("fk_pilot_member_member_id")),
        sa.PrimaryKeyConstraint("pilot_id", "member_id", name=op.f("pk_pilot_member")),
    )
    op.create_index(op.f("ix_pilot_member_member_id"), "pilot_member", ["member_id"])
    op.create_table(
        "template_grant",
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["shared_template.id"],
            name=op.f("fk_template_grant_template_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["council.id"], name=op.f("fk_template_grant_reader_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_template_grant_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_grant")),
        sa.UniqueConstraint("template_id", "reader_id", name=op.f("uq_template_grant_template_id_reader_id")),
    )
    op.create_index(op.f("ix_template_grant_council_id"), "template_grant", ["council_id"])
    op.create_index(op.f("ix_template_grant_reader_id"), "template_grant", ["reader_id"])
    for statement in public_ddl("pilot_member"):
        op.execute(statement)
    for statement in isolation_ddl(
        "template_grant", {"template_id": "shared_template"}, also_visible=GRANTED
    ):
        op.execute(statement)
    op.execute("DROP POLICY also_visible ON shared_template")
    op.execute(f"CREATE POLICY also_visible ON shared_template FOR SELECT USING ({VISIBLE})")
    op.execute(
        "CREATE POLICY of_members ON council_area FOR SELECT"
        f" USING ({ACTING_COUNCIL} IS NULL AND council_id IN ({OF_PERSON}))"
    )


def _widen_templates() -> None:
    """What is shared stays shared with everyone, and is found by its words until it is shared again."""
    empty = {"server_default": "{}", "nullable": False}
    for column in (
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("licence", ENUM(name="template_licence", create_type=False), nullable=True),
        sa.Column("history", JSONB(), server_default="[]", nullable=False),
        sa.Column(
            "circle", ENUM(name="template_circle", create_type=False), server_default="public", nullable=False
        ),
        sa.Column("visible_from", sa.Date(), nullable=True),
        sa.Column("visible_until", sa.Date(), nullable=True),
        *(sa.Column(name, sa.ARRAY(sa.Text()), **empty) for name in ("themes", "laws", "value_names")),
        *(
            sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            for name in ("figures", "stories")
        ),
        sa.Column("size", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Text(), server_default="", nullable=False)
            for name in ("search_name", "search_text")
        ),
    ):
        op.add_column("shared_template", column)
    op.execute("ALTER TABLE shared_template NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE shared_template SET subject_id = plan_id, search_name = lower(title), search_text = lower(description),"
        " visible_from = (shared_at AT TIME ZONE 'Europe/Amsterdam')::date"
    )
    op.execute("ALTER TABLE shared_template FORCE ROW LEVEL SECURITY")
    for name in (
        *("contact", "history", "circle", "themes", "laws", "value_names", "figures", "stories"),
        *("search_name", "search_text"),
    ):
        op.alter_column("shared_template", name, server_default=None)
    for name in ("subject_id", "visible_from"):
        op.alter_column("shared_template", name, nullable=False)
    op.alter_column("shared_template", "plan_id", nullable=True)
    op.drop_constraint("uq_shared_template_plan_id", "shared_template")
    op.create_unique_constraint(
        op.f("uq_shared_template_kind_subject_id"), "shared_template", ["kind", "subject_id"]
    )
    op.create_index(op.f("ix_shared_template_plan_id"), "shared_template", ["plan_id"])
    op.add_column(
        "shared_template",
        sa.Column("search", TSVECTOR(), sa.Computed(SEARCH, persisted=True), nullable=False),
    )
    op.create_index(op.f("ix_shared_template_search"), "shared_template", ["search"], postgresql_using="gin")


def downgrade() -> None:
    """What is not a whole plan, or not for everyone, is gone: there was no place for it. The words of kinds stay in their
    type: PostgreSQL takes none back.
    """
    op.execute("DROP POLICY of_members ON council_area")
    op.execute("DROP POLICY also_visible ON shared_template")
    op.execute("ALTER TABLE shared_template NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM shared_template WHERE kind <> 'plan' OR circle <> 'public'")
    op.execute("ALTER TABLE shared_template FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY also_visible ON shared_template FOR SELECT USING ({SHARED})")
    for table in ("template_grant", "pilot_member"):
        op.drop_table(table)
    op.drop_index("ix_shared_template_plan_id", "shared_template")
    op.drop_constraint("uq_shared_template_kind_subject_id", "shared_template")
    for name in (
        *(
            "search",
            "search_text",
            "search_name",
            "size",
            "stories",
            "figures",
            "value_names",
            "laws",
            "themes",
        ),
        *("visible_until", "visible_from", "circle", "history", "licence", "contact", "subject_id"),
    ):
        op.drop_column("shared_template", name)
    op.alter_column("shared_template", "plan_id", nullable=False)
    op.create_unique_constraint(op.f("uq_shared_template_plan_id"), "shared_template", ["plan_id"])
    for name in WORDS:
        ENUM(name=name).drop(op.get_bind())
