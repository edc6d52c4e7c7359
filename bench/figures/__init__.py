"""Measure figures: one module a figure."""
