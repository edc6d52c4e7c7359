"""Two phones in one room, in each engine: a code joins them, both sound together, and a pause silences both."""

from __future__ import annotations

import time

from tests.browser.engines.conftest import EXERCISE, Card
from tests.browser.engines.ears import assert_ends_still, assert_heard_together
from tests.conftest import Service
from tests.support import room
from tests.support.browsers import Page
from tests.support.hearing import Line
from tests.support.sound_card import recording

INTO_S, SILENT_S = 1.3, 1.5


def test_a_code_joins_two_both_sound_and_a_pause_silences_both(
    two_phones: tuple[Page, Page], house: Service, card: Card, lines: list[Line]
) -> None:
    first, second = two_phones
    room.open_room(first, house.url, EXERCISE)
    room.join(second, house.url, room.code_of(first))
    room.each_speaks(first, second)
    with recording(card) as take:
        room.both_say_yes(first, second)
        room.wait_for_words(second, lines[1].text)
        time.sleep(INTO_S)
        second.click("#pause")
        for page in two_phones:
            page.wait_for_text("#status", "Paused")
        time.sleep(SILENT_S)
    paused = assert_heard_together(lines[:2], take)[-1]
    for channel in take.sound.T:
        assert_ends_still(paused, channel, SILENT_S)
