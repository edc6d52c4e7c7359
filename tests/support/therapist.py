"""A therapist who writes scripts, by HTTP, at a service that may be killed while it saves."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import threading
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import Service, start_service, stop_service

PASSCODE = "a kettle and a lamp"


@dataclass
class Answer:
    status: int
    body: bytes
    headers: http.client.HTTPMessage

    @property
    def plain(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Therapist:
    """Somebody who is signed in at a service; `draft` is what they write."""

    service: Service
    cookie: str = ""
    base: str = "/therapist/studio"

    def ask(self, method: str, path: str, body: object = None, origin: str | None = "same") -> Answer:
        address = urllib.parse.urlsplit(self.service.url)
        # one connection a request: whoever is refused has not been read to the end
        line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        if origin:
            headers["Origin"] = self.service.url if origin == "same" else origin
        line.request(method, path, None if body is None else json.dumps(body), headers)
        got = line.getresponse()
        answer = Answer(got.status, got.read(), got.headers)
        line.close()
        self.cookie = (got.headers.get("Set-Cookie") or self.cookie).split(";")[0]
        return answer

    def sign_in(self) -> None:
        assert self.ask("POST", "/therapist/sign-in", {"passcode": PASSCODE}).status == 200

    def start(self, source: str = "") -> str:
        return self.ask("POST", f"{self.base}/start", {"from": source}).plain["address"]


def started(folder: Path) -> Service:
    """A service whose data and errors lie in a folder."""
    return start_service(folder / "data", errors=folder / "errors", STILL_HERE_PASSCODE=PASSCODE)


@dataclass
class Saved:
    """Outcome of the saves of one draft.

    kept   saves that were said to be kept
    lost   those of them that were not there after a kill
    kills  how often the service was killed
    """

    kept: int = 0
    lost: int = 0
    kills: int = 0


def saved_under_kill(folder: Path, saves: int) -> Saved:
    """Save one draft again and again, each time with another word, while its service is killed and started again."""
    seen, draft, word, rev = Saved(), "", 0, 1
    while True:
        service = started(folder)
        therapist = Therapist(service)
        therapist.sign_in()
        draft = draft or therapist.start()
        newest, rev = _newest_word(therapist.ask("GET", draft).body.decode())
        # what was on its way when the service was killed may have come through, and nothing older may be there
        seen.lost += max(0, word - 1 - newest)
        word = newest + 1
        if seen.kept >= saves:
            stop_service(service)
            return seen
        # in the middle of a save, whichever that is
        killing = threading.Timer(1.0 + (word % 7) / 50, os.kill, (service.process.pid, signal.SIGKILL))
        killing.start()
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                body = {"rev": rev, "texts": {"en": f"id: draft\n# word {word}\n"}}
                answer = therapist.ask("POST", f"{draft}/save", body)
                if answer.status == 429:
                    time.sleep(0.05)
                    continue
                assert answer.status == 200
                seen.kept, word, rev = seen.kept + 1, word + 1, answer.plain["rev"]
        service.process.wait(10)
        assert service.process.stdout
        service.process.stdout.close()
        seen.kills += 1


def _newest_word(page: str) -> tuple[int, int]:
    """The number of the word that a draft's page has, and its revision; -1 where it has none."""
    word, rev = re.search(r"# word (\d+)\n", page), re.search(r'data-rev="(\d+)"', page)
    assert rev
    return int(word[1]) if word else -1, int(rev[1])
