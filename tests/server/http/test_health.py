"""Tests of `/healthz` and `/readyz`: alone, and as the service answers when a part of it does not."""

from __future__ import annotations

import http.client
import os
import signal
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.http.health import Health
from server.monitoring.readiness import NO_STUDIO, Readiness, store_check, studio_check
from server.rooms.stores.journal import NO_JOURNAL
from tests.conftest import Service, start_service, stop_service


def asked(
    service: Service, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], str]:
    """Status, head and text of an answer."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(service.url).netloc, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
    connection.close()
    return found


def ready_again(service: Service, limit_s: float = 30.0) -> bool:
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if asked(service, "/readyz")[0] == 200:
            return True
        time.sleep(0.2)
    return False


def studio_of(service: Service) -> int:
    """The process of the studio."""
    pid = service.process.pid
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Service]:
    running = start_service(tmp_path / "data")
    yield running
    stop_service(running)


def test_alive_and_ready_are_one_word_that_nobody_keeps(service: Service) -> None:
    assert ready_again(service)
    for path, word in (("/healthz", "alive\n"), ("/readyz?probe=1", "ready\n")):
        status, head, text = asked(service, path)
        assert (status, text) == (200, word)
        assert head["cache-control"] == "no-store"
        assert "set-cookie" not in head
        assert asked(service, path, "HEAD")[::2] == (200, "")
        assert asked(service, path, "POST")[0] == 405


def test_a_balancer_may_ask_by_any_name_and_a_language_has_none_of_its_own(service: Service) -> None:
    assert asked(service, "/healthz", Host="10.0.0.7:8000")[0] == 200
    assert asked(service, "/", Host="10.0.0.7:8000")[0] == 400
    assert asked(service, "/es/healthz")[0] == 404


def test_a_studio_that_hears_nothing_makes_it_unready_until_it_does(own: Service) -> None:
    assert ready_again(own)
    studio = studio_of(own)
    os.kill(studio, signal.SIGSTOP)
    time.sleep(1.1)  # what was found last still counts for so long
    status, head, text = asked(own, "/readyz")
    assert (status, text.strip()) == (503, NO_STUDIO)
    assert head["cache-control"] == "no-store"
    assert asked(own, "/healthz")[0] == 200
    os.kill(studio, signal.SIGCONT)
    assert ready_again(own)


def test_a_studio_that_has_gone_is_started_by_the_question(own: Service) -> None:
    assert ready_again(own)
    before = studio_of(own)
    os.kill(before, signal.SIGKILL)
    time.sleep(1.1)
    assert ready_again(own)
    assert studio_of(own) != before


def test_a_folder_that_takes_nothing_makes_it_unready(own: Service) -> None:
    rooms = own.data / "rooms"
    if rooms.exists():
        rooms.rename(own.data / "aside")
    rooms.write_text("in the way")
    time.sleep(1.1)
    status, _, text = asked(own, "/readyz")
    assert (status, text.strip()) == (503, NO_JOURNAL)


# ── alone, without a service


def test_however_many_ask_it_looks_once_a_second() -> None:
    looked: list[float] = []
    now = [5.0]
    readiness = Readiness([lambda: looked.append(now[0]) or "broken"], lambda: now[0])  # type: ignore[func-returns-value]
    assert [readiness.complaint() for _ in range(9)] == ["broken"] * 9
    assert looked == [5.0]
    now[0] = 6.0
    readiness.complaint()
    assert looked == [5.0, 6.0]


def test_the_first_complaint_is_told() -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    checks = [
        store_check(lambda: None, ""),
        studio_check(lambda limit_s: False),
        store_check(full, "Make room."),
    ]
    assert Readiness(checks, lambda: 0.0).complaint() == NO_STUDIO
    assert Readiness(checks[2:], lambda: 0.0).complaint() == "Make room."
    assert Readiness(checks[:1], lambda: 0.0).complaint() == ""


def test_everything_else_is_handed_on_as_it_came() -> None:
    seen: list[dict[str, Any]] = []
    health = Health(lambda environ, start: seen.append(environ) or [b"page"], lambda: "broken")  # type: ignore[func-returns-value]
    environ = {"PATH_INFO": "/healthz/", "REQUEST_METHOD": "GET"}
    assert health(environ, lambda *_: None) == [b"page"]
    assert seen == [environ]
