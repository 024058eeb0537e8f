"""The database: `db` is the session of this request or job; `Model` the base of every table.

Plain SQLAlchemy, no Flask extension: tests swap the engine for a connection with one public call, and types
stay strict. There are two session makers, because there are two database roles: `web` (requests and council
jobs) and `platform`, the only role that may write the public tables (catalogue, areas, figures).
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from flask import Flask, g
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault
from werkzeug.local import LocalProxy

from workbench.core.settings import Settings

web_session = sessionmaker(info={"role": "web"})
platform_session = sessionmaker(info={"role": "platform"})


def _current_session() -> Session:
    if "db" not in g:
        g.db = web_session()
    return cast("Session", g.db)


db = cast("Session", LocalProxy(_current_session))


@contextmanager
def as_platform() -> Iterator[Session]:
    """Within this block `db` acts as `platform`; commits at the end, rolls back on an error."""
    before = g.pop("db", None)
    g.db = session = platform_session()
    try:
        yield session
        session.commit()
    finally:
        session.close()
        g.db = before
        if before is None:
            del g.db


def make_engine(url: str, **options: Any) -> sa.Engine:
    # What people type stands in parameters, so an error does not repeat them.
    return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True, **options)


def lasting_connection() -> "psycopg.Connection[Any]":
    """A connection as `web` outside the pool, for one question that is put at every request; each statement by itself."""
    fairy = web_session.kw["bind"].raw_connection()
    connection = cast("psycopg.Connection[Any]", fairy.driver_connection)
    fairy.detach()
    connection.autocommit = True
    return connection


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    web_session.configure(bind=make_engine(settings.database_url, pool_size=10, max_overflow=10))
    if settings.platform_database_url:
        platform_session.configure(bind=make_engine(settings.platform_database_url, pool_size=4))

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        if session := g.pop("db", None):
            session.close()


class Base(DeclarativeBase):
    """Every table. Tables with narrow integer keys (areas, periods, observations) stand on this directly."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: sa.DateTime(timezone=True),
        str: sa.Text(),
        list[str]: sa.ARRAY(sa.Text()),
    }


class Model(Base):
    """A table whose rows have a UUID and their plain defaults from birth, so links, jobs and revisions need no flush."""

    __abstract__ = True
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


@event.listens_for(Model, "init", propagate=True)
def _give_id_and_defaults(model: Model, _args: Any, values: dict[str, Any]) -> None:
    values.setdefault("id", uuid.uuid4())
    for attribute in sa.inspect(type(model)).column_attrs:
        default = attribute.columns[0].default
        if isinstance(default, ScalarElementColumnDefault):
            values.setdefault(attribute.key, default.arg)
        elif isinstance(default, CallableColumnDefault):
            values.setdefault(attribute.key, default.arg(None))  # type: ignore[arg-type]


def words(enum: type[Any], name: str) -> sa.Enum:
    """A column type for a StrEnum: its words, checked by PostgreSQL."""
    return sa.Enum(enum, name=name, values_callable=lambda members: [m.value for m in members])
