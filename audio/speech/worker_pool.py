"""Engines at work in processes of their own: lines in, clips out.

An engine may hang, die or write rubbish. So each runs in a spawned process with one job at a time and a time
limit; a process that breaks the rules is killed and replaced, and the line is tried once more.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import multiprocessing
import os
import sys
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from audio.errors import VoiceError

from .clips import Line, Tuning, speak_line, speak_sentence
from .engines import Speaker, Voice

log = logging.getLogger(__name__)

START_LIMIT_S = 30.0
LINE_LIMIT_S = 12.0
LINE_LIMIT_PER_WORD_S = 1.5
"""A voice may take twice as long as what it says, at the slowest pace."""
CLOSE_LIMIT_S = 0.5
TRIES = 2
MAX_WAITING = 256
"""Jobs in the queue. A room may ask for every wording of an exercise at once; more than that waits outside."""


def _serve(pipe: Connection, voice: Voice, nice: int) -> None:
    """The worker process: open the voice, say so, then answer each job once."""
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - engines print; nobody reads it
    speaker: Speaker | None = None
    job: tuple[Any, ...] = ("open",)
    while True:
        answer: Any = None
        try:
            if speaker is None:
                speaker = importlib.import_module(voice.engine).open_speaker(voice)
            else:
                answer = _answer(speaker, *job)
        except VoiceError as error:
            answer = error
        except Exception as error:  # an engine's own failure, whatever it is, becomes one sentence
            log.exception("the engine failed")
            answer = VoiceError(f"The voice failed on a line ({type(error).__name__}).")
        try:
            pipe.send(answer)
            job = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            break  # nobody waits for this voice any more
    if speaker is not None:
        speaker.close()


def _answer(speaker: Speaker, kind: str, *rest: Any) -> Any:
    return speak_sentence(speaker, *rest) if kind == "read" else speak_line(speaker, *rest)


class _Process:
    """One worker process with one voice, and the pipe to it."""

    def __init__(self, voice: Voice, nice: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.voice = voice
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, voice, nice), name="still-here-voice", daemon=True
        )
        self._process.start()
        theirs.close()
        self._is_open = False

    def ask(self, job: tuple[Any, ...], limit_s: float) -> Any:
        """Send a job and wait for its answer; raises VoiceError if none comes in time."""
        if not self._is_open:
            try:
                self._receive(START_LIMIT_S)
            except VoiceError as error:
                raise _Broken(str(error)) from error
            self._is_open = True
        if job[0] == "open":
            return None
        try:
            self._pipe.send(job)
        except OSError as error:
            raise _Broken(_STOPPED) from error
        return self._receive(limit_s)

    def _receive(self, limit_s: float) -> Any:
        try:
            if not self._pipe.poll(limit_s):
                raise _Broken(f"The voice gave no sound within {limit_s:.0f} seconds.")
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise _Broken(_STOPPED) from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def release(self) -> None:
        """Tell the process to end by itself; that its own thread does so at the same moment does no harm."""
        with contextlib.suppress(OSError):
            self._pipe.close()

    def wait(self, until: float) -> None:
        """Give a released process until this time (monotonic, seconds); kill one that is still there."""
        self._process.join(max(0.0, until - time.monotonic()))
        self._process.kill()
        self._process.join()


_STOPPED = "The voice stopped in the middle of a line."


class _Broken(VoiceError):
    """The process itself can no longer be used."""


@dataclass
class _Job:
    """Something for a voice to do; `order` goes to its process as it is."""

    voice: Voice
    order: tuple[Any, ...]
    limit_s: float
    future: Future[Any]


def _limit_s(text: str) -> float:
    return LINE_LIMIT_S + LINE_LIMIT_PER_WORD_S * len(text.split())


class VoicePool:
    """A fixed number of worker processes behind one bounded queue; `speak` and `read` return with a Future.

    At once, that is, unless MAX_WAITING jobs wait already: then whoever asks waits for room in the queue.
    nice  by how much its processes give way to all others, from 0 to 19
    """

    def __init__(self, workers: int = 0, nice: int = 0):
        self._nice = nice
        self._jobs: list[_Job] = []
        self._changed = threading.Condition()
        self._closed = False
        self._processes: set[_Process] = set()
        self._starting = threading.Lock()
        """Held while a process starts: one that loses its parent in the middle of that complains aloud."""

        count = workers or 2 * (os.cpu_count() or 1)
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def warm(self, voice: Voice) -> None:
        """Start a process for each worker with this voice, without waiting."""
        for _ in self._threads:
            self._submit(voice, ("open",), START_LIMIT_S)

    def speak(self, line: Line, tuning: Tuning) -> Future[np.ndarray]:
        """The line as int16 samples at SAMPLE_RATE; the future raises VoiceError."""
        return self._submit(line.voice, ("speak", line, tuning), _limit_s(line.text))

    def read(self, line: Line, sentence: str, tuning: Tuning) -> Future[np.ndarray]:
        """One sentence as `line` wants it, without its level, for tuning: float32; the future raises VoiceError."""
        return self._submit(line.voice, ("read", line, sentence, tuning), _limit_s(sentence))

    def _submit(self, voice: Voice, order: tuple[Any, ...], limit_s: float) -> Future[Any]:
        job = _Job(voice, order, limit_s, Future())
        with self._changed:
            while len(self._jobs) >= MAX_WAITING and not self._closed:
                self._changed.wait()
            self._jobs.append(job)
            self._changed.notify_all()
        return job.future

    def close(self) -> None:
        """Let running jobs finish, drop waiting ones, and end the processes."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def abandon(self) -> None:
        """End the processes without waiting for the lines that they are in the middle of."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        with self._starting:
            processes = list(self._processes)
        for process in processes:
            process.release()
        until = time.monotonic() + CLOSE_LIMIT_S
        for process in processes:
            process.wait(until)

    def _next(self, voice: Voice | None) -> _Job | None:
        """The job that has waited longest, of those for this voice if there are any; None when it is over."""
        with self._changed:
            while not self._jobs and not self._closed:
                self._changed.wait()
            if self._closed:
                for job in self._jobs:
                    job.future.cancel()
                self._jobs.clear()
                return None
            mine = next((i for i, job in enumerate(self._jobs) if job.voice == voice), 0)
            self._changed.notify_all()
            return self._jobs.pop(mine)

    def _run(self) -> None:
        """One of the pool's threads: keeps one process, gives it jobs, replaces it when it breaks."""
        process: _Process | None = None
        while job := self._next(process.voice if process else None):
            if not job.future.set_running_or_notify_cancel():
                continue
            if process and process.voice != job.voice:
                self._end(process)
                process = None
            error: VoiceError | None = None
            for attempt in range(1, TRIES + 1):
                try:
                    process = process or self._start(job.voice)
                    job.future.set_result(process.ask(job.order, job.limit_s))
                    break
                except VoiceError as found:
                    error = found
                    if self._closed:
                        job.future.set_exception(error)
                        break
                    log.warning("a line failed at try %d: %s", attempt, error)
                    if process and isinstance(error, _Broken):
                        self._end(process, at_once=True)
                        process = None
            else:
                job.future.set_exception(VoiceError(f"{error} It was tried twice; start the exercise again."))
        if process:
            self._end(process)

    def _start(self, voice: Voice) -> _Process:
        with self._starting:
            if self._closed:
                raise VoiceError(_STOPPED)
            try:
                process = _Process(voice, self._nice)
            except OSError as error:
                raise VoiceError(f"The voice could not be started ({error.strerror}).") from error
            self._processes.add(process)
        return process

    def _end(self, process: _Process, at_once: bool = False) -> None:
        with self._starting:
            self._processes.discard(process)
        if at_once:
            process.kill()
        else:
            process.release()
            process.wait(time.monotonic() + CLOSE_LIMIT_S)
