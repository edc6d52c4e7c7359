"""HTTP requests that no page of ours would send, by the thousand.

python -m tests.support.hostile.requests_attack URL COUNT SEED      prints what it sent and was answered, as JSON
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import sys
import urllib.parse
from collections import Counter

HEADS = (
    "GET /static/%00 HTTP/1.1",
    "GET /exercises/../../etc/passwd HTTP/1.1",
    "GET /rooms/%00/ HTTP/1.1",
    "TRACE / HTTP/1.1",
    "GET /exercises/doorway/audio.mp3?length=x HTTP/1.1",
    "HEAD /exercises/doorway/audio.flac HTTP/1.1",
    "GET / HTTP/9.9",
    "POST /join HTTP/1.1",
    "POST /therapist/sign-in HTTP/1.1",
    "GET /voices/preview.flac?pace=999 HTTP/1.1",
    "\x00\x01\x02",
    "GET /feeds/none/feed.xml HTTP/1.1",
    "GET " + "/x" * 3000 + " HTTP/1.1",
    "GET /rooms/0123456789abcdef/socket HTTP/1.1",
)
FIELDS = (
    "",
    "Content-Length: 3\r\nContent-Length: 4",
    "Content-Length: 3\r\nTransfer-Encoding: chunked",
    "Range: bytes=9-1,x",
    "Content-Length: 99999999999",
    "Content-Type: application/json\r\nContent-Length: 22",
    "Cookie: seat=\xff; therapist=;;",
    "Host: evil.example",
    "Origin: http://evil.example",
    "If-Range: x\r\nRange: bytes=0-",
    "X: " + "y" * 4000,
    "Upgrade: websocket",
)
BODIES = (b"", b'{"passcode": "\\ud800"}', b"[" * 5000, b"\xff" * 300, b"code=" + b"9" * 9000)


def one(link: socket.socket, dice: random.Random) -> str:
    """Send a request; the status that it got, or how it ended."""
    address = f"100.{dice.randrange(64, 128)}.{dice.randrange(256)}.{dice.randrange(256)}"
    host = dice.choice(("localhost", "127.0.0.1", "localhost", "x y"))
    head = f"{dice.choice(HEADS)}\r\nHost: {host}\r\nX-Forwarded-For: {address}\r\n{dice.choice(FIELDS)}\r\n"
    link.sendall(head.encode("latin-1").replace(b"\r\n\r\n", b"\r\n") + b"\r\n" + dice.choice(BODIES))
    if dice.random() < 0.3:
        return "hung up"
    answer = link.recv(4096)
    return answer.split(b" ", 2)[1].decode("latin-1") if answer.startswith(b"HTTP/") else "closed"


def main() -> None:
    """Attack as the command line says."""
    os.nice(10)
    url, count, dice = urllib.parse.urlsplit(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    answered: Counter[str] = Counter()
    for _ in range(count):
        try:
            with socket.create_connection((url.hostname, url.port), 2) as link:
                answered[one(link, dice)] += 1
        except OSError:
            answered["closed"] += 1
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps({"sent": {"request": count}, "answered": answered}))


if __name__ == "__main__":
    main()
