"""Operations of the studio: one row each, with its name, the threads where it waits, and what carries it out.

Orders and events are lines of JSON. A handler gives the values of "done"; one that gives None has said so itself, or
answers nothing.

    in   {"id", "op": "compose" | "measure", "key", "recipe"}
    out  {"id", "event": "started", "path", "size"}    the file is there and grows; size may be null
         {"id", "event": "done", "path", "size"}       (for measure: size alone, null where nobody knows); with
                                                       "kept": true where the file had been made before
         {"id", "event": "failed", "message"}          one sentence for people

    in   {"id", "op": "clips", "lines"}     each line is text, voice, rate_wpm, gap_s, pitch, recorded, as_written
    out  {"id", "event": "done", "clips"}   key and seconds of each, all of them in the store; or failed
    in   {"id", "op": "line" | "hear", "line"}         hear: for a choice, so that a room's lines do not wait for it
    out  {"id", "event": "done", "flac", "seconds"}    base64; kept nowhere and logged nowhere; or failed

    in   {"id", "op": "ping"}               asks whether orders are heard at all
    out  {"id", "event": "done"}            at once, before anything that waits

    in   {"id", "op": "inspect", "texts"}              a draft of a script, by language
    out  {"id", "event": "done", "found"}              its checks and timelines (exercises/inspection.py)
    in   {"id", "op": "rehearse", "texts", "language", "cue", "listener", "voice"}    one line of it; out: as for "line"

    in   {"id", "op": "drop", "dropped"}    the id of an order that nobody waits for; that order then fails
    in   {"id", "op": "pin", "clips"}       keys of the clips that open rooms need; answered by nothing

    in   {"id", "op": "preview", "line"}
    out  {"id", "event": "done", "key"}                in the store, from its first word on; or failed

    in   {"id", "op": "warm", "voice"}                 a voice that may soon be asked for
    out  {"id", "event": "done"}                       at once

    in   {"id", "op": "ahead", "lines", "recipes"}     previews, and lines of recipes, that will be asked for, made at
                                                       low priority
    out  {"id", "event": "done"}                       whatever became of them

    in   {"id", "op": "record", "path", "line", "exercise", "place"}    a WAV becomes the recording of a line
    in   {"id", "op": "forget", "lines"}     null deletes all recordings
    in   {"id", "op": "pack"}                all recordings to a ZIP; out: its path
    in   {"id", "op": "unpack", "path"}      a ZIP to recordings
    out  {"id", "event": "done", "count" | "path"}; or failed, with a code where a file is refused

    in   {"id", "op": "install", "name", "mirror"}     a natural voice, into the data folder
    out  {"id", "event": "progress", "done", "whole"}  bytes, now and then
         {"id", "event": "done"}                       or failed
"""

from __future__ import annotations

import base64
import concurrent.futures
import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from audio.data_folder import DataFolder
from audio.dsp import tones
from audio.errors import AudioError, ComposeError
from audio.recipe import Recipe
from audio.recordings.recorded import Recorded
from audio.recordings.service import RecordingService
from audio.recordings.store import RecordingStore
from audio.render import encode
from audio.render.compositor import Compositor, disk_sentence, spoken_s
from audio.speech.clips.store import flac_bytes
from audio.speech.clips.synthesis import Line
from audio.speech.engines import find_voice, home, voice_list
from audio.speech.installation.catalog import find_natural
from audio.speech.installation.install import install
from audio.speech.workers.pool import VoicePool
from exercises.errors import ExerciseError, ScriptError
from exercises.inspection import heard_line, inspect

from .file_store import FileStore

COMPOSITIONS = max(2, os.cpu_count() or 1) + 2
"""As many as the client lets run at once; that is where others wait (`audio.studio.order_queue`)."""
PROGRESS_EVERY_S = 0.25
NICE = 19
"""The niceness of the voice that speaks previews ahead, so that it gives way to everything else."""


class Pool(Enum):
    """Threads where orders wait, by name and number; apart, so that what is short never waits for what is long."""

    FILES = ("file", COMPOSITIONS)
    SIZES = ("size", 1)
    ROOMS = ("room", 2)
    LINES = ("line", 2)
    PREVIEWS = ("preview", 2)
    """Two: what was chosen does not wait for what might be chosen next."""
    AHEAD = ("ahead", 1)
    DRAFTS = ("draft", 1)
    RECORDINGS = ("recorder", 1)
    INSTALLATIONS = ("install", 1)

    def threads(self) -> ThreadPoolExecutor:
        """Start no thread yet, but as many as are wanted, up to its number."""
        name, number = self.value
        return ThreadPoolExecutor(number, name)


@dataclass(frozen=True)
class Order:
    """One order.

    plain  what is asked, as plain values
    say    tells how it goes: the name of an event, and its values
    """

    plain: dict[str, Any]
    say: Callable[..., None]

    @property
    def number(self) -> int:
        """The number by which the service knows it."""
        return int(self.plain["id"])

    @property
    def recipe(self) -> Recipe:
        """The recipe of the file that is asked for."""
        return Recipe.from_json(self.plain["recipe"])


Done = dict[str, Any]
"""The values of the event "done"."""


class Operations:
    """Handlers of all operations, and what they share; files live in `takes` of the data folder."""

    def __init__(self, data: DataFolder, workers: int, cache_mb: int):
        self._files = FileStore(data, cache_mb * 1024 * 1024)
        self._compositor = Compositor.within(data, VoicePool(workers))
        self._recordings = RecordingService(
            RecordingStore(data.recordings), data.clips, (data.renders, self._files.spare)
        )
        self._default = self._compositor.warm(voice_list()[0])
        tones.warm()
        self._keepers = ThreadPoolExecutor(COMPOSITIONS, "keep")
        self._aside: VoicePool | None = None
        """A process of its own for what is made ahead: the others stay with the default, for the first listener."""

        self._dropped: set[int] = set()
        self._closing = False
        self._files.remove_stale()

    def end_idle(self) -> None:
        """End the processes that have had nothing to do for long."""
        self._compositor.pool.end_idle(time.monotonic())

    def close(self) -> None:
        """Stop at once: what is half made is not kept."""
        self._closing = True
        self._keepers.shutdown(wait=False, cancel_futures=True)
        if self._aside:
            self._aside.abandon()
        self._compositor.pool.abandon()

    def go_on(self, number: int) -> None:
        """Raise ComposeError where nobody waits for an order any more."""
        if number in self._dropped:
            raise ComposeError("Nobody is waiting for this sound any more.")

    def forget_order(self, number: int) -> None:
        """Forget whether somebody waits for an order, now that it is over."""
        self._dropped.discard(number)

    def ping(self, order: Order) -> Done:
        """Tell that orders are heard."""
        return {}

    def pin(self, order: Order) -> None:
        """Keep the clips that open rooms need."""
        self._files.pin(order.plain["clips"])

    def drop(self, order: Order) -> None:
        """Give up an order that nobody waits for."""
        self._dropped.add(order.plain["dropped"])

    def compose(self, order: Order) -> Done | None:
        """Make a file, or find it made. Nobody waits for room to be made after it."""
        recipe, key = order.recipe, order.plain["key"]
        name = f"{key}.{recipe.kind}"
        kept = self._files.find(name)
        if kept is not None:
            return {"path": str(kept), "size": kept.stat().st_size, "kept": True}
        size_known = _known_size(recipe)
        folder = self._files.folder(size_known or 0)
        handle, part_name = tempfile.mkstemp(dir=folder, prefix=f"{key}.", suffix=".part")
        os.close(handle)
        part, whole = Path(part_name), folder / name

        def started() -> None:
            if size_known is not None:
                order.say("started", path=str(part), size=size_known)

        try:
            size = self._compositor.compose(recipe, part, lambda _: self.go_on(order.number), started).size
            self._put(part, whole)
            self._compositor.check(*recipe.recorded)
        except BaseException:
            part.unlink(missing_ok=True)
            if recipe.recorded:
                whole.unlink(missing_ok=True)
            raise
        order.say("done", path=str(whole), size=size)
        self._files.prune(whole)
        return None

    def measure(self, order: Order) -> Done:
        """Tell the size of a file, as far as it is known without making it."""
        recipe = order.recipe
        size = _known_size(recipe)
        kept = self._files.find(f"{order.plain['key']}.{recipe.kind}") if size is None else None
        return {"size": kept.stat().st_size if kept else size}

    def clips(self, order: Order) -> Done:
        """Put lines into the store of clips, all or none."""
        lines = order.plain["lines"]
        # voice by voice: a process has one for life, and a room in two languages would replace them at each line
        by_voice = sorted(range(len(lines)), key=lambda i: str(lines[i]["voice"]))
        futures = {
            i: self._keepers.submit(self._compositor.keep, _line(lines[i]), _recorded(lines[i]))
            for i in by_voice
        }
        try:
            kept = [futures[i].result() for i in range(len(lines))]
        except BaseException:
            for future in futures.values():
                future.cancel()
            raise
        self._files.hold([key for key, _ in kept])
        self._files.prune()
        return {"clips": kept}

    def line(self, order: Order) -> Done:
        """Speak a typed line."""
        return _as_bytes(self._compositor.speak(_line(order.plain["line"])))

    def preview(self, order: Order) -> Done:
        """Put a line for choosing a voice by into the store."""
        return {"key": self._compositor.sample(_line(order.plain["line"]))}

    def warm(self, order: Order) -> Done:
        """Start a voice that may soon be asked for."""
        self._compositor.warm(find_voice(order.plain["voice"]))
        return {}

    def ahead(self, order: Order) -> Done:
        """Make previews and lines that will be asked for, at low priority."""
        recipes = [Recipe.from_json(plain) for plain in order.plain["recipes"]]
        concurrent.futures.wait([self._default])  # whoever is quicker than this is served first
        self._aside = VoicePool(1, NICE)
        with contextlib.closing(self._aside):
            self._make_ahead(self._aside, order.plain["lines"], recipes)
        return {}

    def inspect(self, order: Order) -> Done:
        """Check a draft of a script."""
        return {"found": inspect(order.plain["texts"])}

    def rehearse(self, order: Order) -> Done:
        """Speak one line of a draft."""
        return _as_bytes(self._compositor.speak(_rehearsed(order.plain)))

    def record(self, order: Order) -> Done:
        """Take a WAV in as the recording of a line."""
        path, *rest = (order.plain[name] for name in ("path", "line", "exercise", "place"))
        self._recordings.record(Path(path), *rest)
        return {}

    def forget(self, order: Order) -> Done:
        """Delete recordings."""
        return {"count": self._recordings.forget(order.plain["lines"])}

    def pack(self, order: Order) -> Done:
        """Pack all recordings into a ZIP."""
        return {"path": self._recordings.pack()}

    def unpack(self, order: Order) -> Done:
        """Bring in a ZIP of recordings."""
        return {"count": self._recordings.unpack(Path(order.plain["path"]))}

    def install(self, order: Order) -> Done:
        """Fetch a natural voice, then start and tune it, so that its first listener need not wait for that."""
        said = 0.0

        def progress(done: int, whole: int) -> None:
            nonlocal said
            if time.monotonic() - said > PROGRESS_EVERY_S:
                said = time.monotonic()
                order.say("progress", done=done, whole=whole)

        natural = find_natural(order.plain["name"])
        install(natural, home(), order.plain["mirror"], progress)
        for voice in voice_list():
            if voice.id == natural.voice_id:
                self._compositor.warm(voice)
        return {}

    def _make_ahead(self, voices: VoicePool, lines: list[dict[str, Any]], recipes: list[Recipe]) -> None:
        for line in lines:
            if self._closing:
                return
            # whoever chooses a voice that does not speak is told then
            with contextlib.suppress(AudioError):
                self._compositor.sample(_line(line), voices)
        for recipe in recipes:
            with contextlib.suppress(AudioError, ExerciseError):
                for _ in self._compositor.make_ahead(recipe, voices):
                    if self._closing:
                        return

    def _put(self, part: Path, whole: Path) -> None:
        try:
            self._files.put(part, whole)
        except OSError as error:
            raise ComposeError(disk_sentence(error)) from error


@dataclass(frozen=True)
class Operation:
    """One row: what it is called, where it waits (None: it is done at once), and what carries it out."""

    name: str
    pool: Pool | None
    handler: Callable[[Operations, Order], Done | None]


OPERATIONS = {
    row.name: row
    for row in (
        Operation("ping", None, Operations.ping),
        Operation("pin", None, Operations.pin),
        Operation("drop", None, Operations.drop),
        Operation("compose", Pool.FILES, Operations.compose),
        Operation("measure", Pool.SIZES, Operations.measure),
        Operation("clips", Pool.ROOMS, Operations.clips),
        Operation("line", Pool.LINES, Operations.line),
        Operation("hear", Pool.PREVIEWS, Operations.line),
        Operation("preview", Pool.PREVIEWS, Operations.preview),
        Operation("rehearse", Pool.PREVIEWS, Operations.rehearse),
        Operation("warm", Pool.PREVIEWS, Operations.warm),
        Operation("ahead", Pool.AHEAD, Operations.ahead),
        Operation("inspect", Pool.DRAFTS, Operations.inspect),
        Operation("record", Pool.RECORDINGS, Operations.record),
        Operation("forget", Pool.RECORDINGS, Operations.forget),
        Operation("pack", Pool.RECORDINGS, Operations.pack),
        Operation("unpack", Pool.RECORDINGS, Operations.unpack),
        Operation("install", Pool.INSTALLATIONS, Operations.install),
    )
}


def _known_size(recipe: Recipe) -> int | None:
    """The size of a file before it is made, where its kind tells."""
    return encode.known_size(recipe.timeline(), recipe.setting, recipe.channels, recipe.kind, recipe.compact)


def _as_bytes(samples: np.ndarray) -> Done:
    """A line that is kept nowhere, as text."""
    return {"flac": base64.b64encode(flac_bytes(samples)).decode(), "seconds": spoken_s(samples)}


def _line(plain: dict[str, Any]) -> Line:
    spoken = {name: value for name, value in plain.items() if name != "recorded"}
    return Line(**{**spoken, "voice": find_voice(plain["voice"])})


def _rehearsed(order: dict[str, Any]) -> Line:
    """The line of a draft that is to be heard; raises ComposeError for a draft that may not play."""
    try:
        asked = (order[name] for name in ("texts", "language", "cue", "listener"))
        words, rate_wpm, gap_s = heard_line(*asked)
    except ScriptError:
        raise ComposeError("It can't be heard yet. Fix what the checks found first.") from None
    return Line(words, find_voice(order["voice"]), rate_wpm, gap_s)


def _recorded(plain: dict[str, Any]) -> Recorded | None:
    return Recorded(*plain["recorded"]) if plain["recorded"] else None
