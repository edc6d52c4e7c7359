"""Everything that can go wrong between a line of text and a file of sound.

AudioError              base; `str()` is one plain sentence
├─ VoiceError           a line could not be spoken, also not at the second try
│  └─ UnknownVoice      no voice has that id
├─ InstallError         a natural voice could not be fetched or removed
│  └─ UnknownNaturalVoice   the catalogue has none of that name
├─ StoreError           a clip could not be kept (never fatal: composing goes on without the store)
├─ RecordingRefused     a file that cannot be a recorded line; carries a stable `code`
├─ PronunciationRefused a word, or how it is to be said, that cannot be kept in the list
├─ ComposeError         a file could not be written or the composer went away
└─ Busy                 more waits already than could be served soon; carries seconds to wait
"""

from __future__ import annotations


class AudioError(Exception):
    """Base of all errors of this package."""


class VoiceError(AudioError):
    """The voice gave no sound for a line."""


class UnknownVoice(VoiceError):
    """No voice has this id; the sentence names the ones there are."""

    def __init__(self, voice_id: str, known: list[str]):
        super().__init__(f'There is no voice "{voice_id}". Choose one of: {", ".join(known)}.')


class InstallError(AudioError):
    """A natural voice could not be fetched, or not be removed."""


class UnknownNaturalVoice(InstallError):
    """The catalogue has no voice of this name; the sentence names the ones there are."""

    def __init__(self, name: str, known: list[str]):
        super().__init__(f'The catalogue has no voice "{name}". Choose one of: {", ".join(known)}.')


class StoreError(AudioError):
    """The clip store could not be written."""


class ComposeError(AudioError):
    """A file could not be composed."""


class Busy(AudioError):
    """More is waiting than can be served soon."""

    wait_s = 10.0

    def __init__(self) -> None:
        super().__init__("Many are asking for sound just now. Try again in ten seconds.")


class PronunciationRefused(AudioError):
    """A word that cannot be kept in the list of pronunciations; the sentence says what to write instead."""


class RecordingRefused(AudioError):
    """A file that is not taken as a recording; `code` says why to a program, the sentence to a person."""

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code
