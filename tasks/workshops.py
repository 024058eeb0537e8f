"""Reminding people of the workshop for which they signed up."""

from tasks.worker import CouncilTask, PlatformTask, celery
from workbench.core.jobs import Job, enqueue
from workbench.sources.operations import all_council_ids
from workbench.workshops.script.announcing import send_reminders


@celery.task(name=Job.REMIND_SIGN_UPS, base=CouncilTask)  # type: ignore[untyped-decorator]
def remind_sign_ups() -> None:
    send_reminders()


@celery.task(name=Job.REMIND_SIGN_UPS_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def remind_sign_ups_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.REMIND_SIGN_UPS, council_id=council_id)
