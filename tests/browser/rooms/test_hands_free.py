"""The console without a mouse: a pedal, two taps, and a key that is held while the therapist speaks."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.support.couple import Couple, couple, rooms_service, until

__all__ = ["couple", "rooms_service"]

Couples = Callable[..., Couple]
PHRASE = "Both feet on the floor, and both hands wherever they like to be."
TAP = """(() => { for (const at of [0, 1]) {
  const tap = {pointerType: "touch", clientX: 5, clientY: 5, bubbles: true};
  document.body.dispatchEvent(new PointerEvent("pointerup", tap));
} })()"""


def learn(console: Page, act: str) -> None:
    console.click("[data-shows=keys]")
    console.click(f'[data-learns="{act}"] .act')


def test_a_pedal_is_learned_by_pressing_it_and_two_taps_as_well(couple: Couples) -> None:
    three = couple().gather(conducted=True).start()
    console = three.therapist
    learn(console, "hold-open")
    console.keyboard.press("PageDown")
    until(console, lambda: console.inner_text('[data-learns="hold-open"] .act') == "Key PageDown")
    learn(console, "release")
    console.evaluate(TAP)
    until(console, lambda: console.inner_text('[data-learns="release"] .act') == "Two taps")
    assert console.inner_text("#phase") == "Playing"
    console.reload()
    console.wait_for_selector("#act-pause[aria-disabled=false]")
    console.keyboard.press("PageDown")
    until(console, lambda: console.inner_text("#phase") == "Silence, until you release it")
    console.evaluate(TAP)
    until(console, lambda: console.inner_text("#phase") == "Playing")


def loudest(three: Couple) -> float:
    """Peak of the circle while a phrase is said in a silence."""
    three.circle.evaluate("heard.length = 0")
    three.therapist.keyboard.press("4")
    three.wait_heard(three.circle)
    three.circle.wait_for_timeout(2000)
    return max(level for _, level in three.circle.evaluate("heard"))


def test_both_phones_are_quieter_while_the_therapist_speaks(couple: Couples) -> None:
    three = couple().gather(conducted=True).apart().start()
    console = three.therapist
    console.fill("#line", PHRASE)
    console.click("#save-phrase")
    console.click("#act-hold-open")
    until(console, lambda: console.inner_text("#phase") == "Silence, until you release it")
    console.wait_for_timeout(4000)
    before = loudest(three)
    console.wait_for_timeout(5000)
    console.keyboard.down("m")
    until(console, lambda: console.get_attribute("#talk", "aria-pressed") == "true")
    console.wait_for_timeout(600)
    quieter = loudest(three)
    console.keyboard.up("m")
    assert 0.15 < quieter / before < 0.4, "12 dB are a quarter"
