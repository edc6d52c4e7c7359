"""The journal: rooms on the disk, where one process holds them all.

    DATA/rooms/journal       one room a line: [id, {"room": snapshot, "seats": {seat: digest}, "mono", "wall",
                             "epoch", "owner", "label", "plan"}], or [id, null] once it is over; the last
                             line of a room counts

A room is kept with every command, so that has to cost one call of the system: a line appended takes 3 µs where a
file replaced takes 200, and there may be thousands in a second. A process that is killed leaves whole lines, since
each is written at once. From time to time the journal is written afresh, whole or not at all, with what still
counts, so that what is over is soon gone. Never a token, a code, a name, a state, or a word that somebody typed.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from audio.files import write_whole

from .store import ROOM_ID, Listed

log = logging.getLogger(__name__)

GROWN = 4
"""The journal is written afresh when it has grown to this many times what counts in it, and GROWN_BYTES."""
GROWN_BYTES = 1024 * 1024


NO_JOURNAL = "Open rooms cannot be kept. Make room in the data folder, and let the service write there."


class Journal:
    """The rooms on disk. A disk that takes nothing costs only what a restart would have brought back."""

    advice = NO_JOURNAL

    def __init__(self, folder: Path):
        self._journal = folder / "journal"
        self._lines: dict[str, bytes] = {}
        self._counting = self._written = 0
        self._file: int | None = None
        self._forgotten = self._told = False
        self.failures = 0

    def start(self, leaves: Callable[[str, bool], None]) -> None:
        """Nothing runs beside it, and no room leaves."""

    def take(self, room: str) -> None:
        """There is none but those that were here at the start."""

    def others(self) -> list[Listed]:
        """None: all rooms are here."""
        return []

    def be_sure(self) -> None:
        """No other service has this folder."""

    def be_kept(self, room: str) -> None:
        """What is kept is written at once."""

    def keep(self, room: str, plain: dict[str, Any]) -> None:
        """Keep a room; what was kept of it before counts no more."""
        line = _line(room, plain)
        self._counting += len(line) - len(self._lines.get(room, b""))
        self._lines[room] = line
        self._append(line)
        if self._written > GROWN_BYTES and self._written > GROWN * self._counting:
            self.tidy()

    def let_go(self, room: str, plain: dict[str, Any]) -> None:
        """As `keep`: whoever has this folder next is asked."""
        self.keep(room, plain)

    def forget(self, room: str) -> None:
        """A room is over; the next `tidy` takes it out of the file."""
        line = self._lines.pop(room, None)
        if line is not None:
            self._counting -= len(line)
            self._forgotten = True
            self._append(_line(room, None))

    def tidy(self) -> None:
        """Write the journal afresh if anything in it counts no more."""
        if not self._forgotten and self._written == self._counting:
            return
        self.close()
        try:
            write_whole(self._journal, b"".join(self._lines.values()))
        except OSError as error:
            self._tell(error)
            return
        self._forgotten, self._written = False, self._counting

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def kept(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every room that was kept; lines that cannot be read are left out."""
        try:
            raw = self._journal.read_bytes()
        except OSError:
            raw = b""
        found: dict[str, dict[str, Any] | None] = {}
        for line in filter(None, raw.split(b"\n")):
            try:
                room, plain = json.loads(line)
            except (ValueError, TypeError, RecursionError):
                log.warning("a line about a room could not be read and is left out")
                continue
            if isinstance(room, str) and ROOM_ID.fullmatch(room) and isinstance(plain, dict | None):
                found[room] = plain
        rooms = {room: plain for room, plain in found.items() if plain is not None}
        self._lines = {room: _line(room, plain) for room, plain in rooms.items()}
        self._counting, self._forgotten = sum(map(len, self._lines.values())), bool(raw)
        self.tidy()
        yield from rooms.items()

    def _append(self, line: bytes) -> None:
        try:
            if self._file is None:
                self._journal.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self._journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.write(self._file, line)
        except OSError as error:
            self._tell(error)
        self._written += len(line)

    def check(self) -> None:
        """Write something and take it away again. Raises OSError where rooms could not be kept now."""
        trial = self._journal.with_name(".trial")
        trial.parent.mkdir(parents=True, exist_ok=True)
        trial.write_bytes(b"can rooms be kept?\n")
        trial.unlink()

    def _tell(self, error: OSError) -> None:
        self.failures += 1
        if not self._told:
            log.warning("rooms cannot be kept over a restart: %s", error.strerror)
            self._told = True


def _line(room: str, plain: dict[str, Any] | None) -> bytes:
    # the break comes first as well, so that a line that was cut off spoils no other
    return b"\n" + to_json([room, plain]) + b"\n"
