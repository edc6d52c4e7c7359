"""The main of the studio process: orders come in as lines of JSON, events go out the same way (operations.py).

    in   {"id", "op", …}                           an operation, and what it needs
    out  {"id", "event": "done", …}                what came of it
         {"id", "event": "failed", "message"}      one sentence for people; with "code" where a recording is refused
         {"id", "event": "started" | "progress"}   before that, where an operation says so

The process ends when its input does. It is started by `Studio` and by nobody else.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from traceback import format_tb
from typing import Any, TextIO

from audio.data_folder import DataFolder
from audio.errors import AudioError, RecordingRefused
from audio.log_lines import formatter
from audio.speech.engines import use_finish, use_first, use_home
from audio.speech.pronunciation.lexicon import use_own
from audio.speech.pronunciation.own_list import Pronunciations
from exercises.errors import ExerciseError

from .operations import OPERATIONS, Operation, Operations, Order, Pool

log = logging.getLogger("audio.studio.client")

IDLE_LOOK_S = 5.0
"""Seconds between looks for processes that have nothing to do."""


class OrderRunner:
    """Carries out orders, each in a thread of its operation's pool, and says what came of it."""

    def __init__(self, operations: Operations, out: TextIO):
        self._operations = operations
        self._pools = {pool: pool.threads() for pool in Pool}
        self._closing = False
        self._out, self._out_lock = out, threading.Lock()
        threading.Thread(target=self._end_idle, daemon=True, name="idle").start()

    def start(self, plain: dict[str, Any]) -> None:
        """Start one order."""
        operation = OPERATIONS[plain["op"]]
        order = Order(plain, functools.partial(self._say, plain["id"]))
        if operation.pool is None:
            self._carry_out(operation, order)
        else:
            self._pools[operation.pool].submit(self._carry_out, operation, order)

    def close(self) -> None:
        """Stop at once: what is half made is not kept."""
        self._closing = True
        for threads in self._pools.values():
            threads.shutdown(wait=False, cancel_futures=True)
        self._operations.close()

    def _end_idle(self) -> None:
        while not self._closing:
            time.sleep(IDLE_LOOK_S)
            self._operations.end_idle()

    def _say(self, number: int, event: str, **values: Any) -> None:
        with self._out_lock:
            self._out.write(json.dumps({"id": number, "event": event, **values}) + "\n")
            self._out.flush()

    def _carry_out(self, operation: Operation, order: Order) -> None:
        try:
            self._operations.go_on(order.number)
            done = operation.handler(self._operations, order)
            if done is not None:
                order.say("done", **done)
        except RecordingRefused as error:
            order.say("failed", message=str(error), code=error.code)
        except (AudioError, ExerciseError) as error:
            order.say("failed", message=str(error))
        except Exception as error:
            if self._closing:
                return
            # the trace alone: an error's own words could hold what somebody typed
            log.error(
                "an order failed (%s)\n%s", type(error).__name__, "".join(format_tb(error.__traceback__))
            )
            order.say("failed", message="The sound could not be made. Start the exercise again.")
        finally:
            self._operations.forget_order(order.number)


def _private_pipes() -> tuple[TextIO, TextIO]:
    """The two pipes of the protocol, on descriptors that no engine and no process of theirs gets.

    What engines print would be read as events, and what they read would be orders that nobody carries out.
    """
    orders = os.fdopen(os.dup(0), encoding="utf-8")
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdin, sys.stdout = open(os.devnull), sys.stderr  # noqa: SIM115 - for as long as the process lives
    return orders, out


def main() -> None:
    """Serve orders until the input ends."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders, out = _private_pipes()
    data, workers, cache_mb = DataFolder(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
    use_home(data.voices)
    use_finish(sys.argv[4] == "1")
    use_first(sys.argv[5])
    use_own(Pronunciations(data.pronunciations).entries)
    runner = OrderRunner(Operations(data, workers, cache_mb), out)
    for line in orders:
        runner.start(json.loads(line))
    runner.close()
    # voices may be in the middle of a line; nothing of theirs is worth waiting for
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
