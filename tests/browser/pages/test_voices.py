"""Voices in a real browser: heard before they are chosen, and looked after by a therapist."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Service, start_service, stop_service
from tests.support.axe import violations

PASSCODE = "a chair by the stove"
NOWHERE = "http://127.0.0.1:9"
LISTEN = """
window.heard = [];
window.Audio = class extends Audio {
  constructor() {
    super();
    this.addEventListener("timeupdate", () => { if (this.currentTime > 0) heard.push(this.currentSrc); });
    window.preview = this;
  }
};
"""


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a passcode, whose mirror answers nobody."""
    running = start_service(
        tmp_path_factory.mktemp("practice"), STILL_HERE_PASSCODE=PASSCODE, STILL_HERE_VOICE_MIRROR=NOWHERE
    )
    yield running
    stop_service(running)


def signed_in(one: Visit) -> Any:
    page = one.open("/therapist")
    page.fill("[name=passcode]", PASSCODE)
    page.click("button[type=submit]")
    page.wait_for_load_state()
    return one.open("/therapist/voices")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_page_of_voices_is_free_of_violations(
    visit: Callable[..., Any], practice: Service, scheme: str, size: dict[str, int]
) -> None:
    page = signed_in(visit(practice.url, color_scheme=scheme, viewport=size))
    assert page.locator("#voice-shelf li").count() > 3
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_voice_that_does_not_come_says_so_on_the_page(visit: Callable[..., Any], practice: Service) -> None:
    page = signed_in(visit(practice.url))
    voice = page.locator("#voice-shelf li").first.get_attribute("data-voice")
    page.click(f"[data-voice='{voice}'] button")
    page.wait_for_selector(f"[data-voice='{voice}'][data-state=failed]")
    said = page.text_content(f"[data-voice='{voice}'] [role=status]")
    assert any(words in said for words in ("mirror", "didn’t load", "did not come whole"))
    assert page.locator(f"[data-voice='{voice}'] button").is_visible()


def test_a_sample_that_does_not_come_says_so_on_the_page(
    visit: Callable[..., Any], practice: Service
) -> None:
    page = signed_in(visit(practice.url))
    item = page.locator("#voice-shelf li[data-state=absent]:has(audio)").first
    item.locator("audio").evaluate("one => one.play().catch(() => {})")
    until(page, lambda: "didn’t load" in (item.locator("[role=status]").text_content() or ""))


def until(page: Any, holds: Callable[[], bool], limit_s: float = 40.0) -> None:
    end = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < end
        page.wait_for_timeout(40)


def heard(page: Any, part: str) -> None:
    """Wait until a preview with this in its address is heard."""
    until(page, lambda: page.evaluate("(part) => heard.some((address) => address.includes(part))", part))


@pytest.mark.parametrize("name", ["voice", "pace", "pitch"])
def test_a_change_of_how_it_speaks_is_heard_at_once_and_ends_with_the_settings(
    browser_page: Visit, name: str
) -> None:
    browser_page.page.add_init_script(LISTEN)
    page = browser_page.open("/exercises/side-by-side/")
    page.click(".settings summary")
    chosen = page.eval_on_selector(f"#choice-{name}", "one => one.value")
    values = page.eval_on_selector_all(f"#choice-{name} option", "all => all.map((one) => one.value)")
    other = next(value for value in values if value != chosen)
    page.select_option(f"#choice-{name}", other)
    heard(page, f"{name}={other}")
    assert not page.evaluate("preview.paused")
    page.click(".settings summary")
    until(page, lambda: page.evaluate("preview.paused && preview.currentTime < preview.duration"))


def test_a_change_that_cannot_be_heard_plays_nothing(browser_page: Visit) -> None:
    browser_page.page.add_init_script(LISTEN)
    page = browser_page.open("/exercises/side-by-side/")
    page.click(".settings summary")
    page.select_option("#choice-bell", index=1)
    assert page.evaluate("preview.src") == ""
