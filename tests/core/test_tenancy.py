"""The wall between councils, tried from every side on real roles, with a database of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from tests.servers import Servers
from workbench.accounts.models import Audience, Council, Door, Membership, Person, Role
from workbench.core.db import make_engine
from workbench.core.mail import MailMessage
from workbench.core.tenancy import act_as, act_for, open_door
from workbench.vision.models import Goal, Plan, Value

DATABASE = "wall"


@dataclass(frozen=True)
class Side:
    """One council with one plan, value, goal and door."""

    council: UUID
    plan: UUID
    value: UUID
    goal: UUID
    token: str


@dataclass(frozen=True)
class Wall:
    web: sa.Engine
    platform: sa.Engine
    here: Side
    there: Side
    person: UUID  # member of both


@pytest.fixture(scope="module")
def wall(servers: Servers) -> Iterator[Wall]:
    servers.create_database(DATABASE)
    # One connection each: whatever a session leaves behind on it, the next one would find.
    web, platform = (
        make_engine(servers.url(role, DATABASE), pool_size=1, max_overflow=0) for role in ("web", "platform")
    )
    person = Person(email="beide@example.org", name="Iemand", password_hash="x")
    councils = [Council(slug=slug, name=slug.capitalize()) for slug in ("hier", "daar")]
    person_id, ids = person.id, [council.id for council in councils]
    with Session(platform) as session:
        session.add_all([person, *councils])
        session.commit()
    sides = [_fill(web, council_id, person_id) for council_id in ids]
    yield Wall(web, platform, *sides, person_id)
    web.dispose()
    platform.dispose()


def _fill(web: sa.Engine, council_id: UUID, person_id: UUID) -> Side:
    plan = Plan(title="Plan", version=1, revision=1)
    value = Value(plan_id=plan.id, name="Waarde", counter_value="Keerzijde", mark=0)
    goal = Goal(plan_id=plan.id, sentence="Doel")
    door = Door(token_hash=f"hash van {council_id}", audience=Audience.INVITATION, object_id=uuid4())
    side = Side(council_id, plan.id, value.id, goal.id, door.token_hash)
    with Session(web) as session:
        act_for(session, council_id)
        session.add_all([plan, value, goal, door, Membership(person_id=person_id, role=Role.READER)])
        session.commit()
    return side


@pytest.fixture
def here(wall: Wall) -> Iterator[Session]:
    """A session of the web that acts for the council called here."""
    with Session(wall.web) as session:
        act_for(session, wall.here.council)
        yield session


OWNED = [
    "plan",
    "value",
    "goal",
    "door",
    "membership",
    "card_revision",
    "audit_entry",
    "invitation",
    "link",
    "monitor",
    "monitor_format",
]


# --- Reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", OWNED)
def test_raw_sql_sees_only_rows_of_the_acting_council(wall: Wall, here: Session, table: str) -> None:
    seen = set(here.scalars(sa.text(f"SELECT council_id FROM {table}")))
    assert seen <= {wall.here.council}


def test_every_way_to_ask_gives_the_same_one_plan(wall: Wall, here: Session) -> None:
    table = Plan.__table__
    other = sa.orm.aliased(Plan)
    ways = [
        here.scalars(sa.select(Plan.id)),
        here.scalars(sa.select(table.c.id)),
        here.scalars(sa.text("SELECT id FROM plan")),
        here.scalars(sa.select(other.id).select_from(Plan).join(other, sa.true())),
        here.scalars(sa.select(sa.select(Plan.id).cte().c.id)),
        here.scalars(sa.union_all(sa.select(Plan.id), sa.select(Plan.id).where(sa.false()))),
        here.scalars(sa.select(Value.plan_id)),
        [plan.id for plan in here.query(Plan)],
    ]
    assert [set(way) for way in ways] == [{wall.here.plan}] * len(ways)
    assert here.scalar(sa.select(sa.func.count()).select_from(Plan)) == 1
    assert not here.scalar(sa.select(sa.exists().where(Plan.id == wall.there.plan)))
    assert here.get(Plan, wall.there.plan) is None


def test_a_session_that_was_told_nothing_sees_nothing_and_writes_nothing(wall: Wall) -> None:
    with Session(wall.web) as session:
        for table in OWNED:
            assert session.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0
        session.add(Plan(title="Van niemand", version=1, revision=1))
        with pytest.raises(DBAPIError):
            session.flush()


def test_turning_to_another_council_leaves_nothing_of_the_first_in_memory(wall: Wall, here: Session) -> None:
    assert here.get(Plan, wall.here.plan) is not None
    act_for(here, wall.there.council)
    assert here.get(Plan, wall.here.plan) is None
    assert here.get(Plan, wall.there.plan) is not None
    act_for(here, None)
    assert here.get(Plan, wall.there.plan) is None


# --- Writing --------------------------------------------------------------------------------------------------------


def test_a_row_for_another_council_is_refused(wall: Wall, here: Session) -> None:
    here.add(Plan(title="Binnengesmokkeld", council_id=wall.there.council, version=1, revision=1))
    with pytest.raises(ProgrammingError, match="row-level security"):
        here.flush()


def test_a_row_cannot_be_given_to_another_council(wall: Wall, here: Session) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        here.execute(sa.update(Plan).values(council_id=wall.there.council))


@pytest.mark.parametrize(
    "statement", ["UPDATE plan SET title = 'x' WHERE id = :id", "DELETE FROM plan WHERE id = :id"]
)
def test_anothers_row_cannot_be_changed_or_removed(wall: Wall, here: Session, statement: str) -> None:
    done = here.execute(sa.text(statement), {"id": wall.there.plan})
    assert done.rowcount == 0  # type: ignore[attr-defined]
    assert here.execute(sa.text(statement), {"id": wall.here.plan}).rowcount == 1  # type: ignore[attr-defined]


def test_a_reference_to_anothers_row_is_refused_by_the_composite_key(wall: Wall, here: Session) -> None:
    here.add(Value(plan_id=wall.there.plan, name="Waarde", counter_value="Keerzijde", mark=0))
    with pytest.raises(IntegrityError, match="same_council_value_plan_id"):
        here.flush()


def test_two_own_goals_cannot_be_tied_to_anothers_value(wall: Wall, here: Session) -> None:
    with pytest.raises(IntegrityError, match="same_council_goal_value_value_id"):
        here.execute(
            sa.text("INSERT INTO goal_value (goal_id, value_id) VALUES (:goal, :value)"),
            {"goal": wall.here.goal, "value": wall.there.value},
        )


# --- Connections, savepoints, rollbacks -----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["commit", "rollback", "close"])
def test_the_next_session_on_the_same_connection_starts_with_nothing(wall: Wall, ending: str) -> None:
    with Session(wall.web) as session:
        act_for(session, wall.here.council)
        act_as(session, wall.person)
        open_door(session, wall.there.token)
        assert session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 1
        first = session.scalar(sa.text("SELECT pg_backend_pid()"))
        getattr(session, ending)()
    with Session(wall.web) as session:
        assert session.scalar(sa.text("SELECT pg_backend_pid()")) == first
        for table in OWNED:
            assert session.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0


@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_a_session_keeps_its_council_over_transactions(wall: Wall, here: Session, ending: str) -> None:
    for _ in range(3):
        assert list(here.scalars(sa.select(Plan.id))) == [wall.here.plan]
        getattr(here, ending)()


def test_a_savepoint_that_is_rolled_back_keeps_the_right_council(wall: Wall, here: Session) -> None:
    act_for(here, wall.there.council)
    assert list(here.scalars(sa.select(Plan.id))) == [wall.there.plan]
    for keep in (True, False):
        point = here.begin_nested()
        assert list(here.scalars(sa.select(Plan.id))) == [wall.there.plan]
        point.commit() if keep else point.rollback()
        assert list(here.scalars(sa.select(Plan.id))) == [wall.there.plan]


def test_a_failed_statement_in_a_savepoint_keeps_the_right_council(wall: Wall, here: Session) -> None:
    with pytest.raises(ProgrammingError), here.begin_nested():
        here.execute(sa.text("SELECT * FROM mail_message"))
    assert list(here.scalars(sa.select(Plan.id))) == [wall.here.plan]


def test_turning_to_another_council_within_a_savepoint_is_refused(wall: Wall, here: Session) -> None:
    with pytest.raises(RuntimeError, match="savepoint"), here.begin_nested():
        act_for(here, wall.there.council)
    assert list(here.scalars(sa.select(Plan.id))) == [wall.here.plan]


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["act", "read", "add", "commit", "rollback", "savepoint", "release", "back"]),
        st.integers(0, 2),
    ),
    max_size=25,
)


@given(steps=STEPS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_order_of_steps_ever_shows_a_row_of_the_other_council(wall: Wall, steps: list[Step]) -> None:
    councils = (wall.here.council, wall.there.council, None)
    acting: UUID | None = None
    mine: list[UUID] = []
    try:
        with Session(wall.web) as session:
            for name, which in steps:
                if name == "act" and not session.in_nested_transaction():
                    session.flush()
                    acting = councils[which]
                    act_for(session, acting)
                elif name == "add" and acting:
                    plan = Plan(title="Erbij", version=1, revision=1)
                    mine.append(plan.id)
                    session.add(plan)
                elif name == "commit":
                    session.commit()
                elif name == "rollback":
                    session.rollback()
                elif name == "savepoint":
                    session.begin_nested()
                elif name in ("release", "back") and (point := session.get_nested_transaction()):
                    point.commit() if name == "release" else point.rollback()
                seen = set(session.scalars(sa.select(Plan.council_id))) | set(
                    session.scalars(sa.text("SELECT council_id FROM value"))
                )
                assert seen <= {acting}
                assert {
                    plan.council_id for plan in session.identity_map.values() if isinstance(plan, Plan)
                } <= {acting}
    finally:
        for council_id in councils[:2]:
            with Session(wall.web) as session:
                act_for(session, council_id)
                session.execute(sa.delete(Plan).where(Plan.id.in_(mine)))
                session.commit()


# --- Doors, memberships, roles --------------------------------------------------------------------------------------


def test_a_door_is_seen_only_with_its_token(wall: Wall) -> None:
    with Session(wall.web) as session:
        assert session.scalars(sa.select(Door.token_hash)).all() == []
        open_door(session, wall.there.token)
        assert session.scalars(sa.select(Door.token_hash)).all() == [wall.there.token]
        assert session.scalars(sa.select(Plan.id)).all() == []
        open_door(session, "een ander")
        assert session.scalars(sa.select(Door.token_hash)).all() == []


def test_an_opened_door_can_be_read_and_not_moved(wall: Wall) -> None:
    with Session(wall.web) as session:
        open_door(session, wall.there.token)
        assert session.execute(sa.text("UPDATE door SET object_id = gen_random_uuid()")).rowcount == 0  # type: ignore[attr-defined]
        assert session.execute(sa.text("DELETE FROM door")).rowcount == 0  # type: ignore[attr-defined]


def test_a_person_sees_own_memberships_everywhere_and_nothing_else(wall: Wall) -> None:
    with Session(wall.web) as session:
        act_as(session, wall.person)
        assert set(session.scalars(sa.select(Membership.council_id))) == {
            wall.here.council,
            wall.there.council,
        }
        assert session.execute(sa.text("UPDATE membership SET role = 'clerk'")).rowcount == 0  # type: ignore[attr-defined]
        assert session.scalars(sa.select(Plan.id)).all() == []
        act_as(session, uuid4())
        assert session.scalars(sa.select(Membership.id)).all() == []


@pytest.mark.parametrize(
    "table",
    [
        "plan",
        "value",
        "goal",
        "link",
        "answer",
        "plan_question",
        "step_skip",
        "monitor",
        "monitor_format",
        "adopted_version",
        "adopted_part",
        "left_open",
        "block_document",
        "card_revision",
    ],
)
def test_the_platform_cannot_read_what_a_council_wrote(wall: Wall, table: str) -> None:
    with Session(wall.platform) as session:
        act_for(session, wall.here.council)
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(sa.text(f"SELECT * FROM {table}"))


def test_the_platform_cannot_read_what_was_done_in_a_council(wall: Wall) -> None:
    with Session(wall.platform) as session:
        act_for(session, wall.here.council)
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(sa.text("SELECT action, facts FROM audit_entry"))


def test_the_web_may_add_mail_and_not_read_it(wall: Wall) -> None:
    with Session(wall.web) as session:
        session.add(MailMessage(recipient="a@b.example", subject="x", body="y"))
        session.flush()
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(sa.text("SELECT * FROM mail_message"))


PUBLIC = [
    "council",
    "area",
    "indicator",
    "series",
    "period",
    "observation",
    "source",
    "source_table",
    "table_series",
    "refresh_run",
    "step",
]


@pytest.mark.parametrize("table", PUBLIC)
def test_the_web_reads_public_tables_and_changes_none(wall: Wall, table: str) -> None:
    with Session(wall.web) as session:
        act_for(session, wall.here.council)
        session.execute(sa.text(f"SELECT * FROM {table}"))
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"INSERT INTO {table} DEFAULT VALUES"):
            with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
                session.execute(sa.text(statement))


@pytest.mark.parametrize("role", ["web", "platform"])
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE plan DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_council ON plan",
        "SET ROLE owner",
        "SET ROLE backup",
        "CREATE TABLE eigen (x int)",
        "DROP TABLE plan",
        "COPY plan TO PROGRAM 'cat'",
    ],
)
def test_a_role_that_serves_people_cannot_take_the_wall_down(wall: Wall, role: str, statement: str) -> None:
    with Session(getattr(wall, role)) as session, pytest.raises(DBAPIError):
        session.execute(sa.text(statement))


def test_a_person_cannot_be_removed_by_the_web(wall: Wall) -> None:
    with Session(wall.web) as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(sa.text("DELETE FROM person"))
