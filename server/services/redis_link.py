"""The connection to Redis or Valkey, from version 7 on: the one module that knows its client, which is an extra.

Everything of this service lies under PREFIX. One server, or one with replicas behind one address; a cluster that
spreads keys over servers is not for this, since a script here looks at more than one key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from server.config import SettingError

if TYPE_CHECKING:
    from redis import Redis

PREFIX = "still-here:"
ANSWER_S = 0.75
"""So long an answer may take. Redis answers within a millisecond; whoever waits for more holds people up."""
Found = TypeVar("Found")


class RedisAway(OSError):
    """Redis does not answer, or refuses what is asked."""


class RedisLink:
    """One Redis, by its address. Raises SettingError for an address that is none, or without the client's package."""

    def __init__(self, address: str):
        try:
            from redis import Redis
            from redis.backoff import NoBackoff
            from redis.exceptions import RedisError
            from redis.retry import Retry
        except ImportError:
            raise SettingError(
                'STILL_HERE_REDIS takes the package "redis". Install still-here[redis], or requirements-redis.txt.'
            ) from None
        self._errors = (RedisError, OSError)
        try:
            # a connection that has gone is opened once more; beyond that whoever asks decides
            self.client = Redis.from_url(
                address, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S, retry=Retry(NoBackoff(), 1),
                protocol=2,
            )  # fmt: skip
        except ValueError:
            raise SettingError(
                "STILL_HERE_REDIS takes an address such as redis://127.0.0.1:6379/0."
            ) from None

    def ask(self, question: Callable[[Redis], Found]) -> Found:
        """Ask something; raises RedisAway."""
        try:
            return question(self.client)
        except self._errors as error:
            raise RedisAway(type(error).__name__) from None

    def script(self, source: str) -> Callable[[Sequence[str], Sequence[Any]], Any]:
        """A script that Redis runs whole, with nobody in between, as a call with keys and values; raises RedisAway."""
        known = self.client.register_script(source)
        return lambda keys, values: self.ask(lambda _: known(list(keys), list(values)))

    def need(self) -> None:
        """Raise SettingError where Redis does not answer."""
        try:
            self.ask(lambda client: client.ping())
        except RedisAway:
            raise SettingError(
                "The Redis of STILL_HERE_REDIS does not answer. Start it or correct its address and password; "
                "without that setting rooms are kept in the data folder."
            ) from None
