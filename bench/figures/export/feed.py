"""feed: what a real parser and the schema say of the feed that a running service gives, and what it costs.

The floor of its time is the front page of the same service, a plain template, over the same socket.
"""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from urllib.parse import urlsplit

import feedparser

from bench.lib.floors import ROOT
from bench.lib.report import CannotMeasure, Row, Spread, milliseconds, ratios
from bench.lib.service import Service
from tests.support.feed_rules import complaints

ROUNDS = 20


def _run(service: Service, *words: str) -> str:
    command = [sys.executable, "-m", "server", "feed", *words, "--data", str(service.data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise CannotMeasure(f"no feed could be made or ended: {done.stderr.strip()}")
    return done.stdout


def _status(service: Service, method: str, path: str) -> tuple[int, int]:
    link = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    link.request(method, path)
    answer = link.getresponse()
    size = int(answer.headers.get("Content-Length", 0))
    answer.read()
    link.close()
    return answer.status, size


def measure() -> list[Row]:
    """The rows of this figure."""
    with Service() as service:
        said = _run(service, "new", "--address", service.address)
        found = re.search(r"http\S+/feed\.xml", said)
        if not found:
            raise CannotMeasure("no feed was made.")
        path = urlsplit(found.group()).path
        body = service.get(path).body
        wrong = complaints(body)
        promised = {
            urlsplit(e.enclosures[0].href).path: int(e.enclosures[0].length)
            for e in feedparser.parse(body).entries
        }
        heads = {sound: _status(service, "HEAD", sound)[1] for sound in promised}
        made = len(list((service.data / "takes").glob("*.mp3")))
        real = {sound: len(service.get(sound).body) for sound in promised}
        takes = [(service.get(path).took, service.get("/").took) for _ in range(ROUNDS)]
        _run(service, "revoke", found.group())
        gone = [_status(service, "GET", address)[0] for address in (path, *promised)]
    feed, floor = Spread.of(a for a, _ in takes), Spread.of(b for _, b in takes)
    right = sum(heads[sound] == real[sound] == size for sound, size in promised.items())
    ended, times = set(gone) == {410}, ratios([a for a, _ in takes], [b for _, b in takes])
    return [
        Row("errors and warnings (schema, rules, feedparser)", str(len(wrong)), "0", ok=not wrong),
        Row("enclosures as long as told", f"{right} of {len(promised)}", "all", ok=right == len(promised)),
        Row("exercises made before one was asked for", str(made), "0", ok=made == 0),
        Row("addresses gone (410) once it was ended", f"{gone.count(410)} of {len(gone)}", "all", ok=ended),
        Row(
            "the feed, all sizes known",
            milliseconds(feed),
            floor=f"front page {milliseconds(floor)}",
            ratio=times.show(" ×"),
        ),
    ]
