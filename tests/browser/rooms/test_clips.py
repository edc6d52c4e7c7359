"""The clips of a plan: fetched, decoded, tried again, and told of where they cannot be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Ask = Callable[[str], Any]

HELPERS = """
  // A world whose timers are run by hand; `bad` says which address fails at which attempt.
  function world(bad = {}) {
    const w = {fetched: [], timers: [], changes: 0};
    const times = {};
    w.clips = c.createClips({
      fetch: async (address, afresh) => { w.fetched.push([address, afresh]); return address; },
      decode: async (address) => {
        times[address] = (times[address] ?? 0) + 1;
        if (times[address] <= (bad[address] ?? 0)) throw new Error("not to be decoded");
        return {address, time: times[address]};
      },
      later: (act) => w.timers.push(act),
      onChange: () => { w.changes += 1; },
    });
    w.settle = async () => { for (let n = 0; n < 40; n++) await null; };
    w.tick = async () => { for (const act of w.timers.splice(0)) act(); await w.settle(); };
    return w;
  }
"""


MODULES = {
    "c": "room/sound/clips",
}


def test_all_that_is_wanted_comes_in_order(ask: Ask) -> None:
    fetched, complete, failing = ask(
        "const w = world(); w.clips.want(['a', 'b', 'c', 'a']); await w.settle();"
        "return [w.fetched, w.clips.complete, w.clips.failing]"
    )
    assert fetched == [["a", False], ["b", False], ["c", False]]
    assert (complete, failing) == (True, False)


def test_what_cannot_be_decoded_is_fetched_afresh_and_told_of_at_the_third_time(ask: Ask) -> None:
    fetched, told, after = ask(
        """
        const w = world({b: 4}), told = [];
        w.clips.want(["a", "b"]);
        await w.settle();
        for (let n = 0; n < 4; n++) { told.push(w.clips.failing); await w.tick(); }
        return [w.fetched.filter(([address]) => address === "b").map(([, afresh]) => afresh), told,
          [w.clips.failing, w.clips.complete]]"""
    )
    assert fetched == [False, True, True, True, True]
    assert told == [False, False, True, True]
    assert after == [False, True], "it is forgotten when it comes at last"


def test_the_others_come_meanwhile(ask: Ask) -> None:
    assert ask(
        "const w = world({a: 99}); w.clips.want(['a', 'b', 'c']); await w.settle(); return w.clips.progress"
    ) == {
        "ready": 2,
        "wanted": 3,
    }


def test_what_is_not_wanted_any_more_cannot_fail(ask: Ask) -> None:
    assert not ask(
        """
        const w = world({a: 99});
        w.clips.want(["a"]);
        await w.settle();
        for (let n = 0; n < 5; n++) await w.tick();
        w.clips.want(["b"]);
        await w.settle();
        return w.clips.failing"""
    )


def test_again_fetches_all_of_it_past_the_cache(ask: Ask) -> None:
    fetched, time = ask(
        """
        const w = world();
        w.clips.want(["a", "b"]);
        await w.settle();
        w.clips.again();
        await w.settle();
        return [w.fetched.slice(2), w.clips.get("a").time]"""
    )
    assert fetched == [["a", True], ["b", True]]
    assert time == 2


def test_every_wording_is_fetched_once_in_one_order_and_only_ones_own_is_decoded(ask: Ask) -> None:
    seen = ask("""
      const w = world();
      const all = ["a", "b", "c", "d"];
      w.clips.want(["c"], all);
      await w.settle();
      const first = {fetched: w.fetched.map(([address]) => address), own: Boolean(w.clips.get("c")),
                     other: Boolean(w.clips.get("a")), complete: w.clips.complete, progress: w.clips.progress};
      w.clips.want(["a"], all);
      await w.settle();
      return {first, fetched: w.fetched.length, own: Boolean(w.clips.get("a")), gone: !w.clips.get("c")};
    """)
    assert seen["first"] == {
        "fetched": ["a", "b", "c", "d"],
        "own": True,
        "other": False,
        "complete": True,
        "progress": {"ready": 4, "wanted": 4},
    }
    assert (seen["fetched"], seen["own"], seen["gone"]) == (4, True, True)
