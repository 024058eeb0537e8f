"""Mail: a row until it is sent, by file or by a mail server that may refuse."""

import base64
import email
import email.policy
import socketserver
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from tests.mailbox import waiting_mail
from tests.servers import Servers
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job
from workbench.core.mail import MailMessage, deliver, send_mail, waiting_mail_ids
from workbench.core.settings import Settings

TEXT = "Dag Noor,\n\nUw link: https://werkbank.example/uitnodiging/abc\n\nGroet – de griffie\n"
Sent = list[tuple[str, dict[str, str]]]


class _Server(socketserver.ThreadingTCPServer):
    """A mail server that takes mail, or says no at one of the commands."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.refuse = ""
        self.mails: list[tuple[str, bytes]] = []
        self.logins: list[str] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 klaar")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            command = line.split(" ")[0].upper()
            if command == self.server.refuse:
                self.say(f"550 {line} is hier niet welkom")
            elif command == "EHLO":
                self.say("250-test")
                self.say("250 AUTH PLAIN")
            elif command == "AUTH":
                self.server.logins.append(base64.b64decode(line.split(" ")[2]).decode())
                self.say("235 goed")
            elif command == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                self.say("250 goed")
            elif command == "DATA":
                self.say("354 kom maar")
                body = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    body += part
                self.server.mails.append((recipient, body))
                self.say("250 ontvangen")
            elif command == "QUIT":
                self.say("221 dag")
                return
            else:
                self.say("250 goed")


@pytest.fixture
def mail_server() -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def mail_id(session: Session) -> UUID:
    """One mail that waits."""
    send_mail("noor@almere.example", "Uitnodiging\nvoor Almere", TEXT)
    db.commit()
    with as_platform():
        return db.scalars(sa.select(MailMessage.id)).one()


def send(mail_id: UUID, settings: Settings) -> None:
    with as_platform():
        deliver(mail_id, settings)


def rows() -> list[tuple[UUID, int]]:
    with as_platform():
        return [(row.id, row.attempts) for row in db.execute(sa.select(MailMessage.id, MailMessage.attempts))]


def change(mail_id: UUID, **facts: object) -> None:
    with as_platform():
        db.execute(sa.update(MailMessage).where(MailMessage.id == mail_id).values(**facts))


def test_the_job_of_a_mail_carries_only_its_number(session: Session, sent_jobs: Sent) -> None:
    send_mail("noor@almere.example", "Onderwerp", TEXT)
    assert sent_jobs == []
    db.commit()
    [(job, payload)] = sent_jobs
    assert (job, set(payload)) == (Job.SEND_MAIL, {"mail_id"})
    assert waiting_mail()[0].to == "noor@almere.example"


def test_without_a_mail_server_a_mail_becomes_a_file_only_we_may_read(
    servers: Servers, mail_id: UUID, tmp_path: Path
) -> None:
    send(mail_id, servers.settings(home=tmp_path))
    [path] = (tmp_path / "mail").iterdir()
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["To"] == "noor@almere.example"
    assert message["Subject"] == "Uitnodiging voor Almere"
    assert message.get_content() == TEXT  # type: ignore[attr-defined]
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700
    assert rows() == []


def test_a_mail_server_gets_the_mail_and_the_row_goes(
    servers: Servers, mail_id: UUID, mail_server: _Server
) -> None:
    send(
        mail_id,
        servers.settings(smtp_url=f"smtp://{mail_server.address}", base_url="https://werkbank.example"),
    )
    [(recipient, body)] = mail_server.mails
    message = email.message_from_bytes(body, policy=email.policy.default)
    assert recipient == message["To"] == "noor@almere.example"
    assert message["Message-ID"] == f"<{mail_id}@werkbank.example>"
    assert message.get_content().replace("\r\n", "\n") == TEXT  # type: ignore[attr-defined]
    assert mail_server.logins == []
    assert rows() == []


def test_a_mail_server_may_want_a_name_and_a_password(
    servers: Servers, mail_id: UUID, mail_server: _Server
) -> None:
    send(mail_id, servers.settings(smtp_url=f"smtp://werk%40bank:p%3Aw@{mail_server.address}"))
    assert mail_server.logins == ["\0werk@bank\0p:w"]


@pytest.mark.parametrize("refuse", ["MAIL", "RCPT", "DATA"])
def test_a_refused_mail_stays_and_the_log_names_no_address(
    servers: Servers, mail_id: UUID, mail_server: _Server, refuse: str
) -> None:
    mail_server.refuse = refuse
    settings = servers.settings(smtp_url=f"smtp://{mail_server.address}")
    with structlog.testing.capture_logs() as logged:
        send(mail_id, settings)
        send(mail_id, settings)
    assert rows() == [(mail_id, 2)]
    assert [event["event"] for event in logged] == ["mail_not_sent"] * 2
    assert "noor" not in str(logged)
    mail_server.refuse = ""
    send(mail_id, settings)
    assert rows() == []
    assert len(mail_server.mails) == 1


def test_a_mail_server_that_is_down_costs_only_time(servers: Servers, mail_id: UUID) -> None:
    send(mail_id, servers.settings(smtp_url="smtp://127.0.0.1:9"))
    assert rows() == [(mail_id, 1)]


def test_a_mail_that_was_sent_already_is_not_sent_again(
    servers: Servers, mail_id: UUID, mail_server: _Server
) -> None:
    settings = servers.settings(smtp_url=f"smtp://{mail_server.address}")
    for number in (mail_id, mail_id, uuid4()):
        send(number, settings)
    assert len(mail_server.mails) == 1


@pytest.mark.parametrize(
    ("attempts", "age", "due"),
    [(0, 29, False), (0, 31, True), (1, 59, False), (1, 61, True), (10, 30_000, False), (10, 31_000, True)],
)
def test_the_pause_before_a_new_attempt_grows(mail_id: UUID, attempts: int, age: int, due: bool) -> None:
    change(mail_id, attempts=attempts, created_at=datetime.now(UTC) - timedelta(seconds=age))
    with as_platform():
        assert waiting_mail_ids() == ([mail_id] if due else [])
