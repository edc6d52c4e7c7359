"""Pronunciations on the page of voices in a real browser: heard before it is kept, kept, and removed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Service, start_service, stop_service
from tests.support.axe import violations

PASSCODE = "a chair by the stove"
LISTEN = """
window.heard = 0;
window.Audio = class extends Audio {
  constructor() {
    super();
    this.addEventListener("timeupdate", () => { if (this.currentTime > 0) window.heard += 1; });
  }
};
"""


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a passcode."""
    running = start_service(tmp_path_factory.mktemp("practice"), STILL_HERE_PASSCODE=PASSCODE)
    yield running
    stop_service(running)


def signed_in(one: Visit, prefix: str = "") -> Any:
    one.page.add_init_script(LISTEN)
    page = one.open(f"{prefix}/therapist")
    page.fill("[name=passcode]", PASSCODE)
    page.click("button[type=submit]")
    page.wait_for_load_state()
    return one.open(f"{prefix}/therapist/voices")


def until(page: Any, holds: Callable[[], bool], limit_s: float = 90.0) -> None:
    end = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < end
        page.wait_for_timeout(40)


def keep(page: Any, word: str, say: str) -> None:
    page.fill("#word", word)
    page.fill("#say", say)
    page.click("#word-form button[type=submit]")
    page.wait_for_load_state()


def test_a_word_is_heard_kept_heard_again_and_removed(visit: Callable[..., Any], practice: Service) -> None:
    page = signed_in(visit(practice.url))
    page.fill("#word", "kettle")
    page.fill("#say", "kettel")
    page.click("#word-form [data-hear]")
    until(page, lambda: page.evaluate("heard") > 0)
    assert page.locator("#words .feeds li").count() == 0
    page.click("#word-form button[type=submit]")
    page.wait_for_load_state()
    one = page.locator("#words .feeds li")
    assert "kettel" in one.text_content()
    one.locator("[data-hear]").click()
    until(page, lambda: page.evaluate("heard") > 0)
    one.locator("button[type=submit]").click()
    page.wait_for_load_state()
    assert page.locator("#words .feeds li").count() == 0


def test_what_cannot_be_kept_or_heard_says_why_and_keeps_what_was_typed(
    visit: Callable[..., Any], practice: Service
) -> None:
    page = signed_in(visit(practice.url))
    page.fill("#word", "kettle")
    page.fill("#say", "<kettel>")
    page.click("#word-form [data-hear]")
    until(page, lambda: "Other characters" in page.text_content("#word-told"))
    page.click("#word-form button[type=submit]")
    page.wait_for_load_state()
    assert "Other characters" in page.text_content("#word-refusal")
    assert page.input_value("#say") == "<kettel>"
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_list_is_free_of_violations(
    visit: Callable[..., Any], practice: Service, scheme: str, size: dict[str, int]
) -> None:
    page = signed_in(visit(practice.url, color_scheme=scheme, viewport=size))
    keep(page, "close the small door", "cloze the small door, and then a little more of it")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_list_is_there_in_spanish(visit: Callable[..., Any], practice: Service) -> None:
    page = signed_in(visit(practice.url), "/es")
    assert page.text_content("#words-title") == "Cómo se dicen las palabras"
    keep(page, "wifi", "uáifai")
    assert page.locator("#words .feeds li").first.is_visible()
    assert violations(page) == []
