"""The process that holds the sockets: gevent's server around the application, and an orderly end.

`gevent.monkey` must patch before anything else is imported, so this module is only imported by the command `run`.
"""

from __future__ import annotations

import logging
import signal
import socket
import sys
from dataclasses import replace
from typing import Any

import gevent
import segno
from gevent.pywsgi import LoggingLogAdapter

from audio.files import FolderInUse

from .config import Settings
from .gc_schedule import tidy_memory
from .http.listener import Server
from .process_limits import connections_within, few_descriptors
from .startup import get_ready, hold_data, open_rooms, passcode_words, start

log = logging.getLogger(__name__)

BACKLOG = 1024
SOCKETS_LIMIT_S = 1.5
STOP_LIMIT_S = 1.5


def serve(settings: Settings) -> int:
    """Run the service until SIGTERM or Ctrl-C; returns the exit status. Raises SettingError."""
    descriptors = get_ready()
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
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        print(_cannot_listen(settings, error), file=sys.stderr)
        return 1
    app, site, passcode = start(settings)
    library = site.library
    for sentence in filter(None, (few_descriptors(descriptors),)):
        print(sentence, file=sys.stderr, flush=True)
    for problem in library.problems:
        print(f"out of order: {problem}", file=sys.stderr, flush=True)
    errors: Any = LoggingLogAdapter(log, logging.ERROR)
    most = connections_within(descriptors)
    server = Server(listener, app, most, is_behind_proxy=settings.proxies > 0, error_log=errors)
    server.start()
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
    _tell(settings.lan, site.lan_address, server.server_port, passcode_words(settings, passcode))
    stopped.wait()
    server.close()
    tidying.kill()
    ending = gevent.spawn(site.studio.close)
    site.hub.close(SOCKETS_LIMIT_S)
    server.stop(timeout=STOP_LIMIT_S)
    ending.join()
    return 0


def _listen(host: str, port: int) -> socket.socket:
    """The listening socket, before anything else is started; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Connections take it over. Small frames that wait for the other side's acknowledgement would come up to 40 ms
    # late, and the shared clock would be off by half of that.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


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
