"""A phone that is made mute on purpose, in each engine: it says so, the console sees it, and a tap at most mends it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Playwright

from tests.browser.engines.conftest import EXERCISE, PASSCODE, Card, missing
from tests.conftest import Service
from tests.support import room
from tests.support.browsers import Page, open_browser
from tests.support.errors import NotInstalled, NotInTime
from tests.support.hearing import level_between
from tests.support.sound_card import LEFT, RATE_HZ, recording, sound_card

SAID, SEEN = "sound has stopped", "its output has stopped"
SAID_S = 10.0
"""A line lasts that long; what is looked for twenty times a second is said far sooner."""
MENDED_S, BY_ITSELF_S = 40.0, 4.0
NOTES_S, AUDIBLE = 1.5, 0.0005
"""Two notes tell that it can be heard; their level (RMS) over a recording, in which a mute phone leaves zeros."""

KEEP_CONTEXTS = """() => {
  window.contexts = [];
  window.AudioContext = class extends AudioContext {
    constructor(...options) {
      super(...options);
      window.contexts.push(this);
    }
  };
}"""
LOOK_FOR = """(selector, words) => {
  window.seen = false;
  const look = () => {
    const place = document.querySelector(selector);
    window.seen ||= !place.closest("[hidden]") && place.textContent.includes(words);
  };
  const all = {subtree: true, childList: true, characterData: true, attributes: true};
  new MutationObserver(look).observe(document.body, all);
}"""
"""Notes if words are to be seen from now on, however short."""
RUNS = """async () => {
  const context = window.contexts.at(-1), before = context.currentTime;
  await new Promise((done) => setTimeout(done, 300));
  return context.state === "running" && context.currentTime > before && document.querySelector("#wake").hidden;
}"""
CLOSE = "() => { window.contexts.at(-1).close(); }"
FREEZE = """() => {
  const context = window.contexts.at(-1), now = context.currentTime, stamp = context.getOutputTimestamp();
  Object.defineProperty(context, "currentTime", {get: () => now});
  context.getOutputTimestamp = () => stamp;
}"""


@pytest.fixture
def own_card() -> Iterator[Card]:
    """A sound card of one's own."""
    with sound_card() as own:
        yield own


@pytest.fixture
def heard(engine: str, own_card: Card, driver: Playwright) -> Iterator[Page]:
    """A phone that plays into it."""
    try:
        browser = open_browser(engine, {**own_card, "PULSE_SINK": LEFT}, driver)
    except NotInstalled as error:
        missing(error)
    yield browser.new_page()
    browser.close()


def wait_mended(page: Page) -> bool:
    """Wait until it plays again by itself, else tap what the page asks for; whether it was by itself."""
    try:
        page.until(RUNS, limit_s=BY_ITSELF_S)
    except NotInTime:
        page.click("#wake-sound")
        page.until(RUNS, limit_s=MENDED_S)
        return False
    return True


def test_a_phone_made_mute_says_so_and_is_mended(
    heard: Page, console: Page, own_card: Card, house: Service
) -> None:
    room.conduct(console, house.url, EXERCISE, PASSCODE)
    heard.goto(f"{house.url}/join")
    heard.fill("#code", room.code_of(console))
    heard.click("#join")
    heard.wait_for("#enter")
    heard.call(KEEP_CONTEXTS)
    heard.click("#enter")
    heard.click('[data-nearest=""]')
    heard.until(RUNS, limit_s=room.READY_S)

    def is_told_by(make_mute: Callable[[], None]) -> None:
        heard.call(LOOK_FOR, "#wake-words", SAID)
        console.call(LOOK_FOR, ".phones", SEEN)
        make_mute()
        for page in (heard, console):
            page.until("() => window.seen", limit_s=SAID_S)

    is_told_by(partial(heard.call, CLOSE))
    wait_mended(heard)
    is_told_by(partial(heard.call, FREEZE))
    # A sink that is taken away is no case here: Chromium plays on into nothing, and tells no page of that.
    with recording(own_card) as take:
        if wait_mended(heard):
            heard.call("() => { document.querySelector('#wake-sound').click(); }")
        time.sleep(NOTES_S)
    assert level_between(take.sound[:, 0], 0, len(take.sound) / RATE_HZ) > AUDIBLE
