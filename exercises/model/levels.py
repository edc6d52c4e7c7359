"""Levels: how near the steps of a script bring two people, whatever its head says.

    0  being in a room
    1  a paced breath, a question, a hand on one's own body, a touch by way of two phones
    2  a look; a touch of the other that words name
    3  looks by turns; a reach

A head may state a higher level, and never makes a lower one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exercises.languages import LANGUAGES

from .lines import ByTurn, Text, wordings
from .steps import BreathStep, ChoiceStep, CueStep, GazeStep, ReachStep, Step, TouchStep, texts_of


def least_level(steps: Iterable[Step], language: str) -> int:
    """The level that steps in a language come to."""
    return max((_level_of(step, language) for step in steps), default=0)


def _level_of(step: Step, language: str) -> int:
    match step:
        case ReachStep():
            return 3
        case GazeStep():
            return 3 if isinstance(step.gaze.instead, ByTurn) else 2
    said = max((touch[0] for touch in touches(step, language)), default=0)
    return max(said, int(isinstance(step, (BreathStep, ChoiceStep, TouchStep))))


def touches(step: Step, language: str) -> Iterator[tuple[int, str]]:
    """Each touch that the words of a step ask for: the level it is of, and the words that say so."""
    known = LANGUAGES[language].touch
    for words in (words for text in _texts(step) for words in wordings(text)):
        for level, phrases in ((2, known.of_the_other), (1, known.of_oneself)):
            found = phrases.found_in(words)
            if found:
                yield level, found


def _texts(step: Step) -> list[Text]:
    """All that is heard or read of a step."""
    shown = [step.cue] if isinstance(step, CueStep) else []
    answers = [step.choice.yes] if isinstance(step, ChoiceStep) else []
    return [*texts_of(step), *shown, *answers]
