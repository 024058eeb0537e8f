"""Background jobs as the workbench sees them: a name and the ids it needs, never a text or an address."""

from collections.abc import Callable
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from workbench.core.db import db

log = structlog.get_logger()


class Job(StrEnum):
    """Every job; a test checks that each has a task."""

    SEND_MAIL = "mail.send"
    SEND_DIGEST = "monitors.send_digest"
    SEND_DIGESTS_EVERYWHERE = "monitors.send_digests_everywhere"
    SEND_REMINDER = "monitors.send_reminder"
    SEND_REMINDERS_EVERYWHERE = "monitors.send_reminders_everywhere"
    WRITE_EXPORT = "monitors.write_export"
    TEND_EXPORTS = "monitors.tend_exports"
    TEND_EXPORTS_EVERYWHERE = "monitors.tend_exports_everywhere"
    BUILD_BLOCKS = "monitors.build_blocks"
    RAISE_SIGNALS = "monitors.raise_signals"
    BUILD_EVERYWHERE = "monitors.build_everywhere"
    DRAW_PUBLIC_PICTURES = "monitors.draw_public_pictures"
    FORGET_STORY = "stories.forget_story"
    READ_STORY = "stories.read_story"
    READ_PILE = "stories.read_pile"
    TEND_STORIES = "stories.tend_stories"
    TEND_STORIES_EVERYWHERE = "stories.tend_stories_everywhere"
    END_STORIES = "stories.end_stories"
    END_STORIES_EVERYWHERE = "stories.end_stories_everywhere"
    FORGET_WORKSHOPS = "workshops.forget_workshops"
    FORGET_WORKSHOPS_EVERYWHERE = "workshops.forget_workshops_everywhere"
    REMOVE_OLD_DRAFTS = "uploads.remove_old_drafts"
    REMOVE_OLD_DRAFTS_EVERYWHERE = "uploads.remove_old_drafts_everywhere"
    REFRESH_TABLE = "sources.refresh_table"
    REMIND_SIGN_UPS = "workshops.remind_sign_ups"
    REMIND_SIGN_UPS_EVERYWHERE = "workshops.remind_sign_ups_everywhere"
    PICK_UP_REQUESTS = "sources.pick_up_requests"
    SWEEP = "sources.sweep"
    REFRESH_ALL = "sources.refresh_all"


Sender = Callable[[str, dict[str, str]], None]
_sender: list[Sender] = []


def connect(send: Sender) -> None:
    """Say how a job reaches the worker (Celery in production, a list in tests)."""
    _sender[:] = [send]


def enqueue(job: Job, **ids: UUID) -> None:
    """Send a job once the current transaction is committed; never before, never after a rollback.

    Raises: TypeError when anything but an id would travel along.
    """
    if strange := [name for name, value in ids.items() if not isinstance(value, UUID)]:
        raise TypeError(f"{job} takes ids only, not {', '.join(strange)}")
    payload = {name: str(value) for name, value in ids.items()}
    if "council_id" not in payload and (council_id := db.info.get("council_id")):
        payload["council_id"] = str(council_id)
    waiting = db.info.setdefault("jobs", [])
    if (job, payload) not in waiting:
        waiting.append((job, payload))


@event.listens_for(Session, "after_commit")
def _send_jobs(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint was released; the transaction itself may still be rolled back
    for job, payload in session.info.pop("jobs", []):
        try:
            for send in _sender:
                send(job, payload)
        except Exception as error:  # noqa: BLE001 - the row is the truth: the sweeper sends again
            log.warning("job_not_sent", job=str(job), error=type(error).__name__)


@event.listens_for(Session, "after_soft_rollback")
def _forget_jobs(session: Session, previous: object) -> None:
    if getattr(previous, "nested", False) is False:
        session.info.pop("jobs", None)
