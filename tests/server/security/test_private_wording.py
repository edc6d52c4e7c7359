"""Which wording somebody gets, and so how they are today, shows neither on the network nor on the server's disk."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from audio.files import read_quietly
from server.rooms.core.protocol import commands
from server.rooms.core.protocol.wire import to_text
from server.rooms.core.types import PARTNERS
from tests.conftest import Service
from tests.support.phone import couple as two_phones
from tests.support.room_world import World, couple, score_of

DAYS = (None, "guarded", "heavy")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("setting", ["together", "apart"])
@pytest.mark.parametrize("exercise", ["short", "halfway"])
def test_plans_of_all_days_name_the_same_clips_and_have_one_length(
    exercise: str, setting: str, language: str
) -> None:
    for seat in PARTNERS:
        seen = []
        for day in DAYS:
            world = World(exercise)
            for each in PARTNERS:
                world.joins(each, language)
            world.says("circle", commands.ChooseSetting, setting=setting)
            world.says(seat, commands.ChooseNearest, nearest=day)
            plan = world.plan(seat)
            seen.append((plan.clips, len(to_text(plan).encode())))
            spoken = {cue.clip for track in plan.tracks.values() for cue in track.cues if cue.clip}
            assert spoken <= set(plan.clips)
        # the numbers of plans rise with each change
        assert seen[0][0] == seen[1][0] == seen[2][0] != []
        assert seen[1][1] == seen[2][1] == pytest.approx(seen[0][1], abs=0)


def test_both_seats_fetch_the_same() -> None:
    world = couple("halfway")
    world.says("circle", commands.ChooseSetting, setting="apart")
    assert world.plan("circle").clips == world.plan("square").clips
    assert len(world.plan("circle").clips) > 20


def test_a_plan_of_another_turn_names_no_other_clips() -> None:
    world = World("halfway")
    for seat in PARTNERS:
        world.joins(seat)
    world.says("circle", commands.ChooseSetting, setting="apart")
    every = {clip.address for words, clip in score_of("halfway").clips.items()}
    assert set(world.plan("circle").clips) <= every


@pytest.mark.parametrize("answered", [True, False])
def test_a_picture_is_as_long_whatever_was_answered(answered: bool) -> None:
    world = couple()
    before = len(to_text(world.sees("circle")))
    world.answers("circle", answered)
    assert len(to_text(world.sees("circle"))) == before


def test_all_clips_of_a_room_have_one_size(rooms: Service) -> None:
    circle, square = two_phones(rooms)
    sizes = set()
    for phone in (circle, square):
        for address in phone.sees("plan")["clips"]:
            answer = phone.ask("GET", f"/rooms/{phone.room}/{address}")
            assert answer.status == 200
            sizes.add(len(answer.body))
    assert len(sizes) == 1


@pytest.mark.skipif(not hasattr(os, "O_NOATIME"), reason="only Linux reads without a trace")
def test_reading_leaves_the_time_of_the_last_access(tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(b"sound")
    long_ago = time.time() - 3 * 24 * 3600
    os.utime(path, (long_ago, long_ago))
    before = path.stat().st_atime_ns
    assert read_quietly(path) == b"sound"
    assert path.stat().st_atime_ns == before


@pytest.mark.skipif(not hasattr(os, "O_NOATIME"), reason="only Linux reads without a trace")
def test_clips_that_phones_fetch_keep_their_access_times(rooms: Service) -> None:
    circle, _ = two_phones(rooms)
    addresses = circle.sees("plan")["clips"]
    paths = [rooms.data / "clips" / a[6:8] / f"{a[6:-5]}.clip" for a in addresses]
    long_ago = time.time() - 3 * 24 * 3600
    for path in paths:
        os.utime(path, (long_ago, long_ago))
    for address in addresses:
        assert circle.ask("GET", f"/rooms/{circle.room}/{address}").status == 200
    assert {round(path.stat().st_atime - long_ago) for path in paths} == {0}
