"""The one tree of errors that the service answers with: a stable code for the wire, a sentence for people.

    ServiceError            status, code and one plain sentence
    ├─ NotFound             404  not_found
    ├─ BadChoice            400  bad_choice
    ├─ NotOnItsOwn          403  not_on_its_own   an exercise that starts with a therapist
    ├─ NotAFile             403  not_a_file       an exercise that asks for consent as it goes
    ├─ BadHost              400  bad_host         asked for by a name that is not this service's
    ├─ BadRange             416  bad_range
    ├─ NotFromHere          403  not_from_here    a request that another site's page made
    ├─ NotSeated            403  not_seated
    ├─ NotAdmitted          403  not_admitted
    ├─ NotSignedIn          403  not_signed_in
    ├─ WrongPasscode        403  wrong_passcode
    ├─ ScreeningFirst       400  screening_first
    ├─ BadHandshake         400  bad_handshake
    ├─ CannotSpeakHere      409  cannot_speak_here   a voice whose packages this machine has not
    ├─ FeedRevoked          410  feed_revoked
    ├─ LinkOver             410  link_over
    ├─ CardOver             410  card_over        a card that was ended or has expired
    ├─ CannotKeep           503  cannot_keep      the data folder takes nothing
    ├─ ComesBack            503  comes_back       a room that is being restored
    ├─ NotTaken             422  an audio.RecordingRefused, by its own code: not_wav, cut_short, bad_rate, silent …
    ├─ NotAPronunciation    422  not_a_pronunciation   an audio.PronunciationRefused
    ├─ DraftProblem         409  of a DraftRefused, by its own code: changed_elsewhere, not_ready, id_taken …
    ├─ RoomRefused          of a RoomError: 403 bad_code, 409 crowded, 410 room_closed, 429 too_many, 503 full
    ├─ SoundUnavailable     503  sound_unavailable
    └─ Overloaded           503  busy             more is asked for than can be served soon; Retry-After says when

Errors of `exercises` and `audio` are translated here, in `as_service_error`, and nowhere else.
"""

from __future__ import annotations

import errno
import logging
import math

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from audio.errors import AudioError, Busy, PronunciationRefused, RecordingRefused, StoreError
from exercises.errors import ChoiceError, UnknownExercise
from server.i18n.catalog import knows
from server.i18n.locale import gettext, language_here
from server.rooms.core.protocol.errors import RoomError
from server.services.export.feeds import FeedNotKept, UnknownFeed
from server.services.records import NotKept

log = logging.getLogger(__name__)


class ServiceError(Exception):
    """Base: `str()` is the sentence that a person reads."""

    status = 500
    code = "internal"
    title = "Something went wrong here"


class NotFound(ServiceError):
    status, code, title = 404, "not_found", "We can’t find that"


class BadChoice(ServiceError):
    status, code, title = 400, "bad_choice", "That choice is not on offer"


class NotOnItsOwn(ServiceError):
    status, code, title = 403, "not_on_its_own", "First with a therapist"


class NotAFile(ServiceError):
    status, code, title = 403, "not_a_file", "Not to take away"


class BadRange(ServiceError):
    """Carries the size of the file in bytes, which the answer's header names."""

    status, code, title = 416, "bad_range", "That part of the file does not exist"

    def __init__(self, size: int):
        super().__init__(gettext("This file has %(size)s bytes; ask for a part of it.") % {"size": size})
        self.size = size


class SoundUnavailable(ServiceError):
    status, code, title = 503, "sound_unavailable", "The voice is not answering"


class Overloaded(ServiceError):
    """More is asked for than can be served soon; carries seconds to wait."""

    status, code, title = 503, "busy", "A moment"
    wait_s = 10.0


class FeedRevoked(ServiceError):
    status, code, title = 410, "feed_revoked", "This feed has ended"

    def __init__(self) -> None:
        super().__init__(
            "This feed was ended by whoever gave it. Remove it from your app, or ask them for another."
        )


class LinkOver(ServiceError):
    status, code, title = 410, "link_over", "This link no longer works"

    def __init__(self) -> None:
        super().__init__("This link no longer works. Ask your therapist for another, or for a code.")


class CardOver(ServiceError):
    status, code, title = 410, "card_over", "This card no longer opens"

    def __init__(self) -> None:
        super().__init__("This card no longer opens. Ask whoever gave it to you for another.")


class CannotSpeakHere(ServiceError):
    status, code, title = 409, "cannot_speak_here", "Not on this machine"


class CannotKeep(ServiceError):
    status, code, title = 503, "cannot_keep", "That could not be kept"


class BadHost(ServiceError):
    status, code, title = 400, "bad_host", "Not by this name"

    def __init__(self) -> None:
        super().__init__(
            "This service does not answer to that name. Whoever runs it can add the name as a host."
        )


class NotFromHere(ServiceError):
    status, code, title = 403, "not_from_here", "Not from this page"

    def __init__(self) -> None:
        super().__init__("This can only be done from a page of this service. Open it and try again.")


class NotSeated(ServiceError):
    status, code, title = 403, "not_seated", "Not in that room yet"

    def __init__(self) -> None:
        super().__init__("This phone isn’t in that room. Join with a code.")


class NotAdmitted(ServiceError):
    status, code, title = 403, "not_admitted", "One moment"

    def __init__(self) -> None:
        super().__init__("The therapist has to let this phone in first.")


class NotSignedIn(ServiceError):
    status, code, title = 403, "not_signed_in", "Sign in first"

    def __init__(self) -> None:
        super().__init__("Sign in first. A room that is open already stays open.")


class WrongPasscode(ServiceError):
    status, code, title = 403, "wrong_passcode", "Not signed in"


class ScreeningFirst(ServiceError):
    status, code, title = 400, "screening_first", "One question first"

    def __init__(self) -> None:
        super().__init__(
            "Confirm first that you have asked each partner, alone, about violence, threats and fear."
        )


class BadHandshake(ServiceError):
    status, code, title = 400, "bad_handshake", "That did not work"

    def __init__(self) -> None:
        super().__init__("This connection could not be opened. Load the page again.")


class ComesBack(ServiceError):
    status, code, title = 503, "comes_back", "A moment"

    def __init__(self) -> None:
        super().__init__("The room is on its way back. Wait a moment.")


class RoomRefused(ServiceError):
    """A refusal of a room outside of its socket; carries seconds to wait where waiting helps."""

    title = "That did not work"

    def __init__(self, error: RoomError):
        super().__init__(str(error))
        self.code = error.code
        self.status = {"bad_code": 403, "crowded": 409, "too_many": 429, "full": 503, "room_closed": 410}.get(
            error.code, 400
        )
        self.wait_s = getattr(error, "wait_s", None)


SOUND_FAILED = "The voice is not answering. Try again in a minute."
TAKE_FAILED = "That cannot be taken as a recording. Save one line as a plain WAV, and send it again."
STORE_FAILED = "The disk did not take it. Free some room and send it again."
FEED_FAILED = "The data folder takes nothing. Make room in it, then try again."


class NotTaken(ServiceError):
    """A file that is not taken as a recording, and why."""

    status, title = 422, "This could not be taken"

    def __init__(self, error: RecordingRefused):
        super().__init__(sound_sentence(str(error), TAKE_FAILED))
        self.code = error.code


class NotAPronunciation(ServiceError):
    """A word, or how it is to be said, that cannot be kept or heard."""

    status, code, title = 422, "not_a_pronunciation", "This could not be taken"


class DraftProblem(ServiceError):
    """Refusal of something asked of a draft of a script, by its own code."""

    status, title = 409, "This could not be done"

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code


INTERNAL = "Something went wrong on our side. Nothing of yours is lost; go back and try again."


def sound_sentence(sentence: str, general: str = SOUND_FAILED) -> str:
    """A sentence on a fault of the sound, in the language of the request; in general terms where it knows no others."""
    return gettext(sentence if knows(sentence, language_here()) else general)


def as_service_error(error: Exception) -> ServiceError:
    """Any error as one that has a status, a code and a sentence."""
    match error:
        case ServiceError():
            return error
        case UnknownExercise():
            sentence = gettext(
                'There is no exercise called "%(id)s" here. All of them are on the first page.'
            )
            return NotFound(sentence % {"id": error.exercise_id})
        case ChoiceError():
            return BadChoice(str(error))
        case RecordingRefused():
            return NotTaken(error)
        case PronunciationRefused():
            return NotAPronunciation(str(error))
        case Busy():
            return Overloaded("Many are asking for sound just now. Try again in ten seconds.")
        case OSError(errno=number) if number in _OUT_OF:
            return Overloaded("This machine is out of room just now. Try again in ten seconds.")
        case AudioError():
            return SoundUnavailable(
                sound_sentence(str(error), STORE_FAILED if isinstance(error, StoreError) else SOUND_FAILED)
            )
        case RoomError():
            return RoomRefused(error)
        case UnknownFeed():
            return NotFound("There is no such feed. Load the page again.")
        case FeedNotKept() | NotKept():
            return CannotKeep(sound_sentence(str(error), FEED_FAILED))
        case HTTPException(code=404):
            return NotFound("There is no such page. All exercises are on the first page.")
        case HTTPException(code=code) if code and 400 <= code < 500:
            known = ServiceError("This request could not be understood. Go back and try again.")
            known.status, known.code, known.title = code, "bad_request", "That did not work"
            return known
    return ServiceError(INTERNAL)


_OUT_OF = (errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOMEM)
"""The errors of a machine that has run out of something; that is no fault of the request, and passes."""
SCRIPT_ADDRESSES = (".json", ".mp3", ".flac", ".wav", ".vtt", ".txt", ".xml", ".zip", "/invite", "/socket")


def error_response(error: ServiceError) -> Response:
    """The error as JSON for a script or a file address, as a page for everything else."""
    for_a_script = request.is_json or request.path.endswith(SCRIPT_ADDRESSES)
    wants_page = request.accept_mimetypes.accept_html and not for_a_script
    if wants_page:
        body = render_template(
            "pages/error.html", title=gettext(error.title), sentence=gettext(str(error)), status=error.status
        )
        response = make_response(body, error.status)
    else:
        response = make_response(
            jsonify(error={"code": error.code, "message": gettext(str(error))}), error.status
        )
    response.headers["Cache-Control"] = "no-store"
    if isinstance(error, BadRange):
        response.headers["Content-Range"] = f"bytes */{error.size}"
    wait_s = getattr(error, "wait_s", None)
    if wait_s is not None:
        response.headers["Retry-After"] = str(math.ceil(wait_s))
    return response


def init_app(app: Flask) -> None:
    """Answer every exception of a request with one sentence; log those that nobody expected."""

    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response:
        known = as_service_error(error)
        if type(known) is ServiceError and known.status == 500:
            log.exception("unexpected error in %s", request.endpoint or "no endpoint")
        return error_response(known)

    @app.teardown_request
    def forget(_: BaseException | None) -> None:
        # its traceback holds the frames that hold the request: a circle, which only a collection of garbage would find
        request.routing_exception = None
