"""The application for a WSGI server that brings its own processes; see docs/deploy.md.

One worker process only: the rooms live in its memory. Its class must be gevent's.
"""

from __future__ import annotations

from .config import read_settings
from .startup import get_ready, hold_data, open_rooms, passcode_words, start

settings = read_settings({})
get_ready()
_held = hold_data(settings)
_held.__enter__()  # for as long as this process lives
app, site, _passcode = start(settings)
if _passcode:
    print(passcode_words(_passcode), flush=True)
open_rooms(site)
