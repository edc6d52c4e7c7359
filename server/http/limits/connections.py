"""The connection that a request came on: whether somebody is still at its other end."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

KEY = "still_here.connection"
"""The key of the socket in a request's environment."""
BECOMES_ROOMS = f"{KEY}.becomes_rooms"
"""The key of the call that gives a connection to a room from now on."""


def hung_up(environ: dict[str, Any]) -> Callable[[], bool]:
    """A test whether whoever asked has gone. Where the server shows no socket nobody ever has."""
    found = environ.get(KEY) or environ.get("gunicorn.socket")
    raw: Any = getattr(found, "_sock", found)

    def is_gone() -> bool:
        if raw is None:
            return False
        with contextlib.suppress(BlockingIOError, InterruptedError):
            try:
                return raw.recv(1, socket.MSG_PEEK | getattr(socket, "MSG_DONTWAIT", 0)) == b""
            except OSError as error:
                if isinstance(error, BlockingIOError | InterruptedError):
                    raise
                return True
        return False

    return is_gone
