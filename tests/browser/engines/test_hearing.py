"""Two phones that hear each other, in the engines whose microphone a test can allow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.engines.conftest import EXERCISE, Card
from tests.conftest import Service
from tests.support import room
from tests.support.browsers import Page
from tests.support.sound_card import microphone

STATUS = "#alignment [role=status]"
HEARD_S = 60.0
OUTCOME = """(status) => {
  const told = document.querySelector(status).innerText;
  return ["in step", "did not", "may not"].some((part) => told.includes(part)) ? told : "";
}"""


@pytest.fixture
def ear(card: Card) -> Iterator[None]:
    """A microphone that hears both phones."""
    with microphone(card):
        yield


def test_both_chirp_and_are_in_step(
    engine: str, ear: None, two_phones: tuple[Page, Page], house: Service
) -> None:
    if engine == "webkit":
        pytest.skip("WebKitWebDriver cannot allow a microphone")
    first, second = two_phones
    room.open_room(first, house.url, EXERCISE)
    room.join(second, house.url, room.code_of(first))
    room.each_speaks(first, second)
    for page in two_phones:
        page.wait_for('#ready-list [data-name=clock][data-done="true"]', limit_s=room.READY_S)
    for page in two_phones:
        page.click("#alignment > summary")
        page.click("#alignment [data-hear]")
    told = [page.until(OUTCOME, STATUS, limit_s=HEARD_S) for page in two_phones]
    assert told == ["Both phones are in step now, and remember it."] * 2
