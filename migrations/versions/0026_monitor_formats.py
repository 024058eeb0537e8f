"""Monitors with formats that people shape: what sections and blocks there were become the first format of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KIND = ENUM("council", "public", "theme", name="monitor_kind", create_type=False)
# What format.key_of makes a key of for a figure as it was proposed, so that no document is thrown away.
UNSHAPED = (
    '\'{"from_year": null, "kind": "figure", "link_id": "\' || link.id || \'", "show_events": true, '
    '"view": {"kind": "trend", "show_band": true}}\''
)
# Row-level security is forced on the owner too, and a migration acts for no council.
WALLED = ("plan", "value", "link", "section", "block", "block_document")

CARRY_OVER = [
    (
        "INSERT INTO monitor (id, key, council_id, plan_id, title, kind, draft, shaped, version, revision,"
        " created_at, edited_at)"
        " SELECT gen_random_uuid(), gen_random_uuid(), plan.council_id, plan.id, '', 'council', 1, false, 1, 1, now(), now()"
        " FROM plan WHERE EXISTS (SELECT 1 FROM section WHERE section.plan_id = plan.id)"
    ),
    (
        "INSERT INTO monitor_format (id, council_id, monitor_id, number, tree, change, made_at)"
        " SELECT gen_random_uuid(), monitor.council_id, monitor.id, 1,"
        " jsonb_build_object('format', 1, 'known', '[]'::jsonb, 'sections', (SELECT jsonb_agg(jsonb_build_object("
        "  'id', section.id, 'value_id', section.value_id, 'title', '', 'hidden', false, 'blocks', ("
        "   SELECT coalesce(jsonb_agg(jsonb_build_object('id', block.id, 'kind', 'figure', 'hidden', false,"
        "    'link_id', block.link_id, 'view', block.options, 'from_year', NULL, 'show_events', true, 'table_open', false)"
        "    ORDER BY link.created_at, link.id), '[]'::jsonb)"
        "   FROM block JOIN link ON link.id = block.link_id WHERE block.section_id = section.id)"
        "  ) ORDER BY value.created_at, value.id)"
        "  FROM section JOIN value ON value.id = section.value_id WHERE section.plan_id = monitor.plan_id)),"
        ' \'{"what": "proposed"}\'::jsonb, now() FROM monitor'
    ),
    (
        "UPDATE block_document SET monitor_id = monitor.id, link_id = block.link_id, key = CASE"
        ' WHEN block.options = \'{"kind": "trend", "show_band": true}\'::jsonb'
        f" THEN left(encode(sha256(({UNSHAPED})::bytea), 'hex'), 16) ELSE 'other' END"
        " FROM block JOIN section ON section.id = block.section_id JOIN monitor ON monitor.plan_id = section.plan_id"
        " JOIN link ON link.id = block.link_id"
        " WHERE block.id = block_document.block_id"
    ),
]

CARRY_BACK = [
    (
        "INSERT INTO section (id, key, council_id, plan_id, value_id, version, revision, created_at, edited_at)"
        " SELECT DISTINCT ON (value.id) (part ->> 'id')::uuid, gen_random_uuid(), monitor.council_id, monitor.plan_id,"
        " value.id, 1, 1, now(), now()"
        " FROM monitor JOIN monitor_format ON monitor_format.monitor_id = monitor.id"
        " AND monitor_format.number = monitor.draft,"
        " jsonb_array_elements(monitor_format.tree -> 'sections') AS part"
        " JOIN value ON value.id = (part ->> 'value_id')::uuid WHERE monitor.kind = 'council'"
    ),
    (
        "INSERT INTO block (id, key, council_id, section_id, link_id, options, version, revision, created_at, edited_at)"
        " SELECT DISTINCT ON (link.id) (item ->> 'id')::uuid, gen_random_uuid(), monitor.council_id, section.id, link.id,"
        " item -> 'view', 1, 1, now(), now()"
        " FROM monitor JOIN monitor_format ON monitor_format.monitor_id = monitor.id"
        " AND monitor_format.number = monitor.draft,"
        " jsonb_array_elements(monitor_format.tree -> 'sections') AS part"
        " JOIN section ON section.value_id = (part ->> 'value_id')::uuid,"
        " jsonb_array_elements(part -> 'blocks') AS item JOIN link ON link.id = (item ->> 'link_id')::uuid"
        " WHERE monitor.kind = 'council' AND item ->> 'kind' = 'figure'"
    ),
    "DELETE FROM block_document",  # made again from the figures; the old blocks know nothing of keys
]


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _card(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f(f"fk_{table}_edited_by_id")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{table}_key")),
        *_owned(table),
    ]


def _reference(table: str, column: str, target: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), **options)


def _over_all_councils(statements: list[str], *more: str) -> None:
    """The owner looks past the wall while these run, and no longer."""
    tables = (*WALLED, *more)
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for statement in statements:
        op.execute(statement)
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _same_council(column: str, target: str) -> str:
    return (
        f"ALTER TABLE block_document ADD CONSTRAINT same_council_block_document_{column} "
        f"FOREIGN KEY (council_id, {column}) REFERENCES {target} (council_id, id)"
    )


def upgrade() -> None:
    KIND.create(op.get_bind())
    op.create_table(
        "monitor",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("shaped", sa.Boolean(), nullable=False),
        _reference("monitor", "plan_id", "plan", ondelete="CASCADE"),
        _reference("monitor", "published_by_id", "person"),
        *_card("monitor"),
    )
    op.create_index(op.f("ix_monitor_council_id"), "monitor", ["council_id"])
    op.create_index(op.f("ix_monitor_plan_id"), "monitor", ["plan_id"])
    op.create_index(
        "uq_monitor_of_the_council",
        "monitor",
        ["plan_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'council'"),
    )
    op.create_table(
        "monitor_format",
        sa.Column("monitor_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("tree", JSONB(), nullable=False),
        sa.Column("change", JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        _reference("monitor_format", "monitor_id", "monitor", ondelete="CASCADE"),
        _reference("monitor_format", "made_by_id", "person"),
        *_owned("monitor_format"),
        sa.UniqueConstraint("monitor_id", "number", name=op.f("uq_monitor_format_monitor_id_number")),
    )
    op.create_index(op.f("ix_monitor_format_council_id"), "monitor_format", ["council_id"])
    for column in ("monitor_id", "link_id"):
        op.add_column("block_document", sa.Column(column, sa.Uuid(), nullable=True))
    op.add_column("block_document", sa.Column("key", sa.Text(), nullable=True))
    _over_all_councils(CARRY_OVER)
    for column in ("monitor_id", "link_id", "key"):
        op.alter_column("block_document", column, nullable=False)
    op.drop_constraint("same_council_block_document_block_id", "block_document")
    op.drop_constraint(op.f("fk_block_document_block_id"), "block_document")
    op.drop_constraint(op.f("uq_block_document_block_id_language"), "block_document")
    op.drop_column("block_document", "block_version")
    op.create_unique_constraint(
        op.f("uq_block_document_block_id_language_key"), "block_document", ["block_id", "language", "key"]
    )
    op.drop_table("block")
    op.drop_table("section")
    for statement in (
        *isolation_ddl("monitor", {"plan_id": "plan"}),
        *isolation_ddl("monitor_format", {"monitor_id": "monitor"}, append_only=True),
    ):
        op.execute(statement)
    for column, target in (("monitor_id", "monitor"), ("link_id", "link")):
        op.create_foreign_key(
            op.f(f"fk_block_document_{column}"),
            "block_document",
            target,
            [column],
            ["id"],
            ondelete="CASCADE",
        )
        op.create_index(op.f(f"ix_block_document_{column}"), "block_document", [column])
        op.execute(_same_council(column, target))


def downgrade() -> None:
    op.create_table(
        "section",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("value_id", sa.Uuid(), nullable=False),
        _reference("section", "plan_id", "plan", ondelete="CASCADE"),
        _reference("section", "value_id", "value", ondelete="CASCADE"),
        sa.UniqueConstraint("value_id", name=op.f("uq_section_value_id")),
        *_card("section"),
    )
    op.create_table(
        "block",
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("options", JSONB(), nullable=False),
        _reference("block", "section_id", "section", ondelete="CASCADE"),
        _reference("block", "link_id", "link", ondelete="CASCADE"),
        sa.UniqueConstraint("link_id", name=op.f("uq_block_link_id")),
        *_card("block"),
    )
    for table, column in (("section", "plan_id"), ("block", "section_id")):
        op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for statement in (
        *isolation_ddl("section", {"plan_id": "plan", "value_id": "value"}),
        *isolation_ddl("block", {"link_id": "link", "section_id": "section"}),
    ):
        op.execute(statement)
    _over_all_councils(CARRY_BACK, "monitor", "monitor_format")
    for column in ("monitor_id", "link_id"):
        op.drop_constraint(f"same_council_block_document_{column}", "block_document")
        op.drop_index(op.f(f"ix_block_document_{column}"), table_name="block_document")
        op.drop_constraint(op.f(f"fk_block_document_{column}"), "block_document")
        op.drop_column("block_document", column)
    op.drop_constraint(op.f("uq_block_document_block_id_language_key"), "block_document")
    op.drop_column("block_document", "key")
    op.add_column("block_document", sa.Column("block_version", sa.Integer(), nullable=False))
    op.create_unique_constraint(
        op.f("uq_block_document_block_id_language"), "block_document", ["block_id", "language"]
    )
    op.create_foreign_key(
        op.f("fk_block_document_block_id"),
        "block_document",
        "block",
        ["block_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.execute(_same_council("block_id", "block"))
    op.drop_table("monitor_format")
    op.drop_table("monitor")
    KIND.drop(op.get_bind())
