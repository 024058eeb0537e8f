"""A story is written anew when passages in it or their tags change: pages that count stories need not look at passages."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

# For all rows of a statement together, so that taking in a file stays fast.
TOUCH = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE story SET number = number WHERE id IN ({stories});
  RETURN NULL;
END $$
"""
STORIES = {
    "excerpt": "SELECT story_id FROM changed",
    "coding": "SELECT excerpt.story_id FROM changed JOIN excerpt ON excerpt.id = changed.excerpt_id",
}
EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def upgrade() -> None:
    for table, stories in STORIES.items():
        name = f"{table}_touches_story"
        op.execute(TOUCH.format(name=name, stories=stories))
        for event, rows in EVENTS.items():
            op.execute(
                f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table}"
                f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )


def downgrade() -> None:
    for table in STORIES:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER {table}_touches_story_{event.lower()} ON {table}")
        op.execute(f"DROP FUNCTION {table}_touches_story()")
