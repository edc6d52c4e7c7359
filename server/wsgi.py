"""The application for a WSGI server that brings its own processes; see docs/deploy.md.

One worker process only: the rooms live in its memory. Its class must be gevent's.
"""

from __future__ import annotations

from .config import read_settings
from .startup import open_rooms, passcode_words, start

app, site, _passcode = start(read_settings({}))
if _passcode:
    print(passcode_words(_passcode), flush=True)
open_rooms(site)
