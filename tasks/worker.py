"""Celery, and the bases of every task: an app context, one role, one council, one transaction."""

import threading
import uuid
from typing import Any

import structlog
from celery import Celery, Task
from celery.app import trace
from celery.signals import setup_logging, task_failure, worker_ready, worker_shutting_down
from flask import Flask, current_app
from structlog.contextvars import bound_contextvars

from tasks import metrics
from workbench.core import health, jobs
from workbench.core.db import as_platform, db
from workbench.core.logging import places
from workbench.core.settings import Settings
from workbench.core.tenancy import act_as, act_for

log = structlog.get_logger()


class CouncilTask(Task):  # type: ignore[misc]
    """A job for one council, with the role `web`."""

    def __call__(self, *, council_id: str, **ids: str) -> None:
        with flask_app().app_context(), bound_contextvars(council=council_id, task=self.name):
            act_for(db, uuid.UUID(council_id))
            self.run(**_uuids(ids))
            db.commit()


class PersonTask(Task):  # type: ignore[misc]
    """A job for one person, with the role `web`: it sees that person's memberships, in whatever council."""

    def __call__(self, *, person_id: str) -> None:
        with flask_app().app_context(), bound_contextvars(person=person_id, task=self.name):
            act_as(db, uuid.UUID(person_id))
            self.run(person_id=uuid.UUID(person_id))
            db.commit()


class PlatformTask(Task):  # type: ignore[misc]
    """A job on public tables, with the role `platform`; for one council when the job carries its id."""

    def __call__(self, *, council_id: str | None = None, **ids: str) -> None:
        with flask_app().app_context(), bound_contextvars(council=council_id, task=self.name), as_platform():
            act_for(db, uuid.UUID(council_id) if council_id else None)
            self.run(**_uuids(ids))


def _uuids(ids: dict[str, str]) -> dict[str, uuid.UUID]:
    return {name: uuid.UUID(value) for name, value in ids.items()}


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


_apps: list[Flask] = []


def flask_app() -> Flask:
    return _apps[0]


celery = Celery("workbench")
celery.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 3600},
    timezone="Europe/Amsterdam",
)


def init_app(app: Flask) -> Celery:
    """Tie Celery to this app's settings, and jobs to Celery."""
    _apps[:] = [app]
    options: Settings = app.extensions["settings"]
    celery.conf.broker_url = options.celery_redis_url
    celery.conf.beat_schedule_filename = str(options.home / "beat-schedule")
    jobs.connect(send)
    return celery


def send(name: str, payload: dict[str, str]) -> None:
    celery.send_task(name, kwargs=payload, retry=False, ignore_result=True)


@setup_logging.connect  # type: ignore[untyped-decorator]
def _leave_logging(**_facts: Any) -> None:
    """Celery's own log set-up would print task arguments; ours is configured already."""
    trace.logger.disabled = True  # it repeats messages of errors, and those may hold what people typed


@task_failure.connect  # type: ignore[untyped-decorator]
def _log_crash(sender: Task, exception: BaseException, **_facts: Any) -> None:
    log.error("task_crashed", task=sender.name, error=type(exception).__name__, at=places(exception))


_stop = threading.Event()


@worker_ready.connect  # type: ignore[untyped-decorator]
def _show_alive(**_facts: Any) -> None:
    client = flask_app().extensions["redis"]

    def beat() -> None:
        health.show_worker_alive(client)
        while not _stop.wait(health.WORKER_BEAT):
            health.show_worker_alive(client)

    _stop.clear()
    threading.Thread(target=beat, daemon=True).start()
    metrics.serve(flask_app(), flask_app().extensions["settings"].operator_port)
    log.info("worker_ready")


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _stop_showing(**_facts: Any) -> None:
    _stop.set()
