"""Rooms over HTTP: opening one, joining by a code, its page, its clips.

    POST /rooms                        {exercise, length, voice, words}   opens a room; 303 to its page, seat in cookie
    GET  /rooms/<id>/                  room.html, or console.html for the therapist's seat; 303 to /join for others
                                       context: room_id, seat, lan (a sentence about plain http, or empty);
                                       the console also exercises and notes (the exercises themselves)
    POST /rooms/<id>/invite            {seat?} → {code: "ABCD-EFGH", seat, expires_s, join_address, qr_svg}
    GET  /rooms/<id>/clips/<key>.flac  a clip of the plan. `clip` in a message is this, relative to the room's page
    GET  /rooms/<id>/lines/<key>.flac  a typed line, from memory. `clip` of a `line` message, relative likewise
    GET  /join                         join.html; the code may stand in the fragment, which is never sent
    POST /join                         {code} → {address: "/rooms/<id>/"}, or 303 there for a form; of several services
                                       307 to POST /rooms/<id>/join where another has the room
    GET  /therapist                    therapist.html; see server/views/therapist/sign_in.py
    POST /therapist/sign-in            {passcode};  POST /therapist/sign-out
    POST /therapist/rooms              {exercise, length, voice, words, label, screened: yes, admission} → its console

Each address also exists under a language, as in /es/rooms/<id>/ (server/i18n/locale.py).

Bodies are forms or JSON; JSON is answered with JSON ({address}), a form with 303. Errors are the one shape of
server/errors.py: {"error": {"code", "message"}} for JSON, else a page. A socket closes with 1012 when the service
restarts (come back), 1008 for a flood, 1009 for a message too long, 4001 when a newer page took the seat over, 4002
when the seat was given up, 4003 when the room is over (the last three: don't come back).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import segno
from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.recordings.recorded import MARK
from server.context import here
from server.errors import (
    ComesBack,
    NotAdmitted,
    NotFound,
    NotOnItsOwn,
    NotSeated,
    NotSignedIn,
    RoomRefused,
    ScreeningFirst,
)
from server.http.headers import MICROPHONE
from server.http.helpers import (
    LOOPBACK,
    address,
    given,
    is_ticked,
    personal,
    reachable,
    same_origin_only,
    wanted_room,
)
from server.i18n.locale import gettext, language_here, roots
from server.rooms.admission.codes import CODE_LIFE_S
from server.rooms.core.prepared import Choice
from server.rooms.core.protocol.errors import RoomError
from server.rooms.core.types import Seat
from server.rooms.endpoint import COOKIE, WAITS_S
from server.services.hour.plan_pieces import next_pieces
from server.services.labels import clean_label
from server.services.sound.choices import parse
from server.views.therapist.sign_in import in_own_words, offered_exercises, owner

blueprint = Blueprint("rooms", __name__)

SEAT_KEPT_S = 24 * 3600
_CLIP = re.compile(r"[0-9a-f]{64}")
PLAIN_HTTP = (
    "This connection is not encrypted, so the phone cannot keep its screen awake by itself: set it not to lock for "
    "a while. Without the network this page cannot be opened again."
)
ONLY_HERE = (
    "Another phone cannot reach this service yet. Stop it, start it with make run ARGS=--lan, and open the "
    "address that it then prints, on both phones."
)
YEAR = "private, max-age=31536000, immutable"


@blueprint.before_request
def _check() -> None:
    same_origin_only()


def _seat(room: str) -> Seat | None:
    return here().hub.seat_of(room, request.cookies.get(COOKIE, ""))


def _need_seat(room: str) -> Seat:
    if here().hub.is_coming(room, WAITS_S):
        raise ComesBack
    seat = _seat(room)
    if seat is None:
        raise NotSeated
    if not here().hub.is_admitted(room, seat):
        raise NotAdmitted
    return seat


def seated(room: str, token: str) -> Response:
    """The way into a room, with the seat's token in a cookie that only this room gets, in whichever language."""
    response = address(url_for("rooms.page", room=room))
    for root in roots():
        response.set_cookie(
            COOKIE, token, max_age=SEAT_KEPT_S, httponly=True, samesite="Strict", secure=request.is_secure,
            path=f"{root}/rooms/{room}",
        )  # fmt: skip
    return response


def _choice() -> Choice:
    exercise = here().library.get(given("exercise"), language_here())
    wanted = {name: given(name) for name in ("length", "voice", "words") if given(name)}
    if any(offer.id == given("voice") and not offer.speaks(exercise.language) for offer in here().offers):
        del wanted["voice"]  # each phone hears one of its own language anyway
    chosen = parse(exercise, here().offers, wanted)
    return Choice(exercise.id, chosen.length, chosen.voice, chosen.words)


@blueprint.post("/rooms")
def open_room() -> Response:
    """A couple opens a room of its own."""
    choice = _choice()
    exercise = here().library.get(choice.exercise_id, language_here())
    if exercise.first_with_therapist:
        sentence = gettext("%(title)s is first done with a therapist in the room.")
        raise NotOnItsOwn(sentence % {"title": exercise.title})
    room, _, token = here().hub.open_room(choice, request.remote_addr or "", room_id=wanted_room())
    return seated(room, token)


@blueprint.post("/therapist/rooms")
def open_conducted() -> Response:
    """A therapist who is signed in opens a room, having asked both partners alone first."""
    signed_in = owner()
    if signed_in is None:
        raise NotSignedIn
    if not is_ticked("screened"):
        raise ScreeningFirst
    room, _, token = here().hub.open_room(
        _choice(),
        request.remote_addr or "",
        therapist=True,
        owner=signed_in,
        label=clean_label(given("label")),
        room_id=wanted_room(),
        admission=is_ticked("admission"),
    )
    return seated(room, token)


@blueprint.get("/rooms/<room>/")
def page(room: str) -> AnyResponse:
    """The room as the holder of a seat sees it; the way to join for anybody else."""
    is_coming = here().hub.is_coming(room, WAITS_S)
    seat = _seat(room)
    if seat is None and is_coming:
        response = make_response("", 503)
        response.headers["Retry-After"] = "2"
        return personal(response)
    if seat is None:
        return personal(make_response(redirect(url_for("rooms.join_page"), 303)))
    if seat == "therapist":
        live = here().hub.live(room)
        shown = render_template(
            "pages/rooms/console.html", room_id=room, seat=seat, lan=_lan_note(),
            exercises=offered_exercises(), notes=in_own_words(), live=live,
            pieces=next_pieces(live.plan if live else ""),
        )  # fmt: skip
    else:
        shown = render_template("pages/rooms/room.html", room_id=room, seat=seat, lan=_lan_note())
    answer = personal(make_response(shown))
    if seat != "therapist":
        # Phones may hear each other, where both people allow it.
        answer.headers["Permissions-Policy"] = MICROPHONE
    return answer


def only_here(target: str) -> str:
    """A sentence on an address that no other phone can open; empty where one can."""
    return gettext(ONLY_HERE) if urlsplit(target).hostname in LOOPBACK else ""


def _lan_note() -> str:
    """A sentence on what a phone can't do on plain http, where a page from this very machine still could."""
    if request.is_secure or urlsplit(request.host_url).hostname in LOOPBACK:
        return ""
    return gettext(PLAIN_HTTP)


@blueprint.post("/rooms/<room>/invite")
def invite(room: str) -> Response:
    """A fresh code for a free seat, also as a picture. Codes of that seat from before stop working."""
    _need_seat(room)
    code, seat = here().hub.invite(room, given("seat"))
    target = reachable(url_for("rooms.join_page", _external=True))
    qr = segno.make(f"{target}#{code}", error="m", micro=False)
    return personal(
        jsonify(
            only_here=only_here(target),
            code=code,
            seat=seat,
            expires_s=int(CODE_LIFE_S),
            join_address=target,
            qr_svg=qr.svg_inline(border=3, omitsize=True),
        )
    )


@blueprint.get("/rooms/<room>/clips/<key>.flac")
def clip(room: str, key: str) -> Response:
    """A clip by the digest of what it is made from, so it never changes."""
    _need_seat(room)
    flac = here().hub.clip(room, key) if _CLIP.fullmatch(key) else None
    if flac is None:
        raise NotFound("This sound is no longer here. Load the page again.")
    response = Response(flac, mimetype="audio/flac")
    # a browser keeps no copy of somebody's own voice
    response.headers["Cache-Control"] = "no-store" if key.startswith(MARK) else YEAR
    return response


@blueprint.get("/rooms/<room>/lines/<key>.flac")
def line(room: str, key: str) -> Response:
    """A typed line, from memory and for nobody to keep."""
    _need_seat(room)
    flac = here().hub.line(room, key)
    if flac is None:
        raise NotFound("This line has been spoken and is gone.")
    return personal(Response(flac, mimetype="audio/flac"))


@blueprint.get("/join")
def join_page() -> Response:
    """The page where a code is typed, or comes in with the address's fragment."""
    return personal(make_response(render_template("pages/rooms/join.html")))


@blueprint.post("/join")
@blueprint.post("/rooms/<room>/join")
def join(room: str = "") -> AnyResponse:
    """Exchange a code for a seat. Where the code's room is another service's, the way leads there by its address."""
    meant = here().hub.room_of_code(given("code"))
    if meant and meant != room and here().hub.live(meant) is None:
        return redirect(url_for("rooms.join", room=meant), 307)
    if meant and here().hub.is_coming(meant, WAITS_S):
        raise ComesBack
    try:
        room, _, token = here().hub.join(given("code"), request.remote_addr or "", owner())
    except RoomError as error:
        if request.is_json:
            raise
        refused = RoomRefused(error)
        return personal(
            make_response(
                render_template("pages/rooms/join.html", refusal=gettext(str(error))), refused.status
            )
        )
    return seated(room, token)
