"""Work that takes time, in greenlets of its own: preparing an exercise, speaking a typed line, bringing rooms back.

Nothing here touches a room; what comes of it goes back to the hub as an event or as a score.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import gevent

from server.rooms.core.effects import MakeLine
from server.rooms.core.events import Event, LineMade, LineNotMade, NotPrepared, Prepared
from server.rooms.core.prepared import Choice, ClipRef, Score
from server.rooms.core.protocol.errors import BadSnapshot
from server.services.tokens import RandomBytes

from .persistence import choice_in
from .prepare import CannotPrepare, Preparer
from .stores.store import Elsewhere, RoomStore

log = logging.getLogger(__name__)

READY_FOR_S = 10.0
"""So long it need not be looked again whether the clips of a room that is to come are there."""
Adopt = Callable[[str, dict[str, Any], Score | None], None]


def prepared(preparer: Preparer, choice: Choice) -> Event:
    """Prepare a choice and say how it went."""
    try:
        return Prepared(preparer.make(choice))
    except CannotPrepare as error:
        return NotPrepared(choice.exercise_id, error.reason)
    except Exception:
        log.exception("preparing an exercise failed")
        return NotPrepared(choice.exercise_id, "script")


def spoken(
    preparer: Preparer, choice: Choice, order: MakeLine, random: RandomBytes
) -> tuple[Event, dict[str, bytes]]:
    """Speak a typed line: how it went, and the sound by a name that nobody can guess."""
    try:
        line = preparer.speak(choice, order.text, order.language)
    except Exception as error:
        # the error's own words could hold the text
        if not isinstance(error, CannotPrepare):
            log.error("a typed line failed (%s)", type(error).__name__)
        return LineNotMade(order.line), {}
    key = random(16).hex()
    return LineMade(order.line, ClipRef(f"lines/{key}.flac", line.seconds)), {key: line.flac}


class Revival:
    """Brings back what was kept: at once where the clips lie ready, else as soon as they do."""

    def __init__(self, preparer: Preparer, store: RoomStore, adopt: Adopt):
        self._preparer, self._store, self._adopt = preparer, store, adopt
        self.waiting: set[str] = set()
        self._readying: set[Choice] = set()

    def start(self) -> None:
        """Begin with every room that was kept."""
        kept = list(self._store.kept())
        # while one is planned others may be asked for; they are not gone, but on their way
        self.waiting.update(room for room, _ in kept)
        for room, plain in kept:
            self._restore(room, plain)

    def fetch(self, room: str) -> bool:
        """Have a room that another service had; False where there is none. Raises Elsewhere."""
        self.waiting.add(room)  # nobody else is to fetch it meanwhile
        try:
            plain = self._store.take(room)
        except Elsewhere as other:
            self._make_ready(other.plain)
            raise
        finally:
            self.waiting.discard(room)
        if plain is None:
            return False
        self.waiting.add(room)
        self._restore(room, plain)
        return True

    def _make_ready(self, plain: dict[str, Any] | None) -> None:
        """Begin with the clips of a room that is about to come, so that it need not wait for them."""
        try:
            choice = choice_in(plain) if plain else None
        except BadSnapshot:
            return
        if choice and choice not in self._readying:
            self._readying.add(choice)
            gevent.spawn(self._ready, choice)

    def _ready(self, choice: Choice) -> None:
        prepared(self._preparer, choice)
        gevent.sleep(READY_FOR_S)
        self._readying.discard(choice)

    def _restore(self, room: str, plain: dict[str, Any]) -> None:
        try:
            choice = choice_in(plain)
            score = self._preparer.at_hand(choice) if choice else None
            if choice and score is None and (score := self._preparer.foreseen(choice)):
                gevent.spawn(
                    prepared, self._preparer, choice
                )  # phones have the clips; they are made for who comes anew
        except BadSnapshot:
            log.warning("a kept room could not be read and was removed")
            self._out(room)
            return
        except CannotPrepare:
            choice, score = None, None
        except Exception as error:
            # whatever a line of the journal holds, that room alone is out
            log.warning("a kept room could not be read and was removed (%s)", type(error).__name__)
            self._out(room)
            return
        if choice and score is None:
            gevent.spawn(self._restore_later, room, plain, choice)
        else:
            self.waiting.discard(room)
            self._adopt(room, plain, score)

    def _out(self, room: str) -> None:
        self.waiting.discard(room)
        self._store.forget(room)

    def _restore_later(self, room: str, plain: dict[str, Any], choice: Choice) -> None:
        score = None
        try:
            score = self._preparer.make(choice)
        except CannotPrepare as error:
            log.warning("a kept room comes back without its exercise (%s)", error)
        except Exception as error:
            log.warning("a kept room comes back without its exercise (%s)", type(error).__name__)
        finally:
            self.waiting.discard(room)
            self._adopt(room, plain, score)
