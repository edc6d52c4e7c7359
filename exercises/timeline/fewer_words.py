"""Fewer words: a timeline of which only the beginning, the turns and the end are spoken. Pure.

For a couple that knows an exercise by heart. Nothing moves: what is not said is silence of the same length, and what
stands on the screen without a voice, the tones of a breath and the bells stay.

    spoken   all of arrive and close
             the first line of the return, which brings everybody back
             what each of two people does in turn, what is asked of both, and the invitation before a look or a reach
    silent   every other line, and the spoken words of a paced breath
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from exercises.model import ByTurn, InLanguages

from .cues import Cue, Timeline

HowMany = Literal["all", "fewer"]
"""All lines, or only the beginning, the turns and the end."""


def with_words(timeline: Timeline, words: HowMany) -> Timeline:
    """The timeline with as many words as were chosen, every time in it unchanged."""
    return timeline if words == "all" else replace(timeline, cues=tuple(_fewer(timeline.cues)))


def _fewer(cues: Sequence[Cue]) -> Iterator[Cue]:
    has_come_back = False
    for at, cue in enumerate(cues):
        if cue.kind == "word":
            continue
        if cue.kind != "line":
            yield cue
            continue
        comes_back = cue.part == "return" and not has_come_back
        has_come_back = has_come_back or comes_back
        stays = cue.part in ("arrive", "close") or comes_back or _is_a_turn(cue, cues[at + 1 : at + 2])
        yield cue if stays else Cue("rest", cue.start, cue.end, cue.part)


def _is_a_turn(cue: Cue, after: Sequence[Cue]) -> bool:
    """Tell whether two people do different things in a line, are asked in it, or are invited to look or reach."""
    text = cue.text.texts[0][1] if isinstance(cue.text, InLanguages) else cue.text
    return isinstance(text, ByTurn) or any(next_.kind in ("hold", "decision") for next_ in after)
