"""Scripts that are known to do no harm, by digest, so that a service is open before two thousand lines were looked at.

`known.txt` holds the digest of the rules that were asked, then that of each script of ours that passed. A script that
was changed is not in it and is looked at when it is loaded; with other rules nothing in it counts.
`python -m exercises.lint.known` writes it anew.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
LIST = FOLDER / "known.txt"
SCRIPTS = FOLDER.parent / "scripts"
_LEVELS = ("levels.py", "languages/touch_en.py", "languages/touch_es.py")


def digest_of(text: str) -> str:
    """The digest of a script."""
    return hashlib.sha256(text.encode()).hexdigest()


def rules_digest() -> str:
    """The digest of everything that decides what harms."""
    files = [*FOLDER.rglob("*.py"), *(path for path in FOLDER.rglob("*.txt") if path != LIST)]
    files += [FOLDER.parent / name for name in _LEVELS]
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(path.read_bytes() + b"\0")
    return whole.hexdigest()


@cache
def _known() -> frozenset[str]:
    try:
        rules, *scripts = LIST.read_text("utf-8").split()
    except (OSError, ValueError):
        return frozenset()
    return frozenset(scripts) if rules == rules_digest() else frozenset()


def is_known(text: str) -> bool:
    """Tell whether a script is one of those that passed."""
    return digest_of(text) in _known()


def listed() -> str:
    """The list as it is now. Scripts that do harm are left out of it."""
    from exercises.loader import parse_source

    from .gate import harm_in

    passed = []
    for path in sorted(SCRIPTS.glob("**/*.yaml")):
        text = path.read_text("utf-8")
        exercise, source, problems = parse_source(text, str(path))
        if exercise and not problems and not harm_in(exercise, source):
            passed.append(digest_of(text))
    return "\n".join([rules_digest(), *sorted(passed)]) + "\n"


if __name__ == "__main__":
    LIST.write_text(listed(), "utf-8")
