"""When Python looks for garbage in the process that holds the sockets: not in the middle of somebody's tap."""

from __future__ import annotations

import gc
import time

import gevent

COLLECT_EVERY_S, MANY_OBJECTS = 600.0, 200_000
LOOK_EVERY_S = 1.0


def tidy_memory() -> None:
    """Collect what is garbage in circles at moments of our own, for ever.

    A room is a new value after every step, so thousands of rooms keep Python's collector looking at a hundred
    thousand young objects again and again, 0.1 s each time, and finding nothing: without circles they go by
    themselves. So it looks only when much has been added that stays, or after a while.
    """
    gc.disable()
    whole_at = time.monotonic()
    try:
        while True:
            if time.monotonic() - whole_at > COLLECT_EVERY_S:
                gc.unfreeze()
                whole_at = time.monotonic()
            if gc.get_count()[0] > MANY_OBJECTS or not gc.get_freeze_count():
                gc.collect()
                gc.freeze()  # not looked at again until everything is
            gevent.sleep(LOOK_EVERY_S)
    finally:
        gc.unfreeze()
        gc.enable()
