"""Measure what can be taken along: files, archives and feeds."""
