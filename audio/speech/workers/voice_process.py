"""One engine at work in a process of its own: spawned, one job at a time, each with a time limit.

A process speaks one voice for life, or, where `Voice.processes` says so, every voice of its engine with the same
variant: such voices are one model that is asked in different ways.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import multiprocessing
import os
import sys
import time
from collections.abc import Hashable
from multiprocessing.connection import Connection
from traceback import format_tb
from typing import Any

from audio.errors import VoiceError
from audio.log_lines import formatter
from audio.speech.clips.synthesis import speak_line, speak_sentence
from audio.speech.engines import Speaker, Voice

log = logging.getLogger(__name__)

START_LIMIT_S = 60.0
"""A model that is loaded from a slow disk, by a processor that others use, takes its time."""
STOPPED = "The voice stopped in the middle of a line."


class Broken(VoiceError):
    """The process itself can no longer be used."""


class NotOpened(Broken):
    """The voice could not be opened; another voice of its kind could not be, either."""


def kind_of(voice: Voice) -> Hashable:
    """The kind of voices that one process can speak."""
    return (voice.engine, voice.variant, voice.edition) if voice.processes else voice


def _serve(pipe: Connection, voice: Voice, nice: int) -> None:
    """The worker process: open the voice, say so, then answer each job once."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - engines print; nobody reads it
    speakers: dict[Voice, Speaker] = {}
    wanted, job = voice, ("open",)
    while True:
        answer: Any = None
        try:
            if wanted not in speakers:
                speakers[wanted] = importlib.import_module(wanted.engine).open_speaker(wanted)
            answer = _answer(speakers[wanted], *job)
        except VoiceError as error:
            answer = error
        except Exception as error:  # an engine's own failure, whatever it is, becomes one sentence
            # the trace alone: an error's own words could hold what somebody typed
            log.error(
                "the engine failed (%s)\n%s", type(error).__name__, "".join(format_tb(error.__traceback__))
            )
            answer = VoiceError(f"The voice failed on a line ({type(error).__name__}).")
        try:
            pipe.send(answer)
            wanted, job = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            break  # nobody waits for this voice any more
    for speaker in speakers.values():
        speaker.close()


def _answer(speaker: Speaker, kind: str, *rest: Any) -> Any:
    if kind == "open":
        return None
    return speak_sentence(speaker, *rest) if kind == "read" else speak_line(speaker, *rest)


class VoiceProcess:
    """A worker process that was started with one voice, and the pipe to it."""

    def __init__(self, voice: Voice, nice: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.voice, self.kind = voice, kind_of(voice)
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, voice, nice), name="still-here-voice", daemon=True
        )
        self._process.start()
        theirs.close()
        self._is_open = False

    def ask(self, voice: Voice, job: tuple[Any, ...], limit_s: float) -> Any:
        """Send a job for a voice of its kind and wait for the answer; raises VoiceError if none comes in time."""
        if not self._is_open:
            try:
                self._receive(START_LIMIT_S)
            except VoiceError as error:
                raise NotOpened(str(error)) from error
            self._is_open = True
        if job[0] == "open" and voice == self.voice:
            return None
        try:
            self._pipe.send((voice, job))
        except OSError as error:
            raise Broken(STOPPED) from error
        return self._receive(limit_s)

    def _receive(self, limit_s: float) -> Any:
        try:
            if not self._pipe.poll(limit_s):
                raise Broken(f"The voice gave no sound within {limit_s:.0f} seconds.")
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise Broken(STOPPED) from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def is_alive(self) -> bool:
        """Tell whether the process is still there."""
        return self._process.is_alive()

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
