"""The server: the Flask application, its routes and the command line."""

from __future__ import annotations

import os
import time

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from audio.data_folder import DataFolder
from audio.recordings.store import RecordingStore
from audio.recordings.voice_selection import VoiceSelector
from audio.speech.clips.store import ClipStore
from audio.speech.engines import voice_list
from audio.speech.pronunciation.lexicon import use_own
from audio.speech.pronunciation.own_list import Pronunciations
from audio.studio.client import Studio
from server.rooms.admission.redis_codes import RedisCodes
from server.rooms.hub import Hub
from server.rooms.prepare import Preparer
from server.rooms.scores import ScoreStore
from server.rooms.socket.clock import epoch_of
from server.rooms.stores.journal import Journal
from server.rooms.stores.redis_store import RedisRoomStore, node_name
from server.rooms.stores.store import RoomStore
from server.services.export.feeds import FeedStore
from server.services.hour.cards import CardStore
from server.services.hour.links import LinkStore
from server.services.hour.plans import PlanStore
from server.services.redis_link import RedisLink
from server.services.redis_sign_ins import RedisSignIns
from server.services.scripts.drafts import DraftStore
from server.services.scripts.live_library import LiveLibrary
from server.services.scripts.script_folders import script_folders
from server.services.sign_in import SignIns, passcode_of

from . import errors
from .config import Settings, use_voices
from .context import StillHere
from .http import headers, hosts
from .http.health import Health
from .http.limits.rates import Turnstile
from .http.prefix import under_prefix
from .i18n import locale
from .installation import WEB
from .monitoring.readiness import Readiness, store_check, studio_check
from .network import clock_name, lan_address
from .rooms import endpoint
from .views import rooms
from .views.listening import cards, downloads, exercises, feeds, offline, pages, paths
from .views.therapist import (
    card_admin,
    feed_admin,
    links,
    open_rooms,
    plans,
    pronunciations,
    recordings,
    script_editor,
    sign_in,
    voices,
)

MAX_BODY = 64 * 1024


def create_app(settings: Settings, studio: Studio) -> Flask:
    """The application. `studio` composes in processes of its own; starting and closing it is the caller's.

    So are the rooms: nothing of them runs before `start()` of their hub.
    """
    app = Flask("still-here", template_folder=str(WEB / "templates"), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.extensions["still_here"] = _site(settings, studio)
    errors.init_app(app)
    headers.init_app(app)
    for part in (
        pages, paths, exercises, downloads, feeds, cards, rooms, sign_in, recordings, feed_admin, card_admin, voices,
        pronunciations, script_editor, plans, links, open_rooms,
    ):  # fmt: skip
        app.register_blueprint(part.blueprint)
    endpoint.init_app(app)
    offline.init_app(app, WEB / "static")
    locale.init_app(app)
    site: StillHere = app.extensions["still_here"]
    hosts.init_app(app, hosts.names_of(settings, site.lan_address))
    app.wsgi_app = Turnstile(  # type: ignore[method-assign]
        app.wsgi_app, time.monotonic, lambda room, token: site.hub.seat_of(room, token) is not None
    )
    if settings.metrics_port:
        _measure(app, site)
    checks = (store_check(*site.hub.store_check), studio_check(lambda limit_s: studio.answers(limit_s)))
    app.wsgi_app = Health(app.wsgi_app, Readiness(checks, time.monotonic).complaint)  # type: ignore[method-assign]
    if settings.proxies:
        app.wsgi_app = under_prefix(app.wsgi_app, settings.proxies)  # type: ignore[assignment,method-assign]
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    return app


def _measure(app: Flask, site: StillHere) -> None:
    """Count what is asked for, by class of route. Where nobody looks nothing of it is even imported."""
    from .monitoring.metrics import ROUTE, Metrics, class_of

    metrics = app.extensions["still_here_metrics"] = Metrics(site)
    app.wsgi_app = metrics.timed(app.wsgi_app)  # type: ignore[assignment,method-assign]

    @app.before_request
    def name_route() -> None:
        request.environ[ROUTE] = class_of(request.endpoint)


def _site(settings: Settings, studio: Studio) -> StillHere:
    use_voices(settings)
    scripts = LiveLibrary(*script_folders(settings.scripts, settings.data))
    folder = DataFolder(settings.data)
    clips = ClipStore(folder.clips)
    link = RedisLink(settings.redis) if settings.redis else None
    store = _room_store(link, folder)
    kept = RecordingStore(folder.recordings)
    selector = VoiceSelector(voice_list, kept)
    preparer = Preparer(
        lambda: scripts.current,
        voice_list,
        studio,
        clips,
        ScoreStore(folder.scores, link),
        selector,
    )
    hub = Hub(
        preparer,
        store,
        time.monotonic,
        epoch_of(clock_name()),
        os.urandom,
        RedisCodes(link, passcode_of(settings)) if link else None,
    )
    scripts.then(hub.use_catalogue)
    sign_ins = SignIns(settings, time.monotonic, os.urandom, RedisSignIns(link) if link else None)
    feed_store = FeedStore(folder.feeds)
    drafts = DraftStore(folder.drafts, os.urandom)
    spelled = Pronunciations(folder.pronunciations)
    use_own(spelled.entries)
    lan = lan_address() if settings.lan else None
    return StillHere(
        settings, scripts, studio, clips, hub, sign_ins, kept, selector, feed_store, spelled, drafts,
        CardStore(folder.cards), PlanStore(folder.plans), LinkStore(folder.links), lan,
    )  # fmt: skip


def _room_store(link: RedisLink | None, folder: DataFolder) -> RoomStore:
    """The journal of a data folder, or Redis."""
    if link is None:
        return Journal(folder.rooms)
    return RedisRoomStore(link, node_name(folder.rooms, os.urandom), time.monotonic, os.urandom)
