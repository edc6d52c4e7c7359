"""The locked screen, the hidden page, calls and reloads, and the light of the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

SIDE, GLANCE = "/exercises/side-by-side/", "/exercises/a-glance-and-a-rest/"
WATCH_SESSION = """() => {
  window.acts = {};
  const set = MediaSession.prototype.setActionHandler;
  MediaSession.prototype.setActionHandler = function (name, act) {
    window.acts[name] = act;
    set.call(this, name, act);
  };
  MediaSession.prototype.setPositionState = function (state) { window.told = state; };
}"""
WATCH_LIGHT = """() => {
  window.light = 0;
  navigator.wakeLock.request = async () => {
    window.light += 1;
    return {released: false, async release() { this.released = true; window.light -= 1; }};
  };
}"""
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
METADATA = "(({title, artist, album}) => [title, artist, album])(navigator.mediaSession.metadata)"
PLACE = "sessionStorage.getItem('still-here:place')"


def lines(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [cue for cue in plan["cues"] if cue["kind"] == "line"]


def starts(plan: dict[str, Any]) -> list[float]:
    return [part["start"] for part in plan["parts"]]


@pytest.fixture
def locked(visit: Callable[..., Any]) -> Any:
    """A visit whose lock screen can be looked at and pressed."""
    one = visit()
    one.page.add_init_script(f"({WATCH_SESSION})()")
    one.begin(SIDE)
    one.wait("navigator.mediaSession.metadata !== null")
    return one


def test_the_lock_screen_shows_title_part_and_place(locked: Any) -> None:
    plan = locked.timeline()
    assert locked.page.evaluate(METADATA) == ["Side by Side", "Arrive", "Still Here"]
    locked.seek(starts(plan)[2] + 1)
    locked.wait("navigator.mediaSession.metadata.artist === 'Practice'")
    locked.wait(f"window.told.position >= {starts(plan)[2]}")
    assert locked.page.evaluate("window.told.duration") == pytest.approx(plan["duration"], abs=0.05)
    art = locked.page.evaluate("navigator.mediaSession.metadata.artwork[0].src")
    assert locked.page.request.get(art).headers["content-type"] == "image/png"


def test_the_lock_screen_pauses_goes_on_goes_back_and_to_the_next_part(locked: Any) -> None:
    plan, press = locked.timeline(), lambda name: locked.page.evaluate(f"window.acts.{name}()")
    press("pause")
    locked.wait("a.paused")
    press("pause")
    assert locked.sound("a.paused")
    press("play")
    locked.wait("!a.paused")
    press("play")
    assert not locked.sound("a.paused")
    press("nexttrack")
    locked.wait(f"a.currentTime >= {starts(plan)[1] - 0.1} && a.currentTime < {starts(plan)[1] + 3}")
    locked.seek(starts(plan)[2] + 20)
    press("seekbackward")
    locked.wait(f"a.currentTime < {starts(plan)[2] + 8}")


def test_nothing_on_the_lock_screen_starts_what_was_stopped(locked: Any) -> None:
    locked.page.click("#too-much")
    locked.wait("a.paused")
    assert locked.page.evaluate("navigator.mediaSession.metadata") is None
    assert locked.page.evaluate("Object.values(window.acts).every((act) => act === null)")


def test_the_next_part_does_not_pass_a_question(visit: Callable[..., Any]) -> None:
    one = visit()
    one.page.add_init_script(f"({WATCH_SESSION})()")
    one.begin(GLANCE)
    plan = one.timeline()
    one.wait("navigator.mediaSession.metadata !== null")
    one.seek(starts(plan)[1] + 0.2)
    one.page.evaluate("window.acts.nexttrack()")
    one.wait(f"a.currentTime >= {starts(plan)[3] - 0.1}")


def test_sound_goes_on_with_the_page_hidden_and_the_words_are_right_at_once(browser_page: Any) -> None:
    page = browser_page.begin(SIDE)
    line = lines(browser_page.timeline())[4]
    page.evaluate(HIDE, True)
    browser_page.seek(line["start"] + 0.3)
    at = browser_page.sound("a.currentTime")
    browser_page.wait(f"a.currentTime > {at + 0.5}")
    # moved and brought back within one task, so that no event, timer or frame can have drawn it before
    later = lines(browser_page.timeline())[7]
    shown = page.evaluate(
        f"""() => {{
          document.getElementById("audio").currentTime = {later["start"] + 0.5};
          ({HIDE})(false);
          return document.querySelector(".said").textContent;
        }}"""
    )
    assert shown == later["text"]["circle"]


def test_after_a_call_the_line_is_said_again(browser_page: Any) -> None:
    browser_page.begin(SIDE)
    line = lines(browser_page.timeline())[4]
    browser_page.seek(line["start"] + 2.0)
    browser_page.sound("a.pause()")  # as the phone does, and nobody here
    browser_page.page.wait_for_selector("#status:text-is('Paused')")
    browser_page.sound("a.play()")
    browser_page.wait(f"a.currentTime >= {line['start'] - 0.05} && a.currentTime < {line['start'] + 1.5}")


def test_a_pause_of_ones_own_goes_on_where_it_was(browser_page: Any) -> None:
    page = browser_page.begin(SIDE)
    line = lines(browser_page.timeline())[4]
    browser_page.seek(line["start"] + 2.0)
    page.click("#play")
    page.wait_for_selector("#status:text-is('Paused')")
    page.click("#play")
    browser_page.wait("!a.paused")
    assert browser_page.sound("a.currentTime") >= line["start"] + 1.9


def test_after_a_reload_it_goes_on_at_the_start_of_the_line(browser_page: Any) -> None:
    page = browser_page.begin(SIDE)
    line = lines(browser_page.timeline())[4]
    browser_page.seek(line["start"] + 2.0)
    page.reload()
    page.click("#resume")
    browser_page.wait_playing()
    browser_page.wait(f"a.currentTime >= {line['start'] - 0.05} && a.currentTime < {line['start'] + 1.5}")
    page.wait_for_selector(f'.said:text-is("{line["text"]["circle"]}")')


def test_where_it_was_is_forgotten_at_the_end_and_at_a_stop(browser_page: Any) -> None:
    page = browser_page.begin(SIDE)
    plan = browser_page.timeline()
    browser_page.seek(lines(plan)[2]["start"] + 0.5)
    browser_page.wait(f"{PLACE} !== null")
    assert page.evaluate("Object.keys(localStorage).join()").count("place") == 0
    browser_page.seek(plan["duration"] - 0.6)
    page.wait_for_selector("#over:not([hidden])")
    assert page.evaluate(PLACE) is None
    browser_page.begin(SIDE)
    browser_page.seek(lines(plan)[2]["start"] + 0.5)
    browser_page.wait(f"{PLACE} !== null")
    page.click("#too-much")
    assert page.evaluate(PLACE) is None
    browser_page.open(SIDE)
    page.wait_for_timeout(300)
    assert page.locator("#resume").is_hidden()


def test_after_a_reload_consent_is_asked_anew(browser_page: Any) -> None:
    page = browser_page.begin(GLANCE)
    plan = browser_page.timeline()
    question = next(cue for cue in plan["cues"] if cue["kind"] == "decision")
    browser_page.seek(question["end"] - 2.5)
    for partner in ("circle", "square"):
        page.click(f"#decision [data-yes={partner}]")
    browser_page.seek(question["end"] + 12)
    page.reload()
    page.wait_for_selector("#resume:not([hidden])")
    assert page.locator("#resume").is_disabled()
    for partner in ("circle", "square"):
        page.click(f"#both [data-yes={partner}]")
    page.click("#resume")
    page.wait_for_selector("#decision:not([hidden])")
    assert browser_page.sound("a.currentTime") < question["end"]


def test_the_screen_is_kept_on_only_while_its_words_matter(visit: Callable[..., Any]) -> None:
    one = visit()
    one.page.add_init_script(f"({WATCH_LIGHT})()")
    page = one.begin(SIDE)
    assert page.evaluate("window.light") == 0
    assert page.locator("#sleep").is_hidden()
    page.click("#more")
    page.click("#split")
    one.wait("window.light === 1")
    page.click("#sleep")
    one.wait("window.light === 0")
    page.click("#sleep")
    one.wait("window.light === 1")
    page.click("#play")
    one.wait("window.light === 0")
