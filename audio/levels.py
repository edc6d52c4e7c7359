"""Loudness, ceiling, pace and the silences around speech: the figures that all sound here is made to."""

from __future__ import annotations

FILE_LUFS = -19.0
"""What a whole mono file reads, by the content guide."""

VOICE_LUFS = FILE_LUFS + 0.4
"""What a voice is levelled to: short lines and the encoder bring a file out 0.4 LU lower than the passage."""

CEILING_DBTP = -2.0
"""One decibel below what is promised for the file: an encoder adds a little of its own."""

MIN_GAP_S = 0.25

LEAD_S = 0.2
"""Where the first word of any clip begins. What plays a clip starts it so much sooner: words keep their time."""

TAIL_S = 0.16
"""How long the room is heard after the last word."""

AFTER_S = 0.1
"""How long a sentence is let fade behind its last sound; that lies in the pause after it."""

USUAL_WPM = 112
"""The pace of most scripts, at which voices are tuned."""
