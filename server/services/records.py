"""A folder of records: one file of JSON for each, whole or absent, for the owner's eyes alone (0600).

Files are read at each request, so that the command line and a running service agree. A file that was damaged costs
that record alone.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audio.files import write_whole

log = logging.getLogger(__name__)

NAME = re.compile(r"[0-9a-f]{16}|[0-9a-f]{64}")
"""An id of 64 random bits, or a digest."""


class NotKept(Exception):
    """The data folder takes nothing; the sentence says what to do."""

    def __init__(self, error: OSError):
        super().__init__(
            f"The data folder takes nothing ({error.strerror}). Make room in it, then try again."
        )


class Records:
    """The records of one folder, by name. `what` names one in the log, which says nothing more of it."""

    def __init__(self, folder: Path, what: str):
        self._folder, self._what = folder, what
        self._told: set[str] = set()

    def write(self, name: str, plain: Mapping[str, Any]) -> None:
        """Keep a record, in place of the one of that name. Raises NotKept."""
        try:
            write_whole(self._path(name), json.dumps(plain).encode())
        except OSError as error:
            raise NotKept(error) from error

    def read(self, name: str) -> dict[str, Any] | None:
        """A record as plain values; None where there is none, or none that can be read."""
        if not NAME.fullmatch(name):
            return None
        try:
            plain = json.loads(self._path(name).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            self.damaged(name, error)
            return None
        if not isinstance(plain, dict):
            self.damaged(name, TypeError())
            return None
        return plain

    def names(self) -> list[str]:
        """The names of all records."""
        return sorted(path.stem for path in self._folder.glob("*.json") if NAME.fullmatch(path.stem))

    def remove(self, name: str) -> None:
        """Take a record away; one that is gone already stays so. Raises NotKept."""
        try:
            with contextlib.suppress(FileNotFoundError):
                self._path(name).unlink()
        except OSError as error:
            raise NotKept(error) from error

    def damaged(self, name: str, error: Exception) -> None:
        """Say once that a record cannot be used."""
        if name not in self._told:
            self._told.add(name)
            log.warning("a file of %s cannot be read (%s) and is out", self._what, type(error).__name__)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"
