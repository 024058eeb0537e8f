"""What of stories stands outside a backup of the installation, and how it comes back.

A backup holds what a story says only under the story's own key, and holds no keys. Those are a file of their own, of
which only the newest is kept: so a backup forgets what was withdrawn after it was made. Of a passage a backup holds where
it stands, not what it says.
"""

import json
from typing import IO, Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg import sql

from workbench.accounts.models import Council
from workbench.core.db import db
from workbench.core.tenancy import act_for
from workbench.stories.kept import operations, seal
from workbench.stories.kept.models import Excerpt, OwnReading, Sealing, Story, StoryKey, StoryWords
from workbench.stories.kept.visibility import State
from workbench.stories.taking_in.models import StoryPile

# Tables of which the role `backup` reads nothing, or of passages all but the words.
APART = tuple(str(model.__tablename__) for model in (StoryWords, StoryKey, Excerpt, OwnReading, StoryPile))
PLACE = tuple(column.name for column in Excerpt.__table__.columns if column.name != "words")

Connection = psycopg.Connection[tuple[Any, ...]]


# --- Making a backup ------------------------------------------------------------------------------------------------


def write_passages(connection: Connection, file: IO[bytes]) -> None:
    """Where the passages of all councils stand, as CSV; for the role `backup`."""
    with connection.cursor().copy(_place("COPY (SELECT {} FROM excerpt) TO STDOUT (FORMAT csv)")) as rows:
        for part in rows:
            file.write(part)


def keys(connection: Connection) -> dict[str, bytes]:
    """Story -> its wrapped key, of all councils; for the role `owner`, which stands before the same wall as everyone."""
    found: dict[str, bytes] = {}
    for [council_id] in connection.execute("SELECT id FROM council").fetchall():
        connection.execute("SELECT set_config('app.council_id', %s, true)", [str(council_id)])
        for story_id, box in connection.execute("SELECT story_id, box FROM story_key"):
            found[str(story_id)] = box
    return found


# --- Putting it back ------------------------------------------------------------------------------------------------


def check_keys(boxes: dict[str, bytes], secret: str) -> None:
    """Raises: seal.Unreadable when one is of another installation."""
    for story_id, box in boxes.items():
        _key(UUID(story_id), box, secret)


def _key(story_id: UUID, box: bytes, secret: str) -> bytes:
    return seal.unwrapped(secret, box, operations.purpose(story_id, "key"))


def put_back(connection: Connection, passages: IO[bytes], boxes: dict[str, bytes], secret: str) -> int:
    """Make stories readable again, as far as their keys are there; gives how many.

    For the role `owner` while tables are filled but their wall and references are not there yet.
    Raises: seal.Unreadable when the keys are of another installation.
    """
    connection.execute("CREATE TEMP TABLE place (LIKE excerpt)")
    connection.execute("ALTER TABLE place DROP COLUMN words")
    with connection.cursor().copy(_place("COPY place ({}) FROM STDIN (FORMAT csv)")) as rows:
        while part := passages.read(1 << 16):
            rows.write(part)
    readable = 0
    for story_id, council_id, text, reading, answered_at in connection.execute(
        """SELECT story.id, story.council_id, said.box, own.box, own.made_at FROM story
        LEFT JOIN story_sealed said ON said.story_id = story.id AND said.kind = 'text'
        LEFT JOIN story_sealed own ON own.story_id = story.id AND own.kind = 'reading'"""
    ).fetchall():
        if box := boxes.get(str(story_id)):
            key = _key_back(connection, story_id, council_id, box, secret)
            if text is not None:
                safe = json.loads(seal.opened(key, text, operations.purpose(story_id, Sealing.TEXT)))
                _words_back(connection, story_id, council_id, safe)
                readable += 1
            if reading is not None:
                own = json.loads(seal.opened(key, reading, operations.purpose(story_id, Sealing.READING)))
                connection.execute(
                    "INSERT INTO own_reading (id, council_id, story_id, questions, answers, answered_at)"
                    " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s)",
                    [council_id, story_id, json.dumps(own["questions"]), own["answers"], answered_at],
                )
    # What showed a passage of a story that went since, is cleared when the story is ended: `Story.gone`.
    connection.execute("DELETE FROM place WHERE id IN (SELECT id FROM excerpt)")
    connection.execute(
        "UPDATE story SET gone = gone || ARRAY(SELECT place.id FROM place WHERE place.story_id = story.id)"
        " WHERE id IN (SELECT story_id FROM place)"
    )
    for table in ("coding", "memo"):
        without = "DELETE FROM {} WHERE excerpt_id IS NOT NULL AND excerpt_id NOT IN (SELECT id FROM excerpt)"
        connection.execute(sql.SQL(without).format(sql.Identifier(table)))
    return readable


def _place(query: str) -> sql.Composed:
    """With the columns of a passage but for its words."""
    return sql.SQL(query).format(sql.SQL(", ").join(map(sql.Identifier, PLACE)))


def _key_back(connection: Connection, story_id: UUID, council_id: UUID, box: bytes, secret: str) -> bytes:
    key = _key(story_id, box, secret)
    connection.execute(
        "INSERT INTO story_key (id, council_id, story_id, box) VALUES (gen_random_uuid(), %s, %s, %s)",
        [council_id, story_id, box],
    )
    return key


def _words_back(connection: Connection, story_id: UUID, council_id: UUID, safe: dict[str, Any]) -> None:
    connection.execute(
        "INSERT INTO story_words (id, council_id, story_id, text, teller, traits, edition)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, 1)",
        [council_id, story_id, safe["text"], safe["teller"], json.dumps(safe["traits"])],
    )
    query = """INSERT INTO excerpt ({0}, words)
        SELECT {0}, substring(%s FROM start_at + 1 FOR end_at - start_at) FROM place WHERE story_id = %s"""
    connection.execute(_place(query), [safe["text"], story_id])


def end_without_keys() -> int:
    """End the stories of all councils of which the key is gone; gives how many."""
    ended = 0
    for council_id in db.scalars(sa.select(Council.id)).all():
        act_for(db, council_id)
        has_key = sa.exists().where(StoryKey.story_id == Story.id)
        for story in db.scalars(sa.select(Story).where(Story.state.not_in(operations.GONE), ~has_key)).all():
            operations.end(story, State.ENDED, rule=operations.Rule.RESTORED)
            ended += 1
        db.commit()
    return ended
