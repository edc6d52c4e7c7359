"""The application for a WSGI server that brings its own processes; see docs/deploy.md.

One worker process only: the rooms live in its memory. Its class must be gevent's.
"""

from __future__ import annotations

import os

from audio.disk import locked
from audio.studio.client import Studio
from server.services.previews import make_ahead
from server.views.therapist import make_passcode

from .app import create_app
from .config import read_settings, take_secrets
from .lifecycle import LOCK
from .machine import open_data, raise_descriptors
from .quiet_log import tell_of_greenlets, write_quietly

settings = read_settings({})
take_secrets()
write_quietly()
tell_of_greenlets()
raise_descriptors()
open_data(settings.data)
_lock = locked(settings.data / LOCK)
_lock.__enter__()  # for as long as this process lives
_made = make_passcode(settings, os.urandom)
if _made:
    print(f"The therapist's passcode, made just now and kept in the data folder: {_made}", flush=True)
studio = Studio(settings.data, settings.workers, settings.cache_mb, settings.finish, settings.voice)
studio.start()
app = create_app(settings, studio)
site = app.extensions["still_here"]
site.hub.start()
make_ahead(site)
