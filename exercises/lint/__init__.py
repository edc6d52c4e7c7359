"""Check scripts by the content guide: what the loader accepts, but a couple should not have to hear."""

from __future__ import annotations

from .structure import Finding, lint, lint_file

__all__ = ["Finding", "lint", "lint_file"]
