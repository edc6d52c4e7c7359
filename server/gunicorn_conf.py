"""gunicorn's configuration: `gunicorn --config server/gunicorn_conf.py server.wsgi:app`.

Imports nothing of ours, since gevent has to patch first, and does so in the worker.
"""

from __future__ import annotations

import signal
from typing import Any

bind = "127.0.0.1:8000"
workers = 1
worker_class = "gevent"
worker_connections = 10_000
graceful_timeout = 3
timeout = 60
accesslog = None
"""Which exercise somebody listens to is nobody's to keep."""


def post_worker_init(worker: Any) -> None:
    """Tidy memory as `serve` does; on SIGTERM close the sockets first, with the code that brings the phones back."""
    import gevent

    from .gc_schedule import tidy_memory

    site = worker.wsgi.extensions["still_here"]

    def end() -> None:
        site.hub.close(1.5)
        worker.alive = False
        site.studio.close()

    gevent.spawn(tidy_memory)
    gevent.signal_handler(signal.SIGTERM, end)
