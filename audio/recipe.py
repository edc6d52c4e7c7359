"""A recipe of a file of sound: a value that names the file, with nothing heavy imported."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal

from audio.fingerprint import voice_key
from audio.recordings.recorded import Recorded
from audio.speech.engines import find_voice
from audio.speech.pronunciation.lexicon import Entry, list_digest, own_entries_in
from exercises.model import LOUDSPEAKER, Exercise, Listener, spoken_texts, wordings
from exercises.timeline import LEAD_IN_S, Timeline, plan
from exercises.timeline.fewer_words import HowMany, with_words

RECIPE_VERSION = 4
"""Raised whenever files come out different for the same recipe."""

COMPOSED = "recorded-"
"""The prefix of every composed file in which a recorded voice is heard."""

Format = Literal["mp3", "flac", "wav"]
FORMATS: tuple[Format, ...] = ("mp3", "flac", "wav")
SIZED: tuple[Format, ...] = ("mp3", "wav")
"""Formats whose size is known before there is any sound."""
_NOT_SPOKEN = {"length_s", "texture", "lead_in_s", "kind", "compact"}
"""Fields of a recipe that change no line."""
MIME = {"mp3": "audio/mpeg", "flac": "audio/flac", "wav": "audio/wav"}

SETTINGS: dict[str, tuple[Listener, ...]] = {
    "together": (LOUDSPEAKER,),
    "earbuds": (Listener("first"), Listener("second")),
}
"""The listener of each channel. With one earbud each: left is circle, right is square."""


@dataclass(frozen=True)
class Texture:
    """The sounds besides the voice: a bell or none, a bed or "none"."""

    bell: bool = True
    bed: str = "none"


@dataclass(frozen=True)
class Recipe:
    """Everything that a file depends on. Lengths in seconds; `voice` is a voice's id.

    pace      words a minute within a line; the script's own if None
    pitch     semitones above the voice's own
    words     all that is said, or the beginning, the turns and the end (exercises/timeline/fewer_words.py)
    reading   which wordings are heard (exercises/variety.py)
    compact   an MP3 with two voices has fewer bits, so that it can be inside a page
    recorded  lines that somebody has read; `voice` speaks the others
    """

    exercise: Exercise
    length_s: float
    setting: str = "together"
    voice: str = "neutral"
    texture: Texture = Texture()
    lead_in_s: float = LEAD_IN_S
    kind: Format = "mp3"
    recorded: tuple[Recorded, ...] = ()
    pace: float | None = None
    pitch: int = 0
    words: HowMany = "all"
    reading: int = 0
    compact: bool = False

    @property
    def channels(self) -> int:
        """1 for one loudspeaker, 2 for one earbud each."""
        return len(SETTINGS[self.setting])

    def compacted(self) -> Recipe:
        """The recipe with a smaller file; itself where its file is small already."""
        return dataclasses.replace(self, compact=True) if self.channels > 1 else self

    def timeline(self) -> Timeline:
        """The timeline; raises ChoiceError."""
        laid_out = plan(self.exercise, self.length_s, self.lead_in_s, self.pace, reading=self.reading)
        return with_words(laid_out, self.words)

    def to_json(self) -> dict[str, Any]:
        """The recipe as plain values, for another process and for the key."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        plain["exercise"] = self.exercise.model_dump(mode="json", by_alias=True)
        plain["texture"] = dataclasses.asdict(self.texture)
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Recipe:
        """The recipe that `to_json` gave."""
        exercise = Exercise.model_validate(plain["exercise"])
        recorded = tuple(Recorded(*one) for one in plain["recorded"])
        texture = Texture(**plain["texture"])
        return cls(**{**plain, "exercise": exercise, "texture": texture, "recorded": recorded})

    def speech_key(self) -> str:
        """A name for the lines that are spoken: the same for another length, bell, bed, lead-in or kind of file.

        Another length may say more or fewer of them; most are the same.
        """
        heard = {name: value for name, value in self.to_json().items() if name not in _NOT_SPOKEN}
        return hashlib.sha256(json.dumps(heard, sort_keys=True).encode()).hexdigest()[:40]

    def key(self) -> str:
        """A name for what this recipe makes."""
        spelled = [list_digest(), *map(dataclasses.astuple, own_words_of(self.exercise))]
        heard = voice_key(find_voice(self.voice))
        made_from = json.dumps([RECIPE_VERSION, heard, spelled, self.to_json()], sort_keys=True)
        name = hashlib.sha256(made_from.encode()).hexdigest()[:40]
        return f"{COMPOSED}{name}" if self.recorded else name


def own_words_of(exercise: Exercise) -> tuple[Entry, ...]:
    """The entries of a therapist's pronunciation list that change an exercise."""
    texts = (words for text in spoken_texts(exercise) for words in wordings(text))
    return own_entries_in(texts, exercise.language)
