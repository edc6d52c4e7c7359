"""The studio: one composer a file however many ask, and every failure one sentence."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.errors import ComposeError
from audio.recipe import Recipe, Texture
from audio.studio.client import Render, Studio
from audio.studio.order_queue import Asking
from audio.studio.requests import Installation, SpeechRequest
from exercises.library import load_library
from exercises.timeline import length_bounds
from tests.conftest import ROOT

LIBRARY = load_library()
DOORWAY = Recipe(LIBRARY.get("doorway"), 75)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    running = Studio(tmp_path_factory.mktemp("data"), workers=2)
    running.start()
    yield running
    running.close()


def read_all(render: Render) -> bytes:
    render.wait_started()
    assert render.size is not None
    return b"".join(render.read(render.open(), 0, render.size))


def wait_done(render: Render) -> None:
    deadline = time.monotonic() + 60
    while not render.done and not render.error and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_render_is_read_whole_while_it_grows(studio: Studio) -> None:
    render = studio.render(DOORWAY, DOORWAY.key())
    content = read_all(render)
    assert content[:3] == b"ID3"
    assert len(content) == render.size
    wait_done(render)
    assert render.state == "ready"


def test_everybody_who_asks_for_a_file_joins_one_render(studio: Studio) -> None:
    recipe = Recipe(LIBRARY.get("lamp-out"), 120)
    renders = [studio.render(recipe, recipe.key()) for _ in range(10)]
    assert all(render is renders[0] for render in renders)
    contents: list[bytes] = []
    threads = [threading.Thread(target=lambda: contents.append(read_all(renders[0]))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(contents) == 5
    assert len(set(contents)) == 1


def test_any_part_can_be_read_before_it_exists(studio: Studio) -> None:
    recipe = Recipe(LIBRARY.get("same-window"), 180)
    render = studio.render(recipe, recipe.key())
    render.wait_started()
    assert render.size is not None
    tail = b"".join(render.read(render.open(), render.size - 1000, render.size))
    assert tail == read_all(render)[-1000:]


def test_the_size_is_known_without_making_the_file(studio: Studio) -> None:
    recipe = Recipe(LIBRARY.get("open-hand"), 240)
    size = studio.size(recipe, recipe.key())
    assert studio.peek(recipe.key()) == "absent"
    assert len(read_all(studio.render(recipe, recipe.key()))) == size


def test_a_removed_file_is_made_again(studio: Studio) -> None:
    render = studio.render(DOORWAY, DOORWAY.key())
    wait_done(render)
    assert render.path
    render.path.unlink()
    again = studio.render(DOORWAY, DOORWAY.key())
    assert again is not render
    assert len(read_all(again)) == render.size


def test_a_kept_file_is_not_composed_again(tmp_path: Path) -> None:
    for _ in range(2):
        studio = Studio(tmp_path, workers=1)
        render = studio.render(DOORWAY, DOORWAY.key())
        read_all(render)
        wait_done(render)
        assert render.path
        made = render.path.stat().st_ino
        studio.close()
    assert [p.stat().st_ino for p in (tmp_path / "takes").iterdir()] == [made]


def test_a_studio_that_dies_is_one_sentence_and_starts_again(tmp_path: Path) -> None:
    studio = Studio(tmp_path, workers=1)
    recipe = Recipe(LIBRARY.get("overheard"), 240)
    render = studio.render(recipe, recipe.key())
    assert studio._orders.process
    os.kill(studio._orders.process.pid, signal.SIGKILL)
    with pytest.raises(ComposeError, match="Start the exercise again"):
        read_all(render)
    assert studio.failure(recipe.key())
    again = studio.render(recipe, recipe.key())
    assert len(read_all(again)) == again.size
    studio.close()


def test_a_voice_that_may_be_asked_for_starts_no_studio_and_is_asked_for_once_in_a_while(
    tmp_path: Path,
) -> None:
    studio = Studio(tmp_path, workers=1)
    studio.warm("neutral")
    assert studio._orders.process is None
    studio.start()
    for voice in ("neutral", "neutral", "nobody", "lower"):
        studio.warm(voice)
    assert set(studio._warmed) == {"neutral", "nobody", "lower"}
    assert studio.preview(SpeechRequest("You are in this room.", "neutral", 105.0, 0.6, 0))
    studio.close()


def test_old_files_make_room_for_new_ones(tmp_path: Path) -> None:
    studio = Studio(tmp_path, workers=1, cache_mb=1)
    for name, length in (("doorway", 75), ("lamp-out", 84), ("back-in-the-room", 150)):
        recipe = Recipe(LIBRARY.get(name), length)
        render = studio.render(recipe, recipe.key())
        read_all(render)
        wait_done(render)
    studio.render(DOORWAY, "0" * 40).wait_started()
    studio.close()
    kept = sum(p.stat().st_size for p in tmp_path.glob("**/*") if p.is_file() and p.suffix != ".part")
    assert kept < 1.9e6


def test_a_closed_studio_leaves_no_process_behind(tmp_path: Path) -> None:
    studio = Studio(tmp_path, workers=2)
    read_all(studio.render(DOORWAY, DOORWAY.key()))
    assert studio._orders.process
    group = studio._orders.process.pid
    studio.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("a process of the studio is still running")


@pytest.mark.parametrize("go", range(3))
def test_a_studio_that_is_closed_while_its_voices_start_says_nothing(tmp_path: Path, go: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "audio.studio.process", str(tmp_path), "0", "64", "1", ""],
        cwd=ROOT, input="", capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout == ""
    assert done.stderr == ""


def test_without_the_finish_a_voice_that_has_one_is_another_clip(tmp_path: Path) -> None:
    keys = set()
    for finish in (True, False):
        studio = Studio(tmp_path, workers=1, finish=finish)
        keys.add(studio.preview(SpeechRequest("You are in this room.", "neutral", 105.0, 0.6, 0)))
        studio.close()
    assert len(keys) == 2


def test_what_was_made_ahead_is_what_a_preview_then_is(tmp_path: Path) -> None:
    wordings = [
        SpeechRequest("You are in this room.", voice, 105.0, 0.6, 0) for voice in ("neutral", "lower")
    ]
    studio = Studio(tmp_path, workers=1)
    studio.ahead(wordings).wait(300)
    made = {path.stem for path in (tmp_path / "clips").glob("*/*.clip")}
    assert {studio.preview(wording) for wording in wordings} == made
    studio.close()


def test_an_exercise_whose_lines_were_made_ahead_asks_its_voice_for_nothing_more(tmp_path: Path) -> None:
    recipe = Recipe(load_library().get("doorway"), 75, voice="neutral")
    studio = Studio(tmp_path, workers=1)
    studio.ahead([], [recipe]).wait(300)
    made = {path.stem for path in (tmp_path / "clips").glob("*/*.clip")}
    render = studio.render(recipe, recipe.key())
    render.wait_started()
    for _ in render.read(render.open(), 0, render.size or 0):
        pass
    assert {path.stem for path in (tmp_path / "clips").glob("*/*.clip")} == made
    assert len(made) > 3
    studio.close()


def test_a_file_whose_lines_were_spoken_does_not_wait_for_a_crowd(tmp_path: Path) -> None:
    studio = Studio(tmp_path, workers=2)
    try:
        wait_done(studio.render(DOORWAY, DOORWAY.key()))
        crowd = [
            dataclasses.replace(
                DOORWAY, length_s=length_bounds(DOORWAY.exercise, rate_wpm=pace)[0] + 10, pace=pace
            )
            for pace in range(90, 140)
        ]
        for n, recipe in enumerate(crowd):
            studio.render(recipe, recipe.key(), Asking(network=f"visitor {n}"))
        longer = dataclasses.replace(DOORWAY, length_s=90, texture=Texture(bell=False))
        spoken = studio.render(longer, longer.key(), Asking(network="couple"))
        wait_done(spoken)
        assert spoken.state == "ready"
        assert studio.load().waiting["listener"] > 0
    finally:
        studio.close()


def test_a_voice_that_cannot_speak_keeps_no_other_from_being_made_ahead(tmp_path: Path) -> None:
    mute, good = (SpeechRequest("Stay near.", voice, 105.0, 0.6, 0) for voice in ("gone", "neutral"))
    studio = Studio(tmp_path, workers=1)
    studio.ahead([mute, good]).wait(60)
    assert len(list((tmp_path / "clips").glob("*/*.clip"))) == 1
    studio.close()


def test_what_follows_an_installation_waits_for_it_and_is_not_done_where_it_failed() -> None:
    followed: list[str] = []
    good, bad = (Installation(lambda name=name: followed.append(name)) for name in ("good", "bad"))  # type: ignore[misc]
    for one in (good, bad):
        one.update({"event": "progress", "done": 1, "whole": 2})
    assert followed == []
    bad.update({"event": "failed", "message": "It did not come."})
    good.update({"event": "done"})
    assert followed == ["good"]
