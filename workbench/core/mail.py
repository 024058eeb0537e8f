"""Mail after commit: a message is a row the web may add but not read; a platform job sends and removes it.

So an address or a link in a mail never stands in a task argument or a log, and a mail server that is down
costs only time.
"""

import smtplib
import ssl
import uuid
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, db
from workbench.core.jobs import Job, enqueue
from workbench.core.settings import Settings

log = structlog.get_logger()


class MailMessage(Model):
    """A mail that waits to be sent."""

    __tablename__ = "mail_message"
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    attempts: Mapped[int] = mapped_column(default=0)


def send_mail(recipient: str, subject: str, body: str) -> None:
    """Send this plain text once the current transaction is committed."""
    message = MailMessage(recipient=recipient, subject=" ".join(subject.split()), body=body)
    db.add(message)
    enqueue(Job.SEND_MAIL, mail_id=message.id)


def deliver(mail_id: uuid.UUID, settings: Settings) -> None:
    """Send one waiting mail and remove it; when the mail server refuses it, it stays for a later attempt."""
    waiting = db.scalar(
        sa.select(MailMessage).where(MailMessage.id == mail_id).with_for_update(skip_locked=True)
    )
    if waiting is None:
        return
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = waiting.recipient
    message["Subject"] = waiting.subject
    message["Message-ID"] = f"<{waiting.id}@{urlsplit(settings.base_url).hostname}>"
    message.set_content(waiting.body)
    try:
        if settings.smtp_url:
            _send_by_smtp(message, settings.smtp_url)
        else:
            _write_file(message, settings.home / "mail", waiting)
    except (OSError, smtplib.SMTPException) as error:  # its message may hold the address
        waiting.attempts += 1
        log.warning("mail_not_sent", mail=str(mail_id), error=type(error).__name__, attempts=waiting.attempts)
        return
    db.delete(waiting)
    log.info("mail_sent", mail=str(mail_id))


FIRST_PAUSE = 30  # seconds


def waiting_mail_ids() -> list[uuid.UUID]:
    """Mail that is due for another attempt: each pause is as long as the whole wait before it."""
    age = sa.extract("epoch", sa.func.now() - MailMessage.created_at)
    due = sa.select(MailMessage.id).where(age >= FIRST_PAUSE * sa.func.power(2, MailMessage.attempts))
    return list(db.scalars(due.order_by(MailMessage.created_at).limit(100)))


def _send_by_smtp(message: EmailMessage, url: str) -> None:
    server = urlsplit(url)
    implicit_tls = server.scheme == "smtps"
    port = server.port or (465 if implicit_tls else 25)
    connect = smtplib.SMTP_SSL if implicit_tls else smtplib.SMTP
    with connect(server.hostname or "localhost", port, timeout=20) as smtp:
        smtp.ehlo()
        if not implicit_tls and smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)


def _write_file(message: EmailMessage, folder: Path, waiting: MailMessage) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / f"{waiting.created_at:%Y%m%d-%H%M%S}-{waiting.id}.eml").write_bytes(bytes(message))
