"""The pure modules, imported in a page and asked directly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

PLAN: dict[str, Any] = {
    "exercise": {"id": "x", "title": "X", "level": 2, "family": "gaze"},
    "duration": 60.0,
    "lead_in": 4.0,
    "parts": [
        {"name": "arrive", "title": "Arrive", "start": 0.0, "end": 10.0},
        {"name": "consent", "title": "Consent", "start": 10.0, "end": 20.0},
        {"name": "practice", "title": "Practice", "start": 20.0, "end": 40.0},
        {"name": "return", "title": "Return", "start": 40.0, "end": 50.0},
        {"name": "close", "title": "Close", "start": 50.0, "end": 60.0},
    ],
    "cues": [
        {"kind": "rest", "start": 0.0, "end": 4.0, "part": "arrive"},
        {"kind": "bell", "start": 4.0, "end": 4.0, "part": "arrive"},
        {"kind": "line", "start": 4.0, "end": 7.0, "part": "arrive", "text": {"circle": "A", "square": "B"}},
        {"kind": "rest", "start": 7.0, "end": 12.0, "part": "arrive"},
        {"kind": "decision", "start": 12.0, "end": 20.0, "part": "consent", "text": {"circle": "Q", "square": "Q"},
         "answers": ["Yes", "No"]},
        {"kind": "breath", "start": 20.0, "end": 28.0, "part": "practice",
         "phases": [["in", 20.0, 24.0], ["out", 24.0, 28.0]]},
        {"kind": "word", "start": 20.0, "end": 24.0, "part": "practice", "text": {"circle": "In.", "square": "In."}},
        {"kind": "word", "start": 24.0, "end": 28.0, "part": "practice", "text": {"circle": "Out.", "square": "Out."}},
        {"kind": "prompt", "start": 28.0, "end": 40.0, "part": "practice",
         "text": {"circle": "Hands home", "square": "Hands home"}},
        {"kind": "rest", "start": 28.0, "end": 40.0, "part": "practice"},
        {"kind": "line", "start": 40.0, "end": 44.0, "part": "return", "text": {"circle": "C", "square": "C"}},
        {"kind": "rest", "start": 44.0, "end": 60.0, "part": "close"},
    ],
}  # fmt: skip


@pytest.fixture
def ask(visit: Callable[..., Any]) -> Iterator[Callable[[str], Any]]:
    """Evaluates an expression in which `s` is schedule.js, `f` is format.js, `plan` and `list` are given."""
    page = visit().open("/help")

    def evaluate(expression: str) -> Any:
        return page.evaluate(
            f"""async () => {{
              const s = await import("/static/player/stage/schedule.js"), f = await import("/static/shared/format.js");
              const plan = {json.dumps(PLAN)}, list = s.moments(plan);
              return {expression};
            }}"""
        )

    return evaluate


def test_words_that_come_to_be_a_question_are_set_as_one_from_their_start(ask: Callable[[str], Any]) -> None:
    said = {
        "kind": "line",
        "start": 11.0,
        "end": 12.0,
        "part": "consent",
        "text": {"circle": "Q", "square": "Q"},
    }
    found = ask(
        f"s.moments({{...plan, cues: [...plan.cues, {json.dumps(said)}]}}).map((m) => [m.at, m.asks])"
    )
    assert [at for at, asks in found if asks] == [11.0, 12.0]
    assert 4.0 in [at for at, asks in found if not asks]


@pytest.mark.parametrize(
    ("at", "cue", "tone", "words"),
    [
        (0.0, -1, "rest", None),
        (3.999, -1, "rest", None),
        (4.0, 2, "voice", "A"),
        (7.0, 2, "rest", "A"),
        (12.5, 4, "voice", "Q"),
        (20.0, 6, "rest", "Q"),
        (24.0, 7, "rest", "Q"),
        (30.0, 8, "silent", "Hands home"),
        (40.0, 10, "voice", "C"),
        (59.9, 10, "rest", "C"),
        (99.0, 10, "rest", "C"),
    ],
)
def test_what_stands_on_the_screen(
    ask: Callable[[str], Any], at: float, cue: int, tone: str, words: str | None
) -> None:
    moment = ask(f"s.momentAt(list, {at})")
    assert (moment["cue"], moment["tone"]) == (cue, tone)
    assert (moment["text"] or {}).get("circle") == words


def test_each_side_has_words_of_its_own(ask: Callable[[str], Any]) -> None:
    assert ask("s.momentAt(list, 5).text") == {"circle": "A", "square": "B"}


def test_a_question_stands_until_its_end(ask: Callable[[str], Any]) -> None:
    assert ask("[11.9, 12, 19.9, 20].map((t) => s.momentAt(list, t).decision !== null)") == [
        False,
        True,
        True,
        False,
    ]


def test_breath_is_in_then_out_then_over(ask: Callable[[str], Any]) -> None:
    phases = ask("[19.9, 21, 24, 27, 28].map((t) => s.phaseAt(s.momentAt(list, t).breath, t))")
    assert phases == [
        None,
        {"direction": "in", "share": 0.25},
        {"direction": "out", "share": 0},
        {"direction": "out", "share": 0.75},
        None,
    ]


def test_changes_come_in_order(ask: Callable[[str], Any]) -> None:
    assert ask("list.map((m) => m.at)") == [0, 4, 7, 12, 20, 24, 28, 40, 44]
    assert ask("[0, 4, 43.9].map((t) => s.nextChange(list, t))") == [4, 7, 44]
    assert ask("s.nextChange(list, 50) === Infinity")


def test_parts_and_the_return(ask: Callable[[str], Any]) -> None:
    assert ask("[0, 10, 39.9, 60].map((t) => s.partAt(plan, t).name)") == [
        "arrive",
        "consent",
        "practice",
        "close",
    ]
    assert ask("s.returnStart(plan)") == 40


def test_consent_is_looked_back_for(ask: Callable[[str], Any]) -> None:
    none, both = "new Set()", "new Set([plan.cues[4]])"
    assert ask(f"[19.9, 20, 39, 39.95, 45].map((t) => s.passedWithoutConsent(plan, t, {none}))") == [
        False, True, True, False, False,
    ]  # fmt: skip
    assert not ask(f"s.passedWithoutConsent(plan, 25, {both})")


def test_time_left_does_not_press(ask: Callable[[str], Any]) -> None:
    assert ask("[400, 179, 95, 85, 50, 44, 0].map(f.aboutLeft)") == [
        "about 7 minutes left", "about 3 minutes left", "about 2 minutes left", "about a minute left",
        "about a minute left", "less than a minute left", "less than a minute left",
    ]  # fmt: skip
    assert ask("[161.2, 9, -1].map(f.exactLeft)") == ["2:42 left", "0:09 left", "0:00 left"]


FOLLOWED = """async () => {
  const {follow, LOOK_AHEAD_S} = await import("/static/player/stage/frames.js");
  const {elementLeadMs} = await import("/static/shared/output-clock/platforms.js");
  const lead = elementLeadMs(navigator.userAgent) / 1000;
  // an element that tells its time too soon by what is usual, and then up to 40 ms behind, reading by reading, as a
  // decoder's pieces make it
  const audio = new EventTarget();
  let from = performance.now(), at = 0, readings = 0;
  const real = () => at + (performance.now() - from) / 1000;
  audio.paused = audio.seeking = false;
  const behind = [40, 20, 13, 27, 0, 38];
  Object.defineProperty(audio, "currentTime", {get: () => real() + lead - behind[readings++ % 6] / 1000});
  const off = [];
  const step = follow(audio, (seconds) => off.push(seconds - LOOK_AHEAD_S - real()));
  step();
  const after = (ms) => new Promise((done) => setTimeout(done, ms));
  const worst = () => Math.max(...off.slice(-10).map(Math.abs)) * 1000;
  await after(900);
  const steady = worst();
  at = 60; from = performance.now();
  audio.dispatchEvent(new Event("seeked"));
  const jumped = Math.abs(off[off.length - 1]) * 1000;
  await after(900);
  const again = worst();
  audio.paused = true;
  audio.dispatchEvent(new Event("pause"));
  return {steady, jumped, again};
}"""


def test_the_time_of_the_sound_is_steadier_than_what_the_element_tells(visit: Callable[..., Any]) -> None:
    told = visit().open("/help").evaluate(FOLLOWED)
    assert told["steady"] < 6
    assert told["jumped"] < 45, "a jump is followed at once, by a single reading"
    assert told["again"] < 6


LANDED = """async () => {
  const {follow} = await import("/static/player/stage/frames.js");
  const audio = new EventTarget(), drawn = [];
  audio.paused = audio.seeking = false;
  audio.currentTime = 60;
  const step = follow(audio, (seconds) => drawn.push(seconds));
  audio.dispatchEvent(new Event("seeked"));
  for (let i = 0; i < 3; i++) step();
  audio.paused = true;
  audio.dispatchEvent(new Event("pause"));
  return Math.min(...drawn.slice(1));
}"""


def test_where_a_jump_lands_no_words_of_before_are_shown(visit: Callable[..., Any]) -> None:
    assert visit().open("/help").evaluate(LANDED) >= 60
