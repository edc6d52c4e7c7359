"""The console's own modules, in a browser without a room."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from server.rooms.core.protocol.sentences import REFUSALS

Ask = Callable[[str], Any]

MODULES = {
    "acts": "room/console/actions",
    "words": "room/console/words",
    "alerts": "room/console/phone-alerts",
    "phrases": "room/console/input/phrases",
    "clock": "room/console/session-clock",
    "check": "room/word-check",
    "condition": "room/phone-condition",
    "bindings": "room/console/input/bindings",
    "talk": "room/console/input/talk",
}
HELPERS = """
    const kept = () => {
      const map = new Map();
      return {getItem: (key) => map.get(key) ?? null, setItem: (key, value) => map.set(key, value)};
    };
    const phone = {here: "here", ready: true, reasons: [], clock_ms: null, grounding: false, footing: "with",
      nearest: null};
    const noTap = {playing: null, held: null, paused: "not_playing", grounding: "not_playing"};
    const seen = (phase, more = {}) => ({phase, can_resume: false, asking: null, hold_until: null,
      tap: phase in noTap ? noTap[phase] : "not_started",
      phones: {circle: phone, square: phone}, ...more});
    const way = {track: "main", voice: true};
    const why = (id, picture) => acts.ACTS.find((act) => act.id === id).why(picture, way);
"""


def test_each_reason_of_the_table_is_the_rooms_own(ask: Ask) -> None:
    reasons = ask("return acts.REASONS")
    assert reasons == {code: REFUSALS[code] for code in reasons}


@pytest.mark.parametrize(
    "phase",
    ["gathering", "preparing", "ready", "playing", "held", "paused", "grounding", "closing", "ended"],
)
def test_every_act_can_be_used_or_says_why(ask: Ask, phase: str) -> None:
    found = ask(
        f"return Object.fromEntries(acts.ACTS.map((act) => [act.id, act.why(seen({json.dumps(phase)}), way)]))"
    )
    assert all(why == "" or why.endswith((".", "?")) for why in found.values())
    usable = {name for name, why in found.items() if not why}
    assert (
        usable
        == {
            "gathering": set(),
            "preparing": set(),
            "ready": {"start"},
            "playing": set(found) - {"start", "start-anyway", "resume", "again", "release", "undo"},
            "held": set(found) - {"start", "start-anyway", "resume", "again", "undo"},
            "paused": set(found)
            - {
                "start",
                "start-anyway",
                "resume",
                "again",
                "release",
                "pause",
                "hold",
                "hold-open",
                "tap",
                "undo",
            },
            "grounding": {"lower", "voice", "ground-circle", "ground-square", "ground-both", "close", "stop"},
            "closing": {"stop"},
            "ended": {"again"},
        }[phase]
    )


def test_a_step_to_the_return_is_taken_back_only_while_the_room_says_so(ask: Ask) -> None:
    assert ask('return why("undo", seen("playing", {canUndo: true}))') == ""
    assert ask('return why("undo", seen("playing"))') == REFUSALS["too_late"]


def test_a_start_says_what_each_phone_waits_for(ask: Ask) -> None:
    assert ask(
        """return why("start", seen("gathering", {phones: {circle: {...phone, here: "absent"},
             square: {...phone, ready: false, reasons: ["Sound is waiting for a tap on the phone."]}}}))"""
    ) == ("Circle: Nobody has joined here yet. Square: Sound is waiting for a tap on the phone.")


def test_grounding_is_not_begun_on_a_phone_that_was_stopped_by_hand(ask: Ask) -> None:
    assert ask(
        """const picture = seen("grounding", {phones: {circle: {...phone, footing: "quiet"}, square: phone}});
           return [why("ground-circle", picture), why("ground-square", picture)]"""
    ) == [REFUSALS["stopped_by_hand"], ""]


@pytest.mark.parametrize(
    ("more", "phase", "away_s", "state", "words"),
    [
        ({"here": "absent"}, "gathering", 0, "absent", "Not here yet"),
        ({"ready": False}, "preparing", 0, "waiting", "Getting ready"),
        ({}, "ready", 0, "ready", "Ready"),
        ({}, "playing", 0, "playing", "Playing"),
        ({}, "held", 0, "held", "Playing"),
        ({}, "paused", 0, "paused", "Paused"),
        ({"footing": "grounding", "grounding": True}, "grounding", 0, "grounding", "Grounding"),
        ({"footing": "quiet", "grounding": True}, "grounding", 0, "stopped", "Stopped"),
        ({}, "grounding", 0, "resting", "Resting"),
        ({"here": "away"}, "playing", 20.9, "away", "Away for 20 s"),
        ({"here": "away"}, "ready", 185, "away", "Away for 3 min"),
    ],
)
def test_a_card_has_one_word_for_a_phone(
    ask: Ask, more: dict[str, Any], phase: str, away_s: float, state: str, words: str
) -> None:
    given = ask(f"return words.cardState({{...phone, ...{json.dumps(more)}}}, {json.dumps(phase)}, {away_s})")
    assert given == {"state": state, "words": words}


def test_the_console_says_how_a_phone_is_and_never_more(ask: Ask) -> None:
    assert ask(
        """const reasons = ["The phone is still getting in step."];
           const late = {...phone, ready: false, reasons, clock_ms: 3.2};
           return [words.phoneWords(late, "preparing"), words.phoneWords({...late, here: "absent"}, "gathering"),
             words.phoneWords({...phone, nearest: "heavy", fault: "silent"}, "playing")]"""
    ) == [
        ["The phone is still getting in step.", "Clock fair, within 3.2 ms."],
        ["Nobody has joined here yet."],
        ["No sound: nothing comes out of it.", "Offered: “I’d rather disappear.”"],
    ]


def test_a_loss_is_told_once_after_twenty_seconds_and_so_is_the_return(ask: Ask) -> None:
    assert ask(
        """const watch = alerts.createPhoneAlerts(), away = {square: {...phone, here: "away"}};
           const look = (phones, seconds) => watch.look(phones, () => seconds).map(({kind}) => kind);
           return [look({square: phone}, 0), look(away, 6), look(away, 19.9), look(away, 20), look(away, 40),
             look({square: phone}, 0), look({square: phone}, 0), look(away, 5), look({square: phone}, 0)]"""
    ) == [[], [], [], ["lost"], [], ["back"], [], [], []]


def test_a_seat_that_was_freed_is_not_back(ask: Ask) -> None:
    assert (
        ask(
            """const watch = alerts.createPhoneAlerts();
           watch.look({circle: {...phone, here: "away"}}, () => 30);
           return watch.look({circle: {...phone, here: "absent"}}, () => 0)"""
        )
        == []
    )


def test_too_much_is_told_when_it_comes_and_neither_after_grounding_nor_on_loading(ask: Ask) -> None:
    assert ask(
        """const kinds = (...footings) => { const watch = alerts.createPhoneAlerts();
             const look = (footing) => watch.look({circle: {...phone, footing}}, () => 0).map(({kind}) => kind);
             return footings.map(look); };
           return [kinds("with", "quiet", "quiet"), kinds("with", "grounding", "quiet"), kinds("quiet", "quiet")]"""
    ) == [[[], ["stopped"], []], [[], [], []], [[], []]]


def test_phrases_are_kept_bounded_and_removed(ask: Ask) -> None:
    first, again, twice, none, long, full, after = ask(
        """const storage = kept(), made = phrases.createPhrases(() => storage);
           const first = made.add("  Both feet  on the floor. ");
           const again = phrases.createPhrases(() => storage).list;
           const twice = made.add("Both feet on the floor."), none = made.add("  "), long = made.add("a ".repeat(31));
           for (let i = 0; i < 11; i++) made.add(`Line ${i}`);
           const full = made.add("One more.");
           made.remove("Both feet on the floor.");
           return [first, again, twice, none, long, full, phrases.createPhrases(() => storage).list.length]"""
    )
    assert (first, again, after) == ("", ["Both feet on the floor."], 11)
    assert twice == "That phrase is saved already."
    assert none == "Type a line with words in it first."
    assert long == "A line to be spoken has thirty words at most."
    assert full.startswith("12 phrases are kept.")


@pytest.mark.parametrize("stored", ['"', "7", '{"a": 1}', '[1, null, "", "Stay."]'])
def test_damaged_phrases_are_left_out(ask: Ask, stored: str) -> None:
    found = ask(
        f"""const storage = kept(); storage.setItem("still-here:phrases", {json.dumps(stored)});
            return phrases.createPhrases(() => storage).list"""
    )
    assert found == (["Stay."] if "Stay" in stored else [])


def test_without_storage_a_phrase_holds_for_the_page_and_says_so(ask: Ask) -> None:
    told, found = ask(
        """const made = phrases.createPhrases(() => { throw new Error("refused"); });
           return [made.add("Stay."), made.list]"""
    )
    assert found == ["Stay."]
    assert "keeps nothing" in told


def test_the_session_clock_goes_on_over_a_reload_and_is_one_rooms(ask: Ask) -> None:
    assert ask(
        """let now = 1000;
           const storage = kept(), open = (room) => clock.createSessionClock(() => storage, room, () => now);
           open("a"); now += 61_000; const reloaded = open("a").elapsedMs;
           now = 500; const setBack = open("a").elapsedMs;
           now = 9000; const other = open("b").elapsedMs;
           now += 5000; const one = open("b"); one.restart(); now += 1000;
           const said = [61_000, 3_723_000].map(clock.elapsedWords);
           return [reloaded, setBack, other, one.elapsedMs, ...said]"""
    ) == [61_000, 0, 0, 1000, "1:01", "1:02:03"]


def test_a_start_waits_for_a_phone_that_was_not_heard_and_can_begin_anyway(ask: Ask) -> None:
    assert ask(
        """const picture = (heard) => seen("ready", {phones: {circle: phone, square: {...phone, heard}}});
           return [false, true, null].map(picture).map((at) => [why("start", at), why("start-anyway", at)])"""
    ) == [
        [REFUSALS["unheard"], ""],
        ["", "Nothing is amiss. “Begin” is enough."],
        ["", "Nothing is amiss. “Begin” is enough."],
    ]


def test_a_round_has_three_words_and_never_plays_the_same_word_twice(ask: Ask) -> None:
    rounds = ask(
        """const list = ["a", "b", "c", "d", "e", "f"].map((clip) => ({words: clip, clip}));
           const rounds = []; let before = null;
           for (let i = 0; i < 300; i++) {
             const round = check.roundOf(list, Math.random, before);
             rounds.push([round.options.map(({clip}) => clip), round.right.clip]);
             before = round.right;
           }
           return rounds"""
    )
    for (options, right), (_, after) in pairwise(rounds):
        assert len(set(options)) == 3
        assert right in options
        assert after != right
    assert {options.index(right) for options, right in rounds} == {0, 1, 2}
    assert ask("return check.roundOf([{words: 'a', clip: 'a'}], Math.random)") is None


def test_the_network_is_a_word_and_the_charge_comes_in_steps(ask: Ask) -> None:
    assert ask(
        """return [[5, 120, 200, 500, NaN].map((rttMin) => condition.networkOf({rttMin})),
             [0, 0.33, 1, NaN].map(condition.chargeOf)]"""
    ) == [["good", "good", "fair", "poor", None], [0, 35, 100, None]]


def test_a_pedal_is_one_acts_and_outlasts_a_reload(ask: Ask) -> None:
    assert ask(
        """const storage = kept(), made = bindings.createBindings(() => storage);
           made.set("hold-open", "key:PageDown"); made.set("pause", "midi:cc:64"); made.set("release", "key:PageDown");
           const again = bindings.createBindings(() => storage);
           const found = [again.actOf("key:PageDown"), again.signalOf("hold-open"), again.actOf("midi:cc:64")];
           again.set("pause", null);
           return [...found, again.actOf("midi:cc:64")]"""
    ) == ["release", None, "pause", None]


def test_what_was_kept_of_pedals_is_judged(ask: Ask) -> None:
    assert (
        ask(
            """return ['"', "null", '{"stop": "key:KeyA"}', '{"pause": "key:<b>"}', '{"pause": 7}'].map((text) => {
             const storage = kept(); storage.setItem("still-here:pedals", text);
             const made = bindings.createBindings(() => storage);
             return [made.signalOf("stop"), made.signalOf("pause")]; })"""
        )
        == [[None, None]] * 5
    )


def test_signals_of_keys_and_midi(ask: Ask) -> None:
    assert ask(
        """return [["PageUp", "PageUp"], ["KeyB", "b"], ["Space", " "], ["", "PageDown"], ["Escape", "Escape"],
             ["Tab", "Tab"]].map(([code, key]) => bindings.keySignal({code, key}))"""
    ) == ["key:PageUp", "key:KeyB", "key:Space", "key:PageDown", None, None]
    assert ask(
        """return [[0x90, 60, 100], [0x91, 60, 1], [0x90, 60, 0], [0x80, 60, 64], [0xb0, 64, 127], [0xb0, 64, 10],
             [0xf8]].map(bindings.midiSignal)"""
    ) == ["midi:note:60", "midi:note:60", None, None, "midi:cc:64", None, None]


def test_speaking_is_said_again_while_it_is_held_and_ended_once(ask: Ask) -> None:
    assert ask(
        """const said = []; let again = null;
           const made = talk.createTalk({say: (on) => said.push(on), every: (act) => { again = act; return 1; },
             cancel: () => { again = null; }, onChange() {}});
           made.begin(); made.begin(); again(); made.end(); made.end();
           return [said, again]"""
    ) == [[True, True, False], None]
