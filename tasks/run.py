"""The Celery application that `workbench worker` and `workbench beat` start."""

import tasks.digest
import tasks.exports
import tasks.figures
import tasks.mail
import tasks.publishing
import tasks.schedule
import tasks.sources
import tasks.stories
import tasks.uploads
import tasks.workshops  # noqa: F401  every task
from tasks import worker
from workbench.app import create_app
from workbench.core.db import platform_session, web_session
from workbench.core.roles import check_role
from workbench.core.settings import Settings

app = worker.init_app(create_app(Settings.load()))
for session in (web_session, platform_session):
    check_role(session.kw["bind"])
