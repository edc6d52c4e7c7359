"""The studio as the service sees it: ask for a recipe, get a Render, read it while it grows.

Everything that computes (planning for sound, voices, mixing, encoding) runs in a process of its own, of which
`process.py` is the main. This side only holds pipes and files, so it can live where sockets live, also under gevent.

Each method asks for one operation (operations.py has their table); `orders.py` carries it to the process and back.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from audio.errors import ComposeError, VoiceError
from audio.recipe import Recipe

from .load import Load
from .order_queue import Asking, Rank
from .orders import Orders
from .render import Render
from .requests import Installation, KeptClip, PendingAnswer, SpeechRequest, SpokenLine

CLIPS_LIMIT_S = 600.0
LINE_LIMIT_S = 20.0
PREVIEW_LIMIT_S = 90.0
RECORD_LIMIT_S = 20.0
ARCHIVE_LIMIT_S = 600.0
LINGER_S = 8.0
"""So long a file is made on after the last who waited for it has gone: players hang up between two parts of it."""
LISTENER = Asking()
RENDERS_KNOWN = 1024
WARM_EVERY_S = 10.0


class Studio:
    """Starts the studio process, keeps it alive, and joins everybody who asks for the same file to one render."""

    def __init__(
        self, data: Path, workers: int = 0, cache_mb: int = 512, finish: bool = True, voice: str = ""
    ):
        arguments = (data, workers, cache_mb, int(finish), voice)
        self._orders = Orders([*map(str, arguments)])
        self._renders: dict[str, Render] = {}
        self._speech: dict[str, Render | PendingAnswer] = {}
        """The last file whose lines were asked for, by what is spoken in it; once it is done they have been spoken."""
        self._ping: PendingAnswer | None = None
        self._warmed: dict[str, float] = {}
        """The time at which each voice was last asked to be ready, in seconds of the monotonic clock."""

    def start(self) -> None:
        """Start the process now, so that the first listener does not wait for it."""
        self._orders.start()

    def load(self) -> Load:
        """Counts of the work at hand and of the work done since the start."""
        return self._orders.load()

    def renew(self) -> None:
        """Replace the process and its voices as soon as nothing is being made: what they were told is then gone."""
        self._orders.renew()

    def close(self) -> None:
        """End the process and its voices."""
        self._orders.close()

    def answers(self, limit_s: float) -> bool:
        """Tell whether the process carries out orders; it is started where it is gone. Waits for its answer."""
        with self._orders.lock:
            # one question at a time, so that a process that hears nothing is not written to for ever
            if self._ping is None or self._ping.done:
                try:
                    self._ping = self._orders.order({"op": "ping"})
                except (ComposeError, OSError):
                    return False
            ping = self._ping
        try:
            ping.wait(limit_s)
        except VoiceError:
            return False
        return True

    def render(self, recipe: Recipe, key: str, asking: Asking = LISTENER) -> Render:
        """The render of a recipe: the one under way, the one kept, or a new one. A failed one is tried again.

        `key` is `recipe.key()`, passed in because whoever asks has it already. Raises Busy where too much waits.
        """
        speech = recipe.speech_key()
        if asking.rank is Rank.LISTENER and (made := self._speech.get(speech)) and made.done:
            asking = dataclasses.replace(asking, rank=Rank.SPOKEN)
        render = self._ask("compose", key, key, recipe, asking)
        self._remember_speech(speech, render)
        return render

    @contextlib.contextmanager
    def held(self, render: Render) -> Iterator[Render]:
        """Keep a render wanted as long as the block lasts. What nobody holds any more is not made any further."""
        self.hold(render)
        try:
            yield render
        finally:
            self.let_go(render)

    def hold(self, render: Render) -> None:
        """Say that somebody waits for a render, or reads it."""
        render.holders += 1

    def let_go(self, render: Render) -> None:
        """Say that somebody does so no more."""
        render.holders -= 1
        if render.holders > 0 or render.done or render.error:
            return
        if not self._orders.is_sent(render):
            self._orders.drop(render)
            return
        timer = threading.Timer(LINGER_S, self._orders.drop, [render])
        timer.daemon = True
        timer.start()

    def size(self, recipe: Recipe, key: str) -> int | None:
        """Bytes of the file, or None where only making it would tell. Makes nothing; raises ComposeError."""
        render = self._ask("measure", f"{key} size", key, recipe)
        render.wait_size()
        if render.size is None:
            self._renders.pop(f"{key} size", None)
        return render.size

    def peek(self, key: str) -> str:
        """The state of the render with this key: absent, composing, ready or failed; starts nothing."""
        render = self._renders.get(key)
        return render.state if render else "absent"

    def failure(self, key: str) -> str | None:
        """The reason why the last render with this key failed, as a sentence."""
        render = self._renders.get(key)
        return render.error if render else None

    def clips(self, wordings: Sequence[SpeechRequest]) -> list[KeptClip]:
        """Every request as a clip in the store, all or none; raises VoiceError, ComposeError or Busy. Waits for it."""
        plain = [request.to_json() for request in wordings]
        pending = self._orders.order({"op": "clips", "lines": plain}, Asking(Rank.ROOM))
        return [KeptClip(key, seconds) for key, seconds in pending.wait(CLIPS_LIMIT_S)["clips"]]

    def preview(
        self, request: SpeechRequest, network: str = "", is_gone: Callable[[], bool] = lambda: False
    ) -> str:
        """A line for choosing a voice by, in the store from its first word on: its key. Waits for it.

        Raises VoiceError, ComposeError or Busy.
        """
        pending = self._orders.order(
            {"op": "preview", "line": request.to_json()}, Asking(Rank.PREVIEW, network)
        )
        try:
            return str(pending.wait(PREVIEW_LIMIT_S, is_gone)["key"])
        finally:
            self._orders.drop(pending)

    def pin(self, keys: Collection[str]) -> None:
        """Keep the clips with these keys, which open rooms need, until the next call says otherwise."""
        self._orders.pin(tuple(keys))

    def ahead(self, wordings: Sequence[SpeechRequest], recipes: Sequence[Recipe] = ()) -> PendingAnswer:
        """Have previews made that will be asked for, then the lines of recipes, all at low priority.

        Returns at once; nobody need wait for it.
        """
        plain = {"lines": [one.to_json() for one in wordings], "recipes": [one.to_json() for one in recipes]}
        pending = self._orders.order({"op": "ahead", **plain})
        for recipe in recipes:
            self._remember_speech(recipe.speech_key(), pending)
        return pending

    def line(self, request: SpeechRequest, for_a_choice: bool = False) -> SpokenLine:
        """A typed line, spoken at once and kept nowhere; raises VoiceError or ComposeError. Waits for it.

        for_a_choice  a room's lines do not wait for it, and a voice that was not chosen before may take its time
        """
        order = {"op": "hear" if for_a_choice else "line", "line": request.to_json()}
        answer = self._orders.order(order).wait(PREVIEW_LIMIT_S if for_a_choice else LINE_LIMIT_S)
        return SpokenLine(base64.b64decode(answer["flac"]), answer["seconds"])

    def inspect(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """Findings of exercises.inspection on a script that is being written. Waits for it; raises VoiceError."""
        found: dict[str, Any] = self._orders.order({"op": "inspect", "texts": dict(texts)}).wait(
            LINE_LIMIT_S
        )["found"]
        return found

    def rehearse(
        self, texts: Mapping[str, str], language: str, cue: int, listener: str, voice: str
    ) -> SpokenLine:
        """One line of a script that is being written, kept nowhere; raises VoiceError. Waits for it."""
        asked = {"texts": dict(texts), "language": language, "cue": cue, "listener": listener, "voice": voice}
        answer = self._orders.order({"op": "rehearse", **asked}).wait(PREVIEW_LIMIT_S)
        return SpokenLine(base64.b64decode(answer["flac"]), answer["seconds"])

    def record(self, path: Path, line: str, exercise: str, place: str) -> None:
        """Take a WAV in as the recording of a line; raises RecordingRefused or VoiceError. Waits for it."""
        order = {"op": "record", "path": str(path), "line": line, "exercise": exercise, "place": place}
        self._orders.order(order).wait(RECORD_LIMIT_S)

    def forget(self, lines: Sequence[str] | None) -> int:
        """Delete recordings (None: all) and everything made from them; gives how many there were."""
        lines = None if lines is None else list(lines)
        return self._orders.order({"op": "forget", "lines": lines}).wait(ARCHIVE_LIMIT_S)["count"]

    def pack(self) -> Path:
        """Every recording in a ZIP, which is the caller's to delete; raises VoiceError. Waits for it."""
        return Path(self._orders.order({"op": "pack"}).wait(ARCHIVE_LIMIT_S)["path"])

    def unpack(self, path: Path) -> int:
        """Bring in a ZIP of recordings, whole or not at all; gives how many lines. Raises RecordingRefused."""
        return self._orders.order({"op": "unpack", "path": str(path)}).wait(ARCHIVE_LIMIT_S)["count"]

    def install(self, name: str, mirror: str, then: Callable[[], object] = lambda: None) -> Installation:
        """A natural voice of the catalogue, fetched by the process; returns at once, and tells how it goes.

        `then` is called, in another thread, once the voice is there.
        """
        # not in the thread that hears of it, which has to go on listening
        installation = Installation(lambda: threading.Thread(target=then, daemon=True).start())
        self._orders.give(installation, {"op": "install", "name": name, "mirror": mirror}, None)
        return installation

    def warm(self, voice: str) -> None:
        """Let the process know that a voice, by its id, may soon be asked for. Returns at once, and starts no process.

        A voice that nobody has needed for a while has gone; so it is back before somebody who looks at an exercise
        has begun it.
        """
        now = time.monotonic()
        with self._orders.lock:
            if self._orders.is_running and now - self._warmed.get(voice, -WARM_EVERY_S) >= WARM_EVERY_S:
                self._warmed[voice] = now
                self._orders.give(PendingAnswer(), {"op": "warm", "voice": voice}, None)

    def _ask(
        self, operation: str, name: str, key: str, recipe: Recipe, asking: Asking | None = None
    ) -> Render:
        with self._orders.lock:
            known = self._renders.pop(name, None)
            gone = known is not None and known.done and known.path is not None and not known.path.exists()
            if known is not None and not known.error and not gone:
                self._renders[name] = known
                return known
            render = Render(key)
            self._orders.give(render, {"op": operation, "key": key, "recipe": recipe.to_json()}, asking)
            self._renders[name] = render
            self._forget_renders()
        return render

    def _remember_speech(self, speech: str, asked: Render | PendingAnswer) -> None:
        with self._orders.lock:
            known = self._speech.pop(speech, None)
            self._speech[speech] = known if known and known.done else asked
            for old in list(self._speech)[: max(0, len(self._speech) - RENDERS_KNOWN)]:
                del self._speech[old]

    def _forget_renders(self) -> None:
        """Forget the renders that were asked for longest ago and that nobody waits for."""
        for name in list(self._renders)[: max(0, len(self._renders) - RENDERS_KNOWN)]:
            render = self._renders[name]
            if not render.holders and (render.done or render.error):
                del self._renders[name]
