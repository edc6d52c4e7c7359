"""Three small scripts without a fault, and ways to break them."""

from __future__ import annotations

import re

from exercises.errors import Problem
from exercises.library import parse_script
from exercises.lint import lint
from exercises.loading.source import read_source
from exercises.model import Exercise
from exercises.timeline import length_bounds, natural_length_s

FILE = "quiet.yaml"

QUIET = """\
id: quiet
title: Quiet
family: returns
level: 0
order: 99
lengths: [60, 72, 120]
aim: Sit for a minute.
when: "Any time."
place: "Any chair."
care: "Side by Side is there instead."
reviewed: null
therapist:
  rung: "B0"
  watch_for: ["A held breath."]
  what_to_do: ["End it."]
steps:
  - part: arrive
  - rest: 4
  - say: "Sit down, or stand."
  - rest: 6
  - part: consent
  - say: "Either of you can pause."
  - rest: 6
  - part: practice
  - say: "Find the floor, or a sound."
  - cue: "Floor, or sound"
  - rest: 10
  - say:
      guarded: "You set how near this is."
      heavy: "You can stay as you are."
      plain: "Stay with it, or wander off."
      shared: "Stay as you are, or wander."
  - rest: 14
  - part: return
  - say: "Look round the room."
  - rest: 6
  - part: close
  - say: "That's all of it."
  - rest: 4
"""

LOOKING = """\
id: looking
title: Looking
family: gaze
level: 2
order: 98
lengths: [90, 102, 150]
aim: Look once.
when: "Any time."
place: "Any two chairs."
care: "Same Window is there instead."
reviewed: null
therapist:
  rung: "G1"
  watch_for: ["A held breath."]
  what_to_do: ["End it."]
steps:
  - part: arrive
  - rest: 4
  - say: "Sit down, or stand."
  - rest: 6
  - part: consent
  - choice:
      ask: "Do you both want one glance?"
      yes: "Yes, one"
      no: "Not today"
  - say: "Go as far as the one who wants less. Either of you can pause."
  - rest: 6
  - part: practice
  - say: "Rest your eyes low, or wherever they are."
  - rest: 8
  - gaze:
      seconds: 5
      instead: "Their hands, for one breath, or your own."
  - cue: "Eyes home"
  - rest: 14
  - part: return
  - say: "Bring your eyes back. Look round the room."
  - rest: 8
  - part: close
  - say: "That was all of it."
  - rest: 4
"""


TOUCHING = """\
id: touching
title: Touching
family: reach
level: 1
order: 97
lengths: [102, 114, 150]
aim: Rest a finger on a phone.
when: "Any time."
place: "Any two chairs."
care: "Side by Side is there instead."
reviewed: null
therapist:
  rung: "R0"
  watch_for: ["A held breath."]
  what_to_do: ["End it."]
steps:
  - part: arrive
  - rest: 4
  - say: "Sit down, or stand."
  - rest: 6
  - part: consent
  - choice:
      ask: "Do you both want a finger on the screen?"
      yes: "Yes, one"
      no: "Not today"
  - say: "Go as far as the one who wants less. Either of you can pause."
  - rest: 6
  - part: practice
  - say: "Rest your hands, wherever they are."
  - rest: 8
  - touch:
      say: "Rest a finger on the screen, or keep it home. It's felt on the other phone."
      one_phone: "Rest a finger on your own side of the screen. You can also keep it home."
      wait: 20
  - cue: "Hands home"
  - rest: 10
  - part: return
  - say: "Bring your hands back. Look round the room."
  - rest: 8
  - part: close
  - say: "That was all of it."
  - rest: 4
"""


def changed(text: str, old: str, new: str) -> str:
    """`text` with `old`, which stands in it once, replaced."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the script"
    return text.replace(old, new)


def fitted(text: str) -> str:
    """`text` with lengths that suit it: its natural one as the usual, and one a little above and below."""
    exercise = Exercise.model_validate(read_source(FILE, text).value)
    usual = round(natural_length_s(exercise))
    shortest = max(length_bounds(exercise)[0], usual - 10)
    return re.sub(r"^lengths:.*$", f"lengths: [{shortest}, {usual}, {usual + 10}]", text, flags=re.MULTILINE)


def saying(line: str) -> str:
    """The quiet script with one spoken line replaced."""
    return changed(QUIET, "Look round the room.", line)


def problems_of(text: str) -> list[Problem]:
    """Findings of lint in a script that loads."""
    return lint(parse_script(text, FILE), read_source(FILE, text))


def line_with(text: str, words: str) -> int:
    """The number of the first line that holds `words`."""
    return next(i for i, line in enumerate(text.splitlines(), 1) if words in line)
