"""The process that holds the sockets: gevent's server around the application, and an orderly end.

`gevent.monkey` must patch before anything else is imported, so this module is only imported by the command `run`.
"""

from __future__ import annotations

import logging
import signal
import sys
from dataclasses import replace
from typing import Any

import gevent
import segno
from gevent.pywsgi import LoggingLogAdapter

from audio.files import FolderInUse

from ..config import Settings
from ..http.limits.listener import Server, listening_socket
from ..monitoring.metrics_listener import show_metrics
from ..monitoring.quiet_log import warn
from .gc_schedule import tidy_memory
from .resources import connections_within, few_descriptors
from .startup import get_ready, hold_data, open_rooms, passcode_words, start

log = logging.getLogger(__name__)

SOCKETS_LIMIT_S = 1.5
STOP_LIMIT_S = 1.5


def serve(settings: Settings) -> int:
    """Run the service until SIGTERM or Ctrl-C; returns the exit status. Raises SettingError."""
    descriptors = get_ready(settings)
    try:
        with hold_data(settings):
            return _serve(settings, descriptors)
    except FolderInUse as error:
        print(error, file=sys.stderr)
        return 1


def _serve(settings: Settings, descriptors: int) -> int:
    if settings.lan and settings.host == "127.0.0.1":
        settings = replace(settings, host="0.0.0.0")
    try:
        listener = listening_socket(settings.host, settings.port)
    except OSError as error:
        print(_cannot_listen(settings, error), file=sys.stderr)
        return 1
    app, site, passcode = start(settings)
    library = site.library
    warn(few_descriptors(descriptors), *(f"out of order: {problem}" for problem in library.problems))
    errors: Any = LoggingLogAdapter(log, logging.ERROR)
    most = connections_within(descriptors)
    server = Server(listener, app, most, is_behind_proxy=settings.proxies > 0, error_log=errors)
    server.start()
    numbers = show_metrics(settings, app)
    stopped = gevent.event.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stopped.set)
    open_rooms(site)
    tidying = gevent.spawn(tidy_memory)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(
        f"Still Here is open at http://{host}:{server.server_port}/  ({_count(library)}; Ctrl-C ends it)",
        flush=True,
    )
    if numbers:
        print(
            f"Numbers for Prometheus: http://{settings.metrics_host}:{settings.metrics_port}/metrics",
            flush=True,
        )
    _tell(settings.lan, site.lan_address, server.server_port, passcode_words(settings, passcode))
    log.info("the service is open")
    stopped.wait()
    log.info("the service ends")
    server.close()
    if numbers:
        numbers.stop(timeout=0)
    tidying.kill()
    ending = gevent.spawn(site.studio.close)
    site.hub.close(SOCKETS_LIMIT_S)
    server.stop(timeout=STOP_LIMIT_S)
    ending.join()
    return 0


def _tell(lan: bool, address: str | None, port: int, passcode: str) -> None:
    """Lines that the owner needs to know besides."""
    if lan and address:
        target = f"http://{address}:{port}/"
        print(f"On this network: {target}", flush=True)
        segno.make(target, error="m").terminal(compact=True)
        print(
            "On plain http a phone can neither be kept awake nor play offline; docs/deploy.md says how to add TLS.",
            flush=True,
        )
    elif lan:
        print("This machine is in no network that phones could reach.", flush=True)
    if passcode:
        print(passcode, flush=True)


def _count(library: Any) -> str:
    count = len(library.exercises)
    out = library.out_of_order
    return f"{count} exercises" + (f", {out} out of order" if out else "")


def _cannot_listen(settings: Settings, error: OSError) -> str:
    return (
        f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}). "
        f"Choose another with --port, or end what is running there."
    )
