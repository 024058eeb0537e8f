"""Figures about the running installation, for Prometheus, on the operator's port (loopback only).

Counted from the database and Redis at each visit, so they hold for all processes together; no councils, no people.
"""

from collections.abc import Iterator

import sqlalchemy as sa
import structlog
from flask import Flask
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from workbench.core.db import as_platform, db
from workbench.core.mail import MailMessage
from workbench.sources.models import RefreshRun, RunState, Source

log = structlog.get_logger()
QUEUE = "celery"  # Celery's default queue is this list in Redis


class _Installation(Collector):
    def __init__(self, app: Flask) -> None:
        self.app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self.app.app_context(), as_platform():
            runs = dict(
                db.execute(sa.select(RefreshRun.state, sa.func.count()).group_by(RefreshRun.state)).all()
            )
            silent = db.scalar(sa.select(sa.func.count()).where(Source.unreachable_since.is_not(None)))
            mail = db.scalar(sa.select(sa.func.count()).select_from(MailMessage))
        family = GaugeMetricFamily("workbench_refresh_runs", "Refresh runs by state", labels=["state"])
        for state in RunState:
            family.add_metric([state.value], runs.get(state, 0))
        yield family
        yield GaugeMetricFamily("workbench_sources_unreachable", "Sources that do not answer", value=silent)
        yield GaugeMetricFamily("workbench_mail_waiting", "Mails that wait to be sent", value=mail)
        jobs = self.app.extensions["redis"].llen(QUEUE)
        yield GaugeMetricFamily("workbench_jobs_waiting", "Jobs that no worker has taken yet", value=jobs)


def serve(app: Flask, port: int) -> None:
    """Answer `GET /metrics` on 127.0.0.1:port from a thread of its own; a taken port is only a warning."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Installation(app))
    try:
        start_http_server(port, addr="127.0.0.1", registry=registry)
    except OSError:
        log.warning("metrics_not_served", port=port)
