"""Piper: natural voices, each a model that was installed into the data folder (`python -m server voices install`).

A model is two files, NAME.onnx and NAME.onnx.json, as the public collection has them; any other pair put into the
folder by hand works as well. The packages are an optional extra (requirements-piper.txt). A worker process holds
one model and computes in one thread, so that as many voices speak at once as there are workers, and no more.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import json
from pathlib import Path

from audio.errors import VoiceError
from audio.speech.engine_support import onnx_library

from . import Speech, Voice, home

NAME = "audio.speech.engines.piper"
MODEL, CONFIG = ".onnx", ".onnx.json"
PACKAGE = "piper-tts"

_HEARD_UNSTRETCHED_WPM = 165.0
"""Words a minute that most voices of the collection come to at a length scale of 1; tuning finds the rest."""


@functools.cache
def is_there() -> bool:
    """Tell whether the optional packages are installed, and what they run on loads."""
    return importlib.util.find_spec("piper") is not None and onnx_library.loads()


def voices() -> tuple[Voice, ...]:
    """One voice for each model in the folder that has its configuration beside it."""
    if not is_there():
        return ()
    return tuple(filter(None, map(_voice, sorted(home().glob(f"*{MODEL}")))))


def _voice(model: Path) -> Voice | None:
    try:
        found, tag = (
            model.stat(),
            _language(model, (model.parent / f"{model.stem}{CONFIG}").stat().st_mtime_ns),
        )
    except OSError:
        return None
    if tag is None:
        return None
    name = model.stem.split("-")[1] if model.stem.count("-") >= 2 else model.stem
    spoken = name.replace("_", " ").title()
    other = "" if tag.startswith("en") else f" ({tag})"
    return Voice(
        f"piper-{model.stem}", f"{spoken}, a natural voice{other}", NAME, tag, str(model.resolve()),
        edition=f"{found.st_size}-{found.st_mtime_ns}", rank=3,
    )  # fmt: skip


@functools.lru_cache(maxsize=256)
def _language(model: Path, changed: int) -> str | None:
    """The language tag of a model's configuration as it was changed last; None if it is no configuration."""
    try:
        config = json.loads(model.with_suffix(CONFIG).read_text("utf-8"))
        code = config.get("language", {}).get("code") or config["espeak"]["voice"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return str(code).replace("_", "-")


def version() -> str:
    """The package that speaks."""
    return f"{PACKAGE} {importlib.metadata.version(PACKAGE)}"


def open_speaker(voice: Voice) -> PiperSpeaker:
    """Load the model of a voice, and run it once."""
    return PiperSpeaker(voice)


class PiperSpeaker:
    """One model in one thread."""

    def __init__(self, voice: Voice) -> None:
        import onnxruntime
        from piper import PiperVoice
        from piper.config import PiperConfig

        model = Path(voice.variant)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            config = PiperConfig.from_dict(json.loads(model.with_suffix(CONFIG).read_text("utf-8")))
            session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # whatever is wrong with the files, the answer is the same
            raise VoiceError(
                f'The files of the voice "{voice.id}" are damaged. Remove it and install it again.'
            ) from error
        self._voice = PiperVoice(session=session, config=config)
        self.speak("Here.", 105)  # the first run is slow

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        """Read one sentence; see audio.voices.Speaker."""
        import numpy as np
        from piper.config import SynthesisConfig

        scale = self._voice.config.length_scale * _HEARD_UNSTRETCHED_WPM / rate_wpm
        # not each sentence to the same peak: a soft ending is soft
        how = SynthesisConfig(length_scale=scale, normalize_audio=False)
        chunks = [chunk.audio_float_array for chunk in self._voice.synthesize(sentence, how)]
        if not chunks:
            raise VoiceError("The voice wrote no sound for a line.")
        return Speech(np.concatenate(chunks), self._voice.config.sample_rate)

    def close(self) -> None:
        """Nothing is left behind; the model goes with its process."""
