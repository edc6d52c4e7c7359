"""A log of at most one line a minute for each kind: whoever can cause an error must not be able to fill a disk."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

from audio.log_lines import formatter, is_json, place_of

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
        kind = (record.pathname, record.lineno, place_of(record))
        now = self._clock()
        if now - self._told.get(kind, float("-inf")) < EVERY_S:
            return False
        if len(self._told) >= MOST_KINDS:
            self._told.clear()
        self._told[kind] = now
        place = place_of(record)
        if place:
            record.msg, record.args = f"{record.getMessage()} {place}", None
            record.exc_info = record.exc_text = None
        return True


def write_quietly() -> None:
    """Log to standard error, a line a minute a kind, also what a greenlet fails with that nobody waits for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    handler.addFilter(OncePerMinute())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    if is_json():
        # whoever collects logs wants to see beginnings and ends, too
        logging.getLogger("server").setLevel(logging.INFO)


def warn(*sentences: str) -> None:
    """Tell whoever starts the service what they should see: each sentence a line, or one line of a JSON log."""
    told = [sentence for sentence in sentences if sentence]
    if told and is_json():
        logging.getLogger(__name__).warning("%s", "; ".join(told))
        return
    for sentence in told:
        print(sentence, file=sys.stderr, flush=True)


def tell_of_greenlets() -> None:
    """Have gevent log what a greenlet fails with as one line, and nothing of who asked."""
    import gevent

    def tell(_context: object, kind: type[BaseException], error: BaseException, trace: object) -> None:
        logging.getLogger(__name__).error("a greenlet failed", exc_info=(kind, error, trace))  # type: ignore[arg-type]

    gevent.get_hub().print_exception = tell
