"""One phone, in each engine: two taps to sound, words with the voice, a pause, and too much."""

from __future__ import annotations

import time

import numpy as np

from tests.browser.engines.conftest import EXERCISE, Card
from tests.browser.engines.ears import STOPPED_S, assert_ends_still, assert_heard, assert_still
from tests.conftest import Service
from tests.support.browsers import Page
from tests.support.hearing import Line
from tests.support.sound_card import recording

INTO_S, FURTHER_S = 1.3, 2.4
SILENT_S, FADE_S = 1.2, 1.2
PROMPT_S = 0.5
"""A prompt that comes so much before or after its line is another line's."""

NOTE_PROMPTS = """() => {
  const said = document.querySelector('#stage [data-half="circle"] .said'), audio = document.getElementById("audio");
  window.prompts = [];
  new MutationObserver(() => window.prompts.push([said.textContent, audio.currentTime]))
    .observe(said, {attributes: true, attributeFilter: ["data-cue"]});
}"""


def position(page: Page) -> float:
    """The position of the page's sound, in seconds."""
    return page.call("() => document.getElementById('audio').currentTime")


def play_to(page: Page, seconds: float) -> None:
    """Until the sound has come to a second of the exercise."""
    function = "(to) => document.getElementById('audio').currentTime >= to"
    page.until(function, seconds, limit_s=90)


def assert_prompts(prompts: list[tuple[str, float]], lines: list[Line]) -> None:
    """Each line's words came when it did."""
    shown = dict(prompts)
    for line in lines:
        assert abs(shown[line.text] - line.start_s) < PROMPT_S, line.text


def test_two_taps_to_sound_words_with_the_voice_pause_and_too_much(
    phone: Page, house: Service, card: Card, lines: list[Line]
) -> None:
    first, long = lines[:2]
    with recording(card) as take:
        phone.goto(house.url)
        phone.click(f"a[href*='/{EXERCISE}/']")
        phone.wait_for("#begin")
        phone.call(NOTE_PROMPTS)
        phone.click("#begin")
        play_to(phone, long.start_s + INTO_S)
        phone.click("#play")
        phone.wait_for_text("#status", "Paused")
        paused_s = position(phone)
        time.sleep(SILENT_S + 0.3)
        assert position(phone) == paused_s
        phone.click("#play")
        play_to(phone, long.start_s + FURTHER_S)
        prompts = phone.call("() => window.prompts")
        phone.click("#too-much")
        phone.wait_for("#stopped")
        time.sleep(FADE_S + SILENT_S)
    assert_prompts(prompts, [first, long])
    channel = take.sound[:, 0]
    _, paused = assert_heard([first, long], channel)
    stopped_s = paused.at_s + paused_s - long.start_s + STOPPED_S
    assert_still(paused.level, channel, stopped_s, stopped_s + SILENT_S - STOPPED_S)
    assert_ends_still(paused, channel, SILENT_S)
    assert np.abs(take.sound[:, 1]).max() == 0, "nobody plays on the other side"
