"""Tell of voices: which is heard, which can be installed, and what a therapist has read."""
