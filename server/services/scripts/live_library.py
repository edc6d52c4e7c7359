"""The library of a running service: its folders are watched, and what changed is there within two seconds.

A library is one immutable value, and the newest takes the place of the one before at once. Whoever works with the older
value goes on with it, so a room under way keeps what it has.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import gevent

from exercises.errors import Problem
from exercises.library import Library, ScriptFolders

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.7


class LiveLibrary:
    """The library as it is now.

    current  what can be heard
    since    nothing of it has changed after that
    """

    def __init__(self, *folders: Path):
        self._folders = ScriptFolders(*folders)
        self._reading = threading.Lock()
        self._then: list[Callable[[], None]] = []
        self.current: Library = self._folders.read()
        self.since = datetime.now(timezone.utc).replace(microsecond=0)

    def then(self, follow: Callable[[], None]) -> None:
        """Have something called after each change."""
        self._then.append(follow)

    def texts(self, exercise_id: str) -> dict[str, str]:
        """The texts of an exercise, by language."""
        return self._folders.texts(exercise_id)

    def watch(self) -> None:
        """Look at the folders for as long as the service lives."""
        while True:
            gevent.sleep(LOOK_EVERY_S)
            try:
                self.look()
            except Exception as error:
                # the library stays as it was; an error's own words could hold those of a script
                log.error("the scripts could not be read (%s)", type(error).__name__)

    def look(self) -> bool:
        """Take in what has changed; tells whether anything had. Reads beside the loop that holds sockets."""
        with self._reading:
            if not self._folders.has_changed():
                return False
            found = gevent.get_hub().threadpool.apply(self._folders.read)
            _tell(found.problems, self.current.problems)
            self.current, self.since = found, _after(self.since)
        for follow in self._then:
            follow()
        return True


def _after(before: datetime) -> datetime:
    """A whole second that is not past, and later than `before`.

    Apps know a file by that second: what they fetched earlier within it may be the older version.
    """
    now = datetime.fromtimestamp(math.ceil(datetime.now(timezone.utc).timestamp()), timezone.utc)
    return max(now, before + timedelta(seconds=1))


def _tell(found: tuple[Problem, ...], before: tuple[Problem, ...]) -> None:
    """Log which files went wrong, for the owner. The sentences, which quote them, are on the therapist's page."""
    for file in sorted({problem.file for problem in set(found) - set(before)}):
        log.warning("%s is out of order; its last good version plays on, if there was one", file)
