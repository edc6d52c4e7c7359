"""Pronunciations over HTTP: a therapist's list on the page of voices. Words come in bodies, never in addresses."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from audio.errors import PronunciationRefused
from audio.levels import USUAL_WPM
from audio.speech.pronunciation.own_list import checked, checked_say
from audio.studio.requests import SpeechRequest
from exercises.languages import LANGUAGES
from server.context import here
from server.errors import NotAPronunciation, NotSignedIn
from server.http.helpers import address, given, personal, same_origin_only
from server.i18n.locale import gettext
from server.services.sound.previews import GAP_S

from .sign_in import owner
from .voices import voices_page

blueprint = Blueprint("pronunciations", __name__, url_prefix="/therapist/voices/words")

FIELDS = ("language", "word", "say")


@blueprint.before_request
def _check() -> None:
    same_origin_only()
    if owner() is None:
        raise NotSignedIn


@blueprint.post("/keep")
def keep() -> Response:
    """Keep a word, in place of how it was said before; what cannot be kept comes back on the page to be mended."""
    typed = {name: given(name) for name in FIELDS}
    try:
        here().pronunciations.keep(checked(**typed))
    except PronunciationRefused as error:
        return voices_page(typed, gettext(str(error)), NotAPronunciation.status)
    return address(url_for("voices.page", _anchor="words"))


@blueprint.post("/remove")
def remove() -> Response:
    """Take a word out of the list."""
    here().pronunciations.remove(given("language"), given("word"))
    return address(url_for("voices.page", _anchor="words"))


@blueprint.post("/hear")
def hear() -> Response:
    """The sound of a pronunciation, in the default voice of its language: a FLAC that is kept nowhere."""
    language, say = given("language"), checked_say(given("say"))
    if language not in LANGUAGES:
        raise PronunciationRefused("Choose a language from the list.")
    voice = here().selector.speaking(here().voices[0].id, language)
    spoken = here().studio.line(
        SpeechRequest(say, voice, USUAL_WPM, GAP_S, as_written=True), for_a_choice=True
    )
    return personal(Response(spoken.flac, mimetype="audio/flac"))
