"""A journey under /quiet, behind nginx as docs/deploy.md configures it: an exercise, the service worker, a room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import start_service, stop_service
from tests.support.nginx import nginx


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[str]:
    """The address of the service under its path."""
    behind = start_service(tmp_path / "data", "--proxies", "1")
    try:
        with nginx(tmp_path, urlsplit(behind.url).netloc) as host:
            yield f"http://{host}/quiet"
    finally:
        stop_service(behind)


def test_an_exercise_plays_and_the_worker_holds_the_path_alone(quiet: str, visit: Callable[..., Any]) -> None:
    visitor = visit(url=quiet, service_workers="allow")
    page = visitor.open("/")
    page.locator('a[href="/quiet/exercises/side-by-side/"]').first.click()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_function("document.querySelector('audio').currentTime > 0.5", timeout=60_000)
    scope = page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.scope)")
    assert scope == f"{quiet}/"
    assert not visitor.complaints
    assert not visitor.foreign


def test_two_phones_meet_in_a_room(quiet: str, visit: Callable[..., Any]) -> None:
    first, second = visit(url=quiet), visit(url=quiet)
    page = first.open("/exercises/doorway/")
    address = page.evaluate(
        """async () => {
          const post = (path, body) => fetch(path, {method: "POST", body: JSON.stringify(body),
            headers: {"Content-Type": "application/json"}}).then((answer) => answer.json());
          const room = await post("/quiet/rooms", {exercise: "doorway"});
          const invited = await post(room.address + "invite", {});
          return [room.address, `${invited.join_address}#${invited.code}`];
        }"""
    )
    first.open(address[0].removeprefix("/quiet"))
    other = second.page
    other.goto(address[1])
    other.get_by_role("button", name="Join").click()
    other.wait_for_url(f"{quiet}/rooms/**", timeout=30_000)
    other.wait_for_function("document.body.innerText.length > 100")
    assert urlsplit(other.url).path == address[0]
    assert not first.complaints
    assert not second.complaints
