"""The port that Prometheus reads numbers from, beside that of the service; none unless it is asked for."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask
from gevent.pywsgi import LoggingLogAdapter

from ..config import SettingError, Settings
from ..http.limits.listener import Server, listening_socket

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 32


def show_metrics(settings: Settings, app: Flask) -> Server | None:
    """Show the numbers of a service that runs, where that is wished; raises SettingError where it cannot be."""
    if not settings.metrics_port:
        return None
    try:
        listener = listening_socket(settings.metrics_host, settings.metrics_port)
    except OSError as error:
        raise SettingError(
            f"Port {settings.metrics_port} of {settings.metrics_host} cannot be used for the numbers "
            f"({error.strerror}). Choose another with --metrics-port, or end what is running there."
        ) from error
    page: Any = app.extensions["still_here_metrics"].page(settings.metrics_host)
    errors = LoggingLogAdapter(log, logging.ERROR)
    server = Server(listener, page, MOST_CONNECTIONS, is_behind_proxy=False, error_log=errors)
    server.start()
    return server
