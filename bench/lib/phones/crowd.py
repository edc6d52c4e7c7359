"""Many phones in many rooms, in one process of their own.

    python -m bench.lib.phones.crowd URL[,URL…] ROOMS SECONDS PID[,PID…] [EVERY]

Every two phones open a room, become ready, say yes and play. Then each room has one command a second (or one in EVERY
seconds), spread evenly: one phone pauses, and one after the other says yes to going on. Rooms are spread over the
addresses. The phones of a room come from an address of their own in 127/8, for services and proxies that count
what comes from one; services that believe a proxy are told another one besides. A command's wait is from before it is
written until its answer is read; where the course changes by it, also until the other phone has read its new
course. What the client itself takes is in the waits.

Prints JSON: `waits` and `others` (seconds), `commands` that were sent, `unanswered`, `lost` sockets, `late` (how far
behind its plan the client came, in seconds), and of each process PID `cpu_s` that it used under the load and
`memory_kb` before the first socket and with all.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import struct
import sys
import time
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

EXERCISE, LENGTH = "the-long-way-out", 600
WARM_S, DRAIN_S, READY_S = 4.0, 3.0, 180.0
BATCH = 50
"""Phones that are let in at a time, so that the opening is no test of its own."""
QUIET_S = 20.0
"""A phone that plays says something so often, since a silent one counts as gone."""
TURNS, WARM_ROOMS = 3, 4
MOST_WAYS = 4
"""A request that is led elsewhere, or told to come back, is made so many times."""


class Phone(asyncio.Protocol):
    """One phone: it says what it is told to say, and notes when it was answered."""

    def __init__(self, host: str, room: str, cookie: str):
        self.host, self.room, self.cookie = host, room, cookie
        self.other: Phone
        self.op = self.plan = self.rev = self.ask = 0
        self.phase, self.upgraded, self.lost = "", False, False
        self.waiting: dict[int, float] = {}
        self.waits: list[float] = []
        self.asked_at: float | None = None
        self.others: list[float] = []
        self.said_at = 0.0
        self._read = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        lines = [
            f"GET /rooms/{self.room}/socket HTTP/1.1", f"Host: {self.host}", f"Origin: http://{self.host}",
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", f"Cookie: {self.cookie}",
            f"X-Forwarded-For: {address_of(self.room)}",
        ]  # fmt: skip
        transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def connection_lost(self, error: Exception | None) -> None:
        """Never expected here."""
        self.lost = True

    def say(self, kind: str, **fields: Any) -> None:
        """One message, in a frame with a mask of zeros."""
        self.said_at = time.perf_counter()
        data = json.dumps({"v": 1, "type": kind, **fields}).encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data))
        self.transport.write(b"\x81" + size + b"\0\0\0\0" + data)

    def operate(self, kind: str, **fields: Any) -> None:
        """One operation, and a note of when it was said."""
        self.op += 1
        self.waiting[self.op] = time.perf_counter()
        self.say(kind, op=self.op, **fields)

    def data_received(self, data: bytes) -> None:
        """Take apart what came."""
        self._read += data
        if not self.upgraded:
            end = self._read.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._read.startswith(b"HTTP/1.1 101"):
                self.transport.close()
                return
            del self._read[: end + 4]
            self.upgraded = True
            self.greet()
        while (frame := self._frame()) is not None:
            self._take(frame)

    def greet(self) -> None:
        """The first message of a connection."""
        self.say("hello")

    async def connect(self) -> None:
        """Open the socket."""
        name, _, port = self.host.partition(":")
        loop, own = asyncio.get_running_loop(), (f"127.{address_of(self.room)[3:]}", 0)
        await loop.create_connection(lambda: self, name, int(port), local_addr=own)

    def _frame(self) -> bytes | None:
        """The next whole frame's payload; the service masks nothing and sends no frame in pieces."""
        read = self._read
        if len(read) < 2:
            return None
        size, start = read[1], 2
        if size == 126:
            if len(read) < 4:
                return None
            size, start = int.from_bytes(read[2:4], "big"), 4
        elif size == 127:
            if len(read) < 10:
                return None
            size, start = int.from_bytes(read[2:10], "big"), 10
        if len(read) < start + size:
            return None
        payload = bytes(read[start : start + size])
        del read[: start + size]
        return payload

    def _take(self, payload: bytes) -> None:
        now = time.perf_counter()
        if payload[:1] != b"{":
            return
        message = json.loads(payload)
        match message["type"]:
            case "done":
                self.waits.append(now - self.waiting.pop(message["op"]))
            case "course":
                if self.asked_at is not None and message["rev"] > self.rev:
                    self.others.append(now - self.asked_at)
                    self.asked_at = None
                self.rev = message["rev"]
            case "room":
                self.phase = message["phase"]
                self.ask = (message["ask"] or {}).get("id", 0)
            case "plan":
                self.plan = message["plan"]
                self.say("facts", plan=self.plan, sound=True, clips=True, clock=True, clock_ms=0.5)


def address_of(room: str) -> str:
    """The address that the phones of a room seem to come from."""
    return "10." + ".".join(str(byte) for byte in bytes.fromhex(room[:6]))


class Door:
    """Rooms are opened and joined over a connection for each; `kind` is what phones there are."""

    def __init__(self, url: str, kind: type[Phone] = Phone):
        self.host, self._kind = urllib.parse.urlsplit(url).netloc, kind
        self._connection: http.client.HTTPConnection

    def _ask(self, path: str, body: Any, origin: str, cookie: str = "") -> tuple[Any, str]:
        headers = {"Origin": f"http://{self.host}", "Accept": "application/json"}
        headers |= {"Content-Type": "application/json", "X-Forwarded-For": origin, "Cookie": cookie}
        for _ in range(MOST_WAYS):
            self._connection.request("POST", path, json.dumps(body), headers)
            answer = self._connection.getresponse()
            read = answer.read()
            if answer.status == 307:
                path = urllib.parse.urlsplit(answer.headers["Location"]).path
            elif answer.status != 503:
                break
        told = json.loads(read)
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}: {told}")
        return told, (answer.headers.get("Set-Cookie") or "").split(";")[0]

    def couple(self, number: int) -> tuple[Any, Any]:
        """Two phones with a seat each in a room of their own."""
        places = f"{number % 250 + 1}.{number // 250 % 250}.{number // 62_500 + 2}"
        origin = f"11.{places}"
        self._connection = http.client.HTTPConnection(
            self.host, timeout=60, source_address=(f"127.{places}", 0)
        )
        opened, first = self._ask("/rooms", {"exercise": EXERCISE, "length": LENGTH}, origin)
        room = opened["address"].split("/")[2]
        code = self._ask(f"/rooms/{room}/invite", {"seat": ""}, origin, first)[0]["code"]
        second = self._ask("/join", {"code": code}, origin)[1]
        self._connection.close()
        pair = self._kind(self.host, room, first), self._kind(self.host, room, second)
        pair[0].other, pair[1].other = pair[1], pair[0]
        return pair


def memory_kb(pid: int) -> int:
    """Memory that a process holds now (VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


def cpu_s(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _until_all(phones: Sequence[Phone], phase: str) -> None:
    until = time.monotonic() + READY_S
    while not all(phone.phase == phase for phone in phones):
        if time.monotonic() > until or any(phone.lost for phone in phones):
            there = sum(phone.phase == phase for phone in phones)
            lost = sum(phone.lost for phone in phones)
            raise SystemExit(f"{there} of {len(phones)} phones came to {phase}; {lost} were lost")
        await asyncio.sleep(0.05)


async def play(phones: Sequence[Phone]) -> None:
    """Let everybody in, then have every couple say yes."""
    for start in range(0, len(phones), BATCH):
        batch = phones[start : start + BATCH]
        for phone in batch:
            await phone.connect()
        await _until_all(batch, "ready")
        for phone in batch:
            while not phone.ask:
                await asyncio.sleep(0.01)
            phone.operate("answer", ask=phone.ask, yes=True)
        for phone in phones[:start]:
            if time.perf_counter() - phone.said_at > QUIET_S:
                phone.say("probe", id=0, t0=0.0)
        await _until_all(batch, "playing")


def _command(pair: tuple[Phone, Phone], turn: int) -> None:
    circle, square = pair if turn // TURNS % 2 == 0 else pair[::-1]
    match turn % TURNS:
        case 0:
            square.asked_at = time.perf_counter()
            circle.operate("pause")
        case 1:
            circle.operate("answer", ask=circle.ask, yes=True)
        case _:
            circle.asked_at = time.perf_counter()
            square.operate("answer", ask=square.ask, yes=True)


async def _load(pairs: list[tuple[Phone, Phone]], seconds: int, every_s: float) -> tuple[int, float]:
    """One command in so many seconds of each room, each at its own moment; commands sent, and the latest."""
    began, sent, latest = time.perf_counter() + 0.1, 0, 0.0
    for turn in range(round(seconds / every_s)):
        for number, pair in enumerate(pairs):
            due = began + (turn + number / len(pairs)) * every_s
            ahead = due - time.perf_counter()
            if ahead > 0.001:
                await asyncio.sleep(ahead)
            elif number % 20 == 0:
                await asyncio.sleep(0)
            latest = max(latest, time.perf_counter() - due)
            _command(pair, turn)
            sent += 1
    await asyncio.sleep(DRAIN_S)
    return sent, latest


async def crowd(
    urls: Sequence[str], rooms: int, seconds: int, pids: Sequence[int], every_s: float = 1.0
) -> dict[str, Any]:
    """Everything from the first room to the report."""
    doors = [Door(url) for url in urls]
    # until every service has prepared the exercise, whichever it is that a proxy leads a room to
    warm = WARM_ROOMS * len(pids)
    for number in range(warm):
        await play(doors[number % len(doors)].couple(number))
    pairs = [doors[number % len(doors)].couple(number + warm) for number in range(rooms)]
    phones = [phone for pair in pairs for phone in pair]
    before = [memory_kb(pid) for pid in pids]
    await play(phones)
    await asyncio.sleep(WARM_S)
    for phone in phones:
        phone.waits.clear()
        phone.others.clear()
    used = [cpu_s(pid) for pid in pids]
    sent, latest = await _load(pairs, seconds, every_s)
    return {
        "sent": sent, "late": latest, "cpu_s": [cpu_s(pid) - one for pid, one in zip(pids, used, strict=True)],
        "waits": [w for phone in phones for w in phone.waits],
        "others": [w for phone in phones for w in phone.others],
        "unanswered": sum(len(phone.waiting) for phone in phones),
        "unmoved": sum(phone.asked_at is not None for phone in phones),
        "lost": sum(phone.lost for phone in phones),
        "memory_kb": [(one, memory_kb(pid)) for pid, one in zip(pids, before, strict=True)],
    }  # fmt: skip


def main() -> None:
    """As the command line says."""
    urls, rooms, seconds = sys.argv[1].split(","), int(sys.argv[2]), int(sys.argv[3])
    pids, every_s = [int(pid) for pid in sys.argv[4].split(",")], float((*sys.argv, "1")[5])
    print(json.dumps(asyncio.run(crowd(urls, rooms, seconds, pids, every_s))))
    sys.stdout.flush()
    os._exit(0)  # thousands of sockets need no farewell each


if __name__ == "__main__":
    main()
