"""The studio as the service sees it: ask for a recipe, get a Render, read it while it grows.

Everything that computes (planning for sound, voices, mixing, encoding) runs in a process of its own, of which
`process.py` is the main. This side only holds pipes and files, so it can live where sockets live, also under gevent.

What takes long waits here, in a queue that is fair between networks; the process gets no more than it can do. An order
that nobody waits for any more is taken back.
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
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio.errors import Busy, ComposeError, VoiceError
from audio.recipe import Recipe

from .load import Load, Tally
from .order_queue import Asking, Full, Rank, Waiting
from .render import Render
from .requests import Installation, KeptClip, PendingAnswer, SpeechRequest, SpokenLine

log = logging.getLogger(__name__)

CLIPS_LIMIT_S = 600.0
LINE_LIMIT_S = 20.0
PREVIEW_LIMIT_S = 90.0
RECORD_LIMIT_S = 20.0
ARCHIVE_LIMIT_S = 600.0
LINGER_S = 8.0
"""So long a file is made on after the last who waited for it has gone: players hang up between two parts of it."""
LISTENER = Asking()
SLOTS = max(2, os.cpu_count() or 1) + 2
"""Orders that the process gets at once."""
TAKES_KNOWN = 1024
SECRET = "STILL_HERE_PASSCODE"
WARM_EVERY_S = 10.0
_LEAN = {"MALLOC_ARENA_MAX": "2"}
"""Keeps glibc from holding a heap for every thread; elsewhere it means nothing."""


@dataclass(eq=False)
class _Order:
    """Something that was asked of the process, by whoever is to hear of it."""

    number: int
    plain: dict[str, Any]
    asking: Render | PendingAnswer | Installation
    is_queued: bool = False
    sent_to: int | None = None
    is_dropped: bool = False


class Studio:
    """Starts the studio process, keeps it alive, and joins everybody who asks for the same file to one take."""

    def __init__(
        self, data: Path, workers: int = 0, cache_mb: int = 512, finish: bool = True, voice: str = ""
    ):
        arguments = (data, workers, cache_mb, int(finish), voice)
        self._command = [sys.executable, "-m", "audio.studio.process", *map(str, arguments)]
        self._takes: dict[str, Render] = {}
        self._orders: dict[int, _Order] = {}
        self._waiting: Waiting[_Order] = Waiting(SLOTS)
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pins: tuple[str, ...] = ()
        self._renewing = False
        self._retired: set[int] = set()
        self._closed = False
        self._tally = Tally()
        self._ping: PendingAnswer | None = None
        self._warmed: dict[str, float] = {}
        """The time at which each voice was last asked to be ready, in seconds of the monotonic clock."""

    def start(self) -> None:
        """Start the process now, so that the first listener does not wait for it."""
        with self._lock:
            self._running()

    def answers(self, limit_s: float) -> bool:
        """Tell whether the process carries out orders; it is started where it is gone. Waits for its answer."""
        with self._lock:
            # one question at a time, so that a process that hears nothing is not written to for ever
            if self._ping is None or self._ping.is_answered:
                try:
                    self._ping = self._order({"op": "ping"})
                except (ComposeError, OSError):
                    return False
            ping = self._ping
        try:
            ping.wait(limit_s)
        except VoiceError:
            return False
        return True

    def load(self) -> Load:
        """Counts of the work at hand and of the work done since the start."""
        with self._lock:
            tally = self._tally
            return Load(
                self._waiting.counts(),
                self._waiting.running,
                tally.refused,
                dict(tally.renders),
                tally.restarts,
            )

    def take(self, recipe: Recipe, key: str, asking: Asking = LISTENER) -> Render:
        """The take of a recipe: the one under way, the one kept, or a new one. A failed one is tried again.

        `key` is `recipe.key()`, passed in because whoever asks has it already. Raises Busy where too much waits.
        """
        return self._ask("compose", key, key, recipe, asking)

    @contextlib.contextmanager
    def held(self, take: Render) -> Iterator[Render]:
        """Keep a take wanted as long as the block lasts. What nobody holds any more is not made any further."""
        self.hold(take)
        try:
            yield take
        finally:
            self.let_go(take)

    def hold(self, take: Render) -> None:
        """Say that somebody waits for a take, or reads it."""
        take.holders += 1

    def let_go(self, take: Render) -> None:
        """Say that somebody does so no more."""
        take.holders -= 1
        if take.holders > 0 or take.done or take.error:
            return
        order = self._order_of(take)
        if order and order.sent_to is None:
            self._drop(take)
            return
        timer = threading.Timer(LINGER_S, self._drop, [take])
        timer.daemon = True
        timer.start()

    def _order_of(self, asking: Any) -> _Order | None:
        with self._lock:
            return next((order for order in self._orders.values() if order.asking is asking), None)

    def _drop(self, asking: Render | PendingAnswer) -> None:
        """Take an order back, unless somebody waits for it again."""
        with self._lock:
            order = self._order_of(asking)
            if order is None or getattr(asking, "holders", 0) > 0:
                return
            order.is_dropped = True
            if order.sent_to is not None:
                self._write({"id": next(self._numbers), "op": "drop", "dropped": order.number})
                return
            self._waiting.drop(order)
            del self._orders[order.number]
        asking.update({"event": "failed", "message": "Nobody waits for this sound any more."})

    def size(self, recipe: Recipe, key: str) -> int | None:
        """Bytes of the file, or None where only making it would tell. Makes nothing; raises ComposeError."""
        take = self._ask("measure", f"{key} size", key, recipe)
        take.wait_size()
        if take.size is None:
            self._takes.pop(f"{key} size", None)
        return take.size

    def peek(self, key: str) -> str:
        """The state of the take with this key: absent, composing, ready or failed; starts nothing."""
        take = self._takes.get(key)
        return take.state if take else "absent"

    def failure(self, key: str) -> str | None:
        """The reason why the last render with this key failed, as a sentence."""
        take = self._takes.get(key)
        return take.error if take else None

    def clips(self, wordings: Sequence[SpeechRequest]) -> list[KeptClip]:
        """Every request as a clip in the store, all or none; raises VoiceError, ComposeError or Busy. Waits for it."""
        plain = [request.to_json() for request in wordings]
        pending = self._order({"op": "clips", "lines": plain}, Asking(Rank.ROOM))
        return [KeptClip(key, seconds) for key, seconds in pending.wait(CLIPS_LIMIT_S)["clips"]]

    def preview(
        self, request: SpeechRequest, network: str = "", is_gone: Callable[[], bool] = lambda: False
    ) -> str:
        """A line for choosing a voice by, in the store from its first word on: its key. Waits for it.

        Raises VoiceError, ComposeError or Busy.
        """
        pending = self._order({"op": "preview", "line": request.to_json()}, Asking(Rank.PREVIEW, network))
        try:
            return str(pending.wait(PREVIEW_LIMIT_S, is_gone)["key"])
        finally:
            self._drop(pending)

    def pin(self, keys: Collection[str]) -> None:
        """Keep the clips with these keys, which open rooms need, until the next call says otherwise."""
        with self._lock:
            self._pins = tuple(keys)
            if self._process is not None and self._process.poll() is None:
                self._write({"id": next(self._numbers), "op": "pin", "clips": list(self._pins)})

    def renew(self) -> None:
        """Replace the process and its voices as soon as nothing is being made: what they were told is then gone."""
        with self._lock:
            self._renewing = True
            self._renew_if_idle()

    def ahead(self, wordings: Sequence[SpeechRequest], recipes: Sequence[Recipe] = ()) -> PendingAnswer:
        """Have previews made that will be asked for, then the lines of recipes, all at low priority.

        Returns at once; nobody need wait for it.
        """
        plain = {"lines": [one.to_json() for one in wordings], "recipes": [one.to_json() for one in recipes]}
        return self._order({"op": "ahead", **plain})

    def line(self, request: SpeechRequest, for_a_choice: bool = False) -> SpokenLine:
        """A typed line, spoken at once and kept nowhere; raises VoiceError or ComposeError. Waits for it.

        for_a_choice  a room's lines do not wait for it, and a voice that was not chosen before may take its time
        """
        order = {"op": "hear" if for_a_choice else "line", "line": request.to_json()}
        answer = self._order(order).wait(PREVIEW_LIMIT_S if for_a_choice else LINE_LIMIT_S)
        return SpokenLine(base64.b64decode(answer["flac"]), answer["seconds"])

    def inspect(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """Findings of exercises.inspection on a script that is being written. Waits for it; raises VoiceError."""
        found: dict[str, Any] = self._order({"op": "inspect", "texts": dict(texts)}).wait(LINE_LIMIT_S)[
            "found"
        ]
        return found

    def rehearse(
        self, texts: Mapping[str, str], language: str, cue: int, listener: str, voice: str
    ) -> SpokenLine:
        """One line of a script that is being written, kept nowhere; raises VoiceError. Waits for it."""
        asked = {"texts": dict(texts), "language": language, "cue": cue, "listener": listener, "voice": voice}
        answer = self._order({"op": "rehearse", **asked}).wait(PREVIEW_LIMIT_S)
        return SpokenLine(base64.b64decode(answer["flac"]), answer["seconds"])

    def record(self, path: Path, line: str, exercise: str, place: str) -> None:
        """Take a WAV in as the recording of a line; raises RecordingRefused or VoiceError. Waits for it."""
        order = {"op": "record", "path": str(path), "line": line, "exercise": exercise, "place": place}
        self._order(order).wait(RECORD_LIMIT_S)

    def forget(self, lines: Sequence[str] | None) -> int:
        """Delete recordings (None: all) and everything made from them; gives how many there were."""
        lines = None if lines is None else list(lines)
        return self._order({"op": "forget", "lines": lines}).wait(ARCHIVE_LIMIT_S)["count"]

    def pack(self) -> Path:
        """Every recording in a ZIP, which is the caller's to delete; raises VoiceError. Waits for it."""
        return Path(self._order({"op": "pack"}).wait(ARCHIVE_LIMIT_S)["path"])

    def unpack(self, path: Path) -> int:
        """Bring in a ZIP of recordings, whole or not at all; gives how many lines. Raises RecordingRefused."""
        return self._order({"op": "unpack", "path": str(path)}).wait(ARCHIVE_LIMIT_S)["count"]

    def install(self, name: str, mirror: str, then: Callable[[], object] = lambda: None) -> Installation:
        """A natural voice of the catalogue, fetched by the process; returns at once, and tells how it goes.

        `then` is called, in another thread, once the voice is there.
        """
        # not in the thread that hears of it, which has to go on listening
        installation = Installation(lambda: threading.Thread(target=then, daemon=True).start())
        with self._lock:
            self._give(installation, {"op": "install", "name": name, "mirror": mirror}, None)
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
                self._give(PendingAnswer(), {"op": "warm", "voice": voice}, None)

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

    def _ask(
        self, operation: str, name: str, key: str, recipe: Recipe, asking: Asking | None = None
    ) -> Render:
        with self._lock:
            known = self._takes.pop(name, None)
            gone = known is not None and known.done and known.path is not None and not known.path.exists()
            if known is not None and not known.error and not gone:
                self._takes[name] = known
                return known
            take = Render(key)
            self._give(take, {"op": operation, "key": key, "recipe": recipe.to_json()}, asking)
            self._takes[name] = take
            self._forget_takes()
        return take

    def _forget_takes(self) -> None:
        """Forget the takes that were asked for longest ago and that nobody waits for."""
        for name in list(self._takes)[: max(0, len(self._takes) - TAKES_KNOWN)]:
            take = self._takes[name]
            if not take.holders and (take.done or take.error):
                del self._takes[name]

    def _order(self, plain: dict[str, Any], asking: Asking | None = None) -> PendingAnswer:
        pending = PendingAnswer()
        with self._lock:
            self._give(pending, plain, asking)
        return pending

    def _give(
        self, for_whom: Render | PendingAnswer | Installation, plain: dict[str, Any], asking: Asking | None
    ) -> None:
        """Send an order, or let it wait its turn; raises Busy. The lock is held."""
        order = _Order(next(self._numbers), plain, for_whom, is_queued=asking is not None)
        self._running()
        if asking is not None:
            try:
                self._waiting.push(asking, order)
            except Full:
                self._tally.refused += 1
                raise Busy from None
        self._orders[order.number] = order
        if asking is None:
            self._send(order)
        else:
            self._serve_next()

    def _serve_next(self) -> None:
        """Send what is next, as far as there is room. The lock is held."""
        if self._closed:
            return
        while (order := self._waiting.pop()) is not None:
            self._send(order)

    def _send(self, order: _Order) -> None:
        order.sent_to = self._running().pid
        self._write({"id": order.number, **order.plain})

    def _write(self, plain: dict[str, Any]) -> None:
        """Write a line to the process. Where it is gone, whoever listens to it fails what it was to do."""
        if self._process is None or self._process.stdin is None:
            return
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(plain).encode() + b"\n")
            self._process.stdin.flush()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            if self._closed:
                raise ComposeError("The service is stopping. Start the exercise again in a minute.")
            root = str(Path(__file__).parents[2])
            path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
            inherited = {name: value for name, value in os.environ.items() if name != SECRET}
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**inherited, "PYTHONPATH": path, "PYTHONSAFEPATH": "1", **_LEAN},
                start_new_session=True,
            )
            threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
            if self._pins:
                self._write({"id": next(self._numbers), "op": "pin", "clips": list(self._pins)})
        return self._process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Hand on what the process reports, until it ends or says what cannot be understood."""
        assert process.stdout
        try:
            for raw in process.stdout:
                self._hear(raw, process)
        except _Garbled as error:
            log.warning("the studio process said what it never says (%s); it is replaced", error)
            self._give_up(process)
        finally:
            process.wait()
            self._ended(process)

    def _give_up(self, process: subprocess.Popen[bytes]) -> None:
        """End a process that cannot be understood; what is ordered from now on goes to another one."""
        with self._lock:
            if self._process is process:
                self._process = None
        process.kill()

    def _hear(self, raw: bytes, process: subprocess.Popen[bytes]) -> None:
        """Take in one line. One that is none of ours is skipped; one of ours that is damaged raises _Garbled."""
        try:
            event = json.loads(raw)
            number, kind = event["id"], event["event"]
        except (ValueError, TypeError, KeyError, RecursionError):
            if b'"id"' in raw or b'"event"' in raw:
                raise _Garbled("half a line") from None
            if not self._told_stray:
                log.warning("something printed into the pipe of the studio process; that is skipped")
                self._told_stray = True
            return
        with self._lock:
            order = self._orders.get(number) if isinstance(number, int) else None
            is_over = kind not in ("started", "progress")
            if order and is_over:
                del self._orders[number]
                self._count(order, event)
        if order is None:
            return
        try:
            order.asking.update(event)
        except (KeyError, TypeError, ValueError):
            self._give_up(process)
            order.asking.update({"event": "failed", "message": _STOPPED})
            raise _Garbled("an event without its values") from None
        finally:
            if is_over:
                self._over(order)

    def _count(self, order: _Order, event: dict[str, Any]) -> None:
        if order.plain["op"] == "compose":
            self._tally.rendered(event, order.is_dropped)

    _told_stray = False

    def _over(self, order: _Order) -> None:
        with self._lock:
            if order.is_queued:
                self._waiting.done()
            if not self._renew_if_idle():
                self._serve_next()

    def _renew_if_idle(self) -> bool:
        """End the process if that is wished and nothing would be lost; the next order starts another."""
        if not self._renewing or self._orders or self._process is None:
            return False
        process, self._process, self._renewing = self._process, None, False
        self._retired.add(process.pid)
        with contextlib.suppress(OSError):
            assert process.stdin
            process.stdin.close()
        return True

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        """Fail what the process was to do, and go on with the next one where something waits."""
        with self._lock:
            if process.pid in self._retired:
                self._retired.discard(process.pid)
                return
            if self._process is process:
                self._process = None
            lost = [order for order in self._orders.values() if order.sent_to == process.pid or self._closed]
            for order in lost:
                del self._orders[order.number]
                self._count(order, {"event": "failed"})
                if order.is_queued:
                    self._waiting.done()
        if not self._closed:
            self._tally.restarts += 1
            log.warning(
                "the studio process ended (%s); it starts again when it is needed", process.returncode
            )
        for order in lost:
            order.asking.update({"event": "failed", "message": _STOPPED})
        with self._lock:
            if not self._closed:
                self._serve_next()


class _Garbled(Exception):
    """The pipe from the process cannot be trusted any more."""


_STOPPED = "The voice stopped in the middle. Start the exercise again."
