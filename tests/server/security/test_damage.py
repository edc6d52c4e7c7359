"""Damaged lines and files, and clocks that are wrong: that room, feed or recording alone is out, and is said once."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.recordings.store import Recording, RecordingStore, lifts
from server.rooms.core.protocol.errors import BadSnapshot
from server.rooms.core.room import Room
from server.rooms.persistence import Clocks, from_file, to_file
from server.services.export.feeds import FeedStore
from tests.support.room_world import CATALOGUE, playing, score_of

DIGEST = "a" * 64


class Shelf:
    """Stands for what prepares: here only its catalogue is asked for."""

    catalogue = CATALOGUE


SOON = Clocks(1001.0, 5e8 + 1, "boot")


@lru_cache
def line() -> str:
    world = playing()
    return json.dumps(to_file(world.room, {"circle": DIGEST, "square": DIGEST}, Clocks(1000.0, 5e8, "boot")))


def kept() -> dict[str, Any]:
    """A room under way as it stands in the journal."""
    return json.loads(line())


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2**70), st.floats(), st.text(max_size=5), st.just([]), st.just({}),
    st.lists(st.one_of(st.none(), st.text(max_size=2), st.integers()), max_size=3),
)  # fmt: skip


def restored(plain: dict[str, Any], clocks: Clocks = SOON) -> Room:
    return from_file(plain, Shelf(), score_of(), clocks)[0]  # type: ignore[arg-type]


def test_a_whole_line_comes_back() -> None:
    assert restored(kept()).state.stage == "under_way"


PLACES = [
    *(("room", name) for name in kept()["room"]),
    *(("room", "choice", name) for name in kept()["room"]["choice"]),
    ("seats",), ("seats", "circle"), ("mono",), ("wall",), ("epoch",), ("room",),
]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(PLACES), JUNK)
def test_an_odd_value_is_a_bad_line_or_a_room_that_works(place: tuple[str, ...], junk: Any) -> None:
    plain = kept()
    at = plain
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = junk
    try:
        room = restored(plain)
    except BadSnapshot:
        return
    from server.rooms.core.events import Tick

    room.handle(Tick(), 1002.0)


@pytest.mark.parametrize("back_s", [120.0, 3600.0, 86_400.0 * 20_000])
def test_a_room_of_a_clock_that_is_behind_now_is_gone(back_s: float) -> None:
    with pytest.raises(BadSnapshot):
        restored(kept(), Clocks(3.0, 5e8 - back_s, "another boot"))


def test_a_shared_clock_that_went_backwards_in_one_boot_is_none() -> None:
    with pytest.raises(BadSnapshot):
        restored(kept(), Clocks(900.0, 5e8, "boot"))


def test_after_a_reboot_with_a_clock_that_goes_on_a_room_is_where_it_would_be() -> None:
    room = restored(kept(), Clocks(30.0, 5e8 + 40.0, "another boot"))
    assert room.state.effective.position_at(30.0) == pytest.approx(
        playing().room.state.effective.position_at(1040.5), abs=1.0
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"room": {"choice": {"exercise_id": [], "length_s": "x", "voice": ""}, "snapshot": 1}},
        {"room": {"choice": {"exercise_id": "doorway", "length_s": "x"}, "snapshot": 1}},
        {"room": []},
        {},
    ],
)
def test_a_service_starts_with_odd_lines_in_its_journal(tmp_path: Path, odd: dict[str, Any]) -> None:
    from server.rooms.background import Revival
    from server.rooms.prepare import CannotPrepare
    from server.rooms.stores.journal import Journal

    class Preparer:
        def at_hand(self, choice: Any) -> None:
            hash(choice)
            raise CannotPrepare("choice")

    (tmp_path / "journal").write_text(
        f'{json.dumps(["b" * 16, odd])}\n[1\n"x"\n{json.dumps(["c" * 16, 5])}\n'
    )
    adopted: list[str] = []
    revival = Revival(Preparer(), Journal(tmp_path), lambda room, *_: adopted.append(room))  # type: ignore[arg-type]
    revival.start()
    assert adopted == []
    assert revival.waiting == set()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["made", "revoked", "choices", "format"]), JUNK)
def test_a_damaged_feed_is_out_or_works(
    tmp_path_factory: pytest.TempPathFactory, name: str, junk: Any
) -> None:
    folder = tmp_path_factory.mktemp("feeds")
    plain = {"format": 1, "made": "2026-01-01", "revoked": None, "choices": {"length": "usual"}}
    (folder / f"{DIGEST}.json").write_text(json.dumps({**plain, name: junk}))
    for feed in FeedStore(folder).all():
        assert all(isinstance(key, str) and isinstance(value, str) for key, value in feed.choices.items())


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["exercise", "place", "take", "seconds", "lufs", "room_db", "clipped"]), JUNK)
def test_a_damaged_recording_is_passed_over_or_works(
    tmp_path_factory: pytest.TempPathFactory, name: str, junk: Any
) -> None:
    folder = tmp_path_factory.mktemp("recordings")
    words = "d" * 32
    whole = Recording(words, "doorway", "1", "e" * 32, 2.0, -20.0, -60.0, False)
    top = json.dumps({**asdict(whole), name: junk}).encode()
    (folder / f"{words}.line").write_bytes(b"SHR1" + bytes(32) + top + b"\nflac")
    found = RecordingStore(folder).all()
    lifts(found.values())
    for one in found.values():
        assert isinstance(one.noisy, bool)
