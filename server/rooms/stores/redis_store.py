"""Rooms in Redis, so that another machine than the one they were on can bring them back, and each has one owner.

Nothing that happens in a room waits here: what is to be kept is noted, and written within milliseconds by one greenlet,
the newest of each room alone. While Redis is away rooms go on, and what they became is written as soon as it is back;
what a Redis has lost it gets from the memory of the service, a room that was let go included until another has it. A
service that is killed can have told its phones what was written by a few milliseconds too late, and then a room comes
back as it was before that.

Who owns what is in `redis_scripts`, what a service may believe of it in `lease`.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import gevent
from gevent.event import Event
from pydantic_core import to_json

from audio.files import write_whole
from server.services.redis_link import RedisAway, RedisLink
from server.services.tokens import RandomBytes

from .lease import LEASE_S, RENEW_S, Lease, may_pass_on
from .redis_scripts import CONDUCTED, NODE, PUT, RENEW, ROOM, TAKE, WANTED
from .store import ROOM_ID, Elsewhere, Listed

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

ROOM_KEPT_S, OVER_S = 3 * 3600, 600
"""A room is over two hours after its last word; what is here longer belonged to a service that is gone."""
LET_GO_S = 2 * 3600
"""A room that nobody came back to for so long is over."""
TRY_AGAIN_S = 0.5
SURE_WITHIN_S = 1.5
KEPT_WITHIN_S = 0.3
CLOSING_S = 1.0
AT_ONCE = 200


def node_name(folder: Path, random: RandomBytes) -> str:
    """The id of the service of a data folder, the same after each restart; another where it cannot be kept."""
    path = folder / "node"
    try:
        known = path.read_text("ascii").strip()
    except (OSError, ValueError):
        known = ""
    if not ROOM_ID.fullmatch(known):
        known = random(8).hex()
        try:
            write_whole(path, known.encode())
        except OSError as error:
            log.warning("the id of this service cannot be kept: %s", error.strerror)
    return known


class _Owned(NamedTuple):
    """A room of this service: which owner it is, since when, and what was kept last."""

    generation: int
    since: float
    line: bytes = b""
    listed: bytes = b""


class _Write(NamedTuple):
    generation: int
    how: str
    line: bytes = b""
    listed: bytes = b""


class _LetGo(NamedTuple):
    """A room that was let go, and since when."""

    write: _Write
    since: float


class RedisRoomStore:
    """The rooms of one service in Redis."""

    advice = (
        "Redis does not answer, so a restart would lose rooms. Start it again; exercises go on meanwhile."
    )

    def __init__(self, link: RedisLink, node: str, clock: Callable[[], float], random: RandomBytes):
        self._link, self._node, self._clock, self._process = link, node, clock, random(8).hex()
        self._renewal, self._take, self._put = link.script(RENEW), link.script(TAKE), link.script(PUT)
        self._leaves: Callable[[str, bool], None] = lambda room, is_wanted: None
        self._lease = Lease()
        self._owned: dict[str, _Owned] = {}
        self._free: dict[str, _LetGo] = {}
        """Rooms that were let go here and, as far as is known, not taken by anybody."""
        self._due: dict[str, _Write] = {}
        """Writes that Redis has not taken yet, by room."""
        self._under_way: frozenset[str] = frozenset()
        """Rooms that are being written just now."""
        self._rung, self._asked, self._wrote = Event(), Event(), Event()
        self._writing: Any = None
        self._told = self._has_lapsed = False
        self.failures = 0

    # ── what rooms ask for

    def start(self, leaves: Callable[[str, bool], None]) -> None:
        """Begin to write, and to renew the lease."""
        self._leaves = leaves
        self._writing = gevent.spawn(self._run)

    def keep(self, room: str, plain: dict[str, Any]) -> None:
        """Keep a room; what was kept of it before counts no more."""
        owned = self._owned.get(room) or _Owned(1, self._clock())
        self._owned[room] = owned = owned._replace(line=to_json(plain), listed=_listing(plain))
        self._note(room, _Write(owned.generation, "keep", owned.line, owned.listed))

    def let_go(self, room: str, plain: dict[str, Any]) -> None:
        """Keep a room for whoever is asked for it next."""
        if owned := self._owned.pop(room, None):
            write = _Write(owned.generation, "free", to_json(plain), _listing(plain))
            self._free[room] = _LetGo(write, self._clock())
            self._note(room, write)

    def forget(self, room: str) -> None:
        """A room is over."""
        if owned := self._owned.pop(room, None):
            self._note(room, _Write(owned.generation, "over"))

    def tidy(self) -> None:
        """Nothing: what is over goes at once."""

    def kept(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every room that this service had before it was started; what cannot be read is left out."""
        found: dict[str, dict[str, Any]] = {}
        try:
            self.renew()
            for key in self._link.ask(lambda client: list(client.scan_iter(f"{ROOM}*", AT_ONCE))):
                room = key.decode("utf-8", "replace").removeprefix(ROOM)
                owner = self._link.ask(lambda client, key=key: client.hget(key, "owner"))  # type: ignore[misc]
                if owner == self._node.encode() and (plain := self._taken(room)):
                    found[room] = plain
        except RedisAway as error:
            self._tell(error)
        yield from found.items()

    def take(self, room: str) -> dict[str, Any] | None:
        """A room that another service had, from now on this one's; None where there is none. Raises Elsewhere."""
        try:
            return self._taken(room)
        except RedisAway as error:
            self._tell(error)
            raise Elsewhere from None

    def others(self) -> list[Listed]:
        """The rooms that therapists opened and that other services may have."""
        try:
            return self._link.ask(self._listed)
        except RedisAway as error:
            self._tell(error)
            return []

    def be_sure(self) -> None:
        """Wait until it is known that the rooms here are still this service's: after it stood still it may not be."""
        if self._lease.standing(self._clock()) == "doubtful" and self._writing is not None:
            self._asked.clear()
            self._rung.set()
            self._asked.wait(SURE_WITHIN_S)

    def be_kept(self, room: str) -> None:
        """Wait until a room is written, while Redis answers, since the proxy may ask another service for it next."""
        until = self._clock() + KEPT_WITHIN_S
        while (room in self._due or room in self._under_way) and self._writing is not None:
            left = until - self._clock()
            if left <= 0 or self._lease.standing(self._clock()) != "held":
                return
            self._wrote.wait(left)

    def check(self) -> None:
        """Raise OSError where Redis does not answer."""
        self._link.ask(lambda client: client.ping())

    def close(self) -> None:
        """Write what is due, if Redis takes it soon, and let everything go."""
        if self._writing is not None:
            self._writing.kill()
        with gevent.Timeout(CLOSING_S, False), contextlib.suppress(RedisAway):
            self.write()
            self._link.ask(lambda client: client.delete(NODE + self._node))

    # ── what is said to Redis

    def _run(self) -> None:
        while True:
            try:
                self.renew()
            except RedisAway as error:
                self._lease = self._lease.failed(self._clock())
                self._tell(error)
            # whatever is refused goes before anybody who waits to be sure acts on it
            is_well = self.write() and self._lease.standing(self._clock()) == "held"
            self._asked.set()
            until = self._clock() + (RENEW_S if is_well else TRY_AGAIN_S)
            while (left := until - self._clock()) > 0:
                self._rung.wait(left)
                self._rung.clear()
                if self._lease.standing(self._clock()) == "doubtful" or (is_well and not self.write()):
                    break

    def renew(self) -> None:
        """Renew the lease, and hear which rooms are wanted elsewhere. Raises RedisAway."""
        asked_at = self._clock()
        held, wanted = self._renewal(
            [NODE + self._node, WANTED + self._node], [self._process, int(LEASE_S * 1000)]
        )
        if not held or self._has_lapsed:
            # others may have taken rooms, or Redis has lost all: it is told everything, and refuses what is not ours;
            # once more a little later, since it may have heard all of an old owner before the new one
            self._has_lapsed = not held
            everything = {
                r: _Write(o.generation, "keep", o.line, o.listed) for r, o in self._owned.items() if o.line
            }
            self._due = {**everything, **self._due}
        self._free = {r: one for r, one in self._free.items() if asked_at - one.since < LET_GO_S}
        # said again and again, so that it is known when somebody has it
        self._due = {**{r: one.write for r, one in self._free.items()}, **self._due}
        self._lease = self._lease.renewed(asked_at)
        for name in wanted:
            owned = self._owned.get(name.decode("utf-8", "replace"))
            if owned and may_pass_on(owned.since, self._clock()):
                self._leaves(name.decode(), True)

    @staticmethod
    def _listed(client: Redis) -> list[Listed]:
        found: list[Listed] = []
        for name, line in cast(dict[bytes, bytes], client.hgetall(CONDUCTED)).items():
            room = name.decode("utf-8", "replace")
            if not client.hexists(ROOM + room, "kept"):
                client.hdel(CONDUCTED, room)
            elif plain := _plain(line):
                found.append(Listed(room, str(plain.get("label", "")), str(plain.get("exercise", ""))))
        return found

    def _taken(self, room: str) -> dict[str, Any] | None:
        answer = self._take([ROOM + room], [self._node, NODE, WANTED, room])
        if answer[0] == b"elsewhere":
            raise Elsewhere(_plain(answer[2]))
        plain = _plain(answer[2]) if answer[0] == b"taken" and ROOM_ID.fullmatch(room) else None
        if plain is not None:
            self._owned[room] = _Owned(int(answer[1]), self._clock(), answer[2], _listing(plain))
            self._free.pop(room, None)
        return plain

    def _note(self, room: str, write: _Write) -> None:
        self._due[room] = write
        self._rung.set()

    def write(self) -> bool:
        """Write all that is due; False where Redis did not take it."""
        due, self._due = self._due, {}
        self._under_way = frozenset(due)
        left = list(due.items())
        try:
            while left:
                some = left[:AT_ONCE]
                values = [value for _, write in some for value in write]
                refused = self._put(
                    [ROOM + room for room, _ in some],
                    [self._node, ROOM_KEPT_S, OVER_S, CONDUCTED, ROOM, *values],
                )
                left = left[AT_ONCE:]
                for key in refused:
                    room = key.decode().removeprefix(ROOM)
                    self._refused(room, due[room].generation)
            self._told = False
        except RedisAway as error:
            self._tell(error)
        finally:
            self._due = {**dict(left), **self._due}
            self._under_way = frozenset()
            wrote, self._wrote = self._wrote, Event()
            wrote.set()
        return not left

    def _refused(self, room: str, generation: int) -> None:
        self._free.pop(room, None)
        owned = self._owned.get(room)
        if owned and owned.generation <= generation:  # else it was taken once more meanwhile
            del self._owned[room]
            self._due.pop(room, None)
            self._leaves(room, False)

    def _tell(self, error: RedisAway) -> None:
        self.failures += 1
        if not self._told:
            log.warning("rooms cannot be kept in Redis just now (%s); exercises go on", error)
            self._told = True


def _listing(plain: dict[str, Any]) -> bytes:
    """Entry of a room in the list of those that therapists opened; empty for a couple's own."""
    if not plain.get("owner"):
        return b""
    choice = plain["room"].get("choice") or {}
    return to_json({"label": plain.get("label", ""), "exercise": choice.get("exercise_id", "")})


def _plain(line: bytes) -> dict[str, Any] | None:
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        log.warning("what Redis has of a room could not be read and is left out")
        return None
    return plain
