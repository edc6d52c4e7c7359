"""A journey under /quiet, behind nginx as docs/deploy.md configures it: an exercise, and the service worker."""

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
    page.click("#begin")
    visitor.wait_playing()
    scope = page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.scope)")
    assert scope == f"{quiet}/"
    assert not visitor.complaints
    assert not visitor.foreign
