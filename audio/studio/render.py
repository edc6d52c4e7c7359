"""One file of sound on its way, as whoever waits for it sees it: its size, its bytes while it grows, or why not."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from audio.errors import ComposeError
from audio.files import open_quietly

START_LIMIT_S = 60.0
GROW_LIMIT_S = 60.0
NEWS_LIMIT_S = 5.0
LOOK_S = 0.5
"""The interval at which whoever waits looks whether somebody still waits with them."""
_POLL_S = (0.004, 0.025)
"""The interval at which a listener looks for more: at once for the first sound, then for larger pieces."""
_POLL_FAST = 25
_CHUNK = 64 * 1024
_REMOVED = "The sound was removed from the disk. Start it again."


class Render:
    """One file on its way: `size` is None until it is known, `error` a sentence once it has failed."""

    def __init__(self, key: str):
        self.key = key
        self.path: Path | None = None
        self.size: int | None = None
        self.done = False
        self.error: str | None = None
        self.holders = 0
        self._changed = threading.Condition()

    def update(self, event: dict[str, Any]) -> None:
        """Take in what the studio process reported."""
        with self._changed:
            self.size = event.get("size", self.size)
            if event.get("path"):
                self.path = Path(event["path"])
            self.done = self.done or event["event"] == "done"
            if event["event"] == "failed":
                self.error = event["message"]
            self._changed.notify_all()

    @property
    def state(self) -> str:
        """composing, ready or failed."""
        return "failed" if self.error else "ready" if self.done else "composing"

    def wait_started(self, is_gone: Callable[[], bool] = lambda: False) -> None:
        """Wait until the file can be read and its size is known; raises ComposeError.

        is_gone  tells whether nobody waits any more: then it raises as well
        """
        self._wait(lambda: self.path is not None and self.size is not None, START_LIMIT_S, is_gone)

    def wait_size(self) -> None:
        """Wait until the size is known, or that nobody knows it; raises ComposeError."""
        self._wait(lambda: self.size is not None or self.done, START_LIMIT_S)

    def _wait(
        self, ready: Callable[[], bool], limit_s: float, is_gone: Callable[[], bool] = lambda: False
    ) -> None:
        until = time.monotonic() + limit_s
        with self._changed:
            while not (ready() or self.error) and time.monotonic() < until and not is_gone():
                self._changed.wait(LOOK_S)
        if not ready():
            raise ComposeError(self.error or "The sound takes too long to make. Try again in a minute.")

    def open(self) -> Any:
        """The file, opened for reading; raises ComposeError."""
        self.wait_started()
        try:
            return _opened(self.path)
        except FileNotFoundError:
            # it got its final name because it is whole, and the news of that is on its way
            self._wait(lambda: self.done, NEWS_LIMIT_S)
        except OSError as error:
            raise ComposeError(_REMOVED) from error
        try:
            return _opened(self.path)
        except OSError as error:
            raise ComposeError(_REMOVED) from error

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
                elif self.done and file.tell() >= os.fstat(file.fileno()).st_size < stop:
                    raise ComposeError(_REMOVED)
                elif time.monotonic() - waited_from > GROW_LIMIT_S:
                    raise ComposeError("The sound takes too long to make. Try again in a minute.")
                else:
                    waits += 1
                    time.sleep(_POLL_S[waits > _POLL_FAST])


def _opened(path: Path | None) -> Any:
    """A file of ours for reading: no link, and nobody else's."""
    assert path is not None
    handle = open_quietly(path)
    seen = os.fstat(handle)
    if not stat.S_ISREG(seen.st_mode) or (hasattr(os, "getuid") and seen.st_uid != os.getuid()):
        os.close(handle)
        raise PermissionError("not a file of ours")
    with contextlib.suppress(OSError):
        os.utime(path)  # it counts as used now, so that others make room first
    return os.fdopen(handle, "rb")
