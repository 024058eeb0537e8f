"""What groups wrote before the step plan asked questions is still there after it does."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command

from tests.servers import Servers
from workbench.core import migrate
from workbench.core.db import make_engine

DATABASE = "before_questions"
COUNCIL, PLAN, NOTE, KEY = (f"00000000-0000-0000-0000-00000000000{number}" for number in range(4))


@pytest.fixture
def old(servers: Servers) -> Iterator[str]:
    """A database of before, in which a group wrote down step 5 and the clerk opened its plan."""
    servers.create_database(DATABASE)
    url = servers.url("owner", DATABASE)
    command.downgrade(migrate.config(url), "0015")
    command.downgrade(migrate.config(url), "-1")
    engine = make_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT set_config('app.council_id', '{COUNCIL}', true)")
        for statement in (
            f"INSERT INTO council (id, slug, name, kind, is_demo, created_at) VALUES ('{COUNCIL}', 'x', 'X', 'municipality', false, now())",
            (
                "INSERT INTO step (number, title, question, why, example, fills, minutes)"
                " SELECT number, 'Stap', 'Vraag?', 'w', 'e', 'f', 30 FROM generate_series(0, 9) number"
            ),
            (
                "INSERT INTO plan (id, title, assignment, out_of_scope, decided_by, opened_at, key, version, revision,"
                f" created_at, edited_at) VALUES ('{PLAN}', 'Traject', 'De opdracht.', '', 'De raad.', now(), '{PLAN}', 1, 1, now(), now())"
            ),
            (
                "INSERT INTO step_note (id, plan_id, number, text, key, version, revision, created_at, edited_at)"
                f" VALUES ('{NOTE}', '{PLAN}', 5, 'Een vast gezicht.', '{KEY}', 4, 1, now(), now())"
            ),
            (
                "INSERT INTO card_revision (id, card_type, card_key, number, content, started_at, saved_at)"
                f""" VALUES ('{NOTE}', 'step_note', '{KEY}', 1, '{{"text": "Een vast gezicht."}}', now(), now())"""
            ),
        ):
            connection.exec_driver_sql(statement)
    yield url
    engine.dispose()


def read(url: str, query: str) -> list[tuple[object, ...]]:
    with make_engine(url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(f"SELECT set_config('app.council_id', '{COUNCIL}', true)")
        return [tuple(row) for row in connection.exec_driver_sql(query)]


ANSWERS = "SELECT q.key, a.state, a.value, a.version FROM answer a JOIN plan_question q ON q.id = a.question_id ORDER BY 1"


def test_notes_and_the_assignment_become_answers_and_go_back(old: str) -> None:
    migrate.upgrade(old)
    assert read(old, ANSWERS) == [
        ("beslist", "given", "De raad.", 1),
        ("nodig-notities", "given", "Een vast gezicht.", 4),
        ("opdracht", "given", "De opdracht.", 1),
    ]
    assert read(old, "SELECT number FROM plan_step WHERE opened_at IS NOT NULL ORDER BY 1") == [
        (0,),
        (2,),
        (4,),
        (6,),
    ]
    assert read(old, "SELECT number FROM plan_step WHERE finished_at IS NOT NULL ORDER BY 1") == [(0,), (5,)]
    assert read(
        old, f"SELECT card_type, content ->> 'value' FROM card_revision WHERE card_key = '{KEY}'"
    ) == [("answer", "Een vast gezicht.")]
    command.downgrade(migrate.config(old), "0015")
    command.downgrade(migrate.config(old), "-1")
    assert read(old, "SELECT number, text, version FROM step_note") == [(5, "Een vast gezicht.", 4)]
    assert read(old, "SELECT assignment, decided_by, opened_at IS NOT NULL FROM plan") == [
        ("De opdracht.", "De raad.", True)
    ]
    assert read(old, "SELECT content ->> 'text' FROM card_revision WHERE card_type = 'step_note'") == [
        ("Een vast gezicht.",)
    ]
