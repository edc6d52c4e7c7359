"""The main of the studio process: orders come in as lines of JSON, events go out the same way.

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

The process ends when its input does. It is started by `Studio` and by nobody else.
"""

from __future__ import annotations

import base64
import concurrent.futures
import contextlib
import json
import logging
import os
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from traceback import format_tb
from typing import Any, TextIO

from audio.dsp import tones
from audio.errors import AudioError, ComposeError, RecordingRefused
from audio.log_lines import formatter
from audio.recipe import Recipe
from audio.recordings.recorded import Recorded
from audio.recordings.service import RecordingService
from audio.recordings.store import RecordingStore
from audio.render import encode
from audio.render.compositor import Compositor, disk_sentence, spoken_s
from audio.speech.clips.store import ClipStore, flac_bytes
from audio.speech.clips.synthesis import Line
from audio.speech.engines import find_voice, home, use_finish, use_first, use_home, voice_list
from audio.speech.installation.catalog import find_natural
from audio.speech.installation.install import install
from audio.speech.pronunciation.lexicon import use_own
from audio.speech.pronunciation.own_list import Pronunciations
from audio.speech.workers.pool import VoicePool
from exercises.errors import ExerciseError, ScriptError
from exercises.inspection import heard_line, inspect

from .file_store import FileStore

log = logging.getLogger("audio.studio.client")

COMPOSITIONS = max(2, os.cpu_count() or 1) + 2
"""As many as the client lets run at once; that is where others wait (`audio.studio.order_queue`)."""
PROGRESS_EVERY_S = 0.25
IDLE_LOOK_S = 5.0
"""Seconds between looks for processes that have nothing to do."""
NICE = 19
"""The niceness of the voice that speaks previews ahead, so that it gives way to everything else."""
_AT_DESK = ("record", "forget", "pack", "unpack")


class Workshop:
    """Carries out orders, each in a thread; files live in `takes` of the data folder."""

    def __init__(self, data: Path, workers: int, cache_mb: int, out: Any):
        self._files = FileStore(data, cache_mb * 1024 * 1024)
        recordings = RecordingStore(data / "recordings")
        self._compositor = Compositor(VoicePool(workers), ClipStore(self._files.clips), recordings)
        self._desk = RecordingService(recordings, self._files.clips, (self._files.takes, self._files.spare))
        self._default = self._compositor.warm(voice_list()[0])
        tones.warm()
        self._threads = ThreadPoolExecutor(COMPOSITIONS, "take")
        # of their own, so that a room does not wait for a long file, a typed line for a room, a feed for any of them
        self._rooms = ThreadPoolExecutor(2, "room")
        self._keepers = ThreadPoolExecutor(COMPOSITIONS, "keep")
        self._lines = ThreadPoolExecutor(2, "line")
        # two: what was chosen does not wait for what might be chosen next
        self._previews = ThreadPoolExecutor(2, "preview")
        self._ahead = ThreadPoolExecutor(1, "ahead")
        self._drafts = ThreadPoolExecutor(1, "draft")
        self._aside: VoicePool | None = None
        """A process of its own for that: the others stay with the default, which the first listener waits for."""

        self._desk_threads = ThreadPoolExecutor(1, "recorder")
        self._sizes = ThreadPoolExecutor(1, "size")
        self._installers = ThreadPoolExecutor(1, "install")
        self._dropped: set[int] = set()
        self._closing = False
        self._out, self._out_lock = out, threading.Lock()
        self._files.remove_stale()
        threading.Thread(target=self._end_idle, daemon=True, name="idle").start()

    def order(self, order: dict[str, Any]) -> None:
        """Start one order."""
        if order["op"] == "ping":
            self._say(order["id"], "done")
            return
        if order["op"] == "pin":
            self._files.pin(order["clips"])
            return
        if order["op"] == "drop":
            self._dropped.add(order["dropped"])
            return
        threads = {
            "clips": self._rooms,
            "line": self._lines,
            "preview": self._previews,
            "hear": self._previews,
            "rehearse": self._previews,
            "inspect": self._drafts,
            "warm": self._previews,
            "ahead": self._ahead,
            "measure": self._sizes,
            "install": self._installers,
            **dict.fromkeys(_AT_DESK, self._desk_threads),
        }.get(order["op"], self._threads)
        threads.submit(self._carry_out, order)

    def close(self) -> None:
        """Stop at once: what is half made is not kept."""
        self._closing = True
        for threads in (
            self._threads,
            self._rooms,
            self._keepers,
            self._lines,
            self._previews,
            self._drafts,
            self._ahead,
            self._desk_threads,
            self._sizes,
            self._installers,
        ):
            threads.shutdown(wait=False, cancel_futures=True)
        if self._aside:
            self._aside.abandon()
        self._compositor.pool.abandon()

    def _end_idle(self) -> None:
        while not self._closing:
            time.sleep(IDLE_LOOK_S)
            self._compositor.pool.end_idle(time.monotonic())

    def _say(self, number: int, event: str, **values: Any) -> None:
        with self._out_lock:
            self._out.write(json.dumps({"id": number, "event": event, **values}) + "\n")
            self._out.flush()

    def _carry_out(self, order: dict[str, Any]) -> None:
        number = order["id"]
        try:
            self._go_on(number)
            match order["op"]:
                case "clips":
                    self._say(number, "done", clips=self._keep(order["lines"]))
                case "line" | "hear":
                    samples = self._compositor.speak(_line(order["line"]))
                    flac = base64.b64encode(flac_bytes(samples)).decode()
                    self._say(number, "done", flac=flac, seconds=spoken_s(samples))
                case "inspect":
                    self._say(number, "done", found=inspect(order["texts"]))
                case "rehearse":
                    samples = self._compositor.speak(_rehearsed(order))
                    flac = base64.b64encode(flac_bytes(samples)).decode()
                    self._say(number, "done", flac=flac, seconds=spoken_s(samples))
                case "preview":
                    self._say(number, "done", key=self._compositor.sample(_line(order["line"])))
                case "warm":
                    self._compositor.warm(find_voice(order["voice"]))
                    self._say(number, "done")
                case "ahead":
                    self._make_ahead(order["lines"], [Recipe.from_json(plain) for plain in order["recipes"]])
                    self._say(number, "done")
                case "install":
                    self._install(number, order["name"], order["mirror"])
                    self._say(number, "done")
                case "measure":
                    size = self._measure(order["key"], Recipe.from_json(order["recipe"]))
                    self._say(number, "done", size=size)
                case "record":
                    path, *rest = (order[name] for name in ("path", "line", "exercise", "place"))
                    self._desk.record(Path(path), *rest)
                    self._say(number, "done")
                case "forget":
                    self._say(number, "done", count=self._desk.forget(order["lines"]))
                case "pack":
                    self._say(number, "done", path=self._desk.pack())
                case "unpack":
                    self._say(number, "done", count=self._desk.unpack(Path(order["path"])))
                case _:
                    self._compose(number, order["key"], Recipe.from_json(order["recipe"]))
        except RecordingRefused as error:
            self._say(number, "failed", message=str(error), code=error.code)
        except (AudioError, ExerciseError) as error:
            self._say(number, "failed", message=str(error))
        except Exception as error:
            if self._closing:
                return
            # the trace alone: an error's own words could hold what somebody typed
            log.error(
                "an order failed (%s)\n%s", type(error).__name__, "".join(format_tb(error.__traceback__))
            )
            self._say(number, "failed", message="The sound could not be made. Start the exercise again.")
        finally:
            self._dropped.discard(number)

    def _keep(self, lines: list[dict[str, Any]]) -> list[tuple[str, float]]:
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
        return kept

    def _make_ahead(self, lines: list[dict[str, Any]], recipes: list[Recipe]) -> None:
        concurrent.futures.wait([self._default])  # whoever is quicker than this is served first
        self._aside = VoicePool(1, NICE)
        with contextlib.closing(self._aside):
            for line in lines:
                if self._closing:
                    return
                # whoever chooses a voice that does not speak is told then
                with contextlib.suppress(AudioError):
                    self._compositor.sample(_line(line), self._aside)
            for recipe in recipes:
                with contextlib.suppress(AudioError, ExerciseError):
                    for _ in self._compositor.make_ahead(recipe, self._aside):
                        if self._closing:
                            return

    def _install(self, number: int, name: str, mirror: str) -> None:
        """Fetch a natural voice, then start and tune it, so that its first listener need not wait for that."""
        said = 0.0

        def progress(done: int, whole: int) -> None:
            nonlocal said
            if time.monotonic() - said > PROGRESS_EVERY_S:
                said = time.monotonic()
                self._say(number, "progress", done=done, whole=whole)

        natural = find_natural(name)
        install(natural, home(), mirror, progress)
        for voice in voice_list():
            if voice.id == natural.voice_id:
                self._compositor.warm(voice)

    def _go_on(self, number: int) -> None:
        """Raise ComposeError where nobody waits for an order any more."""
        if number in self._dropped:
            raise ComposeError("Nobody waits for this sound any more.")

    def _put(self, part: Path, whole: Path) -> None:
        try:
            self._files.put(part, whole)
        except OSError as error:
            raise ComposeError(disk_sentence(error)) from error

    def _measure(self, key: str, recipe: Recipe) -> int | None:
        """The size of a file, as far as it is known without making it."""
        size = encode.known_size(
            recipe.timeline(), recipe.setting, recipe.channels, recipe.kind, recipe.compact
        )
        kept = self._files.find(f"{key}.{recipe.kind}") if size is None else None
        return kept.stat().st_size if kept else size

    def _compose(self, number: int, key: str, recipe: Recipe) -> None:
        name = f"{key}.{recipe.kind}"
        kept = self._files.find(name)
        if kept is not None:
            size = kept.stat().st_size
            self._say(number, "done", path=str(kept), size=size, kept=True)
            return
        size_known = encode.known_size(
            recipe.timeline(), recipe.setting, recipe.channels, recipe.kind, recipe.compact
        )
        folder = self._files.folder(size_known or 0)
        handle, part_name = tempfile.mkstemp(dir=folder, prefix=f"{key}.", suffix=".part")
        os.close(handle)
        part, whole = Path(part_name), folder / name

        def started() -> None:
            if size_known is not None:
                self._say(number, "started", path=str(part), size=size_known)

        try:
            size = self._compositor.compose(recipe, part, lambda _: self._go_on(number), started).size
            self._put(part, whole)
            self._compositor.check(*recipe.recorded)
        except BaseException:
            part.unlink(missing_ok=True)
            if recipe.recorded:
                whole.unlink(missing_ok=True)
            raise
        self._say(number, "done", path=str(whole), size=size)
        self._files.prune(whole)


def _line(plain: dict[str, Any]) -> Line:
    spoken = {name: value for name, value in plain.items() if name != "recorded"}
    return Line(**{**spoken, "voice": find_voice(plain["voice"])})


def _rehearsed(order: dict[str, Any]) -> Line:
    """The line of a draft that is to be heard; raises ComposeError for a draft that may not play."""
    try:
        asked = (order[name] for name in ("texts", "language", "cue", "listener"))
        words, rate_wpm, gap_s = heard_line(*asked)
    except ScriptError:
        raise ComposeError("It can't be heard yet. Mend what the checks say first.") from None
    return Line(words, find_voice(order["voice"]), rate_wpm, gap_s)


def _recorded(plain: dict[str, Any]) -> Recorded | None:
    return Recorded(*plain["recorded"]) if plain["recorded"] else None


def _private_pipes() -> tuple[TextIO, TextIO]:
    """The two pipes of the protocol, on descriptors that no engine and no process of theirs gets.

    What engines print would be read as events, and what they read would be orders that nobody carries out.
    """
    orders = os.fdopen(os.dup(0), encoding="utf-8")
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdin, sys.stdout = open(os.devnull), sys.stderr  # noqa: SIM115 - for as long as the process lives
    return orders, out


def main() -> None:
    """Serve orders until the input ends."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders, out = _private_pipes()
    data, workers, cache_mb = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    use_home(data / "voices")
    use_finish(sys.argv[4] == "1")
    use_first(sys.argv[5])
    use_own(Pronunciations.within(data).entries)
    workshop = Workshop(data, workers, cache_mb, out)
    for line in orders:
        workshop.order(json.loads(line))
    workshop.close()
    # voices may be in the middle of a line; nothing of theirs is worth waiting for
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
