"""Prepare words for the eye and the ear: one door for scripts, typed lines, pronunciation, captions and feeds.

characters  one form for each letter, one space for each gap, and the characters that nobody sees
sentences   ends of sentences as a reader hears them
speech      signs as words, for every engine
"""

from __future__ import annotations

from .characters import Unseen, as_print, has_words, one_line, typed_line, unseen
from .sentences import sentences
from .speech import in_ascii, spoken, utterances

__all__ = [
    "Unseen",
    "as_print",
    "has_words",
    "in_ascii",
    "one_line",
    "sentences",
    "spoken",
    "typed_line",
    "unseen",
    "utterances",
]
