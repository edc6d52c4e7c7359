"""The modules of a room, imported in a page and asked directly: with fakes for socket, sound and time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

HELPERS = """
  // A world in which time stands still until it is told to pass.
  function world() {
    const w = {t: 1000, timers: [], sockets: [], states: [], messages: [], refused: [], closed: [], gone: false, n: 0};
    w.later = (act, ms) => { w.timers.push({id: ++w.n, at: w.t + ms, act}); return w.n; };
    w.cancel = (id) => { w.timers = w.timers.filter((timer) => timer.id !== id); };
    w.pass = (ms) => {
      const end = w.t + ms;
      while (true) {
        const next = w.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        w.timers = w.timers.filter((timer) => timer !== next);
        w.t = Math.max(w.t, next.at);
        next.act();
      }
      w.t = end;
    };
    w.open = () => {
      const socket = {sent: [], isClosed: false, isOpen: false,
        send(text) {
          if (!this.isOpen) throw new Error("still connecting, as a real one says");
          this.sent.push(JSON.parse(text));
        },
        close() { this.isClosed = true; }};
      socket.of = (type) => socket.sent.filter((message) => message.type === type);
      socket.say = (message) => socket.onmessage({data: JSON.stringify({v: 1, ...message})});
      w.sockets.push(socket);
      return socket;
    };
    w.last = () => w.sockets[w.sockets.length - 1];
    w.opens = () => { w.last().isOpen = true; w.last().onopen(); };
    w.up = (op = 0) => { w.opens(); w.last().say({type: "welcome", seat: "circle", op}); };
    return w;
  }

  function linked(w, clock = c.createClock()) {
    w.clock = clock;
    return l.createLink({
      open: w.open, now: () => w.t, later: w.later, cancel: w.cancel, clock, backoff: r.createBackoff(() => 0.5),
      hello: () => ({plan: w.plan ?? 0, nearest: null, let_see: false}), isGone: async () => w.gone,
      onState: (state) => w.states.push(state), onMessage: (message) => w.messages.push(message),
      onRefused: (words) => w.refused.push(words), onClosed: (words) => w.closed.push(words),
    });
  }

  // An AudioContext that writes down what is asked of it.
  function sound(w) {
    const param = () => ({value: 1, calls: [],
      setValueAtTime(v, at) { this.calls.push(["set", v, at]); },
      linearRampToValueAtTime(v, at) { this.calls.push(["ramp", v, at]); },
      cancelScheduledValues(at) { this.calls.push(["cancel", at]); }});
    const context = {gains: [], sources: [], destination: {}, get currentTime() { return w.t / 1000; },
      createGain() { const g = {gain: param(), connect() {}, disconnect() {}}; context.gains.push(g); return g; },
      createBufferSource() {
        const s = {starts: [], stops: [], connect() {},
          start(...a) { s.starts.push(a); }, stop(...a) { s.stops.push(a); }};
        context.sources.push(s);
        return s;
      }};
    w.context = context;
    w.shift = 0;
    w.outputClock = {toContext: (ms) => (ms + w.shift) / 1000};
    w.missed = [];
    w.lead = 0;
    w.scheduler = s.createScheduler({context, outputClock: w.outputClock, now: () => w.t, buffer: () => ({duration: 3}),
      input: {}, lead: () => w.lead, onMissed: (key) => w.missed.push(key)});
    w.one = (at, more = {}) => ({
      event: {key: "main:1", start: 0, end: 3, voice: true, sound: "clip", ...more}, at, cut: more.cut ?? Infinity});
    w.playing = () => context.sources.filter((source) => source.starts.length && !source.stops.length);
    return w;
  }
"""


MODULES = {
    "c": "room/server-clock",
    "r": "room/backoff",
    "l": "room/connection",
    "s": "room/sound/scheduler",
    "k": "room/transport",
    "v": "room/view",
    "t": "room/sound/tones",
    "d": "room/console/actions",
}


Ask = Callable[[str], Any]

# ---- the connection


def test_hello_comes_first_and_probes_at_once(ask: Ask) -> None:
    sent = ask(
        "const w = world(), link = linked(w); w.plan = 4; link.connect(); w.opens(); return w.last().sent"
    )
    assert sent[0] == {"v": 1, "type": "hello", "plan": 4, "nearest": None, "let_see": False}
    assert sent[1]["type"] == "probe"
    assert sent[1]["t0"] == 1000


def test_the_answer_to_a_probe_teaches_the_clock_in_milliseconds(ask: Ask) -> None:
    server, epoch = ask(
        """const w = world(), link = linked(w); link.connect(); w.opens();
        const {id, t0} = w.last().of("probe")[0];
        w.t += 40;
        w.last().say({type: "probe", id, t0, t1: 5.02, t2: 5.02, epoch: "one"});
        return [w.clock.toServer(1020), link.epoch]"""
    )
    assert server == pytest.approx(5020)
    assert epoch == "one"


def test_operations_are_numbered_on_from_where_the_seat_was(ask: Ask) -> None:
    ops = ask(
        """const w = world(), link = linked(w); link.connect();
        link.say({type: "pause"});
        w.up(41);
        link.say({type: "skip"});
        return w.last().sent.filter((m) => m.op).map((m) => [m.type, m.op])"""
    )
    assert ops == [["pause", 42], ["skip", 43]]


def test_what_was_not_answered_is_said_again_with_its_number(ask: Ask) -> None:
    ops, replies = ask(
        """const w = world(), link = linked(w), replies = []; link.connect(); w.up();
        for (const type of ["pause", "skip", "close"]) link.say({type}).then((reply) => replies.push([type, reply.ok]));
        w.last().say({type: "done", op: 1});
        w.last().onclose();
        w.pass(3000);
        w.up(2);
        const again = w.last().sent.filter((m) => m.op).map((m) => [m.type, m.op]);
        w.last().say({type: "done", op: 2});
        w.last().say({type: "refused", op: 3, code: "not_started", words: "Not yet."});
        w.last().onclose(); w.pass(3000); w.up(3);
        again.push(w.last().sent.filter((m) => m.op).length);
        await Promise.resolve(); await Promise.resolve();
        return [again, replies]"""
    )
    assert ops == [["skip", 2], ["close", 3], 0]
    assert replies == [["pause", True], ["skip", True], ["close", False]]


def test_what_means_something_at_its_moment_alone_is_said_then_or_never(ask: Ask) -> None:
    taps, replies, after = ask(
        """const w = world(), link = linked(w), replies = []; link.connect();
        const tap = () => link.sayNow({type: "tap"}).then(({ok, code}) => replies.push([ok, code ?? ""]));
        tap(); w.up(); tap();
        w.last().say({type: "done", op: 1});
        tap();
        w.last().onclose();
        tap();
        w.pass(3000); w.up(1);
        link.say({type: "pause"});
        await new Promise((done) => setTimeout(done, 0));
        return [w.sockets.map((socket) => socket.of("tap").map((m) => m.op)), replies,
          w.last().of("pause").map((m) => m.op)]"""
    )
    assert taps == [[1, 2], []]
    assert sorted(replies) == [[False, "lost"]] * 3 + [[True, ""]]
    assert after == [3]


def test_a_refusal_of_no_operation_is_told(ask: Ask) -> None:
    assert ask(
        """const w = world(), link = linked(w); link.connect(); w.up();
        w.last().say({type: "refused", op: null, code: "line_failed", words: "You can say it yourself."});
        return w.refused"""
    ) == ["You can say it yourself."]


def test_back_in_view_the_socket_is_replaced_without_waiting(ask: Ask) -> None:
    seen = ask(
        """const w = world(), link = linked(w); link.connect(); w.up();
        const old = w.last();
        link.refresh();
        const before = {sockets: w.sockets.length, asked: old.isClosed};
        w.up();
        old.say({type: "course", rev: 1});
        old.onclose();
        return {...before, state: link.state, messages: w.messages.length, states: w.states,
          probes: w.clock.quality(w.t).probes}"""
    )
    assert seen == {
        "sockets": 2, "asked": True, "state": "open", "messages": 0, "states": ["open"], "probes": 0,
    }  # fmt: skip


def test_while_a_socket_takes_anothers_place_nothing_is_sent_on_it_and_nothing_is_lost(ask: Ask) -> None:
    seen = ask(
        """const w = world(), link = linked(w); link.connect(); w.up(2);
        link.refresh();
        link.report({type: "facts", sound: true});
        link.say({type: "pause"});
        w.pass(5000);
        const before = {state: link.state, in: link.isIn, sent: w.last().sent.length};
        w.up(2);
        return {...before, later: link.isIn, said: w.last().of("pause").map((one) => one.op)}"""
    )
    assert seen == {"state": "open", "in": False, "sent": 0, "later": True, "said": [3]}


def test_a_connection_that_falls_silent_is_replaced(ask: Ask) -> None:
    assert (
        ask(
            "const w = world(), link = linked(w); link.connect(); w.up(); w.pass(9000); return w.sockets.length"
        )
        == 2
    )


def test_it_comes_back_and_slows_down(ask: Ask) -> None:
    count, states = ask(
        """const w = world(), link = linked(w); link.connect();
        const end = w.t + 60_000;
        while (w.t < end) { w.last().onclose(); w.last().onclose = () => {}; w.pass(500); }
        return [w.sockets.length, w.states]"""
    )
    assert 20 < count < 70
    assert states == ["lost"]


@pytest.mark.parametrize(
    ("code", "comes_back"), [(1006, True), (1012, True), (1008, True), (4001, False), (4003, False)]
)
def test_it_stays_away_only_where_it_is_not_wanted(ask: Ask, code: int, comes_back: bool) -> None:
    sockets, closed = ask(
        f"""const w = world(), link = linked(w); link.connect(); w.up();
        w.last().onclose({{code: {code}}}); w.pass(4000);
        return [w.sockets.length, w.closed.length]"""
    )
    assert (sockets > 1, closed == 0) == (comes_back, comes_back)


def test_a_room_that_is_gone_is_left(ask: Ask) -> None:
    assert ask(
        """const w = world(), link = linked(w); w.gone = true; link.connect();
        for (let i = 0; i < 3; i++) { w.last().onclose({code: 1006}); w.pass(3000); }
        await new Promise((done) => setTimeout(done, 0));
        return [link.state, w.closed.length]"""
    ) == ["closed", 1]


# ---- where it is, and what sounds


EVENTS = """
  const events = [
    {key: "a", start: 4, end: 7, voice: true, sound: "a"}, {key: "b", start: 10, end: 12, voice: true, sound: "b"},
    {key: "c", start: 20, end: 24, voice: false, sound: "in:4.000"}];
  const due = (vectors, now, to, over) => k.due(events, vectors, now, to, over).map(({event, at, cut}) =>
    [event.key, at, cut === Infinity ? null : cut]);
"""


def test_sounds_follow_the_vectors(ask: Ask) -> None:
    assert ask(EVENTS + "return due([{position: 0, velocity: 1, at: 5000}], 5000, 16_000)") == [
        ["a", 9000, None], ["b", 15_000, None],
    ]  # fmt: skip


def test_a_pause_breaks_off_what_sounds_and_drops_what_comes(ask: Ask) -> None:
    pause = "[{position: 0, velocity: 1, at: 5000}, {position: 5, velocity: 0, at: 10_000}]"
    assert ask(EVENTS + f"return due({pause}, 9500, 60_000)") == [["a", 9000, 10_000]]


def test_a_silence_after_the_line_cuts_nothing_and_goes_on_by_itself(ask: Ask) -> None:
    held = """[{position: 0, velocity: 1, at: 5000}, {position: 7, velocity: 0, at: 12_000},
      {position: 7, velocity: 1, at: 22_000}]"""
    assert ask(EVENTS + f"return due({held}, 9500, 26_000)") == [["a", 9000, None], ["b", 25_000, None]]


def test_a_leap_into_a_line_waits_for_the_next_one(ask: Ask) -> None:
    leap = "[{position: 0, velocity: 0, at: 0}, {position: 5, velocity: 1, at: 10_000}]"
    assert ask(EVENTS + f"return due({leap}, 9500, 16_000)") == [["b", 15_000, None]]


def test_what_sounds_is_kept_when_the_room_cuts_the_past_off_its_course(ask: Ask) -> None:
    assert ask(EVENTS + "return due([{position: 5, velocity: 1, at: 10_000}], 10_100, 12_000)") == [
        ["a", 9000, None]
    ]


def test_what_is_passed_over_is_silent(ask: Ask) -> None:
    assert ask(EVENTS + "return due([{position: 0, velocity: 1, at: 5000}], 5000, 30_000, [[9, 13]])") == [
        ["a", 9000, None], ["c", 25_000, None],
    ]  # fmt: skip


def test_positions_stand_still_before_the_first_vector(ask: Ask) -> None:
    assert ask(
        """const list = [{position: 3, velocity: 1, at: 5000}, {position: 8, velocity: 0, at: 10_000}];
        return [0, 5000, 7500, 10_000, 99_000].map((at) => k.positionAt(list, at))"""
    ) == [3, 3, 5.5, 8, 8]


# ---- the scheduler


def test_each_sound_begins_where_the_output_clock_says(ask: Ask) -> None:
    assert ask(
        "const w = sound(world()); w.shift = -250; w.scheduler.follow([w.one(3000)]);"
        "return w.context.sources[0].starts"
    ) == [[2.75, 0]]


def test_a_cue_is_placed_anew_until_it_begins_and_never_bent(ask: Ask) -> None:
    seen = ask(
        """const w = sound(world());
        w.scheduler.follow([w.one(3000)]);
        w.scheduler.follow([w.one(3002)]);
        const still = w.playing().length;
        w.t = 2000; w.scheduler.follow([w.one(3003)]);
        const moved = w.playing().map((source) => source.starts[0][0]);
        w.shift = 1; w.scheduler.follow([w.one(3003)]);
        const bridged = w.playing().map((source) => source.starts[0][0]);
        w.t = 3100; w.scheduler.follow([w.one(3050)]);
        return {still, moved, bridged, at: w.playing().map((source) => source.starts[0][0]),
          rates: w.context.sources.some((source) => "playbackRate" in source)}"""
    )
    assert seen["still"] == 1
    assert seen["moved"] == [3.003]
    assert seen["bridged"] == [3.004], "the sound's own clock is followed too"
    assert seen["at"] == [3.004], "what sounds is left alone"
    assert not seen["rates"]


@pytest.mark.parametrize(("late", "heard"), [(0, True), (120, True), (144, True), (160, False), (400, False)])
def test_a_cue_missed_by_more_than_150_ms_is_left_out(ask: Ask, late: int, heard: bool) -> None:
    starts, missed = ask(
        f"""const w = sound(world()); w.scheduler.follow([w.one(w.t - {late})]);
        w.scheduler.follow([w.one(w.t - {late})]);
        return [w.context.sources.map((source) => source.starts[0]), w.missed]"""
    )
    assert (len(starts) == 1) == heard
    assert missed == ([] if heard else ["main:1"])
    if heard:
        when, offset = starts[0]
        assert when - offset == pytest.approx(1 - late / 1000), "late, it is heard from where it would be"


def test_the_breath_before_a_word_comes_before_its_time_or_not_at_all(ask: Ask) -> None:
    early, soon, late, tone, begun = ask(
        """const w = sound(world()); w.lead = 0.2;
        const begins = (at, more) => { w.scheduler.hush(); w.scheduler.follow([w.one(at, more)]);
          return w.context.sources.at(-1).starts[0]; };
        const early = begins(3000), soon = begins(w.t + 105), late = begins(w.t - 50);
        const tone = begins(3000, {voice: false});
        w.t = 5000; begins(8000); w.t = 7850; w.scheduler.follow([w.one(8002)]);
        return [early, soon, late, tone, w.playing().map((source) => source.starts[0][0])];"""
    )
    assert early == [2.8, 0]
    assert soon == [pytest.approx(1.005), pytest.approx(0.1)], "what there is no time for is left out"
    assert late == [pytest.approx(1.005), pytest.approx(0.255)]
    assert tone == [3, 0]
    assert begun[-1] == 7.8, "what sounds is left alone, and so is the word after it"


def test_a_line_that_comes_late_is_whole_from_its_first_word(ask: Ask) -> None:
    assert ask(
        """const w = sound(world()); w.lead = 0.2; w.scheduler.once("line", w.t - 1000);
        return w.context.sources[0].starts[0]"""
    ) == [pytest.approx(1.005), pytest.approx(0.2)]


def test_a_pause_fades_what_sounds_at_its_time(ask: Ask) -> None:
    calls, stops = ask(
        """const w = sound(world()); w.scheduler.follow([w.one(1000)]); w.t = 1500;
        w.scheduler.follow([w.one(1000, {cut: 1700})]);
        return [w.context.gains[2].gain.calls, w.context.sources[0].stops]"""
    )
    assert calls[-2:] == [["set", 1, 1.7], ["ramp", 0, pytest.approx(1.74)]]
    assert stops == [[pytest.approx(1.75)]]


def test_a_stop_is_silent_within_50_ms_and_asks_nobody(ask: Ask) -> None:
    calls, stops, left = ask(
        """const w = sound(world()); w.scheduler.follow([w.one(1000), w.one(9000, {key: "main:2"})]); w.t = 1500;
        w.scheduler.hush();
        return [w.context.gains[0].gain.calls, w.context.sources.map((source) => source.stops[0][0]),
          w.scheduler.scheduled]"""
    )
    assert calls == [["cancel", 1.5], ["set", 1, 1.5], ["ramp", 0, pytest.approx(1.505)]]
    assert max(stops) <= 1.55
    assert left == []


def test_after_a_stop_sound_can_begin_again(ask: Ask) -> None:
    assert ask(
        """const w = sound(world()); w.scheduler.hush(); w.scheduler.follow([w.one(3000)]);
        return [w.playing().length, w.context.gains[2].gain.value]"""
    ) == [1, 1]


def test_without_the_voice_the_tones_keep_the_pace(ask: Ask) -> None:
    voice, out = ask(
        """const w = sound(world()); w.scheduler.setVoice(false);
        return [w.context.gains[1].gain.calls.pop(), w.context.gains[0].gain.calls]"""
    )
    assert voice[:2] == ["ramp", 0]
    assert out == []


def test_a_line_from_outside_is_not_cut_by_the_course_but_by_a_pause(ask: Ask) -> None:
    kept, ended = ask(
        """const w = sound(world()); w.scheduler.once("line", 1100); w.scheduler.follow([]);
        const kept = w.playing().length;
        w.t = 1500; w.scheduler.rest();
        return [kept, w.playing().length]"""
    )
    assert (kept, ended) == (1, 0)


def test_what_gives_way_fades_as_slowly_as_it_is_told_and_once(ask: Ask) -> None:
    calls, stops = ask(
        """const w = sound(world()); w.scheduler.follow([w.one(1000)]); w.t = 1500;
        const away = {...w.one(1000), cut: 1450, fade: 0.6};
        w.scheduler.follow([away]); const {calls} = w.context.gains[2].gain, before = calls.length;
        w.t = 1700; w.scheduler.follow([{...away, cut: 1451}]); w.t = 1900; w.scheduler.follow([]);
        return [calls.slice(before - 2), w.context.sources[0].stops]"""
    )
    assert calls == [["set", 1, 1.5], ["ramp", 0, pytest.approx(2.1)]]
    assert stops == [[pytest.approx(2.11)]]


@pytest.mark.parametrize(("late", "heard"), [(900, True), (1100, False)])
def test_a_tone_that_may_come_late_begins_softly_in_its_middle(ask: Ask, late: int, heard: bool) -> None:
    starts, calls = ask(
        f"""const w = sound(world());
        w.scheduler.follow([{{...w.one(w.t - {late}, {{voice: false}}), cut: 4000, fade: 0.3, late: 1000}}]);
        return [w.context.sources.map((source) => source.starts[0]), w.context.gains[2]?.gain.calls]"""
    )
    assert (len(starts) == 1) == heard
    if heard:
        assert starts[0] == [pytest.approx(1.005), pytest.approx(late / 1000 + 0.005)]
        soft = [["set", 0, pytest.approx(1.005)], ["ramp", 1, pytest.approx(1.065)]]
        assert calls == [
            *soft, ["cancel", pytest.approx(1.066)], ["set", 1, 4], ["ramp", 0, pytest.approx(4.3)],
        ], "what breaks it off leaves its soft start"  # fmt: skip


# ---- tones


@pytest.mark.parametrize("name", ["bell", "check", "touch", "in:4.000", "out:6.000"])
def test_tones_begin_and_end_in_silence_and_are_no_louder_than_a_voice(ask: Ask, name: str) -> None:
    first, last, peak, seconds = ask(
        f"""const tone = t.tone("{name}", 24_000);
        const peak = tone.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
        return [tone[0], tone[tone.length - 1], peak, tone.length / 24_000]"""
    )
    assert abs(first) < 0.001
    assert abs(last) < 0.001
    assert 0.05 < peak < 0.4
    if ":" in name:
        assert seconds == float(name.split(":")[1])


def test_in_rises_and_out_falls(ask: Ask) -> None:
    """Counted in zero crossings of the lowest partials, early and late."""
    rising, falling = ask(
        """const crossings = (sound, from, to) => {
          let n = 0, low = 0, before = 0;
          for (let i = Math.round(from * sound.length); i < to * sound.length; i++) {
            low += 0.05 * (sound[i] - low);
            if (low > 0 && before <= 0) n++;
            before = low;
          }
          return n;
        };
        return ["in:4.000", "out:4.000"].map((name) => {
          const sound = t.tone(name, 24_000);
          return crossings(sound, 0.75, 0.95) / crossings(sound, 0.05, 0.25);
        })"""
    )
    assert rising > 1.15
    assert falling < 0.87


# ---- views


@pytest.mark.parametrize(
    ("now", "view"),
    [
        ({"entered": False}, "door"),
        ({"picture": None}, "lobby"),
        ({"phase": "ready"}, "lobby"),
        ({"phase": "playing", "track": "main"}, "playing"),
        ({"phase": "paused", "track": "main"}, "playing"),
        ({"phase": "grounding", "track": None}, "resting"),
        ({"phase": "grounding", "track": "grounding"}, "playing"),
        ({"phase": "grounding", "track": "main"}, "playing"),
        ({"phase": "playing", "stopped": "fresh"}, "stopped"),
        ({"phase": "grounding", "stopped": "quiet"}, "resting"),
        ({"phase": "ended", "stopped": "quiet"}, "over"),
        ({"phase": "closing", "track": "close"}, "playing"),
        ({"phase": "ended"}, "over"),
        ({"phase": "playing", "closed": True}, "closed"),
    ],
)
def test_views(ask: Ask, now: dict[str, Any], view: str) -> None:
    import json

    given = {"entered": True, "closed": False, "stopped": "", "track": None, "phase": "gathering", **now}
    phase = given.pop("phase")
    given.setdefault("picture", {"phase": phase, "ask": None, "missing": [], "partner": "here"})
    assert ask(f"return v.viewOf({json.dumps(given)})") == view


def test_every_act_has_a_key_of_its_own_and_none_while_typing(ask: Ask) -> None:
    keys, typed, plain, shifted, held = ask(
        """const none = {shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, repeat: false};
        const key = (key, more = {}) => ({key, ...none, ...more});
        return [d.ACTS.map((act) => act.key), d.actOf(key("p"), true), d.actOf(key("x"), false),
          d.actOf(key("X", {shiftKey: true}), false).id, d.actOf(key("p", {repeat: true}), false)]"""
    )
    assert len(set(keys)) == len(keys)
    assert (typed, plain, shifted, held) == (None, None, "stop", None)
