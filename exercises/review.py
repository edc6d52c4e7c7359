"""The sign-off of a script, bound to its words: a change to any value of the script ends it.

A mark stands in the script as `reviewed: {initials: AB, date: "2030-01-31", words: "…"}`. `words` is a digest of all
else that the script says, so that comments and the way in which the YAML is written don't matter.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

KEY = "reviewed"
DIGITS = 16

_MARK = re.compile(rf"^{KEY}:.*(?:\n[ \t]+\S.*)*$", re.MULTILINE)


def digest(value: dict[str, Any]) -> str:
    """The digest of a script's values without its mark: 16 hexadecimal digits of SHA-256."""
    plain = {key: each for key, each in value.items() if key != KEY}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def is_stale(value: dict[str, Any]) -> bool:
    """Tell whether a mark stands there and is one of other words."""
    mark = value.get(KEY)
    return isinstance(mark, dict) and mark.get("words") != digest(value)


def with_mark(text: str, initials: str, date: str, words: str) -> str:
    """A script's text with a mark in place of the one that it has; `words` is the digest of what it says."""
    mark = f'{KEY}: {{initials: {initials}, date: "{date}", words: "{words}"}}'
    if _MARK.search(text):
        return _MARK.sub(mark, text, count=1)
    return f"{text.rstrip()}\n{mark}\n"
