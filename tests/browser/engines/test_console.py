"""A therapist's console and two phones, in each engine: both hear a start, a pause and an end."""

from __future__ import annotations

import time

from tests.browser.engines.conftest import EXERCISE, PASSCODE, Card
from tests.browser.engines.ears import STILL, assert_heard_together, assert_still
from tests.conftest import Service
from tests.support import room
from tests.support.browsers import Page
from tests.support.hearing import Line, level_between
from tests.support.sound_card import RATE_HZ, recording

INTO_S, SILENT_S, AGAIN_S = 1.3, 1.5, 2.0
MARGIN_S = 0.5
"""Between a moment of the test's own clock and what is heard: buffers, and a command a little ahead."""


def test_both_phones_hear_a_therapist_start_pause_and_end(
    two_phones: tuple[Page, Page], console: Page, house: Service, card: Card, lines: list[Line]
) -> None:
    room.conduct(console, house.url, EXERCISE, PASSCODE)
    code = room.code_of(console)
    for page in two_phones:
        room.join(page, house.url, code)
        code = page is two_phones[0] and room.code_of(console, code)
    room.each_speaks(*two_phones)
    with recording(card) as take:
        began = time.monotonic()
        console.click("#act-start-anyway", limit_s=room.READY_S)
        room.both_say_yes(*two_phones)
        room.wait_for_words(two_phones[0], lines[1].text)
        time.sleep(INTO_S)
        console.type("p")
        console.wait_for("#act-resume")
        paused = time.monotonic() - began
        time.sleep(SILENT_S)
        resumed = time.monotonic() - began
        console.type("g")
        two_phones[1].wait_for("#pause")
        time.sleep(AGAIN_S)
        again = time.monotonic() - began
        console.click("#act-stop")
        for page in two_phones:
            page.wait_for("#over")
        ended = time.monotonic() - began
        time.sleep(SILENT_S)
    # the line that was stopped is begun again, so it stands in the recording twice: only the one before is looked for
    level = assert_heard_together(lines[:1], take)[0].level
    # the recorder starts a moment before or after `began`; MARGIN_S is more than that
    for channel in take.sound.T:
        assert_still(level, channel, paused + MARGIN_S, resumed)
        assert level_between(channel, resumed + MARGIN_S, again) > STILL * level, "it does not go on"
        assert_still(level, channel, ended + MARGIN_S, len(channel) / RATE_HZ)
