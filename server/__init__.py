"""Who hears it: the Flask application, its routes and the command line."""

from __future__ import annotations

import os
import time
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from audio.clips import ClipStore
from audio.studio import Studio
from audio.voices import voice_list
from exercises.library import load_library

from . import errors, exercises, headers, languages, pages, rooms_http, therapist
from .config import Settings
from .context import StillHere
from .lan import clock_name, lan_address
from .rooms import endpoint
from .rooms.clock import epoch_of
from .rooms.hub import Hub
from .rooms.prepare import Preparer
from .rooms.store import RoomStore

WEB = Path(__file__).parent.parent / "web"
MAX_BODY = 64 * 1024


def create_app(settings: Settings, studio: Studio) -> Flask:
    """The application. `studio` composes in processes of its own; starting and closing it is the caller's.

    So are the rooms: nothing of them runs before `start()` of their hub.
    """
    app = Flask("still-here", template_folder=str(WEB / "pages"), static_folder=str(WEB / "static"))
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.extensions["still_here"] = _site(settings, studio)
    errors.init_app(app)
    headers.init_app(app)
    for part in (pages, exercises, rooms_http, therapist):
        app.register_blueprint(part.blueprint)
    endpoint.init_app(app)
    languages.init_app(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    return app


def _site(settings: Settings, studio: Studio) -> StillHere:
    library, voices, clips = load_library(settings.scripts), voice_list(), ClipStore(settings.data / "clips")
    store = RoomStore(settings.data / "rooms")
    preparer = Preparer(library, voices, studio, clips, store)
    hub = Hub(preparer, store, time.monotonic, epoch_of(clock_name()), os.urandom)
    sign_ins = therapist.SignIns(settings, time.monotonic, os.urandom)
    lan = lan_address() if settings.lan else None
    return StillHere(settings, library, voices, studio, clips, hub, sign_ins, lan)
