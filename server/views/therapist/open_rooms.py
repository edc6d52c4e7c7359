"""The way back into an open console, from any page, device or later sign-in; and the end of a room.

POST /therapist/rooms/<room>/console    → 303 to the console, with its seat in a cookie; whoever had it is sent away
POST /therapist/rooms/<room>/end        → 303 to the rooms; that one is over for everybody in it
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for

from server.context import here
from server.errors import ComesBack, NotSignedIn
from server.http.helpers import address, same_origin_only
from server.rooms.endpoint import WAITS_S
from server.services.hour.open_rooms import listed
from server.views.rooms import seated

from .sign_in import owner

blueprint = Blueprint("open_rooms", __name__, url_prefix="/therapist/rooms")


@blueprint.before_request
def _check() -> None:
    same_origin_only()


@blueprint.app_context_processor
def for_templates() -> dict[str, Any]:
    """The rooms that whoever is signed in can go back into, for a template that asks."""
    return {"open_rooms": lambda: listed() if owner() is not None else []}


@blueprint.post("/<room>/console")
def come_back(room: str) -> Response:
    """One tap back into a console that is open."""
    signed_in = owner()
    if signed_in is None:
        raise NotSignedIn
    if here().hub.is_coming(room, WAITS_S):
        raise ComesBack
    return seated(room, here().hub.come_back(room, signed_in))


@blueprint.post("/<room>/end")
def end(room: str) -> Response:
    """End a room that a therapist opened."""
    if owner() is None:
        raise NotSignedIn
    if here().hub.is_coming(room, WAITS_S):
        raise ComesBack
    here().hub.end_room(room)
    return address(url_for("therapist.page"))
