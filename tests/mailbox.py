"""Mail that waits to be sent, as the worker would find it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import sqlalchemy as sa

from workbench.core.db import as_platform, db
from workbench.core.mail import MailMessage


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    body: str

    @property
    def link(self) -> str:
        """The address of its one link, without the host."""
        [link] = re.findall(r"https?://\S+", self.body)
        return urlsplit(link).path


def waiting_mail() -> list[Letter]:
    """All waiting mail, oldest first."""
    db.commit()
    with as_platform():
        rows = db.execute(
            sa.select(MailMessage.recipient, MailMessage.subject, MailMessage.body).order_by(
                MailMessage.created_at
            )
        )
        return [Letter(*row) for row in rows]
