"""Runs migrations as the role `owner`, one at a time for the whole installation."""

from typing import Any

import sqlalchemy as sa
from alembic import context

import workbench.app
import workbench.indicators.store  # noqa: F401  with this, every model
from workbench.core.db import Base
from workbench.core.migrate import owner_engine

ONE_AT_A_TIME = 7_213_004  # key of the advisory lock


def include_object(_thing: Any, name: str | None, _type: str, _reflected: bool, _other: Any) -> bool:  # noqa: FBT001
    """The composite council keys live in migrations only: in models they would double the relationships."""
    return not (name or "").startswith("same_council_")


with owner_engine(context.config.attributes.get("url")).connect() as connection:
    connection.execute(sa.text("SET lock_timeout = '10s'"))
    connection.execute(sa.text("SET statement_timeout = '10min'"))
    connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=include_object,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()
