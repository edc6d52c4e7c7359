"""Every file of the set as an independent program reads it: length, chapters, title, album, cover."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mutagen.wave import WAVE

from audio.recipe import FORMATS, SETTINGS
from audio.render import encode, metadata
from audio.render.mix import BLOCK
from exercises.languages import BASE, LANGUAGES
from exercises.library import load_library
from exercises.model import CONSENT_LEVEL
from exercises.timeline import SAMPLE_RATE, Timeline, plan

SET = [exercise for exercise in load_library() if exercise.level < CONSENT_LEVEL]


@pytest.fixture(scope="module")
def ffprobe() -> str:
    found = shutil.which("ffprobe")
    if found is None:
        reason = "ffprobe is not here (it comes with ffmpeg), so nobody reads the files independently"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    return str(found)


def quiet(timeline: Timeline, channels: int) -> Iterator[np.ndarray]:
    """Blocks of faint noise, as long as the timeline."""
    noise = np.random.default_rng(1).integers(-40, 40, (BLOCK, channels)).astype(np.int16)
    for start in range(0, timeline.length, BLOCK):
        yield noise[: min(BLOCK, timeline.length - start)]


def written(path: Path, timeline: Timeline, setting: str) -> Path:
    """A file with the tags of the real ones, around noise instead of a voice."""
    channels, kind = len(SETTINGS[setting]), path.suffix[1:]
    blocks = quiet(timeline, channels)
    if kind == "flac":
        assert sum(encode.write_flac(path, blocks, timeline, channels)) == timeline.length
        return path
    with path.open("wb") as file:
        if kind == "mp3":
            file.write(metadata.id3(timeline, setting))
            for piece in encode.mp3_frames(blocks, channels, encode.frame_count(timeline)):
                file.write(piece)
        else:
            file.write(encode.wav_header(timeline, setting, channels))
            for block in blocks:
                file.write(block.tobytes())
    return path


def probe(ffprobe: str, path: Path) -> dict[str, Any]:
    """Facts that ffprobe tells, with the names of tags in one case."""
    wanted = ["-show_format", "-show_streams", "-show_chapters"]
    done = subprocess.run(
        [ffprobe, "-v", "error", *wanted, "-of", "json", path], capture_output=True, text=True
    )
    assert done.stderr == ""
    told = json.loads(done.stdout)
    told["tags"] = {name.lower(): value for name, value in told["format"]["tags"].items()}
    return told


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("exercise", SET, ids=lambda e: e.id)
def test_a_file_has_its_length_five_chapters_title_album_and_cover(
    ffprobe: str, tmp_path: Path, exercise: Any, kind: str
) -> None:
    timeline = plan(exercise)
    told = probe(ffprobe, written(tmp_path / f"x.{kind}", timeline, "together"))
    assert float(told["format"]["duration"]) == pytest.approx(exercise.usual_length_s, abs=0.05)
    assert [c["tags"]["title"] for c in told["chapters"]] == list(LANGUAGES[BASE].parts.values())
    starts = [float(c["start_time"]) for c in told["chapters"]]
    assert starts == pytest.approx([part.start / SAMPLE_RATE for part in timeline.parts], abs=0.001)
    assert (told["tags"]["title"], told["tags"]["album"]) == (exercise.title, "Still Here")
    covers = [s for s in told["streams"] if s["disposition"]["attached_pic"]]
    assert [(c["codec_name"], c["width"], c["height"]) for c in covers] == [("png", 1400, 1400)]


@pytest.mark.parametrize("kind", FORMATS)
def test_one_earbud_each_is_two_channels_with_the_same_tags(ffprobe: str, tmp_path: Path, kind: str) -> None:
    told = probe(ffprobe, written(tmp_path / f"x.{kind}", plan(SET[0]), "earbuds"))
    assert next(s for s in told["streams"] if s["codec_type"] == "audio")["channels"] == 2
    assert len(told["chapters"]) == 5
    assert float(told["format"]["duration"]) == pytest.approx(SET[0].usual_length_s, abs=0.05)


def test_a_wav_holds_the_whole_tag_before_its_samples(tmp_path: Path) -> None:
    path = written(tmp_path / "x.wav", plan(SET[0]), "together")
    tags = WAVE(path).tags
    assert tags is not None
    assert str(tags["TIT2"]) == SET[0].title
    assert any(name.startswith("SYLT") for name in tags)
    head = path.read_bytes()[:60_000]
    assert head.index(b"LIST") < head.index(b"id3 ") < head.index(b"data")
    assert int.from_bytes(head[4:8], "little") == path.stat().st_size - 8
