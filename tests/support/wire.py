"""A WebSocket client in one thread, so that a test can also send what no browser would."""

from __future__ import annotations

import contextlib
import socket
import time
from collections import deque

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError


class Refused(Exception):
    """The service did not upgrade; `status` is what it answered."""

    def __init__(self, status: int):
        super().__init__(str(status))
        self.status = status


class Closed(Exception):
    """The socket is closed; `code` is None where the service said nothing."""

    def __init__(self, code: int | None):
        super().__init__(str(code))
        self.code = code


class Wire:
    """One socket. `receive` gives None where nothing came in time, and raises Closed at the end."""

    def __init__(self, host: str, path: str, headers: dict[str, str]):
        name, _, port = host.rpartition(":")
        self.raw = socket.create_connection((name, int(port)), timeout=20)
        self._ws = WSConnection(ConnectionType.CLIENT)
        self._texts: deque[str] = deque()
        self._part = ""
        self.closed = False
        self.code: int | None = None
        self.extensions: list[object] = []
        plain = [(k.encode(), v.encode()) for k, v in headers.items()]
        self.raw.sendall(self._ws.send(Request(host=host, target=path, extra_headers=plain)))
        self._accepted = False
        until = time.monotonic() + 20
        while not self._accepted and not self.closed and time.monotonic() < until:
            self._read(20)
        if not self._accepted:
            raise Refused(0)

    def send(self, text: str) -> None:
        """One text frame."""
        self.raw.sendall(self._ws.send(TextMessage(data=text)))

    def send_bytes(self, data: bytes) -> None:
        """Bytes as they are, around the protocol."""
        self.raw.sendall(data)

    def receive(self, timeout: float = 20.0) -> str | None:
        """The next text."""
        until = time.monotonic() + timeout
        while not self._texts:
            left = until - time.monotonic()
            if self.closed:
                raise Closed(self.code)
            if left <= 0:
                return None
            self._read(left)
        return self._texts.popleft()

    def close(self) -> None:
        """Close in order."""
        with contextlib.suppress(OSError, LocalProtocolError):
            self.raw.sendall(self._ws.send(CloseConnection(1000)))
        self.raw.close()
        self.closed = True

    def vanish(self) -> None:
        """Be gone without a word, as a phone that lost its network."""
        self.raw.close()
        self.closed = True

    def _read(self, timeout: float) -> None:
        self.raw.settimeout(max(0.001, timeout))
        try:
            data = self.raw.recv(65536)
        except TimeoutError:
            return
        except OSError:
            data = b""
        if not data:
            self.closed = True
            return
        self._ws.receive_data(data)
        for event in self._ws.events():
            match event:
                case AcceptConnection():
                    self._accepted, self.extensions = True, list(event.extensions)
                case RejectConnection():
                    raise Refused(event.status_code)
                case TextMessage():
                    self._part += event.data
                    if event.message_finished:
                        self._texts.append(self._part)
                        self._part = ""
                case BytesMessage():
                    pass
                case Ping():
                    self.raw.sendall(self._ws.send(event.response()))
                case CloseConnection():
                    self.closed, self.code = True, event.code
                    with contextlib.suppress(OSError, LocalProtocolError):
                        self.raw.sendall(self._ws.send(event.response()))
