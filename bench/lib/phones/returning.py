"""Many phones that come back by themselves, as pages do: `python -m bench.lib.phones.returning URL ROOMS`.

Every two phones open a room and play, as in crowd.py. From then on each room has a command every few seconds: one phone
pauses, or both say yes to going on. A phone whose socket ends tries again after a random time below 0.25 s, 0.5 s, 1 s
and then 2 s, as web/static/room/backoff.js does. *Away* is from the end of a socket until the next welcome. *Apart* are
the pauses of which the other phone heard nothing for some seconds, while neither of the two was away.

Reads lines, and answers each with a line of JSON:

    come SECONDS   within these seconds one phone of each room ends its socket and comes anew
    tell           what was seen since the last time: `away` (seconds each), `apart`, `unanswered`, `pauses`, `here`
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from typing import Any

from .crowd import Door, Phone, play

EVERY_S, LOOKS_AFTER_S = 5.0, 3.0
BASE_S, CAP_S = 0.25, 2.0


class Returning(Phone):
    """A phone whose page connects again whenever its socket ends."""

    other: Returning

    def __init__(self, host: str, room: str, cookie: str):
        super().__init__(host, room, cookie)
        self.is_in = False
        self.went_at: float | None = None
        self.ends = self.tries = 0
        self.away: list[float] = []

    def greet(self) -> None:
        """Say which plan it holds, so that it is not sent again."""
        self.say("hello", plan=self.plan)

    def connection_lost(self, error: Exception | None) -> None:
        """Come back in a moment."""
        if self.is_in:
            self.is_in, self.went_at = False, time.perf_counter()
            self.ends += 1
            self.tries = 0
        self.upgraded = False
        self._read.clear()
        self.waiting.clear()
        wait_s = random.random() * min(CAP_S, BASE_S * 2 ** min(self.tries, 30))
        self.tries += 1
        asyncio.get_running_loop().call_later(wait_s, lambda: asyncio.create_task(self._tries()))

    async def _tries(self) -> None:
        try:
            await self.connect()
        except OSError as error:
            self.connection_lost(error)

    def _take(self, payload: bytes) -> None:
        message = json.loads(payload) if payload[:1] == b"{" else {}
        if message.get("type") == "done" and message["op"] not in self.waiting:
            return  # it was said on a socket that has ended
        if message.get("type") == "welcome":
            self.is_in, self.op = True, message["op"]
            if self.went_at is not None:
                self.away.append(time.perf_counter() - self.went_at)
                self.went_at = None
        super()._take(payload)

    def comes_anew(self) -> None:
        """As a phone that got another network: the socket ends, and it comes again at once."""
        self.tries = -1
        self.transport.abort()


class Rooms:
    """All rooms, and what was seen of them."""

    def __init__(self, pairs: list[tuple[Returning, Returning]]):
        self.pairs = pairs
        self.apart = self.unanswered = self.pauses = 0

    async def live(self) -> None:
        """A command of each room every EVERY_S, each at its own moment."""
        while True:
            for number, (one, other) in enumerate(self.pairs):
                if number % 10 == 0:
                    await asyncio.sleep(EVERY_S * 10 / len(self.pairs))
                if one.is_in and other.is_in:
                    self._command(one, other)

    def _command(self, one: Returning, other: Returning) -> None:
        if one.phase == other.phase == "playing":
            self.pauses += 1
            before = (one.ends, other.ends, other.rev)
            one.operate("pause")
            asyncio.get_running_loop().call_later(LOOKS_AFTER_S, self._look, one, other, one.op, before)
        elif one.ask and one.ask == other.ask:
            for phone in (one, other):
                phone.operate("answer", ask=phone.ask, yes=True)

    def _look(self, one: Returning, other: Returning, op: int, before: tuple[int, int, int]) -> None:
        if (one.ends, other.ends) == before[:2] and one.is_in and other.is_in:
            self.unanswered += op in one.waiting
            self.apart += other.rev <= before[2]

    async def come_anew(self, seconds: float) -> None:
        """One phone of each room, spread over so many seconds."""
        for _, other in self.pairs:
            if other.is_in:
                other.comes_anew()
            await asyncio.sleep(seconds / len(self.pairs))

    def tell(self) -> dict[str, Any]:
        """Events seen since the last time."""
        phones = [phone for pair in self.pairs for phone in pair]
        told = {
            "away": [s for phone in phones for s in phone.away], "apart": self.apart, "pauses": self.pauses,
            "unanswered": self.unanswered, "here": sum(phone.is_in for phone in phones),
        }  # fmt: skip
        for phone in phones:
            phone.away.clear()
        self.apart = self.pauses = self.unanswered = 0
        return told


async def run(url: str, rooms: int) -> None:
    """Everything from the first room to the last line."""
    door = Door(url, Returning)
    pairs = [door.couple(number) for number in range(rooms)]
    await play([phone for pair in pairs for phone in pair])
    all_rooms, loop = Rooms(pairs), asyncio.get_running_loop()
    living = asyncio.create_task(all_rooms.live())
    print(json.dumps({"here": all_rooms.tell()["here"]}), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        match line.split():
            case ["come", seconds]:
                await all_rooms.come_anew(float(seconds))
                print("{}", flush=True)
            case ["tell"]:
                print(json.dumps(all_rooms.tell()), flush=True)
    living.cancel()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
    os._exit(0)  # thousands of sockets need no farewell each
