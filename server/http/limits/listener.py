"""gevent's server with deadlines and bounds: nobody holds a connection for nothing, and nobody fills the service.

A request has to be whole within HEADER_S, its body has to come at BODY_BYTES_S at least, and whoever takes nothing for
IDLE_S is let go. A body that was refused is not read on. What is said twice or against itself is no request.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import socket
import time
from typing import Any

import gevent
from gevent.pywsgi import WSGIHandler, WSGISecureEnviron, WSGIServer

from ...rooms.admission.networks import network_of
from .connections import BECOMES_ROOMS, KEY
from .crowd import Crowd

log = logging.getLogger(__name__)

HEADER_S = 10.0
KEPT_OPEN_S = 30.0
"""So long a connection stays open for a next request."""
IDLE_S = 30.0
BODY_BYTES_S = 4096
"""A body comes at least so fast, after IDLE_S."""
UNREAD_BYTES = 64 * 1024
"""The most of an unwanted body that is still read, so that the connection can be used again."""


BACKLOG = 1024


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens, before anything else is started; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Connections take it over. Small frames that wait for the other side's acknowledgement would come up to 40 ms
    # late, and the shared clock would be off by half of that.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class Body:
    """The body of a request, for as long as it comes fast enough; everything else of it is gevent's."""

    def __init__(self, inner: Any, length: int):
        self._inner = inner
        self._until = time.monotonic() + IDLE_S + length / BODY_BYTES_S

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def read(self, size: int = -1) -> bytes:
        """Some of it. Raises TimeoutError."""
        return self._within(self._inner.read, size if size >= 0 else None)

    def readline(self, size: int = -1) -> bytes:
        """One line of it. Raises TimeoutError."""
        return self._within(self._inner.readline, size if size >= 0 else None)

    def __iter__(self) -> Any:
        return iter(self.readline, b"")

    def _within(self, act: Any, size: int | None) -> bytes:
        with gevent.Timeout(max(0.001, self._until - time.monotonic()), TimeoutError("the body is too slow")):
            return act() if size is None else act(size)


class Handler(WSGIHandler):
    """Logs nothing of who asked for what, and leaves a connection alone that a socket has used."""

    is_first = True

    def handle(self) -> None:
        """Serve one connection. That the other side has gone is no accident."""
        self.socket.settimeout(IDLE_S)
        with contextlib.suppress(OSError):
            super().handle()

    def read_requestline(self) -> str:
        """The first line of a request, if it comes in time; a connection that says nothing just ends."""
        self.server.crowd.becomes(self.socket, "waits")
        limit_s = HEADER_S if self.is_first else KEPT_OPEN_S
        self.is_first = False
        with gevent.Timeout(limit_s, False):
            return super().read_requestline()
        return ""

    def read_request(self, raw_requestline: str) -> bool:
        """Everything up to the body; raises ValueError where it does not come in time or contradicts itself."""
        with gevent.Timeout(HEADER_S, ValueError("the head of the request is too slow")):
            found = bool(super().read_request(raw_requestline))
        self.server.crowd.becomes(self.socket, "served")
        return found

    def MessageClass(self, file: Any, *rest: Any) -> Any:
        """The fields of a request, as gevent reads them; raises ValueError where they contradict each other.

        gevent itself takes one of two lengths, and none beside a coding: what stands in front might take the other.
        """
        fields = super().MessageClass(file, *rest)
        lengths, codings, hosts = (
            fields.get_all(name, []) for name in ("Content-Length", "Transfer-Encoding", "Host")
        )
        if len(lengths) + len(codings) > 1 or len(hosts) > 1:
            raise ValueError("the request says one thing twice")
        if codings and codings[0].strip().lower() != "chunked":
            raise ValueError("the coding of the body is not known")
        if lengths and not (lengths[0].isascii() and lengths[0].isdigit()):
            raise ValueError("the length is no number")
        return fields

    def get_environ(self) -> dict[str, Any]:
        """The environment of a request, with its connection, which tells whether somebody still waits."""
        environ = super().get_environ()
        environ[KEY] = self.socket
        # not a closure: that would hold this handler, which holds the environment, until garbage is collected
        environ[BECOMES_ROOMS] = functools.partial(self.server.crowd.becomes, self.socket, "room")
        return environ

    def run_application(self) -> None:
        """Answer, with a body that comes in time; what nobody wanted of it ends the connection."""
        inner = self.environ["wsgi.input"]
        length = int(self.environ.get("CONTENT_LENGTH") or 0)
        has_body = bool(length) or bool(getattr(inner, "chunked_input", False))
        if has_body and not self.environ.get("HTTP_UPGRADE"):
            self.environ["wsgi.input"] = Body(inner, length)
        try:
            super().run_application()
        finally:
            left = length - (getattr(inner, "position", 0) or 0)
            if getattr(inner, "chunked_input", False) or left > UNREAD_BYTES:
                self.close_connection = True
                self.wsgi_input = _NothingLeft()

    def handle_one_response(self) -> None:
        """Answer once. What comes in after a WebSocket is not HTTP and must not be read as that."""
        super().handle_one_response()
        if self.environ.get("HTTP_UPGRADE"):
            self.close_connection = True

    def handle_error(self, kind: Any, error: Any, trace: Any) -> None:
        """One line of what nobody expected; that somebody is gone or too slow is nothing to tell."""
        if not issubclass(kind, OSError | gevent.GreenletExit):
            log.error("answering failed (%s)", kind.__name__)
        self._send_error_response_if_possible(500)

    def log_request(self) -> None:
        """Keep nothing: which exercise somebody listens to is nobody's to keep."""

    def log_error(self, msg: str, *args: Any) -> None:
        """Keep nothing of a request that could not be read: it may hold anything, and names an address."""


class _NothingLeft:
    """Stands for what is left of a body that is not read on."""

    def _discard(self) -> None:
        """Read nothing."""


class Unseen(WSGISecureEnviron):
    """The log of a request whose answer broke off: nothing, where gevent would name who asked."""

    default_whitelist_keys = ()


class Server(WSGIServer):
    """gevent's server, which names nobody and bounds the crowd."""

    secure_environ_class = Unseen
    max_accept = 4
    """Connections taken in at a time; between them whoever is in a room is heard, however many knock at once."""

    def __init__(self, listener: socket.socket, app: Any, most: int, is_behind_proxy: bool, error_log: Any):
        self.crowd = Crowd(most)
        self._is_behind_proxy = is_behind_proxy
        super().__init__(listener, app, handler_class=Handler, log=None, error_log=error_log)

    def handle(self, sock: Any, address: Any) -> None:
        """Serve a connection, if there is room for it."""
        network = "" if self._is_behind_proxy or not address else network_of(address[0])
        may_stay, victim = self.crowd.enter(sock, network)
        if victim is not None:
            with contextlib.suppress(OSError):
                victim.shutdown(socket.SHUT_RDWR)  # type: ignore[attr-defined]
        if not may_stay:
            return
        try:
            super().handle(sock, address)
        finally:
            self.crowd.leave(sock)
