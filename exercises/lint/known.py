"""Scripts that are known to be fit to play, by digest, so that a service opens before each line was looked at.

`known.txt` holds the digest of the rules that were asked, then that of each script of ours that passed: its lengths
can be planned and nothing in it harms. So it does for each translation together with its original. A script that was
changed is not in it and is looked at when it is loaded; with other rules nothing in it counts.
`python -m exercises.lint.known` writes it anew.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
LIST = FOLDER / "known.txt"
PACKAGE = FOLDER.parent
SCRIPTS = PACKAGE / "scripts"


def digest_of(*texts: str) -> str:
    """The digest of a script, or of an original and its translation."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def rules_digest() -> str:
    """The digest of everything that decides what may play."""
    files = [*PACKAGE.rglob("*.py"), *(path for path in FOLDER.rglob("*.txt") if path != LIST)]
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


def is_known(*texts: str) -> bool:
    """Tell whether a script passed, or a translation with its original before it."""
    return digest_of(*texts) in _known()


def listed() -> str:
    """The list as it is now. Scripts that are not fit to play are left out of it."""
    from exercises.loading.loader import parse_source
    from exercises.translations import unlike

    from .gate import harm_in

    passed = []
    for path in sorted(SCRIPTS.glob("*.yaml")):
        fit = {}
        for file in (path, *sorted(SCRIPTS.glob(f"*/{path.name}"))):
            text = file.read_text("utf-8")
            exercise, source, problems = parse_source(text, str(file))
            if exercise and not problems and not harm_in(exercise, source):
                fit[file] = text, exercise, source
                passed.append(digest_of(text))
        original = fit.pop(path, None)
        for text, exercise, source in fit.values():
            if original and not unlike(original[1], exercise, source):
                passed.append(digest_of(original[0], text))
    return "\n".join([rules_digest(), *sorted(passed)]) + "\n"


if __name__ == "__main__":
    LIST.write_text(listed(), "utf-8")
