"""Rate limits: token buckets per connection and per address, and the guessing of codes.

Time is passed in. Memory is bounded: a full bucket says nothing and is forgotten, and when the table of addresses
is full all newcomers share one bucket, rather than pushing out the record of those who are being limited.

Guessing has a cap over all addresses besides that per address, and the cap cannot lock an owner out:

- whoever holds a seat or a sign-in (the shell has checked the token) has a bucket of their own and meets neither
  the cap nor the address's bucket, so nobody behind the same address can use theirs up;
- an address at which a seat is held, such as the couple's own Wi-Fi, draws on a reserve of the cap that
  strangers' addresses cannot touch. So the second phone gets in beside the first, whatever the rest does;
- only strangers share the rest of the cap.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from server.rooms.core.protocol.errors import TooMany


@dataclass(frozen=True)
class Rate:
    """`burst` at once, then `per_s` a second."""

    burst: float
    per_s: float


SOCKET = Rate(burst=40, per_s=10)
"""One connection: a dozen probes at once, eight a second for a while, one a second after, and taps."""
ADDRESS = Rate(burst=800, per_s=200)
"""One address: a practice where two dozen phones behind it begin together is still served."""
OPENINGS = Rate(burst=10, per_s=10 / 600)
"""Rooms opened from one address."""
GUESSES = Rate(burst=5, per_s=5 / 60)
"""One address: never more than ten in any minute, since a full bucket and a minute's tokens are both five."""
GUESSES_OF_ALL = Rate(burst=150, per_s=150 / 60)
"""All strangers together. At 40 bits and a thousand open codes, that is one hit in about seven years."""
GUESSES_RESERVED = Rate(burst=150, per_s=150 / 60)
"""Addresses at which a seat is held, all together."""
MAX_ADDRESSES = 20_000
VOUCHED_S = 900.0


@dataclass
class Bucket:
    """Tokens that come back with time. A clock that goes backwards gives none and takes none."""

    rate: Rate
    tokens: float = field(init=False)
    at: float | None = None

    def __post_init__(self) -> None:
        self.tokens = self.rate.burst

    def fill(self, now: float) -> None:
        """Let the tokens come back that are due by `now`."""
        if self.at is not None:
            self.tokens = min(self.rate.burst, self.tokens + max(0.0, now - self.at) * self.rate.per_s)
        self.at = now if self.at is None else max(self.at, now)

    def wait_s(self, now: float, cost: float = 1.0) -> float:
        """Seconds until `cost` is there; 0 if it is."""
        self.fill(now)
        # a hair less than a whole token counts, since time is counted in binary fractions
        return 0.0 if self.tokens >= cost - 1e-9 else (cost - self.tokens) / self.rate.per_s

    def take(self, now: float, cost: float = 1.0) -> bool:
        """Take `cost` if it is there."""
        if self.wait_s(now, cost) > 0:
            return False
        self.tokens -= cost
        return True

    def give_back(self, cost: float = 1.0) -> None:
        """Undo a take."""
        self.tokens = min(self.rate.burst, self.tokens + cost)

    def is_idle(self, now: float) -> bool:
        """Full again, so that a new bucket would do as well."""
        self.fill(now)
        return self.tokens >= self.rate.burst - 1e-9


class Buckets:
    """One bucket a key, for at most `capacity` keys that are in use; newcomers beyond that share one."""

    def __init__(self, rate: Rate, capacity: int = MAX_ADDRESSES):
        self._rate = rate
        self._capacity = capacity
        self._buckets: dict[str, Bucket] = {}
        self._shared = Bucket(rate)
        self._swept_at = float("-inf")

    def of(self, key: str, now: float) -> Bucket:
        """The bucket of a key."""
        found = self._buckets.get(key)
        if found is not None:
            return found
        if len(self._buckets) >= self._capacity:
            self.sweep(now)
        if len(self._buckets) >= self._capacity:
            return self._shared
        return self._buckets.setdefault(key, Bucket(self._rate))

    def take(self, key: str, now: float, cost: float = 1.0) -> bool:
        """Take from the bucket of a key."""
        return self.of(key, now).take(now, cost)

    def sweep(self, now: float) -> None:
        """Forget those that are idle, at most once a second, so that a flood cannot make us do it for ever."""
        if now - self._swept_at < 1.0:
            return
        self._swept_at = now
        self._buckets = {key: b for key, b in self._buckets.items() if not b.is_idle(now)}

    def __len__(self) -> int:
        return len(self._buckets)


def network_of(address: str) -> str:
    """The network that counts as one address: an IPv4 address, or the /64 that an IPv6 client moves in at will."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


class Guesses:
    """Tries at codes and passcodes: ten a minute an address, and a cap over all that owners do not meet."""

    def __init__(
        self,
        each: Rate = GUESSES,
        strangers: Rate = GUESSES_OF_ALL,
        reserved: Rate = GUESSES_RESERVED,
        capacity: int = MAX_ADDRESSES,
    ):
        self._owners = Buckets(each, capacity)
        self._addresses = Buckets(each, capacity)
        self._strangers = Bucket(strangers)
        self._reserved = Bucket(reserved)
        self._capacity = capacity
        self._vouched: dict[str, float] = {}

    def vouch(self, address: str, now: float) -> None:
        """A seat is held at this address: said when one is taken by a code, and whenever a phone of a couple connects.

        Opening a room vouches for nobody, since anybody can do that.
        """
        network = network_of(address)
        if network not in self._vouched and len(self._vouched) >= self._capacity:
            self._vouched = {key: until for key, until in self._vouched.items() if until > now}
        if network in self._vouched or len(self._vouched) < self._capacity:
            self._vouched[network] = now + VOUCHED_S

    def check(self, address: str, now: float, owner: str | None = None, is_right: bool = False) -> None:
        """Allow one try or raise TooMany. `owner` is the digest of a token or sign-in that was checked.

        One that is right meets no cap but its own address's: whoever knows it is kept out by nobody's guesses.
        """
        own, *caps = self._buckets_of(address, now, owner)
        _take_all(now, own, *([] if is_right else caps))
        if is_right:
            own.give_back()

    def _buckets_of(self, address: str, now: float, owner: str | None) -> tuple[Bucket, ...]:
        if owner is not None:
            return (self._owners.of(owner, now),)
        network = network_of(address)
        known = self._vouched.get(network, float("-inf")) > now
        return self._addresses.of(network, now), self._reserved if known else self._strangers


def _take_all(now: float, *buckets: Bucket) -> None:
    """Take one from each bucket, or none from any; a try that is refused uses nothing up."""
    wait = max(bucket.wait_s(now) for bucket in buckets)
    if wait > 0:
        raise TooMany(wait)
    for bucket in buckets:
        bucket.take(now)
