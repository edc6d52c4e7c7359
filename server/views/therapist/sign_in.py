"""The therapist's own pages: signing in, and what to open a room with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from exercises.model import Exercise
from server.context import here
from server.errors import NotSignedIn, WrongPasscode
from server.http.helpers import address, given, personal, same_origin_only
from server.i18n.locale import gettext, language_here, site_path
from server.services.hour.open_rooms import listed
from server.services.sign_in import SIGNED_IN_S
from server.services.sound.choices import Option, fields, speaking_of, words_field
from server.services.voices.voice_states import offer
from server.views.listening.pages import level_words, problem_line

blueprint = Blueprint("therapist", __name__)

COOKIE = "therapist"
NOT_THE_PASSCODE = "That is not the passcode. It is in the settings of this service, or in its data folder."


def owner() -> str | None:
    """The sign-in that the current request carries."""
    return here().sign_ins.owner(request.cookies.get(COOKIE, ""))


@blueprint.before_request
def _check() -> None:
    same_origin_only()


@blueprint.get("/therapist")
def page() -> Response:
    """The sign-in, or what to open a room with."""
    return _page()


def offered_exercises() -> list[dict[str, Any]]:
    """The exercises that a therapist can choose from, as the pages list them."""
    return [
        {
            "id": e.id, "title": e.title, "level": level_words(e), "usual": str(e.usual_length_s),
            "lengths": fields(e, here().offers)[0].options, "first_with_therapist": e.first_with_therapist,
        }
        for e in in_own_words()
    ]  # fmt: skip


def in_own_words() -> list[Exercise]:
    """All exercises, each in the language of the page where it is there in that."""
    return [here().library.get(e.id, language_here()) for e in here().library]


def _page(refusal: str = "", status: int = 200) -> Response:
    voices = speaking_of(here().offers, language_here())
    return personal(
        make_response(
            render_template(
                "pages/therapist/therapist.html",
                signed_in=owner() is not None,
                labels=sorted({pair[0].label for pair in here().links.pairs() if not pair[0].revoked}),
                rooms=listed() if owner() is not None else [],
                exercises=offered_exercises(),
                words=words_field(),
                voices=[Option(v.id, gettext(v.label)) for v in voices],
                offer=offer(),
                problems=problem_line(here().library),
                faults=[(Path(one.file).name, one) for one in here().library.problems],
                refusal=gettext(refusal),
            ),
            status,
        )
    )


@blueprint.post("/therapist/sign-in")
def sign_in() -> Response:
    """Exchange the passcode for a cookie."""
    site = here()
    is_right = site.sign_ins.is_passcode(given("passcode"))
    site.hub.admission.guesses.check(request.remote_addr or "", site.hub.clock(), owner(), is_right)
    if not is_right:
        if request.is_json:
            raise WrongPasscode(NOT_THE_PASSCODE)
        return _page(NOT_THE_PASSCODE, WrongPasscode.status)
    response = address(url_for("therapist.page"))
    response.set_cookie(
        COOKIE, site.sign_ins.sign_in(), max_age=SIGNED_IN_S, httponly=True, samesite="Strict",
        secure=request.is_secure, path=site_path(),
    )  # fmt: skip
    return response


@blueprint.post("/therapist/sign-out")
def sign_out() -> Response:
    """Forget the sign-in, and end the consoles that were opened by it."""
    ended = owner()
    here().sign_ins.sign_out(request.cookies.get(COOKIE, ""))
    if ended is not None:
        here().hub.end_consoles(lambda of: of == ended)
    response = address(url_for("therapist.page"))
    response.delete_cookie(COOKIE, path=site_path(), httponly=True, samesite="Strict")
    return response


@blueprint.post("/therapist/sign-out-others")
def sign_out_others() -> Response:
    """End every other sign-in, and the consoles that were opened by one, also before a restart."""
    mine = owner()
    if mine is None:
        raise NotSignedIn
    here().sign_ins.end_others(request.cookies.get(COOKIE, ""))
    here().hub.end_consoles(lambda of: of != mine)
    return address(url_for("therapist.page"))
