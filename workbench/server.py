"""Settings of gunicorn.

Processes that take one request at a time: threads of one process waited for each other's interpreter lock, which
halved the requests per second. A browser opens connections that it does not use yet; the kernel keeps those until
they ask something, so that they hold no process.
"""

import os
import socket
from typing import Any

worker_class = "sync"
workers = min(8, 2 * (os.cpu_count() or 1))
preload_app = True
control_socket_disable = True
graceful_timeout = 3
timeout = 60
limit_request_line = 8190
errorlog = "-"
loglevel = "warning"

PATIENCE = 60  # seconds that the kernel waits for the first words


def when_ready(server: Any) -> None:
    if hasattr(socket, "TCP_DEFER_ACCEPT"):  # Linux
        for listener in server.LISTENERS:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, PATIENCE)
    else:
        server.log.warning("this system has no TCP_DEFER_ACCEPT: put a proxy in front")


def post_worker_init(worker: Any) -> None:
    worker.wsgi.extensions["door"].open()
