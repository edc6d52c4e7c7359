"""The library that runs natural voices (onnxruntime): whether it is here, and whether it loads.

A package may be installed and its library refuse to load: it is for another processor, wants a system library that
is not there, or is damaged. That is found out before a voice is offered, by loading the library alone, without the
package around it: some milliseconds and a few megabytes, and nothing of it starts.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
from pathlib import Path

PACKAGE = "onnxruntime"
_LIBRARIES = "capi/onnxruntime_pybind11_state*"
_ENDINGS = (".so", ".pyd")


def is_installed() -> bool:
    """Tell whether the package is there."""
    return importlib.util.find_spec(PACKAGE) is not None


@functools.cache
def loads() -> bool:
    """Tell whether its library is there and loads; asked of the system once in a process."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = map(Path, spec.submodule_search_locations or ()) if spec else ()
    libraries = [
        path for folder in folders for path in sorted(folder.glob(_LIBRARIES)) if path.suffix in _ENDINGS
    ]
    return any(map(library_loads, libraries))


def library_loads(path: Path) -> bool:
    """Tell whether the system takes a file as a library of its own kind, with all that it wants."""
    try:
        ctypes.CDLL(str(path))
    except OSError:
        return False
    return True
