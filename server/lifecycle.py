"""The process that holds the sockets: gevent's server around the application, and an orderly end.

`gevent.monkey` must patch before anything else is imported, so this module is only imported by the command `run`.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
from dataclasses import replace
from typing import Any

import gevent
import segno
from gevent.pywsgi import LoggingLogAdapter, WSGIHandler, WSGISecureEnviron, WSGIServer

from .config import Settings
from .gc_schedule import tidy_memory
from .startup import open_rooms, passcode_words, start

log = logging.getLogger(__name__)

BACKLOG = 1024
SOCKETS_LIMIT_S = 1.5
STOP_LIMIT_S = 1.5


class QuietHandler(WSGIHandler):
    """Logs nothing of who asked for what, and leaves a connection alone that a socket has used."""

    def handle(self) -> None:
        """Serve one connection. That the other side has gone is no accident."""
        with contextlib.suppress(OSError):
            super().handle()

    def handle_one_response(self) -> None:
        """Answer once. What comes in after a WebSocket is not HTTP and must not be read as that."""
        super().handle_one_response()
        if self.environ.get("HTTP_UPGRADE"):
            self.close_connection = True

    def log_request(self) -> None:
        """Keep nothing: which exercise somebody listens to is nobody's to keep."""

    def log_error(self, msg: str, *args: Any) -> None:
        """Keep nothing of a request that could not be read: it may hold anything, and names an address."""


class Unseen(WSGISecureEnviron):
    """What is logged of a request whose answer broke off: nothing, where gevent would name who asked."""

    default_whitelist_keys = ()


class QuietServer(WSGIServer):
    """gevent's server, which names nobody."""

    secure_environ_class = Unseen


def serve(settings: Settings) -> int:
    """Run the service until SIGTERM or Ctrl-C; returns the exit status."""
    if settings.lan and settings.host == "127.0.0.1":
        settings = replace(settings, host="0.0.0.0")
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        print(_cannot_listen(settings, error), file=sys.stderr)
        return 1
    app, site, passcode = start(settings)
    library = site.library
    for problem in library.problems:
        print(f"out of order: {problem}", file=sys.stderr, flush=True)
    errors: Any = LoggingLogAdapter(log, logging.ERROR)
    server = QuietServer(listener, app, handler_class=QuietHandler, log=None, error_log=errors)
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
    """What the owner needs to know besides."""
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
    out = len({problem.file for problem in library.problems})
    return f"{count} exercises" + (f", {out} out of order" if out else "")


def _cannot_listen(settings: Settings, error: OSError) -> str:
    return (
        f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}). "
        f"Choose another with --port, or end what is running there."
    )
