"""Sending mail."""

from uuid import UUID

from tasks.worker import PlatformTask, celery, settings
from workbench.core import mail
from workbench.core.jobs import Job


@celery.task(name=Job.SEND_MAIL, base=PlatformTask)  # type: ignore[untyped-decorator]
def send_mail(mail_id: UUID) -> None:
    mail.deliver(mail_id, settings())
