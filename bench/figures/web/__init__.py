"""Measure pages and the one-phone player."""
