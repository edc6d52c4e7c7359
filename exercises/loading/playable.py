"""The one way from a script's text to an Exercise that anybody hears.

Rooms, pages, files, feeds, previews and the command line all get theirs here, so that a script that could hurt somebody
(lint/gate.py) plays nowhere.
"""

from __future__ import annotations

from pathlib import Path

from exercises.errors import ScriptError
from exercises.lint.gate import harm_in
from exercises.lint.known import is_known
from exercises.model import Exercise

from .loader import parse_source, read_text


def load_script(path: Path, name: str | None = None) -> Exercise:
    """Load one script file; raises ScriptError naming the file (as `name`) and the line of each problem."""
    name = name or str(path)
    return playable(read_text(path, name), name)


def playable(text: str, name: str) -> Exercise:
    """The exercise that a script's text is; raises ScriptError for one that is none, or that could hurt somebody."""
    known = is_known(text)
    exercise, source, problems = parse_source(text, name, ask_lengths=not known)
    found = harm_in(exercise, source) if exercise and not known else []
    if exercise is None or problems or found:
        raise ScriptError([*problems, *found])
    return exercise
