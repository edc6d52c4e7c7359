"""The therapist's sign-in: one passcode for the service, and sign-ins that live in memory."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from audio.files import write_whole
from exercises.model import Exercise
from server.config import LEAST_PASSCODE, SettingError, Settings, plain_passcode
from server.context import here
from server.errors import NotSignedIn, WrongPasscode
from server.http.helpers import address, given, personal, same_origin_only
from server.i18n.locale import gettext, language_here
from server.rooms.codes import ALPHABET, RandomBytes, make_token, token_digest
from server.services.choices import Option, fields, speaking_of, words_field
from server.services.open_rooms import listed
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
    """The path of a passcode that was made here."""
    return data / "passcode"


def make_passcode(settings: Settings, random: RandomBytes) -> str | None:
    """At a first start without a passcode: make one, keep it for the owner's eyes, and give it to be printed.

    Raises SettingError where it could not be kept, or where the one that was kept is too short.
    """
    path = passcode_file(settings.data)
    if settings.passcode:
        return None
    if path.exists():
        if len(plain_passcode(_read(path))) < LEAST_PASSCODE:
            raise SettingError(
                f'The passcode in "{path}" is too short or cannot be read. It takes {LEAST_PASSCODE} signs at least; '
                "write a longer one, or remove the file and one is made."
            )
        return None
    letters = "".join(ALPHABET[byte & 31] for byte in random(PASSCODE_LETTERS))
    passcode = "-".join(letters[i : i + 4] for i in range(0, PASSCODE_LETTERS, 4))
    try:
        write_whole(path, f"{passcode}\n".encode())
    except OSError as error:
        raise SettingError(
            f'The passcode could not be kept in "{path}" ({error.strerror}). Make room there and start again.'
        ) from error
    return passcode


class SignIns:
    """The sign-ins, by the digests of their tokens. A restart signs everybody out; their rooms stay theirs."""

    def __init__(self, settings: Settings, clock: Callable[[], float], random: RandomBytes):
        self._settings, self._clock, self._random = settings, clock, random
        self._until: dict[str, float] = {}

    def is_passcode(self, typed: str) -> bool:
        """Tell whether this is the passcode, read without regard to case, spaces and dashes."""
        kept = self._settings.passcode or _read(passcode_file(self._settings.data))
        return bool(plain_passcode(kept)) and hmac.compare_digest(plain_passcode(typed), plain_passcode(kept))

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

    def end_others(self, token: str) -> None:
        """Forget every sign-in but that of this token."""
        mine = token_digest(token)
        self._until = {digest: until for digest, until in self._until.items() if digest == mine}

    def owner(self, token: str) -> str | None:
        """The digest of a token that is signed in; None for any other."""
        digest = token_digest(token)
        return digest if self._until.get(digest, float("-inf")) > self._clock() else None


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
                "pages/therapist.html",
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
    site.hub.doors.guesses.check(request.remote_addr or "", site.hub.clock(), owner(), is_right)
    if not is_right:
        if request.is_json:
            raise WrongPasscode(NOT_THE_PASSCODE)
        return _page(NOT_THE_PASSCODE, WrongPasscode.status)
    response = address(url_for("therapist.page"))
    response.set_cookie(
        COOKIE, site.sign_ins.sign_in(), max_age=SIGNED_IN_S, httponly=True, samesite="Strict",
        secure=request.is_secure, path="/",
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
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
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
