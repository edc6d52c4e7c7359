"""The queue before the studio: bounded, fair between networks, the higher rank first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.studio.order_queue import OVERTAKEN, Asking, Full, Rank, Waiting

ASKINGS = st.builds(Asking, st.sampled_from(Rank), st.sampled_from(["", "a", "b", "c"]))
STEPS = st.lists(st.one_of(ASKINGS, st.just("pop"), st.just("done"), st.just("drop")), max_size=60)


def drained(queue: Waiting[str]) -> list[str]:
    found = []
    while (item := queue.pop()) is not None:
        found.append(item)
        queue.done()
    return found


def test_networks_take_turns_and_ranks_go_first() -> None:
    queue: Waiting[str] = Waiting(4)
    for n in range(3):
        queue.push(Asking(Rank.LISTENER, "greedy"), f"greedy {n}")
    queue.push(Asking(Rank.PREVIEW, "c"), "preview")
    queue.push(Asking(Rank.FILE, "c"), "file")
    queue.push(Asking(Rank.LISTENER, "honest"), "honest")
    queue.push(Asking(Rank.ROOM, "room"), "room")
    assert drained(queue) == ["room", "greedy 0", "honest", "greedy 1", "greedy 2", "file", "preview"]


def test_one_network_cannot_fill_the_queue() -> None:
    queue: Waiting[int] = Waiting(4, most=20, most_of_one=5)
    for n in range(5):
        queue.push(Asking(network="greedy"), n)
    with pytest.raises(Full):
        queue.push(Asking(network="greedy"), 5)
    queue.push(Asking(network="honest"), 6)


def test_files_leave_places_for_rooms_and_listeners() -> None:
    queue: Waiting[str] = Waiting(4)
    for n in range(4):
        queue.push(Asking(Rank.FILE, str(n)), "file")
    assert [queue.pop() for _ in range(3)] == ["file", "file", None]
    queue.push(Asking(Rank.SPOKEN, "s"), "spoken")
    queue.push(Asking(Rank.ROOM, "r"), "room")
    assert queue.pop() == "room"
    assert queue.pop() is None
    queue.done()
    assert queue.pop() == "spoken"


def test_spoken_lines_go_before_a_crowd_and_do_not_starve_it() -> None:
    queue: Waiting[str] = Waiting(4)
    for n in range(3):
        queue.push(Asking(Rank.LISTENER, f"visitor {n}"), f"new {n}")
    for n in range(2 * OVERTAKEN):
        queue.push(Asking(Rank.SPOKEN, f"couple {n}"), "spoken")
    served = drained(queue)
    assert served == ["spoken"] * OVERTAKEN + ["new 0"] + ["spoken"] * OVERTAKEN + ["new 1", "new 2"]


def test_a_crowd_leaves_a_place_for_spoken_lines() -> None:
    queue: Waiting[str] = Waiting(4)
    for n in range(4):
        queue.push(Asking(Rank.LISTENER, f"visitor {n}"), "new")
    assert [queue.pop() for _ in range(3)] == ["new", "new", None]
    queue.push(Asking(Rank.SPOKEN, "couple"), "spoken")
    assert queue.pop() == "spoken"


def test_what_nobody_waits_for_is_taken_out() -> None:
    queue: Waiting[str] = Waiting(4)
    queue.push(Asking(network="a"), "gone")
    queue.push(Asking(network="a"), "here")
    assert queue.drop("gone")
    assert not queue.drop("gone")
    assert drained(queue) == ["here"]


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_nothing_is_lost_doubled_or_beyond_the_bounds(steps: list[object]) -> None:
    queue: Waiting[int] = Waiting(3, most=6, most_of_one=3)
    waiting: set[int] = set()
    running = 0
    for number, step in enumerate(steps):
        if isinstance(step, Asking):
            try:
                queue.push(step, number)
                waiting.add(number)
            except Full:
                assert len(waiting) >= 3
        elif step == "pop":
            item = queue.pop()
            if item is not None:
                waiting.remove(item)
                running += 1
        elif step == "done" and running:
            queue.done()
            running -= 1
        elif step == "drop" and waiting:
            gone = min(waiting)
            assert queue.drop(gone)
            waiting.remove(gone)
        assert len(queue) == len(waiting) <= 6 * (len(Rank) - 1) + 60
        assert running <= 3
