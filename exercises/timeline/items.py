"""The items of an exercise: its steps as things to be placed, each with its time or what it can stretch to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..languages import LANGUAGES
from ..model import (
    AnyText,
    BellStep,
    BreathSpec,
    BreathStep,
    ChoiceStep,
    CueStep,
    Exercise,
    GazeStep,
    InLanguages,
    PartName,
    PartStep,
    PauseStep,
    ReachStep,
    RestStep,
    SayStep,
    Text,
    TouchStep,
    in_languages,
    wordings,
)
from ..variety import in_reading
from .cues import CueKind, Move, samples
from .slots import slot_s

LEAST_REST_S = 1.6
"""No rest that is written longer shrinks below this: what is left of four seconds at the shortest."""
BREATH_S = 5.0
"""A breath of somebody at rest, twelve a minute: what is counted in breaths gets so much time for each."""
BREATH_GAP_S = 4.0
"""Rest before a paced breath in another rhythm than the one before it."""
DECISION_S = 8.0
"""Silence after a question of consent, in which both can answer."""


@dataclass(frozen=True)
class Item:
    """A cue to be placed: `fixed` samples, or `rest` samples to stretch, or a breath to recount.

    least    samples that a rest keeps however short the whole becomes
    breaths  how many breaths its words count
    """

    kind: CueKind
    part: PartName
    fixed: int = 0
    rest: int = 0
    least: int = 0
    breaths: int = 0
    breath: BreathSpec | None = None
    text: AnyText | None = None
    answers: tuple[AnyText, AnyText] | None = None
    move: Move | None = None


def _in_all(versions: Sequence[Exercise], of: Callable[[Any], Text], index: int) -> AnyText:
    """A text of the step at `index`, in every language of an exercise."""
    if len(versions) == 1:
        return of(versions[0].steps[index])
    return InLanguages(tuple((version.language, of(version.steps[index])) for version in versions))


def items_of(
    versions: Sequence[Exercise], rate_wpm: float, reading: int | None = None, two_phones: bool = False
) -> list[Item]:
    """The items of an exercise, given in one language or in several; the first says how long things are.

    How many phones there are changes the words of a touch and no time.
    """
    exercise = versions[0]
    items: list[Item] = []
    part: PartName = "arrive"
    gap_s = exercise.voice.line_gap_s
    rhythm: tuple[float, float] | None = None

    def line(text: AnyText, instead_of: AnyText | None = None) -> AnyText:
        """Add a line whose slot would hold any of its wordings; gives what is heard of it in this reading.

        Where it is said in place of another text, the slot would hold that as well.
        """
        if items and items[-1].kind == "line":
            items.append(Item("rest", part, fixed=samples(gap_s)))
        either = [text] if instead_of is None else [text, instead_of]
        slot = samples(max(slot_s(each, rate_wpm, gap_s, exercise.language) for each in either))
        heard = text if reading is None else in_reading(text, exercise.id, i, reading)
        items.append(Item("line", part, fixed=slot, text=heard, breaths=max(map(counted, either))))
        return heard

    def counted(text: AnyText) -> int:
        """The breaths that a text counts; in the consent part words only tell of what will be asked."""
        if part == "consent":
            return 0
        spoken = in_languages(text, exercise.language)
        return max(
            LANGUAGES[code].counted_breaths(words) for code, each in spoken for words in wordings(each)
        )

    for i, step in enumerate(exercise.steps):
        match step:
            case PartStep():
                part = step.part
            case SayStep():
                line(_in_all(versions, lambda s: s.say, i))
            case RestStep():
                least = samples(min(step.rest, LEAST_REST_S))
                items.append(Item("rest", part, rest=samples(step.rest), least=least))
            case PauseStep():
                items.append(Item("rest", part, fixed=samples(step.pause)))
            case BellStep():
                items.append(Item("bell", part))
            case BreathStep():
                if rhythm != (step.breath.in_s, step.breath.out_s) and not _ends_in_rest(items):
                    items.append(Item("rest", part, fixed=samples(BREATH_GAP_S)))
                rhythm = (step.breath.in_s, step.breath.out_s)
                items.append(Item("breath", part, breath=step.breath))
            case CueStep():
                cue = _in_all(versions, lambda s: s.cue, i)
                items.append(Item("prompt", part, text=cue, breaths=counted(cue)))
            case GazeStep():
                text = line(_in_all(versions, lambda s: s.gaze.instead, i))
                items.append(Item("hold", part, fixed=samples(step.gaze.seconds), text=text, move="gaze"))
            case ReachStep():
                text = line(_in_all(versions, lambda s: s.reach.instead, i))
                items.append(Item("hold", part, fixed=samples(step.reach.seconds), text=text, move="reach"))
            case TouchStep():
                says = (
                    _in_all(versions, lambda s: s.touch.say, i),
                    _in_all(versions, lambda s: s.touch.one_phone, i),
                )
                text = line(*(says if two_phones else reversed(says)))
                items.append(Item("hold", part, fixed=samples(step.touch.wait), text=text, move="touch"))
            case ChoiceStep():
                text = line(_in_all(versions, lambda s: s.choice.ask, i))
                items[-1] = replace(items[-1], breaths=0)  # asked about, and not yet to be done
                yes, no = (_in_all(versions, of, i) for of in (_yes, _no))
                items.append(Item("decision", part, fixed=samples(DECISION_S), text=text, answers=(yes, no)))
    return _with_breaths(items)


def _ends_in_rest(items: Sequence[Item]) -> bool:
    """Tell whether what was last heard is followed by a rest."""
    timed = [item for item in items if item.kind not in ("prompt", "bell")]
    return bool(timed) and timed[-1].kind == "rest"


def _with_breaths(items: list[Item]) -> list[Item]:
    """The same items, where whatever counts breaths is followed by silence that is long enough for them."""
    result = list(items)
    for at in reversed(range(len(items))):
        need = round(items[at].breaths * samples(BREATH_S))
        if not need:
            continue
        end = at + 1
        while end < len(result) and result[end].kind in ("rest", "prompt", "bell", "hold", "decision"):
            end += 1
        if end < len(result) and result[end].kind == "breath":
            continue  # a paced breath takes its own time
        _make_room(result, at + 1, end, need)
    return result


def _make_room(items: list[Item], start: int, end: int, need: int) -> None:
    """See to it that the items from `start` to `end` last `need` samples at the least."""
    holds = [i for i in range(start, end) if items[i].kind == "hold"]
    if holds:  # a look or a reach is what the breaths are for
        items[holds[0]] = replace(items[holds[0]], fixed=max(items[holds[0]].fixed, need))
        return
    missing = need - sum(item.fixed + item.least for item in items[start:end])
    rests = [i for i in range(start, end) if items[i].rest]
    if missing <= 0:
        return
    if not rests:
        items.insert(start, Item("rest", items[start - 1].part, fixed=missing))
        return
    longest = max(rests, key=lambda i: items[i].rest)
    least = items[longest].least + missing
    items[longest] = replace(items[longest], least=least, rest=max(items[longest].rest, least))


def _yes(step: ChoiceStep) -> str:
    return step.choice.yes


def _no(step: ChoiceStep) -> str:
    return step.choice.no
