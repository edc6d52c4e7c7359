"""The application for a WSGI server that brings its own processes; see docs/deploy.md.

One worker process only: the rooms live in its memory. Its class must be gevent's.
"""

from __future__ import annotations

from .config import read_settings
from .monitoring.metrics_listener import show_metrics
from .process.startup import get_ready, hold_data, open_rooms, passcode_words, start

_settings = read_settings({})
get_ready(_settings)
_held = hold_data(_settings)
_held.__enter__()  # for as long as this process lives
app, site, _passcode = start(_settings)
if _words := passcode_words(_settings, _passcode):
    print(_words, flush=True)
open_rooms(site)
show_metrics(_settings, app)
