"""A couple's own address: where its phone waits for the room, and goes in by itself.

GET  /coming                         the page; the key stands in the fragment, which is never sent
POST /coming                         {key} → {address: "/rooms/<id>/"} and a seat in a cookie, or {waiting: true, words}
POST /rooms/<id>/coming              the same, where 307 leads if another of several services has the room
GET  /therapist/links                what there is, and the way to one more
POST /therapist/links                {label, kind: two or one} → 303 to the page, which shows the addresses once
POST /therapist/links/revoke         {pair} → 303 to the page

A key that never was answers 404, one that was revoked 410, one whose seat another phone has 409.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timezone
from typing import Any

import segno
from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from exercises.errors import ChoiceError
from server.context import here
from server.errors import LinkOver, NotFound, NotSignedIn
from server.http.helpers import address, given, personal, reachable, same_origin_only
from server.i18n.locale import gettext
from server.rooms.core.protocol.errors import Taken
from server.rooms.endpoint import WAITS_S
from server.services.hour.links import PAIRS
from server.services.labels import clean_label, is_same_label
from server.views.rooms import only_here, seated

from .sign_in import owner

blueprint = Blueprint("links", __name__)

PAGE = "links"
WAITING = "Your room opens soon. Keep this page open and it will take you in."
TAKEN = "Another phone came in with this link already. Ask for the code instead, or for the seat to be freed."


@blueprint.before_request
def _check() -> None:
    same_origin_only()
    if request.path.startswith("/therapist/") and owner() is None:
        raise NotSignedIn


def _today() -> date:
    return datetime.now(timezone.utc).date()


@blueprint.get("/coming")
def waiting_page() -> Response:
    """Page on which a phone waits for its room."""
    return personal(make_response(render_template("pages/rooms/coming.html")))


@blueprint.post("/coming")
@blueprint.post("/rooms/<room>/coming")
def come_in(room: str = "") -> AnyResponse:
    """Take the seat of a link in the room that is open for it, if one is."""
    site = here()
    link = site.links.find(given("key"))
    is_right = link is not None and link.revoked is None
    site.hub.admission.guesses.check(request.remote_addr or "", site.hub.clock(), owner(), is_right)
    if link is None:
        raise NotFound("There is no such link. Ask your therapist for another.")
    if link.revoked:
        raise LinkOver
    meant = room or site.hub.room_elsewhere(link.label)
    if meant and not room:
        return redirect(url_for("links.come_in", room=meant), 307)
    if meant and site.hub.is_coming(meant, WAITS_S):
        return personal(jsonify(waiting=True, words=gettext(WAITING)))
    try:
        found = site.hub.come_in(link.label, link.wish, request.remote_addr or "")
    except Taken as error:
        room = url_for("rooms.page", room=error.room)
        told = {"code": "crowded", "message": gettext(TAKEN)}
        return personal(make_response(jsonify(error=told, address=room), 409))
    if found is None:
        return personal(jsonify(waiting=True, words=gettext(WAITING)))
    return seated(found[0], found[2])


def _qr(target: str) -> str:
    return segno.make(target, error="m", micro=False).svg_data_uri(border=3, omitsize=True)


@blueprint.get("/therapist/links")
def page() -> Response:
    """The links there are, and those that were made just now."""
    shown = here().shown.take(owner() or "", PAGE, here().hub.clock())
    fresh = [
        {"seat": seat, "address": target, "qr": _qr(target)}
        for seat, target in shown.items() if seat != "label"
    ]  # fmt: skip
    plans, label = here().plans.all(), shown.get("label", "")
    return personal(
        make_response(
            render_template(
                "pages/therapist/links.html", fresh=fresh, label=label, pairs=here().links.pairs(),
                only_here=only_here(reachable(url_for("links.page", _external=True))),
                labels=sorted({plan.label for plan in plans if plan.label}),
                plans=[plan for plan in plans if is_same_label(plan.label, label)],
            )
        )
    )  # fmt: skip


@blueprint.post("/therapist/links")
def make() -> Response:
    """New addresses for a couple. They are shown now and never again, since only digests are kept."""
    label, kind = clean_label(given("label")), given("kind") or "two"
    if not label:
        raise ChoiceError(gettext("Choose a label first, by which you will open the room. Never a name."))
    if kind not in PAIRS:
        raise ChoiceError(gettext("Choose two addresses or one."))
    shown: dict[str, Any] = {"label": label}
    for key, link in here().links.make(label, kind, os.urandom, _today()):
        shown[link.seat] = f"{reachable(url_for('links.waiting_page', _external=True))}#{key}"
    if request.is_json:
        return personal(jsonify(**shown))
    here().shown.put(owner() or "", PAGE, shown, here().hub.clock())
    return address(url_for("links.page"))


@blueprint.post("/therapist/links/revoke")
def revoke() -> Response:
    """End a couple's addresses; phones that are in a room stay in it."""
    if not here().links.revoke(given("pair"), _today()):
        raise NotFound("There is no such link here. Load the page again.")
    return address(url_for("links.page"))
