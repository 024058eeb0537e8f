"""Telling clerks and officers what happened to their sources, and everybody what waits."""

from uuid import UUID

from tasks.worker import PersonTask, PlatformTask, celery, settings
from workbench.core.jobs import Job, enqueue
from workbench.monitors import digest, reminder


@celery.task(name=Job.SEND_DIGEST, base=PersonTask)  # type: ignore[untyped-decorator]
def send_digest(person_id: UUID) -> None:
    digest.send_digest(person_id, settings())


@celery.task(name=Job.SEND_DIGESTS_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def send_digests_everywhere() -> None:
    for person_id in digest.reader_ids():
        enqueue(Job.SEND_DIGEST, person_id=person_id)


@celery.task(name=Job.SEND_REMINDER, base=PersonTask)  # type: ignore[untyped-decorator]
def send_reminder(person_id: UUID) -> None:
    reminder.send_reminder(person_id, settings())


@celery.task(name=Job.SEND_REMINDERS_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def send_reminders_everywhere() -> None:
    for person_id in reminder.reader_ids():
        enqueue(Job.SEND_REMINDER, person_id=person_id)
