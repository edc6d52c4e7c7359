"""Measure a therapist's hour: what is written before it, conducted in it, and taken home after it."""
