"""From a choice to a score: timelines planned here, every wording made into a clip by the studio.

Where the clips of a score lie is remembered on disk, so that a room is back at once after a restart and a second
room with the same exercise needs no studio at all. What is remembered counts only while every clip is there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from audio.errors import AudioError
from audio.fingerprint import digest, voice_key
from audio.recordings.recorded import Recorded
from audio.recordings.voice_selection import RECORDED, Casting
from audio.speech.clip_store import ClipStore
from audio.speech.engines import Voice
from audio.studio.client import Studio
from audio.studio.requests import SpokenLine, Wording
from exercises.errors import ChoiceError, UnknownExercise
from exercises.fewer_words import with_words
from exercises.library import Library
from exercises.model import AnyText, Exercise, InLanguages, in_languages, wordings
from exercises.recordable import line_digest
from exercises.timeline import SPOKEN, Timeline, plan
from server.rooms.core.prepared import Choice, ClipRef, Entry, Score

from .core import sentences
from .store import RoomStore

GROUNDING = "too-much-for-now"
SCORES_SHARED = 64
SURE_FOR_S = 5.0
"""So long it need not be looked for on disk that every clip of a score is there."""
Reason = Literal["script", "voice", "choice"]


class CannotPrepare(Exception):
    """Nothing is prepared: what is wrong is the script, the voice, or what was chosen."""

    def __init__(self, reason: Reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class _Laid:
    """A choice, planned; and the name of all that its clips are made from."""

    choice: Choice
    exercise: Exercise
    main: Timeline
    grounding: Timeline
    voice: str
    lines: tuple[Wording, ...]
    key: str


def clip_address(key: str) -> str:
    """Where a phone finds a clip: an address relative to the room's page, so that rooms can share a score."""
    return f"clips/{key}.flac"


def entry_of(exercise: Exercise, translations: Sequence[Exercise]) -> Entry:
    """An exercise as rooms know it."""
    title = InLanguages(tuple((version.language, version.title) for version in (exercise, *translations)))
    return Entry(
        exercise.id,
        title,
        exercise.level,
        exercise.usual_length_s,
        exercise.first_with_therapist,
        exercise.alone,
    )


class Preparer:
    """Makes scores. `make` waits for the studio; `at_hand` never waits."""

    def __init__(
        self,
        library: Library,
        voices: Callable[[], Sequence[Voice]],
        studio: Studio,
        clips: ClipStore,
        store: RoomStore,
        casting: Casting,
    ):
        self._library, self._voices, self._studio = library, voices, studio
        self._clips, self._store, self._casting = clips, store, casting
        self._shared: dict[Choice, Score] = {}
        self._checked: dict[Choice, float] = {}
        self.catalogue = tuple(entry_of(e, library.translations_of(e.id)) for e in library)

    def at_hand(self, choice: Choice) -> Score | None:
        """The score if all of it is there already; raises CannotPrepare."""
        if choice in self._shared and time.monotonic() - self._checked.get(choice, 0.0) < SURE_FOR_S:
            return self._shared[choice]
        laid = self._lay(choice)
        known = self._store.score(laid.key)
        if known is None or not all(line.text in known for line in laid.lines):
            return None
        if not all(self._clips.path(key).exists() for key, _ in known.values()):
            return None
        shared = self._shared.get(choice)
        if shared and all(shared.clips[t].address == clip_address(k) for t, (k, _) in known.items()):
            self._checked[choice] = time.monotonic()
            return shared
        return self._score(laid, known)

    def make(self, choice: Choice) -> Score:
        """The score, with every clip in the store; raises CannotPrepare."""
        found = self.at_hand(choice)
        if found:
            return found
        laid = self._lay(choice)
        try:
            kept = self._studio.clips(laid.lines)
        except AudioError:
            raise CannotPrepare("voice") from None
        # where the exercise and the grounding read a wording at two paces, the exercise's comes first
        known: dict[str, tuple[str, float]] = {}
        for line, clip in zip(laid.lines, kept, strict=True):
            known.setdefault(line.text, (clip.key, clip.seconds))
        self._store.keep_score(laid.key, known)
        return self._score(laid, known)

    def speak(self, choice: Choice, text: str, language: str) -> SpokenLine:
        """A typed line at the pace of a choice and in its voice for a language; raises CannotPrepare."""
        laid = self._lay(choice)
        try:
            voice = self._casting.speaking(laid.voice, language)
            return self._studio.line(Wording(text, voice, laid.main.rate_wpm, laid.main.line_gap_s))
        except AudioError:
            raise CannotPrepare("voice") from None

    def _score(self, laid: _Laid, known: dict[str, tuple[str, float]]) -> Score:
        clips = {text: ClipRef(clip_address(key), seconds) for text, (key, seconds) in known.items()}
        entry = entry_of(laid.exercise, self._library.translations_of(laid.exercise.id))
        score = Score(laid.choice, entry, laid.main, laid.grounding, clips)
        while len(self._shared) >= SCORES_SHARED:
            self._checked.pop(next(iter(self._shared)), None)
            self._shared.pop(next(iter(self._shared)))
        self._shared[laid.choice] = score
        self._checked[laid.choice] = time.monotonic()
        return score

    def _lay(self, choice: Choice) -> _Laid:
        voices = self._voices()
        chosen = choice.voice or voices[0].id
        if chosen != RECORDED and chosen not in (known.id for known in voices):
            raise CannotPrepare("choice")
        try:
            exercise, ground = self._library.get(choice.exercise_id), self._library.get(GROUNDING)
        except UnknownExercise:
            raise CannotPrepare("script") from None
        try:
            others = self._library.translations_of
            reading = self._casting.reading(chosen, exercise, choice.reading)
            main = plan(exercise, choice.length_s, translations=others(exercise.id), reading=reading)
            main = with_words(main, choice.words)
            grounding = plan(ground, translations=others(ground.id), reading=choice.reading)
        except ChoiceError:
            raise CannotPrepare("choice") from None
        spoken = [*_texts(main), *_texts(grounding), *(_texts(grounding, sentences.GUIDE.values()))]
        spoken = list(dict.fromkeys(spoken))
        cast = self._casting.cast(chosen, [line_digest(said.text) for said in spoken])
        recorded = {one.line: one for one in cast.recorded}
        lines = [self._wording(said, cast.voice, recorded.get(line_digest(said.text))) for said in spoken]
        used = {line.voice for line in lines}
        engines = [voice_key(v) for v in voices if v.id in used]
        key = digest(engines, [line.to_json() for line in lines])[:40]
        return _Laid(choice, exercise, main, grounding, cast.voice, tuple(lines), key)

    def _wording(self, said: _Said, voice: str, recorded: Recorded | None) -> Wording:
        speaking = self._casting.speaking(voice, said.language)
        return Wording(said.text, speaking, said.rate_wpm, said.gap_s, recorded=recorded)


@dataclass(frozen=True)
class _Said:
    """A line in its language and at its pace."""

    text: str
    language: str
    rate_wpm: float
    gap_s: float


def _texts(timeline: Timeline, texts: Iterable[AnyText] | None = None) -> list[_Said]:
    """Every wording of a timeline (or of other texts at its pace), whatever people are like today.

    In all languages and for all states, so that preparing gives none away.
    """
    if texts is None:
        texts = [cue.text for cue in timeline.cues if cue.text is not None and cue.kind in SPOKEN]
    return [
        _Said(line, language, timeline.rate_wpm, timeline.line_gap_s)
        for text in texts
        for language, each in in_languages(text, timeline.languages[0])
        for line in wordings(each)
    ]
