"""From a choice to a score: timelines planned here, every wording made into a clip by the studio.

Where the clips of a score lie is remembered on disk, so that a room is back at once after a restart and a second
room with the same exercise needs no studio at all. What is remembered counts only while every clip is there.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import gevent

from audio.dsp.flac_padding import padded
from audio.errors import AudioError
from audio.fingerprint import digest, voice_key
from audio.recordings.recorded import MARK, Recorded
from audio.recordings.voice_selection import RECORDED, VoiceSelector
from audio.speech.clips.store import ClipStore
from audio.speech.engines import Voice
from audio.studio.client import Studio
from audio.studio.requests import SpeechRequest, SpokenLine
from exercises.errors import ChoiceError, UnknownExercise
from exercises.library import GROUNDING, Library
from exercises.model import AnyText, Exercise, InLanguages, in_languages, wordings
from exercises.recordable import line_digest
from exercises.timeline import SPOKEN, Timeline, plan
from exercises.timeline.fewer_words import with_words
from server.rooms.core.prepared import Choice, ClipRef, Entry, Score

from .core.protocol import sentences
from .scores import ScoreStore

SCORES_SHARED = 64
SIZE_STEP = 16 * 1024
"""Every clip of a score is sent with the size of its largest, rounded up to this many bytes."""
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
    """A choice, planned from a library; and the name of all that its clips are made from."""

    choice: Choice
    library: Library
    exercise: Exercise
    main: Timeline
    grounding: Timeline
    voice: str
    lines: tuple[SpeechRequest, ...]
    key: str


def clip_address(key: str) -> str:
    """The address at which a phone finds a clip: relative to the room's page, so that rooms can share a score."""
    return f"clips/{key}.flac"


def key_of(clip: ClipRef) -> str:
    """The key in the store of a clip of a score."""
    return clip.address.removeprefix("clips/").removesuffix(".flac")


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
        library: Callable[[], Library],
        voices: Callable[[], Sequence[Voice]],
        studio: Studio,
        clips: ClipStore,
        scores: ScoreStore,
        selector: VoiceSelector,
    ):
        self._newest, self._voices, self._studio = library, voices, studio
        self._clips, self._scores, self._selector = clips, scores, selector
        self._shared: dict[Choice, Score] = {}
        self._checked: dict[Choice, float] = {}
        self._again = threading.Lock()
        self._plans: dict[tuple[str, int, int], Timeline] = {}
        self._sizes: weakref.WeakKeyDictionary[Score, int] = weakref.WeakKeyDictionary()
        self._renamed: weakref.WeakKeyDictionary[Score, dict[str, str]] = weakref.WeakKeyDictionary()
        """Keys of clips on this disk, by those that a score has."""
        self._lines: weakref.WeakKeyDictionary[Score, tuple[SpeechRequest, ...]] = weakref.WeakKeyDictionary()
        self._voiced: dict[Choice, tuple[str, float, float]] = {}
        """Delivery of the lines of a choice: voice, words a minute, seconds between sentences."""
        self._known: Library | None = None
        self._catalogue: tuple[Entry, ...] = ()

    @property
    def catalogue(self) -> tuple[Entry, ...]:
        """The exercises that rooms can choose among now."""
        self._current()
        return self._catalogue

    def _current(self) -> Library:
        """The library as it is now. With another one nothing that was worked out before is shared any further."""
        library = self._newest()
        if library is not self._known:
            self._known = library
            self._catalogue = tuple(entry_of(e, library.translations_of(e.id)) for e in library)
            self._shared.clear()
            self._checked.clear()
            self._plans.clear()
        return library

    def at_hand(self, choice: Choice) -> Score | None:
        """The score if all of it is there already; raises CannotPrepare."""
        self._current()
        if choice in self._shared and time.monotonic() - self._checked.get(choice, 0.0) < SURE_FOR_S:
            return self._shared[choice]
        found = self._found(choice)
        if found is None or not all(
            self._clips.path(key).exists() for key in map(key_of, found.clips.values())
        ):
            return None
        self._checked[choice] = time.monotonic()
        return found

    def foreseen(self, choice: Choice) -> Score | None:
        """The score if it is known which clips it has, though some may have to be made again; raises CannotPrepare."""
        self._current()
        return self._found(choice)

    def _found(self, choice: Choice) -> Score | None:
        laid = self._lay(choice)
        known = self._scores.find(laid.key)
        if known is None or not all(line.text in known for line in laid.lines):
            return None
        shared = self._shared.get(choice)
        if shared and all(shared.clips[t].address == clip_address(k) for t, (k, _) in known.items()):
            return shared
        return self._score(laid, known)

    def clip(self, score: Score | None, key: str) -> bytes | None:
        """A clip as a FLAC file, as long as the longest of its score: a size then tells nobody which it is."""
        if score is None:
            return self._clips.flac(key)
        is_own = key in map(key_of, score.clips.values())
        if is_own and score not in self._sizes:
            self._make_missing(score)  # which is the longest shows only once all are there
        flac = self._flac(score, key)
        if flac is None and is_own:
            self._make_missing(score)
            flac = self._flac(score, key)
        return padded(flac, self._size_of(score)) if flac is not None else None

    def _make_missing(self, score: Score) -> None:
        """Make all clips of a score once more, if any is gone from the disk, or never was on this one.

        Where the voice was tuned anew they have other keys, and stand for those that phones ask for. A take that was
        deleted does not come back.
        """
        with self._again:
            keys = {text: key_of(clip) for text, clip in score.clips.items()}
            if all(self._path(score, key).exists() for key in keys.values()):
                return
            try:
                made = self._studio.clips(self._lines[score])
            except (AudioError, KeyError):
                return
            by_text: dict[str, str] = {}
            for line, clip in zip(self._lines[score], made, strict=True):
                by_text.setdefault(line.text, clip.key)
            self._renamed[score] = {
                key: by_text[text]
                for text, key in keys.items()
                if text in by_text and not key.startswith(MARK)
            }

    def _path(self, score: Score, key: str) -> Path:
        """Key of a clip of a score on this disk: under its key, or the one that it has on this disk."""
        path = self._clips.path(key)
        return path if path.exists() else self._clips.path(self._renamed.get(score, {}).get(key, key))

    def _flac(self, score: Score, key: str) -> bytes | None:
        return self._clips.flac(key) or self._clips.flac(self._renamed.get(score, {}).get(key, key))

    def pin(self, scores: Collection[Score]) -> None:
        """Keep the clips of these scores from being pushed out by anything else."""
        self._studio.pin({key_of(clip) for score in scores for clip in score.clips.values()})

    def forget_typed(self) -> None:
        """Have the processes that were told typed lines replaced, as soon as they have nothing to do."""
        self._studio.renew()

    def _size_of(self, score: Score) -> int:
        if score not in self._sizes:
            paths = {self._path(score, key_of(clip)) for clip in score.clips.values()}
            largest = max((path.stat().st_size for path in paths if path.exists()), default=0)
            self._sizes[score] = -(-largest // SIZE_STEP) * SIZE_STEP
        return self._sizes[score]

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
        self._scores.keep(laid.key, known)
        score = self._score(laid, known)
        self._checked[choice] = time.monotonic()
        return score

    def speak(self, choice: Choice, text: str, language: str) -> SpokenLine:
        """A typed line at the pace of a choice and in its voice for a language; raises CannotPrepare."""
        try:
            self._remember_voice(self._lay(choice))
        except CannotPrepare as error:
            # a room goes on with a script that is there no more
            if error.reason != "script" or choice not in self._voiced:
                raise
        chosen, rate_wpm, gap_s = self._voiced[choice]
        try:
            voice = self._selector.speaking(chosen, language)
            return self._studio.line(SpeechRequest(text, voice, rate_wpm, gap_s))
        except AudioError:
            raise CannotPrepare("voice") from None

    def _score(self, laid: _Laid, known: dict[str, tuple[str, float]]) -> Score:
        clips = {text: ClipRef(clip_address(key), seconds) for text, (key, seconds) in known.items()}
        entry = entry_of(laid.exercise, laid.library.translations_of(laid.exercise.id))
        score = Score(laid.choice, entry, laid.main, laid.grounding, clips)
        self._lines[score] = laid.lines
        self._remember_voice(laid)
        if laid.library is not self._known:  # changed meanwhile; this room has asked for what there was
            return score
        while len(self._shared) >= SCORES_SHARED:
            self._checked.pop(next(iter(self._shared)), None)
            self._shared.pop(next(iter(self._shared)))
        self._shared[laid.choice] = score
        return score

    def _remember_voice(self, laid: _Laid) -> None:
        """Keep how lines are said beside a choice."""
        self._voiced.pop(laid.choice, None)
        while len(self._voiced) >= SCORES_SHARED:
            self._voiced.pop(next(iter(self._voiced)))
        self._voiced[laid.choice] = (laid.voice, laid.main.rate_wpm, laid.main.line_gap_s)

    def _lay(self, choice: Choice) -> _Laid:
        library = self._current()
        voices = self._voices()
        chosen = choice.voice or voices[0].id
        if chosen != RECORDED and chosen not in (known.id for known in voices):
            raise CannotPrepare("choice")
        try:
            exercise, ground = library.get(choice.exercise_id), library.get(GROUNDING)
        except UnknownExercise:
            raise CannotPrepare("script") from None
        try:
            reading = self._selector.reading(chosen, exercise, choice.reading)
            main = with_words(self._planned(library, exercise, choice.length_s, reading), choice.words)
            grounding = self._planned(library, ground, ground.usual_length_s, choice.reading)
        except ChoiceError:
            raise CannotPrepare("choice") from None
        rest = (*sentences.GUIDE.values(), *sentences.CHECK_WORDS)
        spoken = [*_texts(main), *_texts(grounding), *_texts(grounding, rest)]
        spoken = list(dict.fromkeys(spoken))
        selected = self._selector.select(chosen, [line_digest(said.text) for said in spoken])
        recorded = {one.line: one for one in selected.recorded}
        lines = [self._wording(said, selected.voice, recorded.get(line_digest(said.text))) for said in spoken]
        used = {line.voice for line in lines}
        engines = [voice_key(v) for v in voices if v.id in used]
        key = digest(engines, [line.to_json() for line in lines])[:40]
        return _Laid(choice, library, exercise, main, grounding, selected.voice, tuple(lines), key)

    def _planned(self, library: Library, exercise: Exercise, length_s: int, reading: int) -> Timeline:
        """The timeline, planned beside the loop that holds sockets, or remembered. Raises ChoiceError."""
        key = (exercise.id, length_s, reading)
        found = self._plans.get(key) if library is self._known else None
        if found is None:
            others = library.translations_of(exercise.id)
            named = {"translations": others, "reading": reading, "two_phones": True}
            found = gevent.get_hub().threadpool.apply(plan, (exercise, length_s), named)
            if library is not self._known:
                return found
            while len(self._plans) >= SCORES_SHARED:
                self._plans.pop(next(iter(self._plans)), None)
            self._plans[key] = found
        return found

    def _wording(self, said: _Said, voice: str, recorded: Recorded | None) -> SpeechRequest:
        speaking = self._selector.speaking(voice, said.language)
        return SpeechRequest(said.text, speaking, said.rate_wpm, said.gap_s, recorded=recorded)


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
