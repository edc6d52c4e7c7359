"""A feed over HTTP, all of it under the address that its key makes, so that all of it ends with the key.

    GET /feeds/<key>/feed.xml               RSS
    GET /feeds/<key>/<exercise>.mp3         an enclosure, with Range, HEAD and conditions; made when asked for
    GET /feeds/<key>/<exercise>.chapters.json, .vtt
    GET /feeds/<key>/cover.png

A key that was revoked answers 410, one that never was 404. The key goes into addresses that only this feed names,
and nowhere else: no log, no page but the one that showed it first.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, time, timedelta, timezone

from flask import Blueprint, Response, request, url_for

from audio.render import metadata
from audio.render.metadata import COVER
from audio.studio.order_queue import Rank
from exercises.model import Exercise
from exercises.timeline import Timeline, seconds
from server.context import here
from server.errors import FeedRevoked, NotFound
from server.http.sound import PRIVATE, sound_response
from server.i18n.locale import gettext
from server.services.export.export_set import Entry, entries, entry_of, may_be_taken_along
from server.services.export.feeds import Feed, feed_voices
from server.services.export.rss import Episode, Show, rss, show_guid
from server.services.sound.recipes import keyed

from .exercises import timeline_of

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds/<key>")

_MINUTES_BEFORE = 1000
"""Exercises are numbered up to 999; each is published so many minutes before the feed was made, less its number."""


def _feed(key: str) -> Feed:
    feed = here().feeds.find(key)
    if feed is None:
        raise NotFound("There is no such feed. Ask whoever gave you its address.")
    if feed.revoked:
        raise FeedRevoked
    return feed


def _entry(key: str, exercise_id: str) -> Entry:
    feed, exercise = _feed(key), here().library.get(exercise_id)
    if not may_be_taken_along(exercise):
        sentence = gettext("%(title)s is not in this feed: it asks both of you, and a file cannot ask.")
        raise NotFound(sentence % {"title": exercise.title})
    voices = feed_voices(here().offers)
    return entry_of(exercise, voices, feed.set_choices(voices))


def _timeline(entry: Entry) -> Timeline:
    return timeline_of(entry.exercise, entry.choices)


def _kept_private(body: bytes, mimetype: str) -> Response:
    """An answer for one subscriber, with what lets an app ask whether it has changed."""
    response = Response(body, mimetype=mimetype)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.last_modified = here().since
    response.headers["Cache-Control"] = PRIVATE
    response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request)
    return response


@blueprint.get("/feed.xml")
def feed(key: str) -> Response:
    """The feed itself. Sizes are worked out, so nothing is composed for it."""
    found, voices = _feed(key), feed_voices(here().offers)
    episodes = [
        _episode(key, found, entry) for entry in entries(here().library, voices, found.set_choices(voices))
    ]
    show = Show(
        guid=show_guid(found.digest),
        address=url_for(".feed", key=key, _external=True),
        home=url_for("pages.library", _external=True),
        cover=url_for(".cover", key=key, _external=True),
        changed=max(here().since, _midnight(found)),
        episodes=episodes,
    )
    return _kept_private(rss(show), "application/rss+xml")


def _midnight(feed: Feed) -> datetime:
    return datetime.combine(feed.made, time(), timezone.utc)


def _episode(key: str, feed: Feed, entry: Entry) -> Episode:
    exercise: Exercise = entry.exercise
    recipe, recipe_key = keyed(exercise, entry.choices, entry.kind, here().selector)

    def address(part: str) -> str:
        return url_for(f".{part}", key=key, exercise_id=exercise.id, _external=True)

    return Episode(
        guid=f"still-here/exercises/{exercise.id}",
        title=exercise.title,
        summary=f"{exercise.aim} When: {exercise.when} Where: {exercise.place} Good to know first: {exercise.care}",
        published=_midnight(feed) - timedelta(minutes=_MINUTES_BEFORE - exercise.order),
        number=exercise.order,
        seconds=round(seconds(_timeline(entry).length)),
        size=here().studio.size(recipe, recipe_key) or 0,
        sound=address("sound"),
        chapters=address("chapter_list"),
        captions=address("captions"),
    )


@blueprint.get("/<exercise_id>.mp3")
def sound(key: str, exercise_id: str) -> Response:
    """An enclosure."""
    entry = _entry(key, exercise_id)
    return sound_response(
        *keyed(entry.exercise, entry.choices, entry.kind, here().selector), PRIVATE, here().since, Rank.FILE
    )


@blueprint.get("/<exercise_id>.chapters.json")
def chapter_list(key: str, exercise_id: str) -> Response:
    """The five parts as Podcasting 2.0 chapters."""
    listed = metadata.chapters_json(_timeline(_entry(key, exercise_id)))
    return _kept_private(json.dumps(listed).encode(), "application/json+chapters")


@blueprint.get("/<exercise_id>.vtt")
def captions(key: str, exercise_id: str) -> Response:
    """The spoken lines as WebVTT."""
    entry = _entry(key, exercise_id)
    return _kept_private(metadata.vtt(_timeline(entry), entry.choices.setting).encode(), "text/vtt")


@blueprint.get("/cover.png")
def cover(key: str) -> Response:
    """The picture of the feed."""
    _feed(key)
    return _kept_private(COVER.read_bytes(), "image/png")
