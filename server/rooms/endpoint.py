"""The socket of a room: who may open one, and the loop that reads it.

Everything is checked before the upgrade: the page it comes from, the seat, how often, and the handshake itself.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from flask import Blueprint, Flask, g, request
from flask_sock import Sock
from gevent.event import Event
from wsproto.utilities import RemoteProtocolError

from server.context import here
from server.errors import BadHandshake, ComesBack, NotFromHere, NotSeated
from server.http.limits.connections import BECOMES_ROOMS
from server.http.origin import is_from_here
from server.i18n.locale import language_here
from server.rooms.core.protocol.commands import Probe
from server.rooms.core.protocol.errors import ProtocolError, TooMany
from server.rooms.core.protocol.wire import MAX_MESSAGE_BYTES, parse_command, refusal
from server.rooms.core.types import SEATS

from .admission.rate_limits import ADDRESS, SOCKET, Bucket, Buckets, Rate, network_of
from .hub import Hub
from .socket.connection import FLOOD, GOING_AWAY, LONGEST_WAIT_S, Connection, NoThread

COOKIE = "seat"
SILENCE_S = 45.0
"""A phone probes every second; one that says nothing for so long has gone without closing."""
QUIET_S = 3.5
"""Under way, a phone that says nothing for so long is told as away: its network may have gone without closing."""
OPENINGS = Rate(burst=30, per_s=1)
"""The rate at which one seat may open a socket."""
WAITS_S = 5.0
"""Seconds that a phone is kept waiting for a room of another service: until the lease of one that ended has run out."""
BAD_FRAMES = 20
"""After so many frames that cannot be used the connection ends."""

sock = Sock()
blueprint = Blueprint("socket", __name__)
_addresses, _seats = Buckets(ADDRESS), Buckets(OPENINGS)


def init_app(app: Flask) -> None:
    """Add the route, and keep extensions out: compression would triple the memory of a socket and can be a bomb."""
    app.config["SOCK_SERVER_OPTIONS"] = {
        "max_message_size": MAX_MESSAGE_BYTES, "thread_class": NoThread, "event_class": Event,
    }  # fmt: skip
    app.register_blueprint(blueprint)
    inner = app.wsgi_app

    def without_extensions(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return inner(environ, start_response)

    app.wsgi_app = without_extensions  # type: ignore[method-assign]


@blueprint.before_request
def check() -> None:
    """Refuse whatever is not a page of ours with a seat; raises ServiceError or TooMany."""
    hub = here().hub
    room = (request.view_args or {})["room"]
    if not is_from_here(request, needs_origin=True):
        raise NotFromHere
    if not _is_handshake():
        raise BadHandshake
    if hub.is_coming(room, WAITS_S):
        raise ComesBack
    g.seat = hub.seat_of(room, request.cookies.get(COOKIE, ""))
    if g.seat not in SEATS:
        raise NotSeated
    # charged after the seat, and to the seat: what strangers try from the same address takes nothing from a phone
    bucket = _seats.of(f"{room} {g.seat}", hub.clock())
    if not bucket.take(hub.clock()):
        raise TooMany(bucket.wait_s(hub.clock()))


def _is_handshake() -> bool:
    """Check beforehand for what the library would break on."""
    try:
        key = base64.b64decode(request.headers.get("Sec-WebSocket-Key", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return (
        len(key) == 16
        and request.headers.get("Sec-WebSocket-Version") == "13"
        and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.1"
        and all(re.fullmatch(r"[\x20-\x7e\t]*", value) for value in request.headers.values())
    )


@blueprint.errorhandler(RemoteProtocolError)
def broken(_: RemoteProtocolError) -> Any:
    """A handshake that is wrong in a way that nobody thought of."""
    raise BadHandshake


@sock.route("/rooms/<room>/socket", bp=blueprint)
def serve(ws: Any, room: str) -> None:
    """One connection, from its opening to its end."""
    hub = here().hub
    connection = Connection(ws, room, g.seat, hub.clock, hub.epoch, language_here())
    address = request.remote_addr or ""
    request.environ.get(BECOMES_ROOMS, lambda: None)()
    try:
        if hub.connected(connection, address):
            _listen(hub, connection, _addresses.of(network_of(address), hub.clock()))
        connection.close(GOING_AWAY)
    finally:
        hub.disconnected(connection)
        connection.linger()


def _be_fair(hub: Hub, of_address: Bucket, t1: float) -> None:
    """Let an address that says too much wait, rather than lose what it says: a tap on "pause" must come through."""
    if not of_address.take(t1):
        gevent.sleep(min(of_address.wait_s(t1), LONGEST_WAIT_S))
        of_address.take(hub.clock())


def _listen(hub: Hub, connection: Connection, of_address: Bucket) -> None:
    """Hand on what comes in until the socket ends, floods, says too much that cannot be used, or nothing."""
    of_socket, bad, heard_at, is_silent = Bucket(SOCKET), 0, hub.clock(), False
    while connection.is_open:
        frame = connection.receive(QUIET_S)
        t1 = hub.clock()
        if frame is None:
            if t1 - heard_at > SILENCE_S:
                return
            if connection.is_open and not is_silent:
                is_silent = True
                hub.fell_silent(connection)
            continue
        heard_at = t1
        if is_silent:
            is_silent = False
            hub.spoke_again(connection)
        if not of_socket.take(t1):
            hub.tallies.commands["flood"] += 1
            connection.tell(refusal(TooMany(1.0)))
            connection.close(FLOOD)
            return
        _be_fair(hub, of_address, t1)
        try:
            command = parse_command(frame, connection.seat)
        except ProtocolError as error:
            bad += 1
            hub.tallies.commands["unreadable"] += 1
            connection.tell(refusal(error))
            if bad > BAD_FRAMES:
                connection.close(FLOOD)
                return
            continue
        if isinstance(command, Probe):
            hub.tallies.clock_frames += 1
            connection.answer_probe(command, t1)
        else:
            hub.said(connection, command)
