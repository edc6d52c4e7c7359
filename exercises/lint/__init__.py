"""Check scripts by the content guide: what could hurt somebody, and what a couple should not have to hear.

check      every finding of a script, in one round
gate       what keeps a script from playing
harm       kinds of harm in a line: kinds/ (patterns), lexicon/ (classes of words), scopes/ (what takes a finding back)
said       the lines of a script, and what is wrong with their words
structure  what is wrong with its shape
measures   how a script is written, in numbers
"""

from __future__ import annotations

from .check import lint, lint_file
from .remark import Finding

__all__ = ["Finding", "lint", "lint_file"]
