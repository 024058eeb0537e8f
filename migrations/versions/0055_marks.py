"""Marks of what was written: pages know whether anything changed without looking at all rows. See workbench/core/marks.py."""

import sqlalchemy as sa
from alembic import op

from workbench.core.marks import marked_ddl, note_ddl
from workbench.core.tenancy import public_ddl

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

OWNED = [
    "activity",
    "adopted_part",
    "adopted_version",
    "adopter",
    "adoption",
    "answer",
    "arrived_card",
    "block_document",
    "calendar_entry",
    "candidate",
    "coding",
    "comparison_group",
    "cost_line",
    "data_request",
    "excerpt",
    "figure_question",
    "figure_signal",
    "finding",
    "focus_set",
    "goal",
    "goal_lines",
    "goal_value",
    "harvest",
    "information_question",
    "interpretation",
    "left_open",
    "link",
    "measuring",
    "membership",
    "monitor",
    "monitor_format",
    "need",
    "own_indicator",
    "own_observation",
    "plan",
    "plan_question",
    "plan_round",
    "plan_step",
    "publication",
    "publication_chart",
    "publication_page",
    "publication_picture",
    "publication_settings",
    "question_snapshot",
    "question_step",
    "received_report",
    "round",
    "series_event",
    "signal_choice",
    "steering",
    "step_skip",
    "story",
    "story_link",
    "story_risks",
    "story_round",
    "story_settings",
    "story_source",
    "tag",
    "tag_goal",
    "tag_value",
    "value",
    "value_decision",
    "value_part",
    "workshop",
]
# Of councils, but other councils may read rows too: in the showcase, and whose area and colours are whose.
SHARED = [
    "council_area",
    "house_style",
    "shared_template",
    "template_answer",
    "template_grant",
    "template_note",
]
PUBLIC = [
    "area",
    "area_change",
    "council",
    "frame",
    "frame_part",
    "indicator",
    "instrument",
    "law",
    "library_value",
    "metadata_change",
    "moment",
    "region_membership",
    "series",
    "source_table",
    "step",
    "table_series",
]
# Which answers there are counts in rounds of members; in workshops phones ask for themselves.
ANSWERS = {"ballot": ("INSERT", "DELETE"), "participant": ("INSERT", "UPDATE", "DELETE")}
NOTES = {
    "note_council": "SELECT DISTINCT council_id::text AS scope FROM rows_written",
    "note_public": "SELECT 'public' AS scope WHERE EXISTS (SELECT FROM rows_written)",
    "note_answers": (
        "SELECT DISTINCT round.council_id::text AS scope FROM rows_written JOIN round ON round.id = rows_written.round_id"
        " WHERE NOT round.settings ? 'devices'"
    ),
}
TOUCHES = {
    "excerpt": "SELECT story_id FROM changed",
    "coding": "SELECT excerpt.story_id FROM changed JOIN excerpt ON excerpt.id = changed.excerpt_id",
}


def upgrade() -> None:
    op.create_table(
        "write_mark",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("transaction", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "transaction", name=op.f("pk_write_mark")),
    )
    for statement in [
        "ALTER TABLE write_mark ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own ON write_mark FOR SELECT TO web USING (scope IN ('public', current_setting('app.council_id', true)))",
        "CREATE POLICY tidying ON write_mark TO platform USING (true)",
        *public_ddl("write_mark"),
        *(line for name, scopes in NOTES.items() for line in note_ddl(name, scopes)),
        *(line for table in OWNED for line in marked_ddl(table)),
        *(line for table in [*SHARED, *PUBLIC] for line in marked_ddl(table, "note_public")),
        *(line for table, events in ANSWERS.items() for line in marked_ddl(table, "note_answers", events)),
    ]:
        op.execute(statement)
    for table in TOUCHES:  # they count themselves now
        op.execute(f"DROP FUNCTION {table}_touches_story() CASCADE")


def downgrade() -> None:
    for name in NOTES:
        op.execute(f"DROP FUNCTION {name}() CASCADE")
    op.drop_table("write_mark")
    for table, stories in TOUCHES.items():
        name = f"{table}_touches_story"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" UPDATE story SET number = number WHERE id IN ({stories}); RETURN NULL; END $$"
        )
        for event, rows in {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}.items():
            op.execute(
                f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table}"
                f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )
