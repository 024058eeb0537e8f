"""What runs when, and the sweeper that makes a lost job cost only time."""

from celery.schedules import crontab

from tasks.worker import PlatformTask, celery
from workbench.core import mail, marks
from workbench.core.jobs import Job, enqueue
from workbench.sources import operations, refresh
from workbench.sources.schedule import NIGHTLY

celery.conf.beat_schedule = {
    "sweep": {"task": Job.SWEEP, "schedule": 30.0},
    "figures": {"task": Job.BUILD_EVERYWHERE, "schedule": 120.0},
    "exports": {"task": Job.TEND_EXPORTS_EVERYWHERE, "schedule": 120.0},
    "nightly": {
        "task": Job.REFRESH_ALL,
        "schedule": crontab(hour=str(NIGHTLY.hour), minute=str(NIGHTLY.minute)),
    },
    "old drafts": {"task": Job.REMOVE_OLD_DRAFTS_EVERYWHERE, "schedule": crontab(hour="4", minute="10")},
    "stories that wait": {"task": Job.TEND_STORIES_EVERYWHERE, "schedule": 300.0},
    "stories": {"task": Job.END_STORIES_EVERYWHERE, "schedule": crontab(hour="0", minute="5")},
    "workshops": {"task": Job.FORGET_WORKSHOPS_EVERYWHERE, "schedule": crontab(hour="0", minute="15")},
    "digests": {"task": Job.SEND_DIGESTS_EVERYWHERE, "schedule": crontab(hour="7", minute="30")},
    "reminders of workshops": {
        "task": Job.REMIND_SIGN_UPS_EVERYWHERE,
        "schedule": crontab(hour="8", minute="0"),
    },
    "reminders": {"task": Job.SEND_REMINDERS_EVERYWHERE, "schedule": crontab(hour="7", minute="45")},
}


@celery.task(name=Job.SWEEP, base=PlatformTask)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Runs that fell silent or are due, requests whose job was lost, mail that waits; and more marks than needed."""
    refresh.sweep()
    operations.pick_up_all_requests()
    for mail_id in mail.waiting_mail_ids():
        enqueue(Job.SEND_MAIL, mail_id=mail_id)
    marks.tidy()
