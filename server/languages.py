"""In which language somebody is here: it stands at the head of the path, and nowhere else."""

from __future__ import annotations

from flask import request

from exercises.languages import BASE

KEY = "still_here.language"


def language_here() -> str:
    """The code of the language that the current request is made in."""
    return str(request.environ.get(KEY, BASE))
