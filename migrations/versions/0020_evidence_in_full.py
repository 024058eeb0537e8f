"""How a figure is measured under a goal, stories beside figures, what is asked for, and what is in focus or rests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

AIMING = ENUM("aim", "follow", name="aiming", create_type=False)
SIDE = ENUM("above", "below", name="signal_side", create_type=False)
DIRECTION = ENUM(name="direction", create_type=False)
KIND = ENUM(
    "interviews",
    "mirror_talk",
    "open_answers",
    "table_talk",
    "complaints",
    "visits",
    "other",
    name="story_kind",
    create_type=False,
)
VERDICT = ENUM("later", "unfit", name="candidate_verdict", create_type=False)
TYPES = (AIMING, SIDE, KIND, VERDICT)


def _owned(table: str, **references: str) -> list[sa.schema.SchemaItem]:
    items: list[sa.schema.SchemaItem] = [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]
    for column, target in references.items():
        items.append(sa.Column(column, sa.Uuid(), nullable=False))
        items.append(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
            )
        )
    return items


def _card(table: str, **references: str) -> list[sa.schema.SchemaItem]:
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
        *_owned(table, **references),
    ]


def _isolate(table: str, indexed: tuple[str, ...] = (), **references: str) -> None:
    for column in ("council_id", *indexed):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for statement in isolation_ddl(table, references):
        op.execute(statement)


def upgrade() -> None:
    for type_ in TYPES:
        type_.create(op.get_bind())
    op.add_column("link", sa.Column("rests_until", sa.Date(), nullable=True))

    op.create_table(
        "measuring",
        sa.Column("baseline_period", sa.Text(), nullable=False),
        sa.Column("baseline_value", sa.Double(), nullable=True),
        sa.Column("baseline_status", sa.Text(), nullable=False),
        sa.Column("aiming", AIMING, nullable=False),
        sa.Column("aims", sa.Text(), nullable=False),
        sa.Column("signal_side", SIDE, nullable=True),
        sa.Column("signal_limit", sa.Double(), nullable=True),
        sa.Column("direction", DIRECTION, nullable=False),
        sa.Column("direction_reason", sa.Text(), nullable=False),
        sa.Column("band_low", sa.Double(), nullable=True),
        sa.Column("band_high", sa.Double(), nullable=True),
        sa.Column("reading_up", sa.Text(), nullable=False),
        sa.Column("reading_down", sa.Text(), nullable=False),
        *_card("measuring", link_id="link"),
        sa.UniqueConstraint("link_id", name=op.f("uq_measuring_link_id")),
        sa.CheckConstraint(
            "(signal_side IS NULL) = (signal_limit IS NULL)", name=op.f("ck_measuring_limit_has_a_side")
        ),
        sa.CheckConstraint(
            "(direction = 'band') = (band_low IS NOT NULL AND band_high IS NOT NULL AND band_low < band_high)",
            name=op.f("ck_measuring_band_has_two_ends"),
        ),
        sa.CheckConstraint(
            "direction = 'context' OR direction_reason <> ''",
            name=op.f("ck_measuring_direction_has_a_reason"),
        ),
    )
    _isolate("measuring", link_id="link")

    op.create_table(
        "story_source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("from_whom", sa.Text(), nullable=False),
        sa.Column("collector", sa.Text(), nullable=False),
        sa.Column("collected_on", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        *_card("story_source"),
    )
    _isolate("story_source")

    op.create_table(
        "story_link",
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("not_saying", sa.Text(), nullable=False),
        *_card("story_link", goal_id="goal", story_source_id="story_source"),
        sa.UniqueConstraint("goal_id", "story_source_id", name=op.f("uq_story_link_goal_id_story_source_id")),
    )
    _isolate("story_link", ("story_source_id",), goal_id="goal", story_source_id="story_source")

    op.create_table(
        "data_request",
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("from_whom", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        *_card("data_request", goal_id="goal"),
    )
    _isolate("data_request", ("goal_id",), goal_id="goal")

    op.create_table(
        "information_question",
        sa.Column("text", sa.Text(), nullable=False),
        *_card("information_question", goal_id="goal"),
    )
    _isolate("information_question", ("goal_id",), goal_id="goal")

    op.create_table(
        "candidate",
        sa.Column("verdict", VERDICT, nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        *_owned("candidate", goal_id="goal", indicator_id="indicator"),
        sa.UniqueConstraint("goal_id", "indicator_id", name=op.f("uq_candidate_goal_id_indicator_id")),
        sa.CheckConstraint(
            "(verdict = 'later') = (review_on IS NOT NULL)", name=op.f("ck_candidate_later_has_a_day")
        ),
    )
    _isolate("candidate", goal_id="goal")

    op.create_table(
        "focus_set",
        sa.Column("size", sa.Integer(), nullable=False),
        *_owned("focus_set", plan_id="plan"),
        sa.UniqueConstraint("plan_id", name=op.f("uq_focus_set_plan_id")),
        sa.CheckConstraint("size BETWEEN 3 AND 15", name=op.f("ck_focus_set_few")),
    )
    _isolate("focus_set", plan_id="plan")


def downgrade() -> None:
    for table in (
        "focus_set",
        "candidate",
        "information_question",
        "data_request",
        "story_link",
        "story_source",
        "measuring",
    ):
        op.drop_table(table)
    op.drop_column("link", "rests_until")
    for type_ in TYPES:
        type_.drop(op.get_bind())
