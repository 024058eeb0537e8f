"""Migrations: bring the database to the newest revision, and check that it matches the models."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from workbench.core.db import make_engine
from workbench.core.errors import WorkbenchError

ROOT = Path(__file__).parent.parent.parent


class NoOwner(WorkbenchError):
    """Migrations need the role `owner`."""


def owner_engine(url: str | None) -> sa.Engine:
    if not url:
        raise NoOwner("Set WORKBENCH_OWNER_DATABASE_URL: migrations run as the role 'owner'.")
    return make_engine(url, poolclass=sa.NullPool)  # closing gives the advisory lock back


def config(url: str | None) -> Config:
    made = Config(toml_file=str(ROOT / "pyproject.toml"))
    made.set_main_option("script_location", str(ROOT / "migrations"))
    made.attributes["url"] = url
    return made


def upgrade(url: str | None, revision: str = "head") -> None:
    command.upgrade(config(url), revision)


def check(url: str | None) -> None:
    """Raises: alembic.util.CommandError when models and database differ."""
    command.check(config(url))
