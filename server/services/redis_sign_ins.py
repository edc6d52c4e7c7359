"""Sign-ins that every service of several knows, and the word that one has ended.

    still-here:sign-in:<digest>   exists as long as a sign-in lasts
    still-here:ended              a stream of what ended: the digest of a sign-in, or of the only one that did not

Consoles hang on a sign-in and live on whichever service has their room, so each service reads the stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from .redis_link import PREFIX, RedisAway, RedisLink

SIGN_IN, ENDED = f"{PREFIX}sign-in:", f"{PREFIX}ended"
MOST_ENDINGS = 1000
Which = Literal["of", "but"]


class RedisSignIns:
    """The sign-ins of all services. What Redis cannot be asked about, each service knows of its own."""

    def __init__(self, link: RedisLink):
        self._link = link
        self._read_until = "0"
        self._skip_past()

    def add(self, digest: str, life_s: float) -> None:
        """Make a sign-in known. Raises RedisAway."""
        self._link.ask(lambda client: client.set(SIGN_IN + digest, 1, ex=int(life_s)))

    def knows(self, digest: str) -> bool:
        """Tell whether a sign-in lasts. Raises RedisAway."""
        return bool(self._link.ask(lambda client: client.exists(SIGN_IN + digest)))

    def end(self, which: Which, digest: str) -> None:
        """End a sign-in, or every one but this, on all services. Raises RedisAway."""

        def ended(client: Any) -> None:
            keys = [SIGN_IN + digest]
            if which == "but":
                keys = [key for key in client.scan_iter(f"{SIGN_IN}*") if key.decode() != SIGN_IN + digest]
            if keys:
                client.delete(*keys)
            client.xadd(ENDED, {which: digest}, maxlen=MOST_ENDINGS)

        self._link.ask(ended)

    def endings(self) -> Iterator[tuple[Which, str]]:
        """What has ended since this was asked last, on any service. Raises RedisAway."""
        found: Any = self._link.ask(lambda client: client.xrange(ENDED, f"({self._read_until}"))
        for name, fields in found:
            self._read_until = name.decode()
            for which, digest in fields.items():
                yield which.decode(), digest.decode()

    def _skip_past(self) -> None:
        """Leave out what ended before this service was there."""
        try:
            last: Any = self._link.ask(lambda client: client.xrevrange(ENDED, count=1))
        except RedisAway:
            return
        self._read_until = last[0][0].decode() if last else "0"
