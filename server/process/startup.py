"""Starting the service: once for the command `run` and for servers that bring their own processes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import NamedTuple

import gevent
from flask import Flask

from audio.data_folder import DataFolder
from audio.files import locked
from audio.log_lines import AS_JSON
from audio.studio.client import Studio
from server.services.sound.previews import make_ahead

from ..app import create_app
from ..config import Settings, scripts_folder, take_secrets, use_voices
from ..context import StillHere
from ..monitoring.quiet_log import tell_of_greenlets, write_quietly
from ..services.redis_link import RedisLink
from ..services.sign_in import make_passcode, passcode_file
from .resources import open_data, raise_descriptors

ENDED_EVERY_S = 1.0


class Started(NamedTuple):
    """A service whose studio runs, and whose rooms do not yet.

    passcode  the therapist's, if it was made just now
    """

    app: Flask
    site: StillHere
    passcode: str | None


def get_ready(settings: Settings) -> int:
    """Prepare a process that serves, before everything else; gives the number of files that it may open.

    The settings have been read: secrets leave the environment, what is logged is bounded, and descriptors are raised.
    """
    take_secrets()
    os.environ[AS_JSON] = "1" if settings.log_json else "0"
    write_quietly()
    tell_of_greenlets()
    return raise_descriptors()


@contextlib.contextmanager
def hold_data(settings: Settings) -> Iterator[None]:
    """Have the data folder to oneself as long as the block lasts. Raises SettingError, or FolderInUse."""
    open_data(settings.data)
    with locked(DataFolder(settings.data).lock):
        yield


def start(settings: Settings) -> Started:
    """Start the studio and build the application around it. Raises SettingError, OSError, UnknownVoice."""
    scripts_folder(settings)
    open_data(settings.data)
    use_voices(settings)
    passcode = make_passcode(settings, os.urandom)
    if settings.redis:
        RedisLink(settings.redis).need()
    studio = Studio(settings.data, settings.workers, settings.cache_mb, settings.finish, settings.voice)
    studio.start()
    app = create_app(settings, studio)
    return Started(app, app.extensions["still_here"], passcode)


def open_rooms(site: StillHere) -> None:
    """Let rooms live, watch the scripts, and make previews while nobody waits. Call it in the process that serves."""
    site.hub.start()
    make_ahead(site)
    site.scripts.then(lambda: make_ahead(site))
    gevent.spawn(site.scripts.watch)
    if site.settings.redis:
        gevent.spawn(_end_consoles, site)


def _end_consoles(site: StillHere) -> None:
    """End the consoles of sign-ins that have ended, on whichever service that was."""
    while True:
        gevent.sleep(ENDED_EVERY_S)
        for is_ended in site.sign_ins.ended_elsewhere():
            site.hub.end_consoles(is_ended)


def passcode_words(settings: Settings, made: str | None) -> str:
    """The sentence about the passcode that the owner gets at each start; "" where it was given with the settings."""
    if settings.passcode:
        return ""
    kept = passcode_file(settings.data).resolve()
    if made:
        return f"The therapist's passcode, made just now and kept in {kept}: {made}"
    return f"The therapist's passcode is in {kept}"
