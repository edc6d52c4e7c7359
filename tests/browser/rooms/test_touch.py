"""A touch by way of two phones of the real service: one rests a finger, the other feels it, and both together go on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.conftest import Service, start_service, stop_service
from tests.support.couple import Couple, couple, until

__all__ = ["couple"]

Couples = Callable[..., Couple]
SCRIPT = Path(__file__).parents[2] / "support" / "scripts" / "fingertip.yaml"


@pytest.fixture(scope="module")
def rooms_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with an exercise in which a touch comes soon."""
    data = tmp_path_factory.mktemp("data")
    (data / "scripts").mkdir()
    shutil.copy(SCRIPT, data / "scripts")
    running = start_service(data, "--proxies", "1")
    yield running
    stop_service(running)


def at_touch(couple: Couples) -> Couple:
    """A couple whose exercise is at its touch."""
    two = couple().gather("fingertip").start()
    for page in two.both:
        page.click("#ask [data-answer=yes]")
    for page in two.both:
        page.wait_for_selector("#pair[data-touch]")
    return two


def rests(page: Page) -> None:
    """A finger comes down on the mark."""
    page.hover("#pair")
    page.mouse.down()


def lit(page: Page, seat: str) -> bool:
    return page.get_attribute("#pair", f"data-{seat}") == "true"


def words(page: Page) -> str:
    return page.inner_text("#stage .half:not([hidden]) .said")


def test_a_finger_is_felt_on_the_other_phone_and_both_together_go_on(couple: Couples) -> None:
    two = at_touch(couple)
    assert words(two.circle) == "Rest a finger here, or keep it home."
    rests(two.circle)
    until(two.square, lambda: lit(two.square, "circle"))
    two.wait_heard(two.square)
    two.circle.mouse.up()
    until(two.square, lambda: not lit(two.square, "circle"))
    rests(two.circle)
    two.square.focus("#pair")
    two.square.keyboard.down("Space")
    for page in two.both:
        until(page, lambda p=page: lit(p, "circle") and lit(p, "square"))
    gone_on = "Now your finger can go home."
    until(two.square, lambda: words(two.square) == gone_on, 15)
    for page in two.both:
        until(page, lambda p=page: p.get_attribute("#pair", "data-touch") is None)
        assert not lit(page, "circle")
        assert not lit(page, "square")
        assert page.get_attribute("#pair", "role") is None
