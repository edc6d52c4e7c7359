"""The schedule of garbage collection in the process that holds the sockets: not in the middle of somebody's tap."""

from __future__ import annotations

import ctypes
import gc
import os
import time

import gevent

COLLECT_EVERY_S = 600.0
"""A socket that has closed leaves some 35 objects in circles; requests and commands were seen to leave next to none."""
MANY_OBJECTS = 150_000
"""So many more than before are looked through in some 15 ms, since what stays is frozen, and hold some 20 MB."""
LOOK_EVERY_S = 1.0
SOME_EVERY_S, SOME_OBJECTS = 10.0, 5_000
"""Fewer are looked through after so long, and free memory goes back to the system: some milliseconds."""


def tidy_memory() -> None:
    """Collect what is garbage in circles at moments of our own, for ever.

    A room is a new value after every step, so thousands of rooms keep Python's collector looking at a hundred
    thousand young objects again and again, 0.1 s each time, and finding nothing: without circles they go by
    themselves. So it looks only now and then, half a second for 5,000 sockets.
    """
    gc.disable()
    whole_at = some_at = time.monotonic()
    try:
        while True:
            if time.monotonic() - whole_at > COLLECT_EVERY_S:
                gc.unfreeze()
                whole_at = time.monotonic()
            is_due = time.monotonic() - some_at > SOME_EVERY_S and gc.get_count()[0] > SOME_OBJECTS
            if is_due or gc.get_count()[0] > MANY_OBJECTS or not gc.get_freeze_count():
                gc.collect()
                gc.freeze()  # not looked at again until everything is
            if is_due:
                some_at = time.monotonic()
                return_free_memory()
            gevent.sleep(LOOK_EVERY_S)
    finally:
        gc.unfreeze()
        gc.enable()


def return_free_memory() -> None:
    """Give free memory back to the system. glibc keeps what lies between pieces in use; others need not be asked."""
    if os.name != "posix":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
