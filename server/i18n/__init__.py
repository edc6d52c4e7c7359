"""Serve pages in more than one language: locale, catalog, extraction."""
