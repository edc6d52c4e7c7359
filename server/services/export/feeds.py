"""The feeds of a service: who holds a key may subscribe, and its owner may end that.

    DATA/feeds/<digest of the key>.json   {"format": 1, "made": day, "revoked": day or null, "choices": {name: value},
                                          "label": text}

A key has 256 bits and is shown once, when it is made; only its digest is kept, and no name but the label that a
therapist has chosen for it. What is kept of a
revoked feed tells an app that it is gone, instead of that it never was. Files are read at each request, so that the
command line and a running service agree.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from audio.files import write_whole
from audio.recordings.voice_selection import RECORDED, OfferedVoice
from exercises.errors import ChoiceError
from server.services.labels import clean_label
from server.services.sound.choices import VoiceChoice
from server.services.tokens import RandomBytes, make_token, token_digest

from .export_set import SPREAD, SetChoices, parse_set

log = logging.getLogger(__name__)

FORMAT = 1
CHOSEN = ("length", "setting", "voice", "words")
"""The choices for a feed; everything else is as each exercise has it."""
SHOWN_LETTERS = 8
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LAST_PART = re.compile(r"[A-Za-z0-9_-]{43}")


def feed_voices(offers: Sequence[OfferedVoice]) -> tuple[OfferedVoice, ...]:
    """The voices that a feed can have. Not the recorded one: what apps have loaded could not be deleted with it."""
    return tuple(offer for offer in offers if offer.id != RECORDED)


class FeedError(Exception):
    """Something about feeds that its owner can set right; the sentence says how."""


class UnknownFeed(FeedError):
    """No feed is meant by what was given, or more than one."""


class FeedNotKept(FeedError):
    """The data folder takes nothing."""


@dataclass(frozen=True)
class Feed:
    """One feed. `made` and `revoked` are days."""

    digest: str
    made: date
    choices: Mapping[str, str]
    revoked: date | None = None
    label: str = ""

    @property
    def name(self) -> str:
        """The name by which its owner calls it; says nothing about the key."""
        return self.digest[:SHOWN_LETTERS]

    def set_choices(self, voices: Sequence[VoiceChoice]) -> SetChoices:
        """The choices that its files are made with, each file in a reading of its own.

        A choice that is no longer on offer gives way to the default.
        """
        kept = {name: value for name, value in self.choices.items() if name in CHOSEN}
        for name in list(kept):
            try:
                parse_set(voices, {name: kept[name]})
            except ChoiceError:
                del kept[name]
        return replace(parse_set(voices, kept), reading=SPREAD)


class FeedStore:
    """The feeds of one data folder. What cannot be written raises FeedNotKept."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._told: set[str] = set()

    def make(self, chosen: SetChoices, random: RandomBytes, today: date, label: str = "") -> tuple[str, Feed]:
        """A new feed: its key, which is known to nobody after this, and what is kept."""
        key = make_token(random)
        kept = {name: value for name, value in chosen.plain().items() if name in CHOSEN}
        feed = Feed(token_digest(key), today, kept, label=clean_label(label))
        self._write(feed)
        return key, feed

    def find(self, key: str) -> Feed | None:
        """The feed that a key opens, revoked or not."""
        return self._read(token_digest(key))

    def all(self) -> list[Feed]:
        """Every feed, the newest first, those that are revoked last."""
        found = [self._read(path.stem) for path in self._folder.glob("*.json")]
        feeds = sorted((f for f in found if f), key=lambda f: (f.made, f.digest), reverse=True)
        return sorted(feeds, key=lambda f: f.revoked is not None)

    def named(self, typed: str) -> Feed:
        """The feed that its owner means: by the first letters of its name, or by its address. Raises UnknownFeed."""
        keys = _LAST_PART.findall(typed)
        meant = token_digest(keys[-1]) if keys and not _DIGEST.fullmatch(typed) else typed.strip().lower()
        found = [feed for feed in self.all() if feed.digest.startswith(meant)] if len(meant) >= 4 else []
        if not found:
            raise UnknownFeed("There is no feed of that name here. `feed list` names them all.")
        if len(found) > 1:
            raise UnknownFeed("More than one feed begins like that. Give a few letters more.")
        return found[0]

    def revoke(self, feed: Feed, today: date) -> Feed:
        """End a feed for good; one that has ended already stays as it is."""
        if feed.revoked:
            return feed
        ended = replace(feed, revoked=today)
        self._write(ended)
        return ended

    def _write(self, feed: Feed) -> None:
        plain = {
            "format": FORMAT,
            "made": feed.made.isoformat(),
            "revoked": feed.revoked.isoformat() if feed.revoked else None,
            "choices": dict(feed.choices),
            "label": feed.label,
        }
        try:
            write_whole(self._folder / f"{feed.digest}.json", json.dumps(plain).encode())
        except OSError as error:
            raise FeedNotKept(
                f"The data folder takes nothing ({error.strerror}). Make room in it, then try again."
            ) from error

    def _read(self, digest: str) -> Feed | None:
        if not _DIGEST.fullmatch(digest):
            return None
        try:
            plain = json.loads((self._folder / f"{digest}.json").read_bytes())
            revoked = date.fromisoformat(plain["revoked"]) if plain["revoked"] else None
            choices = {
                name: value for name, value in dict(plain["choices"]).items() if _is_choice(name, value)
            }
            label = clean_label(str(plain.get("label", "")))
            return Feed(digest, date.fromisoformat(plain["made"]), choices, revoked, label)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            if digest not in self._told:
                self._told.add(digest)
                log.warning("a file of a feed cannot be read (%s); that feed is out", type(error).__name__)
            return None


def _is_choice(name: object, value: object) -> bool:
    """Tell whether this is one; what was damaged gives way to the default."""
    return isinstance(name, str) and isinstance(value, str)
