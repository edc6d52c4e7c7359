"""The one call that turns a recipe into a (growing) file of sound.

A `Recipe` says everything that a file depends on, so its key names the file. `Compositor` holds what all
compositions share: the voices at work and the store of clips.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from audio.data_folder import DataFolder
from audio.dsp.voice_effects import with_lead
from audio.errors import AudioError, ComposeError
from audio.fingerprint import digest
from audio.levels import LEAD_S
from audio.recipe import SETTINGS, Recipe
from audio.recordings.ingest import BEFORE_S, limited
from audio.recordings.recorded import Recorded
from audio.recordings.store import RecordingStore
from audio.speech.calibration.measured import measured
from audio.speech.calibration.tuning import tune, tuned_to, tuning_key
from audio.speech.clips.store import ClipStore, Tuning
from audio.speech.clips.synthesis import Line, clip_key, rings_s
from audio.speech.engines import Voice, find_voice
from audio.speech.workers.pool import VoicePool
from exercises.model import words_for
from exercises.recordable import line_digest
from exercises.timeline import SAMPLE_RATE, Timeline

from . import encode, metadata
from .mix import Mix

LOOK_AHEAD_LINES = 8
"""Lines that are spoken ahead of the mix; bounds the memory of a long exercise."""

_QUEUED_BLOCKS = 12


@dataclass(frozen=True)
class Report:
    """The outcome of a composition: how far any line came after its time (samples), and the bytes written."""

    late_samples: int
    size: int


class Compositor:
    """Voices at work and the clip store, shared by all compositions of a process."""

    def __init__(self, pool: VoicePool, store: ClipStore, recordings: RecordingStore | None = None):
        self.pool, self.store, self.recordings = pool, store, recordings
        self._pending: dict[str, Future[np.ndarray]] = {}
        self._lock = threading.Lock()
        self._tunings: dict[Voice, Tuning] = {}
        self._tuning_locks: dict[Voice, threading.Lock] = {}
        self._readers = ThreadPoolExecutor(LOOK_AHEAD_LINES // 2, "clips")

    @classmethod
    def within(cls, data: DataFolder, pool: VoicePool) -> Compositor:
        """A compositor over the clips and recordings of a data folder."""
        return cls(pool, ClipStore(data.clips), RecordingStore(data.recordings))

    def warm(self, voice: Voice) -> Future[None]:
        """Start a voice and tune it, without waiting for either; the future is of the first process that can speak."""
        started = self.pool.warm(voice)
        self._readers.submit(self.tuning, voice)
        return started

    def close(self) -> None:
        """Finish what is being kept and end the voices."""
        self._readers.shutdown()
        self.pool.close()

    def clip(self, line: Line, recorded: Recorded | None = None) -> Future[np.ndarray]:
        """The clip of a line: as somebody read it, kept, being made for somebody else, or made now."""
        return self._readers.submit(self._clip, line, recorded)

    def tuning(self, voice: Voice, made: Tuning | None = None) -> Tuning:
        """The tuning of a voice: `made`, if it has none yet and is not being tuned; raises VoiceError.

        Measured once, here or beforehand, and kept: an engine never reads twice the same, and another tuning would be
        other clips.
        """
        with self._lock:
            lock = self._tuning_locks.setdefault(voice, threading.Lock())
        with lock:  # one for each voice: nobody waits for a slow voice that somebody else chose
            found = self._kept_tuning(voice)
            if found is None:
                found = made or tune(self.pool, voice)
                self.store.try_put_tuning(tuning_key(voice), found)
            self._tunings[voice] = found
            return found

    def _kept_tuning(self, voice: Voice) -> Tuning | None:
        return self._tunings.get(voice) or self.store.tuning(tuning_key(voice)) or measured(voice)

    def _tuned(self, line: Line) -> Tuning:
        return tuned_to(self.tuning(line.voice), line.voice, line.rate_wpm, line.pitch)

    def _clip(self, line: Line, recorded: Recorded | None = None) -> np.ndarray:
        read = self._read(recorded)
        if read is not None:
            return read
        tuning = self._tuned(line)
        key = clip_key(line, tuning)
        kept = self.store.get(key)
        if kept is not None:
            return kept
        with self._lock:
            mine = key not in self._pending
            if mine:
                self._pending[key] = self.pool.speak(line, tuning)
            future = self._pending[key]
        try:
            samples = future.result()
        finally:
            if mine:
                with self._lock:
                    del self._pending[key]
        if mine:
            self.store.try_put(key, samples)
        return samples

    def _read(self, recorded: Recorded | None) -> np.ndarray | None:
        """A line as somebody read it; None where there is no such take (any more), so that the engine speaks it."""
        if recorded is None or self.recordings is None:
            return None
        samples = self.recordings.samples(recorded)
        if samples is None:
            return None
        return with_lead(limited(samples, recorded.lift_db), SAMPLE_RATE, BEFORE_S)

    def keep(self, line: Line, recorded: Recorded | None = None) -> tuple[str, float]:
        """Have the clip of a line in the store: its key, and its seconds from the first word on.

        Raises VoiceError or StoreError.
        """
        read = self._read(recorded)
        if recorded is not None and read is not None:
            return self._keep_read(recorded, read)
        tuning = self._tuned(line)
        key = clip_key(line, tuning)
        kept_s = self.store.seconds(key)
        if kept_s is not None:
            return key, kept_s - LEAD_S
        samples = self._clip(line)
        self.store.put(key, samples)
        return key, spoken_s(samples)

    def sample(self, line: Line, pool: VoicePool | None = None) -> str:
        """Have a line in the store from its first word on, to be heard at once: its key.

        `pool` speaks it where it is not there yet, and tunes its voice; who chooses that voice meanwhile need not wait
        for a pool that gives way to others. Raises VoiceError or StoreError.
        """
        if pool:
            self._tune_aside(line.voice, pool)
        tuning = self._tuned(line)
        key = digest("sample", clip_key(line, tuning))
        if self.store.seconds(key) is None:
            samples = (pool or self.pool).speak(line, tuning).result()
            self.store.put(key, samples[round(LEAD_S * SAMPLE_RATE) :])
        return key

    def make_ahead(self, recipe: Recipe, pool: VoicePool) -> Iterator[None]:
        """Have the lines of a recipe in the store, one at each step, spoken by a pool that gives way to others.

        The file itself is not made: with its lines there, it grows as fast as it can be encoded. Raises VoiceError,
        StoreError or ChoiceError.
        """
        for line in dict.fromkeys(line for _, line in _lines_of(recipe, recipe.timeline())):
            self._tune_aside(line.voice, pool)
            tuning = self._tuned(line)
            key = clip_key(line, tuning)
            if self.store.seconds(key) is None:
                self.store.put(key, pool.speak(line, tuning).result())
            yield

    def _tune_aside(self, voice: Voice, pool: VoicePool) -> None:
        if self._kept_tuning(voice) is None:
            self.tuning(voice, tune(pool, voice))

    def _keep_read(self, recorded: Recorded, read: np.ndarray) -> tuple[str, float]:
        key = recorded.clip_key
        if self.store.seconds(key) is None:
            self.store.put(key, read)
        try:
            self.check(recorded)
        except ComposeError:
            self.store.path(key).unlink(missing_ok=True)
            raise
        return key, spoken_s(read)

    def check(self, *recorded: Recorded) -> None:
        """Tell whether what was composed may be kept: raises ComposeError where a take of it was deleted meanwhile."""
        if self.recordings is not None and not self.recordings.holds(recorded):
            raise ComposeError("A recorded line was changed or deleted meanwhile. Start the exercise again.")

    def speak(self, line: Line) -> np.ndarray:
        """A line spoken at once and kept nowhere; raises VoiceError."""
        return self.pool.speak(line, self._tuned(line)).result()

    def blocks(self, recipe: Recipe, timeline: Timeline) -> Mix:
        """The mix of a recipe; iterating it speaks the lines as they come near."""
        # what somebody read has no ring; where the two meet, a line may wait the longer of both
        ring = 0 if recipe.recorded else round(rings_s(find_voice(recipe.voice)) * SAMPLE_RATE)
        return Mix(timeline, recipe.setting, recipe.texture, _LookAhead(self, recipe, timeline), ring)

    def compose(
        self,
        recipe: Recipe,
        out: Path,
        on_block: Callable[[np.ndarray], None] | None = None,
        on_start: Callable[[], None] | None = None,
    ) -> Report:
        """Write the file of `recipe` to `out`, block by block, so that it can be read while it grows.

        on_block  gets each block as float32 (samples, channels) before it is encoded, for a meter or progress
        on_start  is called once, when the file is there and its first bytes can be read

        Raises VoiceError, ComposeError or ChoiceError; what was written by then stays for the caller to remove.
        """
        timeline = recipe.timeline()
        mix = self.blocks(recipe, timeline)
        blocks = _ahead(_observed(mix, on_block))
        try:
            if recipe.kind == "flac":
                if on_start:
                    on_start()
                for _ in encode.write_flac(out, blocks, timeline, recipe.channels):
                    pass
            else:
                _write_growing(recipe, timeline, blocks, out, on_start)
        except OSError as error:
            raise ComposeError(disk_sentence(error)) from error
        finally:
            blocks.close()
        return Report(mix.late_samples, out.stat().st_size)


def spoken_s(clip: np.ndarray) -> float:
    """Seconds of a clip from its first word on."""
    return len(clip) / SAMPLE_RATE - LEAD_S


def _write_growing(
    recipe: Recipe,
    timeline: Timeline,
    blocks: Iterable[np.ndarray],
    out: Path,
    on_start: Callable[[], None] | None,
) -> None:
    channels = recipe.channels
    with out.open("wb", buffering=0) as file:
        if recipe.kind == "mp3":
            file.write(metadata.id3(timeline, recipe.setting))
            pieces: Iterable[bytes] = encode.mp3_frames(
                blocks, channels, encode.frame_count(timeline), recipe.compact
            )
        else:
            file.write(encode.wav_header(timeline, recipe.setting, channels))
            pieces = (block.tobytes() for block in blocks)
        if on_start:
            on_start()
        for piece in pieces:
            file.write(piece)


def disk_sentence(error: OSError) -> str:
    """The sentence for a disk that takes nothing."""
    return f"The sound could not be written ({error.strerror or error}). Free some room on the disk and try again."


def _observed(mix: Mix, on_block: Callable[[np.ndarray], None] | None) -> Iterator[np.ndarray]:
    for block in mix:
        if on_block:
            on_block(block)
        yield encode.to_pcm(block)


def _ahead(source: Iterator[np.ndarray]) -> Generator[np.ndarray, None, None]:
    """Run `source` in a thread, a few blocks ahead: mixing and encoding then use a processor each.

    What waits is handed over as one block, so a busy encoder gets longer pieces and the two threads meet less often
    at the interpreter's lock.
    """
    items: queue.Queue[np.ndarray | BaseException | None] = queue.Queue(_QUEUED_BLOCKS)
    stop = threading.Event()

    def run() -> None:
        last: BaseException | None = None
        try:
            for item in source:
                if stop.is_set():
                    return
                items.put(item)
        except BaseException as error:  # handed over to the reader, who raises it
            last = error
        items.put(last)

    thread = threading.Thread(target=run, daemon=True, name="mix")
    thread.start()
    try:
        while True:
            taken = _all_waiting(items)
            blocks = [item for item in taken if isinstance(item, np.ndarray)]
            if blocks:
                yield blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
            last = taken[-1]
            if isinstance(last, BaseException):
                raise last
            if last is None:
                return
    finally:
        stop.set()
        while thread.is_alive():
            try:
                items.get(timeout=0.05)
            except queue.Empty:
                continue


def _all_waiting(items: queue.Queue[Any]) -> list[Any]:
    """Everything in a queue, at least one item."""
    taken = [items.get()]
    while True:
        try:
            taken.append(items.get_nowait())
        except queue.Empty:
            return taken


def _lines_of(recipe: Recipe, timeline: Timeline) -> Iterator[tuple[tuple[int, int], Line]]:
    """Each line as an engine speaks it, and its place: the index of its cue, and the channel."""
    voice = find_voice(recipe.voice)
    for index, cue in enumerate(timeline.cues):
        if cue.kind in ("line", "word") and cue.text is not None:
            for channel, listener in enumerate(SETTINGS[recipe.setting]):
                words = words_for(cue.text, listener)
                line = Line(words, voice, timeline.rate_wpm, timeline.line_gap_s, recipe.pitch)
                yield (index, channel), line


class _LookAhead:
    """The clips of one composition, asked for a few lines before they are needed and let go after."""

    def __init__(self, compositor: Compositor, recipe: Recipe, timeline: Timeline):
        self._compositor = compositor
        self._recorded = {one.line: one for one in recipe.recorded}
        self._lines = list(_lines_of(recipe, timeline))[::-1]
        self._asked: dict[tuple[int, int], Future[np.ndarray]] = {}
        self._fill()

    def _fill(self) -> None:
        while self._lines and len(self._asked) < LOOK_AHEAD_LINES:
            place, line = self._lines.pop()
            self._asked[place] = self._compositor.clip(line, self._recorded.get(line_digest(line.text)))

    def __call__(self, index: int, channel: int) -> np.ndarray:
        future = self._asked.pop((index, channel))
        self._fill()
        try:
            return future.result()
        except AudioError:
            for waiting in self._asked.values():
                waiting.cancel()
            raise
