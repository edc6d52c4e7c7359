"""Recorded lines: taken in, kept under their words, lifted together, heard in what is composed, and deleted."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audio.dsp.loudness import integrated_lufs
from audio.dsp.wav import wav_bytes
from audio.errors import ComposeError, RecordingRefused
from audio.levels import VOICE_LUFS
from audio.recipe import COMPOSED, Recipe
from audio.recordings import archive
from audio.recordings.ingest import BEFORE_S, limited, take_in
from audio.recordings.recorded import Recorded
from audio.recordings.service import RecordingService
from audio.recordings.store import Recording, RecordingStore, lifts
from audio.recordings.voice_selection import RECORDED, SelectedVoice, VoiceSelector
from audio.render.compositor import Compositor
from audio.speech.clips.store import ClipStore
from audio.speech.engines import voice_list
from audio.speech.workers.pool import VoicePool
from exercises.library import load_library
from exercises.recordable import line_digest, read_lines
from exercises.timeline import SAMPLE_RATE

DOORWAY = load_library().get("doorway")
LINES = read_lines(DOORWAY)
RATE = 48_000


def murmur(seconds: float, seed: int = 1, loud: float = 0.3, rate: int = RATE) -> np.ndarray:
    """Noise in syllables, no two stretches alike."""
    rng = np.random.default_rng(seed)
    noise = np.convolve(
        rng.standard_normal(round(seconds * rate)), np.ones(rate // 2000) / (rate // 2000), "same"
    )
    return (noise / np.abs(noise).max() * loud * np.abs(np.sin(np.arange(len(noise)) / rate * 9))).astype(
        np.float32
    )


def write(path: Path, sound: np.ndarray, rate: int = RATE) -> Path:
    path.write_bytes(wav_bytes(np.rint(np.clip(sound, -1, 1) * 32767).astype(np.int16), rate))
    return path


def quiet(seconds: float, level: float = 1e-4) -> np.ndarray:
    rng = np.random.default_rng(9)
    return (rng.standard_normal(round(seconds * RATE)) * level).astype(np.float32)


@pytest.fixture
def recorder(tmp_path: Path) -> RecordingService:
    return RecordingService(
        RecordingStore(tmp_path / "recordings"), tmp_path / "clips", (tmp_path / "takes",)
    )


def recorded(recorder: RecordingService, number: int = 0) -> Recorded:
    kept = recorder.recordings.all()
    line = LINES[number].digest
    return Recorded(line, kept[line].take, lifts(kept.values())[line])


def read(recorder: RecordingService, tmp_path: Path, *numbers: int, seed: int = 1) -> None:
    for number in numbers:
        path = write(tmp_path / "line.wav", murmur(1.5 + number / 10, seed + number))
        recorder.record(path, LINES[number].digest, "doorway", LINES[number].place)


class TestTakingIn:
    def test_the_room_before_and_after_is_cut_off_with_a_little_left(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.wav", np.concatenate([quiet(1.0), murmur(2.0), quiet(1.5)]))
        assert take_in(path).seconds == pytest.approx(2.0 + 0.22, abs=0.12)

    @pytest.mark.parametrize("before_s", [0.0, 0.03, 1.0])
    def test_words_begin_at_one_place_however_long_the_room_is_heard_before(
        self, tmp_path: Path, before_s: float
    ) -> None:
        words = 0.3 * np.sin(np.arange(2 * RATE) / RATE * 2 * np.pi * 200).astype(np.float32)
        taken = take_in(write(tmp_path / "a.wav", np.concatenate([quiet(before_s), words, quiet(1.0)])))
        loud = np.flatnonzero(np.abs(taken.samples) > 0.2 * np.abs(taken.samples).max())
        assert loud[0] / SAMPLE_RATE == pytest.approx(BEFORE_S, abs=0.012)

    def test_a_room_that_hums_is_cut_off_too(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.wav", np.concatenate([quiet(1.0, 4e-3), murmur(2.0), quiet(1.5, 4e-3)]))
        taken = take_in(path)
        assert taken.seconds == pytest.approx(2.2, abs=0.2)
        assert taken.room_db > -50

    @pytest.mark.parametrize("loud", [0.02, 0.2, 0.9])
    def test_a_take_is_at_the_voices_level_however_loud_it_came_in(self, tmp_path: Path, loud: float) -> None:
        taken = take_in(write(tmp_path / "a.wav", murmur(3.0, loud=loud)))
        assert integrated_lufs(taken.samples / 32768, SAMPLE_RATE) == pytest.approx(VOICE_LUFS, abs=0.7)
        assert np.abs(taken.samples).max() < 32767 * 10 ** (-1 / 20)

    @pytest.mark.parametrize("offset", [-0.05, 0.005, 0.02, 0.05])
    def test_a_constant_offset_changes_nothing(self, tmp_path: Path, offset: float) -> None:
        sound = np.concatenate([quiet(1.0), murmur(2.0), quiet(1.5)])
        plain, moved = (take_in(write(tmp_path / "a.wav", sound + added)) for added in (0, offset))
        assert moved.seconds == pytest.approx(plain.seconds, abs=0.011)
        assert moved.room_db == pytest.approx(plain.room_db, abs=1)
        assert moved.lufs == pytest.approx(plain.lufs, abs=0.1)
        assert moved.samples.mean() == pytest.approx(plain.samples.mean(), abs=3)

    @pytest.mark.parametrize("broken", ["drift", "step", "settling", "rumble"])
    def test_what_swings_more_slowly_than_a_voice_changes_nothing(self, tmp_path: Path, broken: str) -> None:
        sound = np.concatenate([quiet(1.0), murmur(2.0), quiet(1.5)])
        at = np.arange(len(sound)) / RATE
        added = {
            "drift": at / 50,
            "step": np.where(at > 1.7, 0.05, 0),
            "settling": 0.3 * np.exp(-at / 0.3),
            "rumble": 0.1 * np.sin(2 * np.pi * 8 * at),
        }[broken]
        plain, moved = (take_in(write(tmp_path / "a.wav", sound + more)) for more in (0, added))
        assert moved.seconds == pytest.approx(plain.seconds, abs=0.011)
        assert moved.room_db < -65
        assert moved.lufs == pytest.approx(plain.lufs, abs=0.1)

    def test_a_long_take_has_no_seam(self, tmp_path: Path) -> None:
        tone = (0.3 * np.sin(2 * np.pi * 200 * np.arange(25 * SAMPLE_RATE) / SAMPLE_RATE)).astype(np.float32)
        taken = take_in(write(tmp_path / "a.wav", tone + 0.01, SAMPLE_RATE)).samples.astype(float)
        middle = taken[SAMPLE_RATE:-SAMPLE_RATE]
        period = SAMPLE_RATE // 200
        assert np.abs(middle[period:] - middle[:-period]).max() < 0.01 * np.abs(middle).max()

    @pytest.mark.parametrize("at_s", [0.0, 0.4, 4.2])
    def test_a_click_of_a_key_far_from_the_words_is_no_part_of_them(
        self, tmp_path: Path, at_s: float
    ) -> None:
        sound = np.concatenate([quiet(1.0), murmur(2.0), quiet(1.5)])
        clicked = sound.copy()
        clicked[round(at_s * RATE) :][:200] = 0.9 * (-1.0) ** np.arange(200)
        plain, other = (take_in(write(tmp_path / "a.wav", one)) for one in (sound, clicked))
        assert other.seconds == pytest.approx(plain.seconds, abs=0.011)

    @pytest.mark.parametrize(
        ("left", "right", "clipped"),
        [(1, -1, False), (1, 0, False), (0, 1, False), (0.01, 1, False), (8, 1, True), (1, 8, True)],
    )  # fmt: skip
    def test_of_two_channels_the_better_one_is_taken(
        self, tmp_path: Path, left: float, right: float, clipped: bool
    ) -> None:
        sound = np.concatenate([quiet(0.5), murmur(2.0), quiet(0.5)])
        alone = take_in(write(tmp_path / "one.wav", sound))
        both = np.clip(np.stack([sound * left, sound * right], 1), -1, 1)
        soundfile.write(tmp_path / "two.wav", both, RATE, "PCM_16")
        taken = take_in(tmp_path / "two.wav")
        assert taken.clipped is clipped
        assert taken.lufs == pytest.approx(alone.lufs, abs=0.2)
        short = min(len(taken.samples), len(alone.samples))
        assert abs(np.corrcoef(taken.samples[:short], alone.samples[:short])[0, 1]) > 0.99

    @pytest.mark.parametrize("rate", [8_000, 16_000, 24_000, 44_100, 96_000])
    def test_any_rate_comes_out_as_long_as_it_was(self, tmp_path: Path, rate: int) -> None:
        path = write(tmp_path / "a.wav", murmur(2.0, rate=rate) + 0.01, rate)
        assert take_in(path).seconds == pytest.approx(2.0, abs=0.15)

    def test_it_starts_and_ends_softly(self, tmp_path: Path) -> None:
        tone = np.tile(np.repeat(np.float32([0.5, -0.5]), 50), RATE // 100)
        samples = take_in(write(tmp_path / "a.wav", tone)).samples
        assert abs(samples[0]) < 300
        assert abs(samples[-1]) < 300

    def test_what_was_too_loud_is_told(self, tmp_path: Path) -> None:
        assert take_in(write(tmp_path / "a.wav", murmur(2.0, loud=3.0))).clipped
        assert not take_in(write(tmp_path / "b.wav", murmur(2.0, loud=0.5))).clipped

    @pytest.mark.parametrize(
        ("sound", "code"),
        [(np.zeros(RATE, np.float32), "silent"), (quiet(2.0), "silent")],
        ids=["none", "room"],
    )
    def test_silence_is_no_line(self, tmp_path: Path, sound: np.ndarray, code: str) -> None:
        with pytest.raises(RecordingRefused) as refusal:
            take_in(write(tmp_path / "a.wav", sound))
        assert refusal.value.code == code

    @given(
        st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=400),
        st.sampled_from([8_000, 24_000, 96_000]),
    )
    def test_any_samples_are_a_take_or_a_refusal(self, values: list[float], rate: int) -> None:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = write(Path(folder) / "a.wav", np.repeat(np.array(values, np.float32), 40), rate)
            try:
                taken = take_in(path)
            except RecordingRefused:
                return
        assert taken.samples.dtype == np.int16
        assert np.isfinite(taken.lufs)

    def test_a_lift_keeps_peaks_below_the_ceiling(self) -> None:
        assert np.abs(limited(np.full(9000, 0.9, np.float32), 3.0)).max() <= 32767 * 10 ** (-1.9 / 20)


class TestLifts:
    def one(self, line: str, lufs: float, seconds: float = 3.0) -> Recording:
        return Recording(line, "doorway", "1", "t", seconds, lufs, -70, False)

    def test_natural_distances_stay(self) -> None:
        found = lifts([self.one("a", -30), self.one("b", -28.5), self.one("c", -31)])
        assert found["b"] - found["a"] == pytest.approx(1.5)
        assert found["c"] - found["a"] == pytest.approx(-1.0)

    def test_what_is_farther_off_than_a_voice_goes_is_brought_near(self) -> None:
        found = lifts([*(self.one(str(i), -30) for i in range(20)), self.one("far", -48)])
        assert found["far"] == -3.0

    def test_one_more_take_changes_no_lift_of_a_settled_set(self) -> None:
        many = [self.one(str(i), -30 + i % 3 / 10) for i in range(30)]
        before = lifts(many)
        after = lifts([*many, self.one("new", -29.5)])
        assert all(after[line] == lift for line, lift in before.items())

    @given(st.lists(st.tuples(st.floats(-60, -5), st.floats(0.2, 60)), min_size=1, max_size=40))
    def test_lifts_are_bounded_whatever_was_recorded(self, takes: list[tuple[float, float]]) -> None:
        found = lifts([self.one(str(i), lufs, seconds) for i, (lufs, seconds) in enumerate(takes)])
        assert len(found) == len(takes)
        assert all(abs(lift) <= 3.0 for lift in found.values())


class TestKeeping:
    def test_a_take_is_found_by_its_words_and_holds_none(
        self, recorder: RecordingService, tmp_path: Path
    ) -> None:
        read(recorder, tmp_path, 0)
        assert list(recorder.recordings.all()) == [line_digest(LINES[0].words)]
        content = recorder.recordings.path(LINES[0].digest).read_bytes()
        assert LINES[0].words.split(".")[0].encode() not in content

    def test_another_store_sees_what_was_kept_and_what_was_deleted(
        self, recorder: RecordingService, tmp_path: Path
    ) -> None:
        other = RecordingStore(recorder.recordings.folder)
        assert other.all() == {}
        for number in range(3):
            read(recorder, tmp_path, number)
            assert len(other.all()) == number + 1
        recorder.forget([LINES[1].digest])
        assert LINES[1].digest not in other.all()

    def test_a_new_take_replaces_the_old_one(self, recorder: RecordingService, tmp_path: Path) -> None:
        read(recorder, tmp_path, 0)
        before = recorded(recorder)
        read(recorder, tmp_path, 0, seed=50)
        assert recorded(recorder).take != before.take
        assert not recorder.recordings.holds([before])
        assert recorder.recordings.samples(before) is None

    def test_a_damaged_take_is_passed_over_and_not_removed(
        self, recorder: RecordingService, tmp_path: Path
    ) -> None:
        read(recorder, tmp_path, 0)
        path = recorder.recordings.path(LINES[0].digest)
        path.write_bytes(path.read_bytes()[:-100] + bytes(100))
        assert recorder.recordings.flac(LINES[0].digest) is None
        assert path.exists()

    def test_what_is_no_recording_is_no_line(self, recorder: RecordingService) -> None:
        recorder.recordings.folder.mkdir(parents=True)
        (recorder.recordings.folder / f"{'0' * 64}.line").write_bytes(b"SHR1" + bytes(300))
        assert recorder.recordings.all() == {}


class TestVoiceSelector:
    def test_the_recorded_voice_is_offered_as_soon_as_there_is_a_take(
        self, recorder: RecordingService, tmp_path: Path
    ) -> None:
        selector = VoiceSelector(voice_list, recorder.recordings)
        assert RECORDED not in [offer.id for offer in selector.offers()]
        read(recorder, tmp_path, 0)
        assert [offer.label for offer in selector.offers()][-1] == "Recorded voice"

    def test_lines_without_a_take_are_filled_in_by_the_chosen_voice(
        self, recorder: RecordingService, tmp_path: Path
    ) -> None:
        selector = VoiceSelector(voice_list, recorder.recordings)
        read(recorder, tmp_path, 0, 2)
        lines = [line.digest for line in LINES]
        selected = selector.select(RECORDED, lines)
        assert selected.voice == voice_list()[0].id
        assert {one.line for one in selected.recorded} == {lines[0], lines[2]}
        selector.choose_fill("lower")
        assert selector.select(RECORDED, lines).voice == "lower"
        selector.choose_fill("gone")
        assert selector.select(RECORDED, lines).voice == voice_list()[0].id
        assert selector.select("higher", lines) == SelectedVoice("higher")


@pytest.fixture(scope="module")
def pool() -> Iterator[VoicePool]:
    running = VoicePool(2)
    yield running
    running.close()


class TestComposing:
    def recipe(self, recorder: RecordingService) -> Recipe:
        selected = VoiceSelector(voice_list, recorder.recordings).select(
            RECORDED, [line.digest for line in LINES]
        )
        return Recipe(DOORWAY, 75, kind="wav", voice=selected.voice, recorded=selected.recorded)

    def test_another_take_is_another_file(self, recorder: RecordingService, tmp_path: Path) -> None:
        read(recorder, tmp_path, 0)
        before = self.recipe(recorder).key()
        assert before.startswith(COMPOSED)
        read(recorder, tmp_path, 0, seed=50)
        assert self.recipe(recorder).key() != before

    def test_a_recipe_survives_the_way_to_the_studio(
        self, recorder: RecordingService, tmp_path: Path
    ) -> None:
        read(recorder, tmp_path, 0, 1)
        recipe = self.recipe(recorder)
        assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe

    def test_what_was_read_is_heard_where_its_line_begins(
        self, recorder: RecordingService, tmp_path: Path, pool: VoicePool
    ) -> None:
        read(recorder, tmp_path, 0)
        compositor = Compositor(pool, ClipStore(tmp_path / "clips"), recorder.recordings)
        recipe = dataclasses.replace(
            self.recipe(recorder), texture=type(self.recipe(recorder).texture)(False, "none")
        )
        compositor.compose(recipe, tmp_path / "x.wav")
        heard, _ = soundfile.read(tmp_path / "x.wav", dtype="float32")
        take = recorder.recordings.samples(recipe.recorded[0])
        assert take is not None
        start = recipe.timeline().spoken()[0].start - round(BEFORE_S * SAMPLE_RATE)
        part = heard[start : start + len(take)]
        assert np.corrcoef(part, take)[0, 1] > 0.99

    def test_a_clip_of_a_take_that_was_deleted_meanwhile_is_not_kept(
        self, recorder: RecordingService, tmp_path: Path, pool: VoicePool
    ) -> None:
        from audio.speech.clips.synthesis import Line

        read(recorder, tmp_path, 0)
        store = ClipStore(tmp_path / "clips")
        compositor = Compositor(pool, store, recorder.recordings)
        one = recorded(recorder)
        original = store.put
        store.put = lambda *a: (original(*a), recorder.recordings.remove(one.line))[0]  # type: ignore[method-assign]
        with pytest.raises(ComposeError, match="deleted meanwhile"):
            compositor.keep(Line(LINES[0].words, voice_list()[0], 105, 1.2), one)
        assert not store.path(one.clip_key).exists()

    def test_deleting_leaves_nothing_of_a_line(
        self, recorder: RecordingService, tmp_path: Path, pool: VoicePool
    ) -> None:
        from audio.speech.clips.synthesis import Line

        read(recorder, tmp_path, 0, 1)
        compositor = Compositor(pool, ClipStore(tmp_path / "clips"), recorder.recordings)
        keys = [
            compositor.keep(Line(LINES[n].words, voice_list()[0], 105, 1.2), recorded(recorder, n))[0]
            for n in (0, 1)
        ]
        composed = tmp_path / "takes" / f"{self.recipe(recorder).key()}.mp3"
        spoken = tmp_path / "takes" / "0123.mp3"
        composed.parent.mkdir()
        composed.write_bytes(b"x")
        spoken.write_bytes(b"x")
        assert recorder.forget([LINES[0].digest]) == 1
        assert not recorder.recordings.path(LINES[0].digest).exists()
        assert [compositor.store.path(key).exists() for key in keys] == [False, True]
        assert (composed.exists(), spoken.exists()) == (False, True)
        assert recorder.forget(None) == 1
        assert not [p for p in recorder.recordings.folder.rglob("*") if p.is_file()]
        assert not compositor.store.path(keys[1]).exists()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in members:
            made.writestr(name, content)
    return buffer.getvalue()


def table(*lines: str, **more: object) -> tuple[str, bytes]:
    one = {"exercise": "doorway", "place": "1.guarded", "lufs": -30.0, **more}
    return "recordings.json", json.dumps({"format": 1, "lines": dict.fromkeys(lines, one)}).encode()


GOOD = wav_bytes(np.rint(murmur(1.0, rate=SAMPLE_RATE) * 32767).astype(np.int16), SAMPLE_RATE)
A, B = "a" * 64, "b" * 64


class TestArchives:
    def test_a_set_comes_back_as_it_was(self, recorder: RecordingService, tmp_path: Path) -> None:
        read(recorder, tmp_path, 0, 1, 2)
        before = recorder.recordings.all()
        packed = Path(recorder.pack())
        recorder.recordings.remove(LINES[1].digest)
        assert recorder.unpack(packed) == 3
        after = RecordingStore(recorder.recordings.folder).all()
        assert {line: (one.exercise, one.place, one.lufs) for line, one in after.items()} == {
            line: (one.exercise, one.place, one.lufs) for line, one in before.items()
        }
        assert all(
            after[line].seconds == pytest.approx(one.seconds, abs=0.05) for line, one in before.items()
        )

    @pytest.mark.parametrize(
        "members",
        [
            (table(A), (f"lines/{A}.wav", GOOD), ("lines/", b"")),
            ((f"lines/{A}.wav", GOOD), ("recordings.json", table(A)[1]), ("readme.txt", b"mine")),
            (("my set/", b""), ("my set/recordings.json", table(A)[1]), (f"my set/lines/{A}.wav", GOOD)),
            (("a\\recordings.json", table(A)[1]), (f"a\\lines/{A}.wav", GOOD)),
            (("RECORDINGS.JSON", table(A)[1]), (f"LINES/{A.upper()}.WAV", GOOD)),
            (table(A), (f"{A}.wav", GOOD)),
            (("Takes 27:11/recordings.json", table(A)[1]), (f"Takes 27:11/lines/{A}.wav", GOOD)),
            (
                ("s/recordings.json", table(A)[1]), (f"s/lines/{A}.wav", GOOD),
                ("s/.DS_Store", b"x"), ("s/Thumbs.db", b"x"),
                (f"__MACOSX/s/lines/._{A}.wav", b"x"), ("__MACOSX/s/._recordings.json", b"x"),
            ),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("comment", [b"", b"packed again by hand"])
    def test_a_set_that_was_unpacked_and_packed_again_is_taken_in(
        self,
        recorder: RecordingService,
        tmp_path: Path,
        members: tuple[tuple[str, bytes], ...],
        comment: bytes,
    ) -> None:
        path = tmp_path / "set.zip"
        path.write_bytes(zipped(*members))
        with zipfile.ZipFile(path, "a") as again:
            again.comment = comment
        assert recorder.unpack(path) == 1
        assert list(recorder.recordings.all()) == [A]

    @pytest.mark.parametrize("behind", [b"\r\n", bytes(512)])
    def test_padding_behind_a_set_is_passed_over(
        self, recorder: RecordingService, tmp_path: Path, behind: bytes
    ) -> None:
        path = tmp_path / "set.zip"
        path.write_bytes(zipped(table(A), (f"lines/{A}.wav", GOOD)) + behind)
        assert recorder.unpack(path) == 1

    def test_a_link_in_a_set_is_refused(self, recorder: RecordingService, tmp_path: Path) -> None:
        path = tmp_path / "set.zip"
        path.write_bytes(zipped(table(A), (f"lines/{A}.wav", GOOD)))
        link = zipfile.ZipInfo("notes")
        link.external_attr = 0o120777 << 16
        with zipfile.ZipFile(path, "a") as again:
            again.writestr(link, "/etc/hosts")
        with pytest.raises(RecordingRefused) as refusal:
            recorder.unpack(path)
        assert refusal.value.code == "strange_member"

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "not_zip"),
            (b"PK\x03\x04" + bytes(300), "not_zip"),
            (zipped(table(A)), "not_zip"),
            (zipped(table(A), (f"lines/{A}.wav", GOOD))[:-1], "not_zip"),
            (zipped(table(A), (f"../lines/{A}.wav", GOOD)), "strange_member"),
            (zipped(table(A), (f"/etc/{A}.wav", GOOD)), "strange_member"),
            (zipped(table(A), (f"lines/{A}.wav", GOOD), ("../readme.txt", b"x")), "strange_member"),
            (zipped(table(A), (f"lines/{A}.wav", GOOD), ("C:\\readme.txt", b"x")), "strange_member"),
            (zipped(table(A), (f"lines/{A}.wav", GOOD), ("notes.txt", bytes(10**7))), "bomb"),
            (zipped(table(A), (f"lines/{A}.wav", GOOD), method=zipfile.ZIP_BZIP2), "strange_member"),
            (zipped(table(A), (f"lines/{A}.wav", bytes(10**7))), "bomb"),
            (zipped(table(A), *[(f"lines/{i:064x}.wav", b"") for i in range(2001)]), "too_many"),
            (zipped(table(A), (f"lines/{A}.wav", b"RIFF")), "not_wav"),
            (zipped((f"lines/{A}.wav", GOOD)), "bad_table"),
            (zipped(("recordings.json", b"[" * 50_000), (f"lines/{A}.wav", GOOD)), "bad_table"),
            (zipped(table(B), (f"lines/{A}.wav", GOOD)), "bad_table"),
            (zipped(table(A, exercise="Dear Ann, "), (f"lines/{A}.wav", GOOD)), "bad_table"),
            (zipped(table(A, place="1.words of mine"), (f"lines/{A}.wav", GOOD)), "bad_table"),
            (zipped(table(A, lufs="loud"), (f"lines/{A}.wav", GOOD)), "bad_table"),
            (zipped(table(A, lufs=float("nan")), (f"lines/{A}.wav", GOOD)), "bad_table"),
        ],
    )
    def test_what_is_no_set_of_recordings_is_refused_whole(
        self, recorder: RecordingService, tmp_path: Path, content: bytes, code: str
    ) -> None:
        path = tmp_path / "set.zip"
        path.write_bytes(content)
        with pytest.raises(RecordingRefused) as refusal:
            recorder.unpack(path)
        assert refusal.value.code == code
        assert recorder.recordings.all() == {}

    def test_one_bad_line_brings_in_none_and_is_named(
        self, recorder: RecordingService, tmp_path: Path
    ) -> None:
        path = tmp_path / "set.zip"
        silent = wav_bytes(np.zeros(SAMPLE_RATE, np.int16), SAMPLE_RATE)
        path.write_bytes(zipped(table(A, B), (f"lines/{A}.wav", GOOD), (f"lines/{B}.wav", silent), method=0))
        with pytest.raises(
            RecordingRefused, match=r"Nothing was brought in\. doorway, line 1\.guarded: Almost"
        ):
            recorder.unpack(path)
        assert recorder.recordings.all() == {}
        assert not list(recorder.recordings.incoming.iterdir())

    @given(st.integers(0, 10**6), st.integers(0, 255))
    def test_a_set_with_one_byte_changed_is_taken_or_refused(self, at: int, value: int) -> None:
        import tempfile

        content = bytearray(zipped(table(A), (f"lines/{A}.wav", GOOD)))
        content[at % len(content)] = value
        with tempfile.TemporaryDirectory() as folder:
            store = RecordingStore(Path(folder) / "recordings")
            (Path(folder) / "set.zip").write_bytes(content)
            try:
                count = archive.unpack(store, Path(folder) / "set.zip", lambda line: None)
            except RecordingRefused:
                count = 0
            assert len(store.all()) == count
