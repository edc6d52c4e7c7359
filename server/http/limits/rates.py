"""Request rates of a network, held before anything is worked out.

Whoever holds a seat of an open room has a share of their own, so a phone always gets in, whatever its neighbours do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any

import gevent

from server.rooms.admission.rate_limits import Buckets, Rate

from ...rooms.admission.networks import network_of

REQUESTS = Rate(burst=900, per_s=90)
"""One network: a practice where two dozen phones load a page at once, and two pages a second after."""
SEAT_REQUESTS = Rate(burst=240, per_s=10)
"""One seat: its page, every clip of a plan twice over, and whatever it asks for in a room."""
WAITS_S = 1.0
"""Whoever asks too much waits so long at most; beyond that it is refused."""
REFUSED = (
    b'{"error": {"code": "too_many", "message": "That was too much at once. Wait a moment, then try again."}}'
)
_ROOM = re.compile(r"/rooms/([0-9a-f]{16})/")

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Turnstile:
    """Around the application: counts requests, lets who asks much wait, and refuses what is far too much.

    is_seated  whether a room has a seat with this token
    """

    def __init__(self, app: App, clock: Callable[[], float], is_seated: Callable[[str, str], bool]):
        self._app, self._clock, self._is_seated = app, clock, is_seated
        self._networks, self._seats = Buckets(REQUESTS), Buckets(SEAT_REQUESTS)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        now = self._clock()
        seat = self._seat(environ)
        bucket = self._seats.of(seat, now) if seat else None
        if bucket is None or bucket.wait_s(now) > WAITS_S:
            bucket = self._networks.of(network_of(environ.get("REMOTE_ADDR", "")), now)
        wait_s = bucket.wait_s(now)
        if wait_s > WAITS_S:
            head = [("Content-Type", "application/json"), ("Retry-After", "5"), ("Cache-Control", "no-store")]
            start_response("429 Too Many Requests", [*head, ("Content-Length", str(len(REFUSED)))])
            return [REFUSED]
        if wait_s:
            gevent.sleep(wait_s)
        bucket.take(self._clock())
        return self._app(environ, start_response)

    def _seat(self, environ: dict[str, Any]) -> str:
        """The room and the token of a request that holds a seat; empty for all others."""
        found = _ROOM.search(environ.get("PATH_INFO", ""))
        if not found or "seat=" not in environ.get("HTTP_COOKIE", ""):
            return ""
        try:
            cookie = SimpleCookie(environ["HTTP_COOKIE"]).get("seat")
        except CookieError:
            return ""
        return f"{found[1]} {cookie.value}" if cookie and self._is_seated(found[1], cookie.value) else ""
