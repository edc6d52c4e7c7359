"""Proof that a phone is heard: it plays a word, its person says which, and the console turns that card green."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.support.couple import Couple, couple, rooms_service, until

__all__ = ["couple", "rooms_service"]

Couples = Callable[..., Couple]
NO_CHANCE = "Math.random = () => 0"
"""The first word of the list is right in a first round, the second one in the next."""


def ready(page: Page) -> None:
    page.wait_for_selector("#word-check:not([hidden])")
    until(page, lambda: not page.locator("#ready-list li[data-done=false]:not([data-name=partner])").count())
    page.evaluate(NO_CHANCE)


def test_nothing_starts_half_heard(couple: Couples) -> None:
    three = couple().gather(conducted=True).apart()
    console = three.therapist
    for seat in ("circle", "square"):
        console.wait_for_selector(f"#phone-{seat}[data-state=ready]")
    console.keyboard.press("b")
    until(console, lambda: "has not been heard yet" in console.inner_text("#told"))
    for page in three.both:
        ready(page)
    three.circle.click("#word-check [data-play]")
    three.wait_heard(three.circle)
    three.circle.keyboard.press("3")
    until(three.circle, lambda: "Turn the sound up" in three.circle.inner_text("#word-check [data-told]"))
    assert console.get_attribute("#phone-circle", "data-heard") == "false"
    three.circle.wait_for_selector("#word-check [data-words]:not([hidden])")
    three.circle.keyboard.press("2")
    until(
        three.circle,
        lambda: three.circle.inner_text("#word-check [data-told]") == "Heard. This phone is fine.",
    )
    console.wait_for_selector("#phone-circle[data-heard=true]")
    card = console.inner_text("#phone-circle")
    assert "Heard: its word was understood." in card
    assert "Network good." in card
    assert console.get_attribute("#act-start", "aria-disabled") == "true"
    three.square.click("#word-check [data-play]")
    three.square.click("#word-check [data-words] button >> nth=0")
    console.wait_for_selector("#act-start[aria-disabled=false]")
    console.keyboard.press("b")
    for page in three.both:
        page.wait_for_selector("#start-ask:not([hidden])")


def test_a_couple_alone_is_offered_the_check_and_not_kept_waiting(couple: Couples) -> None:
    two = couple().gather()
    two.circle.wait_for_selector("#start-ask:not([hidden])")
    ready(two.circle)
    assert not two.square.is_visible("#word-check"), "it does not speak"
    two.circle.click("#word-check [data-play]")
    two.wait_heard(two.circle)
