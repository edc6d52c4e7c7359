"""Modules of the pages: which others each imports, read from their text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

_IMPORT = re.compile(r'^(?:import|export)\b[^"]*"(\.\.?/[\w./-]+\.js)";', re.MULTILINE)


def imports(name: str, text: str) -> set[str]:
    """The modules that one imports, by names of the same kind as its own: paths or addresses."""
    folder = posixpath.dirname(name)
    return {posixpath.normpath(posixpath.join(folder, other)) for other in _IMPORT.findall(text)}


def with_imports(names: Iterable[str], read: Callable[[str], str]) -> set[str]:
    """These modules, and all that they import on whatever way. `read` gives the text of one."""
    found: set[str] = set()
    wanted = set(names)
    while wanted:
        name = wanted.pop()
        found.add(name)
        if name.endswith(".js"):
            wanted |= imports(name, read(name)) - found
    return found
