"""Fixtures: servers once per run, a savepoint per test, a small cast of people, a client that checks every page."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests import servers as test_servers
from tests.client import Client
from tests.factories import Cast, find_cast, make_cast
from tests.servers import DATABASE, Servers
from workbench.accounts import passwords
from workbench.app import create_app
from workbench.core import jobs, remembered, tenancy
from workbench.core.db import as_platform, db, platform_session, web_session

WITH_CAST = "with_cast"

# How fast examples come tells how busy the machine is.
settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that at the end nobody waits for it."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with test_servers.start() as started:
        yield started


@pytest.fixture(scope="session")
def app(servers: Servers) -> Iterator[Flask]:
    """The application, with the content that every installation starts with."""
    import seeds

    passwords.hasher = PasswordHasher(
        time_cost=1, memory_cost=8, parallelism=1
    )  # fast; the real one is tested apart
    made = create_app(servers.settings(), TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    made.test_client_class = Client
    with made.app_context(), as_platform():
        seeds.load()
    web_session.kw["bind"].dispose()
    platform_session.kw["bind"].dispose()
    gc.freeze()  # all that stays until the end is not looked through again: an eighth less time
    gc.set_threshold(100_000, 50, 100)
    yield made
    made.extensions["redis"].close()


@pytest.fixture(autouse=True)
def _clean_redis(request: pytest.FixtureRequest) -> None:
    if "app" in request.fixturenames:
        request.getfixturevalue("app").extensions["redis"].flushall()


class _Stage:
    """Lets web and platform sessions share one connection: each acts under its own role and for its own council."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.web: list[Session] = []

    def begin(self, session: Session, _transaction: Any, _connection: Any) -> None:
        if session.info.get("role") == "web" and session not in self.web:
            self.web.append(session)
        self._act(session)

    def end(self, session: Session, transaction: Any) -> None:
        if transaction.nested or transaction.parent is not None or not self.connection.in_transaction():
            return
        if session in self.web:
            self.web.remove(session)
        if self.web and self.connection.get_nested_transaction() is not None:
            self._act(self.web[-1])

    def _act(self, session: Session) -> None:
        self.connection.exec_driver_sql(f"SET LOCAL ROLE {session.info.get('role', 'web')}")
        tenancy._tell_postgres(session, None, self.connection)


@contextmanager
def _staged(connection: sa.Connection) -> Iterator[None]:
    """Every session acts on this connection, in savepoints."""
    kept = {maker: maker.kw["bind"] for maker in (web_session, platform_session)}
    stage = _Stage(connection)
    event.listen(Session, "after_begin", stage.begin)
    event.listen(Session, "after_transaction_end", stage.end)
    for maker in kept:
        maker.configure(bind=connection, join_transaction_mode="create_savepoint")
    try:
        yield
    finally:
        db.close()
        event.remove(Session, "after_begin", stage.begin)
        event.remove(Session, "after_transaction_end", stage.end)
        for maker, bind in kept.items():
            maker.configure(bind=bind, join_transaction_mode="conditional_savepoint")


@pytest.fixture(scope="session")
def databases(app: Flask, servers: Servers) -> Iterator[dict[str, sa.Engine]]:
    """One as it is installed, and one with the cast. Each has one connection, which learns statements once."""
    servers.create_database(WITH_CAST, copied_from=DATABASE)
    engines = {
        name: sa.create_engine(servers.url("tester", name), pool_size=1, max_overflow=0, pool_pre_ping=True)
        for name in (DATABASE, WITH_CAST)
    }
    with app.app_context(), engines[WITH_CAST].begin() as connection, _staged(connection):
        make_cast()
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def session(request: pytest.FixtureRequest, app: Flask, databases: dict[str, sa.Engine]) -> Iterator[Session]:
    """`db` for the test; everything that test, requests and tasks commit is rolled back when the test ends."""
    remembered.forget()  # what a page asks does not hang on the tests before
    engine = databases[WITH_CAST if "cast" in request.fixturenames else DATABASE]
    with engine.connect() as connection, app.app_context(), connection.begin() as outer:
        with _staged(connection):
            yield db
        outer.rollback()


@pytest.fixture
def sent_jobs() -> Iterator[list[tuple[str, dict[str, str]]]]:
    """Jobs that were sent after a commit, instead of reaching a worker."""
    sent: list[tuple[str, dict[str, str]]] = []
    jobs.connect(lambda name, payload: sent.append((name, payload)))
    yield sent
    jobs.connect(lambda _name, _payload: None)


@pytest.fixture
def client(app: Flask, session: Session) -> Client:
    made = app.test_client()
    assert isinstance(made, Client)
    return made


@pytest.fixture
def cast(session: Session) -> Cast:
    """Two councils with one person per role each; see tests/factories.py."""
    return find_cast()


@pytest.fixture
def query_count(session: Session) -> Iterator[list[str]]:
    """The statements that were sent to the database, except for the settings of the tenant wall."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "set_config" not in statement and not statement.startswith(
            ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL")
        ):
            sent.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", note)
    yield sent
    event.remove(sa.Engine, "before_cursor_execute", note)
