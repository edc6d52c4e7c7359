"""Orders to the studio process: each is sent or waits its turn, and whoever gave it hears what comes of it.

The process is started where it is gone. What takes long waits here, in a queue that is fair between networks; the
process gets no more than it can do. An order that nobody waits for any more is taken back.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio.errors import Busy, ComposeError

from .load import Load, Tally
from .order_queue import Asking, Full, Waiting
from .render import Render
from .requests import Installation, PendingAnswer

log = logging.getLogger("audio.studio.client")

SLOTS = max(2, os.cpu_count() or 1) + 2
"""Orders that the process gets at once."""
SECRET = "STILL_HERE_PASSCODE"
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


class Orders:
    """Starts the studio process, keeps it alive, and carries orders to it and events back.

    lock  held by whoever looks at orders and then gives one
    """

    def __init__(self, arguments: Sequence[str]):
        self.command = [sys.executable, "-m", "audio.studio.process", *arguments]
        self.lock = threading.RLock()
        self.waiting: Waiting[_Order] = Waiting(SLOTS)
        self.process: subprocess.Popen[bytes] | None = None
        self._orders: dict[int, _Order] = {}
        self._numbers = itertools.count(1)
        self._pins: tuple[str, ...] = ()
        self._renewing = False
        self._retired: set[int] = set()
        self._closed = False
        self._tally = Tally()

    def start(self) -> None:
        """Start the process, where it does not run."""
        with self.lock:
            self._running()

    @property
    def is_running(self) -> bool:
        """Tell whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def load(self) -> Load:
        """Counts of the work at hand and of the work done since the start."""
        with self.lock:
            tally = self._tally
            return Load(
                self.waiting.counts(),
                self.waiting.running,
                tally.refused,
                dict(tally.renders),
                tally.restarts,
            )

    def is_sent(self, asking: Any) -> bool:
        """Tell whether the process has been given what somebody asked; an order that is over counts as sent."""
        order = self._order_of(asking)
        return order is None or order.sent_to is not None

    def _order_of(self, asking: Any) -> _Order | None:
        with self.lock:
            return next((order for order in self._orders.values() if order.asking is asking), None)

    def drop(self, asking: Render | PendingAnswer) -> None:
        """Take an order back, unless somebody waits for it again."""
        with self.lock:
            order = self._order_of(asking)
            if order is None or getattr(asking, "holders", 0) > 0:
                return
            order.is_dropped = True
            if order.sent_to is not None:
                self._write({"id": next(self._numbers), "op": "drop", "dropped": order.number})
                return
            self.waiting.drop(order)
            del self._orders[order.number]
        asking.update({"event": "failed", "message": "Nobody is waiting for this sound any more."})

    def pin(self, keys: Sequence[str]) -> None:
        """Have the clips with these keys kept, by this process and each that replaces it."""
        with self.lock:
            self._pins = tuple(keys)
            if self.is_running:
                self._write_pins()

    def renew(self) -> None:
        """Replace the process and its voices as soon as nothing is being made: what they were told is then gone."""
        with self.lock:
            self._renewing = True
            self._renew_if_idle()

    def close(self) -> None:
        """End the process and its voices."""
        with self.lock:
            self._closed = True
            process, self.process = self.process, None
        if process:
            assert process.stdin
            with contextlib.suppress(OSError):
                process.stdin.close()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def order(self, plain: dict[str, Any], asking: Asking | None = None) -> PendingAnswer:
        """Give an order that is answered once; raises Busy."""
        pending = PendingAnswer()
        self.give(pending, plain, asking)
        return pending

    def give(
        self, for_whom: Render | PendingAnswer | Installation, plain: dict[str, Any], asking: Asking | None
    ) -> None:
        """Send an order, or let it wait its turn; raises Busy."""
        with self.lock:
            order = _Order(next(self._numbers), plain, for_whom, is_queued=asking is not None)
            self._running()
            if asking is not None:
                try:
                    self.waiting.push(asking, order)
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
        while (order := self.waiting.pop()) is not None:
            self._send(order)

    def _send(self, order: _Order) -> None:
        order.sent_to = self._running().pid
        self._write({"id": order.number, **order.plain})

    def _write(self, plain: dict[str, Any]) -> None:
        """Write a line to the process. Where it is gone, whoever listens to it fails what it was to do."""
        if self.process is None or self.process.stdin is None:
            return
        with contextlib.suppress(OSError, ValueError):
            self.process.stdin.write(json.dumps(plain).encode() + b"\n")
            self.process.stdin.flush()

    def _write_pins(self) -> None:
        self._write({"id": next(self._numbers), "op": "pin", "clips": list(self._pins)})

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            if self._closed:
                raise ComposeError("The service is stopping. Start the exercise again in a minute.")
            root = str(Path(__file__).parents[2])
            path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
            inherited = {name: value for name, value in os.environ.items() if name != SECRET}
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**inherited, "PYTHONPATH": path, "PYTHONSAFEPATH": "1", **_LEAN},
                start_new_session=True,
            )
            threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()
            if self._pins:
                self._write_pins()
        return self.process

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
        with self.lock:
            if self.process is process:
                self.process = None
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
        with self.lock:
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
        with self.lock:
            if order.is_queued:
                self.waiting.done()
            if not self._renew_if_idle():
                self._serve_next()

    def _renew_if_idle(self) -> bool:
        """End the process if that is wished and nothing would be lost; the next order starts another."""
        if not self._renewing or self._orders or self.process is None:
            return False
        process, self.process, self._renewing = self.process, None, False
        self._retired.add(process.pid)
        with contextlib.suppress(OSError):
            assert process.stdin
            process.stdin.close()
        return True

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        """Fail what the process was to do, and go on with the next one where something waits."""
        with self.lock:
            if process.pid in self._retired:
                self._retired.discard(process.pid)
                return
            if self.process is process:
                self.process = None
            lost = [order for order in self._orders.values() if order.sent_to == process.pid or self._closed]
            for order in lost:
                del self._orders[order.number]
                self._count(order, {"event": "failed"})
                if order.is_queued:
                    self.waiting.done()
        if not self._closed:
            self._tally.restarts += 1
            log.warning(
                "the studio process ended (%s); it starts again when it is needed", process.returncode
            )
        for order in lost:
            order.asking.update({"event": "failed", "message": _STOPPED})
        with self.lock:
            if not self._closed:
                self._serve_next()


class _Garbled(Exception):
    """The pipe from the process cannot be trusted any more."""


_STOPPED = "The voice stopped in the middle. Start the exercise again."
