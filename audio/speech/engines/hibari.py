"""hibari: a human-sounding English voice that comes whole in a package, weights and pronunciation included.

Four more voices of it are single models that can be installed (`voices install hibari-emma`).

The engine's ways are kept in here: it cuts the end of a sentence that has no punctuation, gives nothing for text
without words, draws short lines out when it reads slowly, and takes much memory over a long sentence. Its pace is a
factor that it rounds for each sound, so words a minute are looked up in a table that was measured.

Nothing is fetched: the engine is always told which file its model is, and asks for none by name. A process computes
in one thread, with one seed, so that the same line is the same sound each time.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from audio.errors import VoiceError
from audio.speech.engine_support import onnx_library
from audio.speech.engine_support.intonation import bent, ends_at

from . import Speech, Voice, home

if TYPE_CHECKING:
    import numpy as np
    from hibari import Hibari

NAME = "audio.speech.engines.hibari"
PACKAGES = ("hibari-tts", "onnxruntime", "numpy")
THREADS = 1
"""Another number gives other samples, so it is part of the version."""

MODEL = ".onnx"
DAMAGED = "The files of this voice are damaged. Remove it and install it again."
NO_START = "The natural voice does not start here. Choose another voice."

MISSING = "The natural voice has no package for this system; another voice speaks instead."
BROKEN = (
    "The natural voice is installed, but its library (onnxruntime) does not load on this system; another voice "
    "speaks instead."
)

SEED = 0
RATE_HZ = 24_000

_HEARD_WPM = (
    (0.30, 80.7), (0.32, 88.6), (0.34, 90.3), (0.36, 93.3), (0.37, 100.6), (0.38, 101.6), (0.39, 102.5),
    (0.40, 106.9), (0.41, 111.2), (0.42, 112.5), (0.43, 113.7), (0.44, 115.2), (0.45, 126.1), (0.46, 127.8),
    (0.47, 130.0), (0.48, 131.2), (0.49, 131.8), (0.50, 132.5), (0.52, 133.9), (0.54, 135.6), (0.56, 139.3),
    (0.58, 156.7), (0.60, 158.5), (0.65, 162.8), (0.70, 188.1), (0.80, 216.2), (1.00, 267.7),
)  # fmt: skip
"""The factor that sets the pace, and what sixty sentences of the scripts then come to in words a minute."""


_BUNDLED = "heart"
"""The model that is inside the package."""

_INSTALLED = {
    "hibari-fenrir": ("Fenrir, a natural voice", "en-US"),
    "hibari-kore": ("Kore, a natural voice", "en-US"),
    "hibari-emma": ("Emma, a British natural voice", "en-GB"),
    "hibari-fable": ("Fable, a British natural voice", "en-GB"),
}
"""The voices that can be installed beside it, by file name. Nobody has measured their pace, so they are tuned."""


def _character(id: str, label: str, semitones: int, rank: int, gain: float) -> Voice:
    faster = 2 ** (semitones / 12)
    holds = tuple(round(heard * faster, 1) for _, heard in _HEARD_WPM)
    return Voice(
        id, label, NAME, "en-US", _BUNDLED, semitones, rank=rank, holds=holds, gain=gain, processes=2
    )


_CHARACTERS = (
    _character("hibari-neutral", "Natural voice", 0, 9, 2.41),
    _character("hibari-lower", "Natural voice, lower", -3, 8, 2.39),
    _character("hibari-higher", "Natural voice, higher", 3, 8, 2.46),
)
"""Their `pitch` is in semitones: a character is the same model, asked faster or slower and played slower or faster.

Their gains are what `audio.speech.calibration` measures, so that a new machine need not speak before it is heard.
"""

_SHORT = {1: 0.8, 2: 0.7, 3: 0.55}
"""The least factor for a sentence of so many words, which would be drawn out at the pace of a longer one."""

_MOST_PHONEMES = 220
"""A longer sentence is read in pieces: some 30 s at the slowest pace, for which a run takes about 300 MB."""
_BREATH_S = 0.35
"""The silence between such pieces."""
_QUIET = 0.003
_BEND_FRAMES = 20
"""The number of frames of 12.5 ms in the end of a question at the engine's own pace: about its last word."""
_SOUNDS = re.compile(r"[^\W\d_]")
_FULL_STOP = re.compile(r"(.*(?<![.\w])[^\W\d_]+(?:['’][^\W\d_]+)*)\.[\"”’')\]]*$", re.DOTALL)
"""A text that ends in a word and a full stop, which the engine would take together for an abbreviation: it reads "They
said no." as "They said number." So it gets the word alone, and the full stop is put behind the phonemes."""
_ENDS = re.compile(r"[.!?…][\"”’')\]]*$")


@functools.cache
def lacks() -> str:
    """One sentence with the reason that this engine cannot speak here; empty where it can."""
    if importlib.util.find_spec("hibari") is None or not onnx_library.is_installed():
        return MISSING
    return "" if onnx_library.loads() else BROKEN


def is_there() -> bool:
    """Tell whether the packages are installed and load; onnxruntime has none for some systems."""
    return not lacks()


def voices() -> tuple[Voice, ...]:
    """Three characters, and each further voice whose model is in the folder."""
    if not is_there():
        return ()
    return _CHARACTERS + tuple(filter(None, (_further(name, home()) for name in _INSTALLED)))


def _further(name: str, folder: Path) -> Voice | None:
    model = folder / f"{name}{MODEL}"
    try:
        found = model.stat()
    except OSError:
        return None
    label, tag = _INSTALLED[name]
    edition = f"{found.st_size}-{found.st_mtime_ns}"
    return Voice(name, label, NAME, tag, str(model.resolve()), 0, edition, rank=7, processes=2)


@functools.cache
def version() -> str:
    """Whatever changes the samples of a line: packages, threads, and which transform the engine finds."""
    packages = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    transform = "scipy" if importlib.util.find_spec("scipy") else "numpy"
    return ", ".join([*packages, f"{THREADS} thread", f"transform by {transform}"])


def open_speaker(voice: Voice) -> HibariSpeaker:
    """Load the model, and run it once."""
    return HibariSpeaker(voice)


@functools.cache
def _model(variant: str) -> Hibari:
    """The engine with a model: the one in the package, or the file at this path. One for all voices of a process."""
    from hibari import Hibari

    if variant == _BUNDLED:
        return Hibari(voice=_BUNDLED, threads=THREADS)
    # the name tells the engine whose way to say words it is; with the file given it fetches none
    return Hibari(voice=Path(variant).stem.removeprefix("hibari-"), model=variant, threads=THREADS)


class HibariSpeaker:
    """One character of one model."""

    def __init__(self, voice: Voice) -> None:
        try:
            self._engine = _model(voice.variant)
        except (
            Exception
        ) as error:  # a library that does not load, a file that is damaged: the answer is the same
            raise VoiceError(DAMAGED if voice.edition else NO_START) from error
        self._played_faster = 2 ** (voice.pitch / 12)
        self.speak("Here.", 105)  # the first run is slow

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        """Read one sentence; see audio.speech.engines.Speaker."""
        text = speakable(sentence)
        factor = max(
            factor_for(rate_wpm / self._played_faster), _SHORT.get(len(text.split()), 0) / self._played_faster
        )
        pieces = [piece for chunk in phonemes_of(text, self._engine.phonemize) for piece in pieces_of(chunk)]
        endings = [0.0] * (len(pieces) - 1) + [ends_at(text)]
        spoken = [self._sound(*piece, factor) for piece in zip(pieces, endings, strict=False)]
        if not spoken:
            raise VoiceError("There is nothing to say in a line without words.")
        return Speech(_joined(spoken), round(RATE_HZ * self._played_faster))

    def _sound(self, phonemes: str, ending: float, factor: float) -> np.ndarray:
        """The sound that the engine makes of phonemes, with the end of a question bent."""
        import hibari.dsp
        import numpy as np

        engine, tokens = self._engine, self._engine.ids(phonemes)
        asked = {"ids": np.array([tokens], np.int64), "speed": np.array([factor], np.float32)}
        *shape, pitch_hz = (each[0] for each in engine.sess.run(None, asked))
        curve = bent(pitch_hz, ending, round(_BEND_FRAMES / factor))
        return hibari.dsp.synth(*shape, curve, np.random.default_rng(SEED))

    def close(self) -> None:
        """Nothing is left behind; the model goes with its process."""


def factor_for(rate_wpm: float) -> float:
    """The engine's factor for words a minute as heard."""
    import numpy as np

    factors, heard = zip(*_HEARD_WPM, strict=True)
    return float(np.interp(rate_wpm, heard, factors))


def speakable(sentence: str) -> str:
    """A sentence without markup and with an end, since the engine cuts what has none."""
    text = sentence.strip()
    return text if _ENDS.search(text) else text.rstrip(" ,;:-–—") + "."


def phonemes_of(text: str, phonemize: Callable[[str], list[str]]) -> list[str]:
    """The phonemes of a text that has an end, in as many pieces as the engine likes."""
    plain = _FULL_STOP.match(text)
    if not plain:
        return phonemize(text)
    *before, last = phonemize(plain[1]) or [""]
    return [*before, f"{last}."]


def pieces_of(phonemes: str) -> Iterator[str]:
    """Phonemes in pieces that a run can hold, parted at commas where there are any; none without a sound."""
    while len(phonemes) > _MOST_PHONEMES:
        head = phonemes[:_MOST_PHONEMES]
        cut = (
            max(head.rfind(mark) for mark in (", ", "; ", ": ", "— ")) + 1
            or head.rfind(" ")
            or _MOST_PHONEMES
        )
        yield phonemes[:cut].strip()
        phonemes = phonemes[cut:].strip()
    if _SOUNDS.search(phonemes):
        yield phonemes


def _joined(spoken: list[np.ndarray]) -> np.ndarray:
    """Pieces of one sentence, with a breath's time between what is heard of them."""
    import numpy as np

    if len(spoken) == 1:
        return spoken[0]
    parts: list[np.ndarray] = []
    for piece in spoken:
        loud = np.flatnonzero(np.abs(piece) > _QUIET)
        if len(loud):
            parts += [np.zeros(round(_BREATH_S * RATE_HZ), np.float32), piece[loud[0] : loud[-1] + 1]]
    return np.concatenate(parts[1:]) if parts else spoken[0]
