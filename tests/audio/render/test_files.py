"""Files that come out: exact size, exact onsets, tags that other programs read."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC
from mutagen.id3 import ID3
from mutagen.mp3 import MP3

from audio.recipe import SETTINGS
from audio.render import encode, metadata
from audio.render.mix import BLOCK
from exercises.languages import LANGUAGES
from exercises.library import load_library
from exercises.timeline import SAMPLE_RATE, Timeline, plan

LIBRARY = load_library()
PART_TITLES = LANGUAGES["en"].parts
DOORWAY = plan(LIBRARY.get("doorway"))


def pcm_blocks(timeline: Timeline, channels: int, marks: list[int]) -> list[np.ndarray]:
    """Silence with a short burst at each mark."""
    sound = np.zeros((timeline.length, channels), np.int16)
    burst = (9000 * np.sin(np.arange(2400) * 0.6) * np.hanning(2400)).astype(np.int16)
    for mark in marks:
        sound[mark : mark + 2400] = burst[:, None]
    return [sound[i : i + BLOCK] for i in range(0, len(sound), BLOCK)]


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("length", [75, 75.001, 66.6])
def test_an_mp3_has_exactly_the_promised_size(channels: int, length: float, compact: bool) -> None:
    timeline = plan(LIBRARY.get("doorway"), length)
    frames = encode.frame_count(timeline)
    body = b"".join(encode.mp3_frames(pcm_blocks(timeline, channels, []), channels, frames, compact))
    step = encode.frame_bytes(channels, compact)
    assert len(body) == frames * step
    assert 0 <= frames * encode.FRAME - timeline.length < encode.FRAME
    assert all(body[i] == 0xFF and body[i + 1] & 0xE0 == 0xE0 for i in range(0, len(body), step))


@pytest.mark.parametrize("channels", [1, 2])
def test_onsets_in_an_mp3_are_where_they_were_put(channels: int) -> None:
    marks = [SAMPLE_RATE * s + 123 for s in (5, 20, 41, 70)]
    body = b"".join(
        encode.mp3_frames(pcm_blocks(DOORWAY, channels, marks), channels, encode.frame_count(DOORWAY))
    )
    decoded, rate = soundfile.read(io.BytesIO(body), always_2d=True)
    assert rate == SAMPLE_RATE
    reference = np.concatenate(pcm_blocks(DOORWAY, channels, marks))[:, 0].astype(float)
    count = min(len(decoded), len(reference))
    size = 1 << (2 * count).bit_length()
    spectrum = np.fft.rfft(decoded[:count, 0], size) * np.conj(np.fft.rfft(reference[:count], size))
    lag = int(np.argmax(np.fft.irfft(spectrum, size)))
    lag = lag - size if lag > size // 2 else lag
    assert abs(lag) <= encode.FRAME + 10, "decoders may add or drop one frame of delay of their own"


@pytest.mark.parametrize("setting", SETTINGS)
def test_known_sizes_are_the_sizes_of_the_files(setting: str) -> None:
    channels = len(SETTINGS[setting])
    blocks = pcm_blocks(DOORWAY, channels, [])
    mp3 = metadata.id3(DOORWAY, setting) + b"".join(
        encode.mp3_frames(blocks, channels, encode.frame_count(DOORWAY))
    )
    wav = encode.wav_header(DOORWAY, setting, channels) + b"".join(block.tobytes() for block in blocks)
    assert encode.known_size(DOORWAY, setting, channels, "mp3") == len(mp3)
    assert encode.known_size(DOORWAY, setting, channels, "wav") == len(wav)
    assert encode.known_size(DOORWAY, setting, channels, "flac") is None
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (
            channels,
            SAMPLE_RATE,
            DOORWAY.length,
        )


def test_an_mp3_carries_title_album_chapters_lyrics_and_cover(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    frames = encode.mp3_frames(pcm_blocks(DOORWAY, 1, []), 1, encode.frame_count(DOORWAY))
    path.write_bytes(metadata.id3(DOORWAY, "together") + b"".join(frames))
    file = MP3(path)
    tags = file.tags
    assert file.info.length == pytest.approx(75, abs=0.05)
    assert (str(tags["TIT2"]), str(tags["TALB"])) == ("Doorway", "Still Here")
    starts = [tags[f"CHAP:part{i}"].start_time for i in range(5)]
    assert starts == [metadata.ms(part.start) for part in DOORWAY.parts]
    assert tags["CTOC:parts"].child_element_ids == [f"part{i}" for i in range(5)]
    lyrics = next(v for k, v in tags.items() if k.startswith("SYLT")).text
    assert [time for _, time in lyrics] == [metadata.ms(cue.start) for cue in DOORWAY.spoken()]
    assert tags["APIC:"].data[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_same_timeline_gives_the_same_tag_with_chapters_in_order() -> None:
    tag = metadata.id3(DOORWAY, "together")
    assert tag == metadata.id3(DOORWAY, "together")
    places = [tag.index(f"part{i}\0".encode(), tag.index(b"CHAP")) for i in range(5)]
    assert places == sorted(places)


def test_a_flac_carries_title_and_five_chapters(tmp_path: Path) -> None:
    path = tmp_path / "x.flac"
    written = sum(encode.write_flac(path, pcm_blocks(DOORWAY, 1, []), DOORWAY, 1))
    file = FLAC(path)
    assert written == DOORWAY.length == file.info.total_samples
    assert file["TITLE"] == ["Doorway"]
    assert [file[f"CHAPTER{i:03d}NAME"] for i in range(5)] == [[t] for t in PART_TITLES.values()]
    assert file.pictures[0].mime == "image/png"


@pytest.mark.parametrize("exercise", LIBRARY, ids=lambda e: e.id)
@pytest.mark.parametrize("setting", SETTINGS)
def test_captions_say_each_line_at_its_time(exercise: object, setting: str) -> None:
    timeline = plan(exercise)  # type: ignore[arg-type]
    vtt = metadata.vtt(timeline, setting)
    blocks = vtt.strip().split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert len(blocks) - 1 == len(timeline.spoken())
    for block, cue in zip(blocks[1:], timeline.spoken(), strict=True):
        start = block.split(" --> ")[0]
        hours, minutes, rest = start.split(":")
        assert int(hours) * 3600 + int(minutes) * 60 + float(rest) == pytest.approx(
            cue.start / SAMPLE_RATE, abs=0.001
        )


def test_signs_that_a_player_would_take_for_markup_are_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = metadata.Caption(0, SAMPLE_RATE, "Tea & toast <3 --> later")
    monkeypatch.setattr(metadata, "captions", lambda *_: iter([odd]))
    assert metadata.vtt(DOORWAY, "together").endswith("Tea &amp; toast &lt;3 --&gt; later\n")


def test_earbuds_show_both_sides_where_they_differ_and_one_line_where_not() -> None:
    timeline = plan(LIBRARY.get("seen-a-little"))
    texts = [caption.text for caption in metadata.captions(timeline, "earbuds")]
    assert any(text.startswith("Circle: ") and "\nSquare: " in text for text in texts)
    assert not any(
        text.startswith("Circle: ") for text in (c.text for c in metadata.captions(timeline, "together"))
    )


def test_chapters_follow_the_parts() -> None:
    found = metadata.chapters_json(DOORWAY)["chapters"]
    assert [c["title"] for c in found] == list(PART_TITLES.values())  # type: ignore[attr-defined]
    assert found[0]["startTime"] == 0  # type: ignore[index]
    assert found[-1]["endTime"] == 75  # type: ignore[index]


def test_a_transcript_has_every_line_under_its_part() -> None:
    text = metadata.transcript(DOORWAY, "together")
    lines = [caption.text for caption in metadata.captions(DOORWAY, "together")]
    places = [text.index(line) for line in lines]
    assert places == sorted(places)
    assert [text.index(f"\n{t}\n") for t in PART_TITLES.values()]


SPANISH = plan(LIBRARY.get("side-by-side", "es"))


def test_a_file_in_spanish_says_so_and_has_spanish_chapters_and_words() -> None:
    titles = LANGUAGES["es"].parts
    tag = ID3(io.BytesIO(metadata.id3(SPANISH, "earbuds")))
    assert tag["TLAN"].text == ["spa"]
    assert [tag[f"CHAP:part{i}"].sub_frames["TIT2"].text[0] for i in range(5)] == list(titles.values())
    (lyrics,) = tag.getall("SYLT")
    assert lyrics.lang == "spa"
    assert "Aquí están ustedes" in metadata.vtt(SPANISH, "together")
    assert [metadata.transcript(SPANISH, "together").count(f"\n{title}\n") for title in titles.values()] == [
        1
    ] * 5
