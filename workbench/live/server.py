"""Settings of gunicorn for the live service: one process in which thousands wait at the same time (gevent)."""

import contextlib
import resource
from typing import Any

worker_class = "gevent"
workers = 1
worker_connections = 3000
control_socket_disable = True
graceful_timeout = 2
timeout = 30
keepalive = 5
errorlog = "-"
loglevel = "warning"


def on_starting(_server: Any) -> None:
    """Each stream is an open file."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = worker_connections + 500
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard > 0 else wanted, hard))


def post_worker_init(worker: Any) -> None:
    import gevent  # noqa: PLC0415 - in the worker, after the standard library was made ready for it

    hub = worker.wsgi.hub
    worker.live_hub = gevent.spawn(hub.run, lambda: worker.alive)
