"""The page on which a therapist who is signed in makes feeds, sees them, and ends them.

GET  /therapist/feeds            the page
POST /therapist/feeds            {label, length, setting, voice, words} → {address, name} as JSON, else 303 to the
                                 page, which shows the address once
POST /therapist/feeds/revoke     {feed: its name} → 303 to the page, or {address} as JSON
"""

from __future__ import annotations

import os
from datetime import datetime, timezone

import segno
from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from server.context import here
from server.errors import NotSignedIn
from server.http.helpers import address, given, personal, reachable, same_origin_only
from server.services.export.export_set import parse_set, set_fields
from server.services.export.feeds import CHOSEN, feed_voices

from .sign_in import owner

blueprint = Blueprint("feed_admin", __name__, url_prefix="/therapist/feeds")

PAGE = "feeds"


@blueprint.before_request
def _check() -> None:
    same_origin_only()
    if owner() is None:
        raise NotSignedIn


def _mine() -> str:
    return owner() or ""


@blueprint.get("")
def page() -> Response:
    """The feeds there are, and the way to one more."""
    shown = here().shown.take(_mine(), PAGE, here().hub.clock()).get("address", "")
    offered = [field for field in set_fields(feed_voices(here().offers)) if field.name in CHOSEN]
    labels = {(f.name, o.value): o.label for f in offered for o in f.options}
    feeds = [
        {
            "name": feed.label or feed.name, "digest": feed.digest, "made": feed.made, "revoked": feed.revoked,
            "choices": [labels.get(pair, "") for pair in feed.choices.items()],
        }
        for feed in here().feeds.all()
    ]  # fmt: skip
    qr = segno.make(shown, error="m", micro=False).svg_data_uri(border=3, omitsize=True) if shown else ""
    return personal(
        make_response(
            render_template("pages/therapist/feeds.html", fields=offered, feeds=feeds, address=shown, qr=qr)
        )
    )


@blueprint.post("")
def make() -> Response:
    """One more feed. Its address is shown now and never again, since only a digest of it is kept."""
    chosen = parse_set(feed_voices(here().offers), {name: given(name) for name in CHOSEN if given(name)})
    today = datetime.now(timezone.utc).date()
    key, feed = here().feeds.make(chosen, os.urandom, today, given("label"))
    target = reachable(url_for("feeds.feed", key=key, _external=True))
    if request.is_json:
        return personal(jsonify(address=target, name=feed.name))
    here().shown.put(_mine(), PAGE, {"address": target}, here().hub.clock())
    return address(url_for("feed_admin.page"))


@blueprint.post("/revoke")
def revoke() -> Response:
    """End a feed: from now on its address answers that it is gone."""
    feeds = here().feeds
    feeds.revoke(feeds.named(given("feed")), datetime.now(timezone.utc).date())
    return address(url_for("feed_admin.page"))
