"""Objects that the routes share, and how a route gets at them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app

from audio.recordings.store import RecordingStore
from audio.recordings.voice_selection import OfferedVoice, VoiceSelector
from audio.speech.clips.store import ClipStore
from audio.speech.engines import Voice, voice_list
from audio.speech.pronunciation.own_list import Pronunciations
from audio.studio.client import Studio
from audio.studio.requests import Installation
from exercises.library import Library
from server.rooms.hub import Hub
from server.services.export.feeds import FeedStore
from server.services.hour.cards import CardStore
from server.services.hour.links import LinkStore
from server.services.hour.plans import PlanStore
from server.services.scripts.drafts import DraftStore
from server.services.scripts.live_library import LiveLibrary
from server.services.shown_once import ShownOnce
from server.services.sign_in import SignIns

from .config import Settings


@dataclass(frozen=True)
class StillHere:
    """Everything that the routes share: exercises, voices, the studio that makes them sound, rooms and sign-ins.

    recordings     what was read aloud for this service, and `selector`, which joins that to the voices
    lan_address    this machine's address on the local network, where the service is open to that
    scripts        the library, whose folders are watched
    drafts         scripts that a therapist is writing
    pronunciations how words are said that a voice would say badly
    installations  natural voices that were asked for since the start, by name
    links          the lasting links of couples
    plans          what sessions are to hold
    cards          what couples were given to take home
    shown          addresses that wait to be shown once
    """

    settings: Settings
    scripts: LiveLibrary
    studio: Studio
    clips: ClipStore
    hub: Hub
    sign_ins: SignIns
    recordings: RecordingStore
    selector: VoiceSelector
    feeds: FeedStore
    pronunciations: Pronunciations
    drafts: DraftStore
    cards: CardStore
    plans: PlanStore
    links: LinkStore
    lan_address: str | None = None
    installations: dict[str, Installation] = field(default_factory=dict)
    shown: ShownOnce = field(default_factory=ShownOnce)

    @property
    def library(self) -> Library:
        """Everything that can be heard now: one value, so whoever needs it twice asks once."""
        return self.scripts.current

    @property
    def since(self) -> datetime:
        """The time after which nothing of what is served can have changed."""
        return self.scripts.since

    @property
    def offers(self) -> tuple[OfferedVoice, ...]:
        """The voices that can be chosen now."""
        return self.selector.offers()

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The voices that can be chosen now, the default first: one may have been installed since the start."""
        return voice_list()


def here() -> StillHere:
    """The service that answers the current request."""
    return current_app.extensions["still_here"]
