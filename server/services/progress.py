"""The progress of a long command, on a terminal."""

from __future__ import annotations

from typing import TextIO


class Bar:
    """A progress bar on a terminal; nothing where there is none."""

    WIDTH = 40

    def __init__(self, total: int, stream: TextIO):
        self._total, self._done, self._stream, self._shown = total, 0, stream, -1

    def add(self, samples: int) -> None:
        """So much more is done."""
        self._done += samples
        filled = min(self.WIDTH, self.WIDTH * self._done // self._total)
        if filled != self._shown and self._stream.isatty():
            self._shown = filled
            percent = min(100, 100 * self._done // self._total)
            self._stream.write(f"\r[{'=' * filled}{' ' * (self.WIDTH - filled)}] {percent:3d} %")
            self._stream.flush()

    def close(self) -> None:
        """Take the bar away, so that a line can stand there."""
        if self._shown >= 0:
            self._stream.write("\r" + " " * (self.WIDTH + 10) + "\r")
