"""Helpers of the routes that change something: bodies as form or JSON, answers to match, and what must not be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Response, jsonify, make_response, redirect, request

from server.context import here
from server.errors import BadChoice, NotFromHere

from .origin import is_from_here

MAX_FIELD = 200
ROOM_HEADER = "X-Still-Here-Room"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def given(name: str) -> str:
    """A field of the body, whichever way it was sent; empty where it is missing or no text.

    Raises BadChoice for half a sign.
    """
    try:
        body: Any = request.get_json(silent=True) if request.is_json else request.form
    except RecursionError:
        body = None
    value = body.get(name, "") if isinstance(body, Mapping) else ""
    found = str(value)[:MAX_FIELD] if isinstance(value, str | int) else ""
    if any("\ud800" <= letter <= "\udfff" for letter in found):
        raise BadChoice("There is a character in it that can’t be read. Type it again.")
    return found


def is_ticked(name: str) -> bool:
    """Tell whether a box of a form was ticked."""
    return given(name).lower() in ("yes", "on", "true", "1")


def same_origin_only() -> None:
    """Refuse what changes something unless a page of ours asks for it; raises NotFromHere."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and not is_from_here(request):
        raise NotFromHere


def address(target: str) -> Response:
    """The next address: as JSON to a script, as a redirect to a form."""
    return personal(make_response(jsonify(address=target) if request.is_json else redirect(target, 303)))


def personal(response: Response) -> Response:
    """An answer that nobody may keep."""
    response.headers["Cache-Control"] = "no-store"
    return response


def wanted_room() -> str:
    """The id that a room takes if this request opens one: the proxy found the way to this service by it.

    Empty where no proxy is believed, or none said so.
    """
    return request.headers.get(ROOM_HEADER, "") if here().settings.proxies else ""


def reachable(target: str) -> str:
    """An address that another phone can open: on a local network, the one of this machine there."""
    lan = here().lan_address
    parts = urlsplit(target)
    if lan and parts.hostname in LOOPBACK:
        return parts._replace(netloc=f"{lan}:{parts.port}" if parts.port else lan).geturl()
    return target
