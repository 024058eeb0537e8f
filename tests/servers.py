"""Real servers for the tests: PostgreSQL without fsync and Valkey without files, one of each per test run."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from workbench.core import migrate, roles
from workbench.core.settings import Settings
from workbench.embedded.postgres import EmbeddedPostgres
from workbench.embedded.valkey import EmbeddedValkey

DATABASE = "workbench"
EMPTY = "empty"  # every role and table and nothing else: what other databases are copied from
PASSWORD = "test-only"


@dataclass(frozen=True)
class Servers:
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    home: Path

    def url(self, role: str, database: str = DATABASE) -> str:
        return self.postgres.url(role, PASSWORD, database)

    def environment(self, **changes: str) -> dict[str, str]:
        """Settings for a process of its own."""
        return {
            "WORKBENCH_DATABASE_URL": self.url("web"),
            "WORKBENCH_PLATFORM_DATABASE_URL": self.url("platform"),
            "WORKBENCH_OWNER_DATABASE_URL": self.url("owner"),
            "WORKBENCH_REDIS_URL": self.valkey.url,
            "WORKBENCH_SECRET_KEY": "test-only-secret-key",
            "WORKBENCH_STORY_KEY": "test-only-story-key",
            "WORKBENCH_HOME": str(self.home),
            "WORKBENCH_SOURCE_PAUSE": "0",
            "WORKBENCH_CBS_V4_URL": "http://127.0.0.1:9/odata/v1/CBS",  # nothing answers there
            "WORKBENCH_CBS_V3_URL": "http://127.0.0.1:9",
            "WORKBENCH_DATADERDEN_URL": "http://127.0.0.1:9",
        } | changes

    def settings(self, **changes: object) -> Settings:
        values: dict[str, object] = {
            name.removeprefix("WORKBENCH_").lower(): value for name, value in self.environment().items()
        }
        return Settings.load(**{**values, **changes})

    def superuser(self, database: str = "postgres") -> sa.Engine:
        return sa.create_engine(self.postgres.superuser_url(database), poolclass=sa.NullPool)

    def create_database(self, name: str, copied_from: str = EMPTY) -> None:
        """A database with every role and table. `tester` may act as web or as platform, in one connection.

        Copied, because to migrate takes seconds; nobody may be connected to what is copied. Made anew for who comes back.
        """
        engine = self.superuser()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(sa.text(f"CREATE DATABASE {name} OWNER owner TEMPLATE {copied_from}"))
            roles.create_roles(engine, name, dict.fromkeys(roles.ROLES, PASSWORD))
            connection.execute(sa.text(f"GRANT CONNECT ON DATABASE {name} TO tester"))

    def create_empty(self) -> None:
        engine = self.superuser()
        roles.create_roles(engine, EMPTY, dict.fromkeys(roles.ROLES, PASSWORD))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text(f"CREATE ROLE tester LOGIN NOINHERIT PASSWORD '{PASSWORD}'"))
            connection.execute(sa.text("GRANT web, platform TO tester"))
        migrate.upgrade(self.url("owner", EMPTY))


@contextmanager
def start() -> Iterator[Servers]:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="workbench-tests-")))
        home.chmod(0o755)
        postgres = stack.enter_context(EmbeddedPostgres(home / "postgres", durable=False))
        valkey = stack.enter_context(EmbeddedValkey(None))
        servers = Servers(postgres, valkey, home)
        servers.create_empty()
        servers.create_database(DATABASE)
        yield servers
