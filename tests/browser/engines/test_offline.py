"""With no network, in each engine: what was kept plays though nobody answers any more."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import URLError

import pytest

from tests.browser.engines.conftest import EXERCISE, Card
from tests.browser.engines.ears import assert_heard
from tests.conftest import Service
from tests.support.browsers import Page
from tests.support.front import Front
from tests.support.hearing import Line, fetch
from tests.support.sound_card import recording

KEPT_S, PLAYED_S = 60.0, 60.0


@pytest.fixture
def door(house: Service) -> Iterator[Front]:
    """A door in front of the service, which can be shut."""
    made = Front(house.url)
    yield made
    made.close()


def test_a_kept_exercise_plays_with_the_server_gone(
    phone: Page, door: Front, card: Card, lines: list[Line]
) -> None:
    address = f"{door.url}/exercises/{EXERCISE}/"
    phone.goto(address)
    phone.call("() => navigator.serviceWorker.ready.then(() => true)")
    phone.click("#keep [data-keep=button]")
    phone.wait_for_text("#keep [data-keep=state]", "Kept on this phone", limit_s=KEPT_S)
    door.close()
    with pytest.raises(URLError):
        fetch(address)
    with recording(card) as take:
        phone.goto(address)
        phone.click("#begin")
        played = "(to) => document.getElementById('audio').currentTime >= to"
        phone.until(played, lines[1].start_s, limit_s=PLAYED_S)
    assert_heard(lines[:1], take.sound[:, 0])
