"""Measure sound and files."""
