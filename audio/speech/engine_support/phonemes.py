"""Text as phonemes, by the espeak-ng library that a package brings. For worker processes: the library has one voice.

espeak-ng drops punctuation and knows nothing of what a model wants of it, so a text is parted at its marks, and they
are put back between the phonemes of the parts.
"""

from __future__ import annotations

import ctypes
import functools
import re
from pathlib import Path

from audio.errors import VoiceError

from .folders import short_path

_SYNCHRONOUS, _STAY_ALIVE = 2, 0x8000
"""The library is opened so that it plays nothing, and where it cannot be, it says so instead of ending the process."""
_UTF_8 = 1
_IPA_WITH_TIES = 0x82 | ord("^") << 8
"""International signs; two that make one sound are tied by "^"."""

_PARTS = re.compile(r"(?:[^.,;:!?…—–]|(?<=\d)[.,:](?=\d))+|[.,;:!?…—–]+")
_OTHER_LANGUAGE = re.compile(r"\([a-z-]+\)")


def phonemes(text: str, voice: str) -> list[str]:
    """The parts of a text as phonemes, with marks as parts of their own: ["ˈola", ",", "kˈomo estˈas", "?"].

    voice  as espeak-ng calls it, such as "es-419"

    Raises VoiceError where the library cannot be had.
    """
    library = _library()
    if library.espeak_SetVoiceByName(voice.encode()):
        raise VoiceError(f'The library that turns words into sounds does not know "{voice}".')
    found = []
    for part in _PARTS.findall(text):
        if part[0] in ".,;:!?…—–":
            found.append("…" if part.startswith("...") else part[0])
        elif spoken := _spoken(library, part.strip()):
            found.append(spoken)
    return found


def _spoken(library: ctypes.CDLL, part: str) -> str:
    rest = ctypes.c_char_p(part.encode())
    clauses = []
    while rest.value:
        clauses.append(library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF_8, _IPA_WITH_TIES))
    return " ".join(_OTHER_LANGUAGE.sub("", b" ".join(filter(None, clauses)).decode()).split())


@functools.cache
def _library() -> ctypes.CDLL:
    """The library, opened. It has one voice at a time, and whoever used it last has chosen that."""
    import espeakng_loader

    folder = short_path(Path(espeakng_loader.get_data_path()).parent)
    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
    except OSError as error:
        raise VoiceError("The library that turns words into sounds does not load here.") from error
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    if library.espeak_Initialize(_SYNCHRONOUS, 0, str(folder).encode(), _STAY_ALIVE) < 0:
        raise VoiceError("The library that turns words into sounds does not load here.")
    return library
