"""Voices over HTTP: hearing one before choosing it, and the therapist's page on which natural ones are installed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from audio.errors import ComposeError, InstallError
from audio.speech.engines import first, home
from audio.speech.installation.catalog import find_natural
from audio.speech.installation.install import fetch_sample, remove
from audio.speech.pronunciation.own_list import MOST_SAY, MOST_WORD
from audio.studio.order_queue import Rank
from exercises.errors import ChoiceError
from exercises.languages import LANGUAGES
from server.context import here
from server.errors import CannotSpeakHere, NotSignedIn, SoundUnavailable
from server.http.helpers import address, given, personal, same_origin_only
from server.http.limits.connections import hung_up
from server.http.sound import asking
from server.i18n.locale import gettext, language_here
from server.services.sound.choices import PACES, PITCHES, Option
from server.services.sound.previews import SAYABLE, make_ahead, preview_of
from server.services.voices.default_voice import default_of, reasons
from server.services.voices.natural_voices import lacks
from server.services.voices.voice_states import states

from .sign_in import owner

blueprint = Blueprint("voices", __name__)

PREVIEW_PACES = range(PACES[0], PACES[-1] + 1)


@blueprint.get("/voices/preview.flac")
def preview() -> Response:
    """One short sentence in a voice, at a pace and a pitch; made once, then kept with the clips."""
    asked, site = request.args, here()
    voice = asked.get("voice", default_of(site.voices, language_here()).id)
    pace, pitch = asked.get("pace", "105"), asked.get("pitch", "0")
    chosen = next((known for known in site.voices if known.id == voice), None)
    if chosen is None:
        sentence = gettext("Choose a voice of: %(voices)s.")
        raise ChoiceError(sentence % {"voices": ", ".join(known.id for known in site.voices)})
    if not (pace.isascii() and pace.isdigit() and int(pace) in PREVIEW_PACES) or pitch not in PITCHES:
        sentence = gettext("Choose a pace from %(slowest)s to %(fastest)s, and a pitch of: %(pitches)s.")
        known = {"slowest": PACES[0], "fastest": PACES[-1], "pitches": ", ".join(PITCHES)}
        raise ChoiceError(sentence % known)
    words = SAYABLE.get(asked.get("say", "preview"))
    if words is None:
        sentence = gettext("For what is said choose one of: %(names)s.")
        raise ChoiceError(sentence % {"names": ", ".join(SAYABLE)})
    key = site.studio.preview(
        preview_of(chosen, int(pace), int(pitch), words),
        asking(Rank.PREVIEW).network,
        hung_up(request.environ),
    )
    flac = site.clips.flac(key)
    if flac is None:
        raise ComposeError("The sound was removed from the disk. Try again.")
    response = Response(flac, mimetype="audio/flac")
    response.set_etag(hashlib.sha256(flac).hexdigest()[:32])
    response.headers["Cache-Control"] = "public, max-age=600"
    return response.make_conditional(request)  # type: ignore[return-value]


@blueprint.before_request
def _check() -> None:
    same_origin_only()
    if request.path.startswith("/therapist/") and owner() is None:
        raise NotSignedIn


@blueprint.get("/therapist/voices")
def page() -> Response:
    """The page of voices: what speaks here now, what can be installed, and how words are said."""
    return voices_page()


def voices_page(typed: Mapping[str, str] | None = None, refusal: str = "", status: int = 200) -> Response:
    """The page; `typed` are the fields of a pronunciation that was refused, and `refusal` is the sentence why."""
    shown = render_template(
        "pages/therapist/voices.html",
        default=default_of(here().voices, language_here()),
        why=[gettext(reason) for reason in reasons(here().voices, language_here(), first())],
        natural=states(),
        kept=here().pronunciations.all(),
        damage=here().pronunciations.damage,
        languages=[Option(code, language.name) for code, language in LANGUAGES.items()],
        typed=typed or {"language": language_here()},
        refusal=refusal,
        most={"word": MOST_WORD, "say": MOST_SAY},
    )
    return personal(make_response(shown, status))


@blueprint.get("/therapist/voices.json")
def states_json() -> Response:
    """The same for the page's script, while something is on its way."""
    return personal(jsonify(voices=states()))


@blueprint.get("/therapist/voices/<name>/sample.mp3")
def sample(name: str) -> Response:
    """Something that a natural voice says, fetched for the page, which asks nobody but this service."""
    voice = find_natural(name)
    try:
        sound = fetch_sample(voice, here().settings.voice_mirror)
    except InstallError:
        raise SoundUnavailable("The sample didn’t load. Try again later.") from None
    response = Response(sound, mimetype="audio/mpeg")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@blueprint.post("/therapist/voices/install")
def install_voice() -> Response:
    """Start fetching a voice, unless it could not speak here; a second tap while it is coming changes nothing."""
    voice, coming = find_natural(given("name")), here().installations
    if missing := lacks(voice):
        raise CannotSpeakHere(missing)
    if not voice.is_installed(home()) and (voice.name not in coming or coming[voice.name].state != "coming"):
        site = here()
        coming[voice.name] = site.studio.install(
            voice.name, site.settings.voice_mirror, then=lambda: make_ahead(site)
        )
    return address(url_for("voices.page"))


@blueprint.post("/therapist/voices/remove")
def remove_voice() -> Response:
    """Take a voice away. Exercises under way in it keep what they have."""
    voice = find_natural(given("name"))
    remove(voice, home())
    here().installations.pop(voice.name, None)
    return address(url_for("voices.page"))
