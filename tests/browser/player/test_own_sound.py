"""The couple's own music beside the voice: where a browser lets a page say so, off at first, kept on the device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[[str], Any]

MODULES = {"own": "player/controls/own-sound"}
HELPERS = """
    const made = (kept, session = {type: "auto"}) => {
      const map = new Map(kept === null ? [] : [["still-here:own-sound", kept]]), told = [];
      const storage = {getItem: (key) => map.get(key) ?? null, setItem: (key, value) => map.set(key, value),
        removeItem: (key) => map.delete(key)};
      const button = document.createElement("button"), note = document.createElement("p");
      const sound = own.createOwnSound({button, note}, () => told.push("on"), session, () => storage);
      return {button, note, sound, session, map, told};
    };
    const seen = ({button, note, sound, session}) =>
      [session?.type, sound.on, button.hidden, button.getAttribute("aria-pressed"), note.hidden];
"""
AUDIO_SESSION = 'Object.defineProperty(navigator, "audioSession", {value: {type: "auto"}})'


def test_it_is_off_at_first(ask: Ask) -> None:
    assert ask("return seen(made(null))") == ["auto", False, False, "false", True]


def test_chosen_it_holds_and_is_kept_and_taken_back_it_is_forgotten(ask: Ask) -> None:
    on, off, kept, told = ask(
        """const one = made(null), views = [];
        one.button.click();
        views.push(seen(one), [...one.map.values()]);
        one.button.click();
        return [views[0], seen(one), [views[1], one.map.size], one.told];"""
    )
    assert on == ["ambient", True, False, "true", False]
    assert off == ["auto", False, False, "false", True]
    assert kept == [["1"], 0]
    assert told == ["on"]


def test_it_is_remembered(ask: Ask) -> None:
    assert ask('return seen(made("1"))') == ["ambient", True, False, "true", False]


@pytest.mark.parametrize("kept", ["null", '"1"'])
def test_where_the_browser_knows_of_no_such_thing_it_is_not_offered(ask: Ask, kept: str) -> None:
    found = ask(f"const one = made({kept}, null); return [one.sound.on, one.button.hidden];")
    assert found == [False, True]


def test_without_storage_it_holds_for_the_page(ask: Ask) -> None:
    assert ask(
        """const button = document.createElement("button"), note = document.createElement("p");
        const refuse = () => { throw new DOMException("no", "SecurityError"); };
        const sound = own.createOwnSound({button, note}, () => {}, {type: "auto"}, refuse);
        const before = sound.on;
        button.click();
        return [before, sound.on];"""
    ) == [False, True]


def test_a_browser_that_refuses_the_type_goes_by_its_own(ask: Ask) -> None:
    assert ask(
        """const session = {get type() { return "auto"; }, set type(value) { throw new TypeError(value); }};
        const one = made("1", session);
        one.button.click();
        return seen(one);"""
    ) == ["auto", False, False, "false", True]


def test_in_the_player_it_stands_under_more_and_outlasts_the_page(visit: Callable[..., Any]) -> None:
    one = visit()
    one.page.add_init_script(AUDIO_SESSION)
    page = one.begin()
    page.click("#more")
    page.click("#own-sound")
    assert page.is_visible("#own-sound-note")
    assert page.evaluate("navigator.audioSession.type") == "ambient"
    page.reload()
    assert page.evaluate("navigator.audioSession.type") == "ambient"
    assert page.get_attribute("#own-sound", "aria-pressed") == "true"
