"""Forgetting what people wrote in workshops, when the time for it has come."""

from tasks.worker import CouncilTask, PlatformTask, celery
from workbench.core.jobs import Job, enqueue
from workbench.knowledge.calendar.models import today
from workbench.sources.operations import all_council_ids
from workbench.workshops.harvest import operations


@celery.task(name=Job.FORGET_WORKSHOPS, base=CouncilTask)  # type: ignore[untyped-decorator]
def forget_workshops() -> None:
    operations.forget_what_is_over(today())


@celery.task(name=Job.FORGET_WORKSHOPS_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def forget_workshops_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.FORGET_WORKSHOPS, council_id=council_id)
