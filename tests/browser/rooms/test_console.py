"""The therapist's console as a page: what it shows without scrolling, what it says, and what it keeps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.couple import Couple, couple, rooms_service, until

__all__ = ["couple", "rooms_service"]

Couples = Callable[..., Couple]
SIZES = [(1280, 800), (820, 1180)]
PHRASES = ["Let your shoulders be.", "Nothing to fix right now.", "You can look away whenever you like."]


def height_over(page: Page) -> int:
    """Pixels by which the document is higher or wider than the window."""
    return page.evaluate(
        """(() => { const {scrollHeight, scrollWidth, clientHeight, clientWidth} = document.documentElement;
          return Math.max(scrollHeight - clientHeight, scrollWidth - clientWidth); })()"""
    )


def hidden_acts(page: Page) -> list[str]:
    """Acts of which a part is outside the window or outside themselves, or under something else."""
    return page.evaluate(
        """[...document.querySelectorAll(".act, .too-much, #line, .phrase")].filter((act) => {
          if (act.closest(".panels") || !act.checkVisibility()) return false;
          const {left, top, right, bottom} = act.getBoundingClientRect();
          const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
          const spills = act.id !== "line" && act.scrollWidth > act.clientWidth + 1;
          return !inside || spills || !act.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
        }).map((act) => act.id || act.textContent)"""
    )


def test_a_card_is_made_of_what_is_played(couple: Couples) -> None:
    console = couple().conduct("doorway")
    until(console, lambda: "exercise=doorway" in (console.get_attribute("#send-home", "href") or ""))
    with console.context.expect_page() as opened:
        console.click("#send-home")
    cards = opened.value
    assert cards.input_value("#exercise-1") == "doorway"
    assert cards.input_value("#length-1") != ""
    assert console.is_visible("#phone-circle")


def test_a_phone_is_let_in_by_the_therapist_and_knows_nothing_before(couple: Couples) -> None:
    three = couple()
    console = three.conduct("doorway")
    console.check("#admission")
    phone = three.join("circle", three.code(console))
    phone.click("#enter")
    until(console, lambda: console.inner_text("#phone-circle .phone-state") == "Waits to be let in")
    until(phone, lambda: "will let you in" in phone.inner_text("#lobby-note"))
    assert phone.locator("#nearest").is_hidden()
    assert "Doorway" not in phone.inner_text("body")
    assert console.get_attribute("#act-start", "aria-disabled") == "true"
    console.click("[data-admit=circle]")
    phone.wait_for_selector("#nearest:not([hidden])")
    assert "Doorway" in phone.inner_text("#exercise-title")
    until(console, lambda: console.inner_text("#phone-circle .phone-state") != "Waits to be let in")
    assert console.is_hidden("[data-admit=circle]")


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_everything_is_in_sight_without_scrolling(couple: Couples, prefix: str) -> None:
    three = couple()
    three.prefix = prefix
    console = three.conduct("a-glance-and-a-rest")
    found: dict[str, object] = {}

    def look(name: str) -> None:
        for width, height in SIZES:
            console.set_viewport_size({"width": width, "height": height})
            for _ in range(20):  # what came over the socket may still be laid out
                console.wait_for_timeout(100)
                seen = found[f"{name} {width}"] = (height_over(console), hidden_acts(console))
                if seen == (0, []):
                    break

    for phrase in PHRASES:
        console.fill("#line", phrase)
        console.click("#save-phrase")
    first = three.code(console)
    look("open")
    three.enter(three.join("circle", first))
    three.enter(three.join("square", three.code(console, first)))
    console.wait_for_selector("#act-start-anyway[aria-disabled=false]")
    look("ready")
    for panel in ("script", "notes", "phrases", "keys"):
        console.click(f"[data-shows={panel}]")
        look(panel)
    console.click("#act-start-anyway")
    for page in three.both:
        page.click("#start-ask [data-answer=yes]")
    three.circle.wait_for_selector("#room[data-state=playing]")
    look("playing")
    assert found == dict.fromkeys(found, (0, []))


def test_pause_ground_and_end_stay_in_one_place(couple: Couples) -> None:
    three = couple().gather(conducted=True)
    console = three.therapist

    def places() -> list[object]:
        return [console.locator(name).bounding_box() for name in ("#act-pause", "#too-much", "#act-close")]

    before = places()
    three.start()
    playing = places()
    console.click("#act-pause")
    console.wait_for_selector("#act-resume[aria-disabled=false]")
    assert before == playing == places()


def test_an_act_that_cannot_be_used_says_why(couple: Couples) -> None:
    console = couple().conduct()
    until(console, lambda: console.get_attribute("#act-start", "title") not in ("", None))
    console.click("#act-start", force=True)
    until(
        console,
        lambda: (
            console.inner_text("#told")
            == "Circle: Nobody has joined here yet. Square: Nobody has joined here yet."
        ),
    )
    console.keyboard.press("p")
    until(console, lambda: console.inner_text("#told") == "This works once the exercise has started.")
    console.keyboard.press("Escape")
    console.keyboard.press("g")
    until(console, lambda: console.inner_text("#told") == "Nothing is paused.")


def test_too_much_changes_the_whole_card_with_a_sound_that_can_be_turned_off(couple: Couples) -> None:
    three = couple().gather(conducted=True).start()
    console = three.therapist
    three.circle.click("#too-much")
    console.wait_for_selector("#phone-circle[data-state=stopped]")
    assert console.inner_text("#phone-circle .phone-state") == "Stopped"
    assert console.get_attribute("#phone-square", "data-state") == "resting"
    until(console, lambda: console.inner_text("#alert-urgent") == "Circle: too much. Both phones rest.")
    until(console, lambda: console.evaluate("heard.some(([, level]) => level > 0.02)"))
    console.click("[data-shows=room]")
    console.click("#alert-sound")
    console.wait_for_timeout(1200)
    console.evaluate("heard.length = 0")
    three.square.click("#too-much")
    console.wait_for_selector("#phone-square[data-state=stopped]")
    console.wait_for_timeout(800)
    assert console.evaluate("heard.every(([, level]) => level < 0.01)")
    console.reload()
    console.wait_for_selector("#phone-square[data-state=stopped]")
    assert console.inner_text("#alert-sound") == "Alert sounds off"


# A browser that is told to be offline keeps the sockets that it has; this makes the page open another one.
SEVERED = "dispatchEvent(new Event('online')) && undefined"


def test_a_lost_phone_is_told_and_so_is_its_return(couple: Couples) -> None:
    three = couple().gather(conducted=True).start()
    console, square = three.therapist, three.square
    square.context.set_offline(True)
    until(
        console, lambda: square.evaluate(SEVERED) or console.query_selector("#phone-square[data-state=away]")
    )
    assert console.inner_text("#alert-urgent") == ""
    until(console, lambda: console.inner_text("#phone-square .phone-state") == "Away for 19 s", 30)
    until(
        console,
        lambda: (
            console.inner_text("#alert-urgent") == "Square: the phone is lost. It goes on by its own plan."
        ),
        5,
    )
    square.context.set_offline(False)
    until(console, lambda: console.inner_text("#alert-polite") == "Square: the phone is back.", 60)
    assert console.inner_text("#alert-urgent") == ""
    assert console.get_attribute("#phone-square", "data-state") == "playing"


def test_a_saved_phrase_is_said_by_its_key_kept_and_removed(couple: Couples) -> None:
    three = couple().gather(conducted=True).start()
    console = three.therapist
    console.fill("#line", PHRASES[0])
    console.click("#save-phrase")
    console.reload()
    console.wait_for_selector("#act-pause[aria-disabled=false]")
    console.keyboard.press("4")
    for page in three.both:
        until(page, lambda p=page: p.inner_text("#stage .half:not([hidden]) .said") == PHRASES[0])
    console.click("[data-shows=phrases]")
    console.click("#phrase-list >> text=Remove")
    assert console.locator(".phrase").count() == 0
    assert console.evaluate("localStorage.getItem('still-here:phrases')") == "[]"


def test_the_session_clock_outlasts_a_reload(couple: Couples) -> None:
    console = couple().conduct()
    until(console, lambda: console.inner_text("#session-clock") >= "0:02")
    console.reload()
    until(console, lambda: console.inner_text("#session-clock"))
    assert console.inner_text("#session-clock") >= "0:02"


def test_a_room_that_is_ended_in_the_middle_of_a_line_is_silent_on_its_phones(couple: Couples) -> None:
    three = couple().gather(conducted=True).start()
    three.wait_heard(three.circle)
    three.therapist.click("[data-shows=room]")
    three.therapist.click(".end-room summary")
    three.therapist.click(".end-room button")
    for page in three.both:
        page.wait_for_selector("#room[data-state=closed]")
    three.circle.wait_for_timeout(500)
    three.circle.evaluate("heard.length = 0")
    three.circle.wait_for_timeout(4000)
    assert max(level for _, level in three.circle.evaluate("heard")) < 0.001
