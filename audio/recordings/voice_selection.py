"""The recorded voice as something to choose: who is heard on which line when it is chosen, or any other voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from audio.files import write_whole
from audio.recordings.recorded import Recorded
from audio.speech.engines import Voice
from exercises.languages import BASE
from exercises.model import Exercise
from exercises.recordable import read_lines
from exercises.variety import READINGS

from .store import RecordingStore, lifts

RECORDED = "recorded"
RECORDED_LABEL = "Recorded voice"


@dataclass(frozen=True)
class SelectedVoice:
    """The voices that are heard: `voice` is an engine's, and speaks every line that is not in `recorded`."""

    voice: str
    recorded: tuple[Recorded, ...] = ()


@dataclass(frozen=True)
class OfferedVoice:
    """A voice as it can be chosen."""

    id: str
    label: str
    language: str
    """Empty for one that speaks whatever was read to it, and has another fill in."""

    def speaks(self, language: str) -> bool:
        """Tell whether it can be chosen for a script in this language."""
        return self.language in ("", language) or self.language.startswith(f"{language}-")


class VoiceSelector:
    """The voices of a service together with what was recorded for it."""

    def __init__(self, voices: Callable[[], Sequence[Voice]], recordings: RecordingStore):
        self._voices, self._recordings = voices, recordings

    def offers(self) -> tuple[OfferedVoice, ...]:
        """Every voice that can be chosen, the default first; the recorded one as soon as one line is."""
        offers = tuple(OfferedVoice(voice.id, voice.label, voice.language) for voice in self._voices())
        return (*offers, OfferedVoice(RECORDED, RECORDED_LABEL, "")) if self._recordings.all() else offers

    def select(self, voice_id: str, lines: Iterable[str], language: str = BASE) -> SelectedVoice:
        """The voices heard on these lines (digests) of an exercise in a language when `voice_id` is chosen."""
        if voice_id != RECORDED:
            return SelectedVoice(voice_id)
        known = self._recordings.all()
        lifted = lifts(known.values())
        found = (known[line] for line in sorted(set(lines) & known.keys()))
        return SelectedVoice(
            self.speaking(self.fill, language),
            tuple(Recorded(one.line, one.take, lifted[one.line]) for one in found),
        )

    def reading(self, voice_id: str, exercise: Exercise, reading: int) -> int:
        """The reading that is heard where `reading` was asked for.

        The recorded voice takes the one that most has been read of, of several the first from `reading` on: a therapist
        need not read every wording for their own voice to be heard throughout.
        """
        if voice_id != RECORDED:
            return reading
        known = self._recordings.all()

        def takes(of: int) -> int:
            return sum(line.digest in known for line in read_lines(exercise, of))

        return max(((reading + later) % READINGS for later in range(READINGS)), key=takes)

    def speaking(self, voice_id: str, language: str) -> str:
        """The voice for a language: this one if it speaks that, else the first that does, else this one still."""
        able = [voice.id for voice in self._voices() if voice.speaks(language)]
        return voice_id if voice_id in able or not able else able[0]

    @property
    def fill(self) -> str:
        """The engine's voice that speaks what nobody has read; the default where none was chosen or it is gone."""
        try:
            chosen = (self._recordings.folder / "fill").read_text("utf-8").strip()
        except OSError:
            chosen = ""
        ids = [voice.id for voice in self._voices()]
        return chosen if chosen in ids else ids[0]

    def choose_fill(self, voice_id: str) -> None:
        """Keep which voice fills in. Raises OSError."""
        write_whole(self._recordings.folder / "fill", f"{voice_id}\n".encode())
