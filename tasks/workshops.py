"""Reminding people of the workshop for which they signed up, and forgetting what people wrote when the time has come."""

from tasks.worker import CouncilTask, PlatformTask, celery
from workbench.core.jobs import Job, enqueue
from workbench.knowledge.calendar.models import today
from workbench.sources.operations import all_council_ids
from workbench.workshops.harvest.operations import forget_what_is_over
from workbench.workshops.script.announcing import send_reminders


@celery.task(name=Job.REMIND_SIGN_UPS, base=CouncilTask)  # type: ignore[untyped-decorator]
def remind_sign_ups() -> None:
    send_reminders()


@celery.task(name=Job.REMIND_SIGN_UPS_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def remind_sign_ups_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.REMIND_SIGN_UPS, council_id=council_id)


@celery.task(name=Job.FORGET_WORKSHOPS, base=CouncilTask)  # type: ignore[untyped-decorator]
def forget_workshops() -> None:
    forget_what_is_over(today())


@celery.task(name=Job.FORGET_WORKSHOPS_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def forget_workshops_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.FORGET_WORKSHOPS, council_id=council_id)
