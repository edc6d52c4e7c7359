"""From two taps to the end of an exercise, with the real sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

LEVEL_2 = "/exercises/a-glance-and-a-rest/"

RECORD_CUES = """() => {
  const audio = document.getElementById("audio");
  const said = document.querySelector('[data-half="circle"] .said');
  window.seen = [];
  let last = said.dataset.cue;
  new MutationObserver(() => {
    if (said.dataset.cue === last) return;
    last = said.dataset.cue;
    window.seen.push([Number(last), audio.currentTime, said.textContent]);
  })
    .observe(said, {attributes: true, attributeFilter: ["data-cue"]});
}"""


def first(plan: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(cue for cue in plan["cues"] if cue["kind"] == kind)


def start_of(plan: dict[str, Any], part: str) -> float:
    return next(p["start"] for p in plan["parts"] if p["name"] == part)


def test_two_taps_to_sound(browser_page: Any) -> None:
    page = browser_page.open("/")
    page.get_by_role("link", name="Side by Side", exact=True).click()
    page.click("#begin")
    browser_page.wait_playing()
    assert page.locator("#player").is_visible()
    assert page.locator("#before").is_hidden()
    plan = browser_page.timeline()
    assert browser_page.sound("a.duration") == pytest.approx(plan["duration"], abs=0.03)


def test_words_change_with_the_voice(browser_page: Any) -> None:
    page = browser_page.begin()
    plan = browser_page.timeline()
    page.evaluate(RECORD_CUES)
    lines = [(i, cue) for i, cue in enumerate(plan["cues"]) if cue["kind"] == "line"][1:8]
    for _, cue in lines:
        browser_page.seek(cue["start"] - 0.4)
        page.wait_for_timeout(700)
    seen = {index: (at, words) for index, at, words in page.evaluate("window.seen")}
    errors = []
    for index, cue in lines:
        at, words = seen[index]
        assert words == cue["text"]["circle"]
        errors.append(at - cue["start"])
    errors.sort()
    assert errors[0] > -0.02  # the screen is never far ahead of the voice
    assert abs(errors[len(errors) // 2]) <= 0.02


def test_a_rest_keeps_the_last_line_and_dims_it(browser_page: Any) -> None:
    page = browser_page.begin()
    plan = browser_page.timeline()
    index = next(i for i, c in enumerate(plan["cues"]) if c["kind"] == "line" and c["part"] == "practice")
    rest = plan["cues"][index + 1]
    assert rest["kind"] == "rest"
    browser_page.seek(rest["start"] + 0.2)
    said = page.locator("[data-half=circle] .said")
    assert said.inner_text() == plan["cues"][index]["text"]["circle"]
    assert said.get_attribute("data-tone") == "rest"
    assert page.locator("#parts [aria-current=step]").inner_text() == "Practice"


def test_the_breath_circle_moves_with_the_sound(browser_page: Any) -> None:
    page = browser_page.begin("/exercises/the-long-way-out/")
    breath = first(browser_page.timeline(), "breath")
    _, start, end = breath["phases"][0]
    browser_page.seek(start + 0.2)
    page.wait_for_selector("#breath:not([hidden])")
    small = page.locator(".disc.circle").bounding_box()["width"]
    page.wait_for_timeout(1500)
    assert page.locator(".disc.circle").bounding_box()["width"] > small + 10
    assert page.locator(".breath-word").inner_text() == "in"
    browser_page.seek(end + 0.2)
    page.wait_for_selector("#breath[data-phase=out]")


def test_unwelcome_motion_becomes_a_step_in_brightness(visit: Callable[..., Any]) -> None:
    one = visit(reduced_motion="reduce")
    page = one.begin("/exercises/the-long-way-out/")
    one.seek(first(one.timeline(), "breath")["phases"][0][1] + 0.2)
    page.wait_for_selector("#breath:not([hidden])")
    before = page.locator(".disc.circle").bounding_box()["width"]
    page.wait_for_timeout(1200)
    assert page.locator(".disc.circle").bounding_box()["width"] == before


def test_two_halves_and_one_turned(browser_page: Any) -> None:
    page = browser_page.begin()
    browser_page.seek(first(browser_page.timeline(), "line")["start"] + 0.2)
    assert page.locator("[data-half=square]").is_hidden()
    page.click("#more")
    page.click("#split")
    for half, word in (("circle", "circle"), ("square", "square")):
        assert page.locator(f"[data-half={half}] .who").inner_text().strip() == word
        assert page.locator(f"[data-half={half}] .said").inner_text()
    page.click("#turn")
    turned = "(half) => getComputedStyle(document.querySelector(`[data-half=${half}]`)).transform"
    assert page.evaluate(turned, "circle").startswith("matrix(-1")
    assert page.evaluate(turned, "square") == "none"
    page.click("#split")
    assert page.evaluate(turned, "circle") == "none"  # one screen has one way up
    page.click("#split")
    assert page.evaluate(turned, "circle") == "none"
    assert page.locator("#turn").get_attribute("aria-pressed") == "false"


def test_too_much_fades_stops_and_never_resumes(browser_page: Any) -> None:
    page = browser_page.begin()
    page.click("#too-much")
    assert page.locator("#stopped-title").inner_text() == "Stopping here. You’re allowed."
    page.wait_for_timeout(300)
    assert 0 < browser_page.sound("a.volume") < 1
    browser_page.wait("a.paused")
    browser_page.sound("a.play().catch(() => null)")
    page.wait_for_timeout(300)
    assert browser_page.sound("a.paused")
    assert page.locator("#stopped a").get_attribute("href") == "/exercises/too-much-for-now/"
    assert page.locator("#too-much").get_attribute("role") is None
    page.click("#quiet")
    assert page.locator("#resting").is_visible()


def test_too_much_stops_at_once_where_the_volume_cannot_be_set(browser_page: Any) -> None:
    browser_page.page.add_init_script(
        "Object.defineProperty(HTMLMediaElement.prototype, 'volume', {get: () => 1, set: () => {}});"
    )
    page = browser_page.begin()
    page.click("#too-much")
    assert browser_page.sound("a.paused")


def test_escape_is_too_much(browser_page: Any) -> None:
    page = browser_page.begin()
    page.keyboard.press("Escape")
    assert page.locator("#stopped").is_visible()
    assert page.evaluate("document.activeElement.id") == "stopped-title"


def test_keys_alone(browser_page: Any) -> None:
    page = browser_page.open("/exercises/side-by-side/")
    page.focus("#begin")
    page.keyboard.press("Enter")
    browser_page.wait_playing()
    assert page.evaluate("document.activeElement.id") == "play"
    browser_page.seek(40)
    page.keyboard.press("ArrowLeft")
    browser_page.wait("a.currentTime < 30")
    page.keyboard.press(" ")
    page.wait_for_selector("#status:text-is('Paused')")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    browser_page.wait_playing()


def test_skipping_lands_on_the_return(browser_page: Any) -> None:
    page = browser_page.begin()
    page.click("#skip")
    start = start_of(browser_page.timeline(), "return")
    browser_page.wait(f"a.currentTime >= {start - 0.05}")
    assert browser_page.sound("a.currentTime") < start + 5
    page.wait_for_selector("#skip:disabled")


def test_time_left_is_exact_only_when_asked_for(browser_page: Any) -> None:
    page = browser_page.begin()
    page.wait_for_selector("#left:text-matches('^about [0-9]+ minutes left$')")
    page.click("#left")
    page.wait_for_selector("#left:text-matches('^[0-9]:[0-9]{2} left$')")


def test_it_ends_plainly(browser_page: Any) -> None:
    page = browser_page.begin()
    browser_page.seek(browser_page.timeline()["duration"] - 0.6)
    page.wait_for_selector("#over:not([hidden])")
    assert page.locator("#over-title").inner_text() == "That was Side by Side. Nothing more is needed."
    assert [one.inner_text() for one in page.locator("#over .choices > *").all()] == [
        "Stay quiet",
        "Again",
        "Something else",
    ]
    assert "professional" not in page.inner_text("#over")  # it is of the quietest
    page.click("#stay")
    assert page.locator("#resting").is_visible()


def test_both_say_yes_before_it_begins(browser_page: Any) -> None:
    page = browser_page.open(LEVEL_2)
    begin = page.locator("#begin")
    assert begin.is_disabled()
    page.click("#both [data-yes=circle]")
    assert begin.is_disabled()
    page.click("#both [data-yes=square]")
    assert begin.is_enabled()
    page.click("#both [data-yes=circle]")
    assert begin.is_disabled()
    page.click("#both [data-no]")
    assert begin.is_hidden()
    assert "A quieter one today?" in page.locator("#quieter").inner_text()
    assert page.locator("#quieter a").first.get_attribute("href") == "/exercises/side-by-side/"


@pytest.mark.parametrize(("taps", "stays"), [(["circle", "square"], True), (["circle"], False), ([], False)])
def test_without_a_yes_from_both_it_goes_to_the_return(
    browser_page: Any, taps: list[str], stays: bool
) -> None:
    page = browser_page.begin(LEVEL_2)
    plan = browser_page.timeline()
    question = first(plan, "decision")
    browser_page.seek(question["end"] - 2.5)
    page.wait_for_selector("#decision:not([hidden])")
    for partner in taps:
        page.click(f"#decision [data-yes={partner}]")
    page.wait_for_selector("#decision", state="hidden")
    if stays:
        page.wait_for_timeout(600)
        assert browser_page.sound("a.currentTime") < start_of(plan, "return") - 1
    else:
        page.wait_for_selector("[data-half=circle] .said:text-is('Not today, then. That’s a good answer.')")
        browser_page.wait(f"a.currentTime >= {start_of(plan, 'return') - 0.05}")


def test_a_no_is_answered_in_voice_and_words_before_the_way_changes(browser_page: Any) -> None:
    asked: list[str] = []
    browser_page.page.on(
        "request", lambda request: asked.append(request.url) if "say=not-today" in request.url else None
    )
    page = browser_page.begin(LEVEL_2)
    plan = browser_page.timeline()
    browser_page.seek(first(plan, "decision")["start"] + 0.1)
    page.click("#decision [data-no]")
    page.wait_for_selector("[data-half=circle] .said:text-is('Not today, then. That’s a good answer.')")
    assert browser_page.sound("a.currentTime") < start_of(plan, "return") - 1
    assert browser_page.sound("a.paused")
    assert page.locator("#play").inner_text() == "Pause"
    assert asked
    assert page.request.get(asked[0]).headers["content-type"] == "audio/flac"
    browser_page.wait(f"!a.paused && a.currentTime >= {start_of(plan, 'return') - 0.05}")


def test_consent_holds_while_the_page_is_hidden(browser_page: Any) -> None:
    page = browser_page.begin(LEVEL_2)
    plan = browser_page.timeline()
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'));"
    )
    browser_page.seek(first(plan, "decision")["end"] - 0.3)
    browser_page.wait(f"a.currentTime >= {start_of(plan, 'return') - 0.05}")


def test_grounding_starts_by_itself_or_by_one_button(visit: Callable[..., Any]) -> None:
    direct = visit()
    page = direct.open("/exercises/too-much-for-now/")
    page.wait_for_selector("#begin:visible")
    page.click("#begin")
    direct.wait_playing()

    followed = visit()
    page = followed.open("/")
    page.get_by_role("link", name="Side by Side", exact=True).click()
    page.click("#too-much")
    page.wait_for_url("**/too-much-for-now/")
    followed.wait_playing()
    assert page.locator("text=If you want to talk to someone now").is_visible()


def test_no_sound_is_said_in_a_sentence_and_tried_again(browser_page: Any) -> None:
    page = browser_page.page
    sentence = "The voice is not answering. Try again in a minute."
    page.route("**/audio.mp3*", lambda route: route.fulfill(status=503, json={}))
    page.route("**/sound.json*", lambda route: route.fulfill(json={"state": "failed", "message": sentence}))
    browser_page.open("/exercises/doorway/")
    page.click("#begin")
    page.wait_for_selector("#trouble:not([hidden])")
    assert page.locator("#trouble-text").inner_text() == sentence
    page.unroute("**/audio.mp3*")
    page.click("#try-again")
    browser_page.wait_playing()
    assert page.locator("#trouble").is_hidden()


def test_without_its_timeline_nothing_plays_on(browser_page: Any) -> None:
    page = browser_page.page
    page.route("**/timeline.json*", lambda route: route.abort())
    browser_page.open("/exercises/doorway/")
    page.click("#begin")
    page.wait_for_selector("#trouble:not([hidden])")
    browser_page.wait("a.paused")
    page.unroute("**/timeline.json*")
    page.click("#try-again")
    browser_page.wait_playing()
    page.wait_for_selector("#parts [aria-current]")
