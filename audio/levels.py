"""Loudness, ceiling, pace and the silences around speech: the figures that all sound here is made to."""

from __future__ import annotations

FILE_LUFS = -19.0
"""The loudness of a whole mono file, by the content guide."""

VOICE_LUFS = FILE_LUFS + 0.4
"""The level of a voice: short lines and the encoder bring a file out 0.4 LU lower than the passage."""

CEILING_DBTP = -2.0
"""One decibel below what is promised for the file: an encoder adds a little of its own."""

MIN_GAP_S = 0.25

LEAD_S = 0.2
"""The place of the first word in any clip. Whoever plays a clip starts it so much sooner: words keep their time."""

TAIL_S = 0.16
"""The time that the room is heard after the last word."""

AFTER_S = 0.1
"""The time in which a sentence fades behind its last sound; it lies in the pause after it."""

USUAL_WPM = 112
"""The pace of most scripts, at which voices are tuned."""
