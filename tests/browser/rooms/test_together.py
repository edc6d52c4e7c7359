"""Two phones in one room of the real service, alone and with a therapist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.couple import Couple, couple, rooms_service, until

__all__ = ["couple", "rooms_service"]

Couples = Callable[..., Couple]
OPACITY = "(id) => Number(getComputedStyle(document.getElementById(id)).opacity)"


def words(page: Page) -> str:
    """The words that stand on the stage."""
    return page.inner_text("#stage .half:not([hidden]) .said")


def test_both_join_are_ready_and_hear_the_same(couple: Couples) -> None:
    two = couple().gather().apart().start()
    for page in two.both:
        assert page.is_visible("#pause")
    two.wait_heard(two.circle, two.square)
    assert words(two.circle) == words(two.square) != ""


def test_together_only_the_chosen_phone_speaks_and_both_show(couple: Couples) -> None:
    two = couple().gather()
    two.square.click("[data-speaker=own]")
    until(two.circle, lambda: two.circle.get_attribute("[data-speaker=other]", "aria-pressed") == "true")
    two.start()
    two.circle.evaluate("heard.length = 0")
    two.wait_heard(two.square)
    until(two.circle, lambda: two.circle.evaluate("heard.length"))
    assert max(level for _, level in two.circle.evaluate("heard")) < 0.001
    until(two.circle, lambda: words(two.circle) == words(two.square))


def test_the_code_leaves_the_address_and_works_once(couple: Couples) -> None:
    two = couple()
    two.enter(two.open())
    code = two.code(two.circle)
    late = two.page("late")
    late.goto(f"{two.service.url}/join#{code}")
    assert late.input_value("#code") == code
    assert "#" not in late.evaluate("location.href")
    two.join("square", code.lower().replace("-", " "))
    late.click("#join")
    late.wait_for_selector("#refusal:not(:empty)")
    assert late.inner_text("#refusal") == "This room already has two phones."
    late.fill("#code", "abcd efgh")
    late.click("#join")
    until(late, lambda: "“New code” on the page that showed it" in late.inner_text("#refusal"))


def test_typing_a_code_groups_it_by_fours(couple: Couples) -> None:
    page = couple().page("late")
    page.goto(couple().service.url + "/join")
    page.locator("#code").press_sequentially("ab3d5fgh")
    assert page.input_value("#code") == "AB3D-5FGH"
    page.fill("#code", " ab3d 5fgh ")
    assert page.input_value("#code") == "AB3D-5FGH"


def test_nothing_is_asked_before_each_was_asked_about_today(couple: Couples) -> None:
    two = couple()
    two.enter(two.open(), "guarded")
    two.join("square", two.code(two.circle)).click("#enter")
    two.square.wait_for_selector('#ready-list [data-name="clock"][data-done=true]')
    two.square.wait_for_timeout(500)
    assert not two.circle.is_visible("#start-ask")
    assert not two.circle.is_visible("[data-nearest=guarded]"), "what was chosen stays in sight"
    two.square.click('[data-nearest=""]')
    for page in two.both:
        page.wait_for_selector("#start-ask:not([hidden])")


def test_not_today_becomes_the_couples_quieter_one(couple: Couples) -> None:
    two = couple().gather("the-long-way-out")
    two.circle.click("#start-ask [data-answer=yes]")
    two.square.click("#start-ask [data-answer=no]")
    for page in two.both:
        page.wait_for_selector("#quieter-ones button")
        assert page.inner_text("#lobby-note") == "A quieter one today?"
    two.circle.click("text=Side by Side")
    for page in two.both:
        page.wait_for_selector("#start-ask:not([hidden])")
        assert page.inner_text("#exercise-title") == "Side by Side"


def test_a_pause_names_nobody_and_two_yeses_end_it(couple: Couples) -> None:
    two = couple().gather().apart().start()
    two.wait_heard(two.circle, two.square)
    two.circle.click("#pause")
    for page in two.both:
        until(page, lambda p=page: p.inner_text("#status") == "Paused")
        seen = page.inner_text("#player").lower()
        assert not any(name in seen for name in ("circle", "square", "partner"))
    two.circle.wait_for_timeout(400)
    for page in two.both:
        page.evaluate("heard.length = 0")
    two.circle.click("#ask [data-answer=yes]")
    two.circle.wait_for_timeout(700)
    assert two.circle.inner_text("#status") == "Paused"
    assert max(level for _, level in two.circle.evaluate("heard")) < 0.001
    two.square.click("#ask [data-answer=yes]")
    for page in two.both:
        page.wait_for_selector("#pause:not([hidden])")
    two.wait_heard(two.circle, two.square)


def test_controls_step_back_on_each_phone_and_a_pause_brings_them_back(couple: Couples) -> None:
    two = couple().gather().apart().start()
    for page in two.both:
        page.wait_for_selector("#room[data-controls=quiet]", timeout=12_000)
        until(page, lambda p=page: p.evaluate(OPACITY, "controls") == 0)
        assert page.is_visible("#too-much")
    two.circle.keyboard.press("Tab")
    until(two.circle, lambda: two.circle.evaluate(OPACITY, "controls") == 1)
    assert two.square.get_attribute("#room", "data-controls") == "quiet"
    two.circle.click("#pause")
    for page in two.both:
        page.wait_for_selector("#ask:not([hidden])")
        until(page, lambda p=page: p.evaluate(OPACITY, "controls") == 1)
    two.circle.wait_for_timeout(6500)
    for page in two.both:
        assert page.get_attribute("#room", "data-controls") == "shown", (
            "nothing fades while something is asked"
        )


def test_too_much_silences_this_phone_at_once_and_tells_the_other(couple: Couples) -> None:
    two = couple().gather().apart().start()
    two.wait_heard(two.circle, two.square)
    # The network goes first: silence must not need it.
    two.square.context.set_offline(True)
    taken = two.square.evaluate(
        """() => new Promise((done) => {
          const began = performance.now();
          document.getElementById("too-much").click();
          const wait = () => level() > 0.001 ? setTimeout(wait, 1) : done(performance.now() - began);
          wait();
        })"""
    )
    # 50 ms for the fade; the ear itself hears 21 ms late, and its page is not alone on this machine.
    assert taken < 150
    assert two.square.is_visible("#stopped")
    two.square.context.set_offline(False)
    two.circle.wait_for_selector("#ask:not([hidden])")
    until(two.circle, lambda: words(two.circle) == "A pause for both of you. Nothing went wrong.")
    two.square.click("#quiet")
    two.square.wait_for_selector("#rest-ask:not([hidden])")
    two.circle.click("#ask [data-answer=yes]")
    two.square.wait_for_timeout(600)
    assert two.square.is_visible("#resting"), "it went on by itself"
    two.square.click("#rest-ask [data-answer=yes]")
    two.square.wait_for_selector("#room[data-state=playing]")
    two.wait_heard(two.square)


def test_a_step_to_the_return_is_taken_back_by_the_hand_that_took_it(couple: Couples) -> None:
    two = couple().gather().start()
    two.circle.click("#skip")
    two.circle.wait_for_selector("#skip:text-is('Go on after all')")
    two.square.wait_for_selector("#skip:disabled")
    assert two.square.inner_text("#skip") == "Go to the return"
    two.circle.click("#skip")
    for page in two.both:
        page.wait_for_selector("#parts [data-part=arrive][aria-current]", state="attached")
        page.wait_for_selector("#skip:enabled:text-is('Go to the return')")


def test_too_much_is_taken_back_for_oneself_and_goes_on_with_the_others_yes(couple: Couples) -> None:
    two = couple().gather().apart().start()
    two.wait_heard(two.circle, two.square)
    two.square.click("#too-much")
    two.square.click("#go-on")
    two.square.wait_for_selector("#rest-ask [data-answer=yes][aria-pressed=true]")
    assert two.square.is_visible("#rest-note")
    two.circle.wait_for_selector("#ask:not([hidden])")
    assert two.circle.get_attribute("#ask [data-answer=yes]", "aria-pressed") == "false"
    two.circle.wait_for_timeout(600)
    assert two.square.is_visible("#resting"), "it went on by itself"
    two.circle.click("#ask [data-answer=yes]")
    for page in two.both:
        page.wait_for_selector("#pause:not([hidden])")
    two.wait_heard(two.circle, two.square)


def test_the_way_back_from_too_much_closes_by_itself(couple: Couples) -> None:
    two = couple().gather().start()
    two.square.click("#too-much")
    two.square.wait_for_selector("#go-on")
    two.square.wait_for_selector("#go-on", state="hidden", timeout=9000)
    assert two.square.is_visible("#stopped")


def test_grounding_plays_on_the_phone_that_asked_for_it(couple: Couples) -> None:
    two = couple().gather().start()
    two.square.keyboard.press("Escape")
    two.square.click("#ground")
    two.square.wait_for_selector("#ground-stop")
    assert two.square.inner_text("#exercise-title") == "Feel the floor"
    two.wait_heard(two.square)
    two.square.click("#ground-stop")
    two.square.click("#end")
    two.square.wait_for_selector("#over:not([hidden])")
    until(two.circle, lambda: two.circle.inner_text("#status") == "Ending here, gently.")


def test_one_phone_reloaded_is_heard_at_the_next_cue(couple: Couples) -> None:
    two = couple().gather().apart().start()
    two.wait_heard(two.circle, two.square)
    two.square.reload()
    two.square.wait_for_selector("#room[data-state=playing]")
    # Browsers want a touch before a page that was loaded again may sound; prompts and pace wait for none.
    two.square.click("#wake-sound")
    two.square.wait_for_selector("#wake", state="hidden")
    until(two.circle, lambda: two.circle.evaluate("level()") < 0.001, 20)
    two.wait_heard(two.circle)
    two.wait_heard(two.square)
    until(two.square, lambda: words(two.square) == words(two.circle))


def test_a_lobby_without_the_server_says_so_where_it_can_be_seen(couple: Couples) -> None:
    one = couple()
    page = one.open("side-by-side")
    one.enter(page)
    one.code(page)
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('online'))")  # Playwright's offline leaves open sockets alone
    until(page, lambda: page.is_visible("#connection:not(:empty)"), 20)
    assert "comes back by itself" in page.inner_text("#connection")
    page.context.set_offline(False)
    until(page, lambda: page.inner_text("#connection") == "", 30)


def test_without_the_server_the_exercise_goes_on(couple: Couples) -> None:
    two = couple().gather("doorway").apart().start()
    two.wait_heard(two.circle, two.square)
    before = words(two.circle)
    for page in two.both:
        page.context.set_offline(True)
        page.evaluate("heard.length = 0")
    # Playwright's offline leaves open sockets alone, so the page is told by hand that it has lost its own.
    for page in two.both:
        page.evaluate("dispatchEvent(new Event('online'))")
    until(two.circle, lambda: "goes on from this phone" in two.circle.inner_text("#connection"), 15)
    until(two.circle, lambda: words(two.circle) != before, 30)
    two.wait_heard(two.circle, two.square)
    two.circle.click("#pause")
    assert two.circle.inner_text("#status") == "Paused", "a pause of one's own waits for no network"
    for page in two.both:
        page.context.set_offline(False)
    for page in two.both:
        until(page, lambda p=page: p.inner_text("#connection") == "", 20)
        until(page, lambda p=page: p.inner_text("#status") == "Paused")


# ---- with a therapist ----


def test_a_therapist_begins_pauses_and_speaks(couple: Couples) -> None:
    three = couple().gather(conducted=True).apart().start()
    console = three.therapist
    three.wait_heard(three.circle, three.square)
    assert three.circle.evaluate("level()") >= 0
    console.keyboard.press("p")
    for page in three.both:
        until(page, lambda p=page: p.inner_text("#status") == "Paused")
        assert not page.is_visible("#ask"), "a therapist's own pause is ended by the therapist"
    console.keyboard.press("g")
    console.wait_for_selector("#act-pause[aria-disabled=false]")
    console.keyboard.press("t")
    console.keyboard.type("Both feet on the floor, if you like.")
    console.keyboard.press("Enter")
    for page in three.both:
        until(page, lambda p=page: words(p) == "Both feet on the floor, if you like.")
    assert console.input_value("#line") == ""


def test_keys_do_nothing_while_typing(couple: Couples) -> None:
    three = couple().gather(conducted=True).start()
    console = three.therapist
    console.click("#line")
    console.keyboard.type("ph3X")
    console.wait_for_timeout(400)
    assert console.inner_text("#phase") == "Playing"
    assert console.input_value("#line") == "ph3X"


def test_the_console_conducts_the_silence(couple: Couples) -> None:
    three = couple().gather("a-glance-and-a-rest", conducted=True).start()
    console = three.therapist
    console.keyboard.press("j")
    until(console, lambda: console.inner_text("#phase") == "Silence, until you release it")
    until(
        three.circle,
        lambda: three.circle.inner_text("#status") == "A longer silence. You don’t have to do anything.",
    )
    console.keyboard.press("l")
    until(console, lambda: console.inner_text("#phase") == "Playing")
    console.keyboard.press("v")
    until(console, lambda: console.get_attribute("#act-voice", "aria-pressed") == "true")
    console.keyboard.press("d")
    until(console, lambda: console.locator(".passed-over").count() > 0)
    console.keyboard.press("k")
    until(three.circle, lambda: three.circle.locator('[data-part="return"][aria-current]').count())
    console.keyboard.press("1")
    three.circle.wait_for_selector("#ground-stop")
    until(three.square, lambda: words(three.square) == "A pause for both of you. Nothing went wrong.")
    console.keyboard.press("Shift+X")
    for page in three.both:
        page.wait_for_selector("#over:not([hidden])")


@pytest.mark.parametrize("let", [False, True])
def test_a_state_is_seen_only_where_it_was_offered(couple: Couples, let: bool) -> None:
    three = couple()
    console = three.conduct()
    three.join("circle", three.code(console)).click("#enter")
    three.circle.click("[data-nearest=heavy]")
    if let:
        three.circle.check("#let-see")
        until(console, lambda: "disappear" in console.inner_text("#phone-circle"))
    console.wait_for_timeout(600)
    assert ("disappear" in console.inner_text("#phone-circle")) == let


def test_the_console_is_silent_until_it_listens(couple: Couples) -> None:
    three = couple().gather(conducted=True).start()
    three.wait_heard(three.circle)
    assert not three.therapist.evaluate("heard.some(([, level]) => level > 0)")
    three.therapist.click("[data-shows=room]")
    three.therapist.click("#listen")
    three.wait_heard(three.therapist)


def test_a_console_that_goes_away_leaves_a_gentle_close(couple: Couples) -> None:
    three = couple().gather(conducted=True).start()
    three.therapist.context.close()
    del three.pages["therapist"]
    for page in three.both:
        until(page, lambda p=page: "The therapist isn’t connected" in p.inner_text("#status"), 20)
    three.circle.click("#gently")
    until(three.square, lambda: three.square.inner_text("#status") == "Ending here, gently.")


def test_a_third_partner_is_told_that_the_room_is_full(couple: Couples) -> None:
    two = couple().gather()
    answer: Any = two.circle.evaluate(
        "fetch('invite', {method: 'POST', headers: {'Content-Type': 'application/json', Accept: 'application/json'},"
        " body: '{}'}).then((answer) => answer.json())"
    )
    assert answer["error"]["message"] == "This room already has two phones."


def test_grounding_begun_without_a_network_is_not_undone_by_its_return(couple: Couples) -> None:
    two = couple().gather().apart().start()
    page = two.square
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, lambda: "goes on from this phone" in page.inner_text("#connection"), 15)
    page.click("#too-much")
    page.click("#ground")
    page.wait_for_selector("#ground-stop")
    two.wait_heard(page)
    page.context.set_offline(False)
    until(two.circle, lambda: words(two.circle) == "A pause for both of you. Nothing went wrong.", 20)
    page.wait_for_timeout(1500)
    assert page.inner_text("#exercise-title") == "Feel the floor"
    page.click("#too-much")
    page.click("#quiet")
    page.wait_for_selector("#rest-ask:not([hidden])")
