"""The content guide's rules as checks: what the loader accepts, but a couple should not have to hear.

A rule is a function from an Exercise to `Finding`s. Some rules are readings of the guide, stated here:

- An invitation is any `say` of the practice part. What follows it is a look, a reach, a touch, a question, a
  paced breath, or a rest of at least 4 s at the usual length (40 % of that at the shortest is accepted).
- A `gaze` or `reach` step always involves the other partner. One's own hand, or an object to look at, is
  said in `say` and `rest`. So those two steps decide the level, together with turns.
- Silence is anything without a word or a breath's tone, so a look and the rest after it are one silence.
- "As long" between the wordings of one line is counted in words.

Five parts in order, four wordings and an `instead` are the loader's business: no Exercise lacks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from exercises import traversal
from exercises.errors import ChoiceError, Severity
from exercises.languages import LANGUAGES
from exercises.languages.base import Phrase
from exercises.model import (
    CONSENT_LEVEL,
    STATES,
    TURNS,
    BellStep,
    BreathStep,
    ChoiceStep,
    CueStep,
    Exercise,
    GazeStep,
    PartStep,
    PauseStep,
    ReachStep,
    RestStep,
    SayStep,
    Step,
    TouchStep,
    texts_of,
)
from exercises.model.levels import touches
from exercises.timeline import natural_length_s, plan, seconds

from . import wording
from .remark import Finding

MIN_REST_S = 4
MAX_SILENCE_S = 45
MAX_HOLD_S = 30
MIN_TOUCH_S = 10
MAX_OFF_USUAL = 0.10


Rule = Callable[[Exercise], Iterator[Finding]]


def variants(exercise: Exercise) -> Iterator[Finding]:
    """The wordings of one line take about as long, so that nobody gets less."""
    for line in traversal.lines(exercise):
        differs = any(key in (*STATES, *TURNS) for path, _ in line for key in path)
        share = wording.MIN_SHARE_OF_LONGEST if differs else wording.MIN_SHARE_IN_TURN
        for i, remark in wording.too_short([text for _, text in line], share):
            yield Finding(line[i][0], remark.message)


def consent(exercise: Exercise) -> Iterator[Finding]:
    """Everyone may pause; looking and reaching are asked for first, and the lesser wish counts."""
    here = traversal.path_of(exercise, "consent")
    language = LANGUAGES[exercise.language]
    if not _says(exercise, "consent", language.way_out):
        yield Finding(here, f'the consent part offers no way out; write "{language.way_out.example}"')
    steps = list(traversal.steps_with_part(exercise))
    shared = [(part, i, step) for part, i, step in steps if _brings_together(step, exercise.language)]
    for part, i, step in shared:
        if part != "practice":
            message = f'"{traversal.name_of(step)}" stands outside the practice part; move it there'
            yield Finding(("steps", i), message)
    if shared and not any(part == "consent" and isinstance(step, ChoiceStep) for part, _, step in steps):
        message = "nobody is asked before they look, reach or touch; add a `choice:` to the consent part"
        yield Finding(here, message, "harm")
    if shared and not _says(exercise, "consent", language.lesser_wish):
        message = f'the lesser wish is not named; add "{language.lesser_wish.example}"'
        yield Finding(here, message)


def ritual(exercise: Exercise) -> Iterator[Finding]:
    """Check that the opening and the ending of an exercise are the same words each time."""
    opening = [("an opening", line) for line in islice(traversal.lines(exercise, "arrive"), 1)]
    for name, line in [*opening, *(("an end", line) for line in traversal.lines(exercise, "close"))]:
        for path in dict.fromkeys(path[:-1] for path, _ in line if isinstance(path[-1], int)):
            message = f"{name} has one wording, the same each time; keep the best of these, without a list"
            yield Finding(path, message)


def _brings_together(step: Step, language: str) -> bool:
    """Tell whether a step is a look, a reach, a touch, or a line that names a touch of the other."""
    if isinstance(step, (GazeStep, ReachStep, TouchStep)):
        return True
    return isinstance(step, SayStep) and any(level >= CONSENT_LEVEL for level, _ in touches(step, language))


def space(exercise: Exercise) -> Iterator[Finding]:
    """Check that somebody who has looked, reached or touched is told to take eyes and hands back."""
    if not any(_brings_together(step, exercise.language) for step in exercise.steps):
        return
    distance = LANGUAGES[exercise.language].distance
    if not _says(exercise, "return", distance):
        path = traversal.path_of(exercise, "return")
        yield Finding(path, f'the return gives no distance back; write "{distance.example}"')


def ending(exercise: Exercise) -> Iterator[Finding]:
    """The close says that it is over."""
    over = LANGUAGES[exercise.language].over
    if not _says(exercise, "close", over):
        path = traversal.path_of(exercise, "close")
        yield Finding(path, f'the close does not say that it is over; write "{over.example}"')


def _says(exercise: Exercise, part: str, phrase: Phrase) -> bool:
    """Tell whether some line of a part says it in all its wordings."""
    said = traversal.lines(exercise, part)
    return any(all(phrase.is_in(text) for _, text in line) for line in said)


def rests(exercise: Exercise) -> Iterator[Finding]:
    """Each line of the practice leaves time to decide, also to decide no."""
    for part, i, step in traversal.steps_with_part(exercise):
        if part == "practice" and isinstance(step, SayStep):
            rest = _rest_after(exercise, i)
            if rest is not None and rest < MIN_REST_S:
                todo = f"add `- rest: {MIN_REST_S}` or more after this line"
                yield Finding(("steps", i), f"{rest:g} s is too little time to decide; {todo}")


def _rest_after(exercise: Exercise, i: int) -> float | None:
    """Seconds of rest after step `i`; None if a look, a reach, a question or a breath follows."""
    rest = 0.0
    for step in exercise.steps[i + 1 :]:
        match step:
            case RestStep():
                rest += step.rest
            case PauseStep():
                rest += step.pause
            case CueStep() | BellStep() | PartStep():
                continue
            case SayStep():
                return rest
            case _:
                return None
    return rest


def silences(exercise: Exercise) -> Iterator[Finding]:
    """No silence is so long, at any offered length, that someone wonders whether it is over."""
    longest: dict[int, tuple[float, int]] = {}
    for total in exercise.lengths:
        try:
            found = list(_silences(exercise, total))
        except ChoiceError as error:
            yield Finding(("lengths",), str(error))
            continue
        for i, silent_s in found:
            longest[i] = max(longest.get(i, (0.0, 0)), (silent_s, total))
    for i, (silent_s, total) in longest.items():
        if silent_s > MAX_SILENCE_S:
            message = (
                f"{silent_s:.0f} s of silence follow when the whole takes {total} s, and {MAX_SILENCE_S} is the most; "
                f'rest less, or put a line between, such as "{LANGUAGES[exercise.language].marker}"'
            )
            yield Finding(("steps", i), message)


def _silences(exercise: Exercise, total: int) -> Iterator[tuple[int, float]]:
    """Each silence in seconds, with the place of the sounding step before it (0 at the start)."""
    timeline = plan(exercise, total)
    steps = [i for i, step in enumerate(exercise.steps) if texts_of(step) or isinstance(step, BreathStep)]
    sounds = [cue for cue in timeline.cues if cue.kind in ("line", "breath")]
    ends, starts = [0, *(c.end for c in sounds)], [*(c.start for c in sounds), timeline.length]
    for i, end, start in zip([0, *steps], ends, starts, strict=True):
        yield i, seconds(start - end)


def holds(exercise: Exercise) -> Iterator[Finding]:
    """Looks, reaches and touches end soon; a touch waits long enough for somebody who is slow to come."""
    for i, step in enumerate(exercise.steps):
        if isinstance(step, GazeStep) and step.gaze.seconds > MAX_HOLD_S:
            message = f"a look of {step.gaze.seconds:g} s is too long; write {MAX_HOLD_S} or less"
            yield Finding(("steps", i, "gaze", "seconds"), message)
        if isinstance(step, ReachStep) and step.reach.seconds > MAX_HOLD_S:
            message = f"a reach of {step.reach.seconds:g} s is over three breaths; write {MAX_HOLD_S} or less"
            yield Finding(("steps", i, "reach", "seconds"), message)
        if isinstance(step, TouchStep) and not MIN_TOUCH_S <= step.touch.wait <= MAX_HOLD_S:
            message = f"a touch waits {MIN_TOUCH_S} to {MAX_HOLD_S} s for both, not {step.touch.wait:g}"
            yield Finding(("steps", i, "touch", "wait"), message)


def level(exercise: Exercise) -> Iterator[Finding]:
    """The head states no less than the steps ask for, and each touch is named where it stands.

    A head that hides a look or a touch does harm: whoever chooses by it meets more than they agreed to.
    """
    least, stated = exercise.level, exercise.stated_level
    if stated < least:
        weight: Severity = "harm" if least >= CONSENT_LEVEL else "error"
        yield Finding(
            ("level",), f"the steps ask for more than level {stated}; write `level: {least}`", weight
        )
    for i, step in enumerate(exercise.steps):
        for of, found in touches(step, exercise.language):
            if of > stated:
                message = (
                    f'"{found}" is a touch, which is level {of}; leave it out, or write `level: {least}`'
                )
                yield Finding(("steps", i), f"{message} and ask first" if of >= CONSENT_LEVEL else message)
    if exercise.level == 3 and not exercise.first_with_therapist:
        message = "level 3 is met with a therapist first; write `first_with_therapist: true`"
        yield Finding(("level",), message, "harm")


def length(exercise: Exercise) -> Iterator[Finding]:
    """Unstretched, the script is about as long as its usual length says."""
    natural, usual = natural_length_s(exercise), exercise.usual_length_s
    if abs(natural - usual) > MAX_OFF_USUAL * usual:
        todo = "shorten it" if natural > usual else "add rests"
        message = f"this takes {natural:.0f} s as written, but {usual} s is usual; {todo} or change it"
        yield Finding(("lengths",), message)


RULES: tuple[Rule, ...] = (
    variants,
    ritual,
    consent,
    rests,
    silences,
    holds,
    space,
    ending,
    level,
    length,
)
