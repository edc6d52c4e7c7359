"""One open socket: what is read from it, what waits to be sent, and the guard around the raw socket.

Whoever tells a connection something never waits. A reader that is slow holds up only its own writer; a newer
picture takes the place of the one that still waits; and who lets too much pile up is closed.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable
from itertools import count
from typing import Any

import gevent
from gevent.lock import RLock
from simple_websocket import ConnectionClosed
from wsproto.utilities import LocalProtocolError

from exercises.languages import BASE
from server.rooms.core.protocol.commands import Probe
from server.rooms.core.protocol.messages import Closed, Told
from server.rooms.core.protocol.wire import to_text
from server.rooms.core.types import Seat

from ..admission.rate_limits import Bucket, Rate
from .clock import answer
from .localize import in_language

Clock = Callable[[], float]

OUTBOX = 64
"""Messages that happen once and may wait; pictures wait at most once each."""
WAIT_LIMIT_S = 5.0
"""Seconds that reading waits for a message, and writing for somebody who takes nothing."""
READ_BYTES = 2048
LONGEST_WAIT_S = 1.0
INTAKE = Rate(burst=24 * 1024, per_s=8 * 1024)
"""Bytes from one socket, control frames included. Beyond it the sender waits, not we."""
GOING_AWAY, FLOOD, RESTART = 1001, 1008, 1012
REPLACED, GIVEN_UP, OVER = 4001, 4002, 4003


class Guard:
    """Around a connection's socket: sends whole, reads no faster than INTAKE and lets others run in between."""

    def __init__(self, raw: Any, clock: Clock):
        self._raw, self._clock = raw, clock
        raw.settimeout(WAIT_LIMIT_S)
        self._lock = RLock()
        self._intake = Bucket(INTAKE)

    def send(self, data: bytes) -> None:
        """Send all of it: a part of a frame would garble everything after it."""
        with self._lock:
            self._raw.settimeout(WAIT_LIMIT_S)
            sent = self._raw.send(data)  # nearly always all of it, at half the price
            if sent < len(data):
                self._raw.sendall(data[sent:])

    def recv(self, size: int, limit_s: float) -> bytes:
        """Read what is there; whoever sends much waits in between, and lets the others run. Raises TimeoutError."""
        self._raw.settimeout(limit_s)
        found = self._raw.recv(size)
        now = self._clock()
        if not self._intake.take(now, len(found)):
            gevent.sleep(min(self._intake.wait_s(now, len(found)), LONGEST_WAIT_S))
            self._intake.take(self._clock(), len(found))
        elif len(found) == size:
            gevent.sleep(0)
        return found

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()

    def drain(self, limit_s: float) -> None:
        """Read on until the other side has closed, so that nothing unread undoes what was sent last."""
        with contextlib.suppress(OSError), gevent.Timeout(limit_s, False):
            while self._raw.recv(READ_BYTES):
                pass

    def end(self, how: int = socket.SHUT_RDWR) -> None:
        """Shut the connection down, whoever else holds the same socket."""
        with contextlib.suppress(OSError):
            self._raw.shutdown(how)


class NoThread:
    """A stand-in for the library's thread that reads. There is none: each connection reads in its own greenlet.

    A second greenlet for each socket would hold 20 kB, and every message would pass from one to the other.
    """

    name = "none"

    def __init__(self, target: Callable[[], None]):
        pass

    def start(self) -> None:
        """Nothing to start."""


class _Done:
    """Stands in for a handshake that is over and would hold a parser of HTTP for as long as the socket lives."""

    def events(self) -> tuple[()]:
        """Nothing more comes of it."""
        return ()


_DONE = _Done()


class Connection:
    """One socket of one seat. `link` tells it from every other."""

    _links = count(1)

    def __init__(self, ws: Any, room: str, seat: Seat, clock: Clock, epoch: str, language: str = BASE):
        self.link = next(self._links)
        self.room, self.seat, self.language = room, seat, language
        self._ws, self._clock, self._epoch = ws, clock, epoch
        self._guard = ws.sock = Guard(ws.sock, clock)
        ws.ws.handshake = _DONE
        self._outbox: dict[str | int, Told] = {}
        self._probes: list[tuple[Probe, float]] = []
        self._numbers = count()
        self._writer: Any = None
        self._code: int | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether there is, or may come, anything to read."""
        return bool(self._ws.connected or self._ws.input_buffer)

    def receive(self, limit_s: float = WAIT_LIMIT_S) -> str | bytes | None:
        """The next message; None after `limit_s` without one, or once the socket has ended."""
        ws = self._ws
        until = self._clock() + limit_s
        try:
            # pings and single bytes are no message: whoever sends nothing else is silent
            while ws.connected and not ws.input_buffer and self._clock() < until:
                try:
                    found = self._guard.recv(READ_BYTES, limit_s)
                except TimeoutError:
                    return None
                if not found:
                    ws.connected = False
                    break
                ws.ws.receive_data(found)
                ws.connected = ws._handle_events()
        except (OSError, LocalProtocolError):
            # also an answer to a ping that nobody took in time: half a frame is out, and nothing can follow it
            ws.connected = False
        return ws.input_buffer.pop(0) if ws.input_buffer else None

    def tell(self, message: Told) -> None:
        """Put a message into the outbox. Where too much waits, the connection ends; its phone comes back."""
        if self._code is not None:
            return
        key: str | int = type(message).__name__ if message.latest_wins else next(self._numbers)
        self._outbox[key] = message
        if len(self._outbox) > OUTBOX:
            self._outbox.clear()
            self.close(FLOOD)
        else:
            self._write()

    def answer_probe(self, probe: Probe, t1: float) -> None:
        """Answer a probe before everything that waits."""
        if self._code is None and len(self._probes) < OUTBOX:
            self._probes.append((probe, t1))
            self._write()

    def close(self, code: int, last: Closed | None = None) -> None:
        """Send what waits, then `last`, then close with `code`. Returns at once."""
        if self._code is None:
            if last:
                self._outbox[next(self._numbers)] = last
            self._code = code
            self._write()

    def drop(self) -> None:
        """End it without a word."""
        self._code = self._code or GOING_AWAY
        self._outbox.clear()
        self._probes.clear()
        self._ws.connected = False
        self._guard.end()

    def linger(self, limit_s: float = 1.0) -> None:
        """After the last frame: let the other side close first, then make sure that nothing is left."""
        if self._writer is not None:
            self._writer.join(limit_s)
        self._guard.end(socket.SHUT_WR)
        self._guard.drain(limit_s)
        self._guard.end()
        self._guard.close()

    def _write(self) -> None:
        if self._writer is None:
            self._writer = gevent.spawn(self._drain)

    def _drain(self) -> None:
        """The one writer, alive only while something waits."""
        try:
            while self._ws.connected and (self._probes or self._outbox):
                self._guard.send(self._waiting())
            if self._code is not None:
                self._ws.close(self._code)
        except (ConnectionClosed, OSError):
            # gone, or takes nothing: whoever reads from it has to hear of that too
            self._ws.connected = False
            self._guard.end()
        finally:
            self._writer = None

    def _waiting(self) -> bytes:
        """Everything that waits, as frames for one call of the system; probes come first."""
        outbox, probes = [*self._outbox.values()], self._probes
        self._outbox.clear()
        self._probes = []
        told = [frame_of(to_text(in_language(message, self.language))) for message in outbox]
        answers = [frame_of(to_text(answer(p, t1, self._clock(), self._epoch))) for p, t1 in probes]
        return b"".join([*answers, *told])


def frame_of(text: str) -> bytes:
    """One whole frame of text, unmasked, as a server sends it (RFC 6455, section 5.2).

    The library takes five times as long over it and sends each frame by itself; thousands a second are to go out.
    """
    data = text.encode()
    size = len(data)
    if size < 126:
        return b"\x81" + bytes([size]) + data
    if size < 65536:
        return b"\x81\x7e" + struct.pack("!H", size) + data
    return b"\x81\x7f" + struct.pack("!Q", size) + data
