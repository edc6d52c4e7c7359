"""A log of at most one line a minute for each kind: whoever can cause an error must not be able to fill a disk."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Callable

EVERY_S = 60.0
MOST_KINDS = 500


class OncePerMinute(logging.Filter):
    """Lets one line of a kind through in a minute. A kind is the place in the code that it comes from."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        super().__init__()
        self._clock = clock
        self._told: dict[tuple[str, int, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether this line is written; what was raised becomes part of it instead of a trace below."""
        kind = (record.pathname, record.lineno, _place_of(record))
        now = self._clock()
        if now - self._told.get(kind, float("-inf")) < EVERY_S:
            return False
        if len(self._told) >= MOST_KINDS:
            self._told.clear()
        self._told[kind] = now
        place = _place_of(record)
        if place:
            record.msg, record.args = f"{record.getMessage()} {place}", None
            record.exc_info = record.exc_text = None
        return True


def _place_of(record: logging.LogRecord) -> str:
    """Which error it was and where it was raised; never its words, which could be somebody's."""
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    frames = traceback.extract_tb(record.exc_info[2])
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"({record.exc_info[0].__name__}{where})"


def write_quietly() -> None:
    """Log to standard error, a line a minute a kind, also what a greenlet fails with that nobody waits for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    handler.addFilter(OncePerMinute())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def tell_of_greenlets() -> None:
    """Have gevent log what a greenlet fails with as one line, and nothing of who asked."""
    import gevent

    def tell(_context: object, kind: type[BaseException], error: BaseException, trace: object) -> None:
        logging.getLogger(__name__).error("a greenlet failed", exc_info=(kind, error, trace))  # type: ignore[arg-type]

    gevent.get_hub().print_exception = tell
