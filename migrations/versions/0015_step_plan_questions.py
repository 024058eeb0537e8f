"""The step plan asks questions: a copy per plan, answers as cards, opening and skipping per step.

Notes of steps and the texts of the assignment become answers, with their revisions. What was open stays open: the
assignment, values, goals and figures; notes were the working group's alone, and stay so.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl, public_ddl

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TYPES = {
    "puzzle_piece": ("kennis", "visie", "sturing", "informatie"),
    "question_kind": ("short", "long", "date", "choice", "number", "people"),
    "plan_status": ("running", "finished", "archived"),
    "answer_state": ("given", "unknown", "later"),
}
OWNED = {
    "plan_step": {"plan_id": "plan"},
    "step_skip": {"plan_id": "plan"},
    "plan_question": {"plan_id": "plan"},
    "answer": {"question_id": "plan_question"},
}
NOTES = {1: "beeld", 3: "schuren", 5: "nodig", 7: "kosten", 8: "sturen", 9: "vastleggen"}
ASSIGNMENT = {"assignment": ("opdracht", 0), "decided_by": ("beslist", 3), "out_of_scope": ("buiten", 5)}
OPENED = (0, 2, 4, 6)  # what an opened plan showed to others
CARD = "key, version, revision, created_at, edited_at, edited_by_id"
READ = (
    "plan",
    "step_note",
    "card_revision",
)  # owned by councils; the owner of the tables is kept out as well


def upgrade() -> None:
    for name, words in TYPES.items():
        ENUM(*words, name=name).create(op.get_bind())
    _add_content()
    _add_tables()
    _let_the_owner_in((*READ, *OWNED))
    _move_up()
    _keep_the_owner_out((*READ, *OWNED))
    op.drop_table("step_note")
    for column in (*ASSIGNMENT, "opened_at"):
        op.drop_column("plan", column)


def _add_content() -> None:
    piece = sa.Column(
        "piece", ENUM(name="puzzle_piece", create_type=False), nullable=False, server_default="visie"
    )
    op.add_column("step", piece)
    op.alter_column("step", "piece", server_default=None)
    op.create_table(
        "step_question",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *_question_columns(),
        sa.ForeignKeyConstraint(["number"], ["step.number"], name=op.f("fk_step_question_number")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_step_question")),
    )
    for statement in public_ddl("step_question"):
        op.execute(statement)


def _question_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("kind", ENUM(name="question_kind", create_type=False), nullable=False),
        sa.Column("choices", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
    ]


def _owned(table: str, *columns: sa.schema.SchemaItem, people: tuple[str, ...] = ()) -> None:
    """A council's table, with the constraints that all have."""
    op.create_table(
        table,
        *columns,
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}"))
            for column in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])


def _of_plan(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f(f"fk_{table}_plan_id"), ondelete="CASCADE"
        ),
    ]


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _card_columns(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        _moment("created_at", nullable=False),
        _moment("edited_at", nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.UniqueConstraint("key", name=op.f(f"uq_{table}_key")),
    ]


def _add_tables() -> None:
    status = ENUM(name="plan_status", create_type=False)
    op.add_column("plan", sa.Column("status", status, nullable=False, server_default="running"))
    op.alter_column("plan", "status", server_default=None)
    op.add_column("plan", _moment("copied_at"))
    _owned(
        "plan_step",
        *_of_plan("plan_step"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        _moment("opened_at"),
        _moment("finished_at"),
        sa.Column("finished_by_id", sa.Uuid(), nullable=True),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_step_plan_id_number")),
        people=("finished_by_id",),
    )
    _owned(
        "step_skip",
        *_of_plan("step_skip"),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("skipped_at", nullable=False),
        sa.Column("skipped_by_id", sa.Uuid(), nullable=True),
        _moment("undone_at"),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        people=("skipped_by_id", "undone_by_id"),
    )
    op.create_index(
        "uq_step_skip_standing",
        "step_skip",
        ["plan_id", "number"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    _owned(
        "plan_question",
        *_of_plan("plan_question"),
        sa.Column("key", sa.Text(), nullable=True),
        *_question_columns(),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("plan_id", "key", name=op.f("uq_plan_question_plan_id_key")),
    )
    _owned(
        "answer",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("state", ENUM(name="answer_state", create_type=False), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        *_card_columns("answer"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["plan_question.id"], name=op.f("fk_answer_question_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("question_id", name=op.f("uq_answer_question_id")),
        people=("edited_by_id",),
    )
    for table, references in OWNED.items():
        for statement in isolation_ddl(table, references):
            op.execute(statement)


def _let_the_owner_in(tables: tuple[str, ...]) -> None:
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")


def _keep_the_owner_out(tables: tuple[str, ...]) -> None:
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _move_up() -> None:
    op.execute(
        "INSERT INTO plan_step (id, council_id, plan_id, number, title, minutes, opened_at, finished_at, finished_by_id)"
        " SELECT gen_random_uuid(), plan.council_id, plan.id, step.number, step.title, step.minutes,"
        f" CASE WHEN step.number IN {OPENED} THEN plan.opened_at END,"
        " CASE WHEN step.number = 0 AND plan.assignment <> '' THEN plan.edited_at ELSE step_note.edited_at END,"
        " CASE WHEN step.number = 0 AND plan.assignment <> '' THEN plan.edited_by_id ELSE step_note.edited_by_id END"
        " FROM plan CROSS JOIN step LEFT JOIN step_note"
        " ON step_note.plan_id = plan.id AND step_note.number = step.number"
    )
    for number, step in NOTES.items():
        _add_question(f"{step}-notities", number, 0, f"FROM step_note WHERE number = {number}", "plan_id")
    op.execute(
        f"INSERT INTO answer (id, council_id, question_id, state, value, {CARD})"
        " SELECT note.id, note.council_id, question.id, 'given', to_jsonb(note.text), note.key, note.version,"
        " note.revision, note.created_at, note.edited_at, note.edited_by_id"
        " FROM step_note note JOIN plan_question question"
        " ON question.plan_id = note.plan_id AND question.number = note.number"
    )
    op.execute(
        "UPDATE card_revision SET card_type = 'answer',"
        " content = jsonb_build_object('state', 'given', 'value', content -> 'text') WHERE card_type = 'step_note'"
    )
    for column, (key, position) in ASSIGNMENT.items():
        _add_question(key, 0, position, f"FROM plan WHERE {column} <> ''", "id")
        op.execute(
            f"INSERT INTO answer (id, council_id, question_id, state, value, {CARD})"
            f" SELECT gen_random_uuid(), plan.council_id, question.id, 'given', to_jsonb(plan.{column}),"
            " gen_random_uuid(), 1, 1, plan.created_at, plan.edited_at, plan.edited_by_id"
            f" FROM plan JOIN plan_question question ON question.plan_id = plan.id AND question.key = '{key}'"
        )
    op.execute(
        "INSERT INTO card_revision"
        " (id, council_id, card_type, card_key, number, content, edited_by_id, started_at, saved_at)"
        " SELECT gen_random_uuid(), answer.council_id, 'answer', answer.key, 1,"
        " jsonb_build_object('state', 'given', 'value', answer.value), answer.edited_by_id, answer.edited_at,"
        " answer.edited_at FROM answer JOIN plan_question ON plan_question.id = answer.question_id"
        " WHERE plan_question.number = 0"
    )
    op.execute(
        "UPDATE card_revision SET content = jsonb_build_object('title', content -> 'title') WHERE card_type = 'plan'"
    )


def _add_question(key: str, number: int, position: int, source: str, plan_id: str) -> None:
    """A bare question to hold an answer; its text comes when the plan gets its copy of the questions."""
    op.execute(
        "INSERT INTO plan_question"
        " (id, council_id, plan_id, number, key, position, text, help, example, kind, choices, required, left_out)"
        f" SELECT gen_random_uuid(), council_id, {plan_id}, {number}, '{key}', {position}, '', '', '', 'long', '{{}}',"
        f" true, false {source}"
    )


def downgrade() -> None:
    """Notes and assignments go back; answers to the new questions have no place there and are lost."""
    for column in ASSIGNMENT:
        op.add_column("plan", sa.Column(column, sa.Text(), nullable=False, server_default=""))
        op.alter_column("plan", column, server_default=None)
    op.add_column("plan", _moment("opened_at"))
    _owned(
        "step_note",
        *_of_plan("step_note"),
        sa.Column("text", sa.Text(), nullable=False),
        *_card_columns("step_note"),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_step_note_plan_id_number")),
        people=("edited_by_id",),
    )
    for statement in isolation_ddl("step_note", {"plan_id": "plan"}):
        op.execute(statement)
    _let_the_owner_in((*READ, *OWNED))
    _move_down()
    _keep_the_owner_out((*READ, *OWNED))
    for table in ("answer", "plan_question", "step_skip", "plan_step", "step_question"):
        op.drop_table(table)
    op.drop_column("step", "piece")
    op.drop_column("plan", "status")
    op.drop_column("plan", "copied_at")
    for name in TYPES:
        op.execute(f"DROP TYPE {name}")


def _move_down() -> None:
    keys = ", ".join(f"'{step}-notities'" for step in NOTES.values())
    op.execute(
        f"INSERT INTO step_note (id, council_id, plan_id, number, text, {CARD})"
        " SELECT answer.id, answer.council_id, question.plan_id, question.number, answer.value #>> '{}', answer.key,"
        " answer.version, answer.revision, answer.created_at, answer.edited_at, answer.edited_by_id"
        " FROM answer JOIN plan_question question ON question.id = answer.question_id"
        f" WHERE question.key IN ({keys})"
    )
    op.execute(
        "UPDATE card_revision SET card_type = 'step_note', content = jsonb_build_object('text', content ->> 'value')"
        " WHERE card_key IN (SELECT key FROM step_note)"
    )
    op.execute("DELETE FROM card_revision WHERE card_type = 'answer'")
    for column, (key, _position) in ASSIGNMENT.items():
        op.execute(
            f"UPDATE plan SET {column} = answer.value #>> '{{}}'"
            " FROM answer JOIN plan_question question ON question.id = answer.question_id"
            f" WHERE question.plan_id = plan.id AND question.key = '{key}'"
        )
    op.execute(
        "UPDATE card_revision SET content = jsonb_build_object('title', plan.title, 'assignment', plan.assignment,"
        " 'out_of_scope', plan.out_of_scope, 'decided_by', plan.decided_by)"
        " FROM plan WHERE card_type = 'plan' AND card_key = plan.key AND number = plan.revision"
    )
    op.execute(
        "UPDATE plan SET opened_at = opened.moment FROM (SELECT plan_id, max(opened_at) AS moment FROM plan_step"
        f" WHERE opened_at IS NOT NULL AND number IN {OPENED} GROUP BY plan_id HAVING count(*) = {len(OPENED)}) opened"
        " WHERE opened.plan_id = plan.id"
    )
