"""The therapist's sign-in: one passcode for the service, and sign-ins that live in memory."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from exercises.model import Exercise
from server.config import Settings
from server.context import here
from server.errors import WrongPasscode
from server.http.helpers import address, given, personal, same_origin_only
from server.i18n.locale import gettext, language_here
from server.rooms.codes import ALPHABET, RandomBytes, make_token, token_digest
from server.services.choices import Option, fields, speaking_of, words_field
from server.services.voice_states import offer

from .pages import level_words, problem_line

blueprint = Blueprint("therapist", __name__)

COOKIE = "therapist"
SIGNED_IN_S = 12 * 3600
MAX_SIGNED_IN = 1000
PASSCODE_LETTERS = 12
NOT_THE_PASSCODE = (
    "That is not the passcode. It stands in the settings of this service, or in its data folder."
)


def passcode_file(data: Path) -> Path:
    """Where a passcode that was made here is kept."""
    return data / "passcode"


def make_passcode(settings: Settings, random: RandomBytes) -> str | None:
    """At a first start without a passcode: make one, keep it for the owner's eyes, and give it to be printed."""
    path = passcode_file(settings.data)
    if settings.passcode or path.exists():
        return None
    letters = "".join(ALPHABET[byte & 31] for byte in random(PASSCODE_LETTERS))
    passcode = "-".join(letters[i : i + 4] for i in range(0, PASSCODE_LETTERS, 4))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(passcode + "\n")
    return passcode


class SignIns:
    """Who is signed in, by the digests of their tokens. A restart signs everybody out; their rooms stay theirs."""

    def __init__(self, settings: Settings, clock: Callable[[], float], random: RandomBytes):
        self._settings, self._clock, self._random = settings, clock, random
        self._until: dict[str, float] = {}

    def is_passcode(self, typed: str) -> bool:
        """Whether this is the passcode, read without regard to case, spaces and dashes."""
        kept = self._settings.passcode or _read(passcode_file(self._settings.data))
        return bool(_plain(kept)) and hmac.compare_digest(_plain(typed), _plain(kept))

    def sign_in(self) -> str:
        """A new token."""
        now = self._clock()
        self._until = {digest: until for digest, until in self._until.items() if until > now}
        while len(self._until) >= MAX_SIGNED_IN:
            del self._until[next(iter(self._until))]
        token = make_token(self._random)
        self._until[token_digest(token)] = now + SIGNED_IN_S
        return token

    def sign_out(self, token: str) -> None:
        """Forget a token."""
        self._until.pop(token_digest(token), None)

    def owner(self, token: str) -> str | None:
        """The digest of a token that is signed in; None for any other."""
        digest = token_digest(token)
        return digest if self._until.get(digest, float("-inf")) > self._clock() else None


def _plain(typed: str) -> bytes:
    return "".join(typed.split()).replace("-", "").upper().encode()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError:
        return ""


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
    """What a therapist can choose from, as the pages list it."""
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
                "pages/therapist.html",
                signed_in=owner() is not None,
                exercises=offered_exercises(),
                words=words_field(),
                voices=[Option(v.id, gettext(v.label)) for v in voices],
                offer=offer(),
                problems=problem_line(here().library),
                refusal=gettext(refusal),
            ),
            status,
        )
    )


@blueprint.post("/therapist/sign-in")
def sign_in() -> Response:
    """Exchange the passcode for a cookie."""
    site = here()
    site.hub.doors.guesses.check(request.remote_addr or "", site.hub.clock(), owner())
    if not site.sign_ins.is_passcode(given("passcode")):
        if request.is_json:
            raise WrongPasscode(NOT_THE_PASSCODE)
        return _page(NOT_THE_PASSCODE, WrongPasscode.status)
    site.hub.doors.guesses.was_right(request.remote_addr or "", site.hub.clock(), owner())
    response = address(url_for("therapist.page"))
    response.set_cookie(
        COOKIE, site.sign_ins.sign_in(), max_age=SIGNED_IN_S, httponly=True, samesite="Strict",
        secure=request.is_secure, path="/",
    )  # fmt: skip
    return response


@blueprint.post("/therapist/sign-out")
def sign_out() -> Response:
    """Forget the sign-in."""
    here().sign_ins.sign_out(request.cookies.get(COOKIE, ""))
    response = address(url_for("therapist.page"))
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
    return response
