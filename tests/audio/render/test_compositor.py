"""Composing for real: voices, store, files; and what happens when any of them fails."""

from __future__ import annotations

import dataclasses
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile

from audio.errors import ComposeError, VoiceError
from audio.recipe import Recipe, Texture
from audio.render import encode
from audio.render.compositor import LOOK_AHEAD_LINES, Compositor
from audio.speech.clips.store import ClipStore
from audio.speech.workers.pool import VoicePool
from exercises.library import load_library
from exercises.timeline import SAMPLE_RATE
from tests.support import faulty_voice

LIBRARY = load_library()
DOORWAY = Recipe(LIBRARY.get("doorway"), 75, texture=Texture(bell=True, bed="air"))


@pytest.fixture(scope="module")
def compositor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compositor]:
    running = Compositor(VoicePool(2), ClipStore(tmp_path_factory.mktemp("clips")))
    yield running
    running.close()


def test_a_recipe_survives_the_way_to_another_process() -> None:
    again = Recipe.from_json(DOORWAY.to_json())
    assert again == DOORWAY
    assert again.key() == DOORWAY.key()


@pytest.mark.parametrize(
    "change",
    [
        {"length_s": 66}, {"setting": "earbuds"}, {"voice": "lower"}, {"texture": Texture(False, "air")},
        {"texture": Texture(True, "none")}, {"lead_in_s": 10}, {"kind": "wav"},
        {"reading": 3}, {"words": "fewer"}, {"compact": True},
        {"exercise": LIBRARY.get("doorway").model_copy(update={"title": "Door"})},
    ],
    ids=lambda c: next(iter(c)),
)  # fmt: skip
def test_a_key_changes_with_every_choice(change: dict[str, object]) -> None:
    assert dataclasses.replace(DOORWAY, **change).key() != DOORWAY.key()  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["mp3", "flac", "wav"])
def test_a_file_is_whole_exact_and_heard_at_each_line(
    compositor: Compositor, tmp_path: Path, kind: str
) -> None:
    recipe = dataclasses.replace(DOORWAY, kind=kind, texture=Texture(False, "none"))
    out = tmp_path / f"x.{kind}"
    report = compositor.compose(recipe, out)
    sound, rate = soundfile.read(out, always_2d=True)
    timeline = recipe.timeline()
    assert rate == SAMPLE_RATE
    assert abs(len(sound) - timeline.length) <= (576 * 2 if kind == "mp3" else 0)
    assert report.size == out.stat().st_size
    assert report.late_samples == 0
    for cue in timeline.spoken():
        assert np.abs(sound[cue.start : cue.start + SAMPLE_RATE]).max() > 0.05
        assert np.abs(sound[cue.start - 2400 : cue.start - 1200]).max() < 0.01


def test_earbuds_make_two_channels(compositor: Compositor, tmp_path: Path) -> None:
    recipe = dataclasses.replace(DOORWAY, kind="wav", setting="earbuds")
    compositor.compose(recipe, tmp_path / "x.wav")
    assert soundfile.info(tmp_path / "x.wav").channels == 2


def test_a_compact_file_is_as_loud_and_keeps_each_ear_to_itself(
    compositor: Compositor, tmp_path: Path
) -> None:
    earbuds = dataclasses.replace(DOORWAY, setting="earbuds", texture=Texture(False, "none"))
    made = {}
    for name, recipe in {
        "whole": dataclasses.replace(earbuds, kind="wav"),
        "compact": earbuds.compacted(),
    }.items():
        compositor.compose(recipe, tmp_path / name)
        made[name] = soundfile.read(tmp_path / name, always_2d=True)[0]
    loudness = [pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(sound) for sound in made.values()]
    assert abs(loudness[0] - loudness[1]) < 0.6, "what is lost lies above the voice"
    assert abs(loudness[1] + 16) < 1
    assert np.abs(made["compact"]).max() < 10 ** (-0.5 / 20)
    alone = encode.to_pcm(made["whole"] * (1, 0))
    frames = encode.mp3_frames([alone], 2, len(alone) // encode.FRAME, compact=True)
    left, right = soundfile.read(io.BytesIO(b"".join(frames)))[0].T
    assert np.sqrt(np.mean(right**2)) < np.sqrt(np.mean(left**2)) * 10 ** (-40 / 20)


def test_one_speaker_has_no_smaller_file() -> None:
    assert DOORWAY.compacted() == DOORWAY


def test_the_file_can_be_read_from_the_start_on(compositor: Compositor, tmp_path: Path) -> None:
    out = tmp_path / "x.mp3"
    sizes: list[int] = []
    compositor.compose(DOORWAY, out, on_start=lambda: sizes.append(out.stat().st_size))
    assert sizes[0] > 1000
    assert out.stat().st_size > sizes[0]


def test_a_second_file_speaks_nothing_again(compositor: Compositor, tmp_path: Path) -> None:
    compositor.compose(DOORWAY, tmp_path / "1.wav")
    spoken: list[object] = []
    original = compositor.pool.speak
    compositor.pool.speak = lambda *a: (spoken.append(a), original(*a))[1]  # type: ignore[method-assign]
    try:
        compositor.compose(dataclasses.replace(DOORWAY, kind="wav"), tmp_path / "2.wav")
    finally:
        compositor.pool.speak = original  # type: ignore[method-assign]
    assert spoken == []


def test_a_damaged_clip_is_made_again(tmp_path: Path) -> None:
    store = ClipStore(tmp_path / "clips")
    running = Compositor(VoicePool(2), store)
    recipe = dataclasses.replace(DOORWAY, kind="wav", texture=Texture(False, "none"))
    running.compose(recipe, tmp_path / "1.wav")
    for path in store.folder.glob("*/*.clip"):
        path.write_bytes(path.read_bytes()[:-40])
    running.compose(recipe, tmp_path / "2.wav")
    running.close()
    before, after = (soundfile.read(tmp_path / name)[0] for name in ("1.wav", "2.wav"))
    starts = [cue.start for cue in recipe.timeline().spoken()]
    assert all(np.abs(after[s : s + SAMPLE_RATE]).max() > 0.05 for s in starts)
    assert len(before) == len(after)


def test_composing_goes_on_without_a_store(tmp_path: Path) -> None:
    (tmp_path / "clips").write_text("a file where the folder should be")
    running = Compositor(VoicePool(2), ClipStore(tmp_path / "clips"))
    report = running.compose(DOORWAY, tmp_path / "x.mp3")
    running.close()
    assert report.size > 400_000


def test_a_place_that_cannot_be_written_is_one_sentence(compositor: Compositor, tmp_path: Path) -> None:
    with pytest.raises(ComposeError, match="could not be written"):
        compositor.compose(DOORWAY, tmp_path / "no" / "such" / "folder.mp3")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Compositor]:
    voice = faulty_voice.voice("refuses")
    monkeypatch.setattr("audio.render.compositor.find_voice", lambda name: voice)
    running = Compositor(VoicePool(1), ClipStore(tmp_path / "clips"))
    yield running
    running.close()


def test_a_voice_that_fails_ends_the_composition_with_its_sentence(
    failing: Compositor, tmp_path: Path
) -> None:
    before = threading.active_count()
    with pytest.raises(VoiceError, match="tired"):
        failing.compose(DOORWAY, tmp_path / "x.mp3")
    assert threading.active_count() <= before + LOOK_AHEAD_LINES // 2, (
        "a composition that failed left its mix behind"
    )


def test_look_ahead_is_bounded(compositor: Compositor, tmp_path: Path) -> None:
    recipe = Recipe(LIBRARY.get("the-long-way-out"), 300, kind="wav")
    asked, waiting = 0, []
    original = compositor.clip

    def clip(line: object, recorded: object) -> object:
        nonlocal asked
        asked += 1
        waiting.append(asked)
        return original(line)  # type: ignore[arg-type]

    compositor.clip = clip  # type: ignore[method-assign,assignment]
    try:
        blocks = iter(compositor.blocks(recipe, recipe.timeline()))
        next(blocks)
        assert asked == LOOK_AHEAD_LINES
    finally:
        compositor.clip = original  # type: ignore[method-assign]
