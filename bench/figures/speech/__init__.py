"""Measure voices: their pace, their pauses, and how well they are understood."""
