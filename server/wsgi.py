"""The application for a WSGI server that brings its own processes; see docs/deploy.md.

One worker process only: the rooms live in its memory. Its class must be gevent's.
"""

from __future__ import annotations

import os

from audio.studio.client import Studio
from server.services.previews import make_ahead
from server.views.therapist import make_passcode

from .app import create_app
from .config import read_settings

settings = read_settings({})
settings.data.mkdir(parents=True, exist_ok=True)
_made = make_passcode(settings, os.urandom)
if _made:
    print(f"The therapist's passcode, made just now and kept in the data folder: {_made}", flush=True)
studio = Studio(settings.data, settings.workers, settings.cache_mb, settings.finish, settings.voice)
studio.start()
app = create_app(settings, studio)
site = app.extensions["still_here"]
site.hub.start()
make_ahead(site)
