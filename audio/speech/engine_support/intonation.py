"""The melody of questions, for an engine whose pitch can be bent before it is made into sound. Pure.

A model that learned from reading aloud lets nearly every sentence fall, questions too. In English a question that is
answered by yes or no rises on its last stressed word; one that begins with "what" or "where", or that offers a choice
of two, falls, and sounds friendly where it levels off instead (J. C. Wells, "English Intonation", 2006, chapter 2).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

RISING, LEVEL = 1.32, 1.06
"""The pitch at the end, as a multiple of the middle pitch of the sentence: about five semitones above it, or one."""

_ASKED = re.compile(r"\?[\"”’')\]]*$")
_OPEN = re.compile(
    r"(?:(?:and|but|so|or|then)\s+)?(?:what|where|when|who|whose|which|why|how)\b(?:'s|’s)?|.*,\s+or\b",
    re.IGNORECASE,
)
_VOICED_HZ = 40.0
"""The lowest pitch; what is below it is a sound without one."""


def ends_at(sentence: str) -> float:
    """The wanted pitch at the end of a sentence, as a multiple of its middle pitch; 0 leaves it as it is."""
    if not _ASKED.search(sentence.strip()):
        return 0.0
    return LEVEL if _OPEN.match(sentence.strip().lstrip("\"“‘'(")) else RISING


def bent(pitch_hz: np.ndarray, ending: float, frames: int) -> np.ndarray:
    """A curve of pitch (hertz a frame, 0 where there is none) whose last so many voiced frames lead to `ending`.

    The way there is smooth, and it takes the place of the fall.
    """
    import numpy as np

    voiced = np.flatnonzero(pitch_hz > _VOICED_HZ)
    if not ending or len(voiced) < 2:
        return pitch_hz
    goal = np.log(np.median(pitch_hz[voiced]) * ending)
    last = voiced[-min(frames, len(voiced)) :]
    way = (last - last[0]) / max(1, last[-1] - last[0])
    weight = way * way * (3 - 2 * way)
    curve = np.array(pitch_hz, np.float32)
    curve[last] = np.exp((1 - weight) * np.log(pitch_hz[last]) + weight * goal)
    return curve
