"""A connection of WebDriver BiDi: commands and their answers over a WebSocket. Events are passed over.

The protocol: https://w3c.github.io/webdriver-bidi/
"""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import websocket

ANSWER_LIMIT_S = 60.0


class BidiError(Exception):
    """A command that the browser refused; `code` is the protocol's."""

    def __init__(self, code: str, message: str):
        super().__init__(f"{code}: {message}")
        self.code = code


class Connection:
    """One session of a browser at a WebSocket's address."""

    def __init__(self, address: str):
        self._socket = websocket.create_connection(address, timeout=ANSWER_LIMIT_S, suppress_origin=True)
        self._numbers = count(1)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer. Raises BidiError."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                if answer["type"] == "error":
                    raise BidiError(answer["error"], answer["message"])
                return answer["result"]

    def close(self) -> None:
        """End the connection."""
        self._socket.close()
