"""Frames that no page of ours would send, by the thousand: one attacker, who has seats of their own to abuse.

python -m tests.support.hostile.attack URL COUNT SEED      prints what it sent, as JSON
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import struct
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.phone import Phone
from tests.support.wire import Refused, Wire

ROOMS = 6
OPERATIONS = (
    "pause", "skip", "undo", "close", "again", "too_much", "start", "resume", "release", "repeat", "rung_down",
    "stop", "leave", "hold", "say", "ground", "free", "voice", "footing", "answer", "choose", "setting", "nearest",
)  # fmt: skip


@dataclass
class Target:
    """The part of a service that an attacker needs; stands in for a Service."""

    url: str
    data: Path = Path()


@dataclass
class Attacker:
    """Sends `count` frames in all. Everything is drawn from `seed`."""

    target: Target
    count: int
    seed: int
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.phones: list[Phone] = []

    def run(self) -> None:
        """Attack until the count is reached."""
        kinds: list[Callable[[Wire], None]] = [
            self.malformed, self.almost_right, self.oversize, self.flood, self.wrong_seat, self.replay,
            self.binary, self.broken_frames, self.pieces, self.pings, self.never_reads,
        ]  # fmt: skip
        while sum(self.sent.values()) < self.count:
            kind = self.random.choice([*kinds, None, None])
            if kind is None:
                self.before_the_door()
                continue
            wire = self._open()
            if wire is None:
                continue
            with contextlib.suppress(OSError):
                kind(wire)
            self._leave(wire)

    def _address(self) -> str:
        return (
            f"100.{self.random.randrange(64, 128)}.{self.random.randrange(256)}.{self.random.randrange(256)}"
        )

    def _open(self) -> Wire | None:
        if len(self.phones) < ROOMS:
            circle, square = Phone(self.target, self._address()), Phone(self.target, self._address())  # type: ignore[arg-type]
            if circle.opens().status == 200 and square.joins(circle.invites()).status == 200:
                self.phones += [circle, square]
        if not self.phones:
            return None
        phone = self.random.choice(self.phones)
        phone.forwarded = {"X-Forwarded-For": self._address()}
        try:
            return phone.open_socket()
        except (Refused, OSError):
            self.phones.remove(phone)  # its room is gone, or its seat was given up
            return None

    def _send(self, wire: Wire, kind: str, text: str) -> None:
        wire.send(text)
        self.sent[kind] += 1

    def _raw(self, wire: Wire, kind: str, data: bytes) -> None:
        wire.send_bytes(data)
        self.sent[kind] += 1

    def _leave(self, wire: Wire) -> None:
        """Look at what came back, or be gone without looking."""
        with contextlib.suppress(Exception):
            while self.random.random() < 0.8 and (text := wire.receive(0.01)) is not None:
                self.answered[json.loads(text)["type"]] += 1
        if self.random.random() < 0.5:
            wire.close()
        else:
            wire.vanish()

    # ── what is sent

    def malformed(self, wire: Wire) -> None:
        """No JSON, or JSON that is no message."""
        for _ in range(self.random.randrange(5, 30)):
            text = self.random.choice(
                ["", "{", "null", "[[[[", '"x"', '{"v":1}', "\x00", "{}" * 50, '{"v":1,"type":[]}', "[" * 3000,
                 '{"v":1,"type":"hello","plan":1e999}', '{"v":1,"type":"probe","id":1,"t0":NaN}']
            )  # fmt: skip
            self._send(wire, "malformed", text)

    def almost_right(self, wire: Wire) -> None:
        """Messages with one field wrong, too many or of an absurd size."""
        for n in range(self.random.randrange(5, 30)):
            message: dict[str, object] = {"v": 1, "type": self.random.choice(OPERATIONS), "op": n + 1}
            message[self.random.choice(["op", "v", "text", "seat", "extra", "__class__", "yes", "ask"])] = (
                self.random.choice(
                    [-1, 2**63, 1e308, None, True, "x" * 500, [], {}, "\u202e\ud83d", "../../"]
                )
            )
            self._send(wire, "almost right", json.dumps(message))

    def oversize(self, wire: Wire) -> None:
        """Messages beyond the limit, up to a megabyte."""
        self._send(wire, "oversize", "x" * self.random.choice([4097, 5000, 65_536, 1_000_000]))

    def flood(self, wire: Wire) -> None:
        """Far more than anybody may say."""
        message = json.dumps({"v": 1, "type": "probe", "id": 1, "t0": 0.0})
        for _ in range(self.random.randrange(100, 600)):
            self._send(wire, "flood", message)

    def wrong_seat(self, wire: Wire) -> None:
        """Commands that only the console has."""
        self._hello(wire)
        for n in range(20):
            kind = self.random.choice(["stop", "start", "say", "ground", "free", "rung_down"])
            self._send(wire, "wrong seat", json.dumps({"v": 1, "type": kind, "op": n + 1}))

    def replay(self, wire: Wire) -> None:
        """The same operation again and again, and numbers out of order."""
        self._hello(wire)
        for _ in range(30):
            op = self.random.choice([1, 1, 1, 2, 3, 2**31, 7])
            kind = self.random.choice(["pause", "skip", "close", "again"])
            self._send(wire, "replay", json.dumps({"v": 1, "type": kind, "op": op}))

    def _hello(self, wire: Wire) -> None:
        self._send(wire, "hello", json.dumps({"v": 1, "type": "hello"}))

    def binary(self, wire: Wire) -> None:
        """Binary frames, properly masked."""
        for _ in range(20):
            self._raw(wire, "binary", masked(2, self.random.randbytes(self.random.randrange(200))))

    def broken_frames(self, wire: Wire) -> None:
        """Bytes that are no frame at all."""
        rubbish = [
            self.random.randbytes(64), b"\xf1\x80\x00\x00\x00\x00", b"\x81\x05hello", masked(3, b"x"),
            masked(1, b"\xff\xfe\xfd"), masked(8, b"\x00"), masked(9, b"x" * 126), masked(11, b""),
            b"\x81\xff" + struct.pack("!Q", 2**63) + b"\x00" * 8, b"\x81\xfe" + struct.pack("!H", 3) + b"\x00" * 7,
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", masked(8, struct.pack("!H", 1005)), masked(0, b"x"),
        ]  # fmt: skip
        self._raw(wire, "broken", self.random.choice(rubbish))

    def pieces(self, wire: Wire) -> None:
        """A message in hundreds of pieces, beyond the limit in all or never finished."""
        self._raw(wire, "pieces", masked(1, b"{", last=False))
        for _ in range(self.random.choice([30, 300])):
            self._raw(wire, "pieces", masked(0, b" " * 20, last=False))

    def pings(self, wire: Wire) -> None:
        """Control frames by the hundred, which no limit on messages sees."""
        for _ in range(self.random.randrange(100, 500)):
            self._raw(wire, "ping", masked(9, b"x" * 100))

    def never_reads(self, wire: Wire) -> None:
        """Asks for much, looks at nothing."""
        self._hello(wire)
        for n in range(35):
            self._send(wire, "never reads", json.dumps({"v": 1, "type": "probe", "id": n, "t0": 0.0}))

    def before_the_door(self) -> None:
        """Handshakes from elsewhere, without a seat, cut off in the middle."""
        phone = self.random.choice(self.phones) if self.phones else None
        if phone is None:
            return
        headers = self.random.choice(
            [{"Origin": "https://evil.example"}, {"Origin": ""}, {"Cookie": "seat=x"}, {"Cookie": ""},
             {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}]
        )  # fmt: skip
        self.sent["handshake"] += 1
        try:
            phone.open_socket(**headers).vanish()
        except Refused as refused:
            self.answered[str(refused.status)] += 1
        except OSError:
            pass


def masked(opcode: int, payload: bytes, last: bool = True) -> bytes:
    """One frame as a client sends it, with a mask of zeros."""
    head = bytes([(0x80 if last else 0) | opcode])
    length = len(payload)
    size = bytes([0x80 | length]) if length < 126 else b"\xfe" + struct.pack("!H", length)
    return head + size + b"\x00\x00\x00\x00" + payload


def main() -> None:
    """Attack as the command line says."""
    # attackers have machines of their own; here they must not take the processor from those who measure
    os.nice(10)
    attacker = Attacker(Target(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    attacker.run()
    print(json.dumps({"sent": attacker.sent, "answered": attacker.answered}))


if __name__ == "__main__":
    main()
