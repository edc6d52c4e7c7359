"""Kokoro: a natural Spanish voice, a large model that was installed into the data folder (`voices install`).

The model is one file for all of its voices, and a voice is a small file of styles beside it, one for each length of a
text. It reads phonemes, which espeak-ng makes of the words. It is slow, some 1.8 times as fast as it is heard on one
thread, and may not be asked for less than SLOWEST: there it puts a voiced sound before the first word.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.metadata
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from audio.errors import VoiceError
from audio.speech.engine_support import onnx_library
from audio.speech.engine_support.phonemes import phonemes

from . import Speech, Voice, home

if TYPE_CHECKING:
    import numpy as np

NAME = "audio.speech.engines.kokoro"
MODEL, STYLE = "kokoro-v1.0.int8.onnx", ".style.bin"
PACKAGES = ("onnxruntime", "espeakng-loader")
RATE_HZ = 24_000
SLOWEST = 0.75

_VOICES = {
    "kokoro-dora": Voice("kokoro-dora", "Dora, a natural voice", NAME, "es-419", "", rank=4, slow=True)
}
"""Each voice by the name of its file of styles."""
_SPOKEN = "es-419"
"""The voice of espeak-ng that makes the phonemes: it says every z as an s, as Latin America does."""

_HEARD_UNSTRETCHED_WPM = 165.0
_STYLE_SIZE = 256
MOST_TOKENS = 300
"""Tokens that are read at once: some 20 s. The model takes 510, and much memory for them."""

_PAD = 0
TOKENS = {
    ";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, " ": 16, "a": 43, "b": 44, "d": 46, "e": 47,
    "f": 48, "h": 50, "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "r": 60, "s": 61,
    "t": 62, "u": 63, "v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "β": 75, "ɔ": 76, "ð": 81, "ʤ": 82, "ə": 83,
    "ɛ": 86, "ɡ": 92, "ɪ": 102, "ʝ": 103, "ŋ": 112, "ɲ": 114, "θ": 119, "ɾ": 125, "ʃ": 131, "ʧ": 133, "ʊ": 135,
    "ɣ": 139, "ʎ": 143, "ʒ": 147, "ˈ": 156, "ˌ": 157, "ː": 158,
}  # fmt: skip
"""The model's numbers for what espeak-ng writes in Spanish; what is not among them is passed over."""
JOINED = (("t^ʃ", "ʧ"), ("d^ʒ", "ʤ"), ("–", "—"), ("^", ""))
_MARKS = ".,;:!?…—"


@functools.cache
def is_there() -> bool:
    """Tell whether the packages are installed and load; some systems have no onnxruntime."""
    return importlib.util.find_spec("espeakng_loader") is not None and onnx_library.loads()


def voices() -> tuple[Voice, ...]:
    """Each voice whose styles are in the folder, beside the model."""
    if not is_there():
        return ()
    return tuple(filter(None, (_voice(voice, home()) for voice in _VOICES.values())))


def _voice(voice: Voice, folder: Path) -> Voice | None:
    style = folder / f"{voice.id}{STYLE}"
    try:
        found = [(folder / name).stat() for name in (MODEL, style.name)]
    except OSError:
        return None
    edition = " ".join(f"{one.st_size}-{one.st_mtime_ns}" for one in found)
    return dataclasses.replace(voice, variant=str(style.resolve()), edition=edition)


@functools.cache
def version() -> str:
    """The packages that speak."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)


def open_speaker(voice: Voice) -> KokoroSpeaker:
    """Load the model and the styles of a voice, and run it once."""
    return KokoroSpeaker(voice)


class KokoroSpeaker:
    """One model in one thread, with the styles of one voice."""

    def __init__(self, voice: Voice) -> None:
        import numpy as np
        import onnxruntime

        style = Path(voice.variant)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            # shape (longest text, 1, _STYLE_SIZE)
            self._styles = np.fromfile(style, np.float32).reshape(-1, 1, _STYLE_SIZE)
            model = str(style.with_name(MODEL))
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            self.speak("Aquí.", 105)  # the first run is slow
        except VoiceError:
            raise
        except Exception as error:  # whatever is wrong with the files, the answer is the same
            raise VoiceError(
                f'The files of the voice "{voice.id}" are damaged. Remove it and install it again.'
            ) from error

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        """Read one sentence; see audio.speech.engines.Speaker."""
        import numpy as np

        speed = max(SLOWEST, rate_wpm / _HEARD_UNSTRETCHED_WPM)
        spoken = [self._run(tokens, speed) for tokens in tokens_of(phonemes(speakable(sentence), _SPOKEN))]
        if not spoken:
            raise VoiceError("There is nothing to say in a line without words.")
        return Speech(np.concatenate(spoken), RATE_HZ)

    def _run(self, tokens: list[int], speed: float) -> np.ndarray:
        import numpy as np

        given = {
            "tokens": np.array([[_PAD, *tokens, _PAD]], np.int64),
            "style": self._styles[min(len(tokens), len(self._styles) - 1)],
            "speed": np.array([speed], np.float32),
        }
        return self._session.run(["audio"], given)[0].reshape(-1)

    def close(self) -> None:
        """Nothing is left behind; the model goes with its process."""


def speakable(sentence: str) -> str:
    """A sentence with an end, since the model hurries over what has none."""
    text = sentence.rstrip(" ,;:-–—")
    return text if re.search(r"[.!?…]\W*$", text) else f"{text}."


def tokens_of(parts: list[str]) -> Iterator[list[int]]:
    """Phonemes and marks as the model's numbers, in runs that it can take; none without a sound."""
    text = ""
    for part in parts:
        text += part if part in _MARKS else f" {part}"
    for written, sign in JOINED:
        text = text.replace(written, sign)
    while text := text.strip():
        cut = len(text)
        if cut > MOST_TOKENS:
            head = text[:MOST_TOKENS]
            cut = max(head.rfind(f"{mark} ") for mark in _MARKS) + 1 or head.rfind(" ") + 1 or MOST_TOKENS
        tokens = [TOKENS[sign] for sign in text[:cut].strip() if sign in TOKENS]
        if any(sign.isalpha() for sign in text[:cut]):
            yield tokens
        text = text[cut:]
