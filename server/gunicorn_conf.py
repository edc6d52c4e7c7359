"""gunicorn's configuration: `gunicorn --config server/gunicorn_conf.py server.wsgi:app`.

Imports nothing of ours, since gevent has to patch first, and does so in the worker.
"""

from __future__ import annotations

import os
import signal
from typing import Any

_host = os.environ.get("STILL_HERE_HOST", "").strip() or "127.0.0.1"
_port = os.environ.get("STILL_HERE_PORT", "").strip() or "8000"
bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
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

    from .process.gc_schedule import tidy_memory

    site = worker.wsgi.extensions["still_here"]

    def end() -> None:
        site.hub.close(1.5)
        worker.alive = False
        site.studio.close()

    gevent.spawn(tidy_memory)
    gevent.signal_handler(signal.SIGTERM, end)
