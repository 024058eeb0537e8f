"""Do the parts answer: database, Redis, worker? The worker shows itself by a key in Redis that fades."""

import redis
import sqlalchemy as sa
import structlog
from flask import current_app
from redis.backoff import NoBackoff
from redis.retry import Retry

from workbench.core.db import db
from workbench.core.settings import Settings

log = structlog.get_logger()
WORKER_KEY = "workbench:worker-alive"
WORKER_BEAT = 3  # seconds between two signs of life
WORKER_FADES = 10  # seconds after which a silent worker counts as gone


def connect_redis(settings: Settings) -> "redis.Redis":
    once_more = Retry(NoBackoff(), retries=1)  # a health question has no time for growing pauses
    return redis.Redis.from_url(
        settings.redis_url, socket_timeout=2, socket_connect_timeout=2, retry=once_more
    )


def failing_parts() -> list[str]:
    """Names of the parts that do not answer; empty when all is well."""
    failing = []
    try:
        db.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        failing.append("database")
    try:
        if not current_app.extensions["redis"].exists(WORKER_KEY):
            failing.append("worker")
    except redis.RedisError:
        failing += ["redis", "worker"]
    return failing


def show_worker_alive(client: "redis.Redis") -> None:
    try:
        client.set(WORKER_KEY, "1", ex=WORKER_FADES)
    except redis.RedisError as error:
        log.warning("worker_sign_not_sent", error=type(error).__name__)
