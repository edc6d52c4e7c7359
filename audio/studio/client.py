"""The studio as the service sees it: ask for a recipe, get a Take, read it while it grows.

Everything that computes (planning for sound, voices, mixing, encoding) runs in a process of its own, of which
`process.py` is the main. This side only holds pipes and files, so it can live where sockets live, also under gevent.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from audio.errors import ComposeError
from audio.recipe import Recipe

from .requests import Errand, Installation, KeptClip, SpokenLine, Wording

log = logging.getLogger(__name__)

START_LIMIT_S = 60.0
GROW_LIMIT_S = 60.0
NEWS_LIMIT_S = 5.0
CLIPS_LIMIT_S = 600.0
LINE_LIMIT_S = 20.0
PREVIEW_LIMIT_S = 90.0
RECORD_LIMIT_S = 20.0
ARCHIVE_LIMIT_S = 600.0
WARM_EVERY_S = 10.0
_POLL_S = (0.004, 0.025)
"""How often a listener looks for more: at once for the first sound, then seldom enough to get it in larger pieces."""

_POLL_FAST = 25

_LEAN = {"MALLOC_ARENA_MAX": "2"}
"""Keeps glibc from holding a heap for every thread; elsewhere it means nothing."""

_CHUNK = 64 * 1024


class Take:
    """One file on its way: `size` is None until it is known, `error` a sentence once it has failed."""

    def __init__(self, key: str):
        self.key = key
        self.path: Path | None = None
        self.size: int | None = None
        self.done = False
        self.error: str | None = None
        self._changed = threading.Condition()

    def update(self, event: dict[str, Any]) -> None:
        """Take in what the studio process reported."""
        with self._changed:
            self.size = event.get("size", self.size)
            if "path" in event:
                self.path = Path(event["path"])
            self.done = self.done or event["event"] == "done"
            if event["event"] == "failed":
                self.error = event["message"]
            self._changed.notify_all()

    @property
    def state(self) -> str:
        """composing, ready or failed."""
        return "failed" if self.error else "ready" if self.done else "composing"

    def wait_started(self) -> None:
        """Wait until the file can be read and its size is known; raises ComposeError."""
        self._wait(lambda: self.path is not None and self.size is not None, START_LIMIT_S)

    def wait_size(self) -> None:
        """Wait until the size is known; raises ComposeError."""
        self._wait(lambda: self.size is not None, START_LIMIT_S)

    def _wait(self, ready: Callable[[], bool], limit_s: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: ready() or self.error, limit_s)
        if not ready():
            raise ComposeError(self.error or "The sound takes too long to make. Try again in a minute.")

    def open(self) -> Any:
        """The file, opened for reading; raises ComposeError."""
        self.wait_started()
        try:
            return open(self.path, "rb")  # type: ignore[arg-type]
        except FileNotFoundError:
            # it got its final name because it is whole, and the news of that is on its way
            self._wait(lambda: self.done, NEWS_LIMIT_S)
        try:
            return open(self.path, "rb")  # type: ignore[arg-type]
        except OSError as error:
            raise ComposeError("The sound was removed from the disk. Start it again.") from error

    def read(self, file: Any, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, waiting for those that are not there yet; raises ComposeError."""
        with file:
            file.seek(start)
            waited_from, waits = time.monotonic(), 0
            while start < stop:
                piece = file.read(min(_CHUNK, stop - start))
                if piece:
                    start += len(piece)
                    waited_from = time.monotonic()
                    yield piece
                elif self.error:
                    raise ComposeError(self.error)
                elif time.monotonic() - waited_from > GROW_LIMIT_S:
                    raise ComposeError("The sound takes too long to make. Try again in a minute.")
                else:
                    waits += 1
                    time.sleep(_POLL_S[waits > _POLL_FAST])


class Studio:
    """Starts the studio process, keeps it alive, and joins everybody who asks for the same file to one take."""

    def __init__(
        self, data: Path, workers: int = 0, cache_mb: int = 512, finish: bool = True, voice: str = ""
    ):
        arguments = (data, workers, cache_mb, int(finish), voice)
        self._command = [sys.executable, "-m", "audio.studio.process", *map(str, arguments)]
        self._takes: dict[str, Take] = {}
        self._asked: dict[int, Take | Errand | Installation] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._warmed: dict[str, float] = {}
        """When each voice was last asked to be ready, in seconds of the monotonic clock."""

    def start(self) -> None:
        """Start the process now, so that the first listener does not wait for it."""
        with self._lock:
            self._running()

    def take(self, recipe: Recipe, key: str) -> Take:
        """The take of a recipe: the one under way, the one kept, or a new one. A failed one is tried again.

        `key` is `recipe.key()`, passed in because whoever asks has it already.
        """
        return self._ask("compose", key, key, recipe)

    def size(self, recipe: Recipe, key: str) -> int:
        """Bytes of the file, without making it where its format allows that; raises ComposeError."""
        take = self._ask("measure", f"{key} size", key, recipe)
        take.wait_size()
        assert take.size is not None
        return take.size

    def peek(self, key: str) -> str:
        """The state of the take with this key: absent, composing, ready or failed; starts nothing."""
        take = self._takes.get(key)
        return take.state if take else "absent"

    def failure(self, key: str) -> str | None:
        """Why the last take with this key failed, as a sentence."""
        take = self._takes.get(key)
        return take.error if take else None

    def clips(self, wordings: Sequence[Wording]) -> list[KeptClip]:
        """Every wording as a clip in the store, all or none; raises VoiceError or ComposeError. Waits for it."""
        plain = [wording.to_json() for wording in wordings]
        answer = self._errand({"op": "clips", "lines": plain}).wait(CLIPS_LIMIT_S)
        return [KeptClip(key, seconds) for key, seconds in answer["clips"]]

    def preview(self, wording: Wording) -> str:
        """A line for choosing a voice by, in the store from its first word on: its key. Waits for it.

        Raises VoiceError or ComposeError.
        """
        return str(self._errand({"op": "preview", "line": wording.to_json()}).wait(PREVIEW_LIMIT_S)["key"])

    def ahead(self, wordings: Sequence[Wording], recipes: Sequence[Recipe] = ()) -> Errand:
        """Have previews made that will be asked for, then the lines of recipes, all at low priority.

        Returns at once; nobody need wait for it.
        """
        plain = {"lines": [one.to_json() for one in wordings], "recipes": [one.to_json() for one in recipes]}
        return self._errand({"op": "ahead", **plain})

    def line(self, wording: Wording, for_a_choice: bool = False) -> SpokenLine:
        """A typed line, spoken at once and kept nowhere; raises VoiceError or ComposeError. Waits for it.

        for_a_choice  a room's lines do not wait for it, and a voice that was not chosen before may take its time
        """
        order = {"op": "hear" if for_a_choice else "line", "line": wording.to_json()}
        answer = self._errand(order).wait(PREVIEW_LIMIT_S if for_a_choice else LINE_LIMIT_S)
        return SpokenLine(base64.b64decode(answer["flac"]), answer["seconds"])

    def record(self, path: Path, line: str, exercise: str, place: str) -> None:
        """Take a WAV in as the recording of a line; raises RecordingRefused or VoiceError. Waits for it."""
        order = {"op": "record", "path": str(path), "line": line, "exercise": exercise, "place": place}
        self._errand(order).wait(RECORD_LIMIT_S)

    def forget(self, lines: Sequence[str] | None) -> int:
        """Delete recordings (None: all) and everything made from them; gives how many there were."""
        lines = None if lines is None else list(lines)
        return self._errand({"op": "forget", "lines": lines}).wait(ARCHIVE_LIMIT_S)["count"]

    def pack(self) -> Path:
        """Every recording in a ZIP, which is the caller's to delete; raises VoiceError. Waits for it."""
        return Path(self._errand({"op": "pack"}).wait(ARCHIVE_LIMIT_S)["path"])

    def unpack(self, path: Path) -> int:
        """Bring in a ZIP of recordings, whole or not at all; gives how many lines. Raises RecordingRefused."""
        return self._errand({"op": "unpack", "path": str(path)}).wait(ARCHIVE_LIMIT_S)["count"]

    def install(self, name: str, mirror: str, then: Callable[[], object] = lambda: None) -> Installation:
        """A natural voice of the catalogue, fetched by the process; returns at once, and tells how it goes.

        `then` is called, in another thread, once the voice is there.
        """
        # not in the thread that hears of it, which has to go on listening
        installation = Installation(lambda: threading.Thread(target=then, daemon=True).start())
        with self._lock:
            self._send(installation, {"op": "install", "name": name, "mirror": mirror})
        return installation

    def warm(self, voice: str) -> None:
        """Let the process know that a voice, by its id, may soon be asked for. Returns at once, and starts no process.

        A voice that nobody has needed for a while has gone; so it is back before somebody who looks at an exercise
        has begun it.
        """
        now = time.monotonic()
        with self._lock:
            running = self._process is not None and self._process.poll() is None
            if running and now - self._warmed.get(voice, -WARM_EVERY_S) >= WARM_EVERY_S:
                self._warmed[voice] = now
                self._send(Errand(), {"op": "warm", "voice": voice})

    def close(self) -> None:
        """End the process and its voices."""
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        if process:
            assert process.stdin
            with contextlib.suppress(OSError):
                process.stdin.close()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _ask(self, operation: str, name: str, key: str, recipe: Recipe) -> Take:
        with self._lock:
            known = self._takes.get(name)
            gone = known is not None and known.done and known.path is not None and not known.path.exists()
            if known is not None and not known.error and not gone:
                return known
            take = self._takes[name] = Take(key)
            self._send(take, {"op": operation, "key": key, "recipe": recipe.to_json()})
        return take

    def _errand(self, order: dict[str, Any]) -> Errand:
        errand = Errand()
        with self._lock:
            self._send(errand, order)
        return errand

    def _send(self, asking: Take | Errand | Installation, order: dict[str, Any]) -> None:
        """Write an order to the process; what it reports goes to `asking`. The lock is held."""
        number = next(self._numbers)
        process = self._running()
        assert process.stdin
        self._asked[number] = asking
        try:
            process.stdin.write(json.dumps({"id": number, **order}).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            asking.update({"event": "failed", "message": _STOPPED})

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            if self._closed:
                raise ComposeError("The service is stopping. Start the exercise again in a minute.")
            root = str(Path(__file__).parents[2])
            path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path, **_LEAN},
                start_new_session=True,
            )
            threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        return self._process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        for raw in process.stdout:
            event = json.loads(raw)
            asking = self._asked.get(event["id"])
            if asking:
                asking.update(event)
                if event["event"] not in ("started", "progress"):
                    self._asked.pop(event["id"], None)
        process.wait()
        if not self._closed:
            log.warning(
                "the studio process ended (%s); it starts again when it is needed", process.returncode
            )
        with self._lock:
            if self._process is process:
                self._process = None
            lost, self._asked = list(self._asked.values()), {}
        for asking in lost:
            asking.update({"event": "failed", "message": _STOPPED})


_STOPPED = "The voice stopped in the middle. Start the exercise again."
