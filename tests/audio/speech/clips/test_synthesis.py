"""Clips: finishing a sentence, and a store that serves only what is whole."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from audio.errors import StoreError
from audio.files import write_whole
from audio.levels import LEAD_S
from audio.speech.clips.store import ClipStore, Tuning
from audio.speech.clips.synthesis import Line, clip_key, rings_s, speak_line
from audio.speech.engines import Speech, voice_list
from exercises.timeline import SAMPLE_RATE

LINE = Line("Stay here.", voice_list()[0], 105.0, 1.2)
SOUND = (3000 * np.sin(np.arange(24_000) / 20)).astype(np.int16)


def speech(lead_s: float, tail_s: float, rate: int = 22_050) -> Speech:
    tone = 0.3 * np.sin(2 * np.pi * 200 * np.arange(rate) / rate)
    parts = [np.zeros(int(lead_s * rate)), tone, np.zeros(int(tail_s * rate))]
    return Speech(np.concatenate(parts).astype(np.float32), rate)


class Tone:
    """A speaker that says every sentence as a second of tone, and notes what it was given."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        self.said.append(sentence)
        return speech(0.0, 0.0)

    def close(self) -> None:
        pass


PLAIN = dataclasses.replace(LINE, voice=dataclasses.replace(LINE.voice, soft=False))


def silences_s(clip: np.ndarray) -> list[float]:
    """The stretches of silence in a clip that are longer than a tenth of a second."""
    loud = np.flatnonzero(np.abs(clip) > 0)
    edges = np.concatenate([[-1], loud, [len(clip)]])
    return [gap / SAMPLE_RATE for gap in np.diff(edges) - 1 if gap > SAMPLE_RATE / 10]


@pytest.mark.parametrize("dots", ["...", "…", ". – .", "?", "🙂 ..."])
def test_a_sentence_without_a_word_is_one_more_gap_and_no_engine_is_asked_for_it(dots: str) -> None:
    speaker = Tone()
    line = dataclasses.replace(PLAIN, text=f"Hold the cup. {dots} Find how warm it is.")
    clip = speak_line(speaker, line, Tuning())
    assert speaker.said == ["Hold the cup.", "Find how warm it is."]
    lead, pause = silences_s(clip)
    assert lead == pytest.approx(LEAD_S, abs=0.01)
    assert pause == pytest.approx(2 * line.gap_s, abs=0.01)


@pytest.mark.parametrize("soft", [True, False])
def test_a_line_rings_on_behind_its_last_word_and_its_pauses_are_told_without_that(soft: bool) -> None:
    line = dataclasses.replace(
        PLAIN, voice=dataclasses.replace(PLAIN.voice, soft=soft), text="Hold the cup. Find how warm it is."
    )
    clip = speak_line(Tone(), line, Tuning())
    spoken_s = len(clip) / SAMPLE_RATE - LEAD_S - rings_s(line.voice)
    assert spoken_s == pytest.approx(1 + line.gap_s + 1, abs=0.001)


@pytest.mark.parametrize("text", ["…", ". – .", "?", "🙂", "你好"])
def test_a_line_without_a_word_is_a_gap(text: str) -> None:
    speaker = Tone()
    clip = speak_line(speaker, dataclasses.replace(LINE, text=text), Tuning())
    assert speaker.said == []
    assert not clip.any()
    assert len(clip) / SAMPLE_RATE == pytest.approx(LEAD_S + LINE.gap_s, abs=0.01)


def test_an_engine_gets_signs_as_words_and_a_clip_is_named_by_what_is_said() -> None:
    speaker = Tone()
    marked = dataclasses.replace(PLAIN, text="*Hold* the cup & rest")
    speak_line(speaker, marked, Tuning())
    assert speaker.said == ["Hold the cup and rest."]
    plain = dataclasses.replace(PLAIN, text="Hold the cup and rest.")
    assert clip_key(marked, Tuning()) == clip_key(plain, Tuning())


def test_a_key_changes_with_everything_that_a_clip_is_made_from(monkeypatch: pytest.MonkeyPatch) -> None:
    base = clip_key(LINE, Tuning())
    changed = [
        clip_key(dataclasses.replace(LINE, text="Stay near."), Tuning()),
        clip_key(dataclasses.replace(LINE, voice=voice_list()[1]), Tuning()),
        clip_key(dataclasses.replace(LINE, rate_wpm=106.0), Tuning()),
        clip_key(dataclasses.replace(LINE, gap_s=1.3), Tuning()),
        clip_key(dataclasses.replace(LINE, pitch=1), Tuning()),
        clip_key(LINE, Tuning(gain=1.1)),
        clip_key(LINE, Tuning(stretch=1.1)),
    ]
    assert clip_key(LINE, Tuning()) == base
    monkeypatch.setattr("audio.fingerprint.engine_version", lambda voice: "another")
    assert len({base, *changed, clip_key(LINE, Tuning())}) == 9


def test_a_tuning_is_kept_and_a_damaged_one_is_not_used(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    assert store.tuning("x") is None
    store.try_put_tuning("x", Tuning(1.25, 98.5, 1.1))
    assert store.tuning("x") == Tuning(1.25, 98.5, 1.1)
    for content in (
        "",
        "loud",
        "[1]",
        "7",
        "[NaN, 105, 1]",
        "[1e9, 105, 1]",
        "[1, -1, 1]",
        "[1, 105, 99]",
        '["a", 1, 1]',
    ):
        (tmp_path / "x.tuning").write_text(content)
        assert store.tuning("x") is None, content


def test_a_clip_comes_back_sample_for_sample(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    assert store.get("a" * 64) is None
    store.put("a" * 64, SOUND)
    assert np.array_equal(store.get("a" * 64), SOUND)
    assert (store.flac("a" * 64) or b"")[:4] == b"fLaC"


@pytest.mark.parametrize("damage", ["truncate", "flip", "empty", "other"])
def test_a_damaged_clip_is_never_served_and_makes_room(tmp_path: Path, damage: str) -> None:
    store = ClipStore(tmp_path)
    store.put("b" * 64, SOUND)
    path = store.path("b" * 64)
    content = bytearray(path.read_bytes())
    if damage == "truncate":
        content = content[:-1]
    elif damage == "flip":
        content[len(content) // 2] ^= 1
    elif damage == "empty":
        content = bytearray()
    else:
        content = bytearray(b"<html>not a clip</html>" * 10)
    path.write_bytes(content)
    assert store.get("b" * 64) is None
    assert not path.exists()
    store.put("b" * 64, SOUND)
    assert np.array_equal(store.get("b" * 64), SOUND)


def test_a_write_that_fails_leaves_the_old_file_and_no_scrap(tmp_path: Path) -> None:
    write_whole(tmp_path / "x", b"old")
    script = (
        "import resource, sys; from pathlib import Path; from audio.files import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: write_whole(Path(sys.argv[1]), b'n' * 5000)\n"
        "except OSError as e: print(e.strerror)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "x"], capture_output=True, text=True, check=True
    )
    assert "too large" in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x").read_bytes() == b"old"


def test_a_store_without_a_disk_raises_one_sentence_and_try_put_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "clips").write_text("a file where the folder should be")
    store = ClipStore(tmp_path / "clips")
    with pytest.raises(StoreError, match="could not be kept"):
        store.put("c" * 64, SOUND)
    store.try_put("c" * 64, SOUND)
    store.try_put("d" * 64, SOUND)
    assert [r.getMessage() for r in caplog.records if "without the store" in r.getMessage()] == [
        "A clip could not be kept: Not a directory. Composing goes on without the store; free some room."
    ]
